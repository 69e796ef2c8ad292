//! Marks of either register. The last row of a file for a student, date and half or period stands.

use super::Sorted;
use crate::marking::{self, Entries, Entry};
use crate::work::Work;
use crate::{AppError, settle};
use domain::{Date, Slot, Spell, StudentId};
use interop::contract::MarkRow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use store::ALWAYS;
use store::mark::MarkVersion;

/// Refuses marks for unknown students, on closed halves and outside the enrolment. An empty code
/// unmarks, which is harmless anywhere.
pub(super) fn check(work: &mut Work<'_, '_>, sorted: &mut Sorted<MarkRow>) -> Result<(), AppError> {
    let spells: BTreeMap<StudentId, Vec<Spell>> =
        settle::group_spells(store::people::spells(work.tx, work.school.number, ALWAYS)?);
    sorted.refuse(|row| {
        let Some(own) = spells.get(&row.student_id) else {
            let wrong = format!("there is no student {} at this school", row.student_id);
            return Some(("student_id", wrong, "import the students first, or correct the id".to_owned()));
        };
        row.letter?;
        if let Some(closed) = work.calendar.why_closed(row.half_day) {
            let column = if work.calendar.is_school_day(row.half_day.date) { "half" } else { "date" };
            return Some((column, closed, "mark only half-days on which the school is open".to_owned()));
        }
        let enrolled = domain::sheet::is_enrolled(own, row.half_day.date);
        (!enrolled).then(|| {
            let wrong = format!("{} was not enrolled on {}", row.student_id, row.half_day.date);
            ("date", wrong, "mark only days from start_date to end_date".to_owned())
        })
    });
    Ok(())
}

/// Students whose rows are worked on together: few enough that a large file is never held twice.
const TOGETHER: usize = 100;

/// Writes what the rows change, some students after the other; answers how many half-days changed.
pub(super) fn save(work: &mut Work<'_, '_>, source: &str, mut rows: Vec<MarkRow>) -> Result<usize, AppError> {
    // A stable sort keeps the file's order among the rows of one slot.
    rows.sort_by(|a, b| {
        let student = a.student_id.cmp(&b.student_id);
        student.then_with(|| a.half_day.date.cmp(&b.half_day.date)).then_with(|| in_order_of_slot(a, b))
    });
    let by = work.by();
    let mut changed = 0;
    let students: Vec<&[MarkRow]> = rows.chunk_by(|a, b| a.student_id == b.student_id).collect();
    for students in students.chunks(TOGETHER) {
        changed += save_students(work, source, students, &by)?;
    }
    Ok(changed)
}

/// Compares the slots of two rows of one date.
fn in_order_of_slot(a: &MarkRow, b: &MarkRow) -> Ordering {
    match (&a.period, &b.period) {
        (None, None) => a.half_day.half.cmp(&b.half_day.half),
        (Some(one), Some(other)) => one.name.cmp(&other.name),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// Writes some students' rows, each student's in order of date and slot.
fn save_students(
    work: &mut Work<'_, '_>,
    source: &str,
    students: &[&[MarkRow]],
    by: &str,
) -> Result<usize, AppError> {
    let rows = || students.iter().copied().flatten();
    let dates = || rows().map(|row| row.half_day.date);
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else { return Ok(0) };
    let ids: Vec<StudentId> = students.iter().map(|own| own[0].student_id.clone()).collect();
    let mut standing: BTreeMap<StudentId, BTreeMap<(Date, Slot), Vec<MarkVersion>>> = BTreeMap::new();
    for version in store::mark::of_students(work.tx, work.school.number, &ids, (first, last), ALWAYS)? {
        let own = standing.entry(version.student_id.clone()).or_default();
        own.entry((version.half_day.date, version.slot())).or_default().push(version);
    }
    let mut students_entries = Entries::new();
    let mut changed = 0;
    for (id, own) in ids.into_iter().zip(students) {
        let known = standing.remove(&id).unwrap_or_default();
        let mut entries = Vec::new();
        let is_same_slot = |a: &MarkRow, b: &MarkRow| {
            a.half_day.date == b.half_day.date && in_order_of_slot(a, b) == Ordering::Equal
        };
        for rows in own.chunk_by(is_same_slot) {
            let place = (rows[0].half_day.date, store::mark::slot(rows[0].half_day, rows[0].period.as_ref()));
            let known = known.get(&place).map_or(&[][..], Vec::as_slice);
            let new = entries_of_slot(known, source, rows, by);
            changed += usize::from(!new.is_empty());
            entries.extend(new);
        }
        if !entries.is_empty() {
            students_entries.insert(id, entries);
        }
    }
    if !students_entries.is_empty() {
        marking::enter(work, source, &students_entries)?;
    }
    Ok(changed)
}

/// The versions that a file's rows for one slot add to those that stand.
fn entries_of_slot(known: &[MarkVersion], source: &str, rows: &[MarkRow], by: &str) -> Vec<Entry> {
    let Some(last) = rows.last() else { return Vec::new() };
    let unchanged = match known.iter().rev().find(|version| version.source == source) {
        // What a source never mentioned is as good as empty.
        None => last.letter.is_none(),
        // A period that is not marked has no length to speak of.
        Some(said) => said.letter == last.letter && (last.letter.is_none() || said.period == last.period),
    };
    if unchanged {
        return Vec::new();
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut version = known.last().map_or(0, |version| version.version);
    for row in rows {
        let is_same = |entry: &Entry| entry.letter == row.letter && entry.period == row.period;
        if entries.last().is_some_and(is_same) {
            continue;
        }
        let entered_by = if row.recorded_by.is_empty() { by } else { &row.recorded_by };
        entries.push(Entry {
            half_day: row.half_day,
            period: row.period.clone(),
            follows: version,
            letter: row.letter,
            entered_at: row.recorded_at,
            entered_by: entered_by.to_owned(),
        });
        version += 1;
    }
    entries
}
