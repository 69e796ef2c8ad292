//! One row of a table by the fields of a mapping: its cells, and what is wrong with them.

use super::fields::{self, Holds, Kind};
use super::{DateOrder, Mapping, date};
use crate::contract::cells::shown;
use crate::table::{BETWEEN, Table, TableRow};
use std::collections::{BTreeMap, HashMap};

/// Who is known at the school.
pub trait Roll {
    /// The school's id of the student with this National Student Number: nothing when nobody has
    /// it, a sentence when several have.
    ///
    /// # Errors
    /// When it is the number of several students.
    fn id_of(&self, nsn: &str) -> Result<Option<String>, String>;

    /// The first and last day of a student's latest enrolment, and whether it has ended.
    fn enrolment(&self, student_id: &str) -> Option<(String, String, bool)>;

    /// What stands here of a student's or staff member's particulars, by the contract's name of the
    /// column.
    fn stands(&self, kind: Kind, id: &str, field: &str) -> Option<String>;

    /// The school's number.
    fn school(&self) -> String;
}

/// Nobody is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRoll;

impl Roll for NoRoll {
    fn id_of(&self, _: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn enrolment(&self, _: &str) -> Option<(String, String, bool)> {
        None
    }

    fn stands(&self, _: Kind, _: &str, _: &str) -> Option<String> {
        None
    }

    fn school(&self) -> String {
        String::new()
    }
}

/// Column, what is wrong, what would be right.
pub(super) type Wrong = (String, String, String);

/// What stays the same from row to row.
pub(super) struct Sense<'m> {
    pub(super) mapping: &'m Mapping,
    pub(super) roll: &'m dyn Roll,
    pub(super) order: DateOrder,
    pub(super) is_workbook: bool,
    is_xml: bool,
    /// By field: the place of its column.
    places: HashMap<&'static str, usize>,
    /// By table of words: each word as it is known.
    words: HashMap<&'m str, HashMap<String, &'m str>>,
    school: String,
}

impl<'m> Sense<'m> {
    pub(super) fn new(table: &Table<'_>, mapping: &'m Mapping, order: DateOrder, roll: &'m dyn Roll) -> Self {
        let place = |field: &'static fields::Field| {
            Some((field.name, table.column(mapping.columns.get(field.name)?)?))
        };
        let known = |words: &'m BTreeMap<String, String>| {
            words.iter().map(|(word, value)| (fields::short(word).to_lowercase(), value.as_str())).collect()
        };
        let words = mapping.words.iter().map(|(name, words)| (name.as_str(), known(words))).collect();
        Self {
            places: mapping.kind.fields().iter().filter_map(place).collect(),
            words,
            school: roll.school(),
            is_workbook: table.is_workbook(),
            is_xml: table.is_xml(),
            mapping,
            roll,
            order,
        }
    }

    /// What a word of a file stands for; nothing when nobody said.
    pub(super) fn meaning(&self, table: &str, word: &str) -> Option<String> {
        let word = word.trim();
        let known = fields::short(word).to_lowercase();
        let said = self.words.get(table).and_then(|words| words.get(&known));
        if let Some(said) = said {
            return Some((*said).to_owned());
        }
        if word.is_empty() {
            return Some(String::new());
        }
        if let Some(usual) = fields::usual(table, word) {
            return Some(usual.to_owned());
        }
        // A code of one letter stands for itself.
        let mut letters = word.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if table == "code" => Some(letter.to_uppercase().collect()),
            _ => None,
        }
    }
}

/// One row.
pub(super) struct Line<'l, 'r> {
    pub(super) sense: &'l Sense<'l>,
    row: &'l TableRow<'r>,
    /// What is wrong with it.
    pub(super) wrong: Vec<Wrong>,
}

impl<'l, 'r> Line<'l, 'r> {
    pub(super) fn new(sense: &'l Sense<'l>, row: &'l TableRow<'r>) -> Self {
        let mut line = Self { sense, row, wrong: Vec::new() };
        if let Some((wrong, right)) = &row.fault {
            line.wrong.push(("row".to_owned(), wrong.clone(), right.clone()));
        } else if let Some(field) = line.joined() {
            let right = "the records that hold one each: choose them under How the file is read";
            line.refuse(field, "several stand in one record", right);
        } else if line.is_heading() {
            let (wrong, right) =
                ("this line names the columns again", "take it out, or leave it: it is not stored");
            line.wrong.push(("row".to_owned(), wrong.to_owned(), right.to_owned()));
        } else if line.is_total() {
            let (wrong, right) = ("this line sums up others", "take it out, or leave it: it is not stored");
            line.wrong.push(("row".to_owned(), wrong.to_owned(), right.to_owned()));
        } else if !(sense.is_workbook || sense.is_xml) && line.is_short() {
            let right = "as many cells as the header; the row may be half written";
            line.wrong.push(("row".to_owned(), "the row ends too early".to_owned(), right.to_owned()));
        } else {
            line.check_school();
        }
        line
    }

