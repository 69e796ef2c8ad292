//! What stands in the school when a roster is read, and what is kept of one for the next.

use crate::AppError;
use domain::{Date, SchoolNumber};
use interop::oneroster::{KnownClass, KnownUser, Standing, StandingStaff, StandingStudent};
use std::collections::BTreeMap;
use store::oneroster::Known;
use store::{ALWAYS, Tx};

const CLASS: &str = "class";
const USER: &str = "user";
const ORG: &str = "org";

/// Loads what stands; with what earlier packages said as it is kept.
pub(super) fn load(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<(Standing, Known), AppError> {
    let mut standing = Standing::default();
    let mut spells: BTreeMap<String, BTreeMap<Date, Option<Date>>> = BTreeMap::new();
    for version in store::people::spells(tx, number, ALWAYS)? {
        let own = spells.entry(version.student_id.to_string()).or_default();
        own.insert(version.spell.first_day, version.spell.last_day);
    }
    for row in store::people::students(tx, number)? {
        let own = spells.remove(row.id.as_str()).unwrap_or_default();
        let student = StandingStudent {
            nsn: row.nsn,
            given_name: row.given_name,
            family_name: row.family_name,
            preferred_name: row.preferred_name,
            year_level: row.year_level,
            group: row.group,
            spells: own.into_iter().collect(),
        };
        standing.students.insert(row.id.to_string(), student);
    }
    for staff in store::people::staff(tx, number)? {
        let (roles, groups) = (staff.scope.roles, staff.scope.groups);
        let own = StandingStaff { name: staff.name, email: staff.email, roles, groups };
        standing.staff.insert(staff.id.to_string(), own);
    }
    let known = store::oneroster::known(tx, number)?;
    for ((kind, id), (said, is_marked)) in &known {
        let (id, said, is_marked) = (id.clone(), said.clone(), *is_marked);
        match kind.as_str() {
            CLASS => drop(standing.classes.insert(id, KnownClass { title: said, is_homeroom: is_marked })),
            USER => drop(standing.users.insert(id, KnownUser { id: said, is_student: is_marked })),
            ORG if is_marked => standing.org = Some(id),
            ORG => drop(standing.departments.insert(id, said)),
            _ => {}
        }
    }
    Ok((standing, known))
}

/// Keeps what the next roster is to know.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    before: &Known,
    standing: &Standing,
) -> Result<(), AppError> {
    Ok(store::oneroster::keep_known(tx, number, before, &kept(standing))?)
}

/// Whether there is something to keep.
pub(super) fn differs(before: &Known, standing: &Standing) -> bool {
    *before != kept(standing)
}

fn kept(standing: &Standing) -> Known {
    let classes = standing.classes.iter();
    let classes =
        classes.map(|(id, class)| ((CLASS.to_owned(), id.clone()), (class.title.clone(), class.is_homeroom)));
    let users = standing.users.iter();
    let users = users.map(|(id, user)| ((USER.to_owned(), id.clone()), (user.id.clone(), user.is_student)));
    let org = standing.org.iter().map(|id| ((ORG.to_owned(), id.clone()), (String::new(), true)));
    let below = standing.departments.iter();
    let below = below.map(|(id, parent)| ((ORG.to_owned(), id.clone()), (parent.clone(), false)));
    classes.chain(users).chain(org).chain(below).collect()
}
