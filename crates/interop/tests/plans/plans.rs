//! The six plans, each from marks to tasks.

use super::Student;
use domain::Threshold;

#[test]
fn in_a_secondary_school_the_form_teacher_calls_and_the_dean_takes_over_when_absences_go_on() {
    // Given five days away, the form teacher owes a contact and nobody else anything.
    let mut student = Student::under("secondary-deans");
    student.week("MMMMM");
    assert_eq!(student.tasks(), ["five/contact: teacher, by 2026-07-31"]);

    // When the teacher called and the student is back, then nothing more is owed.
    student.does("Conversation with whānau: Initial conversation with whānau", "five/contact").week("PPPPP");
    assert_eq!(student.tasks(), [""; 0]);

    // When absences go on, then the dean has two weeks from the contact.
    student.week("PPMPP");
    assert_eq!(student.tasks(), ["five/dean: dean, by 2026-08-07"]);
    student.does("Used in-school resources to reduce barriers: Referred to in-school mentor", "five/dean");
    assert_eq!(student.tasks(), [""; 0]);
}

#[test]
fn in_a_secondary_school_one_step_at_ten_days_gives_a_conversation_and_a_plan() {
    let mut student = Student::under("secondary-deans");
    student.week("MMMMM").does("Sent written communication: Sent notification to whānau", "five/contact");
    student.week("MMMMM").does("Monitor current approach", "five/dean");
    assert_eq!(student.tasks(), ["ten/plan: dean, by 2026-08-07"]);
    student.does("Conversation with whānau: Escalated conversation with whānau", "ten/plan");
    assert_eq!(student.tasks().len(), 1, "the plan is still missing");
    student.does("Developed individual support plan", "ten/plan");
    assert_eq!(student.tasks(), [""; 0]);

    // At fifteen days the engagement officer, not a role, owes the next step, and then refers on.
    student.week("MMMMM");
    assert_eq!(student.tasks(), ["fifteen/run: Engagement officer, by 2026-08-14"]);
    assert_eq!(student.later(), ["fifteen/refer: after the steps before"]);
    student.does("Conversation with whānau", "fifteen/run");
    assert_eq!(student.tasks(), ["fifteen/refer: Engagement officer, by 2026-08-21"]);
}

#[test]
fn a_small_primary_celebrates_calls_and_holds_a_hui() {
    let mut student = Student::under("small-primary");
    student.week("PPPPP");
    assert_eq!((student.encouraged(), student.tasks().len()), (vec!["celebrate".to_owned()], 0));
    student.week("MMMMM");
    assert_eq!(student.encouraged(), [""; 0]);
    let both = ["five/contact: teacher, by 2026-08-07", "five/catch-up: teacher, by 2026-08-14"];
    assert_eq!(student.tasks(), both);
    student.does("Conversation with whānau: Initial conversation with whānau", "5");
    student.does("Used in-school resources to reduce barriers: Reduced other barriers", "5");
    assert_eq!(student.tasks(), [""; 0], "each finds its own step");

    // The SENCO is a suggestion; the hui and the plan are owed.
    student.week("MMMMM");
    assert_eq!(student.tasks(), ["ten/hui: leader, by 2026-08-21"]);
    student.does("Conversation with whānau: Held whānau hui", "ten/hui");
    student.does("Developed individual support plan", "ten/hui");
    assert_eq!((student.tasks().len(), student.later().len()), (0, 0));
}

#[test]
fn a_small_primary_acts_on_a_pattern_before_fifteen_days() {
    // Given two days away and a pattern that somebody saw, the letter is owed, the service is not.
    let mut student = Student::under("small-primary");
    student.week("PPPPM").flagged("Pattern of absence");
    assert_eq!(student.tasks(), ["fifteen/letter: principal, by 2026-07-31"]);
    assert_eq!(student.found().entries[0].level, None, "nothing to tell the Ministry");
    student.does("Sent written communication: Sent formal warning notice to whānau", "fifteen/letter");
    assert_eq!(student.tasks(), [""; 0]);

    // When fifteen days are reached, that level wants a response of its own.
    for _ in 0..3 {
        student.week("MMMMM");
    }
    assert!(student.tasks().iter().any(|task| task.starts_with("fifteen/letter")), "{:?}", student.tasks());
    student.does("Sent written communication: Sent formal warning notice to whānau", "fifteen/letter");
    assert!(student.tasks().iter().any(|task| task.starts_with("fifteen/service")), "{:?}", student.tasks());
}

