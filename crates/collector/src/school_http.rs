//! The pages about one school: what each reads, and how it is drawn. Who may ask for which stands in
//! the table of `pages_http`.

use crate::concern::SchoolLine;
use crate::figures::{LISTED, Scope};
use crate::guard::{Fields, Visitor};
use crate::http::failed;
use crate::lists::Which;
use crate::pages_http::{Pages, fields, term};
use crate::views::{self, Look};
use crate::{Collector, CollectorError, lists, quality};
use axum::extract::{Extension, FromRequestParts, Path, RawQuery};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::SchoolNumber;

/// What is asked of a school: by whom, which one, and what else stands in the address.
pub(crate) struct Asked {
    pages: Pages,
    who: Visitor,
    number: String,
    fields: Fields,
}

impl FromRequestParts<Pages> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        let who = Extension::<Visitor>::from_request_parts(parts, pages).await;
        let Extension(who) = who.map_err(IntoResponse::into_response)?;
        let number = Path::<String>::from_request_parts(parts, pages).await;
        let Path(number) = number.map_err(IntoResponse::into_response)?;
        let Ok(RawQuery(query)) = RawQuery::from_request_parts(parts, pages).await;
        Ok(Self { pages: pages.clone(), who, number, fields: fields(query) })
    }
}

impl Asked {
    /// Reads what a page shows beside the school itself, and draws it; or says that the school is not
    /// known.
    async fn answer<T: Send + 'static>(
        self,
        read: impl FnOnce(&Collector, i64, &Scope) -> Result<T, CollectorError> + Send + 'static,
        draw: impl FnOnce(&Look, &SchoolLine, &Scope, T) -> Response,
    ) -> Response {
        let look = self.pages.look(Some(&self.who));
        let Ok(number) = SchoolNumber::parse(&self.number) else { return views::unknown_school(&look) };
        let (number, term, now) = (number.number(), term(&self.fields), look.now);
        let read = self.pages.blocking(move |collector| {
            let scope = collector.scope(term, now)?;
            let Some(line) = collector.line(&scope, number, now)? else { return Ok(None) };
            let read = read(collector, number, &scope)?;
            Ok(Some((line, scope, read)))
        });
        match read.await {
            Ok(Some((line, scope, read))) => draw(&look, &line, &scope, read),
            Ok(None) => views::unknown_school(&look),
            Err(error) => failed(&error),
        }
    }
}

pub(crate) async fn school(asked: Asked) -> Response {
    asked
        .answer(
            |collector, number, scope| {
                let snapshots = collector.look_up(|tx| quality::snapshots(tx, number, scope))?;
                Ok((snapshots, collector.silences(number, 20)?, collector.acts(number)?))
            },
            |look, line, scope, (snapshots, silences, acts)| {
                views::school(look, scope, line, &snapshots, &silences, &acts)
            },
        )
        .await
}

pub(crate) async fn days(asked: Asked) -> Response {
    asked
        .answer(
            |collector, number, scope| {
                collector
                    .look_up(|tx| Ok((lists::days(tx, number, scope)?, lists::closures(tx, number, scope)?)))
            },
            |look, line, scope, (days, closures)| views::days(look, scope, line, &days, &closures),
        )
        .await
}

pub(crate) async fn codes(asked: Asked) -> Response {
    asked
        .answer(
            |collector, number, scope| collector.look_up(|tx| quality::odd_codes(tx, number, scope)),
            |look, line, scope, codes| views::codes(look, scope, line, &codes),
        )
        .await
}

pub(crate) async fn levels(asked: Asked) -> Response {
    asked
        .answer(
            |collector, number, scope| collector.look_up(|tx| quality::unanswered(tx, number, scope)),
            |look, line, scope, open| views::levels_page(look, scope, line, &open),
        )
        .await
}

pub(crate) async fn responses(asked: Asked) -> Response {
    let which = Which::parse(asked.fields.get("show"));
    // One response is about one student, so an analyst's page does not even read them.
    let reads = asked.who.is_operator();
    asked
        .answer(
            move |collector, number, scope| {
                if !reads {
                    return Ok(Vec::new());
                }
                collector.look_up(|tx| lists::responses(tx, number, scope, which))
            },
            |look, line, scope, lines| views::responses(look, scope, line, which, &lines),
        )
        .await
}

pub(crate) async fn batches(asked: Asked) -> Response {
    let page = asked.fields.get("page").parse::<usize>().unwrap_or(1).clamp(1, 100_000) - 1;
    asked
        .answer(
            move |collector, number, _| collector.batches(number, page),
            |look, line, scope, (batches, count, refused)| {
                let pages = usize::try_from(count).unwrap_or(0).div_ceil(LISTED).max(1);
                views::batches(look, scope, line, &batches, (count, refused), (page, pages))
            },
        )
        .await
}

pub(crate) async fn refused(asked: Asked) -> Response {
    asked
        .answer(
            |collector, number, scope| collector.look_up(|tx| quality::refused(tx, number, scope)),
            |look, line, scope, refused| views::refused_records(look, scope, line, &refused),
        )
        .await
}

pub(crate) async fn record(asked: Asked) -> Response {
    let id: String = asked.fields.get("id").chars().take(64).collect();
    let wanted = id.clone();
    asked
        .answer(
            move |collector, number, _| {
                if wanted.is_empty() { Ok(Vec::new()) } else { collector.history(number, &wanted) }
            },
            |look, line, scope, versions| views::record(look, scope, line, &id, &versions),
        )
        .await
}
