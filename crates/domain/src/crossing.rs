//! Which thresholds a student's absences have reached this term, and on which half-day.
//!
//! Stands between `tally` (what was missed) and `task` (what must now be recorded). Crossings
//! are derived: the same absences always give the same crossings, so nothing edits one. What
//! changes when a mark, the calendar or an enrolment is corrected is told as events.

use crate::{HalfDay, HalfDaySet, TermCalendar, Threshold};

/// The half-day on which the tally first reached a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The threshold.
    pub threshold: Threshold,
    /// The half-day that reached it.
    pub half_day: HalfDay,
}

/// Finds the thresholds that a student's absences reach among the first `through` open
/// half-days of a term.
///
/// The tenth absent half-day is the one that makes five days, so a crossing is a lookup.
#[must_use]
pub fn crossings(
    absent: &HalfDaySet,
    calendar: &TermCalendar,
    through: usize,
    thresholds: &[Threshold],
) -> Vec<Reached> {
    let reached = |&threshold: &Threshold| {
        let half_day = *calendar.open.get(position(absent, through, threshold)?)?;
        Some(Reached { threshold, half_day })
    };
    thresholds.iter().filter_map(reached).collect()
}

/// The position among the first `through` open half-days at which a threshold is reached.
#[must_use]
#[inline]
pub fn position(absent: &HalfDaySet, through: usize, threshold: Threshold) -> Option<usize> {
    absent.nth(threshold.half_days()).filter(|&position| position < through)
}

/// Whether a crossing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossingState {
    /// The threshold is reached.
    Reached,
    /// It was reached once; a correction took that back.
    Withdrawn,
}

impl CrossingState {
    /// `reached` or `withdrawn`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads `reached` or `withdrawn`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Reached, Self::Withdrawn].into_iter().find(|state| state.text() == text)
    }
}

/// What happened to a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The threshold was reached for the first time.
    Reached,
    /// It is still reached, on another half-day.
    Moved,
    /// It is no longer reached.
    Withdrawn,
    /// It is reached again after having been withdrawn.
    Restored,
}

impl EventKind {
    const ALL: [Self; 4] = [Self::Reached, Self::Moved, Self::Withdrawn, Self::Restored];

    /// `reached`, `moved`, `withdrawn`, `restored`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Moved => "moved",
            Self::Withdrawn => "withdrawn",
            Self::Restored => "restored",
        }
    }

    /// Reads what [`EventKind::text`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }

    /// Where the crossing stands after the event.
    #[must_use]
    pub fn state(self) -> CrossingState {
        match self {
            Self::Withdrawn => CrossingState::Withdrawn,
            Self::Reached | Self::Moved | Self::Restored => CrossingState::Reached,
        }
    }
}

/// What kind of change moved a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A mark was entered or corrected.
    Mark,
    /// A term, a closure or an opening was entered.
    Calendar,
    /// An enrolment began, ended or was corrected.
    Enrolment,
    /// A half-day marked beforehand became current.
    Time,
    /// A new list of attendance codes was loaded.
    Codes,
}

impl Cause {
    const ALL: [Self; 5] = [Self::Mark, Self::Calendar, Self::Enrolment, Self::Time, Self::Codes];

    /// `mark`, `closure`, `left`, `time`, `codes`: the word that is kept.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Mark => "mark",
            Self::Calendar => "closure",
            Self::Enrolment => "left",
            Self::Time => "time",
            Self::Codes => "codes",
        }
    }

    /// Reads what [`Cause::text`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.text() == text)
    }
}

/// Something that happened to the crossing of one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrossingEvent {
    /// What happened.
    pub kind: EventKind,
    /// The half-day that reaches the threshold now; for a withdrawal, the one that last did.
    pub reached: Reached,
}

