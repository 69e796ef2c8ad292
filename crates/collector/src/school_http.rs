//! The pages about one school: what each reads, and how it is drawn. Who may ask for which stands in
//! the table of `pages_http`.

use crate::concern::SchoolLine;
use crate::figures::{LISTED, Scope};
use crate::guard::Visitor;
use crate::http::failed;
use crate::lists::Which;
use crate::pages_http::{Pages, fields, term};
use crate::views::{self, Look};
use crate::{Collector, CollectorError, lists, quality};
use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::Response;
use domain::{SchoolNumber, TermId};

/// What a page about one school reads, beside the school itself.
async fn about_school<T: Send + 'static>(
    pages: &Pages,
    number: &str,
    term: Option<TermId>,
    read: impl FnOnce(&Collector, i64, &Scope) -> Result<T, CollectorError> + Send + 'static,
) -> Result<Option<(SchoolLine, Scope, T)>, CollectorError> {
    let Ok(number) = SchoolNumber::parse(number) else { return Ok(None) };
    let (number, now) = (number.number(), pages.now());
    pages
        .blocking(move |collector| {
            let scope = collector.scope(term, now)?;
            let Some(line) = collector.line(&scope, number, now)? else { return Ok(None) };
            let read = read(collector, number, &scope)?;
            Ok(Some((line, scope, read)))
        })
        .await
}

/// Draws a page about one school, or says that it is not known.
fn of_school<T>(
    look: &Look,
    read: Result<Option<(SchoolLine, Scope, T)>, CollectorError>,
    draw: impl FnOnce(&SchoolLine, &Scope, T) -> Response,
) -> Response {
    match read {
        Ok(Some((line, scope, read))) => draw(&line, &scope, read),
        Ok(None) => views::unknown_school(look),
        Err(error) => failed(&error),
    }
}

pub(crate) async fn school(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let look = pages.look(Some(&who));
    let read = about_school(&pages, &number, term(&fields(query)), |collector, number, scope| {
        let snapshots = collector.look_up(|tx| quality::snapshots(tx, number, scope))?;
        Ok((snapshots, collector.silences(number, 20)?, collector.acts(number)?))
    });
    let read = read.await;
    of_school(&look, read, |line, scope, (snapshots, silences, acts)| {
        views::school(&look, scope, line, &snapshots, &silences, &acts)
    })
}

pub(crate) async fn days(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let look = pages.look(Some(&who));
    let read = about_school(&pages, &number, term(&fields(query)), |collector, number, scope| {
        collector.look_up(|tx| Ok((lists::days(tx, number, scope)?, lists::closures(tx, number, scope)?)))
    });
    let read = read.await;
    of_school(&look, read, |line, scope, (days, closures)| views::days(&look, scope, line, &days, &closures))
}

pub(crate) async fn codes(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let look = pages.look(Some(&who));
    let read = about_school(&pages, &number, term(&fields(query)), |collector, number, scope| {
        collector.look_up(|tx| quality::odd_codes(tx, number, scope))
    });
    let read = read.await;
    of_school(&look, read, |line, scope, codes| views::codes(&look, scope, line, &codes))
}

pub(crate) async fn levels(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let look = pages.look(Some(&who));
    let read = about_school(&pages, &number, term(&fields(query)), |collector, number, scope| {
        collector.look_up(|tx| quality::unanswered(tx, number, scope))
    });
    let read = read.await;
    of_school(&look, read, |line, scope, open| views::levels_page(&look, scope, line, &open))
}

pub(crate) async fn responses(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let (look, fields) = (pages.look(Some(&who)), fields(query));
    let which = Which::parse(fields.get("show"));
    // One response is about one student, so an analyst's page does not even read them.
    let reads = who.is_operator();
    let read = about_school(&pages, &number, term(&fields), move |collector, number, scope| {
        if !reads {
            return Ok(Vec::new());
        }
        collector.look_up(|tx| lists::responses(tx, number, scope, which))
    });
    let read = read.await;
    of_school(&look, read, |line, scope, lines| views::responses(&look, scope, line, which, &lines))
}

pub(crate) async fn batches(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let (look, fields) = (pages.look(Some(&who)), fields(query));
    let page = fields.get("page").parse::<usize>().unwrap_or(1).clamp(1, 100_000) - 1;
    let read = about_school(&pages, &number, term(&fields), move |collector, number, _| {
        collector.batches(number, page)
    });
    let read = read.await;
    of_school(&look, read, |line, scope, (batches, count, refused)| {
        let pages = usize::try_from(count).unwrap_or(0).div_ceil(LISTED).max(1);
        views::batches(&look, scope, line, &batches, (count, refused), (page, pages))
    })
}

pub(crate) async fn refused(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let look = pages.look(Some(&who));
    let read = about_school(&pages, &number, term(&fields(query)), |collector, number, scope| {
        collector.look_up(|tx| quality::refused(tx, number, scope))
    });
    let read = read.await;
    of_school(&look, read, |line, scope, refused| views::refused_records(&look, scope, line, &refused))
}

pub(crate) async fn record(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let (look, fields) = (pages.look(Some(&who)), fields(query));
    let id: String = fields.get("id").chars().take(64).collect();
    let wanted = id.clone();
    let read = about_school(&pages, &number, term(&fields), move |collector, number, _| {
        if wanted.is_empty() { Ok(Vec::new()) } else { collector.history(number, &wanted) }
    });
    let read = read.await;
    of_school(&look, read, |line, scope, versions| views::record(&look, scope, line, &id, &versions))
}
