//! Dates in the forms in which other systems write them.
//!
//! Whether `03/08/2026` is in March or in August no single cell says; a whole column mostly does,
//! since some day in it is above 12. Where none is, it is read as New Zealand writes it.

use crate::contract::cells::shown;
use domain::Date;
use std::borrow::Cow;
use std::time::Duration;

/// In which order the numbers of a date stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// Day, month, year.
    #[default]
    DayFirst,
    /// Month, day, year.
    MonthFirst,
}

/// What the dates of a table say of their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderSeen {
    /// The first line on which the first number is above 12.
    pub day_first: Option<u64>,
    /// The first line on which the second number is above 12.
    pub month_first: Option<u64>,
    /// Whether any date was written with both as numbers.
    pub any: bool,
}

impl OrderSeen {
    pub(super) fn see(&mut self, line: u64, cell: &str) {
        let Some([first, second, _]) = numbers(without_time(cell)) else { return };
        self.any = true;
        if first > 12 && second <= 12 {
            self.day_first.get_or_insert(line);
        } else if second > 12 && first <= 12 {
            self.month_first.get_or_insert(line);
        }
    }

    /// The order that the data prove; nothing when they do not, or contradict themselves.
    #[must_use]
    pub fn proven(&self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (Some(_), None) => Some(DateOrder::DayFirst),
            (None, Some(_)) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

/// Serial numbers of a spreadsheet that can be meant: 1954 to 2119.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

/// The day that a spreadsheet's serial numbers count from.
const SERIAL_ZERO: (i16, i8, i8) = (1899, 12, 30);

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const MONTHS_IN_REO: [&str; 12] = [
    "kohitātea",
    "huitanguru",
    "poutūterangi",
    "paengawhāwhā",
    "haratua",
    "pipiri",
    "hōngongoi",
    "hereturikōkā",
    "mahuru",
    "whiringa-ā-nuku",
    "whiringa-ā-rangi",
    "hakihea",
];

/// Reads a date, or says what is wrong and what would be right. A time after it is left out.
pub(super) fn read(cell: &str, order: DateOrder, is_workbook: bool) -> Result<Date, (String, String)> {
    let text = without_time(cell);
    if is_elsewhere(cell.trim()) {
        let wrong = format!("{} is a time of another zone, where it may be another day", shown(cell.trim()));
        return Err((wrong, "the date of the school's own day, such as 2026-08-03".to_owned()));
    }
    let form = match order {
        DateOrder::DayFirst => "a date such as 3/08/2026 or 2026-08-03",
        DateOrder::MonthFirst => "a date such as 08/03/2026 (month first) or 2026-08-03",
    };
    if cell.trim().is_empty() {
        return Err(("nothing is here".to_owned(), form.to_owned()));
    }
    let parts = iso(text).or_else(|| compact(text)).or_else(|| named(text)).or_else(|| {
        let [first, second, year] = numbers(text)?;
        Some(match order {
            DateOrder::DayFirst => [year, second, first],
            DateOrder::MonthFirst => [year, first, second],
        })
    });
    let Some([year, month, day]) = parts else {
        return match serial(text).filter(|_| is_workbook) {
            Some(date) => Ok(date),
            None => Err((format!("{} is not a date", shown(cell.trim())), form.to_owned())),
        };
    };
    let small = |number: i64| i8::try_from(number).unwrap_or_default();
    match Date::new(i16::try_from(year).unwrap_or_default(), small(month), small(day)) {
        Ok(date) if (1900..2200).contains(&year) => Ok(date),
        Ok(_) => {
            Err((format!("{} is in a year that cannot be meant", shown(text)), "check the year".to_owned()))
        }
        Err(_) => Err((format!("{} is not in the calendar", shown(text)), form.to_owned())),
    }
}

/// The offsets of New Zealand's clocks: a moment written with one bears the school's own date.
const OURS: [&str; 4] = ["+12:00", "+13:00", "+12:45", "+13:45"];

/// Whether a moment is written by another clock than ours, other than the midnight that stands for a date.
fn is_elsewhere(cell: &str) -> bool {
    let Some((_, time)) = cell.split_once(['T', ' ']) else { return false };
    if !time.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let end = time.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(time.len());
    let (time, zone) = (&time[..end], time[end..].trim());
    let is_midnight = time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.'));
    let is_universal = ["Z", "z", "UTC", "GMT", "+00:00", "+0000", "-00:00"].contains(&zone);
    let is_offset = zone.starts_with(['+', '-']) && zone[1..].starts_with(|c: char| c.is_ascii_digit());
    (is_universal && !is_midnight) || (is_offset && !is_universal && !OURS.contains(&zone))
}

/// The date without a time behind it or a weekday before it.
fn without_time(cell: &str) -> &str {
    let mut text = cell.trim();
    if let Some((date, time)) = text.split_once('T')
        && date.ends_with(|c: char| c.is_ascii_digit())
        && time.starts_with(|c: char| c.is_ascii_digit())
    {
        text = date;
    }
    // The time is whatever follows the last part without a colon.
    if let Some(colon) = text.find(':') {
        text = text[..colon].rsplit_once(' ').map_or("", |(date, _)| date).trim_end();
    }
    let first = text.split([' ', ',']).next().unwrap_or_default();
    let is_weekday = first.len() >= 3
        && first.chars().all(char::is_alphabetic)
        && ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            .iter()
            .any(|day| first.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(day)));
    if is_weekday { text[first.len()..].trim_start_matches([' ', ',']) } else { text }
}

fn number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// A year of two digits is of this century unless that lies far ahead.
fn year(text: &str) -> Option<i64> {
    let year = number(text)?;
    match text.len() {
        4 => Some(year),
        2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

fn split(text: &str) -> Option<[&str; 3]> {
    let mark = ['/', '-', '.'].into_iter().find(|mark| text.matches(*mark).count() == 2)?;
    let mut parts = text.split(mark).map(str::trim);
    Some([parts.next()?, parts.next()?, parts.next()?])
}

/// `2026-08-03`, `2026/8/3`.
fn iso(text: &str) -> Option<[i64; 3]> {
    let [first, second, third] = split(text)?;
    if first.len() != 4 || second.len() > 2 || third.len() > 2 {
        return None;
    }
    Some([number(first)?, number(second)?, number(third)?])
}

/// `20260803`.
fn compact(text: &str) -> Option<[i64; 3]> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some([number(&text[..4])?, number(&text[4..6])?, number(&text[6..])?])
}

/// `3/8/2026`, `03-08-26`, `3.8.2026`: two numbers and a year.
fn numbers(text: &str) -> Option<[i64; 3]> {
    let [first, second, last] = split(text)?;
    if first.len() > 2 || second.len() > 2 {
        return None;
    }
    Some([number(first)?, number(second)?, year(last)?])
}

/// `3 Aug 2026`, `3-Aug-26`, `August 3, 2026`.
fn named(text: &str) -> Option<[i64; 3]> {
    let plain = |c: char| if matches!(c, ',' | '/' | '.') || c == '-' { ' ' } else { c };
    // The names of two months hold a hyphen.
    let text: Cow<'_, str> =
        if MONTHS_IN_REO.iter().any(|month| month.contains('-') && text.to_lowercase().contains(month)) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.chars().map(plain).collect())
        };
    let mut parts = text.split_whitespace();
    let (first, second, last) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let day =
        |text: &str| number(text.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h'])).filter(|day| *day <= 31);
    let (day, month) = match month(second) {
        Some(month) => (day(first)?, month),
        None => (day(second)?, month(first)?),
    };
    Some([year(last)?, month, day])
}

fn month(text: &str) -> Option<i64> {
    let text = text.to_lowercase();
    if text.chars().count() < 3 || text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_it = |(_, (english, reo)): &(i64, (&&str, &&str))| {
        english.starts_with(text.as_str()) || **reo == text || (text == "sept" && **english == "september")
    };
    (1..).zip(MONTHS.iter().zip(&MONTHS_IN_REO)).find(is_it).map(|(number, _)| number)
}

fn serial(text: &str) -> Option<Date> {
    let whole = text.split('.').next().unwrap_or_default();
    let days = whole.parse::<i64>().ok().filter(|days| SERIALS.contains(days))?;
    let (year, month, day) = SERIAL_ZERO;
    let zero = Date::new(year, month, day).ok()?;
    zero.checked_add(Duration::from_secs(days.unsigned_abs() * 86_400)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_iso(cell: &str) -> String {
        read(cell, DateOrder::DayFirst, false).map_or_else(|(wrong, _)| wrong, |date| date.to_string())
    }

    #[test]
    fn a_date_is_read_in_every_form_in_which_it_is_met() {
        for cell in [
            "2026-08-03",
            "2026/8/3",
            "3/8/2026",
            "03/08/26",
            "3-8-2026",
            "3.8.2026",
            "20260803",
            "3 Aug 2026",
            "03-Aug-26",
            "3 August 2026",
            "August 3, 2026",
            "Mon 3 Aug 2026",
            "Monday, 3/08/2026",
            "3rd Aug 2026",
            "3/08/2026 9:10:00 AM",
            "3/08/2026 12:00 am",
            "2026-08-03T09:10:00+12:00",
            "2026-08-03 09:10:00",
            "3 Hereturikōkā 2026",
            " 3/08/2026 ",
        ] {
            assert_eq!(as_iso(cell), "2026-08-03", "{cell}");
        }
        assert_eq!(as_iso("1 Whiringa-ā-nuku 2026"), "2026-10-01");
        assert_eq!(as_iso("1 Sept 2026"), "2026-09-01");
        assert_eq!(as_iso("1/2/70"), "1970-02-01");
    }

    #[test]
    fn what_is_no_date_is_said_to_be_none_with_one_that_would_be() {
        for cell in
            ["soon", "32/13", "1/2/3/4", "2026", "46237", "3/8", "202608", "Mon", "a:b", ":", "T", "1T2"]
        {
            assert!(as_iso(cell).contains("is not a date"), "{cell}: {}", as_iso(cell));
        }
        assert!(as_iso("30/02/2026").contains("not in the calendar"));
        assert!(as_iso("1/1/0026").contains("year"));
        assert_eq!(as_iso(""), "nothing is here");
        let (_, right) = read("13/13/2026", DateOrder::MonthFirst, false).err().unwrap_or_default();
        assert!(right.contains("month first"));
    }

    #[test]
    fn serial_numbers_are_dates_in_a_workbook_alone() {
        assert_eq!(
            read("46237", DateOrder::DayFirst, true).map(|date| date.to_string()),
            Ok("2026-08-03".to_owned())
        );
        assert_eq!(
            read("46237.4", DateOrder::DayFirst, true).map(|date| date.to_string()),
            Ok("2026-08-03".to_owned())
        );
        assert!(read("101", DateOrder::DayFirst, true).is_err());
    }

    #[test]
    fn the_order_is_what_the_whole_column_proves() {
        let seen = |cells: &[&str]| {
            let mut seen = OrderSeen::default();
            (2..).zip(cells).for_each(|(line, cell)| seen.see(line, cell));
            seen
        };
        let day = seen(&["3/8/2026", "13/8/2026", "2026-08-14"]);
        assert_eq!((day.proven(), day.day_first), (Some(DateOrder::DayFirst), Some(3)));
        let month = seen(&["8/3/2026", "8/13/2026 9:00"]);
        assert_eq!((month.proven(), month.month_first), (Some(DateOrder::MonthFirst), Some(3)));
        assert_eq!(
            read("8/3/2026", DateOrder::MonthFirst, false).map(|date| date.to_string()),
            Ok("2026-08-03".to_owned())
        );
        let either = seen(&["3/8/2026", "4/8/2026"]);
        assert!(either.proven().is_none() && either.any);
        assert!(seen(&["13/8/2026", "8/13/2026"]).proven().is_none());
        assert!(!seen(&["2026-08-03", "20260803", "3 Aug 2026"]).any);
    }
}
