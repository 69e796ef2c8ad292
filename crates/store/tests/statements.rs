//! Every SQL text means something to both databases, and speaks of one school alone.

use store::tables::TABLES;
use store::{ServerAddress, Store, StoreError, statements};
use testkit::Scratch;
use testkit::postgres::Server;

/// The texts, by name, that a database does not understand.
fn refused(store: &Store) -> Vec<String> {
    let copying = TABLES
        .iter()
        .flat_map(|table| [table.select, table.insert, table.delete].map(|sql| (table.name, sql)));
    let all = statements::ALL.iter().copied().chain(copying);
    let prepared =
        all.map(|(name, sql)| (name, store.read_host(|tx| tx.prepare(sql).map_err(StoreError::from))));
    prepared.filter_map(|(name, outcome)| Some(format!("{name}: {}", outcome.err()?))).collect()
}

#[test]
fn every_statement_is_understood_by_sqlite() {
    let scratch = Scratch::new();
    let refused = refused(&Store::open(scratch.path()).expect("open"));
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(statements::ALL.len() > 80, "the list is whole");
}

#[test]
fn every_statement_is_understood_by_postgresql() {
    let Some(server) = Server::of_this_run() else { return };
    let database = server.database();
    let address = |url: &str| ServerAddress::parse(url).expect("an address");
    Store::prepare(&address(database.owner_url()), &database.application()).expect("prepared");
    let refused = refused(&Store::connect(&address(database.url())).expect("connected"));
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn every_statement_names_the_school() {
    let exempt = ["SCHOOL_NUMBERS"];
    for (name, sql) in statements::ALL.iter().filter(|(name, _)| !exempt.contains(name)) {
        assert!(sql.contains("school"), "{name} reaches beyond one school");
        assert!(sql.contains("$1"), "{name} takes no school");
    }
}
