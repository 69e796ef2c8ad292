//! The school's published plan, for anybody: the board's words and what is done at each tier.

use super::said::{self, Column};
use crate::error::WebError;
use crate::page::html;
use crate::privacy::bare_frame;
use crate::server::Server;
use crate::when;
use app::Actor;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::plan::PlanWords;
use pages::Frame;

#[derive(Template)]
#[template(path = "plan_published.html")]
struct PublishedPage {
    frame: Frame,
    /// Nothing before the school published one.
    plan: Option<Published>,
}

struct Published {
    words: PlanWords,
    adopted: Option<String>,
    review_by: Option<String>,
    columns: Vec<Column>,
}

/// `GET /attendance-plan`.
pub(crate) async fn show(server: Server) -> Result<Response, WebError> {
    let mut frame = bare_frame(&server, "plan-public-title").await?;
    let now = server.now();
    let (found, zone) = server
        .blocking(move |school| {
            let zone = school.shell(&Actor::Operator, now)?.school.zone;
            Ok((school.published_plan()?, zone))
        })
        .await?;
    let Some(found) = found else { return html(StatusCode::NOT_FOUND, &PublishedPage { frame, plan: None }) };
    let date = |date| when::date(server.words, date, zone.date(now));
    let (words, columns) = (found.plan.words.clone(), said::columns(server.words, &found.plan));
    if !words.title.is_empty() {
        frame.title.clone_from(&words.title);
    }
    let plan = Published {
        adopted: words.adopted_on.map(date),
        review_by: words.review_by.map(date),
        // A band without a tier says nothing to families.
        columns: columns.into_iter().filter(|column| !column.tiers.is_empty()).collect(),
        words,
    };
    html(StatusCode::OK, &PublishedPage { frame, plan: Some(plan) })
}
