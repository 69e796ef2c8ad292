//! From another program's table to the contract's files, by a mapping that a person can see and
//! edit.
//!
//! A [`Mapping`] says which column fills which field, what the words in the cells stand for and how
//! dates are written. [`guess()`] makes one of the names and contents of the columns; a school
//! keeps the one that it agreed to and it is used again when the same columns come again
//! ([`Mapping::fit`]). [`convert`] makes a file of the contract of a table: each row with the line
//! it came from, and rows that could not be made whole with what is wrong, so that the file takes
//! the same road as any other and every problem is told where a person can see it.

mod convert;
mod date;
mod days;
mod fields;
mod guess;
mod line;
mod marks;
mod people;
#[cfg(test)]
mod tests;

pub use convert::{Converted, Met, PreviewRow, convert};
pub use date::{DateOrder, OrderSeen};
pub use fields::{Field, Holds, Kind, is_known_name};
pub use guess::{contract_kind, guess};
pub use line::{NoRoll, Roll};

use crate::table::{Encoding, Separator, Table, Wanted};
use std::collections::BTreeMap;

/// The most slots of a day.
pub const MOST_SLOTS: usize = 20;

/// The most words of a table that are asked about.
pub const MOST_WORDS: usize = 100;

/// How a table of one source becomes a file of one kind.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mapping {
    /// What it becomes.
    pub kind: Kind,
    /// The columns of the table that it was made for, in order.
    #[serde(default)]
    pub header: Vec<String>,
    /// By field: the column that fills it.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// By field: what stands for every row that says nothing itself.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// By table of words: each word of the file, and what it stands for.
    #[serde(default)]
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// The periods of a day, in the order in which their codes stand.
    #[serde(default)]
    pub slots: Vec<Slot>,
    /// The order of dates of numbers, where a person or earlier data said it.
    #[serde(default)]
    pub order: Option<DateOrder>,
    /// Whether whom the file does not name has left.
    #[serde(default)]
    pub is_whole: bool,
    /// The encoding, where a person said it.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// The separator, where a person said it.
    #[serde(default)]
    pub separator: Option<Separator>,
    /// The sheet of a workbook, or the path of the records of XML.
    #[serde(default)]
    pub sheet: Option<String>,
    /// The names of files in a watched folder that it is for, such as `attendance*.csv`; none when
    /// empty.
    #[serde(default)]
    pub pattern: String,
}

/// A period of a day; one without a name is not used.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Slot {
    /// What the school calls it.
    pub name: String,
    /// When it starts, such as `09:10`.
    pub start: String,
    /// How long it is.
    pub minutes: u32,
}

/// Something that a mapping lacks before a file can be made with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field that it is about.
    pub field: &'static str,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Nothing fills the field.
    Missing,
    /// The table has no column of this name.
    Gone(String),
    /// Two ways of saying what a mark is are used at once.
    Clash,
    /// Periods come without their times, and no slots say them.
    NoSlots,
}

/// How the columns of a table differ from those that a mapping was made for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fit {
    /// Columns that it did not know.
    pub new: Vec<String>,
    /// Columns that it knew and that are not there.
    pub gone: Vec<String>,
}

impl Fit {
    /// Whether the table has the columns that the mapping was made for.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty()
    }
}

impl Mapping {
    /// A mapping of nothing.
    #[must_use]
    pub fn empty(kind: Kind) -> Self {
        Self {
            kind,
            header: Vec::new(),
            columns: BTreeMap::new(),
            fixed: BTreeMap::new(),
            words: BTreeMap::new(),
            slots: Vec::new(),
            order: None,
            is_whole: false,
            encoding: None,
            separator: None,
            sheet: None,
            pattern: String::new(),
        }
    }

    /// How a file is to be read before this says what it means.
    #[must_use]
    pub fn reading(&self) -> Wanted {
        Wanted { encoding: self.encoding, separator: self.separator, sheet: self.sheet.clone() }
    }

