//! What pages show of contacts: one student's, and everybody's that wait for a second look.

use super::look::others_who_may_look;
use super::standing::{Known, load};
use crate::views::StaffNames;
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Channel, Date, Instant, Language, Permission, StaffId, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::ALWAYS;
use store::contact::ContactField;
use store::mark::BY_HAND;
use store::people::StudentRow;

/// What waits for a second look.
#[derive(Clone)]
pub struct Waiting {
    /// What stood before and could be used; nothing where there is no such.
    pub before: Option<String>,
    /// Who changed or doubted it; empty for the operator.
    pub by: String,
    /// When.
    pub at: Option<Instant>,
    /// Whether a call found it wrong.
    pub is_doubted: bool,
    /// Whether it is also that of somebody who must not be contacted about the student.
    pub is_anothers: bool,
    /// Who must look because the reader made the change; empty when the reader may.
    pub others: Vec<String>,
}

/// A number or an address.
#[derive(Clone)]
pub struct FieldView {
    /// Which.
    pub field: ContactField,
    /// What stands; empty for none, and where it waits for somebody who does not edit contacts.
    pub value: String,
    /// That it waits for a second look, and what is to be known of that.
    pub waits: Option<Waiting>,
}

/// A contact of a student.
#[derive(Clone)]
pub struct ContactLine {
    /// Its identity.
    pub id: String,
    /// The version: what the reader saw when they change it.
    pub seen: i64,
    /// The order among the student's contacts.
    pub place: i64,
    /// Name.
    pub name: String,
    /// What they are to the student.
    pub relationship: String,
    /// Phone, e-mail and postal address.
    pub fields: [FieldView; 3],
    /// How they would rather be reached.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// Whether letters about the student go to them.
    pub is_written_to: bool,
    /// When they were last confirmed.
    pub confirmed_on: Option<Date>,
    /// Why they must not be contacted; nothing for one who may be.
    pub blocked: Option<String>,
    /// Whether they have the name of somebody who must not be contacted, and so are not either.
    pub is_namesake: bool,
    /// The system whose file brought the last version; nothing when a person entered it.
    pub source: Option<String>,
    /// When the last version came.
    pub changed_at: Instant,
    /// Who entered it; empty for the operator.
    pub changed_by: String,
}

impl ContactLine {
    /// Whether anything waits for a second look.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.fields.iter().any(|field| field.waits.is_some())
    }
}

/// The contacts of one student.
#[derive(Clone)]
pub struct ContactsView {
    /// Whose.
    pub student: StudentRow,
    /// In order; those who must not be contacted only for a reader who sees them.
    pub contacts: Vec<ContactLine>,
    /// Whether the reader may change them.
    pub may_edit: bool,
    /// Whether the reader sees who must not be contacted.
    pub sees_blocked: bool,
}

/// Everybody's contacts that somebody must look at.
#[derive(Clone)]
pub struct ContactsToLookAt {
    /// Contacts that wait for a second look, by student.
    pub waiting: Vec<(StudentRow, ContactLine)>,
    /// Students enrolled today whom nobody can be contacted about.
    pub without: Vec<StudentRow>,
}

/// What a reader may see.
struct Reader {
    may_edit: bool,
    sees_blocked: bool,
    id: Option<StaffId>,
    names: StaffNames,
    others: Vec<String>,
}

impl School {
    /// How a student's whānau are reached. That somebody looked is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach; [`AppError::Denied`] for the operator.
    pub fn contacts(&self, actor: &Actor, now: Instant, id: StudentId) -> Result<ContactsView, AppError> {
        self.act(Order::new("read_contacts", actor, now).about(id.to_string()), move |work| {
            let student = work.student_for(Permission::SeeContacts, &id)?;
            if work.who.is_none() {
                return Err(AppError::denied("read contacts without a name: who looks is kept"));
            }
            let reader = Reader::new(work, &student)?;
            let own = load(work.tx, work.school.number, std::slice::from_ref(&id))?.into_values().flatten();
            let shown =
                own.filter(|known| !known.is_removed() && (reader.sees_blocked || !known.is_blocked()));
            let contacts: Vec<ContactLine> = shown.map(|known| line(&known, &reader)).collect();
            // Where nothing was shown, nothing was read.
            if let Some(who) = reader.id.as_ref().filter(|_| !contacts.is_empty()) {
                super::log_reads(work, who, [&student.id])?;
            }
            Ok(ContactsView {
                student,
                contacts,
                may_edit: reader.may_edit,
                sees_blocked: reader.sees_blocked,
            })
        })
    }

