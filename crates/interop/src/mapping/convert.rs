//! Makes a file of the contract of a table.

use super::fields::Holds;
use super::line::{Line, Roll, Sense, Wrong};
use super::{DateOrder, Kind, MOST_WORDS, Mapping, OrderSeen, days, fields, marks, people};
use crate::contract::origin::{self, LINE, PROBLEM};
use crate::contract::{LARGEST_FILE, MOST_ROWS, Problem};
use crate::export_text;
use crate::table::Table;
use std::collections::BTreeMap;

/// Rows of a preview.
const PREVIEW: usize = 20;

/// A file of the contract, and what was seen on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The file.
    pub csv: String,
    /// How many rows the table has.
    pub rows: u64,
    /// How many rows of the table could not be made whole.
    pub bad_rows: u64,
    /// The order in which dates were read.
    pub order: DateOrder,
    /// What the dates say of their order.
    pub order_seen: OrderSeen,
    /// The words that stand for something, and how often.
    pub words: Vec<Met>,
    /// The columns of the file.
    pub columns: Vec<&'static str>,
    /// Its first rows.
    pub preview: Vec<PreviewRow>,
}

/// A word of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// The table of words.
    pub table: &'static str,
    /// As it stands in the file.
    pub word: String,
    /// In how many cells.
    pub cells: u64,
    /// What it was taken for; nothing when nobody said.
    pub value: Option<String>,
}

/// A row as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// The table's line.
    pub line: u64,
    /// A cell for each column.
    pub cells: Vec<String>,
    /// What is wrong with it: column, what, and what would be right.
    pub wrong: Vec<(String, String, String)>,
}

/// The file as it grows.
pub(super) struct Out {
    csv: String,
    rows: u64,
    preview: Vec<PreviewRow>,
    /// The table's line and the faults of the row that is being written.
    line: u64,
    wrong: Vec<Wrong>,
}

impl Out {
    /// Writes a row of the contract's columns.
    pub(super) fn row(&mut self, cells: &[&str]) {
        for cell in cells {
            put(&mut self.csv, cell);
            self.csv.push(',');
        }
        self.csv.push_str(&self.line.to_string());
        self.csv.push(',');
        if !self.wrong.is_empty() {
            put(&mut self.csv, &origin::written(&self.wrong));
        }
        self.csv.push('\n');
        self.rows += 1;
        if self.preview.len() < PREVIEW {
            let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
            self.preview.push(PreviewRow { line: self.line, cells, wrong: self.wrong.clone() });
        }
    }
}

fn put(csv: &mut String, text: &str) {
    // U+2028 stands for a line break in a workbook's cell, and no cell of the contract has one.
    let text = text.replace(['\u{2028}', '\r', '\n'], "; ");
    let text = export_text::cell(&text);
    if text.contains(['"', ',']) || text.trim() != text {
        csv.push('"');
        csv.push_str(&text.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(&text);
    }
}

/// Makes a file of a table. `mapping` has no faults.
///
/// # Errors
/// When the table cannot be read to its end, or the file would be too large.
pub fn convert(table: &Table<'_>, mapping: &Mapping, roll: &dyn Roll) -> Result<Converted, Problem> {
    let (order_seen, counted) = survey(table, mapping)?;
    // What a person said stands; else what the data prove; else as New Zealand writes dates.
    let order = mapping.order.or(order_seen.proven()).unwrap_or_default();
    let sense = Sense::new(table, mapping, order, roll);
    let columns = columns(mapping);
    let mut out =
        Out { csv: header(mapping, &columns), rows: 0, preview: Vec::new(), line: 0, wrong: Vec::new() };
    let (mut rows, mut bad_rows, mut full) = (0, 0, None);
    table.each_row(|row| {
        rows += 1;
        out.line = row.line;
        let mut line = Line::new(&sense, &row);
        match mapping.kind {
            Kind::Marks => marks::rows(&mut line, &mut out),
            Kind::Students => people::student(&mut line, &mut out, &columns),
            Kind::Staff => people::staff(&mut line, &mut out),
            Kind::Contacts => people::contact(&mut line, &mut out),
            Kind::Calendar => days::day(&mut line, &mut out),
            Kind::Terms => days::term(&mut line, &mut out),
            Kind::Timetable => days::period(&mut line, &mut out),
        }
        bad_rows += u64::from(!line.wrong.is_empty());
        full = full_of(out.rows, out.csv.len()).map(|most| (row.line, most));
        full.is_none()
    })?;
    if let Some((line, most)) = full {
        let wrong = format!("the rows up to here make more than {most}");
        return Err(Problem::new(line, "file", wrong, "split the file, by month for instance"));
    }
    let met = |((table, word), cells): ((&'static str, String), u64)| {
        let value = sense.meaning(table, &word);
        Met { table, cells, value, word }
    };
    let words = counted.into_iter().map(met).collect();
    Ok(Converted { csv: out.csv, rows, bad_rows, order, order_seen, words, columns, preview: out.preview })
}

/// What there is too much of in a file of so many rows and bytes.
fn full_of(rows: u64, bytes: usize) -> Option<String> {
    if rows > MOST_ROWS {
        return Some(format!("{MOST_ROWS} entries"));
    }
    (bytes > LARGEST_FILE).then(|| format!("{} MiB of text", LARGEST_FILE / 1024 / 1024))
}

/// Takes over what is wrong with a line before its rows are written.
pub(super) fn ready<'o>(line: &Line<'_, '_>, out: &'o mut Out) -> &'o mut Out {
    out.wrong.clone_from(&line.wrong);
    out
}

