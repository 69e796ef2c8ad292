//! The trace: how one student's tally came about, half-day by half-day.
//!
//! It answers from the history: marks, calendar, enrolment and codes as they are known now or were
//! known at a moment, never from a derived row. So it is also a check on what is kept, and agrees
//! with the export of tallies by the same knowledge. Only the events of crossings, which are
//! history themselves, come from their own table.

use super::StaffNames;
use super::ledger::{self, About, LedgerEvent, TracedMark};
use crate::work::{identify, in_reach};
use crate::{Actor, AppError, School, calendar, codes};
use domain::code::UNKNOWN;
use domain::period::{Mark, PeriodHalf, PeriodMark, count_day, shown_code};
use domain::{
    Calendar, Cell, Class, CodeList, CrossingState, Date, Half, HalfDay, Instant, Permission, Reached, Sheet,
    Spell, StudentId, Tally, Term, TermCalendar, TermId, Threshold, Zone, crossing,
};
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::mark::MarkVersion;
use store::people::StudentRow;

/// Whose tally is asked about, and by which knowledge.
#[derive(Debug, Clone)]
pub struct TraceRequest {
    /// Whose.
    pub student: StudentId,
    /// In which term.
    pub term: TermId,
    /// Through the afternoon of this date; the current half-day when nothing is named.
    pub as_of: Option<Date>,
    /// By what had been recorded then; by all that is recorded when nothing is named.
    pub known_at: Option<Instant>,
}

/// How a tally came about.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Whose.
    pub student: StudentRow,
    /// The term, as it was known.
    pub term: Term,
    /// The last half-day that is looked at.
    pub as_of: HalfDay,
    /// The moment whose knowledge it rests on; today's when nothing is named.
    pub known_at: Option<Instant>,
    /// The school's zone, in which times are said.
    pub zone: Zone,
    /// The counts.
    pub tally: Tally,
    /// Half-days in order: every open one, every closed weekday, and closed ones that hold a mark.
    pub half_days: Vec<TracedHalfDay>,
    /// What happened to each level that was ever reached.
    pub crossings: Vec<TracedCrossing>,
    /// The attendance codes over time.
    pub codes: Cow<'static, CodeList>,
}

/// One half-day and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedHalfDay {
    /// Which.
    pub half_day: HalfDay,
    /// The rule that decided.
    pub rule: Rule,
    /// The letter that decided, in today's list; nothing when it is unmarked, does not count, or
    /// several codes of its periods decided.
    pub code: Option<char>,
    /// What it amounts to, when it counts.
    pub class: Option<Class>,
    /// Which absent half-day of the term it is: 7 for the seventh.
    pub number: Option<u32>,
    /// The level that it reached.
    pub reached: Option<Threshold>,
    /// Every version of its mark that was known, oldest first; of each period's mark in turn in a
    /// period register.
    pub versions: Vec<TracedMark>,
}

impl TracedHalfDay {
    /// Whether a mark stands there and does not count.
    #[must_use]
    pub fn is_set_aside(&self) -> bool {
        let stands = |mark: &TracedMark| mark.stands && mark.letter.is_some();
        self.versions.iter().any(stands) && matches!(self.rule, Rule::Closed(_) | Rule::NotEnrolled)
    }
}

/// The rule that decided what a half-day amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// One code for the half-day.
    OneCode,
    /// The codes of its periods, by their minutes.
    Periods(PeriodHalf),
    /// The code is `?`: it counts as absent until somebody knows more.
    Unknown,
    /// No mark stands: a missing roll, neither present nor absent.
    Unmarked,
    /// The student was not enrolled: it does not count.
    NotEnrolled,
    /// The school was closed: it does not count.
    Closed(Closed),
}

impl Rule {
    /// `one_code`, `periods`, `unknown`, `unmarked`, `not_enrolled`, `closed`: the word in files.
    #[must_use]
    pub fn text(&self) -> &'static str {
        match self {
            Self::OneCode => "one_code",
            Self::Periods(_) => "periods",
            Self::Unknown => "unknown",
            Self::Unmarked => "unmarked",
            Self::NotEnrolled => "not_enrolled",
            Self::Closed(_) => "closed",
        }
    }
}

/// Why a half-day was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The school said so, in these words (or none).
    BySchool(String),
    /// A holiday of this name.
    Holiday(String),
    /// A weekend.
    Weekend,
}

