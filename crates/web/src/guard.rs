//! What stands before every handler: room for the request, the school, the session, the right, the origin, the form and its token.
//!
//! The order is part of it: who asks is known before anything of theirs is read, and a form is
//! read whole and checked before the handler sees any of it.

use crate::api;
use crate::error::WebError;
use crate::form::{Checked, Fields, read_multipart};
use crate::headers::media_type;
use crate::hosts::Asked;
use crate::kamar;
use crate::practice_school;
use crate::routes::{Access, Of, Takes};
use crate::server::{Server, Shared};
use app::SignedIn;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// The cookie that holds a session's secret token.
pub(crate) const COOKIE_NAME: &str = "__Host-starboard";

/// What the table says of one route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) access: Access,
    pub(crate) takes: Takes,
    pub(crate) of: Of,
    /// Whether it is for programs, whose requests hold no cookie of ours.
    pub(crate) is_api: bool,
}

/// Who asks.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) person: SignedIn,
    /// The secret of the cookie, to end the session with.
    pub(crate) token: String,
}

/// Lets a request through to its handler, or answers why not.
pub(crate) async fn guard(
    State((shared, rule)): State<(Shared, Rule)>,
    request: Request,
    next: Next,
) -> Response {
    // Whether all is well can be asked when nothing else can, and of no school in particular.
    if rule.of == Of::Server {
        return next.run(request).await;
    }
    let patience = Duration::from_secs(if rule.takes.is_large() { 300 } else { 30 });
    let in_format = kamar::Format::of(request.headers());
    let answer = async {
        // Held until the handler is done, and before anything is read: who is turned away has cost
        // nothing and done nothing.
        let _place = shared.in_flight.try_acquire().map_err(|_| WebError::Crowded)?;
        // Held as long: an upload is in memory.
        let _turn = match rule.takes {
            Takes::File | Takes::Rows => Some(shared.uploads.try_acquire().map_err(|_| WebError::Busy)?),
            // A push has turns of its own, so that two people who upload turn no night's push away.
            _ => None,
        };
        // Nothing has a name with a NUL character in it, and no database looks for one.
        if request.uri().path().contains("%00") {
            return Err(WebError::NotFound);
        }
        let school = shared.schools.find(Asked::of(&request)).await?.ok_or(WebError::NotFound)?;
        let server = Server::new(shared.clone(), school);
        if rule.is_api {
            return Ok(answer_program(&server, rule, request, next).await);
        }
        let mut request = request;
        // The door for KAMAR looks itself who knocks, by a password and not by a session.
        let server = if rule.access == Access::Kamar {
            server
        } else {
            let server = practice_school::enter(server, request.headers()).await?;
            request = check(&server, rule, request).await?;
            server
        };
        request.extensions_mut().insert(server);
        Ok::<_, WebError>(next.run(request).await)
    };
    let answer = tokio::time::timeout(patience, answer).await.unwrap_or(Err(WebError::Slow));
    answer.unwrap_or_else(|error| match rule.access {
        Access::Kamar => kamar::refusal(&error, in_format),
        _ => error.into_response(),
    })
}

/// Whoever asks by a program shows a token with each request, and nothing else of theirs is looked at.
async fn answer_program(server: &Server, rule: Rule, mut request: Request, next: Next) -> Response {
    let share = match rule.access {
        Access::Client(scopes) => match api::bearer::check(server, scopes, request).await {
            Ok((checked, share)) => {
                request = checked;
                Some(share)
            }
            Err(refused) => return refused,
        },
        _ => None,
    };
    request.extensions_mut().insert(server.clone());
    let mut response = next.run(request).await;
    if let Some(share) = share {
        share.end(server, &mut response);
    }
    response
}

async fn check(server: &Server, rule: Rule, mut request: Request) -> Result<Request, WebError> {
    let name = if server.practice.is_some() { practice_school::COOKIE_NAME } else { COOKIE_NAME };
    let token = cookie_named(request.headers(), name).map(str::to_owned);
    let session = find_session(server, token.as_deref()).await?;
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    match (&session, rule.access) {
        (_, Access::Public) => {}
        // It never comes here.
        (_, Access::Kamar) => return Err(WebError::Denied),
        (None, _) => {
            let to =
                if changes { "/" } else { request.uri().path_and_query().map_or("/", |path| path.as_str()) };
            let (to, ended) = (to.to_owned(), token.is_some());
            let typed = if changes { typed(rule, request).await } else { Fields::default() };
            return Err(WebError::SignedOut { to, sent: changes, ended, typed });
        }
        (Some(session), access) if access.admits(&session.person.scope) => {}
        (Some(_), _) => return Err(WebError::Denied),
    }
    if changes {
        request = read_form(rule, session.as_ref(), request).await?;
    }
    if let Some(session) = session {
        request.extensions_mut().insert(session);
    }
    Ok(request)
}

