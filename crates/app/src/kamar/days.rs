//! The calendar of a push beside the school's own.

use super::rows::SOURCE;
use crate::AppError;
use crate::import::Part;
use crate::work::Work;
use domain::Date;
use interop::contract::Parsed;
use interop::kamar::{self, Kept};
use std::collections::{BTreeMap, BTreeSet};

/// What it says of terms and days that is new here. What the school entered stands; what KAMAR said before
/// it may take back.
pub(super) fn parts(work: &mut Work<'_, '_>, kept: &Kept) -> Result<[Part; 2], AppError> {
    let own = own_days(work)?;
    let mut days = kamar::calendar(kept, &|date| own.contains(&date));
    days.rows.retain(|row| {
        let (date, stands) = (row.value.date, work.calendar.day(row.value.date));
        stands.is_none_or(|day| own.contains(&date) && *day != row.value.day)
    });
    Ok([Part::Terms(terms(work, kamar::terms(kept))), Part::Calendar(days)])
}

/// The dates of which the calendar says what KAMAR said last.
fn own_days(work: &mut Work<'_, '_>) -> Result<BTreeSet<Date>, AppError> {
    let number = work.school.number;
    let days = store::calendar::history(work.tx, number)?.days;
    let last: BTreeMap<Date, i64> = days.into_iter().map(|day| (day.date, day.act)).collect();
    let mut by_act: BTreeMap<i64, bool> = BTreeMap::new();
    let mut own = BTreeSet::new();
    for (date, act) in last {
        let is_own = match by_act.get(&act) {
            Some(known) => *known,
            None => {
                let file = store::import_file::of_act(work.tx, number, act)?;
                let is_own = file.is_some_and(|file| file.source == SOURCE);
                by_act.insert(act, is_own);
                is_own
            }
        };
        own.extend(is_own.then_some(date));
    }
    Ok(own)
}

/// Terms that the school does not have yet: those it has are its own.
fn terms(work: &Work<'_, '_>, mut parsed: Parsed<domain::Term>) -> Parsed<domain::Term> {
    parsed.rows.retain(|row| work.calendar.term(row.value.id).is_none());
    parsed
}
