//! Which lists were taken away as files: who took which, when, as what, and how many rows it had.

use crate::listing::{Files, Listing, Rows};
use crate::lists::MOST;
use crate::when::When;
use crate::words_of::Said;
use crate::{Page, WebError};
use app::views::TakenLine;
use askama::Template;
use axum::response::Response;
use pages::Frame;

/// A file that somebody took.
struct Line {
    at: When,
    by: String,
    list: String,
    format: String,
    /// By what it was narrowed; empty for the whole list.
    filter: String,
    rows: Option<usize>,
}

#[derive(Template)]
#[template(path = "exports.html")]
struct ExportsPage {
    frame: Frame,
    lines: Vec<Line>,
    count: usize,
    files: Files,
}

/// `GET /school/exports`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let found = page.run(|school, actor, now| school.lists_taken(actor, now)).await?;
    let said = Said::of(&page);
    if let Some(take) = page.take()? {
        let listing = Some(listing(said, &found)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let shown = ExportsPage {
        frame: page.frame(page.word("exports-title")),
        count: found.len(),
        lines: found.iter().take(MOST).map(|taken| line(said, taken)).collect(),
        files: page.files("exports", "/school/exports"),
    };
    page.html(&shown)
}

fn listing(said: Said, found: &[TakenLine]) -> Listing {
    Rows::of(said.words, "exports", found)
        .time("at", |taken| Some(taken.at))
        .text("by", |taken| by(said, taken))
        .text("list", |taken| taken.list.clone())
        .text("format", |taken| taken.format.clone())
        .text("filter", |taken| taken.filter.clone())
        .whole("rows", |taken| taken.rows.and_then(|rows| i64::try_from(rows).ok()))
        .done()
}

fn by(said: Said, taken: &TakenLine) -> String {
    taken.by.clone().unwrap_or_else(|| said.words.get("left-operator"))
}

/// A list by its title; by its own name where the catalogue has none, as of the operator's exports.
fn title(said: Said, list: &str) -> String {
    let title = said.words.get(&format!("list-{list}"));
    if title.starts_with('⟦') { list.to_owned() } else { title }
}

fn line(said: Said, taken: &TakenLine) -> Line {
    Line {
        at: said.instant(taken.at),
        by: by(said, taken),
        list: title(said, &taken.list),
        format: taken.format.to_uppercase(),
        filter: taken.filter.replace('&', ", "),
        rows: taken.rows,
    }
}
