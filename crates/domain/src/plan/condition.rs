//! When a tier is reached: conditions over one student's term so far.
//!
//! A condition is asked after each open half-day. Most hold for the rest of the term once they
//! hold, and a tier is then reached once; one that asks for a rolling window comes and goes, and
//! its tier is reached anew each time. Whole numbers throughout: a percentage is compared unrounded.

use crate::forecast::RATE_HALF_DAYS;
use crate::period::{SEVERAL, shown_code};
use crate::{Cell, Class, CodeList, Date, HalfDay, Sheet, SheetSets, Tally, TermCalendar, Threshold};
use std::collections::BTreeMap;

/// A condition on a student's term so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of these hold.
    All(Vec<Self>),
    /// At least one of these holds.
    Any(Vec<Self>),
    /// So many absent half-days in the term, of these codes.
    HalfDays {
        /// The inclusive lower bound, in half-days.
        at_least: u32,
        /// Which absences count.
        codes: CodeFilter,
    },
    /// Fewer absent half-days in the term than this.
    HalfDaysBelow(u32),
    /// Attendance of at most so many tenths of a percent, once ten half-days are marked.
    AttendanceAtMost(u32),
    /// Attendance of at least so many tenths of a percent, once ten half-days are marked.
    AttendanceAtLeast(u32),
    /// So many classes missed in a rolling window. A half-day register has two classes a day.
    ClassesMissed {
        /// The inclusive lower bound, in classes.
        at_least: u32,
        /// The window, in school days up to and including the day looked at.
        school_days: u32,
    },
    /// A flag is set by hand.
    Flag(String),
    /// So many absent half-days since the day on which the steps before were done; only of a step.
    AbsentSince(u32),
}

/// Which absences a condition counts, by their codes.
///
/// A half-day of a period register that several codes decided has no code of its own: it counts
/// when any letter that the filter takes is of its class, so that a student is seen rather than
/// missed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CodeFilter {
    /// All absence.
    #[default]
    Every,
    /// Only these letters.
    Only(Vec<char>),
    /// All but these letters.
    Except(Vec<char>),
}

/// A flag on a student, from a date until before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagSpan {
    /// Which flag.
    pub name: String,
    /// The day on which it was set.
    pub from: Date,
    /// The day on which it was taken off.
    pub until: Option<Date>,
}

/// One student's term, as conditions look at it.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    /// What each open half-day amounts to.
    pub sheet: &'a Sheet,
    /// The same, packed for counting.
    pub sets: &'a SheetSets,
    /// The open half-days.
    pub calendar: &'a TermCalendar,
    /// The attendance codes over time.
    pub codes: &'a CodeList,
    /// How many of the open half-days have come.
    pub through: usize,
    /// Today.
    pub today: Date,
    /// The flags set on the student.
    pub flags: &'a [FlagSpan],
    /// Classes missed on each date; nothing for a half-day register.
    pub missed: Option<&'a BTreeMap<Date, u32>>,
}

/// A condition asked after so many half-days, and since which day it counts what is new.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// How many of the open half-days are looked at.
    pub seen: usize,
    /// The day on which the steps before were done.
    pub since: Option<Date>,
}

impl Condition {
    /// The fewest absent half-days with which it can hold.
    #[must_use]
    pub fn least_half_days(&self) -> u32 {
        match self {
            Self::All(parts) => parts.iter().map(Self::least_half_days).max().unwrap_or(0),
            Self::Any(parts) => parts.iter().map(Self::least_half_days).min().unwrap_or(0),
            Self::HalfDays { at_least, .. } => *at_least,
            _ => 0,
        }
    }

    /// The absent half-days from which on it can never hold; nothing when there is no such bound.
    #[must_use]
    pub fn below_half_days(&self) -> Option<u32> {
        match self {
            Self::All(parts) => parts.iter().filter_map(Self::below_half_days).min(),
            Self::Any(parts) => {
                let bounds: Option<Vec<u32>> = parts.iter().map(Self::below_half_days).collect();
                bounds?.into_iter().max()
            }
            Self::HalfDaysBelow(half_days) => Some(*half_days),
            _ => None,
        }
    }

