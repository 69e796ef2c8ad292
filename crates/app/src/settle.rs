//! Brings sheets, tallies, crossings and the outbox up to date, in the act's own transaction.
//!
//! Stands between what was entered (marks, calendar, enrolment, or only the passing of time) and
//! everything that follows from it. A correction goes down the same road as the first entry:
//! whatever changed, the student's term is compared with how it stood before, and the difference
//! becomes events and outbox entries.

mod following;

pub(crate) use following::{Standing, compare, event_rows};

use crate::AppError;
use crate::work::Work;
use domain::crossing::Cause;
use domain::{Calendar, CodeList, Date, HalfDay, Mark, Sheet, Spell, StudentId, TermCalendar, TermId};
use following::Settling;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::ALWAYS;
use store::act::NewAct;
use store::derived::TallyRow;
use store::mark::MarkVersion;
use store::outbox::OutboxFact;
use store::people::SpellVersion;

/// Students who are settled together.
const TOGETHER: usize = 500;

/// What is to stand for a student: a letter of the sheet for each half-day, or nothing.
pub(crate) type Changed<'s> = (&'s StudentId, Vec<(HalfDay, Option<char>)>);

/// Settles students' marks that were entered or corrected.
pub(crate) fn marks<'s>(
    work: &mut Work<'_, '_>,
    students: impl Iterator<Item = Changed<'s>>,
) -> Result<(), AppError> {
    type Changes<'s> = BTreeMap<&'s StudentId, Vec<(HalfDay, Option<char>)>>;
    let mut by_term: BTreeMap<TermId, Changes<'s>> = BTreeMap::new();
    for (student, changes) in students {
        for (half_day, letter) in changes {
            if let Some(term) = work.calendar.term_on(half_day.date) {
                by_term.entry(term.id).or_default().entry(student).or_default().push((half_day, letter));
            }
        }
    }
    for (term, students) in by_term {
        let Some(calendar) = work.term_calendar(term) else { continue };
        let rows = store::derived::tallies(work.tx, work.school.number, term, students.keys().copied())?;
        let mut sheets: BTreeMap<StudentId, Sheet> =
            rows.into_iter().map(|row| (row.student_id, row.sheet)).collect();
        let new: Vec<StudentId> =
            students.keys().filter(|id| !sheets.contains_key(**id)).map(|id| (*id).clone()).collect();
        let spells = if new.is_empty() { BTreeMap::new() } else { spells_of_all(work, &new)? };
        let act = work.act()?;
        let mut settling = Settling::begin(work, term, students.keys().copied(), (Cause::Mark, act))?;
        for (student, changes) in students {
            let own = spells.get(student).map_or(&[][..], Vec::as_slice);
            let before = sheets.remove(student).unwrap_or_else(|| Sheet::empty(&calendar, own));
            let mut after = before.clone();
            for (half_day, letter) in changes {
                if let Some(position) = calendar.position(half_day) {
                    after.set(position, letter);
                }
            }
            let before =
                Standing { calendar: &calendar, sheet: &before, codes: &work.codes, as_of: work.as_of };
            let after = Standing { sheet: &after, ..before };
            settling.compare(work, student, Some(before), after);
        }
        settling.write(work)?;
    }
    Ok(())
}

/// Settles students whose enrolment changed.
pub(crate) fn enrolment(work: &mut Work<'_, '_>, students: &BTreeSet<StudentId>) -> Result<(), AppError> {
    let number = work.school.number;
    let ids: Vec<StudentId> = students.iter().cloned().collect();
    for ids in ids.chunks(TOGETHER) {
        let spells = spells_of_all(work, ids)?;
        for (term, rows) in tallies_by_term(work, ids)? {
            let Some(calendar) = work.term_calendar(term) else { continue };
            let dates = (calendar.term.first_day, calendar.term.last_day);
            let marks = store::mark::of_students(work.tx, number, ids, dates, ALWAYS)?;
            let mut marks: BTreeMap<&StudentId, &[MarkVersion]> = marks
                .chunk_by(|a, b| a.student_id == b.student_id)
                .map(|own| (&own[0].student_id, own))
                .collect();
            let act = work.act()?;
            let mut settling = Settling::begin(work, term, ids, (Cause::Enrolment, act))?;
            for row in &rows {
                let own = spells.get(&row.student_id).map_or(&[][..], Vec::as_slice);
                let marks = marks.remove(&row.student_id).unwrap_or_default();
                let laid = Sheet::lay(&calendar, own, standing_marks(&work.codes, marks));
                let (codes, as_of) = (&*work.codes, work.as_of);
                let before = Standing { calendar: &calendar, sheet: &row.sheet, codes, as_of };
                let after = Standing { sheet: &laid, ..before };
                settling.compare(work, &row.student_id, Some(before), after);
            }
            settling.write(work)?;
        }
    }
    Ok(())
}

