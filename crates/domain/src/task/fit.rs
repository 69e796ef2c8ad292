//! Which responses complete which step.
//!
//! Each response takes the first free place that it fits and keeps it, in the order in which they
//! were done: so a further response never takes one away from a step that was done.

use super::{Answer, Entry, Rules};
use crate::plan::{CompletedBy, Plan, Step};

/// A tier that was reached, with the answers that each of its steps took.
pub(super) struct Standing {
    pub entry: Entry,
    /// For each step, each time it was done: the answers.
    pub done: Vec<Vec<Vec<usize>>>,
    /// One of the answers says that nothing more is needed.
    pub is_closed: bool,
    /// It is owed since the school began, or later.
    pub owes: bool,
    /// Unsuccessful attempts.
    pub attempts: usize,
    /// Whether any answer that completes a task speaks of it.
    pub was_answered: bool,
}

/// Works out what the answers amount to for each of the tiers that were reached.
pub(super) fn standings(rules: Rules<'_>, entries: &[Entry], answers: &[Answer]) -> Vec<Standing> {
    let plan = rules.plan;
    let homes: Vec<Option<usize>> = answers.iter().map(|answer| home(plan, entries, answer)).collect();
    let speaks_of = |at: usize, place: usize| match homes[at] {
        Some(home) => home == place,
        None => answers_level(plan, &entries[place], &answers[at]),
    };
    let mut places = Places::of(plan, entries);
    let mut is_placed: Vec<bool> = answers.iter().map(|answer| !answer.kind.completes_task()).collect();
    for is_linked in [true, false] {
        for at in 0..answers.len() {
            // One that its own step did not want may be what another step of its tier asks for.
            if !is_placed[at] && (homes[at].is_some() || !is_linked) {
                is_placed[at] = places.fill(at, &answers[at], is_linked, &|place| speaks_of(at, place));
            }
        }
    }
    let standing = |(place, entry): (usize, &Entry)| {
        let own: Vec<usize> = (0..answers.len()).filter(|&at| speaks_of(at, place)).collect();
        let completes = |at: &&usize| answers[**at].kind.completes_task();
        let says_enough = |at: &usize| plan.is_outcome(answers[*at].kind, &answers[*at].description);
        Standing {
            entry: entry.clone(),
            done: places.done(place),
            is_closed: own.iter().any(says_enough),
            owes: rules.go_live.is_none_or(|go_live| entry.owed_from >= go_live),
            attempts: own.iter().filter(|at| !completes(at)).count(),
            was_answered: own.iter().any(|at| completes(&at)),
        }
    };
    entries.iter().enumerate().map(standing).collect()
}

/// The tier for which an answer was recorded, by its place among those reached. Nothing when it was
/// recorded for none, or for one that is no longer reached at that level: it then speaks of its
/// level as any other.
fn home(plan: &Plan, entries: &[Entry], answer: &Answer) -> Option<usize> {
    let key = answer.step.as_ref()?;
    let (tier, own) = plan.tier(&key.tier)?;
    own.step(&key.step)?;
    let fits = |entry: &Entry| entry.tier == tier && (entry.level.is_none() || entry.level == answer.level);
    let same = entries.iter().position(|entry| fits(entry) && entry.episode == key.episode);
    // A corrected mark may have moved the day on which the tier was reached.
    let moved = |entry: &Entry| fits(entry) && entry.episode.is_some_and(|day| day <= answer.done_on);
    same.or_else(|| entries.iter().rposition(moved))
}

/// Whether an answer that was recorded for no step speaks of a tier: it names its level, and the
/// tier is that level itself or had been reached.
fn answers_level(plan: &Plan, entry: &Entry, answer: &Answer) -> bool {
    let Some(level) = entry.level.filter(|_| entry.level == answer.level) else { return false };
    let half_days = u32::try_from(level.half_days()).unwrap_or(u32::MAX);
    let is_the_level = entry.episode.is_none() && plan.tiers[entry.tier].when.is_met_by_half_days(half_days);
    is_the_level || entry.reached.date <= answer.done_on
}

/// The places that answers can take: a step's, each time it is done, for each response it needs.
struct Places<'a> {
    steps: Vec<StepPlaces<'a>>,
}

struct StepPlaces<'a> {
    /// Which entry, and which step of its tier.
    entry: usize,
    index: usize,
    step: &'a Step,
    turns: Vec<Vec<Option<usize>>>,
}

impl<'a> Places<'a> {
    /// In the order in which an answer looks for a place.
    fn of(plan: &'a Plan, entries: &[Entry]) -> Self {
        let mut steps = Vec::new();
        for (entry, reached) in entries.iter().enumerate() {
            for (index, step) in plan.tiers[reached.tier].steps.iter().enumerate() {
                steps.push(StepPlaces { entry, index, step, turns: Vec::new() });
            }
        }
        // Whether a condition holds now must not decide, or a done step would be owed again later.
        steps.sort_by_key(|one| {
            let expected = (one.step.is_optional, one.step.only_if.is_some());
            (expected, one.entry, one.step.completed_by == CompletedBy::Any, one.index)
        });
        Self { steps }
    }

    /// Gives an answer its place, a first time before a further one; answers whether there was one.
    fn fill(
        &mut self,
        at: usize,
        answer: &Answer,
        is_linked: bool,
        speaks_of: &dyn Fn(usize) -> bool,
    ) -> bool {
        let is_own = |step: &Step| answer.step.as_ref().is_some_and(|key| key.step == step.id);
        for is_again in [false, true] {
            for one in &mut self.steps {
                if speaks_of(one.entry) && (!is_linked || is_own(one.step)) && one.take(at, answer, is_again)
                {
                    return true;
                }
            }
        }
        false
    }

    /// The answers of each step of an entry, each time it was done.
    fn done(&self, entry: usize) -> Vec<Vec<Vec<usize>>> {
        let mut own: Vec<&StepPlaces<'_>> = self.steps.iter().filter(|one| one.entry == entry).collect();
        own.sort_by_key(|one| one.index);
        let turns = |one: &StepPlaces<'_>| {
            let whole = |turn: &Vec<Option<usize>>| turn.iter().copied().collect::<Option<Vec<usize>>>();
            one.turns.iter().map_while(whole).collect()
        };
        own.into_iter().map(turns).collect()
    }
}

impl StepPlaces<'_> {
    /// Takes an answer into the first turn that has a place for it; a new turn when all are whole.
    fn take(&mut self, at: usize, answer: &Answer, is_again: bool) -> bool {
        let records = &self.step.records;
        let fits = |place: usize| match self.step.completed_by {
            CompletedBy::Any => true,
            CompletedBy::One => {
                records.iter().any(|wanted| wanted.is_met_by(answer.kind, &answer.description))
            }
            CompletedBy::All => records[place].is_met_by(answer.kind, &answer.description),
        };
        let width = if self.step.completed_by == CompletedBy::All { records.len() } else { 1 };
        let times = self.step.repeat.map_or(1, |repeat| repeat.times.unwrap_or(u32::MAX)) as usize;
        let turns = if is_again { 1..times.min(self.turns.len() + 1) } else { 0..times.min(1) };
        for turn in turns {
            let is_free = |place: usize| self.turns.get(turn).is_none_or(|taken| taken[place].is_none());
            if let Some(place) = (0..width).find(|&place| is_free(place) && fits(place)) {
                if turn == self.turns.len() {
                    self.turns.push(vec![None; width]);
                }
                self.turns[turn][place] = Some(at);
                return true;
            }
        }
        false
    }
}
