//! Students and staff: who comes, who leaves, and who is never let go by mistake.

use crate::{MADE_AT, NOW, body, everybody, open, push, student, students, take};
use app::kamar::KamarAnswer;
use app::{Actor, ArrivalState, ExportKind};
use domain::{Instant, Permission};
use serde_json::json;
use testkit::{TestSchool, instant, student_id};

/// A day later, the next push.
const NEXT: i64 = MADE_AT + 1_000_000;

fn last_day(school: &TestSchool, now: Instant, id: &str) -> Option<String> {
    let view = school.school.student(&Actor::Operator, now, &student_id(id), None).expect("a student");
    view.spells.last().and_then(|spell| spell.last_day).map(|date| date.to_string())
}

fn enrolled(school: &TestSchool, now: Instant) -> Vec<String> {
    let found = school.school.students(&Actor::Operator, now, "").expect("students");
    found.into_iter().map(|line| line.student.id.to_string()).collect()
}

#[test]
fn a_full_push_brings_everybody_and_the_same_again_changes_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        let mut all = everybody();
        all.push(student("301", "Mere", "Ruatara", "9K"));
        all[1]["firstname"] = json!("Ben");
        all[1]["firstnamelegal"] = json!("Benjamin");
        let mut whole = students(&all);
        whole["staff"] = json!({ "count": 1, "data": [
            { "id": "TKI", "role": "Staff", "firstname": "Tia", "lastname": "Kingi", "email": "tki@school.example", "tutor": "9K" },
        ] });
        let whole = body("full", MADE_AT, whole);
        let (line, arrival) = push(&school, now, whole.clone());
        let arrival = arrival.expect("an arrival");
        assert_eq!((line.result.as_str(), line.records, arrival.state), ("kept", 7, ArrivalState::Stored));
        assert_eq!(arrival.problems, "");
        let view = school.school.student(&Actor::Operator, now, &student_id("301"), None).expect("a student");
        assert_eq!((view.student.full_name().as_str(), view.student.group.as_str()), ("Mere Ruatara", "9K"));
        // Staff who are new teach, and have no rights beyond their group.
        let staff = domain::StaffId::parse("TKI").expect("an id");
        let people = school.school.people(&Actor::Operator, now).expect("people");
        let tia = people.into_iter().find(|person| person.staff.id == staff).expect("she came");
        assert!(tia.staff.scope.may(Permission::MarkRoll) && !tia.staff.scope.may(Permission::Import));

        let before =
            (school.everything(now), school.school.imports(&Actor::Operator, now).expect("imports").len());
        let (line, again) = push(&school, now.plus_seconds(60), whole);
        assert_eq!((line.result.as_str(), again.expect("the same arrival").id), ("known", arrival.id));
        let after =
            (school.everything(now), school.school.imports(&Actor::Operator, now).expect("imports").len());
        assert_eq!(before, after);

        // The next night's push says the same with another time: nothing is corrected.
        let night = now.plus_seconds(24 * 3600);
        let mut same = students(&all);
        same["staff"] = json!({ "data": [
            { "id": "TKI", "role": "Staff", "firstname": "Tia", "lastname": "Kingi", "email": "tki@school.example", "tutor": "9K" },
        ] });
        let (_, arrival) = push(&school, night, body("full", NEXT, same));
        assert_eq!(arrival.map(|row| (row.state, row.changed)), Some((ArrivalState::Stored, 0)));
        assert_eq!(school.everything(now), before.0);
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn who_is_missing_from_a_full_push_left_the_day_before_or_on_the_last_day_with_a_mark() {
    for school in TestSchool::on_each_engine() {
        // Eleven more, so that two who leave are not more than one in ten.
        let now = instant(NOW);
        open(&school, now);
        let mut all = everybody();
        all.extend(
            (0..20).map(|number| student(&format!("4{number:02}"), "Sam", &format!("Row{number}"), "10B")),
        );
        push(&school, now, body("full", MADE_AT, students(&all)));
        let later = instant("2026-05-11T16:00:00+12:00");
        school.mark(later, "202,2026-05-11,am,P");
        let gone: Vec<_> =
            all.iter().filter(|one| one["id"] != "201" && one["id"] != "202").cloned().collect();
        // A part push names few, and lets nobody go.
        push(&school, later, body("part", 20_260_511_155_900, students(&gone[..1])));
        assert_eq!(enrolled(&school, later).len(), 25);
        let (_, arrival) = push(&school, later, body("full", 20_260_511_160_000, students(&gone)));
        assert_eq!(arrival.map(|row| row.state), Some(ArrivalState::Stored));
        assert_eq!(last_day(&school, later, "201").as_deref(), Some("2026-05-10"));
        assert_eq!(last_day(&school, later, "202").as_deref(), Some("2026-05-11"));
        // Who is named again is back.
        let back = instant("2026-05-13T04:00:00+12:00");
        push(&school, back, body("part", 20_260_513_040_000, students(&all[3..4])));
        assert_eq!(last_day(&school, back, "201"), None);
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn a_student_whose_record_cannot_be_read_has_not_left() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    let mut all = everybody();
    all[4]["leavingdate"] = json!("not a date");
    let (_, arrival) = push(&school, now, body("full", MADE_AT, students(&all)));
    let arrival = arrival.expect("an arrival");
    assert_eq!((arrival.state, arrival.bad_rows), (ArrivalState::Stored, 1));
    assert_eq!(last_day(&school, now, "202"), None);
}

#[test]
fn r46_more_than_one_in_ten_leaving_waits_for_a_person() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        push(&school, now, body("full", MADE_AT, students(&everybody())));
        let before = school.everything(now);
        let later = now.plus_seconds(24 * 3600);
        let (line, arrival) = push(&school, later, body("full", NEXT, students(&everybody()[..3])));
        let arrival = arrival.expect("an arrival");
        assert_eq!((line.result.as_str(), arrival.state), ("kept", ArrivalState::Review));
        assert!(arrival.reason.contains("2 of 5 students would leave"), "{}", arrival.reason);
        assert_eq!(school.everything(now), before);
        let alarm = || school.school.from_kamar(&school.staff("office"), later).expect("a view").0;
        assert_eq!(alarm(), Some(app::views::KamarAlarm::Waits(later)));
        let review =
            school.school.review_arrival(&school.staff("admin"), later, &arrival.id, true).expect("a review");
        assert_eq!(review.report.changes.students.leaving.count, 2);
        let decision =
            app::Decision { expected: review.digest, skip_bad_rows: true, leaving_confirmed: true };
        school
            .school
            .commit_arrival(&school.staff("admin"), later, &arrival.id, decision)
            .expect("committed");
        assert!(last_day(&school, later, "201").is_some());
        assert_eq!(alarm(), None);
    }
}

