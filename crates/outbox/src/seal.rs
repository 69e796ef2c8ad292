//! Turns entries of the outbox into the exact bytes of a batch, once.

use crate::OutboxError;
use domain::crossing::Cause;
use domain::wording::{RollName, check_description};
use domain::{Date, Half, HalfDay, Instant, Nsn, SchoolNumber, StudentId, Zone};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::outbox::{OutboxEntry, OutboxFact};
use store::school::SchoolRow;
use store::{Store, Tx};
use wire::{Batch, Body, OffsetTime, Op, OpenState, Record, StudentRef};

/// The most entries in a batch.
const MOST: i64 = 5_000;

/// Which streams go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    /// Attendance, closures and days.
    pub attendance: bool,
    /// Crossings and responses.
    pub responses: bool,
}

impl Streams {
    /// Both.
    pub const BOTH: Self = Self { attendance: true, responses: true };

    fn carries(self, kind: &str) -> bool {
        let [attendance, responses] = OutboxFact::STREAMS;
        (self.attendance && attendance.contains(&kind)) || (self.responses && responses.contains(&kind))
    }
}

/// Seals the next batch, if there is anything to tell. Answers its first number.
pub(crate) fn next(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    now: Instant,
    streams: Streams,
    calendar: &domain::Calendar,
) -> Result<Option<i64>, OutboxError> {
    let number = school.number;
    if streams.attendance {
        tell_days(tx, school, now, calendar)?;
    }
    let epoch = store::school::progress(tx, number)?.epoch;
    let before = store::exchange::last(tx, number, epoch)?;
    let through = before.as_ref().map_or(0, |batch| batch.last_seq);
    let entries = store::outbox::after(tx, number, epoch, through, MOST)?;
    let (Some(first), Some(last)) =
        (entries.first().map(|entry| entry.seq), entries.last().map(|entry| entry.seq))
    else {
        return Ok(None);
    };
    let mut records = Vec::with_capacity(entries.len());
    let mut writer = Writer { zone: school.zone, number, nsns: HashMap::new(), roll: None };
    for entry in entries.iter().filter(|entry| streams.carries(entry.fact.kind())) {
        let record = writer.record(tx, entry, calendar)?;
        match record.check() {
            Ok(()) => records.push(record),
            // One bad record stops no other: it is shown to a person.
            Err(problem) => store::exchange::insert_refused(tx, number, epoch, entry.seq, &problem)?,
        }
    }
    for kind in OutboxFact::STREAMS.concat().into_iter().filter(|kind| !streams.carries(kind)) {
        store::outbox::pass_over(tx, number, epoch, (first, last), kind)?;
    }
    let batch = Batch {
        schema_version: wire::SCHEMA_VERSION.to_owned(),
        school_number: number.into(),
        school_name: Some(school.name.clone()),
        epoch: count(epoch),
        first_seq: count(first),
        last_seq: count(last),
        prev_digest: before.map_or_else(String::new, |batch| batch.digest),
        generated_at: OffsetTime::new(school.zone, now).into(),
        records,
    };
    let sealed = wire::seal(&batch);
    store::exchange::insert(tx, number, epoch, (first, last), now, &sealed.digest, &sealed.bytes)?;
    Ok(Some(first))
}

/// The bytes that would leave now: batches that wait, then those that would be sealed. Nothing is
/// kept.
///
/// # Errors
/// When the memory fails.
pub fn preview(
    store: &Store,
    number: SchoolNumber,
    calendar: domain::Calendar,
    now: Instant,
    streams: Streams,
) -> Result<Vec<Vec<u8>>, OutboxError> {
    /// Rolls the transaction back on purpose, with what it found.
    enum Ended {
        Seen(Vec<Vec<u8>>),
        Failed(OutboxError),
    }
    impl From<OutboxError> for Ended {
        fn from(error: OutboxError) -> Self {
            Self::Failed(error)
        }
    }
    impl From<store::StoreError> for Ended {
        fn from(error: store::StoreError) -> Self {
            Self::Failed(error.into())
        }
    }
    impl From<store::DatabaseError> for Ended {
        fn from(error: store::DatabaseError) -> Self {
            Self::Failed(error.into())
        }
    }
    let outcome = store.write(number, move |tx| {
        let school = crate::sender::school(tx, number)?;
        let epoch = store::school::progress(tx, number)?.epoch;
        queue_passed_over(tx, number, now, streams)?;
        let mut firsts: Vec<i64> =
            store::exchange::waiting(tx, number, epoch)?.into_iter().map(|batch| batch.first_seq).collect();
        while let Some(first) = next(tx, &school, now, streams, &calendar)? {
            firsts.push(first);
        }
        let mut seen = Vec::new();
        for first in firsts {
            seen.push(store::exchange::bytes(tx, number, epoch, first)?);
        }
        Err::<(), Ended>(Ended::Seen(seen))
    });
    match outcome {
        Ok(()) => Ok(Vec::new()),
        Err(Ended::Seen(seen)) => Ok(seen),
        Err(Ended::Failed(error)) => Err(error),
    }
}

