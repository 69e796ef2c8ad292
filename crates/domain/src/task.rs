//! What is now to be recorded and by when: the plan applied to a student's term.
//!
//! Stands between `crossing` and the response that completes it. Tasks are derived from the sheet,
//! the plan and the responses, whenever somebody looks; nothing keeps them. Who owes one is a role
//! or a duty here; which person that is, `app` says.

use crate::plan::{After, CompletedBy, Course, Moment, Plan, Span, Step, Tier};
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
    /// The day on which it opens; nothing while steps before it are not done.
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
    /// any other the first step that it fits.
    #[must_use]
    pub fn of(rules: Rules<'_>, course: &Course<'_>, answers: &[Answer], holds: &[HoldDays]) -> Self {
        let mut found = Self { entries: entries(rules.plan, course), ..Self::default() };
        if found.entries.is_empty() {
            return found;
        }
        let mut used = vec![false; answers.len()];
        let mut standing: Vec<Standing> = Vec::new();
        for entry in &found.entries {
            let tier = &rules.plan.tiers[entry.tier];
            let pool = Pool::of(rules.plan, entry, answers);
            let done = pool.match_steps(tier, answers, &mut used);
            let is_closed =
                pool.own.iter().any(|&at| rules.plan.is_outcome(answers[at].kind, &answers[at].description));
            let owes = !tier.is_positive && rules.go_live.is_none_or(|go_live| entry.reached.date >= go_live);
            standing.push(Standing {
                entry: entry.clone(),
                done,
                is_closed,
                owes,
                attempts: pool.attempts,
                was_answered: !pool.own.is_empty(),
            });
        }
        for place in 0..standing.len() {
            step_by_step(rules, course, (&standing, place), (answers, holds), &mut found);
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
            entries.push(Entry {
                tier: place,
                reached,
                level,
                episode: comes_and_goes.then_some(reached.date),
            });
        }
    }
    entries
}

/// A tier that was reached, with the answers that each of its steps took.
struct Standing {
    entry: Entry,
    /// For each step, each time it was done: the answers.
    done: Vec<Vec<Vec<usize>>>,
    is_closed: bool,
    owes: bool,
    attempts: usize,
    was_answered: bool,
}

/// The answers that speak of one entry.
struct Pool {
    /// Those that complete a task, by their place.
    own: Vec<usize>,
    /// The unsuccessful attempts.
    attempts: usize,
}

impl Pool {
    fn of(plan: &Plan, entry: &Entry, answers: &[Answer]) -> Self {
        let tier = &plan.tiers[entry.tier];
        let is_known =
            |key: &StepKey| plan.tier(&key.tier).is_some_and(|(_, tier)| tier.step(&key.step).is_some());
        let is_own = |answer: &Answer| {
            let names_it = entry.level.is_none() || answer.level == entry.level;
            match answer.step.as_ref().filter(|key| is_known(key)) {
                Some(key) => key.tier == tier.id && key.episode == entry.episode && names_it,
                // One that no step was named for answers the level, and a time that had come.
                None => {
                    answer.level.is_some()
                        && names_it
                        && entry.level.is_some()
                        && entry.episode.is_none_or(|episode| episode <= answer.done_on)
                }
            }
        };
        let all: Vec<usize> = (0..answers.len()).filter(|&at| is_own(&answers[at])).collect();
        let (own, attempts): (Vec<usize>, Vec<usize>) =
            all.into_iter().partition(|&at| answers[at].kind.completes_task());
        Self { own, attempts: attempts.len() }
    }

