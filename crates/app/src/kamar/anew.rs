//! Marks that came from KAMAR, anew after the times of the slots changed, from the letters as they were
//! sent.

use super::rows;
use crate::import::Part;
use crate::work::Work;
use crate::{AppError, settle};
use domain::StudentId;
use interop::contract::{MarkRow, Row};
use interop::kamar::{self, Attendance, AttendanceDay, Kept, SlotMap, Sync};
use std::collections::{BTreeMap, BTreeSet};
use store::ALWAYS;
use store::mark::BY_HAND;

/// The marks of a term anew, from what KAMAR sent, after the times of the slots changed: slots that have
/// no roll any more are unmarked.
pub(super) fn marks(
    work: &mut Work<'_, '_>,
    before: &SlotMap,
    after: &SlotMap,
) -> Result<Option<Part>, AppError> {
    let Some(term) = work.calendar.term_on(work.as_of.date).copied() else { return Ok(None) };
    let number = work.school.number;
    let totals = store::kamar::totals_between(work.tx, number, (term.first_day, term.last_day))?;
    if totals.is_empty() {
        return Ok(None);
    }
    let mut by_student: BTreeMap<StudentId, Vec<AttendanceDay>> = BTreeMap::new();
    for total in totals {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        by_student.entry(total.student_id).or_default().push(AttendanceDay {
            date: total.date.to_string().replace('-', ""),
            codes: said(total.codes),
            alt: said(total.classes),
            ..AttendanceDay::default()
        });
    }
    let attendance = by_student.into_iter().map(|(id, days)| Attendance { id: id.to_string(), days });
    let kept = Kept { sync: Sync::Attendance, attendance: Some(attendance.collect()), ..Kept::default() };
    let mut parsed = rows::open_days(work, kamar::marks(&kept, after, &work.codes));
    let mut gone = SlotMap::default();
    for slot in 1..=kamar::MOST_SLOTS {
        let time = if after.get(slot).is_none() { before.get(slot) } else { None };
        let _ = gone.set(slot, time);
    }
    if gone.numbers().next().is_some() {
        let mut taken_back = kamar::marks(&kept, &gone, &work.codes);
        taken_back.rows.iter_mut().for_each(|row| row.value.letter = None);
        parsed.rows.append(&mut taken_back.rows);
    }
    without_corrected(work, &mut parsed.rows)?;
    Ok(Some(Part::Marks(parsed)))
}

/// Leaves out the slots that a person corrected: their marks keep the times they were entered with.
fn without_corrected(work: &mut Work<'_, '_>, rows: &mut Vec<Row<MarkRow>>) -> Result<(), AppError> {
    /// Students whose marks are looked at together.
    const TOGETHER: usize = 100;
    let dates = || rows.iter().map(|row| row.value.half_day.date);
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else { return Ok(()) };
    let ids: BTreeSet<StudentId> = rows.iter().map(|row| row.value.student_id.clone()).collect();
    let ids: Vec<StudentId> = ids.into_iter().collect();
    let mut corrected = BTreeSet::new();
    for ids in ids.chunks(TOGETHER) {
        let versions = store::mark::of_students(work.tx, work.school.number, ids, (first, last), ALWAYS)?;
        let latest = versions.chunk_by(|a, b| a.student_id == b.student_id && settle::is_same_slot(a, b));
        let by_hand = latest.filter_map(<[_]>::last).filter(|mark| mark.source == BY_HAND);
        corrected.extend(by_hand.map(|mark| (mark.student_id.clone(), mark.half_day.date, mark.slot())));
    }
    rows.retain(|row| {
        let slot = store::mark::slot(row.value.half_day, row.value.period.as_deref());
        !corrected.contains(&(row.value.student_id.clone(), row.value.half_day.date, slot))
    });
    Ok(())
}
