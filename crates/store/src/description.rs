//! The school's Descriptions under each Activity Response Type, every version.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, ResponseType, SchoolNumber};

/// One version of a Description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionVersion {
    /// Its number at this school, which rewording keeps.
    pub id: i64,
    /// The act that brought this version.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// The type it stands under.
    pub kind: ResponseType,
    /// The wording.
    pub wording: String,
    /// Whether it is no longer offered.
    pub retired: bool,
}

/// Adds a version.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, version: &DescriptionVersion) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        version.id.into(),
        version.act.into(),
        version.recorded_at.micros().into(),
        version.kind.slug().into(),
        version.wording.as_str().into(),
        version.retired.into(),
    ];
    tx.execute(sql::DESCRIPTION_INSERT, &values)?;
    Ok(())
}

/// Every version of every Description, in order of act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn versions(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<DescriptionVersion>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("description", row);
        Ok(DescriptionVersion {
            id: row.next()?,
            act: row.next()?,
            recorded_at: row.instant()?,
            kind: row.response_type()?,
            wording: row.next()?,
            retired: row.next()?,
        })
    };
    tx.query(sql::DESCRIPTION_VERSIONS, &[school.number().into()])?.into_iter().map(read).collect()
}

/// The Descriptions as they are now, in order of their number.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn current(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<DescriptionVersion>, StoreError> {
    let mut latest = std::collections::BTreeMap::new();
    for version in versions(tx, school)? {
        latest.insert(version.id, version);
    }
    Ok(latest.into_values().collect())
}
