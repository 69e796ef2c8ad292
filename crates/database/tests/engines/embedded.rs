//! What an SQLite file alone can do.

use crate::{ONE, SCHEMA};
use database::{Database, DatabaseError, Durability};
use testkit::Scratch;

#[test]
fn a_file_that_is_in_use_is_not_folded_for_a_move() {
    let scratch = Scratch::new();
    let file = scratch.file("test.db");
    let database = Database::open(&file, &SCHEMA, Durability::Full).expect("opened");
    assert!(matches!(Database::fold_log(&file), Err(DatabaseError::Busy)));
    drop(database);
    assert!(Database::fold_log(&file).is_ok());
}

#[test]
fn an_act_that_goes_on_after_a_failed_statement_keeps_the_rest() {
    let scratch = Scratch::new();
    let database = Database::open(&scratch.file("test.db"), &SCHEMA, Durability::Full).expect("opened");
    let done: Result<usize, DatabaseError> = database.write(ONE, |tx| {
        assert!(tx.execute("insert into nowhere (id) values (1)", &[]).is_err());
        tx.execute("insert into notice (id, words) values (1, 'kept')", &[])
    });
    assert_eq!(done.expect("kept"), 1);
}
