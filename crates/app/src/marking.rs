//! Writing marks: the one way into the history, for rolls, corrections and imports alike.

use crate::work::Work;
use crate::{AppError, settle};
use domain::{CodeList, Date, Half, HalfDay, Instant, Mark, Period, StudentId, period};
use std::collections::{BTreeMap, BTreeSet};
use store::ALWAYS;
use store::mark::NewMark;

/// What is to stand on a half-day.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) half_day: HalfDay,
    /// Which period of it, in a period register.
    pub(crate) period: Option<Period>,
    /// The version this one follows: 0 when there is none yet.
    pub(crate) follows: i64,
    /// The letter as it was entered; nothing unmarks.
    pub(crate) letter: Option<char>,
    pub(crate) entered_at: Option<Instant>,
    pub(crate) entered_by: String,
}

/// What is to stand for several students, in order of version within a slot.
pub(crate) type Entries = BTreeMap<StudentId, Vec<Entry>>;

/// Writes students' marks and settles what follows.
pub(crate) fn enter(work: &mut Work<'_, '_>, source: &str, students: &Entries) -> Result<(), AppError> {
    let act = work.act()?;
    let mut marks = Vec::new();
    for (student_id, entries) in students {
        marks.extend(entries.iter().map(|entry| NewMark {
            student_id,
            half_day: entry.half_day,
            period: entry.period.as_ref(),
            version: entry.follows + 1,
            letter: entry.letter,
            source,
            entered_at: entry.entered_at,
            entered_by: &entry.entered_by,
        }));
    }
    store::mark::insert(work.tx, work.school.number, act, work.now, &marks)?;
    if !work.has_periods && marks.iter().any(|mark| mark.period.is_some()) {
        store::school::set_has_periods(work.tx, work.school.number)?;
        work.has_periods = true;
    }
    let changes = if work.has_periods {
        by_day(work, students)?
    } else {
        let codes = &work.codes;
        students.iter().map(|(student, entries)| (student, resolved(codes, entries))).collect()
    };
    settle::marks(work, changes.into_iter())
}

/// The halves of every date that entries touch, counted from all marks that stand on it: what one
/// period amounts to depends on the others of its day.
fn by_day<'s>(work: &mut Work<'_, '_>, students: &'s Entries) -> Result<Vec<settle::Changed<'s>>, AppError> {
    let dates = || students.values().flatten().map(|entry| entry.half_day.date);
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else { return Ok(Vec::new()) };
    let ids: Vec<StudentId> = students.keys().cloned().collect();
    let versions = store::mark::of_students(work.tx, work.school.number, &ids, (first, last), ALWAYS)?;
    let mut standing: BTreeMap<&StudentId, Vec<Mark>> = versions
        .chunk_by(|a, b| a.student_id == b.student_id)
        .map(|own| (&own[0].student_id, settle::standing_marks(&work.codes, own)))
        .collect();
    let mut changes = Vec::with_capacity(students.len());
    for (student, entries) in students {
        let marks = standing.remove(student).unwrap_or_default();
        let touched: BTreeSet<Date> = entries.iter().map(|entry| entry.half_day.date).collect();
        let mut halves = Vec::with_capacity(2 * touched.len());
        for date in touched {
            let from = marks.partition_point(|mark| mark.half_day.date < date);
            let own = marks[from..].iter().take_while(|mark| mark.half_day.date == date).copied();
            let letters = period::letters_of_day(own, |half_day| work.calendar.is_open(half_day));
            let half_days = Half::BOTH.map(|half| HalfDay::new(date, half));
            halves.extend(half_days.into_iter().zip(letters));
        }
        changes.push((student, halves));
    }
    Ok(changes)
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
