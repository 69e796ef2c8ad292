//! Spreadsheet workbooks (XLSX), apart from everything else: who makes one need not compile it into
//! what does not.
//!
//! [`write`](mod@write) makes a workbook of tables in which a text is a text, whatever it begins with.

pub mod write;