/// Settles every student after the calendar changed from `old`, and tells closures apart.
pub(crate) fn calendar(work: &mut Work<'_, '_>, old: &Calendar) -> Result<(), AppError> {
    tell_closures(work, old)?;
    let ids: BTreeSet<TermId> = work.calendar.terms().iter().map(|term| term.id).collect();
    let all_spells = group_spells(store::people::spells(work.tx, work.school.number, ALWAYS)?);
    for term in ids {
        let Some(calendar) = work.term_calendar(term) else { continue };
        let old_calendar = old.term_calendar(term);
        if old_calendar.as_ref() == Some(&*calendar) {
            continue;
        }
        let codes = work.codes.clone();
        recount_term(work, Cause::Calendar, &calendar, (old_calendar.as_ref(), &codes), &all_spells)?;
    }
    Ok(())
}

/// Settles every student after a code list took the place of `old` from a date on.
pub(crate) fn codes(work: &mut Work<'_, '_>, old: &CodeList, from: Date) -> Result<(), AppError> {
    let later = work.calendar.terms().iter().filter(|term| term.last_day >= from);
    let later: Vec<TermId> = later.map(|term| term.id).collect();
    let all_spells = group_spells(store::people::spells(work.tx, work.school.number, ALWAYS)?);
    for term in later {
        let Some(calendar) = work.term_calendar(term) else { continue };
        recount_term(work, Cause::Codes, &calendar, (Some(&calendar), old), &all_spells)?;
    }
    Ok(())
}

fn recount_term(
    work: &mut Work<'_, '_>,
    cause: Cause,
    calendar: &Rc<TermCalendar>,
    (old, old_codes): (Option<&TermCalendar>, &CodeList),
    spells: &BTreeMap<StudentId, Vec<Spell>>,
) -> Result<(), AppError> {
    let term = calendar.term;
    let mut marks: BTreeMap<StudentId, Vec<Mark>> = BTreeMap::new();
    let dates = (term.first_day, term.last_day);
    marks_of_school(work.tx, work.school.number, &work.codes, dates, ALWAYS, |student, own| {
        // Marks that were all taken back make no row, as in a rebuild.
        if !own.is_empty() {
            marks.insert(student, own);
        }
    })?;
    let mut rows: BTreeMap<StudentId, Sheet> = BTreeMap::new();
    for row in store::derived::tallies_of_term(work.tx, work.school.number, term.id)? {
        rows.insert(row.student_id, row.sheet);
    }
    let students: BTreeSet<StudentId> = marks.keys().chain(rows.keys()).cloned().collect();
    let students: Vec<StudentId> = students.into_iter().collect();
    for students in students.chunks(TOGETHER) {
        let act = work.act()?;
        let as_of = work.as_of;
        let mut settling = Settling::begin(work, term.id, students, (cause, act))?;
        for student in students {
            let own_spells = spells.get(student).map_or(&[][..], Vec::as_slice);
            let laid = Sheet::lay(calendar, own_spells, marks.remove(student).unwrap_or_default());
            let before = rows.get(student).zip(old);
            let before =
                before.map(|(sheet, calendar)| Standing { calendar, sheet, codes: old_codes, as_of });
            let after = Standing { calendar, sheet: &laid, codes: &work.codes, as_of };
            settling.compare(work, student, before, after);
        }
        settling.write(work)?;
    }
    Ok(())
}

fn tell_closures(work: &mut Work<'_, '_>, old: &Calendar) -> Result<(), AppError> {
    let keyed = |calendar: &Calendar| -> BTreeMap<HalfDay, String> {
        calendar.closures().into_iter().map(|closure| (closure.half_day, closure.reason)).collect()
    };
    let (before, after) = (keyed(old), keyed(&work.calendar));
    let opened =
        before.keys().filter(|half_day| !after.contains_key(half_day)).map(|&half_day| (half_day, None));
    let closed = after
        .iter()
        .filter(|(half_day, reason)| before.get(half_day) != Some(reason))
        .map(|(&half_day, reason)| (half_day, Some(reason.clone())));
    let facts: Vec<OutboxFact> =
        opened.chain(closed).map(|(half_day, reason)| OutboxFact::Closure { half_day, reason }).collect();
    if facts.is_empty() {
        return Ok(());
    }
    let act = work.act()?;
    store::outbox::append(work.tx, work.school.number, act, work.now, &facts)?;
    Ok(())
}

