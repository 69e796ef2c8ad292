//! Where KAMAR's own half-days of a day are others than ours. Ours follow from the marks and stay; what
//! KAMAR says stands beside them, with the letters it sent, for a person to look at.

use super::Reading;
use crate::{Actor, AppError, School};
use domain::{
    Cell, Class, CodeList, Date, Half, HalfDay, Instant, Permission, Sheet, StudentId, Term, TermCalendar,
    TermId,
};
use std::collections::BTreeMap;
use store::kamar::KamarTotal;
use store::people::StudentRow;

/// A day that KAMAR counts in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KamarDifference {
    /// Whose.
    pub student: StudentRow,
    /// Which day.
    pub date: Date,
    /// Unjustified, justified and present half-days as KAMAR counts them; nothing where it says none.
    pub theirs: [Option<i64>; 3],
    /// The same as we do.
    pub ours: [i64; 3],
    /// The school's code for each slot, as KAMAR sent it.
    pub codes: String,
    /// The Ministry's class for each slot, as KAMAR sent it.
    pub classes: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct KamarDifferences {
    /// The term it speaks of.
    pub term: Option<Term>,
    /// The first of them, by date and student.
    pub lines: Vec<KamarDifference>,
    /// How many there are.
    pub count: usize,
    /// How many days of students were compared.
    pub compared: usize,
}

/// How many a page lists.
pub const MOST_DIFFERENCES: usize = 500;

impl School {
    /// Where KAMAR counts otherwise in a term, of the students in reach, the first `most` of them; in the
    /// present term when none is named.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn kamar_differences(
        &self,
        actor: &Actor,
        now: Instant,
        term: Option<TermId>,
        most: usize,
    ) -> Result<KamarDifferences, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let asked = term.and_then(|term| reading.calendar.term(term).copied());
            let Some(term) = asked.or_else(|| reading.present_term()) else {
                return Ok(KamarDifferences { term: None, lines: Vec::new(), count: 0, compared: 0 });
            };
            of_term(reading, term, most)
        })
    }

    /// How many days KAMAR counts otherwise in the present term, of the students in reach, or of the whole
    /// school for somebody who sees counts alone; nothing for a school without KAMAR.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees neither students nor the connection.
    pub fn count_kamar_differences(&self, actor: &Actor, now: Instant) -> Result<Option<usize>, AppError> {
        self.view(actor, now, |reading| {
            let sees = reading.require(Permission::SeeStudents, "see students").is_ok();
            if !sees {
                reading.require(Permission::Import, "see the connection with KAMAR")?;
            }
            if store::kamar::setting(reading.tx, reading.school.number)?.is_none() {
                return Ok(None);
            }
            let Some(term) = reading.present_term() else { return Ok(Some(0)) };
            if sees {
                return Ok(Some(of_term(reading, term, 0)?.count));
            }
            Ok(Some(found(reading, term)?.0.len()))
        })
    }
}

/// A day that differs: the total, and what we count.
type Found = (KamarTotal, [i64; 3]);

fn of_term(reading: &mut Reading<'_, '_>, term: Term, most: usize) -> Result<KamarDifferences, AppError> {
    let (found, compared) = found(reading, term)?;
    if found.is_empty() {
        return Ok(KamarDifferences { term: Some(term), lines: Vec::new(), count: 0, compared });
    }
    let students: BTreeMap<StudentId, StudentRow> =
        store::people::students(reading.tx, reading.school.number)?
            .into_iter()
            .filter(|student| reading.reaches(Permission::SeeStudents, student))
            .map(|student| (student.id.clone(), student))
            .collect();
    let (mut lines, mut count) = (Vec::new(), 0);
    for (total, ours) in found {
        let Some(student) = students.get(&total.student_id) else { continue };
        count += 1;
        if lines.len() < most {
            lines.push(KamarDifference {
                student: student.clone(),
                date: total.date,
                theirs: theirs(&total),
                ours,
                codes: total.codes,
                classes: total.classes,
            });
        }
    }
    Ok(KamarDifferences { term: Some(term), lines, count, compared })
}

fn theirs(total: &KamarTotal) -> [Option<i64>; 3] {
    [total.unjustified, total.justified, total.present]
}

/// The days that differ, and how many were compared.
fn found(reading: &mut Reading<'_, '_>, term: Term) -> Result<(Vec<Found>, usize), AppError> {
    let number = reading.school.number;
    let totals = store::kamar::totals_between(reading.tx, number, (term.first_day, term.last_day))?;
    if totals.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let Some(calendar) = reading.calendar.term_calendar(term.id) else { return Ok((Vec::new(), 0)) };
    let rows = store::derived::tallies_of_term(reading.tx, number, term.id)?;
    let sheets: BTreeMap<StudentId, Sheet> =
        rows.into_iter().map(|row| (row.student_id, row.sheet)).collect();
    let (mut differing, mut compared) = (Vec::new(), 0);
    for total in totals {
        // What KAMAR does not say is unknown, and nothing to differ from.
        if theirs(&total).iter().all(Option::is_none) {
            continue;
        }
        compared += 1;
        let ours = ours(&calendar, &reading.codes, sheets.get(&total.student_id), total.date);
        if differs(theirs(&total), ours) {
            differing.push((total, ours));
        }
    }
    Ok((differing, compared))
}

fn differs(theirs: [Option<i64>; 3], ours: [i64; 3]) -> bool {
    theirs.into_iter().zip(ours).any(|(theirs, ours)| theirs.is_some_and(|theirs| theirs != ours))
}

/// Unjustified, justified and present half-days of a day, from a sheet.
fn ours(calendar: &TermCalendar, codes: &CodeList, sheet: Option<&Sheet>, date: Date) -> [i64; 3] {
    let mut counts = [0; 3];
    for half in Half::BOTH {
        let Some(position) = calendar.position(HalfDay::new(date, half)) else { continue };
        let Some(Cell::Marked(letter)) = sheet.map(|sheet| sheet.cell(position)) else { continue };
        match codes.class(letter, date) {
            Some(Class::Unjustified) => counts[0] += 1,
            Some(Class::Justified) => counts[1] += 1,
            Some(Class::Present) => counts[2] += 1,
            None => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kamar_does_not_say_is_unknown_and_differs_from_nothing() {
        assert!(!differs([Some(0), Some(1), Some(1)], [0, 1, 1]));
        assert!(differs([Some(1), Some(0), Some(1)], [0, 1, 1]));
        assert!(!differs([None, None, Some(1)], [0, 1, 1]));
        assert!(!differs([None; 3], [2, 0, 0]));
        assert!(differs([None, Some(0), None], [0, 1, 1]));
    }
}
