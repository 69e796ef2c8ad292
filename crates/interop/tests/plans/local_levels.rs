//! Levels of a school's own beside the Ministry's, and tiers that take the place of lower ones.

use super::Student;
use domain::plan::{CodeFilter, Condition};

/// The fresh school's plan with a tier of its own at so many days.
fn with_level(days: u32, adds_up: bool) -> Student {
    let mut student = Student::under("default");
    let mut tier = student.plan.tiers[2].clone();
    tier.id = "own".to_owned();
    tier.when = Condition::HalfDays { at_least: 2 * days, codes: CodeFilter::Every };
    tier.adds_up = adds_up;
    let place = if days < 5 { 0 } else { 3 };
    student.plan.tiers.insert(place, tier);
    student
}

#[test]
fn a_response_to_fifteen_days_does_not_answer_twenty_that_come_later() {
    let mut student = with_level(20, true);
    for _ in 0..3 {
        student.week("MMMMM");
    }
    student.does("Other", "15").does("Monitor current approach: No further action needed", "15");
    student.week("MMMMM");
    let own: Vec<String> = student.tasks().into_iter().filter(|task| task.starts_with("own")).collect();
    assert_eq!(own, ["own/referral: leader, by 2026-08-21"]);
    // It is shared under 15, the highest level at or below it.
    let found = student.found();
    let entry = found.entries.iter().find(|entry| entry.tier == 3).expect("reached");
    assert_eq!(entry.level.map(|level| level.days()), Some(15));
    student.does("Other", "15");
    assert!(student.tasks().iter().all(|task| !task.starts_with("own")));
}

#[test]
fn a_level_below_five_days_is_answered_for_its_step_alone_and_never_shared() {
    let mut student = with_level(3, true);
    student.week("PPMMM");
    assert_eq!(student.tasks(), ["own/referral: leader, by 2026-07-31"]);
    assert_eq!(student.found().entries[0].level, None);
    student.does("Other", "own/referral");
    assert_eq!(student.tasks(), [""; 0]);
}

#[test]
fn a_tier_that_takes_the_place_of_lower_ones_leaves_one_response_to_each_of_their_levels() {
    let mut student = with_level(20, false);
    for _ in 0..4 {
        student.week("MMMMM");
    }
    let tiers: Vec<String> =
        student.tasks().iter().map(|task| task.split('/').next().expect("a tier").to_owned()).collect();
    // 15 and 20 days are both told as 15: the response to the higher answers it.
    assert_eq!(tiers, ["five", "ten", "own"]);
    student.does("Other", "5");
    assert_eq!(student.tasks().len(), 2);
}

#[test]
fn steps_of_a_tier_whose_place_was_taken_do_not_hold_up_what_comes_after_all_earlier() {
    let mut student = Student::under("rewards-and-notices");
    student.plan.tiers[3].adds_up = false;
    student.plan.tiers[3].steps[0].after = domain::plan::After::AllEarlier;
    for _ in 0..3 {
        student.week("MMMMM");
    }
    let expected = [
        "five/reasons: teacher, by 2026-07-31",
        "ten/notice: office, by 2026-08-07",
        "fifteen/plan: principal, by 2026-08-14",
    ];
    assert_eq!(student.tasks(), expected);
    student.does("Conversation with whānau: Initial conversation with whānau", "five/reasons");
    student.does("Sent written communication: Sent escalated notification to whānau", "ten/notice");
    assert_eq!(student.tasks()[0], "fifteen/letter: principal, by 2026-08-14");
}

#[test]
fn a_step_that_the_plan_no_longer_has_leaves_its_response_to_the_level() {
    let mut student = Student::under("default");
    student.week("MMMMM").does("Other", "five/contact");
    assert_eq!(student.tasks(), [""; 0]);
    student.plan.tiers[0].steps[0].id = "call".to_owned();
    assert_eq!(student.tasks(), [""; 0]);
    student.plan.tiers[0].id = "yellow".to_owned();
    assert_eq!(student.tasks(), [""; 0]);
}
