//! Recording, revising and withdrawing responses, and the descriptions they are recorded with.
//! Every negative stands beside its positive.

use app::{Actor, AppError, ExportKind, RecordResponse, ReviseResponse, Target};
use domain::{ResponseType, Threshold};
use testkit::{TestSchool, instant, student_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";

fn response(kind: ResponseType, threshold: Option<Threshold>) -> RecordResponse {
    RecordResponse {
        targets: vec![Target { student_id: student_id("101"), term: None, threshold, step: None }],
        also: Vec::new(),
        kind,
        description: String::new(),
        done_at: instant(FRIDAY),
        note: String::new(),
        confirmed: false,
        key: String::new(),
    }
}

/// A school in which 101 was absent for the whole of a week, on each engine.
fn absent_for_a_week() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    })
}

#[test]
fn a_response_done_before_the_level_was_reached_is_accepted() {
    for school in absent_for_a_week() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let early = RecordResponse {
            done_at: instant("2026-05-05T16:00:00+12:00"),
            ..response(ResponseType::ConversationWithWhanau, Some(Threshold::FIVE))
        };
        school.school.record_response(&teacher, now, early).expect("recorded");
        assert!(school.school.today(&teacher, now).expect("today").lines.is_empty());
        // The term may be named, and need not hold the moment.
        let named = Target {
            student_id: student_id("101"),
            term: Some(testkit::term_id("2026-T2")),
            threshold: Some(Threshold::FIVE),
            step: None,
        };
        let before_term = RecordResponse {
            targets: vec![named],
            done_at: instant("2026-04-10T16:00:00+12:00"),
            ..response(ResponseType::Other, None)
        };
        school.school.record_response(&teacher, now, before_term.clone()).expect("recorded");
        let unnamed = Target { term: None, ..before_term.targets[0].clone() };
        let unnamed = RecordResponse { targets: vec![unnamed], ..before_term };
        assert!(matches!(school.school.record_response(&teacher, now, unnamed), Err(AppError::Invalid(_))));
    }
}

#[test]
fn a_response_is_refused_in_the_future_to_a_level_not_reached_and_with_a_description_not_offered() {
    for school in absent_for_a_week() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let kind = ResponseType::SentWrittenCommunication;
        let refused = |request: RecordResponse| match school.school.record_response(&teacher, now, request) {
            Err(AppError::Invalid(fields)) => fields[0].name,
            other => panic!("{other:?}"),
        };
        let future = instant("2026-05-11T09:30:01+12:00");
        assert_eq!(refused(RecordResponse { done_at: future, ..response(kind, None) }), "done_at");
        assert_eq!(refused(response(kind, Some(Threshold::TEN))), "threshold");
        assert_eq!(
            refused(RecordResponse { description: "Fax".into(), ..response(kind, None) }),
            "description"
        );
        assert_eq!(refused(RecordResponse { note: "x".repeat(4_001), ..response(kind, None) }), "note");
        assert_eq!(refused(RecordResponse { targets: Vec::new(), ..response(kind, None) }), "student");
        assert!(school.export(now, ExportKind::Responses).is_empty());
        // At this very second, to the level that was reached, as the school words it.
        let good = RecordResponse {
            done_at: now,
            description: school.school.descriptions(&teacher, now).expect("descriptions")[0].lines[0]
                .current
                .wording
                .clone(),
            ..response(kind, Some(Threshold::FIVE))
        };
        assert_eq!(school.school.record_response(&teacher, now, good).expect("recorded").len(), 1);
        let nobody = school.school.record_response(&Actor::Operator, now, response(kind, None));
        assert!(matches!(nobody, Err(AppError::Invalid(_))));
    }
}

#[test]
fn a_response_with_the_same_key_is_recorded_once_and_for_several_students_apart() {
    for school in absent_for_a_week() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let target =
            |id: &str| Target { student_id: student_id(id), term: None, threshold: None, step: None };
        let request = |note: &str| RecordResponse {
            targets: vec![target("103"), target("101")],
            key: "k".to_owned(),
            note: note.to_owned(),
            ..response(ResponseType::Other, None)
        };
        let first = school.school.record_response(&teacher, now, request("")).expect("recorded");
        let second = school.school.record_response(&teacher, now, request("")).expect("recorded");
        assert_eq!((first.len(), &first), (2, &second));
        assert_eq!(school.export(now, ExportKind::Responses).len(), 2);
        let reused = school.school.record_response(&teacher, now, request("another note"));
        assert!(matches!(reused, Err(AppError::KeyReused)));
        // One of several out of reach: none is recorded.
        let mixed = RecordResponse {
            targets: vec![target("101"), target("201")],
            ..response(ResponseType::Other, None)
        };
        assert!(matches!(school.school.record_response(&teacher, now, mixed), Err(AppError::NotFound(_))));
        assert_eq!(school.export(now, ExportKind::Responses).len(), 2);
    }
}

