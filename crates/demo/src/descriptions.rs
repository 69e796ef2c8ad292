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

/// Publishes the plan that a school starts with, with the school's own outcomes that need nothing more.
pub(crate) fn publish_plan(school: &School, leader: &Actor, now: Instant) -> Result<(), AppError> {
    let starting = school.plan(leader, now)?.in_force.text;
    let own =
        format!("outcomes = [\"Monitor current approach: {KNOWN_ILLNESS}\", \"Other: {PLANNED_ABSENCE}\"]");
    let lines = starting.lines().map(|line| if line.starts_with("outcomes =") { own.as_str() } else { line });
    let text = lines.collect::<Vec<_>>().join("\n");
    if let Some(problem) = school.draft_plan(leader, now, text)?.problems.first() {
        return Err(AppError::invalid("demo", format!("plan: {problem}")));
    }
    school.publish_plan(leader, now, None).map(drop)
}

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
