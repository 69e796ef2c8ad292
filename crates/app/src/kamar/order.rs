//! The order of pushes: an older one says nothing after a newer one of its kind.

use crate::AppError;
use crate::work::Work;
use interop::kamar::{Kept, Sync};

/// By which name the order of people's pushes is kept: a part is of the same people as everybody.
pub(super) const PEOPLE: &str = "people";

/// And that of whole lists among themselves.
const EVERYBODY: &str = "everybody";

/// The name by which the order of a kind's pushes is kept, for kinds of which an older one says nothing.
fn ordered_as(sync: &Sync) -> Option<&'static str> {
    match sync {
        Sync::Full | Sync::Part => Some(PEOPLE),
        Sync::Calendar => Some("calendar"),
        Sync::StudentTimetables => Some("studenttimetables"),
        // Each day and each record has an order of its own.
        _ => None,
    }
}

/// Why a push is passed over: a newer one of its kind was worked before it. A whole list that a person
/// looks at is only made void by another: parts come all day, and say nothing of who left.
pub(crate) fn passed_over(
    work: &mut Work<'_, '_>,
    kept: &Kept,
    by_person: bool,
) -> Result<Option<String>, AppError> {
    let Some(name) = ordered_as(&kept.sync) else { return Ok(None) };
    let name = if by_person && kept.sync == Sync::Full { EVERYBODY } else { name };
    let latest = store::kamar::latest(work.tx, work.school.number, name)?;
    // A push that does not say when it was made is taken in the order in which it came.
    let is_older = !kept.datetime.is_empty() && latest.is_some_and(|latest| kept.datetime < latest);
    Ok(is_older.then(|| "older than what came before it: nothing was changed".to_owned()))
}

/// Notes that a push was worked, where none of its kind was that is newer.
pub(super) fn remember(work: &mut Work<'_, '_>, kept: &Kept) -> Result<(), AppError> {
    let number = work.school.number;
    let Some(name) = ordered_as(&kept.sync).filter(|_| !kept.datetime.is_empty()) else { return Ok(()) };
    let is_everybody = kept.sync == Sync::Full && kept.students.is_some();
    for name in [Some(name), is_everybody.then_some(EVERYBODY)].into_iter().flatten() {
        let latest = store::kamar::latest(work.tx, number, name)?;
        if latest.is_none_or(|latest| latest < kept.datetime) {
            store::kamar::set_latest(work.tx, number, name, &kept.datetime)?;
        }
    }
    Ok(())
}
