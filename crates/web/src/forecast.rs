//! Forecast: who is about to reach a level. A quiet list, which starts nothing.

use crate::listing::{Files, Listing, Rows};
use crate::lists::{MOST, Who};
use crate::when::When;
use crate::words_of::Said;
use crate::{Page, WebError};
use app::views::{Ahead, ForecastView};
use askama::Template;
use axum::response::Response;
use domain::{HalfDay, NextAbsence, TermId};
use pages::Frame;

/// One student.
struct Line {
    who: Who,
    level: String,
    /// What it takes, or when it comes.
    when: When,
}

/// One of the three answers.
struct Part {
    name: &'static str,
    title: String,
    about: String,
    /// What the last column is called.
    column: String,
    none: String,
    count: usize,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "forecast.html")]
struct ForecastPage {
    frame: Frame,
    term: Option<String>,
    parts: Vec<Part>,
    files: Files,
}

/// `GET /forecast`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.forecast(actor, now)).await?;
    let said = Said::of(&page);
    if let Some(take) = page.take()? {
        return page.hand_over(&take, listing(said, &view, &take.part)).await;
    }
    let shown = ForecastPage {
        files: page.files("forecast", "/forecast"),
        frame: page.frame(page.word("review-forecast")),
        term: view.term.map(|term| said.term(term.id)),
        parts: parts(said, &view),
    };
    page.html(&shown)
}

fn listing(said: Said, view: &ForecastView, part: &str) -> Option<Listing> {
    let takes = |line: &&Ahead<NextAbsence>| match line.with {
        NextAbsence::HalfDay => "half-day".to_owned(),
        NextAbsence::Day => "day".to_owned(),
    };
    let of = |name, lines| half_days(said, name, lines);
    Some(match part {
        "next" => Rows::of(said.words, "forecast-next", &view.with_next)
            .student(|line| &line.student)
            .absence(|line| line.tally)
            .level("next_level_days", |line| Some(line.threshold))
            .text("takes", takes)
            .done(),
        "entered" => of("forecast-entered", &view.on_entered),
        "rate" => of("forecast-rate", &view.at_rate),
        _ => return None,
    })
}

fn half_days(said: Said, name: &'static str, lines: &[Ahead<HalfDay>]) -> Listing {
    Rows::of(said.words, name, lines)
        .student(|line| &line.student)
        .absence(|line| line.tally)
        .level("next_level_days", |line| Some(line.threshold))
        .half_day(("reached_on", "reached_half"), |line| Some(line.with))
        .done()
}

fn parts(said: Said, view: &ForecastView) -> Vec<Part> {
    let term = view.term.map(|term| term.id);
    let takes = |needs: &NextAbsence| {
        let word = match needs {
            NextAbsence::HalfDay => "forecast-half-day",
            NextAbsence::Day => "forecast-day",
        };
        When { said: said.words.get(word), exact: String::new() }
    };
    let on = |half_day: &HalfDay| said.half_day(*half_day);
    let (takes_column, on_column) = ("forecast-takes", "forecast-on");
    vec![
        part(said, "next", takes_column, &view.with_next, term, takes),
        part(said, "entered", on_column, &view.on_entered, term, on),
        part(said, "rate", on_column, &view.at_rate, term, on),
    ]
}

fn part<T>(
    said: Said,
    name: &'static str,
    column: &str,
    lines: &[Ahead<T>],
    term: Option<TermId>,
    when: impl Fn(&T) -> When,
) -> Part {
    let line = |ahead: &Ahead<T>| Line {
        who: Who::new(&ahead.student, &ahead.tally, term),
        level: said.level(ahead.threshold),
        when: when(&ahead.with),
    };
    Part {
        name,
        title: said.words.get(&format!("forecast-{name}-title")),
        about: said.words.get(&format!("forecast-{name}-about")),
        column: said.words.get(column),
        none: said.words.get(&format!("forecast-{name}-none")),
        count: lines.len(),
        lines: lines.iter().take(MOST).map(line).collect(),
    }
}
