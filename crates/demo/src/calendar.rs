//! The term in which the demo happens, so that it is alive on whatever day it is looked at.
//!
//! It is the real term that holds the day if at least 25 of its school days have come; otherwise
//! an invented one that began eight weeks before and goes on for two, named as the real term
//! nearest to it would be.

use domain::{Calendar, CalendarDay, Date, Half, HalfDay, Instant, Term, TermId, Zone};
use std::collections::BTreeMap;

/// Where the made-up school stands.
pub(crate) const ZONE: Zone = Zone::Auckland;

/// The region whose anniversary day it keeps.
pub(crate) const REGION: &str = "Auckland";

/// School days that must have come before a real term has enough to show.
const ENOUGH: usize = 25;

/// When the morning's rolls of today have been taken.
const MORNING_TAKEN: (i8, i8) = (9, 30);

/// When the afternoon's rolls of today have been taken.
const AFTERNOON_TAKEN: (i8, i8) = (13, 45);

/// A row of the school's own calendar, and when it was entered.
#[derive(Debug, Clone)]
pub(crate) struct OwnDay {
    pub(crate) date: Date,
    pub(crate) day: CalendarDay,
    pub(crate) entered_at: Instant,
}

/// The demo's term and how much of it has come.
#[derive(Debug)]
pub(crate) struct Days {
    /// The term.
    pub(crate) term: Term,
    /// Every term that the school has entered.
    pub(crate) terms: Vec<Term>,
    /// The calendar with the school's own rows.
    pub(crate) calendar: Calendar,
    /// The term's school days in order.
    pub(crate) open: Vec<Date>,
    /// How many of them have come (today too, once its first rolls are taken).
    pub(crate) passed: usize,
    /// Whether of the last one only the morning's rolls are taken so far.
    pub(crate) only_morning: bool,
    /// The school's own rows.
    pub(crate) own: Vec<OwnDay>,
    /// The moment at which the demo is looked at.
    pub(crate) now: Instant,
}

impl Days {
    /// Lays the term out around a moment; nothing when no calendar reaches that far.
    pub(crate) fn around(now: Instant) -> Option<Self> {
        let today = ZONE.date(now);
        let terms = match real_terms(today) {
            Some(terms) => terms,
            None => vec![invented_term(today)?],
        };
        let term = *terms.iter().find(|term| term.contains(today))?;
        let mut terms = terms;
        if terms.iter().all(|other| other.first_day <= term.last_day) {
            terms.extend(following(term));
        }
        let holidays = reference::holidays_for(Some(REGION));
        let plain = Calendar::new(terms.clone(), holidays.clone(), BTreeMap::new());
        let own = own_days(&school_days(&plain, term));
        let rows = own.iter().map(|row| (row.date, row.day.clone())).collect();
        let calendar = Calendar::new(terms.clone(), holidays, rows);
        let open = school_days(&calendar, term);
        let taken = |(hour, minute): (i8, i8)| now >= ZONE.at(today, hour, minute);
        let passed = open.partition_point(|&date| date < today || (date == today && taken(MORNING_TAKEN)));
        let only_morning = passed > 0 && open.get(passed - 1) == Some(&today) && !taken(AFTERNOON_TAKEN);
        Some(Self { term, terms, calendar, open, passed, only_morning, own, now })
    }

    /// Whether a half of a school day is open.
    pub(crate) fn is_open(&self, day: usize, half: Half) -> bool {
        self.calendar.is_open(self.half_day(day, half))
    }

    /// A half of a school day.
    pub(crate) fn half_day(&self, day: usize, half: Half) -> HalfDay {
        HalfDay::new(self.open[day], half)
    }

    /// The place of a date among the school days: its own, or that of the next one.
    pub(crate) fn position(&self, date: Date) -> usize {
        self.open.partition_point(|&open| open < date)
    }

    /// The school day that many after a date; a day far off once the term is over.
    pub(crate) fn after(&self, date: Date, count: usize) -> Date {
        let first = self.open.partition_point(|&open| open <= date);
        if count == 0 {
            return date;
        }
        self.open.get(first + count - 1).copied().unwrap_or_else(|| plus_days(self.term.last_day, 30))
    }
}

/// A date some days later or, with a negative number, earlier.
pub(crate) fn plus_days(date: Date, days: i32) -> Date {
    let mut moved = date;
    for _ in 0..days.unsigned_abs() {
        let next = if days < 0 { moved.yesterday() } else { moved.tomorrow() };
        moved = next.unwrap_or(moved);
    }
    moved
}

/// Monday is 0.
pub(crate) fn weekday(date: Date) -> i8 {
    date.weekday().to_monday_zero_offset()
}

/// The Monday of a date's week.
pub(crate) fn monday(date: Date) -> Date {
    plus_days(date, -i32::from(weekday(date)))
}

fn school_days(calendar: &Calendar, term: Term) -> Vec<Date> {
    let mut days = Vec::new();
    let mut date = term.first_day;
    while date <= term.last_day {
        if calendar.is_school_day(date) {
            days.push(date);
        }
        date = plus_days(date, 1);
    }
    days
}

