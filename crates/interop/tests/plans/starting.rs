//! The plan of a fresh school: what stood before there were plans.

use super::Student;

#[test]
fn each_level_has_its_owner_and_five_school_days() {
    let mut student = Student::under("default");
    student.week("MMMMM");
    assert_eq!(student.tasks(), ["five/contact: teacher, by 2026-07-31"]);
    student.week("MMMMM");
    assert_eq!(
        student.tasks(),
        ["five/contact: teacher, by 2026-07-31", "ten/plan: dean, by 2026-08-07"],
        "the lower level is still owed"
    );
    student.week("MMMMM");
    assert_eq!(student.tasks()[2..], ["fifteen/referral: leader, by 2026-08-14"]);
}

#[test]
fn any_response_that_names_the_level_completes_it_but_an_unsuccessful_attempt() {
    let mut student = Student::under("default");
    student.week("MMMMM").does("Unsuccessful contact attempt", "5");
    assert_eq!(student.found().open[0].attempts, 1);
    student.does("Used in-school resources to reduce barriers: Reduced food barriers", "5");
    assert_eq!(student.tasks(), [""; 0]);
    assert_eq!(student.found().done.len(), 1);
}

#[test]
fn a_response_to_one_level_leaves_the_others() {
    let mut student = Student::under("default");
    student.week("MMMMM").week("MMMMM").does("Other: Home visit", "10");
    assert_eq!(student.tasks(), ["five/contact: teacher, by 2026-07-31"]);
}

#[test]
fn no_further_action_needed_ends_the_tasks_of_its_level_alone() {
    let mut student = Student::under("letter-ladder");
    student.week("MMMMM").does("Monitor current approach: No further action needed", "five/letter-1");
    assert_eq!((student.tasks().len(), student.later().len()), (0, 0));
    student.week("MMMMM");
    assert_eq!(student.tasks(), ["ten/plan: leader, by 2026-08-07"]);
}

#[test]
fn what_was_reached_before_the_school_began_owes_nothing() {
    let mut student = Student::under("default");
    student.go_live = Some(jiff::civil::date(2026, 7, 25));
    student.week("MMMMM");
    assert_eq!((student.tasks().len(), student.found().entries.len()), (0, 1));
    student.week("MMMMM");
    assert_eq!(student.tasks(), ["ten/plan: dean, by 2026-08-07"]);
}

#[test]
fn a_hold_keeps_steps_back_and_they_are_owed_anew_from_the_day_after() {
    use jiff::civil::date;
    let mut student = Student::under("default");
    student.week("MMMMM").holds.push((date(2026, 7, 27), date(2026, 8, 2)));
    assert_eq!(student.tasks().len(), 1, "it has not begun");
    student.week("MMMMM");
    assert_eq!((student.tasks().len(), student.found().held), (0, 2));
    student.week("PPPPP");
    let expected = ["five/contact: teacher, by 2026-08-10", "ten/plan: dean, by 2026-08-10"];
    assert_eq!(student.tasks(), expected);
    // A second one, which meets what the first put off.
    student.holds.push((date(2026, 8, 5), date(2026, 8, 9)));
    student.week("PPPPP");
    assert_eq!(student.tasks()[0], "five/contact: teacher, by 2026-08-17");
}
