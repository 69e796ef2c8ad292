//! Terms, the school's own calendar, and the marks of both registers.

use super::cells::{Cells, shown};
use super::table::{Layout, read, read_one_of};
use super::{Parsed, TEXT_LENGTH};
use domain::period::{LONGEST_PERIOD_MINUTES, PERIOD_NAME_LENGTH, parse_start};
use domain::{CalendarDay, CodeList, Date, Half, HalfDay, Instant, Period, StudentId, Term, TermId};
use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

const TERMS: Layout = Layout { required: &["term", "first_day", "last_day"], optional: &[] };
const CALENDAR: Layout = Layout { required: &["date", "am", "pm", "reason"], optional: &[] };
const MARKS: Layout =
    Layout { required: &["student_id", "date", "half", "code"], optional: &["recorded_at", "recorded_by"] };
const PERIOD_MARKS: Layout = Layout {
    required: &["student_id", "date", "period", "start", "minutes", "code"],
    optional: &["recorded_at", "recorded_by"],
};

/// A row of the calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRow {
    /// The date.
    pub date: Date,
    /// What the school does on it.
    pub day: CalendarDay,
}

/// A row of the marks file of either register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkRow {
    /// Whose mark.
    pub student_id: StudentId,
    /// Which half of which day; for a period the one in which it starts.
    pub half_day: HalfDay,
    /// Which period, in a period register.
    pub period: Option<Arc<Period>>,
    /// The letter as it stands in the file, in use on its date; `None` unmarks.
    pub letter: Option<char>,
    /// Who recorded it and when, where the file says either.
    pub recorded: Option<Box<Recorded>>,
}

/// How a mark was recorded in the system that it comes from, for information only: file order decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// When.
    pub at: Option<Instant>,
    /// By whom; empty when the file does not say.
    pub by: String,
}

/// Reads a terms file: `term,first_day,last_day`.
#[must_use]
pub fn terms(bytes: &[u8]) -> Parsed<Term> {
    read(bytes, &TERMS, |cells| {
        let id = cells.short(0).and_then(|text| match TermId::parse(text) {
            Ok(id) => Some(id),
            Err(sentence) => {
                cells.refuse_sentence(0, &sentence);
                None
            }
        });
        let (first_day, last_day) = (cells.date(1), cells.date(2));
        match Term::new(id?, first_day?, last_day?) {
            Ok(term) => Some(term),
            Err(sentence) => {
                cells.refuse_sentence(2, &sentence);
                None
            }
        }
    })
}

/// Reads a calendar file: `date,am,pm,reason`.
#[must_use]
pub fn calendar(bytes: &[u8]) -> Parsed<CalendarRow> {
    const OPEN: [(&str, bool); 2] = [("open", true), ("closed", false)];
    read(bytes, &CALENDAR, |cells| {
        let date = cells.date(0);
        let (am_open, pm_open) = (cells.choice(1, &OPEN), cells.choice(2, &OPEN));
        let reason = cells.text(3, TEXT_LENGTH);
        let day = CalendarDay { am_open: am_open?, pm_open: pm_open?, reason: reason? };
        Some(CalendarRow { date: date?, day })
    })
}

/// Values of which equal ones are kept once.
struct Once<T>(RefCell<HashSet<T>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(RefCell::new(HashSet::new()))
    }
}

impl<T: Clone + Eq + Hash> Once<T> {
    fn known<Q: Eq + Hash + ?Sized>(&self, value: &Q) -> Option<T>
    where
        T: Borrow<Q>,
    {
        self.0.borrow().get(value).cloned()
    }

    fn keep(&self, value: T) -> T {
        self.0.borrow_mut().insert(value.clone());
        value
    }
}

/// Reads a marks file: `student_id,date,half,code` of a half-day register or
/// `student_id,date,period,start,minutes,code` of a period register and, if wanted,
/// `recorded_at,recorded_by`. `codes` says which letters there are.
#[must_use]
pub fn marks(bytes: &[u8], codes: &CodeList) -> Parsed<MarkRow> {
    marks_as(bytes, codes, |row| row)
}

/// What is wrong with a marks file: as [`marks`] reads it, without keeping what the good rows say.
#[must_use]
pub fn look_at_marks(bytes: &[u8], codes: &CodeList) -> Parsed<()> {
    marks_as(bytes, codes, drop)
}

