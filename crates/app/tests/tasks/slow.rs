//! What is owed, told a second time from decision 0026: lists, loops, and nothing kept.
//!
//! Shares no code with `domain::task` or `domain::plan` but the plan's data itself.

use domain::plan::{After, CodeFilter, Condition, FlagSpan, Span, Step};
use domain::{Calendar, Date, Half, HalfDay, Owner, Plan, ResponseType, Role, StepKey, Threshold};
use std::collections::BTreeMap;

/// A response that stands.
#[derive(Debug, Clone)]
pub struct Said {
    pub kind: ResponseType,
    pub description: String,
    pub level: Option<u32>,
    pub done_on: Date,
    pub step: Option<StepKey>,
}

/// What is known of one student.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub marks: BTreeMap<HalfDay, char>,
    pub flags: Vec<FlagSpan>,
    pub holds: Vec<(Date, Date)>,
    pub said: Vec<Said>,
}

/// What is owed: as both sides say it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owed {
    pub key: String,
    pub turn: u32,
    pub level: Option<u32>,
    pub due_on: Date,
    pub is_late: bool,
    pub attempts: usize,
}

/// A tier that was reached.
pub struct Reached {
    pub tier: usize,
    pub on: Date,
    pub owed_from: Date,
    pub level: Option<u32>,
    pub episode: Option<Date>,
}

/// One student under a plan, looked at on a day.
pub struct Slow<'a> {
    pub plan: &'a Plan,
    pub calendar: &'a Calendar,
    pub known: &'a Known,
    pub today: Date,
    /// The open half-days that have come, with their letters.
    days: Vec<(HalfDay, Option<char>)>,
    pub reached: Vec<Reached>,
    /// For each tier reached, each step, each time it was done: which responses did it.
    pub done: Vec<Vec<Vec<Vec<usize>>>>,
}

impl<'a> Slow<'a> {
    pub fn look(plan: &'a Plan, calendar: &'a Calendar, known: &'a Known, now: HalfDay) -> Self {
        let term = calendar.terms()[0];
        let mut days = Vec::new();
        let mut date = term.first_day;
        while date <= term.last_day {
            for half in Half::BOTH {
                let half_day = HalfDay::new(date, half);
                if calendar.is_open(half_day) && half_day <= now {
                    days.push((half_day, known.marks.get(&half_day).copied()));
                }
            }
            date = date.tomorrow().expect("in range");
        }
        let mut slow =
            Self { plan, calendar, known, today: now.date, days, reached: Vec::new(), done: Vec::new() };
        slow.reach();
        slow.do_steps();
        slow
    }

    fn absent(&self, upto: usize) -> u32 {
        let absences = self.days[..upto].iter().filter(|(_, letter)| is_absent(*letter));
        u32::try_from(absences.count()).expect("few")
    }