    /// A field of which a record of XML holds several, and of which there is one.
    fn joined(&self) -> Option<&'static str> {
        if !self.sense.is_xml {
            return None;
        }
        let is_single = |field: &&str| !["groups", "address", "reason"].contains(field);
        let mut fields = self.sense.places.keys().copied().filter(is_single);
        fields.find(|field| self.cell(field).contains(BETWEEN))
    }

    /// Whether every column that is used holds its own name, as at the top of each page of a report.
    fn is_heading(&self) -> bool {
        let mapping = self.sense.mapping;
        let mut used =
            mapping.columns.iter().filter(|(field, _)| self.sense.places.contains_key(field.as_str()));
        used.clone().next().is_some()
            && used.all(|(field, column)| self.cell(field).eq_ignore_ascii_case(column.trim()))
    }

    fn is_total(&self) -> bool {
        let mut cells = self.row.cells.iter().flatten().filter(|cell| !cell.is_empty());
        let first = cells.next();
        // Somebody with a number of their own is a person, whatever they are called.
        let names_somebody = |field| {
            let cell = self.cell(field);
            !cell.is_empty() && !fields::begins_a_total(cell)
        };
        if ["student_id", "nsn", "staff_id"].into_iter().any(names_somebody) {
            return false;
        }
        let holds = |field: &fields::Field| field.holds == Holds::Date;
        let mut dates = self.sense.mapping.kind.fields().iter().filter(|field| holds(field));
        let has_no_date = dates.all(|field| self.cell(field.name).is_empty());
        has_no_date && first.is_some_and(|cell| fields::begins_a_total(cell))
    }

    fn is_short(&self) -> bool {
        self.sense.places.values().any(|&place| self.row.cells.get(place).is_none_or(Option::is_none))
    }

    fn check_school(&mut self) {
        let said = self.cell("school").trim_start_matches('0');
        if !said.is_empty()
            && !self.sense.school.is_empty()
            && said != self.sense.school.trim_start_matches('0')
        {
            let wrong = format!("a row of school {}", shown(said));
            let right = format!("rows of school {} alone", self.sense.school);
            self.refuse("school", wrong, right);
        }
    }

    /// Keeps what is wrong with a field, by the name of its column.
    pub(super) fn refuse(&mut self, field: &str, wrong: impl Into<String>, right: impl Into<String>) {
        let column = self.sense.mapping.columns.get(field).map_or(field, String::as_str);
        self.wrong.push((column.to_owned(), wrong.into(), right.into()));
    }

    /// Whether a column fills a field. In XML of which nobody says it there is none, and it says nothing.
    pub(super) fn has_column(&self, field: &str) -> bool {
        self.sense.places.contains_key(field)
    }

    fn cell(&self, field: &str) -> &'l str {
        let cell = self.sense.places.get(field).and_then(|&place| self.row.cells.get(place)?.as_deref());
        cell.unwrap_or_default()
    }

    /// What the row itself says of a field.
    pub(super) fn own(&self, field: &str) -> &'l str {
        self.cell(field)
    }

    /// The text of a field, or what stands for every row.
    pub(super) fn text(&self, field: &str) -> &'l str {
        match self.cell(field) {
            "" => self.sense.mapping.fixed.get(field).map_or("", String::as_str),
            cell => cell,
        }
    }

    /// The text of a field; of one that the table has no column for, what stands here.
    pub(super) fn kept(&self, id: &str, field: &str) -> String {
        let mapping = self.sense.mapping;
        if mapping.says(field) {
            return self.text(field).to_owned();
        }
        self.sense.roll.stands(mapping.kind, id, field).unwrap_or_default()
    }

    /// A date as the contract writes it. One that cannot be read stays as it is.
    pub(super) fn date(&mut self, field: &str) -> String {
        let text = self.text(field);
        match date::read(text, self.sense.order, self.sense.is_workbook) {
            Ok(date) => date.to_string(),
            Err((wrong, right)) => {
                self.refuse(field, wrong, right);
                text.to_owned()
            }
        }
    }

    /// A date that may be left out.
    pub(super) fn optional_date(&mut self, field: &str) -> String {
        // Some systems write a date of zeros for none.
        let text = self.text(field);
        let is_none = text.is_empty() || text.chars().all(|c| matches!(c, '0' | '/' | '-' | '.' | ' '));
        if is_none { String::new() } else { self.date(field) }
    }

    /// A word's value. One that is not known stays as it is.
    pub(super) fn word(&mut self, field: &str, table: &str) -> String {
        let text = self.text(field);
        match self.sense.meaning(table, text) {
            Some(value) => value,
            None => {
                let wrong = format!("it is not said what {} stands for", shown(text));
                self.refuse(field, wrong, "say it in the table of words, or correct the cell");
                text.to_owned()
            }
        }
    }

    /// A time of day as `09:10`.
    pub(super) fn time(&mut self, field: &str) -> String {
        let text = self.text(field);
        match time(text) {
            Some((hour, minute)) => format!("{hour:02}:{minute:02}"),
            None => {
                self.refuse(
                    field,
                    format!("{} is not a time of day", shown(text)),
                    "such as 09:10 or 2:15 pm",
                );
                text.to_owned()
            }
        }
    }

    /// How long something is: said, or until its end.
    pub(super) fn minutes(&mut self, start: &str) -> String {
        let text = self.text("minutes");
        if text.is_empty() && !self.text("end").is_empty() {
            let end = self.time("end");
            let (Some(start), Some(end)) = (time(start), time(&end)) else { return String::new() };
            let of = |(hour, minute): (u32, u32)| hour * 60 + minute;
            if of(end) <= of(start) {
                self.refuse("end", "it ends before it starts", "a time after the start");
            }
            return of(end).saturating_sub(of(start)).to_string();
        }
        text.trim_end_matches(|c: char| c.is_alphabetic() || c == '.' || c == ' ').to_owned()
    }

    /// The school's id of the student: as it stands, or by the National Student Number.
    pub(super) fn student(&mut self) -> String {
        let id = self.cell("student_id");
        if !id.is_empty() {
            return id.to_owned();
        }
        let field = if self.sense.mapping.has("nsn") { "nsn" } else { "student_id" };
        let nsn = self.nsn();
        if nsn.is_empty() {
            self.refuse(field, "nothing is here", "the student's id, or their National Student Number");
            return String::new();
        }
        match self.sense.roll.id_of(&nsn) {
            Ok(Some(id)) => return id,
            Ok(None) => {
                let right = "import the students with their numbers first, or correct the number";
                self.refuse(field, "no student of this school has this National Student Number", right);
            }
            Err(wrong) => self.refuse(field, wrong, "the student's id in a column of its own"),
        }
        String::new()
    }

    /// The National Student Number without spaces; empty when the row has none.
    pub(super) fn nsn(&self) -> String {
        self.cell("nsn").chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// Given and family name, of two columns or of one that holds both.
    pub(super) fn names(&self) -> (String, String) {
        let (given, family, whole) = (self.text("given_name"), self.text("family_name"), self.text("name"));
        if !given.is_empty() || !family.is_empty() || whole.is_empty() {
            return (given.to_owned(), family.to_owned());
        }
        if let Some((family, given)) = whole.split_once(',') {
            return (given.trim().to_owned(), family.trim().to_owned());
        }
        match whole.rsplit_once(' ') {
            Some((given, family)) => (given.trim().to_owned(), family.to_owned()),
            None => (String::new(), whole.to_owned()),
        }
    }
}

