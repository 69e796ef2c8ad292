//! A OneRoster package as an import and as an arrival, and the service that one is fetched from.

use app::{
    Actor, AppError, ArrivalState, Door, ImportKind, NewRoster, OneRosterSettings, RosterOptions,
    RosterPackage, RosterReport, RosterTerms,
};
use domain::{Instant, Zone};
use testkit::{Engine, TestSchool, instant, student_id};

const NOW: &str = "2026-05-08T15:10:00+12:00";
const TERMS: &str = "term,first_day,last_day\n2026-T2,2026-04-20,2026-07-03\n";
const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,\
middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n";
const CLASSES: &str = "sourcedId,status,dateLastModified,title,classType,schoolSourcedId\n\
c-9,,,9KO,homeroom,o\nc-10,,,10MA,homeroom,o\n";
const ENROLMENTS: &str = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n";

fn user(number: u32, role: &str) -> String {
    format!("u-{number},,,true,o,{role},,,Name{number},Family{number},,{number},,,,,9,CANARY\n")
}

fn school(engine: Engine) -> TestSchool {
    let school = TestSchool::empty_on(engine, Zone::Auckland, None, instant(TestSchool::MADE_AT));
    assert!(school.import(instant(NOW), ImportKind::Terms, TERMS).stored);
    school
}

fn package(files: &[(&str, String)]) -> NewRoster {
    let mut package = RosterPackage::default();
    for (name, text) in files {
        package.put(name, text.clone().into_bytes()).expect("each file once");
    }
    NewRoster::of_package(&package, Zone::Auckland, "roster.zip", "oneroster", RosterOptions::default())
}

/// Twelve students in 9KO and a teacher.
fn bulk(leave_out: &[u32]) -> NewRoster {
    let kept: Vec<u32> = (1..=12).filter(|number| !leave_out.contains(number)).collect();
    let students: String = kept.iter().map(|number| user(*number, "student")).collect();
    let enrolled: String =
        kept.iter().map(|number| format!("e-{number},,,c-9,o,u-{number},student,,2026-02-02,\n")).collect();
    package(&[
        ("users.csv", format!("{USERS}{students}{}", user(50, "teacher"))),
        ("classes.csv", CLASSES.to_owned()),
        ("enrollments.csv", format!("{ENROLMENTS}{enrolled}e-50,,,c-9,o,u-50,teacher,,,\n")),
    ])
}

fn import(
    school: &TestSchool,
    now: Instant,
    new: NewRoster,
    terms: RosterTerms,
) -> Result<RosterReport, AppError> {
    school.school.import_roster(&Actor::Operator, now, new, terms)
}

/// Group and last day of a student.
fn student(school: &TestSchool, id: &str) -> (String, Option<String>) {
    let number = school.school.number();
    school
        .app
        .store()
        .read(number, |tx| {
            let row = store::people::student(tx, number, &student_id(id))?.expect("a student");
            let spells = store::people::spells(tx, number, store::ALWAYS)?;
            let last = spells
                .iter()
                .rfind(|spell| spell.student_id == row.id)
                .and_then(|spell| spell.spell.last_day);
            Ok::<_, store::StoreError>((row.group, last.map(|date| date.to_string())))
        })
        .expect("read")
}

