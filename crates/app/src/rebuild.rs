//! Rebuild every derived row from ground rows, or only report where they differ.
//!
//! Replays each student's history, act by act, with the same comparison that live acts use
//! (`settle::compare`), so a difference means that a live act and the history disagree.

mod history;

use crate::settle::{Standing, compare, event_rows, group_spells};
use crate::{AppError, School};
use domain::crossing::Cause;
use domain::{
    Date, HalfDay, Instant, Mark, SchoolNumber, Sheet, Slot, StudentId, Tally, TermCalendar, TermId,
};
use history::History;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::derived::{CrossingEventRow, CrossingRow, TallyRow};
use store::mark::EnteredMark;
use store::people::{SpellVersion, StudentRow};
use store::{ALWAYS, Tx};

/// A derived row that does not follow from the ground rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which table.
    pub table: &'static str,
    /// Which row.
    pub key: String,
    /// What is kept.
    pub kept: String,
    /// What follows from the ground rows.
    pub rebuilt: String,
}

/// Every derived row of a school.
#[derive(Default)]
struct Derived {
    students: BTreeMap<StudentId, StudentRow>,
    tallies: BTreeMap<(TermId, StudentId), TallyRow>,
    crossings: BTreeMap<(TermId, StudentId, i64), CrossingRow>,
    events: BTreeMap<(TermId, StudentId, i64, i64), CrossingEventRow>,
}

impl School {
    /// Reports every derived row that differs from what follows from the ground rows.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn check_derived(&self) -> Result<Vec<Difference>, AppError> {
        let number = self.number;
        self.store.read(self.number, |tx| {
            let rebuilt = replay(tx, number)?;
            Ok(differences(&load(tx, number)?, &rebuilt))
        })
    }

    /// Throws derived rows away and makes them anew. Answers what differed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn rebuild(&self) -> Result<Vec<Difference>, AppError> {
        let number = self.number;
        self.store.write(self.number, move |tx| {
            let rebuilt = replay(tx, number)?;
            let found = differences(&load(tx, number)?, &rebuilt);
            store::derived::clear(tx, number)?;
            store::people::clear_students(tx, number)?;
            for student in rebuilt.students.values() {
                store::people::put_student(tx, number, student)?;
            }
            store::derived::put_tallies(tx, number, rebuilt.tallies.values())?;
            store::derived::put_crossings(tx, number, rebuilt.crossings.values())?;
            store::derived::insert_events(tx, number, rebuilt.events.values())?;
            Ok(found)
        })
    }
}

fn load(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Derived, AppError> {
    let mut derived = Derived::default();
    for student in store::people::students(tx, school)? {
        derived.students.insert(student.id.clone(), student);
    }
    let terms: BTreeSet<TermId> =
        store::calendar::history(tx, school)?.terms.into_iter().map(|version| version.term.id).collect();
    for term in terms {
        for row in store::derived::tallies_of_term(tx, school, term)? {
            derived.tallies.insert((term, row.student_id.clone()), row);
        }
        for row in store::derived::crossings_of_term(tx, school, term)? {
            derived.crossings.insert((term, row.student_id.clone(), row.reached.threshold.days()), row);
        }
    }
    for row in store::derived::events(tx, school)? {
        let key = (row.term, row.student_id.clone(), row.reached.threshold.days(), row.event);
        derived.events.insert(key, row);
    }
    Ok(derived)
}

fn differences(kept: &Derived, rebuilt: &Derived) -> Vec<Difference> {
    let mut found = Vec::new();
    unlike("student", &kept.students, &rebuilt.students, &mut found);
    unlike("tally", &kept.tallies, &rebuilt.tallies, &mut found);
    unlike("crossing", &kept.crossings, &rebuilt.crossings, &mut found);
    unlike("crossing_event", &kept.events, &rebuilt.events, &mut found);
    found
}

fn unlike<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    table: &'static str,
    kept: &BTreeMap<K, V>,
    rebuilt: &BTreeMap<K, V>,
    found: &mut Vec<Difference>,
) {
    let text = |row: Option<&V>| row.map_or_else(|| "nothing".to_owned(), |row| format!("{row:?}"));
    let keys: BTreeSet<&K> = kept.keys().chain(rebuilt.keys()).collect();
    for key in keys {
        let (old, new) = (kept.get(key), rebuilt.get(key));
        if old != new {
            found.push(Difference { table, key: format!("{key:?}"), kept: text(old), rebuilt: text(new) });
        }
    }
}

