//! The calendar, terms and the timetable.

use super::convert::{Out, ready};
use super::line::Line;
use crate::contract::cells::shown;

pub(super) const CALENDAR: [&str; 4] = ["date", "am", "pm", "reason"];
pub(super) const TERMS: [&str; 3] = ["term", "first_day", "last_day"];
pub(super) const TIMETABLE: [&str; 6] = ["group", "weekday", "period", "start", "minutes", "from_date"];

pub(super) fn day(line: &mut Line<'_, '_>, out: &mut Out) {
    if !line.wrong.is_empty() {
        ready(line, out).row(&[""; CALENDAR.len()]);
        return;
    }
    let date = line.date("date");
    let half = |line: &mut Line<'_, '_>, own| {
        let field = if line.sense.mapping.has(own) { own } else { "day" };
        line.word(field, "open")
    };
    let (am, pm) = (half(line, "am"), half(line, "pm"));
    let cells = [date.as_str(), &am, &pm, line.text("reason")];
    ready(line, out).row(&cells);
}

pub(super) fn term(line: &mut Line<'_, '_>, out: &mut Out) {
    if !line.wrong.is_empty() {
        ready(line, out).row(&[""; TERMS.len()]);
        return;
    }
    let (first, last) = (line.date("first_day"), line.date("last_day"));
    let text = line.text("term");
    let year = match line.text("year") {
        "" => first.get(..4).unwrap_or_default(),
        year => year,
    };
    let term = named_term(text, year).unwrap_or_else(|| {
        line.refuse("term", format!("{} is no term", shown(text)), "such as 2026-T2, Term 2 or 2");
        text.to_owned()
    });
    ready(line, out).row(&[&term, &first, &last]);
}

/// `2026-T2`, of that, `Term 2`, `T2 2026` or `2`.
fn named_term(text: &str, year: &str) -> Option<String> {
    let numbers: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let number = *numbers.iter().find(|number| number.len() == 1)?;
    let own = numbers.iter().find(|number| number.len() == 4);
    (numbers.len() <= 2 && ["1", "2", "3", "4"].contains(&number))
        .then(|| format!("{}-T{number}", own.unwrap_or(&year)))
}

pub(super) fn period(line: &mut Line<'_, '_>, out: &mut Out) {
    if !line.wrong.is_empty() {
        ready(line, out).row(&[""; TIMETABLE.len()]);
        return;
    }
    let start = line.time("start");
    let minutes = line.minutes(&start);
    let from = line.optional_date("from_date");
    let cells = [line.text("group"), line.text("weekday"), line.text("period"), &start, &minutes, &from];
    ready(line, out).row(&cells);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_known_however_it_is_written() {
        for text in ["2026-T2", "Term 2", "T2 2026", "2", "Term 2, 2026"] {
            assert_eq!(named_term(text, "2026").as_deref(), Some("2026-T2"), "{text}");
        }
        for none in ["Term 5", "Winter", "12", ""] {
            assert_eq!(named_term(none, "2026"), None, "{none}");
        }
    }
}