#[test]
fn rewards_then_notices_then_check_ins_every_fortnight() {
    let mut student = Student::under("rewards-and-notices");
    student.week("PPPPP");
    assert_eq!(student.encouraged(), ["rewards"]);
    student.week("MMMMM").does("Conversation with whānau: Initial conversation with whānau", "five/reasons");
    student.does("Used in-school resources to reduce barriers", "five/help");
    assert_eq!(student.tasks(), [""; 0], "a notice only where there is a pattern");
    student.flagged("Pattern of absence");
    assert_eq!(student.tasks(), ["five/notice: office, by 2026-08-07"]);
    student.does("Sent written communication: Sent notification to whānau", "five/notice");

    student.week("MMMMM");
    let expected = ["ten/notice: office, by 2026-08-14", "ten/plan: leader, by 2026-08-21"];
    assert_eq!(student.tasks(), expected);
    student.does("Sent written communication: Sent escalated notification to whānau", "ten/notice");
    student.does("Conversation with whānau: Escalated conversation with whānau", "ten/plan");
    student.does("Developed individual support plan", "ten/plan");
    assert_eq!(student.later(), ["ten/check-in: 2026-08-21"], "two weeks after the plan");

    // Check-ins come every two weeks from the last one.
    student.week("PPPPP").week("PPPPP");
    assert_eq!(student.tasks(), ["ten/check-in: leader, by 2026-08-28"]);
    student.does("Monitor current approach", "ten/check-in");
    assert_eq!((student.tasks().len(), student.later()), (0, vec!["ten/check-in: 2026-09-04".to_owned()]));
    student.week("PPPPP").week("PPPPP");
    assert_eq!(student.tasks(), ["ten/check-in again (2): leader, by 2026-09-11"]);
}

#[test]
fn prosecution_is_never_owed_even_where_support_is_refused() {
    let mut student = Student::under("rewards-and-notices");
    for _ in 0..3 {
        student.week("TTTTT");
    }
    student.flagged("Support refused");
    for (what, step) in [
        ("Conversation with whānau: Held whānau hui", "fifteen/plan"),
        ("Developed individual support plan", "fifteen/plan"),
        ("Referred to external agencies", "fifteen/agencies"),
    ] {
        student.does(what, step);
    }
    let all = [student.tasks(), student.later()].concat();
    assert!(all.iter().all(|task| !task.contains("prosecution")), "{all:?}");
    assert!(!student.tasks().is_empty());
}

#[test]
fn days_and_percentages_together_find_a_student_early_in_the_term() {
    // Given three days of the first ten away (70 percent are left): the share alone finds them.
    let mut student = Student::under("days-and-percent");
    student.week("PPPMM");
    assert_eq!(student.tasks(), [""; 0], "two days are not enough");
    student.week("PPPPM");
    assert_eq!(student.tasks(), ["irregular/contact: teacher, by 2026-08-07"]);
    assert_eq!(student.found().entries[0].level, None);

    // The same three days later in the term say less.
    let mut later = Student::under("days-and-percent");
    for _ in 0..6 {
        later.week("PPPPP");
    }
    assert_eq!(later.week("PPMMM").tasks(), [""; 0]);
}

#[test]
fn a_referral_comes_only_once_all_earlier_steps_are_recorded() {
    let mut student = Student::under("days-and-percent");
    for _ in 0..3 {
        student.week("MMMMM");
    }
    let owed = |student: &Student| -> Vec<String> {
        student.tasks().iter().map(|task| task.split(':').next().expect("a step").to_owned()).collect()
    };
    assert_eq!(owed(&student), ["irregular/contact", "moderate/plan", "chronic/review"]);
    assert_eq!(student.later(), ["chronic/referral: after the steps before"]);
    student.does("Conversation with whānau", "irregular/contact");
    student.does("Conversation with whānau: Held whānau hui", "chronic/review");
    assert_eq!(owed(&student), ["moderate/plan"]);
    student.does("Developed individual support plan", "moderate/plan");
    assert_eq!(student.tasks(), ["chronic/referral: principal, by 2026-08-14"]);
    student.does("Referred to external agencies: Referred to attendance services", "chronic/referral");
    assert_eq!((student.tasks().len(), student.later().len()), (0, 0));
}

