//! Record a response: what the school did, for one student or for many at once.

use crate::work::{Actor, Order, Work};
use crate::{AppError, Entropy, School};
use domain::plan::Wanted;
use domain::wording::{NOTE_LENGTH, check_description};
use domain::{Instant, Permission, ResponseType, StaffId, StepKey, StudentId, TermId, Threshold};
use std::sync::Arc;
use store::description::DescriptionVersion;
use store::outbox::OutboxFact;
use store::response::{Note, ResponseVersion};

/// A student, and the crossing that the response answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// For whom it was done.
    pub student_id: StudentId,
    /// In which term; the one that holds the moment it was done, when nothing is named.
    pub term: Option<TermId>,
    /// Which crossing it answers; none when it was not done for one.
    pub threshold: Option<Threshold>,
    /// The step of the plan for which it was done; none when it was not done for one.
    pub step: Option<StepKey>,
}

/// A response as a person enters it.
#[derive(Clone)]
pub struct RecordResponse {
    /// For whom: one student or several, each recorded apart.
    pub targets: Vec<Target>,
    /// The Activity Response Type.
    pub kind: ResponseType,
    /// The wording of one of the school's descriptions under that type; empty for none.
    pub description: String,
    /// What the same action was besides, each recorded as a response of its own.
    pub also: Vec<Wanted>,
    /// When it was done.
    pub done_at: Instant,
    /// A private note; empty for none.
    pub note: String,
    /// That the person has seen what was recorded before and means it (for the last resort).
    pub confirmed: bool,
    /// A key made when the page was shown: the same key twice records once.
    pub key: String,
}

impl School {
    /// Records a response for each target; answers their identities in the order of the targets. A
    /// further type of the same action comes after them, for each target again; the note stands on
    /// the first type alone.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a response in the future, a description that is not on the
    /// school's list under the type, a crossing that was never reached, an overlong note;
    /// [`AppError::Confirm`] when *Initiated prosecution* was not confirmed;
    /// [`AppError::NotFound`] for a student out of reach.
    pub fn record_response(
        &self,
        actor: &Actor,
        now: Instant,
        response: RecordResponse,
    ) -> Result<Vec<String>, AppError> {
        let request = format!(
            "{:?} {:?} {} {} {} {}",
            response.targets,
            response.also,
            response.kind.slug(),
            response.description,
            response.done_at.micros(),
            crate::entropy::digest(response.note.as_bytes()),
        );
        let order = Order::new("record_response", actor, now)
            .about(format!("{} for {} students", response.kind.slug(), response.targets.len()))
            .keyed(&response.key, &request);
        let entropy = Arc::clone(&self.entropy);
        let ids = self.keyed_act(order, move |work| save(work, &entropy, &response))?;
        Ok(ids.split_whitespace().map(str::to_owned).collect())
    }
}

pub(crate) fn save(
    work: &mut Work<'_, '_>,
    entropy: &Entropy,
    response: &RecordResponse,
) -> Result<String, AppError> {
    let Some(recorded_by) = work.who.as_ref().map(|staff| staff.id.clone()) else {
        return Err(AppError::invalid("by", "a response is recorded by a member of staff: name one"));
    };
    if response.targets.is_empty() {
        return Err(AppError::invalid("student", "choose at least one student"));
    }
    check_time(work, response.done_at)?;
    work.may_note(&response.note)?;
    check_note(&response.note)?;
    let mut kinds = vec![Wanted { kind: response.kind, description: response.description.clone() }];
    for also in &response.also {
        if !kinds.contains(also) {
            kinds.push(also.clone());
        }
    }
    let mut ids = Vec::new();
    for (place, done) in kinds.iter().enumerate() {
        let description = check_choice(work, done.kind, &done.description)?;
        check_restricted(work, done.kind, response.confirmed)?;
        let note = if place == 0 { response.note.as_str() } else { "" };
        for (index, target) in response.targets.iter().enumerate() {
            // Chosen twice is done once.
            if response.targets[..index].contains(target) {
                continue;
            }
            work.student_for(Permission::Respond, &target.student_id)?;
            let term = resolve_term(work, target, response.done_at)?;
            check_year(work, response.done_at, term)?;
            let absent = check_crossing(work, target, term)?;
            let version = ResponseVersion {
                id: entropy.uuid(work.now),
                version: 1,
                act: work.act()?,
                student_id: target.student_id.clone(),
                term,
                threshold: target.threshold,
                kind: done.kind,
                description: description.clone(),
                done_at: response.done_at,
                recorded_at: work.now,
                recorded_by: recorded_by.clone(),
                withdrawn: false,
                absent_half_days: absent,
            };
            write(work, &version, note, &recorded_by)?;
            if let Some(step) = &target.step {
                store::task::insert_step(
                    work.tx,
                    work.school.number,
                    version.act,
                    term,
                    (&version.id, step),
                )?;
            }
            ids.push(version.id);
        }
    }
    Ok(ids.join(" "))
}