#[test]
fn prosecution_is_for_leaders_who_confirm() {
    for school in absent_for_a_week() {
        let now = instant(MONDAY);
        let record = |who: &str, confirmed: bool| {
            let request = response(ResponseType::InitiatedProsecution, Some(Threshold::FIVE));
            school.school.record_response(&school.staff(who), now, RecordResponse { confirmed, ..request })
        };
        for who in ["teacher", "dean", "office"] {
            assert!(matches!(record(who, true), Err(AppError::Denied(_))), "{who}");
        }
        assert!(matches!(record("admin", true), Err(AppError::NotFound(_) | AppError::Denied(_))));
        assert!(matches!(record("leader", false), Err(AppError::Confirm(_))));
        assert!(school.export(now, ExportKind::Responses).is_empty());
        let id = record("principal", true).expect("recorded").remove(0);

        // Nobody else turns it into something else, or takes it back.
        let revise = |who: &str| {
            let revision = ReviseResponse {
                id: id.clone(),
                seen_version: 1,
                kind: ResponseType::Other,
                description: String::new(),
                done_at: instant(FRIDAY),
                note: String::new(),
                confirmed: true,
            };
            school.school.revise_response(&school.staff(who), now, revision)
        };
        for who in ["teacher", "office"] {
            assert!(matches!(revise(who), Err(AppError::Denied(_))), "{who}");
            let withdrawn =
                school.school.withdraw_response(&school.staff(who), now, id.clone(), 1, String::new());
            assert!(matches!(withdrawn, Err(AppError::Denied(_))), "{who}");
        }
        assert_eq!(revise("leader").expect("revised"), 2);
    }
}

#[test]
fn an_unsuccessful_attempt_keeps_the_task_and_a_withdrawn_response_brings_it_back() {
    for school in absent_for_a_week() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let attempts = || {
            let today = school.school.today(&teacher, now).expect("today");
            today.lines.first().map(|line| line.task.attempts)
        };
        assert_eq!(attempts(), Some(0));
        let attempt = response(ResponseType::UnsuccessfulContactAttempt, Some(Threshold::FIVE));
        school.school.record_response(&teacher, now, attempt).expect("recorded");
        assert_eq!(attempts(), Some(1));
        let talk = response(ResponseType::ConversationWithWhanau, Some(Threshold::FIVE));
        let id = school.school.record_response(&teacher, now, talk).expect("recorded").remove(0);
        assert_eq!(attempts(), None);
        let withdrawn = school.school.withdraw_response(&teacher, now, id.clone(), 1, "wrong child".into());
        assert_eq!(withdrawn.expect("withdrawn"), 2);
        assert_eq!(attempts(), Some(1));
        let again = school.school.withdraw_response(&teacher, now, id, 2, String::new());
        assert!(matches!(again, Err(AppError::Invalid(_))));
        // Every version stays; the export shows the latest.
        let rows = school.export(now, ExportKind::Responses);
        assert!(rows.iter().any(|row| row.ends_with(",teacher,2,waiting,withdrawn")), "{rows:?}");
    }
}

#[test]
fn a_revision_needs_the_version_that_stands_and_keeps_when_it_was_first_recorded() {
    for school in absent_for_a_week() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let talk = response(ResponseType::ConversationWithWhanau, Some(Threshold::FIVE));
        let id = school.school.record_response(&teacher, now, talk).expect("recorded").remove(0);
        let later = instant("2026-05-12T09:30:00+12:00");
        let revise = |who: &str, seen_version: i64| {
            let revision = ReviseResponse {
                id: id.clone(),
                seen_version,
                kind: ResponseType::Other,
                description: String::new(),
                done_at: instant(FRIDAY),
                note: String::new(),
                confirmed: false,
            };
            school.school.revise_response(&school.staff(who), later, revision)
        };
        assert_eq!(revise("office", 1).expect("revised"), 2);
        assert!(matches!(revise("office", 1), Err(AppError::Invalid(_))));
        assert!(matches!(revise("other", 2), Err(AppError::NotFound(_))));
        let rows = school.export(later, ExportKind::Responses);
        assert!(rows[0].contains(&format!(",Other,,{FRIDAY},{MONDAY},66.3,office,2,")), "{rows:?}");
    }
}

