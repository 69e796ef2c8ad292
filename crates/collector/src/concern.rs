//! What needs attention about a school, and how much of it there is.
//!
//! Stands after `quality`, which counts: here a figure becomes a concern once it is large enough to
//! be looked at, so that a list of thousands of schools begins with those that matter.
//!
//! Choice: decision 0038 says from where on.

use crate::hearing::{HOUR, Hearing, hearing};
use crate::quality::{Counted, Standing};
use domain::Instant;
use std::sync::Arc;

/// What can need attention about a school, the most urgent first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Concern {
    Silent,
    Never,
    Days,
    Codes,
    Refused,
    Snapshots,
    Unanswered,
    Late,
    Marks,
    Held,
}

impl Concern {
    pub(crate) const ALL: [Self; 10] = [
        Self::Silent,
        Self::Never,
        Self::Days,
        Self::Codes,
        Self::Refused,
        Self::Snapshots,
        Self::Unanswered,
        Self::Late,
        Self::Marks,
        Self::Held,
    ];

    /// Its word in addresses, files and the catalogue.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Never => "never",
            Self::Days => "days",
            Self::Codes => "codes",
            Self::Refused => "refused",
            Self::Snapshots => "snapshots",
            Self::Unanswered => "unanswered",
            Self::Late => "late",
            Self::Marks => "marks",
            Self::Held => "held",
        }
    }
}

/// One school among all.
#[derive(Clone)]
pub(crate) struct SchoolLine {
    pub(crate) standing: Standing,
    pub(crate) hearing: Hearing,
    /// Nothing while it has not been counted yet.
    pub(crate) counted: Option<Arc<Counted>>,
}

impl SchoolLine {
    pub(crate) fn new(standing: Standing, counted: Option<Arc<Counted>>, now: Instant) -> Self {
        let hearing = hearing(standing.last_heard_at, now);
        Self { standing, hearing, counted }
    }

    /// How much of a concern there is: 0 for none. Of two schools the one with more is shown first.
    pub(crate) fn weight(&self, concern: Concern, now: Instant) -> i64 {
        let hours = |since: Option<Instant>| since.map_or(0, |since| now.micros_since(since) / HOUR).max(1);
        match concern {
            Concern::Silent if self.hearing == Hearing::Silent => hours(self.standing.last_heard_at),
            // A school that was admitted this morning is not late yet.
            Concern::Never if self.hearing == Hearing::Never => {
                match hearing(self.standing.admitted_at, now) {
                    Hearing::Silent => hours(self.standing.admitted_at),
                    _ => 0,
                }
            }
            Concern::Silent | Concern::Never => 0,
            other => self.counted.as_deref().map_or(0, |counted| counted.weight(other)),
        }
    }

    /// What needs attention, the most urgent first.
    pub(crate) fn concerns(&self, now: Instant) -> Vec<Concern> {
        Concern::ALL.into_iter().filter(|&concern| self.weight(concern, now) > 0).collect()
    }
}

impl Counted {
    fn weight(&self, concern: Concern) -> i64 {
        match concern {
            Concern::Silent | Concern::Never => 0,
            Concern::Days => i64::try_from(self.missing.len()).unwrap_or(i64::MAX),
            Concern::Codes => self.unknown_codes,
            Concern::Refused => self.refused_open,
            Concern::Snapshots => self.missing_snapshots.unwrap_or(0),
            Concern::Unanswered => {
                if self.older_unanswered * 10 >= self.older {
                    self.older_unanswered
                } else {
                    0
                }
            }
            Concern::Late => {
                let percent = self.delay.percent().unwrap_or(100);
                if percent < 90 { 100 - percent } else { 0 }
            }
            Concern::Marks => {
                let tenths = self.marked_tenths().unwrap_or(1000);
                if tenths < 990 { 1000 - tenths } else { 0 }
            }
            Concern::Held => {
                if self.held * 20 > self.delay.responses {
                    self.held
                } else {
                    0
                }
            }
        }
    }
}
