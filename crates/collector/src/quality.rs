//! How well one school reports, counted from the latest version of each of its facts in a term.
//!
//! One function counts, for the list of all schools and for a school's own page alike, and it reads
//! that one school's rows only. What is counted depends on the facts, the term and the date, so it
//! can be kept until one of them changes (`kept`).
//!
//! Choice: decision 0038 says what each figure is and from where on it needs attention.

use crate::figures::{Delay, Scope, Tables, place};
use crate::intake::kept_receipt;
use crate::{expected, page_statements as sql};
use database::{DatabaseError, Row, Tx, Value};
use domain::{Date, Instant, ResponseType, SchoolNumber, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// Batches with something refused whose receipts are read.
const REFUSED_READ: i64 = 100;

/// Days within which a level without a response needs no attention.
const UNANSWERED_DAYS: i32 = 14;

/// Days after the end of a term within which its snapshots may still come.
const SNAPSHOT_DAYS: i32 = 7;

/// Where a school stands with the collector.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) admitted_at: Option<Instant>,
    pub(crate) first_heard_at: Option<Instant>,
    pub(crate) last_heard_at: Option<Instant>,
    pub(crate) epoch: i64,
    pub(crate) expected_seq: i64,
    pub(crate) head_digest: String,
}

impl Standing {
    fn of(mut row: Row) -> Result<Self, DatabaseError> {
        Ok(Self {
            number: row.take(0)?,
            name: row.take(1)?,
            admitted_at: instant(row.take(2)?),
            first_heard_at: instant(row.take(3)?),
            last_heard_at: instant(row.take(4)?),
            epoch: row.take(5)?,
            expected_seq: row.take(6)?,
            head_digest: row.take(7)?,
        })
    }

    pub(crate) fn all(tx: &mut Tx<'_>) -> Result<Vec<Self>, DatabaseError> {
        tx.query(sql::SCHOOLS_STAND, &[])?.into_iter().map(Self::of).collect()
    }

    pub(crate) fn one(tx: &mut Tx<'_>, number: i64) -> Result<Option<Self>, DatabaseError> {
        tx.query_one(sql::SCHOOL_STANDS, &[number.into()])?.map(Self::of).transpose()
    }
}

/// What was counted of one school in one term.
#[derive(Default, Clone)]
pub(crate) struct Counted {
    /// Days that were told.
    pub(crate) days: i64,
    pub(crate) last_day: Option<Date>,
    /// School days of which nothing was told.
    pub(crate) missing: Vec<Date>,
    /// Days before today that were told with fewer marks than open half-days of those enrolled.
    pub(crate) partly: i64,
    pub(crate) marked: i64,
    pub(crate) to_mark: i64,
    /// Half-days whose code the list does not know on their date.
    pub(crate) unknown_codes: i64,
    pub(crate) tables: Tables,
    pub(crate) oldest_unanswered: Option<Date>,
    /// Levels reached more than 14 days ago, and those of them without a response.
    pub(crate) older: i64,
    pub(crate) older_unanswered: i64,
    /// Microseconds from done to recorded, of each response.
    pub(crate) delays: Vec<i64>,
    pub(crate) delay: Delay,
    /// Responses whose description the school holds back.
    pub(crate) held: i64,
    /// Records that were refused, and those of them that were not taken since.
    pub(crate) refused: i64,
    pub(crate) refused_open: i64,
    /// Streams of an ended term of which no snapshot came, though something of them was told;
    /// nothing before they are due.
    pub(crate) missing_snapshots: Option<i64>,
}

impl Counted {
    /// Half-days with a value, of those that should have one, in tenths of a per cent, rounded down.
    pub(crate) fn marked_tenths(&self) -> Option<i64> {
        (self.to_mark > 0).then(|| self.marked.min(self.to_mark) * 1000 / self.to_mark)
    }

    pub(crate) fn unanswered(&self) -> i64 {
        self.tables.unanswered.iter().sum()
    }
}