fn replay(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Derived, AppError> {
    let history = History::load(tx, number)?;
    let mut derived = Derived::default();
    for version in store::people::student_versions(tx, number)? {
        derived.students.insert(version.student.id.clone(), version.student);
    }
    let mut spells: BTreeMap<StudentId, Vec<SpellVersion>> = BTreeMap::new();
    for version in store::people::spells(tx, number, ALWAYS)? {
        spells.entry(version.student_id.clone()).or_default().push(version);
    }
    let mut held: Vec<EnteredMark> = Vec::new();
    let mut replay_held = |held: &mut Vec<EnteredMark>| {
        if let Some(first) = held.first() {
            let student = first.student_id.clone();
            let own = spells.get(&student).map_or(&[][..], Vec::as_slice);
            Student::new(&history, student, own, held).replay(&mut derived);
        }
        held.clear();
    };
    store::mark::history(tx, number, |mark| {
        if held.last().is_some_and(|last| last.student_id != mark.student_id) {
            replay_held(&mut held);
        }
        held.push(mark);
    })?;
    replay_held(&mut held);
    Ok(derived)
}

/// One student's history under replay.
struct Student<'h> {
    history: &'h History,
    id: StudentId,
    spell_versions: &'h [SpellVersion],
    marks: BTreeMap<i64, Vec<&'h EnteredMark>>,
    /// The marks that stand, by date and slot, with the letters as they were entered.
    standing: BTreeMap<(Date, Slot), (char, Mark)>,
    rows: BTreeMap<TermId, (Rc<TermCalendar>, Sheet)>,
    crossings: BTreeMap<TermId, Vec<CrossingRow>>,
    events: Vec<CrossingEventRow>,
    as_of: Option<HalfDay>,
}

impl<'h> Student<'h> {
    fn new(
        history: &'h History,
        id: StudentId,
        spells: &'h [SpellVersion],
        marks: &'h [EnteredMark],
    ) -> Self {
        let mut by_act: BTreeMap<i64, Vec<&EnteredMark>> = BTreeMap::new();
        for mark in marks {
            by_act.entry(mark.act).or_default().push(mark);
        }
        Self {
            history,
            id,
            spell_versions: spells,
            marks: by_act,
            standing: BTreeMap::new(),
            rows: BTreeMap::new(),
            crossings: BTreeMap::new(),
            events: Vec::new(),
            as_of: None,
        }
    }

    fn replay(mut self, derived: &mut Derived) {
        let spell_acts: BTreeSet<i64> = self.spell_versions.iter().map(|version| version.act).collect();
        let calendar_acts: BTreeSet<i64> = self.history.calendars.iter().map(|(act, ..)| *act).collect();
        let code_acts: BTreeSet<i64> = self.history.codes.iter().skip(1).map(|(act, _)| *act).collect();
        let clocks =
            self.history.acts.values().filter(|(act, _)| act.kind == "clock").map(|(act, _)| act.act);
        let acts: BTreeSet<i64> = clocks
            .chain(spell_acts.iter().copied())
            .chain(calendar_acts.iter().copied())
            .chain(code_acts.iter().copied())
            .chain(self.marks.keys().copied())
            .collect();
        for act in acts {
            let Some((row, as_of)) = self.history.acts.get(&act) else { continue };
            let now = row.at;
            if row.kind == "clock" {
                self.pass_time(act, now, *as_of);
            }
            self.as_of = Some(*as_of);
            if calendar_acts.contains(&act) {
                self.change_calendar(act, now);
            }
            if code_acts.contains(&act) {
                self.change_codes(act, now);
            }
            if spell_acts.contains(&act) {
                self.change_enrolment(act, now);
            }
            if self.marks.contains_key(&act) {
                self.enter_marks(act, now);
            }
        }
        self.hand_over(derived);
    }

    fn hand_over(self, derived: &mut Derived) {
        for (term, (calendar, sheet)) in self.rows {
            let sets = sheet.sets(&calendar, self.history.codes(i64::MAX));
            let tally = Tally { open: 0, ..Tally::of(&sets, calendar.through(self.history.settled)) };
            let row = TallyRow { term, student_id: self.id.clone(), sheet, tally };
            derived.tallies.insert((term, self.id.clone()), row);
        }
        for row in self.crossings.into_values().flatten() {
            derived.crossings.insert((row.term, self.id.clone(), row.reached.threshold.days()), row);
        }
        for row in self.events {
            let key = (row.term, self.id.clone(), row.reached.threshold.days(), row.event);
            derived.events.insert(key, row);
        }
    }