    /// Whether a condition holds after the first `upto` half-days; what is new is new since a day.
    fn holds(&self, condition: &Condition, upto: usize, since: Option<Date>) -> bool {
        let marked = self.days[..upto].iter().filter(|(_, letter)| letter.is_some()).count();
        let marked = u32::try_from(marked).expect("few");
        let tenths = || 1000 * (marked - self.absent(upto));
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part, upto, since)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part, upto, since)),
            Condition::HalfDays { at_least, codes } => {
                assert_eq!(*codes, CodeFilter::Every, "these plans count all absence");
                self.absent(upto) >= *at_least
            }
            Condition::HalfDaysBelow(half_days) => self.absent(upto) < *half_days,
            Condition::AttendanceAtMost(share) => marked >= 10 && tenths() <= share * marked,
            Condition::AttendanceAtLeast(share) => marked >= 10 && tenths() >= share * marked,
            Condition::ClassesMissed { at_least, school_days } => {
                let mut dates: Vec<Date> =
                    self.days[..upto].iter().map(|(half_day, _)| half_day.date).collect();
                dates.dedup();
                let window = &dates[dates.len().saturating_sub(*school_days as usize)..];
                let missed = self.days[..upto]
                    .iter()
                    .filter(|(half_day, letter)| is_absent(*letter) && window.contains(&half_day.date));
                u32::try_from(missed.count()).expect("few") >= *at_least
            }
            Condition::Flag(name) => {
                let on = if upto == self.days.len() { self.today } else { self.days[upto - 1].0.date };
                let is_set = |span: &FlagSpan| span.from <= on && span.until.is_none_or(|until| on < until);
                self.known.flags.iter().any(|span| span.name == *name && is_set(span))
            }
            Condition::AbsentSince(half_days) => {
                let Some(since) = since else { return false };
                let new = self.days[..upto]
                    .iter()
                    .filter(|(half_day, letter)| is_absent(*letter) && half_day.date > since);
                u32::try_from(new.count()).expect("few") >= *half_days
            }
        }
    }

    /// "Reached is a tier once a term, on the first half-day on which its condition holds; a tier that
    /// looks at a rolling window is reached anew each time."
    fn reach(&mut self) {
        for (tier, of_plan) in self.plan.tiers.iter().enumerate().filter(|(_, tier)| !tier.is_positive) {
            assert!(of_plan.adds_up, "these plans add up");
            let comes_and_goes = matches!(of_plan.when, Condition::ClassesMissed { .. });
            let mut held = false;
            let mut times = 0;
            for upto in 1..=self.days.len() {
                let holds = self.holds(&of_plan.when, upto, None);
                if holds && !held && (comes_and_goes || times == 0) {
                    times += 1;
                    let on = self.days[upto - 1].0.date;
                    let level = self.level(&of_plan.when, upto);
                    let owed_from = level.map_or(on, |level| self.came_to(level).max(on));
                    let episode = comes_and_goes.then_some(on);
                    self.reached.push(Reached { tier, on, owed_from, level, episode });
                }
                held = holds;
            }
        }
    }

    /// The day on which the absence came to so many days.
    fn came_to(&self, days: u32) -> Date {
        let upto = (0..=self.days.len()).find(|&upto| self.absent(upto) >= 2 * days).expect("it did");
        self.days[upto - 1].0.date
    }

    /// "The Ministry's highest at or below the tier's own lower bound. Where what held has no such
    /// bound, the highest at or below the absence when the tier was reached; below 5 days none. When
    /// the absence later reaches a level that is part of the condition, that one."
    fn level(&self, when: &Condition, upto: usize) -> Option<u32> {
        let now = self.days.len();
        let held = self.bounds(when, &|part| self.holds(part, upto, None) || self.holds(part, now, None));
        let bound = held.into_iter().max().unwrap_or_else(|| self.absent(upto));
        [15, 10, 5].into_iter().find(|level| 2 * level <= bound)
    }

    fn bounds(&self, condition: &Condition, held: &dyn Fn(&Condition) -> bool) -> Vec<u32> {
        match condition {
            Condition::All(parts) => parts.iter().flat_map(|part| self.bounds(part, held)).collect(),
            Condition::Any(parts) => {
                parts.iter().filter(|part| held(part)).flat_map(|part| self.bounds(part, held)).collect()
            }
            Condition::HalfDays { at_least, .. } => vec![*at_least],
            _ => Vec::new(),
        }
    }

    /// What is owed, and how much a hold keeps back.
    pub fn owed(&self) -> (Vec<Owed>, usize) {
        let (mut owed, mut held) = (Vec::new(), 0);
        for (place, reached) in self.reached.iter().enumerate() {
            let about: Vec<&Said> =
                self.known.said.iter().filter(|said| self.is_about(said, place)).collect();
            let attempts = about.iter().filter(|said| said.kind == ResponseType::UnsuccessfulContactAttempt);
            let attempts = attempts.count();
            let tier = &self.plan.tiers[reached.tier];
            for index in (0..tier.steps.len()).filter(|&index| self.is_owed(place, index)) {
                let (step, done) = (&tier.steps[index], &self.done[place][index]);
                let Some(ready) = self.ready(place, index) else { continue };
                let first = ready.unwrap_or(reached.owed_from).max(reached.owed_from);
                let base = done.last().map_or(first, |last| self.done_on(last).max(first));
                let wait = match (&step.repeat, done.len()) {
                    (Some(repeat), 1..) => repeat.every,
                    _ => step.wait,
                };
                let opens = self.after(base, wait);
                let is_after_term = !done.is_empty() && opens > self.calendar.terms()[0].last_day;
                if opens > self.today || is_after_term {
                    continue;
                }
                if self.known.holds.iter().any(|(first, last)| *first <= self.today && self.today <= *last) {
                    held += 1;
                    continue;
                }
                let due_on = self.after(self.put_off(opens, step), step.due);
                let key = StepKey { tier: tier.id.clone(), step: step.id.clone(), episode: reached.episode };
                owed.push(Owed {
                    key: key.to_string(),
                    turn: u32::try_from(done.len()).expect("few") + 1,
                    level: reached.level,
                    due_on,
                    is_late: due_on < self.today,
                    attempts,
                });
            }
        }
        (owed, held)
    }

    /// Whether a step is still to be done, now or later.
    fn is_owed(&self, place: usize, index: usize) -> bool {
        let tier = &self.plan.tiers[self.reached[place].tier];
        let step = &tier.steps[index];
        let is_ended = self.known.said.iter().any(|said| {
            let ends = |outcome: &domain::plan::Wanted| {
                outcome.kind == said.kind && outcome.description == said.description
            };
            self.is_about(said, place) && self.plan.outcomes.iter().any(ends)
        });
        let times = step.repeat.map_or(Some(1), |repeat| repeat.times);
        let is_over = times.is_some_and(|times| self.done[place][index].len() >= times as usize);
        let since = self.ready(place, index).flatten();
        let is_needed = step.only_if.as_ref().is_none_or(|when| self.holds(when, self.days.len(), since));
        !is_ended && !step.is_optional && !is_over && is_needed
    }

    /// When the last of the steps before one was done, if there are any; nothing while one is not.
    fn ready(&self, place: usize, index: usize) -> Option<Option<Date>> {
        let tier = &self.plan.tiers[self.reached[place].tier];
        match &tier.steps[index].after {
            After::Nothing => Some(None),
            After::Steps(before) => {
                let mut last = None;
                for id in before {
                    let number = tier.steps.iter().position(|step| step.id == *id).expect("a step");
                    let times = tier.steps[number].repeat.and_then(|repeat| repeat.times).unwrap_or(1);
                    last = last.max(Some(self.done_on(self.done[place][number].get(times as usize - 1)?)));
                }
                Some(last)
            }
            After::AllEarlier => {
                let mut last = None;
                for (earlier, reached) in self.reached.iter().enumerate() {
                    let is_lower = reached.tier < self.reached[place].tier;
                    for number in 0..self.plan.tiers[reached.tier].steps.len() {
                        if !is_lower && (earlier != place || number >= index) {
                            continue;
                        }
                        match self.done[earlier][number].last() {
                            Some(turn) => last = last.max(Some(self.done_on(turn))),
                            None if self.is_owed(earlier, number) => return None,
                            None => {}
                        }
                    }
                }
                Some(last)
            }
        }
    }

    /// "A hold moves what would be owed during it to the day after it."
    fn put_off(&self, opens: Date, step: &Step) -> Date {
        let mut opened_on = opens;
        loop {
            let due_on = self.after(opened_on, step.due);
            let met = self.known.holds.iter().filter(|(first, last)| {
                *first <= *last && *first <= self.today && *first <= due_on && opened_on <= *last
            });
            let Some(last) = met.map(|(_, last)| *last).max() else { return opened_on };
            opened_on = last.tomorrow().expect("in range");
        }
    }

    fn after(&self, date: Date, span: Span) -> Date {
        let count = match span {
            Span::Weeks(weeks) => {
                let days = std::time::Duration::from_secs(u64::from(weeks) * 7 * 86_400);
                return date.checked_add(days).expect("in range");
            }
            Span::SchoolDays(count) => count,
        };
        let term_ends = self.calendar.terms().last().expect("a term").last_day;
        let (mut day, mut found, mut left) = (date, date, count);
        while left > 0 && day < term_ends {
            day = day.tomorrow().expect("in range");
            if Half::BOTH.iter().any(|&half| self.calendar.is_open(HalfDay::new(day, half))) {
                found = day;
                left -= 1;
            }
        }
        // Beyond the calendar every weekday stands for a school day.
        while left > 0 {
            found = found.tomorrow().expect("in range");
            left -= u32::from(found.weekday().to_monday_zero_offset() < 5);
        }
        found
    }

    /// The names of the tiers of encouragement that hold.
    pub fn encouraging(&self) -> Vec<String> {
        let holds =
            |tier: &&domain::plan::Tier| tier.is_positive && self.holds(&tier.when, self.days.len(), None);
        self.plan.tiers.iter().filter(holds).map(|tier| tier.name.clone()).collect()
    }
}

