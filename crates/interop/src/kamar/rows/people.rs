//! Students and staff.

use super::super::kept::{Kept, Staff};
use super::super::values::date;
use super::{each, optional_date};
use crate::contract::cells::{Cells, MOST_YEARS, as_year};
use crate::contract::{GROUP_LENGTH, Parsed, Problem, StaffRow, StudentRow, is_email};
use domain::{Date, Nsn, Role, StaffId, StudentId};
use std::collections::BTreeSet;

const STUDENT: [&str; 11] = [
    "id",
    "nsn",
    "firstname",
    "lastname",
    "firstnamelegal",
    "lastnamelegal",
    "yearlevel",
    "tutor",
    "house",
    "startingdate",
    "leavingdate",
];

/// The students of a `full` or `part` push as spells.
///
/// The given name is the legal first name, with the first name that the school uses as the
/// preferred one where they differ; the family name is the one that the school uses. The tutor
/// group is the group. Where KAMAR sends no starting date, `start_of` says when the spell began:
/// the start of the spell that is known of the student, or of the year for a new one.
///
/// An NSN that is none is a problem beside the student, who is kept without it.
#[must_use]
pub fn students(kept: &Kept, start_of: &dyn Fn(&StudentId) -> Option<Date>) -> Parsed<StudentRow> {
    let mut parsed = Parsed::new();
    let records = kept.students.as_deref().unwrap_or_default();
    let values = (1..).zip(records).map(|(line, student)| {
        let values = [
            student.id.as_str(),
            student.nsn.as_str(),
            student.first.as_str(),
            student.last.as_str(),
            student.first_legal.as_str(),
            student.last_legal.as_str(),
            student.year_level.as_str(),
            student.tutor.as_str(),
            student.house.as_str(),
            student.starting.as_str(),
            student.leaving.as_str(),
        ];
        (line, values)
    });
    each(&mut parsed, &STUDENT, values, |cells, beside| student(cells, beside, start_of));
    parsed
}

fn student(
    cells: &mut Cells<'_>,
    beside: &mut Vec<Problem>,
    start_of: &dyn Fn(&StudentId) -> Option<Date>,
) -> Option<StudentRow> {
    let student_id = cells.id(0, StudentId::parse);
    let nsn = nsn(cells, beside);
    let [first, last, first_legal, last_legal] = [2, 3, 4, 5].map(|place| cells.name(place));
    let (year_level, house) = (year_level(cells, beside), group(cells, 8, "house"));
    let group = group(cells, 7, "group");
    let (first, last, first_legal, last_legal) = (first?, last?, first_legal?, last_legal?);
    let given_name = if first_legal.is_empty() { first.clone() } else { first_legal };
    let preferred_name = if first == given_name { String::new() } else { first };
    let family_name = if last.is_empty() { last_legal } else { last };
    if given_name.is_empty() && family_name.is_empty() {
        cells.refuse(3, "the student has no name", "a first name, a last name or both");
    }
    let start = optional_date(cells, 9);
    let start_date = match (start, &student_id) {
        (Some(Some(start)), _) => Some(start),
        (Some(None), Some(id)) => {
            let known = start_of(id);
            if known.is_none() {
                let right = "let KAMAR send startingdate, or say when the year began";
                cells.refuse(9, "the student has no first day", right);
            }
            known
        }
        _ => None,
    };
    let end_date = optional_date(cells, 10);
    if let (Some(start), Some(Some(end))) = (start_date, end_date)
        && end < start
    {
        cells.refuse(10, format!("{end} is before the first day {start}"), "correct the dates in KAMAR");
    }
    Some(StudentRow {
        student_id: student_id?,
        nsn,
        given_name,
        family_name,
        preferred_name,
        year_level,
        group: group?,
        house: house.filter(|house| !house.is_empty()),
        start_date: start_date?,
        end_date: end_date?,
    })
}

/// The year level, where it is one.
fn year_level(cells: &Cells<'_>, beside: &mut Vec<Problem>) -> String {
    let text = cells.raw(6);
    let year = as_year(text);
    if text.is_empty() || year.parse::<u8>().is_ok_and(|year| year <= MOST_YEARS) {
        return year;
    }
    beside.push(cells.problem(6, "this is no year level", "a number from 0 to 15, or nothing"));
    String::new()
}

