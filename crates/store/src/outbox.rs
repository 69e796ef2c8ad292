//! What the Ministry has yet to learn: one numbered entry for every version of every shared fact.
//!
//! An entry is written in the transaction of the act that made it, so nothing shared is ever
//! forgotten or invented. Its number has no gaps within a school and epoch. An entry names facts
//! (a half-day's value, an event of a crossing, a version of a response); the note of a response
//! has no place in it.

mod crossings;

pub use crossings::{CrossingEntry, Passed, of_crossings};

use crate::row::{Reader, letter};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Class, Date, Half, HalfDay, Instant, SchoolNumber, Stream, StudentId, Term, TermId, Threshold};
use std::collections::{BTreeMap, BTreeSet};

/// A version of something shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxFact {
    /// What a half-day amounts to; nothing when it has no value any more.
    Attendance {
        /// Whose.
        student_id: StudentId,
        /// Which half-day.
        half_day: HalfDay,
        /// The code that decided, unless several did, and the class.
        value: Option<(Option<char>, Class)>,
    },
    /// A half-day that the school closed; no reason when it is open again.
    Closure {
        /// Which half-day.
        half_day: HalfDay,
        /// Why it is closed.
        reason: Option<String>,
    },
    /// An event of a crossing.
    Crossing {
        /// Whose.
        student_id: StudentId,
        /// In which term.
        term: TermId,
        /// Of which threshold.
        threshold: Threshold,
        /// The event's number.
        event: i64,
    },
    /// A version of a response that names a crossing.
    Response {
        /// Which response.
        id: String,
        /// Which version.
        version: i64,
        /// Whether this version takes it back.
        withdrawn: bool,
    },
    /// How a school day stands, so that an empty day is not a missing day.
    Day {
        /// Which date.
        date: Date,
        /// Students enrolled that day.
        enrolled: u32,
        /// Half-days marked that day.
        marked: u32,
    },
    /// That all which holds of a term and a stream has been queued in this epoch.
    Snapshot {
        /// Which stream.
        stream: Stream,
        /// Which term, as it lay then.
        term: Term,
    },
}

impl OutboxFact {
    /// The kinds of a stream.
    #[must_use]
    pub fn kinds(stream: Stream) -> &'static [&'static str] {
        match stream {
            Stream::Attendance => &["attendance", "closure", "day", "snapshot_attendance"],
            Stream::Responses => &["crossing", "response", "snapshot_responses"],
        }
    }

    /// The stream that it goes in.
    #[must_use]
    pub fn stream(&self) -> Stream {
        match self {
            Self::Attendance { .. } | Self::Closure { .. } | Self::Day { .. } => Stream::Attendance,
            Self::Crossing { .. } | Self::Response { .. } => Stream::Responses,
            Self::Snapshot { stream, .. } => *stream,
        }
    }

    /// `attendance`, `closure`, `crossing`, `response`, `day`, `snapshot_attendance` or
    /// `snapshot_responses`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Attendance { .. } => "attendance",
            Self::Closure { .. } => "closure",
            Self::Crossing { .. } => "crossing",
            Self::Response { .. } => "response",
            Self::Day { .. } => "day",
            Self::Snapshot { stream: Stream::Attendance, .. } => "snapshot_attendance",
            Self::Snapshot { stream: Stream::Responses, .. } => "snapshot_responses",
        }
    }

    /// What stays the same through every version of this fact.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Attendance { student_id, half_day, .. } => format!("{student_id}/{half_day}"),
            Self::Closure { half_day, .. } => half_day.to_string(),
            Self::Crossing { student_id, term, threshold, .. } => {
                format!("{student_id}/{term}/{}", threshold.days())
            }
            Self::Response { id, .. } => id.clone(),
            Self::Day { date, .. } => date.to_string(),
            Self::Snapshot { term, .. } => term.id.to_string(),
        }
    }

    fn is_withdrawn(&self) -> bool {
        match self {
            Self::Attendance { value, .. } => value.is_none(),
            Self::Closure { reason, .. } => reason.is_none(),
            Self::Response { withdrawn, .. } => *withdrawn,
            Self::Crossing { .. } | Self::Day { .. } | Self::Snapshot { .. } => false,
        }
    }
}

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
        values.extend(columns(fact));
        values
    };
    let rows: Vec<Vec<Value>> = (last - count + 1..).zip(facts).map(row).collect();
    Ok(tx.insert_many(sql::OUTBOX_INSERT, &rows)?)
}

