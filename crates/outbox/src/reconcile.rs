//! Compares what the school holds of a term with what the Ministry says it holds, and queues again
//! what differs: by the same road, under new numbers.
//!
//! What the school holds is read from its queue: the latest entry of each fact that went, as it
//! would be written now. So an NSN that was learnt since, or a Description that names somebody who
//! has come since, is found here too.

use crate::OutboxError;
use crate::seal::Streams;
use crate::writer::{Writer, count};
use domain::{Calendar, Date, Instant, Stream, Term};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::exchange::Reconciliation;
use store::outbox::{OutboxEntry, OutboxFact};
use store::school::SchoolRow;
use wire::{Digests, FactHash, FactSum, Sum};

/// How long after its end a term is still compared, in days.
const COMPARED_FOR: i32 = 400;

/// What came of a comparison.
pub(crate) enum Comparison {
    /// The Ministry speaks of another state than the one this school has come to; sending will say
    /// more.
    Elsewhere,
    /// It has lost what it had taken, from this number on: it is to be sent again.
    Behind(i64),
    /// The two were compared.
    Done(Compared),
}

/// What two ends that stand at the same place differ in.
pub(crate) struct Compared {
    pub(crate) found: Reconciliation,
    /// Whether sending again did not help the last time: the term is to be restated as a whole.
    pub(crate) is_stubborn: bool,
}

/// The terms that are to be compared now: the present one or the last every day, on Mondays all
/// that ended within a year or so.
pub(crate) fn due(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    calendar: &Calendar,
    now: Instant,
) -> Result<Vec<Term>, OutboxError> {
    let today = school.zone.date(now);
    let Some(present) = calendar.term_at_or_before(today) else { return Ok(Vec::new()) };
    let is_monday = today.weekday().to_monday_zero_offset() == 0;
    let age = |term: &Term| term.last_day.until(today).map_or(i32::MAX, |span| span.get_days());
    let asked = |term: &&Term| {
        term.id == present.id || is_monday && term.first_day < present.first_day && age(term) <= COMPARED_FOR
    };
    let mut terms = Vec::new();
    for term in calendar.terms().iter().filter(asked) {
        let last = store::exchange::reconciliation_of(tx, school.number, term.id, now)?;
        if last.is_none_or(|last| school.zone.date(last.at) < today) {
            terms.push(*term);
        }
    }
    Ok(terms)
}

/// Compares a term and queues again what differs.
pub(crate) fn compare(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    streams: Streams,
    term: &Term,
    theirs: &Digests,
    now: Instant,
) -> Result<Comparison, OutboxError> {
    let number = school.number;
    let progress = store::school::progress(tx, number)?;
    let told_through = store::exchange::last(tx, number, progress.epoch)?.map_or(0, |batch| batch.last_seq);
    if theirs.school_number.0 != number {
        return Ok(Comparison::Elsewhere);
    }
    let (ours, theirs_at) =
        ((count(progress.epoch), count(told_through)), (theirs.epoch, theirs.accepted_through));
    if theirs_at != ours {
        let expected = if theirs.epoch == ours.0 { theirs.accepted_through + 1 } else { 1 };
        let expected = i64::try_from(expected).unwrap_or(i64::MAX);
        return Ok(if theirs_at < ours { Comparison::Behind(expected) } else { Comparison::Elsewhere });
    }
    let entries = latest(tx, school, term, (progress.epoch, told_through))?;
    let ours = sums(tx, school, &entries)?;
    let differing = ours.differing(theirs, streams);
    let facts: Vec<OutboxFact> = entries
        .into_iter()
        .map(|entry| entry.fact)
        .filter(|fact| streams.carries(fact.stream()) && differing.contains(&group(fact)))
        .collect();
    store::outbox::append(tx, number, progress.act, now, &facts)?;
    let before =
        store::exchange::reconciliation_of(tx, number, term.id, now)?.filter(|last| last.differing > 0);
    let restated = store::outbox::snapshot_at(tx, number, term.id)?;
    let found = Reconciliation {
        at: now,
        term: term.id,
        compared: i64::try_from(ours.days.len() + 1).unwrap_or(i64::MAX),
        differing: i64::try_from(differing.len()).unwrap_or(i64::MAX),
        queued: i64::try_from(facts.len()).unwrap_or(i64::MAX),
    };
    store::exchange::insert_reconciliation(tx, number, &found)?;
    let helped_not = before.is_some_and(|last| restated.is_none_or(|at| at < last.at));
    Ok(Comparison::Done(Compared { is_stubborn: helped_not && found.differing > 0, found }))
}

