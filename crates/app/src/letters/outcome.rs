//! What became of messages: sent, refused, posted, come back; and the response that follows from it.
//!
//! Choice: decision 0035. A run records one response for a student: its type and Description once
//! any of its messages went, *Unsuccessful contact attempt* once all of them failed. When what went
//! comes back, the response gets a version that says so, unless a person changed it meanwhile.

use super::stopping::unsure;
use crate::record_response::write;
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Channel, Instant, Permission, ResponseType, StepKey, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::letter::{LetterEvent, LetterEventKind, LetterRow, RunRow};
use store::mail::{MessageState, Stop};
use store::response::ResponseVersion;

/// The most ended messages of one look.
const MOST_ENDED: i64 = 200;

/// The most of a person's or server's words that are kept.
const WHY_LENGTH: usize = 300;

impl School {
    /// Takes in what became of e-mails and texts, and records the responses that follow. Answers how
    /// many messages were taken in.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn take_in_answers(&self, now: Instant) -> Result<usize, AppError> {
        let number = self.number;
        // Nearly always nothing has ended, and a look need not write.
        let ended = self.store.read(number, |tx| store::letter::ended(tx, number, MOST_ENDED))?;
        let runs: BTreeSet<String> = ended.into_iter().map(|one| one.run_id).collect();
        let mut count = 0;
        for run in runs {
            // An act for each run: what an act recorded is taken back together.
            let order = Order::new("take_in_answers", &Actor::Operator, now).about(run.clone());
            count += self.act(order, move |work| take_in(work, &run))?;
        }
        Ok(count)
    }

    /// Notes that letters of a run are in the post, or on their way home, and records the responses.
    /// Nothing named means all that are still to go. One that is no longer right is not noted. Answers
    /// how many.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a run out of reach; [`AppError::Invalid`] when none is still to go.
    pub fn post_letters(
        &self,
        actor: &Actor,
        now: Instant,
        run: String,
        letters: Vec<String>,
    ) -> Result<usize, AppError> {
        self.act(Order::new("post_letters", actor, now).about(run.clone()), move |work| {
            let open = to_go(work, &run)?;
            let mut open: Vec<LetterRow> =
                open.into_iter().filter(|row| letters.is_empty() || letters.contains(&row.id)).collect();
            if open.is_empty() {
                return Err(AppError::invalid("letter", "no letter of this run is still to go"));
            }
            let wrong = super::wrong::of(&mut work.reading(), &open)?;
            open.retain(|row| !wrong.contains_key(&row.id));
            if open.is_empty() {
                let problem = "the letters that are still to go are no longer right: take them out";
                return Err(AppError::invalid("letter", problem));
            }
            for row in &open {
                add(work, &row.id, LetterEventKind::Sent, "")?;
            }
            for student in students(&open) {
                reconcile(work, (&run, &student), work.now)?;
            }
            Ok(open.len())
        })
    }

    /// Takes a message out of its run before it goes: a letter that is not posted yet, an e-mail or a
    /// text that no server was given.
    ///
    /// # Errors
    /// [`AppError::NotFound`] out of reach; [`AppError::Invalid`] when it went already.
    pub fn drop_letter(&self, actor: &Actor, now: Instant, id: String) -> Result<String, AppError> {
        self.act(Order::new("drop_letter", actor, now).about(id.clone()), move |work| {
            let row = letter_in_reach(work, &id)?;
            let number = work.school.number;
            let is_told = !store::letter::events(work.tx, number, [id.as_str()])?.is_empty();
            let is_queued = matches!(row.channel, Channel::Email | Channel::Text);
            // What is refused here is not stopped either: nothing of a refused act is kept.
            if is_told
                || (is_queued
                    && store::mail::stop(work.tx, number, &id, work.now, "taken out")? != Stop::Stopped)
            {
                return Err(AppError::invalid("letter", "this message has gone, or may have arrived"));
            }
            add(work, &id, LetterEventKind::Dropped, "")?;
            reconcile(work, (&row.run_id, &row.student_id), work.now)?;
            Ok(row.run_id)
        })
    }

    /// Notes that a message came back: it did not reach the family. The response says so from now
    /// on, and the task is open again.
    ///
    /// # Errors
    /// [`AppError::NotFound`] out of reach; [`AppError::Invalid`] when it did not go, or came back
    /// before.
    pub fn letter_came_back(
        &self,
        actor: &Actor,
        now: Instant,
        id: String,
        why: String,
    ) -> Result<String, AppError> {
        self.act(Order::new("letter_came_back", actor, now).about(id.clone()), move |work| {
            let row = letter_in_reach(work, &id)?;
            let events = store::letter::events(work.tx, work.school.number, [id.as_str()])?;
            if !is_sent(&events) {
                return Err(AppError::invalid("letter", "only a message that went can come back, once"));
            }
            add(work, &id, LetterEventKind::CameBack, &why)?;
            reconcile(work, (&row.run_id, &row.student_id), work.now)?;
            Ok(row.run_id)
        })
    }

    /// Notes that what is no longer right in a message was dealt with otherwise: by a call, or
    /// because it does not matter.
    ///
    /// # Errors
    /// [`AppError::NotFound`] out of reach; [`AppError::Invalid`] when it did not go.
    pub fn settle_letter(&self, actor: &Actor, now: Instant, id: String) -> Result<(), AppError> {
        self.act(Order::new("settle_letter", actor, now).about(id.clone()), move |work| {
            letter_in_reach(work, &id)?;
            let events = store::letter::events(work.tx, work.school.number, [id.as_str()])?;
            if !is_sent(&events) {
                return Err(AppError::invalid("letter", "this message did not reach anybody"));
            }
            if events.iter().any(|event| event.kind == LetterEventKind::Settled) {
                return Ok(());
            }
            add(work, &id, LetterEventKind::Settled, "")
        })
    }
}

