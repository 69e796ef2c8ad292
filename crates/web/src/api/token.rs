//! `POST /api/v1/token`: a token for a program's id and secret.
//!
//! Source: RFC 6749, sections 2.3.1 (the two ways to say who one is), 4.4 and 5.

use super::bearer::Share;
use super::body;
use crate::error::WebError;
use crate::finish::AsItIs;
use crate::form::Fields;
use crate::headers::{basic, media_type};
use crate::server::Server;
use app::AppError;
use app::api::{TOKEN_SECONDS, TokenAnswer};
use axum::body::Bytes;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Why no token is given.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
    retry_after: Option<i64>,
}

impl Refusal {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status =
            if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { status, error, description: description.into(), retry_after: None }
    }

    fn request(description: &str) -> Self {
        Self::new("invalid_request", description)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (error, error_description) = (self.error.to_owned(), self.description);
        let body = body::TokenRefused { error, error_description };
        let mut response = answer(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"starboard\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, basic);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn answer<T: Serialize>(status: StatusCode, body: &T) -> Response {
    let Ok(body) = serde_json::to_string(body) else { return WebError::Broken.into_response() };
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    let mut response = (status, headers, body).into_response();
    response.extensions_mut().insert(AsItIs);
    response
}

/// What is asked: who says they are who, and for which scopes.
struct Asked {
    id: String,
    secret: String,
    scope: String,
}

pub(crate) async fn give(server: Server, uri: Uri, headers: HeaderMap, bytes: Bytes) -> Response {
    let asked = match read(&uri, &headers, &bytes) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    let now = server.now();
    // A program that has used up its share is not looked up, and a stranger who knows its id uses none.
    if let Some(share) = Share::spent(&server, &asked.id, now) {
        return too_many(&share);
    }
    let id = asked.id.clone();
    let given = server
        .blocking(move |school| school.give_api_token(now, &asked.id, &asked.secret, &asked.scope))
        .await;
    if !matches!(given, Ok(TokenAnswer::Given(_) | TokenAnswer::Scope(_))) {
        return told(given);
    }
    let share = Share::take(&server, &id, now).await;
    if !share.is_let_in() {
        return too_many(&share);
    }
    let mut response = told(given);
    share.end(&server, &mut response);
    response
}

fn too_many(share: &Share) -> Response {
    let refusal = Refusal::new("invalid_client", "slow down: the headers say how often is right");
    let (status, retry_after) = (StatusCode::TOO_MANY_REQUESTS, Some(share.reset()));
    let mut response = Refusal { status, retry_after, ..refusal }.into_response();
    share.tell(&mut response);
    response
}

fn told(given: Result<TokenAnswer, WebError>) -> Response {
    match given {
        Ok(TokenAnswer::Given(given)) => {
            let scopes: Vec<&str> = given.scopes.iter().map(|scope| scope.text()).collect();
            let body = body::Token {
                access_token: given.token,
                token_type: "Bearer".to_owned(),
                expires_in: TOKEN_SECONDS,
                scope: scopes.join(" "),
            };
            answer(StatusCode::OK, &body)
        }
        Ok(TokenAnswer::Unknown) => {
            let words = "id and secret do not belong together, or the school has ended this access";
            Refusal::new("invalid_client", words).into_response()
        }
        Ok(TokenAnswer::Scope(word)) => {
            let words = format!("this program may not have the scope {}", plain(&word));
            Refusal::new("invalid_scope", words).into_response()
        }
        Err(WebError::App(AppError::Wait(seconds))) => {
            let refusal = Refusal::new("invalid_client", "too many failures: wait before the next try");
            Refusal { status: StatusCode::TOO_MANY_REQUESTS, retry_after: Some(seconds.max(1)), ..refusal }
                .into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// A text of the caller's in the characters that an error's description may hold.
fn plain(text: &str) -> String {
    text.chars().filter(|c| matches!(c, ' '..='~') && !"\"\\".contains(*c)).take(60).collect()
}

fn read(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Asked, Refusal> {
    if uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(Refusal::request("everything stands in the body, never in the address"));
    }
    if media_type(headers) != "application/x-www-form-urlencoded" {
        return Err(Refusal::request("the body is application/x-www-form-urlencoded"));
    }
    let fields = Fields::parse(body)
        .map_err(|_| Refusal::request("the body is too long, or holds a NUL character"))?;
    let field = |name: &'static str| {
        if fields.all(name).count() > 1 {
            return Err(Refusal::request("a field stands there twice"));
        }
        Ok(fields.raw(name).to_owned())
    };
    match field("grant_type")?.as_str() {
        "client_credentials" => {}
        "" => return Err(Refusal::request("grant_type is missing")),
        _ => return Err(Refusal::new("unsupported_grant_type", "grant_type is client_credentials")),
    }
    let in_body = (field("client_id")?, field("client_secret")?);
    let scope = field("scope")?;
    let (id, secret) = match headers.get(AUTHORIZATION) {
        None if in_body.0.is_empty() => {
            let words =
                "say who you are: HTTP Basic with id and secret, or client_id and client_secret in the body";
            return Err(Refusal::new("invalid_client", words));
        }
        None => in_body,
        Some(_) if !in_body.1.is_empty() => {
            return Err(Refusal::request("say who you are in one way, not in two"));
        }
        Some(_) => {
            let written = basic(headers).and_then(|(id, secret)| Some((decoded(&id)?, decoded(&secret)?)));
            written.ok_or_else(|| Refusal::new("invalid_client", "Authorization is no HTTP Basic"))?
        }
    };
    if id.len() > 200 || secret.len() > 500 || scope.len() > 2_000 {
        return Err(Refusal::request("a field is too long"));
    }
    Ok(Asked { id, secret, scope })
}

/// Half of `Basic …`, which a form wrote.
///
/// Source: RFC 6749, section 2.3.1.
fn decoded(half: &str) -> Option<String> {
    Fields::parse(format!("v={half}").as_bytes()).ok().map(|fields| fields.raw("v").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_of_basic_is_read_as_a_form_is() {
        assert_eq!(decoded("id").as_deref(), Some("id"));
        assert_eq!(decoded("i%3Ad").as_deref(), Some("i:d"));
        assert_eq!(decoded("a%2Bb:c").as_deref(), Some("a+b:c"));
    }
}
