//! The calendar: days that differ from an ordinary week, and terms.

use super::super::kept::{CalendarEntry, Kept};
use super::super::values::{date, number};
use super::{each, optional_date};
use crate::contract::{CalendarRow, Parsed, Row, TEXT_LENGTH};
use domain::{CalendarDay, Date, Term, TermId};
use std::collections::BTreeMap;

const CALENDAR: [&str; 4] = ["date", "status", "term", "day"];

/// A day as a calendar push says it.
struct Day {
    date: Date,
    is_open: bool,
    is_weekday: bool,
    in_term: bool,
    status: String,
}

/// The days of a calendar push that differ from an ordinary week: weekdays in a term on which the
/// school is not open, with KAMAR's word for the day as the reason, and open days at a weekend.
///
/// KAMAR sends no halves: a day is open or closed. Which members a calendar push has is not public;
/// read are those that KAMAR's portal shows: `date`, `status`, `term`, `week` and the day of the
/// timetable. An entry without a status says nothing and is passed over.
///
/// Of a date that stands twice the last entry counts. `was_told` says of which dates KAMAR told before
/// that they differ: these are told again when they do not any more.
#[must_use]
pub fn calendar(kept: &Kept, was_told: &dyn Fn(Date) -> bool) -> Parsed<CalendarRow> {
    let mut days = days(kept);
    let rows = std::mem::take(&mut days.rows);
    let mut parsed = Parsed::new();
    (parsed.header, parsed.problems) = (days.header, days.problems);
    (parsed.problem_count, parsed.bad_rows) = (days.problem_count, days.bad_rows);
    let said = rows.into_iter().filter(|row| !row.value.status.is_empty());
    let last: BTreeMap<Date, Row<Day>> = said.map(|row| (row.value.date, row)).collect();
    for Row { line, value: day } in last.into_values() {
        let differs = if day.is_weekday { day.in_term && !day.is_open } else { day.is_open };
        if differs || was_told(day.date) {
            let reason = if day.is_open { String::new() } else { day.status };
            let value = CalendarRow {
                date: day.date,
                day: CalendarDay { am_open: day.is_open, pm_open: day.is_open, reason },
            };
            parsed.rows.push(Row { line, value });
        }
    }
    parsed
}

fn days(kept: &Kept) -> Parsed<Day> {
    let mut parsed = Parsed::new();
    let records = kept.calendar.as_deref().unwrap_or_default();
    let values = (1..).zip(records).map(|(line, entry)| {
        let values = [&entry.date, &entry.status, &entry.term, &entry.day].map(String::as_str);
        (line, values)
    });
    each(&mut parsed, &CALENDAR, values, |cells, _| {
        let date = optional_date(cells, 0);
        let status = cells.text(1, TEXT_LENGTH)?;
        let date = date?;
        if date.is_none() {
            cells.refuse(0, "nothing is here", "a date as year, month and day, such as 20260504");
        }
        let date = date?;
        let is_positive = |text: &str| number(text).is_some_and(|number| number > 0);
        Some(Day {
            date,
            is_open: is_open(&status),
            is_weekday: date.weekday().to_monday_zero_offset() < 5,
            in_term: is_positive(cells.raw(2)),
            status,
        })
    });
    parsed
}

fn is_open(status: &str) -> bool {
    status.eq_ignore_ascii_case("open")
}

/// The terms of a calendar push, from the first to the last open day that each has. A term is only
/// given when the calendar goes on before and after it: part of a calendar has no part of a term.
#[must_use]
pub fn terms(kept: &Kept) -> Parsed<Term> {
    let mut parsed = Parsed::new();
    let mut found: BTreeMap<(i16, i64), (Date, Date, u64)> = BTreeMap::new();
    let mut all: Option<(Date, Date)> = None;
    for (line, entry) in (1..).zip(kept.calendar.iter().flatten()) {
        let Ok(Some(day)) = date(&entry.date) else { continue };
        all = Some(all.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        let Some(term) = number(&entry.term).filter(|term| (1..=4).contains(term)) else { continue };
        if !is_open(&entry.status) {
            continue;
        }
        let holder = found.entry((day.year(), term)).or_insert((day, day, line));
        holder.0 = holder.0.min(day);
        holder.1 = holder.1.max(day);
    }
    let Some((first_known, last_known)) = all else { return parsed };
    for ((year, number), (first, last, line)) in found {
        if first == first_known || last == last_known {
            continue;
        }
        let term = TermId::parse(&format!("{year}-T{number}")).map_err(|sentence| sentence.to_string());
        match term.and_then(|id| Term::new(id, first, last).map_err(|sentence| sentence.to_string())) {
            Ok(value) => parsed.rows.push(Row { line, value }),
            Err(sentence) => {
                parsed.report(crate::contract::Problem::new(line, "term", sentence, "correct it in KAMAR"));
            }
        }
    }
    parsed
}

/// The week of the timetable that holds a date, by a calendar push.
#[must_use]
pub fn week_on(kept: &Kept, day: Date) -> Option<u8> {
    let holds = |entry: &&CalendarEntry| date(&entry.date) == Ok(Some(day));
    let entry = kept.calendar.iter().flatten().find(holds)?;
    number(&entry.week).and_then(|week| u8::try_from(week).ok()).filter(|week| *week > 0)
}
