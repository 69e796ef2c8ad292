//! What became of the entries about crossings: for the history that a person reads, not for sending.

use crate::row::{Reader, any_of};
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{SchoolNumber, StudentId, TermId, Threshold};
use std::collections::BTreeMap;

/// The entry that speaks of an event of a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrossingEntry {
    /// Its epoch.
    pub epoch: i64,
    /// Its number.
    pub seq: i64,
    /// Whether its batch went without it.
    pub passed: Passed,
}

/// Whether a batch went without an entry, because its stream was off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// It goes, or went, in its batch.
    No,
    /// Its batch went without it, and it is still owed.
    Owed,
    /// Its batch went without it; what came of the crossing was told afterwards.
    Overtaken,
}

/// The latest entry about each event of some students' crossings in a term, by student, threshold
/// and the event's number.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_crossings<'s>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    students: impl IntoIterator<Item = &'s StudentId>,
) -> Result<BTreeMap<(StudentId, Threshold, i64), CrossingEntry>, StoreError> {
    let values = [school.number().into(), term.to_string().into(), any_of(students)];
    let read = |row| {
        let mut row = Reader::new("outbox", row);
        let key = (row.student_id()?, row.threshold()?, row.next()?);
        let (epoch, seq) = (row.next()?, row.next()?);
        let passed = match row.next::<i64>()? {
            0 => Passed::No,
            1 => Passed::Owed,
            _ => Passed::Overtaken,
        };
        Ok((key, CrossingEntry { epoch, seq, passed }))
    };
    // In order of number: a later entry about the same event takes the place of an earlier.
    tx.query(sql::OUTBOX_CROSSINGS, &values)?.into_iter().map(read).collect()
}
