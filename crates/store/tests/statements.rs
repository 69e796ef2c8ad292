//! Every SQL text means something to the database.

use store::{Store, StoreError, statements};

#[test]
fn every_statement_is_understood_by_sqlite() {
    let directory = std::env::temp_dir().join(format!("starboard-statements-{}", std::process::id()));
    let store = Store::open(&directory).expect("open");
    let refused: Vec<String> = statements::ALL
        .iter()
        .filter_map(|(name, sql)| {
            let prepared = store.read(|tx| tx.prepare(sql).map_err(StoreError::from));
            prepared.err().map(|error| format!("{name}: {error}"))
        })
        .collect();
    let _ = std::fs::remove_dir_all(&directory);
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(statements::ALL.len() > 80, "the list is whole");
}

#[test]
fn every_statement_names_the_school() {
    // The host's directory is read before a school is known.
    let exempt = ["HOSTED_ALL", "HOSTED_COUNT", "HOSTED_BY_NAME"];
    for (name, sql) in statements::ALL.iter().filter(|(name, _)| !exempt.contains(name)) {
        assert!(sql.contains("school"), "{name} reaches beyond one school");
        assert!(sql.contains("$1"), "{name} takes no school");
    }
}

#[test]
fn only_the_hosts_directory_is_read_without_a_school() {
    let whole = |sql: &str| !sql.contains("school = $1") && !sql.contains("insert into");
    let wide = statements::ALL.iter().filter(|(_, sql)| whole(sql));
    let named: Vec<&str> = wide.map(|(name, _)| *name).collect();
    assert_eq!(named, ["HOSTED_ALL", "HOSTED_BY_NAME", "HOSTED_COUNT"]);
}

#[test]
fn a_database_of_the_first_release_gets_its_schools_into_the_directory() {
    let directory = std::env::temp_dir().join(format!("starboard-directory-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let file = directory.join(Store::FILE);
    let earlier = database::Database::open(&file, &store::MIGRATIONS[..1], database::Durability::Rehearsal);
    let now = domain::Instant::parse("2026-04-15T09:00:00+12:00").expect("a time");
    let number = |text: &str| domain::SchoolNumber::parse(text).expect("a number");
    for text in ["189", "12"] {
        let number = number(text);
        let made = earlier.as_ref().expect("a database").write(move |tx| {
            store::school::insert(tx, number, "Kura", domain::Zone::Auckland, None, now)?;
            Ok::<_, StoreError>(())
        });
        made.expect("a school");
    }
    drop(earlier);
    let store = Store::open(&directory).expect("the present release opens it");
    let all = store.read(store::host::all).expect("a directory");
    let _ = std::fs::remove_dir_all(&directory);
    let found: Vec<_> = all.into_iter().map(|row| (row.number, row.host_name, row.added_at)).collect();
    assert_eq!(found, [(number("12"), None, now), (number("189"), None, now)]);
}
