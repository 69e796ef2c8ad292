//! What a PostgreSQL server promises beyond what a file does: tenants apart, failures that are told,
//! connections that are replaced.

use crate::{Hosted, ONE, add, count};
use database::{Database, DatabaseError, Scope};

const TWO: Scope = Scope::Tenant(2);

#[test]
fn an_act_that_took_no_notice_of_a_failed_statement_is_never_kept() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address);
    let done: Result<(), DatabaseError> = database.write(ONE, |tx| {
        tx.execute("insert into counter (school, name, n) values (1, 'a', 1)", &[])?;
        assert!(tx.execute("insert into counter (school, name, n) values (1, 'a', 1)", &[]).is_err());
        Ok(())
    });
    let words = done.expect_err("refused").to_string();
    assert!(words.contains("a statement had failed"), "{words}");
    assert_eq!(count(&database, ONE, "a"), 0);
    // The same on the connection that comes back: nothing of it is left.
    add(&database, ONE, "a", false).expect("counted");
    assert_eq!(count(&database, ONE, "a"), 1);
}

#[test]
fn a_tenant_sees_and_changes_its_own_rows_alone() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address);
    add(&database, ONE, "n", false).expect("counted");
    add(&database, TWO, "n", false).expect("counted");
    let schools = |scope| {
        let sql = "select school from counter order by school";
        let rows: Result<Vec<_>, DatabaseError> = database.read(scope, |tx| tx.query(sql, &[]));
        let rows = rows.expect("read").into_iter();
        rows.map(|mut row| row.take::<i64>(0).expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!((schools(ONE), schools(TWO), schools(Scope::Host)), (vec![1], vec![2], vec![]));
    let foreign: Result<usize, DatabaseError> =
        database.write(ONE, |tx| tx.execute("insert into counter (school, name, n) values (2, 'm', 1)", &[]));
    assert!(foreign.expect_err("refused").to_string().contains("row-level security"));
    let changed: Result<usize, DatabaseError> =
        database.write(ONE, |tx| tx.execute("update counter set n = 9", &[]));
    assert_eq!(
        (changed.expect("its own"), count(&database, ONE, "n"), count(&database, TWO, "n")),
        (1, 9, 1)
    );
}

#[test]
fn what_is_only_added_to_cannot_be_changed() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address);
    let run = |sql: &'static str| -> Result<usize, DatabaseError> {
        database.write(Scope::Host, move |tx| tx.execute(sql, &[]))
    };
    assert_eq!(run("insert into notice (id, words) values (1, 'kept')").expect("added"), 1);
    for refused in
        ["update notice set words = ''", "delete from notice", "truncate notice", "drop table counter"]
    {
        assert!(run(refused).is_err(), "{refused}");
    }
}

fn end_own_connection(hosted: &Hosted) {
    assert!(hosted.end_connections() > 0, "there was one");
}

#[test]
fn a_connection_that_dies_while_nobody_uses_it_is_replaced_unnoticed() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address.with_connections(3));
    // Three at once, so that three are idle afterwards.
    fn nest(database: &Database, depth: usize) -> Result<(), DatabaseError> {
        database.read(ONE, |tx| {
            tx.query("select 1", &[])?;
            if depth > 1 { nest(database, depth - 1) } else { Ok(()) }
        })
    }
    nest(&database, 3).expect("three connections");
    for _ in 0..3 {
        assert_eq!(hosted.end_connections(), 3);
        add(&database, ONE, "n", false).expect("a new connection");
        nest(&database, 3).expect("three connections");
    }
    assert_eq!(count(&database, ONE, "n"), 3);
}

#[test]
fn a_connection_that_dies_within_an_act_is_told_and_nothing_is_kept() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address.with_connections(1));
    let sql = "insert into counter (school, name, n) values (1, $1, 1)";
    std::thread::scope(|scope| {
        let hosted = &hosted;
        let (asked, answered) = (std::sync::mpsc::channel::<()>(), std::sync::mpsc::channel::<()>());
        scope.spawn(move || {
            for () in asked.1 {
                end_own_connection(hosted);
                answered.0.send(()).expect("somebody waits");
            }
        });
        let ask = asked.0;
        let waits = std::sync::Mutex::new(answered.1);
        let cut = || {
            ask.send(()).expect("somebody ends it");
            waits.lock().expect("one at a time").recv().expect("ended");
        };
        // Between two statements: nothing was saved, and that is known.
        let away: Result<usize, DatabaseError> = database.read(ONE, |tx| {
            cut();
            tx.execute("select 1", &[])
        });
        assert!(matches!(away, Err(DatabaseError::Away(_))), "{away:?}");
        // What was read before the line broke was read.
        let read: Result<usize, DatabaseError> = database.read(ONE, |tx| {
            let rows = tx.query("select 1", &[])?.len();
            cut();
            Ok(rows)
        });
        assert_eq!(read.expect("read"), 1);
    });
    // Just before the commit: whether it was saved is not known.
    let server = testkit::postgres::Server::of_this_run().expect("it was here");
    let application = hosted.test.application();
    let unsure: Result<usize, DatabaseError> = database.write(ONE, move |tx| {
        let rows = tx.execute(sql, &["a".into()])?;
        let end = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = $1";
        server.superuser().execute(end, &[&application]).expect("ended");
        Ok(rows)
    });
    assert!(matches!(unsure, Err(DatabaseError::Unsure)), "{unsure:?}");
    assert_eq!(count(&database, ONE, "a"), 0);
    assert!(add(&database, ONE, "a", false).is_ok());
}

#[test]
fn a_server_that_acknowledges_too_early_is_asked_not_to() {
    let Some(hosted) = Hosted::new() else { return };
    for (set, wanted) in [("off", "on"), ("local", "on"), ("on", "on"), ("remote_apply", "remote_apply")] {
        let sql = format!("alter role {} set synchronous_commit = {set}", hosted.test.application());
        hosted.test.superuser().batch_execute(&sql).expect("a superuser may");
        let database = hosted.connect(|address| address);
        let row = database.read(ONE, |tx| tx.query_one("select current_setting('synchronous_commit')", &[]));
        assert_eq!(row.expect("read").expect("a row").take::<String>(0).expect("text"), wanted, "{set}");
    }
}

#[test]
fn upkeep_of_a_file_is_not_for_a_server() {
    let Some(hosted) = Hosted::new() else { return };
    let database = hosted.connect(|address| address);
    assert!(database.path().is_none());
    assert!(database.maintain("vacuum", &[]).expect_err("refused").to_string().contains("tools of its own"));
}

#[test]
fn rows_go_on_being_added_after_a_table_was_given_another_column() {
    let Some(hosted) = Hosted::new() else { return };
    // One connection, which read the table's row type before.
    let database = hosted.connect(|address| address.with_connections(1));
    let many = |from: i64| -> Result<(), DatabaseError> {
        let rows = (from..from + 2).map(|id| vec![1_i64.into(), id.into()]).collect::<Vec<_>>();
        let sql = "insert into thing (school, id) values ($1, $2)";
        database.write(ONE, move |tx| tx.insert_many(sql, &rows))
    };
    many(1).expect("added");
    hosted.test.superuser().batch_execute("alter table thing add column more bigint").expect("altered");
    // What was prepared for the narrower table may fail once, whole, and never again.
    let _ = many(3);
    many(5).expect("added");
    let rows: Result<Vec<_>, DatabaseError> = database.read(ONE, |tx| tx.query("select id from thing", &[]));
    assert!(matches!(rows.expect("read").len(), 4 | 6));
}
