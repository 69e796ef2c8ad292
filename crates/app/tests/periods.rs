//! The period register: rolls by a timetable, corrections of a period and of a whole half-day,
//! known absences that a roll begins with, and what leaves for the Ministry.

use app::views::Shown;
use app::{Actor, AppError, CorrectMark, ImportKind, RollEntry, TakeRoll, seen_version};
use domain::{Cell, Half, HalfDay, Instant};
use store::outbox::OutboxFact;
use testkit::{TestSchool, half_day, instant, student_id};

const TIMETABLE: &str = "group,weekday,period,start,minutes\n,monday,1,09:00,60\n,monday,2,10:00,60\n\
    ,monday,3,11:00,60\n,monday,4,13:00,60\n,monday,5,14:00,60\n10B,monday,2,10:15,45\n";

const MONDAY: &str = "2026-05-11";

fn at(time: &str) -> Instant {
    instant(&format!("{MONDAY}T{time}:00+12:00"))
}

fn with_timetable(school: &TestSchool) {
    let earlier = instant("2026-05-08T09:00:00+12:00");
    let report = school.import(earlier, ImportKind::Timetable, TIMETABLE);
    assert!(report.stored, "{:?}", report.problems);
}

fn roll(period: &str, entries: &[(&str, Option<char>, i64)]) -> TakeRoll {
    let entry = |&(id, letter, seen_version): &(&str, Option<char>, i64)| RollEntry {
        student_id: student_id(id),
        letter,
        seen_version,
    };
    TakeRoll {
        group: "9K".to_owned(),
        half_day: half_day(&format!("{MONDAY} am")),
        period: Some(period.to_owned()),
        entries: entries.iter().map(entry).collect(),
        key: String::new(),
    }
}

fn cell(school: &TestSchool, now: Instant, id: &str, half: Half) -> Cell {
    let view = school.school.student(&Actor::Operator, now, &student_id(id), None).expect("a student");
    let wanted = HalfDay::new(MONDAY.parse().expect("a date"), half);
    view.cells.iter().find(|cell| cell.half_day == wanted).expect("open").cell
}

#[test]
fn a_teacher_takes_the_roll_of_the_period_under_way_and_the_day_counts_by_minutes() {
    for school in TestSchool::on_each_engine() {
        with_timetable(&school);
        let teacher = &school.staff("teacher");
        let view = |time: &str, period: Option<&str>| {
            school
                .school
                .roll(teacher, at(time), "9K", half_day(&format!("{MONDAY} am")), period)
                .expect("a roll")
        };
        let names = |view: &app::views::RollView| -> Vec<String> {
            view.periods.iter().map(|period| period.name.clone()).collect()
        };
        let shown = view("10:20", None);
        assert_eq!(shown.period.as_ref().map(|period| period.name.as_str()), Some("2"));
        assert_eq!(names(&shown), ["1", "2", "3", "4", "5"]);
        assert_eq!(view("08:30", None).period.map(|period| period.name).as_deref(), Some("1"));
        assert_eq!(view("10:20", Some("5")).half_day.half, Half::Pm);

        let save = |time: &str, roll: TakeRoll| school.school.take_roll(teacher, at(time), roll);
        assert_eq!(
            save("09:05", roll("1", &[("101", Some('P'), 0), ("102", Some('?'), 0)])).expect("saved"),
            2
        );
        assert_eq!(cell(&school, at("09:10"), "102", Half::Am), Cell::Marked('?'));
        // 102 comes for two hours: the morning is present, and the code that decided is `L`.
        save("10:05", roll("2", &[("102", Some('L'), 0)])).expect("saved");
        assert_eq!(cell(&school, at("10:10"), "102", Half::Am), Cell::Marked('?'));
        save("11:05", roll("3", &[("102", Some('L'), 0)])).expect("saved");
        assert_eq!(cell(&school, at("11:10"), "102", Half::Am), Cell::Marked('L'));
        assert_eq!(cell(&school, at("11:10"), "102", Half::Pm), Cell::Unmarked);

        // A period that is still to come, that the group does not have, or that is stale.
        let refused = save("11:10", roll("4", &[("102", Some('P'), 0)]));
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
        let refused = save("11:10", roll("6", &[("102", Some('P'), 0)]));
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
        let refused = save("11:10", roll("3", &[("102", Some('P'), 0)]));
        assert!(matches!(refused, Err(AppError::Changed(_))), "{refused:?}");
        let lines =
            school.school.rolls(teacher, at("11:10"), MONDAY.parse().expect("a date")).expect("rolls");
        let own = lines.iter().find(|line| line.group == "9K").expect("the group");
        let marked: Vec<usize> = own.periods.iter().map(|(_, marked)| *marked).collect();
        assert_eq!((marked.as_slice(), own.marked), ([2, 1, 1, 0, 0].as_slice(), [2, 0]));
        assert!(school.school.rebuild().expect("a rebuild").is_empty());
    }
}

