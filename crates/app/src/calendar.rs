//! Puts a school's calendar together from its history and the public holidays.

use crate::AppError;
use domain::{Calendar, CalendarDay, Date, SchoolNumber, Term, TermId};
use std::collections::BTreeMap;
use store::Tx;
use store::calendar::CalendarHistory;

/// The calendar by what was recorded by a moment.
pub(crate) fn load(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    region: Option<&str>,
    known_at: i64,
) -> Result<Calendar, AppError> {
    let history = store::calendar::history(tx, school)?;
    Ok(fold(&history, region, |at| at <= known_at))
}

/// Folds a history into the calendar of the versions whose recording time passes `keep`.
pub(crate) fn fold(history: &CalendarHistory, region: Option<&str>, keep: impl Fn(i64) -> bool) -> Calendar {
    let terms = history.terms.iter().filter(|version| keep(version.recorded_at.micros()));
    let days = history.days.iter().filter(|version| keep(version.recorded_at.micros()));
    build(terms.map(|version| version.term), days.map(|version| (version.date, version.day.clone())), region)
}

/// The calendar of terms and rows in which later ones replace earlier ones.
pub(crate) fn build(
    terms: impl Iterator<Item = Term>,
    days: impl Iterator<Item = (Date, CalendarDay)>,
    region: Option<&str>,
) -> Calendar {
    let terms: BTreeMap<TermId, Term> = terms.map(|term| (term.id, term)).collect();
    Calendar::new(terms.into_values().collect(), reference::holidays_for(region), days.collect())
}
