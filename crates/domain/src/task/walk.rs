//! Which steps are owed now, which open later and which were done, tier by tier.

use super::fit::Standing;
use super::{Answer, DoneStep, HoldDays, Rules, StudentTasks, Task, Waiting};
use crate::Date;
use crate::plan::faults::is_always_owed;
use crate::plan::{After, Course, Moment, Span, Step, Tier};

/// What the tasks of one student rest on.
pub(super) struct Walk<'a> {
    pub rules: Rules<'a>,
    pub course: &'a Course<'a>,
    pub standing: &'a [Standing],
    pub answers: &'a [Answer],
    pub holds: &'a [HoldDays],
}

/// What stands of the owed steps before a step.
#[derive(Clone, Copy, Default)]
struct Before {
    /// Whether one of them is still owed.
    has_owed: bool,
    /// When the last of those that were done was.
    last: Option<Date>,
}

impl Before {
    fn and(self, other: Self) -> Self {
        Self { has_owed: self.has_owed || other.has_owed, last: self.last.max(other.last) }
    }
}

impl Walk<'_> {
    /// Every tier that was reached, the lowest first.
    pub fn all(&self, found: &mut StudentTasks) {
        let mut walked: Vec<Before> = Vec::new();
        for own in self.standing {
            // One tier may be reached several times; those times do not wait for each other.
            let lower =
                walked.iter().zip(self.standing).filter(|(_, other)| other.entry.tier < own.entry.tier);
            let lower = lower.fold(Before::default(), |before, (other, _)| before.and(*other));
            walked.push(self.tier(own, lower, found));
        }
    }

    /// One tier; tells what stands of its own steps.
    fn tier(&self, own: &Standing, lower: Before, found: &mut StudentTasks) -> Before {
        let tier = &self.rules.plan.tiers[own.entry.tier];
        let leaves_one = self.is_replaced(own);
        let owes_nothing = own.is_closed || !own.owes || (leaves_one && !self.needs_one(own));
        let mut so_far = Before::default();
        for (index, step) in tier.steps.iter().enumerate() {
            let done = &own.done[index];
            let ready = self.ready(tier, step, own, lower.and(so_far));
            self.add_done((own, index, step), ready.flatten(), found);
            let moment = Moment { seen: self.course.through, since: ready.flatten() };
            let is_needed =
                step.only_if.as_ref().is_none_or(|condition| condition.holds(self.course, moment));
            let times = step.repeat.map_or(Some(1), |repeat| repeat.times);
            let is_over = times.is_some_and(|times| done.len() >= times as usize);
            so_far.last = so_far.last.max(done.last().and_then(|taken| self.done_on(taken)));
            if is_over || !is_needed || step.is_optional || owes_nothing || (leaves_one && so_far.has_owed) {
                continue;
            }
            so_far.has_owed |= done.is_empty();
            self.add_owed((own, index, step), ready, found);
        }
        so_far
    }

    /// When the last step before this one was done, if there is any; nothing at all while one of
    /// them is not.
    fn ready(&self, tier: &Tier, step: &Step, own: &Standing, before: Before) -> Option<Option<Date>> {
        match &step.after {
            After::Nothing => Some(None),
            After::AllEarlier => (!before.has_owed).then_some(before.last),
            After::Steps(ids) => {
                let last = ids.iter().map(|id| {
                    let (place, step) = tier.step(id)?;
                    // The step before may be done several times: all of them.
                    let times = step.repeat.and_then(|repeat| repeat.times).unwrap_or(1) as usize;
                    self.done_on(own.done[place].get(times.checked_sub(1)?)?)
                });
                last.collect::<Option<Vec<Date>>>().map(|dates| dates.into_iter().max())
            }
        }
    }

    /// A higher tier takes the place of lower ones, but for one response to the Ministry's level.
    fn is_replaced(&self, own: &Standing) -> bool {
        self.replacing(own).next().is_some()
    }

    fn replacing<'w>(&'w self, own: &'w Standing) -> impl Iterator<Item = &'w Standing> {
        let replaces = move |other: &&Standing| {
            other.entry.tier > own.entry.tier && !self.rules.plan.tiers[other.entry.tier].adds_up
        };
        self.standing.iter().filter(replaces)
    }

    /// Whether a tier whose place was taken has a level that nothing else will answer.
    fn needs_one(&self, own: &Standing) -> bool {
        let level = own.entry.level;
        let answers = |other: &Standing| {
            let tier = &self.rules.plan.tiers[other.entry.tier];
            let owes = || other.owes && tier.steps.iter().any(|step| is_always_owed(tier, step));
            other.entry.level == level && (other.was_answered || owes())
        };
        level.is_some() && !own.was_answered && !self.replacing(own).any(answers)
    }

    fn add_done(
        &self,
        (own, index, step): (&Standing, usize, &Step),
        since: Option<Date>,
        found: &mut StudentTasks,
    ) {
        let owed_from = own.entry.owed_from;
        let mut base = since.unwrap_or(owed_from).max(owed_from);
        for (turn, taken) in (1_u32..).zip(&own.done[index]) {
            let Some(done_on) = self.done_on(taken) else { continue };
            let opens = self.opens(step, base, turn).unwrap_or(done_on);
            let opened_on = self.after_holds(opens, step, done_on);
            found.done.push(DoneStep {
                tier: own.entry.tier,
                step: index,
                turn,
                done_on,
                due_on: step.due.after(opened_on, self.rules.calendar),
                answers: taken.clone(),
            });
            base = done_on;
        }
    }

    fn add_owed(
        &self,
        (own, index, step): (&Standing, usize, &Step),
        ready: Option<Option<Date>>,
        found: &mut StudentTasks,
    ) {
        let (owed_from, today) = (own.entry.owed_from, self.course.today);
        let done = &own.done[index];
        let first = ready.map(|since| since.unwrap_or(owed_from).max(owed_from));
        let last = done.last().and_then(|taken| self.done_on(taken));
        let base = first.map(|first| last.map_or(first, |last| last.max(first)));
        let turn = u32::try_from(done.len()).unwrap_or(u32::MAX).saturating_add(1);
        let opens = base.and_then(|base| self.opens(step, base, turn));
        // What is done again ends with its term.
        if turn > 1 && opens.is_some_and(|opens| opens > self.course.calendar.term.last_day) {
            return;
        }
        let Some(opens) = opens.filter(|&opens| opens <= today) else {
            let from = opens.map(|opens| self.after_holds(opens, step, today));
            found.waiting.push(Waiting { entry: own.entry.clone(), step: index, from });
            return;
        };
        if self.holds.iter().any(|&(from, until)| from <= today && today <= until) {
            found.held += 1;
            return;
        }
        let opened_on = self.after_holds(opens, step, today);
        found.open.push(Task {
            entry: own.entry.clone(),
            step: index,
            turn,
            opened_on,
            due_on: step.due.after(opened_on, self.rules.calendar),
            attempts: own.attempts,
        });
    }

    /// When a step opens that counts from a day, without regard to holds; nothing when the school's
    /// calendar ends before.
    fn opens(&self, step: &Step, base: Date, turn: u32) -> Option<Date> {
        let calendar = self.rules.calendar;
        let wait = step.repeat.filter(|_| turn > 1).map_or(step.wait, |repeat| repeat.every);
        let opens = wait.after(base, calendar);
        match wait {
            Span::SchoolDays(days) if calendar.school_days_between(base, opens) < days => None,
            _ => Some(opens),
        }
    }

    /// A step that a hold met before it was late is owed anew from the day after. A hold that begins
    /// after `seen_on` has not met anything yet.
    fn after_holds(&self, opens: Date, step: &Step, seen_on: Date) -> Date {
        let mut opened_on = opens;
        let meets = |opened_on: Date| {
            let due_on = step.due.after(opened_on, self.rules.calendar);
            let met = |&&(from, until): &&HoldDays| {
                from <= seen_on && from <= due_on && opened_on <= until && from <= until
            };
            let ends = self.holds.iter().filter(met).map(|&(_, until)| until);
            ends.max().and_then(|until| until.tomorrow().ok())
        };
        // A later hold may meet what an earlier one put off.
        while let Some(later) = meets(opened_on).filter(|&later| later > opened_on) {
            opened_on = later;
        }
        opened_on
    }

    fn done_on(&self, taken: &[usize]) -> Option<Date> {
        taken.iter().map(|&at| self.answers[at].done_on).max()
    }
}
