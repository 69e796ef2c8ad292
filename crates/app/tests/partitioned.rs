//! A server's largest tables in partitions by the school: the recipe of the guide, and the same acts on
//! both sides of it.

use app::{Actor, App, RollEntry, ServerAddress, TakeRoll};
use domain::Instant;
use testkit::postgres::{Server, TestDatabase};
use testkit::{TestSchool, half_day, instant, student_id};

const RECIPE: &str = include_str!("../../../docs/guide/partition.sql");

const NOW: &str = "2026-05-18T15:00:00+12:00";

fn prepare(database: &TestDatabase) {
    let owner = ServerAddress::parse(database.owner_url()).expect("an address");
    App::prepare(&owner, &database.application()).expect("prepared");
}

fn now() -> Instant {
    instant(NOW)
}

/// Some days of a school: marks that reach a threshold, a roll, and a correction.
fn live(school: &TestSchool, from: i8) {
    school.mark_days(now(), "101", ("2026-05", from, from + 2), 'T');
    let entry = |id: &&str| RollEntry { student_id: student_id(id), letter: Some('P'), seen_version: 0 };
    let roll = TakeRoll {
        group: "10B".to_owned(),
        half_day: half_day(&format!("2026-05-{from:02} am")),
        period: None,
        entries: ["201", "202"].iter().map(entry).collect(),
        key: format!("{from}"),
    };
    assert_eq!(school.school.take_roll(&Actor::Operator, now(), roll).expect("saved"), 2);
    let corrected =
        school.correct(&Actor::Operator, now(), "101", half_day(&format!("2026-05-{from:02} pm")), Some('D'));
    assert!(corrected.expect("corrected"));
}

#[test]
fn a_database_in_partitions_holds_the_same_school() {
    let Some(server) = Server::of_this_run() else { return };
    let database = server.database();
    prepare(&database);
    let connect =
        || App::connect(&ServerAddress::parse(database.url()).expect("an address")).expect("connected");
    let hosted = TestSchool::in_memory_of(connect());
    live(&hosted, 4);
    let before = hosted.everything(now());

    // As a host does it: the owner runs the recipe, and migrates once more.
    let mut owner = postgres::Client::connect(database.owner_url(), postgres::NoTls).expect("connected");
    let mut transaction = owner.transaction().expect("a transaction");
    transaction.batch_execute(RECIPE).expect("the recipe");
    transaction.commit().expect("kept");
    let refused = hosted.school.roll(&Actor::Operator, now(), "10B", half_day("2026-05-04 am"), None);
    assert!(refused.is_err(), "no rights before it is migrated");
    prepare(&database);

    let again = TestSchool { app: connect(), ..hosted };
    let school = again.app.school(None).expect("the school");
    let again = TestSchool { school, ..again };
    assert_eq!(again.everything(now()), before, "nothing was lost on the way");
    live(&again, 11);
    assert_eq!(again.school.check_derived().expect("a check"), []);
    let embedded = TestSchool::new();
    live(&embedded, 4);
    live(&embedded, 11);
    assert_eq!(again.everything(now()), embedded.everything(now()), "the same as in a file");

    assert_guarded(&database);
}

/// One school's marks are in one partition, which alone is asked, and the application cannot go to a
/// partition around its table.
fn assert_guarded(database: &TestDatabase) {
    let mut superuser = database.superuser();
    let count =
        |client: &mut postgres::Client, sql: &str| -> i64 { client.query_one(sql, &[]).expect(sql).get(0) };
    assert_eq!(count(&mut superuser, "select count(distinct tableoid) from mark"), 1);
    assert_eq!(
        count(&mut superuser, "select count(*) from pg_class where relispartition and relkind = 'r'"),
        16 * 6
    );
    let plan = "explain select code from mark where school = 189 and date = '2026-05-04'";
    let lines = superuser.query(plan, &[]).expect("a plan");
    let asked = lines.iter().filter(|line| line.get::<_, String>(0).contains(" on mark_")).count();
    assert_eq!(asked, 1, "{lines:?}");
    let foreign = "select count(*) from pg_constraint where contype = 'f' and conparentid = 0 \
        and (conrelid in ('mark'::regclass, 'response'::regclass) or confrelid = 'response'::regclass)";
    assert_eq!(count(&mut superuser, foreign), 3, "foreign keys are back");
    let mut application = postgres::Client::connect(database.url(), postgres::NoTls).expect("connected");
    assert_eq!(count(&mut application, "select count(*) from mark"), 0, "row security is on");
    let direct = application.query("select * from mark_0", &[]).expect_err("refused");
    assert!(
        direct.as_db_error().is_some_and(|error| error.message().contains("permission denied")),
        "{direct}"
    );
    for history in ["update mark set code = 'P'", "delete from mark"] {
        application.batch_execute(history).expect_err("history is not changed");
    }
}
