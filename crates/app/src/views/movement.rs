//! Movement: everything that happened to crossings on one day, in both directions.

use super::ledger::{self, About, LedgerEvent};
use super::{Reading, StaffNames};
use crate::{Actor, AppError, School};
use domain::{
    CodeList, CrossingState, Date, Half, HalfDay, Instant, Permission, StudentId, Tally, TermId, Threshold,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use store::ALWAYS;
use store::derived::CrossingEventRow;
use store::people::StudentRow;

/// The most things that are told of one day: a file with a whole term can move thousands.
const MOST: usize = 300;

/// What moved on one day.
#[derive(Debug, Clone)]
pub struct Movement {
    /// Which day.
    pub on: Date,
    /// The school day before it, if the calendar has one.
    pub previous: Option<Date>,
    /// The school day after it; nothing when that is still to come.
    pub next: Option<Date>,
    /// What happened, newest first: the latest ones, when there are very many.
    pub lines: Vec<MovementLine>,
    /// How much happened in all.
    pub count: usize,
    /// The attendance codes over time.
    pub codes: Cow<'static, CodeList>,
}

/// Something that happened to a student's crossing.
#[derive(Debug, Clone)]
pub struct MovementLine {
    /// Whose.
    pub student: StudentRow,
    /// Their counts now, in the term of the crossing.
    pub tally: Tally,
    /// What happened.
    pub event: LedgerEvent,
    /// How many responses name the crossing, while it is withdrawn now; 0 when it stands.
    pub resting: usize,
}

impl School {
    /// What happened to the crossings of the students in reach on a day; today when none is named.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no students.
    pub fn movement(&self, actor: &Actor, now: Instant, on: Option<Date>) -> Result<Movement, AppError> {
        self.some_movement(actor, now, on, MOST)
    }

    /// The same, however much happened.
    ///
    /// # Errors
    /// As [`School::movement`].
    pub fn all_movement(&self, actor: &Actor, now: Instant, on: Option<Date>) -> Result<Movement, AppError> {
        self.some_movement(actor, now, on, usize::MAX)
    }

    fn some_movement(
        &self,
        actor: &Actor,
        now: Instant,
        on: Option<Date>,
        most: usize,
    ) -> Result<Movement, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let on = on.unwrap_or(reading.current.date);
            let mut students = HashMap::new();
            for student in store::people::students(reading.tx, reading.school.number)? {
                if reading.reaches(Permission::SeeStudents, &student) {
                    students.insert(student.id.clone(), student);
                }
            }
            let mut events = events_on(reading, on)?;
            events.retain(|event| students.contains_key(&event.student_id));
            let count = events.len();
            // They stand in order of when they happened: the latest are kept.
            events.drain(..count.saturating_sub(most));
            let mut by_term: BTreeMap<TermId, Vec<CrossingEventRow>> = BTreeMap::new();
            for event in events {
                by_term.entry(event.term).or_default().push(event);
            }
            let staff = StaffNames::load(reading.tx, reading.school.number)?;
            let mut lines = Vec::new();
            for (term, events) in by_term {
                add(reading, &staff, &students, term, events, &mut lines)?;
            }
            lines.sort_by_cached_key(|line| {
                (
                    std::cmp::Reverse(line.event.event.at),
                    line.student.sort_key(),
                    line.event.event.reached.threshold,
                )
            });
            let (previous, next) = (previous(reading, on), next(reading, on));
            Ok(Movement { on, previous, next, lines, count, codes: reading.codes.clone() })
        })
    }
}

/// Every event of a day.
pub(super) fn events_on(reading: &mut Reading<'_, '_>, on: Date) -> Result<Vec<CrossingEventRow>, AppError> {
    let (number, zone) = (reading.school.number, reading.school.zone);
    let starts = |date| zone.start_of(HalfDay::new(date, Half::Am));
    let (from, to) = (starts(on), starts(on.tomorrow().unwrap_or(on)));
    Ok(store::derived::events_between(reading.tx, number, from, to)?)
}

fn add(
    reading: &mut Reading<'_, '_>,
    staff: &StaffNames,
    students: &HashMap<StudentId, StudentRow>,
    term: TermId,
    events: Vec<CrossingEventRow>,
    lines: &mut Vec<MovementLine>,
) -> Result<(), AppError> {
    let number = reading.school.number;
    let Some(&term) = reading.calendar.term(term) else { return Ok(()) };
    let mut ids: Vec<StudentId> = events.iter().map(|event| event.student_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let dates = (term.first_day, term.last_day);
    let marks = store::mark::of_students(reading.tx, number, &ids, dates, ALWAYS)?;
    let responses = store::response::of_term(reading.tx, number, term.id, ALWAYS)?;
    let about = About {
        school: number,
        term,
        codes: &reading.codes,
        staff,
        known_at: ALWAYS,
        marks: &marks,
        responses: &responses,
    };
    let told = ledger::tell(reading.tx, &about, events)?;
    let mut withdrawn: Vec<(StudentId, Threshold)> = Vec::new();
    for crossing in store::derived::crossings(reading.tx, number, term.id, &ids)? {
        if crossing.state == CrossingState::Withdrawn {
            withdrawn.push((crossing.student_id, crossing.reached.threshold));
        }
    }
    let tallies = store::derived::tallies(reading.tx, number, term.id, &ids)?;
    let tallies: HashMap<StudentId, Tally> =
        tallies.into_iter().map(|row| (row.student_id, row.tally)).collect();
    let latest = store::response::latest(responses);
    for event in told {
        let (id, threshold) = (&event.event.student_id, event.event.reached.threshold);
        let Some(student) = students.get(id) else { continue };
        let is_withdrawn = withdrawn.iter().any(|(own, level)| own == id && *level == threshold);
        lines.push(MovementLine {
            student: student.clone(),
            tally: tallies.get(id).copied().unwrap_or_default(),
            resting: if is_withdrawn { ledger::resting_on(&latest, id, term.id, threshold) } else { 0 },
            event,
        });
    }
    Ok(())
}

/// The latest school day before a date.
pub(super) fn previous(reading: &Reading<'_, '_>, on: Date) -> Option<Date> {
    let first = reading.calendar.terms().first()?.first_day;
    // From beyond the last term straight to its end.
    let last = reading.calendar.terms().last()?.last_day;
    let mut day = if on > last { last.tomorrow().ok()? } else { on };
    while day > first {
        day = day.yesterday().ok()?;
        if reading.calendar.is_school_day(day) {
            return Some(day);
        }
    }
    None
}

/// The first school day after a date that is not still to come.
fn next(reading: &Reading<'_, '_>, on: Date) -> Option<Date> {
    let first = reading.calendar.terms().first()?.first_day;
    let mut day = if on < first { first.yesterday().ok()? } else { on };
    while day < reading.current.date {
        day = day.tomorrow().ok()?;
        if reading.calendar.is_school_day(day) {
            return Some(day);
        }
    }
    None
}
