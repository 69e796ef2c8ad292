//! `POST /api/v1/token`: a token for a program's id and secret.
//!
//! Source: RFC 6749, sections 2.3.1 (the two ways to say who one is), 4.4 and 5.

use super::body;
use super::problem::Drawn;
use crate::error::WebError;
use crate::form::Fields;
use crate::server::Server;
use app::AppError;
use app::api::{TOKEN_SECONDS, TokenAnswer};
use axum::body::Bytes;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
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
    response.extensions_mut().insert(Drawn);
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
    let given = server
        .blocking(move |school| school.give_api_token(now, &asked.id, &asked.secret, &asked.scope))
        .await;
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
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/x-www-form-urlencoded" {
        return Err(Refusal::request("the body is application/x-www-form-urlencoded"));
    }
    let fields = Fields::parse(body).map_err(|_| Refusal::request("the body is too long"))?;
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
        Some(value) => {
            let basic = value.to_str().ok().and_then(basic);
            basic.ok_or_else(|| Refusal::new("invalid_client", "Authorization is no HTTP Basic"))?
        }
    };
    if id.len() > 200 || secret.len() > 500 || scope.len() > 2_000 {
        return Err(Refusal::request("a field is too long"));
    }
    Ok(Asked { id, secret, scope })
}

/// Id and secret of `Basic …`, each as a form writes it.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 2_000 {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded =
        |text: &str| Fields::parse(format!("v={text}").as_bytes()).ok().map(|v| v.raw("v").to_owned());
    Some((decoded(id)?, decoded(secret)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_split_at_the_first_colon_and_read_as_a_form_is() {
        let basic = |text: &str| super::basic(&format!("Basic {}", STANDARD.encode(text)));
        assert_eq!(basic("id:secret"), Some(("id".to_owned(), "secret".to_owned())));
        assert_eq!(basic("id:a:b"), Some(("id".to_owned(), "a:b".to_owned())));
        assert_eq!(basic("i%3Ad:a%2Bb"), Some(("i:d".to_owned(), "a+b".to_owned())));
        assert_eq!(basic("id"), None);
        assert_eq!(super::basic("Bearer x"), None);
        assert_eq!(super::basic("Basic %%%"), None);
    }
}
