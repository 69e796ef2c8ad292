//! What a caller may rely on: all or nothing, one commit for several, readers that see a snapshot.

use database::{Database, DatabaseError, Durability, Migration, Schema, Scope, Tenants};
use std::path::PathBuf;
use std::sync::Arc;

const STEPS: &[Migration] = &[Migration {
    number: 1,
    name: "counter",
    sql: "create table counter (\n    name text primary key,\n    n bigint not null\n)",
}];

const SCHEMA: Schema = Schema { steps: STEPS, tenants: Tenants::None, added_only: &[] };

/// A directory that is removed when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("starboard-database-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a scratch directory");
        Self(path)
    }

    fn open(&self) -> Result<Database, DatabaseError> {
        Database::open(&self.0.join("test.db"), &SCHEMA, Durability::Full)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn add(db: &Database, name: &str, fail: bool) -> Result<(), DatabaseError> {
    let name = name.to_owned();
    db.write(Scope::Host, move |tx| {
        let sql =
            "insert into counter (name, n) values ($1, 1) on conflict (name) do update set n = counter.n + 1";
        tx.execute(sql, &[name.into()])?;
        if fail { Err(DatabaseError::Engine("asked to fail".to_owned())) } else { Ok(()) }
    })
}

fn count(db: &Database, name: &str) -> i64 {
    let row =
        db.read(Scope::Host, |tx| tx.query_one("select n from counter where name = $1", &[name.into()]));
    row.expect("read").map_or(0, |mut row| row.take(0).expect("a number"))
}

#[test]
fn a_write_that_fails_leaves_nothing_and_takes_nobody_with_it() {
    let scratch = Scratch::new("rollback");
    let db = Arc::new(scratch.open().expect("open"));
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let db = Arc::clone(&db);
            std::thread::spawn(move || {
                for round in 0..50 {
                    let failing = (thread + round) % 5 == 0;
                    let name = if failing { "bad" } else { "good" };
                    assert_eq!(add(&db, name, failing).is_err(), failing);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    assert_eq!((count(&db, "good"), count(&db, "bad")), (320, 0));
}

#[test]
fn a_panic_in_one_act_reaches_its_caller_alone() {
    let scratch = Scratch::new("panic");
    let db = scratch.open().expect("open");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _: Result<(), DatabaseError> = db.write(Scope::Host, |_| panic!("a mistake of ours"));
    }));
    assert!(panicked.is_err());
    assert!(add(&db, "after", false).is_ok());
}

#[test]
fn values_are_bound_by_their_number_whatever_order_the_text_names_them_in() {
    let scratch = Scratch::new("bind");
    let db = scratch.open().expect("open");
    let row = db.read(Scope::Host, |tx| tx.query_one("select $2 || $1 || $2", &["a".into(), "b".into()]));
    let text: String = row.expect("read").expect("a row").take(0).expect("text");
    assert_eq!(text, "bab");
    let missing = db.read(Scope::Host, |tx| tx.query_one("select $3", &["a".into()]));
    assert!(missing.is_err());
}

#[test]
fn a_reader_cannot_write() {
    let scratch = Scratch::new("readonly");
    let db = scratch.open().expect("open");
    let refused: Result<usize, DatabaseError> =
        db.read(Scope::Host, |tx| tx.execute("delete from counter", &[]));
    assert!(refused.is_err());
    assert!(db.read(Scope::Host, |tx| tx.query("select 1", &[])).is_ok());
}

#[test]
fn readers_that_panic_leave_room_for_others() {
    let scratch = Scratch::new("readers");
    let db = scratch.open().expect("open");
    for _ in 0..20 {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _: Result<(), DatabaseError> = db.read(Scope::Host, |_| panic!("a mistake of ours"));
        }));
        assert!(panicked.is_err());
    }
    assert!(db.read(Scope::Host, |tx| tx.query("select 1", &[])).is_ok());
}

#[test]
fn a_file_that_is_in_use_is_not_folded_for_a_move() {
    let scratch = Scratch::new("fold");
    let file = scratch.0.join("test.db");
    let db = scratch.open().expect("open");
    assert!(matches!(Database::fold_log(&file), Err(DatabaseError::Busy)));
    drop(db);
    assert!(Database::fold_log(&file).is_ok());
}

#[test]
fn a_database_of_a_later_release_is_refused() {
    let scratch = Scratch::new("later");
    drop(scratch.open().expect("open"));
    let older =
        Database::open(&scratch.0.join("test.db"), &Schema { steps: &[], ..SCHEMA }, Durability::Full);
    assert!(matches!(older.err(), Some(DatabaseError::Migration(_))));
    assert!(scratch.open().is_ok());
}
