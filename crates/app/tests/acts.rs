//! Single acts: repeated, raced, refused. Every negative beside its positive. Requirement R45.

use app::{Actor, TakeRoll, Target};
use app::{AppError, CorrectMark, ExportKind, RecordReason, RecordResponse, ReviseResponse, RollEntry};
use domain::{ResponseType, Threshold};
use testkit::{TestSchool, half_day, instant, student_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";

fn roll(half: &str, entries: &[(&str, char, i64)], key: &str) -> TakeRoll {
    let entry = |&(student, letter, seen_version): &(&str, char, i64)| RollEntry {
        student_id: student_id(student),
        letter: Some(letter),
        seen_version,
    };
    TakeRoll {
        group: "9K".to_owned(),
        half_day: half_day(half),
        entries: entries.iter().map(entry).collect(),
        key: key.to_owned(),
    }
}

fn response(kind: ResponseType, threshold: Option<Threshold>) -> RecordResponse {
    RecordResponse {
        targets: vec![Target { student_id: student_id("101"), term: None, threshold }],
        kind,
        description: String::new(),
        done_at: instant(FRIDAY),
        note: String::new(),
        confirmed: false,
        key: String::new(),
    }
}

/// A school in which 101 was absent for the whole of a week.
fn absent_for_a_week() -> TestSchool {
    let school = TestSchool::new();
    school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    school
}

fn acts(school: &TestSchool) -> usize {
    let number = school.school.number();
    school.app.store().read(|tx| store::act::all(tx, number)).expect("acts").len()
}

// Rolls.

#[test]
fn the_same_roll_five_times_is_saved_once_and_the_same_key_for_another_is_refused() {
    let school = TestSchool::new();
    let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
    let entries = [("101", 'P', 0), ("102", '?', 0), ("103", 'L', 0)];
    for time in 0..5 {
        let saved = school.school.take_roll(&teacher, now, roll("2026-05-11 am", &entries, "k"));
        assert_eq!(saved.expect("saved"), 3, "time {time}");
    }
    assert_eq!(school.version(now, "101", half_day("2026-05-11 am")), 1);
    let before = (school.everything(now), acts(&school));
    let other = [("101", '?', 1), ("102", '?', 0), ("103", 'L', 0)];
    let reused = school.school.take_roll(&teacher, now, roll("2026-05-11 am", &other, "k"));
    assert!(matches!(reused, Err(AppError::KeyReused)));
    assert_eq!((school.everything(now), acts(&school)), before);
}

#[test]
fn a_roll_that_somebody_else_changed_names_the_students_and_saves_nothing() {
    let school = TestSchool::new();
    let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
    let slot = half_day("2026-05-11 am");
    // The office marked 102 and 103 while the teacher's page stood at nothing.
    for (student, letter) in [("102", 'M'), ("103", 'P')] {
        school.correct(&school.staff("office"), now, student, slot, Some(letter)).expect("corrected");
    }
    let entries = [("101", 'P', 0), ("102", 'P', 0), ("103", 'P', 0)];
    let refused = school.school.take_roll(&teacher, now, roll("2026-05-11 am", &entries, "k"));
    // 103 is the very letter that stands: no conflict.
    assert!(
        matches!(&refused, Err(AppError::Changed(students)) if students == &[student_id("102")]),
        "{refused:?}"
    );
    assert_eq!(school.version(now, "101", slot), 0);
    // A refusal does not use up the key.
    let entries = [("101", 'P', 0), ("102", 'P', 1), ("103", 'P', 0)];
    let saved = school.school.take_roll(&teacher, now, roll("2026-05-11 am", &entries, "k"));
    assert_eq!(saved.expect("saved"), 2);
}

#[test]
fn a_roll_is_refused_in_the_future_on_a_closed_half_and_with_codes_that_are_not_its_own() {
    let school = TestSchool::new();
    let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
    let refused = |who: &str, half: &str, letter: char| {
        let saved = school.school.take_roll(&school.staff(who), now, roll(half, &[("101", letter, 0)], ""));
        saved.expect_err("refused")
    };
    assert!(refused("teacher", "2026-05-11 pm", 'P').to_string().contains("has not come yet"));
    assert!(refused("office", "2026-05-12 am", 'P').to_string().contains("has not come yet"));
    assert!(refused("office", "2026-05-10 am", 'P').to_string().contains("weekend"));
    assert!(refused("teacher", "2026-05-11 am", 'M').to_string().contains("the roll takes P, L and ?"));
    assert!(refused("teacher", "2026-05-11 am", 'B').to_string().contains("not a code"));
    assert!(matches!(refused("teacher", "2026-05-08 am", 'P'), AppError::Denied(_)));
    assert!(matches!(refused("other", "2026-05-11 am", 'P'), AppError::NotFound(_)));
    assert!(matches!(refused("admin", "2026-05-11 am", 'P'), AppError::Denied(_)));
    let saved = |who: &str, half: &str| {
        school.school.take_roll(&school.staff(who), now, roll(half, &[("101", 'P', 0)], "")).expect("saved")
    };
    assert_eq!([saved("teacher", "2026-05-11 am"), saved("dean", "2026-05-08 am")], [1, 1]);
    // A student of another group is not on this roll.
    let foreign = school.school.take_roll(&teacher, now, roll("2026-05-11 am", &[("201", 'P', 0)], ""));
    assert!(matches!(foreign, Err(AppError::Invalid(_))));
    // A school may let the roll show reasons.
    school.school.set_settings(&school.staff("admin"), now, None, true).expect("set");
    let saved = school.school.take_roll(&teacher, now, roll("2026-05-11 am", &[("102", 'M', 0)], ""));
    assert_eq!(saved.expect("saved"), 1);
}

// Corrections and reasons.

#[test]
fn a_correction_needs_the_version_that_stands() {
    let school = absent_for_a_week();
    let (office, now) = (school.staff("office"), instant(MONDAY));
    let slot = half_day("2026-05-04 am");
    let correction = |seen_version: i64, letter: char| CorrectMark {
        student_id: student_id("101"),
        half_day: slot,
        letter: Some(letter),
        seen_version,
        key: String::new(),
    };
    assert!(school.school.correct_mark(&office, now, correction(1, 'M')).expect("corrected"));
    let late = school.school.correct_mark(&school.staff("leader"), now, correction(1, 'P'));
    assert!(matches!(late, Err(AppError::Changed(_))));
    // The same letter is no change, whatever was seen.
    assert!(!school.school.correct_mark(&office, now, correction(1, 'M')).expect("no change"));
    assert!(school.correct(&office, now, "101", slot, None).expect("unmarked"));
    assert!(school.export(now, ExportKind::HalfDays).contains(&"101,2026-05-04,am,,".to_owned()));
}

#[test]
fn a_teacher_corrects_todays_marks_of_their_own_group_alone() {
    let school = TestSchool::new();
    let now = instant(MONDAY);
    let correct = |who: &str, student: &str, half: &str| {
        school.correct(&school.staff(who), now, student, half_day(half), Some('M'))
    };
    assert!(correct("teacher", "101", "2026-05-11 am").expect("corrected"));
    assert!(matches!(correct("teacher", "101", "2026-05-08 am"), Err(AppError::Denied(_))));
    assert!(correct("dean", "101", "2026-05-08 am").expect("corrected"));
    // Out of reach looks like not there.
    let out_of_reach = correct("teacher", "201", "2026-05-11 am").expect_err("refused").to_string();
    let not_there = school.school.correct_mark(
        &school.staff("teacher"),
        now,
        CorrectMark {
            student_id: student_id("999"),
            half_day: half_day("2026-05-11 am"),
            letter: Some('M'),
            seen_version: 0,
            key: String::new(),
        },
    );
    assert_eq!(out_of_reach.replace("201", "999"), not_there.expect_err("refused").to_string());
    assert!(correct("office", "201", "2026-05-11 am").expect("corrected"));
}

#[test]
fn a_known_absence_counts_when_it_becomes_current() {
    let school = absent_for_a_week();
    let (office, now) = (school.staff("office"), instant(MONDAY));
    school.mark_days(now, "101", ("2026-05", 12, 15), 'G');
    let absent = |time: &str| {
        let row = &school.export(instant(time), ExportKind::Tallies)[0];
        row.split(',').nth(8).map(str::to_owned).expect("a cell")
    };
    assert_eq!(absent(MONDAY), "10");
    assert_eq!(absent("2026-05-12T11:59:59+12:00"), "11");
    assert_eq!(absent("2026-05-12T12:00:00+12:00"), "12");
    assert_eq!(absent("2026-05-18T08:00:00+12:00"), "18");
    // Time alone reaches a level, at the start of the half-day.
    school.mark_days(now, "101", ("2026-05", 18, 18), 'G');
    let view =
        |time: &str| school.school.student(&office, instant(time), &student_id("101"), None).expect("a view");
    assert_eq!(view("2026-05-18T11:59:00+12:00").crossings.len(), 1);
    let crossings = view("2026-05-18T16:00:00+12:00").crossings;
    assert_eq!(crossings.len(), 2);
    assert_eq!(crossings[1].events[0].at, instant("2026-05-18T12:00:00+12:00"));
    assert!(school.school.check_derived().expect("a check").is_empty());
}

#[test]
fn a_reason_is_recorded_with_the_code_it_leads_to_and_takes_the_absence_off_the_list() {
    let school = absent_for_a_week();
    let (office, now) = (school.staff("office"), instant(MONDAY));
    let reason = |days: &[&str], text: &str, key: &str| RecordReason {
        student_id: student_id("101"),
        half_days: days.iter().map(|text| half_day(text)).collect(),
        reason: text.to_owned(),
        given_by: "Dad".to_owned(),
        given_how: "phone".to_owned(),
        letter: Some('M'),
        key: key.to_owned(),
    };
    let waiting =
        |who: &str| school.school.today(&school.staff(who), now).expect("today").waiting_for_reason_count;
    assert_eq!(waiting("office"), 10);
    let days = ["2026-05-04 am", "2026-05-04 pm"];
    for _ in 0..2 {
        school.school.record_reason(&office, now, reason(&days, "flu", "k")).expect("recorded");
    }
    assert_eq!(waiting("office"), 8);
    let reused = school.school.record_reason(&office, now, reason(&days, "measles", "k"));
    assert!(matches!(reused, Err(AppError::KeyReused)));
    assert!(school.export(now, ExportKind::HalfDays).contains(&"101,2026-05-04,am,J,M".to_owned()));
    // One half-day that cannot stand: none is recorded.
    let refused =
        school.school.record_reason(&office, now, reason(&["2026-05-05 am", "2026-05-09 am"], "flu", ""));
    assert!(matches!(refused, Err(AppError::Invalid(_))));
    assert_eq!(waiting("office"), 8);
    for bad in [reason(&[], "flu", ""), reason(&days, "  ", ""), reason(&days, &"x".repeat(4_001), "")] {
        assert!(matches!(school.school.record_reason(&office, now, bad), Err(AppError::Invalid(_))));
    }
    let teacher = school.school.record_reason(&school.staff("teacher"), now, reason(&days, "flu", ""));
    assert!(matches!(teacher, Err(AppError::Denied(_))));
}

// Responses.

#[test]
fn a_response_is_refused_in_the_future_to_a_level_not_reached_and_with_a_description_not_offered() {
    let school = absent_for_a_week();
    let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
    let kind = ResponseType::SentWrittenCommunication;
    let refused = |request: RecordResponse| match school.school.record_response(&teacher, now, request) {
        Err(AppError::Invalid(fields)) => fields[0].name,
        other => panic!("{other:?}"),
    };
    let future = instant("2026-05-11T09:30:01+12:00");
    assert_eq!(refused(RecordResponse { done_at: future, ..response(kind, None) }), "done_at");
    assert_eq!(refused(response(kind, Some(Threshold::TEN))), "threshold");
    assert_eq!(refused(RecordResponse { description: "Fax".into(), ..response(kind, None) }), "description");
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

#[test]
fn a_response_with_the_same_key_is_recorded_once_and_for_several_students_apart() {
    let school = absent_for_a_week();
    let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
    let target = |id: &str| Target { student_id: student_id(id), term: None, threshold: None };
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
    let mixed =
        RecordResponse { targets: vec![target("101"), target("201")], ..response(ResponseType::Other, None) };
    assert!(matches!(school.school.record_response(&teacher, now, mixed), Err(AppError::NotFound(_))));
    assert_eq!(school.export(now, ExportKind::Responses).len(), 2);
}

#[test]
fn prosecution_is_for_leaders_who_confirm() {
    let school = absent_for_a_week();
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

#[test]
fn an_unsuccessful_attempt_keeps_the_task_and_a_withdrawn_response_brings_it_back() {
    let school = absent_for_a_week();
    let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
    let attempts = || {
        let today = school.school.today(&teacher, now).expect("today");
        today.lines.first().map(|line| line.attempts)
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

#[test]
fn a_revision_needs_the_version_that_stands_and_keeps_when_it_was_first_recorded() {
    let school = absent_for_a_week();
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

// Descriptions.

#[test]
fn descriptions_are_edited_by_sms_administrators_alone_and_never_hold_a_name_from_the_roll() {
    let school = TestSchool::new();
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

#[test]
fn a_retired_description_is_not_offered_and_what_was_recorded_with_it_stays() {
    let school = absent_for_a_week();
    let (teacher, admin, now) = (school.staff("teacher"), school.staff("admin"), instant(MONDAY));
    let kind = ResponseType::SentWrittenCommunication;
    let first = school.school.descriptions(&teacher, now).expect("descriptions")[0].lines[0].current.clone();
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

#[test]
fn a_description_with_a_name_that_came_onto_the_roll_later_is_refused_when_it_is_used() {
    let school = absent_for_a_week();
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

// Calendar and people.

#[test]
fn a_closure_entered_afterwards_withdraws_the_crossing_and_opening_again_restores_it() {
    let school = absent_for_a_week();
    let (office, now) = (school.staff("office"), instant(MONDAY));
    let set = |open: bool| {
        let day = domain::CalendarDay { am_open: open, pm_open: open, reason: "Flood".to_owned() };
        let date = "2026-05-07".parse().expect("a date");
        school.school.set_calendar(&office, now, vec![app::CalendarEntry::Day(date, day)]).expect("set")
    };
    assert_eq!(set(false), 1);
    assert_eq!(school.export(now, ExportKind::Crossings), ["101,2026-T2,5,withdrawn,2026-05-08,pm,10"]);
    let view = school.school.student(&office, now, &student_id("101"), None).expect("a student");
    assert_eq!((view.not_counting.len(), view.tally.absent()), (2, 8));
    assert_eq!(view.crossings[0].events[1].cause.text(), "closure");
    assert_eq!((set(true), set(true)), (1, 0));
    assert_eq!(school.export(now, ExportKind::Crossings), ["101,2026-T2,5,reached,2026-05-08,pm,10"]);
    let teacher = school.school.set_calendar(&school.staff("teacher"), now, Vec::new());
    assert!(matches!(teacher, Err(AppError::Denied(_))));
    assert!(school.school.check_derived().expect("a check").is_empty());
}

#[test]
fn somebody_stays_sms_administrator() {
    let school = TestSchool::new();
    let (admin, now) = (school.staff("admin"), instant(MONDAY));
    let entry = |id: &str, roles: Vec<domain::Role>| app::StaffEntry {
        id: testkit::staff_id(id),
        name: "Somebody".to_owned(),
        email: format!("{id}@school.example"),
        roles,
        groups: Vec::new(),
    };
    let demoted = school.school.set_staff(&admin, now, entry("admin", vec![domain::Role::Teacher]));
    assert!(matches!(demoted, Err(AppError::Invalid(_))));
    assert!(school.school.people(&admin, now).is_ok(), "nothing changed");
    let both = vec![domain::Role::Office, domain::Role::SmsAdmin];
    school.school.set_staff(&admin, now, entry("office", both)).expect("set");
    school.school.set_staff(&admin, now, entry("admin", vec![domain::Role::Teacher])).expect("set");
    assert!(matches!(school.school.people(&admin, now), Err(AppError::Denied(_))));
    let taken = app::StaffEntry { email: "OFFICE@school.example".into(), ..entry("teacher", Vec::new()) };
    assert!(matches!(
        school.school.set_staff(&school.staff("office"), now, taken),
        Err(AppError::Invalid(_))
    ));
}
