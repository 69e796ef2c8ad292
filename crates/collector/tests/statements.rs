//! Every SQL text means something to both databases, and none changes what was taken.

mod common;

use collector::{SCHEMA, page_statements, statements};
use common::*;
use database::{Database, DatabaseError, Durability, Row, Scope, ServerAddress};
use postgres::{Client, NoTls};

/// The collector's database without the collector.
fn database(place: &Place) -> Database {
    drop(place.open());
    let opened = match &place.0.database {
        None => Database::open(&place.0.scratch.file(collector::FILE), &SCHEMA, Durability::Rehearsal),
        Some(database) => {
            let address = ServerAddress::parse(database.url()).expect("an address");
            Database::connect(&address, &SCHEMA, Durability::Rehearsal)
        }
    };
    opened.expect("a database")
}

/// Every text of the exchange and of the pages.
fn every() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    statements::ALL.iter().chain(page_statements::ALL)
}

#[test]
fn every_statement_is_understood_by_both_databases() {
    for place in Place::on_each_engine() {
        let database = database(&place);
        let prepare = |sql: &str| database.read(Scope::Host, |tx| tx.prepare(sql));
        let refused: Vec<String> =
            every().filter_map(|(name, sql)| Some(format!("{name}: {}", prepare(sql).err()?))).collect();
        assert!(refused.is_empty(), "{refused:#?}");
        assert!(every().count() > 40, "the list is whole");
        assert!(prepare("select nothing from latest").is_err());
    }
}

#[test]
fn no_statement_changes_or_removes_what_was_taken() {
    let changes = |sql: &str| {
        let of = |table: &&str| {
            sql.starts_with(&format!("update {table} ")) || sql.contains(&format!("delete from {table}"))
        };
        let puts =
            |table: &&str| sql.contains(&format!("insert into {table} (")) && sql.contains("do update");
        SCHEMA.added_only.iter().any(|table| of(table) || puts(table))
    };
    let found: Vec<_> = every().filter(|(_, sql)| changes(sql)).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert!(
        changes("update fact set body = $1")
            && changes("insert into batch (school) values ($1) on conflict do update")
    );
}

/// What takes a batch in can be sent to the one shard or partition that holds the school.
#[test]
fn what_takes_a_batch_in_names_its_school_first() {
    let is_of_one_school = |sql: &str| {
        sql.contains("where school = $1")
            || sql.contains("where l.school = $1")
            || (sql.contains(" (school, ") && sql.contains(" values ($1, "))
    };
    let spans = statements::ALL.iter().filter(|(_, sql)| !is_of_one_school(sql));
    let of_all: Vec<&str> = spans.map(|&(name, _)| name).collect();
    let spanning =
        ["SCHOOLS", "EXPORT_ATTENDANCE", "EXPORT_CLOSURES", "EXPORT_CROSSINGS", "EXPORT_RESPONSES"];
    assert_eq!(of_all, spanning);
}

/// A page that walked through the facts of all schools would take minutes for the country.
#[test]
fn no_page_reads_the_facts_of_more_than_one_school() {
    let reads =
        |sql: &str| ["latest", "fact", "batch"].iter().any(|table| sql.contains(&format!("from {table} ")));
    let bounded = |sql: &str| sql.contains("where school = $1") || sql.ends_with("limit 1");
    let walks: Vec<_> = page_statements::ALL.iter().filter(|(_, sql)| reads(sql) && !bounded(sql)).collect();
    assert!(walks.is_empty(), "{walks:#?}");
    assert!(
        reads("select 1 from latest where term = $1") && !bounded("select 1 from latest where term = $1")
    );
}

#[test]
fn every_key_begins_with_the_school_but_those_of_the_ministrys_own_people() {
    let place = Place::on(testkit::Engine::Sqlite);
    let sql = "select t.name, c.name from pragma_table_list t join pragma_table_info(t.name) c on c.pk = 1 \
        where t.schema = 'main' and t.name not like 'sqlite%' and t.name <> 'migration' order by t.name";
    let rows = database(&place).read(Scope::Host, |tx| tx.query(sql, &[])).expect("the keys");
    let pair = |mut row: Row| Ok::<(String, String), DatabaseError>((row.take(0)?, row.take(1)?));
    let keys: Vec<_> = rows.into_iter().map(pair).collect::<Result<_, _>>().expect("texts");
    let tables = [
        ("access_token", "school"),
        ("act", "act_id"),
        ("batch", "school"),
        ("fact", "school"),
        ("latest", "school"),
        ("person", "person_id"),
        ("person_link", "token_hash"),
        ("person_session", "token_hash"),
        ("school", "school"),
        ("school_key", "school"),
        ("silence", "school"),
        ("used_assertion", "school"),
    ];
    assert_eq!(keys, tables.map(|(table, key)| (table.to_owned(), key.to_owned())));
}

#[test]
fn the_application_may_not_change_what_was_taken() {
    for place in Place::on_each_engine() {
        let Some(database) = &place.0.database else { continue };
        let sealed = batch(1, "", vec![day(1, 4)]);
        receipt(put(&place.open(), 1, 1, &sealed));
        let mut application = Client::connect(database.url(), NoTls).expect("connected");
        for refused in [
            "update fact set body = ''",
            "delete from fact",
            "update batch set receipt = ''",
            "delete from batch",
            "delete from act",
        ] {
            application.batch_execute(refused).expect_err(refused);
        }
        application.batch_execute("update latest set stands = stands").expect("what follows may be changed");
    }
}

/// Counts statements where the database itself sees them: once for each, whatever the rows.
const COUNTING: &str = "
create table counted (name text);
create function count_statement() returns trigger language plpgsql security definer as
    'begin insert into counted values (tg_table_name); return null; end';
create trigger counting after insert on fact for each statement execute function count_statement();
create trigger counting after insert on latest for each statement execute function count_statement();
";

#[test]
fn four_hundred_records_take_two_statements_on_postgresql() {
    for place in Place::on_each_engine() {
        let Some(database) = &place.0.database else { continue };
        let mut superuser = database.superuser();
        superuser.batch_execute(COUNTING).expect("counted");
        let records =
            (1..=400).map(|seq| attendance(seq, &format!("S{seq}"), 4, 'M', domain::Class::Justified));
        receipt(put(&place.open(), 1, 1, &batch(1, "", records.collect())));
        let rows = superuser.query("select name from counted order by name", &[]).expect("read");
        let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(names, ["fact", "latest"]);
        let held: i64 = superuser.query_one("select count(*) from fact", &[]).expect("read").get(0);
        assert_eq!(held, 400);
    }
}
