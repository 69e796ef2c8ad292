//! What the collector holds, as CSV: the latest version of each fact.
//!
//! Attendance values and closures that were withdrawn are left out; crossings and responses say
//! their state, since they happened. Ordered by school, student (bytewise), then date and half,
//! threshold, or time done.

use crate::statements as sql;
use crate::{Collector, CollectorError};
use database::{DatabaseError, Row};
use domain::ResponseType;
use std::io::Write;

/// Which facts to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Half-days with a value.
    Attendance,
    /// Half-days that schools closed.
    Closures,
    /// Thresholds that were reached, and those withdrawn.
    Crossings,
    /// What schools did.
    Responses,
}

impl Export {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Attendance, Self::Closures, Self::Crossings, Self::Responses];

    /// The word on the command line.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::Closures => "closures",
            Self::Crossings => "crossings",
            Self::Responses => "responses",
        }
    }

    /// Reads the word on the command line.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|export| export.text() == text)
    }

    /// The header row.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Attendance => {
                &["school", "student_id", "nsn", "date", "half", "code", "class", "record_version"]
            }
            Self::Closures => &["school", "date", "half", "reason", "record_version"],
            Self::Crossings => &[
                "school",
                "student_id",
                "nsn",
                "term",
                "threshold_days",
                "state",
                "reached_on",
                "half",
                "absent_half_days",
                "cause",
                "record_version",
            ],
            Self::Responses => &[
                "school",
                "response_id",
                "student_id",
                "nsn",
                "term",
                "threshold_days",
                "type",
                "description",
                "done_at",
                "recorded_at",
                "state",
                "version",
            ],
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Attendance => sql::EXPORT_ATTENDANCE,
            Self::Closures => sql::EXPORT_CLOSURES,
            Self::Crossings => sql::EXPORT_CROSSINGS,
            Self::Responses => sql::EXPORT_RESPONSES,
        }
    }

    /// The column that holds a response type's short name.
    fn type_column(self) -> Option<usize> {
        self.columns().iter().position(|&column| column == "type")
    }
}

impl Collector {
    /// Writes the latest versions as CSV with a header row; answers how many rows.
    ///
    /// # Errors
    /// When the database cannot be read or `out` cannot be written.
    pub fn export(&self, export: Export, out: &mut dyn Write) -> Result<u64, CollectorError> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(export.columns()).map_err(io)?;
        let (mut rows, mut failed) = (0, None);
        let outcome = self.database.review(database::Scope::Host, |tx| {
            tx.query_each(export.sql(), &[], |row| {
                let cells = cells(export, row)?;
                csv.write_record(&cells).map_err(|error| {
                    failed = Some(io(error));
                    DatabaseError::Closed
                })?;
                rows += 1;
                Ok(())
            })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        outcome?;
        csv.flush()?;
        Ok(rows)
    }
}

fn io(error: csv::Error) -> CollectorError {
    CollectorError::Io(error.into())
}

fn cells(export: Export, mut row: Row) -> Result<Vec<String>, DatabaseError> {
    let mut cells = Vec::with_capacity(export.columns().len());
    for (column, name) in export.columns().iter().enumerate() {
        let numeric = ["school", "threshold_days", "absent_half_days", "record_version", "version"];
        let cell = if numeric.contains(name) {
            row.take::<Option<i64>>(column)?.map(|number| number.to_string()).unwrap_or_default()
        } else {
            guarded(row.take::<Option<String>>(column)?.unwrap_or_default())
        };
        cells.push(cell);
    }
    if let Some(cell) = export.type_column().and_then(|column| cells.get_mut(column))
        && let Ok(kind) = ResponseType::parse(cell)
    {
        kind.name().clone_into(cell);
    }
    Ok(cells)
}

/// Keeps a spreadsheet from running a cell as a formula: an apostrophe goes before it.
pub(crate) fn guarded(text: String) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{text}")
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r32_a_cell_that_begins_like_a_formula_gets_an_apostrophe() {
        for bad in ["=1+1", "+64", "-1", "@x", "＝1", "\tx"] {
            assert_eq!(guarded(bad.to_owned()), format!("'{bad}"));
        }
        assert_eq!(guarded("Flood = closed".to_owned()), "Flood = closed");
    }
}