/// What a sum is about: a date, or none for the crossings and responses of the term.
fn group(fact: &OutboxFact) -> Option<Date> {
    match fact {
        OutboxFact::Attendance { half_day, .. } | OutboxFact::Closure { half_day, .. } => Some(half_day.date),
        OutboxFact::Day { date, .. } => Some(*date),
        _ => None,
    }
}

/// The latest entry of each fact of a term that went and was not refused, in the order in which
/// they went.
fn latest(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    term: &Term,
    told: (i64, i64),
) -> Result<Vec<OutboxEntry>, OutboxError> {
    let refused = store::exchange::refused(tx, school.number)?;
    let refused: BTreeSet<(i64, i64)> = refused.into_iter().map(|row| (row.epoch, row.seq)).collect();
    let mut latest: BTreeMap<(&'static str, String), (i64, OutboxEntry)> = BTreeMap::new();
    for (epoch, entry) in store::outbox::of_term(tx, school.number, term)? {
        let place = (epoch, entry.seq);
        if place > told || refused.contains(&place) {
            continue;
        }
        if let OutboxFact::Snapshot { stream, .. } = &entry.fact {
            // What only earlier epochs spoke of is held no more.
            latest.retain(|_, (of, other)| *of >= epoch || other.fact.stream() != *stream);
            continue;
        }
        latest.insert((entry.fact.kind(), entry.fact.key()), (epoch, entry));
    }
    let mut latest: Vec<(i64, OutboxEntry)> = latest.into_values().collect();
    latest.sort_by_key(|(epoch, entry)| (*epoch, entry.seq));
    Ok(latest.into_iter().map(|(_, entry)| entry).collect())
}

/// What the school holds of a term, in short.
#[derive(Default)]
struct Sums {
    days: BTreeMap<Date, FactSum>,
    term: FactSum,
}

impl Sums {
    /// The groups whose sums differ, of the streams that go.
    fn differing(&self, theirs: &Digests, streams: Streams) -> BTreeSet<Option<Date>> {
        let theirs_by_day: BTreeMap<Date, &Sum> =
            theirs.days.iter().map(|day| (day.date.0, &day.sum)).collect();
        let mut differing = BTreeSet::new();
        if streams.carries(Stream::Attendance) {
            let dates: BTreeSet<Date> = self.days.keys().chain(theirs_by_day.keys()).copied().collect();
            let nothing = FactSum::default().to_sum();
            differing.extend(dates.into_iter().filter_map(|date| {
                let ours = self.days.get(&date).map_or_else(|| nothing.clone(), FactSum::to_sum);
                (ours != **theirs_by_day.get(&date).unwrap_or(&&nothing)).then_some(Some(date))
            }));
        }
        if streams.carries(Stream::Responses) && self.term.to_sum() != theirs.term {
            differing.insert(None);
        }
        differing
    }
}

fn sums(tx: &mut Tx<'_>, school: &SchoolRow, entries: &[OutboxEntry]) -> Result<Sums, OutboxError> {
    let mut writer = Writer::new(school.number, school.zone);
    let mut sums = Sums::default();
    for entry in entries {
        let record = writer.record(tx, entry)?;
        let Some(hash) = FactHash::of(&record) else { continue };
        match group(&entry.fact) {
            Some(date) => sums.days.entry(date).or_default().add(hash),
            None => sums.term.add(hash),
        }
    }
    Ok(sums)
}
