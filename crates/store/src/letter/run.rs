//! Runs of messages: each confirmed by a person, the responses that it recorded, and its letters as
//! they were printed.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Instant, ResponseType, SchoolNumber, StaffId, StudentId};

/// A run of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its identity.
    pub id: String,
    /// The act that confirmed it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// The template's short name.
    pub template: String,
    /// The template's title.
    pub title: String,
    /// The type of the response that it records.
    pub kind: ResponseType,
    /// The Description of that response; empty for none.
    pub description: String,
    /// Who confirmed it.
    pub staff_id: StaffId,
}

/// Adds a run.
///
/// # Errors
/// When the database refuses.
pub fn insert_run(tx: &mut Tx<'_>, school: SchoolNumber, row: &RunRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.id.as_str().into(),
        row.act.into(),
        row.recorded_at.micros().into(),
        row.template.as_str().into(),
        row.title.as_str().into(),
        row.kind.name().into(),
        row.description.as_str().into(),
        row.staff_id.as_str().into(),
    ];
    tx.execute(sql::RUN_INSERT, &values)?;
    Ok(())
}

/// One run.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn run(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<RunRow>, StoreError> {
    tx.query_one(sql::RUN_GET, &[school.number().into(), id.into()])?.map(read_run).transpose()
}

/// The latest runs, the latest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn latest_runs(tx: &mut Tx<'_>, school: SchoolNumber, most: i64) -> Result<Vec<RunRow>, StoreError> {
    tx.query(sql::RUN_LATEST, &[school.number().into(), most.into()])?.into_iter().map(read_run).collect()
}

fn read_run(row: database::Row) -> Result<RunRow, StoreError> {
    let mut row = Reader::new("letter_run", row);
    Ok(RunRow {
        id: row.next()?,
        act: row.next()?,
        recorded_at: row.instant()?,
        template: row.next()?,
        title: row.next()?,
        kind: row.response_type()?,
        description: row.next()?,
        staff_id: row.staff_id()?,
    })
}

/// Keeps that a run wrote a version of a response for a student.
///
/// # Errors
/// When the database refuses.
pub fn insert_response(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (act, at): (i64, Instant),
    (run, student): (&str, &StudentId),
    (response, version): (&str, i64),
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        run.into(),
        student.as_str().into(),
        act.into(),
        at.micros().into(),
        response.into(),
        version.into(),
    ];
    tx.execute(sql::LETTER_RESPONSE_INSERT, &values)?;
    Ok(())
}

/// The response that a run recorded for a student, and the latest version of it that the run wrote.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn response(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    run: &str,
    student: &StudentId,
) -> Result<Option<(String, i64)>, StoreError> {
    let values = [school.number().into(), run.into(), student.as_str().into()];
    let row = tx.query_one(sql::LETTER_RESPONSE_GET, &values)?;
    row.map_or(Ok(None), |row| {
        let mut row = Reader::new("letter_response", row);
        Ok(Some((row.next()?, row.next()?)))
    })
}

/// The responses that a run recorded, by student.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn responses_of_run(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    run: &str,
) -> Result<Vec<(StudentId, String)>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("letter_response", row);
        Ok((row.student_id()?, row.next()?))
    };
    let values = [school.number().into(), run.into()];
    tx.query(sql::LETTER_RESPONSE_OF_RUN, &values)?.into_iter().map(read).collect()
}

/// Letters as they were printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PrintRow {
    /// The act that kept them.
    pub act: i64,
    /// When.
    pub at: Instant,
    /// Their digest.
    pub digest: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Keeps the letters of a run as they were printed.
///
/// # Errors
/// When the database refuses.
pub fn insert_print(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    run: &str,
    row: PrintRow,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        run.into(),
        row.act.into(),
        row.at.micros().into(),
        row.digest.into(),
        Value::Bytes(row.bytes),
    ];
    tx.execute(sql::LETTER_PRINT_INSERT, &values)?;
    Ok(())
}

/// The letters of a run as they were printed last.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn print(tx: &mut Tx<'_>, school: SchoolNumber, run: &str) -> Result<Option<PrintRow>, StoreError> {
    let row = tx.query_one(sql::LETTER_PRINT_GET, &[school.number().into(), run.into()])?;
    row.map_or(Ok(None), |row| {
        let mut row = Reader::new("letter_print", row);
        Ok(Some(PrintRow { act: row.next()?, at: row.instant()?, digest: row.next()?, bytes: row.next()? }))
    })
}
