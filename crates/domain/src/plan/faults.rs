//! What is wrong with a plan: it contradicts itself, names no owner, could never be done or never
//! end, or leaves a level of the Ministry without anything that is owed.

use super::{After, CompletedBy, Condition, Owner, Plan, Step, Tier, Wanted};
use crate::{CodeList, Date, Role, Threshold};

/// Where in a plan a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which tier, from 0; nothing for the plan itself.
    pub tier: Option<usize>,
    /// Which step of it, from 0; nothing for the tier itself.
    pub step: Option<usize>,
    /// Which key: `when`, `owner`, `after` …
    pub key: &'static str,
}

/// Something that must be put right before a plan can be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl Fault {
    fn new(place: Place, wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self { place, wrong: wrong.into(), right: right.into() }
    }
}

/// The most tiers and steps of a plan: far more than any school has.
pub const MOST_TIERS: usize = 20;

/// The most steps of a tier.
pub const MOST_STEPS: usize = 20;

impl Plan {
    /// Everything that is wrong with the plan, in its order; nothing when it can be published.
    ///
    /// `codes` are the attendance codes, of which those in use `on` a date may be named.
    #[must_use]
    pub fn faults(&self, codes: &CodeList, on: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        let whole = |key| Place { tier: None, step: None, key };
        self.check_names(&whole, &mut faults);
        if self.tiers.is_empty() {
            faults.push(Fault::new(
                whole("tier"),
                "the plan has no tier",
                "add a [[tier]] for 5, 10 and 15 days",
            ));
            return faults;
        }
        if self.tiers.len() > MOST_TIERS {
            let wrong = format!("the plan has {} tiers", self.tiers.len());
            faults.push(Fault::new(whole("tier"), wrong, format!("at most {MOST_TIERS}")));
        }
        for outcome in &self.outcomes {
            if !outcome.kind.completes_task() || outcome.kind.is_restricted() {
                let wrong = format!("{} cannot say that nothing more is needed", outcome.kind);
                faults.push(Fault::new(
                    whole("outcomes"),
                    wrong,
                    "Monitor current approach or Other, with a Description",
                ));
            } else if outcome.description.is_empty() {
                let wrong = format!("every {} would end a tier's tasks", outcome.kind);
                let right = format!("\"{}: a Description of your own\"", outcome.kind);
                faults.push(Fault::new(whole("outcomes"), wrong, right));
            }
        }
        for level in Threshold::MINISTRY {
            let half_days = u32::try_from(level.half_days()).unwrap_or(u32::MAX);
            // Responses to a tier below the level are not shared under it.
            let answers = |tier: &&Tier| {
                !tier.is_positive
                    // A tier that comes and goes is not reached anew by the level.
                    && !tier.when.asks_for_classes()
                    && tier.when.is_met_by_half_days(half_days)
                    && tier.steps.iter().any(|step| is_always_owed(tier, step))
                    && tier.when.level_by_half_days(half_days) == Some(level)
            };
            if !self.tiers.iter().any(|tier| answers(&tier)) {
                let wrong = format!("nothing is owed when a student reaches {level}");
                let right = format!(
                    "a tier with when = {{ days = {} }} and a step that is always owed",
                    level.days()
                );
                faults.push(Fault::new(whole("tier"), wrong, right));
            }
        }
        for (index, tier) in self.tiers.iter().enumerate() {
            self.check_tier(index, tier, (codes, on), &mut faults);
        }
        faults
    }

    fn check_names(&self, whole: &dyn Fn(&'static str) -> Place, faults: &mut Vec<Fault>) {
        if let (Some(adopted_on), Some(review_by)) = (self.words.adopted_on, self.words.review_by)
            && review_by <= adopted_on
        {
            let wrong = format!("the review by {review_by} is not after the adoption on {adopted_on}");
            faults.push(Fault::new(whole("review_by"), wrong, "a later date"));
        }
        for (key, names) in [("duties", &self.duties), ("flags", &self.flags)] {
            for (at, name) in names.iter().enumerate() {
                if name.trim().is_empty() {
                    faults.push(Fault::new(whole(key), "a name is empty", "a name of its own"));
                } else if names[..at].contains(name) {
                    let wrong = format!("{name:?} stands twice");
                    faults.push(Fault::new(whole(key), wrong, "each name once"));
                }
            }
        }
        for duty in self.duties.iter().filter(|duty| Role::parse(duty).is_some()) {
            let wrong = format!("{duty:?} is a role, not a duty of the plan");
            faults.push(Fault::new(whole("duties"), wrong, "leave it out: a step can name the role"));
        }
    }

    /// Steps that ask for a Description which the school does not offer: nobody could record it.
    /// Outcomes are not among them: one that is not offered yet only ends nothing.
    #[must_use]
    pub fn unoffered(&self, is_offered: &dyn Fn(&Wanted) -> bool) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (tier, own) in self.tiers.iter().enumerate() {
            for (step, own) in own.steps.iter().enumerate() {
                let asked = own.records.iter().filter(|wanted| !wanted.description.is_empty());
                for wanted in asked.filter(|wanted| !is_offered(wanted)) {
                    let place = Place { tier: Some(tier), step: Some(step), key: "records" };
                    let wrong = format!(
                        "{:?} is not among the school's descriptions of {}",
                        wanted.description, wanted.kind
                    );
                    let right = "one of the school's descriptions, or first add it under Descriptions";
                    faults.push(Fault::new(place, wrong, right));
                }
            }
        }
        faults
    }

