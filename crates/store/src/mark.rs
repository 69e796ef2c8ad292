//! Marks and the reasons given for absences: what a person or a file entered, every version.

use crate::row::{Reader, any_of, letter};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Date, Half, HalfDay, Instant, SchoolNumber, StudentId};
use std::collections::BTreeSet;

/// The source of a mark that a person entered in Starboard.
pub const BY_HAND: &str = "starboard";

/// A mark about to be written.
#[derive(Debug, Clone)]
pub struct NewMark<'a> {
    /// Whose.
    pub student_id: &'a StudentId,
    /// Which half-day. (A period register will bring other slots.)
    pub half_day: HalfDay,
    /// 1 for the first mark of the slot, one more for each correction.
    pub version: i64,
    /// The letter as it was entered; nothing unmarks.
    pub letter: Option<char>,
    /// Where it came from: [`BY_HAND`] or the name of an import's source.
    pub source: &'a str,
    /// When it was entered at the source, if the source says.
    pub entered_at: Option<Instant>,
    /// Who entered it.
    pub entered_by: &'a str,
}

/// A mark that was entered at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkVersion {
    /// Whose.
    pub student_id: StudentId,
    /// Which half-day.
    pub half_day: HalfDay,
    /// 1 for the first, one more for each correction.
    pub version: i64,
    /// The act that brought it.
    pub act: i64,
    /// When it was recorded here.
    pub recorded_at: Instant,
    /// The letter as it was entered; nothing when it was unmarked.
    pub letter: Option<char>,
    /// Where it came from.
    pub source: String,
    /// When it was entered at the source.
    pub entered_at: Option<Instant>,
    /// Who entered it.
    pub entered_by: String,
}

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

/// Adds versions of marks.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    marks: &[NewMark<'_>],
) -> Result<(), StoreError> {
    let row = |mark: &NewMark<'_>| {
        vec![
            school.number().into(),
            mark.student_id.as_str().into(),
            mark.half_day.date.to_string().into(),
            mark.half_day.half.text().into(),
            mark.version.into(),
            act.into(),
            at.micros().into(),
            mark.letter.map(|letter| letter.to_string()).into(),
            mark.source.into(),
            mark.entered_at.map(Instant::micros).into(),
            mark.entered_by.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = marks.iter().map(row).collect();
    Ok(tx.insert_many(sql::MARK_INSERT, &rows)?)
}

/// Every version of some students' marks of one half-day, in order of student and version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_slot(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
    half_day: HalfDay,
) -> Result<Vec<MarkVersion>, StoreError> {
    let values = [
        school.number().into(),
        any_of(students),
        half_day.date.to_string().into(),
        half_day.half.text().into(),
    ];
    tx.query(sql::MARK_OF_SLOT, &values)?.into_iter().map(read).collect()
}

/// Every version of some students' marks between two dates (inclusive) that was recorded by a
/// moment, in order of student, half-day and version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_students(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
    dates: (Date, Date),
    known_at: i64,
) -> Result<Vec<MarkVersion>, StoreError> {
    let values = [
        school.number().into(),
        any_of(students),
        dates.0.to_string().into(),
        dates.1.to_string().into(),
        known_at.into(),
    ];
    tx.query(sql::MARK_OF_STUDENTS, &values)?.into_iter().map(read).collect()
}

/// Every version of every student's marks between two dates, ordered by student, half-day and
/// version, one at a time.
///
/// # Errors
/// When the database refuses, a row cannot be read, or `take` fails.
pub fn of_school(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    dates: (Date, Date),
    known_at: i64,
    mut take: impl FnMut(MarkVersion),
) -> Result<(), StoreError> {
    let values =
        [school.number().into(), dates.0.to_string().into(), dates.1.to_string().into(), known_at.into()];
    let mut unreadable = None;
    tx.query_each(sql::MARK_OF_SCHOOL, &values, |row| {
        match read(row) {
            Ok(mark) => take(mark),
            Err(error) => unreadable = Some(error),
        }
        Ok(())
    })?;
    unreadable.map_or(Ok(()), Err)
}

/// A version of a mark as a replay of history needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredMark {
    /// Whose.
    pub student_id: StudentId,
    /// Which half-day.
    pub half_day: HalfDay,
    /// The act that brought it.
    pub act: i64,
    /// The letter as it was entered; nothing when it was unmarked.
    pub letter: Option<char>,
}

/// Every version of every mark there ever was, ordered by student, half-day and version, one at
/// a time: read along the table's own key, so that nothing is sorted.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn history(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    mut take: impl FnMut(EnteredMark),
) -> Result<(), StoreError> {
    let mut unreadable = None;
    tx.query_each(sql::MARK_HISTORY, &[school.number().into()], |row| {
        match read_entered(row) {
            Ok(mark) => take(mark),
            Err(error) => unreadable = Some(error),
        }
        Ok(())
    })?;
    unreadable.map_or(Ok(()), Err)
}

fn read_entered(row: database::Row) -> Result<EnteredMark, StoreError> {
    let mut row = Reader::new("mark", row);
    Ok(EnteredMark {
        student_id: row.student_id()?,
        half_day: row.half_day()?,
        act: row.next()?,
        letter: row.optional("a code", letter)?,
    })
}

/// Students with any mark after a half-day, up to and including a date, each once and in order.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn students_after(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    after: HalfDay,
    through: Date,
) -> Result<Vec<StudentId>, StoreError> {
    let (date, half) = (after.date.to_string(), after.half.text());
    let values = [school.number().into(), date.into(), half.into(), through.to_string().into()];
    let rows = tx.query(sql::MARK_STUDENTS_AFTER, &values)?;
    // Made distinct here: asked for distinct ones, SQLite walks every mark there ever was in order
    // of student rather than those few days.
    let students: Result<BTreeSet<StudentId>, StoreError> =
        rows.into_iter().map(|row| Reader::new("mark", row).student_id()).collect();
    Ok(students?.into_iter().collect())
}

fn read(row: database::Row) -> Result<MarkVersion, StoreError> {
    let mut row = Reader::new("mark", row);
    Ok(MarkVersion {
        student_id: row.student_id()?,
        half_day: row.half_day()?,
        version: row.next()?,
        act: row.next()?,
        recorded_at: row.instant()?,
        letter: row.optional("a code", letter)?,
        source: row.next()?,
        entered_at: row.optional_instant()?,
        entered_by: row.next()?,
    })
}

/// Adds a version of a reason.
///
/// # Errors
/// When the database refuses.
pub fn insert_reason(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    reason: &ReasonVersion,
) -> Result<(), StoreError> {
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
pub fn reasons_of_student(
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
pub fn slots_with_reason(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    dates: (Date, Date),
) -> Result<std::collections::HashSet<(StudentId, HalfDay)>, StoreError> {
    let values = [school.number().into(), dates.0.to_string().into(), dates.1.to_string().into()];
    let rows = tx.query(sql::REASON_SLOTS, &values)?;
    rows.into_iter()
        .map(|row| {
            let mut row = Reader::new("reason", row);
            Ok((row.student_id()?, HalfDay::new(row.date()?, row.named("a half", Half::parse)?)))
        })
        .collect()
}
