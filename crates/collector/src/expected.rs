//! Which days a school should have told of: a guess from the national calendar, kind in doubt.
//!
//! The Ministry does not know a school's own calendar. What it has is the national terms, the
//! public holidays, and what the school itself said: closures, and at the end of a term how long
//! the term was.
//!
//! Choice: decision 0038.

use domain::{Date, TermId};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Days on which some region keeps its anniversary. The collector does not know which region a
/// school is in, so none of them is expected of anybody.
static ANNIVERSARIES: LazyLock<BTreeSet<Date>> = LazyLock::new(|| {
    let days = |region| reference::holidays_for(Some(region)).into_keys();
    reference::regions().into_iter().flat_map(days).collect()
});

/// The days within which every school is in term: from the latest first day to the last day.
/// `None` for a term that is not confirmed.
pub(crate) fn window(term: TermId) -> Option<(Date, Date)> {
    let found = reference::national_terms().iter().find(|national| national.id == term)?;
    Some((found.latest_first_day, found.last_day))
}

/// Whether most schools are open on a day of a term: a weekday that is no holiday and nobody's
/// anniversary day.
pub(crate) fn is_school_day(day: Date) -> bool {
    day.weekday().to_monday_zero_offset() < 5 && !ANNIVERSARIES.contains(&day)
}

/// The school days from `first` to `last` of which nothing was told and which were not closed.
pub(crate) fn missing(
    (first, last): (Date, Date),
    told: &BTreeSet<Date>,
    closed: &BTreeSet<Date>,
) -> Vec<Date> {
    let mut missing = Vec::new();
    let mut day = first;
    while day <= last {
        if is_school_day(day) && !told.contains(&day) && !closed.contains(&day) {
            missing.push(day);
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn days(texts: &[&str]) -> BTreeSet<Date> {
        texts.iter().map(|text| day(text)).collect()
    }

    #[test]
    fn weekends_holidays_closures_and_days_that_were_told_are_not_missing() {
        // ANZAC Day is kept on Monday 27 April 2026.
        let window = (day("2026-04-23"), day("2026-05-01"));
        let found = missing(window, &days(&["2026-04-23", "2026-04-28"]), &days(&["2026-04-30"]));
        assert_eq!(found, [day("2026-04-24"), day("2026-04-29"), day("2026-05-01")]);
        assert_eq!(missing((day("2026-05-02"), day("2026-05-01")), &days(&[]), &days(&[])), []);
    }

    #[test]
    fn an_anniversary_day_of_any_region_is_expected_of_nobody() {
        for anniversary in ["2026-03-09", "2026-03-23", "2026-11-13", "2026-11-30"] {
            assert!(!is_school_day(day(anniversary)), "{anniversary}");
        }
        assert!(is_school_day(day("2026-03-10")));
    }

    #[test]
    fn a_term_that_is_not_confirmed_has_no_window() {
        assert!(window(TermId::parse("2026-T2").expect("a term")).is_some());
        assert!(window(TermId::parse("2031-T2").expect("a term")).is_none());
    }
}
