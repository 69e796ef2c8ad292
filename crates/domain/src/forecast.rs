//! Who is about to reach a threshold: with the next absence, on marks entered for coming days, or at
//! the present rate.
//!
//! Stands beside `crossing`, which says what was reached; this says what may be. A forecast is for
//! the school's eyes: it is never shared, never kept, and nothing is sent or begun because of one.
//! Whole numbers throughout, so that everybody who works it out by hand gets the same half-day.

use crate::{Cell, CodeList, Reached, Sheet, Tally, TermCalendar, Threshold, crossing};

/// The fewest marked half-days from which a rate is taken: a week of school.
///
/// Choice: decision 0022.
pub const RATE_HALF_DAYS: u32 = 10;

/// How much more absence reaches the next threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NextAbsence {
    /// Half a day.
    HalfDay,
    /// A whole day.
    Day,
}

/// What is ahead of one student in a term.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forecast {
    /// The threshold that the next absence reaches, when at most a day is missing.
    pub with_next: Option<(Threshold, NextAbsence)>,
    /// The thresholds that are reached on the marks already entered for coming half-days, lowest
    /// first, each with the half-day.
    pub on_entered: Vec<Reached>,
    /// Where the present rate reaches the next threshold, if that is within the term.
    pub at_rate: Option<Reached>,
}

impl Forecast {
    /// What is ahead of a student whose term this is, seen from the first `through` open
    /// half-days, of which `tally` holds the counts.
    ///
    /// A student who is not enrolled on any half-day to come has nothing ahead of them.
    #[must_use]
    pub fn of(
        sheet: &Sheet,
        calendar: &TermCalendar,
        codes: &CodeList,
        through: usize,
        tally: &Tally,
    ) -> Self {
        let to_come: Vec<usize> =
            (through..calendar.open.len()).filter(|&at| sheet.cell(at) != Cell::NotEnrolled).collect();
        if to_come.is_empty() {
            return Self::default();
        }
        let absent = sheet.sets(calendar, codes).absent();
        let in_all = crossing::crossings(&absent, calendar, calendar.open.len(), &Threshold::MINISTRY);
        let is_ahead = |reached: &Reached| reached.threshold.half_days() > tally.absent() as usize;
        Self {
            with_next: with_next(tally.absent()).filter(|(_, needs)| match needs {
                NextAbsence::HalfDay => true,
                NextAbsence::Day => to_come.len() > 1,
            }),
            on_entered: in_all.into_iter().filter(is_ahead).collect(),
            at_rate: next(tally.absent()).and_then(|threshold| {
                let more = half_days_at_rate(tally.absent(), tally.marked(), threshold)?;
                let position = *to_come.get(usize::try_from(more).ok()?.checked_sub(1)?)?;
                Some(Reached { threshold, half_day: *calendar.open.get(position)? })
            }),
        }
    }
}

/// The lowest threshold that so many absent half-days have not reached.
#[must_use]
pub fn next(absent_half_days: u32) -> Option<Threshold> {
    Threshold::MINISTRY.into_iter().find(|threshold| threshold.half_days() > absent_half_days as usize)
}

/// The threshold that half a day or one whole day more would reach.
#[must_use]
pub fn with_next(absent_half_days: u32) -> Option<(Threshold, NextAbsence)> {
    let threshold = next(absent_half_days)?;
    match threshold.half_days() - absent_half_days as usize {
        1 => Some((threshold, NextAbsence::HalfDay)),
        2 => Some((threshold, NextAbsence::Day)),
        _ => None,
    }
}