/// Queues what was passed over while a stream was off, now that it goes: each fact once, in its
/// latest version. A fact of which something later stands in the queue is told by that.
pub(crate) fn queue_passed_over(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    now: Instant,
    streams: Streams,
) -> Result<(), OutboxError> {
    let progress = store::school::progress(tx, number)?;
    for kind in OutboxFact::STREAMS.concat().into_iter().filter(|kind| streams.carries(kind)) {
        let passed = store::outbox::passed_over(tx, number, progress.epoch, kind)?;
        let Some(first) = passed.first().map(|entry| entry.seq) else { continue };
        let passed: BTreeSet<i64> = passed.into_iter().map(|entry| entry.seq).collect();
        let mut latest: BTreeMap<String, OutboxEntry> = BTreeMap::new();
        for entry in store::outbox::after(tx, number, progress.epoch, first - 1, i64::MAX)? {
            if entry.fact.kind() == kind {
                latest.insert(entry.fact.key(), entry);
            }
        }
        let mut owed: Vec<OutboxEntry> =
            latest.into_values().filter(|entry| passed.contains(&entry.seq)).collect();
        owed.sort_by_key(|entry| entry.seq);
        let facts: Vec<OutboxFact> = owed.into_iter().map(|entry| entry.fact).collect();
        store::outbox::append(tx, number, progress.act, now, &facts)?;
        store::outbox::clear_passed_over(tx, number, progress.epoch, kind)?;
    }
    Ok(())
}

