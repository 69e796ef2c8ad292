//! Runs and messages as people look at them: what is to print, what went, what failed, and what was
//! right when it went and is not any more.

use super::facts::{Absences, read_half_days};
use super::outcome::is_sent;
use crate::contacts;
use crate::views::{Reading, StaffNames};
use crate::work::{Actor, Order};
use crate::{AppError, School};
use domain::{Channel, CrossingState, HalfDay, Instant, Permission, StudentId, TermId};
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
    /// Whether its letters were printed.
    pub is_printed: bool,
}

/// A message that went, or is about to, and is no longer right.
#[derive(Clone)]
pub struct WrongLetter {
    /// The message.
    pub line: LetterLine,
    /// The half-days that it called absent and that are not any more.
    pub no_longer: Vec<HalfDay>,
    /// The absent half-days that it spoke of, and those that stand now.
    pub absent_half_days: (usize, usize),
    /// Whether the level that it was sent for is not reached any more.
    pub level_is_withdrawn: bool,
}

impl School {
    /// The latest runs with a message about a student in reach, the latest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who does not write to whānau.
    pub fn letter_runs(&self, actor: &Actor, now: Instant) -> Result<Vec<RunLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::WriteHome, "see what was sent")?;
            let number = reading.school.number;
            let names = StaffNames::load(reading.tx, number)?;
            let mut lines = Vec::new();
            for run in store::letter::latest_runs(reading.tx, number, MOST_RUNS)? {
                let rows = store::letter::of_run(reading.tx, number, &run.id)?;
                let mut counts = BTreeMap::new();
                for line in lines_of(reading, rows)? {
                    *counts.entry(line.state).or_default() += 1;
                }
                if !counts.is_empty() {
                    lines.push(RunLine { by: names.name(run.staff_id.as_str()), run, counts });
                }
            }
            Ok(lines)
        })
    }

    /// One run with its messages about students in reach.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub fn letter_run(&self, actor: &Actor, now: Instant, id: &str) -> Result<RunView, AppError> {
        self.view(actor, now, |reading| {
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
            Ok(RunView {
                by: names.name(run.staff_id.as_str()),
                run,
                letters,
                responses: responses.into_iter().collect(),
                is_printed: store::letter::print(reading.tx, number, id)?.is_some(),
            })
        })
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
        let student = found.1.student.id.clone();
        self.act(Order::new("read_letter", actor, now).about(id.to_owned()), move |work| {
            if let Some(who) = work.who.as_ref().map(|who| who.id.clone()) {
                crate::contacts::log_reads(work, &who, [&student])?;
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The messages of the term that went, or are about to, and are no longer right: a date that they
    /// name is no absence any more, or their level is not reached any more. Those that were put right,
    /// or dealt with otherwise, are not among them.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who does not write to whānau.
    pub fn wrong_letters(&self, actor: &Actor, now: Instant) -> Result<Vec<WrongLetter>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::WriteHome, "see what was sent")?;
            let term = reading.calendar.term_at_or_before(reading.current.date).map(|term| term.id);
            term.map_or_else(|| Ok(Vec::new()), |term| wrong_of_term(reading, term))
        })
    }
}

fn wrong_of_term(reading: &mut Reading<'_, '_>, term: TermId) -> Result<Vec<WrongLetter>, AppError> {
    let number = reading.school.number;
    let Some(calendar) = reading.calendar.term_calendar(term) else { return Ok(Vec::new()) };
    let rows = store::letter::of_term(reading.tx, number, term)?;
    let mut events: BTreeMap<String, Vec<LetterEvent>> = BTreeMap::new();
    for event in store::letter::events(reading.tx, number, rows.iter().map(|row| row.id.as_str()))? {
        events.entry(event.letter_id.clone()).or_default().push(event);
    }
    let own = |id: &str| events.get(id).map_or(&[][..], Vec::as_slice);
    // A correction that went, or is on its way, puts the message right.
    let stopped =
        |event: &LetterEvent| !matches!(event.kind, LetterEventKind::Sent | LetterEventKind::Settled);
    let put_right: BTreeSet<&str> = rows
        .iter()
        .filter(|row| !own(&row.id).iter().any(stopped))
        .filter_map(|row| row.corrects.as_deref())
        .collect();
    let is_open = |row: &&LetterRow| {
        let own = own(&row.id);
        let is_settled = own.iter().any(|event| event.kind == LetterEventKind::Settled);
        (own.is_empty() || is_sent(own)) && !is_settled && !put_right.contains(row.id.as_str())
    };
    let went: Vec<&LetterRow> = rows.iter().filter(is_open).collect();
    let ids: BTreeSet<&StudentId> = went.iter().map(|row| &row.student_id).collect();
    let tallies = store::derived::tallies(reading.tx, number, term, ids.iter().copied())?;
    let crossings = store::derived::crossings(reading.tx, number, term, ids.iter().copied())?;
    let blocked = Blocked::load(reading, &went)?;
    let mut found = Vec::new();
    for row in went {
        let sheet = tallies.iter().find(|one| one.student_id == row.student_id);
        let absences = Absences::of(sheet, &calendar, &reading.codes, reading.current);
        let said = read_half_days(&row.half_days);
        let is_absent = |half_day: &&HalfDay| absences.half_days.contains(half_day);
        let no_longer: Vec<HalfDay> = said.iter().filter(|one| !is_absent(one)).copied().collect();
        let of_level = |crossing: &&store::derived::CrossingRow| {
            crossing.student_id == row.student_id && Some(crossing.reached.threshold) == row.threshold
        };
        let reached = crossings.iter().find(of_level);
        let is_withdrawn = reached.is_none_or(|crossing| crossing.state == CrossingState::Withdrawn);
        let level_is_withdrawn = row.threshold.is_some() && is_withdrawn;
        if no_longer.is_empty() && !level_is_withdrawn {
            continue;
        }
        let Ok(student) = reading.student(Permission::WriteHome, &row.student_id) else { continue };
        let absent_half_days = (said.len(), absences.half_days.len());
        let line = line_of(blocked.hide(row.clone()), student, own(&row.id));
        found.push(WrongLetter { line, no_longer, absent_half_days, level_is_withdrawn });
    }
    found.sort_by_key(|wrong| wrong.line.student.sort_key());
    Ok(found)
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

    /// The message without whom it went to, where they are among these.
    fn hide(&self, row: LetterRow) -> LetterRow {
        if self.has(&row) { row.without_contact() } else { row }
    }
}

/// Messages about students in reach, with how far each has come, in order of the students' names.
pub(crate) fn lines_of(
    reading: &mut Reading<'_, '_>,
    rows: Vec<LetterRow>,
) -> Result<Vec<LetterLine>, AppError> {
    let number = reading.school.number;
    let events = store::letter::events(reading.tx, number, rows.iter().map(|row| row.id.as_str()))?;
    let blocked = Blocked::load(reading, &rows.iter().collect::<Vec<_>>())?;
    let mut lines = Vec::new();
    for row in rows {
        let Ok(student) = reading.student(Permission::WriteHome, &row.student_id) else { continue };
        let own: Vec<LetterEvent> =
            events.iter().filter(|event| event.letter_id == row.id).cloned().collect();
        lines.push(line_of(blocked.hide(row), student, &own));
    }
    lines.sort_by_key(|line| line.student.sort_key());
    Ok(lines)
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
