//! Whānau contacts: who may see and change them, whom nothing may reach, what waits for a second look,
//! and what files bring. Every negative stands beside its positive.

mod blocked;
mod import;
mod look;
mod rights;

use app::contacts::{BlockContact, ContactField, ContactLine, LookAtContact, SaveContact};
use app::{AppError, Target};
use domain::{Channel, Instant, Language};
use testkit::{KEY, TestSchool, instant, staff_id, student_id};

pub(crate) const FRIDAY: &str = "2026-05-08T15:10:00+12:00";

pub(crate) fn friday() -> Instant {
    instant(FRIDAY)
}

/// A new contact of a student.
pub(crate) fn new(student: &str, name: &str, phone: &str) -> SaveContact {
    SaveContact {
        student_id: student_id(student),
        contact_id: String::new(),
        seen: 0,
        place: 0,
        name: name.to_owned(),
        relationship: "Aunt".to_owned(),
        phone: phone.to_owned(),
        email: String::new(),
        address: String::new(),
        channel: Channel::Text,
        language: Language::English,
        is_written_to: true,
        key: String::new(),
    }
}

/// The same as it stands, to change.
pub(crate) fn change(student: &str, line: &ContactLine) -> SaveContact {
    let value = |place: usize| line.fields[place].value.clone();
    SaveContact {
        contact_id: line.id.clone(),
        seen: line.seen,
        place: line.place,
        relationship: line.relationship.clone(),
        phone: value(0),
        email: value(1),
        address: value(2),
        channel: line.channel,
        language: line.language,
        is_written_to: line.is_written_to,
        ..new(student, &line.name, "")
    }
}

/// A student's contacts as somebody sees them.
pub(crate) fn seen(school: &TestSchool, who: &str, student: &str) -> Vec<ContactLine> {
    let view = school.school.contacts(&school.staff(who), friday(), student_id(student));
    view.expect("contacts").contacts
}

/// The one contact of a student, as the office sees it.
pub(crate) fn only(school: &TestSchool, student: &str) -> ContactLine {
    let mut all = seen(school, "office", student);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

pub(crate) fn save(school: &TestSchool, who: &str, contact: SaveContact) -> Result<String, AppError> {
    school.school.save_contact(&school.staff(who), friday(), contact)
}

pub(crate) fn block(school: &TestSchool, who: &str, line: &ContactLine, why: &str) -> Result<(), AppError> {
    let block = BlockContact {
        contact_id: line.id.clone(),
        seen: line.seen,
        is_blocked: true,
        why: why.to_owned(),
        confirmed: false,
    };
    school.school.block_contact(&school.staff(who), friday(), block)
}

pub(crate) fn look(
    school: &TestSchool,
    who: &str,
    line: &ContactLine,
    (field, is_right): (ContactField, bool),
) -> Result<(), AppError> {
    let look = LookAtContact { contact_id: line.id.clone(), seen: line.seen, field, is_right };
    school.school.look_at_contact(&school.staff(who), friday(), look)
}

/// Lets some of the staff sign in.
pub(crate) fn sign_in(school: &TestSchool, who: &[&str]) {
    let ids: Vec<_> = who.iter().map(|id| staff_id(id)).collect();
    school.school.set_password_for_rehearsal(friday(), &ids, KEY).expect("passwords");
}

pub(crate) fn target(student: &str) -> Target {
    Target { student_id: student_id(student), term: None, threshold: None, step: None }
}

/// The numbers that a call sheet of one student offers: nothing for one that may not be called.
pub(crate) fn numbers(school: &TestSchool, who: &str, student: &str) -> Vec<(String, Option<String>)> {
    let sheet = school.school.call_sheet(&school.staff(who), friday(), vec![target(student)]);
    let line = sheet.expect("a sheet").remove(0);
    line.contacts.into_iter().map(|contact| (contact.name, contact.phone)).collect()
}

pub(crate) fn count(school: &TestSchool, table: &str) -> i64 {
    let sql = match table {
        "contact" => "select count(*) from contact where school = $1",
        _ => "select count(*) from contact_read where school = $1",
    };
    let rows = school
        .app
        .store()
        .read(school.school.number(), |tx| Ok::<_, store::StoreError>(tx.query(sql, &[189_i64.into()])?));
    rows.expect("a count")[0].take(0).expect("a number")
}
