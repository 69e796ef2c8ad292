//! What people decide about tasks, which themselves are derived: to whom one was given, who covers
//! for whom, for which step a response was recorded, flags and holds.

use crate::row::{Reader, date};
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Date, Instant, SchoolNumber, StaffId, StepKey, StudentId, TermId};
use std::collections::HashMap;

/// A flag set on a student, or taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagRow {
    /// Whose.
    pub student_id: StudentId,
    /// Which flag.
    pub flag: String,
    /// The act.
    pub act: i64,
    /// On which day.
    pub on: Date,
    /// Whether it was set; taken off otherwise.
    pub is_set: bool,
}

/// A hold on a student, as it was last agreed.
#[derive(Clone, PartialEq, Eq)]
pub struct HoldRow {
    /// Its number, which every version keeps.
    pub id: i64,
    /// The act that brought this version.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// On whom.
    pub student_id: StudentId,
    /// `illness`, `surgery`, `bereavement` or `other`.
    pub kind: String,
    /// Why, for the school alone.
    pub why: String,
    /// The first day.
    pub first_day: Date,
    /// The last day; before the first for one that was taken back.
    pub last_day: Date,
    /// Who looks at it again when it ends.
    pub reviewer: StaffId,
}

impl std::fmt::Debug for HoldRow {
    /// Without why, which is as private as a note.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "HoldRow({} on {}, {} to {})", self.id, self.student_id, self.first_day, self.last_day)
    }
}

/// A task given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Whose task.
    pub student_id: StudentId,
    /// Which step, as its key is written.
    pub step: String,
    /// To whom; nobody when it went back to whom the plan names.
    pub staff_id: Option<StaffId>,
}

/// Somebody who holds a duty or stands in for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverRow {
    /// Its number, which every version keeps.
    pub id: i64,
    /// The duty, or the word of the role.
    pub owner: String,
    /// A group, a year written `Year 10`, or nothing for everybody.
    pub scope: String,
    /// Who.
    pub staff_id: StaffId,
    /// From when.
    pub first_day: Date,
    /// Until when, inclusive; without end when empty, never when before the first day.
    pub last_day: Option<Date>,
}

impl CoverRow {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn holds(&self, on: Date) -> bool {
        self.first_day <= on && self.last_day.is_none_or(|last| on <= last)
    }
}

/// Sets a flag or takes it off.
///
/// # Errors
/// When the database refuses.
pub fn insert_flag(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    at: Instant,
    row: &FlagRow,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.student_id.as_str().into(),
        row.flag.as_str().into(),
        row.act.into(),
        at.micros().into(),
        row.on.to_string().into(),
        row.is_set.into(),
    ];
    tx.execute(sql::FLAG_INSERT, &values)?;
    Ok(())
}

/// Every setting and taking off of flags, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn flags(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<FlagRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("student_flag", row);
        Ok(FlagRow {
            student_id: row.student_id()?,
            flag: row.next()?,
            act: row.next()?,
            on: row.date()?,
            is_set: row.next()?,
        })
    };
    tx.query(sql::FLAG_ALL, &[school.number().into()])?.into_iter().map(read).collect()
}

/// Adds a version of a hold. One without a number (0) gets the next.
///
/// # Errors
/// When the database refuses.
pub fn insert_hold(tx: &mut Tx<'_>, school: SchoolNumber, row: &HoldRow) -> Result<i64, StoreError> {
    let id = if row.id > 0 { row.id } else { next_id(tx, school, sql::HOLD_LAST)? };
    let values = [
        school.number().into(),
        id.into(),
        row.act.into(),
        row.recorded_at.micros().into(),
        row.student_id.as_str().into(),
        row.kind.as_str().into(),
        row.why.as_str().into(),
        row.first_day.to_string().into(),
        row.last_day.to_string().into(),
        row.reviewer.as_str().into(),
    ];
    tx.execute(sql::HOLD_INSERT, &values)?;
    Ok(id)
}

/// The holds as they stand, by number.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn holds(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<HoldRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("hold", row);
        Ok(HoldRow {
            id: row.next()?,
            act: row.next()?,
            recorded_at: row.instant()?,
            student_id: row.student_id()?,
            kind: row.next()?,
            why: row.next()?,
            first_day: row.date()?,
            last_day: row.date()?,
            reviewer: row.staff_id()?,
        })
    };
    tx.query(sql::HOLD_STANDING, &[school.number().into()])?.into_iter().map(read).collect()
}