/// Counts one school's term.
pub(crate) fn count(tx: &mut Tx<'_>, school: &Standing, scope: &Scope) -> Result<Counted, DatabaseError> {
    let mut counted = Counted::default();
    let snapshots = snapshots(tx, school.number, scope)?;
    count_days(tx, school, scope, &snapshots, &mut counted)?;
    counted.unknown_codes =
        odd_codes(tx, school.number, scope)?.iter().map(|(_, _, half_days)| half_days).sum();
    count_levels(tx, school, scope, &mut counted)?;
    for refused in refused(tx, school.number, scope)? {
        counted.refused += 1;
        counted.refused_open += i64::from(!refused.is_taken_since);
    }
    counted.missing_snapshots = missing_snapshots(school, scope, &snapshots, &counted);
    Ok(counted)
}

fn count_days(
    tx: &mut Tx<'_>,
    school: &Standing,
    scope: &Scope,
    snapshots: &[Snapshot],
    counted: &mut Counted,
) -> Result<(), DatabaseError> {
    let mut told = BTreeSet::new();
    for row in tx.query(sql::COUNT_DAYS, &dated(scope, school.number))? {
        let Some(day) = Day::of(row)? else { continue };
        told.insert(day.date);
        counted.last_day = Some(day.date);
        if day.date < scope.today {
            counted.partly += i64::from(day.is_partly_marked());
            counted.marked += day.marked;
            counted.to_mark += day.to_mark();
        }
    }
    counted.days = i64::try_from(told.len()).unwrap_or(i64::MAX);
    // A school says how long its term was; a Term 4 may end earlier than the last day there is.
    let ends =
        snapshots.iter().filter(|snapshot| snapshot.ends_term()).filter_map(|snapshot| snapshot.last_day);
    counted.missing = missing_days(tx, school, scope, ends.min(), &told)?;
    Ok(())
}

fn missing_days(
    tx: &mut Tx<'_>,
    school: &Standing,
    scope: &Scope,
    ended: Option<Date>,
    told: &BTreeSet<Date>,
) -> Result<Vec<Date>, DatabaseError> {
    let (Some((first, last)), Some(heard)) = (scope.window, school.first_heard_at) else {
        return Ok(Vec::new());
    };
    let mut halves: BTreeMap<Date, u8> = BTreeMap::new();
    for mut row in tx.query(sql::COUNT_CLOSURES, &dated(scope, school.number))? {
        let bit = if row.take::<String>(1).is_ok_and(|half| half == "am") { 1 } else { 2 };
        if let Some(date) = date(row.take(0)?) {
            *halves.entry(date).or_default() |= bit;
        }
    }
    let closed = halves.into_iter().filter(|(_, halves)| *halves == 3).map(|(date, _)| date).collect();
    let first = first.max(Zone::Auckland.date(heard));
    // Today may still be told: a school sends from 18:00 on.
    let Ok(yesterday) = scope.today.yesterday() else { return Ok(Vec::new()) };
    let last = last.min(yesterday).min(ended.unwrap_or(last));
    Ok(expected::missing((first, last), told, &closed))
}

/// A snapshot of a term as it came.
pub(crate) struct Snapshot {
    /// `attendance` or `responses`.
    pub(crate) stream: String,
    pub(crate) last_day: Option<Date>,
    pub(crate) received_at: Option<Instant>,
}

impl Snapshot {
    /// Whether it came when the term was over; one also comes after a backup was restored.
    pub(crate) fn ends_term(&self) -> bool {
        let received = self.received_at.map(|at| Zone::Auckland.date(at));
        received.zip(self.last_day).is_some_and(|(received, last)| received >= last)
    }
}

/// The snapshots of a school's term, one for each stream.
pub(crate) fn snapshots(tx: &mut Tx<'_>, number: i64, scope: &Scope) -> Result<Vec<Snapshot>, DatabaseError> {
    let mut found = Vec::new();
    for mut row in tx.query(sql::SNAPSHOTS, &[number.into(), scope.term_value()])? {
        found.push(Snapshot {
            stream: row.take::<Option<String>>(0)?.unwrap_or_default(),
            last_day: date(row.take(1)?),
            received_at: instant(row.take(2)?),
        });
    }
    Ok(found)
}

