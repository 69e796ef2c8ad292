//! The school's plan: every version that was drafted, and which was published when.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};

/// One version of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanVersion {
    /// Its number, from 1.
    pub version: i64,
    /// The act that brought it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// The plan's text, as it was given.
    pub text: String,
}

/// That a version was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The act.
    pub act: i64,
    /// When.
    pub at: Instant,
    /// Which version.
    pub version: i64,
}

/// Adds a version; answers its number.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    text: &str,
) -> Result<i64, StoreError> {
    let version = latest(tx, school)?.map_or(1, |latest| latest.version + 1);
    let values = [school.number().into(), version.into(), act.into(), at.micros().into(), text.into()];
    tx.execute(sql::PLAN_INSERT, &values)?;
    Ok(version)
}

/// The latest version, published or not.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn latest(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<PlanVersion>, StoreError> {
    tx.query_one(sql::PLAN_LATEST, &[school.number().into()])?.map(read).transpose()
}

/// One version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, version: i64) -> Result<Option<PlanVersion>, StoreError> {
    tx.query_one(sql::PLAN_GET, &[school.number().into(), version.into()])?.map(read).transpose()
}

/// The version that is in force: the one that was published last.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn published(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<PlanVersion>, StoreError> {
    tx.query_one(sql::PLAN_PUBLISHED, &[school.number().into()])?.map(read).transpose()
}

/// Publishes a version.
///
/// # Errors
/// When the database refuses.
pub fn publish(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    version: i64,
) -> Result<(), StoreError> {
    let values = [school.number().into(), act.into(), at.micros().into(), version.into()];
    tx.execute(sql::PLAN_PUBLISH, &values)?;
    Ok(())
}

/// Every publication, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn publications(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<Publication>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("plan_publication", row);
        Ok(Publication { act: row.next()?, at: row.instant()?, version: row.next()? })
    };
    tx.query(sql::PLAN_PUBLICATIONS, &[school.number().into()])?.into_iter().map(read).collect()
}

fn read(row: database::Row) -> Result<PlanVersion, StoreError> {
    let mut row = Reader::new("plan_version", row);
    Ok(PlanVersion { version: row.next()?, act: row.next()?, recorded_at: row.instant()?, text: row.next()? })
}