#[test]
fn a_push_that_is_older_than_what_came_before_it_overwrites_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        let named = |name: &str| {
            let mut all = everybody();
            all[0]["lastname"] = json!(name);
            students(&all)
        };
        let now = now.plus_seconds(24 * 3600);
        push(&school, now, body("full", NEXT, named("Newer")));
        let (_, arrival) = push(&school, now.plus_seconds(60), body("part", MADE_AT, named("Older")));
        let arrival = arrival.expect("an arrival");
        assert_eq!(arrival.state, ArrivalState::Stored);
        assert!(arrival.reason.contains("older"), "{}", arrival.reason);
        let view = school.school.student(&Actor::Operator, now, &student_id("101"), None).expect("a student");
        assert_eq!(view.student.family_name, "Newer");
    }
}

#[test]
fn r02_what_is_not_needed_never_reaches_the_database() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    let (line, _) = push(&school, now, body("full", MADE_AT, students(&everybody())));
    assert_eq!(line.records, 5);
    // While it waits to be worked it is no more than that either.
    assert_eq!(
        take(&school, now, body("part", NEXT, students(&[student("302", "Kept Here", "Now", "9K")]))),
        KamarAnswer::Taken
    );
    let held = crate::bytes(&school);
    assert!(crate::holds(&held, "Kept Here"), "the search finds what is there");
    for dropped in ["c2VjcmV0", "Hidden Road", "Hidden Person", "021000000", "20120101"] {
        assert!(!crate::holds(&held, dropped), "{dropped}");
    }
}

#[test]
fn what_a_person_entered_is_believed_and_the_difference_is_kept() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    push(&school, now, body("full", MADE_AT, students(&everybody())));
    let tallies = school.export(now, ExportKind::Tallies);
    let imports = school.school.imports(&Actor::Operator, now).expect("imports");
    let (file, _) = &imports[0];
    assert_eq!(
        (file.source.as_str(), file.door.as_str(), file.kind.as_str()),
        ("kamar", "kamar", "students")
    );
    assert!(!file.notice.is_empty());
    assert_eq!(school.export(now, ExportKind::Tallies), tallies);
}

