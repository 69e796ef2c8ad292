//! The host's directory: which schools are here, and under which name each is asked for.
//!
//! The one table that is no school's own. It is read before it is known whose request came, so it
//! holds numbers and host names and nothing about any person.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};

/// A school in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedSchool {
    /// The Ministry's number.
    pub number: SchoolNumber,
    /// The name under which it is asked for, in lower case; nothing until one is given.
    pub host_name: Option<String>,
    /// Since when it is here.
    pub added_at: Instant,
}

/// Adds a school.
///
/// # Errors
/// When it is there already, another has its name, or the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    host_name: Option<&str>,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(sql::HOSTED_INSERT, &[school.number().into(), host_name.into(), now.micros().into()])?;
    Ok(())
}

/// Gives a school another host name, or none.
///
/// # Errors
/// When another has the name or the database refuses.
pub fn set_name(tx: &mut Tx<'_>, school: SchoolNumber, host_name: Option<&str>) -> Result<(), StoreError> {
    tx.execute(sql::HOSTED_SET_NAME, &[school.number().into(), host_name.into()])?;
    Ok(())
}

/// Every school, by its number.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<HostedSchool>, StoreError> {
    tx.query(sql::HOSTED_ALL, &[])?.into_iter().map(read).collect()
}

/// The school of a host name.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn by_name(tx: &mut Tx<'_>, host_name: &str) -> Result<Option<HostedSchool>, StoreError> {
    tx.query_one(sql::HOSTED_BY_NAME, &[host_name.into()])?.map(read).transpose()
}

/// How many schools there are: the least that shows that the database answers.
///
/// # Errors
/// When the database refuses.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql::HOSTED_COUNT, &[])?.map_or(Ok(0), |mut row| Ok(row.take(0)?))
}

fn read(row: database::Row) -> Result<HostedSchool, StoreError> {
    let mut row = Reader::new("hosted_school", row);
    Ok(HostedSchool { number: row.school()?, host_name: row.next()?, added_at: row.instant()? })
}
