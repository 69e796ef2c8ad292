//! Which act brought which version of a person: for telling where a value comes from, and for undoing.

use super::{StaffVersion, StudentVersion, read_particulars, read_staff_rest};
use crate::row::{Reader, any_of};
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Date, Instant, SchoolNumber, StaffId, StudentId};

/// Every version of some students' particulars with the act that brought it, each student's in order
/// of act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn student_versions_of(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
) -> Result<Vec<(i64, StudentVersion)>, StoreError> {
    let rows = tx.query(sql::STUDENT_VERSIONS_OF, &[school.number().into(), any_of(students)])?;
    let read = |row| {
        let mut row = Reader::new("student_version", row);
        let (id, act, recorded_at) = (row.student_id()?, row.next()?, row.instant()?);
        Ok((act, StudentVersion { recorded_at, student: read_particulars(id, &mut row)? }))
    };
    rows.into_iter().map(read).collect()
}

/// The students of whom an act wrote a version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn students_of_act(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
) -> Result<Vec<StudentId>, StoreError> {
    let rows = tx.query(sql::STUDENTS_OF_ACT, &[school.number().into(), act.into()])?;
    rows.into_iter().map(|row| Reader::new("student_version", row).student_id()).collect()
}

/// The spells of which an act wrote a version, by their first days.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn spells_of_act(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
) -> Result<Vec<(StudentId, Date)>, StoreError> {
    let rows = tx.query(sql::SPELLS_OF_ACT, &[school.number().into(), act.into()])?;
    let read = |row| {
        let mut row = Reader::new("spell", row);
        Ok((row.student_id()?, row.date()?))
    };
    rows.into_iter().map(read).collect()
}

/// Every version of one staff member in order, with its act and when it was recorded.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn staff_versions_of(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &StaffId,
) -> Result<Vec<(i64, Instant, StaffVersion)>, StoreError> {
    let ids = database::Value::Texts(vec![id.as_str().to_owned()]);
    let rows = tx.query(sql::STAFF_VERSIONS_OF, &[school.number().into(), ids])?;
    let read = |row| {
        let mut row = Reader::new("staff_version", row);
        let (id, act, at) = (row.staff_id()?, row.next()?, row.instant()?);
        Ok((act, at, read_staff_rest(id, &mut row)?))
    };
    rows.into_iter().map(read).collect()
}

/// The staff of whom an act wrote a version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn staff_of_act(tx: &mut Tx<'_>, school: SchoolNumber, act: i64) -> Result<Vec<StaffId>, StoreError> {
    let rows = tx.query(sql::STAFF_OF_ACT, &[school.number().into(), act.into()])?;
    rows.into_iter().map(|row| Reader::new("staff_version", row).staff_id()).collect()
}
