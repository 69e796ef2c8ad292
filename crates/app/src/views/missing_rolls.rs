//! Missing rolls: which roll was not taken, or only in part, oldest first, and how complete the
//! term's rolls are.
//!
//! A student counts only while enrolled, in the group they are in now.

use super::Reading;
use super::everybody::{Completeness, Everybody};
use crate::{Actor, AppError, School};
use domain::{Cell, HalfDay, Instant, Permission, Role, Term};
use std::collections::BTreeMap;
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
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let Some(term) = reading.present_term() else { return Ok(MissingRolls::default()) };
            match Everybody::load(reading, term)? {
                Some(everybody) => of(reading, &everybody),
                None => Ok(MissingRolls::default()),
            }
        })
    }
}

/// The missing rolls of everybody's term.
pub(super) fn of(reading: &mut Reading<'_, '_>, everybody: &Everybody) -> Result<MissingRolls, AppError> {
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
    let mut missing: Vec<(usize, &str, [usize; 2])> = Vec::new();
    for (group, counts) in &groups {
        let places = counts.iter().enumerate().filter(|(_, [_, unmarked])| *unmarked > 0);
        missing.extend(places.map(|(position, &counts)| (position, *group, counts)));
    }
    missing.sort_unstable();
    view.count = missing.len();
    missing.truncate(MOST);
    let teachers = teachers(reading)?;
    let line = |(position, group, [enrolled, unmarked]): (usize, &str, [usize; 2])| MissingRoll {
        group: group.to_owned(),
        half_day: calendar.open[position],
        period: None,
        enrolled,
        unmarked,
        teachers: teachers.get(group).cloned().unwrap_or_default(),
    };
    view.lines = missing.into_iter().map(line).collect();
    Ok(view)
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
