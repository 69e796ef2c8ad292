//! Contacts: what a file says of them joins what people entered.
//!
//! A field that a file did not change since the same source's last import stays as it stands. One that
//! it changed is taken over where nobody entered another meanwhile; a number or address is taken over
//! in any case and then waits for a second look, with what stood before beside it. A file can say that
//! somebody must not be contacted, and can never lift it; whom a person removed, it does not bring back.
//! A row with a new id joins the contact of its name that the file no longer has under the old one.

use super::Sorted;
use crate::contacts::{Known, check, load, plain_name, write};
use crate::work::Work;
use crate::{AppError, entropy};
use domain::{Channel, Instant, StudentId};
use interop::contract::ContactRow;
use std::collections::{BTreeMap, BTreeSet};
use store::contact::{ContactField, ContactVersion};

/// Refuses contacts of unknown students, those that stand twice, and fields that cannot stand.
pub(super) fn check_rows(work: &mut Work<'_, '_>, sorted: &mut Sorted<ContactRow>) -> Result<(), AppError> {
    let students = store::people::students(work.tx, work.school.number)?;
    let students: BTreeSet<StudentId> = students.into_iter().map(|student| student.id).collect();
    let today = work.school.zone.date(work.now);
    let (now, mut seen) = (work.now, BTreeSet::new());
    sorted.refuse(|row| {
        if !students.contains(&row.student_id) {
            let wrong = format!("there is no student {} at this school", row.student_id);
            return Some(("student_id", wrong, "import the students first, or correct the id".to_owned()));
        }
        if !seen.insert((row.student_id.clone(), row.contact_id.clone())) {
            let wrong = "this contact of this student stands twice".to_owned();
            return Some(("contact_id", wrong, "each contact of a student once".to_owned()));
        }
        if row.last_confirmed.is_some_and(|date| date > today) {
            let wrong = "this day has not come".to_owned();
            return Some(("last_confirmed", wrong, "the day on which somebody asked".to_owned()));
        }
        let mut version = version_of(row, ("", now), 1);
        let Err(AppError::Invalid(fields)) = check(&mut version) else { return None };
        let field = fields.into_iter().next()?;
        Some((field.name, "this cannot stand there".to_owned(), field.problem))
    });
    Ok(())
}

/// Students whose rows are worked on together.
const TOGETHER: usize = 200;

/// Writes what the rows change; answers how many contacts did.
pub(super) fn save(work: &mut Work<'_, '_>, source: &str, rows: Vec<ContactRow>) -> Result<usize, AppError> {
    let mut own: BTreeMap<StudentId, Vec<ContactRow>> = BTreeMap::new();
    for row in rows {
        own.entry(row.student_id.clone()).or_default().push(row);
    }
    let ids: Vec<StudentId> = own.keys().cloned().collect();
    let mut changed = 0;
    for ids in ids.chunks(TOGETHER) {
        let mut known = load(work.tx, work.school.number, ids)?;
        for id in ids {
            let standing = known.remove(id).unwrap_or_default();
            let rows = own.remove(id).unwrap_or_default();
            for (place, row) in (1..).zip(&rows) {
                let known = known_as(source, &standing, row, &rows);
                changed += usize::from(save_row(work, source, known, (place, row))?);
            }
        }
    }
    Ok(changed)
}

/// The contact that a row is about: the one of its id, or the only one of its name that the source
/// brought and that its file no longer has. Some systems number their contacts anew.
fn known_as<'a>(
    source: &str,
    standing: &'a [Known],
    row: &ContactRow,
    rows: &[ContactRow],
) -> Option<&'a Known> {
    let by_id = standing.iter().find(|known| known.version.source_id == row.contact_id);
    let name = plain_name(&row.name);
    let is_it = |known: &&Known| {
        known.said.get(source).is_some_and(|said| plain_name(&said.name) == name)
            && rows.iter().all(|row| row.contact_id != known.version.source_id)
    };
    let mut of_the_name = standing.iter().filter(is_it);
    let is_only = rows.iter().filter(|row| plain_name(&row.name) == name).count() == 1;
    by_id.or_else(|| of_the_name.next().filter(|_| is_only && of_the_name.next().is_none()))
}

