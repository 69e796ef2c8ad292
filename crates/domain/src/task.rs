//! What is now to be recorded and by when: the plan applied to a student's term.
//!
//! Stands between `crossing` and the response that completes it. Tasks are derived from the sheet,
//! the plan and the responses, whenever somebody looks; nothing keeps them. Who owes one is a role
//! or a duty here; which person that is, `app` says.

mod fit;
#[cfg(test)]
mod tests;
mod walk;

use crate::plan::{Course, Plan};
use crate::{Calendar, Date, HalfDay, ResponseType, Threshold};
use std::fmt;

/// A tier that a student reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which tier, by its place in the plan.
    pub tier: usize,
    /// The half-day on which it was reached.
    pub reached: HalfDay,
    /// The Ministry's level that responses to it name.
    pub level: Option<Threshold>,
    /// Since when its steps are owed: the day on which it was reached, or, where that was for another
    /// reason, the later one on which the absence came to the level that responses now name.
    pub owed_from: Date,
    /// The day on which it was reached, for a tier that comes and goes: one student may reach it
    /// several times a term.
    pub episode: Option<Date>,
}

/// Which step a response was recorded for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepKey {
    /// The tier's id.
    pub tier: String,
    /// The step's id.
    pub step: String,
    /// The day on which the tier was reached, for one that comes and goes.
    pub episode: Option<Date>,
}

impl StepKey {
    /// Reads `tier/step` or `tier/step/2026-05-04`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let [tier, step] = [parts.next()?, parts.next()?].map(str::to_owned);
        let episode = parts.next().map(str::parse).transpose().ok()?;
        (parts.next().is_none() && !tier.is_empty() && !step.is_empty()).then_some(Self {
            tier,
            step,
            episode,
        })
    }
}

impl fmt::Display for StepKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.tier, self.step)?;
        self.episode.map_or(Ok(()), |episode| write!(out, "/{episode}"))
    }
}

/// A response that stands, as the plan looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its type.
    pub kind: ResponseType,
    /// Its Description.
    pub description: String,
    /// The crossing that it names.
    pub level: Option<Threshold>,
    /// The day on which it was done.
    pub done_on: Date,
    /// The step for which it was recorded, if it was recorded for one.
    pub step: Option<StepKey>,
}

/// A response that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The tier that asks for it.
    pub entry: Entry,
    /// Which step of the tier, by its place.
    pub step: usize,
    /// Which time it is done, from 1.
    pub turn: u32,
    /// Since when it is owed.
    pub opened_on: Date,
    /// The last day on which it is not late.
    pub due_on: Date,
    /// Unsuccessful contact attempts so far.
    pub attempts: usize,
}

impl Task {
    /// The step, by the ids that a response keeps.
    #[must_use]
    pub fn key(&self, plan: &Plan) -> StepKey {
        let tier = &plan.tiers[self.entry.tier];
        StepKey { tier: tier.id.clone(), step: tier.steps[self.step].id.clone(), episode: self.entry.episode }
    }
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneStep {
    /// Which tier, by its place in the plan.
    pub tier: usize,
    /// Which step of it, by its place.
    pub step: usize,
    /// Which time, from 1.
    pub turn: u32,
    /// The day on which it was done.
    pub done_on: Date,
    /// The last day on which it was not late.
    pub due_on: Date,
    /// The responses that completed it, by their place among the answers.
    pub answers: Vec<usize>,
}

/// A step that opens later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The tier that asks for it.
    pub entry: Entry,
    /// Which step of it, by its place.
    pub step: usize,
    /// The day on which it opens; nothing while steps before it are not done, or when the calendar
    /// ends before.
    pub from: Option<Date>,
}

/// Where one student stands in the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudentTasks {
    /// The tiers reached, lowest first.
    pub entries: Vec<Entry>,
    /// What is owed, in the plan's order.
    pub open: Vec<Task>,
    /// What will be.
    pub waiting: Vec<Waiting>,
    /// What was done.
    pub done: Vec<DoneStep>,
    /// How many tasks a hold keeps back.
    pub held: usize,
}

/// What tasks rest on beside the sheet and the responses.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The plan in force.
    pub plan: &'a Plan,
    /// The school's calendar.
    pub calendar: &'a Calendar,
    /// The school's first day with Starboard: a tier reached before it owes nothing.
    pub go_live: Option<Date>,
}

/// The first and last day of a hold on a student.
pub type HoldDays = (Date, Date);

impl StudentTasks {
    /// Where a student stands, given the responses that stand, in order of when they were done.
    ///
    /// A response completes a step when it names the level of the tier, is of a type that the step
    /// asks for, and completes a task at all. One that was recorded for a step completes that one;
    /// any other the first step that it fits, one that is owed before one that is not, and one that
    /// asks for certain responses before one that takes any. None completes two.
    #[must_use]
    pub fn of(rules: Rules<'_>, course: &Course<'_>, answers: &[Answer], holds: &[HoldDays]) -> Self {
        let mut found = Self { entries: entries(rules.plan, course), ..Self::default() };
        if !found.entries.is_empty() {
            let standing = fit::standings(rules, &found.entries, answers);
            walk::Walk { rules, course, standing: &standing, answers, holds }.all(&mut found);
        }
        found
    }
}

/// The tiers that a student reached, in the plan's order, each time once.
#[must_use]
pub fn entries(plan: &Plan, course: &Course<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (place, tier) in plan.tiers.iter().enumerate().filter(|(_, tier)| !tier.is_positive) {
        let comes_and_goes = tier.when.asks_for_classes();
        for position in tier.when.reached(course) {
            let Some(reached) = course.half_day(position) else { continue };
            let level = tier.when.level(course, position);
            let at_level = level.and_then(|level| course.sets.absent().nth(level.half_days()));
            let at_level = at_level.and_then(|position| course.half_day(position));
            entries.push(Entry {
                tier: place,
                reached,
                level,
                owed_from: at_level.map_or(reached.date, |at_level| at_level.date.max(reached.date)),
                episode: comes_and_goes.then_some(reached.date),
            });
        }
    }
    entries
}