#[test]
fn a_package_is_imported_once_and_the_same_again_changes_nothing() {
    for engine in testkit::engines() {
        let school = school(engine);
        let now = instant(NOW);
        let report = import(&school, now, bulk(&[]), RosterTerms::default()).expect("imported");
        assert!(report.import.stored && report.is_whole, "{report:?}");
        assert_eq!((report.import.changed, report.counts.students, report.counts.staff), (13, 12, 1));
        assert_eq!(student(&school, "3"), ("9KO".to_owned(), None));
        let before = school.everything(now);
        assert!(import(&school, now, bulk(&[]), RosterTerms::default()).expect("known").import.was_known);
        let tomorrow = now.plus_seconds(86_400);
        let again = RosterTerms { again: true, ..RosterTerms::default() };
        assert_eq!(import(&school, tomorrow, bulk(&[]), again).expect("imported").import.changed, 0);
        assert_eq!(school.everything(now), before);
        assert_eq!(school.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn r46_who_is_missing_from_a_whole_package_leaves_and_many_only_when_it_is_confirmed() {
    for engine in testkit::engines() {
        let school = school(engine);
        let now = instant(NOW);
        import(&school, now, bulk(&[]), RosterTerms::default()).expect("imported");
        let refused = import(&school, now, bulk(&[1, 2]), RosterTerms::default());
        assert!(matches!(refused, Err(AppError::Confirm(_))), "{refused:?}");
        assert_eq!(student(&school, "1").1, None);
        let one = import(&school, now, bulk(&[1]), RosterTerms::default()).expect("imported");
        assert_eq!(one.import.changes.students.leaving.count, 1);
        assert_eq!(student(&school, "1").1.as_deref(), Some("2026-05-07"));
        let confirmed = RosterTerms { leaving_confirmed: true, ..RosterTerms::default() };
        import(&school, now, bulk(&[1, 2, 3]), confirmed).expect("imported");
        assert_eq!(student(&school, "3").1.as_deref(), Some("2026-05-07"));
        assert_eq!(student(&school, "4").1, None);
    }
}

#[test]
fn a_row_that_cannot_be_read_stores_nothing_or_lets_nobody_leave() {
    let school = school(Engine::Sqlite);
    let now = instant(NOW);
    import(&school, now, bulk(&[]), RosterTerms::default()).expect("imported");
    let broken = || package(&[("users.csv", format!("{USERS}{}u-90,,,true,o\n", user(1, "student")))]);
    let refused = import(&school, now, broken(), RosterTerms::default()).expect("a report");
    assert!(!refused.import.stored && refused.problem_count == 1);
    assert!(refused.problems[0].to_string().starts_with("users.csv:3: row: "), "{:?}", refused.problems);
    let skip = RosterTerms { skip_bad_rows: true, ..RosterTerms::default() };
    for _ in 0..2 {
        let stored = import(&school, now, broken(), skip).expect("a report");
        assert!(stored.import.stored && !stored.is_whole && stored.problem_count == 1, "told every time");
    }
    assert_eq!(student(&school, "5").1, None);
}

#[test]
fn a_delta_is_read_with_what_earlier_packages_said() {
    for engine in testkit::engines() {
        let school = school(engine);
        let now = instant(NOW);
        import(&school, now, bulk(&[]), RosterTerms::default()).expect("imported");
        let manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,delta\n\
            file.enrollments,delta\n";
        let users = format!("{USERS}{}", user(7, "student").replace("u-7,,,", "u-7,tobedeleted,2026-05-06,"));
        let enrolled = format!(
            "{ENROLMENTS}e-4,tobedeleted,2026-05-06,c-9,o,u-4,student,,,\ne-40,active,2026-05-06,c-10,o,u-4,student,,2026-05-06,\n"
        );
        let delta = package(&[
            ("manifest.csv", manifest.to_owned()),
            ("users.csv", users),
            ("enrollments.csv", enrolled),
        ]);
        let report = import(&school, now, delta, RosterTerms::default()).expect("imported");
        assert_eq!((report.problem_count, report.import.changed), (0, 2), "{report:?}");
        assert_eq!(student(&school, "4"), ("10MA".to_owned(), None));
        assert_eq!(student(&school, "7"), ("9KO".to_owned(), Some("2026-05-06".to_owned())));
        assert_eq!(student(&school, "5"), ("9KO".to_owned(), None));
    }
}

#[test]
fn r14_a_roster_that_was_fetched_is_an_arrival_and_waits_when_many_would_leave() {
    for engine in testkit::engines() {
        let school = school(engine);
        let now = instant(NOW);
        let receive = |new: NewRoster| {
            let report = school.school.receive_roster(&Actor::Operator, now, new, Door::OneRoster, true);
            let id = report.expect("received").arrival.expect("an arrival");
            school.school.work_arrivals(now).expect("worked");
            school.school.arrival(&Actor::Operator, now, &id).expect("an arrival")
        };
        let row = receive(bulk(&[]));
        assert_eq!((row.state, row.changed, row.door.as_str()), (ArrivalState::Stored, 13, "oneroster"));
        let row = receive(bulk(&[1, 2]));
        assert_eq!(row.state, ArrivalState::Review, "{row:?}");
        assert_eq!(student(&school, "1").1, None);
        let imports = school.school.imports(&Actor::Operator, now).expect("imports");
        let (file, _) = imports.first().expect("an import");
        assert_eq!(
            (file.source.as_str(), file.door.as_str(), file.notice.as_str()),
            ("oneroster", "oneroster", "1")
        );
        // Nothing that changed is nothing that comes.
        let manifest = "propertyName,value\noneroster.version,1.1\nfile.users,delta\n".to_owned();
        let nothing = package(&[("manifest.csv", manifest), ("users.csv", USERS.to_owned())]);
        let report = school.school.receive_roster(&Actor::Operator, now, nothing, Door::OneRoster, true);
        assert_eq!(report.expect("received").arrival, None);
    }
}

#[test]
fn a_zip_that_a_person_brings_waits_for_them() {
    let school = school(Engine::Sqlite);
    let now = instant(NOW);
    let zip = include_bytes!("../../interop/tests/corpus/oneroster/package.zip");
    let options = RosterOptions::default();
    let report =
        school.school.bring_oneroster(&Actor::Operator, now, ("roster.zip", zip), options.clone(), false);
    let id = report.expect("brought").arrival.expect("an arrival");
    let review = school.school.review_arrival(&Actor::Operator, now, &id, false).expect("a review");
    assert_eq!((review.report.changes.students.new.count, review.report.changes.staff.new.count), (3, 2));
    let refused =
        school.school.bring_oneroster(&Actor::Operator, now, ("roster.zip", b"hello"), options, false);
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
}

fn settings() -> OneRosterSettings {
    OneRosterSettings {
        base: "https://sms.example/ims/oneroster/v1p1".into(),
        version: "1.1".into(),
        token_at: "https://sms.example/token".into(),
        client: "kura".into(),
        secret: "secret-CANARY".into(),
        org: String::new(),
        student_id: "sourcedId".into(),
        identifier_is_nsn: false,
        is_on: true,
    }
}

#[test]
fn r36_the_secret_is_sealed_never_shown_and_not_sent_to_another_address() {
    let school = school(Engine::Sqlite);
    let now = instant(NOW);
    let set = |settings: OneRosterSettings| school.school.set_oneroster(&Actor::Operator, now, settings);
    let fields = |outcome: Result<(), AppError>| match outcome {
        Err(AppError::Invalid(fields)) => fields.iter().map(|field| field.name).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields(set(OneRosterSettings { secret: String::new(), ..settings() })), ["secret"]);
    let wrong = OneRosterSettings {
        base: "http://sms.example".into(),
        token_at: "https://id:pw@sms.example".into(),
        version: "2".into(),
        client: String::new(),
        student_id: "name".into(),
        ..settings()
    };
    assert_eq!(fields(set(wrong)), ["base", "token_at", "version", "client", "student_id"]);
    set(settings()).expect("set");
    let number = school.school.number();
    let row = school
        .app
        .store()
        .read(number, |tx| store::oneroster::get(tx, number))
        .expect("read")
        .expect("a row");
    assert!(!row.sealed.is_empty() && !row.sealed.contains("CANARY"));
    let view = school.school.oneroster(&Actor::Operator, now).expect("a view");
    assert!(!format!("{view:?} {row:?}").contains("CANARY"));
    assert!(view.service.is_some_and(|service| service.secret_entered_at == Some(now) && service.secret_problem.is_none()));
    // What stays needs no secret; where it would be sent to does.
    let without = OneRosterSettings { secret: String::new(), org: "o-2".into(), ..settings() };
    set(without.clone()).expect("set");
    let elsewhere = OneRosterSettings { token_at: "https://elsewhere.example/token".into(), ..without };
    assert_eq!(fields(set(elsewhere)), ["secret"]);
    let order = school.school.take_roster_order(now).expect("an order").expect("one is due");
    assert_eq!(
        (order.secret.as_str(), order.since, order.options.org.as_deref()),
        ("secret-CANARY", None, Some("o-2"))
    );
    assert!(!format!("{order:?}").contains("CANARY"));
}

#[test]
fn what_is_fetched_goes_on_from_the_last_time_and_silence_is_told() {
    let school = school(Engine::Sqlite);
    let now = instant(NOW);
    let day = 86_400;
    let take = |at: Instant| school.school.take_roster_order(at).expect("an order");
    assert!(take(now).is_none());
    assert!(matches!(school.school.ask_for_roster(&Actor::Operator, now), Err(AppError::Invalid(_))));
    school.school.set_oneroster(&Actor::Operator, now, settings()).expect("set");
    assert!(take(now).is_some_and(|order| order.since.is_none()));
    assert!(take(now).is_none(), "once a night");
    school.school.note_roster(now, true, "12 students").expect("noted");
    let next = now.plus_seconds(day);
    assert!(take(next).is_some_and(|order| order.since == Some(now.plus_seconds(-3_600))));
    school.school.note_roster_trouble(next, "no answer", true).expect("noted");
    assert!(take(next.plus_seconds(3_599)).is_none());
    assert!(take(next.plus_seconds(3_600)).is_some());
    school.school.note_roster_trouble(next, "the secret is wrong", false).expect("noted");
    assert!(take(next.plus_seconds(7_200)).is_none(), "only a person can mend that");
    let silence = |at: Instant| school.school.oneroster(&Actor::Operator, at).expect("a view").silence;
    assert_eq!(silence(now.plus_seconds(2 * day - 1)), None);
    let told = silence(now.plus_seconds(2 * day)).expect("told");
    assert_eq!((told.since, told.problem.as_str()), (Some(now), "the secret is wrong"));
    let today = school.school.today(&Actor::Operator, now.plus_seconds(2 * day)).expect("today");
    assert_eq!(today.roster, Some(told));
    school.school.ask_for_roster(&Actor::Operator, next).expect("asked");
    assert!(take(next.plus_seconds(7_300)).is_some_and(|order| order.since.is_none()), "all of it");
    school.school.note_roster(next, true, "12 students").expect("noted");
    assert_eq!(silence(now.plus_seconds(2 * day)), None);
}
