//! When the school is open for instruction, by half-day.
//!
//! The calendar is data: terms, public holidays, the regional anniversary day, and the school's
//! own rows for closures and for weekends it opens. Weekdays within a term are open unless a
//! holiday or a row says otherwise. It feeds [`TermCalendar`], the open half-days of one term in
//! order, which every count is made over.

use crate::term::Term;
use crate::{Date, Half, HalfDay, TermId};
use std::collections::BTreeMap;

/// What the school's own calendar says of one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// Whether the morning is open.
    pub am_open: bool,
    /// Whether the afternoon is open.
    pub pm_open: bool,
    /// Why, in any words.
    pub reason: String,
}

impl CalendarDay {
    /// Whether that half is open.
    #[must_use]
    pub fn is_open(&self, half: Half) -> bool {
        match half {
            Half::Am => self.am_open,
            Half::Pm => self.pm_open,
        }
    }
}

/// A half-day that the school itself closed, which the Ministry is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// The half-day on which the school would otherwise be open.
    pub half_day: HalfDay,
    /// Why, as the school entered it.
    pub reason: String,
}

/// A school's calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    terms: Vec<Term>,
    holidays: BTreeMap<Date, String>,
    days: BTreeMap<Date, CalendarDay>,
}

impl Calendar {
    /// Puts a calendar together from the terms, the holidays that apply to this school (national
    /// and regional) with their names, and the school's own rows.
    #[must_use]
    pub fn new(
        mut terms: Vec<Term>,
        holidays: BTreeMap<Date, String>,
        days: BTreeMap<Date, CalendarDay>,
    ) -> Self {
        terms.sort_by_key(|term| (term.first_day, term.id));
        Self { terms, holidays, days }
    }

    /// The terms in order of their first day.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// A term by its name.
    #[must_use]
    pub fn term(&self, id: TermId) -> Option<&Term> {
        self.terms.iter().find(|term| term.id == id)
    }

    /// The term that holds a date.
    #[must_use]
    pub fn term_on(&self, date: Date) -> Option<&Term> {
        self.terms.iter().find(|term| term.contains(date))
    }

    /// The term that holds a date, or else the last one before it.
    #[must_use]
    pub fn term_at_or_before(&self, date: Date) -> Option<&Term> {
        self.terms.iter().rev().find(|term| term.first_day <= date)
    }