/// The terms of the year that a date is in, if the one that holds it has enough to show.
fn real_terms(today: Date) -> Option<Vec<Term>> {
    let own_dates = |national: &reference::NationalTerm| {
        let (earliest, latest) = (national.earliest_first_day, national.latest_first_day);
        let first_day = plus_days(earliest, 7).min(latest);
        let past_friday = i32::from(weekday(national.last_day)) - 4;
        Term::new(national.id, first_day, plus_days(national.last_day, -past_friday.max(0))).ok()
    };
    let in_year = |national: &&reference::NationalTerm| national.id.year() == today.year();
    let terms: Vec<Term> = reference::national_terms().iter().filter(in_year).filter_map(own_dates).collect();
    let term = *terms.iter().find(|term| term.contains(today))?;
    let calendar = Calendar::new(terms.clone(), reference::holidays_for(Some(REGION)), BTreeMap::new());
    let came = school_days(&calendar, term).partition_point(|&date| date < today);
    (came >= ENOUGH).then_some(terms)
}

/// Ten weeks, of which eight lie before this one.
fn invented_term(today: Date) -> Option<Term> {
    let first_day = plus_days(monday(today), -56);
    let last_day = plus_days(first_day, 67);
    let middle = plus_days(first_day, 34);
    let number = match (middle.month(), middle.day()) {
        (1..=3, _) | (4, ..=18) => 1,
        (4..=6, _) | (7, ..=10) => 2,
        (7..=9, _) => 3,
        _ => 4,
    };
    Term::new(TermId::new(middle.year(), number)?, first_day, last_day).ok()
}

/// The term after the last that is known, with dates of the made-up school's own, as a school that
/// plans ahead would have entered them.
fn following(term: Term) -> Option<Term> {
    let (year, number) = (term.id.year(), term.id.number());
    let (id, days) =
        if number < 4 { (TermId::new(year, number + 1)?, 17) } else { (TermId::new(year + 1, 1)?, 49) };
    let first_day = monday(plus_days(term.last_day, days));
    Term::new(id, first_day, plus_days(first_day, 67)).ok()
}

/// A teacher-only day in the fourth week, and an afternoon in the fifth on which the water failed.
fn own_days(plain: &[Date]) -> Vec<OwnDay> {
    let (Some(&first), Some(&teacher_only), Some(&no_water)) = (plain.first(), plain.get(18), plain.get(22))
    else {
        return Vec::new();
    };
    let closed = |am_open, reason: &str| CalendarDay { am_open, pm_open: false, reason: reason.to_owned() };
    vec![
        OwnDay {
            date: teacher_only,
            day: closed(false, "Teacher-only day"),
            entered_at: ZONE.at(plus_days(first, -3), 10, 15),
        },
        OwnDay {
            date: no_water,
            day: closed(true, "Water, power or heating failure"),
            entered_at: ZONE.at(no_water, 12, 5),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str) -> Days {
        Days::around(Instant::parse(text).expect(text)).expect("a term")
    }

    #[test]
    fn a_real_term_is_kept_once_enough_of_it_has_come() {
        let days = around("2026-11-24T15:45:00+13:00");
        assert_eq!(days.term.id.to_string(), "2026-T4");
        assert_eq!(days.term.first_day, Date::constant(2026, 10, 12));
        // The year's four, and one that the school has planned ahead.
        let ahead = days.terms.last().expect("a term");
        assert_eq!((days.terms.len(), ahead.id.to_string().as_str()), (5, "2027-T1"));
        assert!(ahead.first_day > days.term.last_day);
        assert!(!days.only_morning);
        let early = around("2026-10-14T15:45:00+13:00");
        assert_eq!(early.term.first_day, Date::constant(2026, 8, 17));
        assert_eq!(early.terms.len(), 2);
    }

    #[test]
    fn on_every_day_of_six_years_at_least_25_school_days_have_come_and_some_are_left() {
        let mut date = Date::constant(2026, 1, 1);
        while date < Date::constant(2032, 1, 1) {
            let days = Days::around(ZONE.at(date, 12, 30)).expect("a term");
            assert!(days.passed >= 24, "{date}: {}", days.passed);
            assert!(days.term.contains(date), "{date}");
            assert!(days.terms.iter().any(|term| term.first_day > days.term.last_day), "{date}");
            assert_eq!(days.own.len(), 2, "{date}");
            assert!(days.own.iter().all(|own| own.date < date), "{date}");
            date = plus_days(date, 1);
        }
    }

    #[test]
    fn before_the_rolls_of_a_morning_are_taken_the_day_has_not_come() {
        let passed = |time: &str| {
            let days = around(&format!("2026-11-24T{time}:00+13:00"));
            (days.passed, days.only_morning)
        };
        let (before, _) = passed("08:00");
        assert_eq!(passed("09:30"), (before + 1, true));
        assert_eq!(passed("13:45"), (before + 1, false));
    }
}
