//! Students and staff.

use super::cells::Cells;
use super::table::{Layout, read};
use super::{GROUP_LENGTH, Parsed, TEXT_LENGTH};
use domain::{Date, Nsn, Role, StaffId, StudentId};

const STUDENTS: Layout = Layout {
    required: &[
        "student_id",
        "nsn",
        "given_name",
        "family_name",
        "preferred_name",
        "year_level",
        "group",
        "start_date",
        "end_date",
    ],
    optional: &["house"],
};
const STAFF: Layout = Layout { required: &["staff_id", "name", "email", "role", "groups"], optional: &[] };

/// The longest e-mail address, in characters.
const EMAIL_LENGTH: usize = 254;

/// The longest cell of several groups, in characters.
const GROUPS_LENGTH: usize = 4_000;

/// A row of the students file: one spell of one student. Rows with the same student and
/// `start_date` are the same spell, and the later one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentRow {
    /// The student's id at the school.
    pub student_id: StudentId,
    /// The National Student Number, where known.
    pub nsn: Option<Nsn>,
    /// May be empty for a person with one name, which then is the family name.
    pub given_name: String,
    /// May be empty for a person with one name, which then is the given name.
    pub family_name: String,
    /// May be empty.
    pub preferred_name: String,
    /// As the school writes it; may be empty.
    pub year_level: String,
    /// The form or whānau class; may be empty.
    pub group: String,
    /// The house; nothing where the row names none, which takes none away.
    pub house: Option<String>,
    /// The first day enrolled.
    pub start_date: Date,
    /// The last day enrolled, inclusive, when it is known.
    pub end_date: Option<Date>,
}

/// A row of the staff file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// The staff member's id at the school.
    pub staff_id: StaffId,
    /// Never empty.
    pub name: String,
    /// May be empty.
    pub email: String,
    /// At least one, each once, in the file's order.
    pub roles: Vec<Role>,
    /// Each once, in the file's order.
    pub groups: Vec<String>,
}

/// Reads a students file.
#[must_use]
pub fn students(bytes: &[u8]) -> Parsed<StudentRow> {
    read(bytes, &STUDENTS, |cells| {
        let student_id = cells.id(0, StudentId::parse);
        let nsn = if cells.raw(1).is_empty() { Some(None) } else { cells.id(1, Nsn::parse).map(Some) };
        let (given_name, family_name) = (cells.name(2), cells.name(3));
        if cells.raw(2).is_empty() && cells.raw(3).is_empty() {
            cells.refuse(3, "the student has no name", "a given name, a family name or both");
        }
        let preferred_name = cells.name(4);
        let (year_level, group) = (cells.text(5, GROUP_LENGTH), cells.text(6, GROUP_LENGTH));
        if cells.raw(6).contains(';') {
            cells.refuse(6, "the name of a group holds a semicolon", "one group, without semicolons");
        }
        let (start_date, end_date) = (cells.date(7), cells.optional_date(8));
        let house = cells.text(9, GROUP_LENGTH).filter(|house| !house.is_empty());
        if cells.raw(9).contains(';') {
            cells.refuse(9, "the name of a house holds a semicolon", "one house, without semicolons");
        }
        if let (Some(start), Some(Some(end))) = (start_date, end_date)
            && end < start
        {
            cells.refuse(8, format!("{end} is before the start_date {start}"), "swap or correct the dates");
        }
        Some(StudentRow {
            student_id: student_id?,
            nsn: nsn?,
            given_name: given_name?,
            family_name: family_name?,
            preferred_name: preferred_name?,
            year_level: year_level?,
            group: group?,
            house,
            start_date: start_date?,
            end_date: end_date?,
        })
    })
}

/// Reads a staff file.
#[must_use]
pub fn staff(bytes: &[u8]) -> Parsed<StaffRow> {
    read(bytes, &STAFF, |cells| {
        let staff_id = cells.id(0, StaffId::parse);
        let name = cells.name(1);
        if cells.raw(1).is_empty() {
            cells.refuse(1, "nothing is here", "the person's name");
        }
        let (email, roles, groups) = (email(cells, 2), roles(cells, 3), groups(cells, 4));
        Some(StaffRow { staff_id: staff_id?, name: name?, email: email?, roles: roles?, groups: groups? })
    })
}

fn email(cells: &mut Cells<'_>, place: usize) -> Option<String> {
    let text = cells.text(place, EMAIL_LENGTH)?;
    if text.is_empty() || is_email(&text) {
        return Some(text);
    }
    cells.refuse(place, "this is not an e-mail address", "name@example.school.nz, or nothing");
    None
}

pub(crate) fn is_email(text: &str) -> bool {
    let Some((person, host)) = text.split_once('@') else { return false };
    let stands = |c: char| !c.is_whitespace() && !"@,;:<>()[]\"\\".contains(c);
    let is_part = |part: &str| !part.is_empty() && part.chars().all(stands);
    is_part(person) && host.contains('.') && host.split('.').all(is_part)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty())
}

fn roles(cells: &mut Cells<'_>, place: usize) -> Option<Vec<Role>> {
    let known = Role::ALL.map(|role| (role.text(), role));
    let text = cells.text(place, TEXT_LENGTH)?;
    let words: Vec<&str> = parts(&text).collect();
    // An empty cell is one empty word, which is reported like any other that is not known.
    let words = if words.is_empty() { vec![""] } else { words };
    let mut roles = Vec::new();
    let mut all_known = true;
    for word in words {
        match cells.choice_of(place, word, &known) {
            Some(role) if !roles.contains(&role) => roles.push(role),
            Some(_) => {}
            None => all_known = false,
        }
    }
    all_known.then_some(roles)
}

fn groups(cells: &mut Cells<'_>, place: usize) -> Option<Vec<String>> {
    let text = cells.text(place, GROUPS_LENGTH)?;
    let mut groups: Vec<String> = Vec::new();
    for group in parts(&text) {
        if group.chars().count() > GROUP_LENGTH {
            let wrong = format!("the name of a group is longer than {GROUP_LENGTH} characters");
            cells.refuse(place, wrong, "group names with ; between them");
            return None;
        }
        if !groups.iter().any(|known| known == group) {
            groups.push(group.to_owned());
        }
    }
    Some(groups)
}