    /// Gives each step its answers: first those recorded for it, then each step in order the first
    /// that fits, the more exact steps before those that take anything, then what is done again.
    fn match_steps(&self, tier: &Tier, answers: &[Answer], used: &mut [bool]) -> Vec<Vec<Vec<usize>>> {
        let mut done: Vec<Vec<Vec<usize>>> = vec![Vec::new(); tier.steps.len()];
        let times = |step: &Step| step.repeat.map_or(1, |repeat| repeat.times.unwrap_or(u32::MAX)) as usize;
        let for_step = |answer: &Answer, step: &Step| {
            answer.step.as_ref().is_some_and(|key| key.tier == tier.id && key.step == step.id)
        };
        let mut take = |place: usize, done: &mut Vec<Vec<usize>>, most: usize, linked: bool| {
            let step = &tier.steps[place];
            while done.len() < most {
                let free = |at: &usize| {
                    let is_linked = for_step(&answers[*at], step);
                    !used[*at] && if linked { is_linked } else { is_linked || answers[*at].step.is_none() }
                };
                let free: Vec<usize> = self.own.iter().copied().filter(free).collect();
                let Some(taken) = completing(step, answers, &free) else { break };
                taken.iter().for_each(|&at| used[at] = true);
                done.push(taken);
            }
        };
        for (place, step) in tier.steps.iter().enumerate() {
            take(place, &mut done[place], times(step), true);
        }
        for exact in [true, false] {
            for (place, step) in tier.steps.iter().enumerate() {
                if (step.completed_by != CompletedBy::Any) == exact {
                    take(place, &mut done[place], 1, false);
                }
            }
        }
        for (place, step) in tier.steps.iter().enumerate() {
            take(place, &mut done[place], times(step), false);
        }
        done
    }
}

/// The answers among the free ones that complete a step once.
fn completing(step: &Step, answers: &[Answer], free: &[usize]) -> Option<Vec<usize>> {
    let meets = |wanted: &crate::plan::Wanted, at: usize| {
        wanted.is_met_by(answers[at].kind, &answers[at].description)
    };
    match step.completed_by {
        CompletedBy::Any => free.first().map(|&at| vec![at]),
        CompletedBy::One => {
            let fits = |&&at: &&usize| step.records.iter().any(|wanted| meets(wanted, at));
            free.iter().find(fits).map(|&at| vec![at])
        }
        CompletedBy::All => {
            let mut taken: Vec<usize> = Vec::new();
            for wanted in &step.records {
                let fits = |&&at: &&usize| !taken.contains(&at) && meets(wanted, at);
                taken.push(*free.iter().find(fits)?);
            }
            (!taken.is_empty()).then_some(taken)
        }
    }
}

/// Works out the steps of one entry, with what stands of the lower ones.
fn step_by_step(
    rules: Rules<'_>,
    course: &Course<'_>,
    (standing, place): (&[Standing], usize),
    (answers, holds): (&[Answer], &[HoldDays]),
    found: &mut StudentTasks,
) {
    let own = &standing[place];
    let tier = &rules.plan.tiers[own.entry.tier];
    let last_done = |done: &[Vec<usize>]| done.last().and_then(|taken| done_on(taken, answers));
    let (is_replaced, mut has_open) = (is_replaced(rules.plan, standing, place), false);
    let mut before = Before::of(rules.plan, standing, place, answers);
    for (index, step) in tier.steps.iter().enumerate() {
        let done = &own.done[index];
        let last = last_done(done);
        let prerequisites = before.of_step(tier, step, &own.done, answers);
        let base = match (&prerequisites, last) {
            (_, Some(last)) if step.repeat.is_some() => Some(last),
            (Some(since), _) => Some(since.unwrap_or(own.entry.reached.date).max(own.entry.reached.date)),
            (None, _) => None,
        };
        let opens = |base: Date, turn: usize| {
            let wait = step.repeat.filter(|_| turn > 1).map_or(step.wait, |repeat| repeat.every);
            after_holds(wait.after(base, rules.calendar), step.due, rules.calendar, holds)
        };
        let mut due_base = base.unwrap_or(own.entry.reached.date);
        for (turn, taken) in done.iter().enumerate() {
            if turn > 0 {
                due_base = done_on(&done[turn - 1], answers).unwrap_or(due_base);
            } else if step.repeat.is_some() {
                due_base =
                    prerequisites.flatten().unwrap_or(own.entry.reached.date).max(own.entry.reached.date);
            }
            let due_on = step.due.after(opens(due_base, turn + 1), rules.calendar);
            let (turn, answers_taken) = (u32::try_from(turn + 1).unwrap_or(u32::MAX), taken.clone());
            let done_on = done_on(taken, answers).unwrap_or(due_on);
            found.done.push(DoneStep {
                tier: own.entry.tier,
                step: index,
                turn,
                done_on,
                due_on,
                answers: answers_taken,
            });
        }
        let is_over = match step.repeat {
            None => !done.is_empty(),
            Some(repeat) => repeat.times.is_some_and(|times| done.len() >= times as usize),
        };
        let is_needed = step.only_if.as_ref().is_none_or(|condition| {
            condition.holds(course, Moment { seen: course.through, since: prerequisites.flatten() })
        });
        before.then(step, !done.is_empty() || !is_needed, last);
        if is_over || !is_needed || step.is_optional || own.is_closed || !own.owes {
            continue;
        }
        // A tier that takes the place of lower ones leaves one response to the Ministry's level.
        if is_replaced && (has_open || own.was_answered || own.entry.level.is_none()) {
            continue;
        }
        let turn = done.len() + 1;
        let from = base.map(|base| opens(base, turn));
        let Some(opened_on) = from.filter(|&from| from <= course.today || holds_now(holds, course.today))
        else {
            found.waiting.push(Waiting { entry: own.entry.clone(), step: index, from });
            continue;
        };
        if holds_now(holds, course.today) {
            found.held += 1;
            continue;
        }
        has_open = true;
        found.open.push(Task {
            entry: own.entry.clone(),
            step: index,
            turn: u32::try_from(turn).unwrap_or(u32::MAX),
            opened_on,
            due_on: step.due.after(opened_on, rules.calendar),
            attempts: own.attempts,
        });
    }
}

