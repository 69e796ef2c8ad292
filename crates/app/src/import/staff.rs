//! Staff. A push never changes what somebody who is known may do: it says who they are.

use super::changeset::{FieldChange, PersonChange};
use super::coming::{Coming, Verdict};
use super::part::Staffing;
use crate::AppError;
use crate::people::StaffEntry;
use crate::work::Work;
use domain::{Role, StaffId};
use interop::contract;
use std::collections::{BTreeMap, BTreeSet};
use store::people::StaffVersion;
use store::said::{Memory, Said, SaidOf};

/// The fields of a staff member that a source says, named as in the contract's file.
pub(crate) const FIELDS: [&str; 4] = ["name", "email", "role", "groups"];

/// Set once a whole delivery did not name somebody whom it had named before.
const GONE: &str = "gone";
const YES: &str = "yes";

/// A field's value, as text.
pub(crate) fn field(staff: &StaffEntry, field: &str) -> String {
    match field {
        "name" => staff.name.clone(),
        "email" => staff.email.trim().to_lowercase(),
        "role" => {
            let roles: BTreeSet<Role> = staff.roles.iter().copied().collect();
            roles.into_iter().map(Role::text).collect::<Vec<_>>().join(";")
        }
        "groups" => staff.groups.join(";"),
        _ => String::new(),
    }
}

/// Sets a field from its text.
pub(crate) fn set_field(staff: &mut StaffEntry, field: &str, value: &str) {
    let parts = || value.split(';').filter(|part| !part.is_empty());
    match field {
        "name" => value.clone_into(&mut staff.name),
        "email" => value.clone_into(&mut staff.email),
        "role" => staff.roles = parts().filter_map(Role::parse).collect(),
        "groups" => staff.groups = parts().map(str::to_owned).collect(),
        _ => {}
    }
}

/// A staff member as an entry.
pub(crate) fn entry_of(staff: &StaffVersion) -> StaffEntry {
    StaffEntry {
        id: staff.id.clone(),
        name: staff.name.clone(),
        email: staff.email.clone(),
        roles: staff.scope.roles.clone(),
        groups: staff.scope.groups.clone(),
    }
}

/// What the school knows of its staff before a delivery.
struct Known {
    staff: BTreeMap<StaffId, StaffEntry>,
    said: Memory,
}

impl Known {
    fn said(&self, id: &StaffId, field: &str) -> Option<&str> {
        self.said.get(id.as_str())?.get(field).map(String::as_str)
    }

    /// Whether the source left somebody out of a whole list after it had named them.
    fn is_gone(&self, id: &StaffId) -> bool {
        self.said(id, GONE) == Some(YES)
    }
}

/// What a delivery does to staff: who is written, and what was said.
#[derive(Default)]
struct Outcome {
    entries: Vec<StaffEntry>,
    said: Vec<Said>,
}

impl Outcome {
    fn say(&mut self, id: &StaffId, field: &str, value: &str) {
        self.said.push(Said { id: id.to_string(), field: field.to_owned(), value: value.to_owned() });
    }
}

/// Writes what rows change; answers how many people did.
pub(super) fn save(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    rows: Vec<contract::StaffRow>,
    staffing: Staffing,
) -> Result<usize, AppError> {
    let number = work.school.number;
    let of_source = (coming.source.as_str(), SaidOf::Staff);
    let said = store::said::last(work.tx, number, of_source, None, |act| coming.undone.contains(&act))?;
    let staff = store::people::staff(work.tx, number)?;
    let staff = staff.iter().map(|staff| (staff.id.clone(), entry_of(staff))).collect();
    let (known, mut outcome) = (Known { staff, said }, Outcome::default());
    coming.changes.serving = known.staff.values().filter(|staff| !staff.roles.is_empty()).count();
    let last: BTreeMap<StaffId, contract::StaffRow> =
        rows.into_iter().map(|row| (row.staff_id.clone(), row)).collect();
    for row in last.values() {
        weigh(work, coming, &known, row, staffing, &mut outcome)?;
    }
    if staffing.is_whole {
        let named = coming.named.staff.clone();
        leavers(coming, &known, |id| last.contains_key(id) || named.contains(id), &mut outcome);
    } else {
        let left = coming.named.left.clone();
        leavers(coming, &known, |id| !left.contains(id), &mut outcome);
    }
    let act = work.act()?;
    store::said::insert(work.tx, number, (&coming.source, SaidOf::Staff, act), &outcome.said)?;
    crate::people::save(work, outcome.entries)
}

