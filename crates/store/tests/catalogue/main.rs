//! What PostgreSQL's own catalogue says of the migrated database, and what it does without a school.
//!
//! `rows` reads the catalogue as the superuser, `checks` answers a list of complaints about it, and
//! `context` tries the tables as the application's role. Every check is tried on a small sound
//! schema too, broken on purpose in one place at a time: it must find that and nothing else.

mod broken;
mod checks;
mod context;
mod rows;

use rows::Catalogue;
use store::{ServerAddress, Store};
use testkit::postgres::{Server, TestDatabase};

/// A migrated database, when there is a server to have it on.
fn migrated() -> Option<TestDatabase> {
    let database = Server::of_this_run()?.database();
    let owner = ServerAddress::parse(database.owner_url()).expect("an address");
    Store::prepare(&owner, &database.application()).expect("migrated");
    // A second time changes nothing.
    Store::prepare(&owner, &database.application()).expect("migrated");
    Some(database)
}

#[test]
fn the_catalogue_of_a_migrated_database_has_nothing_to_complain_of() {
    let Some(database) = migrated() else { return };
    let catalogue = Catalogue::read(&mut database.superuser(), &database.application());
    assert!(catalogue.tenant_tables().count() > 20, "the migration made the tables");
    let complaints = checks::complaints(&catalogue);
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn without_a_school_a_migrated_database_shows_nothing_and_takes_nothing() {
    let Some(database) = migrated() else { return };
    let complaints = context::complaints(&database);
    assert!(complaints.is_empty(), "{complaints:#?}");
}
