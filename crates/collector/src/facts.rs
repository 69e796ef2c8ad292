//! From a record to rows: the version as it was taken, and the latest version that counts.

use database::{DatabaseError, Tx, Value};
use domain::{CrossingState, Instant, SchoolNumber};
use wire::{Body, Op, Problem, ProblemKind, Record};

/// Columns of `latest` in the order of [`latest_values`].
const LATEST: &str = "insert into latest (school, record_id, epoch, record_version, kind, stands, \
     student_id, nsn, date, half, term, threshold_days, code, class, reason, state, absent_half_days, \
     cause, response_type, description, description_held, done_at, done_text, recorded_at, recorded_text, \
     version, am, pm, enrolled, marked, received_at) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
     $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31) \
     on conflict (school, record_id) do update set epoch = excluded.epoch, \
     record_version = excluded.record_version, kind = excluded.kind, stands = excluded.stands, \
     student_id = excluded.student_id, nsn = excluded.nsn, date = excluded.date, half = excluded.half, \
     term = excluded.term, threshold_days = excluded.threshold_days, code = excluded.code, \
     class = excluded.class, reason = excluded.reason, state = excluded.state, \
     absent_half_days = excluded.absent_half_days, cause = excluded.cause, \
     response_type = excluded.response_type, description = excluded.description, \
     description_held = excluded.description_held, done_at = excluded.done_at, \
     done_text = excluded.done_text, recorded_at = excluded.recorded_at, \
     recorded_text = excluded.recorded_text, version = excluded.version, am = excluded.am, \
     pm = excluded.pm, enrolled = excluded.enrolled, marked = excluded.marked, \
     received_at = excluded.received_at \
     where excluded.epoch > latest.epoch \
     or (excluded.epoch = latest.epoch and excluded.record_version > latest.record_version)";

/// Checks a record against the Ministry's lists.
pub(crate) fn check(record: &Record, index: usize) -> Result<(), Problem> {
    let Body::Attendance { date, code: Some(letter), .. } = &record.body else { return Ok(()) };
    if reference::codes().class(*letter, date.0).is_some() {
        return Ok(());
    }
    let detail = "code is not a letter of the Ministry's list";
    Err(Problem::new(ProblemKind::RecordInvalid, detail).at(format!("/records/{index}/body/code")))
}

/// Stores one version of a fact. A version that is there already changes nothing, and one that is
/// older than the latest is kept without effect.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: u64,
    record: &Record,
    now: Instant,
) -> Result<(), DatabaseError> {
    let added = tx.execute(
        "insert into fact (school, record_id, epoch, record_version, seq, kind, op, body, recorded_at, \
         received_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (school, record_id, epoch, record_version) do nothing",
        &[
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
        ],
    )?;
    if added > 0 {
        tx.execute(LATEST, &latest_values(school, epoch, record, now))?;
    }
    Ok(())
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
    }
}

/// Whether the fact holds after this version.
fn stands(record: &Record) -> bool {
    let withdrawn =
        matches!(&record.body, Body::Crossing { state, .. } if state.0 == CrossingState::Withdrawn);
    record.op == Op::Upsert && !withdrawn
}

fn latest_values(school: SchoolNumber, epoch: u64, record: &Record, now: Instant) -> [Value; 31] {
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
    ]
}
