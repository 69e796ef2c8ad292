//! From an entry of the outbox to the record that travels. A note has no way in here.

use crate::OutboxError;
use domain::crossing::Cause;
use domain::wording::{RollName, check_description};
use domain::{Date, Half, Nsn, SchoolNumber, StudentId, Zone};
use std::collections::HashMap;
use store::Tx;
use store::outbox::{DayFigures, OutboxEntry, OutboxFact};
use wire::{Body, OffsetTime, Op, OpenState, Record, StudentRef};

/// Writes records, remembering what several of them need.
pub(crate) struct Writer {
    zone: Zone,
    number: SchoolNumber,
    nsns: HashMap<StudentId, Option<Nsn>>,
    roll: Option<Vec<RollName>>,
}

impl Writer {
    pub(crate) fn new(number: SchoolNumber, zone: Zone) -> Self {
        Self { zone, number, nsns: HashMap::new(), roll: None }
    }

    /// What an entry says, as it stands now: with the NSN that is known now, and with the
    /// Description held back when it names somebody on the roll of now.
    pub(crate) fn record(&mut self, tx: &mut Tx<'_>, entry: &OutboxEntry) -> Result<Record, OutboxError> {
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
            OutboxFact::Day { date, figures } => {
                if figures.is_none() {
                    op = Op::Withdraw;
                }
                day(*date, *figures)
            }
            OutboxFact::Snapshot { stream, term } => Body::Snapshot {
                stream: (*stream).into(),
                term: term.id.into(),
                first_day: term.first_day.into(),
                last_day: term.last_day.into(),
            },
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

/// A date that is no school day says so of both halves.
fn day(date: Date, figures: Option<DayFigures>) -> Body {
    let is_open = |half| figures.is_some_and(|figures| figures.only.is_none_or(|only| only == half));
    let state = |half| if is_open(half) { OpenState::Open } else { OpenState::Closed };
    let (enrolled, marked) = figures.map_or((0, 0), |figures| (figures.enrolled, figures.marked));
    Body::Day { date: date.into(), am: state(Half::Am), pm: state(Half::Pm), enrolled, marked }
}

/// A number of the outbox, which is never negative.
pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The cause as version 1 of the exchange has it, which knows no change of codes: what marks
/// amount to has changed, as when they are corrected.
fn told(cause: Cause) -> Cause {
    if cause == Cause::Codes { Cause::Mark } else { cause }
}
