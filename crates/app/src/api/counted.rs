//! What programs see of what was counted: half-days, tallies, crossings, and what is owed.

use super::Slice;
use crate::views::{Everybody, OwedTask, Reading, open_tasks};
use crate::work::Actor;
use crate::{AppError, School};
use domain::period::shown_code;
use domain::{
    ApiScope, Cell, Class, CrossingState, Date, HalfDay, Instant, StudentId, Tally, Term, TermId, Threshold,
};
use std::collections::BTreeMap;
use store::people::StudentRow;

/// What is asked for of a term.
#[derive(Debug, Clone, Default)]
pub struct CountsAsk {
    /// Which term; the current one, or the last before a break, when none is named.
    pub term: Option<TermId>,
    /// On one date alone.
    pub date: Option<Date>,
    /// Of one student alone.
    pub student: Option<StudentId>,
    /// Of one form or whānau class.
    pub group: Option<String>,
    /// After this one: a student, and the place of the row among the student's.
    pub after: Option<(StudentId, u64)>,
    /// The most to answer.
    pub limit: usize,
}

/// A half-day of a student, counted.
#[derive(Debug, Clone)]
pub struct CountedHalfDay {
    /// Whose.
    pub student_id: StudentId,
    /// Which.
    pub half_day: HalfDay,
    /// What it amounts to; nothing when it is unmarked.
    pub class: Option<Class>,
    /// The code that decided; nothing where several did.
    pub code: Option<char>,
    /// Its place in the term.
    pub place: u64,
}

/// A student's tally.
#[derive(Debug, Clone)]
pub struct CountedTally {
    /// Whose.
    pub student_id: StudentId,
    /// Of which term.
    pub term: TermId,
    /// Counts up to the current half-day, `open` too.
    pub tally: Tally,
}

/// Where a crossing stands.
#[derive(Debug, Clone)]
pub struct CrossingRecord {
    /// Whose.
    pub student_id: StudentId,
    /// In which term.
    pub term: TermId,
    /// Which level.
    pub threshold: Threshold,
    /// Whether it stands.
    pub state: CrossingState,
    /// The half-day that reached it, or last did.
    pub half_day: HalfDay,
    /// How often it was reached or withdrawn so far.
    pub version: i64,
}

/// A task, with who owes it.
#[derive(Debug, Clone)]
pub struct TaskRecord {
    /// For whom it is done.
    pub student_id: StudentId,
    /// In which term.
    pub term: TermId,
    /// What is owed, by whom and by when.
    pub task: OwedTask,
}

impl TaskRecord {
    /// What tells it apart from the student's other tasks, in their order.
    #[must_use]
    pub fn key(&self) -> String {
        key_of(&self.task)
    }
}

fn key_of(task: &OwedTask) -> String {
    format!("{} {:06}", task.key, task.turn)
}

impl CountsAsk {
    fn term_of(&self, reading: &Reading<'_, '_>) -> Result<Option<Term>, AppError> {
        let Some(id) = self.term else { return Ok(reading.present_term()) };
        let known = reading.calendar.term(id).copied();
        known.map(Some).ok_or_else(|| AppError::not_found(format!("{id} is not in the school's calendar")))
    }

    fn is_of(&self, student: &StudentRow) -> bool {
        self.student.as_ref().is_none_or(|own| *own == student.id)
            && self.group.as_ref().is_none_or(|own| *own == student.group)
    }

    /// Whether a row comes after the one that was answered last.
    fn is_next(&self, student: &StudentId, place: u64) -> bool {
        self.after.as_ref().is_none_or(|(last, at)| (student, place) > (last, *at))
    }
}

impl School {
    /// Half-days of a term that have come, in order of student and time.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::NotFound`] for an unknown term.
    pub fn api_half_days(
        &self,
        actor: &Actor,
        now: Instant,
        ask: &CountsAsk,
    ) -> Result<Slice<CountedHalfDay>, AppError> {
        actor.require_scope(ApiScope::MarksRead)?;
        self.view(actor, now, |reading| {
            let Some(everybody) = load(reading, ask)? else { return Ok(Slice::of(std::iter::empty(), 0)) };
            let codes = &reading.codes;
            let days = &everybody.calendar.open[..everybody.through];
            let wanted = |half_day: &HalfDay| ask.date.is_none_or(|date| date == half_day.date);
            let members = everybody.members.iter().filter(|member| ask.is_of(&member.student));
            let members = members.filter(|member| ask.is_next(&member.student.id, u64::MAX));
            let rows = members.flat_map(|member| {
                let days = days.iter().enumerate().filter(move |(_, half_day)| wanted(half_day));
                days.filter_map(move |(position, &half_day)| {
                    let (class, code) = match member.sheet.cell(position) {
                        Cell::NotEnrolled => return None,
                        Cell::Unmarked => (None, None),
                        Cell::Marked(letter) => (codes.class(letter, half_day.date), shown_code(letter)),
                    };
                    let (student_id, place) = (member.student.id.clone(), position as u64);
                    Some(CountedHalfDay { student_id, half_day, class, code, place })
                })
            });
            Ok(Slice::of(rows.filter(|row| ask.is_next(&row.student_id, row.place)), ask.limit))
        })
    }