    /// Whether every student with so many absent half-days meets it, whatever else is so.
    #[must_use]
    pub fn is_met_by_half_days(&self, half_days: u32) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.is_met_by_half_days(half_days)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met_by_half_days(half_days)),
            Self::HalfDays { at_least, codes } => *codes == CodeFilter::Every && *at_least <= half_days,
            _ => false,
        }
    }

    /// Whether it comes and goes: it looks at a rolling window.
    #[must_use]
    pub fn asks_for_classes(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_for_classes),
            Self::ClassesMissed { .. } => true,
            _ => false,
        }
    }

    /// Every simple condition in it, and what is said of nothing.
    pub fn simple(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) | Self::Any(parts) if !parts.is_empty() => {
                parts.iter().flat_map(Self::simple).collect()
            }
            _ => vec![self],
        }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, course: &Course<'_>, at: Moment) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(course, at)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(course, at)),
            Self::HalfDays { at_least, codes } => {
                let absent = course.tally(at.seen).absent();
                absent >= *at_least
                    && (*codes == CodeFilter::Every || course.absent_of(codes, at.seen) >= *at_least)
            }
            Self::HalfDaysBelow(half_days) => course.tally(at.seen).absent() < *half_days,
            Self::AttendanceAtMost(tenths) => {
                let tally = course.tally(at.seen);
                has_rate(&tally) && 1000 * tally.present <= tenths * tally.marked()
            }
            Self::AttendanceAtLeast(tenths) => {
                let tally = course.tally(at.seen);
                has_rate(&tally) && 1000 * tally.present >= tenths * tally.marked()
            }
            Self::ClassesMissed { at_least, school_days } => {
                course.classes_missed(at.seen, *school_days) >= *at_least
            }
            Self::Flag(name) => course.is_flagged(name, at.seen),
            Self::AbsentSince(half_days) => course.absent_since(at) >= *half_days,
        }
    }

    /// The half-days on which a tier with this condition is reached, in order: at most one unless
    /// it looks at a rolling window.
    #[must_use]
    pub fn reached(&self, course: &Course<'_>) -> Vec<usize> {
        let absent = course.tally(course.through).absent();
        if absent < self.least_half_days() {
            return Vec::new();
        }
        if let Self::HalfDays { at_least, codes: CodeFilter::Every } = self {
            let position = course.sets.absent().nth(*at_least as usize);
            return position.filter(|&position| position < course.through).into_iter().collect();
        }
        let comes_and_goes = self.asks_for_classes();
        let (mut found, mut held) = (Vec::new(), false);
        for position in 0..course.through {
            if course.sheet.cell(position) == Cell::NotEnrolled {
                continue;
            }
            let holds = self.holds(course, Moment { seen: position + 1, since: None });
            if holds && !held {
                found.push(position);
                if !comes_and_goes {
                    break;
                }
            }
            held = holds;
        }
        found
    }

    /// The Ministry's level that a response to a tier with this condition is shared under, when the
    /// tier was reached at a position: the highest at or below the lower bound of what held then or
    /// holds now, or, where that has none, at or below the absence when it was reached.
    ///
    /// Choice: decision 0026.
    #[must_use]
    pub fn level(&self, course: &Course<'_>, position: usize) -> Option<Threshold> {
        // One that comes and goes is asked for each time by itself.
        let later = if self.asks_for_classes() { position + 1 } else { course.through };
        let [then, now] = [position + 1, later].map(|seen| Moment { seen, since: None });
        match self.bound(&|part| part.holds(course, then) || part.holds(course, now)) {
            0 => highest_level(course.tally(position + 1).absent()),
            bound => highest_level(bound),
        }
    }

    /// The Ministry's level that so many absent half-days, whatever else is so, bring to a tier with
    /// this condition.
    #[must_use]
    pub fn level_by_half_days(&self, half_days: u32) -> Option<Threshold> {
        highest_level(self.bound(&|part| part.is_met_by_half_days(half_days)))
    }

    /// The highest lower bound, in half-days, among the parts that hold.
    fn bound(&self, holds: &dyn Fn(&Self) -> bool) -> u32 {
        match self {
            Self::All(parts) => parts.iter().map(|part| part.bound(holds)).max().unwrap_or(0),
            Self::Any(parts) => {
                let held = parts.iter().filter(|part| holds(part));
                held.map(|part| part.bound(holds)).max().unwrap_or(0)
            }
            Self::HalfDays { at_least, .. } => *at_least,
            _ => 0,
        }
    }
}

fn highest_level(half_days: u32) -> Option<Threshold> {
    Threshold::MINISTRY.into_iter().rev().find(|level| level.half_days() <= half_days as usize)
}

