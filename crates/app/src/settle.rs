//! Brings sheets, tallies, crossings and the outbox up to date, in the act's own transaction.
//!
//! Stands between what was entered (marks, calendar, enrolment, or only the passing of time) and
//! everything that follows from it. A correction goes down the same road as the first entry:
//! whatever changed, the student's term is compared with how it stood before, and the difference
//! becomes events and outbox entries.

use crate::AppError;
use crate::work::Work;
use domain::crossing::{self, Cause};
use domain::{
    Calendar, Cell, Class, CodeList, CrossingEvent, HalfDay, Instant, Reached, Sheet, Spell, StudentId,
    Tally, TermCalendar, TermId, Threshold,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::ALWAYS;
use store::act::NewAct;
use store::derived::{CrossingEventRow, CrossingRow, TallyRow};
use store::mark::MarkVersion;
use store::outbox::OutboxFact;
use store::people::SpellVersion;

/// One student's term as it stands, counted up to a half-day.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) calendar: &'a TermCalendar,
    pub(crate) sheet: &'a Sheet,
    pub(crate) as_of: HalfDay,
}

/// A half-day and what it amounts to now.
pub(crate) type Told = (HalfDay, Option<(char, Class)>);

/// What a comparison of before and after found.
pub(crate) struct Change {
    pub(crate) tally: Tally,
    pub(crate) attendance: Vec<Told>,
    /// Where each crossing that was ever reached stands, with the event that brought it there.
    pub(crate) events: Vec<CrossingEvent>,
}

/// Compares a student's term with how it stood before. Pure: `rebuild` replays history with it.
pub(crate) fn compare(
    before: Option<Standing<'_>>,
    after: Standing<'_>,
    crossings: &[CrossingRow],
    codes: &CodeList,
) -> Change {
    let sets = after.sheet.sets(after.calendar, codes);
    let through = after.calendar.through(after.as_of);
    let now = crossing::crossings(&sets.absent(), after.calendar, through, &Threshold::MINISTRY);
    let events = Threshold::MINISTRY.into_iter().filter_map(|threshold| {
        let stood = crossings.iter().find(|row| row.reached.threshold == threshold);
        let reached = now.iter().find(|reached| reached.threshold == threshold).copied();
        crossing::event(stood.map(|row| (row.state, row.reached)), reached)
    });
    Change {
        tally: Tally::of(&sets, through),
        events: events.collect(),
        attendance: difference(before, after, codes),
    }
}

/// The half-days whose value, as the Ministry knows it, is another now.
fn difference(before: Option<Standing<'_>>, after: Standing<'_>, codes: &CodeList) -> Vec<Told> {
    let mut told = Vec::new();
    let mut old = before.into_iter().flat_map(values).peekable();
    for (half_day, letter) in values(after) {
        while let Some((gone, _)) = old.next_if(|(earlier, _)| *earlier < half_day) {
            told.push((gone, None));
        }
        let stood = old.next_if(|(same, _)| *same == half_day).map(|(_, letter)| letter);
        if stood != Some(letter) {
            let class = codes.class(letter, half_day.date);
            told.push((half_day, class.map(|class| (letter, class))));
        }
    }
    told.extend(old.map(|(gone, _)| (gone, None)));
    told
}

/// The half-days up to the settled one that hold a mark, in order.
fn values(standing: Standing<'_>) -> impl Iterator<Item = (HalfDay, char)> {
    let through = standing.calendar.through(standing.as_of);
    (0..through).filter_map(move |position| match standing.sheet.cell(position) {
        Cell::Marked(letter) => Some((standing.calendar.open[position], letter)),
        Cell::Unmarked | Cell::NotEnrolled => None,
    })
}

/// When an event happened: with its act, or when the half-day became current.
pub(crate) fn event_time(zone: domain::Zone, cause: Cause, reached: Reached, now: Instant) -> Instant {
    if cause == Cause::Time { zone.start_of(reached.half_day) } else { now }
}

/// Settles a student's marks that were entered or corrected: letters are resolved, nothing unmarks.
pub(crate) fn marks(
    work: &mut Work<'_, '_>,
    student: &StudentId,
    changes: &[(HalfDay, Option<char>)],
) -> Result<(), AppError> {
    let mut by_term: BTreeMap<TermId, Vec<(HalfDay, Option<char>)>> = BTreeMap::new();
    for &(half_day, letter) in changes {
        if let Some(term) = work.calendar.term_on(half_day.date) {
            by_term.entry(term.id).or_default().push((half_day, letter));
        }
    }
    for (term, changes) in by_term {
        let Some(calendar) = work.term_calendar(term) else { continue };
        let before = match store::derived::tally(work.tx, work.school.number, term, student)? {
            Some(row) => row.sheet,
            None => Sheet::empty(&calendar, &spells_of(work, student)?),
        };
        let mut after = before.clone();
        for (half_day, letter) in changes {
            if let Some(position) = calendar.position(half_day) {
                after.set(position, letter);
            }
        }
        let before = Standing { calendar: &calendar, sheet: &before, as_of: work.as_of };
        let after = Standing { sheet: &after, ..before };
        one(work, student, Some(before), after, Cause::Mark)?;
    }
    Ok(())
}

