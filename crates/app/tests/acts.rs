//! Rolls, corrections, reasons, calendar and people: repeated, raced, refused. Every negative stands
//! beside its positive. Requirement R45.

use app::{AppError, CorrectMark, ExportKind, RecordReason, RollEntry, TakeRoll};
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
        period: None,
        entries: entries.iter().map(entry).collect(),
        key: key.to_owned(),
    }
}

/// A school in which 101 was absent for the whole of a week, on each engine.
fn absent_for_a_week() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    })
}

fn acts(school: &TestSchool) -> usize {
    let number = school.school.number();
    // An export is an act too, and these look by exporting.
    let acts = school.app.store().read(number, |tx| store::act::all(tx, number)).expect("acts");
    acts.iter().filter(|act| act.kind != "export").count()
}

// Rolls.

#[test]
fn the_same_roll_five_times_is_saved_once_and_the_same_key_for_another_is_refused() {
    for school in TestSchool::on_each_engine() {
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
}

#[test]
fn a_roll_that_somebody_else_changed_names_the_students_and_saves_nothing() {
    for school in TestSchool::on_each_engine() {
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
}

#[test]
fn a_roll_is_refused_in_the_future_on_a_closed_half_and_with_codes_that_are_not_its_own() {
    for school in TestSchool::on_each_engine() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let refused = |who: &str, half: &str, letter: char| {
            let saved =
                school.school.take_roll(&school.staff(who), now, roll(half, &[("101", letter, 0)], ""));
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
            school
                .school
                .take_roll(&school.staff(who), now, roll(half, &[("101", 'P', 0)], ""))
                .expect("saved")
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
}

#[test]
fn in_a_class_of_several_years_a_dean_marks_the_students_of_their_own_year() {
    for school in TestSchool::on_each_engine() {
        let (dean, now) = (school.staff("dean"), instant(MONDAY));
        let file = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
                401,,Ana,Zed,,9,Whānau 1,2026-01-27,\n402,,Eru,Abel,,10,Whānau 1,2026-01-27,\n";
        assert!(school.import(now, app::ImportKind::Students, file).stored);
        let save = |who: &str, student: &str| {
            let group = "Whānau 1".to_owned();
            let roll = TakeRoll { group, ..roll("2026-05-11 am", &[(student, 'P', 0)], "") };
            school.school.take_roll(&school.staff(who), now, roll)
        };
        let view =
            school.school.roll(&dean, now, "Whānau 1", half_day("2026-05-11 am"), None).expect("a roll");
        let shown: Vec<&str> = view.lines.iter().map(|line| line.student_id.as_str()).collect();
        assert_eq!(shown, ["401"]);
        assert_eq!(save("dean", "401").expect("saved"), 1);
        assert!(matches!(save("dean", "402"), Err(AppError::Invalid(_) | AppError::NotFound(_))));
        assert!(matches!(save("teacher", "401"), Err(AppError::NotFound(_))));
        assert_eq!(save("office", "402").expect("saved"), 1);
    }
}

// Corrections and reasons.

#[test]
fn a_correction_needs_the_version_that_stands() {
    for school in absent_for_a_week() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        let slot = half_day("2026-05-04 am");
        let correction = |seen_version: i64, letter: char| CorrectMark {
            student_id: student_id("101"),
            half_day: slot,
            period: None,
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
}

#[test]
fn a_teacher_corrects_todays_marks_of_their_own_group_alone() {
    for school in TestSchool::on_each_engine() {
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
                period: None,
                letter: Some('M'),
                seen_version: 0,
                key: String::new(),
            },
        );
        assert_eq!(out_of_reach.replace("201", "999"), not_there.expect_err("refused").to_string());
        assert!(correct("office", "201", "2026-05-11 am").expect("corrected"));
    }
}

#[test]
fn a_known_absence_counts_when_it_becomes_current() {
    for school in absent_for_a_week() {
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
        let view = |time: &str| {
            school.school.student(&office, instant(time), &student_id("101"), None).expect("a view")
        };
        assert_eq!(view("2026-05-18T11:59:00+12:00").crossings.len(), 1);
        let crossings = view("2026-05-18T16:00:00+12:00").crossings;
        assert_eq!(crossings.len(), 2);
        assert_eq!(crossings[1].events[0].event.at, instant("2026-05-18T12:00:00+12:00"));
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn a_reason_is_recorded_with_the_code_it_leads_to_and_takes_the_absence_off_the_list() {
    for school in absent_for_a_week() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        let reason = |days: &[&str], text: &str, key: &str| RecordReason {
            student_id: student_id("101"),
            half_days: days.iter().map(|text| half_day(text)).collect(),
            reason: text.to_owned(),
            given_by: "Dad".to_owned(),
            given_how: "phone".to_owned(),
            given_at: Some(instant(FRIDAY)),
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
}

#[test]
fn an_absence_after_the_last_day_waits_for_no_reason() {
    for school in absent_for_a_week() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        let file = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
                101,0123456701,Aroha,Ngāwera,,9,9K,2026-01-27,2026-05-05\n";
        assert!(school.import(now, app::ImportKind::Students, file).stored);
        assert_eq!(school.school.today(&office, now).expect("today").waiting_for_reason_count, 4);
    }
}

// Calendar and people.

#[test]
fn a_closure_entered_afterwards_withdraws_the_crossing_and_opening_again_restores_it() {
    for school in absent_for_a_week() {
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
        assert_eq!(view.crossings[0].events[1].event.cause.text(), "closure");
        assert_eq!((set(true), set(true)), (1, 0));
        assert_eq!(school.export(now, ExportKind::Crossings), ["101,2026-T2,5,reached,2026-05-08,pm,10"]);
        let teacher = school.school.set_calendar(&school.staff("teacher"), now, Vec::new());
        assert!(matches!(teacher, Err(AppError::Denied(_))));
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn somebody_stays_sms_administrator() {
    for school in TestSchool::on_each_engine() {
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
}
