//! Every SQL text means something to the database.

use store::{Store, StoreError, statements};

#[test]
fn every_statement_is_understood_by_sqlite() {
    let directory = std::env::temp_dir().join(format!("starboard-statements-{}", std::process::id()));
    let store = Store::open(&directory).expect("open");
    let refused: Vec<String> = statements::ALL
        .iter()
        .filter_map(|(name, sql)| {
            let prepared = store.read_host(|tx| tx.prepare(sql).map_err(StoreError::from));
            prepared.err().map(|error| format!("{name}: {error}"))
        })
        .collect();
    let _ = std::fs::remove_dir_all(&directory);
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(statements::ALL.len() > 80, "the list is whole");
}

#[test]
fn every_statement_names_the_school() {
    let exempt = ["SCHOOL_NUMBERS"];
    for (name, sql) in statements::ALL.iter().filter(|(name, _)| !exempt.contains(name)) {
        assert!(sql.contains("school"), "{name} reaches beyond one school");
        assert!(sql.contains("$1"), "{name} takes no school");
    }
}