fn nsn(cells: &Cells<'_>, beside: &mut Vec<Problem>) -> Option<Nsn> {
    let text = cells.raw(1);
    if text.is_empty() {
        return None;
    }
    let nsn = Nsn::parse(text).ok();
    if nsn.is_none() {
        beside.push(cells.problem(1, "this is not an NSN", "up to 10 digits, or nothing"));
    }
    nsn
}

fn group(cells: &mut Cells<'_>, place: usize, what: &str) -> Option<String> {
    if cells.raw(place).contains(';') {
        let right = format!("one {what}, without semicolons");
        cells.refuse(place, format!("the name of a {what} holds a semicolon"), right);
    }
    cells.text(place, GROUP_LENGTH)
}

const STAFF: [&str; 6] = ["id", "firstname", "lastname", "email", "tutor", "leavingdate"];

/// The staff of a `full` or `part` push who are at the school on the day that it was made.
///
/// KAMAR's classification and position give no rights: the role is `teacher`, with the tutor group,
/// **for a person who is new**; whoever is known keeps the roles and groups that the school gave.
/// An e-mail address that is none is a problem beside the person, who is kept without it.
#[must_use]
pub fn staff(kept: &Kept) -> Parsed<StaffRow> {
    let mut parsed = Parsed::new();
    let records = kept.staff.as_deref().unwrap_or_default();
    let today = kept.made_at().map(|made_at| made_at.date);
    let here = (1..).zip(records).filter(|(_, staff)| !has_left(staff, today));
    let values = here.map(|(line, staff)| {
        let values = [
            staff.id.as_str(),
            staff.first.as_str(),
            staff.last.as_str(),
            staff.email.as_str(),
            staff.tutor.as_str(),
            staff.leaving.as_str(),
        ];
        (line, values)
    });
    each(&mut parsed, &STAFF, values, staff_member);
    parsed
}

fn has_left(staff: &Staff, today: Option<Date>) -> bool {
    matches!((date(&staff.leaving), today), (Ok(Some(left)), Some(today)) if left < today)
}

fn staff_member(cells: &mut Cells<'_>, beside: &mut Vec<Problem>) -> Option<StaffRow> {
    let staff_id = cells.id(0, StaffId::parse);
    let (first, last) = (cells.name(1), cells.name(2));
    let (group, leaving) = (group(cells, 4, "group"), optional_date(cells, 5));
    let name = [first?, last?].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        cells.refuse(2, "nothing is here", "the person's name");
    }
    let email = cells.raw(3);
    let is_good = email.is_empty() || is_email(email);
    if !is_good {
        beside.push(cells.problem(3, "this is not an e-mail address", "name@example.school.nz, or nothing"));
    }
    leaving?;
    Some(StaffRow {
        staff_id: staff_id?,
        name,
        email: if is_good { email.to_owned() } else { String::new() },
        roles: vec![Role::Teacher],
        groups: group.filter(|group| !group.is_empty()).into_iter().collect(),
    })
}

/// Every student whom a push names, those with problems among them: a student who is named has not
/// left, whatever is wrong with the record.
#[must_use]
pub fn named_students(kept: &Kept) -> BTreeSet<StudentId> {
    let students = kept.students.as_deref().unwrap_or_default();
    students.iter().filter_map(|student| StudentId::parse(&student.id).ok()).collect()
}

/// Every staff member whom a push names and who is at the school on the day that it was made.
#[must_use]
pub fn named_staff(kept: &Kept) -> BTreeSet<StaffId> {
    let today = kept.made_at().map(|made_at| made_at.date);
    let staff = kept.staff.as_deref().unwrap_or_default().iter();
    staff.filter(|staff| !has_left(staff, today)).filter_map(|staff| StaffId::parse(&staff.id).ok()).collect()
}

/// The staff members whom a push names and who had left before the day that it was made.
#[must_use]
pub fn staff_who_left(kept: &Kept) -> BTreeSet<StaffId> {
    let today = kept.made_at().map(|made_at| made_at.date);
    let staff = kept.staff.as_deref().unwrap_or_default().iter();
    staff.filter(|staff| has_left(staff, today)).filter_map(|staff| StaffId::parse(&staff.id).ok()).collect()
}
