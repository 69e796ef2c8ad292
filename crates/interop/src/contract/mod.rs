//! The contract's own CSV files: terms, calendar, students, staff, marks, and contacts, timetables
//! and code lists beside them.
//!
//! Bytes in, [`Parsed`] out: the good rows in file order, every problem with its line and
//! column, and which rows were refused. A file that cannot be read at all (encoding, header,
//! size) is `fatal` and has no rows. Whether a row fits the school (an unknown student, a closed
//! half-day) is for the caller to say, who may add its own [`BadRow`]s before
//! [`rejected_csv`] writes them out.
//!
//! Every cell is trimmed, brought to NFC, and loses the apostrophe that an export put before a
//! formula's first character ([`crate::export_text`]). Cells of good rows are not kept a second
//! time, so a million marks stay small; [`raw_rows`] reads the cells of single lines again.

pub(crate) mod cells;
mod contacts;
mod days;
pub(crate) mod encoding;
mod lists;
pub(crate) mod origin;
mod people;
pub(crate) mod records;
mod rejected;
pub(crate) mod suggest;
pub(crate) mod table;
#[cfg(test)]
mod tests;

pub use contacts::{ContactRow, contacts};
pub(crate) use days::why_unknown;
pub(crate) use people::is_email;
pub(crate) use table::keep;

pub use days::{CalendarRow, MarkRow, Recorded, calendar, look_at_marks, marks, terms};
pub use lists::{TimetableFileRow, codes, timetable};
pub use origin::Origin;
pub use people::{StaffRow, StudentRow, staff, students};
pub use rejected::{raw_rows, rejected_csv};

use std::fmt;

/// The largest file that is read, in bytes: 128 MiB.
pub const LARGEST_FILE: usize = 128 * 1024 * 1024;

/// The most data rows that are read from one file.
pub const MOST_ROWS: u64 = 1_000_000;

/// The most problems that are kept with their words; the rest are counted.
pub const MOST_PROBLEMS: usize = 10_000;

/// The longest name or reason, in characters.
pub const TEXT_LENGTH: usize = 200;

/// The longest name of a group, in characters.
pub const GROUP_LENGTH: usize = 64;

/// Something wrong in a file, and what would be right.
///
/// It never repeats a cell of a name, e-mail or NSN column: problems end up in terminals and logs.
/// Of other cells it shows at most 30 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line it is on; the header is line 1.
    pub line: u64,
    /// The column's name; `row`, `header` or `file` when it is about more than one cell.
    pub column: String,
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl Problem {
    /// Puts a problem together.
    pub fn new(
        line: u64,
        column: impl Into<String>,
        wrong: impl Into<String>,
        right: impl Into<String>,
    ) -> Self {
        Self { line, column: column.into(), wrong: wrong.into(), right: right.into() }
    }
}

/// `line: column: what is wrong: what would be right`; the caller puts `file:` in front.
impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}: {}: {}", self.line, self.column, self.wrong, self.right)
    }
}

/// A good row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T> {
    /// The line it begins on.
    pub line: u64,
    /// What it says.
    pub value: T,
}

/// A refused row. Its cells are read again from the file when they are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line it begins on.
    pub line: u64,
    /// Every reason, in words.
    pub reason: String,
}

/// What a file amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T> {
    /// The file's own header.
    pub header: Vec<String>,
    /// The good rows, in file order.
    pub rows: Vec<Row<T>>,
    /// The first [`MOST_PROBLEMS`] problems.
    pub problems: Vec<Problem>,
    /// How many problems there are in all.
    pub problem_count: u64,
    /// Every refused row.
    pub bad_rows: Vec<BadRow>,
    /// Where its rows were in another file, when it was made from one.
    pub origin: Origin,
    /// The file could not be read: encoding, header or size. There are no rows.
    pub fatal: bool,
}

impl<T> Parsed<T> {
    pub(crate) fn new() -> Self {
        Self {
            header: Vec::new(),
            rows: Vec::new(),
            problems: Vec::new(),
            problem_count: 0,
            bad_rows: Vec::new(),
            origin: Origin::default(),
            fatal: false,
        }
    }

    /// Keeps a problem, or counts it when there are too many to keep.
    pub(crate) fn report(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Reports a problem with which nothing of the file can be used.
    fn give_up(mut self, problem: Problem) -> Self {
        self.rows = Vec::new();
        self.bad_rows = Vec::new();
        self.fatal = true;
        self.report(problem);
        self
    }
}
