//! Tokens and keys over HTTP.

use crate::http::{App, Named, failed, problem, respond, text};
use crate::{CollectorError, KeyAnswer, TokenAnswer};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::{get, post, put};
use wire::{Problem, ProblemKind, TokenRefusal};

/// The most bytes of a request for a token, or of a key.
const MOST_BYTES: usize = 16 * 1024;

const JSON: &str = "application/json";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/token", post(token))
        .route("/v1/keys", get(own_keys))
        .route("/v1/schools/{school}/keys", get(list))
        .route("/v1/schools/{school}/keys/{kid}", put(register).delete(end))
}

async fn token(State(app): State<App>, headers: HeaderMap, body: Body) -> Response {
    let kind = text(&headers, CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let refused = |words: &str| {
        let (error, error_description) = ("invalid_request".to_owned(), words.to_owned());
        told(&TokenAnswer::Refused(TokenRefusal { error, error_description }))
    };
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return refused("Content-Type is application/x-www-form-urlencoded");
    }
    let Ok(form) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return refused("the form has 16 KiB at most");
    };
    let (address, now) = (app.options.address.clone(), (app.options.clock)());
    match app.blocking(move |collector| collector.token(&form, &address, now)).await {
        Ok(answer) => told(&answer),
        Err(error) => failed(&error),
    }
}

fn told(answer: &TokenAnswer) -> Response {
    let mut response = respond(answer.status(), JSON, answer.to_json());
    if answer.status() == 401 {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

async fn own_keys(State(app): State<App>) -> Response {
    match app.blocking(|collector| collector.own_keys()).await {
        Ok(keys) => respond(200, JSON, keys.to_json()),
        Err(error) => failed(&error),
    }
}

async fn list(State(app): State<App>, Named(school): Named<String>, headers: HeaderMap) -> Response {
    let (admit_any, now) = (app.options.admit_any, (app.options.clock)());
    let authorization = text(&headers, AUTHORIZATION);
    let list =
        app.blocking(move |collector| collector.keys_of(&school, authorization.as_deref(), admit_any, now));
    answer(list.await)
}

async fn register(
    State(app): State<App>,
    Named((school, kid)): Named<(String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let authorization = text(&parts.headers, AUTHORIZATION);
    let Ok(jwk) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return problem(&Problem::new(ProblemKind::TooLarge, "a key has 16 KiB at most"));
    };
    let (admit_any, now) = (app.options.admit_any, (app.options.clock)());
    let put = app.blocking(move |collector| {
        collector.put_key((&school, &kid), &jwk, authorization.as_deref(), admit_any, now)
    });
    answer(put.await)
}

async fn end(
    State(app): State<App>,
    Named((school, kid)): Named<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (admit_any, now) = (app.options.admit_any, (app.options.clock)());
    let authorization = text(&headers, AUTHORIZATION);
    let end = app.blocking(move |collector| {
        collector.end_key((&school, &kid), authorization.as_deref(), admit_any, now)
    });
    answer(end.await)
}

fn answer(outcome: Result<KeyAnswer, CollectorError>) -> Response {
    match outcome {
        Ok(KeyAnswer::Problem(refused)) => problem(&refused),
        Ok(KeyAnswer::Ended) => {
            let mut response = respond(204, JSON, Vec::new());
            response.headers_mut().remove(CONTENT_TYPE);
            response
        }
        Ok(answer) => respond(answer.status(), JSON, answer.to_json()),
        Err(error) => failed(&error),
    }
}
