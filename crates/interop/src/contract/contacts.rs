//! Contacts: how the whānau of students are reached.

use super::cells::{Cells, is_unseen};
use super::table::{Layout, read};
use super::{Parsed, TEXT_LENGTH};
use domain::{Channel, Date, Language, StudentId};

const CONTACTS: Layout = Layout {
    required: &["student_id", "contact_id", "name", "relationship", "phone", "email", "address"],
    optional: &["prefers", "language", "gets_letters", "last_confirmed", "do_not_contact", "why"],
};

/// The longest id of a contact in another system, in characters.
const ID_LENGTH: usize = 64;

/// The longest address and why, in characters.
const LONG_TEXT: usize = 1_000;

/// A row of the contacts file: one contact of one student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Whose contact.
    pub student_id: StudentId,
    /// The contact's id in the system that the file comes from; never empty.
    pub contact_id: String,
    /// Never empty.
    pub name: String,
    /// May be empty.
    pub relationship: String,
    /// May be empty.
    pub phone: String,
    /// May be empty.
    pub email: String,
    /// A line each; may be empty.
    pub address: String,
    /// How they would rather be reached; nothing where the row does not say.
    pub prefers: Option<Channel>,
    /// English where the row does not say.
    pub language: Language,
    /// Whether letters about the student go to them: no where the row does not say.
    pub gets_letters: bool,
    /// When they were last confirmed, if that is known.
    pub last_confirmed: Option<Date>,
    /// Whether they must not be contacted.
    pub do_not_contact: bool,
    /// Why; may be empty.
    pub why: String,
}

/// Reads a contacts file.
#[must_use]
pub fn contacts(bytes: &[u8]) -> Parsed<ContactRow> {
    read(bytes, &CONTACTS, |cells| {
        let student_id = cells.id(0, StudentId::parse);
        let contact_id = filled(cells, 1, ID_LENGTH, "the contact's id in the other system");
        let name = filled(cells, 2, TEXT_LENGTH, "the person's name");
        let (relationship, phone) = (cells.text(3, TEXT_LENGTH), cells.text(4, TEXT_LENGTH));
        let (email, address) = (cells.text(5, TEXT_LENGTH), address(cells, 6));
        let prefers = word(cells, 7, &Channel::ALL.map(|one| (one.text(), one)));
        let language = word(cells, 8, &Language::ALL.map(|one| (one.text(), one)));
        let gets_letters = word(cells, 9, &[("yes", true), ("no", false)]);
        let last_confirmed = cells.optional_date(10);
        let do_not_contact = word(cells, 11, &[("yes", true)]);
        let why = cells.text(12, LONG_TEXT);
        Some(ContactRow {
            student_id: student_id?,
            contact_id: contact_id?,
            name: name?,
            relationship: relationship?,
            phone: phone?,
            email: email?,
            address: address?,
            prefers: prefers?,
            language: language?.unwrap_or(Language::English),
            gets_letters: gets_letters?.unwrap_or(false),
            last_confirmed: last_confirmed?,
            do_not_contact: do_not_contact?.unwrap_or(false),
            why: why?,
        })
    })
}

fn filled(cells: &mut Cells<'_>, place: usize, longest: usize, what: &str) -> Option<String> {
    if cells.raw(place).is_empty() {
        cells.refuse(place, "nothing is here", what);
        return None;
    }
    cells.text(place, longest)
}

/// One of a few words, or nothing.
fn word<T: Copy>(cells: &mut Cells<'_>, place: usize, choices: &[(&'static str, T)]) -> Option<Option<T>> {
    if cells.raw(place).is_empty() { Some(None) } else { cells.choice(place, choices).map(Some) }
}

/// Lines that stand apart by semicolons or line breaks.
fn address(cells: &mut Cells<'_>, place: usize) -> Option<String> {
    let text = cells.raw(place);
    let is_odd = |c: char| is_unseen(c) || c == '\u{fffd}' || (c.is_control() && c != '\n' && c != '\r');
    if text.chars().any(is_odd) {
        cells.refuse(place, "a control character or a lost letter", "plain text, lines with ; between them");
        return None;
    }
    if text.chars().count() > LONG_TEXT {
        cells.refuse(place, format!("longer than {LONG_TEXT} characters"), "shorten it");
        return None;
    }
    let lines = text.split([';', '\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    Some(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "student_id,contact_id,name,relationship,phone,email,address";

    #[test]
    fn an_address_has_its_lines_apart_by_semicolons_or_line_breaks() {
        for address in ["1 Rātā Street; Tāmaki;; 0600", "\"1 Rātā Street\r\n Tāmaki\n0600\""] {
            let parsed = contacts(format!("{HEAD}\n101,C1,Hana,Mother,,,{address}\n").as_bytes());
            assert_eq!(parsed.problems, []);
            assert_eq!(parsed.rows[0].value.address, "1 Rātā Street\nTāmaki\n0600");
        }
    }

    #[test]
    fn what_a_short_row_does_not_say_is_the_careful_choice() {
        let parsed = contacts(format!("{HEAD}\n101,C1,Hana,,,,\n").as_bytes());
        let row = &parsed.rows[0].value;
        assert_eq!((row.prefers, row.language, row.gets_letters), (None, Language::English, false));
        assert!(!row.do_not_contact && row.last_confirmed.is_none());
    }

    #[test]
    fn no_problem_repeats_a_name_a_number_or_an_address() {
        let rows = "101,C1,Canary\u{202e},Canary\u{202e},canary\u{202e},canary\u{202e},canary\u{202e}";
        let parsed = contacts(format!("{HEAD}\n{rows}\n").as_bytes());
        assert_eq!(parsed.problem_count, 5);
        assert!(!parsed.problems.iter().any(|problem| problem.to_string().contains("anary")));
    }
}
