//! What programs look up: students, marks, the calendar, codes.

use super::Slice;
use crate::set_calendar::{self, CalendarEntry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{
    ApiScope, Calendar, CalendarDay, CodeRow, Date, Half, HalfDay, Instant, Permission, SchoolNumber, Slot,
    Spell, StudentId, Term, TermId,
};
use std::collections::BTreeMap;
use store::mark::{MarkPage, MarkVersion};
use store::people::StudentRow;
use store::{ALWAYS, Tx};

/// Which students are asked for.
#[derive(Debug, Clone, Default)]
pub struct StudentsAsk {
    /// Of one form or whānau class.
    pub group: Option<String>,
    /// Of one year level.
    pub year_level: Option<String>,
    /// Enrolled on this date.
    pub enrolled_on: Option<Date>,
    /// After this one, in order of id.
    pub after: Option<StudentId>,
    /// The most to answer.
    pub limit: usize,
    /// With the NSN.
    pub with_nsn: bool,
}

/// A student as a program sees them. Without the scope for it, and unless it was asked for, there is no
/// NSN in it.
#[derive(Debug, Clone)]
pub struct StudentRecord {
    /// Who.
    pub student: StudentRow,
    /// When they were, are and will be enrolled.
    pub spells: Vec<Spell>,
}

/// Which marks are asked for.
#[derive(Debug, Clone)]
pub struct MarksAsk {
    /// Between which dates (inclusive).
    pub dates: (Date, Date),
    /// Recorded at or after this moment; then also those that were taken back since.
    pub since: Option<Instant>,
    /// Of one student alone.
    pub student: Option<StudentId>,
    /// After this one: student, date, slot.
    pub after: Option<(String, String, String)>,
    /// The most to answer.
    pub limit: usize,
}

/// A date as the calendar has it.
#[derive(Debug, Clone)]
pub struct CalendarRecord {
    /// Which.
    pub date: Date,
    /// The term that holds it.
    pub term: Option<TermId>,
    /// Whether the morning is open.
    pub am: bool,
    /// Whether the afternoon is open.
    pub pm: bool,
    /// Why it is not as other days, in words.
    pub reason: String,
}

impl CalendarRecord {
    fn of(calendar: &Calendar, date: Date) -> Self {
        let half = |half| HalfDay::new(date, half);
        let entered = calendar.day(date).map(|day| day.reason.clone());
        let why = || [Half::Am, Half::Pm].into_iter().find_map(|own| calendar.why_closed(half(own)));
        Self {
            date,
            term: calendar.term_on(date).map(|term| term.id),
            am: calendar.is_open(half(Half::Am)),
            pm: calendar.is_open(half(Half::Pm)),
            reason: entered.filter(|reason| !reason.is_empty()).or_else(why).unwrap_or_default(),
        }
    }
}

impl School {
    /// Students in order of id.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope, also for the NSN.
    pub fn api_students(
        &self,
        actor: &Actor,
        now: Instant,
        ask: &StudentsAsk,
    ) -> Result<Slice<StudentRecord>, AppError> {
        actor.require_scope(ApiScope::StudentsRead)?;
        if ask.with_nsn {
            actor.require_scope(ApiScope::NsnRead)?;
        }
        let found = self.view(actor, now, |reading| {
            let number = reading.school.number;
            let mut spells = crate::settle::group_spells(store::people::spells(reading.tx, number, ALWAYS)?);
            let students = store::people::students(reading.tx, number)?;
            let is_wanted = |student: &StudentRow, spells: &[Spell]| {
                let same = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|one| one == own);
                ask.after.as_ref().is_none_or(|after| student.id > *after)
                    && same(&ask.group, &student.group)
                    && same(&ask.year_level, &student.year_level)
                    && ask.enrolled_on.is_none_or(|date| domain::sheet::is_enrolled(spells, date))
            };
            let records = students.into_iter().filter_map(|student| {
                let spells = spells.remove(&student.id).unwrap_or_default();
                is_wanted(&student, &spells).then(|| record(student, spells, ask.with_nsn))
            });
            Ok(Slice::of(records, ask.limit))
        })?;
        self.log_nsn(actor, now, &found.rows)?;
        Ok(found)
    }

    /// One student.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope, also for the NSN; [`AppError::NotFound`].
    pub fn api_student(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
        with_nsn: bool,
    ) -> Result<StudentRecord, AppError> {
        actor.require_scope(ApiScope::StudentsRead)?;
        if with_nsn {
            actor.require_scope(ApiScope::NsnRead)?;
        }
        let found = self.view(actor, now, |reading| {
            let number = reading.school.number;
            let student = store::people::student(reading.tx, number, id)?.ok_or_else(|| no_student(id))?;
            let versions = store::people::spells_of(reading.tx, number, std::slice::from_ref(id), ALWAYS)?;
            let spells = crate::settle::group_spells(versions).remove(id).unwrap_or_default();
            Ok(record(student, spells, with_nsn))
        })?;
        self.log_nsn(actor, now, std::slice::from_ref(&found))?;
        Ok(found)
    }

    /// Writes down that a program saw the NSN of these students, by ids alone.
    fn log_nsn(&self, actor: &Actor, now: Instant, seen: &[StudentRecord]) -> Result<(), AppError> {
        let ids: Vec<&str> =
            seen.iter().filter(|one| one.student.nsn.is_some()).map(|one| one.student.id.as_str()).collect();
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(()) };
        let about = match ids.len() {
            1 => (*first).to_owned(),
            count => format!("{count} students from {first} to {last}"),
        };
        self.act(Order::new("reveal_nsn", actor, now).about(about), |work| work.act().map(drop))
    }

    /// Marks that stand, in order of student, date and slot.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope.
    pub fn api_marks(
        &self,
        actor: &Actor,
        now: Instant,
        ask: &MarksAsk,
    ) -> Result<Slice<MarkVersion>, AppError> {
        actor.require_scope(ApiScope::MarksRead)?;
        self.view(actor, now, |reading| {
            let after = ask
                .after
                .as_ref()
                .map(|(student, date, slot)| (student.as_str(), date.as_str(), slot.as_str()));
            let page = MarkPage {
                dates: ask.dates,
                since: ask.since,
                student: ask.student.as_ref(),
                after,
                limit: i64::try_from(ask.limit + 1).unwrap_or(i64::MAX),
            };
            let rows = store::mark::page(reading.tx, reading.school.number, &page)?;
            Ok(Slice::of(rows.into_iter(), ask.limit))
        })
    }

    /// The mark that stands in a slot of a student's date; one that was taken back has no letter.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope to see or to write marks; [`AppError::NotFound`] for an
    /// unknown student or when there never was a mark.
    pub fn api_mark(
        &self,
        actor: &Actor,
        now: Instant,
        (student, date, slot): (&StudentId, Date, &Slot),
    ) -> Result<MarkVersion, AppError> {
        let found = self.api_mark_or_none(actor, now, (student, date, slot))?;
        found.ok_or_else(|| AppError::not_found(format!("{student} has no mark on {date} {slot}")))
    }

    /// The same; nothing when there never was a mark.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope to see or to write marks; [`AppError::NotFound`] for an
    /// unknown student.
    pub fn api_mark_or_none(
        &self,
        actor: &Actor,
        now: Instant,
        (student, date, slot): (&StudentId, Date, &Slot),
    ) -> Result<Option<MarkVersion>, AppError> {
        actor.require_scope(ApiScope::MarksRead).or_else(|_| actor.require_scope(ApiScope::MarksWrite))?;
        self.view(actor, now, |reading| {
            let number = reading.school.number;
            store::people::student(reading.tx, number, student)?.ok_or_else(|| no_student(student))?;
            let versions = store::mark::of_day(reading.tx, number, std::slice::from_ref(student), date)?;
            let own = versions.into_iter().filter(|version| version.slot() == *slot);
            Ok(own.max_by_key(|version| version.version))
        })
    }

    /// The school's terms, in order.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn api_terms(&self, actor: &Actor, now: Instant) -> Result<Vec<Term>, AppError> {
        self.view(actor, now, |reading| Ok(reading.calendar.terms().to_vec()))
    }

    /// A term and its version, which rises whenever it is entered.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a term that was never entered.
    pub fn api_term(&self, actor: &Actor, now: Instant, id: TermId) -> Result<(Term, i64), AppError> {
        self.view(actor, now, |reading| {
            let term = reading.calendar.term(id).copied();
            let term = term.ok_or_else(|| AppError::not_found(format!("there is no term {id}")))?;
            Ok((term, version_of_term(reading.tx, reading.school.number, id)?))
        })
    }

    /// Says from when to when a term goes; `seen` is the version that the program saw, 0 when there was
    /// none, nothing for whichever stands, if one does. What stands already is left as it is.
    ///
    /// # Errors
    /// As [`School::api_set_day`]; [`AppError::Invalid`] of the term when it would overlap another.
    pub fn api_set_term(
        &self,
        actor: &Actor,
        now: Instant,
        seen: Option<i64>,
        term: Term,
    ) -> Result<(), AppError> {
        let order = Order::new("set_calendar", actor, now).about(term.id.to_string());
        self.act(order, move |work| {
            let version = version_of_term(work.tx, work.school.number, term.id)?;
            write_calendar(work, (seen, version), CalendarEntry::Term(term))
        })
    }

    /// The dates between two, as the calendar has them.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn api_calendar(
        &self,
        actor: &Actor,
        now: Instant,
        (from, to): (Date, Date),
    ) -> Result<Vec<CalendarRecord>, AppError> {
        self.view(actor, now, |reading| {
            let dates = std::iter::successors(Some(from), |date| date.tomorrow().ok());
            let record = |date| CalendarRecord::of(&reading.calendar, date);
            Ok(dates.take_while(|date| *date <= to).map(record).collect())
        })
    }

    /// A date as the calendar has it, and its version, which rises whenever it is entered.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn api_day(
        &self,
        actor: &Actor,
        now: Instant,
        date: Date,
    ) -> Result<(CalendarRecord, i64), AppError> {
        self.view(actor, now, |reading| {
            let version = version_of_day(reading.tx, reading.school.number, date)?;
            Ok((CalendarRecord::of(&reading.calendar, date), version))
        })
    }

    /// Says whether the school is open on a date, and why not; `seen` is the version that the program saw,
    /// nothing for whichever stands. What stands already is left as it is.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::Invalid`] of the version when somebody else was
    /// quicker, and for a reason that is too long.
    pub fn api_set_day(
        &self,
        actor: &Actor,
        now: Instant,
        (date, seen): (Date, Option<i64>),
        day: CalendarDay,
    ) -> Result<(), AppError> {
        let order = Order::new("set_calendar", actor, now).about(date.to_string());
        self.act(order, move |work| {
            let version = version_of_day(work.tx, work.school.number, date)?;
            write_calendar(work, (seen, version), CalendarEntry::Day(date, day))
        })
    }

    /// The attendance codes that are in use on a date.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn api_codes(
        &self,
        actor: &Actor,
        now: Instant,
        date: Option<Date>,
    ) -> Result<Vec<CodeRow>, AppError> {
        self.view(actor, now, |reading| {
            let date = date.unwrap_or(reading.current.date);
            let rows: BTreeMap<char, CodeRow> =
                reading.codes.on(date).map(|row| (row.letter, row.clone())).collect();
            Ok(rows.into_values().collect())
        })
    }
}

