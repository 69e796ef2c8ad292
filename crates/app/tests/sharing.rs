//! What is owed to the Ministry: every version numbered without gaps, the latest of each fact the
//! one that holds, and nothing private in any byte. Requirements R01 and R02.

use app::{Actor, AppError, ExportKind, RecordReason, RecordResponse, ReviseResponse, Target};
use domain::{Date, HalfDay, Instant, ResponseType, Threshold};
use outbox::Streams;
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::outbox::{OutboxEntry, OutboxFact};
use testkit::random::{Pair, case};
use testkit::{Engine, TestSchool, cases, engines, half_day, instant, student_id};

fn entries(school: &TestSchool) -> Vec<OutboxEntry> {
    let number = school.school.number();
    let read = school.app.store().read(number, |tx| {
        let epoch = store::school::progress(tx, number)?.epoch;
        store::outbox::after(tx, number, epoch, 0, i64::MAX)
    });
    read.expect("the outbox")
}

/// The latest of each fact, by its key.
fn latest(entries: &[OutboxEntry]) -> BTreeMap<(&'static str, String), OutboxFact> {
    entries.iter().map(|entry| ((entry.fact.kind(), entry.fact.key()), entry.fact.clone())).collect()
}

/// The half-days that hold a value: student, half-day, class, code.
fn held(pair: &Pair) -> BTreeMap<(String, String), (String, String)> {
    let (date, half) = pair.latest.slot();
    let mut held = BTreeMap::new();
    for term in pair.model.terms() {
        for row in pair.model.half_days(term, (date, half)).into_iter().filter(|row| !row[3].is_empty()) {
            let [student, date, half, class, code] = <[String; 5]>::try_from(row).expect("five cells");
            held.insert((student, format!("{date} {half}")), (class, code));
        }
    }
    held
}

fn told(
    facts: &BTreeMap<(&'static str, String), OutboxFact>,
) -> BTreeMap<(String, String), (String, String)> {
    let attendance = facts.values().filter_map(|fact| match fact {
        OutboxFact::Attendance { student_id, half_day, value: Some((code, class)) } => Some((
            (student_id.to_string(), half_day.to_string()),
            (class.letter().to_string(), code.map_or_else(String::new, String::from)),
        )),
        _ => None,
    });
    attendance.collect()
}

/// The crossings that stand, as the Ministry would know them.
fn crossings_told(
    school: &TestSchool,
    facts: &BTreeMap<(&'static str, String), OutboxFact>,
) -> BTreeMap<(String, String, String), (String, String)> {
    let number = school.school.number();
    let mut told = BTreeMap::new();
    for fact in facts.values() {
        let OutboxFact::Crossing { student_id, term, threshold, event } = fact else { continue };
        let row = school
            .app
            .store()
            .read(number, |tx| store::derived::event(tx, number, *term, student_id, *threshold, *event));
        let row = row.expect("a read").expect("every entry names an event that is there");
        let key = (student_id.to_string(), term.to_string(), threshold.days().to_string());
        told.insert(key, (row.kind.state().text().to_owned(), row.reached.half_day.to_string()));
    }
    told
}

proptest! {
    #![proptest_config(cases(96, 50_000))]

    #[test]
    fn what_was_told_last_is_what_holds_and_numbers_have_no_gaps(case in case(12)) {
        let mut pair = Pair::new(&case);
        for step in &case.steps {
            pair.step(step).map_err(TestCaseError::fail)?;
        }
        // What the clock alone brings is told too.
        pair.moment = pair.latest;
        pair.apply(&testkit::model::Act::Pass).map_err(TestCaseError::fail)?;
        let entries = entries(&pair.school);
        prop_assert!((1..).zip(&entries).all(|(seq, entry)| seq == entry.seq), "the numbers have gaps");
        let facts = latest(&entries);
        prop_assert_eq!(told(&facts), held(&pair));
        let mut expected = BTreeMap::new();
        for term in pair.model.terms() {
            for row in pair.model.crossings(term, pair.latest.slot()) {
                let key = (row[0].clone(), row[1].clone(), row[2].clone());
                expected.insert(key, (row[3].clone(), format!("{} {}", row[4], row[5])));
            }
        }
        prop_assert_eq!(crossings_told(&pair.school, &facts), expected);
        let closed: BTreeMap<HalfDay, String> = pair.school.school.calendar().expect("a calendar").closures()
            .into_iter().map(|closure| (closure.half_day, closure.reason)).collect();
        let told_closed: BTreeMap<HalfDay, String> = facts.values().filter_map(|fact| match fact {
            OutboxFact::Closure { half_day, reason: Some(reason) } => Some((*half_day, reason.clone())),
            _ => None,
        }).collect();
        prop_assert_eq!(told_closed, closed);

        // A new epoch says it all again, and no more than holds.
        pair.school.school.begin_epoch(&Actor::Operator, pair.now()).expect("a new epoch");
        let again = self::entries(&pair.school);
        prop_assert!((1..).zip(&again).all(|(seq, entry)| seq == entry.seq));
        prop_assert_eq!(told(&latest(&again)), held(&pair));
    }
}

/// A correction is told in the next delivery exactly once. Requirement R13.
#[test]
fn a_corrected_mark_is_owed_once() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-05-08T15:10:00+12:00");
        school.mark_days(now, "101", ("2026-05", 4, 4), 'T');
        assert_eq!(entries(&school).len(), 2);
        school
            .correct(&school.staff("office"), now, "101", half_day("2026-05-04 am"), Some('M'))
            .expect("corrected");
        let entries = entries(&school);
        assert_eq!(entries.len(), 3);
        let slot = |entry: &OutboxEntry| {
            matches!(&entry.fact,
        OutboxFact::Attendance { half_day: told, value: Some((Some('M'), _)), .. } if *told == half_day("2026-05-04 am"))
        };
        assert_eq!(entries.iter().filter(|entry| slot(entry)).count(), 1);
    }
}

