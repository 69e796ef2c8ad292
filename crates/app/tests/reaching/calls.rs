//! How a call went, recorded as what it is.

use crate::{FRIDAY, MONDAY, absent_for_a_week, block, contact, count, publish, student, target};
use app::calls::{CallOutcome, RecordCall};
use app::{Actor, AppError, ExportKind, Target};
use domain::{ResponseType, Threshold};
use testkit::{TestSchool, instant, student_id};

fn call(outcome: CallOutcome) -> RecordCall {
    RecordCall {
        target: target("101", None),
        contact_id: String::new(),
        outcome,
        note: String::new(),
        key: String::new(),
    }
}

fn record(school: &TestSchool, who: &str, call: RecordCall) -> Result<String, AppError> {
    school.school.record_call(&school.staff(who), instant(MONDAY), call)
}

/// What the sheet says that an outcome would record about 101.
fn said(school: &TestSchool, target: Target, outcome: CallOutcome) -> (ResponseType, String) {
    let sheet = school.school.call_sheet(&school.staff("teacher"), instant(MONDAY), vec![target]);
    let records = sheet.expect("a sheet").remove(0).records;
    let (_, kind, description) = records.into_iter().find(|(one, ..)| *one == outcome).expect("an outcome");
    (kind, description)
}

/// What stands last on 101's page.
fn stands(school: &TestSchool, id: &str) -> (ResponseType, String) {
    let lines = student(school, MONDAY).responses;
    let line = lines.into_iter().find(|line| line.latest.id == id).expect("the response");
    (line.latest.kind, line.latest.description)
}

fn open(school: &TestSchool) -> Vec<(String, usize)> {
    let today = school.school.today(&school.staff("leader"), instant(MONDAY)).expect("today");
    today.lines.into_iter().map(|line| (line.task.does, line.task.attempts)).collect()
}

#[test]
fn each_outcome_records_the_type_that_was_said_and_an_attempt_completes_nothing() {
    use CallOutcome::{Hui, LeftMessage, NoAnswer, Spoke, WrongNumber};
    let attempt = (ResponseType::UnsuccessfulContactAttempt, "");
    let talk = ResponseType::ConversationWithWhanau;
    for school in absent_for_a_week() {
        let steps = [
            (NoAnswer, attempt, 1),
            (LeftMessage, attempt, 1),
            (WrongNumber, attempt, 1),
            (Spoke, (talk, "Initial conversation with whānau"), 0),
            (Spoke, (talk, "Escalated conversation with whānau"), 0),
            (Hui, (talk, "Held whānau hui"), 0),
        ];
        for (place, (outcome, (kind, description), left_open)) in steps.into_iter().enumerate() {
            let before = said(&school, target("101", None), outcome);
            let id = record(&school, "teacher", call(outcome)).expect("recorded");
            assert_eq!(stands(&school, &id), before);
            assert_eq!((before.0, before.1.as_str()), (kind, description), "{place}");
            let tasks = open(&school);
            assert_eq!(tasks.len(), left_open, "{outcome:?}");
            if left_open > 0 {
                assert_eq!(tasks[0].1, place + 1, "the attempts are counted");
            }
        }
        let sheet =
            school.school.call_sheet(&school.staff("teacher"), instant(MONDAY), vec![target("101", None)]);
        let line = sheet.expect("a sheet").remove(0);
        let outcomes: Vec<CallOutcome> = line.today.iter().map(|(call, _)| call.outcome).collect();
        assert_eq!(outcomes, [NoAnswer, LeftMessage, WrongNumber, Spoke, Spoke, Hui]);
        assert!(line.today.iter().all(|(_, by)| by == "Tia Kingi"));
        assert_eq!((line.half_days.len(), line.tally.absent()), (10, 10));
    }
}

