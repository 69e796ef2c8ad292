//! Where KAMAR's own half-days differ from ours: each line opens how ours were counted, and the list is a
//! file too.

use crate::asked::Asked;
use crate::error::WebError;
use crate::links;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::words_of::Said;
use app::views::{KamarDifference, MOST_DIFFERENCES};
use askama::Template;
use axum::response::Response;
use domain::TermId;
use pages::Frame;

#[derive(Template)]
#[template(path = "kamar_differences.html")]
struct DifferencesPage {
    frame: Frame,
    term: Option<String>,
    lines: Vec<Line>,
    count: usize,
    files: Files,
    /// What is said when none is.
    none: String,
    back: &'static str,
}

struct Line {
    name: String,
    group: String,
    href: String,
    date: String,
    exact: String,
    /// Absent half-days and present ones, as KAMAR counts them and as we do.
    theirs: String,
    ours: String,
    codes: String,
    classes: String,
}

/// `GET /school/kamar/differences`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let (asked, take) = (page.query.term(), page.take()?);
    let most = if take.is_some() { usize::MAX } else { MOST_DIFFERENCES };
    let view = page.run(move |school, actor, now| school.kamar_differences(actor, now, asked, most)).await?;
    let said = Said::of(&page);
    if let Some(take) = take {
        let listing = listing(said, &view.lines);
        return page.hand_over(&take, Some(listing).filter(|_| take.part.is_empty())).await;
    }
    let term = view.term.map(|term| term.id);
    let shown = DifferencesPage {
        frame: page.frame(page.word("kamar-differences-title")),
        term: term.map(|term| said.term(term)),
        lines: term
            .map_or_else(Vec::new, |term| view.lines.iter().map(|one| line(said, term, one)).collect()),
        count: view.count,
        files: page.files("kamar-differences", "/school/kamar/differences"),
        none: page.words.count("kamar-differences-none", view.compared),
        back: if page.may_open("/school/kamar") { "/school/kamar" } else { "/review" },
    };
    page.html(&shown)
}

fn listing(said: Said, found: &[KamarDifference]) -> Listing {
    let ours = |place: usize| move |line: &&KamarDifference| Some(line.ours[place]);
    let theirs = |place: usize| move |line: &&KamarDifference| line.theirs[place];
    Rows::of(said.words, "kamar-differences", found)
        .student(|line| &line.student)
        .date("date", |line| Some(line.date))
        .whole("kamar_unjustified", theirs(0))
        .whole("kamar_justified", theirs(1))
        .whole("kamar_present", theirs(2))
        .whole("counted_unjustified", ours(0))
        .whole("counted_justified", ours(1))
        .whole("counted_present", ours(2))
        .text("kamar_codes", |line| line.codes.clone())
        .text("kamar_classes", |line| line.classes.clone())
        .done()
}

fn line(said: Said, term: TermId, one: &KamarDifference) -> Line {
    let figure = |word: &str, value: Option<i64>| {
        let value = value.map_or_else(|| said.words.get("kamar-unsaid"), |value| value.to_string());
        format!("{} {value}", said.words.get(word))
    };
    let figures = |values: [Option<i64>; 3]| {
        let words = ["kamar-unjustified", "kamar-justified", "kamar-present"];
        words.iter().zip(values).map(|(word, value)| figure(word, value)).collect::<Vec<_>>().join(", ")
    };
    Line {
        name: one.student.full_name(),
        group: one.student.group.clone(),
        href: links::with(&links::count(&one.student.id, term), &format!("as_of={}", one.date)),
        date: said.date(one.date),
        exact: one.date.to_string(),
        theirs: figures(one.theirs),
        ours: figures(one.ours.map(Some)),
        codes: one.codes.clone(),
        classes: one.classes.clone(),
    }
}