#[test]
fn a_known_absence_of_the_half_day_is_what_a_periods_roll_begins_with() {
    let school = TestSchool::new();
    with_timetable(&school);
    let known = half_day(&format!("{MONDAY} am"));
    school.correct(&school.staff("office"), at("08:00"), "101", known, Some('M')).expect("entered");
    assert_eq!(cell(&school, at("08:30"), "101", Half::Am), Cell::Marked('M'));
    let teacher = &school.staff("teacher");
    let view = school.school.roll(teacher, at("09:05"), "9K", known, Some("1")).expect("a roll");
    let line = view.lines.iter().find(|line| line.student_id.as_str() == "101").expect("a line");
    // The roll does not say why, and the period has no version of its own yet.
    assert_eq!((line.shown, line.version), (Shown::Known, 0));
    let kept = roll("1", &[("101", None, 0), ("102", Some('P'), 0)]);
    assert_eq!(school.school.take_roll(teacher, at("09:06"), kept).expect("saved"), 2);
    assert_eq!(cell(&school, at("09:10"), "101", Half::Am), Cell::Marked('M'));
    let view = school.school.roll(teacher, at("09:10"), "9K", known, Some("1")).expect("a roll");
    let line = view.lines.iter().find(|line| line.student_id.as_str() == "101").expect("a line");
    assert_eq!(line.version, 1);
}

#[test]
fn a_correction_of_a_half_day_corrects_each_marked_period_and_one_of_a_period_that_alone() {
    let school = TestSchool::new();
    let rows: Vec<String> = [("1", "09:00", 'T'), ("2", "10:00", '?'), ("4", "13:00", 'P')]
        .iter()
        .map(|(name, start, letter)| format!("101,{MONDAY},{name},{start},60,{letter}"))
        .collect();
    let file = format!("student_id,date,period,start,minutes,code\n{}\n", rows.join("\n"));
    assert!(school.import(at("15:30"), ImportKind::Marks, &file).stored);
    let office = &school.staff("office");
    let morning = half_day(&format!("{MONDAY} am"));
    let seen = || {
        let view = school.school.student(office, at("15:40"), &student_id("101"), None).expect("a student");
        let cell = view.cells.iter().find(|cell| cell.half_day == morning).expect("open");
        seen_version(cell.standing())
    };
    let correct = |period: Option<&str>, letter: Option<char>, seen_version: i64| {
        let correction = CorrectMark {
            student_id: student_id("101"),
            half_day: morning,
            period: period.map(str::to_owned),
            letter,
            seen_version,
            key: String::new(),
        };
        school.school.correct_mark(office, at("15:40"), correction)
    };
    assert_eq!(cell(&school, at("15:40"), "101", Half::Am), Cell::Marked('?'));
    assert!(matches!(correct(Some("3"), Some('M'), 2), Err(AppError::Invalid(_))));
    assert!(matches!(correct(Some("2"), Some('M'), 1), Err(AppError::Changed(_))));
    assert!(correct(Some("2"), Some('M'), seen()).expect("corrected"));
    // An hour truant and an hour ill: not more than half is justified.
    assert_eq!(cell(&school, at("15:40"), "101", Half::Am), Cell::Marked('T'));
    assert!(correct(None, Some('J'), seen()).expect("corrected"));
    assert_eq!(cell(&school, at("15:40"), "101", Half::Am), Cell::Marked('J'));
    assert_eq!(cell(&school, at("15:40"), "101", Half::Pm), Cell::Marked('P'));
    assert!(!correct(None, Some('J'), seen()).expect("the same"));
    // The same file tonight is no correction of what a person entered.
    let again = format!("{file}102,{MONDAY},1,09:00,60,P\n");
    assert!(school.import(at("23:00"), ImportKind::Marks, &again).stored);
    assert_eq!(cell(&school, at("23:10"), "101", Half::Am), Cell::Marked('J'));
    assert!(correct(None, None, seen()).expect("unmarked"));
    assert_eq!(cell(&school, at("23:10"), "101", Half::Am), Cell::Unmarked);
}