    /// The same with the likeliest columns for those that the table does not have, where it was made for
    /// others.
    #[must_use]
    pub fn fitted(self, table: &Table<'_>) -> Self {
        if self.fit(table).is_same() {
            return self;
        }
        let likely = guess(table, Some(self.kind));
        let mut columns = self.columns;
        columns.retain(|_, column| table.column(column).is_some());
        for (field, column) in likely.columns {
            if !columns.contains_key(&field) && !columns.values().any(|used| *used == column) {
                columns.insert(field, column);
            }
        }
        Self { header: likely.header, columns, ..self }
    }

    /// As it is kept.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Texts and lists of texts can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads it back.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// How a table's columns differ from those that this was made for.
    #[must_use]
    pub fn fit(&self, table: &Table<'_>) -> Fit {
        let header = table.header();
        let without = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|name| !those.contains(name)).cloned().collect()
        };
        Fit { new: without(&header, &self.header), gone: without(&self.header, &header) }
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.columns.contains_key(field)
    }

    pub(crate) fn says(&self, field: &str) -> bool {
        self.has(field) || self.fixed.get(field).is_some_and(|text| !text.is_empty())
    }

    /// What is missing before a file of this table can be made.
    #[must_use]
    pub fn faults(&self, table: &Table<'_>) -> Vec<Fault> {
        if table.is_void() {
            return Vec::new();
        }
        let mut faults: Vec<Fault> = Vec::new();
        for field in self.kind.fields() {
            let Some(name) = self.columns.get(field.name) else { continue };
            if table.column(name).is_none() {
                faults.push(Fault { field: field.name, why: Why::Gone(name.clone()) });
            }
        }
        // In XML that nobody says something is no fault, as long as nothing is lacking without it.
        if table.is_xml() && !faults.is_empty() {
            let mut present = self.clone();
            present.columns.retain(|_, column| table.column(column).is_some());
            if present.lacks().is_empty() {
                faults.clear();
            }
        }
        faults.extend(self.lacks());
        faults
    }

    /// What is missing whatever the table is.
    fn lacks(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        let missing = |field| Fault { field, why: Why::Missing };
        let has_student = self.has("student_id") || self.has("nsn");
        let has_name = self.has("name") || self.has("given_name") || self.has("family_name");
        match self.kind {
            Kind::Marks => {
                faults.extend((!has_student).then(|| missing("student_id")));
                faults.extend((!self.says("date")).then(|| missing("date")));
                faults.extend(marks::shape_fault(self));
            }
            Kind::Students => {
                faults.extend((!has_student).then(|| missing("student_id")));
                faults.extend((!has_name).then(|| missing("name")));
            }
            Kind::Staff => {
                faults.extend((!self.has("staff_id")).then(|| missing("staff_id")));
                faults.extend((!has_name).then(|| missing("name")));
                faults.extend((!self.says("role")).then(|| missing("role")));
            }
            Kind::Contacts => {
                faults.extend((!has_student).then(|| missing("student_id")));
                faults.extend((!has_name).then(|| missing("name")));
            }
            Kind::Calendar => {
                let has_halves = self.has("am") && self.has("pm");
                faults.extend((!self.has("date")).then(|| missing("date")));
                faults.extend((!has_halves && !self.says("day")).then(|| missing("day")));
            }
            Kind::Terms => {
                for field in ["term", "first_day", "last_day"] {
                    faults.extend((!self.has(field)).then(|| missing(field)));
                }
            }
            Kind::Timetable => {
                for field in ["weekday", "period", "start"] {
                    faults.extend((!self.has(field)).then(|| missing(field)));
                }
                let has_length = self.has("minutes") || self.has("end");
                faults.extend((!has_length).then(|| missing("minutes")));
            }
        }
        faults
    }
}

/// Whether a file's name is one that a pattern means: `*` stands for any letters, `?` for one, and
/// case does not matter.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.trim().to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    if pattern.is_empty() {
        return false;
    }
    // Where the last star stands in the pattern, and how much of the name it has taken so far.
    let (mut at, mut place, mut star) = (0, 0, None);
    while place < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[place] => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                (at, place) = (star_at + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}