/// How many more open half-days, while enrolled, it takes to reach a threshold at the present rate.
///
/// The rule: the rate is the absent half-days so far over the marked half-days so far. After `k`
/// more half-days the rate has added `k × absent ÷ marked` half-days, rounded down; the answer is
/// the least `k` with which the threshold is reached. Nothing is said before
/// [`RATE_HALF_DAYS`] are marked, for a student without absence, or for a threshold that is
/// reached already.
///
/// Choice: decision 0022.
#[must_use]
pub fn half_days_at_rate(absent_half_days: u32, marked_half_days: u32, threshold: Threshold) -> Option<u64> {
    let (absent, marked) = (u64::from(absent_half_days), u64::from(marked_half_days));
    let missing = (threshold.half_days() as u64).checked_sub(absent).filter(|&missing| missing > 0)?;
    (absent > 0 && marked_half_days >= RATE_HALF_DAYS).then(|| (missing * marked).div_ceil(absent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::tests::small_list as codes;
    use crate::{Date, Half, HalfDay, Spell, Term, TermId};
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_level_that_is_just_reached_is_no_longer_the_next() {
        let days = |absent| next(absent).map(Threshold::days);
        assert_eq!(
            [0, 9, 10, 19, 20, 29, 30, 31].map(days),
            [Some(5), Some(5), Some(10), Some(10), Some(15), Some(15), None, None]
        );
        assert_eq!(with_next(8), Some((Threshold::FIVE, NextAbsence::Day)));
        assert_eq!(with_next(9), Some((Threshold::FIVE, NextAbsence::HalfDay)));
        assert_eq!([7, 10, 30].map(with_next), [None; 3]);
    }

    /// A term of so many school days, every day of the week open.
    fn term(days: usize) -> TermCalendar {
        let first = date(2026, 5, 4);
        let dates: Vec<Date> =
            std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(days).collect();
        let last_day = dates.last().copied().unwrap_or(first);
        let id = TermId::new(2026, 2).expect("a term");
        let open = dates.iter().flat_map(|&day| Half::BOTH.map(|half| HalfDay::new(day, half)));
        TermCalendar { term: Term { id, first_day: first, last_day }, open: open.collect() }
    }

    fn forecast(letters: &str, through: usize, days: usize) -> Forecast {
        let (calendar, codes) = (term(days), codes());
        let text: String = letters.chars().chain(std::iter::repeat('.')).take(days * 2).collect();
        let sheet = Sheet::from_text(&text);
        let tally = Tally::of(&sheet.sets(&calendar, &codes), through);
        Forecast::of(&sheet, &calendar, &codes, through, &tally)
    }

    #[test]
    fn the_next_absence_reaches_a_level_from_one_or_two_half_days_below_and_from_nowhere_else() {
        for absent in 0..40 {
            let expected = match absent {
                9 => Some((Threshold::FIVE, NextAbsence::HalfDay)),
                8 => Some((Threshold::FIVE, NextAbsence::Day)),
                19 => Some((Threshold::TEN, NextAbsence::HalfDay)),
                18 => Some((Threshold::TEN, NextAbsence::Day)),
                29 => Some((Threshold::FIFTEEN, NextAbsence::HalfDay)),
                28 => Some((Threshold::FIFTEEN, NextAbsence::Day)),
                _ => None,
            };
            assert_eq!(with_next(absent), expected, "{absent}");
        }
    }

    #[test]
    fn marks_entered_for_coming_days_say_on_which_half_day_a_level_is_reached() {
        // Eight half-days so far, of which the last two are absent; then eight known ones.
        let ahead = forecast("PPPPPPMMMMMMMMMM", 8, 20);
        let on = HalfDay::new(date(2026, 5, 11), Half::Pm);
        assert_eq!(ahead.on_entered, [Reached { threshold: Threshold::FIVE, half_day: on }]);
        // What has come already is no forecast.
        assert_eq!(forecast("MMMMMMMMMM", 10, 20).on_entered, []);
        assert_eq!(forecast("MMMMMMMMMM", 10, 20).with_next, None);
    }

    #[test]
    fn a_whole_day_must_still_be_to_come() {
        // Eight absent half-days, and one or two half-days left of the term.
        let ahead = |through| forecast(&format!("{}PP", "M".repeat(8)), through, 6).with_next;
        assert_eq!(ahead(10), Some((Threshold::FIVE, NextAbsence::Day)));
        assert_eq!(ahead(11), None);
        let nine = |through| forecast(&format!("{}P", "M".repeat(9)), through, 6).with_next;
        assert_eq!(nine(11), Some((Threshold::FIVE, NextAbsence::HalfDay)));
        assert_eq!(nine(12), None);
    }

    #[test]
    fn a_rate_needs_ten_marked_half_days_and_an_absence() {
        assert_eq!(half_days_at_rate(3, 9, Threshold::FIVE), None);
        assert_eq!(half_days_at_rate(3, 10, Threshold::FIVE), Some(24));
        assert_eq!(half_days_at_rate(0, 40, Threshold::FIVE), None);
        assert_eq!(half_days_at_rate(10, 40, Threshold::FIVE), None);
    }

    #[test]
    fn a_rate_says_the_half_day_within_the_term_and_nothing_beyond_it() {
        // Two of ten: the fifth day comes with the fortieth half-day from now.
        let ahead = forecast("MMPPPPPPPP", 10, 25);
        let on = term(25).open[49];
        assert_eq!(ahead.at_rate, Some(Reached { threshold: Threshold::FIVE, half_day: on }));
        assert_eq!(forecast("MMPPPPPPPP", 10, 24).at_rate, None);
    }

    #[test]
    fn a_rate_counts_only_half_days_on_which_the_student_will_be_enrolled() {
        let (calendar, codes) = (term(30), codes());
        let spell = |last| Spell { first_day: date(2026, 1, 1), last_day: last };
        let marks = |sheet: &mut Sheet| {
            "MMMMMPPPPP".chars().enumerate().for_each(|(at, letter)| sheet.set(at, Some(letter)));
        };
        let ahead = |spells: &[Spell]| {
            let mut sheet = Sheet::empty(&calendar, spells);
            marks(&mut sheet);
            let tally = Tally::of(&sheet.sets(&calendar, &codes), 10);
            Forecast::of(&sheet, &calendar, &codes, 10, &tally)
        };
        assert_eq!(ahead(&[spell(None)]).at_rate.map(|reached| reached.half_day), Some(calendar.open[19]));
        assert_eq!(ahead(&[spell(Some(date(2026, 5, 12)))]).at_rate, None);
        // Who has left has nothing ahead.
        assert_eq!(ahead(&[spell(Some(date(2026, 5, 8)))]), Forecast::default());
    }

    proptest! {
        #[test]
        fn the_rate_is_the_first_half_day_at_which_adding_it_up_reaches_the_level(
            marked in RATE_HALF_DAYS..130,
            share in 0u32..=100,
            level in 0usize..3,
        ) {
            let absent = marked * share / 100;
            let threshold = Threshold::MINISTRY[level];
            // Slow and obvious: one half-day after the other.
            let adds = |more: u32| u64::from(absent) + u64::from(more) * u64::from(absent) / u64::from(marked);
            let target = threshold.half_days() as u64;
            let slow = (1..=4_000u32).find(|&more| adds(more) >= target && u64::from(absent) < target);
            let fast = half_days_at_rate(absent, marked, threshold);
            prop_assert_eq!(fast, slow.map(u64::from));
        }
    }
}
