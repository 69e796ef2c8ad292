//! Files that people brought and whose columns are still to be named.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber, StaffId};

/// A file that waits, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Its identity.
    pub id: String,
    /// When it came.
    pub received_at: Instant,
    /// Its name.
    pub name: String,
    /// From which system.
    pub source: String,
    /// Who brought it.
    pub staff_id: Option<String>,
}

/// Keeps a file.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (id, at): (&str, Instant),
    (name, source): (&str, &str),
    staff_id: Option<&StaffId>,
    body: Vec<u8>,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        id.into(),
        at.micros().into(),
        name.into(),
        source.into(),
        staff_id.map(StaffId::as_str).into(),
        body.into(),
    ];
    tx.execute(sql::UPLOAD_INSERT, &values)?;
    Ok(())
}

/// One file that waits.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<UploadRow>, StoreError> {
    tx.query_one(sql::UPLOAD_GET, &[school.number().into(), id.into()])?.map(read).transpose()
}

/// Its bytes.
///
/// # Errors
/// When the database refuses.
pub fn body(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Vec<u8>, StoreError> {
    let row = tx.query_one(sql::UPLOAD_BODY, &[school.number().into(), id.into()])?;
    Ok(row.map(|mut row| row.take(0)).transpose()?.unwrap_or_default())
}

/// All that wait, newest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<UploadRow>, StoreError> {
    tx.query(sql::UPLOAD_ALL, &[school.number().into()])?.into_iter().map(read).collect()
}

/// Removes a file.
///
/// # Errors
/// When the database refuses.
pub fn remove(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<(), StoreError> {
    tx.execute(sql::UPLOAD_REMOVE, &[school.number().into(), id.into()])?;
    Ok(())
}

/// Removes those that came before a moment.
///
/// # Errors
/// When the database refuses.
pub fn remove_old(tx: &mut Tx<'_>, school: SchoolNumber, before: Instant) -> Result<(), StoreError> {
    tx.execute(sql::UPLOAD_REMOVE_OLD, &[school.number().into(), before.micros().into()])?;
    Ok(())
}

/// Whether any file came before a moment.
///
/// # Errors
/// When the database refuses.
pub fn has_old(tx: &mut Tx<'_>, school: SchoolNumber, before: Instant) -> Result<bool, StoreError> {
    let values = [school.number().into(), before.micros().into()];
    Ok(tx.query_one(sql::UPLOAD_HAS_OLD, &values)?.is_some())
}

fn read(row: database::Row) -> Result<UploadRow, StoreError> {
    let mut row = Reader::new("upload", row);
    Ok(UploadRow {
        id: row.next()?,
        received_at: row.instant()?,
        name: row.next()?,
        source: row.next()?,
        staff_id: row.next()?,
    })
}
