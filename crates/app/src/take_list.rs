//! Writing down that somebody took a list away as a file: before the file goes, and without anything
//! of what is in it.

use crate::work::Order;
use crate::{Actor, AppError, School};
use domain::Instant;

/// A list that somebody takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenList {
    /// The name of the list, such as `today` or `today-near`.
    pub list: String,
    /// What it is taken as: `csv`, `xlsx` or `json`.
    pub format: String,
    /// By what it was narrowed, such as `level=10&mine=1`, without any text that somebody searched
    /// for; empty for the whole of it.
    pub filter: String,
    /// How many rows it had.
    pub rows: usize,
}

/// The longest subject that is kept.
const LENGTH: usize = 200;

impl TakenList {
    /// As the act keeps it: `today xlsx 12 level=10&mine=1`.
    fn subject(&self) -> String {
        let rows = self.rows.to_string();
        let parts = [self.list.as_str(), &self.format, &rows, &self.filter];
        let words = parts.iter().flat_map(|part| part.split_whitespace());
        words.collect::<Vec<_>>().join(" ").chars().take(LENGTH).collect()
    }

    /// Reads what [`TakenList::subject`] wrote.
    pub(crate) fn parse(subject: &str) -> Option<Self> {
        let mut words = subject.split(' ');
        let mut next = || words.next().map(str::to_owned);
        let (list, format, rows) = (next()?, next()?, next()?.parse().ok()?);
        Some(Self { list, format, rows, filter: next().unwrap_or_default() })
    }
}

impl School {
    /// Writes down that a list is taken away. What stands in it was read under the reader's own rights
    /// just before; a file is handed over only once this stands.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who may not sign in any more, and when the database refuses.
    pub fn take_list(&self, actor: &Actor, now: Instant, taken: &TakenList) -> Result<(), AppError> {
        self.act(Order::new("export-list", actor, now).about(taken.subject()), |work| work.act().map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_reads_back_as_it_was_kept() {
        for filter in ["", "level=10&mine=1"] {
            let (list, format) = ("today-near".to_owned(), "xlsx".to_owned());
            let taken = TakenList { list, format, rows: 12, filter: filter.to_owned() };
            assert_eq!(TakenList::parse(&taken.subject()), Some(taken));
        }
        for other in ["", "responses 2026-T3", "today xlsx many"] {
            assert_eq!(TakenList::parse(other), None, "{other}");
        }
    }
}
