//! The terms of a year: dates, bands, how complete the rolls are, and what an ended term left open.

use crate::listing::{Files, Listing, Rows};
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
    files: Files,
    /// How much ended terms left open, where it is listed.
    open_count: usize,
}

/// `GET /terms`, of the year named or of this one.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let year = page.query.read("year");
    if let Some(take) = page.take()? {
        let view = page.run(move |school, actor, now| school.all_terms(actor, now, year)).await?;
        return page.hand_over(&take, listing(Said::of(&page), &view, &take.part)).await;
    }
    let view = page.run(move |school, actor, now| school.terms(actor, now, year)).await?;
    let (said, may_record) = (Said::of(&page), page.may_open("/respond"));
    let shown = TermsPage {
        frame: page.frame(page.word("review-terms")),
        years: years(&view),
        terms: view.terms.iter().rev().map(|line| term(said, line, may_record)).collect(),
        calendar: page.may_open("/school/calendar").then_some("/school/calendar#terms"),
        counts_only: !view.sees_students,
        files: page.files("terms", "/terms"),
        open_count: match view.sees_students {
            true => view.terms.iter().map(|line| line.unfinished_count).sum(),
            false => 0,
        },
    };
    page.html(&shown)
}

fn listing(said: Said, view: &TermsView, part: &str) -> Option<Listing> {
    let bands = |line: &TermLine, place: usize| line.has_begun.then(|| line.bands[place]);
    let count = |count: Option<usize>| count.and_then(|count| i64::try_from(count).ok());
    let open = || view.terms.iter().flat_map(|line| line.unfinished.iter().map(move |open| (line, open)));
    Some(match part {
        "" => Rows::of(said.words, "terms", &view.terms)
            .text("term", |line| line.term.id.to_string())
            .date("first_day", |line| Some(line.term.first_day))
            .date("last_day", |line| Some(line.term.last_day))
            .number("school_days", |line| line.school_days as usize)
            .number("open_half_days", |line| line.half_days)
            .whole("green", |line| count(bands(line, 0)))
            .whole("yellow", |line| count(bands(line, 1)))
            .whole("orange", |line| count(bands(line, 2)))
            .whole("red", |line| count(bands(line, 3)))
            .whole("marked_percent", |line| count(line.completeness.percent()))
            .number("responses_open", |line| line.unfinished_count)
            .done(),
        "open" if view.sees_students => Rows::of(said.words, "terms-open", open())
            .text("term", |(line, _)| line.term.id.to_string())
            .student(|(_, open)| &open.student)
            .absence(|(_, open)| open.tally)
            .text("tier", |(_, open)| open.task.tier.clone())
            .level("level_days", |(_, open)| open.task.level)
            .text("owner", |(_, open)| said.owed_by(&open.task))
            .number("attempts", |(_, open)| open.task.attempts)
            .done(),
        _ => return None,
    })
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
