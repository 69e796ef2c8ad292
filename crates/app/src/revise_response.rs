//! Revise or withdraw a response. Every version is kept; the Ministry is told.

use crate::record_response::{check_choice, check_note, check_restricted, check_time, check_year, write};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Instant, Permission, ResponseType};
use store::response::ResponseVersion;

/// What a response should say from now on.
#[derive(Clone)]
pub struct ReviseResponse {
    /// Which response.
    pub id: String,
    /// The version that the person saw.
    pub seen_version: i64,
    /// The Activity Response Type.
    pub kind: ResponseType,
    /// The wording of a description; empty for none. The wording that stood stays allowed.
    pub description: String,
    /// When it was done.
    pub done_at: Instant,
    /// A further private note; empty for none. Earlier notes stay.
    pub note: String,
    /// That the person means it (for the last resort).
    pub confirmed: bool,
}

impl School {
    /// Records a new version of a response.
    ///
    /// # Errors
    /// As [`School::record_response`]; [`AppError::Invalid`] when it was withdrawn or somebody
    /// else revised it meanwhile.
    pub fn revise_response(
        &self,
        actor: &Actor,
        now: Instant,
        revision: ReviseResponse,
    ) -> Result<i64, AppError> {
        let order = Order::new("revise_response", actor, now).about(revision.id.clone());
        self.act(order, move |work| {
            let standing = standing(work, &revision.id, revision.seen_version)?;
            check_time(work, revision.done_at)?;
            check_year(work, revision.done_at, standing.term)?;
            work.may_note(&revision.note)?;
            check_note(&revision.note)?;
            // Whoever may not record a prosecution may not turn one into something else either.
            check_restricted(work, standing.kind, true)?;
            let kept = standing.kind == revision.kind && standing.description == revision.description.trim();
            let description = if kept {
                standing.description.clone()
            } else {
                check_choice(work, revision.kind, &revision.description)?
            };
            check_restricted(work, revision.kind, revision.confirmed)?;
            let next =
                ResponseVersion { kind: revision.kind, description, done_at: revision.done_at, ..standing };
            add(work, next, &revision.note)
        })
    }

    /// Takes a response back. It stays in the history as withdrawn.
    ///
    /// # Errors
    /// [`AppError::NotFound`] out of reach; [`AppError::Invalid`] when it was withdrawn or revised
    /// meanwhile.
    pub fn withdraw_response(
        &self,
        actor: &Actor,
        now: Instant,
        id: String,
        seen_version: i64,
        note: String,
    ) -> Result<i64, AppError> {
        let order = Order::new("withdraw_response", actor, now).about(id.clone());
        self.act(order, move |work| {
            let standing = standing(work, &id, seen_version)?;
            work.may_note(&note)?;
            check_note(&note)?;
            check_restricted(work, standing.kind, true)?;
            add(work, ResponseVersion { withdrawn: true, ..standing }, &note)
        })
    }
}

impl School {
    /// Takes back everything that one act recorded: an action for many students, entered once, is
    /// undone once. What was withdrawn meanwhile stays so. Answers how many were taken back.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when one of them is out of reach, and [`AppError::Invalid`] when the one
    /// that is named was withdrawn or revised since it was seen, or another was revised: then none is
    /// taken back.
    pub fn undo_recording(
        &self,
        actor: &Actor,
        now: Instant,
        id: String,
        seen_version: i64,
    ) -> Result<usize, AppError> {
        let order = Order::new("undo_recording", actor, now).about(id.clone());
        self.act(order, move |work| {
            let missing = || AppError::not_found("there is no such response among your students");
            let named = standing(work, &id, seen_version)?.id;
            let number = work.school.number;
            let first = store::response::of(work.tx, number, &id)?.into_iter().next().ok_or_else(missing)?;
            let mut count = 0;
            for id in store::response::of_act(work.tx, number, first.act)? {
                let latest = store::response::of(work.tx, number, &id)?.pop().ok_or_else(missing)?;
                work.student_for(Permission::Respond, &latest.student_id).map_err(|_| missing())?;
                if latest.withdrawn {
                    continue;
                }
                if latest.version != 1 && latest.id != named {
                    let problem = "one of them was revised since: take them back one by one";
                    return Err(AppError::invalid("version", problem));
                }
                check_restricted(work, latest.kind, true)?;
                crate::calls::take_back(work, &latest, first.act)?;
                add(work, ResponseVersion { withdrawn: true, ..latest }, "")?;
                count += 1;
            }
            Ok(count)
        })
    }
}

fn standing(work: &mut Work<'_, '_>, id: &str, seen_version: i64) -> Result<ResponseVersion, AppError> {
    let missing = || AppError::not_found("there is no such response among your students");
    let standing = store::response::of(work.tx, work.school.number, id)?.pop().ok_or_else(missing)?;
    work.student_for(Permission::Respond, &standing.student_id).map_err(|_| missing())?;
    if standing.withdrawn {
        return Err(AppError::invalid("version", "this response was withdrawn: record a new one"));
    }
    if standing.version != seen_version {
        return Err(AppError::invalid(
            "version",
            "somebody else revised this response meanwhile: look again",
        ));
    }
    Ok(standing)
}

fn add(work: &mut Work<'_, '_>, next: ResponseVersion, note: &str) -> Result<i64, AppError> {
    let Some(by) = work.who.as_ref().map(|staff| staff.id.clone()) else {
        return Err(AppError::invalid("by", "a response is revised by a member of staff: name one"));
    };
    let next = ResponseVersion {
        version: next.version + 1,
        act: work.act()?,
        recorded_at: work.now,
        recorded_by: by.clone(),
        ..next
    };
    write(work, &next, note, &by)?;
    Ok(next.version)
}
