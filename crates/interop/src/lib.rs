//! Other people's files: text in, rows and problems out.
//!
//! One folder per party. [`contract`] holds the product's own CSV files, which scripts rely on;
//! [`plan`] the file in which a school's plan is written; [`kamar`] what a school's KAMAR sends;
//! [`oneroster`] rosters in that form; [`table`] reads whatever table another program wrote, and
//! [`mapping`] makes the contract's files of it; [`export_text`] is what every cell of an export goes
//! through. Nothing here writes to a store
//! or fails on a bad row: a bad row is a [`contract::Problem`] with its line, its column, what is
//! wrong and what would be right, and the good rows are read all the same.

pub mod contract;
pub mod export_text;
pub mod kamar;
pub mod mapping;
pub mod oneroster;
pub mod plan;
pub mod table;
mod xml;
