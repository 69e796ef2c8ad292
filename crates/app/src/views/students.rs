//! Finding a student: by name or id from anywhere, or group by group.

use crate::{Actor, AppError, School};
use domain::{Instant, Permission, Tally};
use store::people::StudentRow;

/// A student in a list.
#[derive(Debug, Clone)]
pub struct StudentLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts in the current term, or the last before a break.
    pub tally: Tally,
}

/// The most students that a search answers.
const MOST: usize = 500;

impl School {
    /// Students whose names or id hold a text (macrons aside) among those the reader may see; all
    /// of them for an empty text, up to 500.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn students(&self, actor: &Actor, now: Instant, text: &str) -> Result<Vec<StudentLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let number = reading.school.number;
            let limit = i64::MAX;
            let found = store::people::search_students(reading.tx, number, text, limit)?;
            let found = found.into_iter().filter(|student| reading.reaches(Permission::SeeStudents, student));
            let found: Vec<StudentRow> = found.take(MOST).collect();
            let term = reading.calendar.term_at_or_before(reading.current.date).map(|term| term.id);
            let mut lines = Vec::with_capacity(found.len());
            for student in found {
                let tally = match term {
                    Some(term) => store::derived::tally(reading.tx, number, term, &student.id)?,
                    None => None,
                };
                lines
                    .push(StudentLine { student, tally: tally.map_or_else(Tally::default, |row| row.tally) });
            }
            Ok(lines)
        })
    }
}
