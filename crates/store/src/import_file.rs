//! The files that were imported, so that the same file twice is recognised.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::SchoolNumber;

/// An imported file.
#[derive(Debug, Clone)]
pub struct ImportFile {
    /// The act that imported it.
    pub act: i64,
    /// `terms`, `calendar`, `students`, `staff` or `marks`.
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
    })
}