fn missing_snapshots(
    school: &Standing,
    scope: &Scope,
    snapshots: &[Snapshot],
    counted: &Counted,
) -> Option<i64> {
    let (_, last) = scope.window?;
    let heard = Zone::Auckland.date(school.first_heard_at?);
    if heard > last || domain::term::days_between(last, scope.today) <= SNAPSHOT_DAYS {
        return None;
    }
    let levels = counted.tables.reached.iter().chain(&counted.tables.withdrawn).sum::<i64>();
    let told = [("attendance", counted.days > 0), ("responses", levels + counted.delay.responses > 0)];
    let came =
        |stream: &str| snapshots.iter().any(|snapshot| snapshot.stream == stream && snapshot.ends_term());
    let missing = told.into_iter().filter(|&(stream, told)| told && !came(stream)).count();
    i64::try_from(missing).ok()
}

fn count_levels(
    tx: &mut Tx<'_>,
    school: &Standing,
    scope: &Scope,
    counted: &mut Counted,
) -> Result<(), DatabaseError> {
    let values = [school.number.into(), scope.term_value()];
    let mut answered = BTreeSet::new();
    for mut row in tx.query(sql::COUNT_RESPONSES, &values)? {
        let (student, days): (Option<String>, i64) = (row.take(0)?, row.take(1)?);
        let slug = row.take::<Option<String>>(2)?.unwrap_or_default();
        let kind = ResponseType::ALL.iter().position(|kind| kind.slug() == slug);
        if let (Some(kind), Some(level)) = (kind, place(days)) {
            counted.tables.types[kind][level] += 1;
        }
        answered.insert((student, days));
        counted.delays.push(row.take::<Option<i64>>(3)?.unwrap_or_default());
        counted.held += i64::from(row.take::<Option<bool>>(4)?.unwrap_or_default());
    }
    counted.delay = Delay::of(counted.delays.clone());
    for mut row in tx.query(sql::COUNT_CROSSINGS, &values)? {
        let (student, days): (Option<String>, i64) = (row.take(0)?, row.take(1)?);
        let Some(level) = place(days) else { continue };
        if !row.take::<bool>(2)? {
            counted.tables.withdrawn[level] += 1;
            continue;
        }
        counted.tables.reached[level] += 1;
        let reached = date(row.take(3)?);
        let age = reached.map_or(0, |day| domain::term::days_between(day, scope.today));
        let is_older = i64::from(age > UNANSWERED_DAYS);
        counted.older += is_older;
        if !answered.contains(&(student, days)) {
            counted.tables.unanswered[level] += 1;
            counted.older_unanswered += is_older;
            let oldest = counted.oldest_unanswered.into_iter().chain(reached).min();
            counted.oldest_unanswered = oldest;
        }
    }
    Ok(())
}

/// Levels that stand without a response: which, and when they were reached, the oldest first.
pub(crate) fn unanswered(
    tx: &mut Tx<'_>,
    number: i64,
    scope: &Scope,
) -> Result<Vec<(i64, Option<Date>)>, DatabaseError> {
    let values = [number.into(), scope.term_value()];
    let mut answered = BTreeSet::new();
    for mut row in tx.query(sql::COUNT_RESPONSES, &values)? {
        answered.insert((row.take::<Option<String>>(0)?, row.take::<i64>(1)?));
    }
    let mut found = Vec::new();
    for mut row in tx.query(sql::COUNT_CROSSINGS, &values)? {
        let (student, days): (Option<String>, i64) = (row.take(0)?, row.take(1)?);
        if row.take::<bool>(2)? && !answered.contains(&(student, days)) {
            found.push((days, date(row.take(3)?)));
        }
    }
    found.sort_by_key(|&(days, date)| (date, days));
    Ok(found)
}

/// A day as the school told it.
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) am_open: bool,
    pub(crate) pm_open: bool,
    pub(crate) enrolled: i64,
    pub(crate) marked: i64,
    pub(crate) received_at: Option<Instant>,
}

