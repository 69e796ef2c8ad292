//! How tables of other systems become the contract's files: in versions, by source and kind.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};

/// A mapping as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// Of which system.
    pub source: String,
    /// To which kind of file.
    pub kind: String,
    /// When it was kept.
    pub recorded_at: Instant,
    /// What it says.
    pub body: String,
}

/// Adds a version.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, act: i64, row: &MappingRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.source.as_str().into(),
        row.kind.as_str().into(),
        act.into(),
        row.recorded_at.micros().into(),
        row.body.as_str().into(),
    ];
    tx.execute(sql::MAPPING_INSERT, &values)?;
    Ok(())
}

/// The latest of each source and kind, the last kept first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn latest(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<MappingRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("mapping", row);
        Ok(MappingRow {
            source: row.next()?,
            kind: row.next()?,
            recorded_at: row.instant()?,
            body: row.next()?,
        })
    };
    tx.query(sql::MAPPING_LATEST, &[school.number().into()])?.into_iter().map(read).collect()
}
