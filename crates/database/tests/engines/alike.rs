//! What both engines promise of transactions: all or nothing, one after the other, readers that see.

use crate::{ONE, SCHEMA, add, count, each_engine, panic_in};
use database::{DatabaseError, Schema, Scope};
use std::sync::Arc;

#[test]
fn a_write_that_fails_leaves_nothing_and_takes_nobody_with_it() {
    each_engine(|place| {
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for round in 0..50 {
                        let failing = (thread + round) % 5 == 0;
                        let name = if failing { "bad" } else { "good" };
                        assert_eq!(add(&place.database, ONE, name, failing).is_err(), failing);
                    }
                });
            }
        });
        assert_eq!((count(&place.database, ONE, "good"), count(&place.database, ONE, "bad")), (320, 0));
    });
}

#[test]
fn a_panic_in_one_act_reaches_its_caller_alone_and_the_turn_goes_on() {
    each_engine(|place| {
        let database = &place.database;
        for _ in 0..20 {
            panic_in(|| {
                let _: Result<(), DatabaseError> = database.write(ONE, |tx| {
                    tx.execute("insert into counter (school, name, n) values (1, 'half', 1)", &[])?;
                    panic!("a mistake of ours")
                });
            });
        }
        assert!(add(database, ONE, "after", false).is_ok());
        assert_eq!((count(database, ONE, "half"), count(database, ONE, "after")), (0, 1));
    });
}

#[test]
fn readers_that_panic_leave_room_for_others() {
    each_engine(|place| {
        for _ in 0..40 {
            panic_in(|| {
                let _: Result<(), DatabaseError> = place.database.read(ONE, |_| panic!("a mistake of ours"));
            });
        }
        assert!(place.database.read(ONE, |tx| tx.query("select 1", &[])).is_ok());
    });
}

#[test]
fn a_reader_cannot_write() {
    each_engine(|place| {
        add(&place.database, ONE, "kept", false).expect("counted");
        for scope in [ONE, Scope::Host] {
            let refused: Result<usize, DatabaseError> =
                place.database.read(scope, |tx| tx.execute("delete from counter", &[]));
            assert!(refused.is_err());
            let refused: Result<usize, DatabaseError> =
                place.database.review(scope, |tx| tx.execute("delete from counter", &[]));
            assert!(refused.is_err());
        }
        assert_eq!(count(&place.database, ONE, "kept"), 1);
    });
}

#[test]
fn a_reader_sees_one_moment_whatever_is_written_meanwhile() {
    each_engine(|place| {
        add(&place.database, ONE, "n", false).expect("counted");
        let sql = "select n from counter where name = 'n'";
        let seen: Result<[i64; 2], DatabaseError> = place.database.read(ONE, |tx| {
            let mut see = || tx.query_one(sql, &[])?.map_or(Ok(0), |mut row| row.take(0));
            let before = see()?;
            add(&place.database, ONE, "n", false)?;
            Ok([before, see()?])
        });
        assert_eq!(seen.expect("read"), [1, 1]);
        assert_eq!(count(&place.database, ONE, "n"), 2);
    });
}

/// Two programs' acts that look first and then decide, on the same counter.
#[test]
fn what_is_read_and_then_decided_is_decided_by_one_at_a_time() {
    each_engine(|place| {
        let other = Arc::new(place.again(&SCHEMA).expect("opened again"));
        add(&place.database, ONE, "n", false).expect("counted");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let database = if thread % 2 == 0 { &place.database } else { &other };
                scope.spawn(move || {
                    for _ in 0..250 {
                        let grown: Result<(), DatabaseError> = database.write(ONE, |tx| {
                            let row = tx.query_one("select n from counter where name = 'n'", &[])?;
                            let n: i64 = row.map_or(Ok(0), |mut row| row.take(0))?;
                            tx.execute("update counter set n = $1 where name = 'n'", &[(n + 1).into()])?;
                            Ok(())
                        });
                        grown.expect("its turn came");
                    }
                });
            }
        });
        assert_eq!(count(&other, ONE, "n"), 1_001);
    });
}

#[test]
fn a_statement_that_is_not_understood_is_refused_and_the_next_one_is_not() {
    each_engine(|place| {
        let prepare = |sql: &str| place.database.read(ONE, |tx| tx.prepare(sql));
        assert_eq!(prepare("select n from counter where name = $1 and n > $2").expect("understood"), 2);
        assert!(prepare("select nothing from nowhere").is_err());
        let missing = place
            .database
            .read(ONE, |tx| tx.query("select n from counter where name = $1 and n > $2", &["a".into()]));
        assert!(missing.expect_err("a value is missing").to_string().contains("placeholder \"$2\""));
        assert!(prepare("select 1").is_ok());
    });
}

#[test]
fn a_database_of_a_later_release_is_refused() {
    each_engine(|place| {
        let older = place.again(&Schema { steps: &SCHEMA.steps[..1], ..SCHEMA });
        let words = older.err().expect("refused").to_string();
        assert!(words.contains("step 2 \"notice\"") && words.contains("later one"), "{words}");
        assert!(place.again(&SCHEMA).is_ok());
    });
}