/// Gives a task to somebody, or back.
///
/// # Errors
/// When the database refuses.
pub fn assign(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (act, at): (i64, Instant),
    term: TermId,
    row: &AssignmentRow,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.student_id.as_str().into(),
        term.to_string().into(),
        row.step.as_str().into(),
        act.into(),
        at.micros().into(),
        row.staff_id.as_ref().map(StaffId::as_str).into(),
    ];
    tx.execute(sql::ASSIGNMENT_INSERT, &values)?;
    Ok(())
}

/// To whom the tasks of a term were given last.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn assignments(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
) -> Result<HashMap<(StudentId, String), StaffId>, StoreError> {
    let mut given = HashMap::new();
    for row in tx.query(sql::ASSIGNMENT_OF_TERM, &[school.number().into(), term.to_string().into()])? {
        let mut row = Reader::new("task_assignment", row);
        let key = (row.student_id()?, row.next()?);
        match row.optional("a staff id", |text| StaffId::parse(text).ok())? {
            Some(staff_id) => given.insert(key, staff_id),
            None => given.remove(&key),
        };
    }
    Ok(given)
}

/// Adds a version of a cover. One without a number (0) gets the next.
///
/// # Errors
/// When the database refuses.
pub fn insert_cover(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (act, at): (i64, Instant),
    row: &CoverRow,
) -> Result<i64, StoreError> {
    let id = if row.id > 0 { row.id } else { next_id(tx, school, sql::COVER_LAST)? };
    let values = [
        school.number().into(),
        id.into(),
        act.into(),
        at.micros().into(),
        row.owner.as_str().into(),
        row.scope.as_str().into(),
        row.staff_id.as_str().into(),
        row.first_day.to_string().into(),
        row.last_day.map(|last| last.to_string()).into(),
    ];
    tx.execute(sql::COVER_INSERT, &values)?;
    Ok(id)
}

/// The covers as they stand, by number.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn covers(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<CoverRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("cover", row);
        Ok(CoverRow {
            id: row.next()?,
            owner: row.next()?,
            scope: row.next()?,
            staff_id: row.staff_id()?,
            first_day: row.date()?,
            last_day: row.optional("a date", date)?,
        })
    };
    tx.query(sql::COVER_STANDING, &[school.number().into()])?.into_iter().map(read).collect()
}

/// Keeps for which step a response was recorded.
///
/// # Errors
/// When the database refuses.
pub fn insert_step(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    term: TermId,
    (response, step): (&str, &StepKey),
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        response.into(),
        act.into(),
        term.to_string().into(),
        step.to_string().into(),
    ];
    tx.execute(sql::STEP_INSERT, &values)?;
    Ok(())
}

/// The steps for which the responses of a term were recorded, by response.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn steps(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
) -> Result<HashMap<String, StepKey>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("response_step", row);
        Ok((row.next()?, row.named("a step", StepKey::parse)?))
    };
    let values = [school.number().into(), term.to_string().into()];
    tx.query(sql::STEP_OF_TERM, &values)?.into_iter().map(read).collect()
}

/// How many periods of each student were marked with one of some letters on each date of a stretch; a
/// letter that differs in its case alone may be among them.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn classes(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (from, to): (Date, Date),
    letters: &str,
) -> Result<Vec<(StudentId, Date, char, u32)>, StoreError> {
    let values = [school.number().into(), from.to_string().into(), to.to_string().into(), letters.into()];
    let read = |row| {
        let mut row = Reader::new("mark", row);
        Ok((row.student_id()?, row.date()?, row.named("a code", crate::row::letter)?, row.next()?))
    };
    tx.query(sql::MARK_CLASSES, &values)?.into_iter().map(read).collect()
}

/// The students of whom any period of a stretch is marked.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn marked_by_period(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (from, to): (Date, Date),
) -> Result<Vec<StudentId>, StoreError> {
    let values = [school.number().into(), from.to_string().into(), to.to_string().into()];
    let read = |row| Reader::new("student", row).student_id();
    tx.query(sql::MARK_BY_PERIOD, &values)?.into_iter().map(read).collect()
}

fn next_id(tx: &mut Tx<'_>, school: SchoolNumber, statement: &'static str) -> Result<i64, StoreError> {
    let row = tx.query_one(statement, &[school.number().into()])?;
    let last: Option<i64> = match row {
        Some(mut row) => row.take(0)?,
        None => None,
    };
    Ok(last.unwrap_or(0) + 1)
}
