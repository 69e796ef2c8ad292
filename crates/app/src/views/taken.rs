//! Which lists left the product as files: who took which, as what, and how many rows it had.

use super::StaffNames;
use crate::take_list::TakenList;
use crate::work::EXPORT_ACT;
use crate::{Actor, AppError, School};
use domain::{Instant, Permission};

/// A file that somebody took.
#[derive(Debug, Clone)]
pub struct TakenLine {
    /// When.
    pub at: Instant,
    /// Who; nobody for the operator at the command line.
    pub by: Option<String>,
    /// Which list, or which of the operator's exports.
    pub list: String,
    /// As what.
    pub format: String,
    /// By what it was narrowed.
    pub filter: String,
    /// How many rows it had; not known of the operator's exports.
    pub rows: Option<usize>,
}

impl School {
    /// The files that were taken, newest first: lists from pages, and the operator's exports.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who does not look after who takes what.
    pub fn lists_taken(&self, actor: &Actor, now: Instant) -> Result<Vec<TakenLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeExports, "see which lists were taken")?;
            let number = reading.school.number;
            let names = StaffNames::load(reading.tx, number)?;
            let mut lines = Vec::new();
            for (at, subject, staff) in store::act::of_kind(reading.tx, number, "export-list")? {
                let Some(taken) = TakenList::parse(&subject) else { continue };
                let by = staff.map(|staff| names.name(&staff));
                let TakenList { list, format, filter, rows } = taken;
                lines.push(TakenLine { at, by, list, format, filter, rows: Some(rows) });
            }
            for (at, subject, staff) in store::act::of_kind(reading.tx, number, EXPORT_ACT)? {
                let (list, term) = subject.split_once(' ').unwrap_or((&subject, ""));
                lines.push(TakenLine {
                    at,
                    by: staff.map(|staff| names.name(&staff)),
                    list: list.to_owned(),
                    format: "csv".to_owned(),
                    filter: if term.is_empty() { String::new() } else { format!("term={term}") },
                    rows: None,
                });
            }
            // Of the same moment, what was written later stands first.
            lines.reverse();
            lines.sort_by_key(|line| std::cmp::Reverse(line.at));
            Ok(lines)
        })
    }
}