type Counted = BTreeMap<(&'static str, String), u64>;

/// Looks through a table once: how its dates are written, and which words it holds.
fn survey(table: &Table<'_>, mapping: &Mapping) -> Result<(OrderSeen, Counted), Problem> {
    let place = |holds: fn(&Holds) -> bool| {
        mapping
            .kind
            .fields()
            .iter()
            .filter(move |field| holds(&field.holds))
            .filter_map(|field| Some((field.holds, table.column(mapping.columns.get(field.name)?)?)))
    };
    let dates: Vec<usize> = place(|holds| *holds == Holds::Date).map(|(_, place)| place).collect();
    let words: Vec<(Holds, usize)> = place(|holds| matches!(holds, Holds::Words(_) | Holds::Codes)).collect();
    let mut seen = OrderSeen::default();
    let mut counted = Counted::new();
    let mut count = |table: &'static str, word: &str| {
        let known = counted.len();
        let word = (table, fields::short(word).into_owned());
        match counted.get_mut(&word) {
            Some(cells) => *cells += 1,
            None if known < MOST_WORDS => {
                counted.insert(word, 1);
            }
            None => {}
        }
    };
    table.each_row(|row| {
        if row.fault.is_some() {
            return true;
        }
        for place in &dates {
            seen.see(row.line, row.cells[*place].as_deref().unwrap_or_default());
        }
        for (holds, place) in &words {
            let cell = row.cells[*place].as_deref().unwrap_or_default();
            match holds {
                Holds::Words(table) => count(table, cell),
                _ => {
                    cell.chars().filter(|c| *c != '.').for_each(|c| count("code", c.encode_utf8(&mut [0; 4])))
                }
            }
        }
        true
    })?;
    Ok((seen, counted))
}

fn columns(mapping: &Mapping) -> Vec<&'static str> {
    match mapping.kind {
        Kind::Marks => marks::columns(mapping),
        Kind::Students => people::student_columns(mapping),
        Kind::Staff => people::STAFF.to_vec(),
        Kind::Contacts => people::CONTACT.to_vec(),
        Kind::Calendar => days::CALENDAR.to_vec(),
        Kind::Terms => days::TERMS.to_vec(),
        Kind::Timetable => days::TIMETABLE.to_vec(),
    }
}

/// The header: the contract's names, each with the table's own.
fn header(mapping: &Mapping, columns: &[&'static str]) -> String {
    let mut csv = String::new();
    for column in columns {
        let fields: &[&str] = match (mapping.kind, *column) {
            (Kind::Marks, "code") => &["am", "pm", "codes", "code"],
            (Kind::Calendar, "am") => &["am", "day"],
            (Kind::Calendar, "pm") => &["pm", "day"],
            (_, "student_id") => &["student_id", "nsn"],
            (_, "name") => &["name", "given_name", "family_name"],
            (_, "given_name") => &["given_name", "name"],
            (_, "family_name") => &["family_name", "name"],
            (_, "minutes") => &["minutes", "end"],
            (_, column) => &[column],
        };
        let mut theirs: Vec<&str> =
            fields.iter().filter_map(|field| mapping.columns.get(*field)).map(String::as_str).collect();
        if !(mapping.kind == Kind::Marks && *column == "code") {
            theirs.truncate(1);
        }
        put(&mut csv, &origin::named(column, &theirs.join(", ")));
        csv.push(',');
    }
    csv + LINE + "," + PROBLEM + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_says_of_what_there_is_too_much() {
        assert_eq!(full_of(MOST_ROWS, LARGEST_FILE), None);
        assert_eq!(full_of(MOST_ROWS + 1, 0).as_deref(), Some("1000000 entries"));
        assert_eq!(full_of(1, LARGEST_FILE + 1).as_deref(), Some("128 MiB of text"));
    }
}
