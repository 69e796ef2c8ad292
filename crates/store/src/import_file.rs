//! The files that were imported, so that the same file twice is recognised.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};
use std::collections::BTreeMap;

/// An imported file.
#[derive(Debug, Clone)]
pub struct ImportFile {
    /// The act that imported it.
    pub act: i64,
    /// `terms`, `calendar`, `students`, `staff`, `marks` and so on; several with commas.
    pub kind: String,
    /// Which system it came from.
    pub source: String,
    /// The file's name.
    pub name: String,
    /// How many rows it had.
    pub rows: i64,
    /// How many of them changed something.
    pub changed: i64,
    /// How many were left out for their problems.
    pub bad_rows: i64,
    /// The problems, a line each (the first hundred).
    pub problems: String,
    /// The version of the school's privacy notice that people had been given.
    pub notice: String,
    /// By which door it came: `command`, `page`, `folder`, `kamar`, `oneroster`, `api`.
    pub door: String,
}

/// Notes an import.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    file: &ImportFile,
    digest: &str,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        file.act.into(),
        file.kind.as_str().into(),
        file.source.as_str().into(),
        file.name.as_str().into(),
        digest.into(),
        file.rows.into(),
        file.changed.into(),
        file.bad_rows.into(),
        file.problems.as_str().into(),
        file.notice.as_str().into(),
        file.door.as_str().into(),
    ];
    tx.execute(sql::IMPORT_INSERT, &values)?;
    Ok(())
}

/// Whether a file with this digest was already imported whole.
///
/// # Errors
/// When the database refuses.
pub fn is_known(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kind: &str,
    source: &str,
    digest: &str,
) -> Result<bool, StoreError> {
    let values = [school.number().into(), kind.into(), source.into(), digest.into()];
    Ok(tx.query_one(sql::IMPORT_KNOWN, &values)?.is_some())
}

/// The digest of what a source brought last of these kinds, when it was whole and stands.
///
/// # Errors
/// When the database refuses.
pub fn last_digest(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kind: &str,
    source: &str,
) -> Result<Option<String>, StoreError> {
    let values = [school.number().into(), kind.into(), source.into()];
    Ok(tx.query_one(sql::IMPORT_LAST, &values)?.map(|mut row| row.take(0)).transpose()?)
}

/// The latest imports, newest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn latest(tx: &mut Tx<'_>, school: SchoolNumber, limit: i64) -> Result<Vec<ImportFile>, StoreError> {
    tx.query(sql::IMPORT_LATEST, &[school.number().into(), limit.into()])?.into_iter().map(read).collect()
}

/// The file that an act imported, if it imported one.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_act(tx: &mut Tx<'_>, school: SchoolNumber, act: i64) -> Result<Option<ImportFile>, StoreError> {
    tx.query_one(sql::IMPORT_OF_ACT, &[school.number().into(), act.into()])?.map(read).transpose()
}

/// Imports that wrote values and left no word of their source or of the privacy notice: each act, and what
/// it was about. There must be none.
///
/// # Errors
/// When the database refuses.
pub fn sourceless(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<(i64, String)>, StoreError> {
    let rows = tx.query(sql::SOURCELESS, &[school.number().into()])?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// Notes that an import was undone by another act.
///
/// # Errors
/// When the database refuses.
pub fn insert_undo(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    undo_act: i64,
    at: Instant,
) -> Result<(), StoreError> {
    tx.execute(sql::UNDO_INSERT, &[school.number().into(), act.into(), undo_act.into(), at.micros().into()])?;
    Ok(())
}

/// The imports that were undone, each with the act that did.
///
/// # Errors
/// When the database refuses.
pub fn undone(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<BTreeMap<i64, i64>, StoreError> {
    let rows = tx.query(sql::UNDO_ALL, &[school.number().into()])?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

fn read(row: database::Row) -> Result<ImportFile, StoreError> {
    let mut row = Reader::new("import_file", row);
    Ok(ImportFile {
        act: row.next()?,
        kind: row.next()?,
        source: row.next()?,
        name: row.next()?,
        rows: row.next()?,
        changed: row.next()?,
        bad_rows: row.next()?,
        problems: row.next()?,
        notice: row.next()?,
        door: row.next()?,
    })
}
