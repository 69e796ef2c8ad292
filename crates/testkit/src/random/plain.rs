//! A school made of `domain` alone, in memory: what a vendor who embeds it would keep.
//!
//! Takes the ground facts as the model has them (what was entered, not what follows from it) and
//! works out sheets, tallies and crossings with `domain`, so that thousands of random schools can be
//! compared in the time that one with a database takes.

use super::Moment;
use crate::model::{Act, Mark, Model, Slot};
use domain::{
    Calendar, CalendarDay, Cell, Class, CodeList, CodeRow, CrossingState, Date, EventKind, Half, HalfDay,
    Reached, Sheet, Spell, Tally, Term, TermCalendar, TermId, Threshold, Zone, crossing, days_text, period,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whose term.
type Key = (TermId, String);

/// A school of `domain` alone.
#[derive(Debug, Clone)]
pub struct PlainSchool {
    zone: Zone,
    region: Option<&'static str>,
    codes: CodeList,
    calendars: BTreeMap<TermId, TermCalendar>,
    spells: BTreeMap<String, Vec<Spell>>,
    sheets: BTreeMap<Key, Sheet>,
    stood: BTreeMap<(TermId, String, Threshold), (CrossingState, Reached)>,
    settled: HalfDay,
    /// How often each kind of event happened.
    pub events: BTreeMap<&'static str, usize>,
}

impl PlainSchool {
    /// An empty school.
    #[must_use]
    pub fn new(zone: Zone, region: Option<&'static str>, made: Moment) -> Self {
        Self {
            zone,
            region,
            codes: reference::codes().clone(),
            calendars: BTreeMap::new(),
            spells: BTreeMap::new(),
            sheets: BTreeMap::new(),
            stood: BTreeMap::new(),
            settled: zone.current_half_day(made.instant(zone)),
            events: BTreeMap::new(),
        }
    }

    /// Follows what an act did to the ground facts, at a moment.
    pub fn follow(&mut self, model: &Model, moment: Moment, act: &Act) {
        let current = self.zone.current_half_day(moment.by_rule(self.zone));
        if self.settled < current {
            self.settled = current;
            self.settle();
        }
        match act {
            Act::Pass => {}
            Act::Marks { rows, .. } => self.mark(model, rows),
            Act::Correct(row) => self.mark(model, std::slice::from_ref(row)),
            Act::Terms(_) | Act::Calendar(_) | Act::Students(_) | Act::Codes(..) => {
                self.learn(model);
                self.sheets = self.laid(model);
            }
        }
        self.settle();
    }

    /// The calendar, the enrolments and the code list as they are now.
    fn learn(&mut self, model: &Model) {
        let term = |(&id, &(first, last)): (&TermId, &(Date, Date))| Term::new(id, first, last);
        let terms = model.terms.iter().map(term).collect::<Result<Vec<_>, _>>().expect("terms in order");
        let day = |(&date, &(am_open, pm_open)): (&Date, &(bool, bool))| {
            (date, CalendarDay { am_open, pm_open, reason: String::new() })
        };
        let days = model.days.iter().map(day).collect();
        let calendar = Calendar::new(terms, reference::holidays_for(self.region), days);
        let ruled = |term: &Term| calendar.term_calendar(term.id).map(|ruler| (term.id, ruler));
        self.calendars = calendar.terms().iter().filter_map(ruled).collect();
        let spell = |(&first_day, &last_day): (&Date, &Option<Date>)| Spell { first_day, last_day };
        let own = |(id, spells): (&String, &BTreeMap<_, _>)| (id.clone(), spells.iter().map(spell).collect());
        self.spells = model.spells.iter().map(own).collect();
        self.codes = code_list(model);
    }

    /// A student's standing marks on a date, by the list of that date.
    fn marks<'m>(
        &'m self,
        model: &'m Model,
        student: &'m str,
        date: Date,
    ) -> impl Iterator<Item = domain::Mark> + 'm {
        model.on(student, date).filter_map(move |mark| {
            let half_day = HalfDay::new(date, mark.slot.1);
            let code = self.codes.resolve(mark.letter?, date)?;
            Some(domain::Mark { half_day, code, minutes: mark.lesson.as_ref().map(|lesson| lesson.minutes) })
        })
    }

    /// Every sheet, laid anew.
    fn laid(&self, model: &Model) -> BTreeMap<Key, Sheet> {
        let mut sheets = BTreeMap::new();
        for (&term, calendar) in &self.calendars {
            for (student, spells) in &self.spells {
                let marks =
                    self.marks_between(model, student, calendar.term.first_day, calendar.term.last_day);
                sheets.insert((term, student.clone()), Sheet::lay(calendar, spells, marks));
            }
        }
        sheets
    }

    fn marks_between(&self, model: &Model, student: &str, first: Date, last: Date) -> Vec<domain::Mark> {
        let dates = model.standing.get(student).into_iter().flat_map(|dates| dates.range(first..=last));
        dates.flat_map(|(&date, _)| self.marks(model, student, date)).collect()
    }

    /// Looks again at the dates on which marks were entered, and at nothing else.
    fn mark(&mut self, model: &Model, rows: &[Mark]) {
        let dates: BTreeSet<(&str, Date)> =
            rows.iter().map(|row| (row.student.as_str(), row.slot.0)).collect();
        for (student, date) in dates {
            for (&term, calendar) in &self.calendars {
                let is_open = |half_day| calendar.position(half_day).is_some();
                let letters = period::letters_of_day(self.marks(model, student, date), is_open);
                let Some(sheet) = self.sheets.get_mut(&(term, student.to_owned())) else { continue };
                for (half, letter) in Half::BOTH.into_iter().zip(letters) {
                    if let Some(position) = calendar.position(HalfDay::new(date, half)) {
                        sheet.set(position, letter);
                    }
                }
            }
        }
    }

    /// Compares every crossing with how it stood and keeps what happened.
    fn settle(&mut self) {
        for ((term, student), sheet) in &self.sheets {
            let Some(calendar) = self.calendars.get(term) else { continue };
            let (absent, through) =
                (sheet.sets(calendar, &self.codes).absent(), calendar.through(self.settled));
            let now = crossing::crossings(&absent, calendar, through, &Threshold::MINISTRY);
            for threshold in Threshold::MINISTRY {
                let reached = now.iter().find(|reached| reached.threshold == threshold).copied();
                let key = (*term, student.clone(), threshold);
                let before = self.stood.get(&key).copied();
                if let Some(event) = crossing::event(before, reached) {
                    self.stood.insert(key, (event.kind.state(), event.reached));
                    *self.events.entry(EventKind::text(event.kind)).or_default() += 1;
                }
            }
        }
    }

    /// Compares half-days and tallies as of the current half-day, everything as of the latest, and the
    /// sheets that were kept with sheets laid anew.
    ///
    /// # Errors
    /// Says where this school and the model disagree.
    pub fn compare(&self, model: &Model, moment: Moment) -> Result<(), String> {
        let current = self.zone.current_half_day(moment.by_rule(self.zone));
        same("the current half-day", &(current.date, current.half), &moment.slot())?;
        same("the latest half-day", &(self.settled.date, self.settled.half), &model.settled)?;
        same("kept and laid sheets", &self.sheets, &self.laid(model))?;
        for &term in model.terms.keys() {
            for as_of in [current, self.settled] {
                let slot: Slot = (as_of.date, as_of.half);
                same("half-days", &self.half_days(term, as_of), &model.half_days(term, slot))?;
                same("tallies", &self.tallies(term, as_of), &model.tallies(term, slot))?;
            }
            let latest = (self.settled.date, self.settled.half);
            same("crossings", &self.crossings(term), &model.crossings(term, latest))?;
        }
        Ok(())
    }

    fn of_term(&self, term: TermId) -> impl Iterator<Item = (&String, &Sheet, &TermCalendar)> {
        let own = self.sheets.iter().filter(move |((of, _), _)| *of == term);
        own.filter_map(move |((_, student), sheet)| Some((student, sheet, self.calendars.get(&term)?)))
    }

    fn half_days(&self, term: TermId, as_of: HalfDay) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for (student, sheet, calendar) in self.of_term(term) {
            for (position, half_day) in calendar.open.iter().enumerate().take(calendar.through(as_of)) {
                let (class, code) = match sheet.cell(position) {
                    Cell::NotEnrolled => continue,
                    Cell::Unmarked => (String::new(), String::new()),
                    Cell::Marked(letter) => {
                        let class = self.codes.class(letter, half_day.date).map(Class::letter);
                        let code = period::shown_code(letter);
                        (class.map_or(String::new(), String::from), code.map_or(String::new(), String::from))
                    }
                };
                let (date, half) = (half_day.date.to_string(), half_day.half.to_string());
                rows.push(vec![student.clone(), date, half, class, code]);
            }
        }
        rows
    }

    /// A student's counts of a term up to a half-day.
    #[must_use]
    pub fn tally(&self, term: TermId, student: &str, as_of: HalfDay) -> Tally {
        let (sheet, calendar) = (self.sheets.get(&(term, student.to_owned())), self.calendars.get(&term));
        let count = |sheet: &Sheet| {
            let calendar = calendar.expect("a term's calendar");
            Tally::of(&sheet.sets(calendar, &self.codes), calendar.through(as_of))
        };
        sheet.map_or_else(Tally::default, count)
    }

    fn tallies(&self, term: TermId, as_of: HalfDay) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for (student, sheet, calendar) in self.of_term(term) {
            let Term { first_day, last_day, .. } = calendar.term;
            if !self.spells[student].iter().any(|spell| spell.touches(first_day, last_day)) {
                continue;
            }
            let tally = Tally::of(&sheet.sets(calendar, &self.codes), calendar.through(as_of));
            let Tally { open, present, justified, unjustified, unknown } = tally;
            let counts = [open, present, justified, unjustified, unknown, tally.unmarked(), tally.absent()];
            let mut row = vec![student.clone(), term.to_string()];
            row.extend(counts.map(|count| count.to_string()));
            row.extend([days_text(tally.absent()), tally.band().to_string(), tally.attendance_percent()]);
            rows.push(row);
        }
        rows
    }

    fn crossings(&self, term: TermId) -> Vec<Vec<String>> {
        let own = self.stood.iter().filter(|((of, ..), _)| *of == term);
        own.map(|((term, student, threshold), (state, reached))| {
            let (days, half_days) = (threshold.days().to_string(), threshold.half_days().to_string());
            let (date, half) = (reached.half_day.date.to_string(), reached.half_day.half.to_string());
            vec![student.clone(), term.to_string(), days, state.text().to_owned(), date, half, half_days]
        })
        .collect()
    }

    /// What a student's term amounts to by marks given in any order within each date, through the whole
    /// of the latest day.
    #[must_use]
    pub fn counted(
        &self,
        term: TermId,
        student: &str,
        marks: &[domain::Mark],
    ) -> (Sheet, Tally, Vec<Reached>) {
        let calendar = &self.calendars[&term];
        let sheet = Sheet::lay(calendar, &self.spells[student], marks.iter().copied());
        let through = calendar.through(HalfDay::new(self.settled.date, Half::Pm));
        let sets = sheet.sets(calendar, &self.codes);
        let reached = crossing::crossings(&sets.absent(), calendar, through, &Threshold::MINISTRY);
        (sheet, Tally::of(&sets, through), reached)
    }

    /// A student's marks that stand in a term, in order of date.
    #[must_use]
    pub fn marks_of_term(&self, model: &Model, term: TermId, student: &str) -> Vec<domain::Mark> {
        let Term { first_day, last_day, .. } = self.calendars[&term].term;
        self.marks_between(model, student, first_day, last_day)
    }

    /// The code that a letter of the school's list means on a date.
    #[must_use]
    pub fn code(&self, letter: char, date: Date) -> Option<domain::Code> {
        self.codes.resolve(letter, date)
    }

    /// The terms and students that have a sheet.
    pub fn keys(&self) -> impl Iterator<Item = &(TermId, String)> {
        self.sheets.keys()
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, by the model {expected:?}")) }
}

/// The Ministry's list until the school's first begins, and each of the school's until its next.
fn code_list(model: &Model) -> CodeList {
    let mut rows: Vec<CodeRow> = reference::codes().rows().to_vec();
    for (&from, list) in &model.lists {
        let last = from.yesterday().expect("school years begin after time does");
        rows.retain(|row| row.from.is_none_or(|begins| begins < from));
        for row in &mut rows {
            row.to = Some(row.to.map_or(last, |to| to.min(last)));
        }
        for &(letter, class, counts_as) in list {
            let class = Class::parse(&class.to_string()).expect("a class");
            let name = letter.to_string();
            rows.push(CodeRow { letter, name, class, from: Some(from), to: None, counts_as });
        }
    }
    CodeList::new(rows).expect("no letter stands twice on one date")
}
