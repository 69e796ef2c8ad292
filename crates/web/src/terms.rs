//! The terms of a year: dates, bands, how complete the rolls are, and what an ended term left open.

use crate::lists::Who;
use crate::review::complete;
use crate::today::Tab;
use crate::words_of::Said;
use crate::{Page, WebError, links};
use app::views::{TermLine, TermsView, Unfinished};
use askama::Template;
use axum::response::Response;
use domain::TermId;
use pages::{Band, Frame};

/// A response that is owed still.
struct Open {
    who: Who,
    level: String,
    owner: String,
    attempts: usize,
    record: Option<String>,
}

/// One term.
struct Term {
    name: String,
    dates: String,
    school_days: u32,
    half_days: usize,
    /// Whether its first day is still to come.
    is_to_come: bool,
    is_over: bool,
    has_marks: bool,
    bands: Vec<(Band, usize)>,
    complete: Option<String>,
    open_count: usize,
    open: Vec<Open>,
}

#[derive(Template)]
#[template(path = "terms.html")]
struct TermsPage {
    frame: Frame,
    years: Vec<Tab>,
    terms: Vec<Term>,
    /// Where terms are entered, for those who may.
    calendar: Option<&'static str>,
    counts_only: bool,
}

/// `GET /terms`, of the year named or of this one.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let year = page.query.read("year");
    let view = page.run(move |school, actor, now| school.terms(actor, now, year)).await?;
    let (said, may_record) = (Said::of(&page), page.may_open("/respond"));
    let shown = TermsPage {
        frame: page.frame(page.word("review-terms")),
        years: years(&view),
        terms: view.terms.iter().rev().map(|line| term(said, line, may_record)).collect(),
        calendar: page.may_open("/school/calendar").then_some("/school/calendar#terms"),
        counts_only: !view.sees_students,
    };
    page.html(&shown)
}

fn years(view: &TermsView) -> Vec<Tab> {
    let tab = |&year: &i16| Tab {
        text: year.to_string(),
        href: format!("/terms?year={year}"),
        count: 0,
        is_current: year == view.year,
    };
    view.years.iter().rev().take(8).map(tab).collect()
}

fn term(said: Said, line: &TermLine, may_record: bool) -> Term {
    let id = line.term.id;
    Term {
        name: said.term(id),
        dates: format!("{} – {}", said.date(line.term.first_day), said.date(line.term.last_day)),
        school_days: line.school_days,
        half_days: line.half_days,
        is_to_come: !line.has_begun,
        is_over: line.is_over,
        has_marks: line.completeness.marked > 0,
        bands: Band::ALL.into_iter().zip(line.bands).collect(),
        complete: complete(said, &line.completeness),
        open_count: line.unfinished_count,
        open: line.unfinished.iter().map(|open| unfinished(said, open, id, may_record)).collect(),
    }
}

fn unfinished(said: Said, open: &Unfinished, term: TermId, may_record: bool) -> Open {
    Open {
        who: Who::new(&open.student, &open.tally, Some(term)),
        level: said.tier(&open.task),
        owner: said.owed_by(&open.task),
        attempts: open.task.attempts,
        record: may_record.then(|| links::task(&open.student.id, Some(term), &open.task, "")),
    }
}
