//! Monitoring and review of one term: whether each level reached gets a response, how soon, what
//! was done, what followed, and what is to be mended. For staff, about the students whom they see;
//! for the board, about the whole school with small numbers hidden.
//!
//! A term's rows are read once, by [`facts`]; everything else is counted from them.
//!
//! Choice: decision 0028.

mod board;
mod facts;
mod followed;
mod levels;
mod quality;
mod used;

pub use board::{BOARD_COLUMNS, BoardLevel, BoardReport, Middle};
pub use followed::FollowedLine;
pub use levels::{LevelLine, Levels, Recording, WAITING_DAYS};
pub use quality::{FINDING_LINES, Finding, FindingKind, FindingLine};
pub use used::{DescriptionUse, Overused, TypeUse, Used};

use super::Reading;
use super::everybody::Completeness;
use crate::{Actor, AppError, School};
use domain::{HalfDay, Instant, Permission, Reach, Term, TermId};
use facts::Facts;

/// The review of a term, as one reader sees it.
#[derive(Debug, Clone)]
pub struct TermReview {
    /// Which term; nothing while the calendar has none that has begun.
    pub term: Option<Term>,
    /// The terms that have begun, the latest first.
    pub terms: Vec<Term>,
    /// The half-day up to which is counted.
    pub as_of: HalfDay,
    /// Whether the students are the whole school, or the reader's own.
    pub is_whole_school: bool,
    /// The reader's own groups and years.
    pub groups: Vec<String>,
    /// How many students are counted.
    pub students: usize,
    /// How complete the rolls are.
    pub completeness: Completeness,
    /// Levels reached and what became of them.
    pub levels: Levels,
    /// How soon responses were recorded.
    pub recording: Recording,
    /// What was done.
    pub used: Used,
    /// What followed.
    pub followed: Vec<FollowedLine>,
    /// What is to be mended, the first first.
    pub findings: Vec<Finding>,
}

impl School {
    /// The review of a term (of the present one when none is named) for the students in the
    /// reader's reach.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student, [`AppError::NotFound`] for a term
    /// that is not in the calendar.
    pub fn term_review(
        &self,
        actor: &Actor,
        now: Instant,
        term: Option<TermId>,
    ) -> Result<TermReview, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let mut review = empty(reading);
            let Some(term) = asked_term(reading, term)? else { return Ok(review) };
            review.term = Some(term);
            let Some(facts) = Facts::load(reading, term, false)? else { return Ok(review) };
            review.students = facts.everybody.members.len();
            review.completeness = facts.everybody.completeness();
            review.levels = levels::of(&facts, reading.current.date);
            review.recording = levels::recording(&facts);
            review.used = used::of(&facts);
            review.followed = followed::of(reading, &facts);
            review.findings = quality::of(reading, &facts, &review)?;
            Ok(review)
        })
    }

    /// The board's report of a term (of the present one when none is named): counts of the whole
    /// school, small ones hidden.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who may not see it, [`AppError::NotFound`] for a term that
    /// is not in the calendar, and while none has begun.
    pub fn board_report(
        &self,
        actor: &Actor,
        now: Instant,
        term: Option<TermId>,
    ) -> Result<BoardReport, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeBoardReport, "see the board's report")?;
            let none = || AppError::not_found("no term has begun yet: enter the terms in the calendar");
            let term = asked_term(reading, term)?.ok_or_else(none)?;
            let facts = Facts::load(reading, term, true)?.ok_or_else(none)?;
            Ok(board::of(reading, &facts))
        })
    }
}

fn empty(reading: &Reading<'_, '_>) -> TermReview {
    let scope = reading.who.as_ref().map(|who| &who.scope);
    TermReview {
        term: None,
        terms: begun(reading),
        as_of: reading.current,
        is_whole_school: scope.is_none_or(|scope| scope.reach(Permission::SeeStudents) == Reach::All),
        groups: scope.map_or_else(Vec::new, |scope| scope.groups.clone()),
        students: 0,
        completeness: Completeness::default(),
        levels: Levels::default(),
        recording: Recording::default(),
        used: Used::default(),
        followed: Vec::new(),
        findings: Vec::new(),
    }
}

/// The terms whose first day has come, the latest first.
fn begun(reading: &Reading<'_, '_>) -> Vec<Term> {
    let today = reading.current.date;
    reading.calendar.terms().iter().rev().filter(|term| term.first_day <= today).copied().collect()
}

/// The term that is asked for; the present one when none is named.
fn asked_term(reading: &Reading<'_, '_>, term: Option<TermId>) -> Result<Option<Term>, AppError> {
    let Some(id) = term else { return Ok(reading.present_term()) };
    let found = reading.calendar.term(id).copied();
    let missing = || AppError::not_found(format!("{id} is not in the calendar: name a term that is"));
    found.map(Some).ok_or_else(missing)
}

/// Where a level stands among the three.
fn place(level: domain::Threshold) -> Option<usize> {
    domain::Threshold::MINISTRY.into_iter().position(|threshold| threshold == level)
}
