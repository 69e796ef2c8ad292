//! Runs and messages as people look at them: what is to print, what went, what failed, and what was
//! right when it went and is not any more.

use super::wrong;
use crate::contacts;
use crate::views::{Reading, StaffNames};
use crate::work::{Actor, Order};
use crate::{AppError, School};
use domain::{Channel, Instant, Permission, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::letter::{LetterEvent, LetterEventKind, LetterRow, RunRow};
use store::people::StudentRow;

/// The most runs of the list.
const MOST_RUNS: i64 = 60;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetterState {
    /// On paper: to be printed and posted.
    ToPost,
    /// In the queue.
    Waiting,
    /// It went.
    Sent,
    /// It could not go.
    Failed,
    /// It went and came back.
    CameBack,
    /// It was taken out before it went.
    Dropped,
}

/// A message of a run.
#[derive(Clone)]
pub struct LetterLine {
    /// The message.
    pub row: LetterRow,
    /// About whom.
    pub student: StudentRow,
    /// How far it has come.
    pub state: LetterState,
    /// When it came so far.
    pub at: Instant,
    /// What the server said, or a person.
    pub why: String,
}

/// A run with how far it has come.
#[derive(Debug, Clone)]
pub struct RunLine {
    /// The run.
    pub run: RunRow,
    /// How many messages are in each state.
    pub counts: BTreeMap<LetterState, usize>,
    /// Who confirmed it.
    pub by: String,
}

/// A run with its messages.
#[derive(Clone)]
pub struct RunView {
    /// The run.
    pub run: RunRow,
    /// Who confirmed it.
    pub by: String,
    /// Its messages about students in reach, in order of their names.
    pub letters: Vec<LetterLine>,
    /// The response that it recorded, by student.
    pub responses: BTreeMap<StudentId, String>,
    /// The messages that are no longer right, by id.
    pub wrong: BTreeSet<String>,
    /// Whether its letters were printed.
    pub is_printed: bool,
}

impl School {
    /// The latest runs with a message about a student in reach, the latest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who does not write to whānau.
    pub fn letter_runs(&self, actor: &Actor, now: Instant) -> Result<Vec<RunLine>, AppError> {
        self.some_letter_runs(actor, now, MOST_RUNS)
    }

    /// The same, all there were.
    ///
    /// # Errors
    /// As [`School::letter_runs`].
    pub fn all_letter_runs(&self, actor: &Actor, now: Instant) -> Result<Vec<RunLine>, AppError> {
        self.some_letter_runs(actor, now, i64::MAX)
    }

    fn some_letter_runs(&self, actor: &Actor, now: Instant, most: i64) -> Result<Vec<RunLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::WriteHome, "see what was sent")?;
            let number = reading.school.number;
            let names = StaffNames::load(reading.tx, number)?;
            let runs = store::letter::latest_runs(reading.tx, number, most)?;
            let rows = store::letter::of_runs(reading.tx, number, runs.iter().map(|run| run.id.as_str()))?;
            let mut counts: BTreeMap<String, BTreeMap<LetterState, usize>> = BTreeMap::new();
            for line in lines_of(reading, rows)? {
                let run = counts.entry(line.row.run_id.clone()).or_default();
                *run.entry(line.state).or_default() += 1;
            }
            let mut lines = Vec::new();
            for run in runs {
                if let Some(counts) = counts.remove(&run.id) {
                    lines.push(RunLine { by: names.name(run.staff_id.as_str()), run, counts });
                }
            }
            Ok(lines)
        })
    }

    /// One run with its messages about students in reach. That their contacts were looked at is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub fn letter_run(&self, actor: &Actor, now: Instant, id: &str) -> Result<RunView, AppError> {
        let found = self.view(actor, now, |reading| {
            let missing = || AppError::not_found("there is no such run about your students");
            let number = reading.school.number;
            let run = store::letter::run(reading.tx, number, id)?.ok_or_else(missing)?;
            let rows = store::letter::of_run(reading.tx, number, id)?;
            let letters = lines_of(reading, rows)?;
            if letters.is_empty() {
                return Err(missing());
            }
            let names = StaffNames::load(reading.tx, number)?;
            let responses = store::letter::responses_of_run(reading.tx, number, id)?;
            let own: Vec<LetterRow> = letters.iter().map(|line| line.row.clone()).collect();
            Ok(RunView {
                wrong: wrong::of(reading, &own)?.into_keys().collect(),
                by: names.name(run.staff_id.as_str()),
                run,
                letters,
                responses: responses.into_iter().collect(),
                is_printed: store::letter::print(reading.tx, number, id)?.is_some(),
            })
        })?;
        self.log_looked(actor, now, found.letters.iter().map(|line| &line.student.id))?;
        Ok(found)
    }

    /// One message as it was confirmed, with what became of it. That its contact was looked at is
    /// logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none about a student in reach.
    pub fn letter(&self, actor: &Actor, now: Instant, id: &str) -> Result<(RunRow, LetterLine), AppError> {
        let found = self.view(actor, now, |reading| {
            let missing = || AppError::not_found("there is no such message about your students");
            let number = reading.school.number;
            let row = store::letter::get(reading.tx, number, id)?.ok_or_else(missing)?;
            let run = store::letter::run(reading.tx, number, &row.run_id)?.ok_or_else(missing)?;
            let line = lines_of(reading, vec![row])?.pop().ok_or_else(missing)?;
            Ok((run, line))
        })?;
        self.log_looked(actor, now, [&found.1.student.id])?;
        Ok(found)
    }
}

