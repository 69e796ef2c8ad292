//! Turns entries of the outbox into the exact bytes of a batch, once.

use crate::OutboxError;
use crate::days;
use crate::writer::{Writer, count};
use domain::{Instant, SchoolNumber, Stream};
use std::collections::{BTreeMap, BTreeSet};
use store::exchange::{BatchRow, SealedBatch};
use store::outbox::{OutboxEntry, OutboxFact};
use store::school::SchoolRow;
use store::{Store, Tx};
use wire::{Batch, OffsetTime, Record, Rejected, Sealed};

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

    /// Whether a stream goes.
    pub(crate) fn carries(self, stream: Stream) -> bool {
        match stream {
            Stream::Attendance => self.attendance,
            Stream::Responses => self.responses,
        }
    }

    /// The kinds of the streams that go, or of those that do not.
    fn kinds(self, going: bool) -> impl Iterator<Item = &'static str> {
        let streams = Stream::ALL.into_iter().filter(move |stream| self.carries(*stream) == going);
        streams.flat_map(|stream| OutboxFact::kinds(stream).iter().copied())
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
    days::tell(tx, school, now, calendar)?;
    let epoch = store::school::progress(tx, number)?.epoch;
    let before = store::exchange::last(tx, number, epoch)?;
    let through = before.as_ref().map_or(0, |batch| batch.last_seq);
    let mut entries = store::outbox::after(tx, number, epoch, through, MOST)?;
    let Some(range) = entries.first().zip(entries.last()).map(|(first, last)| (first.seq, last.seq)) else {
        return Ok(None);
    };
    for kind in streams.kinds(false) {
        store::outbox::pass_over(tx, number, epoch, range, kind)?;
    }
    // Also what was passed over when these numbers were sealed before, and was told again since.
    let passed = store::outbox::passed_in(tx, number, epoch, range)?;
    entries.retain(|entry| !passed.contains(&entry.seq));
    let prev_digest = before.map_or_else(String::new, |batch| batch.digest);
    let place = Place { epoch, range, prev_digest };
    let sealed = write(tx, school, now, &place, &entries)?;
    store::exchange::insert(tx, number, &place.sealed(now, &sealed))?;
    Ok(Some(range.0))
}

/// Where a batch stands among the others of its school.
struct Place {
    epoch: i64,
    range: (i64, i64),
    prev_digest: String,
}

impl Place {
    fn sealed<'a>(&self, at: Instant, sealed: &'a Sealed) -> SealedBatch<'a> {
        SealedBatch { epoch: self.epoch, range: self.range, at, digest: &sealed.digest, bytes: &sealed.bytes }
    }
}

fn write(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    now: Instant,
    place: &Place,
    entries: &[OutboxEntry],
) -> Result<Sealed, OutboxError> {
    let (number, epoch) = (school.number, place.epoch);
    let refused = store::exchange::refused(tx, number)?;
    let refused: BTreeSet<i64> =
        refused.into_iter().filter(|row| row.epoch == epoch).map(|row| row.seq).collect();
    let mut records = Vec::with_capacity(entries.len());
    let mut writer = Writer::new(number, school.zone);
    for entry in entries.iter().filter(|entry| !refused.contains(&entry.seq)) {
        let record = writer.record(tx, entry)?;
        match record.check() {
            Ok(()) => records.push(record),
            // One bad record stops no other: it is shown to a person.
            Err(problem) => store::exchange::insert_refused(tx, number, epoch, entry.seq, &problem)?,
        }
    }
    let batch = Batch {
        schema_version: wire::SCHEMA_VERSION.to_owned(),
        school_number: number.into(),
        school_name: Some(school.name.clone()),
        epoch: count(epoch),
        first_seq: count(place.range.0),
        last_seq: count(place.range.1),
        prev_digest: place.prev_digest.clone(),
        generated_at: OffsetTime::new(school.zone, now).into(),
        records,
    };
    Ok(wire::seal(&batch))
}

/// What became of a batch that is unacceptable as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Its first half stands in its place; the rest is sealed after it.
    Halved,
    /// It was one record, which is left out from now on and shown to a person.
    Quarantined,
    /// Nothing is left to cut off: the trouble lies elsewhere.
    Whole,
}

/// Cuts a batch that was refused for what is in it, so that in the end only the record stays out
/// that cannot go. It was never taken, so other bytes may stand in its place.
pub(crate) fn cut(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    now: Instant,
    batch: &BatchRow,
    problem: &str,
) -> Result<Cut, OutboxError> {
    let (number, epoch, first) = (school.number, batch.epoch, batch.first_seq);
    let bytes = store::exchange::bytes(tx, number, epoch, first)?;
    let Ok(old) = wire::read(&bytes) else { return Ok(Cut::Whole) };
    let (outcome, last) = if batch.last_seq > first {
        (Cut::Halved, first + (batch.last_seq - first) / 2)
    } else if old.records.is_empty() {
        return Ok(Cut::Whole);
    } else {
        store::exchange::insert_refused(tx, number, epoch, first, problem)?;
        (Cut::Quarantined, first)
    };
    // What was sealed goes, and nothing else, whichever streams are on since: it may have arrived.
    let seq = |record: &Result<Record, Box<Rejected>>| match record {
        Ok(record) => record.seq,
        Err(rejected) => rejected.seq,
    };
    let went: BTreeSet<u64> = old.records.iter().map(seq).collect();
    let mut entries = store::outbox::after(tx, number, epoch, first - 1, last - first + 1)?;
    entries.retain(|entry| went.contains(&count(entry.seq)));
    let place = Place { epoch, range: (first, last), prev_digest: old.prev_digest };
    let sealed = write(tx, school, now, &place, &entries)?;
    store::exchange::reseal(tx, number, &place.sealed(now, &sealed))?;
    // What was sealed after it stood on it.
    store::exchange::forget_after(tx, number, epoch, first)?;
    Ok(outcome)
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
    for kind in streams.kinds(true) {
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
