//! The plans to begin with, from marks to tasks: what the school whose plan it follows would do.
//!
//! Given a plan and a student, when days are marked and responses recorded, then the right people
//! owe the right steps. The term is that of 2026, from Monday 20 July.

mod course;
mod local_levels;
mod plans;
mod starting;

use course::Student;
use domain::plan::Wanted;

#[test]
fn every_plan_asks_only_for_descriptions_that_every_school_begins_with() {
    let is_default = |wanted: &Wanted| {
        let mut known = reference::default_descriptions().iter();
        known.any(|known| known.kind == wanted.kind && known.wording == wanted.description)
    };
    for example in reference::plans() {
        let plan = course::plan_named(example.name);
        assert_eq!(plan.unoffered(&is_default), [], "{}", example.name);
        assert!(!example.title.is_empty());
    }
    assert_eq!(reference::plans().len(), 7);
}

#[test]
fn every_plan_holds_the_words_that_the_law_asks_for() {
    for example in reference::plans() {
        let words = course::plan_named(example.name).words;
        let all = [
            words.title,
            words.contact,
            words.statement,
            words.identification,
            words.monitoring,
            words.review,
        ];
        assert!(all.iter().all(|text| !text.is_empty()), "{}: {all:?}", example.name);
        for list in [words.targets, words.objectives, words.barriers] {
            assert!(list.len() > 1, "{}: {list:?}", example.name);
        }
        assert_eq!((words.adopted_on, words.review_by), (None, None), "the board says when");
    }
}

#[test]
fn a_student_who_is_here_owes_nobody_anything_under_any_plan() {
    for example in reference::plans() {
        let mut student = Student::under(example.name);
        student.week("PPPPP").week("PPPPP").week("PLPPP");
        assert_eq!(student.tasks(), [""; 0], "{}", example.name);
    }
}

#[test]
fn somebody_owes_something_at_each_level_under_every_plan() {
    for example in reference::plans() {
        let mut student = Student::under(example.name);
        for level in [5, 10, 15] {
            student.week("MMMMM");
            let found = student.found();
            let names_it = |task: &&domain::Task| task.entry.level.is_some_and(|own| own.days() == level);
            assert!(found.open.iter().any(|task| names_it(&task)), "{}: {level}", example.name);
        }
    }
}
