//! Attendance: marks of periods, KAMAR's own totals beside them, and where the two differ.

use crate::{MADE_AT, NOW, attendance, body, day, open, push};
use app::kamar::SlotMap;
use app::views::{KamarDifference, MOST_DIFFERENCES};
use app::{Actor, ArrivalState, ExportKind};
use domain::Instant;
use domain::period::parse_start;
use testkit::{TestSchool, instant};

const FULL: [Option<u8>; 3] = [Some(0), Some(0), Some(2)];

fn tally(school: &TestSchool, now: Instant, student: &str) -> String {
    let rows = school.export(now, ExportKind::Tallies);
    rows.into_iter().find(|row| row.starts_with(&format!("{student},"))).unwrap_or_default()
}

fn differences(school: &TestSchool, now: Instant) -> Vec<KamarDifference> {
    school.school.kamar_differences(&Actor::Operator, now, None, MOST_DIFFERENCES).expect("a view").lines
}

/// A week of three days present and two justified.
fn week() -> Vec<serde_json::Value> {
    vec![
        day("20260504", ".PPP.LP.P", ".PPP.LP.P", FULL),
        day("20260505", ".PPP.PP.P", ".PPP.PP.P", FULL),
        day("20260506", ".PPP.PP.P", ".PPP.PP.P", FULL),
        day("20260507", ".MMM.MM.M", ".JJJ.JJ.J", [Some(0), Some(2), Some(0)]),
        day("20260508", ".JJJ.JJ", ".JJJ.JJ", [Some(0), Some(2), Some(0)]),
    ]
}

#[test]
fn a_week_counts_as_kamar_counts_it() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-05-08T15:30:00+12:00");
        open(&school, now);
        let (line, arrival) = push(&school, now, body("attendance", MADE_AT, attendance(&[("101", week())])));
        let arrival = arrival.expect("an arrival");
        assert_eq!((line.records, arrival.state, arrival.problems.as_str()), (1, ArrivalState::Stored, ""));
        let trace = school.trace(now, "101");
        assert_eq!((trace.tally.present, trace.tally.justified, trace.tally.unjustified), (6, 4, 0));
        let found =
            school.school.kamar_differences(&Actor::Operator, now, None, MOST_DIFFERENCES).expect("a view");
        assert_eq!((found.count, found.compared), (0, 5));
        let count = school.school.count_kamar_differences(&school.staff("admin"), now).expect("a count");
        assert_eq!(count, Some(0));
        assert!(school.school.check_derived().expect("a check").is_empty());

        let before = school.everything(now);
        let (_, again) = push(&school, now, body("attendance", MADE_AT + 5, attendance(&[("101", week())])));
        assert_eq!(again.map(|row| row.changed), Some(0));
        assert_eq!(school.everything(now), before);
    }
}

#[test]
fn where_the_totals_differ_there_is_a_finding_and_the_tally_stays() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-05-08T15:30:00+12:00");
        open(&school, now);
        let mut days = week();
        // KAMAR counts a half-day less than its own letters amount to; and says nothing of another.
        days[3]["hdj"] = serde_json::json!(1);
        days[4]["hdj"] = serde_json::Value::Null;
        push(&school, now, body("attendance", MADE_AT, attendance(&[("101", days)])));
        let tally_before = tally(&school, now, "101");
        let found = differences(&school, now);
        assert_eq!(found.len(), 1);
        let finding = &found[0];
        assert_eq!(finding.date.to_string(), "2026-05-07");
        assert_eq!((finding.theirs, finding.ours), ([Some(0), Some(1), Some(0)], [0, 2, 0]));
        assert_eq!((finding.codes.as_str(), finding.classes.as_str()), (".MMM.MM.M", ".JJJ.JJ.J"));
        assert_eq!(tally(&school, now, "101"), tally_before);
        // Who sees the student sees it; who sees no student is told how many.
        let of = |who: &str| school.school.kamar_differences(&school.staff(who), now, None, MOST_DIFFERENCES);
        assert_eq!(of("teacher").expect("own group").count, 1);
        assert_eq!(of("other").expect("another group").count, 0);
        assert!(of("admin").is_err());
        let count =
            |who: &str| school.school.count_kamar_differences(&school.staff(who), now).expect("a count");
        assert_eq!((count("admin"), count("other")), (Some(1), Some(0)));
    }
}

#[test]
fn an_unknown_student_and_an_unknown_letter_are_problems_of_their_own_record() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-05-08T15:30:00+12:00");
        open(&school, now);
        let strange = vec![day("20260504", ".BPP.PP.P", ".BPP.PP.P", FULL)];
        let sent = attendance(&[("101", week()), ("999", week()), ("102", strange)]);
        let (_, arrival) = push(&school, now, body("attendance", MADE_AT, sent));
        let arrival = arrival.expect("an arrival");
        assert_eq!((arrival.state, arrival.bad_rows), (ArrivalState::Stored, 2));
        assert!(arrival.problems.contains("there is no student 999"), "{}", arrival.problems);
        assert!(arrival.problems.contains("slot 2"), "{}", arrival.problems);
        assert_eq!(school.trace(now, "101").tally.present, 6);
        assert_eq!(school.trace(now, "102").tally.present, 2, "the other slots count");
    }
}

