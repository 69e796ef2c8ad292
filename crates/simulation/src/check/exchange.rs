//! What holds of the exchange itself: receipts, queue, history, days, notes.

use super::{Findings, Invariant};
use crate::behind::{self, Entry, Fact, Latest};
use crate::kura::{leader, number};
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use store::StoreError;
use store::exchange::{BatchRow, BatchState};

pub(super) fn check(world: &World, is_dry: bool, findings: &mut Findings) {
    {
        let state = world.line.state();
        for form in &state.leaks {
            findings.add(Invariant::NotesStay, format!("a private text left the school {form}"));
        }
        for batch in &state.impatient {
            findings.add(Invariant::Patience, format!("batch {batch} came before its time"));
        }
    }
    let collected = world.collected();
    let view = world.kura.school().sharing(&leader(), world.now()).expect("the ledger");
    let epoch = view.epoch;
    let read = world.kura.app().store().read(number(), |tx| {
        let refused = store::exchange::refused(tx, number())?;
        let compared = store::exchange::reconciliations(tx, number(), i64::MAX)?;
        Ok::<_, StoreError>((store::exchange::latest(tx, number(), i64::MAX)?, refused, compared))
    });
    let (mut batches, refused, compared) = read.expect("the batches");
    batches.retain(|batch| batch.epoch == epoch);
    let all = behind::outbox(&world.kura);
    let (passed, entries): (Vec<Entry>, Vec<Entry>) = all.into_iter().partition(|entry| entry.is_passed);
    // What a comparison queues again repeats what was told before, on purpose. What a school queued
    // and lost with its memory cannot be asked after.
    let compared: BTreeSet<i64> =
        compared.iter().filter(|found| found.queued > 0).map(|found| found.at.micros()).collect();
    let told: BTreeSet<(i64, i64)> = entries
        .iter()
        .filter(|entry| !compared.contains(&entry.recorded_at))
        .map(|entry| (entry.epoch, entry.seq))
        .collect();
    let keys: BTreeMap<i64, String> = entries
        .into_iter()
        .filter(|entry| entry.epoch == epoch)
        .map(|entry| (entry.seq, entry.key))
        .collect();
    let taken: BTreeSet<(i64, i64, String)> = collected.batches().into_iter().collect();

    receipts(&batches, &taken, &keys, findings);
    queue(&batches, view.waiting, is_dry, &keys, findings);
    let facts = collected.facts();
    let latest = collected.latest();
    days(world, (&facts, &latest), (&told, &passed), findings);
    let refused: BTreeSet<i64> =
        refused.into_iter().filter(|row| row.epoch == epoch).map(|row| row.seq).collect();
    history(epoch, &facts, &keys, &refused, findings);
    newest(&facts, &latest, findings);
    closed(world, &latest, findings);
}

/// Facts that a batch speaks of need no further explanation.
fn explain(batch: &BatchRow, keys: &BTreeMap<i64, String>, findings: &mut Findings) {
    findings.explained.extend(keys.range(batch.first_seq..=batch.last_seq).map(|(_, key)| key.clone()));
}

fn receipts(
    batches: &[BatchRow],
    taken: &BTreeSet<(i64, i64, String)>,
    keys: &BTreeMap<i64, String>,
    findings: &mut Findings,
) {
    for batch in batches.iter().filter(|batch| batch.state == BatchState::Received) {
        if !taken.contains(&(batch.epoch, batch.first_seq, batch.digest.clone())) {
            let what = format!("batch {}/{} has a receipt and is not there", batch.epoch, batch.first_seq);
            findings.add(Invariant::ReceiptsAreTrue, what);
            explain(batch, keys, findings);
        }
    }
}

fn queue(
    batches: &[BatchRow],
    waiting: i64,
    is_dry: bool,
    keys: &BTreeMap<i64, String>,
    findings: &mut Findings,
) {
    let mut stuck: Vec<String> = Vec::new();
    for batch in batches.iter().filter(|batch| batch.state != BatchState::Received) {
        let problem = batch.problem.clone().unwrap_or_default();
        stuck.push(format!("batch {}/{} is {}: {problem}", batch.epoch, batch.first_seq, batch.state.text()));
        explain(batch, keys, findings);
    }
    if waiting > 0 {
        stuck.push(format!("{waiting} entries are not sealed"));
        let sealed = batches.iter().map(|batch| batch.last_seq).max().unwrap_or(0);
        findings.explained.extend(keys.range(sealed + 1..).map(|(_, key)| key.clone()));
    }
    if stuck.is_empty() && !is_dry {
        stuck.push("it was sent for twelve days and never all told".to_owned());
    }
    for what in stuck {
        findings.add(Invariant::QueueIsEmpty, what);
    }
}