/// Queues how school days stand: those since the last one told, and earlier ones of this term whose
/// marks are about to be told anew.
fn tell_days(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    now: Instant,
    calendar: &domain::Calendar,
) -> Result<(), OutboxError> {
    let number = school.number;
    let progress = store::school::progress(tx, number)?;
    let today = school.zone.date(now);
    let Some(begun) = calendar.term_at_or_before(today).map(|term| term.first_day) else { return Ok(()) };
    let told = store::outbox::days_told(tx, number, progress.epoch)?;
    let sealed = store::exchange::last(tx, number, progress.epoch)?.map_or(0, |batch| batch.last_seq);
    let mut dates = store::outbox::dates_after(tx, number, progress.epoch, sealed)?;
    let mut date = told.keys().next_back().map_or(begun, |last| begun.max(*last));
    while date <= today {
        dates.insert(date);
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    let mut facts = Vec::new();
    for &date in dates.range(begun..=today).filter(|date| calendar.is_school_day(**date)) {
        let half_days = Half::BOTH.map(|half| HalfDay::new(date, half));
        let mut marked = 0;
        for half_day in half_days.into_iter().filter(|&half_day| calendar.is_open(half_day)) {
            marked += store::outbox::marked_on(tx, number, half_day)?;
        }
        let enrolled = store::outbox::enrolled_on(tx, number, date)?;
        if told.get(&date) != Some(&(enrolled, marked)) {
            facts.push(OutboxFact::Day { date, enrolled, marked });
        }
    }
    store::outbox::append(tx, number, progress.act, now, &facts)?;
    Ok(())
}

/// Writes records, remembering what several of them need.
struct Writer {
    zone: Zone,
    number: SchoolNumber,
    nsns: HashMap<StudentId, Option<Nsn>>,
    roll: Option<Vec<RollName>>,
}

impl Writer {
    fn record(
        &mut self,
        tx: &mut Tx<'_>,
        entry: &OutboxEntry,
        calendar: &domain::Calendar,
    ) -> Result<Record, OutboxError> {
        let (fact, seq) = (&entry.fact, entry.seq);
        let missing = |what| OutboxError::Missing { seq, what };
        let mut op = Op::Upsert;
        let body = match fact {
            OutboxFact::Attendance { student_id, half_day, value } => {
                if value.is_none() {
                    op = Op::Withdraw;
                }
                Body::Attendance {
                    student: self.student(tx, student_id)?,
                    date: half_day.date.into(),
                    half: half_day.half.into(),
                    code: value.and_then(|(code, _)| code),
                    class: value.map(|(_, class)| class.into()),
                }
            }
            OutboxFact::Closure { half_day, reason } => {
                if reason.is_none() {
                    op = Op::Withdraw;
                }
                let reason = reason.clone().unwrap_or_default();
                Body::Closure { date: half_day.date.into(), half: half_day.half.into(), reason }
            }
            OutboxFact::Crossing { student_id, term, threshold, event } => {
                let event = store::derived::event(tx, self.number, *term, student_id, *threshold, *event)?
                    .ok_or(missing("an event of a crossing"))?;
                Body::Crossing {
                    student: self.student(tx, student_id)?,
                    term: (*term).into(),
                    threshold_days: (*threshold).into(),
                    state: event.kind.state().into(),
                    reached_on: event.reached.half_day.date.into(),
                    half: event.reached.half_day.half.into(),
                    absent_half_days: u32::try_from(threshold.half_days()).unwrap_or(u32::MAX),
                    cause: Some(told(event.cause).into()),
                }
            }
            OutboxFact::Response { id, version, withdrawn } => {
                if *withdrawn {
                    op = Op::Withdraw;
                }
                self.response(tx, id, *version)?.ok_or(missing("a version of a response"))?
            }
            OutboxFact::Day { date, enrolled, marked } => day(*date, *enrolled, *marked, calendar),
        };
        Ok(Record {
            seq: count(seq),
            record_id: match fact {
                OutboxFact::Response { id, .. } => id.clone(),
                other => wire::record_id(self.number, other.kind(), &other.key()),
            },
            record_version: count(seq),
            op,
            recorded_at: OffsetTime::new(self.zone, entry.recorded_at).into(),
            body,
        })
    }

    fn student(&mut self, tx: &mut Tx<'_>, id: &StudentId) -> Result<StudentRef, OutboxError> {
        if !self.nsns.contains_key(id) {
            let student = store::people::student(tx, self.number, id)?;
            self.nsns.insert(id.clone(), student.and_then(|student| student.nsn));
        }
        Ok(StudentRef::new(id.clone(), self.nsns.get(id).cloned().flatten()))
    }

    /// The shared part of one version of a response. Nothing else of it is loaded: a note has no
    /// way in here.
    fn response(&mut self, tx: &mut Tx<'_>, id: &str, version: i64) -> Result<Option<Body>, OutboxError> {
        let versions = store::response::of(tx, self.number, id)?;
        let first_recorded = versions.first().map(|first| first.recorded_at);
        let found = versions.into_iter().find(|found| found.version == version);
        let Some((response, threshold)) = found.and_then(|found| found.threshold.map(|level| (found, level)))
        else {
            return Ok(None);
        };
        let described = (!response.description.is_empty()).then_some(response.description);
        let held = match &described {
            None => false,
            Some(text) => check_description(text, self.roll(tx)?).is_err(),
        };
        Ok(Some(Body::Response {
            student: self.student(tx, &response.student_id)?,
            term: response.term.into(),
            threshold_days: threshold.into(),
            response_type: response.kind.into(),
            description: described.filter(|_| !held),
            description_held: held,
            done_at: OffsetTime::new(self.zone, response.done_at).into(),
            recorded_at: OffsetTime::new(self.zone, first_recorded.unwrap_or(response.recorded_at)).into(),
            version: u32::try_from(version).unwrap_or(u32::MAX),
        }))
    }

    fn roll(&mut self, tx: &mut Tx<'_>) -> Result<&[RollName], OutboxError> {
        if self.roll.is_none() {
            let students = store::people::students(tx, self.number)?;
            let name = |student: &store::people::StudentRow| {
                RollName::new(&student.given_name, &student.preferred_name, &student.family_name)
            };
            self.roll = Some(students.iter().map(name).collect());
        }
        Ok(self.roll.as_deref().unwrap_or_default())
    }
}

fn day(date: Date, enrolled: u32, marked: u32, calendar: &domain::Calendar) -> Body {
    let state =
        |half| if calendar.is_open(HalfDay::new(date, half)) { OpenState::Open } else { OpenState::Closed };
    Body::Day { date: date.into(), am: state(Half::Am), pm: state(Half::Pm), enrolled, marked }
}

/// A number of the outbox, which is never negative.
fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The cause as version 1 of the exchange has it, which knows no change of codes: what marks
/// amount to has changed, as when they are corrected.
fn told(cause: Cause) -> Cause {
    if cause == Cause::Codes { Cause::Mark } else { cause }
}
