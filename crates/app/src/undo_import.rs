//! Undo an import: what it changed stands again as before, wherever nothing else changed it since.
//!
//! Nothing is erased: each thing gets a version that says what stood before. What the source said in
//! that import counts as not said, so its next file is heard afresh.

use crate::import::staff::entry_of;
use crate::marking::{self, Entries, Entry};
use crate::people::StaffEntry;
use crate::set_calendar::{self, CalendarEntry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, ImportKind, School, settle};
use domain::{CalendarDay, Date, Half, HalfDay, Instant, Permission, Spell, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::ALWAYS;
use store::arrival::{ArrivalState, Decided};
use store::mark::MarkVersion;

/// What undoing an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// How many students stand as before.
    pub students: usize,
    /// How many spells of enrolment.
    pub spells: usize,
    /// How many marks.
    pub marks: usize,
    /// How many staff members.
    pub staff: usize,
    /// How many dates and terms of the calendar.
    pub days: usize,
    /// How many contacts.
    pub contacts: usize,
    /// How many periods a week of timetables.
    pub periods: usize,
    /// What was changed since, or cannot be taken back, and so was left: a line each.
    pub left: Vec<String>,
}

impl School {
    /// Undoes an import as a whole.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to import all that it held; [`AppError::NotFound`] when the
    /// act imported nothing; [`AppError::Invalid`] when it was undone already, or when terms would overlap.
    pub fn undo_import(&self, actor: &Actor, now: Instant, act: i64) -> Result<Undone, AppError> {
        let order = Order::new("undo_import", actor, now).about(format!("act {act}"));
        self.act(order, move |work| {
            let number = work.school.number;
            let file = store::import_file::of_act(work.tx, number, act)?;
            let file = file.ok_or_else(|| AppError::not_found("there is no such import"))?;
            work.require(Permission::Import, "undo an import")?;
            for word in file.kind.split(',') {
                let Some(kind) = ImportKind::parse(word) else {
                    let problem =
                        format!("{word} records are not undone: say of each that it is no response");
                    return Err(AppError::invalid("import", problem));
                };
                work.require(kind.permission(), "undo this kind of import")?;
            }
            let earlier = store::import_file::undone(work.tx, number)?;
            if earlier.contains_key(&act) {
                return Err(AppError::invalid("import", "this import was undone already"));
            }
            let mut undone = Undone::default();
            let passed = earlier.into_iter().flat_map(|(act, undo)| [act, undo]).collect();
            let act = &Undoing { act, passed };
            // Marks first: they must still be within the enrolment that the import brought.
            marks(work, act, &file.source, &mut undone)?;
            enrolment(work, act, &mut undone)?;
            staff(work, act, &mut undone)?;
            calendar(work, act, &mut undone)?;
            let act = act.act;
            contacts(work, act, &mut undone)?;
            undone.periods = periods(work, act)?;
            let own = work.act()?;
            store::import_file::insert_undo(work.tx, number, act, own, work.now)?;
            if let Some(id) = store::arrival::of_act(work.tx, number, act)?
                && let Some(row) = store::arrival::get(work.tx, number, &id)?
            {
                let decided = Decided {
                    state: ArrivalState::Undone,
                    reason: row.reason,
                    at: work.now,
                    act: Some(act),
                    rows: row.rows,
                    changed: row.changed,
                    bad_rows: row.bad_rows,
                    problems: row.problems,
                };
                store::arrival::decide(work.tx, number, &id, &decided)?;
                store::arrival::empty(work.tx, number, &id)?;
            }
            Ok(undone)
        })
    }
}

/// The import that is undone. Versions of imports that were undone before it, and of their undoing, are
/// passed over: what stands without them is what they leave.
struct Undoing {
    act: i64,
    passed: BTreeSet<i64>,
}

impl Undoing {
    /// Whether a version of this act may stand again.
    fn keeps(&self, act: i64) -> bool {
        act != self.act && !self.passed.contains(&act)
    }

    /// Whether the import is what changed something last.
    fn is_last(&self, acts: impl DoubleEndedIterator<Item = i64>) -> bool {
        acts.rev().find(|act| !self.passed.contains(act)) == Some(self.act)
    }
}