/// Writes a version with its note, queues it for the Ministry when it names a crossing, and tells it to
/// those who asked for it.
pub(crate) fn write(
    work: &mut Work<'_, '_>,
    version: &ResponseVersion,
    note: &str,
    by: &StaffId,
) -> Result<(), AppError> {
    let number = work.school.number;
    store::response::insert(work.tx, number, version)?;
    if !note.trim().is_empty() {
        let note = Note::new(note.trim().to_owned());
        store::response::insert_note(work.tx, number, &version.id, version.version, &note, by.as_str())?;
    }
    if version.threshold.is_some() {
        let fact = OutboxFact::Response {
            id: version.id.clone(),
            version: version.version,
            withdrawn: version.withdrawn,
        };
        store::outbox::append(work.tx, number, version.act, work.now, &[fact])?;
    }
    crate::webhooks::told::response(work, version)
}

pub(crate) fn check_time(work: &Work<'_, '_>, done_at: Instant) -> Result<(), AppError> {
    if done_at > work.now {
        let problem = format!(
            "{} is still to come: record a response once it was done",
            work.school.zone.text(done_at)
        );
        return Err(AppError::invalid("done_at", problem));
    }
    Ok(())
}

/// A response done long before its term is a mistyped year.
pub(crate) fn check_year(work: &Work<'_, '_>, done_at: Instant, term: TermId) -> Result<(), AppError> {
    /// How long before a term something may have been done for it, in days.
    const BEFORE_DAYS: i32 = 366;
    let date = work.school.zone.date(done_at);
    let first_day = work.calendar.term(term).map(|term| term.first_day);
    if first_day.is_some_and(|first_day| domain::term::days_between(date, first_day) > BEFORE_DAYS) {
        let problem = format!("{date} is more than a year before {term}: look at the year");
        return Err(AppError::invalid("done_at", problem));
    }
    Ok(())
}

pub(crate) fn check_note(note: &str) -> Result<(), AppError> {
    if note.chars().count() > NOTE_LENGTH {
        return Err(AppError::invalid("note", format!("a note has at most {NOTE_LENGTH} characters")));
    }
    Ok(())
}

/// The wording of a description that the school offers under a type, as it stands now.
pub(crate) fn check_choice(
    work: &mut Work<'_, '_>,
    kind: ResponseType,
    wording: &str,
) -> Result<String, AppError> {
    use unicode_normalization::UnicodeNormalization;
    let wanted: String = wording.trim().nfc().collect();
    if wanted.is_empty() {
        return Ok(wanted);
    }
    let current = store::description::current(work.tx, work.school.number)?;
    let offered: Vec<&DescriptionVersion> =
        current.iter().filter(|version| version.kind == kind && !version.retired).collect();
    if !offered.iter().any(|version| version.wording == wanted) {
        let list: Vec<&str> = offered.iter().map(|version| version.wording.as_str()).collect();
        let right = if list.is_empty() {
            "leave it out".to_owned()
        } else {
            format!("use one of: {}", list.join("; "))
        };
        let problem = format!("{wanted:?} is not among the school's descriptions of {kind}: {right}");
        return Err(AppError::invalid("description", problem));
    }
    // The Ministry's own wordings name nobody. The school's were checked when they were edited, and
    // the roll may have changed since.
    if reference::default_descriptions()
        .iter()
        .any(|default| default.kind == kind && default.wording == wanted)
    {
        return Ok(wanted);
    }
    let roll = crate::describe::roll_names(work)?;
    check_description(&wanted, &roll).map_err(|error| AppError::invalid("description", error.to_string()))?;
    Ok(wanted)
}

pub(crate) fn check_restricted(
    work: &Work<'_, '_>,
    kind: ResponseType,
    confirmed: bool,
) -> Result<(), AppError> {
    if !kind.is_restricted() {
        return Ok(());
    }
    work.require(Permission::Prosecute, "record that a prosecution was initiated")?;
    if confirmed {
        return Ok(());
    }
    let question = "prosecution is the last resort, after every other step: look at what was recorded at each level, \
        then confirm";
    Err(AppError::Confirm(question.to_owned()))
}

pub(crate) fn resolve_term(
    work: &Work<'_, '_>,
    target: &Target,
    done_at: Instant,
) -> Result<TermId, AppError> {
    if let Some(term) = target.term {
        let known = work.calendar.term(term).is_some();
        return if known {
            Ok(term)
        } else {
            Err(AppError::invalid("term", format!("{term} is not in the calendar")))
        };
    }
    let date = work.school.zone.date(done_at);
    let holder = work.calendar.term_on(date);
    // A response to no crossing may be done in the holidays: it stands in the term before.
    let holder =
        holder.or_else(|| work.calendar.term_at_or_before(date).filter(|_| target.threshold.is_none()));
    let term =
        holder.ok_or_else(|| AppError::invalid("term", format!("{date} is in no term: name the term")))?;
    Ok(term.id)
}

/// Checks that the crossing was reached at some time; answers the absent half-days so far.
pub(crate) fn check_crossing(
    work: &mut Work<'_, '_>,
    target: &Target,
    term: TermId,
) -> Result<u32, AppError> {
    let number = work.school.number;
    let tally = store::derived::tally(work.tx, number, term, &target.student_id)?;
    let absent = tally.map_or(0, |row| row.tally.absent());
    let Some(threshold) = target.threshold else { return Ok(absent) };
    let crossings = store::derived::crossings(work.tx, number, term, [&target.student_id])?;
    if crossings.iter().any(|row| row.reached.threshold == threshold) {
        return Ok(absent);
    }
    let days = domain::days_text(absent);
    let problem = format!(
        "{} has not reached {threshold} in {term} ({days} so far): leave the level out to record it without one",
        target.student_id
    );
    Err(AppError::invalid("threshold", problem))
}
