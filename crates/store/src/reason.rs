//! The reasons given for absences, every version: private, like notes.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Date, Half, HalfDay, Instant, SchoolNumber, StudentId};
use std::collections::HashSet;

/// A reason given for an absence: private, like a note.
#[derive(Clone, PartialEq, Eq)]
pub struct ReasonVersion {
    /// Whose absence.
    pub student_id: StudentId,
    /// Which half-day.
    pub half_day: HalfDay,
    /// 1 for the first, one more for each change.
    pub version: i64,
    /// The act that brought it.
    pub act: i64,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The reason.
    pub reason: String,
    /// Who gave it.
    pub given_by: String,
    /// How: by phone, e-mail, in person …
    pub given_how: String,
    /// When it was given, where somebody said; when it was written down is `recorded_at`.
    pub given_at: Option<Instant>,
}

/// Adds a version of a reason.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, reason: &ReasonVersion) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        reason.student_id.as_str().into(),
        reason.half_day.date.to_string().into(),
        reason.half_day.half.text().into(),
        reason.version.into(),
        reason.act.into(),
        reason.recorded_at.micros().into(),
        reason.reason.as_str().into(),
        reason.given_by.as_str().into(),
        reason.given_how.as_str().into(),
        reason.given_at.map(Instant::micros).into(),
    ];
    tx.execute(sql::REASON_INSERT, &values)?;
    Ok(())
}

/// Every version of the reasons for a student's absences between two dates.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
    dates: (Date, Date),
) -> Result<Vec<ReasonVersion>, StoreError> {
    let values = [
        school.number().into(),
        student.as_str().into(),
        dates.0.to_string().into(),
        dates.1.to_string().into(),
    ];
    let read = |row| {
        let mut row = Reader::new("reason", row);
        Ok(ReasonVersion {
            student_id: row.student_id()?,
            half_day: row.half_day()?,
            version: row.next()?,
            act: row.next()?,
            recorded_at: row.instant()?,
            reason: row.next()?,
            given_by: row.next()?,
            given_how: row.next()?,
            given_at: row.optional_instant()?,
        })
    };
    tx.query(sql::REASON_OF_STUDENT, &values)?.into_iter().map(read).collect()
}

/// The half-days between two dates that have a reason.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn slots(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    dates: (Date, Date),
) -> Result<HashSet<(StudentId, HalfDay)>, StoreError> {
    let values = [school.number().into(), dates.0.to_string().into(), dates.1.to_string().into()];
    let rows = tx.query(sql::REASON_SLOTS, &values)?;
    rows.into_iter()
        .map(|row| {
            let mut row = Reader::new("reason", row);
            Ok((row.student_id()?, HalfDay::new(row.date()?, row.named("a half", Half::parse)?)))
        })
        .collect()
}
