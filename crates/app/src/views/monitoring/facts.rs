//! What a review is counted from: a term's students, the levels they reached and what was recorded,
//! each read once.

use super::Reading;
use crate::AppError;
use crate::views::everybody::Everybody;
use domain::{CrossingState, Date, Instant, Owner, Plan, Reached, ResponseType, StudentId, Term, Threshold};
use std::collections::{HashMap, HashSet};
use store::ALWAYS;
use store::description::DescriptionVersion;
use store::response::ResponseVersion;

/// A term, read.
pub(super) struct Facts {
    pub(super) everybody: Everybody,
    /// Levels that are reached.
    pub(super) crossings: Vec<Crossing>,
    /// Levels that were reached once and are not any more.
    pub(super) withdrawn: HashSet<(usize, Threshold)>,
    /// Responses that stand, by student and in order of when they were done.
    pub(super) responses: Vec<Response>,
    /// The descriptions as they are now.
    pub(super) descriptions: Vec<DescriptionVersion>,
}

/// A level that a student reached.
pub(super) struct Crossing {
    /// The student's place among the members.
    pub(super) member: usize,
    pub(super) reached: Reached,
    /// What the plan asks for; nothing when it owes nothing.
    pub(super) asked: Option<Asked>,
    /// Whether anything at all was recorded for it, failed attempts too.
    pub(super) has_response: bool,
}

/// What the plan asks of a level that was reached, and what came.
pub(super) struct Asked {
    /// Who owes the response.
    pub(super) owner: Owner,
    /// The last day on which it is not late.
    pub(super) due_on: Date,
    /// The day of the first response that completes it, and the school days until then.
    pub(super) answered: Option<(Date, u32)>,
}

/// A response as it stands.
pub(super) struct Response {
    /// The student's place among the members.
    pub(super) member: usize,
    pub(super) version: ResponseVersion,
    /// When its first version was recorded.
    pub(super) recorded_at: Instant,
    /// The day on which it was done, at the school.
    pub(super) done_on: Date,
}

impl Response {
    /// Microseconds from when it was done to when it was recorded.
    pub(super) fn micros_to_record(&self) -> i64 {
        self.recorded_at.micros_since(self.version.done_at).max(0)
    }
}

impl Facts {
    /// Reads a term: of the whole school, or of the students in the reader's reach.
    pub(super) fn load(
        reading: &mut Reading<'_, '_>,
        term: Term,
        whole_school: bool,
    ) -> Result<Option<Self>, AppError> {
        let Some(everybody) = Everybody::load_where(reading, term, whole_school)? else { return Ok(None) };
        let number = reading.school.number;
        let places: HashMap<StudentId, usize> = everybody
            .members
            .iter()
            .enumerate()
            .map(|(at, member)| (member.student.id.clone(), at))
            .collect();
        let versions = store::response::of_term(reading.tx, number, term.id, ALWAYS)?;
        let responses = standing(reading, versions, &places);
        let mut by_level: HashMap<(usize, Threshold), Vec<(ResponseType, Date)>> = HashMap::new();
        for response in &responses {
            if let Some(level) = response.version.threshold {
                let own = by_level.entry((response.member, level)).or_default();
                own.push((response.version.kind, response.done_on));
            }
        }
        let plan = reading.plan_in_force()?;
        let (mut crossings, mut withdrawn) = (Vec::new(), HashSet::new());
        for row in store::derived::crossings_of_term(reading.tx, number, term.id)? {
            let Some(&member) = places.get(&row.student_id) else { continue };
            let key = (member, row.reached.threshold);
            if row.state == CrossingState::Withdrawn {
                withdrawn.insert(key);
                continue;
            }
            let done = by_level.get(&key).map_or(&[][..], Vec::as_slice);
            let asked = asked(reading, &plan, row.reached, done);
            crossings.push(Crossing { member, reached: row.reached, asked, has_response: !done.is_empty() });
        }
        let descriptions = store::description::current(reading.tx, number)?;
        Ok(Some(Self { everybody, crossings, withdrawn, responses, descriptions }))
    }
}

/// What the plan asks of a level that was reached, given what was recorded for it, in order of
/// when it was done. Nothing when the plan asks nothing.
///
/// The review asks the plan here and nowhere else.
fn asked(
    reading: &Reading<'_, '_>,
    plan: &Plan,
    reached: Reached,
    done: &[(ResponseType, Date)],
) -> Option<Asked> {
    let date = reached.half_day.date;
    if reading.school.go_live.is_some_and(|go_live| date < go_live) {
        return None;
    }
    let (_, step) = plan.first_owed(reached.threshold)?;
    let due_on = step.due.after(step.wait.after(date, &reading.calendar), &reading.calendar);
    let first = done.iter().find(|(kind, _)| kind.completes_task());
    let answered =
        first.map(|&(_, on)| (on, reading.calendar.school_days_between(reached.half_day.date, on)));
    Some(Asked { owner: step.owners.first()?.clone(), due_on, answered })
}

/// The responses that stand of the students who are known, with when each was first recorded.
fn standing(
    reading: &Reading<'_, '_>,
    versions: Vec<ResponseVersion>,
    places: &HashMap<StudentId, usize>,
) -> Vec<Response> {
    let first: HashMap<String, Instant> = versions
        .iter()
        .filter(|version| version.version == 1)
        .map(|version| (version.id.clone(), version.recorded_at))
        .collect();
    let mut responses: Vec<Response> = store::response::latest(versions)
        .into_iter()
        .filter(|version| !version.withdrawn)
        .filter_map(|version| {
            Some(Response {
                member: *places.get(&version.student_id)?,
                recorded_at: first.get(&version.id).copied().unwrap_or(version.recorded_at),
                done_on: reading.school.zone.date(version.done_at),
                version,
            })
        })
        .collect();
    responses.sort_by_key(|response| (response.member, response.version.done_at));
    responses
}
