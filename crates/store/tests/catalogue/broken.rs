//! The checks tried on a small sound schema, and on the same broken in one place at a time.

use crate::rows::Catalogue;
use crate::{checks, context};
use postgres::{Client, NoTls};
use testkit::postgres::{Server, TestDatabase};

const SOUND: &str = r#"
create table migration (number bigint primary key, name text collate "C" not null);
create table hosted_school (school bigint primary key, host_name text collate "C" unique);
create table act (school bigint not null, act bigint not null, kind text collate "C" not null, bytes bytea,
    primary key (school, act));
create table mark (school bigint not null, student_id text collate "C" not null, act bigint not null,
    primary key (school, student_id), foreign key (school, act) references act (school, act));
alter table act enable row level security, force row level security;
alter table mark enable row level security, force row level security;
create policy own on act using (school = nullif(current_setting('starboard.school', true), '')::bigint);
create policy own on mark using (school = nullif(current_setting('starboard.school', true), '')::bigint);
"#;

const GRANTS: &str =
    "grant usage on schema public to $app; grant select, insert, update, delete on act, mark to $app";

/// A sound database; `$app` in a text stands for the application's role.
fn sound() -> Option<TestDatabase> {
    let database = Server::of_this_run()?.database();
    let mut owner = Client::connect(database.owner_url(), NoTls).expect("the owner connects");
    owner.batch_execute(SOUND).expect("a sound schema");
    owner.batch_execute(&for_application(&database, GRANTS)).expect("grants");
    Some(database)
}

fn for_application(database: &TestDatabase, sql: &str) -> String {
    sql.replace("$app", &database.application())
}

/// What is broken, and the complaints that must be found, each by words of it.
const IN_THE_CATALOGUE: &[(&str, &[&str])] = &[
    ("alter table mark disable row level security", &["mark: row security is off"]),
    ("alter table mark no force row level security", &["mark: row security does not hold for the owner"]),
    ("drop policy own on mark", &["mark: 0 policies"]),
    ("create policy other on mark using (true)", &["mark: 2 policies"]),
    (
        "drop policy own on mark; create policy own on mark using (true)",
        &["mark: the policy own does not compare"],
    ),
    ("alter policy own on mark with check (true)", &["mark: the policy own does not compare"]),
    ("alter policy own on mark to $app", &["mark: the policy own is not for every"]),
    (
        "create table notice (school bigint primary key)",
        &["notice: row security is off", "notice: row security does not hold", "notice: 0 policies"],
    ),
    ("create table notice (number bigint primary key)", &["notice: no column says whose"]),
    (
        "create schema other; create table other.notice (number bigint)",
        &["other.notice: no column says whose"],
    ),
    ("create materialized view latest as select * from mark", &["latest: a materialised view"]),
    ("grant truncate on mark to $app", &["mark: the application may truncate"]),
    (
        "create function one() returns int language sql security definer as 'select 1'",
        &["one(): security definer"],
    ),
    (
        "alter role $app superuser",
        &[
            "act: the application may truncate",
            "mark: the application may truncate",
            "may superuser",
            "may create in the database",
            "may create in the schema",
        ],
    ),
    ("alter role $app bypassrls", &["may bypassrls"]),
    ("alter role $app createrole", &["may createrole"]),
    ("grant create on schema public to $app", &["may create in the schema"]),
    ("grant pg_read_all_data to $app", &["a member of pg_read_all_data"]),
    ("create schema other authorization $app", &["owns schema other"]),
    ("create sequence other; alter sequence other owner to $app", &["owns sequence other"]),
    ("alter table mark drop constraint mark_pkey", &["mark: the primary key () does not"]),
    (
        "alter table mark drop constraint mark_pkey, add primary key (student_id, school)",
        &["mark: the primary key (student_id, school) does not"],
    ),
    (
        "create unique index on act (act); alter table mark add constraint wide foreign key (act) references act (act)",
        &["mark: wide names act without the school"],
    ),
    (
        "alter table mark add constraint crossed foreign key (act, school) references act (school, act)",
        &["mark: crossed names act without the school"],
    ),
    ("alter table mark add reason text", &["mark.reason: ordered as default"]),
    (
        "alter table hosted_school add words text collate \"en-NZ-x-icu\"",
        &["hosted_school.words: ordered as en-NZ"],
    ),
];

/// What is broken, and the complaints of who tries the tables.
const IN_USE: &[(&str, &[&str])] = &[
    (
        "alter table mark disable row level security",
        &[
            "mark: shows rows without",
            "mark: takes a row without",
            "mark: lets a school give",
            "mark: shows a school another's",
            "mark: takes a row of another",
            "mark: shows rows after",
        ],
    ),
    // Held for the owner alone is nothing to the application.
    ("alter table mark no force row level security", &[]),
    (
        "alter policy own on mark with check (true)",
        &["mark: takes a row without", "mark: lets a school give", "mark: takes a row of another"],
    ),
    (
        "alter policy own on mark using (true)
            with check (school = nullif(current_setting('starboard.school', true), '')::bigint)",
        &["mark: shows rows without", "mark: shows a school another's", "mark: shows rows after"],
    ),
    // The empty text that a setting is after a transaction is no number.
    (
        "alter policy own on mark using (school = current_setting('starboard.school', true)::bigint)",
        &["mark: shows rows after a school's transaction (Failed"],
    ),
    (
        "alter policy own on mark using (school = current_setting('starboard.school')::bigint)",
        &[
            "mark: shows rows without a school (Failed",
            "mark: takes a row without a school (Failed",
            "mark: shows rows after a school's transaction (Failed",
        ],
    ),
    (
        "alter policy own on mark using (false)",
        &["mark: does not show a school its own", "mark: takes no row of the school's own"],
    ),
    (
        "revoke all on mark from $app",
        &[
            "mark: shows rows without a school (Refused",
            "mark: does not show a school its own",
            "mark: shows a school another's rows (Refused",
            "mark: takes no row",
            "mark: shows rows after a school's transaction (Refused",
        ],
    ),
    ("alter table mark add constraint never check (act = 5)", &["mark: no example of a row"]),
];

fn assert_found(broken: &str, complaints: &[String], words: &[&str]) {
    assert_eq!(complaints.len(), words.len(), "{broken}: {complaints:#?}");
    for (complaint, word) in complaints.iter().zip(words) {
        assert!(complaint.contains(word), "{broken}: {complaint:?} does not say {word:?}");
    }
}

#[test]
fn a_sound_catalogue_gives_no_complaint_and_each_fault_its_own() {
    let Some(database) = sound() else { return };
    let mut superuser = database.superuser();
    let application = database.application();
    let catalogue = Catalogue::read(&mut superuser, &application);
    assert_eq!(catalogue.tenant_tables().count(), 2);
    assert_found("sound", &checks::complaints(&catalogue), &[]);
    for (broken, words) in IN_THE_CATALOGUE {
        let mut transaction = superuser.transaction().expect("a transaction");
        transaction.batch_execute(&for_application(&database, broken)).expect(broken);
        let catalogue = Catalogue::read(&mut transaction, &application);
        assert_found(broken, &checks::complaints(&catalogue), words);
        transaction.rollback().expect("sound again");
    }
}

#[test]
fn a_sound_database_tells_schools_apart_and_each_fault_is_noticed() {
    let Some(database) = sound() else { return };
    assert_found("sound", &context::complaints(&database), &[]);
    for (broken, words) in IN_USE {
        let Some(database) = sound() else { return };
        database.superuser().batch_execute(&for_application(&database, broken)).expect(broken);
        assert_found(broken, &context::complaints(&database), words);
    }
}