/// Takes in what became of the e-mails and texts of a run. Answers how many.
fn take_in(work: &mut Work<'_, '_>, run: &str) -> Result<usize, AppError> {
    let mut ended = store::letter::ended(work.tx, work.school.number, MOST_ENDED)?;
    ended.retain(|one| one.run_id == run);
    let mut about: BTreeMap<StudentId, (bool, Instant)> = BTreeMap::new();
    for one in &ended {
        let (kind, why) = match one.state {
            MessageState::Sent => (LetterEventKind::Sent, one.answer.clone()),
            // It was asked to stop while it was handed over, and its answer was not that it went.
            MessageState::Stopped if one.may_have_arrived => (LetterEventKind::Dropped, unsure(&one.answer)),
            MessageState::Stopped => (LetterEventKind::Dropped, one.answer.clone()),
            _ => (LetterEventKind::Failed, one.answer.clone()),
        };
        add(work, &one.letter_id, kind, &why)?;
        // It was done when the first went; when all failed, with the last.
        let (is_sent, at) = (kind == LetterEventKind::Sent, one.at.min(work.now));
        let known = about.entry(one.student_id.clone()).or_insert((is_sent, at));
        *known = match *known {
            (true, first) if is_sent => (true, first.min(at)),
            (false, last) if !is_sent => (false, last.max(at)),
            (false, _) => (true, at),
            kept => kept,
        };
    }
    for (student, (_, done_at)) in about {
        reconcile(work, (run, &student), done_at)?;
    }
    Ok(ended.len())
}

/// Whether a message went and did not come back.
pub(super) fn is_sent(events: &[LetterEvent]) -> bool {
    events.iter().any(|event| event.kind == LetterEventKind::Sent)
        && !events.iter().any(|event| event.kind == LetterEventKind::CameBack)
}

/// Adds an event to a message.
pub(super) fn add(
    work: &mut Work<'_, '_>,
    id: &str,
    kind: LetterEventKind,
    why: &str,
) -> Result<(), AppError> {
    let event = LetterEvent {
        letter_id: id.to_owned(),
        act: work.act()?,
        at: work.now,
        kind,
        why: why.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WHY_LENGTH).collect(),
        staff_id: work.who.as_ref().map(|who| who.id.clone()),
    };
    Ok(store::letter::insert_event(work.tx, work.school.number, &event)?)
}

fn letter_in_reach(work: &mut Work<'_, '_>, id: &str) -> Result<LetterRow, AppError> {
    let missing = || AppError::not_found("there is no such message about your students");
    let row = store::letter::get(work.tx, work.school.number, id)?.ok_or_else(missing)?;
    work.student_for(Permission::WriteHome, &row.student_id).map_err(|_| missing())?;
    Ok(row)
}

/// The letters on paper of a run about students in reach that are still to go.
fn to_go(work: &mut Work<'_, '_>, run: &str) -> Result<Vec<LetterRow>, AppError> {
    let number = work.school.number;
    let mut rows = Vec::new();
    let mut is_known = false;
    for row in store::letter::of_run(work.tx, number, run)? {
        if work.student_for(Permission::WriteHome, &row.student_id).is_ok() {
            is_known = true;
            rows.push(row);
        }
    }
    if !is_known {
        return Err(AppError::not_found("there is no such run about your students"));
    }
    let events = store::letter::events(work.tx, number, rows.iter().map(|row| row.id.as_str()))?;
    rows.retain(|row| {
        row.channel == Channel::Letter && !events.iter().any(|event| event.letter_id == row.id)
    });
    Ok(rows)
}

