//! What programs see and change of what the school did: responses, and the descriptions they are worded
//! with. Of a note nothing is ever read.

use super::Slice;
use crate::work::{Actor, Order};
use crate::{AppError, School, describe};
use domain::{ApiScope, Instant, ResponseType, StudentId, TermId, Threshold};
use store::ALWAYS;
use store::description::DescriptionVersion;
use store::response::ResponseVersion;

/// Which responses are asked for.
#[derive(Debug, Clone, Default)]
pub struct ResponsesAsk {
    /// Of which term; the current one, or the last before a break, when neither term nor student is
    /// named.
    pub term: Option<TermId>,
    /// Of one student alone.
    pub student: Option<StudentId>,
    /// To one level alone.
    pub threshold: Option<Threshold>,
    /// Whether withdrawn ones are wanted (or only they); all when nothing is named.
    pub withdrawn: Option<bool>,
    /// Recorded, revised or withdrawn at or after this moment.
    pub since: Option<Instant>,
    /// After this one, in order of id.
    pub after: Option<String>,
    /// The most to answer.
    pub limit: usize,
}

impl School {
    /// The latest version of each response, in order of id, which is the order of recording.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::NotFound`] for an unknown term.
    pub fn api_responses(
        &self,
        actor: &Actor,
        now: Instant,
        ask: &ResponsesAsk,
    ) -> Result<Slice<ResponseVersion>, AppError> {
        actor.require_scope(ApiScope::ResponsesRead)?;
        self.view(actor, now, |reading| {
            let number = reading.school.number;
            if let Some(id) = ask.term.filter(|id| reading.calendar.term(*id).is_none()) {
                return Err(AppError::not_found(format!("{id} is not in the school's calendar")));
            }
            let present = reading.present_term().map(|term| term.id);
            let term = ask.term.or(present.filter(|_| ask.student.is_none()));
            let versions = match (&ask.student, term) {
                (Some(student), _) => store::response::of_student(reading.tx, number, student)?,
                (None, Some(term)) => store::response::of_term(reading.tx, number, term, ALWAYS)?,
                (None, None) => Vec::new(),
            };
            let is_wanted = |row: &ResponseVersion| {
                term.is_none_or(|term| term == row.term)
                    && ask.threshold.is_none_or(|level| Some(level) == row.threshold)
                    && ask.withdrawn.is_none_or(|withdrawn| withdrawn == row.withdrawn)
                    && ask.since.is_none_or(|since| row.recorded_at >= since)
                    && ask.after.as_ref().is_none_or(|after| row.id > *after)
            };
            let mut latest = store::response::latest(versions);
            latest.retain(is_wanted);
            latest.sort_by(|one, other| one.id.cmp(&other.id));
            Ok(Slice::of(latest.into_iter(), ask.limit))
        })
    }

    /// The latest version of one response.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope to see or to write responses; [`AppError::NotFound`].
    pub fn api_response(&self, actor: &Actor, now: Instant, id: &str) -> Result<ResponseVersion, AppError> {
        actor
            .require_scope(ApiScope::ResponsesRead)
            .or_else(|_| actor.require_scope(ApiScope::ResponsesWrite))?;
        self.view(actor, now, |reading| {
            let found = store::response::of(reading.tx, reading.school.number, id)?.pop();
            found.ok_or_else(|| AppError::not_found("there is no such response"))
        })
    }

    /// The school's descriptions in order of their number, retired ones too.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope to see or to edit them.
    pub fn api_descriptions(&self, actor: &Actor, now: Instant) -> Result<Vec<DescriptionVersion>, AppError> {
        actor
            .require_scope(ApiScope::DescriptionsRead)
            .or_else(|_| actor.require_scope(ApiScope::DescriptionsWrite))?;
        self.view(actor, now, |reading| Ok(store::description::current(reading.tx, reading.school.number)?))
    }

    /// Adds a description once, however often the same is sent with the same key; answers its number.
    ///
    /// # Errors
    /// As [`School::add_description`].
    pub fn api_add_description(
        &self,
        actor: &Actor,
        now: Instant,
        (kind, wording, confirmed): (ResponseType, String, bool),
        key: &str,
    ) -> Result<i64, AppError> {
        let request = format!("{} {wording} {confirmed}", kind.slug());
        let order = Order::new("add_description", actor, now).about(kind.slug()).keyed(key, &request);
        let id = self.keyed_act(order, move |work| {
            describe::add(work, kind, &wording, confirmed).map(|id| id.to_string())
        })?;
        Ok(id.parse().unwrap_or_default())
    }

    /// Gives a description another wording, if what stands is the version that was seen (the number of
    /// the act that brought it).
    ///
    /// # Errors
    /// As [`School::reword_description`]; [`AppError::Invalid`] of `version` when it was changed
    /// meanwhile.
    pub fn api_reword_description(
        &self,
        actor: &Actor,
        now: Instant,
        (id, seen): (i64, i64),
        (wording, confirmed): (String, bool),
    ) -> Result<(), AppError> {
        let order = Order::new("reword_description", actor, now).about(id.to_string());
        self.act(order, move |work| {
            let standing = describe::find(work, id)?;
            if standing.act != seen {
                let problem = "somebody else changed this description meanwhile: look again";
                return Err(AppError::invalid("version", problem));
            }
            describe::reword(work, id, &wording, confirmed)
        })
    }
}
