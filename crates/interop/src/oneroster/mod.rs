//! OneRoster 1.1 and 1.2: a package of CSV files or the answers of a REST service in, students
//! and staff in the contract's formats out.
//!
//! A [`Package`] is the files by their names, from a zip ([`Package::unzip`]) or a folder. [`csv`]
//! reads it, [`json`] reads what a service answers page by page; both fill [`Tables`]. [`roster`]
//! then says who is a student, who is staff, in which group and since when ([`Roster`]), with what
//! stands in the school ([`Standing`]), so that what OneRoster does not say stays as it is.
//!
//! What is written otherwise than OneRoster asks and has one plain meaning is read, and told as a
//! notice. What has none is a [`Problem`] with its file, line and column. Passwords, telephone
//! numbers, demographics and parents are never kept: they are not even read out of their rows.
//!
//! Source: 1EdTech OneRoster 1.1 and 1.2, CSV tables and rostering service.

mod cell;
mod columns;
pub mod csv;
pub mod json;
mod options;
mod org;
mod package;
mod person;
mod roster;
mod rows;
mod sheet;
mod spell;
mod staff;
mod standing;
mod student;
mod tables;
mod text;

pub use options::{Options, StudentIdFrom};
pub use package::{File, LARGEST_PACKAGE, MOST_ENTRIES, MOST_INFLATED, Package};
pub use roster::{Counts, Here, Roster, roster};
pub use standing::{KnownClass, KnownUser, Standing, StandingStaff, StandingStudent};
pub use tables::{Mode, Tables};

use crate::contract;
use std::collections::BTreeMap;
use std::fmt;

/// What problems and notices about all of a package are told of.
pub(crate) const PACKAGE: &str = "package";

/// The most problems that are kept with their words; the rest are counted.
const MOST_PROBLEMS: usize = 10_000;

/// The most different notices that are kept.
const MOST_NOTICES: usize = 200;

/// Something wrong in a file of the package, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as the package names it; `package` when it is about all of it.
    pub file: String,
    /// Line, column, what is wrong and what would be right.
    pub problem: contract::Problem,
    /// The `sourcedId` of the row, where it has one.
    pub sourced_id: String,
}

/// `file:line: column: what is wrong: what would be right`.
impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.problem)
    }
}

/// What was found on the way: problems, and what was tolerated.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The first ten thousand problems.
    pub problems: Vec<Problem>,
    /// How many there are in all.
    pub problem_count: u64,
    /// By file and words: how often, and the first line.
    notices: BTreeMap<(String, String), (u64, u64)>,
}

impl Findings {
    /// Keeps a problem, or counts it when there are too many to keep.
    pub(crate) fn refuse(&mut self, file: &str, sourced_id: &str, problem: contract::Problem) {
        self.problem_count += 1;
        if self.problems.len() < MOST_PROBLEMS {
            let sourced_id = sourced_id.chars().take(64).collect();
            self.problems.push(Problem { file: file.to_owned(), problem, sourced_id });
        }
    }

    /// Keeps what was tolerated; the same words about the same file are counted.
    pub(crate) fn tolerate(&mut self, file: &str, line: u64, words: impl Into<String>) {
        let key = (file.to_owned(), words.into());
        if let Some((count, _)) = self.notices.get_mut(&key) {
            *count += 1;
        } else if self.notices.len() < MOST_NOTICES {
            self.notices.insert(key, (1, line));
        }
    }

    /// What was tolerated, in words, by file.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let said = |((file, words), (count, line)): (&(String, String), &(u64, u64))| {
            if *line == 0 || (*count == 1 && *line == 1) {
                return format!("{file}: {words}");
            }
            let rows = if *count == 1 { "row" } else { "rows" };
            format!("{file}: {words} ({count} {rows}, the first on line {line})")
        };
        self.notices.iter().map(said).collect()
    }
}
