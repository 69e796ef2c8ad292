//! What stands out: long absences without a break, and absence mainly on one weekday.

use crate::listing::{Files, Listing, Rows};
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
    files: Files,
    /// How many students of low attendance are listed in all.
    lowest_count: usize,
}

/// `GET /stand-out`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.stand_out(actor, now)).await?;
    let said = Said::of(&page);
    if let Some(take) = page.take()? {
        return page.hand_over(&take, listing(said, &view, &take.part)).await;
    }
    let term = view.term.map(|term| term.id);
    let shown = StandOutPage {
        files: page.files("stand-out", "/stand-out"),
        lowest_count: view.lowest.iter().map(|(_, lines)| lines.len()).sum(),
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

fn listing(said: Said, view: &StandOutView, part: &str) -> Option<Listing> {
    let words = said.words;
    let lowest = || view.lowest.iter().flat_map(|(label, lines)| lines.iter().map(move |line| (label, line)));
    let weekday = |number: i8| words.get(&format!("web-weekday-{number}"));
    Some(match part {
        "long" => Rows::of(words, "stand-out-long", &view.long)
            .student(|line| &line.student)
            .number("school_days_away", |line| line.away.days as usize)
            .date("last_attended", |line| line.away.last_attended)
            .done(),
        "weekday" => Rows::of(words, "stand-out-weekday", &view.on_one_weekday)
            .student(|line| &line.student)
            .absence(|line| line.tally)
            .text("weekday", |line| weekday(line.found.weekday))
            .number("absent_on_it", |line| line.found.on_it as usize)
            .number("absent_half_days", |line| line.found.absent as usize)
            .done(),
        "lowest" => Rows::of(words, "stand-out-lowest", lowest())
            .text("house_or_year", |(label, _)| (*label).clone())
            .student(|(_, (student, _))| student)
            .absence(|(_, (_, tally))| *tally)
            .attendance(|(_, (_, tally))| *tally)
            .done(),
        _ => return None,
    })
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
