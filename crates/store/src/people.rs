//! Students, their spells of enrolment, and staff.

mod of_act;

pub use of_act::*;

use crate::row::{Reader, any_of, date};
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Belonging, Date, Instant, Nsn, Role, SchoolNumber, Spell, StaffId, StaffScope, StudentId};
use unicode_normalization::UnicodeNormalization;

/// A student as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentRow {
    /// The school's own id.
    pub id: StudentId,
    /// The National Student Number, where known.
    pub nsn: Option<Nsn>,
    /// Legal given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The name they go by; the given name when empty.
    pub preferred_name: String,
    /// Year level, `9` or `09`.
    pub year_level: String,
    /// Form or whānau class.
    pub group: String,
    /// House; empty where the school has none.
    pub house: String,
}

impl StudentRow {
    /// The name a teacher would call.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.preferred_name.is_empty() { &self.given_name } else { &self.preferred_name }
    }

    /// Where they belong, for asking whose they are.
    #[must_use]
    pub fn belongs(&self) -> Belonging<'_> {
        Belonging { group: &self.group, year_level: &self.year_level, house: &self.house }
    }

    /// What lists of students are sorted by: family name, then the name they go by, macrons aside.
    #[must_use]
    pub fn sort_key(&self) -> (String, String, StudentId) {
        (search_text(&self.family_name), search_text(self.called()), self.id.clone())
    }

    /// The name for a list: the name they go by and the family name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.called(), self.family_name).trim().to_owned()
    }
}

/// One version of a student's particulars.
#[derive(Debug, Clone)]
pub struct StudentVersion {
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The particulars then.
    pub student: StudentRow,
}

/// One version of a spell of enrolment. A later version with the same first day replaces it.
#[derive(Debug, Clone)]
pub struct SpellVersion {
    /// Whose.
    pub student_id: StudentId,
    /// The act that brought it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// The spell as it was then.
    pub spell: Spell,
}

/// A staff member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffVersion {
    /// The school's own id.
    pub id: StaffId,
    /// Name.
    pub name: String,
    /// E-mail address, which is the name at sign-in.
    pub email: String,
    /// Roles and own groups.
    pub scope: StaffScope,
}

/// A text for searching: lower case, without macrons and other marks.
#[must_use]
pub fn search_text(text: &str) -> String {
    let plain = text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).collect()
}

/// Adds a version of a student's particulars and makes it the one that holds now.
///
/// # Errors
/// When the database refuses.
pub fn insert_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    student: &StudentRow,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        student.id.as_str().into(),
        act.into(),
        at.micros().into(),
        student.nsn.as_ref().map(Nsn::reveal).into(),
        student.given_name.as_str().into(),
        student.family_name.as_str().into(),
        student.preferred_name.as_str().into(),
        student.year_level.as_str().into(),
        student.group.as_str().into(),
        student.house.as_str().into(),
    ];
    tx.execute(sql::STUDENT_INSERT, &values)?;
    put_student(tx, school, student)
}

/// Makes a version the one that holds now, when rebuilding.
///
/// # Errors
/// When the database refuses.
pub fn put_student(tx: &mut Tx<'_>, school: SchoolNumber, student: &StudentRow) -> Result<(), StoreError> {
    let search = format!("{} {} {}", student.preferred_name, student.given_name, student.family_name);
    let search = format!("{} {}", search_text(&search), search_text(student.id.as_str()));
    let values = [
        school.number().into(),
        student.id.as_str().into(),
        student.nsn.as_ref().map(Nsn::reveal).into(),
        student.given_name.as_str().into(),
        student.family_name.as_str().into(),
        student.preferred_name.as_str().into(),
        student.year_level.as_str().into(),
        student.group.as_str().into(),
        student.house.as_str().into(),
        search.into(),
    ];
    tx.execute(sql::STUDENT_PUT, &values)?;
    Ok(())
}

/// Forgets the derived rows of students as they are now, to rebuild them.
///
/// # Errors
/// When the database refuses.
pub fn clear_students(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<(), StoreError> {
    tx.execute(sql::STUDENT_CLEAR, &[school.number().into()])?;
    Ok(())
}

/// Every version of every student's particulars, in order of act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn student_versions(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<StudentVersion>, StoreError> {
    let rows = tx.query(sql::STUDENT_VERSIONS, &[school.number().into()])?;
    let read = |row| {
        let mut row = Reader::new("student_version", row);
        let id = row.student_id()?;
        let recorded_at = row.instant()?;
        Ok(StudentVersion { recorded_at, student: read_particulars(id, &mut row)? })
    };
    rows.into_iter().map(read).collect()
}

fn read_particulars(id: StudentId, row: &mut Reader) -> Result<StudentRow, StoreError> {
    Ok(StudentRow {
        id,
        nsn: row.optional("an NSN", |text| Nsn::parse(text).ok())?,
        given_name: row.next()?,
        family_name: row.next()?,
        preferred_name: row.next()?,
        year_level: row.next()?,
        group: row.next()?,
        house: row.next()?,
    })
}

fn read_student(row: database::Row) -> Result<StudentRow, StoreError> {
    let mut row = Reader::new("student", row);
    let id = row.student_id()?;
    read_particulars(id, &mut row)
}

