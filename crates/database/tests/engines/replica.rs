//! A standby beside the server: it answers reviews, never writes, and nobody waits for it when it is
//! gone. And a commit that a required standby has not confirmed is not called done.

use crate::{ONE, SCHEMA, add, count};
use database::{Database, DatabaseError, Durability, ServerAddress};
use std::time::Duration;
use testkit::postgres::{Options, Private, TestDatabase};

mod own_server {
    use super::*;

    fn prepared(primary: &Private) -> TestDatabase {
        let test = primary.server().database();
        let owner = ServerAddress::parse(test.owner_url()).expect("an address");
        Database::prepare(&owner, &SCHEMA, &test.application()).expect("prepared");
        test
    }

    fn address(server: &Private, test: &TestDatabase) -> ServerAddress {
        ServerAddress::parse(&server.url(&test.application(), test.name())).expect("an address")
    }

    /// Whether a standby answers a review, and whether it answers a plain reading.
    fn standby_answers(database: &Database) -> (bool, bool) {
        let sql = "select pg_is_in_recovery()";
        let is_standby = |row: Option<database::Row>| row.expect("a row").take(0).expect("a claim");
        let review = database.review(ONE, |tx| tx.query_one(sql, &[])).map(is_standby);
        let read = database.read(ONE, |tx| tx.query_one(sql, &[])).map(is_standby);
        let told: Result<(bool, bool), DatabaseError> = review.and_then(|review| Ok((review, read?)));
        told.expect("both answer")
    }

    #[test]
    fn reviews_come_from_the_standby_while_it_is_there() {
        let Some(primary) = Private::start(&Options::default()) else { return };
        let test = prepared(&primary);
        let standby = Private::replica_of(&primary);
        let rest = Duration::from_millis(100);
        let with = address(&primary, &test).with_replica(address(&standby, &test).with_patience(rest));
        let database = Database::connect(&with, &SCHEMA, Durability::Full).expect("connected");
        assert_eq!(standby_answers(&database), (true, false));
        let refused: Result<usize, DatabaseError> = database
            .review(ONE, |tx| tx.execute("insert into counter (school, name, n) values (1, 'n', 1)", &[]));
        assert!(refused.is_err());
        add(&database, ONE, "n", false).expect("writes are the server's own");

        standby.kill_hard();
        assert_eq!(standby_answers(&database), (false, false));
        add(&database, ONE, "n", false).expect("nobody waits for it");
        assert_eq!(count(&database, ONE, "n"), 2);

        standby.start_again();
        while !standby_answers(&database).0 {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_commit_whose_wait_for_the_standby_was_ended_is_not_called_done() {
        let Some(primary) = Private::start(&Options::default()) else { return };
        let test = prepared(&primary);
        let connected = Database::connect(&address(&primary, &test), &SCHEMA, Durability::Full);
        let database = connected.expect("connected");
        let standby = Private::replica_of(&primary);
        primary.require(&standby);
        add(&database, ONE, "n", false).expect("confirmed");
        standby.stop();
        let waits = "select pid from pg_stat_activity where wait_event = 'SyncRep'";
        let mut superuser = primary.superuser();
        let mut waiting = || loop {
            if let Some(row) = superuser.query_opt(waits, &[]).expect("asked") {
                return row.get::<_, i32>(0);
            }
        };
        let [ended, confirmed] = std::thread::scope(|scope| {
            let writing = scope.spawn(|| add(&database, ONE, "n", false));
            let process = waiting();
            primary.superuser().execute("select pg_cancel_backend($1)", &[&process]).expect("ended");
            let ended = writing.join().expect("no panic");
            let writing = scope.spawn(|| add(&database, ONE, "n", false));
            waiting();
            // Before anything can go wrong here: nothing ends while a commit waits.
            primary.require_none();
            [ended, writing.join().expect("no panic")]
        });
        assert!(matches!(ended, Err(DatabaseError::Unsure)), "{ended:?}");
        confirmed.expect("required no longer");
    }
}
