//! Finding a student: by name or id from anywhere, or group by group.

use crate::{Actor, AppError, School};
use domain::{Instant, Permission, Sheet, StudentId, Tally};
use std::collections::HashMap;
use store::people::StudentRow;

/// A student in a list.
#[derive(Debug, Clone)]
pub struct StudentLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts in the current term, or the last before a break, `open` too.
    pub tally: Tally,
}

/// The most students that a search answers.
pub const MOST_STUDENTS: usize = 500;

impl School {
    /// Students whose names or id hold a text (macrons aside) among those the reader may see; all
    /// of them for an empty text, up to 500.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn students(&self, actor: &Actor, now: Instant, text: &str) -> Result<Vec<StudentLine>, AppError> {
        self.some_students(actor, now, text, MOST_STUDENTS)
    }

    /// The same, however many there are.
    ///
    /// # Errors
    /// As [`School::students`].
    pub fn all_students(
        &self,
        actor: &Actor,
        now: Instant,
        text: &str,
    ) -> Result<Vec<StudentLine>, AppError> {
        self.some_students(actor, now, text, usize::MAX)
    }

    fn some_students(
        &self,
        actor: &Actor,
        now: Instant,
        text: &str,
        most: usize,
    ) -> Result<Vec<StudentLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let number = reading.school.number;
            let limit = i64::MAX;
            let found = store::people::search_students(reading.tx, number, text, limit)?;
            let found = found.into_iter().filter(|student| reading.reaches(Permission::SeeStudents, student));
            let found: Vec<StudentRow> = found.take(most).collect();
            let Some(calendar) =
                reading.present_term().and_then(|term| reading.calendar.term_calendar(term.id))
            else {
                let line = |student| StudentLine { student, tally: Tally::default() };
                return Ok(found.into_iter().map(line).collect());
            };
            let ids = found.iter().map(|student| &student.id);
            let rows = store::derived::tallies(reading.tx, number, calendar.term.id, ids)?;
            let through = calendar.through(reading.current);
            let of = |sheet: &Sheet| Tally::of(&sheet.sets(&calendar, &reading.codes), through);
            let mut tallies: HashMap<StudentId, Tally> =
                rows.into_iter().map(|row| (row.student_id, of(&row.sheet))).collect();
            let line = |student: StudentRow| StudentLine {
                tally: tallies.remove(&student.id).unwrap_or_default(),
                student,
            };
            Ok(found.into_iter().map(line).collect())
        })
    }
}
