//! The pool: so many connections and no more, waited for with patience that ends.

use crate::{Hosted, ONE, add, count};
use database::{Database, DatabaseError, Scope};
use std::sync::Barrier;
use std::time::Duration;

/// Not to be waited out where nothing is free.
const SHORT: Duration = Duration::from_millis(50);

fn read(database: &Database, scope: Scope) -> Result<usize, DatabaseError> {
    database.read(scope, |tx| Ok(tx.query("select 1", &[])?.len()))
}

#[test]
fn eight_threads_go_on_with_two_connections_and_never_a_third() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address.with_connections(2));
    let connections = || -> i64 {
        let sql = "select count(*) from pg_stat_activity where usename = $1";
        hosted.test.superuser().query_one(sql, &[&hosted.test.application()]).expect("counted").get(0)
    };
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (database, start) = (&database, &start);
            scope.spawn(move || {
                start.wait();
                for _ in 0..50 {
                    add(database, Scope::Tenant(thread), "n", false).expect("counted");
                    read(database, ONE).expect("read");
                }
            });
        }
        for _ in 0..20 {
            assert!(connections() <= 2, "no more than were allowed");
        }
    });
    assert_eq!((0..8).map(|tenant| count(&database, Scope::Tenant(tenant), "n")).sum::<i64>(), 400);
    assert_eq!(connections(), 2);
}

#[test]
fn who_waits_for_a_connection_in_vain_is_told_that_it_is_busy() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address.with_connections(1).with_patience(SHORT));
    let held: Result<(), DatabaseError> = database.read(ONE, |_| {
        assert!(matches!(read(&database, ONE), Err(DatabaseError::Busy)));
        assert!(matches!(add(&database, ONE, "n", false), Err(DatabaseError::Busy)));
        Ok(())
    });
    held.expect("read");
    assert_eq!(read(&database, ONE).expect("it is free again"), 1);
    add(&database, ONE, "n", false).expect("and the turn was not lost");
}

#[test]
fn who_has_no_connection_is_let_on_when_one_comes_back() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address.with_connections(1));
    std::thread::scope(|scope| {
        let waiting = database.read(ONE, |_| {
            let waiting = scope.spawn(|| read(&database, ONE));
            Ok::<_, DatabaseError>(waiting)
        });
        assert_eq!(waiting.expect("read").join().expect("no panic").expect("read"), 1);
    });
}
