//! What an act or a view may answer instead of doing what was asked.

use domain::StudentId;
use store::{DatabaseError, StoreError};

/// What is wrong with one field of a form or one option of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The field's name.
    pub name: &'static str,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// What is wrong with one row of many that were sent at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Which row, from 0.
    pub row: usize,
    /// The name of what is wrong in it.
    pub name: &'static str,
    /// What is wrong and what would be right.
    pub problem: String,
    /// Whether it is only that somebody else changed it meanwhile.
    pub is_stale: bool,
}

/// Why something was not done. Nothing was half-done; whether it was done at all is not known when
/// [`AppError::is_unsure`] says so.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppError {
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The person may not do this.
    #[error("{0}")]
    Denied(String),
    /// There is no such thing, or the person may not see it: the two look the same on purpose.
    #[error("{0}")]
    NotFound(String),
    /// What was entered cannot stand.
    #[error("{}", fields(.0))]
    Invalid(Vec<Field>),
    /// Of many rows these cannot stand, so none was stored.
    #[error("{} of the rows cannot stand", .0.len())]
    Rows(Vec<RowProblem>),
    /// Somebody else changed these students' marks since the page was shown.
    #[error("somebody else changed {} of these marks meanwhile: look again before saving", .0.len())]
    Changed(Vec<StudentId>),
    /// The same key was used for something else.
    #[error("this was sent before with other contents: open the page again and repeat what is missing")]
    KeyReused,
    /// A second look is asked for: words of a description are also names, or the last resort is
    /// about to be recorded.
    #[error("{0}")]
    Confirm(String),
    /// Too many failed attempts.
    #[error("too many attempts: wait {0} seconds and try again")]
    Wait(i64),
}

fn fields(fields: &[Field]) -> String {
    let lines: Vec<String> =
        fields.iter().map(|field| format!("{}: {}", field.name, field.problem)).collect();
    lines.join("; ")
}

impl AppError {
    /// Whether trying again later may help and nothing was saved: the disk is full, another program
    /// holds the database, or its server is away.
    #[must_use]
    pub fn will_pass(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Database(
                DatabaseError::Full | DatabaseError::Busy | DatabaseError::Away(_)
            ))
        )
    }

    /// Whether it is not known if the act was saved: the database's server broke off while it did.
    /// The same act once more, with the same key, does nothing twice.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        matches!(self, Self::Store(StoreError::Database(DatabaseError::Unsure)))
    }

    /// There is no such thing.
    pub fn not_found(text: impl Into<String>) -> Self {
        Self::NotFound(text.into())
    }

    /// One field is wrong.
    pub fn invalid(name: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid(vec![Field { name, problem: problem.into() }])
    }

    /// The person may not do this.
    pub fn denied(what: &str) -> Self {
        Self::Denied(format!("your role does not let you {what}: ask an SMS administrator at your school"))
    }
}

impl From<DatabaseError> for AppError {
    fn from(error: DatabaseError) -> Self {
        Self::Store(StoreError::Database(error))
    }
}
