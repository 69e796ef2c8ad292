//! What the plan asks for one student and what was done of it, for somebody outside: no person named.

use super::Reading;
use super::tasks::Book;
use crate::AppError;
use domain::{Date, ResponseType, TermId};
use store::people::StudentRow;

/// A step of the plan for one student.
#[derive(Debug, Clone)]
pub(crate) struct PlanStep {
    /// The tier's name.
    pub(crate) tier: String,
    /// What is done.
    pub(crate) does: String,
    /// When it was done, is owed by, or opens; nothing while steps before it are not done.
    pub(crate) on: Option<Date>,
    /// Whether it is itself a referral to somebody outside.
    pub(crate) refers: bool,
    /// The types of the responses that answered it.
    pub(crate) answered_by: Vec<&'static str>,
}

/// Where a student stands in the plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanState {
    pub(crate) done: Vec<PlanStep>,
    pub(crate) open: Vec<PlanStep>,
    pub(crate) ahead: Vec<PlanStep>,
}

/// Reads where a student stands in a term, by the plan in force.
pub(crate) fn plan_state(
    reading: &mut Reading<'_, '_>,
    student: &StudentRow,
    term: TermId,
) -> Result<PlanState, AppError> {
    let number = reading.school.number;
    let Some(term) = reading.calendar.term(term).copied() else { return Ok(PlanState::default()) };
    let plan = reading.plan_in_force()?;
    let Some(book) = Book::load_by(reading, term, plan, Some(&student.id))? else {
        return Ok(PlanState::default());
    };
    let Some(row) = store::derived::tally(reading.tx, number, term.id, &student.id)? else {
        return Ok(PlanState::default());
    };
    let tasks = book.of(&student.id, &row.sheet);
    let step = |(tier, step): (usize, usize), on: Option<Date>| {
        let (tier, step) = book.step(tier, step);
        let refers =
            step.records.iter().any(|wanted| wanted.kind == ResponseType::ReferredToExternalAgencies);
        let (tier, does) = (tier.name.clone(), step.does.clone());
        PlanStep { tier, does, on, refers, answered_by: Vec::new() }
    };
    let done = tasks.done.iter().map(|one| {
        let kinds = one.answers.iter().filter_map(|&place| book.kind_of(&student.id, place));
        PlanStep { answered_by: kinds.collect(), ..step((one.tier, one.step), Some(one.done_on)) }
    });
    let open = tasks.open.iter().map(|task| step((task.entry.tier, task.step), Some(task.due_on)));
    let ahead = tasks.waiting.iter().map(|waiting| step((waiting.entry.tier, waiting.step), waiting.from));
    Ok(PlanState { done: done.collect(), open: open.collect(), ahead: ahead.collect() })
}