/// Settles the half-days that became current since `settled`: marks made beforehand count now.
pub(crate) fn time(work: &mut Work<'_, '_>, settled: HalfDay) -> Result<(), AppError> {
    let number = work.school.number;
    let students = store::mark::students_after(work.tx, number, settled, work.as_of.date)?;
    // The history says when each half-day began to count, so that a rebuild can follow it.
    let subject = work.as_of.to_string();
    let new =
        NewAct { at: work.now, kind: "clock", staff_id: None, subject: &subject, key: None, request: None };
    let act = store::act::insert(work.tx, number, &new)?;
    for students in students.chunks(TOGETHER) {
        for (term, rows) in tallies_by_term(work, students)? {
            let Some(calendar) = work.term_calendar(term) else { continue };
            if calendar.through(settled) == calendar.through(work.as_of) {
                continue;
            }
            let mut settling = Settling::begin(work, term, students, (Cause::Time, act))?;
            for row in rows {
                let codes = &work.codes;
                let before = Standing { calendar: &calendar, sheet: &row.sheet, codes, as_of: settled };
                let after = Standing { as_of: work.as_of, ..before };
                settling.pass(work, &row, before, after);
            }
            settling.write(work)?;
        }
    }
    store::school::set_settled(work.tx, number, work.as_of)?;
    Ok(())
}

/// Every term that students have, with their rows.
fn tallies_by_term(
    work: &mut Work<'_, '_>,
    students: &[StudentId],
) -> Result<BTreeMap<TermId, Vec<TallyRow>>, AppError> {
    let mut by_term: BTreeMap<TermId, Vec<TallyRow>> = BTreeMap::new();
    for row in store::derived::tallies_of_students(work.tx, work.school.number, students)? {
        by_term.entry(row.term).or_default().push(row);
    }
    Ok(by_term)
}

/// A student's spells as they are now.
pub(crate) fn spells_of(work: &mut Work<'_, '_>, student: &StudentId) -> Result<Vec<Spell>, AppError> {
    Ok(spells_of_all(work, std::slice::from_ref(student))?.remove(student).unwrap_or_default())
}

/// Students' spells as they are now.
fn spells_of_all(
    work: &mut Work<'_, '_>,
    students: &[StudentId],
) -> Result<BTreeMap<StudentId, Vec<Spell>>, AppError> {
    Ok(group_spells(store::people::spells_of(work.tx, work.school.number, students, ALWAYS)?))
}

/// Folds versions of spells (in order of act) into each student's spells, in order of first day.
pub(crate) fn group_spells(versions: Vec<SpellVersion>) -> BTreeMap<StudentId, Vec<Spell>> {
    let mut students: BTreeMap<StudentId, BTreeMap<domain::Date, Spell>> = BTreeMap::new();
    for version in versions {
        students.entry(version.student_id).or_default().insert(version.spell.first_day, version.spell);
    }
    students.into_iter().map(|(student, spells)| (student, spells.into_values().collect())).collect()
}

/// The marks that stand, resolved to the list of their date, of versions in order of date, slot
/// and version.
pub(crate) fn standing_marks(codes: &CodeList, versions: &[MarkVersion]) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(versions.len());
    for own in versions.chunk_by(is_same_slot) {
        let Some(version) = own.last() else { continue };
        let (half_day, period) = (version.half_day, version.period.as_ref());
        if let Some(code) = version.letter.and_then(|letter| codes.resolve(letter, half_day.date)) {
            marks.push(Mark { half_day, code, minutes: period.map(|period| period.minutes) });
        }
    }
    marks
}

/// Whether two versions are of the same slot of the same date.
pub(crate) fn is_same_slot(a: &MarkVersion, b: &MarkVersion) -> bool {
    match (&a.period, &b.period) {
        (None, None) => a.half_day == b.half_day,
        (Some(one), Some(other)) => a.half_day.date == b.half_day.date && one.name == other.name,
        _ => false,
    }
}

/// Hands over each student's standing marks between two dates, in order of student.
pub(crate) fn marks_of_school(
    tx: &mut store::Tx<'_>,
    school: domain::SchoolNumber,
    codes: &CodeList,
    dates: (domain::Date, domain::Date),
    known_at: i64,
    mut take: impl FnMut(StudentId, Vec<Mark>),
) -> Result<(), AppError> {
    let mut held: Vec<MarkVersion> = Vec::new();
    let mut hand_over = |held: &mut Vec<MarkVersion>| {
        if let Some(first) = held.first() {
            take(first.student_id.clone(), standing_marks(codes, held));
        }
        held.clear();
    };
    store::mark::of_school(tx, school, dates, known_at, |mark| {
        if held.last().is_some_and(|last| last.student_id != mark.student_id) {
            hand_over(&mut held);
        }
        held.push(mark);
    })?;
    hand_over(&mut held);
    Ok(())
}