#[test]
fn an_older_push_does_not_undo_a_day_that_a_newer_one_told() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-05-08T15:30:00+12:00");
        open(&school, now);
        let of = |letters: &str, more: Option<&str>| {
            let mut days = vec![day("20260504", letters, letters, [None; 3])];
            days.extend(more.map(|letters| day("20260505", letters, letters, [None; 3])));
            attendance(&[("101", days)])
        };
        push(&school, now, body("attendance", MADE_AT, of(".PPP.PP.P", None)));
        push(&school, now, body("attendance", MADE_AT - 100, of(".JJJ.JJ.J", Some(".JJJ.JJ.J"))));
        let tally = school.trace(now, "101").tally;
        assert_eq!((tally.present, tally.justified), (2, 2), "the day that nobody told yet is taken");
        push(&school, now, body("attendance", MADE_AT + 100, of(".JJJ.JJ.J", None)));
        let tally = school.trace(now, "101").tally;
        assert_eq!((tally.present, tally.justified), (0, 4));
    }
}

#[test]
fn a_persons_correction_is_believed_and_tonights_push_does_not_undo_it() {
    let school = TestSchool::new();
    let now = instant("2026-05-08T15:30:00+12:00");
    open(&school, now);
    push(&school, now, body("attendance", MADE_AT, attendance(&[("101", week())])));
    let roll = testkit::half_day("2026-05-08 am");
    let correction = app::CorrectMark {
        student_id: testkit::student_id("101"),
        half_day: roll,
        period: Some("2".to_owned()),
        letter: Some('M'),
        seen_version: school.version(now, "101", roll),
        key: String::new(),
    };
    school.school.correct_mark(&school.staff("office"), now, correction).expect("corrected");
    let before = school.everything(now);
    push(&school, now, body("attendance", MADE_AT + 5, attendance(&[("101", week())])));
    assert_eq!(school.everything(now), before);
    // Nor do other times of the slots.
    let mut map = SlotMap::default();
    map.set(2, Some((parse_start("09:30").expect("a time"), 50))).expect("a slot");
    let changed = school.school.set_kamar_slots(&school.staff("admin"), now, map).expect("saved");
    assert_eq!(changed, 4, "the four days on which nobody corrected the slot");
    assert!(school.school.check_derived().expect("a check").is_empty());
}

#[test]
fn other_times_of_the_slots_count_the_running_term_again() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-05-08T15:30:00+12:00");
        open(&school, now);
        let view = school.school.kamar(&Actor::Operator, now).expect("a view");
        assert!(view.are_slots_assumed);
        // Present in the first two of six hours only.
        let days = vec![day("20260504", ".PPT.TT.T", ".PPU.UU.U", [Some(1), Some(0), Some(1)])];
        push(&school, now, body("attendance", MADE_AT, attendance(&[("101", days)])));
        let counted = |school: &TestSchool| {
            let tally = school.trace(now, "101").tally;
            (tally.present, tally.unjustified)
        };
        assert_eq!(counted(&school), (1, 1));
        assert_eq!(differences(&school, now).len(), 0);
        let mut map = SlotMap::default();
        for slot in 1..=10 {
            map.set(slot, None).expect("a slot");
        }
        // The school has two slots of an hour before noon and four of half an hour after it.
        for (slot, start, minutes) in
            [(2, "10:00", 30), (3, "10:30", 30), (4, "11:00", 60), (6, "12:30", 60), (7, "13:30", 60)]
        {
            map.set(slot, Some((parse_start(start).expect("a time"), minutes))).expect("a slot");
        }
        let changed = school.school.set_kamar_slots(&school.staff("admin"), now, map.clone()).expect("saved");
        assert_eq!(changed, 6, "five have other times, the ninth has no roll any more");
        assert_eq!(counted(&school), (0, 2), "an hour of presence makes no half-day");
        assert_eq!(differences(&school, now).len(), 1);
        let view = school.school.kamar(&Actor::Operator, now).expect("a view");
        assert!(!view.are_slots_assumed && view.slots == map);
        assert_eq!(school.school.set_kamar_slots(&school.staff("admin"), now, map).expect("saved"), 0);
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn a_calendar_adds_closures_and_leaves_alone_what_the_school_entered() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        let own = "date,am,pm,reason\n2026-05-14,open,closed,Own reason\n";
        assert!(school.import(now, app::ImportKind::Calendar, own).stored);
        let entry = |date: &str, status: &str| serde_json::json!({ "date": date, "status": status, "term": 2, "week": 15 });
        let days = [
            entry("20260513", "Open"),
            entry("20260514", "Teacher Only Day"),
            entry("20260515", "Teacher Only Day"),
        ];
        let calendars = serde_json::json!({ "calendars": { "count": 3, "data": days } });
        let (line, arrival) = push(&school, now, body("calendar", MADE_AT, calendars.clone()));
        assert_eq!((line.records, arrival.map(|row| row.state)), (3, Some(ArrivalState::Stored)));
        let calendar = school.school.calendar().expect("a calendar");
        let told = |date: &str| {
            let day = calendar.day(date.parse().expect("a date"));
            day.map(|day| (day.am_open, day.pm_open, day.reason.clone()))
        };
        assert_eq!(told("2026-05-13"), None);
        assert_eq!(told("2026-05-14"), Some((true, false, "Own reason".to_owned())));
        assert_eq!(told("2026-05-15"), Some((false, false, "Teacher Only Day".to_owned())));
        let before = school.everything(now);
        push(&school, now, body("calendar", MADE_AT + 5, calendars));
        assert_eq!(school.everything(now), before);

        // What KAMAR closed itself it opens again; what the school entered still stands.
        let again = [entry("20260514", "Open"), entry("20260515", "Sports"), entry("20260515", "Open")];
        let calendars = serde_json::json!({ "calendars": { "data": again } });
        push(&school, now.plus_seconds(60), body("calendar", MADE_AT + 50, calendars));
        let calendar = school.school.calendar().expect("a calendar");
        let is_open = |date: &str| {
            let date = date.parse().expect("a date");
            domain::Half::BOTH.map(|half| calendar.is_open(domain::HalfDay::new(date, half)))
        };
        assert_eq!((is_open("2026-05-14"), is_open("2026-05-15")), ([true, false], [true, true]));
    }
}

