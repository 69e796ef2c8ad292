//! Pastoral records: those of type A wait for a person, the others are never kept.

use crate::{MADE_AT, NOW, body, open, push};
use app::{Actor, AppError, ExportKind, RecordResponse, Target};
use domain::{Instant, ResponseType};
use serde_json::{Value, json};
use testkit::{TestSchool, instant, student_id};

fn record(id: &str, kind: &str, reference: i64, words: &str) -> Value {
    json!({
        "id": id, "nsn": "", "type": kind, "ref": reference, "reason": words, "reasonPB": null,
        "motivation": "canary motivation", "location": "canary place", "othersinvolved": "canary others",
        "action1": "Phoned home", "action2": null, "action3": null, "teacher": "TKI", "points": 1, "demerits": 0,
        "dateevent": "20260507", "timeevent": "143000", "datedue": "00000000", "duestatus": null,
    })
}

fn pastoral(records: &[Value]) -> Value {
    json!({ "pastoral": { "count": records.len(), "data": records } })
}

fn response(now: Instant, key: &str) -> RecordResponse {
    RecordResponse {
        targets: vec![Target { student_id: student_id("101"), term: None, threshold: None, step: None }],
        kind: ResponseType::ALL[0],
        description: String::new(),
        also: Vec::new(),
        done_at: now.plus_seconds(-3600),
        note: "From KAMAR".to_owned(),
        confirmed: false,
        key: key.to_owned(),
    }
}

fn waiting(school: &TestSchool, who: &str, now: Instant) -> Vec<String> {
    let lines = school.school.candidates(&school.staff(who), now).expect("a view");
    lines.into_iter().map(|line| format!("{} {}", line.student.id, line.candidate.reference)).collect()
}

#[test]
fn r02_only_attendance_records_are_kept_and_nothing_of_the_others_in_any_byte() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        let kinds = ["A", "G", "D", "C", "U", "O"];
        let records: Vec<Value> = kinds
            .iter()
            .zip(1..)
            .map(|(kind, number)| record("101", kind, number, &format!("canary reason {kind}")))
            .collect();
        let (line, arrival) = push(&school, now, body("pastoral", MADE_AT, pastoral(&records)));
        assert_eq!((line.result.as_str(), line.records), ("kept", 1));
        assert_eq!(arrival.map(|row| row.problems), Some(String::new()));
        assert_eq!(waiting(&school, "office", now), ["101 1"]);
        let line = &school.school.candidates(&school.staff("office"), now).expect("a view")[0];
        let said = &line.candidate;
        assert_eq!((said.reason.as_str(), said.action.as_str()), ("canary reason A", "Phoned home"));
        assert_eq!(
            (said.teacher.as_str(), said.time.as_str(), said.date.to_string().as_str()),
            ("TKI", "14:30", "2026-05-07")
        );
        let held = crate::bytes(&school);
        if !held.is_empty() && school.database.is_none() {
            assert!(crate::holds(&held, "canary reason A"), "the search finds what is there");
        }
        for dropped in [
            "canary reason G",
            "canary reason D",
            "canary reason C",
            "canary reason U",
            "canary reason O",
            "canary motivation",
            "canary place",
            "canary others",
        ] {
            assert!(!crate::holds(&held, dropped), "{dropped}");
        }
        let file = &school.school.imports(&Actor::Operator, now).expect("imports")[0].0;
        assert_eq!((file.kind.as_str(), file.source.as_str(), file.changed), ("pastoral", "kamar", 1));
    }
}

