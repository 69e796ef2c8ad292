//! What KAMAR says was done about students, and what a person may make of it.

use super::Reading;
use crate::{Actor, AppError, School};
use domain::plan::Wanted;
use domain::{CrossingState, Instant, Permission, Reached, StudentId, TermId};
use std::collections::BTreeMap;
use store::candidate::CandidateRow;
use store::derived::CrossingRow;
use store::people::StudentRow;

/// A record of KAMAR that waits for a person.
#[derive(Debug, Clone)]
pub struct CandidateLine {
    /// What KAMAR says.
    pub candidate: CandidateRow,
    /// About whom.
    pub student: StudentRow,
    /// The term of its date.
    pub term: Option<TermId>,
    /// The level that it may have answered: the last that stood reached on its date, or else the highest
    /// that stands.
    pub reached: Option<Reached>,
    /// A description of the school's that KAMAR's own words hold, under its type.
    pub suggestion: Option<Wanted>,
}

impl School {
    /// The records that wait, of the students for whom the reader may record, oldest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who records for nobody.
    pub fn candidates(&self, actor: &Actor, now: Instant) -> Result<Vec<CandidateLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Respond, "record responses")?;
            lines(reading, None)
        })
    }

    /// One record that waits.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it does not wait in the reader's reach.
    pub fn candidate(
        &self,
        actor: &Actor,
        now: Instant,
        student: &StudentId,
        reference: &str,
    ) -> Result<CandidateLine, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Respond, "record responses")?;
            let found = lines(reading, Some((student, reference)))?.pop();
            found.ok_or_else(|| AppError::not_found("there is no such record of KAMAR among your students"))
        })
    }
}

/// How many records wait for this reader.
pub(super) fn count(reading: &mut Reading<'_, '_>) -> Result<usize, AppError> {
    let may = reading.who.as_ref().is_none_or(|who| who.scope.may(Permission::Respond));
    Ok(if may { reached_rows(reading, None)?.len() } else { 0 })
}

/// Which record is asked for.
type Which<'w> = Option<(&'w StudentId, &'w str)>;

fn reached_rows(
    reading: &mut Reading<'_, '_>,
    which: Which<'_>,
) -> Result<Vec<(CandidateRow, StudentRow)>, AppError> {
    let number = reading.school.number;
    let mut rows = store::candidate::open(reading.tx, number)?;
    if let Some((student, reference)) = which {
        rows.retain(|row| row.student_id == *student && row.reference == reference);
    }
    let mut found: Vec<(CandidateRow, StudentRow)> = Vec::new();
    for row in rows {
        let known = found.last().filter(|(last, _)| last.student_id == row.student_id);
        let student = match known {
            Some((_, student)) => Some(student.clone()),
            None => store::people::student(reading.tx, number, &row.student_id)?,
        };
        if let Some(student) = student.filter(|student| reading.reaches(Permission::Respond, student)) {
            found.push((row, student));
        }
    }
    Ok(found)
}

fn lines(reading: &mut Reading<'_, '_>, which: Which<'_>) -> Result<Vec<CandidateLine>, AppError> {
    let number = reading.school.number;
    let rows = reached_rows(reading, which)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let offered = store::description::current(reading.tx, number)?;
    let offered: Vec<Wanted> = offered
        .into_iter()
        .filter(|version| !version.retired)
        .map(|version| Wanted { kind: version.kind, description: version.wording })
        .collect();
    let mut by_term: BTreeMap<TermId, Vec<StudentId>> = BTreeMap::new();
    for (row, _) in &rows {
        if let Some(term) = reading.calendar.term_at_or_before(row.date) {
            by_term.entry(term.id).or_default().push(row.student_id.clone());
        }
    }
    let mut crossings: Vec<CrossingRow> = Vec::new();
    for (term, students) in &by_term {
        crossings.extend(store::derived::crossings(reading.tx, number, *term, students)?);
    }
    let line = |(candidate, student): (CandidateRow, StudentRow)| {
        let term = reading.calendar.term_at_or_before(candidate.date).map(|term| term.id);
        let own: Vec<Reached> = crossings
            .iter()
            .filter(|row| row.student_id == student.id && Some(row.term) == term)
            .filter(|row| row.state == CrossingState::Reached)
            .map(|row| row.reached)
            .collect();
        let by_then = own.iter().filter(|reached| reached.half_day.date <= candidate.date);
        let reached = by_then.max_by_key(|reached| reached.threshold);
        let reached = reached.or_else(|| own.iter().max_by_key(|reached| reached.threshold)).copied();
        let suggestion = suggestion(&candidate, &offered);
        CandidateLine { candidate, student, term, reached, suggestion }
    };
    let mut lines: Vec<CandidateLine> = rows.into_iter().map(line).collect();
    lines.sort_by(|a, b| {
        let key = |line: &CandidateLine| (line.candidate.date, line.candidate.time.clone());
        key(a).cmp(&key(b)).then_with(|| a.student.id.cmp(&b.student.id))
    });
    Ok(lines)
}

/// The longest description of the school's that stands in KAMAR's own words.
fn suggestion(candidate: &CandidateRow, offered: &[Wanted]) -> Option<Wanted> {
    let said = format!("{}\n{}", candidate.reason, candidate.action).to_lowercase();
    let held = offered
        .iter()
        .filter(|wanted| !wanted.description.is_empty() && said.contains(&wanted.description.to_lowercase()));
    held.max_by_key(|wanted| wanted.description.len()).cloned()
}
