//! Tasks, against a slow and obvious second telling of decision 0026: whatever happens to a school,
//! Today shows just those tasks, and everybody's My day together holds each task with an owner.

mod compare;
mod course;
mod fit;
mod school;
mod slow;

use course::{Act, Case, case};
use proptest::prelude::*;
use school::School;
use testkit::{Engine, cases};

/// Runs a case, comparing after each act.
fn follow(case: &Case) -> Result<(), TestCaseError> {
    let mut school = School::begin(case);
    for (number, act) in case.acts.iter().enumerate() {
        school.go_on(act);
        let same = school.compare().and_then(|()| school.compare_my_days());
        same.map_err(|error| TestCaseError::fail(format!("{}, act {number}: {error}", school.story())))?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(32, 4_000))]

    #[test]
    fn today_shows_the_tasks_that_the_decision_says_and_my_days_share_them_out(case in case(24)) {
        follow(&case)?;
    }
}

#[test]
fn the_random_schools_owe_much_and_do_much() {
    // Given one course under each plan, else the comparison would say little.
    let (mut owed, mut answered) = (0, 0);
    for plan in 0..7 {
        let mut school = School::begin(&Case { engine: Engine::Sqlite, plan, acts: Vec::new() });
        for act in course::usual() {
            school.go_on(&act);
            if matches!(act, Act::Pass(..) | Act::Do(0, ..)) {
                school.compare().expect("the same");
                owed += school.expected().len();
            }
        }
        answered += school.answered();
    }
    assert!(owed > 50 && answered > 100, "{owed} owed, {answered} answered");
}
