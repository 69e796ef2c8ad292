//! Terms, the school's own calendar, and half-day marks.

use super::cells::{Cells, shown};
use super::table::{Layout, read};
use super::{Parsed, Problem, TEXT_LENGTH};
use domain::{CalendarDay, Code, Date, Half, HalfDay, Instant, StudentId, Term, TermId};
use unicode_normalization::UnicodeNormalization;

const TERMS: Layout =
    Layout { required: &["term", "first_day", "last_day"], optional: &[], explain: |_| None };
const CALENDAR: Layout =
    Layout { required: &["date", "am", "pm", "reason"], optional: &[], explain: |_| None };
const MARKS: Layout = Layout {
    required: &["student_id", "date", "half", "code"],
    optional: &["recorded_at", "recorded_by"],
    explain: period_register,
};

/// A row of the calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRow {
    /// The date.
    pub date: Date,
    /// What the school does on it.
    pub day: CalendarDay,
}

/// A row of the half-day marks file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkRow {
    /// Whose mark.
    pub student_id: StudentId,
    /// Which half of which day.
    pub half_day: HalfDay,
    /// The letter as it stands in the file, in use on its date; `None` unmarks.
    pub letter: Option<char>,
    /// When it was recorded, for information only: file order decides.
    pub recorded_at: Option<Instant>,
    /// Who recorded it; empty when the file does not say.
    pub recorded_by: String,
}

impl MarkRow {
    /// What the letter means on its date, with an older letter read as today's; `None` unmarks.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        reference::codes().resolve(self.letter?, self.half_day.date)
    }
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

/// Reads a half-day marks file: `student_id,date,half,code` and, if wanted,
/// `recorded_at,recorded_by`.
#[must_use]
pub fn marks(bytes: &[u8]) -> Parsed<MarkRow> {
    const HALVES: [(&str, Half); 2] = [("am", Half::Am), ("pm", Half::Pm)];
    read(bytes, &MARKS, |cells| {
        let student_id = cells.id(0, StudentId::parse);
        let (date, half) = (cells.date(1), cells.choice(2, &HALVES));
        let letter = code(cells, 3, date);
        let recorded_at = recorded_at(cells, 4);
        let recorded_by = cells.name(5);
        Some(MarkRow {
            student_id: student_id?,
            half_day: HalfDay::new(date?, half?),
            letter: letter?,
            recorded_at: recorded_at?,
            recorded_by: recorded_by?,
        })
    })
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
fn code(cells: &mut Cells<'_>, place: usize, date: Option<Date>) -> Option<Option<char>> {
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
    if reference::codes().resolve(letter, date).is_some() {
        return Some(Some(letter));
    }
    let (wrong, right) = why_unknown(letter, date);
    cells.refuse(place, wrong, right);
    None
}

fn why_unknown(letter: char, date: Date) -> (String, String) {
    let list = reference::codes();
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

/// A header of the period register, which has a code for each period instead of each half-day.
fn period_register(header: &[String]) -> Option<Problem> {
    let has = |column: &str| header.iter().any(|name| name == column);
    let is_period = !has("half") && ["period", "start", "minutes"].into_iter().any(has);
    is_period.then(|| {
        let wrong = "these are marks by period, and the period register is not supported yet";
        let right = "export half-days, with the columns student_id, date, half, code";
        Problem::new(1, "header", wrong, right)
    })
}