/// A level that was reached, with everything that happened to it.
#[derive(Debug, Clone)]
pub struct TracedCrossing {
    /// Whether it is reached by this trace.
    pub state: CrossingState,
    /// The level, and the half-day that reached it (that last did, when withdrawn).
    pub reached: Reached,
    /// What happened to it, oldest first.
    pub events: Vec<LedgerEvent>,
}

impl School {
    /// How a student's tally in a term came about. Changes nothing, and settles nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach; [`AppError::Invalid`] for a term that is
    /// not in the calendar as it was known.
    pub fn trace(&self, actor: &Actor, now: Instant, asked: &TraceRequest) -> Result<Trace, AppError> {
        let number = self.number;
        self.store.read(number, |tx| {
            let (school, who) = identify(tx, number, actor)?;
            let student = store::people::student(tx, number, &asked.student)?;
            let student = in_reach(student, who.as_ref(), Permission::SeeStudents, &asked.student)?;
            let known_at = store::known_at(asked.known_at);
            let calendar = calendar::load(tx, number, school.region.as_deref(), known_at)?;
            let open = calendar.term_calendar(asked.term).ok_or_else(|| no_term(asked.term))?;
            let (codes, staff) = (codes::load(tx, number, known_at)?, StaffNames::load(tx, number)?);
            let (id, term) = (std::slice::from_ref(&asked.student), open.term);
            let spells = store::people::spells_of(tx, number, id, known_at)?;
            let spells = crate::settle::group_spells(spells).remove(&asked.student).unwrap_or_default();
            let marks = store::mark::of_students(tx, number, id, (term.first_day, term.last_day), known_at)?;
            let as_of = asked.as_of.map(|date| HalfDay::new(date, Half::Pm));
            let as_of = as_of.unwrap_or_else(|| school.zone.current_half_day(now));
            let counted = Counted::of(open, &codes, &spells, &marks, as_of);
            let responses = store::response::of_student(tx, number, &asked.student)?;
            let about = About {
                school: number,
                term,
                codes: &codes,
                staff: &staff,
                known_at,
                marks: &marks,
                responses: &responses,
            };
            let events = store::derived::events_of_student(tx, number, term.id, &asked.student)?;
            let events = events.into_iter().filter(|event| event.at.micros() <= known_at).collect();
            let events = ledger::tell(tx, &about, events)?;
            Ok(Trace {
                student,
                term,
                as_of,
                known_at: asked.known_at,
                zone: school.zone,
                tally: counted.tally,
                half_days: counted.half_days(&calendar, &marks, &staff),
                crossings: counted.crossings(events),
                codes,
            })
        })
    }
}

fn no_term(term: TermId) -> AppError {
    let problem = format!("{term} is not in the calendar: import its dates with `starboard import terms`");
    AppError::invalid("term", problem)
}

/// One student's term, counted.
struct Counted<'a> {
    open: TermCalendar,
    codes: &'a CodeList,
    standing: Vec<Mark>,
    sheet: Sheet,
    as_of: HalfDay,
    tally: Tally,
    reached: Vec<Reached>,
}

impl<'a> Counted<'a> {
    fn of(
        open: TermCalendar,
        codes: &'a CodeList,
        spells: &[Spell],
        marks: &[MarkVersion],
        as_of: HalfDay,
    ) -> Self {
        let standing = crate::settle::standing_marks(codes, marks);
        let sheet = Sheet::lay(&open, spells, standing.iter().copied());
        let (sets, through) = (sheet.sets(&open, codes), open.through(as_of));
        let reached = crossing::crossings(&sets.absent(), &open, through, &Threshold::MINISTRY);
        Self { tally: Tally::of(&sets, through), open, codes, standing, sheet, as_of, reached }
    }