fn students(rows: &[LetterRow]) -> Vec<StudentId> {
    let mut students: Vec<StudentId> = rows.iter().map(|row| row.student_id.clone()).collect();
    students.sort();
    students.dedup();
    students
}

/// Brings the response that a run records for a student in line with what became of its messages. One
/// that is recorded now was done at `done_at`.
pub(super) fn reconcile(
    work: &mut Work<'_, '_>,
    (run, student): (&str, &StudentId),
    done_at: Instant,
) -> Result<(), AppError> {
    let number = work.school.number;
    let Some(run) = store::letter::run(work.tx, number, run)? else { return Ok(()) };
    let mut rows = store::letter::of_run(work.tx, number, &run.id)?;
    rows.retain(|row| row.student_id == *student);
    let events = store::letter::events(work.tx, number, rows.iter().map(|row| row.id.as_str()))?;
    let standing = store::letter::response(work.tx, number, &run.id, student)?;
    let outcome = outcome(&rows, &events, standing.is_some());
    let Some((first, outcome)) = rows.first().zip(outcome) else { return Ok(()) };
    let (kind, description) = match outcome {
        Outcome::Sent => (run.kind, run.description.clone()),
        Outcome::Failed => (ResponseType::UnsuccessfulContactAttempt, String::new()),
    };
    match standing {
        None => record(work, (&run, first), (kind, description, done_at)),
        Some((id, version)) => revise(work, (&run, student), (&id, version), (kind, description)),
    }
}

enum Outcome {
    Sent,
    Failed,
}

/// What became of all the messages about a student; nothing while it is open. Once a response stands,
/// it says what is so now: when what went came back, another that is still to go changes nothing.
fn outcome(rows: &[LetterRow], events: &[LetterEvent], is_recorded: bool) -> Option<Outcome> {
    let mut failed = 0;
    let mut open = 0;
    for row in rows {
        let own: Vec<LetterEvent> =
            events.iter().filter(|event| event.letter_id == row.id).cloned().collect();
        if is_sent(&own) {
            return Some(Outcome::Sent);
        }
        let has = |kind| own.iter().any(|event| event.kind == kind);
        if has(LetterEventKind::Failed) || has(LetterEventKind::CameBack) {
            failed += 1;
        } else if !has(LetterEventKind::Dropped) {
            open += 1;
        }
    }
    (failed > 0 && (open == 0 || is_recorded)).then_some(Outcome::Failed)
}

fn record(
    work: &mut Work<'_, '_>,
    (run, letter): (&RunRow, &LetterRow),
    (kind, description, done_at): (ResponseType, String, Instant),
) -> Result<(), AppError> {
    let number = work.school.number;
    let tally = store::derived::tally(work.tx, number, letter.term, &letter.student_id)?;
    let version = ResponseVersion {
        id: work.entropy.uuid(work.now),
        version: 1,
        act: work.act()?,
        student_id: letter.student_id.clone(),
        term: letter.term,
        threshold: letter.threshold,
        kind,
        description,
        done_at,
        recorded_at: work.now,
        recorded_by: run.staff_id.clone(),
        withdrawn: false,
        absent_half_days: tally.map_or(0, |row| row.tally.absent()),
    };
    write(work, &version, "", &run.staff_id)?;
    if let Some(step) = letter.step.as_deref().and_then(StepKey::parse) {
        store::task::insert_step(work.tx, number, version.act, letter.term, (&version.id, &step))?;
    }
    let at = (version.act, work.now);
    Ok(store::letter::insert_response(
        work.tx,
        number,
        at,
        (&run.id, &letter.student_id),
        (&version.id, version.version),
    )?)
}

fn revise(
    work: &mut Work<'_, '_>,
    (run, student): (&RunRow, &StudentId),
    (id, version): (&str, i64),
    (kind, description): (ResponseType, String),
) -> Result<(), AppError> {
    let number = work.school.number;
    let Some(latest) = store::response::of(work.tx, number, id)?.pop() else { return Ok(()) };
    let is_ours = latest.version == version && !latest.withdrawn;
    if !is_ours || (latest.kind == kind && latest.description == description) {
        return Ok(());
    }
    let recorded_by = work.who.as_ref().map_or_else(|| run.staff_id.clone(), |who| who.id.clone());
    let next = ResponseVersion {
        version: version + 1,
        act: work.act()?,
        kind,
        description,
        recorded_at: work.now,
        recorded_by,
        ..latest
    };
    write(work, &next, "", &run.staff_id)?;
    let at = (next.act, work.now);
    Ok(store::letter::insert_response(work.tx, number, at, (&run.id, student), (id, next.version))?)
}
