//! What stands out: long absences without a break, and absence mainly on one weekday.

use crate::lists::{MOST, Who};
use crate::words_of::{Said, filled};
use crate::{Page, WebError, links};
use app::views::StandOutView;
use askama::Template;
use axum::response::Response;
use domain::TermId;
use pages::Frame;

/// A student away for a long time.
struct Long {
    name: String,
    group: String,
    href: String,
    days: u32,
    last_attended: Option<String>,
}

/// A student absent mainly on one weekday.
struct Weekday {
    who: Who,
    /// "Friday: 6 of 8 absent half-days".
    found: String,
}

/// A student who attends little.
struct Low {
    who: Who,
    /// With how complete the rolls are.
    attended: String,
}

#[derive(Template)]
#[template(path = "stand_out.html")]
struct StandOutPage {
    frame: Frame,
    term: Option<String>,
    long: Vec<Long>,
    long_count: usize,
    weekday: Vec<Weekday>,
    weekday_count: usize,
    /// Each house or year with the lowest attendance in it.
    lowest: Vec<(String, Vec<Low>)>,
    /// Where an enrolment is ended, for those who may.
    imports: Option<&'static str>,
}

/// `GET /stand-out`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.stand_out(actor, now)).await?;
    let said = Said::of(&page);
    let term = view.term.map(|term| term.id);
    let shown = StandOutPage {
        frame: page.frame(page.word("review-stand-out")),
        term: term.map(|term| said.term(term)),
        long: long(said, &view, term),
        long_count: view.long.len(),
        weekday: weekday(said, &view, term),
        weekday_count: view.on_one_weekday.len(),
        lowest: view.lowest.iter().map(|(label, lines)| (label.clone(), lows(said, lines, term))).collect(),
        imports: page.may_open("/school/imports").then_some("/school/imports"),
    };
    page.html(&shown)
}

fn long(said: Said, view: &StandOutView, term: Option<TermId>) -> Vec<Long> {
    let line = |line: &app::views::LongAbsence| Long {
        name: line.student.full_name(),
        group: line.student.group.clone(),
        href: links::student(&line.student.id, term),
        days: line.away.days,
        last_attended: line.away.last_attended.map(|date| said.date(date)),
    };
    view.long.iter().take(MOST).map(line).collect()
}

fn lows(said: Said, lines: &[(app::StudentRow, domain::Tally)], term: Option<TermId>) -> Vec<Low> {
    let line = |(student, tally): &(app::StudentRow, domain::Tally)| Low {
        who: Who::new(student, tally, term),
        attended: said.attended(tally).unwrap_or_default(),
    };
    lines.iter().map(line).collect()
}

fn weekday(said: Said, view: &StandOutView, term: Option<TermId>) -> Vec<Weekday> {
    let line = |line: &app::views::WeekdayLine| {
        let weekday = said.words.get(&format!("web-weekday-{}", line.found.weekday));
        let [on_it, absent] = [line.found.on_it, line.found.absent].map(|count| count.to_string());
        let args = [("weekday", weekday.as_str()), ("on", on_it.as_str()), ("absent", absent.as_str())];
        Weekday {
            who: Who::new(&line.student, &line.tally, term),
            found: filled(said.words, "stand-out-found", &args),
        }
    };
    view.on_one_weekday.iter().take(MOST).map(line).collect()
}
