//! Review: how many lines each of the lists has, for the page that leads to them.

use super::everybody::{Completeness, Everybody};
use super::{forecast, missing_rolls, reasons, stand_out};
use crate::{Actor, AppError, School};
use domain::{Instant, Term};

/// How much each list holds for this reader: of their own students, or of the whole school for
/// somebody who sees counts alone.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// The term it speaks of.
    pub term: Option<Term>,
    /// Whether the reader may open the lists of students.
    pub sees_students: bool,
    /// Students whom the next absence takes to a level, who reach one on entered marks, and who
    /// reach one at the present rate.
    pub forecast: [usize; 3],
    /// Rolls not taken, or only in part.
    pub missing_rolls: usize,
    /// How complete the term's rolls are.
    pub completeness: Completeness,
    /// Absent half-days without a reason.
    pub without_reason: usize,
    /// Students away for 20 school days, and those absent mainly on one weekday.
    pub stand_out: [usize; 2],
}

impl School {
    /// What the Review page counts.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees neither students nor counts.
    pub fn review(&self, actor: &Actor, now: Instant) -> Result<Review, AppError> {
        self.view(actor, now, |reading| {
            let review = Review { sees_students: reading.sees_students()?, ..Review::default() };
            let Some(term) = reading.present_term() else { return Ok(review) };
            let Some(everybody) = Everybody::load(reading, term)? else { return Ok(review) };
            let ahead = forecast::of(reading, &everybody);
            let missing = missing_rolls::of(reading, &everybody)?;
            let waiting = reasons::of(reading, &everybody)?;
            let stand_out = stand_out::of(reading, &everybody)?;
            Ok(Review {
                term: Some(term),
                forecast: [ahead.with_next.len(), ahead.on_entered.len(), ahead.at_rate.len()],
                missing_rolls: missing.count,
                completeness: missing.completeness,
                without_reason: waiting.iter().map(|line| line.half_days.len()).sum(),
                stand_out: [stand_out.long.len(), stand_out.on_one_weekday.len()],
                ..review
            })
        })
    }
}
