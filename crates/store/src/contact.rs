//! How whānau are reached: contacts in versions, second looks at what was changed, and who read them.

use crate::row::{Reader, date};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Channel, Date, Instant, Language, SchoolNumber, StaffId, StudentId};

/// A way to a contact that gets a second look when it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactField {
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postal address.
    Address,
}

impl ContactField {
    /// Every field.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Email, Self::Address];

    /// The word in tables and forms.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.text() == text)
    }
}

/// One version of a contact of one student.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactVersion {
    /// Its identity, which every version keeps.
    pub id: String,
    /// The act that brought this version.
    pub act: i64,
    /// Whether it is what a file said while something else stands.
    pub is_said: bool,
    /// When.
    pub recorded_at: Instant,
    /// Whose contact.
    pub student_id: StudentId,
    /// The order among the student's contacts: the first is asked first.
    pub place: i64,
    /// The contact's name.
    pub name: String,
    /// What they are to the student; may be empty.
    pub relationship: String,
    /// Phone number, as it was written; may be empty.
    pub phone: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// Postal address, a line each; may be empty.
    pub address: String,
    /// How they would rather be reached.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// Whether letters about the student go to them.
    pub is_written_to: bool,
    /// When somebody last confirmed that all this is right.
    pub confirmed_on: Option<Date>,
    /// Whether they must not be contacted.
    pub is_blocked: bool,
    /// Why they must not be contacted, or may be again; for those who see who is blocked.
    pub why: String,
    /// Whether they are no contact any more.
    pub is_removed: bool,
    /// Where this version came from: a person, or a file of a source.
    pub source: String,
    /// The id in the system that the contact came from; empty for one entered here.
    pub source_id: String,
    /// Who entered or imported it; nobody when the operator did.
    pub staff_id: Option<StaffId>,
    /// The act that undid the import which brought this version, if one did.
    pub undone_by: Option<i64>,
}

impl ContactVersion {
    /// What stands in one of the fields.
    #[must_use]
    pub fn field(&self, field: ContactField) -> &str {
        match field {
            ContactField::Phone => &self.phone,
            ContactField::Email => &self.email,
            ContactField::Address => &self.address,
        }
    }

    /// The same, to change.
    pub fn field_mut(&mut self, field: ContactField) -> &mut String {
        match field {
            ContactField::Phone => &mut self.phone,
            ContactField::Email => &mut self.email,
            ContactField::Address => &mut self.address,
        }
    }
}

impl std::fmt::Debug for ContactVersion {
    /// Without anything about the person.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ContactVersion({} of {}, act {})", self.id, self.student_id, self.act)
    }
}

/// That somebody looked at a value again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookRow {
    /// Of which contact.
    pub contact_id: String,
    /// At which field.
    pub field: ContactField,
    /// The act.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// Whose contact.
    pub student_id: StudentId,
    /// The digest of the value that was looked at.
    pub digest: String,
    /// Whether it was found right; doubted otherwise.
    pub is_right: bool,
    /// Who.
    pub staff_id: StaffId,
}

/// Adds a version of a contact.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, row: &ContactVersion) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.id.as_str().into(),
        row.act.into(),
        if row.is_said { "said" } else { "stands" }.into(),
        row.recorded_at.micros().into(),
        row.student_id.as_str().into(),
        row.place.into(),
        row.name.as_str().into(),
        row.relationship.as_str().into(),
        row.phone.as_str().into(),
        row.email.as_str().into(),
        row.address.as_str().into(),
        row.channel.text().into(),
        row.language.text().into(),
        row.is_written_to.into(),
        row.confirmed_on.map(|date| date.to_string()).into(),
        row.is_blocked.into(),
        row.why.as_str().into(),
        row.is_removed.into(),
        row.source.as_str().into(),
        row.source_id.as_str().into(),
        row.staff_id.as_ref().map(StaffId::as_str).into(),
    ];
    tx.execute(sql::CONTACT_INSERT, &values)?;
    Ok(())
}

