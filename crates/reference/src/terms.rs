//! The national term dates, within which each school sets its own.

use crate::table::{date, rows};
use domain::{Date, TermId};
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../reference/terms.csv");

static TERMS: LazyLock<Vec<NationalTerm>> =
    LazyLock::new(|| parse(FILE).expect("reference/terms.csv is read by the tests of this crate"));

/// A term as the Ministry sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NationalTerm {
    /// Its name.
    pub id: TermId,
    /// The earliest day on which a school may begin it.
    pub earliest_first_day: Date,
    /// The latest day on which a school begins it; the same as the earliest except in Term 1.
    pub latest_first_day: Date,
    /// The last day; in Term 4 the latest that a school may choose.
    pub last_day: Date,
}

/// The terms of the years that are confirmed, in order.
#[must_use]
pub fn national_terms() -> &'static [NationalTerm] {
    &TERMS
}

fn parse(text: &str) -> Result<Vec<NationalTerm>, String> {
    let columns = ["term", "earliest_first_day", "latest_first_day", "last_day"];
    let read = |[term, earliest, latest, last]: [String; 4]| {
        Ok(NationalTerm {
            id: TermId::parse(&term)?,
            earliest_first_day: date(&earliest)?,
            latest_first_day: date(&latest)?,
            last_day: date(&last)?,
        })
    };
    rows(text, columns)?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Term;
    use jiff::civil::Weekday;

    #[test]
    fn the_terms_of_2025_and_2026_are_the_published_ones() {
        let listed: Vec<String> = national_terms()
            .iter()
            .map(|term| {
                format!("{} {} {} {}", term.id, term.earliest_first_day, term.latest_first_day, term.last_day)
            })
            .collect();
        assert_eq!(
            listed,
            [
                "2025-T1 2025-01-27 2025-02-07 2025-04-11",
                "2025-T2 2025-04-28 2025-04-28 2025-06-27",
                "2025-T3 2025-07-14 2025-07-14 2025-09-19",
                "2025-T4 2025-10-06 2025-10-06 2025-12-20",
                "2026-T1 2026-01-26 2026-02-09 2026-04-02",
                "2026-T2 2026-04-20 2026-04-20 2026-07-03",
                "2026-T3 2026-07-20 2026-07-20 2026-09-25",
                "2026-T4 2026-10-12 2026-10-12 2026-12-18",
            ]
        );
    }

    #[test]
    fn terms_follow_one_another_and_begin_on_a_monday() {
        for term in national_terms() {
            assert!(term.earliest_first_day <= term.latest_first_day);
            assert!(Term::new(term.id, term.latest_first_day, term.last_day).is_ok());
            assert_eq!(term.earliest_first_day.weekday(), Weekday::Monday, "{}", term.id);
        }
        let in_order =
            |pair: &[NationalTerm]| pair[0].id < pair[1].id && pair[0].last_day < pair[1].earliest_first_day;
        assert!(national_terms().windows(2).all(in_order));
    }
}
