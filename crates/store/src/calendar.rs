//! Terms and the school's own calendar rows, every version of them.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{CalendarDay, Date, Instant, SchoolNumber, Term};

/// One version of a term.
#[derive(Debug, Clone)]
pub struct TermVersion {
    /// The act that brought it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// The term as it was then.
    pub term: Term,
}

/// One version of a calendar row.
#[derive(Debug, Clone)]
pub struct CalendarVersion {
    /// The act that brought it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// Which date.
    pub date: Date,
    /// What the row said then.
    pub day: CalendarDay,
}

/// Every version of a school's terms and calendar rows, in order of act.
#[derive(Debug, Clone, Default)]
pub struct CalendarHistory {
    /// The terms.
    pub terms: Vec<TermVersion>,
    /// The rows.
    pub days: Vec<CalendarVersion>,
}

/// Adds a version of a term.
///
/// # Errors
/// When the database refuses.
pub fn insert_term(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    term: &Term,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        term.id.to_string().into(),
        act.into(),
        at.micros().into(),
        term.first_day.to_string().into(),
        term.last_day.to_string().into(),
    ];
    tx.execute(sql::TERM_INSERT, &values)?;
    Ok(())
}

/// Adds a version of a calendar row.
///
/// # Errors
/// When the database refuses.
pub fn insert_day(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    date: Date,
    day: &CalendarDay,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        date.to_string().into(),
        act.into(),
        at.micros().into(),
        day.am_open.into(),
        day.pm_open.into(),
        day.reason.as_str().into(),
    ];
    tx.execute(sql::CALENDAR_INSERT, &values)?;
    Ok(())
}

/// Every version there is.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn history(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<CalendarHistory, StoreError> {
    let number = [school.number().into()];
    let terms =
        tx.query(sql::TERM_VERSIONS, &number)?.into_iter().map(read_term).collect::<Result<_, _>>()?;
    let days =
        tx.query(sql::CALENDAR_VERSIONS, &number)?.into_iter().map(read_day).collect::<Result<_, _>>()?;
    Ok(CalendarHistory { terms, days })
}

fn read_term(row: database::Row) -> Result<TermVersion, StoreError> {
    let mut row = Reader::new("term", row);
    let id = row.term()?;
    let (act, recorded_at) = (row.next()?, row.instant()?);
    let term = Term { id, first_day: row.date()?, last_day: row.date()? };
    Ok(TermVersion { act, recorded_at, term })
}

fn read_day(row: database::Row) -> Result<CalendarVersion, StoreError> {
    let mut row = Reader::new("calendar_day", row);
    let date = row.date()?;
    let (act, recorded_at) = (row.next()?, row.instant()?);
    let day = CalendarDay { am_open: row.next()?, pm_open: row.next()?, reason: row.next()? };
    Ok(CalendarVersion { act, recorded_at, date, day })
}
