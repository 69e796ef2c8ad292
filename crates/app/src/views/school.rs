//! The school itself: the line at the top of each page, people, calendar, imports.

use crate::settle::marks_of_school;
use crate::timetable::Timetables;
use crate::{Actor, AppError, School};
use domain::{Calendar, Date, HalfDay, Instant, Permission, StaffScope, Term};
use std::collections::BTreeMap;
use store::import_file::ImportFile;
use store::people::StaffVersion;
use store::school::SchoolRow;

/// What every page shows around its own matter.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The school.
    pub school: SchoolRow,
    /// The current half-day.
    pub current: HalfDay,
    /// The term that holds today, with the week.
    pub term: Option<(Term, i32)>,
    /// The reader's roles and groups.
    pub scope: StaffScope,
    /// The reader's name.
    pub name: String,
}

/// The names of the staff by id.
#[derive(Debug, Clone, Default)]
pub struct StaffNames(BTreeMap<String, String>);

impl StaffNames {
    pub(crate) fn load(tx: &mut store::Tx<'_>, school: domain::SchoolNumber) -> Result<Self, AppError> {
        let staff = store::people::staff(tx, school)?;
        Ok(Self(staff.into_iter().map(|staff| (staff.id.to_string(), staff.name)).collect()))
    }

    /// The name of whom an id means; the id itself when it is nobody on the staff.
    #[must_use]
    pub fn name(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

/// A member of staff in a list.
#[derive(Debug, Clone)]
pub struct PersonLine {
    /// Who.
    pub staff: StaffVersion,
    /// Whether they have a password and may use it.
    pub can_sign_in: bool,
}

/// How many files the page about imports shows.
const LATEST_IMPORTS: i64 = 100;

/// What the calendar page shows.
#[derive(Debug, Clone)]
pub struct CalendarView {
    /// The calendar: terms, holidays, the school's rows.
    pub calendar: Calendar,
    /// Marks that stand and stopped counting because their half-day is closed, in the current term.
    pub not_counting: usize,
    /// The timetables: each one's first day, its periods in a week, and the groups it names.
    pub timetables: Vec<(Date, usize, usize)>,
    /// Reasons for a closure that the page suggests.
    pub reasons: Vec<String>,
    /// The Ministry's term dates of years that the school has not entered: name, earliest and
    /// latest first day, last day.
    pub suggested: Vec<(domain::TermId, Date, Date, Date)>,
}

impl School {
    /// What every page shows around its own matter.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn shell(&self, actor: &Actor, now: Instant) -> Result<Shell, AppError> {
        self.view(actor, now, |reading| {
            let today = reading.current.date;
            let term = reading.calendar.term_on(today).map(|term| (*term, term.week(today)));
            let (scope, name) = reading.who.as_ref().map_or_else(
                || (StaffScope::default(), String::new()),
                |who| (who.scope.clone(), who.name.clone()),
            );
            Ok(Shell { school: reading.school.clone(), current: reading.current, term, scope, name })
        })
    }

    /// The names of the groups there are, each once.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn groups(&self, actor: &Actor, now: Instant) -> Result<Vec<String>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditPeople, "see people and roles")?;
            let groups = store::people::groups(reading.tx, reading.school.number)?;
            let mut names: Vec<String> = groups.into_iter().map(|(name, ..)| name).collect();
            names.dedup();
            Ok(names)
        })
    }

    /// Everybody on the staff, by name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn people(&self, actor: &Actor, now: Instant) -> Result<Vec<PersonLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditPeople, "see people and roles")?;
            let number = reading.school.number;
            let able = store::sign_in::who_can_sign_in(reading.tx, number)?;
            let mut staff = store::people::staff(reading.tx, number)?;
            staff.sort_by_cached_key(|staff| (store::people::search_text(&staff.name), staff.id.clone()));
            let line = |staff: StaffVersion| PersonLine { can_sign_in: able.contains(&staff.id), staff };
            Ok(staff.into_iter().map(line).collect())
        })
    }

    /// Terms, closures and openings.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn calendar_view(&self, actor: &Actor, now: Instant) -> Result<CalendarView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditCalendar, "see the calendar's settings")?;
            let number = reading.school.number;
            let mut not_counting = 0;
            if let Some(term) = reading.calendar.term_at_or_before(reading.current.date) {
                let (dates, calendar) = ((term.first_day, term.last_day), &reading.calendar);
                marks_of_school(reading.tx, number, &reading.codes, dates, store::ALWAYS, |_, marks| {
                    not_counting += marks.iter().filter(|mark| !calendar.is_open(mark.half_day)).count();
                })?;
            }
            let known = |id| reading.calendar.term(id).is_some();
            let suggested = reference::national_terms().iter().filter(|term| !known(term.id));
            Ok(CalendarView {
                suggested: suggested
                    .map(|term| (term.id, term.earliest_first_day, term.latest_first_day, term.last_day))
                    .collect(),
                calendar: reading.calendar.clone(),
                not_counting,
                timetables: Timetables::load(reading.tx, number)?.summary(),
                reasons: reference::closure_reasons().to_vec(),
            })
        })
    }

    /// The latest imports, newest first, with when they came.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn imports(&self, actor: &Actor, now: Instant) -> Result<Vec<(ImportFile, Instant)>, AppError> {
        self.some_imports(actor, now, LATEST_IMPORTS)
    }

    /// The same, all there were.
    ///
    /// # Errors
    /// As [`School::imports`].
    pub fn all_imports(&self, actor: &Actor, now: Instant) -> Result<Vec<(ImportFile, Instant)>, AppError> {
        self.some_imports(actor, now, i64::MAX)
    }

    fn some_imports(
        &self,
        actor: &Actor,
        now: Instant,
        most: i64,
    ) -> Result<Vec<(ImportFile, Instant)>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see imports")?;
            let number = reading.school.number;
            let mut lines = Vec::new();
            for file in store::import_file::latest(reading.tx, number, most)? {
                if let Some(act) = store::act::get(reading.tx, number, file.act)? {
                    lines.push((file, act.at));
                }
            }
            Ok(lines)
        })
    }
}

