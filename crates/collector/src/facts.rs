//! From a record to rows: the version as it was taken, and the latest version that counts.

use crate::statements as sql;
use database::{DatabaseError, Tx, Value};
use domain::{CrossingState, Instant, SchoolNumber, Stream};
use std::collections::{BTreeMap, BTreeSet};
use wire::{Body, FactHash, Op, Problem, ProblemKind, Record};

/// Checks a record against the Ministry's lists.
pub(crate) fn check(record: &Record, index: usize) -> Result<(), Problem> {
    // A school may have loaded a list that is newer than this release: the class says what counts.
    let Body::Attendance { code: Some(letter), .. } = &record.body else { return Ok(()) };
    if domain::code::is_plain(*letter) {
        return Ok(());
    }
    let detail = "code is not a capital letter, a digit or ?";
    Err(Problem::new(ProblemKind::RecordInvalid, detail).at(format!("/records/{index}/body/code")))
}

/// Stores versions of facts. A version that is there already changes nothing, and one that is older
/// than the latest is kept without effect.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: u64,
    records: &[Record],
    now: Instant,
) -> Result<(), DatabaseError> {
    let (mut versions, mut latest) = (Vec::with_capacity(records.len()), BTreeMap::new());
    let mut seen = BTreeSet::new();
    for record in records {
        // A version that stands twice in a batch is the first of them.
        if !seen.insert((&record.record_id, record.record_version)) {
            continue;
        }
        versions.push(fact_values(school, epoch, record, now).into());
        let of_fact = latest.entry(&record.record_id).or_insert(record);
        if record.record_version > of_fact.record_version {
            *of_fact = record;
        }
    }
    tx.insert_many(sql::FACT_INSERT, &versions)?;
    let snapshots = latest.values().copied().filter(|record| record.body.kind() == "snapshot");
    let snapshots: Vec<&Record> = snapshots.collect();
    let latest: Vec<Vec<Value>> =
        latest.into_values().map(|record| latest_values(school, epoch, record, now).into()).collect();
    tx.insert_many(sql::LATEST_PUT, &latest)?;
    for snapshot in snapshots {
        supersede(tx, school, epoch, &snapshot.body)?;
    }
    Ok(())
}

/// Ends what only earlier epochs spoke of. An epoch that is over is taken no more, so nothing of
/// theirs can come afterwards.
fn supersede(tx: &mut Tx<'_>, school: SchoolNumber, epoch: u64, body: &Body) -> Result<(), DatabaseError> {
    let Body::Snapshot { stream, term, first_day, last_day } = body else { return Ok(()) };
    let mut values: Vec<Value> = vec![school.number().into(), crate::integer(epoch).into()];
    let statement = match stream.0 {
        Stream::Attendance => {
            values.extend([first_day.to_string().into(), last_day.to_string().into()]);
            sql::SUPERSEDE_DATES
        }
        Stream::Responses => {
            values.push(term.to_string().into());
            sql::SUPERSEDE_TERM
        }
    };
    tx.execute(statement, &values)?;
    Ok(())
}

fn fact_values(school: SchoolNumber, epoch: u64, record: &Record, now: Instant) -> [Value; 10] {
    [
        school.number().into(),
        record.record_id.as_str().into(),
        crate::integer(epoch).into(),
        crate::integer(record.record_version).into(),
        crate::integer(record.seq).into(),
        record.body.kind().into(),
        record.op.text().into(),
        record.body.to_json().into(),
        record.recorded_at.0.instant().micros().into(),
        now.micros().into(),
    ]
}

/// The members of a body that are columns; the others stay empty.
#[derive(Default)]
struct Columns {
    date: Option<String>,
    half: Option<String>,
    term: Option<String>,
    threshold_days: Option<i64>,
    code: Option<String>,
    class: Option<String>,
    reason: Option<String>,
    state: Option<String>,
    absent_half_days: Option<u32>,
    cause: Option<String>,
    response_type: Option<String>,
    description: Option<String>,
    description_held: Option<bool>,
    done_at: Option<i64>,
    done_text: Option<String>,
    recorded: Option<(i64, String)>,
    version: Option<u32>,
    am: Option<&'static str>,
    pm: Option<&'static str>,
    enrolled: Option<u32>,
    marked: Option<u32>,
}