    fn check_tier(&self, index: usize, tier: &Tier, codes: (&CodeList, Date), faults: &mut Vec<Fault>) {
        let place = |key| Place { tier: Some(index), step: None, key };
        let id = &tier.id;
        if !is_id(id) {
            let wrong = format!("{id:?} is no id");
            faults.push(Fault::new(place("id"), wrong, "1 to 40 lower-case letters, digits and hyphens"));
        }
        if self.tiers[..index].iter().any(|other| other.id == *id) {
            faults.push(Fault::new(place("id"), format!("two tiers have the id {id:?}"), "an id of its own"));
        }
        if tier.name.trim().is_empty() {
            faults.push(Fault::new(
                place("name"),
                "the tier has no name",
                "a name such as \"5 to 9.5 days\"",
            ));
        }
        self.check_condition(&tier.when, false, codes, &place("when"), faults);
        if let Some(lower) = self.tiers[..index].iter().find(|other| other.when == tier.when) {
            let wrong = format!("the tiers {:?} and {id:?} are reached by the same", lower.id);
            faults.push(Fault::new(place("when"), wrong, "put their steps into one tier"));
        }
        if tier.when.least_half_days() > 0 {
            let higher = self.tiers[..index].iter().find(|other| {
                !other.is_positive && other.when.least_half_days() > tier.when.least_half_days()
            });
            if let Some(higher) = higher {
                let wrong = format!("{id:?} begins below {:?}, which stands before it", higher.id);
                faults.push(Fault::new(place("when"), wrong, "tiers in order, the lowest first"));
            }
        }
        if tier.steps.is_empty() && !tier.is_positive {
            faults.push(Fault::new(place("step"), "the tier has no step", "add a [[tier.step]]"));
        }
        if tier.steps.len() > MOST_STEPS {
            let wrong = format!("the tier has {} steps", tier.steps.len());
            faults.push(Fault::new(place("step"), wrong, format!("at most {MOST_STEPS}")));
        }
        for (at, step) in tier.steps.iter().enumerate() {
            self.check_step((index, tier), (at, step), codes, faults);
        }
    }

    fn check_step(
        &self,
        (index, tier): (usize, &Tier),
        (at, step): (usize, &Step),
        codes: (&CodeList, Date),
        faults: &mut Vec<Fault>,
    ) {
        let place = |key| Place { tier: Some(index), step: Some(at), key };
        let id = &step.id;
        if !is_id(id) {
            let wrong = format!("{id:?} is no id");
            faults.push(Fault::new(place("id"), wrong, "1 to 40 lower-case letters, digits and hyphens"));
        }
        if tier.steps[..at].iter().any(|other| other.id == *id) {
            faults.push(Fault::new(place("id"), format!("two steps have the id {id:?}"), "an id of its own"));
        }
        if step.does.trim().is_empty() {
            faults.push(Fault::new(place("does"), "the step says nothing", "what is done, in a sentence"));
        }
        if step.owners.is_empty() {
            let right = "teacher, dean, office, leader, principal, or one of the plan's duties";
            faults.push(Fault::new(place("owner"), "nobody owns the step", right));
        }
        for owner in &step.owners {
            if let Owner::Duty(duty) = owner
                && !self.duties.contains(duty)
            {
                let wrong = format!("{duty:?} is no role and none of the plan's duties");
                faults.push(Fault::new(place("owner"), wrong, "add it to duties = [ … ]"));
            }
        }
        if tier.is_positive && !step.is_optional {
            let wrong = "a step of encouragement would be owed for everybody";
            faults.push(Fault::new(place("optional"), wrong, "optional = true"));
        }
        if let Some(condition) = &step.only_if {
            self.check_condition(condition, step.after != After::Nothing, codes, &place("only_if"), faults);
            let least = tier.when.least_half_days();
            if condition.below_half_days().is_some_and(|below| below <= least) {
                let wrong =
                    format!("with the tier's {} days or more it never holds", crate::days_text(least));
                faults.push(Fault::new(place("only_if"), wrong, "an upper bound above the tier's lower one"));
            }
        }
        check_order(tier, (at, step), &place, faults);
        check_records(step, &place, faults);
        if let Some(repeat) = step.repeat {
            if repeat.every.is_none() {
                faults.push(Fault::new(
                    place("every"),
                    "the step would be owed again at once, without end",
                    "every = \"2 weeks\"",
                ));
            }
            if repeat.times == Some(0) {
                faults.push(Fault::new(place("times"), "the step would never be owed", "times = 1 or more"));
            }
        }
    }

