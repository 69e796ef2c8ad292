//! One kind of rows of a delivery: read, checked against the school, and written.

use super::coming::Coming;
use super::{ImportKind, Sorted, contacts, marks, staff, students};
use crate::set_calendar::{self, CalendarEntry};
use crate::work::Work;
use crate::{AppError, checks};
use domain::{CodeList, Term};
use interop::contract::{
    self, CalendarRow, ContactRow, MarkRow, Parsed, StaffRow, StudentRow, TimetableFileRow,
};
use std::collections::BTreeSet;

/// How a delivery speaks of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Staffing {
    /// Whoever it does not name any more is in service no longer.
    pub(crate) is_whole: bool,
    /// It does not change what somebody who is known may do.
    pub(crate) keeps_rights: bool,
}

/// Rows of one kind, as they were read.
pub(crate) enum Part {
    Terms(Parsed<Term>),
    Calendar(Parsed<CalendarRow>),
    Timetable(Parsed<TimetableFileRow>),
    /// Whether whoever is in no row has left.
    Students(Parsed<StudentRow>, bool),
    Staff(Parsed<StaffRow>, Staffing),
    Contacts(Parsed<ContactRow>),
    Marks(Parsed<MarkRow>),
}

/// What was found of a part: how it was read, and whether its rows were written.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) rows: usize,
    pub(super) changed: usize,
    pub(super) problems: Vec<contract::Problem>,
    pub(super) problem_count: u64,
    /// Each bad row as often as something is wrong with it.
    pub(super) bad_rows: Vec<contract::BadRow>,
    /// How many rows of the file that was brought are bad.
    pub(super) bad: usize,
    pub(super) is_written: bool,
}

impl Part {
    /// Reads a file of the contract's.
    pub(crate) fn read(
        kind: ImportKind,
        is_whole: bool,
        keeps_rights: bool,
        bytes: &[u8],
        codes: &CodeList,
    ) -> Self {
        match kind {
            ImportKind::Terms => Self::Terms(contract::terms(bytes)),
            ImportKind::Calendar => Self::Calendar(contract::calendar(bytes)),
            ImportKind::Timetable => Self::Timetable(contract::timetable(bytes)),
            ImportKind::Students => Self::Students(contract::students(bytes), is_whole),
            ImportKind::Staff => Self::Staff(contract::staff(bytes), Staffing { is_whole, keeps_rights }),
            ImportKind::Contacts => Self::Contacts(contract::contacts(bytes)),
            ImportKind::Marks => Self::Marks(contract::marks(bytes, codes)),
        }
    }

    /// Which kind of rows it holds.
    pub(crate) fn kind(&self) -> ImportKind {
        match self {
            Self::Terms(_) => ImportKind::Terms,
            Self::Calendar(_) => ImportKind::Calendar,
            Self::Timetable(_) => ImportKind::Timetable,
            Self::Students(..) => ImportKind::Students,
            Self::Staff(..) => ImportKind::Staff,
            Self::Contacts(_) => ImportKind::Contacts,
            Self::Marks(_) => ImportKind::Marks,
        }
    }

    /// Writes the good rows, unless there are others and those may not be left out.
    pub(super) fn apply(
        self,
        work: &mut Work<'_, '_>,
        coming: &mut Coming,
        skip_bad_rows: bool,
    ) -> Result<Found, AppError> {
        let source = coming.source.clone();
        match self {
            Self::Terms(parsed) => finish(work, parsed, skip_bad_rows, checks::terms, |work, rows| {
                let changed = set_calendar::save(work, rows.into_iter().map(CalendarEntry::Term).collect())?;
                coming.changes.others += changed;
                Ok(changed)
            }),
            Self::Calendar(parsed) => finish(work, parsed, skip_bad_rows, checks::none, |work, rows| {
                let is_new = |row: &&CalendarRow| work.calendar.day(row.date) != Some(&row.day);
                let dates: Vec<_> = rows.iter().filter(is_new).map(|row| row.date).collect();
                dates.into_iter().for_each(|date| coming.changes.days.add(date));
                set_calendar::save(
                    work,
                    rows.into_iter().map(|row| CalendarEntry::Day(row.date, row.day)).collect(),
                )
            }),
            Self::Timetable(parsed) => {
                finish(work, parsed, skip_bad_rows, checks::timetable, |work, rows| {
                    let changed = checks::save_timetable(work, rows)?;
                    coming.changes.others += changed;
                    Ok(changed)
                })
            }
            Self::Students(parsed, is_whole) => {
                let is_whole = is_whole && tells_who_left(coming, &parsed);
                finish(work, parsed, skip_bad_rows, checks::none, |work, rows| {
                    students::save(work, coming, rows, is_whole)
                })
            }
            Self::Staff(parsed, mut staffing) => {
                staffing.is_whole &= tells_who_left(coming, &parsed);
                finish(work, parsed, skip_bad_rows, checks::staff, |work, rows| {
                    staff::save(work, coming, rows, staffing)
                })
            }
            Self::Contacts(parsed) => {
                finish(work, parsed, skip_bad_rows, contacts::check_rows, |work, rows| {
                    let changed = contacts::save(work, &source, rows)?;
                    coming.changes.others += changed;
                    Ok(changed)
                })
            }
            Self::Marks(parsed) => finish(work, parsed, skip_bad_rows, marks::check, |work, rows| {
                marks::save(work, coming, rows)
            }),
        }
    }
}

/// Whether a whole list tells who is in it: a row that cannot be read may name somebody.
fn tells_who_left<T>(coming: &Coming, parsed: &Parsed<T>) -> bool {
    coming.named.is_known || parsed.bad_rows.is_empty()
}

fn finish<T>(
    work: &mut Work<'_, '_>,
    parsed: Parsed<T>,
    skip_bad_rows: bool,
    check: impl FnOnce(&mut Work<'_, '_>, &mut Sorted<T>) -> Result<(), AppError>,
    save: impl FnOnce(&mut Work<'_, '_>, Vec<T>) -> Result<usize, AppError>,
) -> Result<Found, AppError> {
    let fatal = parsed.fatal;
    let mut parsed = parsed;
    let origin = std::mem::take(&mut parsed.origin);
    let mut sorted = Sorted::new(parsed);
    check(work, &mut sorted)?;
    let bad_lines: BTreeSet<u64> = sorted.bad_rows.iter().map(|row| row.line).collect();
    // A row of the file that a person brought may have become several.
    let theirs: BTreeSet<u64> = bad_lines.iter().map(|&line| origin.line(line)).collect();
    sorted.problems.sort_by_key(|problem| problem.line);
    let mut found = Found {
        rows: sorted.rows.len() + bad_lines.len(),
        changed: 0,
        problems: sorted.problems,
        problem_count: sorted.problem_count,
        bad_rows: sorted.bad_rows,
        bad: theirs.len(),
        is_written: false,
    };
    // A file that was made from another is told of as that one.
    found.problem_count -= origin.put(&mut found.problems);
    if found.problem_count > 0 && (fatal || !skip_bad_rows) {
        return Ok(found);
    }
    found.changed = save(work, sorted.rows.into_iter().map(|(_, value)| value).collect())?;
    found.is_written = true;
    Ok(found)
}