#[test]
fn a_list_that_waits_says_nothing_any_more_when_a_newer_one_was_stored() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        push(&school, now, body("full", MADE_AT, students(&everybody())));
        let night = |number: i64| (now.plus_seconds(number * 24 * 3600), MADE_AT + number * 1_000_000);
        let state = |id: &str, now: Instant| {
            school.school.arrival(&Actor::Operator, now, id).expect("an arrival").state
        };
        let (now, made_at) = night(1);
        let short = body("full", made_at, students(&everybody()[..3]));
        let (_, first) = push(&school, now, short);
        let first = first.expect("an arrival").id;
        assert_eq!(state(&first, now), ArrivalState::Review);

        // A newer list of some came meanwhile, as all day: a person can decide all the same. A list of
        // staff alone does not take it off either.
        let (now, made_at) = night(2);
        let mut moved = everybody();
        moved[0]["tutor"] = json!("9L");
        push(&school, now, body("part", made_at, students(&moved[..1])));
        let hana =
            json!({ "staff": { "data": [{ "id": "HN", "firstname": "Hana", "lastname": "Pohatu" }] } });
        push(&school, now.plus_seconds(60), body("full", made_at + 100, hana));
        let review = school.school.review_arrival(&Actor::Operator, now, &first, true).expect("a review");
        assert_eq!(review.report.changes.students.leaving.count, 2);
        assert_eq!(state(&first, now), ArrivalState::Review);

        // And a newer one of everybody takes it off the list.
        let (now, made_at) = night(3);
        push(&school, now, body("full", made_at, students(&moved)));
        assert_eq!(state(&first, now), ArrivalState::Discarded);
        assert_eq!(enrolled(&school, now).len(), 5);
    }
}

#[test]
fn whose_enrolment_a_person_ended_is_asked_about_once_though_kamar_names_no_first_day() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        push(&school, now, body("full", MADE_AT, students(&everybody())));
        let (office, ben) = (school.staff("office"), student_id("102"));
        let edited = school.school.edited_student(&office, now, &ben).expect("a student");
        let row = edited.student;
        let ended = app::Particulars {
            given_name: row.given_name,
            family_name: row.family_name,
            preferred_name: row.preferred_name,
            year_level: row.year_level,
            group: row.group,
            house: row.house,
            nsn: None,
            spells: [(edited.spells[0].first_day, Some("2026-05-01".parse().expect("a date")))].into(),
        };
        assert!(school.school.edit_student(&office, now, &ben, &edited.seen, ended).expect("saved"));
        let asked = |now| school.school.conflicts(&Actor::Operator, now).expect("conflicts");
        for night in 1..4 {
            let later = now.plus_seconds(night * 24 * 3600);
            push(&school, later, body("full", MADE_AT + night * 1_000_000, students(&everybody())));
            assert_eq!(asked(later).len(), 1, "night {night}");
            assert_eq!(last_day(&school, later, "102").as_deref(), Some("2026-05-01"));
        }
        let later = now.plus_seconds(4 * 24 * 3600);
        let id = asked(later)[0].id.clone();
        school.school.decide_conflict(&Actor::Operator, later, &id, app::Believes::Person).expect("kept");
        push(&school, later, body("full", MADE_AT + 4_000_000, students(&everybody())));
        assert_eq!((asked(later).len(), last_day(&school, later, "102")), (0, Some("2026-05-01".to_owned())));
    }
}

/// The next morning, and so on, with KAMAR's own time of it.
fn morning(number: i64) -> (domain::Instant, i64) {
    (instant(NOW).plus_seconds(number * 24 * 3600), MADE_AT + number * 1_000_000)
}

#[test]
fn a_push_of_a_clock_that_is_ahead_makes_nothing_older_that_comes_after_it() {
    for (made_at, is_ahead) in [(20_991_231_000_000, true), (20_261_301_000_000, false)] {
        let school = TestSchool::new();
        let named = |name: &str| {
            let mut all = everybody();
            all[0]["lastname"] = json!(name);
            students(&all)
        };
        open(&school, instant(NOW));
        push(&school, instant(NOW), body("full", made_at, named("Ahead")));
        let (now, made_at) = morning(1);
        push(&school, now, body("full", made_at, named("Next")));
        let view = school.school.student(&Actor::Operator, now, &student_id("101"), None).expect("a student");
        assert_eq!(view.student.family_name, "Next", "ahead: {is_ahead}");
    }
}

