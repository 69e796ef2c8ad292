//! The lists under Review: reasons, forecast, what stands out, missing rolls, terms. Each sees the
//! reader's own students and nobody else.

use app::views::WithoutReason;
use app::{AppError, ImportKind, RecordReason, RecordResponse, Target};
use domain::{Instant, NextAbsence, ResponseType, Threshold};
use testkit::{TestSchool, half_day, instant, student_id, term_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";

fn ids<'l>(students: impl Iterator<Item = &'l app::StudentRow>) -> Vec<String> {
    students.map(|student| student.id.to_string()).collect()
}

fn reason(line: &WithoutReason, letter: Option<char>, given_at: Option<Instant>) -> RecordReason {
    RecordReason {
        student_id: line.student.id.clone(),
        half_days: line.may_record.clone(),
        reason: "flu".to_owned(),
        given_by: "Dad".to_owned(),
        given_how: "phone".to_owned(),
        given_at,
        letter,
        key: "k".to_owned(),
    }
}

// Reasons.

#[test]
fn half_days_in_a_row_are_one_line_and_one_reason_answers_them_all() {
    for school in TestSchool::on_each_engine() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 5), '?');
        // Present on Wednesday morning, then away again, justified this time.
        school.mark(instant(FRIDAY), "101,2026-05-06,am,P\n101,2026-05-06,pm,M\n201,2026-05-04,pm,M");
        let view = school.school.reasons(&office, now, 1).expect("reasons");
        let lines: Vec<(String, usize)> =
            view.lines.iter().map(|line| (line.student.id.to_string(), line.half_days.len())).collect();
        assert_eq!(lines, [("101".to_owned(), 4), ("201".to_owned(), 1), ("101".to_owned(), 1)]);
        assert_eq!((view.count, view.half_days, view.page), (3, 6, (1, 1)));
        let given = reason(&view.lines[0], Some('M'), Some(instant(FRIDAY)));
        school.school.record_reason(&office, now, given).expect("recorded");
        let left = school.school.reasons(&office, now, 1).expect("reasons");
        assert_eq!((left.count, left.half_days), (2, 2));
        let seen = school.school.student(&office, now, &student_id("101"), None).expect("a student");
        assert_eq!((seen.tally.unknown, seen.tally.justified), (0, 5));
        let kept = seen.cells.iter().filter_map(|cell| cell.reason.as_ref());
        assert!(kept.clone().count() == 4 && kept.clone().all(|kept| kept.given_at == Some(instant(FRIDAY))));
    }
}

#[test]
fn a_reason_cannot_have_been_given_in_time_to_come() {
    let school = TestSchool::new();
    let (office, now) = (school.staff("office"), instant(MONDAY));
    school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 4), '?');
    let (line, next, _) = school
        .school
        .without_reason(&office, now, &student_id("101"), half_day("2026-05-04 pm"))
        .expect("the line");
    assert_eq!((line.half_days.len(), next.is_none()), (2, true));
    let refused = school.school.record_reason(&office, now, reason(&line, None, Some(now.plus_seconds(60))));
    assert!(matches!(refused, Err(AppError::Invalid(fields)) if fields[0].name == "given_at"));
    school.school.record_reason(&office, now, reason(&line, None, Some(now))).expect("recorded");
}

#[test]
fn a_teacher_sees_own_absences_of_the_term_and_records_only_todays() {
    let school = TestSchool::new();
    let now = instant("2026-05-08T15:30:00+12:00");
    school.mark_days(instant(FRIDAY), "101", ("2026-05", 7, 8), '?');
    school.mark_days(instant(FRIDAY), "201", ("2026-05", 8, 8), '?');
    let teacher = school.staff("teacher");
    let view = school.school.reasons(&teacher, now, 1).expect("reasons");
    let line = view.lines.first().expect("a line");
    assert_eq!((view.count, line.student.id.to_string()), (1, "101".to_owned()));
    assert_eq!(line.may_record, ["2026-05-08 am", "2026-05-08 pm"].map(half_day));
    let whole = RecordReason {
        half_days: line.half_days.iter().map(|(half_day, _)| *half_day).collect(),
        ..reason(line, None, None)
    };
    assert!(matches!(school.school.record_reason(&teacher, now, whole), Err(AppError::Denied(_))));
    let other = school.school.without_reason(&teacher, now, &student_id("201"), half_day("2026-05-08 am"));
    assert!(matches!(other, Err(AppError::NotFound(_))));
    school.school.record_reason(&teacher, now, reason(line, None, None)).expect("recorded");
    let denied = school.school.reasons(&school.staff("admin"), now, 1);
    assert!(matches!(denied, Err(AppError::Denied(_))));
}