/// Every version of every contact of some students, oldest first; of one act, what a file said
/// before what stands. Those of imports that were undone are among them.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_students(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
) -> Result<Vec<ContactVersion>, StoreError> {
    let values = [school.number().into(), texts(students)];
    tx.query(sql::CONTACT_OF_STUDENTS, &values)?.into_iter().map(read).collect()
}

/// The contacts of which an act brought versions, each with its student.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_act(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
) -> Result<Vec<(String, StudentId)>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("contact", row);
        Ok((row.next()?, row.student_id()?))
    };
    tx.query(sql::CONTACT_OF_ACT, &[school.number().into(), act.into()])?.into_iter().map(read).collect()
}

/// The student whose contact it is.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    contact: &str,
) -> Result<Option<StudentId>, StoreError> {
    let row = tx.query_one(sql::CONTACT_STUDENT, &[school.number().into(), contact.into()])?;
    row.map(|row| Reader::new("contact", row).student_id()).transpose()
}

/// Keeps that somebody looked at a value again.
///
/// # Errors
/// When the database refuses.
pub fn insert_look(tx: &mut Tx<'_>, school: SchoolNumber, row: &LookRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.contact_id.as_str().into(),
        row.field.text().into(),
        row.act.into(),
        row.recorded_at.micros().into(),
        row.student_id.as_str().into(),
        row.digest.as_str().into(),
        row.is_right.into(),
        row.staff_id.as_str().into(),
    ];
    tx.execute(sql::CONTACT_LOOK_INSERT, &values)?;
    Ok(())
}

/// Every look at the contacts of some students, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn looks(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
) -> Result<Vec<LookRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("contact_look", row);
        Ok(LookRow {
            contact_id: row.next()?,
            field: row.named("a field", ContactField::parse)?,
            act: row.next()?,
            recorded_at: row.instant()?,
            student_id: row.student_id()?,
            digest: row.next()?,
            is_right: row.next()?,
            staff_id: row.staff_id()?,
        })
    };
    let values = [school.number().into(), texts(students)];
    tx.query(sql::CONTACT_LOOKS, &values)?.into_iter().map(read).collect()
}

/// Keeps that somebody looked at a student's contacts.
///
/// # Errors
/// When the database refuses.
pub fn log_read(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    at: Instant,
    staff: &StaffId,
    student: &StudentId,
) -> Result<(), StoreError> {
    let values = [school.number().into(), student.as_str().into(), staff.as_str().into(), at.micros().into()];
    tx.execute(sql::CONTACT_READ_INSERT, &values)?;
    Ok(())
}

fn texts(students: &[StudentId]) -> Value {
    Value::Texts(students.iter().map(|id| id.as_str().to_owned()).collect())
}

fn read(row: database::Row) -> Result<ContactVersion, StoreError> {
    let mut row = Reader::new("contact", row);
    let kind = |text: &str| match text {
        "said" => Some(true),
        "stands" => Some(false),
        _ => None,
    };
    Ok(ContactVersion {
        id: row.next()?,
        act: row.next()?,
        is_said: row.named("a kind", kind)?,
        recorded_at: row.instant()?,
        student_id: row.student_id()?,
        place: row.next()?,
        name: row.next()?,
        relationship: row.next()?,
        phone: row.next()?,
        email: row.next()?,
        address: row.next()?,
        channel: row.named("a channel", Channel::parse)?,
        language: row.named("a language", Language::parse)?,
        is_written_to: row.next()?,
        confirmed_on: row.optional("a date", date)?,
        is_blocked: row.next()?,
        why: row.next()?,
        is_removed: row.next()?,
        source: row.next()?,
        source_id: row.next()?,
        staff_id: row.optional("a staff id", |text| StaffId::parse(text).ok())?,
        undone_by: row.next()?,
    })
}
