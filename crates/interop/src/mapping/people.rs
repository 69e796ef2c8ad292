//! Students, staff and contacts.

use super::Mapping;
use super::convert::{Out, ready};
use super::line::Line;
use crate::contract::cells::as_year;

const STUDENT: [&str; 9] = [
    "student_id",
    "nsn",
    "given_name",
    "family_name",
    "preferred_name",
    "year_level",
    "group",
    "start_date",
    "end_date",
];

pub(super) const STAFF: [&str; 5] = ["staff_id", "name", "email", "role", "groups"];

pub(super) const CONTACT: [&str; 13] = [
    "student_id",
    "contact_id",
    "name",
    "relationship",
    "phone",
    "email",
    "address",
    "prefers",
    "language",
    "gets_letters",
    "last_confirmed",
    "do_not_contact",
    "why",
];

pub(super) fn student_columns(mapping: &Mapping) -> Vec<&'static str> {
    let mut columns = STUDENT.to_vec();
    if mapping.has("house") {
        columns.push("house");
    }
    columns
}

pub(super) fn student(line: &mut Line<'_, '_>, out: &mut Out, columns: &[&str]) {
    if !line.wrong.is_empty() {
        ready(line, out).row(&vec![""; columns.len()]);
        return;
    }
    let id = line.student();
    let nsn = if line.sense.mapping.has("nsn") { line.nsn() } else { line.kept(&id, "nsn") };
    let (given, family) = names(line, &id);
    let (start, end) = enrolment(line, &id);
    let said = line.kept(&id, "year_level");
    // `Year 9` and `09` are 9; `Bilingual` stays what it is.
    let year = as_year(&said);
    let (preferred, group) = (line.kept(&id, "preferred_name"), line.kept(&id, "group"));
    let mut cells = vec![id.as_str(), &nsn, &given, &family, &preferred, &year, &group, &start, &end];
    if columns.len() > cells.len() {
        cells.push(line.text("house"));
    }
    ready(line, out).row(&cells);
}

/// Given and family name; of the one that the table has no column for, what stands here.
fn names(line: &Line<'_, '_>, id: &str) -> (String, String) {
    let mapping = line.sense.mapping;
    let (given, family) = line.names();
    let is_said = |field| mapping.says(field) || mapping.says("name");
    let given = if is_said("given_name") { given } else { line.kept(id, "given_name") };
    (given, if is_said("family_name") { family } else { line.kept(id, "family_name") })
}

/// The days of a student's enrolment. A file that does not say them names who is enrolled now: who
/// is known stays as they are, and who is new or has come back begins on the date for such.
fn enrolment(line: &mut Line<'_, '_>, id: &str) -> (String, String) {
    let end = line.optional_date("end_date");
    let known = line.sense.roll.enrolment(id);
    let own = line.own("start_date");
    if !own.is_empty() {
        return (line.date("start_date"), end);
    }
    match known {
        Some((first, _, _)) if !end.is_empty() => (first, end),
        Some((first, last, false)) => (first, last),
        _ if !line.text("start_date").is_empty() => (line.date("start_date"), end),
        _ => {
            let right = "a column with the first day, or a date for those who are new";
            line.refuse("start_date", "it is not said when this student began", right);
            (String::new(), end)
        }
    }
}

pub(super) fn staff(line: &mut Line<'_, '_>, out: &mut Out) {
    if !line.wrong.is_empty() {
        ready(line, out).row(&[""; STAFF.len()]);
        return;
    }
    // A list that does not say what each may do leaves that as it stands.
    let known = line.sense.roll.stands(line.sense.mapping.kind, line.text("staff_id"), "role");
    let role = match known.filter(|role| !role.is_empty() && !line.sense.mapping.has("role")) {
        Some(role) => role,
        None => roles(line),
    };
    let name = whole_name(line);
    let id = line.text("staff_id");
    let (email, groups) = (line.kept(id, "email"), line.kept(id, "groups"));
    let cells = [id, &name, &email, &role, &groups];
    ready(line, out).row(&cells);
}

/// Several roles may stand in one cell.
fn roles(line: &mut Line<'_, '_>) -> String {
    let text = line.text("role");
    let known = |word: &str| {
        line.sense.meaning("role", word).or_else(|| domain::Role::parse(word).map(|_| word.to_owned()))
    };
    let parts: Vec<&str> = text.split([';', '/']).map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.iter().map(|part| known(part)).collect::<Option<Vec<_>>>() {
        Some(roles) if !roles.is_empty() => roles.join(";"),
        _ => line.word("role", "role"),
    }
}

fn whole_name(line: &Line<'_, '_>) -> String {
    let (given, family) = line.names();
    format!("{given} {family}").trim().to_owned()
}

pub(super) fn contact(line: &mut Line<'_, '_>, out: &mut Out) {
    if !line.wrong.is_empty() {
        ready(line, out).row(&[""; CONTACT.len()]);
        return;
    }
    let (student, name) = (line.student(), whole_name(line));
    // Where the other system gives no id, a contact is who has this name.
    let id: String = match line.text("contact_id") {
        "" => name.chars().take(64).collect(),
        id => id.to_owned(),
    };
    let town = [line.text("town"), line.text("postcode")].join(" ");
    let lines = [line.text("address"), line.text("suburb"), town.trim()];
    let address = lines.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    let (prefers, language) = (line.word("prefers", "prefers"), line.word("language", "language"));
    let letters = line.word("gets_letters", "yes");
    let confirmed = line.optional_date("last_confirmed");
    // The contract knows `yes` and nothing.
    let blocked = Some(line.word("do_not_contact", "yes")).filter(|word| word != "no").unwrap_or_default();
    let cells = [
        student.as_str(),
        &id,
        &name,
        line.text("relationship"),
        line.text("phone"),
        line.text("email"),
        &address,
        &prefers,
        &language,
        &letters,
        &confirmed,
        &blocked,
        line.text("why"),
    ];
    ready(line, out).row(&cells);
}
