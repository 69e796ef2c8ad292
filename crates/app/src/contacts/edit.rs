//! Save, confirm and remove a contact. Versions are added; what was is kept.

use super::check;
use super::standing::{Known, canonical, load, plain_name};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Channel, Instant, Language, Permission, StudentId};
use std::sync::Arc;
use store::contact::{ContactField, ContactVersion};
use store::mark::BY_HAND;

/// The most contacts of a student.
const MOST: usize = 20;

/// A contact as a person enters it.
#[derive(Clone)]
pub struct SaveContact {
    /// Whose contact.
    pub student_id: StudentId,
    /// Which; empty for a new one.
    pub contact_id: String,
    /// The version that the person saw; 0 for a new one.
    pub seen: i64,
    /// The order among the student's contacts, from 1; the last when 0.
    pub place: i64,
    /// Name.
    pub name: String,
    /// What they are to the student.
    pub relationship: String,
    /// Phone number; empty for none.
    pub phone: String,
    /// E-mail address; empty for none.
    pub email: String,
    /// Postal address, a line each; empty for none.
    pub address: String,
    /// How they would rather be reached.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// Whether letters about the student go to them.
    pub is_written_to: bool,
    /// A key made when the page was shown: the same key twice adds once.
    pub key: String,
}

impl School {
    /// Adds or changes a contact; answers its identity. A new one counts as confirmed today.
    ///
    /// # Errors
    /// [`AppError::NotFound`] out of reach; [`AppError::Invalid`] with the fields that cannot stand, or
    /// when somebody else changed it since it was seen.
    pub fn save_contact(&self, actor: &Actor, now: Instant, save: SaveContact) -> Result<String, AppError> {
        let asked = (&save.contact_id, save.seen, save.place, &save.name, &save.relationship, &save.phone);
        let further = (&save.email, &save.address, save.channel, save.language, save.is_written_to);
        let request = crate::entropy::digest(format!("{asked:?} {further:?}").as_bytes());
        let order = Order::new("save_contact", actor, now)
            .about(save.student_id.to_string())
            .keyed(&save.key, &request);
        let entropy = Arc::clone(&self.entropy);
        self.keyed_act(order, move |work| {
            let fresh = entropy.uuid(work.now);
            save_one(work, fresh, save)
        })
    }

    /// Notes that somebody was asked and all of a contact is right as it stands.
    ///
    /// # Errors
    /// As [`School::save_contact`].
    pub fn confirm_contact(
        &self,
        actor: &Actor,
        now: Instant,
        contact: String,
        seen: i64,
    ) -> Result<(), AppError> {
        self.act(Order::new("confirm_contact", actor, now).about(contact.clone()), move |work| {
            let known = standing(work, Permission::EditContacts, &contact, seen)?;
            let today = work.school.zone.date(work.now);
            if known.version.confirmed_on == Some(today) {
                return Ok(());
            }
            let next = ContactVersion { confirmed_on: Some(today), ..known.version.clone() };
            write_by_hand(work, next, Some(&known))
        })
    }

    /// Removes a contact; the history keeps it. One who must not be contacted stays, so that no file
    /// brings them back as somebody who may be.
    ///
    /// # Errors
    /// As [`School::save_contact`]; [`AppError::Invalid`] for one who must not be contacted.
    pub fn remove_contact(
        &self,
        actor: &Actor,
        now: Instant,
        contact: String,
        seen: i64,
    ) -> Result<(), AppError> {
        self.act(Order::new("remove_contact", actor, now).about(contact.clone()), move |work| {
            let known = standing(work, Permission::EditContacts, &contact, seen)?;
            if known.version.is_blocked {
                let problem = "somebody who must not be contacted stays on the list: it keeps every file \
                    from bringing them back";
                return Err(AppError::invalid("contact", problem));
            }
            let next = ContactVersion { is_removed: true, ..known.version.clone() };
            write_by_hand(work, next, Some(&known))
        })
    }
}

