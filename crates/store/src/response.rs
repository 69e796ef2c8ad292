//! What the school did: the shared part of a response, its versions, and its private note apart.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, ResponseType, SchoolNumber, StaffId, StudentId, TermId, Threshold};
use std::fmt;

/// One version of a response: everything about it that may be shared. The note is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseVersion {
    /// Its identity, a UUID, which every version keeps.
    pub id: String,
    /// 1 when recorded, one more for each revision and for the withdrawal.
    pub version: i64,
    /// The act that brought this version.
    pub act: i64,
    /// Whom it was done for.
    pub student_id: StudentId,
    /// In which term.
    pub term: TermId,
    /// The crossing it answers; none when it was not done for one.
    pub threshold: Option<Threshold>,
    /// The Activity Response Type.
    pub kind: ResponseType,
    /// The Description, as it was worded then; may be empty.
    pub description: String,
    /// When it was done.
    pub done_at: Instant,
    /// When this version was recorded.
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_by: StaffId,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// The student's absent half-days when this version was recorded.
    pub absent_half_days: u32,
}

/// A private note on a response, for the school alone.
///
/// It has no `Display` and its `Debug` is a mask, so it cannot slip into a page, a log or an
/// error by accident. Only [`Note::read`] gives the text, and `app` logs who asked.
#[derive(Clone, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// Wraps the text of a note.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for somebody who may read it.
    #[must_use]
    pub fn read(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Note(masked)")
    }
}

/// Adds a version of a response.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, response: &ResponseVersion) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        response.id.as_str().into(),
        response.version.into(),
        response.act.into(),
        response.student_id.as_str().into(),
        response.term.to_string().into(),
        response.threshold.map(Threshold::days).into(),
        response.kind.slug().into(),
        response.description.as_str().into(),
        response.done_at.micros().into(),
        response.recorded_at.micros().into(),
        response.recorded_by.as_str().into(),
        response.withdrawn.into(),
        response.absent_half_days.into(),
    ];
    tx.execute(sql::RESPONSE_INSERT, &values)?;
    Ok(())
}

/// Every version of one response, in order.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Vec<ResponseVersion>, StoreError> {
    tx.query(sql::RESPONSE_OF, &[school.number().into(), id.into()])?.into_iter().map(read).collect()
}

/// Every version of a student's responses, in order of when they were done.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
) -> Result<Vec<ResponseVersion>, StoreError> {
    let values = [school.number().into(), student.as_str().into()];
    tx.query(sql::RESPONSE_OF_STUDENT, &values)?.into_iter().map(read).collect()
}

/// Every version of the responses of a term that was recorded by a moment.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_term(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    known_at: i64,
) -> Result<Vec<ResponseVersion>, StoreError> {
    let values = [school.number().into(), term.to_string().into(), known_at.into()];
    tx.query(sql::RESPONSE_OF_TERM, &values)?.into_iter().map(read).collect()
}

/// The responses that one act recorded.
///
/// # Errors
/// When the database refuses.
pub fn of_act(tx: &mut Tx<'_>, school: SchoolNumber, act: i64) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(sql::RESPONSE_OF_ACT, &[school.number().into(), act.into()])?;
    rows.into_iter().map(|mut row| Ok(row.take(0)?)).collect()
}

/// Keeps the latest version of each response, in the order they were first met.
#[must_use]
pub fn latest(versions: Vec<ResponseVersion>) -> Vec<ResponseVersion> {
    let mut kept: Vec<ResponseVersion> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for version in versions {
        match places.get(&version.id) {
            Some(&place) => {
                let standing: &mut ResponseVersion = &mut kept[place];
                if standing.version < version.version {
                    *standing = version;
                }
            }
            None => {
                places.insert(version.id.clone(), kept.len());
                kept.push(version);
            }
        }
    }
    kept
}

/// Keeps the note of a response's version.
///
/// # Errors
/// When the database refuses.
pub fn insert_note(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    version: i64,
    note: &Note,
    written_by: &str,
) -> Result<(), StoreError> {
    let values = [school.number().into(), id.into(), version.into(), note.read().into(), written_by.into()];
    tx.execute(sql::NOTE_INSERT, &values)?;
    Ok(())
}

/// The notes on a student's responses: response, version, note, who wrote it.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn notes_of_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
) -> Result<Vec<(String, i64, Note, String)>, StoreError> {
    let rows = tx.query(sql::NOTE_OF_STUDENT, &[school.number().into(), student.as_str().into()])?;
    let read =
        |mut row: database::Row| Ok((row.take(0)?, row.take(1)?, Note::new(row.take(2)?), row.take(3)?));
    rows.into_iter().map(read).collect()
}

/// Logs that somebody read a note.
///
/// # Errors
/// When the database refuses.
pub fn log_note_read(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    at: Instant,
    staff: &StaffId,
    student: &StudentId,
    response: &str,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        at.micros().into(),
        staff.as_str().into(),
        student.as_str().into(),
        response.into(),
    ];
    tx.execute(sql::NOTE_READ_INSERT, &values)?;
    Ok(())
}

fn read(row: database::Row) -> Result<ResponseVersion, StoreError> {
    let mut row = Reader::new("response", row);
    Ok(ResponseVersion {
        id: row.next()?,
        version: row.next()?,
        act: row.next()?,
        student_id: row.student_id()?,
        term: row.term()?,
        threshold: row.optional_threshold()?,
        kind: row.response_type()?,
        description: row.next()?,
        done_at: row.instant()?,
        recorded_at: row.instant()?,
        recorded_by: row.staff_id()?,
        withdrawn: row.next()?,
        absent_half_days: row.next()?,
    })
}
