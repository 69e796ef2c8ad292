//! Forecast: who reaches a level with the next absence, on marks entered already, or at the present
//! rate. A quiet list: never shared, and nothing is begun because of it.

use super::Reading;
use super::everybody::Everybody;
use crate::{Actor, AppError, School};
use domain::{Forecast, HalfDay, Instant, NextAbsence, Permission, Tally, Term, Threshold};
use store::people::StudentRow;

/// A student who is about to reach a level.
#[derive(Debug, Clone)]
pub struct Ahead<T> {
    /// Who.
    pub student: StudentRow,
    /// Their counts so far.
    pub tally: Tally,
    /// Which level.
    pub threshold: Threshold,
    /// What it takes, or on which half-day it is reached.
    pub with: T,
}

/// What the Forecast page shows.
#[derive(Debug, Clone, Default)]
pub struct ForecastView {
    /// The term it speaks of.
    pub term: Option<Term>,
    /// Whom the next absence takes to a level, half a day away first.
    pub with_next: Vec<Ahead<NextAbsence>>,
    /// Who reaches one on the marks already entered for coming days, soonest first.
    pub on_entered: Vec<Ahead<HalfDay>>,
    /// Who reaches one within the term at the present rate, soonest first.
    pub at_rate: Vec<Ahead<HalfDay>>,
}

impl School {
    /// Who is about to reach a level, among the students in the reader's reach.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn forecast(&self, actor: &Actor, now: Instant) -> Result<ForecastView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let Some(term) = reading.present_term() else { return Ok(ForecastView::default()) };
            let Some(everybody) = Everybody::load(reading, term)? else {
                return Ok(ForecastView::default());
            };
            Ok(of(reading, &everybody))
        })
    }
}

/// The forecast of everybody.
pub(super) fn of(reading: &Reading<'_, '_>, everybody: &Everybody) -> ForecastView {
    let Everybody { calendar, through, members } = everybody;
    let mut view = ForecastView { term: Some(calendar.term), ..ForecastView::default() };
    for member in members {
        let (student, tally) = (&member.student, member.tally);
        let ahead = Forecast::of(&member.sheet, calendar, &reading.codes, *through, &tally);
        if let Some((threshold, with)) = ahead.with_next {
            view.with_next.push(Ahead { student: student.clone(), tally, threshold, with });
        }
        let on = |reached: domain::Reached| Ahead {
            student: student.clone(),
            tally,
            threshold: reached.threshold,
            with: reached.half_day,
        };
        view.on_entered.extend(ahead.on_entered.into_iter().map(on));
        view.at_rate.extend(ahead.at_rate.map(on));
    }
    // A name is put in order once, not at each comparison.
    view.with_next
        .sort_by_cached_key(|line| (line.with, std::cmp::Reverse(line.threshold), line.student.sort_key()));
    for list in [&mut view.on_entered, &mut view.at_rate] {
        list.sort_by_cached_key(|line| (line.with, line.threshold, line.student.sort_key()));
    }
    view
}
