//! Every SQL text means something to both databases, and speaks of one school alone.

use database::{Database, Durability, Schema, Scope};
use store::tables::TABLES;
use store::{SCHEMA, ServerAddress, Store, StoreError, statements};
use testkit::Scratch;
use testkit::postgres::Server;

/// The texts, by name, that a database does not understand.
fn refused(store: &Store) -> Vec<String> {
    let copying = TABLES
        .iter()
        .flat_map(|table| [table.select, table.insert, table.delete].map(|sql| (table.name, sql)));
    let all = statements::all().chain(copying);
    let prepared =
        all.map(|(name, sql)| (name, store.read_host(|tx| tx.prepare(sql).map_err(StoreError::from))));
    prepared.filter_map(|(name, outcome)| Some(format!("{name}: {}", outcome.err()?))).collect()
}

#[test]
fn every_statement_is_understood_by_sqlite() {
    let scratch = Scratch::new();
    let refused = refused(&Store::open(scratch.path()).expect("open"));
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(statements::all().count() > 150, "the list is whole");
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

/// Whether a statement is about one school's rows alone: it adds a row whose first value is the
/// school, or names the school of every table it reads or changes. Such a statement can be sent to
/// the one shard or partition that holds the school.
fn is_of_one_school(sql: &str) -> bool {
    if sql.starts_with("insert into") {
        return sql.contains(" (school, ") && sql.contains(" values ($1, ");
    }
    // Each further table is joined by its school.
    let tables = sql.matches("from ").count() + sql.matches("join ").count();
    let joined = sql.split(".school = ").skip(1).filter(|rest| !rest.starts_with('$')).count();
    sql.contains("school = $1") && tables.saturating_sub(1) <= joined
}

#[test]
fn every_statement_carries_the_school_but_those_of_the_hosts_directory() {
    let copying = TABLES.iter().flat_map(|table| [table.select, table.insert, table.delete]);
    let all = statements::all().chain(copying.map(|sql| ("copying", sql)));
    let named: Vec<&str> = all.filter(|(_, sql)| !is_of_one_school(sql)).map(|(name, _)| name).collect();
    // The directory is read before a school is known.
    assert_eq!(named, ["HOSTED_ALL", "HOSTED_BY_NAME", "HOSTED_COUNT"]);
    for wide in [
        "select code from mark where student_id = $1",
        "insert into mark (student_id, school) values ($1, $2)",
        "select n.note from response_note n join response r on r.response_id = n.response_id where n.school = $1",
        "update tally set present = 0",
    ] {
        assert!(!is_of_one_school(wide), "{wide}");
    }
}

#[test]
fn a_database_of_the_first_release_gets_its_schools_into_the_directory() {
    let scratch = Scratch::new();
    let first = Schema { steps: &SCHEMA.steps[..1], ..SCHEMA };
    let earlier =
        Database::open(&scratch.file(Store::FILE), &first, Durability::Rehearsal).expect("a database");
    let now = testkit::instant("2026-04-15T09:00:00+12:00");
    let number = |text: &str| domain::SchoolNumber::parse(text).expect("a number");
    for text in ["189", "12"] {
        let number = number(text);
        let made = earlier.write(Scope::Host, move |tx| {
            store::school::insert(tx, number, "Kura", domain::Zone::Auckland, None, now)
        });
        made.expect("a school");
    }
    drop(earlier);
    let store = Store::open(scratch.path()).expect("the present release opens it");
    let all = store.read_host(store::host::all).expect("a directory");
    let found: Vec<_> = all.into_iter().map(|row| (row.number, row.host_name, row.added_at)).collect();
    assert_eq!(found, [(number("12"), None, now), (number("189"), None, now)]);
}

/// Forty thousand messages home of which everything is told, and how the untold are found among them.
fn plan_of_the_untold(store: &Store, numbers: &str, explain: &str) -> Vec<String> {
    let number = domain::SchoolNumber::parse("189").expect("a number");
    let fill = format!(
        "{numbers} insert into message (school, message_id, kind, day, recipient, from_address, to_address, subject, \
        body, made_at, state, attempts, unsure, next_attempt_at, lease_until, is_told) \
        select 189, 'm' || i, 'home', '2026-05-05', 'm' || i, '', '', '', '', 0, 'sent', 1, 0, 0, 0, 1 from n"
    );
    let filled = store.write(number, move |tx| Ok::<_, StoreError>(tx.execute(&fill, &[])?));
    assert_eq!(filled.expect("filled"), 40_000);
    let (_, ended) = statements::all().find(|(name, _)| *name == "LETTER_ENDED").expect("the statement");
    let explain = format!("{explain} {}", ended.replace("$1", "189").replace("$2", "200"));
    let rows = store.read(number, |tx| Ok::<_, StoreError>(tx.query(&explain, &[])?));
    // SQLite says it in its fourth column.
    let column = if store.path().is_some() { 3 } else { 0 };
    rows.expect("a plan").into_iter().map(|mut row| row.take(column).expect("a line")).collect()
}

#[test]
fn what_became_of_messages_home_is_found_by_its_index_however_many_are_told() {
    let scratch = Scratch::new();
    let store = Store::open(scratch.path()).expect("open");
    let numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 40000)";
    let plan = plan_of_the_untold(&store, numbers, "explain query plan");
    assert!(plan.iter().any(|line| line.contains("message_untold")), "{plan:#?}");
    assert!(!plan.iter().any(|line| line.starts_with("SCAN")), "{plan:#?}");

    let Some(server) = Server::of_this_run() else { return };
    let database = server.database();
    let address = |url: &str| ServerAddress::parse(url).expect("an address");
    Store::prepare(&address(database.owner_url()), &database.application()).expect("prepared");
    let store = Store::connect(&address(database.url())).expect("connected");
    let numbers = "with n as (select i from generate_series(1, 40000) i)";
    let plan = plan_of_the_untold(&store, numbers, "explain");
    assert!(plan.iter().any(|line| line.contains("message_untold")), "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Seq Scan on message")), "{plan:#?}");
}
