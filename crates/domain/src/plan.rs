//! The school's plan as data: tiers of absence, the steps that each asks for, who owes them and
//! by when; and the words in which the board publishes it.
//!
//! Stands between `crossing` (which levels were reached) and `task` (what is now to be recorded).
//! A plan is read from a file by `interop` and kept in versions by `store`; the published version
//! is the configuration. [`faults`] says what is wrong with one; [`condition`] says when a tier is
//! reached.

pub mod condition;
pub mod faults;

use crate::{Date, ResponseType, Role, Threshold};
pub use condition::{CodeFilter, Condition, Course, FlagSpan, Moment};
pub use faults::{Fault, Place};
use std::fmt;

/// A school's attendance management plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What the board says of it, for the published page.
    pub words: PlanWords,
    /// Duties beyond the roles, such as `Engagement officer`; people are given them in the product.
    pub duties: Vec<String>,
    /// Flags that may be set on a student by hand, such as `Support refused`.
    pub flags: Vec<String>,
    /// Responses that say that an absence needs no further step: one of them ends a tier's tasks.
    ///
    /// Source: the guidance, *Monitor current approach* and *Other*: "an outcome of an absence that
    /// requires no further action at a threshold".
    pub outcomes: Vec<Wanted>,
    /// The tiers, lowest first.
    pub tiers: Vec<Tier>,
}

/// The words that the law asks an attendance management plan to hold; all plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanWords {
    /// Its title.
    pub title: String,
    /// When the board adopted it.
    pub adopted_on: Option<Date>,
    /// By when it is reviewed.
    pub review_by: Option<Date>,
    /// Whom whānau can ask, by role or office, never a person's name.
    pub contact: String,
    /// Targets, a sentence each.
    pub targets: Vec<String>,
    /// Objectives, a sentence each.
    pub objectives: Vec<String>,
    /// That the board investigates, responds and records what it does.
    pub statement: String,
    /// How students who need a response are found.
    pub identification: String,
    /// Barriers to attendance that the school knows and what it does about them, a sentence each.
    pub barriers: Vec<String>,
    /// How the plan is monitored.
    pub monitoring: String,
    /// How and when it is reviewed.
    pub review: String,
}

impl PlanWords {
    /// What an attendance management plan must hold and these words do not yet: names of fields.
    ///
    /// Source: what the law asks a plan to hold (docs/guide/plan.md).
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let held = [
            ("adopted_on", self.adopted_on.is_some()),
            ("review_by", self.review_by.is_some()),
            ("contact", !self.contact.is_empty()),
            ("targets", !self.targets.is_empty()),
            ("objectives", !self.objectives.is_empty()),
            ("statement", !self.statement.is_empty()),
            ("identification", !self.identification.is_empty()),
            ("barriers", !self.barriers.is_empty()),
            ("monitoring", !self.monitoring.is_empty()),
            ("review", !self.review.is_empty()),
        ];
        held.into_iter().filter(|(_, is_held)| !is_held).map(|(field, _)| field).collect()
    }
}

/// A tier: a state of absence, and what the school then does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// A short name that tasks and responses keep: lower-case letters, digits and hyphens.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it means, for the published page; may be empty.
    pub about: String,
    /// When a student reaches it. Lower bounds are inclusive.
    pub when: Condition,
    /// Whether the steps of lower tiers are still owed once this one is reached.
    pub adds_up: bool,
    /// A tier of encouragement: its students are listed, and nothing in it is owed.
    pub is_positive: bool,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// One step of a tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// A short name within the tier: lower-case letters, digits and hyphens.
    pub id: String,
    /// What is done, as a sentence for the person who does it.
    pub does: String,
    /// Who owes it, then who it falls to when nobody holds that role or it is overdue.
    pub owners: Vec<Owner>,
    /// How long after it opens it is late.
    pub due: Span,
    /// Whether it is a suggestion that nobody owes.
    pub is_optional: bool,
    /// That it is done only while this holds.
    pub only_if: Option<Condition>,
    /// The steps before it.
    pub after: After,
    /// How long after the tier, or after the steps before it, it opens.
    pub wait: Span,
    /// How often it is done again; nothing for a step that is done once.
    pub repeat: Option<Repeat>,
    /// The responses that it gives.
    pub records: Vec<Wanted>,
    /// Which of them complete it.
    pub completed_by: CompletedBy,
}

/// Who owes a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// Whoever holds a role for the student: the teacher of the group, the dean of the group or
    /// year, anybody in the office, any leader, the principal.
    Role(Role),
    /// Whoever was given a duty of the plan.
    Duty(String),
}

impl Owner {
    /// Reads an owner: the word of a role, or one of the plan's duties.
    #[must_use]
    pub fn parse(text: &str, duties: &[String]) -> Option<Self> {
        let role = Role::parse(text).filter(|&role| role != Role::SmsAdmin);
        role.map(Self::Role).or_else(|| duties.iter().find(|duty| *duty == text).cloned().map(Self::Duty))
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => role.fmt(out),
            Self::Duty(duty) => out.write_str(duty),
        }
    }
}

/// A response that a step gives: a type, and a Description where only that one will do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    /// The Activity Response Type.
    pub kind: ResponseType,
    /// The Description; empty for any.
    pub description: String,
}

impl Wanted {
    /// Any Description of a type.
    #[must_use]
    pub fn any_of(kind: ResponseType) -> Self {
        Self { kind, description: String::new() }
    }

    /// Whether a response of that type and Description is what is wanted.
    #[must_use]
    pub fn is_met_by(&self, kind: ResponseType, description: &str) -> bool {
        self.kind == kind && (self.description.is_empty() || self.description == description)
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.kind.name())?;
        if self.description.is_empty() { Ok(()) } else { write!(out, ": {}", self.description) }
    }
}

