//! A table that some other program wrote: bytes in, named columns and rows of text out.
//!
//! What the bytes are is guessed and said ([`ReadAs`]): the encoding, what stands between the
//! cells, and which row names the columns, since titles may stand above it. Nothing is known here
//! of what a column means; that is [`crate::mapping`]'s.
//!
//! XML is read as a table too, of the elements that stand in it one after the other.
//!
//! A [`Table`] holds the text once and reads its rows anew each time they are asked for, so a
//! million of them take no more room than the file.

pub(crate) mod encoding;
mod heading;
mod separator;
#[cfg(test)]
mod tests;
mod xml;

pub use encoding::Encoding;
pub use separator::Separator;

use crate::contract::cells::clean;
use crate::contract::records::{Fault, Found, Records};
use crate::contract::{MOST_ROWS, Problem};
use std::borrow::Cow;

/// Stands between several things that stand at one place of one record, and for a line break in a cell of a
/// workbook.
pub(crate) const BETWEEN: char = '\u{2028}';

/// How a person wants a file read where the guess was wrong; what is left out is guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The encoding.
    pub encoding: Option<Encoding>,
    /// What stands between the cells.
    pub separator: Option<Separator>,
    /// Which sheet of a workbook, or which records of XML.
    pub sheet: Option<String>,
}

/// How a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAs {
    /// The encoding; nothing for a workbook, which says it itself.
    pub encoding: Option<Encoding>,
    /// What stands between the cells.
    pub separator: Separator,
    /// The sheet of a workbook, or the path of the records of XML.
    pub sheet: Option<String>,
    /// The line that names the columns; 0 for XML, in which every record does.
    pub header_line: u64,
    /// Whether rows are numbered by record, since several stand on one line of the XML.
    pub counts_records: bool,
}

/// A column that holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name; `column E` when the file names none; of XML its path within the record. No two are
    /// alike.
    pub name: String,
    /// What it is called without what is around it, by which its meaning is guessed.
    pub(crate) own: String,
    place: usize,
}

/// A table.
#[derive(Debug)]
pub struct Table<'a> {
    /// How it was read.
    pub read_as: ReadAs,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The sheets of the workbook that it comes from, or the paths of all records of the XML.
    pub sheets: Vec<Sheet>,
    text: Cow<'a, str>,
    /// The line of each row, where it is not the text's.
    lines: Vec<u32>,
    /// The file ends in the middle of a character.
    is_cut: bool,
}

/// A sheet of a workbook, or the records of XML at one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name or path.
    pub name: String,
    /// How many records there are; nothing for a sheet.
    pub rows: Option<u64>,
}

/// A row below the header.
#[derive(Debug)]
pub struct TableRow<'r> {
    /// The line it begins on; of a workbook the row's number, of XML the record's where several begin on
    /// one line.
    pub line: u64,
    /// A cell for each of the table's columns, trimmed and in NFC; `None` where the row ends before
    /// the column.
    pub cells: Vec<Option<Cow<'r, str>>>,
    /// Why the row is not whole: what is wrong, and what would be right.
    pub fault: Option<(String, String)>,
}

impl<'a> Table<'a> {
    /// Opens a file of text. `is_known` says which names of columns mean something, by which the
    /// header is found below titles.
    ///
    /// # Errors
    /// When it is too large, holds no text, no row names columns, or it is XML without records.
    pub fn open(bytes: &'a [u8], wanted: &Wanted, is_known: fn(&str) -> bool) -> Result<Self, Problem> {
        let decoded = encoding::decode(bytes, wanted.encoding)?;
        if xml::looks_like(&decoded.text) {
            let decoded = encoding::as_declared(bytes, wanted.encoding, decoded)?;
            let records = xml::read(&decoded.text, wanted.sheet.as_deref())?;
            return Ok(Self::of_xml(records, decoded.encoding));
        }
        let (named, text) = separator::named(decoded.text);
        let separator =
            wanted.separator.or(named).unwrap_or_else(|| separator::guess(&text, encoding::MOST_LOOKED_AT));
        let read_as = ReadAs {
            encoding: Some(decoded.encoding),
            separator,
            sheet: None,
            header_line: 1,
            counts_records: false,
        };
        Self::begin(text, read_as, decoded.is_cut, is_known)
    }

    fn of_xml(records: xml::Records, encoding: Encoding) -> Self {
        let xml::Records { kinds, chosen, columns, csv, lines } = records;
        let (separator, counts_records) = (Separator::Comma, lines.is_empty());
        let (encoding, sheet) = (Some(encoding), Some(chosen));
        let read_as = ReadAs { encoding, separator, sheet, header_line: 0, counts_records };
        let column = |(place, (name, own))| Column { name, own, place };
        let columns = columns.into_iter().enumerate().map(column).collect();
        let sheets = kinds.into_iter().map(|(name, rows)| Sheet { name, rows: Some(rows) }).collect();
        Self { read_as, columns, sheets, text: Cow::Owned(csv), lines, is_cut: false }
    }