#[test]
fn timetables_say_which_slots_a_group_has_and_the_same_again_adds_nothing() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    let slot = serde_json::json!([{ "core": "9K", "code": "MAT", "teachers": ["TKI"], "rooms": ["B1"] }]);
    let slots = serde_json::json!([[], slot, slot, [], slot, [], slot, [], [], []]);
    let days: Vec<_> = (1..=5).map(|day| serde_json::json!({ "ttday": day, "slots": slots })).collect();
    let weeks: Vec<_> =
        (10..=14).map(|week| serde_json::json!({ "week": week, "term": 2, "days": days })).collect();
    let sent =
        serde_json::json!({ "timetables": { "count": 1, "data": [{ "student": 101, "timetable": weeks }] } });
    let (_, arrival) = push(&school, now, body("studenttimetables", MADE_AT, sent.clone()));
    assert_eq!(arrival.map(|row| (row.state, row.changed)), Some((ArrivalState::Stored, 20)));
    let (_, again) = push(&school, now, body("studenttimetables", MADE_AT + 5, sent));
    assert_eq!(again.map(|row| row.changed), Some(0));
    assert!(!crate::holds(&crate::bytes(&school), "\"B1\""));
}

#[test]
fn where_one_kamar_holds_two_schools_the_others_students_are_no_problem() {
    let school = TestSchool::new();
    let now = instant("2026-05-08T15:30:00+12:00");
    open(&school, now);
    let sent = attendance(&[("101", week()), ("999", week())]);
    let text = String::from_utf8(body("attendance", MADE_AT, sent)).expect("text");
    let two = "\"schools\":[{\"schoolindex\":2,\"moeCode\":\"0012\"},";
    let text = text.replace("\"schools\":[", two);
    assert!(text.contains("0012"));
    let (_, arrival) = push(&school, now, text.into_bytes());
    assert_eq!(arrival.map(|row| (row.state, row.problems)), Some((ArrivalState::Stored, String::new())));
    assert_eq!(school.trace(now, "101").tally.present, 6);
}

#[test]
fn a_push_that_does_not_say_when_it_was_made_counts_when_it_comes() {
    let school = TestSchool::new();
    let now = instant("2026-05-08T15:30:00+12:00");
    open(&school, now);
    let one = |letters: &str| attendance(&[("101", vec![day("20260504", letters, letters, [None; 3])])]);
    push(&school, now, body("attendance", MADE_AT, one(".PPP.PP.P")));
    let text = String::from_utf8(body("attendance", MADE_AT, one(".JJJ.JJ.J"))).expect("text");
    let text = text.replace(&format!("\"datetime\":{MADE_AT}"), "\"datetime\":null");
    crate::take(&school, now, text.into_bytes());
    school.school.work_arrivals(now).expect("worked");
    let tally = school.trace(now, "101").tally;
    assert_eq!((tally.present, tally.justified), (0, 2));
}

#[test]
fn marks_before_the_first_term_or_after_the_last_are_left_out_and_said() {
    let school = TestSchool::new();
    let now = instant(NOW);
    open(&school, now);
    let days = vec![
        day("20260504", ".PPP.PP.P", ".PPP.PP.P", FULL),
        day("20260302", ".PPP.PP.P", ".PPP.PP.P", FULL),
    ];
    let (_, arrival) = push(&school, now, body("attendance", MADE_AT, attendance(&[("101", days)])));
    let arrival = arrival.expect("an arrival");
    assert_eq!((arrival.state, arrival.bad_rows), (ArrivalState::Stored, 0));
    assert!(arrival.changed > 0);
    assert!(
        arrival.problems.contains("marks on dates of no term (so many: 1; the first 2026-03-02)"),
        "{}",
        arrival.problems
    );
}