#[test]
fn a_question_mark_stands_a_year_later_however_often_somebody_looks() {
    for school in TestSchool::on_each_engine() {
        let office = school.staff("office");
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), '?');
        for month in 0..=12 {
            let now = instant(FRIDAY).plus_seconds(month * 30 * 86_400);
            school.school.advance(now).expect("time passes");
            school.school.today(&office, now).expect("today");
            let seen = school.school.student(&office, now, &student_id("101"), Some(term_id("2026-T2")));
            let tally = seen.expect("a student").tally;
            assert_eq!((tally.unknown, tally.unjustified), (10, 10), "month {month}");
        }
    }
}

// Forecast.

#[test]
fn the_forecast_says_who_reaches_a_level_and_by_what() {
    for school in TestSchool::on_each_engine() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 7), 'M');
        school.mark_days(instant(FRIDAY), "102", ("2026-05", 4, 8), 'P');
        // A known absence of next week, entered beforehand.
        school.mark_days(instant(FRIDAY), "102", ("2026-05", 18, 22), 'G');
        let view = school.school.forecast(&office, now).expect("a forecast");
        let next: Vec<_> = view.with_next.iter().map(|line| (line.threshold, line.with)).collect();
        assert_eq!(next, [(Threshold::FIVE, NextAbsence::Day)]);
        let entered: Vec<_> = view.on_entered.iter().map(|line| (line.threshold, line.with)).collect();
        assert_eq!(entered, [(Threshold::FIVE, half_day("2026-05-22 pm"))]);
        // Eight marked half-days are too few for a rate.
        assert!(view.at_rate.is_empty());
        school.mark(instant(FRIDAY), "101,2026-05-08,am,P\n101,2026-05-08,pm,P");
        let view = school.school.forecast(&office, now).expect("a forecast");
        // Eight of ten: two more take (2 × 10) ÷ 8 half-days, rounded up, from Monday afternoon on.
        let rate: Vec<_> = view.at_rate.iter().map(|line| (line.threshold, line.with)).collect();
        assert_eq!(rate, [(Threshold::FIVE, half_day("2026-05-12 pm"))]);
        // Nothing was sent or kept because somebody looked.
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn lists_hold_the_readers_own_students_alone() {
    let school = TestSchool::new();
    let now = instant(MONDAY);
    for id in ["101", "201"] {
        school.mark_days(instant(FRIDAY), id, ("2026-05", 4, 7), 'M');
    }
    let reach = |who: &str| {
        let actor = school.staff(who);
        let forecast = school.school.forecast(&actor, now).expect("a forecast");
        let missing = school.school.missing_rolls(&actor, now).expect("missing rolls");
        let stand_out = school.school.stand_out(&actor, now).expect("what stands out");
        assert!(stand_out.on_one_weekday.is_empty());
        let mut groups: Vec<String> = missing.lines.iter().map(|line| line.group.clone()).collect();
        groups.sort();
        groups.dedup();
        (ids(forecast.with_next.iter().map(|line| &line.student)), groups)
    };
    let own = |ids: &[&str], groups: &[&str]| {
        let text = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        (text(ids), text(groups))
    };
    assert_eq!(reach("teacher"), own(&["101"], &["9K"]));
    assert_eq!(reach("other"), own(&["201"], &["10B"]));
    assert_eq!(reach("dean"), own(&["101"], &["9K"]));
    assert_eq!(reach("leader"), own(&["201", "101"], &["10B", "9K"]));
    let admin = school.staff("admin");
    assert!(matches!(school.school.forecast(&admin, now), Err(AppError::Denied(_))));
    assert!(matches!(school.school.missing_rolls(&admin, now), Err(AppError::Denied(_))));
    assert!(matches!(school.school.stand_out(&admin, now), Err(AppError::Denied(_))));
    // Counts of the whole school, and no name.
    let counts = school.school.review(&admin, now).expect("counts");
    assert!(!counts.sees_students && counts.forecast[0] == 2);
    assert_eq!(school.school.review(&school.staff("teacher"), now).expect("counts").forecast[0], 1);
}

// What stands out.

