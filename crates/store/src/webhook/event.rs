//! What happened, as a row of ids and facts: there is no column for a name, a number of a student, a
//! note or a reason.

use crate::row::{Reader, date};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{
    EventKind, Half, HalfDay, Instant, ResponseType, SchoolNumber, StudentId, TermId, Threshold, WebhookEvent,
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its identity, the same however often it is sent.
    pub id: String,
    /// The act that did it.
    pub act: i64,
    /// When that was.
    pub at: Instant,
    /// What it is told as.
    pub kind: WebhookEvent,
    /// What it is about.
    pub about: EventAbout,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventAbout {
    /// Nothing: it is a test.
    Nothing,
    /// A crossing.
    Crossing(OfCrossing),
    /// A version of a response.
    Response(OfResponse),
}

/// An event of a crossing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfCrossing {
    /// Whose.
    pub student_id: StudentId,
    /// In which term.
    pub term: TermId,
    /// Which threshold.
    pub threshold: Threshold,
    /// What happened to it.
    pub change: EventKind,
    /// Its number among the events of this crossing.
    pub event: i64,
    /// The half-day on which it is reached, or was.
    pub reached: HalfDay,
}

/// A version of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfResponse {
    /// Which response.
    pub response_id: String,
    /// Which version of it.
    pub version: i64,
    /// Whether this version withdraws it.
    pub withdrawn: bool,
    /// For whom it was done.
    pub student_id: StudentId,
    /// In which term.
    pub term: TermId,
    /// Which crossing it answers, if any.
    pub threshold: Option<Threshold>,
    /// The Activity Response Type.
    pub kind: ResponseType,
    /// The school's description under it; empty for none.
    pub description: String,
    /// When it was done.
    pub done_at: Instant,
}

/// What stands for the change in an event of a response.
const RECORDED: &str = "recorded";
const WITHDRAWN: &str = "withdrawn";

/// Writes what happened, and that it is on its way to these.
///
/// # Errors
/// When the database refuses.
pub fn queue(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    events: &[(EventRow, Vec<&str>)],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = events.iter().map(|(event, _)| values(school, event)).collect();
    tx.insert_many(sql::WEBHOOK_EVENT_INSERT, &rows)?;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (event, to) in events {
        let (at, act) = (event.at.micros(), event.act);
        rows.extend(to.iter().map(|to| -> Vec<Value> {
            vec![
                school.number().into(),
                (*to).into(),
                event.id.as_str().into(),
                act.into(),
                at.into(),
                at.into(),
                super::DeliveryState::Waiting.text().into(),
                0_i64.into(),
                0_i64.into(),
                at.into(),
                Value::Null,
            ]
        }));
    }
    Ok(tx.insert_many(sql::WEBHOOK_DELIVERY_INSERT, &rows)?)
}

fn values(school: SchoolNumber, event: &EventRow) -> Vec<Value> {
    let mut values = vec![
        school.number().into(),
        event.id.as_str().into(),
        event.act.into(),
        event.at.micros().into(),
        event.kind.text().into(),
    ];
    let nothing = |count: usize| std::iter::repeat_n(Value::Null, count);
    match &event.about {
        EventAbout::Nothing => values.extend(nothing(12)),
        EventAbout::Crossing(of) => {
            values.extend([
                of.student_id.as_str().into(),
                of.term.to_string().into(),
                of.threshold.days().into(),
                of.change.text().into(),
                of.event.into(),
                of.reached.date.to_string().into(),
                of.reached.half.text().into(),
            ]);
            values.extend(nothing(5));
        }
        EventAbout::Response(of) => {
            let change = if of.withdrawn { WITHDRAWN } else { RECORDED };
            values.extend([
                of.student_id.as_str().into(),
                of.term.to_string().into(),
                of.threshold.map(Threshold::days).into(),
                change.into(),
            ]);
            values.extend(nothing(3));
            values.extend([
                of.response_id.as_str().into(),
                of.version.into(),
                of.kind.slug().into(),
                of.description.as_str().into(),
                of.done_at.micros().into(),
            ]);
        }
    }
    values
}

/// What happened, by its identity.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn event(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<EventRow>, StoreError> {
    tx.query_one(sql::WEBHOOK_EVENT_GET, &[school.number().into(), id.into()])?.map(read).transpose()
}

fn read(row: database::Row) -> Result<EventRow, StoreError> {
    let unreadable = |what| StoreError::Unreadable { table: "webhook_event", what };
    let mut row = Reader::new("webhook_event", row);
    let (id, act, at) = (row.next()?, row.next()?, row.instant()?);
    let kind = row.named("an event", WebhookEvent::parse)?;
    let student_id = row.optional("a student id", |text| StudentId::parse(text).ok())?;
    let term = row.optional("a term", |text| TermId::parse(text).ok())?;
    let threshold = row.optional_threshold()?;
    let change: Option<String> = row.next()?;
    let event: Option<i64> = row.next()?;
    let (on, half) = (row.optional("a date", date)?, row.optional("a half", Half::parse)?);
    let (response_id, version): (Option<String>, Option<i64>) = (row.next()?, row.next()?);
    let response_type = row.optional("a response type", |text| ResponseType::parse(text).ok())?;
    let (description, done_at) = (row.next()?, row.optional_instant()?);
    let change = change.unwrap_or_default();
    let about = match (student_id, term) {
        (None, _) | (_, None) => EventAbout::Nothing,
        (Some(student_id), Some(term)) => match response_id {
            Some(response_id) => EventAbout::Response(OfResponse {
                response_id,
                version: version.ok_or(unreadable("a version"))?,
                withdrawn: change == WITHDRAWN,
                student_id,
                term,
                threshold,
                kind: response_type.ok_or(unreadable("a response type"))?,
                description: Option::unwrap_or_default(description),
                done_at: done_at.ok_or(unreadable("a time"))?,
            }),
            None => EventAbout::Crossing(OfCrossing {
                student_id,
                term,
                threshold: threshold.ok_or(unreadable("a threshold"))?,
                change: EventKind::parse(&change).ok_or(unreadable("a change"))?,
                event: event.ok_or(unreadable("a number"))?,
                reached: on
                    .zip(half)
                    .map(|(on, half)| HalfDay::new(on, half))
                    .ok_or(unreadable("a half-day"))?,
            }),
        },
    };
    Ok(EventRow { id, act, at, kind, about })
}
