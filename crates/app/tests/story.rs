//! One school's story: from the first import over a crossing and its response to a correction
//! that takes it back and another that restores it.

use app::{Actor, AppError, ExportKind, ExportOptions, RecordResponse, Target};
use domain::{CrossingState, EventKind, ResponseType, Threshold};
use testkit::{TestSchool, half_day, instant, student_id, term_id};

fn response(student: &str, threshold: Option<Threshold>, done_at: &str, key: &str) -> RecordResponse {
    RecordResponse {
        targets: vec![Target { student_id: student_id(student), term: None, threshold, step: None }],
        also: Vec::new(),
        kind: ResponseType::ConversationWithWhanau,
        description: String::new(),
        done_at: instant(done_at),
        note: "Nan is looking after them this month".to_owned(),
        confirmed: false,
        key: key.to_owned(),
    }
}

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";
const TUESDAY: &str = "2026-05-12T09:30:00+12:00";
const WEDNESDAY: &str = "2026-05-13T09:30:00+12:00";

/// A school in which 101 was absent for the whole of a week, on each engine.
fn absent_for_a_week() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    })
}

#[test]
fn a_week_of_absence_is_a_crossing_and_a_task_until_somebody_responds() {
    for school in absent_for_a_week() {
        let (friday, monday) = (instant(FRIDAY), instant(MONDAY));
        assert_eq!(school.export(friday, ExportKind::Crossings), ["101,2026-T2,5,reached,2026-05-08,pm,10"]);
        let today = school.school.today(&school.staff("teacher"), monday).expect("today");
        let line = &today.lines[0];
        assert_eq!((today.lines.len(), line.student.id.as_str(), line.is_mine), (1, "101", true));
        assert_eq!((line.school_days_ago, line.task.is_late), (1, false));

        let recorded = school.school.record_response(
            &school.staff("teacher"),
            monday,
            response("101", Some(Threshold::FIVE), FRIDAY, "a"),
        );
        let ids = recorded.expect("recorded");
        assert!(school.school.today(&school.staff("teacher"), monday).expect("today").lines.is_empty());
        let rows = school.export(monday, ExportKind::Responses);
        let expected = format!(
            "{},101,2026-T2,5,Conversation with whānau,,{FRIDAY},{MONDAY},66.3,teacher,1,waiting,recorded",
            ids[0]
        );
        assert_eq!(rows, [expected]);
    }
}

