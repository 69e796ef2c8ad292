//! Students and staff.

use crate::fixtures::{fixture, push, read};
use domain::{Date, Role, StudentId};
use interop::kamar;
use jiff::civil::date;
use serde_json::json;

const START: Date = date(2026, 1, 26);

#[test]
fn students_come_with_the_names_that_the_school_uses_and_their_tutor_group() {
    let parsed = kamar::students(&read(fixture("full")).kept, &|_| Some(START));
    assert_eq!((parsed.problem_count, parsed.rows.len()), (0, 3), "{:?}", parsed.problems);
    let row = |at: usize| &parsed.rows[at].value;
    let aroha = row(0);
    assert_eq!(aroha.student_id.as_str(), "20001");
    assert_eq!(
        [&aroha.given_name, &aroha.preferred_name, &aroha.family_name].map(String::as_str),
        ["Arohanui", "Aroha", "Manu"]
    );
    assert_eq!(aroha.nsn.as_ref().map(domain::Nsn::reveal), Some("0012345678"));
    assert_eq!((aroha.year_level.as_str(), aroha.group.as_str()), ("9", "9NGA"));
    assert_eq!(
        (aroha.house.as_deref(), aroha.start_date, aroha.end_date),
        (Some("Rimu"), date(2026, 2, 2), None)
    );
    let wiremu = row(1);
    assert_eq!([&wiremu.given_name, &wiremu.preferred_name].map(String::as_str), ["Wiremu", ""]);
    assert_eq!((wiremu.nsn.as_ref(), wiremu.end_date), (None, Some(date(2026, 11, 6))));
    // Neither a first name nor a first day: the last name and the day that the caller knows.
    let pukeko = row(2);
    assert_eq!((pukeko.family_name.as_str(), pukeko.start_date), ("Pukeko", START));
}

#[test]
fn the_first_day_of_a_known_student_is_asked_for_by_id() {
    let known = |id: &StudentId| (id.as_str() == "2").then_some(date(2024, 1, 29));
    let people = json!([{"id": 1, "lastname": "Kea"}, {"id": 2, "lastname": "Ruru"}]);
    let parsed = kamar::students(&push("part", "students", people).kept, &known);
    assert_eq!(parsed.rows.iter().map(|row| row.value.start_date).collect::<Vec<_>>(), [date(2024, 1, 29)]);
    let problem = &parsed.problems[0];
    assert_eq!((problem.line, problem.column.as_str()), (1, "startingdate"));
}

#[test]
fn a_bad_value_refuses_its_student_who_is_named_all_the_same() {
    let people = json!([
        {"id": "=1", "lastname": "Kea"},
        {"id": 2, "lastname": ""},
        {"id": 3, "lastname": "Kea", "tutor": "9A;9B"},
        {"id": 4, "lastname": "Kea", "startingdate": "20261301"},
        {"id": 5, "lastname": "Kea", "startingdate": 20260202, "leavingdate": 20260101},
        {"id": 6, "lastname": "x".repeat(300)},
        {"id": 7, "lastname": "Kea", "nsn": "A123", "startingdate": 20260202},
        {"id": {"a": 1}, "lastname": "Kea"},
        {"lastname": "Kea"},
        "nobody",
        {"id": 8, "lastname": "Ruru", "startingdate": "2026-02-02"},
    ]);
    let push = push("full", "students", people);
    assert_eq!(push.dropped.unreadable, 1);
    let parsed = kamar::students(&push.kept, &|_| Some(START));
    let columns: Vec<(u64, &str)> =
        parsed.problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
    assert_eq!(
        columns,
        [
            (1, "id"),
            (2, "lastname"),
            (3, "tutor"),
            (4, "startingdate"),
            (5, "leavingdate"),
            (6, "lastname"),
            (7, "nsn"),
            (8, "id"),
            (9, "id"),
        ]
    );
    // The one without an NSN stays.
    let stay: Vec<&str> = parsed.rows.iter().map(|row| row.value.student_id.as_str()).collect();
    assert_eq!(stay, ["7", "8"]);
    assert_eq!(parsed.bad_rows.len(), 8);
    assert_eq!(kamar::named_students(&push.kept).len(), 7);
    let words = parsed.problems.iter().map(ToString::to_string).collect::<String>();
    assert!(!words.contains("A123") && !words.contains("Kea"), "{words}");
}

#[test]
fn staff_are_teachers_of_their_tutor_group_and_nothing_more() {
    let kept = read(fixture("full")).kept;
    let parsed = kamar::staff(&kept);
    let rows: Vec<_> = parsed.rows.iter().map(|row| &row.value).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].staff_id.as_str(), rows[0].name.as_str()), ("RAN", "Rangi Ngaio"));
    assert_eq!(rows[0].email, "r.ngaio@awa.example.school.nz");
    assert_eq!(rows[0].groups, ["9NGA"]);
    // A dean and an office manager to KAMAR: no role follows from it.
    assert!(rows.iter().all(|row| row.roles == [Role::Teacher]));
    assert_eq!((rows[1].email.as_str(), rows[1].groups.len()), ("", 0));
    assert_eq!(parsed.problems.iter().map(|problem| problem.column.as_str()).collect::<Vec<_>>(), ["email"]);
    let named: Vec<String> = kamar::named_staff(&kept).iter().map(ToString::to_string).collect();
    let left: Vec<String> = kamar::staff_who_left(&kept).iter().map(ToString::to_string).collect();
    assert_eq!((named.join(" "), left.join(" ")), ("RAN TOT".to_owned(), "OLD".to_owned()));
}
