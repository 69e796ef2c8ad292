//! What stands out: students away for 20 school days in a row, and absence mainly on one weekday.
//! Both are lists; a person decides what follows.

use super::Reading;
use super::everybody::{Everybody, Member};
use crate::{Actor, AppError, School};
use domain::forecast::RATE_HALF_DAYS;
use domain::pattern::{days_back, on_one_weekday};
use domain::{Away, Category, Instant, OnOneWeekday, Permission, Sheet, StudentId, Tally, Term};
use std::collections::{BTreeMap, HashMap};
use store::people::StudentRow;

/// A student away for a long time without a break.
#[derive(Debug, Clone)]
pub struct LongAbsence {
    /// Who.
    pub student: StudentRow,
    /// For how long, from which day, and the last day attended.
    pub away: Away,
}

/// A student whose absence falls mainly on one weekday.
#[derive(Debug, Clone)]
pub struct WeekdayLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts so far.
    pub tally: Tally,
    /// Which weekday, and how much of the absence.
    pub found: OnOneWeekday,
}

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct StandOutView {
    /// The term it speaks of.
    pub term: Option<Term>,
    /// Students away for 20 school days and more, the longest first.
    pub long: Vec<LongAbsence>,
    /// Absence mainly on one weekday this term, by weekday.
    pub on_one_weekday: Vec<WeekdayLine>,
    /// The lowest attendance of each house, or of each year where there are no houses: whose, their
    /// name, and the students, the lowest first.
    pub lowest: Vec<(String, Vec<(StudentRow, Tally)>)>,
}

/// How many are listed of a house or a year.
const LOWEST: usize = 15;

impl School {
    /// What stands out among the students in the reader's reach.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn stand_out(&self, actor: &Actor, now: Instant) -> Result<StandOutView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let Some(term) = reading.present_term() else { return Ok(StandOutView::default()) };
            match Everybody::load(reading, term)? {
                Some(everybody) => of(reading, &everybody),
                None => Ok(StandOutView::default()),
            }
        })
    }
}

/// What stands out in everybody's term.
pub(super) fn of(reading: &mut Reading<'_, '_>, everybody: &Everybody) -> Result<StandOutView, AppError> {
    let Everybody { calendar, through, members } = everybody;
    let mut view = StandOutView { term: Some(calendar.term), ..StandOutView::default() };
    for member in members {
        let absences = (0..*through).filter(|&at| member.is_absent(calendar, &reading.codes, at));
        if let Some(found) = on_one_weekday(absences.map(|at| calendar.open[at].date)) {
            view.on_one_weekday.push(WeekdayLine {
                student: member.student.clone(),
                tally: member.tally,
                found,
            });
        }
    }
    view.on_one_weekday.sort_by_cached_key(|line| (line.found.weekday, line.student.sort_key()));
    view.lowest = lowest(everybody);
    view.long = long_absences(reading, everybody)?;
    view.long.sort_by_cached_key(|line| (std::cmp::Reverse(line.away.days), line.student.sort_key()));
    Ok(view)
}

/// Those who attend the least in each house or year, of students who do not attend regularly.
fn lowest(everybody: &Everybody) -> Vec<(String, Vec<(StudentRow, Tally)>)> {
    let has_houses = everybody.members.iter().any(|member| !member.student.house.is_empty());
    let mut by_label: BTreeMap<(usize, String), Vec<&Member>> = BTreeMap::new();
    for member in &everybody.members {
        let is_low = member.tally.category().is_some_and(|category| category != Category::Regular);
        if !is_low || member.tally.marked() < RATE_HALF_DAYS {
            continue;
        }
        let year = member.student.year_level.trim_start_matches('0');
        let (place, label) = if has_houses {
            (0, member.student.house.clone())
        } else {
            // Years in order of their number.
            (year.parse().unwrap_or(usize::MAX), format!("Year {year}"))
        };
        by_label.entry((place, label)).or_default().push(member);
    }
    let list = |mut members: Vec<&Member>| {
        // Present over marked, unrounded: a / b < c / d where a * d < c * b.
        members.sort_by(|a, b| {
            let share = |one: &Tally, other: &Tally| u64::from(one.present) * u64::from(other.marked());
            share(&a.tally, &b.tally)
                .cmp(&share(&b.tally, &a.tally))
                .then_with(|| a.student.sort_key().cmp(&b.student.sort_key()))
        });
        let line = |member: &Member| (member.student.clone(), member.tally);
        members.into_iter().take(LOWEST).map(line).collect()
    };
    by_label.into_iter().map(|((_, label), members)| (label, list(members))).collect()
}

/// Looks back over this term and, for those whose stretch reaches its beginning, over the terms
/// before it.
fn long_absences(reading: &mut Reading<'_, '_>, everybody: &Everybody) -> Result<Vec<LongAbsence>, AppError> {
    let mut found = Vec::new();
    let mut open: HashMap<&StudentId, Away> = HashMap::new();
    for member in &everybody.members {
        let mut away = Away::default();
        away.look_back(days_back(&member.sheet, &everybody.calendar, &reading.codes, everybody.through));
        if away.is_ended {
            found.push((&member.student.id, away));
        } else {
            open.insert(&member.student.id, away);
        }
    }
    let first_day = everybody.calendar.term.first_day;
    let earlier: Vec<Term> =
        reading.calendar.terms().iter().rev().filter(|term| term.first_day < first_day).copied().collect();
    for term in earlier {
        if open.is_empty() {
            break;
        }
        look_back_over(reading, everybody, term, &mut open)?;
        found.extend(open.extract_if(|_, away| away.is_ended));
    }
    found.extend(open);
    let long: HashMap<&StudentId, Away> = found.into_iter().filter(|(_, away)| away.is_long()).collect();
    let line = |member: &Member| {
        let away = *long.get(&member.student.id)?;
        Some(LongAbsence { student: member.student.clone(), away })
    };
    Ok(everybody.members.iter().filter_map(line).collect())
}

fn look_back_over(
    reading: &mut Reading<'_, '_>,
    everybody: &Everybody,
    term: Term,
    open: &mut HashMap<&StudentId, Away>,
) -> Result<(), AppError> {
    let Some(calendar) = reading.calendar.term_calendar(term.id) else { return Ok(()) };
    let rows = store::derived::tallies(reading.tx, reading.school.number, term.id, open.keys().copied())?;
    let mut sheets: HashMap<StudentId, Sheet> =
        rows.into_iter().map(|row| (row.student_id, row.sheet)).collect();
    for member in &everybody.members {
        let Some(away) = open.get_mut(&member.student.id) else { continue };
        // Without any mark, enrolled days count nothing and others end the stretch.
        let empty = || Sheet::empty(&calendar, &member.spells);
        let sheet = sheets.remove(&member.student.id).unwrap_or_else(empty);
        away.look_back(days_back(&sheet, &calendar, &reading.codes, calendar.open.len()));
    }
    Ok(())
}
