//! Stopping a message: what is known of it then.

use super::{MessageRow, read};
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};

/// What is known of a message that was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It ended before, is none, or is being handed over right now: then its answer tells, and it is
    /// not tried again whatever that is.
    Gone,
    /// It goes no further, and nothing of it ever left.
    Stopped,
    /// It goes no further; whether an earlier attempt arrived is not known.
    MayHaveArrived,
}

/// Stops a message: from here on nobody begins to send it.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn stop(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    at: Instant,
    why: &str,
) -> Result<Stop, StoreError> {
    let values = [school.number().into(), id.into(), at.micros().into(), why.into()];
    if tx.execute(sql::MESSAGE_STOP, &values)? == 0 {
        tx.execute(sql::MESSAGE_ASK_TO_STOP, &[school.number().into(), id.into(), why.into()])?;
        return Ok(Stop::Gone);
    }
    let is_unsure = super::get(tx, school, id)?.is_some_and(|row| row.unsure > 0);
    Ok(if is_unsure { Stop::MayHaveArrived } else { Stop::Stopped })
}

/// The messages home that have not ended.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn open_home(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<MessageRow>, StoreError> {
    tx.query(sql::MESSAGE_OPEN_HOME, &[school.number().into()])?.into_iter().map(read).collect()
}
