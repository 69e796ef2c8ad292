//! What must hold once the line is good again and everything was told.
//!
//! Each invariant is checked from outside: the school's own exports and what its people did on one
//! side, the collector's exports and tables on the other. What one invariant explains is not
//! reported by a later one, so that each mistake has one name.

mod exchange;
mod truth;

use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// No private text is in any byte that left.
    NotesStay,
    /// Nothing comes before the time that the collector asked for.
    Patience,
    /// What the school holds a receipt for, the collector holds.
    ReceiptsAreTrue,
    /// Nothing waits, unless a person is shown it.
    QueueIsEmpty,
    /// Each school day is told, and no telling of one repeats the one before.
    EachDayOnce,
    /// The history holds each version once, and no version that was never made.
    EachVersionOnce,
    /// The newest version of each fact is the one that counts.
    NewestCounts,
    /// A closed half-day has no attendance.
    ClosedDaysAreEmpty,
    /// The collector's half-days are the school's.
    Attendance,
    /// The collector's closures are the school's.
    Closures,
    /// The collector's crossings are the school's.
    Crossings,
    /// The collector's responses are the school's.
    Responses,
    /// What the collector knows of each day is the school's.
    Days,
}

impl Invariant {
    /// Every invariant, in the order in which they are checked.
    pub const ALL: [Self; 13] = [
        Self::NotesStay,
        Self::Patience,
        Self::ReceiptsAreTrue,
        Self::QueueIsEmpty,
        Self::EachDayOnce,
        Self::EachVersionOnce,
        Self::NewestCounts,
        Self::ClosedDaysAreEmpty,
        Self::Attendance,
        Self::Closures,
        Self::Crossings,
        Self::Responses,
        Self::Days,
    ];
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which invariant.
    pub invariant: Invariant,
    /// Where, in words.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: {}", self.invariant, self.what)
    }
}

/// What was found so far, and which facts need no further explanation.
#[derive(Default)]
pub(crate) struct Findings {
    found: Vec<Violation>,
    explained: BTreeSet<String>,
}

impl Findings {
    fn add(&mut self, invariant: Invariant, what: impl Into<String>) {
        self.found.push(Violation { invariant, what: what.into() });
    }

    /// Reports something about a fact, unless an earlier invariant explains it.
    fn about(&mut self, invariant: Invariant, key: &str, what: &str) {
        if self.explained.insert(key.to_owned()) {
            self.add(invariant, format!("{key}: {what}"));
        }
    }

    /// Compares what two sides hold, fact by fact.
    fn compare(
        &mut self,
        invariant: Invariant,
        school: &BTreeMap<String, String>,
        ministry: &BTreeMap<String, String>,
    ) {
        let keys: BTreeSet<&String> = school.keys().chain(ministry.keys()).collect();
        for key in keys {
            let (here, there) = (school.get(key), ministry.get(key));
            if here != there {
                self.about(invariant, key, &format!("the school has {here:?}, the Ministry {there:?}"));
            }
        }
    }
}

/// Checks everything.
#[must_use]
pub fn check(world: &World, is_dry: bool) -> Vec<Violation> {
    let mut findings = Findings::default();
    exchange::check(world, is_dry, &mut findings);
    truth::check(world, &mut findings);
    findings.found
}