/// Settles students whose enrolment changed.
pub(crate) fn enrolment(work: &mut Work<'_, '_>, students: &BTreeSet<StudentId>) -> Result<(), AppError> {
    for student in students {
        let spells = spells_of(work, student)?;
        for row in store::derived::tallies_of_student(work.tx, work.school.number, student)? {
            let Some(calendar) = work.term_calendar(row.term) else { continue };
            let dates = (calendar.term.first_day, calendar.term.last_day);
            let marks = store::mark::of_student(work.tx, work.school.number, student, dates, ALWAYS)?;
            let laid = Sheet::lay(&calendar, &spells, standing_letters(&marks));
            let before = Standing { calendar: &calendar, sheet: &row.sheet, as_of: work.as_of };
            one(work, student, Some(before), Standing { sheet: &laid, ..before }, Cause::Enrolment)?;
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
        recount_term(work, &calendar, old_calendar.as_ref(), &all_spells)?;
    }
    Ok(())
}

fn recount_term(
    work: &mut Work<'_, '_>,
    calendar: &Rc<TermCalendar>,
    old: Option<&TermCalendar>,
    spells: &BTreeMap<StudentId, Vec<Spell>>,
) -> Result<(), AppError> {
    let term = calendar.term;
    let mut marks: BTreeMap<StudentId, Vec<(HalfDay, char)>> = BTreeMap::new();
    let dates = (term.first_day, term.last_day);
    letters_of_school(work.tx, work.school.number, dates, ALWAYS, |student, letters| {
        // Marks that were all taken back make no row, as in a rebuild.
        if !letters.is_empty() {
            marks.insert(student, letters);
        }
    })?;
    let mut rows: BTreeMap<StudentId, Sheet> = BTreeMap::new();
    for row in store::derived::tallies_of_term(work.tx, work.school.number, term.id)? {
        rows.insert(row.student_id, row.sheet);
    }
    let students: BTreeSet<StudentId> = marks.keys().chain(rows.keys()).cloned().collect();
    for student in students {
        let own_spells = spells.get(&student).map_or(&[][..], Vec::as_slice);
        let letters = marks.remove(&student).unwrap_or_default();
        let laid = Sheet::lay(calendar, own_spells, letters);
        let before = rows.get(&student).zip(old);
        let before = before.map(|(sheet, calendar)| Standing { calendar, sheet, as_of: work.as_of });
        let after = Standing { calendar, sheet: &laid, as_of: work.as_of };
        one(work, &student, before, after, Cause::Calendar)?;
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
    for student in students {
        for row in store::derived::tallies_of_student(work.tx, number, &student)? {
            let Some(calendar) = work.term_calendar(row.term) else { continue };
            if calendar.through(settled) == calendar.through(work.as_of) {
                continue;
            }
            let before = Standing { calendar: &calendar, sheet: &row.sheet, as_of: settled };
            let after = Standing { as_of: work.as_of, ..before };
            let crossings = store::derived::crossings(work.tx, number, row.term, &student)?;
            let change = compare(Some(before), after, &crossings, reference::codes());
            if change.attendance.is_empty() && change.events.is_empty() && change.tally_is(&row.tally) {
                continue;
            }
            write(work, &student, after, change, &crossings, Cause::Time, act)?;
        }
    }
    store::school::set_settled(work.tx, number, work.as_of)?;
    Ok(())
}

impl Change {
    /// Whether the counts that are kept are the same.
    fn tally_is(&self, kept: &Tally) -> bool {
        Tally { open: 0, ..self.tally } == Tally { open: 0, ..*kept }
    }
}

fn one(
    work: &mut Work<'_, '_>,
    student: &StudentId,
    before: Option<Standing<'_>>,
    after: Standing<'_>,
    cause: Cause,
) -> Result<(), AppError> {
    let term = after.calendar.term.id;
    let crossings = store::derived::crossings(work.tx, work.school.number, term, student)?;
    let change = compare(before, after, &crossings, reference::codes());
    let act = work.act()?;
    write(work, student, after, change, &crossings, cause, act)
}

fn write(
    work: &mut Work<'_, '_>,
    student: &StudentId,
    after: Standing<'_>,
    change: Change,
    crossings: &[CrossingRow],
    cause: Cause,
    act: i64,
) -> Result<(), AppError> {
    let (school, term) = (work.school.number, after.calendar.term.id);
    let row = TallyRow { term, student_id: student.clone(), sheet: after.sheet.clone(), tally: change.tally };
    store::derived::put_tally(work.tx, school, &row)?;
    // A half-day that another term took over is told by that term, and not taken back by this one.
    let elsewhere = |half_day: &HalfDay| {
        let holder = work.calendar.term_on(half_day.date);
        holder.is_some_and(|holder| holder.id != term) && work.calendar.is_open(*half_day)
    };
    let mut facts: Vec<OutboxFact> = change
        .attendance
        .into_iter()
        .filter(|(half_day, value)| value.is_some() || !elsewhere(half_day))
        .map(|(half_day, value)| OutboxFact::Attendance { student_id: student.clone(), half_day, value })
        .collect();
    for event in change.events {
        let rows = event_rows(&event, student, term, crossings, cause, (act, work.now, work.school.zone));
        store::derived::put_crossing(work.tx, school, &rows.0)?;
        store::derived::insert_event(work.tx, school, &rows.1)?;
        let threshold = event.reached.threshold;
        facts.push(OutboxFact::Crossing {
            student_id: student.clone(),
            term,
            threshold,
            event: rows.1.event,
        });
    }
    store::outbox::append(work.tx, school, act, work.now, &facts)?;
    Ok(())
}

/// The rows that an event leaves behind: where the crossing stands, and the event itself.
pub(crate) fn event_rows(
    event: &CrossingEvent,
    student: &StudentId,
    term: TermId,
    crossings: &[CrossingRow],
    cause: Cause,
    (act, now, zone): (i64, Instant, domain::Zone),
) -> (CrossingRow, CrossingEventRow) {
    let reached = event.reached;
    let stood = crossings.iter().find(|row| row.reached.threshold == reached.threshold);
    let number = stood.map_or(0, |row| row.event) + 1;
    let at = event_time(zone, cause, reached, now);
    let student_id = student.clone();
    (
        CrossingRow {
            term,
            student_id: student_id.clone(),
            state: event.kind.state(),
            reached,
            event: number,
        },
        CrossingEventRow { term, student_id, event: number, kind: event.kind, cause, reached, act, at },
    )
}

/// A student's spells as they are now.
pub(crate) fn spells_of(work: &mut Work<'_, '_>, student: &StudentId) -> Result<Vec<Spell>, AppError> {
    let versions = store::people::spells_of(work.tx, work.school.number, student, ALWAYS)?;
    Ok(group_spells(versions).remove(student).unwrap_or_default())
}

/// Folds versions of spells (in order of act) into each student's spells, in order of first day.
pub(crate) fn group_spells(versions: Vec<SpellVersion>) -> BTreeMap<StudentId, Vec<Spell>> {
    let mut students: BTreeMap<StudentId, BTreeMap<domain::Date, Spell>> = BTreeMap::new();
    for version in versions {
        students.entry(version.student_id).or_default().insert(version.spell.first_day, version.spell);
    }
    students.into_iter().map(|(student, spells)| (student, spells.into_values().collect())).collect()
}

/// The letters that stand, resolved to the list of their date, of versions in order of half-day
/// and version.
pub(crate) fn standing_letters(versions: &[MarkVersion]) -> Vec<(HalfDay, char)> {
    let mut letters: Vec<(HalfDay, char)> = Vec::with_capacity(versions.len());
    for version in versions {
        if letters.last().is_some_and(|(half_day, _)| *half_day == version.half_day) {
            letters.pop();
        }
        if let Some(code) =
            version.letter.and_then(|letter| reference::codes().resolve(letter, version.half_day.date))
        {
            letters.push((version.half_day, code.letter));
        }
    }
    letters
}

/// Hands over each student's standing letters between two dates, in order of student.
pub(crate) fn letters_of_school(
    tx: &mut store::Tx<'_>,
    school: domain::SchoolNumber,
    dates: (domain::Date, domain::Date),
    known_at: i64,
    mut take: impl FnMut(StudentId, Vec<(HalfDay, char)>),
) -> Result<(), AppError> {
    let mut held: Vec<MarkVersion> = Vec::new();
    let mut hand_over = |held: &mut Vec<MarkVersion>| {
        if let Some(first) = held.first() {
            take(first.student_id.clone(), standing_letters(held));
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