#[test]
fn a_correction_withdraws_a_crossing_and_another_restores_it_and_the_response_stays() {
    for school in absent_for_a_week() {
        let teacher = school.staff("teacher");
        let recorded = response("101", Some(Threshold::FIVE), FRIDAY, "a");
        school.school.record_response(&teacher, instant(MONDAY), recorded).expect("recorded");

        let (tuesday, wednesday) = (instant(TUESDAY), instant(WEDNESDAY));
        let office = school.staff("office");
        let wrong = half_day("2026-05-06 am");
        assert!(school.correct(&office, tuesday, "101", wrong, Some('P')).expect("corrected"));
        assert_eq!(
            school.export(tuesday, ExportKind::Crossings),
            ["101,2026-T2,5,withdrawn,2026-05-08,pm,10"]
        );
        assert_eq!(school.export(tuesday, ExportKind::Responses).len(), 1);
        let today = school.school.today(&office, tuesday).expect("today");
        assert_eq!((today.lines.len(), today.moved_back.len()), (0, 1));
        assert_eq!((today.moved_back[0].cause, today.moved_back[0].responses), ("mark", 1));

        assert!(school.correct(&office, wednesday, "101", wrong, Some('M')).expect("corrected"));
        assert_eq!(
            school.export(wednesday, ExportKind::Crossings),
            ["101,2026-T2,5,reached,2026-05-08,pm,10"]
        );
        let view = school.school.student(&office, wednesday, &student_id("101"), None).expect("a student");
        let line = &view.crossings[0];
        let kinds: Vec<EventKind> = line.events.iter().map(|told| told.event.kind).collect();
        assert_eq!(kinds, [EventKind::Reached, EventKind::Withdrawn, EventKind::Restored]);
        assert_eq!(line.crossing.state, CrossingState::Reached);
        // The response froze the tally of its time and still completes the task.
        assert_eq!(view.responses[0].latest.absent_half_days, 10);
        assert!(school.school.today(&teacher, wednesday).expect("today").lines.is_empty());
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn exports_answer_by_an_earlier_date_and_by_an_earlier_knowledge() {
    for school in absent_for_a_week() {
        let tuesday = instant(TUESDAY);
        let office = school.staff("office");
        school.correct(&office, tuesday, "101", half_day("2026-05-04 am"), Some('P')).expect("corrected");
        let tally = |as_of: Option<&str>, known_at: Option<&str>| {
            let as_of = as_of.map(|date| date.parse().expect("a date"));
            let options = ExportOptions {
                term: term_id("2026-T2"),
                as_of,
                known_at: known_at.map(instant),
                local: false,
            };
            school.export_with(tuesday, ExportKind::Tallies, options)[0][8].clone()
        };
        assert_eq!(tally(None, None), "9");
        assert_eq!(tally(Some("2026-05-06"), None), "5");
        assert_eq!(tally(None, Some(MONDAY)), "10");
        assert_eq!(tally(Some("2026-05-06"), Some(MONDAY)), "6");
        assert_eq!(tally(None, Some("2026-05-08T15:09:59+12:00")), "0");
        assert_eq!(tally(None, Some(TUESDAY)), "9");
    }
}

#[test]
fn notes_are_read_by_those_who_may_and_every_reading_is_logged() {
    for school in absent_for_a_week() {
        let monday = instant(MONDAY);
        let teacher = school.staff("teacher");
        let recorded = response("101", Some(Threshold::FIVE), FRIDAY, "a");
        school.school.record_response(&teacher, monday, recorded).expect("recorded");
        let own =
            RecordResponse { note: "the office's own".to_owned(), ..response("101", None, FRIDAY, "b") };
        school.school.record_response(&school.staff("office"), monday, own).expect("recorded");

        let read = |who: &str| {
            let notes = school.school.notes(&school.staff(who), monday, &student_id("101"));
            notes.map(|notes| notes.into_iter().map(|note| note.text).collect::<Vec<_>>())
        };
        for (who, count) in [("teacher", 2), ("dean", 2), ("leader", 2), ("principal", 2)] {
            assert_eq!(read(who).expect("notes").len(), count, "{who}");
        }
        assert_eq!(read("office").expect("notes"), ["the office's own"]);
        assert!(matches!(read("other"), Err(AppError::NotFound(_))));
        assert!(matches!(read("admin"), Err(AppError::NotFound(_) | AppError::Denied(_))));
        let operator = school.school.notes(&Actor::Operator, monday, &student_id("101"));
        assert!(matches!(operator, Err(AppError::Denied(_))));
        let count = "select count(*) from note_read where school = $1";
        let logged = school.app.store().read(school.school.number(), |tx| {
            Ok::<_, store::StoreError>(tx.query(count, &[189_i64.into()])?)
        });
        let logged: i64 = logged.expect("a count")[0].take(0).expect("a number");
        assert_eq!(logged, 9);
    }
}

/// Who may do what: each act by each role, for a student of their own and of another group.
#[test]
fn each_role_may_do_its_own_and_nothing_else() {
    for school in absent_for_a_week() {
        school.mark_days(instant(FRIDAY), "201", ("2026-05", 4, 8), 'T');
        let now = instant(TUESDAY);
        let may = |who: &str, student: &str, act: &str| {
            let (actor, id) = (school.staff(who), student_id(student));
            let done = match act {
                "see" => school.school.student(&actor, now, &id, None).map(drop),
                "respond" => {
                    school.school.record_response(&actor, now, response(student, None, FRIDAY, "")).map(drop)
                }
                "correct" => {
                    let version = school.version(now, student, half_day("2026-05-07 am"));
                    let letter = Some(if version % 2 == 0 { 'T' } else { 'J' });
                    let correction = app::CorrectMark {
                        student_id: id,
                        half_day: half_day("2026-05-07 am"),
                        period: None,
                        letter,
                        seen_version: version,
                        key: String::new(),
                    };
                    school.school.correct_mark(&actor, now, correction).map(drop)
                }
                "notes" => school.school.notes(&actor, now, &id).map(drop),
                "nsn" => school.school.reveal_nsn(&actor, now, &id).map(drop),
                "today" => school.school.today(&actor, now).map(drop),
                "sharing" => school.school.sharing(&actor, now).map(drop),
                "calendar" => school.school.set_calendar(&actor, now, Vec::new()).map(drop),
                "descriptions" => school.school.retire_description(&actor, now, 1, false),
                "people" => school.school.people(&actor, now).map(drop),
                "switch" => school.school.set_sharing(&actor, now, false, false, String::new()),
                _ => school.school.imports(&actor, now).map(drop),
            };
            match done {
                Ok(()) => true,
                Err(AppError::Denied(_) | AppError::NotFound(_)) => false,
                Err(error) => panic!("{who} {act} {student}: {error}"),
            }
        };
        // For each role: what it may do for its own student (101), and for another's (201).
        let acts = [
            "see",
            "respond",
            "correct",
            "notes",
            "nsn",
            "today",
            "sharing",
            "calendar",
            "descriptions",
            "people",
            "switch",
            "import",
        ];
        for (who, own, others) in [
            ("teacher", "see respond notes today", "today"),
            ("dean", "see respond correct notes today", "today"),
            (
                "office",
                "see respond correct notes nsn today sharing calendar import",
                "see respond correct notes nsn today sharing calendar import",
            ),
            ("leader", "see respond correct notes today sharing", "see respond correct notes today sharing"),
            (
                "principal",
                "see respond correct notes today sharing",
                "see respond correct notes today sharing",
            ),
            (
                "admin",
                "today sharing calendar descriptions people switch import",
                "today sharing calendar descriptions people switch import",
            ),
        ] {
            for (student, allowed) in [("101", own), ("201", others)] {
                for act in acts {
                    let expected = allowed.split(' ').any(|word| word == act);
                    assert_eq!(may(who, student, act), expected, "{who} {act} {student}");
                }
            }
        }
    }
}

#[test]
fn somebody_who_is_not_on_the_staff_may_do_nothing() {
    for school in absent_for_a_week() {
        let stranger = school.staff("stranger");
        let now = instant(TUESDAY);
        assert!(school.school.today(&stranger, now).is_err());
        assert!(school.school.student(&stranger, now, &student_id("101"), None).is_err());
        assert!(school.school.record_response(&stranger, now, response("101", None, FRIDAY, "")).is_err());
    }
}

#[test]
fn what_was_recorded_waits_to_be_shared_and_is_not_shared_without_a_crossing() {
    for school in absent_for_a_week() {
        let monday = instant(MONDAY);
        let teacher = school.staff("teacher");
        for (threshold, key) in [(Some(Threshold::FIVE), "a"), (None, "b")] {
            let recorded = response("101", threshold, FRIDAY, key);
            school.school.record_response(&teacher, monday, recorded).expect("recorded");
        }
        let view = school.school.student(&teacher, monday, &student_id("101"), None).expect("a student");
        let states: Vec<(bool, &str)> =
            view.responses.iter().map(|line| (line.latest.threshold.is_some(), line.shared_state)).collect();
        assert!(states.contains(&(true, "waiting")) && states.contains(&(false, "not_shared")), "{states:?}");
        let sharing = school.school.sharing(&school.staff("office"), monday).expect("sharing");
        // Ten half-days, one crossing, one response.
        assert_eq!((sharing.waiting, sharing.batches.len(), sharing.epoch), (12, 0, 1));
    }
}