fn done_on(taken: &[usize], answers: &[Answer]) -> Option<Date> {
    taken.iter().map(|&at| answers[at].done_on).max()
}

fn holds_now(holds: &[HoldDays], today: Date) -> bool {
    holds.iter().any(|&(from, until)| from <= today && today <= until)
}

/// When a step opens: one that would be owed during a hold is owed from the day after it.
fn after_holds(opens: Date, due: Span, calendar: &Calendar, holds: &[HoldDays]) -> Date {
    let due_on = due.after(opens, calendar);
    let within = holds.iter().filter(|&&(from, until)| from <= due_on && opens <= until);
    within.filter_map(|&(_, until)| until.tomorrow().ok()).fold(opens, Date::max)
}

/// Whether a higher tier that was reached takes this one's place.
fn is_replaced(plan: &Plan, standing: &[Standing], place: usize) -> bool {
    let own = standing[place].entry.tier;
    standing.iter().any(|other| other.entry.tier > own && !plan.tiers[other.entry.tier].adds_up)
}

/// What stands of the owed steps before a step.
struct Before {
    /// Whether all of them are done, and when the last of them was.
    all_done: bool,
    last: Option<Date>,
}

impl Before {
    /// The owed steps of the lower tiers that were reached.
    fn of(plan: &Plan, standing: &[Standing], place: usize, answers: &[Answer]) -> Self {
        let mut before = Self { all_done: true, last: None };
        let own = standing[place].entry.tier;
        for lower in standing.iter().filter(|other| other.entry.tier < own && !other.is_closed && other.owes)
        {
            for (step, done) in plan.tiers[lower.entry.tier].steps.iter().zip(&lower.done) {
                let is_conditional = step.only_if.is_some();
                let last = done.last().and_then(|taken| done_on(taken, answers));
                before.then(step, !done.is_empty() || is_conditional, last);
            }
        }
        before
    }

    fn then(&mut self, step: &Step, is_done: bool, last: Option<Date>) {
        self.all_done &= is_done || step.is_optional;
        self.last = self.last.max(last);
    }

    /// When the last step before this one was done; nothing while one of them is not.
    fn of_step(
        &self,
        tier: &Tier,
        step: &Step,
        done: &[Vec<Vec<usize>>],
        answers: &[Answer],
    ) -> Option<Option<Date>> {
        match &step.after {
            After::Nothing => Some(None),
            After::AllEarlier => self.all_done.then_some(self.last),
            After::Steps(ids) => {
                let last = ids.iter().map(|id| {
                    let (place, _) = tier.step(id)?;
                    // The step before may be done several times: all of them.
                    let times =
                        tier.steps[place].repeat.and_then(|repeat| repeat.times).unwrap_or(1) as usize;
                    done_on(done[place].get(times - 1)?, answers)
                });
                last.collect::<Option<Vec<Date>>>().map(|dates| dates.into_iter().max())
            }
        }
    }
}