    fn check_condition(
        &self,
        condition: &Condition,
        follows: bool,
        (codes, on): (&CodeList, Date),
        place: &Place,
        faults: &mut Vec<Fault>,
    ) {
        let mut add = |wrong: String, right: &str| faults.push(Fault::new(*place, wrong, right));
        for simple in condition.simple() {
            match simple {
                Condition::All(_) | Condition::Any(_) => {
                    add("it is said of nothing".to_owned(), "one condition or more in it");
                }
                Condition::HalfDays { at_least: 0, .. } => {
                    add("everybody reaches it from the first day".to_owned(), "half a day or more");
                }
                Condition::HalfDaysBelow(0) => add("nobody can be below 0 days".to_owned(), "below_days = 5"),
                Condition::AttendanceAtMost(tenths) | Condition::AttendanceAtLeast(tenths)
                    if *tenths > 1000 =>
                {
                    add("attendance is at most 100 percent".to_owned(), "a percentage from 0 to 100");
                }
                Condition::ClassesMissed { at_least: 0, .. }
                | Condition::ClassesMissed { school_days: 0, .. } => {
                    add(
                        "no class in no time is always missed".to_owned(),
                        "classes_missed = 2, in_school_days = 10",
                    );
                }
                Condition::Flag(flag) if !self.flags.contains(flag) => {
                    add(format!("{flag:?} is none of the plan's flags"), "add it to flags = [ … ]");
                }
                Condition::AbsentSince(0) => {
                    add("everybody has been away for 0 days".to_owned(), "absent_since_days = 0.5 or more");
                }
                Condition::AbsentSince(_) if !follows => {
                    add("there is no step before it to count from".to_owned(), "a step with after = [ … ]");
                }
                _ => {}
            }
            if let Condition::HalfDays {
                codes: super::CodeFilter::Only(letters) | super::CodeFilter::Except(letters),
                ..
            } = simple
            {
                for letter in letters {
                    let class = codes.row(*letter, on).map(|row| row.class);
                    if class.is_none_or(|class| class == crate::Class::Present) {
                        add(
                            format!("{letter:?} is no code of an absence"),
                            "letters such as M, J, E, G, T or ?",
                        );
                    }
                }
            }
        }
        if let Some((wrong, right)) = super::condition::contradiction(condition) {
            faults.push(Fault::new(*place, wrong, right));
        }
    }
}

/// Whether everybody who reaches the tier owes the step at some time.
pub(crate) fn is_always_owed(tier: &Tier, step: &Step) -> bool {
    let is_earlier_owed = |id: &String| match (tier.step(id), tier.step(&step.id)) {
        (Some((before, earlier)), Some((at, _))) => before < at && is_always_owed(tier, earlier),
        _ => false,
    };
    let follows_owed = match &step.after {
        After::Nothing | After::AllEarlier => true,
        After::Steps(ids) => ids.iter().all(is_earlier_owed),
    };
    !step.is_optional && step.only_if.is_none() && follows_owed
}

/// Steps may come only after steps that are ever done.
fn check_order(
    tier: &Tier,
    (at, step): (usize, &Step),
    place: &dyn Fn(&'static str) -> Place,
    faults: &mut Vec<Fault>,
) {
    let After::Steps(ids) = &step.after else { return };
    for id in ids {
        match tier.step(id) {
            None => {
                let wrong = format!("the tier has no step {id:?}");
                faults.push(Fault::new(place("after"), wrong, "the id of an earlier step of the same tier"));
            }
            Some((before, _)) if before >= at => {
                let wrong = format!(
                    "{id:?} does not stand before {:?}: the two would wait for each other or for ever",
                    step.id
                );
                faults.push(Fault::new(place("after"), wrong, "the id of an earlier step of the same tier"));
            }
            Some((_, before)) if before.repeat.is_some_and(|repeat| repeat.times.is_none()) => {
                let wrong = format!("{id:?} is done again until the term ends, so nothing comes after it");
                faults.push(Fault::new(place("after"), wrong, "give it times = 1 or more"));
            }
            Some((_, before)) if before.is_optional && !step.is_optional => {
                let wrong = format!("{id:?} is optional: it may never be done, and {:?} never open", step.id);
                faults.push(Fault::new(place("after"), wrong, "a step that is owed"));
            }
            Some(_) => {}
        }
    }
}

fn check_records(step: &Step, place: &dyn Fn(&'static str) -> Place, faults: &mut Vec<Fault>) {
    if step.completed_by != CompletedBy::Any && step.records.is_empty() {
        let right = "records = [\"Conversation with whānau\"], or completed_by = \"any\"";
        faults.push(Fault::new(place("records"), "no response completes the step", right));
    }
    for wanted in &step.records {
        if !wanted.kind.completes_task() {
            let wrong = format!("{} never completes a step", wanted.kind);
            faults.push(Fault::new(
                place("records"),
                wrong,
                "leave it out: an attempt can always be recorded",
            ));
        }
        if wanted.kind.is_restricted() && !step.is_optional {
            let wrong = format!("{} would be owed", wanted.kind);
            faults.push(Fault::new(
                place("records"),
                wrong,
                "optional = true: it is the last resort, and a person decides",
            ));
        }
    }
}

fn is_id(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    !text.is_empty() && text.len() <= 40 && text.chars().all(is_plain)
}