#[test]
fn a_share_that_gets_better_leaves_the_level_under_which_it_was_answered() {
    // Given twelve days of forty away, when nine days and 70 percent reach the last tier.
    let mut student = Student::under("days-and-percent");
    for week in ["PPPPP", "PPPPP", "PPPPP", "PPPPP", "PPPPP", "PPPMM", "MMMMM", "MMMMM"] {
        student.week(week);
    }
    let level = |student: &Student| student.found().entries.last().expect("reached").level;
    assert_eq!(student.found().entries.len(), 3);
    assert_eq!(level(&student), Threshold::ministry(5));
    // A good week later the share is above 70 percent.
    student.week("PPPPP");
    assert_eq!(level(&student), Threshold::ministry(5));
}

#[test]
fn letters_climb_two_weeks_apart_only_while_absences_go_on() {
    let mut student = Student::under("letter-ladder");
    student.week("MMMMM");
    assert_eq!(student.tasks(), ["five/letter-1: office, by 2026-07-31"]);
    student.does("Sent written communication: Sent notification to whānau", "five/letter-1");
    // One more day away in the next week: the second letter is due two weeks after the first.
    student.week("MPPPP");
    assert_eq!((student.tasks().len(), student.later()), (0, vec!["five/letter-2: 2026-08-07".to_owned()]));
    student.week("PPPPP");
    assert_eq!(student.tasks(), ["five/letter-2: office, by 2026-08-14"]);
    student.does("Sent written communication: Sent escalated notification to whānau", "five/letter-2");
    // Nothing changes for the worse: no third letter.
    student.week("PPPPP").week("PPPPP");
    assert_eq!((student.tasks().len(), student.later().len()), (0, 0));
    // A further absence: the principal signs the third.
    student.week("PPPPJ");
    assert_eq!(student.tasks(), ["five/letter-3: principal, by 2026-08-28"]);
}

#[test]
fn a_coupon_waits_for_94_percent() {
    let mut student = Student::under("letter-ladder");
    assert_eq!(student.week("PPPPP").encouraged(), ["coupon"]);
    // 94.0 percent of 50 half-days is 47; 46 is not enough.
    for week in ["PPPPP", "PPPPP", "PPPPP", "PPPPM"] {
        student.week(week);
    }
    assert_eq!(student.encouraged(), ["coupon"]);
    assert_eq!(student.corrected(0, 'M').encouraged(), [""; 0]);
}

#[test]
fn a_second_class_missed_within_ten_days_is_a_call_and_a_fourth_a_meeting() {
    let mut student = Student::under("classes-missed");
    student.week("PPPPP").classes(&[1, 0, 0, 0, 0]);
    assert_eq!(student.tasks(), [""; 0], "one class is nobody's task");
    student.week("PPPPP").classes(&[1, 0, 0, 0, 0, 1]);
    assert_eq!(student.tasks(), ["classes/phone: teacher, by 2026-07-29"]);

    // An e-mail is not enough; a call is.
    student.does("Sent written communication: Sent notification to whānau", "classes/phone");
    assert_eq!(student.tasks().len(), 1);
    student.does("Conversation with whānau: Initial conversation with whānau", "classes/phone");
    assert_eq!(student.tasks(), [""; 0]);

    // Two more within the fortnight: a meeting, and no second call.
    student.week("PPPPP").classes(&[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    assert_eq!(student.tasks(), [""; 0], "three of ten days");
    student.classes(&[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
    assert_eq!(student.tasks(), ["many-classes/meeting: dean, by 2026-08-14"]);
}

#[test]
fn classes_missed_a_month_apart_are_two_calls() {
    let mut student = Student::under("classes-missed");
    student.week("PPPPP").classes(&[2]);
    student.does("Conversation with whānau", "classes/phone");
    assert_eq!(student.tasks(), [""; 0]);
    let mut missed = vec![0; 25];
    (missed[0], missed[20]) = (2, 2);
    for _ in 0..4 {
        student.week("PPPPP");
    }
    student.classes(&missed);
    assert_eq!(student.tasks(), ["classes/phone: teacher, by 2026-08-19"]);
    // A corrected mark moves the first time; the call that was made then stands for it.
    missed[0] = 0;
    missed[1] = 2;
    student.classes(&missed);
    let found = student.found();
    assert_eq!((found.open.len(), found.done.len()), (1, 1), "{found:?}");
}

#[test]
fn a_school_of_half_days_has_two_classes_a_day() {
    let mut student = Student::under("classes-missed");
    student.week("PPPPM");
    assert_eq!(student.tasks(), ["classes/phone: teacher, by 2026-07-28"]);
}
