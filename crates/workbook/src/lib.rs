//! Spreadsheet files in the form of XLSX, apart from everything else: who makes one need not
//! compile it into what does not.
//!
//! [`write`] makes a workbook of tables in which a text is a text, whatever it begins with.

pub mod write;

pub use write::{Book, Cell, Column, Moment, Sheet, WriteError, write};
