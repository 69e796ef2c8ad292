//! One student under a plan: what is marked, what is recorded, and what is then owed.

use domain::plan::{Course, FlagSpan, Plan};
use domain::task::{Rules, StudentTasks};
use domain::{Answer, Calendar, Date, Half, HalfDay, ResponseType, Sheet, StepKey, Term, TermId, Threshold};
use jiff::ToSpan;
use jiff::civil::date;
use std::collections::BTreeMap;

const MONDAY: Date = date(2026, 7, 20);

/// One of the plans to begin with.
pub fn plan_named(name: &str) -> Plan {
    let example = reference::plans().iter().find(|example| example.name == name).expect("a plan");
    interop::plan::read(example.text, reference::codes(), MONDAY).expect("a plan without a problem")
}

/// A student, at the end of the last day that was marked.
pub struct Student {
    pub plan: Plan,
    pub calendar: Calendar,
    pub go_live: Option<Date>,
    pub holds: Vec<(Date, Date)>,
    letters: String,
    answers: Vec<Answer>,
    flags: Vec<FlagSpan>,
    missed: Option<BTreeMap<Date, u32>>,
    today: Date,
}

impl Student {
    pub fn under(name: &str) -> Self {
        let id = TermId::parse("2026-T3").expect("a term");
        let term = Term::new(id, MONDAY, date(2026, 9, 25)).expect("in order");
        let calendar = Calendar::new(vec![term], BTreeMap::new(), BTreeMap::new());
        let (letters, answers, flags, holds) = (String::new(), Vec::new(), Vec::new(), Vec::new());
        let plan = plan_named(name);
        Self { plan, calendar, go_live: None, holds, letters, answers, flags, missed: None, today: MONDAY }
    }

    /// Five more days, a letter each for both halves.
    pub fn week(&mut self, days: &str) -> &mut Self {
        assert_eq!(days.len(), 5);
        days.chars().for_each(|letter| self.letters.extend([letter, letter]));
        let week = self.letters.len() / 10 - 1;
        self.today = MONDAY + (i64::try_from(week).expect("few") * 7 + 4).days();
        self
    }

    /// The marks of a day that was marked before, corrected.
    pub fn corrected(&mut self, day: usize, letter: char) -> &mut Self {
        self.letters.replace_range(2 * day..2 * day + 2, &format!("{letter}{letter}"));
        self
    }

    /// Classes missed on the days so far, from the first: the school has periods.
    pub fn classes(&mut self, missed: &[u32]) -> &mut Self {
        let days = self.calendar.term_calendar(self.calendar.terms()[0].id).expect("a term").open;
        let dates = days.iter().map(|half_day| half_day.date).step_by(2);
        self.missed = Some(dates.zip(missed.iter().copied()).collect());
        self
    }

    pub fn flagged(&mut self, name: &str) -> &mut Self {
        self.flags.push(FlagSpan { name: name.to_owned(), from: self.today, until: None });
        self
    }

    /// A response done today, for a step (`five/contact`) or for a level (`5`).
    pub fn does(&mut self, what: &str, for_what: &str) -> &mut Self {
        let (kind, description) = what.split_once(": ").unwrap_or((what, ""));
        let kind = ResponseType::parse(kind).expect("a response type");
        let level = match for_what.parse().ok().and_then(Threshold::ministry) {
            Some(level) => Some(level),
            None => self.found().entries.iter().find_map(|entry| {
                let key = StepKey::parse(for_what).expect("a step");
                (self.plan.tiers[entry.tier].id == key.tier).then_some(entry.level).flatten()
            }),
        };
        let step = StepKey::parse(for_what).map(|key| {
            // A tier that comes and goes: the last time that it was reached.
            let own = |entry: &&domain::Entry| self.plan.tiers[entry.tier].id == key.tier;
            let episode = self.found().entries.iter().rfind(own).and_then(|entry| entry.episode);
            StepKey { episode, ..key.clone() }
        });
        self.answers.push(Answer {
            kind,
            description: description.to_owned(),
            level,
            done_on: self.today,
            step,
        });
        self
    }

    pub fn found(&self) -> StudentTasks {
        let calendar = self.calendar.term_calendar(self.calendar.terms()[0].id).expect("a term");
        let missing = calendar.open.len() - self.letters.len();
        let sheet = Sheet::from_text(&format!("{}{}", self.letters, ".".repeat(missing)));
        let codes = reference::codes();
        let sets = sheet.sets(&calendar, codes);
        let through = calendar.through(HalfDay::new(self.today, Half::Pm));
        let course = Course {
            sheet: &sheet,
            sets: &sets,
            calendar: &calendar,
            codes,
            through,
            today: self.today,
            flags: &self.flags,
            missed: self.missed.as_ref(),
        };
        let rules = Rules { plan: &self.plan, calendar: &self.calendar, go_live: self.go_live };
        let found = StudentTasks::of(rules, &course, &self.answers, &self.holds);
        assert!(found.open.iter().all(|task| task.opened_on <= self.today));
        found
    }

    /// What is owed now: `five/contact teacher, by 2026-07-31`, by its first owner.
    pub fn tasks(&self) -> Vec<String> {
        let words = |task: &domain::Task| {
            let step = &self.plan.tiers[task.entry.tier].steps[task.step];
            let tier = &self.plan.tiers[task.entry.tier].id;
            let turn = if task.turn > 1 { format!(" again ({})", task.turn) } else { String::new() };
            format!("{tier}/{}{turn}: {}, by {}", step.id, step.owners[0], task.due_on)
        };
        self.found().open.iter().map(words).collect()
    }

    /// What opens later: the step and when, if it is known.
    pub fn later(&self) -> Vec<String> {
        let words = |waiting: &domain::task::Waiting| {
            let step = &self.plan.tiers[waiting.entry.tier].steps[waiting.step];
            let from = waiting.from.map_or("after the steps before".to_owned(), |from| from.to_string());
            format!("{}/{}: {from}", self.plan.tiers[waiting.entry.tier].id, step.id)
        };
        self.found().waiting.iter().map(words).collect()
    }

    /// The tiers of encouragement that the student is in.
    pub fn encouraged(&self) -> Vec<String> {
        let calendar = self.calendar.term_calendar(self.calendar.terms()[0].id).expect("a term");
        let sheet = Sheet::from_text(&self.letters);
        let sets = sheet.sets(&calendar, reference::codes());
        let course = Course {
            sheet: &sheet,
            sets: &sets,
            calendar: &calendar,
            codes: reference::codes(),
            through: self.letters.len(),
            today: self.today,
            flags: &self.flags,
            missed: self.missed.as_ref(),
        };
        self.plan.encouraging(&course).into_iter().map(|tier| self.plan.tiers[tier].id.clone()).collect()
    }
}