fn enrolment(work: &mut Work<'_, '_>, undoing: &Undoing, undone: &mut Undone) -> Result<(), AppError> {
    let act = undoing.act;
    let number = work.school.number;
    let ids = store::people::students_of_act(work.tx, number, act)?;
    let versions = store::people::student_versions_of(work.tx, number, &ids)?;
    for own in versions.chunk_by(|(_, a), (_, b)| a.student.id == b.student.id) {
        let Some((_, version)) = own.last() else { continue };
        if !undoing.is_last(own.iter().map(|(act, _)| *act)) {
            undone.left.push(format!("student {}", version.student.id));
            continue;
        }
        // Somebody who was new stays known by name, and is enrolled on no day.
        let kept = own.iter().rev().find(|(other, _)| undoing.keeps(*other));
        if let Some((_, before)) = kept.or_else(|| own.iter().rev().find(|(other, _)| *other != act)) {
            let own = work.act()?;
            store::people::insert_student(work.tx, number, own, work.now, &before.student)?;
        }
        undone.students += 1;
    }
    let spells = store::people::spells_of_act(work.tx, number, act)?;
    let ids: Vec<StudentId> = spells.iter().map(|(id, _)| id.clone()).collect();
    let mut known: BTreeMap<(StudentId, Date), Vec<(i64, Spell)>> = BTreeMap::new();
    for version in store::people::spells_of(work.tx, number, &ids, ALWAYS)? {
        let place = (version.student_id, version.spell.first_day);
        known.entry(place).or_default().push((version.act, version.spell));
    }
    let mut moved = BTreeSet::new();
    for (id, first_day) in spells {
        let own = known.remove(&(id.clone(), first_day)).unwrap_or_default();
        if !undoing.is_last(own.iter().map(|(act, _)| *act)) {
            undone.left.push(format!("student {id}: enrolment from {first_day}"));
            continue;
        }
        let before = own.iter().rev().find(|(other, _)| undoing.keeps(*other)).map(|(_, spell)| *spell);
        // A spell that was never there ends before it begins.
        let never = Spell { first_day, last_day: first_day.yesterday().ok() };
        let own = work.act()?;
        store::people::insert_spell(work.tx, number, own, work.now, &id, before.unwrap_or(never))?;
        undone.spells += 1;
        moved.insert(id);
    }
    settle::enrolment(work, &moved)
}

fn staff(work: &mut Work<'_, '_>, undoing: &Undoing, undone: &mut Undone) -> Result<(), AppError> {
    let act = undoing.act;
    let number = work.school.number;
    let mut entries = Vec::new();
    for id in store::people::staff_of_act(work.tx, number, act)? {
        let versions = store::people::staff_versions_of(work.tx, number, &id)?;
        let Some((.., standing)) = versions.last() else { continue };
        if !undoing.is_last(versions.iter().map(|(act, ..)| *act)) {
            undone.left.push(format!("staff member {id}"));
            continue;
        }
        let before = versions.iter().rev().find(|(other, ..)| undoing.keeps(*other));
        entries.push(match before {
            Some((.., version)) => entry_of(version),
            None => StaffEntry { roles: Vec::new(), ..entry_of(standing) },
        });
        undone.staff += 1;
    }
    crate::people::save(work, entries).map(drop)
}

/// Whoever was new is no contact, and whoever was changed is reached as before: what an undone act says
/// of contacts stands no more, but that nobody may contact somebody.
fn contacts(work: &mut Work<'_, '_>, act: i64, undone: &mut Undone) -> Result<(), AppError> {
    let number = work.school.number;
    let touched = store::contact::of_act(work.tx, number, act)?;
    let ids: BTreeSet<StudentId> = touched.iter().map(|(_, student)| student.clone()).collect();
    let ids: Vec<StudentId> = ids.into_iter().collect();
    let mut last: BTreeMap<String, (i64, bool)> = BTreeMap::new();
    for ids in ids.chunks(200) {
        for version in store::contact::of_students(work.tx, number, ids)? {
            if !version.is_said && (version.is_blocked || version.undone_by.is_none()) {
                last.insert(version.id, (version.act, version.is_blocked));
            }
        }
    }
    for (contact, student) in touched {
        match last.get(&contact) {
            Some((at, false)) if *at == act => {
                undone.contacts += 1;
                let why = "the import that said how this contact is reached was undone";
                crate::letters::stop_to(work, &contact, why, None)?;
            }
            Some((at, true)) if *at == act => {
                undone.left.push(format!("a contact of student {student}: nobody may contact them"));
            }
            // What a file said beside what stands is forgotten.
            Some((at, _)) if *at < act => {}
            _ => undone.left.push(format!("a contact of student {student}")),
        }
    }
    Ok(())
}

