//! The list of tables that a school is copied by is whole.

use std::collections::BTreeMap;
use store::tables::TABLES;
use store::{SCHEMA, Store};
use testkit::Scratch;

/// The columns of every table, as SQLite has them.
fn columns(store: &Store) -> BTreeMap<String, Vec<String>> {
    let sql = "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c \
        where m.type = 'table' order by m.name, c.cid";
    let rows = store.read_host(|tx| tx.query(sql, &[])).expect("the catalogue");
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mut row in rows {
        let (table, column) = (row.take(0).expect("a name"), row.take(1).expect("a name"));
        tables.entry(table).or_default().push(column);
    }
    tables
}

#[test]
fn every_table_and_column_of_a_school_is_copied() {
    let scratch = Scratch::new();
    let mut there = columns(&Store::open(scratch.path()).expect("a database"));
    for host in ["migration", "hosted_school"] {
        assert!(there.remove(host).is_some(), "{host} is the host's own");
    }
    let listed: BTreeMap<String, Vec<String>> = TABLES
        .iter()
        .map(|table| (table.name.to_owned(), table.columns.iter().map(ToString::to_string).collect()))
        .collect();
    assert_eq!(listed, there);
}

#[test]
fn a_table_that_is_only_added_to_is_one_that_no_statement_changes() {
    for table in SCHEMA.added_only {
        assert!(TABLES.iter().any(|known| known.name == *table), "{table}");
        let changes = [format!("update {table} "), format!("delete from {table} ")];
        let changing = store::statements::all()
            .find(|(_, sql)| changes.iter().any(|change| sql.starts_with(change.as_str())));
        assert_eq!(changing, None);
    }
    let rest = TABLES.iter().filter(|table| !SCHEMA.added_only.contains(&table.name));
    for table in rest {
        let changed = store::statements::all().any(|(_, sql)| {
            sql.contains(&format!("update {} ", table.name))
                || sql.starts_with(&format!("delete from {} ", table.name))
                || (sql.starts_with(&format!("insert into {} ", table.name)) && sql.contains("do update"))
        });
        assert!(changed, "{} is only added to: name it in SCHEMA", table.name);
    }
}