    fn pass_time(&mut self, act: i64, now: Instant, as_of: HalfDay) {
        let before = self.now_as_of();
        let moves = |calendar: &TermCalendar| calendar.through(before) != calendar.through(as_of);
        let rows: Vec<(TermId, Rc<TermCalendar>, Sheet)> = self
            .rows
            .iter()
            // Time moves nothing in a term that was over, or has not begun.
            .filter(|(_, (calendar, _))| moves(calendar))
            .map(|(term, (calendar, sheet))| (*term, Rc::clone(calendar), sheet.clone()))
            .collect();
        for (term, calendar, sheet) in rows {
            self.step(term, &calendar, sheet, as_of, (Cause::Time, act, now));
        }
    }

    fn change_calendar(&mut self, act: i64, now: Instant) {
        let Some((_, _, terms)) = self.history.calendar(act) else { return };
        let before = self.history.calendar(act - 1).map(|(_, _, terms)| terms);
        for (term, calendar) in terms {
            if before.and_then(|terms| terms.get(term)) == Some(calendar) {
                continue;
            }
            let within = |(date, _): &(Date, Slot)| calendar.term.contains(*date);
            let concerned = self.rows.contains_key(term) || self.standing.keys().any(within);
            if concerned {
                let sheet = self.lay(calendar, act);
                self.step(*term, calendar, sheet, self.now_as_of(), (Cause::Calendar, act, now));
            }
        }
    }

    fn change_codes(&mut self, act: i64, now: Instant) {
        let codes = self.history.codes(act);
        self.standing.retain(|(date, _), (letter, mark)| {
            let code = codes.resolve(*letter, *date);
            code.inspect(|code| mark.code = *code).is_some()
        });
        self.lay_again(act, (Cause::Codes, act, now));
    }

    fn change_enrolment(&mut self, act: i64, now: Instant) {
        self.lay_again(act, (Cause::Enrolment, act, now));
    }

    /// Lays the sheet of every term that has one.
    fn lay_again(&mut self, act: i64, cause: (Cause, i64, Instant)) {
        let calendars: Vec<(TermId, Rc<TermCalendar>)> =
            self.rows.iter().map(|(term, (calendar, _))| (*term, Rc::clone(calendar))).collect();
        for (term, calendar) in calendars {
            let sheet = self.lay(&calendar, act);
            self.step(term, &calendar, sheet, self.now_as_of(), cause);
        }
    }

    fn enter_marks(&mut self, act: i64, now: Instant) {
        let history = self.history;
        let marks = self.marks.remove(&act).unwrap_or_default();
        let mut touched: BTreeSet<TermId> = BTreeSet::new();
        for mark in marks {
            let resolve = |letter| Some((letter, history.codes(act).resolve(letter, mark.half_day.date)?));
            let (half_day, period) = (mark.half_day, mark.period.as_ref());
            let place = (half_day.date, store::mark::slot(half_day, period));
            let minutes = period.map(|period| period.minutes);
            match mark.letter.and_then(resolve) {
                Some((letter, code)) => {
                    self.standing.insert(place, (letter, Mark { half_day, code, minutes }))
                }
                None => self.standing.remove(&place),
            };
            let term =
                history.calendar(act).and_then(|(_, calendar, _)| calendar.term_on(mark.half_day.date));
            touched.extend(term.map(|term| term.id));
        }
        for term in touched {
            let Some(calendar) = history.calendar(act).and_then(|(_, _, terms)| terms.get(&term)) else {
                continue;
            };
            let sheet = self.lay(calendar, act);
            self.step(term, calendar, sheet, self.now_as_of(), (Cause::Mark, act, now));
        }
    }

    fn now_as_of(&self) -> HalfDay {
        self.as_of.unwrap_or(self.history.settled)
    }

    fn lay(&self, calendar: &TermCalendar, act: i64) -> Sheet {
        let known = self.spell_versions.iter().filter(|version| version.act <= act).cloned().collect();
        let spells = group_spells(known).remove(&self.id).unwrap_or_default();
        Sheet::lay(calendar, &spells, self.standing.values().map(|(_, mark)| *mark))
    }

    fn step(
        &mut self,
        term: TermId,
        calendar: &Rc<TermCalendar>,
        sheet: Sheet,
        as_of: HalfDay,
        (cause, act, now): (Cause, i64, Instant),
    ) {
        let crossings = self.crossings.entry(term).or_default();
        let change = compare(
            None,
            Standing { calendar, sheet: &sheet, codes: self.history.codes(act), as_of },
            crossings,
        );
        for event in change.events {
            let (row, event_row) =
                event_rows(&event, &self.id, term, crossings, cause, (act, now, self.history.zone));
            crossings.retain(|other| other.reached.threshold != row.reached.threshold);
            crossings.push(row);
            self.events.push(event_row);
        }
        self.rows.insert(term, (Rc::clone(calendar), sheet));
    }
}