/// A condition of parts that can never hold together.
pub(super) fn contradiction(condition: &Condition) -> Option<(String, &'static str)> {
    match condition {
        Condition::Any(parts) => parts.iter().find_map(contradiction),
        Condition::All(parts) => {
            let least = condition.least_half_days();
            if condition.below_half_days().is_some_and(|below| below <= least) {
                let wrong = format!("nobody has {} days or more and fewer at once", crate::days_text(least));
                return Some((wrong, "a lower bound below the upper one"));
            }
            let most = parts.iter().filter_map(|part| match part {
                Condition::AttendanceAtMost(tenths) => Some(*tenths),
                _ => None,
            });
            let at_least = parts.iter().filter_map(|part| match part {
                Condition::AttendanceAtLeast(tenths) => Some(*tenths),
                _ => None,
            });
            if let (Some(most), Some(at_least)) = (most.min(), at_least.max())
                && most < at_least
            {
                let wrong = "no attendance is at most the one and at least the other percentage".to_owned();
                return Some((wrong, "attendance_at_least below attendance_at_most"));
            }
            parts.iter().find_map(contradiction)
        }
        _ => None,
    }
}

/// A share of fewer half-days says nothing yet. Choice: decision 0022.
fn has_rate(tally: &Tally) -> bool {
    tally.marked() >= RATE_HALF_DAYS
}

impl CodeFilter {
    /// Whether an absence with this letter on the sheet counts.
    fn takes(&self, letter: char, date: Date, codes: &CodeList) -> bool {
        let (listed, if_listed) = match self {
            Self::Every => return true,
            Self::Only(letters) => (letters, true),
            Self::Except(letters) => (letters, false),
        };
        if shown_code(letter).is_some() {
            return listed.contains(&letter) == if_listed;
        }
        let class = SEVERAL.into_iter().find(|(several, _)| *several == letter).map(|(_, class)| class);
        let mut of_class = codes.on(date).filter(|row| Some(row.class) == class);
        of_class.any(|row| listed.contains(&row.letter) == if_listed)
    }
}

impl Course<'_> {
    /// The counts over the first `seen` open half-days.
    #[must_use]
    pub fn tally(&self, seen: usize) -> Tally {
        Tally::of(self.sets, seen)
    }

    /// The half-day at a position.
    #[must_use]
    pub fn half_day(&self, position: usize) -> Option<HalfDay> {
        self.calendar.open.get(position).copied()
    }

    fn absent_of(&self, codes: &CodeFilter, seen: usize) -> u32 {
        let counts = |position: &usize| {
            self.absence(*position).is_some_and(|(letter, date)| codes.takes(letter, date, self.codes))
        };
        u32::try_from((0..seen).filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// The letter and date of an absent half-day.
    fn absence(&self, position: usize) -> Option<(char, Date)> {
        let Cell::Marked(letter) = self.sheet.cell(position) else { return None };
        let date = self.half_day(position)?.date;
        let is_absent = self.codes.class(letter, date).is_some_and(|class| class != Class::Present);
        is_absent.then_some((letter, date))
    }

    fn absent_since(&self, at: Moment) -> u32 {
        let Some(since) = at.since else { return 0 };
        let after = self.calendar.open.partition_point(|half_day| half_day.date <= since).min(at.seen);
        self.tally(at.seen).absent() - self.tally(after).absent()
    }

    fn classes_missed(&self, seen: usize, school_days: u32) -> u32 {
        let (mut days, mut missed, mut last) = (0, 0, None);
        for position in (0..seen).rev() {
            let Some(date) = self.half_day(position).map(|half_day| half_day.date) else { continue };
            if last != Some(date) {
                days += 1;
                if days > school_days {
                    break;
                }
                last = Some(date);
                missed += self.missed.and_then(|missed| missed.get(&date)).copied().unwrap_or(0);
            }
            missed += u32::from(self.missed.is_none() && self.absence(position).is_some());
        }
        missed
    }

    /// Flags are set by date; one set after the last open half-day holds today all the same.
    fn is_flagged(&self, name: &str, seen: usize) -> bool {
        let on = if seen == self.through {
            // What is set after the term says nothing of it.
            self.today.min(self.calendar.term.last_day)
        } else {
            match seen.checked_sub(1).and_then(|last| self.half_day(last)) {
                Some(half_day) => half_day.date,
                None => return false,
            }
        };
        let holds = |flag: &&FlagSpan| {
            flag.name == name && flag.from <= on && flag.until.is_none_or(|until| on < until)
        };
        self.flags.iter().any(|flag| holds(&flag))
    }
}