#[test]
fn who_leaves_leaves_every_enrolment_that_kamar_told_of_by_another_first_day() {
    for school in TestSchool::on_each_engine() {
        open(&school, instant(NOW));
        let told = |number: i64, starting: i64, leaving: Option<i64>| {
            let (now, made_at) = morning(number);
            let mut all = everybody();
            // One of many may leave without a person who looks.
            all.extend((10..25).map(|more| student(&format!("4{more}"), "Kim", &format!("No {more}"), "9K")));
            all[3]["startingdate"] = json!(starting);
            all[3]["leavingdate"] = json!(leaving);
            let (_, arrival) = push(&school, now, body("part", made_at, students(&all)));
            assert!(arrival.as_ref().is_some_and(|row| row.state == ArrivalState::Stored), "{arrival:?}");
            now
        };
        told(0, 20_260_202, None);
        told(1, 20_260_401, None);
        let now = told(2, 20_260_402, Some(20_260_508));
        let today =
            school.school.student(&Actor::Operator, now, &student_id("201"), None).expect("a student");
        let open: Vec<_> = today.spells.iter().filter(|spell| spell.last_day.is_none()).collect();
        assert!(open.is_empty(), "{:?}", today.spells);
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn somebody_without_an_id_is_told_of_and_nobody_leaves_by_such_a_list() {
    let school = TestSchool::new();
    open(&school, instant(NOW));
    push(&school, instant(NOW), body("full", MADE_AT, students(&everybody())));
    for (number, id) in [(1, json!(null)), (2, json!(""))] {
        let (now, made_at) = morning(number);
        let mut all = everybody();
        all[4]["id"] = id;
        let (_, arrival) = push(&school, now, body("full", made_at, students(&all)));
        let arrival = arrival.expect("an arrival");
        assert!(arrival.problems.contains("5: id: "), "{}", arrival.problems);
        assert_eq!(last_day(&school, now, "202"), None);
    }
}

#[test]
fn who_goes_by_their_given_name_again_does_so_here_too() {
    let school = TestSchool::new();
    open(&school, instant(NOW));
    let told = |number: i64, first: &str, legal: serde_json::Value| {
        let (now, made_at) = morning(number);
        let mut all = everybody();
        (all[0]["firstname"], all[0]["firstnamelegal"]) = (json!(first), legal);
        push(&school, now, body("part", made_at, students(&all[..1])));
        let view = school.school.student(&Actor::Operator, now, &student_id("101"), None).expect("a student");
        (view.student.given_name.clone(), view.student.called().to_owned())
    };
    assert_eq!(told(0, "Bill", json!("William")), ("William".to_owned(), "Bill".to_owned()));
    assert_eq!(told(1, "William", json!("William")), ("William".to_owned(), "William".to_owned()));
    assert_eq!(told(2, "Bill", json!("William")).1, "Bill");
    assert_eq!(told(3, "Billy", json!(null)), ("Billy".to_owned(), "Billy".to_owned()));
}

#[test]
fn many_of_the_staff_missing_from_a_list_wait_for_a_person_as_many_students_do() {
    let school = TestSchool::new();
    open(&school, instant(NOW));
    let staff = |count: usize| {
        let one = |place: usize| json!({ "id": format!("S{place}"), "firstname": "Sam", "lastname": format!("No {place}") });
        json!({ "staff": { "data": (0..count).map(one).collect::<Vec<_>>() } })
    };
    push(&school, instant(NOW), body("full", MADE_AT, staff(10)));
    let (now, made_at) = morning(1);
    let (_, arrival) = push(&school, now, body("full", made_at, staff(8)));
    assert_eq!(arrival.map(|row| row.state), Some(ArrivalState::Stored), "two may leave");
    let (now, made_at) = morning(2);
    let (_, arrival) = push(&school, now, body("full", made_at, staff(1)));
    let arrival = arrival.expect("an arrival");
    assert_eq!(arrival.state, ArrivalState::Review);
    assert!(arrival.reason.contains("staff would leave"), "{}", arrival.reason);
}

#[test]
fn staff_of_whom_a_part_says_that_they_left_have_left() {
    let school = TestSchool::new();
    open(&school, instant(NOW));
    let hana = |leaving: serde_json::Value| json!({ "staff": { "data": [{ "id": "HNA", "firstname": "Hana", "lastname": "Pohatu", "leavingdate": leaving }] } });
    push(&school, instant(NOW), body("part", MADE_AT, hana(json!(null))));
    let roles = || {
        let people = school.school.people(&Actor::Operator, instant(NOW)).expect("people");
        let hana = people.into_iter().find(|person| person.staff.id.as_str() == "HNA").expect("she came");
        hana.staff.scope.roles.len()
    };
    assert_eq!(roles(), 1);
    let (now, made_at) = morning(3);
    push(&school, now, body("part", made_at, hana(json!(20_260_508))));
    assert_eq!(roles(), 0);
}
