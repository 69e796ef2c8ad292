//! Code lists over time: shown before they are loaded, refused when a mark would lose its meaning,
//! and counted from their first day on, backwards too.

use app::views::{Change, Doer};
use app::{Actor, AppError, CodesReport, LoadCodes};
use domain::{EventKind, Instant};
use testkit::{TestSchool, half_day, instant};

const LIST: &str = "letter,name,class,counts_as\nP,Present,P,\nL,Late,P,\nM,Medical,P,\nJ,Justified,J,\nT,Truant,U,\n\
    ?,Unknown,U,\n";

fn now() -> Instant {
    instant("2026-05-15T15:00:00+12:00")
}

fn request(from: &str, list: &str) -> LoadCodes {
    LoadCodes { from: from.parse().expect("a date"), bytes: list.as_bytes().to_vec() }
}

/// Ten half-days of `M` for the first student of the school, from Monday 4 May on.
fn with_a_crossing(school: &TestSchool) {
    let days = ["04", "05", "06", "07", "08"];
    let rows: Vec<String> =
        days.iter().flat_map(|day| ["am", "pm"].map(|half| format!("101,2026-05-{day},{half},M"))).collect();
    school.mark(now(), &rows.join("\n"));
}

fn wrong(report: &CodesReport) -> String {
    report.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_list_is_shown_first_and_changes_counts_from_its_first_day_on() {
    for school in TestSchool::on_each_engine() {
        with_a_crossing(&school);
        let operator = &Actor::Operator;
        // From Wednesday on, `M` is present by this list: six of ten half-days no longer count.
        let wanted = request("2026-05-06", LIST);
        let shown = school.school.preview_codes(operator, now(), &wanted).expect("a preview");
        assert_eq!(wrong(&shown), "");
        let [effect] = shown.effects.as_slice() else { panic!("{:?}", shown.effects) };
        assert_eq!((effect.before.absent(), effect.after.absent(), effect.after.present), (10, 4, 6));
        assert_eq!(effect.crossings[0].kind, EventKind::Withdrawn);
        let before = school.everything(now());
        let loaded = school.school.load_codes(operator, now(), wanted).expect("loaded");
        assert_eq!(loaded.effects, shown.effects);
        assert_ne!(school.everything(now()), before);
        assert!(school.school.check_derived().expect("a check").is_empty());
        let view =
            school.school.student(operator, now(), &testkit::student_id("101"), None).expect("a student");
        let crossing = &view.crossings[0];
        let told = crossing.events.last().expect("an event");
        assert_eq!((told.event.cause.text(), &told.by), ("codes", &Doer::Operator));
        assert_eq!(told.change, Change::Codes(Some("2026-05-06".parse().expect("a date"))));
        assert_eq!(view.tally.absent(), 4);
        // The day before keeps the list it had, and an earlier moment knows nothing of the new one.
        assert!(view.codes.resolve('E', "2026-05-05".parse().expect("a date")).is_some());
        assert!(view.codes.resolve('E', "2026-05-06".parse().expect("a date")).is_none());
        // The list is taken back by loading another for the same day.
        let older = LIST.replace("M,Medical,P", "M,Medical,J");
        school.school.load_codes(operator, now(), request("2026-05-06", &older)).expect("loaded");
        let view =
            school.school.student(operator, now(), &testkit::student_id("101"), None).expect("a student");
        assert_eq!((view.tally.absent(), view.crossings[0].events.len()), (10, 3));
        assert!(school.school.rebuild().expect("a rebuild").is_empty());
    }
}

#[test]
fn a_list_under_which_a_mark_would_lose_its_meaning_is_refused_and_a_mapping_saves_it() {
    let school = TestSchool::new();
    with_a_crossing(&school);
    let without = LIST.replace("M,Medical,P,\n", "");
    let before = school.everything(now());
    let load = |list: &str| school.school.load_codes(&Actor::Operator, now(), request("2026-05-06", list));
    let refused = load(&without).expect("a report");
    assert!(wrong(&refused).contains("6 marks from 2026-05-06 on have the code M"), "{}", wrong(&refused));
    assert_eq!(school.everything(now()), before);
    let mapped = format!("{without}M,Older medical,J,J\n");
    assert_eq!(wrong(&load(&mapped).expect("a report")), "");
    let view =
        school.school.student(&Actor::Operator, now(), &testkit::student_id("101"), None).expect("one");
    let cell = view.cells.iter().find(|cell| cell.half_day == half_day("2026-05-06 am")).expect("open");
    assert_eq!(cell.cell, domain::Cell::Marked('J'));
}

#[test]
fn a_list_that_cannot_be_counted_with_says_what_would_be_right() {
    let school = TestSchool::new();
    for (list, words) in [
        (LIST.replace("P,Present,P", "P,Present,J"), "no P of class P"),
        (LIST.replace("?,Unknown,U,\n", ""), "no ? of class U"),
        (LIST.replace("L,Late,P,", "L,Late,P,T"), "L counts as T, which is no code of the same class"),
        (LIST.replace("L,Late,P,", "L,Late,P,Z"), "L counts as Z"),
        (LIST.replace("L,Late,P,", "T,Late,P,"), "stands twice"),
        ("letter,name\nP,Present\n".to_owned(), "class: this column is missing"),
    ] {
        let preview = school.school.preview_codes(&Actor::Operator, now(), &request("2026-05-06", &list));
        let preview = preview.expect("a report");
        assert!(wrong(&preview).contains(words), "{words:?} is not in {}", wrong(&preview));
        let loaded = school.school.load_codes(&Actor::Operator, now(), request("2026-05-06", &list));
        assert_eq!(wrong(&loaded.expect("a report")), wrong(&preview));
    }
    assert_eq!(school.school.codes().expect("a list"), *reference::codes());
}

#[test]
fn only_who_sets_the_school_up_may_load_codes() {
    let school = TestSchool::new();
    let load = |who: &str| school.school.load_codes(&school.staff(who), now(), request("2026-05-06", LIST));
    assert!(matches!(load("teacher"), Err(AppError::Denied(_))));
    assert!(load("admin").is_ok());
}
