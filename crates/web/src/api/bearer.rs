//! Whose token a request bears, whether it is for what is asked, and the program's share of requests.

use super::limit::{BURST, Left};
use super::problem::{ApiError, Kind, Problem};
use crate::server::Server;
use app::api::{ApiCaller, Used};
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::{ApiScope, Instant, Zone};

/// The program that asks, with the school that it asks, at one moment.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) caller: ApiCaller,
    pub(crate) server: Server,
    pub(crate) now: Instant,
    /// The school's zone, in which every answer tells times.
    pub(crate) zone: Zone,
}

impl Caller {
    /// Asks `app` for a view or an act, where waiting for the database is allowed.
    pub(crate) async fn run<T, F>(&self, act: F) -> Result<T, ApiError>
    where
        F: FnOnce(&app::School, &app::Actor, Instant) -> Result<T, app::AppError> + Send + 'static,
        T: Send + 'static,
    {
        let (actor, now) = (self.caller.actor(), self.now);
        Ok(self.server.blocking(move |school| act(school, &actor, now)).await?)
    }

    /// Refuses unless the token is for this too.
    pub(crate) fn require(&self, scope: ApiScope) -> Result<(), Problem> {
        if self.caller.client.scopes.contains(&scope) { Ok(()) } else { Err(insufficient(&[scope])) }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().cloned().ok_or(ApiError::Web(crate::WebError::Broken))
    }
}

/// The token in `Authorization: Bearer TOKEN`, if there is one.
///
/// Source: RFC 6750, section 2.1.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (given.next()?.to_str().ok()?, given.next()) else { return None };
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let fits = !token.is_empty() && token.len() <= 200 && token.bytes().all(|byte| byte.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("bearer") && fits).then_some(token)
}

fn insufficient(scopes: &[ApiScope]) -> Problem {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.text()).collect();
    let words = words.join(" ");
    let detail = format!("this takes a token with the scope {words}: ask the school to give it");
    Problem { scopes: Some(words), ..Problem::new(Kind::Scope, detail) }
}

/// Lets a request through to its handler, or answers why not. The share is taken before the scope is
/// looked at: a program that asks for what it may not have asks all the same.
pub(crate) async fn check(
    server: &Server,
    scopes: &'static [ApiScope],
    mut request: Request,
) -> Result<(Request, Share), Response> {
    use axum::response::IntoResponse;
    let now = server.now();
    let refuse = |detail: &str| Problem::new(Kind::Token, detail).into_response();
    let Some(given) = token(request.headers()).map(str::to_owned) else {
        return Err(refuse("send Authorization: Bearer TOKEN, with a token of POST /api/v1/token"));
    };
    let caller = server.blocking(move |school| {
        let Some(caller) = school.api_caller(now, &given)? else { return Ok(None) };
        Ok(Some((caller, school.settings()?.zone)))
    });
    let Some((caller, zone)) = caller.await.map_err(IntoResponse::into_response)? else {
        return Err(refuse("this token is not good, or not any more: ask for a new one"));
    };
    let share = Share::take(server, &caller.client.id, now).await;
    if !share.is_let_in() {
        let mut problem = Problem::new(Kind::TooMany, "slow down: the headers say how often is right");
        problem.retry_after = Some(share.reset());
        let mut response = problem.into_response();
        share.tell(&mut response);
        return Err(response);
    }
    if !scopes.iter().all(|scope| caller.client.scopes.contains(scope)) {
        server.limits.refused(server.number(), &share.client);
        let mut response = insufficient(scopes).into_response();
        share.tell(&mut response);
        return Err(response);
    }
    request.extensions_mut().insert(Caller { caller, server: server.clone(), now, zone });
    Ok((request, share))
}

/// Writes down how often programs asked. What cannot be written now is kept for the next time: it is no
/// reason to refuse what was asked.
pub(crate) async fn note_use(server: &Server, used: Vec<Used>) {
    let kept = used.clone();
    if let Err(error) = server.blocking(move |school| school.note_api_use(used)).await {
        server.limits.put_back(server.number(), kept);
        if let Some(line) = error.log_line() {
            eprintln!("web: use by programs is written down later: {line}");
        }
    }
}

/// What a request leaves of a program's share, for the answer.
pub(crate) struct Share {
    left: Left,
    client: String,
}

impl Share {
    /// Takes a request out of a program's share, whether it may go on or not.
    pub(crate) async fn take(server: &Server, client: &str, now: Instant) -> Self {
        let (left, due) = server.limits.take(server.number(), client, now);
        if let Some(used) = due {
            note_use(server, vec![used]).await;
        }
        Self { left, client: client.to_owned() }
    }

    /// The share of a program that has nothing left of it. Nothing is taken.
    pub(crate) fn spent(server: &Server, client: &str, now: Instant) -> Option<Self> {
        let left = server.limits.spent(server.number(), client, now)?;
        Some(Self { left, client: client.to_owned() })
    }

    pub(crate) fn is_let_in(&self) -> bool {
        self.left.is_let_in
    }

    /// After how many seconds a refused request may come again.
    pub(crate) fn reset(&self) -> i64 {
        self.left.reset
    }

    /// Adds the headers that say how often is right.
    ///
    /// Source: draft-ietf-httpapi-ratelimit-headers-07, whose three fields are what clients know.
    pub(crate) fn tell(&self, response: &mut Response) {
        let headers = response.headers_mut();
        for (name, value) in [
            ("ratelimit-limit", BURST),
            ("ratelimit-remaining", self.left.remaining),
            ("ratelimit-reset", self.left.reset),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }

    /// The same, and notes that the handler refused.
    pub(crate) fn end(&self, server: &Server, response: &mut Response) {
        self.tell(response);
        let status = response.status();
        if status.is_client_error() && status != StatusCode::NOT_FOUND {
            server.limits.refused(server.number(), &self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_from_one_header_of_the_right_scheme() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            }
            token(&headers).map(str::to_owned)
        };
        assert_eq!(read(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(read(&["bearer  abc "]).as_deref(), Some("abc"));
        for wrong in ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "abc"] {
            assert_eq!(read(&[wrong]), None, "{wrong}");
        }
        assert_eq!(read(&["Bearer a", "Bearer b"]), None);
    }
}