impl School {
    /// The names of the staff by id, so that a page can say who did something.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn staff_names(&self) -> Result<StaffNames, AppError> {
        let number = self.number();
        self.store.read(self.number, |tx| StaffNames::load(tx, number))
    }

    /// The school and its settings, for the programs that run beside its pages.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn settings(&self) -> Result<SchoolRow, AppError> {
        let number = self.number();
        self.store.read(self.number, |tx| Ok(crate::work::identify(tx, number, &Actor::Operator)?.0))
    }

    /// The calendar as it is now, for the programs that run beside the pages.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn calendar(&self) -> Result<Calendar, AppError> {
        let number = self.number();
        self.store.read(self.number, |tx| {
            let (school, _) = crate::work::identify(tx, number, &Actor::Operator)?;
            crate::calendar::load(tx, number, school.region.as_deref(), store::ALWAYS)
        })
    }

    /// Whether somebody asked to send at once; asking is over once it was answered.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn take_send_request(&self) -> Result<bool, AppError> {
        let number = self.number();
        let asked = self
            .store
            .read(self.number, |tx| Ok::<_, AppError>(store::school::progress(tx, number)?.send_asked_at))?;
        if asked.is_some() {
            self.store.write(self.number, move |tx| {
                Ok::<_, AppError>(store::school::set_send_asked(tx, number, None)?)
            })?;
        }
        Ok(asked.is_some())
    }

    /// Asks again for what [`School::take_send_request`] took, when sending could not even begin.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn return_send_request(&self, now: Instant) -> Result<(), AppError> {
        let number = self.number();
        self.store.write(self.number, move |tx| {
            Ok::<_, AppError>(store::school::set_send_asked(tx, number, Some(now))?)
        })
    }
}