    /// The holiday's name on a date, if it is one.
    #[must_use]
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.holidays.get(&date).map(String::as_str)
    }

    /// The school's own row for a date.
    #[must_use]
    pub fn day(&self, date: Date) -> Option<&CalendarDay> {
        self.days.get(&date)
    }

    /// The school's own rows in order of date.
    pub fn days(&self) -> impl Iterator<Item = (Date, &CalendarDay)> {
        self.days.iter().map(|(&date, day)| (date, day))
    }

    /// Whether the school is open for instruction on a half-day.
    ///
    /// Source: School Attendance Rules 2026, rule 2.3: on a half-open day only that half is
    /// recorded and sent, and nothing for a closed day.
    #[must_use]
    pub fn is_open(&self, half_day: HalfDay) -> bool {
        if self.term_on(half_day.date).is_none() {
            return false;
        }
        match self.days.get(&half_day.date) {
            Some(day) => day.is_open(half_day.half),
            None => self.is_open_by_default(half_day.date),
        }
    }

    /// Why a half-day is closed, in words for a person; `None` when it is open.
    #[must_use]
    pub fn why_closed(&self, half_day: HalfDay) -> Option<String> {
        let HalfDay { date, half } = half_day;
        if self.is_open(half_day) {
            return None;
        }
        if self.term_on(date).is_none() {
            return Some(format!("{date} is in no term"));
        }
        if let Some(day) = self.days.get(&date) {
            let reason = if day.reason.is_empty() { "closed in the calendar" } else { &day.reason };
            return Some(format!("the school is closed on {date} {half}: {reason}"));
        }
        match self.holiday(date) {
            Some(name) => Some(format!("{date} is {name}")),
            None => Some(format!("{date} is at a weekend")),
        }
    }

    /// The open half-days of a term, in order.
    #[must_use]
    pub fn term_calendar(&self, id: TermId) -> Option<TermCalendar> {
        let term = *self.term(id)?;
        let mut open = Vec::new();
        let mut date = term.first_day;
        while date <= term.last_day {
            // A date belongs to the first term that holds it, so no half-day is counted twice.
            if self.term_on(date).is_some_and(|holder| holder.id == id) {
                let half_days = Half::BOTH.map(|half| HalfDay::new(date, half));
                open.extend(half_days.into_iter().filter(|&half_day| self.is_open(half_day)));
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        Some(TermCalendar { term, open })
    }

    /// The half-days that the school itself closed within its terms, in order.
    ///
    /// Source: School Attendance Rules 2026, rule 5: a closed day is sent with its reason.
    #[must_use]
    pub fn closures(&self) -> Vec<Closure> {
        let closed = |(&date, day): (&Date, &CalendarDay)| {
            let would_be_open = self.term_on(date).is_some() && self.is_open_by_default(date);
            let halves = Half::BOTH.into_iter().filter(|&half| would_be_open && !day.is_open(half));
            let reason = day.reason.clone();
            halves
                .map(|half| Closure { half_day: HalfDay::new(date, half), reason: reason.clone() })
                .collect::<Vec<_>>()
        };
        self.days.iter().flat_map(closed).collect()
    }

    /// The date that is `count` school days after a date (a day with any half open counts); the
    /// last known school day when the calendar ends first.
    #[must_use]
    pub fn school_days_after(&self, date: Date, count: u32) -> Date {
        let end = self.terms.last().map_or(date, |term| term.last_day);
        let (mut day, mut last_open, mut left) = (self.near(date), date, count);
        while left > 0 && day < end {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            if self.is_school_day(day) {
                last_open = day;
                left -= 1;
            }
        }
        last_open
    }

    /// How many school days lie after `from` up to and including `to`.
    #[must_use]
    pub fn school_days_between(&self, from: Date, to: Date) -> u32 {
        let (mut day, mut count) = (self.near(from), 0);
        let to = self.terms.last().map_or(from, |term| term.last_day.min(to));
        while day < to {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            count += u32::from(self.is_school_day(day));
        }
        count
    }

    /// A date, or the day before the first term when it lies before that: no walk over days begins in
    /// another century.
    fn near(&self, date: Date) -> Date {
        let first = self.terms.first().and_then(|term| term.first_day.yesterday().ok());
        first.map_or(date, |first| first.max(date))
    }

    /// Whether any half of a date is open.
    #[must_use]
    pub fn is_school_day(&self, date: Date) -> bool {
        Half::BOTH.into_iter().any(|half| self.is_open(HalfDay::new(date, half)))
    }

    fn is_open_by_default(&self, date: Date) -> bool {
        let weekday = date.weekday().to_monday_zero_offset() < 5;
        weekday && !self.holidays.contains_key(&date)
    }
}

/// The open half-days of one term, in order: the ruler that sheets and sets are laid along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermCalendar {
    /// The term.
    pub term: Term,
    /// Its open half-days, in order.
    pub open: Vec<HalfDay>,
}

impl TermCalendar {
    /// Where a half-day stands among the open ones.
    #[must_use]
    pub fn position(&self, half_day: HalfDay) -> Option<usize> {
        self.open.binary_search(&half_day).ok()
    }

