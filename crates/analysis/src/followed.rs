//! What followed a response: the absence in the 20 open half-days after it beside the 20 before.
//!
//! This says what came after, never what came of it. Students are answered when they have been
//! absent much, and after such a time most are absent less, answered or not; so the same is
//! counted for those whom nobody answered, and stands beside it.

use crate::Spread;
use crate::hide::LEAST;
use domain::{HalfDay, TermCalendar};

/// Open half-days on each side that are looked at: two weeks of an ordinary term.
pub const WINDOW_HALF_DAYS: usize = 20;

/// How many of them must have a mark, on each side.
pub const LEAST_MARKED: u32 = 10;

/// The absence of one student before and after a half-day, in tenths of a percent of the marked
/// half-days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    /// In the 20 open half-days before it.
    pub before_tenths: u32,
    /// In the 20 open half-days after it.
    pub after_tenths: u32,
}

/// Looks at both sides of a half-day of a term, which itself belongs to neither.
///
/// `absent` says of a position among the open half-days whether the student was absent; nothing
/// where no mark stands. Nothing comes back when the term has fewer than
/// [`WINDOW_HALF_DAYS`] on one side, when the later ones have not all come (`through`), or when
/// fewer than [`LEAST_MARKED`] of a side are marked.
#[must_use]
pub fn around(
    calendar: &TermCalendar,
    through: usize,
    at: HalfDay,
    absent: impl Fn(usize) -> Option<bool>,
) -> Option<Around> {
    let begins = calendar.open.partition_point(|half_day| *half_day < at);
    let ends = calendar.open.partition_point(|half_day| *half_day <= at);
    let first = begins.checked_sub(WINDOW_HALF_DAYS)?;
    let last = ends + WINDOW_HALF_DAYS;
    if last > through.min(calendar.open.len()) {
        return None;
    }
    let tenths = |positions: std::ops::Range<usize>| {
        let (mut absences, mut marked) = (0, 0);
        for is_absent in positions.filter_map(&absent) {
            marked += 1;
            absences += u32::from(is_absent);
        }
        // Halves are rounded up, as with every percentage of attendance.
        (marked >= LEAST_MARKED).then(|| (2000 * absences + marked) / (2 * marked))
    };
    Some(Around { before_tenths: tenths(first..begins)?, after_tenths: tenths(ends..last)? })
}

/// What followed for some students.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// How many students.
    pub students: usize,
    /// The middle absence before, in tenths of a percent.
    pub before_tenths: i64,
    /// The middle absence after.
    pub after_tenths: i64,
    /// How many of the students were absent less than before.
    pub lower: usize,
    /// How many were absent more.
    pub higher: usize,
}

impl Followed {
    /// Puts students together; nothing for fewer than five of them.
    #[must_use]
    pub fn of(students: &[Around]) -> Option<Self> {
        if students.len() < LEAST {
            return None;
        }
        let middle = |side: fn(&Around) -> u32| {
            Spread::of(students.iter().map(|around| i64::from(side(around))).collect())
        };
        let count = |is: fn(&Around) -> bool| students.iter().filter(|around| is(around)).count();
        Some(Self {
            students: students.len(),
            before_tenths: middle(|around| around.before_tenths)?.median,
            after_tenths: middle(|around| around.after_tenths)?.median,
            lower: count(|around| around.after_tenths < around.before_tenths),
            higher: count(|around| around.after_tenths > around.before_tenths),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Calendar, Half, Term, TermId};
    use jiff::civil::date;
    use std::collections::BTreeMap;

    /// Five weeks from Monday 20 July 2026: 50 open half-days.
    fn five_weeks() -> TermCalendar {
        let id = TermId::parse("2026-T3").expect("a term");
        let term = Term::new(id, date(2026, 7, 20), date(2026, 8, 21)).expect("in order");
        let calendar = Calendar::new(vec![term], BTreeMap::new(), BTreeMap::new());
        calendar.term_calendar(id).expect("known")
    }

    fn seen(at: HalfDay, through: usize, letters: &str) -> Option<Around> {
        let letter = |position: usize| letters.as_bytes().get(position).copied();
        around(&five_weeks(), through, at, |position| match letter(position) {
            Some(b'A') => Some(true),
            Some(b'P') => Some(false),
            _ => None,
        })
    }

    #[test]
    fn the_half_day_of_the_response_belongs_to_neither_side() {
        // The 21st half-day: Monday of the third week, in the morning.
        let at = HalfDay::new(date(2026, 8, 3), Half::Am);
        let letters = format!("{}{}AA{}", "A".repeat(5), "P".repeat(15), "P".repeat(19));
        let found = Some(Around { before_tenths: 250, after_tenths: 50 });
        assert_eq!(seen(at, 41, &letters), found);
        // The last of the twenty has not come.
        assert_eq!(seen(at, 40, &letters), None);
        // On a Sunday, nothing stands between the sides.
        let sunday = HalfDay::new(date(2026, 8, 2), Half::Pm);
        let after = Some(Around { before_tenths: 250, after_tenths: 100 });
        assert_eq!(seen(sunday, 41, &letters), after);
    }

    #[test]
    fn a_side_without_twenty_half_days_or_ten_marks_says_nothing() {
        let at = |day| HalfDay::new(date(2026, 7, 31).min(day), Half::Pm);
        let letters = "P".repeat(50);
        assert!(seen(at(date(2026, 7, 31)), 50, &letters).is_none(), "the 20th has 19 before it");
        let monday = HalfDay::new(date(2026, 8, 3), Half::Am);
        let thin = format!("{}{}{}", "P".repeat(10), ".".repeat(11), "P".repeat(29));
        assert_eq!(seen(monday, 50, &thin), Some(Around { before_tenths: 0, after_tenths: 0 }));
        let thinner = format!("{}{}{}", "P".repeat(9), ".".repeat(12), "P".repeat(29));
        assert_eq!(seen(monday, 50, &thinner), None);
    }

    #[test]
    fn fewer_than_five_students_are_not_put_together() {
        let around = |before_tenths, after_tenths| Around { before_tenths, after_tenths };
        let four = [around(500, 100), around(400, 400), around(300, 350), around(900, 0)];
        assert_eq!(Followed::of(&four), None);
        let five = [&four[..], &[around(100, 0)]].concat();
        let found = Followed::of(&five).expect("five");
        assert_eq!((found.students, found.before_tenths, found.after_tenths), (5, 400, 100));
        assert_eq!((found.lower, found.higher), (3, 1));
    }
}
