//! Attendance: a mark for each slot, and KAMAR's own totals beside them.

use super::super::kept::{AttendanceDay, Kept};
use super::super::values::date;
use super::slots::{MOST_SLOTS, SlotMap, is_usable};
use super::student_id;
use crate::contract::cells::shown;
use crate::contract::{MarkRow, Parsed, Problem, keep, why_unknown};
use domain::{Class, CodeList, Date, HalfDay, Period, StudentId};
use std::collections::HashMap;
use std::sync::Arc;

/// How KAMAR's own count of one student's day came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KamarTotals {
    /// Whose.
    pub student: StudentId,
    /// On which day.
    pub date: Date,
    /// Half-days of unjustified absence; unknown when nothing.
    pub unjustified: Option<u8>,
    /// Half-days of justified absence; unknown when nothing.
    pub justified: Option<u8>,
    /// Half-days of presence; unknown when nothing.
    pub present: Option<u8>,
}

/// What one slot amounts to.
enum Letter {
    Is(char),
    None,
    Wrong(String, String),
}

/// The marks of an attendance push, one for each slot with instruction.
///
/// The school's own letter counts when it is a code on that date and of the class that KAMAR's own
/// letter has; otherwise KAMAR's letter decides, by the dated list in `reference/kamar-alt.csv`. A
/// letter that neither explains is a problem, and that slot has no row. A slot that is `.` or cut
/// off is unmarked, which takes back a mark that stood there and does nothing elsewhere. When a
/// push names a student's day twice, the later one counts.
#[must_use]
pub fn marks(kept: &Kept, slots: &SlotMap, codes: &CodeList) -> Parsed<MarkRow> {
    let mut parsed = Parsed::new();
    parsed.header = ["id", "date", "codes", "alt"].map(str::to_owned).to_vec();
    if !is_usable(slots, &mut parsed) {
        return parsed;
    }
    let records = kept.attendance.as_deref().unwrap_or_default();
    let last = last_of_each_day(kept);
    let periods: Vec<(usize, Arc<Period>)> =
        slots.numbers().filter_map(|slot| Some((slot, slots.period(slot)?.into()))).collect();
    for (place, entry) in records.iter().enumerate() {
        let line = kept.entries_before + place as u64 + 1;
        let Some(student) = student_id(&mut parsed, line, "id", &entry.id) else { continue };
        let mut problems = Vec::new();
        for (at, day) in entry.days.iter().enumerate() {
            if last.get(&(entry.id.as_str(), day.date.as_str())) != Some(&(place, at)) {
                continue;
            }
            match date(&day.date) {
                Ok(Some(date)) => {
                    let rows = day_marks(&student, date, day, &periods, codes, line, &mut problems);
                    parsed.rows.extend(rows);
                }
                _ => {
                    let wrong = format!("{} is not a date", shown(&day.date));
                    problems.push(Problem::new(line, "date", wrong, "year, month and day, such as 20260504"));
                }
            }
        }
        if !problems.is_empty() {
            keep(&mut parsed, line, None, problems);
        }
    }
    parsed
}

/// Where each day of each student is said last.
fn last_of_each_day(kept: &Kept) -> HashMap<(&str, &str), (usize, usize)> {
    let mut last = HashMap::new();
    for (place, entry) in kept.attendance.iter().flatten().enumerate() {
        for (at, day) in entry.days.iter().enumerate() {
            last.insert((entry.id.as_str(), day.date.as_str()), (place, at));
        }
    }
    last
}

fn day_marks(
    student: &StudentId,
    date: Date,
    day: &AttendanceDay,
    periods: &[(usize, Arc<Period>)],
    codes: &CodeList,
    line: u64,
    problems: &mut Vec<Problem>,
) -> Vec<crate::contract::Row<MarkRow>> {
    let letters = |text: &Option<String>| -> Vec<char> {
        text.iter().flat_map(|text| text.chars()).take(MOST_SLOTS).collect()
    };
    let (own, alt) = (letters(&day.codes), letters(&day.alt));
    // An empty text, as on a closed day, says nothing: nothing is taken back.
    if own.is_empty() && alt.is_empty() {
        return Vec::new();
    }
    let mut rows = Vec::with_capacity(periods.len());
    for (slot, period) in periods {
        let at = |letters: &[char]| letters.get(slot - 1).copied().filter(|c| !matches!(c, '.' | ' ' | '-'));
        let letter = match letter(at(&own), at(&alt), date, codes) {
            Letter::Is(letter) => Some(letter),
            Letter::None => None,
            Letter::Wrong(wrong, right) => {
                problems.push(Problem::new(line, "codes", format!("slot {slot}: {wrong}"), right));
                continue;
            }
        };
        let value = MarkRow {
            student_id: student.clone(),
            half_day: HalfDay::new(date, period.half()),
            period: Some(Arc::clone(period)),
            letter,
            recorded: None,
        };
        rows.push(crate::contract::Row { line, value });
    }
    rows
}

/// What the school's own letter and KAMAR's amount to together.
fn letter(own: Option<char>, alt: Option<char>, date: Date, codes: &CodeList) -> Letter {
    let class = |letter: char| codes.resolve(letter, date).map(|code| code.class);
    let unknown = |letter: char| {
        let (wrong, right) = why_unknown(letter, date, codes);
        Letter::Wrong(wrong, right)
    };
    let Some(alt) = alt else {
        return match own {
            None => Letter::None,
            Some(own) if class(own).is_some() => Letter::Is(own),
            Some(own) => unknown(own),
        };
    };
    // KAMAR's letter as one of the code list: by the dated list, or because it is one itself.
    let meant = reference::kamar_alt(alt, date)
        .or_else(|| (class(alt).is_some() && !is_classified(alt)).then_some(alt));
    let Some(meant) = meant else {
        let wrong = format!("{} is not a class of KAMAR's on {date}", shown(&alt.to_string()));
        return Letter::Wrong(wrong, "P, L, J, U or ?".to_owned());
    };
    let of_alt: Option<Class> = class(meant);
    match own {
        Some(own) if of_alt.is_some() && class(own) == of_alt => Letter::Is(own),
        _ if of_alt.is_some() => Letter::Is(meant),
        _ => unknown(meant),
    }
}

/// Whether KAMAR's list has a letter at all, on whatever date: then its dates decide.
fn is_classified(alt: char) -> bool {
    reference::kamar_alt_letters().any(|letter| letter == alt)
}

/// KAMAR's own totals of an attendance push, one for each student and day that has any.
#[must_use]
pub fn totals(kept: &Kept) -> Vec<KamarTotals> {
    let last = last_of_each_day(kept);
    let mut totals = Vec::new();
    for (place, entry) in kept.attendance.iter().flatten().enumerate() {
        let Ok(student) = StudentId::parse(&entry.id) else { continue };
        for (at, day) in entry.days.iter().enumerate() {
            let is_last = last.get(&(entry.id.as_str(), day.date.as_str())) == Some(&(place, at));
            let (unjustified, justified, present) = (day.hdu, day.hdj, day.hdp);
            let has_any = unjustified.or(justified).or(present).is_some();
            if let Ok(Some(date)) = date(&day.date)
                && is_last
                && has_any
            {
                totals.push(KamarTotals { student: student.clone(), date, unjustified, justified, present });
            }
        }
    }
    totals
}
