//! What every answer carries, and how an error looks: a page for people, a problem document
//! (RFC 9457) for programs, of which those of `/api` get no page whatever they ask for.

use crate::api;
use crate::error::{Carried, WebError};
use askama::Template;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use pages::{Frame, Words};

/// The headers of every answer.
pub(crate) const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Fields in which people write sentences.
const WRITTEN: [&str; 4] = ["note", "reason", "wording", "given_by"];

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    text: String,
    detail: Option<String>,
    sign_in: Option<String>,
    /// What was typed into a form that was not saved.
    typed: Vec<String>,
}

/// What a page about an error looks like: it belongs to no school.
#[derive(Clone)]
pub(crate) struct Look {
    pub(crate) words: &'static Words,
    /// See [`crate::Settings`].
    pub(crate) banner: Option<String>,
}

/// Marks an answer to a program, which says itself what went wrong: it gets headers and nothing else.
#[derive(Clone)]
pub(crate) struct AsItIs;

/// Draws what went wrong and gives every answer its headers.
pub(crate) async fn finish(State(look): State<Look>, request: Request, next: Next) -> Response {
    let wants_json = wants_json(request.headers());
    let is_api = api::is_api(request.uri().path());
    let (method, route) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let mut response = next.run(request).await;
    if let Some(Carried(error)) = carried(&mut response) {
        if let Some(line) = error.log_line() {
            // The route's pattern, not the address: an address may hold an id.
            eprintln!("web: {method} {}: {line}", route.as_ref().map_or("(no route)", MatchedPath::as_str));
        }
        response = match is_api {
            true => api::problem::draw(&response, &error),
            false => draw(&look, &error, wants_json),
        };
    }
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The error in an answer; also one that a part of the framework gave as plain text.
fn carried(response: &mut Response) -> Option<Carried> {
    if let Some(carried) = response.extensions_mut().remove::<Carried>() {
        return Some(carried);
    }
    if response.extensions().get::<AsItIs>().is_some() {
        return None;
    }
    let status = response.status();
    let drawn =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let failed = status.is_client_error() || status.is_server_error();
    let error = match status {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        _ if status.is_client_error() => WebError::Request,
        _ => WebError::Broken,
    };
    (failed && !drawn).then_some(Carried(error))
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

fn draw(look: &Look, error: &WebError, wants_json: bool) -> Response {
    let words = look.words;
    let title = words.get(&format!("web-error-{}-title", error.name()));
    let text = words.get(&format!("web-error-{}-text", error.name()));
    let detail = error.detail();
    let (mut sign_in, mut typed) = (None, Vec::new());
    if let WebError::SignedOut { to, ended, typed: kept, .. } = error {
        let address = crate::sign_in::address(to, *ended);
        if error.status() == StatusCode::SEE_OTHER && !wants_json {
            return see_other(&address);
        }
        sign_in = Some(address);
        let written = WRITTEN.iter().map(|name| kept.get(name).to_owned());
        typed = written.filter(|text| !text.is_empty()).collect();
    }
    let mut response = if wants_json {
        let status =
            if error.status() == StatusCode::SEE_OTHER { StatusCode::UNAUTHORIZED } else { error.status() };
        let problem = serde_json::json!({
            "type": "about:blank",
            "title": title,
            "status": status.as_u16(),
            "detail": detail.unwrap_or(text),
        });
        (status, [(CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
    } else {
        let mut frame = Frame::new(words, title);
        frame.banner.clone_from(&look.banner);
        let page = ProblemPage { frame, text, detail, sign_in, typed };
        match page.render() {
            Ok(html) => (error.status(), Html(html)).into_response(),
            Err(_) => {
                (error.status(), "This page could not be drawn. Nothing was half-saved.").into_response()
            }
        }
    };
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

/// Sends a browser on to another page of ours.
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}
