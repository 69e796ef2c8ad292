//! Timetables and code lists: what a school sets up once a year.

use super::Parsed;
use super::cells::{Cells, shown};
use super::days::period;
use super::table::{Layout, read};
use domain::{Class, CodeRow, Date, Period};

const TIMETABLE: Layout =
    Layout { required: &["group", "weekday", "period", "start", "minutes"], optional: &["from_date"] };
const CODES: Layout = Layout { required: &["letter", "name", "class"], optional: &["counts_as"] };

/// The days of a week, in the order of their numbers from 1.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A row of the timetable file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimetableFileRow {
    /// Of which group; of every group when empty.
    pub group: String,
    /// 1 for Monday to 7 for Sunday.
    pub weekday: i8,
    /// The period.
    pub period: Period,
    /// From which date on; nothing when the file does not say.
    pub from: Option<Date>,
}

/// Reads a timetable file: `group,weekday,period,start,minutes` and, if wanted, `from_date`.
/// A weekday is its English name, its first three letters or its number from 1 for Monday.
#[must_use]
pub fn timetable(bytes: &[u8]) -> Parsed<TimetableFileRow> {
    read(bytes, &TIMETABLE, |cells| {
        let group = cells.text(0, super::GROUP_LENGTH);
        let weekday = weekday(cells, 1);
        let period = period(cells, 2);
        let from = cells.optional_date(5);
        Some(TimetableFileRow { group: group?, weekday: weekday?, period: period?, from: from? })
    })
}

fn weekday(cells: &mut Cells<'_>, place: usize) -> Option<i8> {
    let text = cells.raw(place).to_ascii_lowercase();
    let names =
        |&(number, name): &(i8, &str)| text == name || text == name[..3] || text == number.to_string();
    let found = (1..).zip(WEEKDAYS).find(names);
    if found.is_none() {
        let wrong = format!("{} is not a weekday", shown(cells.raw(place)));
        cells.refuse(place, wrong, "monday to sunday, or 1 to 7");
    }
    found.map(|(number, _)| number)
}

/// Reads a list of attendance codes: `letter,name,class` and, if wanted, `counts_as`. The rows
/// have no dates of their own.
#[must_use]
pub fn codes(bytes: &[u8]) -> Parsed<CodeRow> {
    const CLASSES: [(&str, Class); 3] =
        [("P", Class::Present), ("J", Class::Justified), ("U", Class::Unjustified)];
    read(bytes, &CODES, |cells| {
        let letter = letter(cells, 0);
        let name = cells.text(1, 100);
        if name.as_ref().is_some_and(String::is_empty) {
            cells.refuse(1, "nothing is here", "what the code means, in a few words");
        }
        let class = cells.choice(2, &CLASSES);
        let counts_as = if cells.raw(3).is_empty() { Some(None) } else { self::letter(cells, 3).map(Some) };
        let (from, to) = (None, None);
        Some(CodeRow { letter: letter?, name: name?, class: class?, from, to, counts_as: counts_as? })
    })
}

fn letter(cells: &mut Cells<'_>, place: usize) -> Option<char> {
    let text = cells.raw(place);
    let mut letters = text.chars();
    let letter = letters.next().filter(|_| letters.next().is_none());
    let plain = letter.filter(|&letter| domain::code::is_plain(letter));
    if plain.is_none() {
        let wrong = format!("{} is not a code's letter", shown(text));
        cells.refuse(place, wrong, "one capital letter from A to Z, a digit, or ?");
    }
    plain
}