    /// Tallies of a term, in order of student.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::NotFound`] for an unknown term.
    pub fn api_tallies(
        &self,
        actor: &Actor,
        now: Instant,
        ask: &CountsAsk,
    ) -> Result<Slice<CountedTally>, AppError> {
        actor.require_scope(ApiScope::TalliesRead)?;
        self.view(actor, now, |reading| {
            let Some(everybody) = load(reading, ask)? else { return Ok(Slice::of(std::iter::empty(), 0)) };
            let term = everybody.calendar.term.id;
            let members = everybody.members.into_iter().filter(|member| ask.is_of(&member.student));
            let rows = members
                .filter(|member| ask.is_next(&member.student.id, 0))
                .map(|member| CountedTally { student_id: member.student.id, term, tally: member.tally });
            Ok(Slice::of(rows, ask.limit))
        })
    }

    /// Crossings of a term, withdrawn ones too, in order of student and level.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::NotFound`] for an unknown term.
    pub fn api_crossings(
        &self,
        actor: &Actor,
        now: Instant,
        ask: &CountsAsk,
        state: Option<CrossingState>,
    ) -> Result<Slice<CrossingRecord>, AppError> {
        actor.require_scope(ApiScope::CrossingsRead)?;
        self.view(actor, now, |reading| {
            let Some(term) = ask.term_of(reading)? else { return Ok(Slice::of(std::iter::empty(), 0)) };
            let number = reading.school.number;
            let rows = store::derived::crossings_of_term(reading.tx, number, term.id)?;
            let records = rows.into_iter().filter(|row| {
                ask.student.as_ref().is_none_or(|own| *own == row.student_id)
                    && state.is_none_or(|state| state == row.state)
                    && ask.is_next(&row.student_id, level(row.reached.threshold))
            });
            let record = |row: store::derived::CrossingRow| CrossingRecord {
                student_id: row.student_id,
                term: row.term,
                threshold: row.reached.threshold,
                state: row.state,
                half_day: row.reached.half_day,
                version: row.event,
            };
            Ok(Slice::of(records.map(record), ask.limit))
        })
    }

    /// What is owed in a term, in order of student and step; `after` names the student and the key of
    /// the last one.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope.
    pub fn api_tasks(
        &self,
        actor: &Actor,
        now: Instant,
        ask: &CountsAsk,
        after: Option<(StudentId, String)>,
    ) -> Result<Slice<TaskRecord>, AppError> {
        actor.require_scope(ApiScope::CrossingsRead)?;
        self.view(actor, now, |reading| {
            let Some(term) = ask.term_of(reading)? else { return Ok(Slice::of(std::iter::empty(), 0)) };
            let students = store::people::students(reading.tx, reading.school.number)?;
            let students: BTreeMap<StudentId, StudentRow> = students
                .into_iter()
                .filter(|student| ask.is_of(student))
                .map(|student| (student.id.clone(), student))
                .collect();
            let tasks = open_tasks(reading, term, &students)?;
            let mut keyed: Vec<((StudentId, String), OwedTask)> =
                tasks.into_iter().map(|(student, _, task)| ((student, key_of(&task)), task)).collect();
            keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
            let rest = keyed.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after));
            let records = rest.map(|((student_id, _), task)| TaskRecord { student_id, term: term.id, task });
            Ok(Slice::of(records, ask.limit))
        })
    }
}

/// A level's place among a student's.
fn level(threshold: Threshold) -> u64 {
    threshold.days().unsigned_abs()
}

fn load(reading: &mut Reading<'_, '_>, ask: &CountsAsk) -> Result<Option<Everybody>, AppError> {
    match ask.term_of(reading)? {
        Some(term) => Everybody::load_where(reading, term, true),
        None => Ok(None),
    }
}
