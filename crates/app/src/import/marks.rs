//! Marks of either register. The last row of a file for a student, date and half or period stands.
//!
//! Where nobody watches and a person entered the mark that stands, the person is believed
//! ([`super::coming`]): what the source said is remembered in the conflict.

use super::Sorted;
use super::changeset::MarkChange;
use super::coming::{Coming, Verdict};
use crate::marking::{self, Entries, Entry};
use crate::work::Work;
use crate::{AppError, settle};
use domain::{Date, Slot, Spell, StudentId};
use interop::contract::MarkRow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use store::ALWAYS;
use store::conflict::ConflictRow;
use store::mark::{BY_HAND, MarkVersion};

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
pub(super) fn save(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    mut rows: Vec<MarkRow>,
) -> Result<usize, AppError> {
    // A stable sort keeps the file's order among the rows of one slot.
    rows.sort_by(|a, b| {
        let student = a.student_id.cmp(&b.student_id);
        student.then_with(|| a.half_day.date.cmp(&b.half_day.date)).then_with(|| in_order_of_slot(a, b))
    });
    // What comes by itself was entered by nobody here.
    let by = if coming.is_watched { work.by() } else { coming.source.clone() };
    let mut changed = 0;
    let students: Vec<&[MarkRow]> = rows.chunk_by(|a, b| a.student_id == b.student_id).collect();
    for students in students.chunks(TOGETHER) {
        changed += save_students(work, coming, students, &by)?;
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

/// What stood in conflict with a source before, by student and slot: the last it offered.
type Offered = BTreeMap<(String, String), ConflictRow>;

/// Writes some students' rows, each student's in order of date and slot.
fn save_students(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
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
    let offered = offered(work, coming, &ids)?;
    let mut students_entries = Entries::new();
    let mut changed = 0;
    for (id, own) in ids.into_iter().zip(students) {
        let known = standing.remove(&id).unwrap_or_default();
        let mut entries = Vec::new();
        let is_same_slot = |a: &MarkRow, b: &MarkRow| {
            a.half_day.date == b.half_day.date && in_order_of_slot(a, b) == Ordering::Equal
        };
        for rows in own.chunk_by(is_same_slot) {
            let place =
                (rows[0].half_day.date, store::mark::slot(rows[0].half_day, rows[0].period.as_deref()));
            let known = known.get(&place).map_or(&[][..], Vec::as_slice);
            let new = entries_of_slot(work, coming, &offered, (known, rows), by)?;
            changed += usize::from(!new.is_empty());
            note(coming, &id, known, &new);
            entries.extend(new);
        }
        if !entries.is_empty() {
            students_entries.insert(id, entries);
        }
    }
    if !students_entries.is_empty() {
        marking::enter(work, &coming.source, &students_entries)?;
    }
    Ok(changed)
}

/// What the source offered of these students' marks, where a person was believed.
fn offered(work: &mut Work<'_, '_>, coming: &Coming, ids: &[StudentId]) -> Result<Offered, AppError> {
    let ids = ids.iter().map(ToString::to_string).collect();
    let mut offered = Offered::new();
    for conflict in store::conflict::of(work.tx, work.school.number, "mark", ids)? {
        if conflict.source == coming.source && !coming.undone.contains(&conflict.act) {
            offered.insert((conflict.of.clone(), conflict.field.clone()), conflict);
        }
    }
    Ok(offered)
}

/// How a mark's place is named as a field.
pub(crate) fn field(date: Date, slot: &Slot) -> String {
    format!("{date} {slot}")
}

/// A letter as the text of a conflict.
fn letter_text(letter: Option<char>) -> String {
    letter.map(String::from).unwrap_or_default()
}

/// Tells what becomes of a slot.
fn note(coming: &mut Coming, id: &StudentId, known: &[MarkVersion], new: &[Entry]) {
    let Some(last) = new.last() else { return };
    let stood = known.last();
    let before = stood.and_then(|mark| mark.letter);
    let change = MarkChange {
        student_id: id.clone(),
        half_day: last.half_day,
        period: last.period.as_ref().map(|period| period.name.clone()),
        before,
        after: last.letter,
        is_over_person: before.is_some() && stood.is_some_and(|mark| mark.source == BY_HAND),
    };
    let marks = &mut coming.changes.marks;
    match (before, last.letter) {
        (None, Some(_)) => marks.new += 1,
        (Some(_), None) => marks.unmarked.add(change),
        (Some(one), Some(other)) if one != other => marks.corrected.add(change),
        _ => {}
    }
}

/// The versions that a file's rows for one slot add to those that stand.
fn entries_of_slot(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    offered: &Offered,
    (known, rows): (&[MarkVersion], &[MarkRow]),
    by: &str,
) -> Result<Vec<Entry>, AppError> {
    let Some(last) = rows.last() else { return Ok(Vec::new()) };
    let is_own =
        |version: &&MarkVersion| version.source == coming.source && !coming.undone.contains(&version.act);
    let earlier = known.iter().rev().find(is_own);
    let unchanged = match earlier {
        // What a source never mentioned is as good as empty.
        None => last.letter.is_none(),
        // A period that is not marked has no length to speak of.
        Some(said) => {
            said.letter == last.letter
                && (last.letter.is_none() || said.period.as_ref() == last.period.as_deref())
        }
    };
    let name = field(last.half_day.date, &store::mark::slot(last.half_day, last.period.as_deref()));
    let offered = offered.get(&(last.student_id.to_string(), name.clone()));
    // What it offered when a person was believed is what it said last.
    let offered = offered.filter(|conflict| earlier.is_none_or(|said| said.act < conflict.act));
    let said = letter_text(last.letter);
    if offered.map_or(unchanged, |conflict| conflict.offered == said) {
        return Ok(Vec::new());
    }
    if let Some(stands) = known.last().filter(|mark| mark.source == BY_HAND) {
        let (stands, earlier) =
            (letter_text(stands.letter), offered.map(|conflict| conflict.offered.as_str()));
        let verdict = coming.weigh("mark", earlier, &said, Some(&stands));
        if verdict == Verdict::Conflict {
            coming.conflict(work, ("mark", last.student_id.as_str(), &name), (&stands, &said))?;
            return Ok(Vec::new());
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut version = known.last().map_or(0, |version| version.version);
    for row in rows {
        let is_same =
            |entry: &Entry| entry.letter == row.letter && entry.period.as_ref() == row.period.as_deref();
        if entries.last().is_some_and(is_same) {
            continue;
        }
        let recorded = row.recorded.as_deref();
        let entered_by = recorded.map(|recorded| recorded.by.as_str()).filter(|by| !by.is_empty());
        entries.push(Entry {
            half_day: row.half_day,
            period: row.period.as_deref().cloned(),
            follows: version,
            letter: row.letter,
            entered_at: recorded.and_then(|recorded| recorded.at),
            entered_by: entered_by.unwrap_or(by).to_owned(),
        });
        version += 1;
    }
    Ok(entries)
}