/// Weighs each field of a staff member's last row.
fn weigh(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    known: &Known,
    row: &contract::StaffRow,
    staffing: Staffing,
    outcome: &mut Outcome,
) -> Result<(), AppError> {
    let id = &row.staff_id;
    let (standing, is_back) = (known.staff.get(id), known.is_gone(id));
    let says = StaffEntry {
        id: id.clone(),
        name: row.name.clone(),
        email: row.email.clone(),
        roles: row.roles.clone(),
        groups: row.groups.clone(),
    };
    let mut next = standing.cloned().unwrap_or_else(|| says.clone());
    let mut fields = Vec::new();
    for name in FIELDS {
        // Rights are given here, by a person; a push brings them for somebody new or back alone.
        if name == "role" && staffing.keeps_rights && standing.is_some() && !is_back {
            continue;
        }
        let value = field(&says, name);
        // As with students, a push takes nothing away by saying nothing.
        if !coming.is_watched && value.is_empty() {
            continue;
        }
        let stands = standing.map(|standing| field(standing, name));
        let earlier = known.said(id, name).filter(|_| !is_back);
        let mut verdict = coming.weigh(name, earlier, &value, stands.as_deref());
        if verdict == Verdict::Conflict {
            let history = history(work, id, name)?;
            if !coming.is_by_person(work, ("staff", id.as_str(), name), &history)? {
                verdict = Verdict::Take;
            }
        }
        if verdict == Verdict::Unchanged {
            continue;
        }
        outcome.say(id, name, &value);
        let stands = stands.unwrap_or_default();
        match verdict {
            Verdict::Conflict => coming.conflict(work, ("staff", id.as_str(), name), (&stands, &value))?,
            Verdict::Take if stands != value => {
                set_field(&mut next, name, &value);
                fields.push(FieldChange { field: name.to_owned(), before: stands, after: value });
            }
            _ => {}
        }
    }
    if is_back {
        outcome.say(id, GONE, "");
    }
    if standing.is_none() || !fields.is_empty() {
        let change = PersonChange { id: id.to_string(), name: next.name.clone(), fields };
        let staff = &mut coming.changes.staff;
        let list = match (standing.is_some(), is_back) {
            (false, _) => &mut staff.new,
            (true, true) => &mut staff.returning,
            (true, false) => &mut staff.changed,
        };
        list.add(change);
        outcome.entries.push(next);
    }
    Ok(())
}

/// Takes the roles of everybody whom the source named before and a whole list of its does not.
fn leavers(coming: &mut Coming, known: &Known, is_named: impl Fn(&StaffId) -> bool, outcome: &mut Outcome) {
    for (id, standing) in &known.staff {
        let was_named = known.said.contains_key(id.as_str()) && !known.is_gone(id);
        // Whoever keeps the connections and the people stays: somebody must.
        let stays = standing.roles.is_empty() || standing.roles.contains(&Role::SmsAdmin);
        if stays || !was_named || is_named(id) {
            continue;
        }
        outcome.say(id, GONE, YES);
        let before = field(standing, "role");
        let fields = vec![FieldChange { field: "role".to_owned(), before, after: String::new() }];
        let change = PersonChange { id: id.to_string(), name: standing.name.clone(), fields };
        coming.changes.staff.leaving.add(change);
        outcome.entries.push(StaffEntry { roles: Vec::new(), ..standing.clone() });
    }
}

/// What stood in a field of a staff member, act by act.
pub(crate) fn history(
    work: &mut Work<'_, '_>,
    id: &StaffId,
    name: &str,
) -> Result<Vec<(i64, String)>, AppError> {
    let versions = store::people::staff_versions_of(work.tx, work.school.number, id)?;
    Ok(versions.iter().map(|(act, _, version)| (*act, field(&entry_of(version), name))).collect())
}
