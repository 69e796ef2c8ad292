//! What the school's SMS administrator made of the Ministry's descriptions.

use app::{Actor, AppError, School};
use domain::{Instant, ResponseType};

/// Put in place of "Reduced transport barriers".
pub(crate) const VAN: &str = "School van pick up";

/// Put in place of "Reduced transport barriers".
pub(crate) const BUS_CARD: &str = "Subsidised bus card";

/// What "Reduced food barriers" was reworded to.
pub(crate) const MEALS: &str = "Breakfast or lunch at school";

/// An outcome that asks for nothing more.
pub(crate) const KNOWN_ILLNESS: &str = "Known illness, no further action";

/// An outcome that asks for nothing more.
pub(crate) const PLANNED_ABSENCE: &str = "Planned absence, no further action";

/// Edits the list as a school would in the first days of a term.
pub(crate) fn edit(school: &School, administrator: &Actor, now: Instant) -> Result<(), AppError> {
    let added = [
        (ResponseType::UsedInSchoolResources, VAN),
        (ResponseType::UsedInSchoolResources, BUS_CARD),
        (ResponseType::MonitorCurrentApproach, KNOWN_ILLNESS),
        (ResponseType::Other, PLANNED_ABSENCE),
    ];
    for (kind, wording) in added {
        school.add_description(administrator, now, kind, wording.to_owned(), true)?;
    }
    let sections = school.descriptions(administrator, now)?;
    let lines = || sections.iter().flat_map(|section| &section.lines);
    let number =
        |wording: &str| lines().find(|line| line.current.wording == wording).map(|line| line.current.id);
    if let Some(id) = number("Reduced food barriers") {
        school.reword_description(administrator, now, id, MEALS.to_owned(), true)?;
    }
    if let Some(id) = number("Reduced transport barriers") {
        school.retire_description(administrator, now, id, true)?;
    }
    Ok(())
}
