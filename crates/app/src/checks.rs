//! Whether rows of a delivery fit the school and one another, and how a timetable is kept.

use crate::AppError;
use crate::import::Sorted;
use crate::work::Work;
use domain::Term;
use interop::contract::{self, TimetableFileRow};
use store::timetable::TimetableRow;

#[allow(clippy::unnecessary_wraps)]
pub(crate) fn none<T>(_: &mut Work<'_, '_>, _: &mut Sorted<T>) -> Result<(), AppError> {
    Ok(())
}

/// Refuses a term that would overlap another, of this file or already known.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn terms(work: &mut Work<'_, '_>, sorted: &mut Sorted<Term>) -> Result<(), AppError> {
    let mut standing: std::collections::BTreeMap<_, Term> =
        work.calendar.terms().iter().map(|term| (term.id, *term)).collect();
    standing.extend(sorted.rows.iter().map(|(_, term)| (term.id, *term)));
    sorted.refuse(|term| {
        let overlaps = |other: &&Term| {
            other.id != term.id && other.first_day <= term.last_day && term.first_day <= other.last_day
        };
        let other = standing.values().find(overlaps)?;
        let wrong = format!("{} overlaps {} ({} to {})", term.id, other.id, other.first_day, other.last_day);
        Some(("first_day", wrong, "terms follow one another without overlapping".to_owned()))
    });
    Ok(())
}

/// Refuses an address that two people would share.
pub(crate) fn staff(
    work: &mut Work<'_, '_>,
    sorted: &mut Sorted<contract::StaffRow>,
) -> Result<(), AppError> {
    let mut owners = std::collections::HashMap::new();
    for staff in store::people::staff(work.tx, work.school.number)? {
        owners.insert(staff.email.to_lowercase(), staff.id);
    }
    sorted.refuse(|row| {
        if row.email.is_empty() {
            return None;
        }
        let owner = owners.entry(row.email.to_lowercase()).or_insert_with(|| row.staff_id.clone());
        (*owner != row.staff_id).then(|| {
            let wrong = format!("this address belongs to {owner} already");
            ("email", wrong, "each person signs in with an address of their own".to_owned())
        })
    });
    Ok(())
}

/// Refuses a period that stands twice on a group's weekday.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn timetable(_: &mut Work<'_, '_>, sorted: &mut Sorted<TimetableFileRow>) -> Result<(), AppError> {
    let mut seen = std::collections::HashSet::new();
    sorted.refuse(|row| {
        let place = (row.from, row.group.clone(), row.weekday, row.period.name.clone());
        (!seen.insert(place)).then(|| {
            let wrong = format!("period {} stands twice on this weekday of this group", row.period.name);
            ("period", wrong, "each period once, with its start and minutes".to_owned())
        })
    });
    Ok(())
}

/// A timetable is in force from the date its rows name, or else from the day it is imported.
pub(crate) fn save_timetable(
    work: &mut Work<'_, '_>,
    rows: Vec<TimetableFileRow>,
) -> Result<usize, AppError> {
    let today = work.school.zone.date(work.now);
    let act = work.act()?;
    let row = |row: TimetableFileRow| TimetableRow {
        from: row.from.unwrap_or(today),
        act,
        group: row.group,
        weekday: row.weekday,
        period: row.period,
    };
    let rows: Vec<TimetableRow> = rows.into_iter().map(row).collect();
    store::timetable::insert(work.tx, work.school.number, act, work.now, &rows)?;
    Ok(rows.len())
}