impl School {
    /// Logs that somebody looked at whom messages about students went to.
    pub(super) fn log_looked<'s>(
        &self,
        actor: &Actor,
        now: Instant,
        students: impl IntoIterator<Item = &'s StudentId>,
    ) -> Result<(), AppError> {
        let students: BTreeSet<StudentId> = students.into_iter().cloned().collect();
        self.act(Order::new("read_letters", actor, now), move |work| {
            match work.who.as_ref().map(|who| who.id.clone()) {
                Some(who) => contacts::log_reads(work, &who, &students),
                None => Ok(()),
            }
        })
    }
}

/// The contacts of messages whom the reader must not see: they are not to be contacted.
pub(super) struct Blocked(BTreeSet<String>);

impl Blocked {
    pub(super) fn load(reading: &mut Reading<'_, '_>, rows: &[&LetterRow]) -> Result<Self, AppError> {
        let may_see = reading.who.as_ref().is_none_or(|who| who.scope.may(Permission::SeeBlocked));
        if may_see || rows.is_empty() {
            return Ok(Self(BTreeSet::new()));
        }
        let ids: BTreeSet<StudentId> = rows.iter().map(|row| row.student_id.clone()).collect();
        let ids: Vec<StudentId> = ids.into_iter().collect();
        Ok(Self(contacts::blocked(reading.tx, reading.school.number, &ids)?))
    }

    /// Whether a message went to one of these.
    pub(super) fn has(&self, row: &LetterRow) -> bool {
        self.0.contains(&row.contact_id)
    }

    /// A message with how far it has come, without whom it went to and what was said of them where
    /// they are among these.
    pub(super) fn line(&self, row: LetterRow, student: StudentRow, events: &[LetterEvent]) -> LetterLine {
        if !self.has(&row) {
            return line_of(row, student, events);
        }
        LetterLine { why: String::new(), ..line_of(row.without_contact(), student, events) }
    }
}

/// Messages about students in reach, with how far each has come, in order of the students' names.
pub(crate) fn lines_of(
    reading: &mut Reading<'_, '_>,
    rows: Vec<LetterRow>,
) -> Result<Vec<LetterLine>, AppError> {
    let events = events_of(reading, &rows)?;
    let blocked = Blocked::load(reading, &rows.iter().collect::<Vec<_>>())?;
    let students = in_reach(reading, &rows)?;
    let mut lines = Vec::new();
    for row in rows {
        let Some(student) = students.get(&row.student_id) else { continue };
        let own = events.get(&row.id).map_or(&[][..], Vec::as_slice);
        lines.push(blocked.line(row, student.clone(), own));
    }
    lines.sort_by_cached_key(|line| line.student.sort_key());
    Ok(lines)
}

/// The students of messages whom the reader may write about.
pub(super) fn in_reach(
    reading: &mut Reading<'_, '_>,
    rows: &[LetterRow],
) -> Result<BTreeMap<StudentId, StudentRow>, AppError> {
    /// From how many students on the whole roll is read at once.
    const MANY: usize = 20;
    let ids: BTreeSet<&StudentId> = rows.iter().map(|row| &row.student_id).collect();
    let number = reading.school.number;
    let mut found = Vec::new();
    if ids.len() >= MANY {
        found = store::people::students(reading.tx, number)?;
        found.retain(|student| ids.contains(&student.id));
    } else {
        for id in ids {
            found.extend(store::people::student(reading.tx, number, id)?);
        }
    }
    found.retain(|student| reading.reaches(Permission::WriteHome, student));
    Ok(found.into_iter().map(|student| (student.id.clone(), student)).collect())
}

/// The events of messages, by message, oldest first.
pub(super) fn events_of(
    reading: &mut Reading<'_, '_>,
    rows: &[LetterRow],
) -> Result<BTreeMap<String, Vec<LetterEvent>>, AppError> {
    let ids = rows.iter().map(|row| row.id.as_str());
    let mut events: BTreeMap<String, Vec<LetterEvent>> = BTreeMap::new();
    for event in store::letter::events(reading.tx, reading.school.number, ids)? {
        events.entry(event.letter_id.clone()).or_default().push(event);
    }
    Ok(events)
}

fn line_of(row: LetterRow, student: StudentRow, events: &[LetterEvent]) -> LetterLine {
    let open = if row.channel == Channel::Letter { LetterState::ToPost } else { LetterState::Waiting };
    let ended = events.iter().rfind(|event| event.kind != LetterEventKind::Settled);
    let state = ended.map_or(open, |event| match event.kind {
        LetterEventKind::Sent | LetterEventKind::Settled => LetterState::Sent,
        LetterEventKind::Failed => LetterState::Failed,
        LetterEventKind::CameBack => LetterState::CameBack,
        LetterEventKind::Dropped => LetterState::Dropped,
    });
    LetterLine {
        at: ended.map_or(row.recorded_at, |event| event.at),
        why: ended.map(|event| event.why.clone()).unwrap_or_default(),
        row,
        student,
        state,
    }
}