    /// Everybody's contacts that wait for a second look, and students without anybody who may be
    /// contacted. Whose contacts were shown is logged.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who may not edit contacts.
    pub fn contacts_to_look_at(&self, actor: &Actor, now: Instant) -> Result<ContactsToLookAt, AppError> {
        self.act(Order::new("read_contacts", actor, now), |work| {
            work.require(Permission::EditContacts, "look after contacts")?;
            let number = work.school.number;
            let who = work.who.clone();
            let mut students = store::people::students(work.tx, number)?;
            students.retain(|student| {
                let may = |who: &store::people::StaffVersion| {
                    who.scope.may_for(Permission::EditContacts, student.belongs())
                };
                who.as_ref().is_none_or(may)
            });
            students.sort_by_cached_key(StudentRow::sort_key);
            let ids: Vec<StudentId> = students.iter().map(|student| student.id.clone()).collect();
            let mut known = load(work.tx, number, &ids)?;
            let enrolled = enrolled_today(work)?;
            // Who may edit contacts may edit everybody's, so the reader is the same for all.
            let mut reader: Option<Reader> = None;
            let mut found = ContactsToLookAt { waiting: Vec::new(), without: Vec::new() };
            for student in students.into_iter().filter(|student| enrolled.contains(&student.id)) {
                let own = known.remove(&student.id).unwrap_or_default();
                let mut own: Vec<Known> =
                    own.into_iter().filter(|known| !known.is_removed() && !known.is_blocked()).collect();
                if own.is_empty() {
                    found.without.push(student);
                    continue;
                }
                own.retain(|known| ContactField::ALL.iter().any(|field| known.course(*field).waits(*field)));
                if own.is_empty() {
                    continue;
                }
                let reader = match &mut reader {
                    Some(reader) => reader,
                    none => none.insert(Reader::new(work, &student)?),
                };
                found.waiting.extend(own.iter().map(|known| (student.clone(), line(known, reader))));
            }
            if let Some(who) = who {
                let shown = found.waiting.iter().map(|(student, _)| &student.id);
                super::log_reads(work, &who.id, shown)?;
            }
            Ok(found)
        })
    }
}

fn enrolled_today(work: &mut Work<'_, '_>) -> Result<BTreeSet<StudentId>, AppError> {
    let today = work.school.zone.date(work.now);
    let spells = store::people::spells(work.tx, work.school.number, ALWAYS)?;
    let spells: BTreeMap<_, _> = crate::settle::group_spells(spells);
    let here = spells.into_iter().filter(|(_, own)| domain::sheet::is_enrolled(own, today));
    Ok(here.map(|(id, _)| id).collect())
}

impl Reader {
    fn new(work: &mut Work<'_, '_>, student: &StudentRow) -> Result<Self, AppError> {
        let may =
            |permission| work.who.as_ref().is_none_or(|who| who.scope.may_for(permission, student.belongs()));
        let (may_edit, sees_blocked) = (may(Permission::EditContacts), may(Permission::SeeBlocked));
        let id = work.who.as_ref().map(|who| who.id.clone());
        let number = work.school.number;
        let others = match &id {
            Some(id) if may_edit => others_who_may_look(work.tx, number, id)?,
            _ => Vec::new(),
        };
        Ok(Self {
            may_edit,
            sees_blocked,
            names: StaffNames::load(work.tx, number)?,
            others: others.into_iter().map(|staff| staff.name).collect(),
            id,
        })
    }

    fn name(&self, id: Option<&StaffId>) -> String {
        id.map(|id| self.names.name(id.as_str())).unwrap_or_default()
    }
}

fn line(known: &Known, reader: &Reader) -> ContactLine {
    let version = &known.version;
    ContactLine {
        id: version.id.clone(),
        seen: version.act,
        place: version.place,
        name: version.name.clone(),
        relationship: version.relationship.clone(),
        fields: ContactField::ALL.map(|field| field_view(known, field, reader)),
        channel: version.channel,
        language: version.language,
        is_written_to: version.is_written_to,
        confirmed_on: version.confirmed_on,
        blocked: version.is_blocked.then(|| version.why.clone()),
        is_namesake: known.is_namesake,
        source: (version.source != BY_HAND).then(|| version.source.clone()),
        changed_at: version.recorded_at,
        changed_by: reader.name(version.staff_id.as_ref()),
    }
}

fn field_view(known: &Known, field: ContactField, reader: &Reader) -> FieldView {
    let course = known.course(field);
    if !course.waits(field) {
        return FieldView { field, value: course.current.clone(), waits: None };
    }
    let is_own = reader.id.is_some() && course.by == reader.id;
    let waiting = Waiting {
        before: course.before(field).map(str::to_owned).filter(|_| reader.may_edit),
        by: reader.name(course.by.as_ref()),
        at: course.since,
        is_doubted: course.is_doubted,
        is_anothers: course.is_anothers && reader.sees_blocked,
        others: if is_own { reader.others.clone() } else { Vec::new() },
    };
    let value = if reader.may_edit { course.current.clone() } else { String::new() };
    FieldView { field, value, waits: Some(waiting) }
}