#[test]
fn a_step_that_asks_for_a_hui_is_not_done_by_a_call() {
    for school in absent_for_a_week() {
        publish(&school);
        let step = |outcome, step| RecordCall { target: target("101", Some(step)), ..call(outcome) };
        assert_eq!(open(&school)[0].0, "Ring whānau");
        record(&school, "teacher", step(CallOutcome::NoAnswer, "five/ring")).expect("recorded");
        assert_eq!(open(&school)[0].0, "Ring whānau");
        record(&school, "teacher", step(CallOutcome::Spoke, "five/ring")).expect("recorded");
        assert_eq!(open(&school)[0].0, "Hold a hui");
        let talked = said(&school, target("101", Some("five/hui")), CallOutcome::Spoke);
        assert_eq!(talked.1, "Escalated conversation with whānau");
        record(&school, "teacher", step(CallOutcome::Spoke, "five/hui")).expect("recorded");
        assert_eq!(open(&school)[0].0, "Hold a hui", "they talked, and that was no hui");
        record(&school, "teacher", step(CallOutcome::Hui, "five/hui")).expect("recorded");
        assert_eq!(open(&school)[0].0, "Refer");
    }
}

#[test]
fn a_call_that_is_taken_back_leaves_the_sheet_and_opens_the_task_again() {
    for school in absent_for_a_week() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let id = record(&school, "teacher", call(CallOutcome::Spoke)).expect("recorded");
        assert!(open(&school).is_empty());
        school.school.undo_recording(&teacher, now, id, 1).expect("taken back");
        assert_eq!(open(&school).len(), 1);
        let sheet = school.school.call_sheet(&teacher, now, vec![target("101", None)]).expect("a sheet");
        assert!(sheet[0].today.is_empty());
        // The next conversation is the first one again.
        let first = said(&school, target("101", None), CallOutcome::Spoke);
        assert_eq!(first.1, "Initial conversation with whānau");
    }
}

#[test]
fn the_same_key_twice_records_once_and_for_another_outcome_is_refused() {
    for school in absent_for_a_week() {
        let keyed = |outcome| RecordCall { key: "k".to_owned(), ..call(outcome) };
        let first = record(&school, "teacher", keyed(CallOutcome::NoAnswer)).expect("recorded");
        assert_eq!(record(&school, "teacher", keyed(CallOutcome::NoAnswer)).expect("again"), first);
        assert!(matches!(record(&school, "teacher", keyed(CallOutcome::Spoke)), Err(AppError::KeyReused)));
        assert_eq!(school.export(instant(MONDAY), ExportKind::Responses).len(), 1);
        assert_eq!(count(&school, "select count(*) from call where school = $1"), 1);
    }
}

#[test]
fn r26_a_call_about_somebody_elses_student_or_with_a_contact_who_may_not_be_called_is_not_there() {
    for school in absent_for_a_week() {
        let now = instant(MONDAY);
        let (own, other) = (contact(&school, "101", "Mere N"), contact(&school, "201", "Hone H"));
        let kept = contact(&school, "101", "Rua N");
        block(&school, "101", &own);
        let with = |id: &str| RecordCall { contact_id: id.to_owned(), ..call(CallOutcome::NoAnswer) };
        for id in [own.as_str(), other.as_str(), "nobody"] {
            assert!(matches!(record(&school, "teacher", with(id)), Err(AppError::NotFound(_))), "{id}");
        }
        for who in ["other", "admin"] {
            let refused = record(&school, who, call(CallOutcome::Spoke));
            assert!(matches!(refused, Err(AppError::NotFound(_) | AppError::Denied(_))), "{who}");
            let sheet = school.school.call_sheet(&school.staff(who), now, vec![target("101", None)]);
            assert!(matches!(sheet, Err(AppError::NotFound(_) | AppError::Denied(_))), "{who}");
        }
        let operator = school.school.record_call(&Actor::Operator, now, call(CallOutcome::Spoke));
        assert!(matches!(operator, Err(AppError::Invalid(_))));
        assert!(school.export(now, ExportKind::Responses).is_empty());
        for who in ["teacher", "dean", "office", "leader", "principal"] {
            record(&school, who, with(&kept)).expect(who);
        }
    }
}