/// Each school day is told by a record that holds, and no telling repeats the one before.
fn days(
    world: &World,
    (facts, latest): (&[Fact], &[Latest]),
    (first_told, passed): (&BTreeSet<(i64, i64)>, &[Entry]),
    findings: &mut Findings,
) {
    let calendar = world.kura.school().calendar().expect("the calendar");
    let told: BTreeSet<&str> =
        latest.iter().filter(|row| row.kind == "day" && row.stands).map(|row| row.date.as_str()).collect();
    let dates: BTreeSet<domain::Date> = calendar
        .term_calendar(world.kura.term.id)
        .expect("the term")
        .open
        .iter()
        .map(|half| half.date)
        .collect();
    for date in dates {
        if !told.contains(date.to_string().as_str()) {
            findings.about(Invariant::EachDayOnce, &format!("day {date}"), "it was never told");
        }
    }
    for pair in facts.windows(2).filter(|pair| pair[0].kind == "day" && pair[0].record == pair[1].record) {
        let is_same =
            pair[0].epoch == pair[1].epoch && pair[0].op == pair[1].op && pair[0].body == pair[1].body;
        // A day that changed and changed back while its stream was off is told as it was before.
        let changed_unseen = passed.iter().any(|entry| {
            let between = pair[0].seq < entry.seq && entry.seq < pair[1].seq;
            entry.epoch == pair[1].epoch && between && entry.key == pair[1].key
        });
        if is_same && !changed_unseen && first_told.contains(&(pair[1].epoch, pair[1].seq)) {
            let what = format!("versions {} and {} say the same", pair[0].version, pair[1].version);
            findings.about(Invariant::EachDayOnce, &pair[1].key, &what);
        }
    }
}

/// The history holds, of the present epoch, what the outbox holds, and every number once.
fn history(
    epoch: i64,
    facts: &[Fact],
    keys: &BTreeMap<i64, String>,
    refused: &BTreeSet<i64>,
    findings: &mut Findings,
) {
    let mut seen: BTreeSet<(i64, i64)> = BTreeSet::new();
    let mut there: BTreeSet<i64> = BTreeSet::new();
    for fact in facts {
        if !seen.insert((fact.epoch, fact.seq)) {
            let what = format!("number {}/{} stands twice in the history", fact.epoch, fact.seq);
            findings.about(Invariant::EachVersionOnce, &fact.key, &what);
        }
        if fact.epoch == epoch {
            there.insert(fact.seq);
            let owner = keys.get(&fact.seq);
            if owner.is_none_or(|key| *key != fact.key) {
                let what = format!("number {} was never its", fact.seq);
                findings.about(Invariant::EachVersionOnce, &fact.key, &what);
            }
        }
    }
    for (seq, key) in keys.iter().filter(|(seq, _)| !refused.contains(seq) && !there.contains(seq)) {
        findings.about(Invariant::EachVersionOnce, key, &format!("number {seq} is not in the history"));
    }
}

/// The highest version of the highest epoch counts, with what it says.
fn newest(facts: &[Fact], latest: &[Latest], findings: &mut Findings) {
    // In order of record, epoch and version: the last of each record is its newest.
    let newest: BTreeMap<&str, &Fact> = facts.iter().map(|fact| (fact.record.as_str(), fact)).collect();
    for row in latest {
        let Some(fact) = newest.get(row.record.as_str()) else {
            findings.about(Invariant::NewestCounts, &row.key, "it counts and was never sent");
            continue;
        };
        if (row.epoch, row.version) != (fact.epoch, fact.version) || row.stands && row.value != fact.value {
            let what = format!(
                "{}/{} ({:?}) counts, {}/{} ({:?}) is newest",
                row.epoch, row.version, row.value, fact.epoch, fact.version, fact.value
            );
            findings.about(Invariant::NewestCounts, &row.key, &what);
        }
    }
    let counted: BTreeSet<&str> = latest.iter().map(|row| row.record.as_str()).collect();
    // What only earlier epochs spoke of may be gone: it holds no more.
    let epoch = facts.iter().map(|fact| fact.epoch).max().unwrap_or_default();
    let missing = |(record, fact): &(&&str, &&Fact)| fact.epoch == epoch && !counted.contains(**record);
    for (record, fact) in newest.iter().filter(missing) {
        findings.about(Invariant::NewestCounts, &fact.key, &format!("record {record} does not count"));
    }
}

/// No attendance holds on a half-day that is closed, by either side's calendar.
fn closed(world: &World, latest: &[Latest], findings: &mut Findings) {
    let calendar = world.kura.school().calendar().expect("the calendar");
    let open: BTreeSet<String> = calendar
        .term_calendar(world.kura.term.id)
        .expect("the term")
        .open
        .iter()
        .map(|half_day| format!("{} {}", half_day.date, half_day.half))
        .collect();
    let closures: BTreeSet<&str> = latest
        .iter()
        .filter(|row| row.kind == "closure" && row.stands)
        .filter_map(|row| row.key.strip_prefix("closure "))
        .collect();
    for row in latest.iter().filter(|row| row.kind == "attendance" && row.stands) {
        let half_day = row.key.splitn(3, ' ').nth(2).unwrap_or_default();
        if !open.contains(half_day) || closures.contains(half_day) {
            findings.about(Invariant::ClosedDaysAreEmpty, &row.key, "the school was closed");
        }
    }
}
