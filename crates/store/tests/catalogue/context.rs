//! What the application's role sees and may write with and without a school.
//!
//! The superuser puts one made-up row of school 1 into every tenant table, past foreign keys; the
//! application's role then tries. No row can be missed by a table being empty.

use crate::rows::{Catalogue, SCHOOL, Table};
use postgres::error::SqlState;
use postgres::{Client, Error, NoTls, Transaction};
use testkit::postgres::TestDatabase;

/// Every complaint about every tenant table.
pub fn complaints(database: &TestDatabase) -> Vec<String> {
    let mut superuser = database.superuser();
    let catalogue = Catalogue::read(&mut superuser, &database.application());
    // Rows that name nobody, for the superuser alone.
    superuser.batch_execute("set session_replication_role = replica").expect("a superuser may");
    let mut found = Vec::new();
    for table in catalogue.tenant_tables() {
        if let Err(error) = superuser.execute(&insert(table, 1), &[]) {
            found.push(format!("{}: no example of a row: {}", table.name, words(&error)));
            continue;
        }
        let mut application = Client::connect(database.url(), NoTls).expect("the application connects");
        let tried = try_table(&mut application, table);
        found.extend(tried.into_iter().map(|complaint| format!("{}: {complaint}", table.name)));
    }
    found
}

/// What becomes of a statement.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It touched so many rows, or row security let it pass and another rule did not.
    Let(u64),
    /// Not allowed.
    Refused,
    /// Something else.
    Failed(String),
}

fn try_table(client: &mut Client, table: &Table) -> Vec<String> {
    let name = &table.name;
    let count = format!("select * from {name}");
    let change = format!("update {name} set {SCHOOL} = 2");
    let (own, foreign) = (insert(table, 2), insert(table, 1));
    // A setting that a transaction made is an empty text after it, no longer unknown: asked twice.
    let steps: [(Option<i64>, &str, &[Outcome], &str); 8] = [
        (None, &count, &[Outcome::Let(0)], "shows rows without a school"),
        (None, &foreign, &[Outcome::Refused], "takes a row without a school"),
        (Some(1), &count, &[Outcome::Let(1)], "does not show a school its own rows"),
        (Some(1), &change, &[Outcome::Refused, Outcome::Let(0)], "lets a school give a row to another"),
        (Some(2), &count, &[Outcome::Let(0)], "shows a school another's rows"),
        (Some(2), &foreign, &[Outcome::Refused], "takes a row of another school"),
        (Some(2), &own, &[Outcome::Let(1)], "takes no row of the school's own"),
        (None, &count, &[Outcome::Let(0)], "shows rows after a school's transaction"),
    ];
    let mut found = Vec::new();
    for (school, sql, wanted, complaint) in steps {
        let outcome = attempt(client, school, sql);
        if !wanted.contains(&outcome) {
            found.push(format!("{complaint} ({outcome:?})"));
        }
    }
    found
}

/// Runs a statement in a transaction that is then rolled back.
fn attempt(client: &mut Client, school: Option<i64>, sql: &str) -> Outcome {
    let mut transaction = client.transaction().expect("a transaction");
    if let Some(school) = school {
        name(&mut transaction, school);
    }
    match transaction.execute(sql, &[]) {
        Ok(rows) => Outcome::Let(rows),
        Err(error) => match error.code() {
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Outcome::Refused,
            // Looked at after row security, and so a sign that this let the row pass.
            Some(code) if *code == SqlState::FOREIGN_KEY_VIOLATION => Outcome::Let(1),
            _ => Outcome::Failed(words(&error)),
        },
    }
}

fn name(transaction: &mut Transaction<'_>, school: i64) {
    let set = "select set_config('starboard.school', $1, true)";
    transaction.execute(set, &[&school.to_string()]).expect("anybody may set it");
}

fn words(error: &Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |problem| problem.message().to_owned())
}

/// A row of a school with some value in every column.
fn insert(table: &Table, school: i64) -> String {
    let example = |kind: &str| match kind {
        "bytea" => "'\\x00'",
        "boolean" => "true",
        "text" => "'x'",
        // A number; PostgreSQL refuses it where it is none, which is then a complaint.
        _ => "1",
    };
    let mut names = Vec::new();
    let mut values = Vec::new();
    for column in table.columns.iter().filter(|column| column.is_required) {
        names.push(column.name.clone());
        let is_school = column.name == SCHOOL;
        values.push(if is_school { school.to_string() } else { example(&column.kind).to_owned() });
    }
    format!("insert into {} ({}) values ({})", table.name, names.join(", "), values.join(", "))
}
