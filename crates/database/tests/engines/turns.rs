//! A tenant's writes take turns, across programs too, and keep nobody else waiting.

use crate::{Hosted, ONE, add, count};
use database::{Database, DatabaseError, Scope};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(50);
const TWO: Scope = Scope::Tenant(2);

/// Runs `meanwhile` while a write of tenant 1 is under way, which then ends.
fn during_a_write(database: &Database, meanwhile: impl FnOnce()) {
    std::thread::scope(|scope| {
        let (begun, has_begun) = channel();
        let (end, may_end) = channel::<()>();
        let writing = scope.spawn(move || {
            database.write(ONE, move |tx| {
                begun.send(()).expect("somebody waits");
                let _ = may_end.recv();
                tx.execute("insert into counter (school, name, n) values (1, 'long', 1)", &[])
            })
        });
        has_begun.recv().expect("it begins");
        // Dropped when `meanwhile` panics too, so that the test ends.
        let end = end;
        meanwhile();
        drop(end);
        let done: Result<usize, DatabaseError> = writing.join().expect("no panic");
        done.expect("written");
    });
}

#[test]
fn a_write_waits_for_its_tenants_turn_with_patience_that_ends() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address.with_patience(SHORT));
    // Another program: its pool knows nothing of this one's.
    let other = hosted.connect(|address| address.with_patience(SHORT));
    during_a_write(&database, || {
        for database in [&database, &other] {
            let busy = add(database, ONE, "n", false);
            assert!(matches!(busy, Err(DatabaseError::Busy)), "{busy:?}");
            add(database, TWO, "n", false).expect("another tenant does not wait");
            assert_eq!(count(database, ONE, "long"), 0, "nor does a reader");
        }
    });
    for database in [&database, &other] {
        add(database, ONE, "n", false).expect("its turn has come");
    }
    assert_eq!((count(&other, ONE, "n"), count(&database, TWO, "n")), (2, 2));
    assert_eq!(count(&other, ONE, "long"), 1);
}

#[test]
fn many_writes_of_one_tenant_leave_the_others_their_connections() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address.with_connections(2));
    let waiting = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        during_a_write(&database, || {
            for _ in 0..6 {
                scope.spawn(|| {
                    waiting.fetch_add(1, Ordering::SeqCst);
                    add(&database, ONE, "n", false).expect("its turn comes");
                });
            }
            while waiting.load(Ordering::SeqCst) < 6 {
                std::thread::yield_now();
            }
            for _ in 0..100 {
                add(&database, TWO, "n", false).expect("a connection");
            }
        });
    });
    assert_eq!((count(&database, ONE, "n"), count(&database, TWO, "n")), (6, 100));
}

#[test]
fn a_turn_ends_with_the_program_that_has_it() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address);
    let other = hosted.connect(|address| address);
    // Its connection is cut in the middle: the server gives the turn on.
    let cut: Result<usize, DatabaseError> = database.write(ONE, {
        let (server, role) = (hosted.test.server().clone(), hosted.test.application());
        move |tx| {
            let end = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = $1";
            server.superuser().execute(end, &[&role]).expect("ended");
            tx.execute("insert into counter (school, name, n) values (1, 'n', 5)", &[])
        }
    });
    assert!(matches!(cut, Err(DatabaseError::Away(_))), "{cut:?}");
    add(&other, ONE, "n", false).expect("its turn");
    add(&database, ONE, "n", false).expect("its turn");
    assert_eq!(count(&other, ONE, "n"), 2);
}