    /// How many open half-days there are up to and including one.
    #[must_use]
    pub fn through(&self, as_of: HalfDay) -> usize {
        self.open.partition_point(|&half_day| half_day <= as_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn half_day(day: i8, half: Half) -> HalfDay {
        HalfDay::new(date(2026, 6, day), half)
    }

    /// Term 2 of 2026 from Friday 29 May to Friday 12 June; King's Birthday is Monday 1 June.
    fn calendar(days: &[(i8, bool, bool)]) -> Calendar {
        let id = TermId::parse("2026-T2").expect("a term");
        let term = Term::new(id, date(2026, 5, 29), date(2026, 6, 12)).expect("in order");
        let holidays = BTreeMap::from([(date(2026, 6, 1), "King's Birthday".to_owned())]);
        let row = |&(day, am_open, pm_open): &(i8, bool, bool)| {
            (date(2026, 6, day), CalendarDay { am_open, pm_open, reason: "Teacher-only day".to_owned() })
        };
        Calendar::new(vec![term], holidays, days.iter().map(row).collect())
    }

    #[test]
    fn weekdays_in_term_are_open_and_weekends_and_holidays_are_not() {
        let calendar = calendar(&[]);
        assert!(calendar.is_open(half_day(2, Half::Am)));
        for closed in [1, 6, 7, 13, 15] {
            assert!(!calendar.is_open(half_day(closed, Half::Am)), "{closed}");
        }
        assert_eq!(
            calendar.why_closed(half_day(1, Half::Pm)).as_deref(),
            Some("2026-06-01 is King's Birthday")
        );
    }

    #[test]
    fn a_row_closes_a_half_opens_a_weekend_and_opens_a_holiday() {
        let calendar = calendar(&[(3, true, false), (6, true, true), (1, true, true)]);
        assert!(calendar.is_open(half_day(3, Half::Am)));
        assert!(!calendar.is_open(half_day(3, Half::Pm)));
        assert!(calendar.is_open(half_day(6, Half::Pm)));
        assert!(calendar.is_open(half_day(1, Half::Am)));
    }

    #[test]
    fn only_a_half_that_would_be_open_is_a_closure_to_tell() {
        // A Wednesday afternoon, a Saturday, a holiday and a day after the term.
        let calendar =
            calendar(&[(3, true, false), (6, false, false), (1, false, false), (15, false, false)]);
        let told: Vec<HalfDay> = calendar.closures().into_iter().map(|closure| closure.half_day).collect();
        assert_eq!(told, [half_day(3, Half::Pm)]);
    }

    #[test]
    fn a_terms_open_half_days_are_in_order_and_found_by_position() {
        let calendar = calendar(&[(3, true, false)]);
        let term = calendar.term_calendar(TermId::parse("2026-T2").expect("a term")).expect("known");
        // Friday 29 May, four days less a half in the first week of June, five in the second.
        assert_eq!(term.open.len(), 2 + 8 - 1 + 10);
        assert!(term.open.is_sorted());
        assert_eq!(term.position(half_day(2, Half::Pm)), Some(3));
        assert_eq!(term.position(half_day(3, Half::Pm)), None);
        assert_eq!(term.through(half_day(1, Half::Pm)), 2);
    }

    #[test]
    fn school_days_skip_what_is_closed() {
        let calendar = calendar(&[(3, false, false)]);
        assert_eq!(calendar.school_days_after(date(2026, 5, 29), 2), date(2026, 6, 4));
        assert_eq!(calendar.school_days_between(date(2026, 5, 29), date(2026, 6, 4)), 2);
        assert_eq!(calendar.school_days_after(date(2026, 6, 12), 5), date(2026, 6, 12));
    }

    #[test]
    fn terms_and_days_are_handed_out_in_order() {
        let calendar = calendar(&[(6, true, true), (3, true, false)]);
        assert_eq!(calendar.terms().iter().map(|term| term.id.to_string()).collect::<Vec<_>>(), ["2026-T2"]);
        let days: Vec<Date> = calendar.days().map(|(date, _)| date).collect();
        assert_eq!(days, [date(2026, 6, 3), date(2026, 6, 6)]);
        assert!(calendar.day(date(2026, 6, 3)).is_some_and(|day| day.am_open && !day.pm_open));
        assert_eq!(calendar.day(date(2026, 6, 4)), None);
    }

    #[test]
    fn the_holidays_after_a_term_belong_to_the_term_before() {
        let calendar = calendar(&[]);
        let first_day = |day| calendar.term_at_or_before(day).map(|term| term.first_day);
        assert_eq!(first_day(date(2026, 5, 28)), None);
        for day in [date(2026, 5, 29), date(2026, 6, 12), date(2026, 7, 1)] {
            assert_eq!(first_day(day), Some(date(2026, 5, 29)), "{day}");
        }
    }

    #[test]
    fn the_school_days_after_a_date_end_with_the_calendar() {
        let calendar = calendar(&[(12, false, false)]);
        // The last day of the term is closed.
        assert_eq!(calendar.school_days_after(date(2026, 6, 10), 9), date(2026, 6, 11));
        assert_eq!(calendar.school_days_after(date(2026, 7, 10), 2), date(2026, 7, 10));
    }
}