fn is_absent(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| !"PL".contains(letter))
}

/// The Ministry's level in days.
pub fn days(level: Threshold) -> u32 {
    u32::try_from(level.half_days()).expect("few") / 2
}

/// "Whoever it was given to; else the first owner whom anybody holds. Somebody who covers takes the
/// place of whoever has it: for the group before the year before everybody. A late task falls to the
/// next owner too." The people who owe it, then those whom it fell to.
pub fn owners(
    step: &Step,
    is_late: bool,
    given: Option<&str>,
    holders: &dyn Fn(&str) -> Vec<String>,
) -> (Vec<String>, Vec<String>) {
    let word = |owner: &Owner| match owner {
        Owner::Role(Role::SmsAdmin) => panic!("an administrator owes nothing"),
        Owner::Role(role) => role.text().to_owned(),
        Owner::Duty(duty) => duty.clone(),
    };
    let mut held: Vec<Vec<String>> = step.owners.iter().map(|owner| holders(&word(owner))).collect();
    held.retain(|people| !people.is_empty());
    let mut fell_to = held.get(1).filter(|_| is_late).cloned().unwrap_or_default();
    let people = held.first().cloned().unwrap_or_default();
    if let Some(given) = given.filter(|_| is_late) {
        fell_to.extend(people.iter().filter(|other| *other != given).cloned());
    }
    fell_to.sort();
    (given.map_or(people, |given| vec![given.to_owned()]), fell_to)
}
