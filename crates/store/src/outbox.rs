//! What the Ministry has yet to learn: one numbered entry for every version of every shared fact.
//!
//! An entry is written in the transaction of the act that made it, so nothing shared is ever
//! forgotten or invented. Its number has no gaps within a school and epoch. An entry names facts
//! (a half-day's value, an event of a crossing, a version of a response); the note of a response
//! has no place in it.

mod crossings;
mod fact;
mod terms;

pub use crossings::{CrossingEntry, Passed, of_crossings};
pub use fact::{DayFigures, OutboxFact};
pub use terms::{days_told_of, of_term, snapshot_at};

use crate::row::{Reader, letter};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Class, Date, Half, HalfDay, Instant, SchoolNumber, Stream, StudentId, Term, TermId};
use std::collections::{BTreeMap, BTreeSet};

/// A numbered entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its number, from 1 without gaps within a school's epoch.
    pub seq: i64,
    /// When the act was done.
    pub recorded_at: Instant,
    /// What it says.
    pub fact: OutboxFact,
}

/// Appends entries, in order, with the next numbers.
///
/// # Errors
/// When the database refuses.
pub fn append(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    facts: &[OutboxFact],
) -> Result<(), StoreError> {
    if facts.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(facts.len()).unwrap_or(i64::MAX);
    let row = tx.query_one(sql::PROGRESS_NEXT_SEQ, &[school.number().into(), count.into()])?;
    let mut row = row.ok_or(StoreError::Unreadable { table: "progress", what: "a school" })?;
    let (epoch, last): (i64, i64) = (row.take(0)?, row.take(1)?);
    let row = |(seq, fact): (i64, &OutboxFact)| {
        let mut values: Vec<Value> = vec![
            school.number().into(),
            epoch.into(),
            seq.into(),
            act.into(),
            at.micros().into(),
            fact.kind().into(),
            fact.is_withdrawn().into(),
        ];
        values.extend(fact::columns(fact));
        values
    };
    let rows: Vec<Vec<Value>> = (last - count + 1..).zip(facts).map(row).collect();
    Ok(tx.insert_many(sql::OUTBOX_INSERT, &rows)?)
}

/// The entries after a number, in order.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn after(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    seq: i64,
    limit: i64,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let values = [school.number().into(), epoch.into(), seq.into(), limit.into()];
    tx.query(sql::OUTBOX_RANGE, &values)?.into_iter().map(read).collect()
}

/// How many entries come after a number.
///
/// # Errors
/// When the database refuses.
pub fn count_after(tx: &mut Tx<'_>, school: SchoolNumber, epoch: i64, seq: i64) -> Result<i64, StoreError> {
    let row = tx.query_one(sql::OUTBOX_COUNT_AFTER, &[school.number().into(), epoch.into(), seq.into()])?;
    row.map_or(Ok(0), |mut row| Ok(row.take(0)?))
}

/// Notes that a batch went without the entries of one kind in a range, because the school has
/// not switched their stream on.
///
/// # Errors
/// When the database refuses.
pub fn pass_over(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    range: (i64, i64),
    kind: &str,
) -> Result<(), StoreError> {
    let values = [school.number().into(), epoch.into(), range.0.into(), range.1.into(), kind.into()];
    tx.execute(sql::OUTBOX_PASS_OVER, &values)?;
    Ok(())
}

/// The numbers in a range that batches went without, also those that were told again since.
///
/// # Errors
/// When the database refuses.
pub fn passed_in(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    range: (i64, i64),
) -> Result<BTreeSet<i64>, StoreError> {
    let values = [school.number().into(), epoch.into(), range.0.into(), range.1.into()];
    tx.query(sql::OUTBOX_PASSED_IN, &values)?.into_iter().map(|mut row| Ok(row.take(0)?)).collect()
}

/// The entries of one kind that batches went without.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn passed_over(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    kind: &str,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let values = [school.number().into(), epoch.into(), kind.into()];
    tx.query(sql::OUTBOX_PASSED_OVER, &values)?.into_iter().map(read).collect()
}

/// Notes that entries of a kind that were passed over are owed no more, once the latest of each
/// fact was appended again. They stay known as entries that never left themselves.
///
/// # Errors
/// When the database refuses.
pub fn clear_passed_over(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    kind: &str,
) -> Result<(), StoreError> {
    tx.execute(sql::OUTBOX_CLEAR_PASSED, &[school.number().into(), epoch.into(), kind.into()])?;
    Ok(())
}