fn marks_as<T>(bytes: &[u8], codes: &CodeList, keep: impl Fn(MarkRow) -> T) -> Parsed<T> {
    const HALVES: [(&str, Half); 2] = [("am", Half::Am), ("pm", Half::Pm)];
    // A file has a million rows of a few thousand students and a few periods: each is kept once.
    let (students, periods) = (Once::<StudentId>::default(), Once::<Arc<Period>>::default());
    read_one_of(bytes, &[&MARKS, &PERIOD_MARKS], |layout, cells| {
        let student_id = cells.id(0, |text| match students.known(text) {
            Some(known) => Ok(known),
            None => StudentId::parse(text).map(|id| students.keep(id)),
        });
        let date = cells.date(1);
        let (half, period, after) = if layout == 0 {
            (cells.choice(2, &HALVES), None, 3)
        } else {
            let period = period(cells, 2);
            let half = period.as_ref().map(Period::half);
            let once = |period: Period| periods.known(&period).unwrap_or_else(|| periods.keep(period.into()));
            (half, period.map(once), 5)
        };
        let letter = code(cells, after, date, codes);
        let recorded_at = recorded_at(cells, after + 1);
        let recorded_by = cells.name(after + 2);
        let recorded = Recorded { at: recorded_at?, by: recorded_by? };
        let is_said = recorded.at.is_some() || !recorded.by.is_empty();
        Some(keep(MarkRow {
            student_id: student_id?,
            half_day: HalfDay::new(date?, half?),
            period,
            letter: letter?,
            recorded: is_said.then(|| Box::new(recorded)),
        }))
    })
}

/// A period's name, start and minutes, from three cells beside each other.
pub(super) fn period(cells: &mut Cells<'_>, place: usize) -> Option<Period> {
    let name = cells.text(place, PERIOD_NAME_LENGTH);
    let start = parse_start(cells.raw(place + 1));
    if start.is_none() {
        let wrong = format!("{} is not a time of day", shown(cells.raw(place + 1)));
        cells.refuse(place + 1, wrong, "hours and minutes, such as 09:10");
    }
    let text = cells.raw(place + 2);
    let minutes = text.parse().ok().filter(|minutes| (1..=LONGEST_PERIOD_MINUTES).contains(minutes));
    if minutes.is_none() {
        let right = format!("a whole number from 1 to {LONGEST_PERIOD_MINUTES}");
        cells.refuse(place + 2, format!("{} is not a number of minutes", shown(text)), right);
    }
    match Period::new(&name?, start?, minutes?) {
        Ok(period) => Some(period),
        Err(sentence) => {
            cells.refuse(place, "this does not name a period", sentence);
            None
        }
    }
}

fn recorded_at(cells: &mut Cells<'_>, place: usize) -> Option<Option<Instant>> {
    let text = cells.short(place)?;
    if text.is_empty() {
        return Some(None);
    }
    match Instant::parse(text) {
        Ok(instant) => Some(Some(instant)),
        Err(sentence) => {
            cells.refuse_sentence(place, &sentence);
            None
        }
    }
}

/// The letter of a code in use on its date; `Some(None)` when the cell is empty.
fn code(cells: &mut Cells<'_>, place: usize, date: Option<Date>, codes: &CodeList) -> Option<Option<char>> {
    let text = cells.raw(place);
    let mut letters = text.chars();
    let Some(letter) = letters.next() else { return Some(None) };
    if letters.next().is_some() {
        let wrong = format!("{} is more than one letter", shown(text));
        cells.refuse(place, wrong, "one code, or nothing to unmark");
        return None;
    }
    // Without a date nothing can be said about the code: the date's own problem is enough.
    let date = date?;
    if codes.resolve(letter, date).is_some() {
        return Some(Some(letter));
    }
    let (wrong, right) = why_unknown(letter, date, codes);
    cells.refuse(place, wrong, right);
    None
}

/// What is wrong with a letter that is no code on a date, and what would be right.
pub(crate) fn why_unknown(letter: char, date: Date, list: &CodeList) -> (String, String) {
    let plain: String = letter.nfkc().flat_map(char::to_uppercase).collect();
    let wrong = format!("{} is not a code on {date}", shown(&letter.to_string()));
    if let Some(meant) = plain.chars().next().filter(|&meant| list.resolve(meant, date).is_some()) {
        return (wrong, format!("did you mean {meant}?"));
    }
    let older = list.rows().iter().find(|row| plain.starts_with(row.letter));
    if let Some((to, counts_as)) = older.and_then(|row| Some((row.to?, row.counts_as?))) {
        let wrong = format!("{} was a code until {to} only", shown(&plain));
        return (wrong, format!("{counts_as}, which it counted as"));
    }
    let known: Vec<String> = list.on(date).map(|row| row.letter.to_string()).collect();
    (wrong, format!("one of {}", known.join(" ")))
}
