//! The morning digest: from which hour it goes, for which day it was made, and who does not want it.

use crate::row::{Reader, date};
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Date, SchoolNumber, StaffId};

/// The hour from which the digest goes at a school that chose none.
pub const FIRST_HOUR: i8 = 7;

/// When the digest goes, and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestSetting {
    /// From which hour at the school; nothing while it is off.
    pub hour: Option<i8>,
    /// The last day for which it was made.
    pub made_on: Option<Date>,
}

/// When the digest goes at a school.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn setting(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<DigestSetting, StoreError> {
    let Some(row) = tx.query_one(sql::DIGEST_SETTING, &[school.number().into()])? else {
        return Ok(DigestSetting { hour: Some(FIRST_HOUR), made_on: None });
    };
    let mut row = Reader::new("digest_setting", row);
    let hour: Option<i64> = row.next()?;
    let unreadable = StoreError::Unreadable { table: "digest_setting", what: "an hour" };
    let hour = hour.map(|hour| i8::try_from(hour).map_err(|_| unreadable)).transpose()?;
    Ok(DigestSetting { hour, made_on: row.optional("a date", date)? })
}

/// Sets the hour from which the digest goes; nothing switches it off.
///
/// # Errors
/// When the database refuses.
pub fn set_hour(tx: &mut Tx<'_>, school: SchoolNumber, hour: Option<i8>) -> Result<(), StoreError> {
    tx.execute(sql::DIGEST_SET_HOUR, &[school.number().into(), hour.map(i64::from).into()])?;
    Ok(())
}

/// Notes that the digests of a day are made.
///
/// # Errors
/// When the database refuses.
pub fn set_made_on(tx: &mut Tx<'_>, school: SchoolNumber, day: Date) -> Result<(), StoreError> {
    let values = [school.number().into(), i64::from(FIRST_HOUR).into(), day.to_string().into()];
    tx.execute(sql::DIGEST_SET_MADE, &values)?;
    Ok(())
}

/// Notes whether a member of staff wants the digest.
///
/// # Errors
/// When the database refuses.
pub fn set_wanted(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    staff: &StaffId,
    is_wanted: bool,
) -> Result<(), StoreError> {
    let text = if is_wanted { sql::DIGEST_WANT } else { sql::DIGEST_DECLINE };
    tx.execute(text, &[school.number().into(), staff.as_str().into()])?;
    Ok(())
}

/// Who does not want the digest.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn declined(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<StaffId>, StoreError> {
    let rows = tx.query(sql::DIGEST_DECLINED, &[school.number().into()])?;
    rows.into_iter().map(|row| Reader::new("digest_declined", row).staff_id()).collect()
}