#[test]
fn r09_a_wrong_number_is_not_offered_again_until_somebody_looked_at_it() {
    for school in absent_for_a_week() {
        let id = contact(&school, "101", "Mere N");
        let offered = || {
            let sheet = school.school.call_sheet(
                &school.staff("teacher"),
                instant(MONDAY),
                vec![target("101", None)],
            );
            let contact = sheet.expect("a sheet").remove(0).contacts.remove(0);
            (contact.phone, contact.waits)
        };
        assert_eq!(offered(), (Some("021 555 0101".to_owned()), false));
        let wrong = |id: &str| RecordCall { contact_id: id.to_owned(), ..call(CallOutcome::WrongNumber) };
        // Nobody was named: nobody's number is in doubt.
        record(&school, "teacher", wrong("")).expect("recorded");
        assert_eq!(offered(), (Some("021 555 0101".to_owned()), false));
        record(&school, "teacher", wrong(&id)).expect("recorded");
        assert_eq!(offered(), (None, true));
    }
}

#[test]
fn r25_r28_a_note_on_a_call_is_private_and_that_contacts_were_looked_at_is_logged() {
    for school in absent_for_a_week() {
        let now = instant(MONDAY);
        contact(&school, "101", "Mere N");
        let reads = "select count(*) from contact_read where school = $1";
        let before = count(&school, reads);
        school.school.call_sheet(&school.staff("teacher"), now, vec![target("101", None)]).expect("a sheet");
        assert_eq!(count(&school, reads), before + 1);
        let noted = RecordCall { note: "Bus pass ran out".to_owned(), ..call(CallOutcome::Spoke) };
        record(&school, "teacher", noted).expect("recorded");
        let notes = school.school.notes(&school.staff("teacher"), now, &student_id("101")).expect("notes");
        assert_eq!(notes[0].text, "Bus pass ran out");
        assert!(!school.everything(now).contains("Bus pass"));
        let long = RecordCall { note: "x".repeat(4_001), ..call(CallOutcome::Spoke) };
        assert!(matches!(record(&school, "teacher", long), Err(AppError::Invalid(_))));
    }
}

#[test]
fn a_family_is_called_once_for_the_highest_level_that_was_chosen() {
    for school in absent_for_a_week() {
        school.mark_days(instant("2026-05-15T15:10:00+12:00"), "101", ("2026-05", 11, 15), 'T');
        let now = instant("2026-05-18T09:30:00+12:00");
        let at = |threshold| Target { threshold: Some(threshold), ..target("101", None) };
        let targets = vec![at(Threshold::FIVE), at(Threshold::TEN), at(Threshold::FIVE)];
        let sheet = school.school.call_sheet(&school.staff("dean"), now, targets).expect("a sheet");
        assert_eq!(sheet.len(), 1);
        assert_eq!(sheet[0].target.threshold, Some(Threshold::TEN));
        // A level that was never reached has no task to call for.
        let never = RecordCall { target: at(Threshold::FIFTEEN), ..call(CallOutcome::Spoke) };
        assert!(matches!(record(&school, "dean", never), Err(AppError::Invalid(_))));
        let friday = instant(FRIDAY);
        let many = vec![at(Threshold::FIVE); 201];
        assert!(matches!(
            school.school.call_sheet(&school.staff("dean"), friday, many),
            Err(AppError::Invalid(_))
        ));
    }
}

#[test]
fn r09_a_call_of_today_names_nobody_who_must_not_be_contacted_to_those_who_must_not_know_of_them() {
    for school in absent_for_a_week() {
        let (id, other) = (contact(&school, "101", "Mere N"), contact(&school, "101", "Rua N"));
        for id in [&id, &other] {
            let spoke = RecordCall { contact_id: id.clone(), ..call(CallOutcome::Spoke) };
            record(&school, "teacher", spoke).expect("recorded");
        }
        let told = |who: &str| {
            let sheet =
                school.school.call_sheet(&school.staff(who), instant(MONDAY), vec![target("101", None)]);
            let today = sheet.expect("a sheet").remove(0).today;
            today.into_iter().map(|(call, _)| call.contact_name).collect::<Vec<_>>()
        };
        assert_eq!(told("dean"), ["Mere N", "Rua N"]);
        block(&school, "101", &id);
        for who in ["teacher", "dean"] {
            assert_eq!(told(who), ["", "Rua N"], "{who}");
        }
        for who in ["office", "leader", "principal"] {
            assert_eq!(told(who), ["Mere N", "Rua N"], "{who}");
        }
    }
}
