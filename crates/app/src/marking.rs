//! Writing marks: the one way into the history, for rolls, corrections and imports alike.

use crate::work::Work;
use crate::{AppError, settle};
use domain::{CodeList, HalfDay, Instant, StudentId};
use std::collections::BTreeMap;
use store::mark::NewMark;

/// What is to stand on a half-day.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) half_day: HalfDay,
    /// The version this one follows: 0 when there is none yet.
    pub(crate) follows: i64,
    /// The letter as it was entered; nothing unmarks.
    pub(crate) letter: Option<char>,
    pub(crate) entered_at: Option<Instant>,
    pub(crate) entered_by: String,
}

/// What is to stand for several students, in order of version within a half-day.
pub(crate) type Entries = BTreeMap<StudentId, Vec<Entry>>;

/// Writes students' marks and settles what follows.
pub(crate) fn enter(work: &mut Work<'_, '_>, source: &str, students: &Entries) -> Result<(), AppError> {
    let act = work.act()?;
    let mut marks = Vec::new();
    for (student_id, entries) in students {
        marks.extend(entries.iter().map(|entry| NewMark {
            student_id,
            half_day: entry.half_day,
            version: entry.follows + 1,
            letter: entry.letter,
            source,
            entered_at: entry.entered_at,
            entered_by: &entry.entered_by,
        }));
    }
    store::mark::insert(work.tx, work.school.number, act, work.now, &marks)?;
    let codes = work.codes.clone();
    let changes = students.iter().map(|(student, entries)| (student, resolved(&codes, entries)));
    settle::marks(work, changes)
}

/// The last entry of each half-day, as a letter of its date's list.
fn resolved(codes: &CodeList, entries: &[Entry]) -> Vec<(HalfDay, Option<char>)> {
    let letter = |entry: &Entry| {
        let code = entry.letter.and_then(|letter| codes.resolve(letter, entry.half_day.date));
        code.map(|code| code.letter)
    };
    entries.iter().map(|entry| (entry.half_day, letter(entry))).collect()
}

/// Checks that a mark may stand on a half-day for a student with these spells.
pub(crate) fn why_not(work: &Work<'_, '_>, spells: &[domain::Spell], half_day: HalfDay) -> Option<String> {
    if let Some(closed) = work.calendar.why_closed(half_day) {
        return Some(closed);
    }
    let enrolled = domain::sheet::is_enrolled(spells, half_day.date);
    (!enrolled).then(|| format!("the student was not enrolled on {}", half_day.date))
}