#[test]
fn nothing_is_recorded_until_a_person_does_and_then_once() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        let sent = pastoral(&[record("101", "A", 7, "Away"), record("201", "A", 8, "Away")]);
        push(&school, now, body("pastoral", MADE_AT, sent.clone()));
        assert_eq!(school.export(now, ExportKind::Responses).len(), 0);
        assert_eq!(waiting(&school, "teacher", now), ["101 7"], "own students alone");
        assert!(school.school.candidates(&school.staff("admin"), now).is_err());
        let later = now.plus_seconds(10 * 3600);
        let (teacher, other) = (school.staff("teacher"), school.staff("other"));
        let confirm = |who: &Actor, reference: &str, key: &str| {
            let record = (student_id("101"), reference.to_owned());
            school.school.confirm_candidate(who, later, record, response(later, key))
        };
        assert!(matches!(confirm(&other, "7", "a"), Err(AppError::NotFound(_))));
        assert!(matches!(confirm(&teacher, "99", "b"), Err(AppError::NotFound(_))));
        let first = confirm(&teacher, "7", "c").expect("recorded");
        assert_eq!(confirm(&teacher, "7", "c").expect("the same again"), first);
        assert!(matches!(confirm(&teacher, "7", "d"), Err(AppError::Invalid(_))));
        assert_eq!(school.export(later, ExportKind::Responses).len(), 1);
        assert!(waiting(&school, "teacher", later).is_empty());

        // Somebody else's record is not recorded for another student.
        let wrong = school.school.confirm_candidate(
            &school.staff("office"),
            later,
            (student_id("201"), "8".to_owned()),
            response(later, "e"),
        );
        assert!(matches!(wrong, Err(AppError::Invalid(_))), "{wrong:?}");
        let dismiss = |who: &str| {
            school.school.dismiss_candidate(&school.staff(who), later, student_id("201"), "8".to_owned())
        };
        assert!(matches!(dismiss("teacher"), Err(AppError::NotFound(_))));
        dismiss("other").expect("dismissed");
        assert!(matches!(dismiss("other"), Err(AppError::Invalid(_))));

        // What was decided stays decided when KAMAR tells it again, in other words too.
        let again = pastoral(&[record("101", "A", 7, "Away again"), record("201", "A", 8, "Away")]);
        push(&school, later, body("pastoral", MADE_AT + 5, again));
        assert!(waiting(&school, "office", later).is_empty());
    }
}

#[test]
fn a_record_that_kamar_changes_is_shown_as_it_is_now_and_an_unknown_student_is_a_problem() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    let sent = |words: &str| pastoral(&[record("101", "A", 7, words), record("999", "A", 1, "Nobody here")]);
    let (_, arrival) = push(&school, now, body("pastoral", MADE_AT, sent("First")));
    let problems = arrival.expect("an arrival").problems;
    assert!(problems.contains("there is no student 999"), "{problems}");
    push(&school, now, body("pastoral", MADE_AT - 5, sent("Older")));
    push(&school, now, body("pastoral", MADE_AT + 5, sent("Second")));
    let lines = school.school.candidates(&school.staff("office"), now).expect("a view");
    assert_eq!(lines.iter().map(|line| line.candidate.reason.as_str()).collect::<Vec<_>>(), ["Second"]);
}

#[test]
fn the_level_and_a_description_of_ours_are_offered() {
    let school = TestSchool::new();
    let now = instant("2026-05-08T15:30:00+12:00");
    open(&school, now);
    school.mark_days(now, "101", ("2026-05", 4, 8), 'M');
    let mut said = record("101", "A", 7, "Reached five days");
    said["action1"] = json!("Phone call home");
    said["dateevent"] = json!("20260508");
    let offered = school.school.descriptions(&Actor::Operator, now).expect("descriptions");
    let wording = offered
        .iter()
        .flat_map(|section| &section.lines)
        .map(|line| &line.current)
        .max_by_key(|current| current.wording.len());
    let wording = wording.expect("one").wording.clone();
    said["action2"] = json!(format!("{wording} by post"));
    push(&school, now, body("pastoral", MADE_AT, pastoral(&[said])));
    let line =
        school.school.candidate(&school.staff("office"), now, &student_id("101"), "7").expect("it waits");
    assert_eq!(line.reached.map(|reached| reached.threshold.days()), Some(5));
    assert!(line.suggestion.is_some_and(|wanted| wanted.description == wording));
}

#[test]
fn a_push_without_a_record_about_attendance_leaves_no_arrival() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    let (line, arrival) =
        push(&school, now, body("pastoral", MADE_AT, pastoral(&[record("101", "D", 1, "x")])));
    assert_eq!((line.result.as_str(), line.records, arrival.is_none()), ("nothing", 0, true));
}

#[test]
fn marks_that_come_with_pastoral_records_are_taken_back_by_one_undoing() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    let mut both = pastoral(&[record("101", "A", 1, "Phoned")]);
    let days =
        crate::attendance(&[("101", vec![crate::day("20260504", "MMMM", "UUUU", [Some(2), None, None])])]);
    both["attendance"] = days["attendance"].clone();
    let before = school.everything(now);
    push(&school, now, body("attendance", MADE_AT, both));
    assert_ne!(school.everything(now), before);
    let imports = school.school.imports(&Actor::Operator, now).expect("imports");
    let kinds: Vec<&str> = imports.iter().map(|(file, _)| file.kind.as_str()).collect();
    assert_eq!(kinds, ["marks", "staff", "students", "terms"], "the first three made the school");
    school.school.undo_import(&Actor::Operator, now, imports[0].0.act).expect("undone");
    assert_eq!(school.everything(now), before);
}