/// How many periods a week an act brought: its timetables are in force no longer.
fn periods(work: &mut Work<'_, '_>, act: i64) -> Result<usize, AppError> {
    let versions = store::timetable::versions(work.tx, work.school.number)?;
    Ok(versions.iter().filter(|row| row.act == act).count())
}

/// Terms as they were, and each date as it would be without the import.
fn calendar(work: &mut Work<'_, '_>, undoing: &Undoing, undone: &mut Undone) -> Result<(), AppError> {
    let act = undoing.act;
    let history = store::calendar::history(work.tx, work.school.number)?;
    let touched: BTreeSet<Date> =
        history.days.iter().filter(|day| day.act == act).map(|day| day.date).collect();
    let mut entries = Vec::new();
    for version in history.terms.iter().filter(|version| version.act == act) {
        let own = || history.terms.iter().filter(|other| other.term.id == version.term.id);
        let kept = own().rfind(|other| undoing.keeps(other.act));
        match kept.or_else(|| own().rfind(|other| other.act != act)) {
            _ if !undoing.is_last(own().map(|other| other.act)) => {
                undone.left.push(format!("term {}", version.term.id));
            }
            Some(before) => {
                entries.push(CalendarEntry::Term(before.term));
                undone.days += 1;
            }
            // Responses and what was shared may rest on it.
            None => undone.left.push(format!("term {}: it was new, and stays", version.term.id)),
        }
    }
    let without = crate::calendar::build(
        history.terms.iter().map(|version| version.term),
        history.days.iter().filter(|day| undoing.keeps(day.act)).map(|day| (day.date, day.day.clone())),
        work.school.region.as_deref(),
    );
    for date in touched {
        if !undoing.is_last(history.days.iter().filter(|day| day.date == date).map(|day| day.act)) {
            undone.left.push(format!("calendar {date}"));
            continue;
        }
        let is_open = |half| without.is_open(HalfDay::new(date, half));
        let usual = || CalendarDay {
            am_open: is_open(Half::Am),
            pm_open: is_open(Half::Pm),
            reason: without.why_closed(HalfDay::new(date, Half::Am)).unwrap_or_default(),
        };
        entries.push(CalendarEntry::Day(date, without.day(date).cloned().unwrap_or_else(usual)));
        undone.days += 1;
    }
    set_calendar::save(work, entries).map(drop)
}

fn marks(
    work: &mut Work<'_, '_>,
    undoing: &Undoing,
    source: &str,
    undone: &mut Undone,
) -> Result<(), AppError> {
    let act = undoing.act;
    let number = work.school.number;
    let places = store::mark::of_act(work.tx, number, act)?;
    let (Some(first), Some(last)) =
        (places.iter().map(|(_, date)| *date).min(), places.iter().map(|(_, date)| *date).max())
    else {
        return Ok(());
    };
    let ids: BTreeSet<StudentId> = places.into_iter().map(|(id, _)| id).collect();
    let ids: Vec<StudentId> = ids.into_iter().collect();
    // What stands again is entered as by its own source.
    let mut by_source: BTreeMap<String, Entries> = BTreeMap::new();
    for ids in ids.chunks(100) {
        let versions = store::mark::of_students(work.tx, number, ids, (first, last), ALWAYS)?;
        let same =
            |a: &MarkVersion, b: &MarkVersion| a.student_id == b.student_id && settle::is_same_slot(a, b);
        for own in versions.chunk_by(same).filter(|own| own.iter().any(|mark| mark.act == act)) {
            let Some(stands) = own.last() else { continue };
            if !undoing.is_last(own.iter().map(|mark| mark.act)) {
                undone.left.push(format!(
                    "student {}: mark of {} {}",
                    stands.student_id,
                    stands.half_day.date,
                    stands.slot()
                ));
                continue;
            }
            let before = own.iter().rev().find(|mark| undoing.keeps(mark.act));
            let entry = Entry {
                half_day: stands.half_day,
                period: before.map_or_else(|| stands.period.clone(), |mark| mark.period.clone()),
                follows: stands.version,
                letter: before.and_then(|mark| mark.letter),
                entered_at: before.and_then(|mark| mark.entered_at),
                entered_by: before.map_or_else(|| work.by(), |mark| mark.entered_by.clone()),
            };
            let source = before.map_or(source, |mark| mark.source.as_str());
            let entries = by_source.entry(source.to_owned()).or_default();
            entries.entry(stands.student_id.clone()).or_default().push(entry);
            undone.marks += 1;
        }
    }
    for (source, entries) in by_source {
        marking::enter(work, &source, &entries)?;
    }
    Ok(())
}