/// The values of a fact's columns, from `student_id` to `last_day`.
fn columns(fact: &OutboxFact) -> [Value; 14] {
    const NULL: Value = Value::Null;
    let mut columns = [NULL; 14];
    let [
        student,
        date,
        half,
        code,
        class,
        reason,
        term,
        threshold,
        event,
        response,
        version,
        enrolled,
        marked,
        last_day,
    ] = &mut columns;
    let mut half_day = |half_day: &HalfDay| {
        *date = half_day.date.to_string().into();
        *half = half_day.half.text().into();
    };
    match fact {
        OutboxFact::Attendance { student_id, half_day: slot, value } => {
            half_day(slot);
            *student = student_id.as_str().into();
            *code = value.and_then(|(code, _)| code).map(String::from).into();
            *class = value.map(|(_, class)| class.letter().to_string()).into();
        }
        OutboxFact::Closure { half_day: slot, reason: why } => {
            half_day(slot);
            *reason = why.clone().into();
        }
        OutboxFact::Crossing { student_id, term: name, threshold: level, event: number } => {
            *student = student_id.as_str().into();
            *term = name.to_string().into();
            *threshold = level.days().into();
            *event = (*number).into();
        }
        OutboxFact::Response { id, version: number, .. } => {
            *response = id.as_str().into();
            *version = (*number).into();
        }
        OutboxFact::Day { date: day, enrolled: students, marked: half_days } => {
            *date = day.to_string().into();
            *enrolled = (*students).into();
            *marked = (*half_days).into();
        }
        OutboxFact::Snapshot { term: whole, .. } => {
            *term = whole.id.to_string().into();
            *date = whole.first_day.to_string().into();
            *last_day = whole.last_day.to_string().into();
        }
    }
    columns
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

/// Each day that was told, as it was told last: enrolled, marked.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn days_told(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
) -> Result<BTreeMap<Date, (u32, u32)>, StoreError> {
    let rows = tx.query(sql::OUTBOX_DAYS, &[school.number().into(), epoch.into()])?;
    let read = |row| {
        let mut row = Reader::new("outbox", row);
        Ok((row.date()?, (row.next()?, row.next()?)))
    };
    rows.into_iter().map(read).collect()
}

/// Each day of a term that was ever told, as it was told last: enrolled, marked.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn days_told_of(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: &Term,
) -> Result<BTreeMap<Date, (u32, u32)>, StoreError> {
    let days = of_term(tx, school, term)?.into_iter().filter_map(|(_, entry)| match entry.fact {
        OutboxFact::Day { date, enrolled, marked } => Some((date, (enrolled, marked))),
        _ => None,
    });
    Ok(days.collect())
}

/// The dates of whose half-days entries after a number speak, or of whose closures.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn dates_after(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    seq: i64,
    kind: &str,
) -> Result<BTreeSet<Date>, StoreError> {
    let values = [school.number().into(), epoch.into(), seq.into(), kind.into()];
    tx.query(sql::OUTBOX_DATES, &values)?.into_iter().map(|row| Reader::new("outbox", row).date()).collect()
}

/// How many students were enrolled on a date.
///
/// # Errors
/// When the database refuses.
pub fn enrolled_on(tx: &mut Tx<'_>, school: SchoolNumber, date: Date) -> Result<u32, StoreError> {
    let row = tx.query_one(sql::DAY_ENROLLED, &[school.number().into(), date.to_string().into()])?;
    row.map_or(Ok(0), |mut row| Ok(row.take(0)?))
}

/// How many students have a mark on a half-day.
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
        "day" => date.zip(enrolled.zip(marked)).map(|(date, (enrolled, marked))| OutboxFact::Day {
            date,
            enrolled,
            marked,
        }),
        "snapshot_attendance" => snapshot(Stream::Attendance),
        "snapshot_responses" => snapshot(Stream::Responses),
        _ => None,
    };
    let fact = fact.ok_or(StoreError::Unreadable { table: "outbox", what: "a fact" })?;
    Ok(OutboxEntry { seq, recorded_at, fact })
}
