//! Terms: `2026-T2`, from its first to its last day.

use crate::Date;
use std::fmt;

/// A term's name: year and number, `2026-T2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId {
    year: i16,
    number: u8,
}

impl TermId {
    /// Names a term.
    #[must_use]
    pub fn new(year: i16, number: u8) -> Option<Self> {
        let fits = (2000..=2199).contains(&year) && (1..=9).contains(&number);
        fits.then_some(Self { year, number })
    }

    /// Reads `2026-T2`.
    ///
    /// # Errors
    /// A sentence that says what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a term: write the year and number, as 2026-T2");
        let (year, number) = text.trim().split_once("-T").ok_or_else(wrong)?;
        if year.len() != 4 || number.len() != 1 {
            return Err(wrong());
        }
        let (year, number) = (year.parse().map_err(|_| wrong())?, number.parse().map_err(|_| wrong())?);
        Self::new(year, number).ok_or_else(wrong)
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The number within the year, 1 to 4 at most schools.
    #[must_use]
    pub fn number(self) -> u8 {
        self.number
    }
}

impl fmt::Display for TermId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-T{}", self.year, self.number)
    }
}

/// A term of one school. Start and end vary by school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub id: TermId,
    /// The first day, inclusive.
    pub first_day: Date,
    /// The last day, inclusive.
    pub last_day: Date,
}

impl Term {
    /// The longest term that is believed, in days: a school year.
    pub const LONGEST_DAYS: i32 = 366;

    /// Checks that a term ends after it begins and is at most a year long.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what would be right.
    pub fn new(id: TermId, first_day: Date, last_day: Date) -> Result<Self, String> {
        if last_day < first_day {
            return Err(format!("{id} ends on {last_day}, before it begins on {first_day}: swap the days"));
        }
        if days_between(first_day, last_day) > Self::LONGEST_DAYS {
            return Err(format!("{id} would last more than a year: check first_day and last_day"));
        }
        Ok(Self { id, first_day, last_day })
    }

    /// Whether a date falls between the first and last day.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.first_day <= date && date <= self.last_day
    }

    /// Which week of the term a date is in, counting Mondays from the week of the first day as 1.
    #[must_use]
    pub fn week(&self, date: Date) -> i32 {
        let monday = |day: Date| {
            let back = i64::from(day.weekday().to_monday_zero_offset());
            day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
        };
        days_between(monday(self.first_day), date) / 7 + 1
    }
}

/// Whole days from one date to another.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_terms_name_reads_back_as_it_is_written() {
        assert_eq!(TermId::parse("2026-T2").map(|term| term.to_string()), Ok("2026-T2".to_owned()));
        for bad in ["2026T2", "2026-T", "26-T2", "2026-T0", "2026-t2", "2026-T22", "2026-T02", "02026-T2", ""]
        {
            assert!(TermId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn weeks_begin_on_mondays_and_the_first_may_be_short() {
        let id = TermId::parse("2026-T4").expect("a term");
        let term = Term::new(id, date(2026, 10, 13), date(2026, 12, 18)).expect("in order");
        assert_eq!(term.week(date(2026, 10, 13)), 1);
        assert_eq!(term.week(date(2026, 10, 18)), 1);
        assert_eq!(term.week(date(2026, 10, 19)), 2);
        assert_eq!(term.week(date(2026, 11, 23)), 7);
    }

    #[test]
    fn a_term_that_ends_before_it_begins_is_refused() {
        let id = TermId::parse("2026-T4").expect("a term");
        assert!(Term::new(id, date(2026, 12, 18), date(2026, 10, 13)).is_err());
        assert!(Term::new(id, date(2026, 1, 1), date(2027, 6, 1)).is_err());
    }

    #[test]
    fn a_terms_name_has_its_year_and_number_in_bounds() {
        let id = TermId::parse("2026-T2").expect("a term");
        assert_eq!((id.year(), id.number()), (2026, 2));
        // Each part alone may be wrong.
        for bad in ["226-T2", "20260-T2", "2026-T12", "1999-T1", "2200-T1"] {
            assert!(TermId::parse(bad).is_err(), "{bad}");
        }
        assert!(TermId::parse("2199-T9").is_ok() && TermId::parse("2000-T1").is_ok());
    }

    #[test]
    fn a_term_may_be_a_year_long_and_no_longer() {
        let id = TermId::parse("2026-T1").expect("a term");
        let first = date(2026, 1, 1);
        assert!(Term::new(id, first, date(2027, 1, 2)).is_ok());
        assert!(Term::new(id, first, date(2027, 1, 3)).is_err());
        let one_day = Term::new(id, first, first).expect("a day");
        assert!(one_day.contains(first) && !one_day.contains(date(2026, 1, 2)));
    }
}