    fn half_days(
        &self,
        calendar: &Calendar,
        marks: &[MarkVersion],
        staff: &StaffNames,
    ) -> Vec<TracedHalfDay> {
        let mut versions: BTreeMap<HalfDay, Vec<TracedMark>> = BTreeMap::new();
        for (mark, stands) in ledger::with_standing(marks) {
            versions.entry(mark.half_day).or_default().push(TracedMark::of(mark, stands, staff));
        }
        let (mut lines, mut absent) = (Vec::new(), 0);
        let mut date = self.open.term.first_day;
        while date <= self.open.term.last_day.min(self.as_of.date) {
            for half_day in Half::BOTH.map(|half| HalfDay::new(date, half)) {
                let own = versions.remove(&half_day).unwrap_or_default();
                let line = if half_day <= self.as_of { self.line(calendar, half_day, own) } else { None };
                lines.extend(line.map(|line| self.numbered(line, &mut absent)));
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        lines
    }

    fn line(
        &self,
        calendar: &Calendar,
        half_day: HalfDay,
        versions: Vec<TracedMark>,
    ) -> Option<TracedHalfDay> {
        let plain = |rule| TracedHalfDay {
            half_day,
            rule,
            code: None,
            class: None,
            number: None,
            reached: None,
            versions: Vec::new(),
        };
        let Some(position) = self.open.position(half_day) else {
            let closed = closed(calendar, half_day);
            let is_shown = closed != Closed::Weekend || !versions.is_empty();
            return is_shown.then(|| TracedHalfDay { versions, ..plain(Rule::Closed(closed)) });
        };
        let line = match self.sheet.cell(position) {
            Cell::NotEnrolled => plain(Rule::NotEnrolled),
            Cell::Unmarked => plain(Rule::Unmarked),
            Cell::Marked(letter) => {
                let rule = match self.periods(half_day) {
                    Some(periods) => Rule::Periods(periods),
                    None if letter == UNKNOWN => Rule::Unknown,
                    None => Rule::OneCode,
                };
                let class = self.codes.class(letter, half_day.date);
                TracedHalfDay { code: shown_code(letter), class, ..plain(rule) }
            }
        };
        Some(TracedHalfDay { versions, ..line })
    }

    /// What the periods of a half-day amount to; nothing when none of its periods holds a mark.
    fn periods(&self, half_day: HalfDay) -> Option<PeriodHalf> {
        let of_day = self.standing.iter().filter(|mark| mark.half_day.date == half_day.date);
        let open = of_day.filter(|mark| self.open.position(mark.half_day).is_some());
        let marks: Vec<PeriodMark> = open
            .filter_map(|mark| {
                Some(PeriodMark { half: mark.half_day.half, minutes: mark.minutes?, code: mark.code })
            })
            .collect();
        count_day(&marks)[half_day.half as usize]
    }

    /// Numbers an absence: `absent` is the running count.
    fn numbered(&self, mut line: TracedHalfDay, absent: &mut u32) -> TracedHalfDay {
        if matches!(line.class, Some(Class::Justified | Class::Unjustified)) {
            *absent += 1;
            line.number = Some(*absent);
            let reached = self.reached.iter().find(|reached| reached.half_day == line.half_day);
            line.reached = reached.map(|reached| reached.threshold);
        }
        line
    }

    /// Each level with its events; one that is reached though nothing is known to have happened is
    /// there too: it was settled later than what is known.
    fn crossings(&self, events: Vec<LedgerEvent>) -> Vec<TracedCrossing> {
        let mut own: BTreeMap<Threshold, Vec<LedgerEvent>> = BTreeMap::new();
        for event in events {
            own.entry(event.event.reached.threshold).or_default().push(event);
        }
        let mut lines = Vec::new();
        for threshold in Threshold::MINISTRY {
            let events = own.remove(&threshold).unwrap_or_default();
            let now = self.reached.iter().find(|reached| reached.threshold == threshold);
            let last = events.last().map(|event| event.event.reached);
            let last = last.filter(|reached| reached.half_day <= self.as_of);
            let (state, reached) = match (now, last) {
                (Some(&reached), _) => (CrossingState::Reached, reached),
                (None, Some(reached)) => (CrossingState::Withdrawn, reached),
                (None, None) => continue,
            };
            lines.push(TracedCrossing { state, reached, events });
        }
        lines
    }
}

/// Why a half-day of a term is closed.
fn closed(calendar: &Calendar, half_day: HalfDay) -> Closed {
    match (calendar.day(half_day.date), calendar.holiday(half_day.date)) {
        (Some(day), _) => Closed::BySchool(day.reason.clone()),
        (None, Some(name)) => Closed::Holiday(name.to_owned()),
        (None, None) => Closed::Weekend,
    }
}
