//! The terms of a year: dates, half-days, bands, completeness, and what an ended term leaves open.

use super::Reading;
use super::everybody::{Completeness, Everybody};
use super::tasks::{OwedTask, open_tasks};
use crate::{Actor, AppError, School};
use domain::term::days_between;
use domain::{Date, Instant, StudentId, Tally, Term};
use std::collections::BTreeMap;
use store::people::StudentRow;

/// The most lines that are handed over of what a term left open.
const MOST: usize = 300;

/// What an ended term left open.
#[derive(Debug, Clone)]
pub struct Unfinished {
    /// Who.
    pub student: StudentRow,
    /// Their counts in that term.
    pub tally: Tally,
    /// What is owed still.
    pub task: OwedTask,
}

/// One term of the year.
#[derive(Debug, Clone)]
pub struct TermLine {
    /// Which.
    pub term: Term,
    /// Days on which any half is open.
    pub school_days: u32,
    /// Open half-days.
    pub half_days: usize,
    /// Whether its first day has come.
    pub has_begun: bool,
    /// Whether its last day has passed.
    pub is_over: bool,
    /// How many students there are in each band, once it has begun: green, yellow, orange, red.
    pub bands: [usize; 4],
    /// How complete its rolls are, up to the current half-day.
    pub completeness: Completeness,
    /// How many responses are owed still, once it is over.
    pub unfinished_count: usize,
    /// Which those are, the highest level first, for a reader who sees students: the first ones,
    /// when there are very many.
    pub unfinished: Vec<Unfinished>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct TermsView {
    /// The year shown.
    pub year: i16,
    /// The years that the calendar knows terms of.
    pub years: Vec<i16>,
    /// Its terms, in order.
    pub terms: Vec<TermLine>,
    /// Whether the reader sees students, or counts alone.
    pub sees_students: bool,
}

impl School {
    /// The terms of a year, of this one when none is named.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees neither students nor counts.
    pub fn terms(&self, actor: &Actor, now: Instant, year: Option<i16>) -> Result<TermsView, AppError> {
        self.some_terms(actor, now, year, MOST)
    }

    /// The same, however much a term left open.
    ///
    /// # Errors
    /// As [`School::terms`].
    pub fn all_terms(&self, actor: &Actor, now: Instant, year: Option<i16>) -> Result<TermsView, AppError> {
        self.some_terms(actor, now, year, usize::MAX)
    }

    fn some_terms(
        &self,
        actor: &Actor,
        now: Instant,
        year: Option<i16>,
        most: usize,
    ) -> Result<TermsView, AppError> {
        self.view(actor, now, |reading| {
            let sees_students = reading.sees_students()?;
            let present = reading.present_term().map_or(reading.current.date.year(), |term| term.id.year());
            let year = year.unwrap_or(present);
            let known: Vec<Term> = reading.calendar.terms().to_vec();
            let mut years: Vec<i16> = known.iter().map(|term| term.id.year()).collect();
            years.dedup();
            let mut terms = Vec::new();
            for term in known.into_iter().filter(|term| term.id.year() == year) {
                let mut line = line(reading, term, sees_students)?;
                line.unfinished.truncate(most);
                terms.push(line);
            }
            Ok(TermsView { year, years, terms, sees_students })
        })
    }
}

fn line(reading: &mut Reading<'_, '_>, term: Term, sees_students: bool) -> Result<TermLine, AppError> {
    let today = reading.current.date;
    let open = reading.calendar.term_calendar(term.id).map_or_else(Vec::new, |calendar| calendar.open);
    let mut dates: Vec<_> = open.iter().map(|half_day| half_day.date).collect();
    dates.dedup();
    let mut line = TermLine {
        term,
        school_days: u32::try_from(dates.len()).unwrap_or(u32::MAX),
        half_days: open.len(),
        has_begun: term.first_day <= today,
        is_over: term.last_day < today,
        bands: [0; 4],
        completeness: Completeness::default(),
        unfinished_count: 0,
        unfinished: Vec::new(),
    };
    if !line.has_begun {
        return Ok(line);
    }
    let Some(everybody) = Everybody::load(reading, term)? else { return Ok(line) };
    for member in &everybody.members {
        line.bands[member.tally.band() as usize] += 1;
    }
    line.completeness = everybody.completeness();
    if line.is_over {
        let students =
            everybody.members.into_iter().map(|member| (member.student.id.clone(), member.student));
        let students: BTreeMap<StudentId, StudentRow> = students.collect();
        let open = open_tasks(reading, term, &students)?;
        line.unfinished_count = open.len();
        if sees_students {
            let of = |(id, tally, task): (StudentId, Tally, OwedTask)| {
                Some(Unfinished { student: students.get(&id)?.clone(), tally, task })
            };
            line.unfinished = open.into_iter().filter_map(of).collect();
        }
        let key = |line: &Unfinished| (std::cmp::Reverse(line.task.level), line.student.sort_key());
        line.unfinished.sort_by_cached_key(key);
    }
    Ok(line)
}

/// The term before this one, with how many responses it left open for the reader's students, while
/// this one is young: a look at its crossings alone.
pub(super) fn left_open(
    reading: &mut Reading<'_, '_>,
    term: Term,
    students: &BTreeMap<StudentId, StudentRow>,
) -> Result<Option<(Term, usize)>, AppError> {
    /// Weeks of a new term in which Today names what the last one left open.
    const YOUNG_WEEKS: i32 = 3;
    let before = reading.calendar.terms().iter().rev().find(|other| other.first_day < term.first_day);
    let Some(before) = before.copied() else { return Ok(None) };
    if term.week(reading.current.date) > YOUNG_WEEKS {
        return Ok(None);
    }
    let count = open_tasks(reading, before, students)?.len();
    Ok((count > 0).then_some((before, count)))
}

/// The last day of the calendar, when it ends within six weeks and nothing later is known: next
/// year's terms are to be entered.
pub(super) fn calendar_ends(reading: &Reading<'_, '_>) -> Option<Date> {
    /// How far ahead is looked, in days.
    const AHEAD_DAYS: i32 = 42;
    let last = reading.calendar.terms().iter().map(|term| term.last_day).max()?;
    (days_between(reading.current.date, last) <= AHEAD_DAYS).then_some(last)
}
