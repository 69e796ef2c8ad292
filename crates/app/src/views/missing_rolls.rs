//! Missing rolls: which roll was not taken, or only in part, oldest first, and how complete the
//! term's rolls are.
//!
//! A student counts only while enrolled, in the group they are in now. Where the timetable expects
//! periods of a group, each of these is a roll of its own; elsewhere the half-day is.

use super::Reading;
use super::everybody::{Completeness, Everybody};
use crate::timetable::Timetables;
use crate::{Actor, AppError, School};
use domain::{Cell, Date, HalfDay, Instant, Period, Permission, Role, Term, Time};
use std::collections::{BTreeMap, HashMap};
use store::people::StudentRow;

/// The most lines that are handed over.
pub(super) const MOST: usize = 300;

/// A roll that is not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRoll {
    /// Form or whānau class; empty for students without one.
    pub group: String,
    /// Which half-day.
    pub half_day: HalfDay,
    /// Which period of it, where rolls are taken by period.
    pub period: Option<String>,
    /// Students enrolled in the group that day.
    pub enrolled: usize,
    /// Those of them without a mark: all of them when the roll was not taken.
    pub unmarked: usize,
    /// The teachers whose group it is.
    pub teachers: Vec<String>,
}

impl MissingRoll {
    /// Whether nobody was marked.
    #[must_use]
    pub fn is_not_taken(&self) -> bool {
        self.unmarked == self.enrolled
    }
}

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct MissingRolls {
    /// The term it speaks of.
    pub term: Option<Term>,
    /// The rolls, oldest first: the first ones, when there are very many.
    pub lines: Vec<MissingRoll>,
    /// How many there are in all.
    pub count: usize,
    /// How complete the term's rolls are up to the current half-day.
    pub completeness: Completeness,
    /// Students without a group, whose roll nobody takes.
    pub without_group: Vec<StudentRow>,
}

impl School {
    /// The rolls of the term that are missing, of the groups in the reader's reach.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn missing_rolls(&self, actor: &Actor, now: Instant) -> Result<MissingRolls, AppError> {
        self.some_missing_rolls(actor, now, MOST)
    }

    /// The same, however many there are.
    ///
    /// # Errors
    /// As [`School::missing_rolls`].
    pub fn all_missing_rolls(&self, actor: &Actor, now: Instant) -> Result<MissingRolls, AppError> {
        self.some_missing_rolls(actor, now, usize::MAX)
    }

    fn some_missing_rolls(&self, actor: &Actor, now: Instant, most: usize) -> Result<MissingRolls, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let Some(term) = reading.present_term() else { return Ok(MissingRolls::default()) };
            match Everybody::load(reading, term)? {
                Some(everybody) => some(reading, &everybody, most),
                None => Ok(MissingRolls::default()),
            }
        })
    }
}

/// The missing rolls of everybody's term.
pub(super) fn of(reading: &mut Reading<'_, '_>, everybody: &Everybody) -> Result<MissingRolls, AppError> {
    some(reading, everybody, MOST)
}

/// The first so many of them.
fn some(reading: &mut Reading<'_, '_>, everybody: &Everybody, most: usize) -> Result<MissingRolls, AppError> {
    let Everybody { calendar, through, members } = everybody;
    let mut view = MissingRolls {
        term: Some(calendar.term),
        completeness: everybody.completeness(),
        ..MissingRolls::default()
    };
    // For each group and half-day: how many are enrolled, and how many have no mark.
    let mut groups: BTreeMap<&str, Vec<[usize; 2]>> = BTreeMap::new();
    for member in members {
        let counts = groups.entry(&member.student.group).or_insert_with(|| vec![[0; 2]; *through]);
        for (position, [enrolled, unmarked]) in counts.iter_mut().enumerate() {
            let cell = member.sheet.cell(position);
            *enrolled += usize::from(cell != Cell::NotEnrolled);
            *unmarked += usize::from(cell == Cell::Unmarked);
        }
        let is_here = domain::sheet::is_enrolled(&member.spells, reading.current.date);
        if member.student.group.is_empty() && is_here {
            view.without_group.push(member.student.clone());
        }
    }
    view.without_group.sort_by_cached_key(StudentRow::sort_key);
    let expected = Expected::load(reading, calendar.term)?;
    let mut missing: Vec<Missing<'_>> = Vec::new();
    for (group, counts) in &groups {
        for (position, &[enrolled, unmarked]) in counts.iter().enumerate() {
            let half_day = calendar.open[position];
            match expected.periods(group, half_day) {
                Some(periods) => missing.extend(periods.into_iter().filter_map(|period| {
                    let unmarked = enrolled.saturating_sub(expected.marked(group, half_day, &period));
                    (unmarked > 0).then_some((
                        position,
                        Some(period.start),
                        *group,
                        Some(period.name),
                        [enrolled, unmarked],
                    ))
                })),
                None if unmarked > 0 => missing.push((position, None, group, None, [enrolled, unmarked])),
                None => {}
            }
        }
    }
    missing.sort_unstable();
    view.count = missing.len();
    missing.truncate(most);
    let teachers = teachers(reading)?;
    let line = |(position, _, group, period, [enrolled, unmarked]): Missing<'_>| MissingRoll {
        group: group.to_owned(),
        half_day: calendar.open[position],
        period,
        enrolled,
        unmarked,
        teachers: teachers.get(group).cloned().unwrap_or_default(),
    };
    view.lines = missing.into_iter().map(line).collect();
    Ok(view)
}

/// A roll that is not whole, in the order of the list: position, start and name of its period,
/// group, and how many are enrolled and unmarked.
type Missing<'g> = (usize, Option<Time>, &'g str, Option<String>, [usize; 2]);

/// The periods that the timetable expects, and how many of each are marked.
struct Expected {
    timetables: Timetables,
    marked: HashMap<(String, Date, String), usize>,
    /// Date and time at the school: a period that has not begun is not missing.
    now: (Date, Time),
}

impl Expected {
    fn load(reading: &mut Reading<'_, '_>, term: Term) -> Result<Self, AppError> {
        let number = reading.school.number;
        let timetables = Timetables::load(reading.tx, number)?;
        let dates = (term.first_day, term.last_day);
        let marked = match timetables.is_empty() {
            true => HashMap::new(),
            false => store::mark::periods_marked(reading.tx, number, dates)?,
        };
        let now = reading.school.zone.local(reading.now);
        Ok(Self { timetables, marked, now: (now.date(), now.time()) })
    }

    /// The periods of a half-day that have begun; nothing where none is expected, and the half-day
    /// is one roll.
    fn periods(&self, group: &str, half_day: HalfDay) -> Option<Vec<Period>> {
        let mut periods = self.timetables.periods(group, half_day.date);
        periods.retain(|period| period.half() == half_day.half);
        if periods.is_empty() {
            return None;
        }
        periods.retain(|period| (half_day.date, period.start) <= self.now);
        Some(periods)
    }

    fn marked(&self, group: &str, half_day: HalfDay, period: &Period) -> usize {
        let place = (group.to_owned(), half_day.date, period.name.clone());
        self.marked.get(&place).copied().unwrap_or_default()
    }
}

/// The names of the teachers of each group.
fn teachers(reading: &mut Reading<'_, '_>) -> Result<BTreeMap<String, Vec<String>>, AppError> {
    let mut teachers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for staff in store::people::staff(reading.tx, reading.school.number)? {
        for group in staff.scope.groups.iter().filter(|_| staff.scope.has(Role::Teacher)) {
            teachers.entry(group.clone()).or_default().push(staff.name.clone());
        }
    }
    Ok(teachers)
}
