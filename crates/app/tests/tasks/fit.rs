//! Which responses did which step, told a second time.

use crate::slow::{Reached, Said, Slow};
use domain::plan::{CompletedBy, Condition, Step};
use domain::{Date, ResponseType};

impl Slow<'_> {
    /// Whether a response is about a tier: the one for whose step it was recorded, else any of its
    /// level that is that level itself or had been reached when it was done.
    pub fn is_about(&self, said: &Said, place: usize) -> bool {
        if let Some(home) = self.home(said) {
            return home == place;
        }
        let reached = &self.reached[place];
        let Some(level) = reached.level.filter(|level| said.level == Some(*level)) else { return false };
        let when = &self.plan.tiers[reached.tier].when;
        (reached.episode.is_none() && by_days_alone(when, 2 * level)) || reached.on <= said.done_on
    }

    pub fn home(&self, said: &Said) -> Option<usize> {
        let key = said.step.as_ref()?;
        let fits = |reached: &Reached| {
            let tier = &self.plan.tiers[reached.tier];
            let is_own = tier.id == key.tier && tier.steps.iter().any(|step| step.id == key.step);
            is_own && (reached.level.is_none() || reached.level == said.level)
        };
        let same = |reached: &Reached| fits(reached) && reached.episode == key.episode;
        // A time that a correction moved: the latest one before it was done.
        let moved =
            |reached: &Reached| fits(reached) && reached.episode.is_some_and(|day| day <= said.done_on);
        let places = 0..self.reached.len();
        let found = places.clone().find(|&place| same(&self.reached[place]));
        found.or_else(|| places.rev().find(|&place| moved(&self.reached[place])))
    }

    /// "One recorded from a task completes that step; any other the first step that it fits, more
    /// exact steps first": owed before suggested, without a condition before with one.
    pub fn do_steps(&mut self) {
        let tiers = self.reached.iter().map(|reached| &self.plan.tiers[reached.tier]);
        // For each place, the responses that each time of each step took, by what is wanted.
        let mut taken: Vec<Vec<Vec<Vec<Option<usize>>>>> =
            tiers.map(|tier| vec![Vec::new(); tier.steps.len()]).collect();
        let mut steps: Vec<(usize, usize)> = Vec::new();
        for (place, reached) in self.reached.iter().enumerate() {
            steps.extend((0..self.plan.tiers[reached.tier].steps.len()).map(|index| (place, index)));
        }
        let step = |&(place, index): &(usize, usize)| &self.plan.tiers[self.reached[place].tier].steps[index];
        steps.sort_by_key(|at| {
            let step = step(at);
            let takes_any = step.completed_by == CompletedBy::Any;
            (step.is_optional, step.only_if.is_some(), at.0, takes_any, at.1)
        });
        let said = &self.known.said;
        // One from a task that its own step did not want goes on as any other of its tier.
        let mut has_place = vec![false; said.len()];
        for from_a_task in [true, false] {
            for (number, one) in said.iter().enumerate() {
                let is_unsuccessful = one.kind == ResponseType::UnsuccessfulContactAttempt;
                let is_too_early = from_a_task && self.home(one).is_none();
                if is_unsuccessful || is_too_early || has_place[number] {
                    continue;
                }
                let may = |at: &&(usize, usize)| {
                    let is_named = one.step.as_ref().is_some_and(|key| key.step == step(at).id);
                    self.is_about(one, at.0) && (!from_a_task || is_named)
                };
                let own: Vec<(usize, usize)> = steps.iter().filter(may).copied().collect();
                let mut is_placed = false;
                for again in [false, true] {
                    for at in &own {
                        is_placed = is_placed || take(step(at), &mut taken[at.0][at.1], number, one, again);
                    }
                }
                has_place[number] = is_placed;
            }
        }
        let whole = |turns: Vec<Vec<Option<usize>>>| -> Vec<Vec<usize>> {
            let turn = |turn: Vec<Option<usize>>| turn.into_iter().collect::<Option<Vec<usize>>>();
            turns.into_iter().map_while(turn).collect()
        };
        self.done = taken.into_iter().map(|steps| steps.into_iter().map(whole).collect()).collect();
    }

    pub fn done_on(&self, turn: &[usize]) -> Date {
        turn.iter().map(|&number| self.known.said[number].done_on).max().expect("a response")
    }
}

/// Gives a response its place in a step, the first time or again; answers whether it had one.
fn take(step: &Step, turns: &mut Vec<Vec<Option<usize>>>, number: usize, said: &Said, again: bool) -> bool {
    let meets = |wanted: &domain::plan::Wanted| {
        wanted.kind == said.kind && (wanted.description.is_empty() || wanted.description == said.description)
    };
    let places: Vec<bool> = match step.completed_by {
        CompletedBy::Any => vec![true],
        CompletedBy::One => vec![step.records.iter().any(meets)],
        CompletedBy::All => step.records.iter().map(meets).collect(),
    };
    let most = step.repeat.map_or(1, |repeat| repeat.times.unwrap_or(u32::MAX)) as usize;
    // A first time opens by itself; a further one only after it.
    let (first, end) = if again { (1, most.min(turns.len() + 1)) } else { (0, most.min(1)) };
    for turn in first..end {
        for (place, fits) in places.iter().enumerate() {
            let is_free = turns.get(turn).is_none_or(|taken| taken[place].is_none());
            if *fits && is_free {
                if turn == turns.len() {
                    turns.push(vec![None; places.len()]);
                }
                turns[turn][place] = Some(number);
                return true;
            }
        }
    }
    false
}

/// Whether so many absent half-days alone reach a condition.
fn by_days_alone(condition: &Condition, half_days: u32) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| by_days_alone(part, half_days)),
        Condition::Any(parts) => parts.iter().any(|part| by_days_alone(part, half_days)),
        Condition::HalfDays { at_least, .. } => *at_least <= half_days,
        _ => false,
    }
}