/// The latest entry about a response: its epoch, its number, and whether it was passed over.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_response(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
) -> Result<Option<(i64, i64, bool)>, StoreError> {
    let row = tx.query_one(sql::OUTBOX_RESPONSE, &[school.number().into(), id.into()])?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some((row.take(0)?, row.take(1)?, row.take(2)?)))
}

/// Each day that was told in an epoch, as it was told last; nothing for one that was taken back.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn days_told(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
) -> Result<BTreeMap<Date, Option<DayFigures>>, StoreError> {
    let rows = tx.query(sql::OUTBOX_DAYS, &[school.number().into(), epoch.into()])?;
    let read = |row| {
        let mut row = Reader::new("outbox", row);
        let (date, only) = (row.date()?, row.optional("a half", Half::parse)?);
        let (enrolled, marked): (Option<u32>, Option<u32>) = (row.next()?, row.next()?);
        Ok((date, day_figures(only, enrolled, marked)))
    };
    rows.into_iter().map(read).collect()
}

fn day_figures(only: Option<Half>, enrolled: Option<u32>, marked: Option<u32>) -> Option<DayFigures> {
    enrolled.zip(marked).map(|(enrolled, marked)| DayFigures { only, enrolled, marked })
}

/// How many students were enrolled on a date.
///
/// # Errors
/// When the database refuses.
pub fn enrolled_on(tx: &mut Tx<'_>, school: SchoolNumber, date: Date) -> Result<u32, StoreError> {
    let row = tx.query_one(sql::DAY_ENROLLED, &[school.number().into(), date.to_string().into()])?;
    row.map_or(Ok(0), |mut row| Ok(row.take(0)?))
}

/// How many of the students who are enrolled that day have a mark on a half-day.
///
/// # Errors
/// When the database refuses.
pub fn marked_on(tx: &mut Tx<'_>, school: SchoolNumber, half_day: HalfDay) -> Result<u32, StoreError> {
    let values = [school.number().into(), half_day.date.to_string().into(), half_day.half.text().into()];
    tx.query_one(sql::DAY_MARKED, &values)?.map_or(Ok(0), |mut row| Ok(row.take(0)?))
}

fn read(row: database::Row) -> Result<OutboxEntry, StoreError> {
    let mut row = Reader::new("outbox", row);
    let (seq, recorded_at) = (row.next()?, row.instant()?);
    let kind: String = row.next()?;
    let withdrawn = row.next()?;
    let student = row.optional("a student id", |text| StudentId::parse(text).ok())?;
    let date = row.optional("a date", crate::row::date)?;
    let half = row.optional("a half", Half::parse)?;
    let code = row.optional("a code", letter)?;
    let class = row.optional("a class", Class::parse)?;
    let reason = row.next()?;
    let term = row.optional("a term", |text| TermId::parse(text).ok())?;
    let threshold = row.optional_threshold()?;
    let event: Option<i64> = row.next()?;
    let response: Option<String> = row.next()?;
    let version: Option<i64> = row.next()?;
    let (enrolled, marked): (Option<u32>, Option<u32>) = (row.next()?, row.next()?);
    let last_day = row.optional("a date", crate::row::date)?;
    let snapshot = |stream| {
        let (id, (first_day, last_day)) = term.zip(date.zip(last_day))?;
        Some(OutboxFact::Snapshot { stream, term: Term { id, first_day, last_day } })
    };
    let half_day = date.zip(half).map(|(date, half)| HalfDay::new(date, half));
    let fact = match kind.as_str() {
        "attendance" => student.zip(half_day).map(|(student_id, half_day)| OutboxFact::Attendance {
            student_id,
            half_day,
            value: class.map(|class| (code, class)),
        }),
        "closure" => half_day.map(|half_day| OutboxFact::Closure { half_day, reason }),
        "crossing" => {
            student.zip(term).zip(threshold.zip(event)).map(|((student_id, term), (threshold, event))| {
                OutboxFact::Crossing { student_id, term, threshold, event }
            })
        }
        "response" => {
            response.zip(version).map(|(id, version)| OutboxFact::Response { id, version, withdrawn })
        }
        "day" => date.map(|date| OutboxFact::Day { date, figures: day_figures(half, enrolled, marked) }),
        "snapshot_attendance" => snapshot(Stream::Attendance),
        "snapshot_responses" => snapshot(Stream::Responses),
        _ => None,
    };
    let fact = fact.ok_or(StoreError::Unreadable { table: "outbox", what: "a fact" })?;
    Ok(OutboxEntry { seq, recorded_at, fact })
}