fn columns(record: &Record) -> Columns {
    match &record.body {
        Body::Attendance { date, half, code, class, .. } => Columns {
            date: Some(date.to_string()),
            half: Some(half.to_string()),
            code: code.map(String::from),
            class: class.map(|class| class.to_string()),
            ..Columns::default()
        },
        Body::Closure { date, half, reason } => Columns {
            date: Some(date.to_string()),
            half: Some(half.to_string()),
            reason: Some(reason.clone()),
            ..Columns::default()
        },
        Body::Crossing { term, threshold_days, reached_on, half, absent_half_days, cause, .. } => Columns {
            term: Some(term.to_string()),
            threshold_days: Some(threshold_days.0.days()),
            state: Some(if stands(record) { "reached" } else { "withdrawn" }.to_owned()),
            date: Some(reached_on.to_string()),
            half: Some(half.to_string()),
            absent_half_days: Some(*absent_half_days),
            cause: cause.map(|cause| cause.to_string()),
            ..Columns::default()
        },
        Body::Response {
            term,
            threshold_days,
            response_type,
            description,
            description_held,
            done_at,
            recorded_at,
            version,
            ..
        } => Columns {
            term: Some(term.to_string()),
            threshold_days: Some(threshold_days.0.days()),
            response_type: Some(response_type.to_string()),
            description: description.clone(),
            description_held: Some(*description_held),
            done_at: Some(done_at.0.instant().micros()),
            done_text: Some(done_at.to_string()),
            recorded: Some((recorded_at.0.instant().micros(), recorded_at.to_string())),
            version: Some(*version),
            ..Columns::default()
        },
        Body::Day { date, am, pm, enrolled, marked } => Columns {
            date: Some(date.to_string()),
            am: Some(am.text()),
            pm: Some(pm.text()),
            enrolled: Some(*enrolled),
            marked: Some(*marked),
            ..Columns::default()
        },
        Body::Snapshot { stream, term, last_day, .. } => Columns {
            term: Some(term.to_string()),
            date: Some(last_day.to_string()),
            state: Some(stream.to_string()),
            ..Columns::default()
        },
    }
}

/// Whether the fact holds after this version.
fn stands(record: &Record) -> bool {
    let withdrawn =
        matches!(&record.body, Body::Crossing { state, .. } if state.0 == CrossingState::Withdrawn);
    record.op == Op::Upsert && !withdrawn
}

/// The columns of `latest`, in the order of [`sql::LATEST_PUT`].
fn latest_values(school: SchoolNumber, epoch: u64, record: &Record, now: Instant) -> [Value; 32] {
    let student = record.body.student();
    let of = columns(record);
    // A response says when it was first recorded; of any other fact the version's time is shown.
    let (recorded_at, recorded_text) = of
        .recorded
        .unwrap_or_else(|| (record.recorded_at.0.instant().micros(), record.recorded_at.to_string()));
    [
        school.number().into(),
        record.record_id.as_str().into(),
        crate::integer(epoch).into(),
        crate::integer(record.record_version).into(),
        record.body.kind().into(),
        stands(record).into(),
        student.map(|student| student.local_id.to_string()).into(),
        student.and_then(|student| student.nsn.as_ref()).map(|nsn| nsn.0.reveal().to_owned()).into(),
        of.date.into(),
        of.half.into(),
        of.term.into(),
        of.threshold_days.into(),
        of.code.into(),
        of.class.into(),
        of.reason.into(),
        of.state.into(),
        of.absent_half_days.into(),
        of.cause.into(),
        of.response_type.into(),
        of.description.into(),
        of.description_held.into(),
        of.done_at.into(),
        of.done_text.into(),
        recorded_at.into(),
        recorded_text.into(),
        of.version.into(),
        of.am.into(),
        of.pm.into(),
        of.enrolled.into(),
        of.marked.into(),
        now.micros().into(),
        // Empty where nothing holds, so that it is told from a row that has no hash yet.
        FactHash::of(record).map_or_else(Vec::new, |hash| hash.0.to_vec()).into(),
    ]
}