/// What was typed into a form of ours whose session has ended. Going back in the browser would
/// ask for the page anew and lose it.
async fn typed(rule: Rule, request: Request) -> Fields {
    if rule.takes != Takes::Form || !is_same_origin(request.headers()) {
        return Fields::default();
    }
    let bytes = axum::body::to_bytes(request.into_body(), rule.takes.limit()).await.unwrap_or_default();
    Fields::parse(&bytes).unwrap_or_default()
}

pub(crate) async fn find_session(server: &Server, token: Option<&str>) -> Result<Option<Session>, WebError> {
    let Some(token) = token else { return Ok(None) };
    let (now, owned) = (server.now(), token.to_owned());
    let person = server.blocking(move |school| school.session(now, &owned)).await?;
    Ok(person.map(|person| Session { person, token: token.to_owned() }))
}

async fn read_form(rule: Rule, session: Option<&Session>, request: Request) -> Result<Request, WebError> {
    if !is_same_origin(request.headers()) {
        return Err(WebError::Forged);
    }
    let wanted = match rule.takes {
        Takes::File => "multipart/form-data",
        _ => "application/x-www-form-urlencoded",
    };
    if media_type(request.headers()) != wanted {
        return Err(WebError::Forged);
    }
    let (mut parts, body) = request.into_parts();
    let (fields, upload) = if rule.takes == Takes::File {
        let whole = Request::from_parts(parts.clone(), body);
        let multipart = Multipart::from_request(whole, &()).await.map_err(|_| WebError::Request)?;
        read_multipart(multipart).await?
    } else {
        let bytes = axum::body::to_bytes(body, rule.takes.limit()).await.map_err(|_| WebError::TooLarge)?;
        (Fields::parse(&bytes)?, None)
    };
    // Before anybody is signed in there is no session to forge a form for; the origin stands.
    if let Some(session) = session.filter(|_| rule.access != Access::Public)
        && !is_same(fields.raw("csrf"), &session.person.csrf)
    {
        return Err(WebError::Forged);
    }
    parts.extensions.insert(Checked(fields, upload));
    Ok(Request::from_parts(parts, axum::body::Body::empty()))
}

/// The session's token in the cookies, if one was sent.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<&str> {
    cookie_named(headers, COOKIE_NAME)
}

/// The value of a cookie, if one was sent.
pub(crate) fn cookie_named<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// Whether a form came from our own page. The browser says so itself in `Sec-Fetch-Site`, which no
/// page can set; an older one says where it came from in `Origin`. A program may send neither: it
/// holds the session's token.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let Some((_, origin)) = origin.split_once("://") else { return false };
    text(HOST.as_str()).is_some_and(|host| host.eq_ignore_ascii_case(origin))
}

/// Compares two secrets in a time that does not depend on where they differ.
fn is_same(given: &str, wanted: &str) -> bool {
    let (given, wanted) = (given.as_bytes(), wanted.as_bytes());
    let differences = given.iter().zip(wanted).fold(0, |all, (a, b)| all | (a ^ b));
    !wanted.is_empty() && given.len() == wanted.len() && std::hint::black_box(differences) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn r30_a_form_from_another_origin_is_told_from_our_own() {
        let own = [("host", "school.example"), ("origin", "https://school.example")];
        assert!(is_same_origin(&headers(&own)));
        assert!(is_same_origin(&headers(&[("sec-fetch-site", "same-origin"), ("origin", "null")])));
        assert!(is_same_origin(&headers(&[("host", "school.example")])));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!is_same_origin(&headers(&[("sec-fetch-site", site), own[0], own[1]])), "{site}");
        }
        for origin in ["https://evil.example", "null", "https://school.example.evil", "school.example", ""] {
            assert!(!is_same_origin(&headers(&[("host", "school.example"), ("origin", origin)])), "{origin}");
        }
    }

    #[test]
    fn the_session_is_found_among_other_cookies_and_only_under_its_own_name() {
        assert_eq!(cookie(&headers(&[("cookie", "a=1; __Host-starboard=abc; b=2")])), Some("abc"));
        for none in ["starboard=abc", "__Host-starboard=", "x__Host-starboard=abc", ""] {
            assert_eq!(cookie(&headers(&[("cookie", none)])), None, "{none}");
        }
    }

    #[test]
    fn secrets_are_the_same_only_when_they_are() {
        assert!(is_same("abc", "abc"));
        for (given, wanted) in [("", ""), ("abc", "abd"), ("ab", "abc"), ("abcd", "abc"), ("abc", "")] {
            assert!(!is_same(given, wanted), "{given} {wanted}");
        }
    }
}
