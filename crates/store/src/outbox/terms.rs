//! The entries about one term: for telling it as a whole, and for comparing it.

use super::{DayFigures, OutboxEntry, OutboxFact, read};
use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Date, Instant, SchoolNumber, Term, TermId};
use std::collections::BTreeMap;

/// Every entry about a term, in the order of epochs and numbers, with its epoch: those that went or
/// are to go, without those that were passed over.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_term(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: &Term,
) -> Result<Vec<(i64, OutboxEntry)>, StoreError> {
    let (first, last) = (term.first_day.to_string(), term.last_day.to_string());
    let values = [school.number().into(), term.id.to_string().into(), first.into(), last.into()];
    let read = |mut row: database::Row| Ok((row.take(EPOCH_COLUMN)?, read(row)?));
    tx.query(sql::OUTBOX_TERM, &values)?.into_iter().map(read).collect()
}

/// Where [`sql::OUTBOX_TERM`] has the epoch, after the columns of an entry.
const EPOCH_COLUMN: usize = 18;

/// When a snapshot of a term was last queued.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn snapshot_at(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
) -> Result<Option<Instant>, StoreError> {
    let row = tx.query_one(sql::OUTBOX_SNAPSHOT_AT, &[school.number().into(), term.to_string().into()])?;
    row.map_or(Ok(None), |row| Reader::new("outbox", row).optional_instant())
}

/// Each day of a term that was ever told and not taken back, as it was told last.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn days_told_of(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: &Term,
) -> Result<BTreeMap<Date, DayFigures>, StoreError> {
    let mut days = BTreeMap::new();
    for (_, entry) in of_term(tx, school, term)? {
        if let OutboxFact::Day { date, figures } = entry.fact {
            days.insert(date, figures);
        }
    }
    Ok(days.into_iter().filter_map(|(date, figures)| Some((date, figures?))).collect())
}
