//! Acts: who changed something, when, and what came of it. The audit, and the order of history.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber, StaffId};

/// An act about to be written.
#[derive(Debug, Clone)]
pub struct NewAct<'a> {
    /// When.
    pub at: Instant,
    /// Which verb.
    pub kind: &'a str,
    /// Who; nobody when the operator of the machine did it at the command line.
    pub staff_id: Option<&'a StaffId>,
    /// What it was about, without any personal data beyond ids.
    pub subject: &'a str,
    /// The caller's key, when the act may be repeated safely.
    pub key: Option<&'a str>,
    /// A digest of what was asked, so that a key is not reused for something else.
    pub request: Option<&'a str>,
}

/// An act that was done.
#[derive(Debug, Clone)]
pub struct ActRow {
    /// Its number, rising without gaps within a school.
    pub act: i64,
    /// When.
    pub at: Instant,
    /// Which verb.
    pub kind: String,
    /// Who, or the operator.
    pub staff_id: Option<String>,
    /// What it was about.
    pub subject: String,
}

/// Writes an act and answers its number.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, new: &NewAct<'_>) -> Result<i64, StoreError> {
    let row = tx.query_one(sql::PROGRESS_NEXT_ACT, &[school.number().into()])?;
    let mut row = row.ok_or(StoreError::Unreadable { table: "progress", what: "a school" })?;
    let act: i64 = row.take(0)?;
    let values = [
        school.number().into(),
        act.into(),
        new.at.micros().into(),
        new.kind.into(),
        new.staff_id.map(StaffId::as_str).into(),
        new.subject.into(),
        new.key.into(),
        new.request.into(),
        "".into(),
    ];
    tx.execute(sql::ACT_INSERT, &values)?;
    Ok(act)
}

/// What an earlier act with this key asked (a digest) and answered.
///
/// # Errors
/// When the database refuses.
pub fn by_key(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    key: &str,
) -> Result<Option<(String, String)>, StoreError> {
    let Some(mut row) = tx.query_one(sql::ACT_BY_KEY, &[school.number().into(), key.into()])? else {
        return Ok(None);
    };
    Ok(Some((row.take::<Option<String>>(0)?.unwrap_or_default(), row.take(1)?)))
}

/// Notes what an act answered, for a repeat with the same key.
///
/// # Errors
/// When the database refuses.
pub fn set_result(tx: &mut Tx<'_>, school: SchoolNumber, act: i64, result: &str) -> Result<(), StoreError> {
    tx.execute(sql::ACT_SET_RESULT, &[school.number().into(), act.into(), result.into()])?;
    Ok(())
}

/// Every act in order.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<ActRow>, StoreError> {
    tx.query(sql::ACT_ALL, &[school.number().into()])?.into_iter().map(read).collect()
}

/// One act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, act: i64) -> Result<Option<ActRow>, StoreError> {
    tx.query_one(sql::ACT_GET, &[school.number().into(), act.into()])?.map(read).transpose()
}

/// The acts of a kind, oldest first: when, about what, and who.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_kind(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kind: &str,
) -> Result<Vec<(Instant, String, Option<String>)>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("act", row);
        Ok((row.instant()?, row.next()?, row.next()?))
    };
    tx.query(sql::ACT_OF_KIND, &[school.number().into(), kind.into()])?.into_iter().map(read).collect()
}

/// When somebody last did something, or a file was brought; not the clock, which goes by itself, nor an
/// export, which changes nothing.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn last_at(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<Instant>, StoreError> {
    let row = tx.query_one(sql::ACT_LAST_AT, &[school.number().into()])?;
    row.map(|row| Reader::new("act", row).instant()).transpose()
}

fn read(row: database::Row) -> Result<ActRow, StoreError> {
    let mut row = Reader::new("act", row);
    Ok(ActRow {
        act: row.next()?,
        at: row.instant()?,
        kind: row.next()?,
        staff_id: row.next()?,
        subject: row.next()?,
    })
}