fn save_one(work: &mut Work<'_, '_>, fresh: String, save: SaveContact) -> Result<String, AppError> {
    work.student_for(Permission::EditContacts, &save.student_id)?;
    let known = match save.contact_id.is_empty() {
        true => None,
        false => Some(standing(work, Permission::EditContacts, &save.contact_id, save.seen)?),
    };
    if known.as_ref().is_some_and(|known| known.version.student_id != save.student_id) {
        return Err(missing());
    }
    let own = load(work.tx, work.school.number, std::slice::from_ref(&save.student_id))?;
    let others: Vec<&Known> = own.values().flatten().filter(|known| !known.is_removed()).collect();
    if known.is_none() && others.len() >= MOST {
        return Err(AppError::invalid("name", format!("a student has at most {MOST} contacts: remove one")));
    }
    let last = others.iter().map(|known| known.version.place).max().unwrap_or(0);
    let place = match (save.place, &known) {
        (0, Some(known)) => known.version.place,
        (0, None) => last + 1,
        (place, _) => place.clamp(1, 99),
    };
    let standing = known.as_ref().map(|known| known.version.clone());
    let mut next = ContactVersion {
        id: standing.as_ref().map_or(fresh, |version| version.id.clone()),
        act: 0,
        is_said: false,
        recorded_at: work.now,
        student_id: save.student_id,
        place,
        name: save.name,
        relationship: save.relationship,
        phone: save.phone,
        email: save.email,
        address: save.address,
        channel: save.channel,
        language: save.language,
        is_written_to: save.is_written_to,
        confirmed_on: match &standing {
            Some(version) => version.confirmed_on,
            None => Some(work.school.zone.date(work.now)),
        },
        is_blocked: standing.as_ref().is_some_and(|version| version.is_blocked),
        why: standing.as_ref().map(|version| version.why.clone()).unwrap_or_default(),
        is_removed: false,
        source: BY_HAND.to_owned(),
        source_id: standing.as_ref().map(|version| version.source_id.clone()).unwrap_or_default(),
        staff_id: None,
        undone_by: None,
    };
    check::check(&mut next)?;
    let id = next.id.clone();
    let is_as_it_stands = standing.is_some_and(|version| {
        let ContactVersion { act, recorded_at, source, staff_id, .. } = version.clone();
        ContactVersion { act, recorded_at, source, staff_id, ..next.clone() } == version
    });
    if is_as_it_stands {
        return Ok(id);
    }
    write_by_hand(work, next, known.as_ref())?;
    Ok(id)
}

pub(super) fn missing() -> AppError {
    AppError::not_found("there is no such contact of your students")
}

/// A contact that the person may do this for, if it still is the version that they saw. One who must
/// not be contacted is not there for those who must not know of them.
pub(super) fn standing(
    work: &mut Work<'_, '_>,
    permission: Permission,
    contact: &str,
    seen: i64,
) -> Result<Known, AppError> {
    let number = work.school.number;
    let student = store::contact::student(work.tx, number, contact)?.ok_or_else(missing)?;
    work.student_for(permission, &student).map_err(|_| missing())?;
    let own = load(work.tx, number, std::slice::from_ref(&student))?.into_values().flatten();
    let known = own.into_iter().find(|known| known.version.id == contact).ok_or_else(missing)?;
    let is_hidden = known.is_blocked() && work.student_for(Permission::SeeBlocked, &student).is_err();
    if known.is_removed() || is_hidden {
        return Err(missing());
    }
    if known.version.act != seen {
        let problem = "somebody else changed this contact meanwhile: see how it stands now, and enter your change again";
        return Err(AppError::invalid("seen", problem));
    }
    Ok(known)
}

pub(super) fn write_by_hand(
    work: &mut Work<'_, '_>,
    next: ContactVersion,
    before: Option<&Known>,
) -> Result<(), AppError> {
    write(work, ContactVersion { source: BY_HAND.to_owned(), ..next }, before)
}

/// Adds a version in this act, and stops what waits to go where it must not go any more.
pub(crate) fn write(
    work: &mut Work<'_, '_>,
    next: ContactVersion,
    before: Option<&Known>,
) -> Result<(), AppError> {
    let next = ContactVersion {
        act: work.act()?,
        recorded_at: work.now,
        staff_id: work.who.as_ref().map(|who| who.id.clone()),
        ..next
    };
    store::contact::insert(work.tx, work.school.number, &next)?;
    let is_renamed = || before.is_some_and(|known| plain_name(&known.version.name) != plain_name(&next.name));
    if !next.is_said && (next.is_blocked || is_renamed()) {
        stop_to_the_same(work, &next.student_id)?;
    }
    let Some(before) = before.map(|known| &known.version).filter(|_| !next.is_said) else { return Ok(()) };
    let is_moved = |field: &ContactField| {
        canonical(*field, before.field(*field)) != canonical(*field, next.field(*field))
    };
    let out = if next.is_blocked && !before.is_blocked {
        Some("this contact must not be contacted")
    } else if next.is_removed && !before.is_removed {
        Some("this contact was removed")
    } else {
        None
    };
    if let Some(why) = out {
        return crate::letters::stop_to(work, &next.id, why, None);
    }
    for field in ContactField::ALL.into_iter().filter(is_moved) {
        crate::letters::stop_to(work, &next.id, "how this contact is reached was changed", Some(by(field)))?;
    }
    Ok(())
}

/// By which channel messages go to a number or address.
pub(super) fn by(field: ContactField) -> Channel {
    match field {
        ContactField::Phone => Channel::Text,
        ContactField::Email => Channel::Email,
        ContactField::Address => Channel::Letter,
    }
}

/// Stops what waits for those who may be the same person as somebody who must not be contacted: they
/// have the name, or a number or address of theirs.
fn stop_to_the_same(work: &mut Work<'_, '_>, student: &StudentId) -> Result<(), AppError> {
    let own = load(work.tx, work.school.number, std::slice::from_ref(student))?;
    for known in own.into_values().flatten().filter(|known| !known.version.is_blocked) {
        let why = if known.is_namesake {
            "somebody with this name must not be contacted"
        } else if ContactField::ALL.iter().any(|field| known.course(*field).is_anothers) {
            "somebody who must not be contacted is reached in the same way"
        } else {
            continue;
        };
        crate::letters::stop_to(work, &known.version.id, why, None)?;
    }
    Ok(())
}
