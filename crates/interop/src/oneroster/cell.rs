//! Single values: a status, a date, a list, ids of other systems, a year level.

use super::sheet::fold;
use domain::{Date, Instant, Zone};

/// Whether a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    /// To be deleted, or no longer active.
    Gone,
}

/// Reads a status, and what was tolerated about it; nothing when it means nothing.
pub(super) fn status(text: &str) -> Option<(Status, Option<String>)> {
    let plain = fold(text);
    let as_written =
        |word: &str| (text != word && !text.is_empty()).then(|| format!("status {text:?} is read as {word}"));
    match plain.as_str() {
        "" => Some((Status::Active, None)),
        "active" => Some((Status::Active, as_written("active"))),
        "tobedeleted" | "deleted" | "tobedelete" => Some((Status::Gone, as_written("tobedeleted"))),
        "inactive" => Some((Status::Gone, as_written("tobedeleted"))),
        _ => None,
    }
}

/// A date as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) date: Date,
    /// Whether it stands as OneRoster asks: an ISO date, or an ISO moment.
    pub(super) is_iso: bool,
}

/// Reads a date: ISO, a moment, day/month/year or eight digits. A moment is a date in the school's zone.
pub(super) fn date(text: &str, zone: Zone) -> Option<Read> {
    let text = text.trim();
    let (day, rest) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    if !rest.is_empty()
        && let Ok(moment) = Instant::parse(&format!("{day}T{rest}"))
    {
        return sensible(zone.date(moment)).map(|date| Read { date, is_iso: true });
    }
    if !rest.is_empty() && !rest.bytes().all(|byte| byte.is_ascii_digit() || b":.+-Z ampAMP".contains(&byte))
    {
        return None;
    }
    let digits =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() && part.len() <= 4;
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let (year, month, date) = match parts.as_slice() {
        [year, month, date] if year.len() == 4 => (*year, *month, *date),
        [date, month, year] if year.len() == 4 => (*year, *month, *date),
        [eight] if eight.len() == 8 && eight.is_ascii() => (&eight[..4], &eight[4..6], &eight[6..]),
        _ => return None,
    };
    if ![year, month, date].into_iter().all(digits) {
        return None;
    }
    let is_iso = day.len() == 10 && day.as_bytes()[4] == b'-' && day.as_bytes()[7] == b'-';
    let made = Date::new(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?).ok()?;
    sensible(made).map(|date| Read { date, is_iso })
}

fn sensible(date: Date) -> Option<Date> {
    (1900..2200).contains(&date.year()).then_some(date)
}

/// The members of a list between commas, with and without spaces.
pub(super) fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Ids in other systems, `{type:id},{type:id}`; what is written otherwise is left out.
pub(super) fn user_ids(text: &str) -> Vec<(String, String)> {
    let mut ids = Vec::new();
    for part in text.split('{').skip(1) {
        let inner = part.split('}').next().unwrap_or_default();
        if let Some((kind, id)) = inner.split_once(':')
            && !id.trim().is_empty()
        {
            ids.push((kind.trim().to_owned(), id.trim().to_owned()));
        }
    }
    ids
}

/// Whether a text looks like a National Student Number: nine or ten digits.
pub(super) fn looks_like_nsn(text: &str) -> bool {
    (9..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::cells::as_year;
    use jiff::civil::date as day;

    #[test]
    fn a_date_is_read_in_every_form_that_is_met() {
        let zone = Zone::Auckland;
        for text in [
            "2026-02-03",
            "20260203",
            "3/2/2026",
            "03-02-2026",
            "2026/2/3",
            "2026-02-03T00:00:00.000Z",
            "2026-02-02T11:00:00Z",
            "2026-02-03 00:00:00",
            "2026-02-03T08:00:00+13:00",
        ] {
            assert_eq!(date(text, zone).map(|read| read.date), Some(day(2026, 2, 3)), "{text}");
        }
        assert!(date("2026-02-03", zone).is_some_and(|read| read.is_iso));
        assert!(date("3/2/2026", zone).is_some_and(|read| !read.is_iso));
        for text in [
            "",
            "soon",
            "2026-13-01",
            "12/25/2026",
            "0001-01-01",
            "2026-02-30",
            "26-02-03",
            "é2345678",
            "2026-02-03Tnoon",
        ] {
            assert_eq!(date(text, zone), None, "{text}");
        }
    }

    #[test]
    fn a_status_in_another_case_is_read_and_told() {
        assert_eq!(status(""), Some((Status::Active, None)));
        assert_eq!(status("active"), Some((Status::Active, None)));
        assert!(status("Active").is_some_and(|(status, told)| status == Status::Active && told.is_some()));
        assert!(status("inactive").is_some_and(|(status, told)| status == Status::Gone && told.is_some()));
        assert_eq!(status("tobedeleted"), Some((Status::Gone, None)));
        assert_eq!(status("maybe"), None);
    }

    #[test]
    fn ids_lists_and_year_levels_are_taken_apart() {
        let ids = user_ids("{NSN:0123456789},{LDAP:12}, {x},{e:}");
        assert_eq!(ids, [("NSN".to_owned(), "0123456789".to_owned()), ("LDAP".to_owned(), "12".to_owned())]);
        assert_eq!(list("a, b,,c "), ["a", "b", "c"]);
        for (grade, level) in
            [("09", "9"), ("Year 9", "9"), ("Y13", "13"), ("10", "10"), ("KG", "KG"), ("", "")]
        {
            assert_eq!(as_year(grade), level, "{grade}");
        }
    }
}
