//! stub
use crate::AppError;
use crate::work::Work;
use domain::{Channel, Language, SchoolNumber, StaffId, StudentId};
use std::collections::BTreeMap;
use store::Tx;
#[derive(Clone)]
pub(crate) struct Reachable {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) relationship: String,
    pub(crate) phone: Standing,
    pub(crate) email: Standing,
    pub(crate) address: Standing,
    pub(crate) channel: Channel,
    pub(crate) language: Language,
    pub(crate) is_written_to: bool,
}
#[derive(Clone)]
pub(crate) enum Standing {
    Missing,
    Waits,
    Usable(String),
}
impl Standing {
    pub(crate) fn usable(&self) -> Option<&str> {
        if let Self::Usable(v) = self { Some(v) } else { None }
    }
}
pub(crate) fn reachable(
    _: &mut Tx<'_>,
    _: SchoolNumber,
    _: &[StudentId],
) -> Result<BTreeMap<StudentId, Vec<Reachable>>, AppError> {
    Ok(BTreeMap::new())
}
pub(crate) fn log_reads<'a>(
    _: &mut Work<'_, '_>,
    _: &StaffId,
    _: impl IntoIterator<Item = &'a StudentId>,
) -> Result<(), AppError> {
    Ok(())
}
pub(crate) fn doubt_phone(_: &mut Work<'_, '_>, _: &str) -> Result<(), AppError> {
    Ok(())
}
pub(crate) fn text_number(t: &str) -> Option<String> {
    Some(t.to_owned())
}
pub(crate) fn blocked(
    _: &mut Tx<'_>,
    _: SchoolNumber,
    _: &[StudentId],
) -> Result<std::collections::BTreeSet<String>, AppError> {
    Ok(std::collections::BTreeSet::new())
}