#[test]
fn twenty_school_days_in_a_row_are_listed_over_a_break_with_the_last_day_attended() {
    for school in TestSchool::on_each_engine() {
        let office = school.staff("office");
        let entered = instant("2026-07-31T15:10:00+12:00");
        school.import(entered, ImportKind::Terms, "term,first_day,last_day\n2026-T3,2026-07-20,2026-09-25\n");
        school.mark_days(entered, "101", ("2026-06", 16, 16), 'P');
        school.mark_days(entered, "101", ("2026-06", 17, 19), 'M');
        for week in [22, 29] {
            let last = if week == 29 { 30 } else { 26 };
            school.mark_days(entered, "101", ("2026-06", week, last), 'M');
        }
        school.mark_days(entered, "101", ("2026-07", 1, 3), 'M');
        school.mark_days(entered, "101", ("2026-07", 20, 24), '?');
        let listed = |now: &str| {
            let view = school.school.stand_out(&office, instant(now)).expect("what stands out");
            view.long.iter().map(|line| (line.away.days, line.away.last_attended)).collect::<Vec<_>>()
        };
        assert_eq!(listed("2026-07-24T15:30:00+12:00"), []);
        school.mark_days(entered, "101", ("2026-07", 27, 28), '?');
        let last_attended = Some(half_day("2026-06-16 am").date);
        assert_eq!(listed("2026-07-28T15:30:00+12:00"), [(20, last_attended)]);
        // A roll that was not taken hides nothing; a morning at school ends it.
        assert_eq!(listed("2026-07-30T15:30:00+12:00"), [(20, last_attended)]);
        school.mark(entered, "101,2026-07-29,am,P");
        assert_eq!(listed("2026-07-30T15:30:00+12:00"), []);
    }
}

#[test]
fn absence_mainly_on_fridays_is_listed_and_spread_absence_is_not() {
    let school = TestSchool::new();
    let entered = instant("2026-05-29T15:10:00+12:00");
    for day in [8, 15, 22] {
        school.mark_days(entered, "101", ("2026-05", day, day), 'M');
    }
    school.mark_days(entered, "102", ("2026-05", 5, 7), 'M');
    let view = school.school.stand_out(&school.staff("office"), entered).expect("what stands out");
    let found: Vec<_> =
        view.on_one_weekday.iter().map(|line| (line.found.weekday, line.found.on_it)).collect();
    assert_eq!(found, [(5, 6)]);
}

// Missing rolls.

#[test]
fn rolls_not_taken_or_in_part_are_listed_oldest_first_with_their_teachers() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-04-21T09:30:00+12:00");
        school
            .mark(now, "101,2026-04-20,am,P\n102,2026-04-20,am,P\n103,2026-04-20,am,P\n101,2026-04-20,pm,P");
        // Somebody who comes on Tuesday is not missing on Monday; somebody is in no group.
        school.import(
            now,
            ImportKind::Students,
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
             104,,Eru,Sample,,9,9K,2026-04-21,\n105,,Fay,Sample,,9,,2026-01-27,\n",
        );
        let view = school.school.missing_rolls(&school.staff("office"), now).expect("missing rolls");
        let lines: Vec<(String, String, usize, usize)> = view
            .lines
            .iter()
            .map(|line| (line.half_day.to_string(), line.group.clone(), line.enrolled, line.unmarked))
            .collect();
        let line = |day: &str, group: &str, enrolled, unmarked| {
            (day.to_owned(), group.to_owned(), enrolled, unmarked)
        };
        assert_eq!(
            lines,
            [
                line("2026-04-20 am", "", 1, 1),
                line("2026-04-20 am", "10B", 2, 2),
                line("2026-04-20 pm", "", 1, 1),
                line("2026-04-20 pm", "10B", 2, 2),
                line("2026-04-20 pm", "9K", 3, 2),
                line("2026-04-21 am", "", 1, 1),
                line("2026-04-21 am", "10B", 2, 2),
                line("2026-04-21 am", "9K", 4, 4),
            ]
        );
        assert_eq!(view.lines[4].teachers, ["Tia Kingi"]);
        assert!(!view.lines[4].is_not_taken() && view.lines[7].is_not_taken());
        assert_eq!(ids(view.without_group.iter()), ["105"]);
        assert_eq!((view.completeness.marked, view.completeness.expected), (4, 19));
        assert_eq!(view.completeness.percent(), Some(21));
    }
}

// Terms.

/// A school whose student 101 reached 5 days in Term 2 and never had a response.
fn with_a_task_left_open() -> TestSchool {
    let school = TestSchool::new();
    school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'M');
    let terms = "term,first_day,last_day\n2026-T3,2026-07-20,2026-09-25\n2027-T1,2027-02-01,2027-04-09\n";
    school.import(instant(FRIDAY), ImportKind::Terms, terms);
    school
}

