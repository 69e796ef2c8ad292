//! Look a second time at a number or address that was changed, or that a call found wrong.
//!
//! Somebody else than who changed it looks, wherever somebody else may edit contacts: an impostor on
//! the phone must then convince two people.

use super::edit::{missing, standing, write_by_hand};
use super::standing::{Known, digest, load};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Channel, Instant, Permission, SchoolNumber, StaffId};
use store::Tx;
use store::contact::{ContactField, ContactVersion, LookRow};
use store::people::StaffVersion;

/// A second look.
#[derive(Clone)]
pub struct LookAtContact {
    /// At which contact.
    pub contact_id: String,
    /// The version that the person saw.
    pub seen: i64,
    /// At which field.
    pub field: ContactField,
    /// Whether what was changed is right; otherwise what stood before stands again, or nothing.
    pub is_right: bool,
}

impl School {
    /// Looks a second time: what was changed is right and may be used, or what stood before stands
    /// again.
    ///
    /// # Errors
    /// [`AppError::NotFound`] out of reach; [`AppError::Invalid`] when nothing waits, somebody else
    /// changed it since it was seen, or the same person made the change and another may look.
    pub fn look_at_contact(&self, actor: &Actor, now: Instant, look: LookAtContact) -> Result<(), AppError> {
        self.act(Order::new("look_at_contact", actor, now).about(look.contact_id.clone()), move |work| {
            let known = standing(work, Permission::EditContacts, &look.contact_id, look.seen)?;
            let Some(by) = work.who.as_ref().map(|who| who.id.clone()) else {
                return Err(AppError::invalid("by", "a person looks at what was changed: name one"));
            };
            let course = known.course(look.field);
            if !course.waits(look.field) {
                return Err(AppError::invalid("look", "nothing waits for a look here any more"));
            }
            if !look.is_right {
                let mut next = known.version.clone();
                *next.field_mut(look.field) = course.before(look.field).unwrap_or_default().to_owned();
                return write_by_hand(work, next, Some(&known));
            }
            let others = others_who_may_look(work.tx, work.school.number, &by)?;
            if course.by.as_ref() == Some(&by) && !others.is_empty() {
                let names: Vec<&str> = others.iter().take(5).map(|other| other.name.as_str()).collect();
                let problem =
                    format!("you made this change, so somebody else looks at it: {}", names.join(", "));
                return Err(AppError::invalid("look", problem));
            }
            add(work, &known, look.field, true)
        })
    }
}

/// Who else may look: those who may edit contacts and can sign in.
pub(super) fn others_who_may_look(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    by: &StaffId,
) -> Result<Vec<StaffVersion>, AppError> {
    let able = store::sign_in::who_can_sign_in(tx, school)?;
    let mut staff = store::people::staff(tx, school)?;
    staff.retain(|one| one.id != *by && one.scope.may(Permission::EditContacts) && able.contains(&one.id));
    staff.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(staff)
}

/// Keeps that a call found a contact's number wrong: it is not used until somebody looked at it.
pub(crate) fn doubt_phone(work: &mut Work<'_, '_>, contact: &str) -> Result<(), AppError> {
    let number = work.school.number;
    let student = store::contact::student(work.tx, number, contact)?.ok_or_else(missing)?;
    let own = load(work.tx, number, std::slice::from_ref(&student))?.into_values().flatten();
    let known = own.into_iter().find(|known| known.version.id == contact).ok_or_else(missing)?;
    if known.version.phone.is_empty() {
        return Ok(());
    }
    add(work, &known, ContactField::Phone, false)?;
    crate::letters::stop_to(work, contact, "a call found this number wrong", Some(Channel::Text))
}

/// Takes the doubt of a call back that was recorded by a slip of the hand, where nothing else has
/// happened to the number since. Who may undo the call need not edit contacts: what is used again is
/// what was used before it. Where the import that brought the contact was undone there is nothing to use.
pub(crate) fn undoubt_phone(work: &mut Work<'_, '_>, contact: &str, act: i64) -> Result<(), AppError> {
    let number = work.school.number;
    let student = store::contact::student(work.tx, number, contact)?.ok_or_else(missing)?;
    let own = load(work.tx, number, std::slice::from_ref(&student))?.into_values().flatten();
    let Some(known) = own.into_iter().find(|known| known.version.id == contact) else { return Ok(()) };
    match known.course(ContactField::Phone).is_doubted_by(act) {
        true => add(work, &known, ContactField::Phone, true),
        false => Ok(()),
    }
}

fn add(work: &mut Work<'_, '_>, known: &Known, field: ContactField, is_right: bool) -> Result<(), AppError> {
    let Some(staff_id) = work.who.as_ref().map(|who| who.id.clone()) else {
        return Err(AppError::invalid("by", "a person looks at what was changed: name one"));
    };
    let ContactVersion { id, student_id, .. } = known.version.clone();
    let row = LookRow {
        contact_id: id,
        field,
        act: work.act()?,
        recorded_at: work.now,
        student_id,
        digest: digest(field, known.version.field(field)),
        is_right,
        staff_id,
    };
    Ok(store::contact::insert_look(work.tx, work.school.number, &row)?)
}