impl Day {
    pub(crate) fn of(mut row: Row) -> Result<Option<Self>, DatabaseError> {
        let Some(date) = date(row.take(0)?) else { return Ok(None) };
        let is_open = |text: Option<String>| text.is_some_and(|text| text == "open");
        Ok(Some(Self {
            date,
            am_open: is_open(row.take(1)?),
            pm_open: is_open(row.take(2)?),
            enrolled: row.take::<Option<i64>>(3)?.unwrap_or_default(),
            marked: row.take::<Option<i64>>(4)?.unwrap_or_default(),
            received_at: row.take(5).map_or(None, instant),
        }))
    }

    /// Half-days that should have a value: one for each half that was open and each student.
    pub(crate) fn to_mark(&self) -> i64 {
        self.enrolled * (i64::from(self.am_open) + i64::from(self.pm_open))
    }

    pub(crate) fn is_partly_marked(&self) -> bool {
        self.marked < self.to_mark()
    }
}

/// Half-days with a code that the list does not know on that date: the code, the date, how many.
pub(crate) fn odd_codes(
    tx: &mut Tx<'_>,
    number: i64,
    scope: &Scope,
) -> Result<Vec<(char, Date, i64)>, DatabaseError> {
    let mut found = Vec::new();
    for mut row in tx.query(sql::COUNT_CODES, &dated(scope, number))? {
        let code = row.take::<Option<String>>(0)?.and_then(|code| code.chars().next());
        let (Some(code), Some(date)) = (code, date(row.take(1)?)) else { continue };
        // An older letter is known on the dates on which it was in use.
        if reference::codes().resolve(code, date).is_none() {
            found.push((code, date, row.take(2)?));
        }
    }
    Ok(found)
}

/// A record that was refused, as its receipt says. Its values were not kept.
pub(crate) struct Refused {
    pub(crate) seq: u64,
    pub(crate) epoch: i64,
    pub(crate) record_id: String,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) pointer: String,
    pub(crate) received_at: Option<Instant>,
    /// The school's own number of the student, where another version of the record was taken.
    pub(crate) student_id: Option<String>,
    /// Whether a version of the record was taken afterwards.
    pub(crate) is_taken_since: bool,
}

/// The records refused in a term, the newest first, as far as the newest receipts tell.
pub(crate) fn refused(tx: &mut Tx<'_>, number: i64, scope: &Scope) -> Result<Vec<Refused>, DatabaseError> {
    let [first, last] = scope.moments();
    let mut found = Vec::new();
    for mut row in tx.query(sql::REFUSED, &[number.into(), first, last, REFUSED_READ.into()])? {
        let (epoch, received): (i64, i64) = (row.take(0)?, row.take(2)?);
        // A receipt of our own that cannot be read tells nothing; the batch still counts as taken.
        let school = SchoolNumber::parse(&number.to_string()).ok();
        let kept: String = row.take(3)?;
        let Some(receipt) = school.and_then(|school| kept_receipt(kept, school)) else { continue };
        for rejected in receipt.rejected {
            let held =
                tx.query_one(sql::HELD_VERSION, &[number.into(), rejected.record_id.as_str().into()])?;
            let (student_id, taken_at) = match held {
                Some(mut held) => (held.take(0)?, held.take::<i64>(1)?),
                None => (None, i64::MIN),
            };
            found.push(Refused {
                seq: rejected.seq,
                epoch,
                record_id: rejected.record_id,
                title: rejected.problem.title.into(),
                detail: rejected.problem.detail,
                pointer: rejected.problem.pointer.map(String::from).unwrap_or_default(),
                received_at: Instant::from_micros(received),
                student_id,
                is_taken_since: taken_at > received,
            });
        }
    }
    Ok(found)
}

fn dated(scope: &Scope, number: i64) -> [Value; 3] {
    let [first, last] = scope.dates();
    [number.into(), first, last]
}

pub(crate) fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|text| text.parse().ok())
}

pub(crate) fn instant(micros: Option<i64>) -> Option<Instant> {
    micros.and_then(Instant::from_micros)
}