/// Which responses complete a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CompletedBy {
    /// Any that completes a task; those it lists are suggestions.
    Any,
    /// One of those it lists.
    #[default]
    One,
    /// Each of those it lists.
    All,
}

impl CompletedBy {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Any, Self::One, Self::All];

    /// The word in files: `any`, `one`, `all`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::One => "one",
            Self::All => "all",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.text() == text)
    }
}

/// A stretch of time: school days, or weeks of seven days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// Days on which any half is open.
    SchoolDays(u32),
    /// Weeks by the calendar.
    Weeks(u32),
}

impl Span {
    /// No time at all.
    pub const NONE: Self = Self::SchoolDays(0);

    /// Whether it is no time at all.
    #[must_use]
    pub fn is_none(self) -> bool {
        matches!(self, Self::SchoolDays(0) | Self::Weeks(0))
    }

    /// Reads `5 school days`, `1 school day`, `2 weeks`, `1 week`.
    ///
    /// # Errors
    /// Says what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no stretch of time: write \"5 school days\" or \"2 weeks\"");
        let (count, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let count = count.parse().ok().filter(|&count| count <= 400).ok_or_else(wrong)?;
        match unit.trim() {
            "school day" | "school days" => Ok(Self::SchoolDays(count)),
            "week" | "weeks" => Ok(Self::Weeks(count)),
            _ => Err(wrong()),
        }
    }

    /// The date that is this long after another.
    #[must_use]
    pub fn after(self, date: Date, calendar: &crate::Calendar) -> Date {
        match self {
            Self::SchoolDays(count) => {
                let last = calendar.school_days_after(date, count);
                // Beyond the last school day that the calendar knows, weekdays stand for school days.
                let left = count.saturating_sub(calendar.school_days_between(date, last));
                (0..left).fold(last, |day, _| next_weekday(day))
            }
            Self::Weeks(count) => {
                date.checked_add(jiff::Span::new().weeks(i64::from(count))).unwrap_or(Date::MAX)
            }
        }
    }
}

fn next_weekday(date: Date) -> Date {
    let mut day = date.tomorrow().unwrap_or(date);
    while day.weekday().to_monday_zero_offset() > 4 && day < Date::MAX {
        day = day.tomorrow().unwrap_or(Date::MAX);
    }
    day
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Self::SchoolDays(count) => (count, "school day"),
            Self::Weeks(count) => (count, "week"),
        };
        write!(out, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

/// The steps that come before a step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum After {
    /// None.
    #[default]
    Nothing,
    /// These steps of the same tier.
    Steps(Vec<String>),
    /// Every owed step before it: those of the lower tiers that the student reached, and the
    /// earlier ones of its own.
    AllEarlier,
}

/// How often a step is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    /// How long after it was done it opens again.
    pub every: Span,
    /// How many times in all; until the term ends when nothing is said.
    pub times: Option<u32>,
}

impl Plan {
    /// A tier by its id, with its place.
    #[must_use]
    pub fn tier(&self, id: &str) -> Option<(usize, &Tier)> {
        self.tiers.iter().enumerate().find(|(_, tier)| tier.id == id)
    }

    /// The step that is owed first when a student reaches a level of the Ministry, with its tier.
    #[must_use]
    pub fn first_owed(&self, level: Threshold) -> Option<(&Tier, &Step)> {
        let half_days = u32::try_from(level.half_days()).unwrap_or(u32::MAX);
        let answers = |tier: &&Tier| {
            !tier.is_positive
                && !tier.when.asks_for_classes()
                && tier.when.is_met_by_half_days(half_days)
                && tier.when.level_by_half_days(half_days) == Some(level)
        };
        let tiers = self.tiers.iter().filter(|tier| answers(tier));
        let steps = tiers.flat_map(|tier| tier.steps.iter().map(move |step| (tier, step)));
        steps.into_iter().find(|(tier, step)| faults::is_always_owed(tier, step))
    }

    /// Whether a response says that no further step is needed.
    #[must_use]
    pub fn is_outcome(&self, kind: ResponseType, description: &str) -> bool {
        self.outcomes.iter().any(|outcome| outcome.is_met_by(kind, description))
    }

    /// The tiers of encouragement that a student is in now, by their place.
    #[must_use]
    pub fn encouraging(&self, course: &Course<'_>) -> Vec<usize> {
        let now = Moment { seen: course.through, since: None };
        let holds = |tier: &Tier| tier.is_positive && tier.when.holds(course, now);
        (0..self.tiers.len()).filter(|&place| holds(&self.tiers[place])).collect()
    }

    /// Whether any condition asks how many classes were missed.
    #[must_use]
    pub fn asks_for_classes(&self) -> bool {
        let steps = |tier: &Tier| {
            tier.steps.iter().any(|step| step.only_if.as_ref().is_some_and(Condition::asks_for_classes))
        };
        self.tiers.iter().any(|tier| tier.when.asks_for_classes() || steps(tier))
    }
}

impl Tier {
    /// The days of absence in the term by which alone it is reached, when it is such a tier.
    #[must_use]
    pub fn half_days(&self) -> Option<u32> {
        match &self.when {
            Condition::HalfDays { at_least, codes: CodeFilter::Every } => Some(*at_least),
            _ => None,
        }
    }

    /// The Ministry's level that this tier is, when it is exactly one.
    #[must_use]
    pub fn ministry_level(&self) -> Option<Threshold> {
        let half_days = self.half_days()? as usize;
        Threshold::MINISTRY.into_iter().find(|level| level.half_days() == half_days)
    }

    /// A step by its id, with its place.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<(usize, &Step)> {
        self.steps.iter().enumerate().find(|(_, step)| step.id == id)
    }
}

#[cfg(test)]
pub(crate) mod tests;
