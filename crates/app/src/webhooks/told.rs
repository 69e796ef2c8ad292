//! What happened, written beside the act that did it: no event without its act, and none lost.
//!
//! Only what some webhook wants to hear is written. What an event says is taken here and never changes:
//! identities and facts, and nothing that names anybody.

use crate::AppError;
use crate::work::Work;
use domain::WebhookEvent;
use store::derived::CrossingEventRow;
use store::response::ResponseVersion;
use store::webhook::{EventAbout, EventRow, OfCrossing, OfResponse};

/// Tells what happened to crossings.
pub(crate) fn crossings(work: &mut Work<'_, '_>, rows: &[CrossingEventRow]) -> Result<(), AppError> {
    let events = rows.iter().map(|row| {
        let of = OfCrossing {
            student_id: row.student_id.clone(),
            term: row.term,
            threshold: row.reached.threshold,
            change: row.kind,
            event: row.event,
            reached: row.reached.half_day,
        };
        (WebhookEvent::of_crossing(row.kind), row.act, EventAbout::Crossing(of))
    });
    queue(work, events.collect())
}

/// Tells that a version of a response was recorded.
pub(crate) fn response(work: &mut Work<'_, '_>, version: &ResponseVersion) -> Result<(), AppError> {
    let kind =
        if version.version == 1 { WebhookEvent::ResponseRecorded } else { WebhookEvent::ResponseChanged };
    let of = OfResponse {
        response_id: version.id.clone(),
        version: version.version,
        withdrawn: version.withdrawn,
        student_id: version.student_id.clone(),
        term: version.term,
        threshold: version.threshold,
        kind: version.kind,
        description: version.description.clone(),
        done_at: version.done_at,
    };
    queue(work, vec![(kind, version.act, EventAbout::Response(of))])
}

fn queue(work: &mut Work<'_, '_>, happened: Vec<(WebhookEvent, i64, EventAbout)>) -> Result<(), AppError> {
    if happened.is_empty() {
        return Ok(());
    }
    let number = work.school.number;
    let listening = store::webhook::listening(work.tx, number)?;
    let mut events = Vec::new();
    for (kind, act, about) in happened {
        let wants = listening.iter().filter(|(_, wanted)| wanted.contains(&kind));
        let to: Vec<&str> = wants.map(|(id, _)| id.as_str()).collect();
        if !to.is_empty() {
            events.push((EventRow { id: work.entropy.uuid(work.now), act, at: work.now, kind, about }, to));
        }
    }
    if events.is_empty() {
        return Ok(());
    }
    Ok(store::webhook::queue(work.tx, number, &events)?)
}