/// Reads `9:10`, `09:10:00`, `0910`, `9.10`, `2:15 pm`, or a workbook's date and time.
fn time(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().to_ascii_lowercase();
    // A workbook's time may come with a date before it.
    let text = match text.rsplit_once(' ') {
        Some((_, time)) if time.contains(':') => time,
        _ => text.as_str(),
    };
    let (text, shift) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim_end(), Some(0)),
        (_, Some(rest)) => (rest.trim_end(), Some(12)),
        _ => (text, None),
    };
    let mut parts = text.split([':', '.']);
    let (first, second) = (parts.next()?, parts.next());
    let (hour, minute) = match second {
        Some(minute) => (first, minute),
        None if (3..=4).contains(&first.len()) && first.is_ascii() => first.split_at(first.len() - 2),
        None if shift.is_some() => (first, "00"),
        None => return None,
    };
    let read = |part: &str, most: u32| {
        let is_number = !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|number| is_number && *number <= most)
    };
    let (hour, minute) = (read(hour, 23)?, read(minute, 59)?);
    match shift {
        None => Some((hour, minute)),
        Some(shift) if (1..=12).contains(&hour) => Some((hour % 12 + shift, minute)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_every_form_in_which_it_is_met() {
        for (text, wanted) in [
            ("9:10", (9, 10)),
            ("09:10:00", (9, 10)),
            ("0910", (9, 10)),
            ("910", (9, 10)),
            ("9.10", (9, 10)),
            ("2:15 pm", (14, 15)),
            ("12:05 AM", (0, 5)),
            ("12pm", (12, 0)),
            ("1899-12-31 09:10:00", (9, 10)),
        ] {
            assert_eq!(time(text), Some(wanted), "{text}");
        }
        for none in [
            "", "soon", "9", "25:00", "9:60", "13 pm", "0 am", "99999", ":", "9:", "ā:10", "–", "āx", "āxy",
            "1ā0",
        ] {
            assert_eq!(time(none), None, "{none}");
        }
    }
}