#[test]
fn what_a_term_left_open_stays_listed_until_it_is_answered() {
    let school = with_a_task_left_open();
    let (office, now) = (school.staff("office"), instant("2026-07-22T09:30:00+12:00"));
    let left =
        || school.school.today(&office, now).expect("today").left_open.map(|(term, count)| (term.id, count));
    assert_eq!(left(), Some((term_id("2026-T2"), 1)));
    let view = school.school.terms(&office, now, None).expect("terms");
    assert_eq!((view.year, view.years.as_slice()), (2026, &[2026, 2027][..]));
    let [two, three] = view.terms.as_slice() else { panic!("two terms") };
    assert_eq!((two.is_over, two.unfinished_count, two.bands), (true, 1, [4, 1, 0, 0]));
    assert_eq!(two.unfinished[0].task.level, Some(Threshold::FIVE));
    assert_eq!((three.is_over, three.has_begun, three.unfinished_count), (false, true, 0));
    // Term 2 of 2026 has eleven weeks and two public holidays on weekdays.
    assert_eq!((two.school_days, two.half_days), (53, 106));
    // Later in the term Today is about this term alone; the page keeps it.
    let later = instant("2026-08-12T09:30:00+12:00");
    assert_eq!(school.school.today(&office, later).expect("today").left_open, None);
    let other = school.school.today(&school.staff("other"), now).expect("today");
    assert_eq!(other.left_open, None, "not among their students");
    let counts = school.school.terms(&school.staff("admin"), now, None).expect("counts");
    assert_eq!((counts.terms[0].unfinished_count, counts.terms[0].unfinished.len()), (1, 0));
    let response = RecordResponse {
        targets: vec![Target {
            student_id: student_id("101"),
            term: Some(term_id("2026-T2")),
            threshold: Some(Threshold::FIVE),
            step: None,
        }],
        also: Vec::new(),
        kind: ResponseType::ConversationWithWhanau,
        description: String::new(),
        done_at: now,
        note: String::new(),
        confirmed: false,
        key: String::new(),
    };
    school.school.record_response(&office, now, response).expect("recorded");
    assert_eq!(left(), None);
    assert_eq!(school.school.terms(&office, now, None).expect("terms").terms[0].unfinished_count, 0);
}

#[test]
fn a_year_is_the_sum_of_its_terms_and_the_next_begins_anew() {
    let school = with_a_task_left_open();
    let office = school.staff("office");
    let february = instant("2027-02-03T15:30:00+13:00");
    school.mark_days(february, "101", ("2027-02", 1, 3), 'M');
    let seen = |term| school.school.student(&office, february, &student_id("101"), term).expect("a student");
    let year = |view: app::views::StudentView| {
        view.year.iter().map(|line| (line.term.id.to_string(), line.tally.absent())).collect::<Vec<_>>()
    };
    assert_eq!(year(seen(None)), [("2027-T1".to_owned(), 6)]);
    let of_2026 = year(seen(Some(term_id("2026-T2"))));
    assert_eq!(of_2026, [("2026-T2".to_owned(), 10), ("2026-T3".to_owned(), 0)]);
    let today = school.school.today(&office, february).expect("today");
    assert_eq!(today.term.map(|term| term.id), Some(term_id("2027-T1")));
    assert!(today.lines.is_empty() && today.near.is_empty());
    assert_eq!(school.school.forecast(&office, february).expect("a forecast").with_next.len(), 0);
}

#[test]
fn the_calendars_end_is_said_six_weeks_before_it_and_not_when_more_is_known() {
    let school = TestSchool::new();
    let ends = |now: &str| {
        let today = school.school.today(&school.staff("admin"), instant(now)).expect("today");
        today.calendar_ends.map(|date| date.to_string())
    };
    assert_eq!(ends("2026-05-21T09:30:00+12:00"), None);
    assert_eq!(ends("2026-05-22T09:30:00+12:00"), Some("2026-07-03".to_owned()));
    // Also once it has ended.
    assert_eq!(ends("2026-07-10T09:30:00+12:00"), Some("2026-07-03".to_owned()));
    let terms = "term,first_day,last_day\n2027-T1,2027-02-01,2027-04-09\n";
    school.import(instant(MONDAY), ImportKind::Terms, terms);
    assert_eq!(ends("2026-07-10T09:30:00+12:00"), None);
}
