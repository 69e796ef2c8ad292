//! The term as a strip: weeks across, half-days down.

use crate::links;
use crate::words_of::{self, SEVERAL, Said, filled};
use app::views::{DayCell, StudentView};
use domain::period::shown_code;
use domain::{Cell, Class, Half, HalfDay, Term};
use pages::{CellClass, Strip, StripRow};
use std::collections::BTreeMap;

/// The code that decided a half-day; nothing where several did.
pub(super) fn letter(cell: &DayCell) -> Option<char> {
    match cell.cell {
        Cell::Marked(letter) => shown_code(letter),
        Cell::Unmarked | Cell::NotEnrolled => None,
    }
}

/// What a half-day amounts to, as it is drawn.
pub(super) fn class(cell: &DayCell) -> CellClass {
    match (cell.cell, cell.class) {
        (Cell::Marked(domain::code::UNKNOWN), _) => CellClass::Unknown,
        (Cell::Marked(_), Some(Class::Present)) => CellClass::Present,
        (Cell::Marked(_), Some(Class::Justified)) => CellClass::Justified,
        (Cell::Marked(_), _) => CellClass::Unjustified,
        (Cell::Unmarked, _) if !cell.is_to_come => CellClass::Unmarked,
        (Cell::Unmarked | Cell::NotEnrolled, _) => CellClass::Closed,
    }
}

/// What a half-day amounts to, in words.
pub(super) fn class_word(cell: &DayCell) -> &'static str {
    match class(cell) {
        CellClass::Present => "class-present",
        CellClass::Justified => "class-justified",
        CellClass::Unjustified => "class-unjustified",
        CellClass::Unknown => "class-unknown",
        CellClass::Unmarked => "class-unmarked",
        CellClass::Closed if cell.cell == Cell::NotEnrolled => "student-not-enrolled",
        CellClass::Closed => "student-to-come",
    }
}

/// The strip of the term that is shown.
pub(super) fn strip(said: Said, view: &StudentView) -> Option<Strip> {
    let term = view.term?;
    let cells: BTreeMap<HalfDay, &DayCell> = view.cells.iter().map(|cell| (cell.half_day, cell)).collect();
    if cells.is_empty() {
        return None;
    }
    let weeks = term.week(term.last_day);
    // Weekends only where the school opened one.
    let days = cells
        .keys()
        .map(|half_day| half_day.date.weekday().to_monday_zero_offset())
        .max()
        .unwrap_or(4)
        .max(4);
    let mut rows = Vec::new();
    for day in 0..=days {
        for half in Half::BOTH {
            let dates = (1..=weeks).map(|week| date(term, week, day).map(|date| HalfDay::new(date, half)));
            let line: Vec<Option<HalfDay>> = dates.collect();
            let label =
                line.iter().flatten().next().map_or_else(String::new, |&first| said.weekday_half(first));
            let drawn = line.iter().map(|half_day| {
                let cell = half_day.and_then(|half_day| cells.get(&half_day));
                cell.map_or_else(closed, |cell| draw(said, view, term, cell))
            });
            rows.push(StripRow { label, starts_day: half == Half::Am, cells: drawn.collect() });
        }
    }
    let caption = said.words.one("student-strip", "term", said.term(term.id).as_str());
    Some(Strip { caption, weeks: (1..=weeks).map(|week| week.to_string()).collect(), rows })
}

fn date(term: Term, week: i32, day: i8) -> Option<domain::Date> {
    let first = term.first_day;
    let from_monday = i64::from(first.weekday().to_monday_zero_offset());
    let days = i64::from(week - 1) * 7 + i64::from(day) - from_monday;
    let step = std::time::Duration::from_secs(days.unsigned_abs() * 86_400);
    if days < 0 { first.checked_sub(step).ok() } else { first.checked_add(step).ok() }
}

fn closed() -> pages::Cell {
    pages::Cell {
        code: String::new(),
        class: CellClass::Closed,
        reached: None,
        says: String::new(),
        href: String::new(),
    }
}

fn draw(said: Said, view: &StudentView, term: Term, cell: &DayCell) -> pages::Cell {
    if cell.cell == Cell::NotEnrolled {
        return closed();
    }
    pages::Cell {
        code: match cell.cell {
            Cell::Marked(letter) => shown_code(letter).unwrap_or(SEVERAL).to_string(),
            Cell::Unmarked | Cell::NotEnrolled => String::new(),
        },
        class: class(cell),
        reached: cell.reached.map(words_of::band_of),
        says: says(said, cell),
        href: links::student_cell(&view.student.id, term.id, cell.half_day),
    }
}

/// "Thu 19 Nov, pm: ?, Reason not known yet. Entered by TAU, today, 9.10 am. Reached 5 days."
fn says(said: Said, cell: &DayCell) -> String {
    let mut says = format!("{}: ", said.half_day(cell.half_day).said);
    if let Some(letter) = letter(cell) {
        says.push_str(&format!("{letter}, "));
    }
    says.push_str(&said.words.get(class_word(cell)));
    says.push('.');
    if let Some(mark) = cell.versions.last() {
        let at = said.instant(mark.recorded_at).said;
        says.push(' ');
        says.push_str(&filled(said.words, "student-entered", &[("name", &mark.entered_by), ("when", &at)]));
    }
    if let Some(level) = cell.reached {
        says.push(' ');
        says.push_str(&said.words.one("student-reached-here", "level", said.level(level).as_str()));
    }
    says
}
