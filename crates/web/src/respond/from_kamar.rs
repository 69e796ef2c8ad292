//! The form when it answers a record of KAMAR: what KAMAR says stands in it to be looked at, and saving it
//! decides about the record.

use super::typed::{self, Kind, Typed};
use super::{Desk, candidates};
use crate::Fields;
use app::views::ResponseForm;
use app::{AppError, RecordResponse};
use domain::ResponseType;

/// Where such a form leads back to.
pub(super) const BACK: &str = "/respond/candidates";

/// Whether the form answers a record.
pub(super) fn is_asked(asked: &Fields) -> bool {
    candidates::asked(asked).is_some()
}

/// Puts what KAMAR says into an empty form: as a note, and when it was done.
pub(super) fn begin(desk: &Desk<'_>, asked: &Fields, typed: &mut Typed) -> Result<(), AppError> {
    let Some((student, reference)) = candidates::asked(asked) else { return Ok(()) };
    let line = desk.school.candidate(desk.actor, desk.now, &student, &reference)?;
    typed.note = candidates::as_note(desk.said, &line.candidate);
    typed.done.begin_at(desk.said, line.candidate.date, &line.candidate.time);
    Ok(())
}

/// The types to choose from; one whose description stands in KAMAR's words is suggested, with it.
pub(super) fn kinds(
    desk: &Desk<'_>,
    asked: &Fields,
    typed: &Typed,
    form: &ResponseForm,
    mut suggested: Vec<ResponseType>,
) -> Vec<Kind> {
    let line = candidates::asked(asked).and_then(|(student, reference)| {
        desk.school.candidate(desk.actor, desk.now, &student, &reference).ok()
    });
    let wording = line.and_then(|line| line.suggestion);
    suggested.extend(wording.as_ref().map(|wanted| wanted.kind));
    let mut kinds = typed::kinds(&form.types, typed, None, &suggested);
    if let Some(wanted) = wording.filter(|_| typed.kind.is_none()) {
        typed::offer(&mut kinds, &wanted);
    }
    kinds
}

/// Records a response, and that a record became it where the form answers one.
pub(super) fn record(
    desk: &Desk<'_>,
    asked: &Fields,
    response: RecordResponse,
) -> Result<Vec<String>, AppError> {
    match candidates::asked(asked) {
        Some(record) => desk.school.confirm_candidate(desk.actor, desk.now, record, response),
        None => desk.school.record_response(desk.actor, desk.now, response),
    }
}
