//! Spreadsheet workbooks (XLSX), apart from everything else: a sheet goes in as rows of text, tables come
//! out.
//!
//! Knows cells and nothing of what they mean. What comes from outside is looked through before it
//! is read ([`read()`]): a workbook is a ZIP file, and one of a few kilobytes can hold gigabytes.
//! [`write`](mod@write) makes a workbook of tables in which a text is a text, whatever it begins with.

mod read;
mod scan;
mod value;
pub mod write;

pub use read::{Book, is_workbook, looks_like_another, read};

/// The largest workbook that is read, in bytes: 48 MiB.
pub const LARGEST_FILE: usize = 48 * 1024 * 1024;

/// The most rows of a sheet; those of a spreadsheet program end a little later.
pub const MOST_ROWS: u32 = 1_000_001;

/// The most columns of a sheet that hold anything.
const MOST_COLUMNS: u32 = 1_000;

/// The most sheets.
const MOST_SHEETS: usize = 200;

/// The largest text that a sheet becomes, in bytes: 96 MiB.
const LARGEST_TEXT: usize = 96 * 1024 * 1024;

/// Why a workbook was not read, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl Refused {
    fn new(wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self { wrong: wrong.into(), right: right.into() }
    }

    fn unreadable() -> Self {
        Self::new("this workbook cannot be read", "open it in a spreadsheet and save it as XLSX or CSV UTF-8")
    }
}
