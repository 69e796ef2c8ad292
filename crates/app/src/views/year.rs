//! One student's year, a line a term: what the Student page shows beneath the term.

use super::Reading;
use crate::AppError;
use domain::{CrossingState, Sheet, Spell, StudentId, Tally, Term, Threshold};

/// One student's term within their year.
#[derive(Debug, Clone)]
pub struct YearLine {
    /// Which term.
    pub term: Term,
    /// Counts up to the current half-day, `open` too.
    pub tally: Tally,
    /// The levels that stand reached, lowest first.
    pub reached: Vec<Threshold>,
    /// Responses that were not withdrawn.
    pub responses: usize,
}

/// One student's terms of a year that have begun, in order.
pub(super) fn year_of(
    reading: &mut Reading<'_, '_>,
    student: &StudentId,
    spells: &[Spell],
    year: i16,
) -> Result<Vec<YearLine>, AppError> {
    let number = reading.school.number;
    let is_shown = |term: &&Term| {
        let enrolled = spells.iter().any(|spell| spell.touches(term.first_day, term.last_day));
        term.id.year() == year && term.first_day <= reading.current.date && enrolled
    };
    let terms: Vec<Term> = reading.calendar.terms().iter().filter(is_shown).copied().collect();
    let versions = store::response::of_student(reading.tx, number, student)?;
    let responses = store::response::latest(versions);
    let mut lines = Vec::new();
    for term in terms {
        let Some(calendar) = reading.calendar.term_calendar(term.id) else { continue };
        let row = store::derived::tally(reading.tx, number, term.id, student)?;
        let sheet = row.map_or_else(|| Sheet::empty(&calendar, spells), |row| row.sheet);
        let through = calendar.through(reading.current);
        let crossings = store::derived::crossings(reading.tx, number, term.id, [student])?;
        let standing = crossings.iter().filter(|crossing| crossing.state == CrossingState::Reached);
        lines.push(YearLine {
            term,
            tally: Tally::of(&sheet.sets(&calendar, &reading.codes), through),
            reached: standing.map(|crossing| crossing.reached.threshold).collect(),
            responses: responses.iter().filter(|own| own.term == term.id && !own.withdrawn).count(),
        });
    }
    Ok(lines)
}
