//! Records of another system about what was done for a student's attendance: each waits for a person who
//! confirms it as a response, or says that it is none.

use crate::row::{Reader, any_of};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Date, Instant, SchoolNumber, StaffId, StudentId};

/// What KAMAR says was done about a student's attendance.
#[derive(Clone, PartialEq, Eq)]
pub struct CandidateRow {
    /// About whom.
    pub student_id: StudentId,
    /// KAMAR's number of the record.
    pub reference: String,
    /// When it came.
    pub recorded_at: Instant,
    /// KAMAR's own time when it said so.
    pub made_at: String,
    /// The day of the event.
    pub date: Date,
    /// The time of the event, `hh:mm`; may be empty.
    pub time: String,
    /// Why; may be empty.
    pub reason: String,
    /// What was done; may be empty.
    pub action: String,
    /// What else it says that may belong to a response; may be empty.
    pub more: String,
    /// By whom, as KAMAR writes it; may be empty.
    pub teacher: String,
}

/// Without what was written about the student.
impl std::fmt::Debug for CandidateRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CandidateRow({} {} on {})", self.student_id, self.reference, self.date)
    }
}

/// Adds records for a person to look at.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    candidates: &[CandidateRow],
) -> Result<(), StoreError> {
    let values = |row: &CandidateRow| -> Vec<Value> {
        vec![
            school.number().into(),
            row.student_id.as_str().into(),
            row.reference.as_str().into(),
            act.into(),
            row.recorded_at.micros().into(),
            row.made_at.as_str().into(),
            row.date.to_string().into(),
            row.time.as_str().into(),
            row.reason.as_str().into(),
            row.action.as_str().into(),
            row.more.as_str().into(),
            row.teacher.as_str().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = candidates.iter().map(values).collect();
    Ok(tx.insert_many(sql::CANDIDATE_INSERT, &rows)?)
}

/// The records that nobody decided about, in their latest version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn open(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<CandidateRow>, StoreError> {
    latest(tx.query(sql::CANDIDATE_OPEN, &[school.number().into()])?)
}

/// Some students' records in their latest version, decided or not.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_students<'s>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: impl IntoIterator<Item = &'s StudentId>,
) -> Result<Vec<CandidateRow>, StoreError> {
    latest(tx.query(sql::CANDIDATE_OF_STUDENTS, &[school.number().into(), any_of(students)])?)
}

fn latest(rows: Vec<database::Row>) -> Result<Vec<CandidateRow>, StoreError> {
    let mut found: Vec<CandidateRow> = Vec::new();
    for row in rows {
        let mut row = Reader::new("candidate_response", row);
        let candidate = CandidateRow {
            student_id: row.student_id()?,
            reference: row.next()?,
            recorded_at: row.instant()?,
            made_at: row.next()?,
            date: row.date()?,
            time: row.next()?,
            reason: row.next()?,
            action: row.next()?,
            more: row.next()?,
            teacher: row.next()?,
        };
        let is_same = |last: &CandidateRow| {
            last.student_id == candidate.student_id && last.reference == candidate.reference
        };
        match found.last_mut() {
            Some(last) if is_same(last) => *last = candidate,
            _ => found.push(candidate),
        }
    }
    Ok(found)
}

/// Notes what a person made of a record: the response it became, or none.
///
/// # Errors
/// When it was decided already or the database refuses.
pub fn decide(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (act, now): (i64, Instant),
    (student, reference): (&StudentId, &str),
    response: Option<&str>,
    by: &StaffId,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        student.as_str().into(),
        reference.into(),
        act.into(),
        now.micros().into(),
        response.into(),
        by.as_str().into(),
    ];
    tx.execute(sql::DECISION_INSERT, &values)?;
    Ok(())
}

/// What was decided about a record: the response, or that it is none; nothing while nobody did.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn decision(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
    reference: &str,
) -> Result<Option<Option<String>>, StoreError> {
    let values = [school.number().into(), student.as_str().into(), reference.into()];
    let row = tx.query_one(sql::DECISION_GET, &values)?;
    row.map(|row| Reader::new("candidate_decision", row).next()).transpose()
}
