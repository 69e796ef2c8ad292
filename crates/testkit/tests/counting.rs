//! `domain` alone against the slow model, over ten thousand random schools without a database.
//!
//! The same acts as in `app`'s comparisons, which have a database and so fewer cases. Each group of
//! cases is a test of its own, so that they run side by side.

use domain::{HalfDay, Mark, Tally};
use proptest::prelude::*;
use testkit::cases;
use testkit::random::{Case, Course, Kind, PlainSchool, any_case, case_at_a_clock_change};

/// A school and its course, compared after each step.
fn follow(case: &Case) -> Result<(PlainSchool, Course), TestCaseError> {
    let (mut course, acts) = Course::begin(case);
    let mut school = course.plain();
    for act in acts {
        course.follow(&act);
        school.follow(&course.model, course.moment, &act);
    }
    for (number, step) in case.steps.iter().enumerate() {
        // Whatever is derived is laid anew at every comparison: a rebuild has nothing to add.
        let Some(act) = course.go_on(step) else { continue };
        course.follow(&act);
        school.follow(&course.model, course.moment, &act);
        let same = school.compare(&course.model, course.moment);
        same.map_err(|error| TestCaseError::fail(format!("step {number}, {:?}: {error}", step.kind)))?;
    }
    Ok((school, course))
}

/// Keeps to one register.
fn with_register(mut case: Case, by_period: bool) -> Case {
    for step in &mut case.steps {
        step.kind = match step.kind.clone() {
            Kind::Fill { from, days, absent, seed } if by_period => {
                Kind::Lessons { from, days, absent, seed }
            }
            Kind::Lessons { from, days, absent, seed } if !by_period => {
                Kind::Fill { from, days, absent, seed }
            }
            Kind::Marks { source, rows, wild, skip, .. } => {
                Kind::Marks { source, rows, by_period, wild, skip }
            }
            other => other,
        };
    }
    case
}

proptest! {
    #![proptest_config(cases(2_500, 250_000))]

    #[test]
    fn half_days_count_as_the_contract_says_whatever_happens(case in any_case(14)) {
        follow(&with_register(case, false))?;
    }

    #[test]
    fn periods_count_as_the_contract_says_whatever_happens(case in any_case(14)) {
        follow(&with_register(case, true))?;
    }

    #[test]
    fn a_school_that_changes_its_register_counts_as_the_contract_says(case in any_case(14)) {
        follow(&case)?;
    }

    #[test]
    fn a_night_on_which_clocks_change_counts_as_the_contract_says(case in case_at_a_clock_change(12)) {
        follow(&case)?;
    }
}

/// A number for every draw, so that an order follows from a seed.
fn mixed(seed: u32, number: usize) -> u64 {
    let number = u64::try_from(number).unwrap_or_default() + u64::from(seed);
    (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
}

proptest! {
    #![proptest_config(cases(1_000, 100_000))]

    #[test]
    fn the_order_of_a_dates_marks_never_matters(case in any_case(8), seed in any::<u32>()) {
        let (school, course) = follow(&case)?;
        for (term, student) in school.keys() {
            let marks = school.marks_of_term(&course.model, *term, student);
            let mut turned: Vec<(usize, Mark)> = marks.iter().copied().enumerate().collect();
            turned.sort_by_key(|(number, mark)| (mark.half_day.date, mixed(seed, *number)));
            let turned: Vec<Mark> = turned.into_iter().map(|(_, mark)| mark).collect();
            prop_assert_eq!(school.counted(*term, student, &marks), school.counted(*term, student, &turned));
        }
    }

    #[test]
    fn a_present_mark_where_nothing_stood_never_adds_absence(
        case in any_case(8), which in any::<prop::sample::Index>(), minutes in prop::option::of(1..300_u32),
    ) {
        let (school, course) = follow(&case)?;
        let model = &course.model;
        for (term, student) in school.keys() {
            let (first, last) = model.terms[term];
            let enrolled = |date| model.is_open(date) && model.is_enrolled(student, date.0);
            let mut places: Vec<HalfDay> = testkit::half_days_between(first, last)
                .filter(|place| enrolled((place.date, place.half))).collect();
            let mut marks = school.marks_of_term(model, *term, student);
            if minutes.is_none() {
                // A half-day has one mark; a period more is always possible.
                places.retain(|place| !marks.iter().any(|mark| mark.half_day == *place && mark.minutes.is_none()));
            }
            if places.is_empty() {
                continue;
            }
            let half_day = *which.get(&places);
            let (_, before, reached) = school.counted(*term, student, &marks);
            let code = school.code('P', half_day.date).expect("every list has P");
            marks.push(Mark { half_day, code, minutes });
            marks.sort_by_key(|mark| mark.half_day.date);
            let (_, after, now) = school.counted(*term, student, &marks);
            prop_assert!(after.absent() <= before.absent() && after.present >= before.present);
            prop_assert_eq!(after.open, before.open);
            // No threshold is reached on an earlier day, or that was not reached. Within a day of periods
            // the half that is present may be the other one.
            for reached_now in now {
                let before = reached.iter().find(|reached| reached.threshold == reached_now.threshold);
                prop_assert!(before.is_some_and(|before| before.half_day.date <= reached_now.half_day.date));
            }
        }
    }

    #[test]
    fn every_half_day_is_counted_once(case in any_case(8)) {
        let (school, course) = follow(&case)?;
        let (date, half) = course.model.settled;
        for (term, student) in school.keys() {
            let tally = school.tally(*term, student, HalfDay::new(date, half));
            let Tally { open, present, justified, unjustified, unknown } = tally;
            prop_assert_eq!(open, present + justified + unjustified + tally.unmarked());
            prop_assert!(unknown <= unjustified);
        }
    }
}

/// The twin of the comparisons: random schools in which nothing happens prove nothing.
#[test]
fn random_schools_reach_move_withdraw_and_restore_crossings() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut events = std::collections::BTreeMap::new();
    let (mut on_the_sunday, mut lists) = (0, 0);
    for number in 0..400 {
        let case = if number % 4 == 0 {
            case_at_a_clock_change(12).new_tree(&mut runner).expect("a case").current()
        } else {
            any_case(14).new_tree(&mut runner).expect("a case").current()
        };
        let (school, course) = follow(&case).expect("the model agrees");
        school.events.iter().for_each(|(kind, count)| *events.entry(*kind).or_insert(0) += count);
        let changes = ["2026-04-05", "2026-09-27", "2027-04-04", "2027-09-26"];
        on_the_sunday +=
            course.log.iter().filter(|(at, _)| changes.contains(&at.date.to_string().as_str())).count();
        lists += course.model.lists.len();
    }
    println!("{events:?}, {on_the_sunday} acts on a Sunday of a clock change, {lists} lists");
    for (kind, least) in [("reached", 500), ("moved", 100), ("withdrawn", 50), ("restored", 10)] {
        assert!(events[kind] > least, "{kind}: {events:?}");
    }
    assert!(on_the_sunday > 200 && lists > 50, "{on_the_sunday} {lists}");
}