/// Days that change hands between two terms stay told, whichever way they go.
#[test]
fn a_day_that_another_term_takes_over_is_still_told() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-07-24T15:10:00+12:00");
        let terms = |first_last: &str, second_first: &str| {
            let rows = format!("2026-T2,2026-04-20,{first_last}\n2026-T3,{second_first},2026-09-25");
            let report =
                school.import(now, app::ImportKind::Terms, &format!("term,first_day,last_day\n{rows}\n"));
            assert!(report.stored, "{:?}", report.problems);
        };
        let told = || {
            let facts = latest(&entries(&school));
            let key = ("attendance", "101/2026-07-03 am".to_owned());
            matches!(facts.get(&key), Some(OutboxFact::Attendance { value: Some((Some('T'), _)), .. }))
        };
        terms("2026-07-03", "2026-07-20");
        school.mark(now, "101,2026-07-03,am,T\n101,2026-07-20,am,P");
        assert!(told());
        terms("2026-07-02", "2026-07-03");
        assert!(told(), "the later term took it over");
        terms("2026-07-03", "2026-07-06");
        assert!(told(), "the earlier term took it back");
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";

/// A school with a week of absence, a response and its revision, and a reason: each private text
/// is `secret`.
fn confided(engine: Engine, secret: &str) -> TestSchool {
    let school = TestSchool::on(engine);
    let (teacher, office, now) = (school.staff("teacher"), school.staff("office"), instant(MONDAY));
    school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    let response = RecordResponse {
        targets: vec![Target {
            student_id: student_id("101"),
            term: None,
            threshold: Some(Threshold::FIVE),
            step: None,
        }],
        also: Vec::new(),
        kind: ResponseType::ConversationWithWhanau,
        description: String::new(),
        done_at: instant(FRIDAY),
        note: secret.to_owned(),
        confirmed: false,
        key: "k".to_owned(),
    };
    let id = school.school.record_response(&teacher, now, response).expect("recorded").remove(0);
    let revision = ReviseResponse {
        id,
        seen_version: 1,
        kind: ResponseType::Other,
        description: String::new(),
        done_at: instant(FRIDAY),
        note: secret.to_owned(),
        confirmed: false,
    };
    school.school.revise_response(&office, now, revision).expect("revised");
    let reason = RecordReason {
        student_id: student_id("101"),
        half_days: vec![half_day("2026-05-04 am")],
        reason: secret.to_owned(),
        given_by: secret.to_owned(),
        given_how: secret.to_owned(),
        given_at: None,
        letter: Some('M'),
        key: "r".to_owned(),
    };
    school.school.record_reason(&office, now, reason).expect("recorded");
    school
}