fn save_row(
    work: &mut Work<'_, '_>,
    source: &str,
    known: Option<&Known>,
    (place, row): (i64, &ContactRow),
) -> Result<bool, AppError> {
    let mut said = version_of(row, (source, work.now), place);
    check(&mut said)?;
    let Some(known) = known else {
        // The act tells this contact from one of the same id at another time.
        let seed = format!("{} {} {}", row.student_id, row.contact_id, work.act()?);
        said.id = entropy::digest(seed.as_bytes()).chars().take(32).collect();
        write(work, said, None)?;
        return Ok(true);
    };
    said.id.clone_from(&known.version.id);
    let earlier = known.said.get(source);
    if earlier.is_some_and(|earlier| is_same(earlier, &said)) {
        return Ok(false);
    }
    let next = joined(earlier.unwrap_or(&known.version), &said, &known.version);
    let is_change = !is_same(&next, &known.version);
    if !is_change || !is_same(&next, &said) {
        write(work, ContactVersion { is_said: true, ..said }, None)?;
    }
    if is_change {
        write(work, next, Some(known))?;
    }
    Ok(is_change)
}

/// What stands when a file says something new: `earlier` is what the same source said before.
fn joined(earlier: &ContactVersion, said: &ContactVersion, stands: &ContactVersion) -> ContactVersion {
    /// What the file changed, unless a person changed it meanwhile.
    fn taken<T: Clone + PartialEq>(earlier: &T, said: &T, stands: &T) -> T {
        if said != earlier && stands == earlier { said.clone() } else { stands.clone() }
    }
    let is_newly_blocked = said.is_blocked && !earlier.is_blocked && !stands.is_blocked;
    let mut next = ContactVersion {
        place: taken(&earlier.place, &said.place, &stands.place),
        name: taken(&earlier.name, &said.name, &stands.name),
        relationship: taken(&earlier.relationship, &said.relationship, &stands.relationship),
        channel: taken(&earlier.channel, &said.channel, &stands.channel),
        language: taken(&earlier.language, &said.language, &stands.language),
        is_written_to: taken(&earlier.is_written_to, &said.is_written_to, &stands.is_written_to),
        confirmed_on: stands.confirmed_on.max(said.confirmed_on),
        is_blocked: stands.is_blocked || is_newly_blocked,
        why: if is_newly_blocked { said.why.clone() } else { stands.why.clone() },
        source: said.source.clone(),
        source_id: said.source_id.clone(),
        ..stands.clone()
    };
    for field in ContactField::ALL {
        let (before, new, now) = (earlier.field(field), said.field(field), stands.field(field));
        let is_kept = new == before || (new.is_empty() && now != before);
        if !is_kept {
            new.clone_into(next.field_mut(field));
        }
    }
    next
}

/// Whether two versions say the same of the contact.
fn is_same(one: &ContactVersion, other: &ContactVersion) -> bool {
    let told = |version: &ContactVersion| ContactVersion {
        id: String::new(),
        act: 0,
        is_said: false,
        recorded_at: one.recorded_at,
        is_removed: false,
        source: String::new(),
        staff_id: None,
        ..version.clone()
    };
    told(one) == told(other)
}

fn version_of(row: &ContactRow, (source, now): (&str, Instant), place: i64) -> ContactVersion {
    let usual = if row.email.is_empty() { Channel::Letter } else { Channel::Email };
    ContactVersion {
        id: String::new(),
        act: 0,
        is_said: false,
        recorded_at: now,
        student_id: row.student_id.clone(),
        place,
        name: row.name.clone(),
        relationship: row.relationship.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        address: row.address.clone(),
        channel: row.prefers.unwrap_or(usual),
        language: row.language,
        is_written_to: row.gets_letters,
        confirmed_on: row.last_confirmed,
        is_blocked: row.do_not_contact,
        why: if row.do_not_contact { row.why.clone() } else { String::new() },
        is_removed: false,
        source: source.to_owned(),
        source_id: row.contact_id.clone(),
        staff_id: None,
        undone_by: None,
    }
}