/// One student as they are now.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &StudentId,
) -> Result<Option<StudentRow>, StoreError> {
    tx.query_one(sql::STUDENT_GET, &[school.number().into(), id.as_str().into()])?
        .map(read_student)
        .transpose()
}

/// Every student there ever was, ordered by id.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn students(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<StudentRow>, StoreError> {
    tx.query(sql::STUDENT_ALL, &[school.number().into()])?.into_iter().map(read_student).collect()
}

/// The students of a group, by family name.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn students_of_group(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    group: &str,
) -> Result<Vec<StudentRow>, StoreError> {
    tx.query(sql::STUDENT_GROUP, &[school.number().into(), group.into()])?
        .into_iter()
        .map(read_student)
        .collect()
}

/// Students whose names or id hold a text, macrons aside.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn search_students(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    text: &str,
    limit: i64,
) -> Result<Vec<StudentRow>, StoreError> {
    let literal = search_text(text).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = format!("%{}%", literal.trim());
    let values = [school.number().into(), pattern.into(), limit.into()];
    let rows = tx.query(sql::STUDENT_SEARCH, &values)?;
    sorted(rows)
}

/// Students by name, as people sort names: Ōpōtiki stands before Tāne.
fn sorted(rows: Vec<database::Row>) -> Result<Vec<StudentRow>, StoreError> {
    let mut students = rows.into_iter().map(read_student).collect::<Result<Vec<_>, _>>()?;
    students.sort_by_cached_key(StudentRow::sort_key);
    Ok(students)
}

/// The groups there are: name, year level, number of students.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn groups(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<(String, String, i64)>, StoreError> {
    let rows = tx.query(sql::STUDENT_GROUPS, &[school.number().into()])?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}

/// Adds a version of a spell.
///
/// # Errors
/// When the database refuses.
pub fn insert_spell(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    student: &StudentId,
    spell: Spell,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        student.as_str().into(),
        spell.first_day.to_string().into(),
        act.into(),
        at.micros().into(),
        spell.last_day.map(|date: Date| date.to_string()).into(),
    ];
    tx.execute(sql::SPELL_INSERT, &values)?;
    Ok(())
}

/// Every version of some students' spells that was recorded by a moment, in order of act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn spells_of(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
    known_at: i64,
) -> Result<Vec<SpellVersion>, StoreError> {
    let values = [school.number().into(), any_of(students), known_at.into()];
    tx.query(sql::SPELL_OF, &values)?.into_iter().map(read_spell).collect()
}

/// Every version of every spell that was recorded by a moment, in order of act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn spells(tx: &mut Tx<'_>, school: SchoolNumber, known_at: i64) -> Result<Vec<SpellVersion>, StoreError> {
    tx.query(sql::SPELL_ALL, &[school.number().into(), known_at.into()])?
        .into_iter()
        .map(read_spell)
        .collect()
}

fn read_spell(row: database::Row) -> Result<SpellVersion, StoreError> {
    let mut row = Reader::new("spell", row);
    let (student_id, first_day) = (row.student_id()?, row.date()?);
    let (act, recorded_at) = (row.next()?, row.instant()?);
    let last_day = row.optional("a date", date)?;
    Ok(SpellVersion { student_id, act, recorded_at, spell: Spell { first_day, last_day } })
}

/// Adds a version of a staff member.
///
/// # Errors
/// When the database refuses.
pub fn insert_staff(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    staff: &StaffVersion,
) -> Result<(), StoreError> {
    let roles: Vec<&str> = staff.scope.roles.iter().map(|role| role.text()).collect();
    let values = [
        school.number().into(),
        staff.id.as_str().into(),
        act.into(),
        at.micros().into(),
        staff.name.as_str().into(),
        staff.email.as_str().into(),
        roles.join(";").into(),
        staff.scope.groups.join(";").into(),
    ];
    tx.execute(sql::STAFF_INSERT, &values)?;
    Ok(())
}

/// One staff member as they are now.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn staff_member(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &StaffId,
) -> Result<Option<StaffVersion>, StoreError> {
    tx.query_one(sql::STAFF_OF, &[school.number().into(), id.as_str().into()])?.map(read_staff).transpose()
}

/// Every staff member as they are now, ordered by id.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn staff(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<StaffVersion>, StoreError> {
    let mut latest = std::collections::BTreeMap::new();
    for row in tx.query(sql::STAFF_VERSIONS, &[school.number().into()])? {
        let staff = read_staff(row)?;
        latest.insert(staff.id.clone(), staff);
    }
    Ok(latest.into_values().collect())
}

fn read_staff(row: database::Row) -> Result<StaffVersion, StoreError> {
    let mut row = Reader::new("staff_version", row);
    let id = row.staff_id()?;
    read_staff_rest(id, &mut row)
}

fn read_staff_rest(id: StaffId, row: &mut Reader) -> Result<StaffVersion, StoreError> {
    let (name, email) = (row.next()?, row.next()?);
    let (roles, groups): (String, String) = (row.next()?, row.next()?);
    let split =
        |text: &str| text.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let roles = split(&roles).iter().filter_map(|role| Role::parse(role)).collect();
    let scope = StaffScope { roles, groups: split(&groups), ..StaffScope::default() };
    Ok(StaffVersion { id, name, email, scope })
}