/// Exactly the bytes that would leave.
fn bytes_that_leave(school: &TestSchool, now: Instant) -> Vec<Vec<u8>> {
    let calendar = school.school.calendar().expect("a calendar");
    outbox::preview(&school.app.store(), school.school.number(), calendar, now, Streams::BOTH).expect("bytes")
}

/// Whether a secret stands in bytes: raw, escaped for JSON, in hexadecimal, or in UTF-16.
fn holds(bytes: &[u8], secret: &str) -> bool {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = secret
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", c as u32) })
        .collect();
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    [secret.as_bytes(), hex.as_bytes(), escaped.as_bytes(), &utf16].into_iter().any(found)
}

#[test]
fn no_note_and_no_reason_stands_in_any_byte_that_leaves_or_in_any_export() {
    let secret = "kānuka-7319-lantern";
    for school in engines().map(|engine| confided(engine, secret)) {
        let now = instant("2026-05-11T18:05:00+12:00");
        let batches = bytes_that_leave(&school, now);
        assert!(!batches.is_empty() && batches.iter().any(|bytes| holds(bytes, "\"other\"")));
        assert!(!batches.iter().any(|bytes| holds(bytes, secret)), "a secret would leave");
        assert!(!holds(school.everything(now).as_bytes(), secret));
        assert!(!holds(format!("{:?}", school.trace(now, "101")).as_bytes(), secret));
        // The acts, which are shown to administrators, name ids alone.
        let number = school.school.number();
        let acts = school.app.store().read(number, |tx| store::act::all(tx, number)).expect("acts");
        assert!(acts.len() > 5 && !holds(format!("{acts:?}").as_bytes(), secret));
        // What reads a note prints it nowhere by accident.
        let view =
            school.school.student(&school.staff("teacher"), now, &student_id("101"), None).expect("a view");
        assert!(!holds(format!("{:?}", view.responses).as_bytes(), secret));
        assert!(!holds(
            format!("{:?}", school.school.today(&school.staff("office"), now)).as_bytes(),
            secret
        ));
        // The twin that must find it: those who may read it do.
        let notes = school.school.notes(&school.staff("teacher"), now, &student_id("101")).expect("notes");
        assert!(notes.len() == 2 && notes.iter().all(|note| note.text == secret));
    }
}

#[test]
fn no_error_repeats_a_note_or_a_reason() {
    let secret = "kānuka-7319-lantern";
    for school in engines().map(|engine| confided(engine, secret)) {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let request = |student: &str, threshold: Option<Threshold>, note: &str, key: &str| RecordResponse {
            targets: vec![Target { student_id: student_id(student), term: None, threshold, step: None }],
            also: Vec::new(),
            kind: ResponseType::Other,
            description: String::new(),
            done_at: now,
            note: note.to_owned(),
            confirmed: false,
            key: key.to_owned(),
        };
        let long = secret.repeat(300);
        let reason = |text: &str, half: &str| RecordReason {
            student_id: student_id("101"),
            half_days: vec![half_day(half)],
            reason: text.to_owned(),
            given_by: secret.repeat(9),
            given_how: String::new(),
            given_at: None,
            letter: Some('M'),
            key: String::new(),
        };
        let record =
            |request: RecordResponse| school.school.record_response(&teacher, now, request).map(drop);
        let errors: Vec<AppError> = [
            record(request("201", None, secret, "")),
            record(request("101", Some(Threshold::TEN), secret, "")),
            record(request("101", None, &long, "")),
            record(request("101", None, secret, "k")),
            school.school.record_reason(&school.staff("office"), now, reason(&long, "2026-05-04 am")),
            school.school.record_reason(&school.staff("office"), now, reason(secret, "2026-05-04 am")),
            school.school.record_reason(&school.staff("office"), now, reason(secret, "2026-05-09 am")),
            school.school.withdraw_response(&teacher, now, "none".to_owned(), 1, secret.to_owned()).map(drop),
        ]
        .into_iter()
        .filter_map(Result::err)
        .collect();
        assert_eq!(errors.len(), 8, "{errors:?}");
        for error in errors {
            assert!(!holds(format!("{error} {error:?}").as_bytes(), secret), "{error}");
        }
    }
}

