//! Timetables: which periods are expected of a group on a weekday, every version.
//!
//! A timetable is in force from its date until the next one; counting does not depend on it.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::period::parse_start;
use domain::{Date, Instant, Period, SchoolNumber};

/// One expected period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimetableRow {
    /// The date from which its timetable is in force.
    pub from: Date,
    /// The act that brought it.
    pub act: i64,
    /// Of which group; of every group when empty.
    pub group: String,
    /// 1 for Monday to 7 for Sunday.
    pub weekday: i8,
    /// The period.
    pub period: Period,
}

/// Adds rows; `act` in them is not looked at.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    rows: &[TimetableRow],
) -> Result<(), StoreError> {
    let values = |row: &TimetableRow| {
        vec![
            school.number().into(),
            row.from.to_string().into(),
            act.into(),
            at.micros().into(),
            row.group.as_str().into(),
            i64::from(row.weekday).into(),
            row.period.name.as_str().into(),
            row.period.start_text().into(),
            row.period.minutes.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(values).collect();
    Ok(tx.insert_many(sql::TIMETABLE_INSERT, &rows)?)
}

/// Every row but those of imports that were undone, in order of date and act, and of start within a weekday.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn versions(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<TimetableRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("timetable", row);
        let (from, act, group, weekday) = (row.date()?, row.next()?, row.next()?, row.next::<i64>()?);
        let (name, start, minutes) = (row.next()?, row.named("a start", parse_start)?, row.next()?);
        let weekday = i8::try_from(weekday).unwrap_or_default();
        Ok(TimetableRow { from, act, group, weekday, period: Period { name, start, minutes } })
    };
    tx.query(sql::TIMETABLE_VERSIONS, &[school.number().into()])?.into_iter().map(read).collect()
}