// Descriptions.

#[test]
fn descriptions_are_edited_by_sms_administrators_alone_and_never_hold_a_name_from_the_roll() {
    for school in TestSchool::on_each_engine() {
        let now = instant(MONDAY);
        let add = |who: &str, wording: &str, confirmed: bool| {
            let kind = ResponseType::UsedInSchoolResources;
            school.school.add_description(&school.staff(who), now, kind, wording.to_owned(), confirmed)
        };
        for who in ["teacher", "dean", "office", "leader", "principal"] {
            assert!(matches!(add(who, "Walking bus", false), Err(AppError::Denied(_))), "{who}");
        }
        for (wording, confirmed) in [
            ("Hui with Aroha Ngāwera", true),
            ("Ring 021 555 0199", true),
            ("Mail a@b.example", true),
            (" ", false),
        ] {
            assert!(matches!(add("admin", wording, confirmed), Err(AppError::Invalid(_))), "{wording}");
        }
        // Van is a student here; the word is only questioned.
        assert!(matches!(add("admin", "School van pick up", false), Err(AppError::Confirm(_))));
        let id = add("admin", "School van pick up", true).expect("added");
        assert!(matches!(add("admin", "school VAN pick up", true), Err(AppError::Invalid(_))));
        let reword = |wording: &str| {
            school.school.reword_description(&school.staff("admin"), now, id, wording.to_owned(), true)
        };
        assert!(matches!(reword("Pick up of Van Ottersley"), Err(AppError::Invalid(_))));
        reword("Minibus pick up").expect("reworded");
        let missing = school.school.reword_description(&school.staff("admin"), now, 999, "X".into(), true);
        assert!(matches!(missing, Err(AppError::NotFound(_))));
    }
}

#[test]
fn a_retired_description_is_not_offered_and_what_was_recorded_with_it_stays() {
    for school in absent_for_a_week() {
        let (teacher, admin, now) = (school.staff("teacher"), school.staff("admin"), instant(MONDAY));
        let kind = ResponseType::SentWrittenCommunication;
        let first =
            school.school.descriptions(&teacher, now).expect("descriptions")[0].lines[0].current.clone();
        let record = || {
            let request = RecordResponse { description: first.wording.clone(), ..response(kind, None) };
            school.school.record_response(&teacher, now, request)
        };
        let id = record().expect("recorded").remove(0);
        school.school.retire_description(&admin, now, first.id, true).expect("retired");
        assert!(matches!(record(), Err(AppError::Invalid(_))));
        // Its responses keep the wording, and may be revised with it.
        let revision = ReviseResponse {
            id,
            seen_version: 1,
            kind,
            description: first.wording.clone(),
            done_at: instant(FRIDAY),
            note: "a further note".to_owned(),
            confirmed: false,
        };
        assert_eq!(school.school.revise_response(&teacher, now, revision).expect("revised"), 2);
        assert!(school.export(now, ExportKind::Responses)[0].contains(&first.wording));
        school.school.retire_description(&admin, now, first.id, false).expect("restored");
        record().expect("recorded");
    }
}

#[test]
fn a_description_with_a_name_that_came_onto_the_roll_later_is_refused_when_it_is_used() {
    for school in absent_for_a_week() {
        let (teacher, admin, now) = (school.staff("teacher"), school.staff("admin"), instant(MONDAY));
        let kind = ResponseType::Other;
        let wording = "Talked at Grace Field".to_owned();
        school.school.add_description(&admin, now, kind, wording.clone(), true).expect("added");
        let request = RecordResponse { description: wording, ..response(kind, None) };
        school.school.record_response(&teacher, now, request.clone()).expect("recorded");
        let file = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
                301,,Grace,Field,,9,9K,2026-05-11,\n";
        assert!(school.import(now, app::ImportKind::Students, file).stored);
        assert!(matches!(school.school.record_response(&teacher, now, request), Err(AppError::Invalid(_))));
    }
}