/// Non-interference: another note, the same bytes. Requirement R01.
#[test]
fn the_bytes_that_leave_are_the_same_whatever_the_notes_say() {
    let now = instant("2026-05-11T18:05:00+12:00");
    let expected = bytes_that_leave(&confided(Engine::Sqlite, "a"), now);
    for engine in engines() {
        for secret in ["b", "a much longer note, with \"quotes\" and ā", "{\"student\":{}}"] {
            assert_eq!(bytes_that_leave(&confided(engine, secret), now), expected, "{secret}");
        }
    }
}

#[test]
fn a_response_without_a_crossing_is_not_shared_and_a_look_keeps_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(MONDAY);
        let response = RecordResponse {
            targets: vec![Target { student_id: student_id("101"), term: None, threshold: None, step: None }],
            also: Vec::new(),
            kind: ResponseType::PositiveReinforcement,
            description: String::new(),
            done_at: now,
            note: String::new(),
            confirmed: false,
            key: String::new(),
        };
        school.school.record_response(&school.staff("teacher"), now, response).expect("recorded");
        assert_eq!(entries(&school).len(), 0);
        let (first, second) = (bytes_that_leave(&school, now), bytes_that_leave(&school, now));
        assert_eq!(first, second);
        assert_eq!(entries(&school).len(), 0);
        assert!(school.export(now, ExportKind::Responses)[0].ends_with(",not_shared,recorded"));
    }
}

#[test]
fn sharing_is_switched_by_administrators_to_safe_addresses_alone() {
    for school in TestSchool::on_each_engine() {
        let now = instant(MONDAY);
        let switch = |who: &str, on: bool, to: &str| {
            school.school.set_sharing(&school.staff(who), now, on, on, to.to_owned())
        };
        for who in ["teacher", "dean", "office", "leader", "principal"] {
            assert!(
                matches!(switch(who, true, "https://ministry.example"), Err(AppError::Denied(_))),
                "{who}"
            );
        }
        assert!(matches!(switch("admin", true, "http://ministry.example"), Err(AppError::Invalid(_))));
        let ask = |who: &str| school.school.ask_to_send(&school.staff(who), now);
        assert!(matches!(ask("office"), Err(AppError::Invalid(_))), "sharing is off");
        switch("admin", true, "https://ministry.example").expect("switched on");
        ask("office").expect("asked");
        assert!(matches!(ask("teacher"), Err(AppError::Denied(_))));
        assert!(school.school.take_send_request().expect("an answer"));
        assert!(
            !school.school.take_send_request().expect("an answer"),
            "asking is over once it was answered"
        );
    }
}

#[test]
fn a_school_date_is_never_taken_through_utc() {
    // Nine in the morning in Auckland is the day before in UTC; so is a quarter to ten in Waitangi.
    for (zone, nine) in [
        (domain::Zone::Auckland, "2026-05-04T09:00:00+12:00"),
        (domain::Zone::Chatham, "2026-05-04T09:45:00+12:45"),
    ] {
        let school = TestSchool::empty(zone, None, instant("2026-04-15T09:00:00+12:00"));
        let now = instant(nine);
        school.import(
            now,
            app::ImportKind::Terms,
            "term,first_day,last_day\n2026-T2,2026-04-20,2026-07-03\n",
        );
        let students = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
                        1,,A,B,,9,9K,2026-01-27,\n";
        school.import(now, app::ImportKind::Students, students);
        school.mark(now, "1,2026-05-01,pm,T\n1,2026-05-04,am,T\n1,2026-05-04,pm,T");
        let rows = school.export(now, ExportKind::HalfDays);
        assert_eq!(rows.last().map(String::as_str), Some("1,2026-05-04,am,U,T"));
        let date: Date = "2026-05-04".parse().expect("a date");
        assert_eq!(school.school.settings().expect("settings").zone.date(now), date);
    }
}
