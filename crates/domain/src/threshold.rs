//! The absences at which something must be recorded: 5, 10 and 15 days in a term.

use std::fmt;

/// A number of absent half-days in a term at which a response is owed.
///
/// Source: the guidance, "when a student reaches the threshold of 5, 10, or 15 days of absence
/// within a term". Kept in half-days, since printed bands disagree about half a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Threshold(u16);

impl Threshold {
    /// 5 days.
    pub const FIVE: Self = Self(10);
    /// 10 days.
    pub const TEN: Self = Self(20);
    /// 15 days.
    pub const FIFTEEN: Self = Self(30);
    /// The Ministry's three, lowest first.
    pub const MINISTRY: [Self; 3] = [Self::FIVE, Self::TEN, Self::FIFTEEN];

    /// The Ministry's threshold of that many days.
    #[must_use]
    pub fn ministry(days: i64) -> Option<Self> {
        Self::MINISTRY.into_iter().find(|threshold| threshold.days() == days)
    }

    /// The threshold in half-days: 10, 20 or 30.
    #[must_use]
    pub fn half_days(self) -> usize {
        usize::from(self.0)
    }

    /// The threshold in days: 5, 10 or 15.
    #[must_use]
    pub fn days(self) -> i64 {
        i64::from(self.0 / 2)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} days", self.days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ministrys_three_are_known_by_their_days() {
        for (threshold, days) in Threshold::MINISTRY.into_iter().zip([5, 10, 15]) {
            assert_eq!(Threshold::ministry(days), Some(threshold));
            assert_eq!((threshold.days(), threshold.half_days()), (days, 2 * days as usize));
            assert_eq!(threshold.to_string(), format!("{days} days"));
        }
        assert_eq!(Threshold::ministry(20), None);
    }
}
