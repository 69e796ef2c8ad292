//! Phone calls and hui: whom the school tried to reach, and how it went.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber, StaffId, StudentId};

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    /// Somebody of the whānau was spoken with.
    Spoke,
    /// A message was left.
    LeftMessage,
    /// The number is not theirs.
    WrongNumber,
    /// Nobody answered.
    NoAnswer,
    /// A hui was held.
    Hui,
}

impl CallOutcome {
    /// Every outcome, in the order of a call sheet.
    pub const ALL: [Self; 5] = [Self::Spoke, Self::LeftMessage, Self::NoAnswer, Self::WrongNumber, Self::Hui];

    /// The word in forms and tables: `spoke`, `left-message`, `wrong-number`, `no-answer`, `hui`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Spoke => "spoke",
            Self::LeftMessage => "left-message",
            Self::WrongNumber => "wrong-number",
            Self::NoAnswer => "no-answer",
            Self::Hui => "hui",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.text() == text)
    }

    /// Whether the whānau was reached.
    #[must_use]
    pub fn is_reached(self) -> bool {
        matches!(self, Self::Spoke | Self::Hui)
    }
}

/// A call or a hui.
#[derive(Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its identity.
    pub id: String,
    /// When it was recorded.
    pub at: Instant,
    /// About whom.
    pub student_id: StudentId,
    /// With which contact; empty where none was named.
    pub contact_id: String,
    /// The contact's name as it stood.
    pub contact_name: String,
    /// How it went.
    pub outcome: CallOutcome,
    /// Who called.
    pub staff_id: StaffId,
    /// The response that it recorded.
    pub response_id: String,
}

impl std::fmt::Debug for CallRow {
    /// Without the contact.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "CallRow({} about {}: {})", self.id, self.student_id, self.outcome.text())
    }
}

/// Adds a call.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, act: i64, row: &CallRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.id.as_str().into(),
        act.into(),
        row.at.micros().into(),
        row.student_id.as_str().into(),
        row.contact_id.as_str().into(),
        row.contact_name.as_str().into(),
        row.outcome.text().into(),
        row.staff_id.as_str().into(),
        row.response_id.as_str().into(),
    ];
    tx.execute(sql::CALL_INSERT, &values)?;
    Ok(())
}

/// The calls about a student, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
) -> Result<Vec<CallRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("call", row);
        Ok(CallRow {
            id: row.next()?,
            at: row.instant()?,
            student_id: row.student_id()?,
            contact_id: row.next()?,
            contact_name: row.next()?,
            outcome: row.named("an outcome", CallOutcome::parse)?,
            staff_id: row.staff_id()?,
            response_id: row.next()?,
        })
    };
    let values = [school.number().into(), student.as_str().into()];
    tx.query(sql::CALL_OF_STUDENT, &values)?.into_iter().map(read).collect()
}