pub(super) fn no_student(id: &StudentId) -> AppError {
    AppError::not_found(format!("there is no student {id}"))
}

fn record(mut student: StudentRow, spells: Vec<Spell>, with_nsn: bool) -> StudentRecord {
    if !with_nsn {
        student.nsn = None;
    }
    StudentRecord { student, spells }
}

/// Writes an entry if the version that the program saw still stands.
fn write_calendar(
    work: &mut Work<'_, '_>,
    (seen, version): (Option<i64>, i64),
    entry: CalendarEntry,
) -> Result<(), AppError> {
    work.require(Permission::EditCalendar, "edit the calendar")?;
    let is_seen = seen.map_or(version > 0, |seen| seen == version);
    if !is_seen {
        let problem = "somebody else changed this meanwhile: read it again, then decide";
        return Err(AppError::invalid("version", problem));
    }
    set_calendar::save(work, vec![entry]).map(drop)
}

/// The act that entered a term last; 0 for one that was never entered.
fn version_of_term(tx: &mut Tx<'_>, number: SchoolNumber, id: TermId) -> Result<i64, AppError> {
    let versions = store::calendar::history(tx, number)?.terms.into_iter();
    Ok(versions.filter(|version| version.term.id == id).map(|version| version.act).max().unwrap_or_default())
}

/// One more than the act that entered a date of the calendar, or any term, last: both say what a date is.
fn version_of_day(tx: &mut Tx<'_>, number: SchoolNumber, date: Date) -> Result<i64, AppError> {
    let history = store::calendar::history(tx, number)?;
    let days = history.days.iter().filter(|day| day.date == date).map(|day| day.act);
    let acts = days.chain(history.terms.iter().map(|version| version.act));
    Ok(acts.max().unwrap_or_default() + 1)
}
