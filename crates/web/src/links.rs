//! Addresses of the student pages. Ids are the school's own texts, so each is percent-encoded.

use crate::Fields;
use crate::asked::Asked;
pub(crate) use crate::form::encode;
use app::Target;
use app::views::OwedTask;
use domain::{Date, Half, HalfDay, StudentId, TermId, Threshold};

/// The Student page, on one term if it is named.
pub(crate) fn student(id: &StudentId, term: Option<TermId>) -> String {
    let term = term.map_or_else(String::new, |term| format!("?term={term}"));
    format!("/students/{}{term}", encode(id.as_str()))
}

/// How a student's term was counted.
pub(crate) fn count(id: &StudentId, term: TermId) -> String {
    format!("/students/{}/count?term={term}", encode(id.as_str()))
}

/// What happened to levels on a day.
pub(crate) fn movement(on: Date) -> String {
    format!("/movement?on={on}")
}

/// One half-day of the Student page.
pub(crate) fn student_cell(id: &StudentId, term: TermId, half_day: HalfDay) -> String {
    format!("/students/{}?term={term}&cell={}#cell", encode(id.as_str()), cell(half_day))
}

/// A half-day in an address: `2026-05-04-am`.
pub(crate) fn cell(half_day: HalfDay) -> String {
    format!("{}-{}", half_day.date, half_day.half)
}

/// Reads [`cell`].
pub(crate) fn parse_cell(text: &str) -> Option<HalfDay> {
    let (date, half) = text.rsplit_once('-')?;
    Some(HalfDay::new(date.parse().ok()?, Half::parse(half)?))
}

/// The form for one student, answering a level or none.
pub(crate) fn respond(
    id: &StudentId,
    term: Option<TermId>,
    threshold: Option<Threshold>,
    list: &str,
) -> String {
    let term = term.map_or_else(String::new, |term| format!("&term={term}"));
    let threshold =
        threshold.map_or_else(String::new, |threshold| format!("&threshold={}", threshold.days()));
    format!("/respond?student={}{threshold}{term}{list}", encode(id.as_str()))
}

/// A target as one value of a form or an address, not encoded: `604858|2026-T2|5|five/contact`.
/// `respond::targets` reads it.
pub(crate) fn target(target: &Target) -> String {
    let term = target.term.map_or_else(String::new, |term| term.to_string());
    let days = target.threshold.map_or_else(String::new, |threshold| threshold.days().to_string());
    let step = target.step.as_ref().map_or_else(String::new, ToString::to_string);
    format!("{}|{term}|{days}|{step}", target.student_id)
}

/// The form for a student's task.
pub(crate) fn task(id: &StudentId, term: Option<TermId>, task: &OwedTask, list: &str) -> String {
    with(&respond(id, term, task.level, list), &format!("step={}", encode(&task.key.to_string())))
}

/// The form for the reason of an absence, by its first half-day.
pub(crate) fn reason(id: &StudentId, first: HalfDay) -> String {
    format!("/reasons/{}?first={}", encode(id.as_str()), cell(first))
}

/// A roll, of one period where it is named.
pub(crate) fn roll(group: &str, half_day: HalfDay, period: Option<&str>) -> String {
    let period = period.map_or_else(String::new, |name| format!("&period={}", encode(name)));
    format!("/roll/{}?date={}&half={}{period}", encode(group), half_day.date, half_day.half)
}

/// Which part of Today's list a reader came from, as values to add to an address:
/// `&level=10&mine=1`.
pub(crate) fn list(asked: &Fields) -> String {
    let level = asked.level("level").map_or_else(String::new, |level| format!("&level={}", level.days()));
    let mine = if asked.is("mine") { "&mine=1" } else { "" };
    format!("{level}{mine}")
}

/// An address with values put behind it, whether or not it has some already.
pub(crate) fn with(address: &str, values: &str) -> String {
    let values = values.trim_start_matches('&');
    match (values.is_empty(), address.contains('?')) {
        (true, _) => address.to_owned(),
        (false, true) => format!("{address}&{values}"),
        (false, false) => format!("{address}?{values}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_any_character_stands_safely_in_an_address() {
        let id = StudentId::parse("a/b c?ā&1").err();
        assert!(id.is_some(), "such an id is refused beforehand");
        let id = StudentId::parse("ā/b c:1@x+2").expect("an id");
        assert_eq!(student(&id, None), "/students/%C4%81%2Fb%20c%3A1%40x%2B2");
    }

    #[test]
    fn a_target_reads_back_as_it_was_written() {
        let id = || StudentId::parse("604858").expect("an id");
        let whole = Target {
            student_id: id(),
            term: TermId::parse("2026-T2").ok(),
            threshold: Some(Threshold::FIVE),
            step: domain::StepKey::parse("five/contact"),
        };
        assert_eq!(target(&whole), "604858|2026-T2|5|five/contact");
        let bare = Target { student_id: id(), term: None, threshold: None, step: None };
        for one in [whole, bare] {
            let written = format!("c={}", encode(&target(&one)));
            let asked = Fields::parse(written.as_bytes()).expect("few enough");
            assert_eq!(crate::respond::targets(&asked).expect("targets"), [one]);
        }
    }

    #[test]
    fn a_half_day_reads_back_from_its_address() {
        let half_day = HalfDay::new("2026-05-04".parse().expect("a date"), Half::Am);
        assert_eq!(parse_cell(&cell(half_day)), Some(half_day));
        for bad in ["", "2026-05-04", "2026-05-04-xm", "2026-13-04-am", "am"] {
            assert_eq!(parse_cell(bad), None, "{bad}");
        }
    }
}
