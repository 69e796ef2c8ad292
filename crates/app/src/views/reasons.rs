//! Absences of the term without a reason, oldest first, justified or not: half-days in a row are
//! one line. Who may correct marks writes the reason down, for all of a line at once.

use super::Reading;
use super::everybody::{Everybody, Member};
use crate::{Actor, AppError, School};
use domain::period::shown_code;
use domain::{Cell, CodeList, HalfDay, Instant, Permission, StudentId, Term};
use std::borrow::Cow;
use std::collections::HashSet;
use store::people::StudentRow;

/// How many lines a page of the list has.
const LINES: usize = 50;

/// Absent half-days of one student in a row, none with a reason.
#[derive(Debug, Clone)]
pub struct WithoutReason {
    /// Who.
    pub student: StudentRow,
    /// The half-days in order, with the code that stands; nothing where several of a period
    /// register decided.
    pub half_days: Vec<(HalfDay, Option<char>)>,
    /// Those for which the reader may record a reason.
    pub may_record: Vec<HalfDay>,
}

impl WithoutReason {
    /// The first half-day.
    #[must_use]
    pub fn first(&self) -> Option<HalfDay> {
        self.half_days.first().map(|(half_day, _)| *half_day)
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Reasons {
    /// The term it speaks of.
    pub term: Option<Term>,
    /// The lines of the page that was asked for, oldest first.
    pub lines: Vec<WithoutReason>,
    /// How many lines there are in all.
    pub count: usize,
    /// How many half-days those are.
    pub half_days: usize,
    /// Which page this is, from 1, and how many there are.
    pub page: (usize, usize),
    /// The attendance codes over time.
    pub codes: Cow<'static, CodeList>,
}

impl School {
    /// The absences of the term without a reason, of the students in the reader's reach; `page`
    /// counts from 1.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn reasons(&self, actor: &Actor, now: Instant, page: usize) -> Result<Reasons, AppError> {
        self.some_reasons(actor, now, page, LINES)
    }

    /// The same, all of them on one page.
    ///
    /// # Errors
    /// As [`School::reasons`].
    pub fn all_reasons(&self, actor: &Actor, now: Instant) -> Result<Reasons, AppError> {
        self.some_reasons(actor, now, 1, usize::MAX)
    }

    fn some_reasons(
        &self,
        actor: &Actor,
        now: Instant,
        page: usize,
        most: usize,
    ) -> Result<Reasons, AppError> {
        self.view(actor, now, |reading| {
            let mut lines = all(reading)?;
            let (count, pages) = (lines.len(), lines.len().div_ceil(most).max(1));
            let half_days = lines.iter().map(|line| line.half_days.len()).sum();
            let page = page.clamp(1, pages);
            lines = lines.into_iter().skip((page - 1).saturating_mul(most)).take(most).collect();
            Ok(Reasons {
                term: reading.present_term(),
                lines,
                count,
                half_days,
                page: (page, pages),
                codes: reading.codes.clone(),
            })
        })
    }

    /// The line of one student that holds a half-day, and the one after it in the list.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when that half-day is no absence without a reason in the reader's
    /// reach.
    pub fn without_reason(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
        half_day: HalfDay,
    ) -> Result<(WithoutReason, Option<WithoutReason>, Cow<'static, CodeList>), AppError> {
        self.view(actor, now, |reading| {
            let lines = all(reading)?;
            let holds = |line: &WithoutReason| {
                line.student.id == *id && line.half_days.iter().any(|(held, _)| *held == half_day)
            };
            let missing = || AppError::not_found("there is no such absence among your students");
            let at = lines.iter().position(holds).ok_or_else(missing)?;
            let next = lines.iter().skip(at + 1).find(|line| !line.may_record.is_empty()).cloned();
            Ok((lines[at].clone(), next, reading.codes.clone()))
        })
    }
}

fn all(reading: &mut Reading<'_, '_>) -> Result<Vec<WithoutReason>, AppError> {
    reading.require(Permission::SeeStudents, "see students")?;
    let Some(term) = reading.present_term() else { return Ok(Vec::new()) };
    match Everybody::load(reading, term)? {
        Some(everybody) => of(reading, &everybody),
        None => Ok(Vec::new()),
    }
}

/// Every line of everybody's term, oldest first.
pub(super) fn of(
    reading: &mut Reading<'_, '_>,
    everybody: &Everybody,
) -> Result<Vec<WithoutReason>, AppError> {
    let term = everybody.calendar.term;
    let dates = (term.first_day, term.last_day);
    let given = store::reason::slots(reading.tx, reading.school.number, dates)?;
    let mut lines = Vec::new();
    for member in &everybody.members {
        add_lines(reading, everybody, member, &given, &mut lines);
    }
    lines.sort_by_cached_key(|line| (line.first(), line.student.sort_key()));
    Ok(lines)
}

fn add_lines(
    reading: &Reading<'_, '_>,
    everybody: &Everybody,
    member: &Member,
    given: &HashSet<(StudentId, HalfDay)>,
    lines: &mut Vec<WithoutReason>,
) {
    let calendar = &everybody.calendar;
    let any_day = reading.reaches(Permission::CorrectMark, &member.student);
    let today = reading.reaches(Permission::CorrectMarkToday, &member.student);
    let mut line: Option<WithoutReason> = None;
    for (position, &half_day) in calendar.open.iter().enumerate().take(everybody.through) {
        let waits = member.is_absent(calendar, &reading.codes, position)
            && (given.is_empty() || !given.contains(&(member.student.id.clone(), half_day)));
        let (true, Cell::Marked(letter)) = (waits, member.sheet.cell(position)) else {
            lines.extend(line.take());
            continue;
        };
        let line = line.get_or_insert_with(|| WithoutReason {
            student: member.student.clone(),
            half_days: Vec::new(),
            may_record: Vec::new(),
        });
        line.half_days.push((half_day, shown_code(letter)));
        if any_day || (today && half_day.date == reading.current.date) {
            line.may_record.push(half_day);
        }
    }
    lines.extend(line);
}