/// Compares where the crossing of one threshold stood with where it stands now.
///
/// `before` is its state and the half-day that last reached it, if it was ever reached.
#[must_use]
pub fn event(before: Option<(CrossingState, Reached)>, now: Option<Reached>) -> Option<CrossingEvent> {
    let (kind, reached) = match (before, now) {
        (None, None) | (Some((CrossingState::Withdrawn, _)), None) => return None,
        (None, Some(reached)) => (EventKind::Reached, reached),
        (Some((CrossingState::Withdrawn, _)), Some(reached)) => (EventKind::Restored, reached),
        (Some((CrossingState::Reached, last)), None) => (EventKind::Withdrawn, last),
        (Some((CrossingState::Reached, last)), Some(reached)) if last == reached => return None,
        (Some((CrossingState::Reached, _)), Some(reached)) => (EventKind::Moved, reached),
    };
    Some(CrossingEvent { kind, reached })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::tests::small_list;
    use crate::sheet::tests::weeks;
    use crate::{Half, Sheet};

    /// Letters stand for half-days in order, spaces are for the reader: `M` medical, `T` truant,
    /// `?` unknown, `P` present, `.` unmarked. Expects the thresholds reached, in days, with the
    /// position of the half-day.
    fn check(term: &str, expected: &[(i64, usize)]) {
        let letters: String = term.chars().filter(|c| !c.is_whitespace()).collect();
        let calendar = weeks(i32::try_from(letters.len()).expect("short").div_euclid(10) + 1);
        let padded = format!("{letters:.<width$}", width = calendar.open.len());
        let sets = Sheet::from_text(&padded).sets(&calendar, &small_list());
        let found = crossings(&sets.absent(), &calendar, letters.len(), &Threshold::MINISTRY);
        let found: Vec<(i64, usize)> = found
            .iter()
            .map(|reached| (reached.threshold.days(), calendar.position(reached.half_day).expect("open")))
            .collect();
        assert_eq!(found, expected, "{term}");
    }

    #[test]
    fn the_fifth_day_is_reached_by_its_second_half() {
        check("MM MM MM MM MM", &[(5, 9)]);
        check("MM MM MM MM MP PM", &[(5, 11)]);
    }

    #[test]
    fn four_and_a_half_days_reach_nothing() {
        check("MM MM MM MM MP PP PP", &[]);
    }

    #[test]
    fn justified_unjustified_and_unknown_absence_count_alike_and_unmarked_does_not() {
        check("MM TT ?? MT ?M", &[(5, 9)]);
        check("MM TT .. MT ?M", &[]);
    }

    #[test]
    fn one_long_absence_reaches_all_three() {
        check(&"MM ".repeat(15), &[(5, 9), (10, 19), (15, 29)]);
    }

    #[test]
    fn a_half_day_that_is_not_current_yet_does_not_count() {
        let calendar = weeks(2);
        let sets = Sheet::from_text(&"M".repeat(20)).sets(&calendar, &small_list());
        let reached = |through| crossings(&sets.absent(), &calendar, through, &Threshold::MINISTRY).len();
        assert_eq!((reached(9), reached(10), reached(20)), (0, 1, 2));
    }

    #[test]
    fn every_pair_of_before_and_now_gives_its_event() {
        let on = |half| {
            let date = jiff::civil::date(2026, 7, 20);
            Reached { threshold: Threshold::FIVE, half_day: HalfDay::new(date, half) }
        };
        let (first, second) = (on(Half::Am), on(Half::Pm));
        let kinds = |before, now| event(before, now).map(|event| (event.kind, event.reached));
        let stood = Some((CrossingState::Reached, first));
        let withdrawn = Some((CrossingState::Withdrawn, first));
        assert_eq!(kinds(None, None), None);
        assert_eq!(kinds(None, Some(first)), Some((EventKind::Reached, first)));
        assert_eq!(kinds(stood, Some(first)), None);
        assert_eq!(kinds(stood, Some(second)), Some((EventKind::Moved, second)));
        assert_eq!(kinds(stood, None), Some((EventKind::Withdrawn, first)));
        assert_eq!(kinds(withdrawn, None), None);
        assert_eq!(kinds(withdrawn, Some(second)), Some((EventKind::Restored, second)));
    }

    #[test]
    fn states_events_and_causes_are_read_as_they_are_written() {
        for (text, state) in [("reached", CrossingState::Reached), ("withdrawn", CrossingState::Withdrawn)] {
            assert_eq!((state.text(), CrossingState::parse(text)), (text, Some(state)));
        }
        for (kind, text) in EventKind::ALL.into_iter().zip(["reached", "moved", "withdrawn", "restored"]) {
            assert_eq!((kind.text(), EventKind::parse(text)), (text, Some(kind)));
        }
        for (cause, text) in Cause::ALL.into_iter().zip(["mark", "closure", "left", "time", "codes"]) {
            assert_eq!((cause.text(), Cause::parse(text)), (text, Some(cause)));
        }
        assert_eq!(
            (CrossingState::parse("gone"), EventKind::parse("gone"), Cause::parse("gone")),
            (None, None, None)
        );
    }
}
