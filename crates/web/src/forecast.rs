//! Forecast: who is about to reach a level. A quiet list, which starts nothing.

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
}

/// `GET /forecast`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.forecast(actor, now)).await?;
    let said = Said::of(&page);
    let shown = ForecastPage {
        frame: page.frame(page.word("review-forecast")),
        term: view.term.map(|term| said.term(term.id)),
        parts: parts(said, &view),
    };
    page.html(&shown)
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
    name: &str,
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
        title: said.words.get(&format!("forecast-{name}-title")),
        about: said.words.get(&format!("forecast-{name}-about")),
        column: said.words.get(column),
        none: said.words.get(&format!("forecast-{name}-none")),
        count: lines.len(),
        lines: lines.iter().take(MOST).map(line).collect(),
    }
}