    /// Opens a sheet of a workbook: comma-separated rows, a line each, in which U+2028 stands for a
    /// line break within a cell.
    ///
    /// # Errors
    /// When no row names columns.
    pub fn of_workbook(
        csv: String,
        (sheets, chosen): (Vec<String>, String),
        is_known: fn(&str) -> bool,
    ) -> Result<Self, Problem> {
        let (separator, sheet) = (Separator::Comma, Some(chosen));
        let read_as = ReadAs { encoding: None, separator, sheet, header_line: 1, counts_records: false };
        let sheets = sheets.into_iter().map(|name| Sheet { name, rows: None }).collect();
        Ok(Self { sheets, ..Self::begin(Cow::Owned(csv), read_as, false, is_known)? })
    }

    fn begin(
        text: Cow<'a, str>,
        read_as: ReadAs,
        is_cut: bool,
        is_known: fn(&str) -> bool,
    ) -> Result<Self, Problem> {
        let mut table =
            Self { read_as, columns: Vec::new(), sheets: Vec::new(), text, lines: Vec::new(), is_cut };
        let (line, columns) = heading::find(&table, is_known)?;
        table.read_as.header_line = line;
        table.columns = columns;
        Ok(table)
    }

    /// Whether it comes from a workbook.
    #[must_use]
    pub fn is_workbook(&self) -> bool {
        self.read_as.encoding.is_none()
    }

    /// Whether it comes from XML, where what is not said is left out, columns too.
    #[must_use]
    pub fn is_xml(&self) -> bool {
        self.read_as.encoding.is_some() && self.read_as.sheet.is_some()
    }

    /// Whether it is XML in which there is no record.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.is_xml() && self.columns.is_empty()
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The names of the columns, in order.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    fn records(&self) -> Records<'_> {
        let mut records = Records::separated(&self.text, self.read_as.separator.byte());
        records.allow_breaks();
        records
    }

    /// Goes through the rows below the header until `each` says that it has seen enough.
    ///
    /// # Errors
    /// When there are more than a million, or quotation marks match nowhere.
    pub fn each_row(&self, mut each: impl FnMut(TableRow<'_>) -> bool) -> Result<(), Problem> {
        let mut records = self.records();
        let mut found = Vec::new();
        let mut count = 0;
        while let Some(Found { line, fault }) = records.next_into(&mut found) {
            if line <= self.read_as.header_line {
                continue;
            }
            let own = usize::try_from(line).ok().and_then(|line| self.lines.get(line - 1));
            let line = own.map_or(line, |line| u64::from(*line));
            count += 1;
            if count > MOST_ROWS {
                let wrong = format!("more than {MOST_ROWS} rows");
                let right = "split it into smaller files, each with the header row";
                return Err(Problem::new(line, "file", wrong, right));
            }
            let fault = match fault {
                Some(Fault::GaveUp) => {
                    let (wrong, right) = Fault::GaveUp.words();
                    return Err(Problem::new(line, "file", wrong, right));
                }
                Some(fault) => {
                    let (wrong, right) = fault.words();
                    Some((wrong.to_owned(), right.to_owned()))
                }
                None => self.fault_of(&found, self.is_cut && records.is_at_end()),
            };
            let cell = |column: &Column| found.get(column.place).map(|cell| clean(Some(cell)));
            let cells = self.columns.iter().map(cell).collect();
            if !each(TableRow { line, cells, fault }) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn fault_of(&self, found: &[Cow<'_, str>], is_cut: bool) -> Option<(String, String)> {
        let say = |wrong: &str, right: &str| Some((wrong.to_owned(), right.to_owned()));
        if is_cut {
            let right = "write the file again: its end is missing";
            return say("the file ends in the middle of this row", right);
        }
        let width = self.columns.last().map_or(0, |column| column.place + 1);
        if found.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            let wrong = format!("{} cells where the header has {width}", found.len());
            let right =
                "as many cells as the header; a cell that holds the separator stands between quotation marks";
            return say(&wrong, right);
        }
        if found.iter().any(|cell| cell.contains('\0')) {
            return say("a NUL character", "write the file again as plain text");
        }
        None
    }

    /// For each column the first few different things that stand in it.
    #[must_use]
    pub fn samples(&self, most: usize) -> Vec<Vec<String>> {
        let mut samples = vec![Vec::<String>::new(); self.columns.len()];
        let mut looked_at = 0;
        let looked = self.each_row(|row| {
            for (sample, cell) in samples.iter_mut().zip(&row.cells) {
                let text: String = cell.as_deref().unwrap_or_default().chars().take(60).collect();
                let text = text.replace(BETWEEN, "; ");
                if sample.len() < most && !text.is_empty() && !sample.contains(&text) {
                    sample.push(text);
                }
            }
            looked_at += 1;
            looked_at < 1_000 && samples.iter().any(|sample| sample.len() < most)
        });
        // A file that breaks off later has its first rows all the same.
        drop(looked);
        samples
    }
}