#[test]
fn the_ministry_is_told_the_code_that_decided_and_none_where_several_did() {
    let school = TestSchool::new();
    let file = format!(
        "student_id,date,period,start,minutes,code\n101,{MONDAY},1,09:00,60,P\n101,{MONDAY},2,10:00,60,L\n\
         101,{MONDAY},4,13:00,60,M\n101,{MONDAY},5,14:00,30,T\n"
    );
    assert!(school.import(at("15:30"), ImportKind::Marks, &file).stored);
    let number = school.school.number();
    let entries = school.app.store().read(number, |tx| store::outbox::after(tx, number, 1, 0, i64::MAX));
    let told: Vec<(Half, Option<char>, char)> = entries
        .expect("an outbox")
        .into_iter()
        .filter_map(|entry| match entry.fact {
            OutboxFact::Attendance { half_day, value: Some((code, class)), .. } => {
                Some((half_day.half, code, class.letter()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, [(Half::Am, None, 'P'), (Half::Pm, Some('M'), 'J')]);
}

#[test]
fn a_period_on_a_closed_half_is_a_problem_and_an_unknown_weekday_too() {
    let school = TestSchool::new();
    school.import(
        at("08:00"),
        ImportKind::Calendar,
        &format!("date,am,pm,reason\n{MONDAY},open,closed,Hui\n"),
    );
    let file = format!("student_id,date,period,start,minutes,code\n101,{MONDAY},5,12:00,60,P\n");
    let report = school.import(at("15:30"), ImportKind::Marks, &file);
    assert!(!report.stored && report.problems[0].to_string().contains("closed"), "{:?}", report.problems);
    let twice = format!("{TIMETABLE},monday,1,08:00,60\n");
    let report = school.import(at("08:00"), ImportKind::Timetable, &twice);
    assert!(
        !report.stored && report.problems[0].to_string().contains("stands twice"),
        "{:?}",
        report.problems
    );
}

#[test]
fn a_period_that_the_timetable_expects_and_nobody_marked_is_a_missing_roll() {
    for school in TestSchool::on_each_engine() {
        with_timetable(&school);
        let leader = &school.staff("leader");
        let monday = || {
            let missing = school.school.missing_rolls(leader, at("13:30")).expect("a list");
            let date = MONDAY.parse().expect("a date");
            let own =
                missing.lines.into_iter().filter(|line| line.group == "9K" && line.half_day.date == date);
            own.map(|line| (line.period.expect("a period"), line.unmarked)).collect::<Vec<_>>()
        };
        let whole = |name: &str| (name.to_owned(), 3);
        // The fifth begins at two and is not missing yet.
        assert_eq!(monday(), [whole("1"), whole("2"), whole("3"), whole("4")]);
        let teacher = &school.staff("teacher");
        let all = [("101", Some('P'), 0), ("102", Some('P'), 0), ("103", Some('?'), 0)];
        school.school.take_roll(teacher, at("09:05"), roll("1", &all)).expect("saved");
        school.school.take_roll(teacher, at("10:05"), roll("2", &all[..1])).expect("saved");
        assert_eq!(monday(), [("2".to_owned(), 2), whole("3"), whole("4")]);
        // A day without periods in the timetable is marked by half-days.
        let missing = school.school.missing_rolls(leader, at("13:30")).expect("a list");
        let friday = missing.lines.iter().filter(|line| line.half_day.date.to_string() == "2026-05-08");
        assert!(friday.clone().count() > 0 && friday.clone().all(|line| line.period.is_none()));
    }
}

fn undo_last(school: &TestSchool, now: Instant) -> app::Undone {
    let act = school.school.imports(&Actor::Operator, now).expect("imports")[0].0.act;
    school.school.undo_import(&Actor::Operator, now, act).expect("undone")
}

#[test]
fn an_undone_timetable_is_in_force_no_longer() {
    for school in TestSchool::on_each_engine() {
        with_timetable(&school);
        let now = at("08:00");
        let timetables = || school.school.calendar_view(&Actor::Operator, now).expect("a view").timetables;
        let before = timetables();
        let other = "group,weekday,period,start,minutes\n,monday,A,09:00,60\n";
        school.import(now, ImportKind::Timetable, other);
        assert_ne!(timetables(), before);
        assert_eq!(undo_last(&school, now).periods, 1);
        assert_eq!(timetables(), before);
    }
}

#[test]
fn an_undone_file_of_terms_gives_back_the_days_that_it_changed_and_a_new_term_stays() {
    for school in TestSchool::on_each_engine() {
        let now = at("08:00");
        school.mark(now, "101,2026-04-20,am,T\n101,2026-04-20,pm,T");
        let before = school.everything(now);
        let terms = "term,first_day,last_day\n2026-T2,2026-04-21,2026-07-03\n2026-T3,2026-07-20,2026-09-25\n";
        assert_eq!(school.import(now, ImportKind::Terms, terms).changed, 2);
        assert_ne!(school.everything(now), before);
        let undone = undo_last(&school, now);
        assert_eq!((undone.days, undone.left), (1, vec!["term 2026-T3: it was new, and stays".to_owned()]));
        let calendar = school.school.calendar().expect("a calendar");
        let days: Vec<String> =
            calendar.terms().iter().map(|term| format!("{} {}", term.id, term.first_day)).collect();
        assert_eq!(days, ["2026-T2 2026-04-20", "2026-T3 2026-07-20"]);
        assert_eq!(school.school.check_derived().expect("a check"), []);
    }
}
