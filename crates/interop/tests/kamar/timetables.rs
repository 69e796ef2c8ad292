//! Timetables, the calendar, and pastoral candidates.

use crate::fixtures::{fixture, push, read};
use domain::StudentId;
use interop::kamar::{self, SlotMap};
use jiff::civil::{date, time};
use serde_json::json;

fn of_group(id: &StudentId) -> Option<String> {
    (id.as_str() != "20005").then(|| "9NGA".to_owned())
}

/// The slots of each weekday, as numbers.
fn slots(name: &str, week: Option<u8>) -> Vec<(i8, String)> {
    let parsed = kamar::timetable(&read(fixture(name)).kept, &SlotMap::default(), &of_group, week);
    assert!(parsed.rows.iter().all(|row| row.value.group == "9NGA"));
    let slots = |day: i8| {
        let of_day = parsed.rows.iter().filter(|row| row.value.weekday == day);
        of_day.map(|row| row.value.period.name.clone()).collect::<Vec<_>>().join(" ")
    };
    (1..=7).map(|day| (day, slots(day))).filter(|(_, slots)| !slots.is_empty()).collect()
}

#[test]
fn a_group_has_the_slots_in_which_half_of_its_students_have_a_class() {
    let usual = ["2 3 4 6 7 9", "2 3 4 6 7 9", "2 3 4 6 7 9", "2 3 4 6 7 9", "2 3 4 6 7"];
    let expected: Vec<(i8, String)> = (1..).zip(usual.map(str::to_owned)).collect();
    assert_eq!(slots("studenttimetables", None), expected);
    // In week 13 the Wednesday is another; week 12 has no Monday, so the usual one stands.
    assert_eq!(slots("studenttimetables", Some(13))[2], (3, "2 5".to_owned()));
    assert_eq!(slots("studenttimetables", Some(12)), expected);
}

#[test]
fn a_slot_of_fewer_than_half_is_none_of_the_groups() {
    let day = |slots: serde_json::Value| json!([{"week": 1, "days": [{"ttday": 1, "slots": slots}]}]);
    let (both, one) = (json!([[], [{"core": "A"}], [{"core": "B"}]]), json!([[], [{"core": "A"}], []]));
    let students = json!([
        {"student": 1, "timetable": day(both)},
        {"student": 2, "timetable": day(one.clone())},
        {"student": 3, "timetable": day(one)},
    ]);
    let kept = push("studenttimetables", "timetables", students).kept;
    let parsed = kamar::timetable(&kept, &SlotMap::default(), &|_| Some("9A".to_owned()), None);
    assert_eq!(parsed.rows.iter().map(|row| row.value.period.name.as_str()).collect::<Vec<_>>(), ["2"]);
}

#[test]
fn a_timetable_that_is_one_text_is_read_where_its_layout_is_known_and_reported_where_not() {
    assert_eq!(slots("timetabletexts", None), [(1, "2 3 4 6 7 9".to_owned())]);
    let parsed =
        kamar::timetable(&read(fixture("timetabletexts")).kept, &SlotMap::default(), &of_group, None);
    assert_eq!(parsed.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn timetables_of_staff_are_counted_and_dropped() {
    let push = push("stafftimetables", "timetables", json!([{"teacher": "RAN", "timetable": []}]));
    assert_eq!(push.dropped.not_needed.get("stafftimetables"), Some(&1));
    assert_eq!(push.kept.timetables.map(|list| list.len()), Some(0));
}

#[test]
fn the_calendar_gives_the_days_that_differ_from_a_week_and_whole_terms() {
    let kept = read(fixture("calendar")).kept;
    let parsed = kamar::calendar(&kept, &|_| false);
    let days: Vec<_> = parsed
        .rows
        .iter()
        .map(|row| (row.value.date, row.value.day.am_open, row.value.day.reason.as_str()))
        .collect();
    assert_eq!(
        days,
        [
            (date(2026, 4, 27), false, "Holiday"),
            (date(2026, 5, 15), false, "Teacher Only Day"),
            (date(2026, 5, 16), true, ""),
        ]
    );
    let terms = kamar::terms(&kept);
    let terms: Vec<_> = terms
        .rows
        .iter()
        .map(|row| (row.value.id.to_string(), row.value.first_day, row.value.last_day))
        .collect();
    // The third term goes on after the calendar ends.
    assert_eq!(terms, [("2026-T2".to_owned(), date(2026, 4, 20), date(2026, 7, 3))]);
    assert_eq!(kamar::week_on(&kept, date(2026, 4, 28)), Some(12));
    assert_eq!(kamar::week_on(&kept, date(2026, 4, 18)), None);
}

#[test]
fn a_calendar_entry_that_cannot_be_read_is_reported() {
    let kept = push(
        "calendar",
        "calendars",
        json!([{"date": "soon", "status": "Open"}, {"date": "20260519", "term": 2}]),
    )
    .kept;
    let parsed = kamar::calendar(&kept, &|_| false);
    assert_eq!((parsed.problem_count, parsed.rows.len()), (1, 0));
    assert!(
        parsed.problems[0].to_string().starts_with("1: date: \"soon\" is not a date"),
        "{}",
        parsed.problems[0]
    );
}

#[test]
fn a_pastoral_record_about_attendance_is_a_candidate() {
    let parsed = kamar::candidates(&read(fixture("pastoral")).kept);
    assert_eq!((parsed.rows.len(), parsed.problem_count), (1, 0));
    let candidate = &parsed.rows[0].value;
    assert_eq!((candidate.student.as_str(), candidate.reference.as_str()), ("20001", "512"));
    assert_eq!((candidate.date, candidate.time), (Some(date(2026, 5, 8)), Some(time(9, 15, 0, 0))));
    assert_eq!((candidate.reason.as_str(), candidate.teacher.as_str()), ("Attendance concern", "RAN"));
    assert_eq!(candidate.actions, ["Phone call home", "Letter"]);
    assert_eq!((candidate.due, candidate.is_done), (Some(date(2026, 5, 15)), Some(false)));
    let more: Vec<(&str, &str)> =
        candidate.more.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(more, [("daysabsent", "5.0"), ("term", "2")]);
}

#[test]
fn a_candidate_without_a_number_or_with_a_bad_date_is_refused() {
    let kept = push("pastoral", "pastoral", json!([
        {"id": 1, "type": "a", "ref": null, "dateevent": "20260508"},
        {"id": 1, "type": "A", "ref": 2, "dateevent": "20261308"},
        {"id": 1, "type": "A", "ref": 3, "dateevent": "00000000", "timeevent": "9", "duestatus": "COMPLETED"},
    ])).kept;
    let parsed = kamar::candidates(&kept);
    let columns: Vec<&str> = parsed.problems.iter().map(|problem| problem.column.as_str()).collect();
    assert_eq!(columns, ["ref", "dateevent"]);
    let last = &parsed.rows[0].value;
    assert_eq!((last.date, last.is_done), (None, Some(true)));
}
