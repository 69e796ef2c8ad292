//! `POST /kamar`: the door at which KAMAR Directory Services pushes. No session and no form: a user name
//! and a password, before anything else is read.
//!
//! What is taken is kept before it is answered and worked afterwards. A push that cannot be kept is
//! answered 503 and never 200: KAMAR may stop after an error, and silence is then told on Today; but what
//! was answered 200 is never sent again.

use super::body::{self, Fault};
use super::reply::{Format, Ready, Reply};
use crate::error::WebError;
use crate::headers;
use crate::server::Server;
use app::kamar::{KamarAnswer, KamarPushed};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, HOST};
use axum::response::Response;

/// Pushes that are looked at at once: each may hold its body and what was kept of it.
pub(crate) const TURNS: usize = 3;

/// Pushes that are looked at or wait: the next is asked to come again. KAMAR sends one after the other, so
/// these are the schools of a host that push in the same minute.
pub(crate) const WAITING: usize = 48;

/// `POST /kamar`.
pub(crate) async fn push(server: Server, request: Request) -> Response {
    let claimed = Format::of(request.headers());
    let (parts, body) = request.into_parts();
    let Some((user_name, password)) = credentials(&parts.headers) else {
        let now = server.now();
        let _ = server.blocking(move |school| school.note_kamar_refused(now, "missing")).await;
        body::forget(body).await;
        return Reply::NoCredentials.answer(claimed);
    };
    let Ok(waiting) = server.kamar_waiting.try_acquire() else { return Reply::Later.answer(claimed) };
    let Ok(turn) = server.kamar_turns.acquire().await else { return Reply::Later.answer(claimed) };
    let now = server.now();
    match server.blocking(move |school| school.is_kamar(now, &user_name, &password)).await {
        Ok(true) => {}
        Ok(false) => {
            // Nobody waits for a stranger's body.
            drop((turn, waiting));
            body::forget(body).await;
            return Reply::Wrong.answer(claimed);
        }
        Err(error) => return failed(&error).answer(claimed),
    }
    let (reply, format) = take(&server, &parts.headers, body, claimed).await;
    reply.answer(format)
}

/// Reads the body and hands it over.
async fn take(
    server: &Server,
    headers: &HeaderMap,
    body: axum::body::Body,
    claimed: Format,
) -> (Reply, Format) {
    let encoding = text(headers, &CONTENT_ENCODING).to_owned();
    let read = async {
        let body = body::read(body).await?;
        // Unpacking takes a while, and so does not happen among the other requests.
        let unpacked = tokio::task::spawn_blocking(move || body::unpacked(body, &encoding)).await;
        unpacked.unwrap_or(Err(Fault::Broken))
    };
    let now = server.now();
    let refused = |why: &'static str| server.blocking(move |school| school.note_kamar_refused(now, why));
    let body = match read.await {
        Ok(body) => body,
        Err(Fault::TooLarge) => {
            let _ = refused("too-large").await;
            return (Reply::TooLarge, claimed);
        }
        Err(Fault::Broken) => {
            let _ = refused("unreadable").await;
            return (Reply::Malformed, claimed);
        }
    };
    let format = claimed.guessed(&body);
    let info_url = info_url(headers);
    let pushed =
        KamarPushed { body: body.to_vec(), is_xml: format == Format::Xml, info_url: info_url.clone() };
    let reply = match server.blocking(move |school| school.take_kamar_push(now, &pushed)).await {
        Ok(KamarAnswer::Taken) => {
            server.arrived();
            Reply::Taken
        }
        Ok(KamarAnswer::Ready { school, token }) => {
            let privacy = server.words.one("kamar-privacy-statement", "school", school.as_str());
            Reply::Ready(Ready { info_url, privacy, token })
        }
        Ok(KamarAnswer::Empty) => Reply::Empty,
        Ok(KamarAnswer::Malformed) => Reply::Malformed,
        Err(error) => failed(&error),
    };
    (reply, format)
}

/// What KAMAR is told when the page of a person would be told that something failed.
pub(crate) fn failed(error: &WebError) -> Reply {
    if let Some(line) = error.log_line() {
        eprintln!("web: POST /kamar: {line}");
    }
    match error {
        WebError::App(app::AppError::Store(_)) | WebError::Busy | WebError::Crowded | WebError::Slow => {
            Reply::Later
        }
        _ => Reply::Broken,
    }
}

/// Where KAMAR's users read more: the school's own page about what is kept.
fn info_url(headers: &HeaderMap) -> String {
    let host = text(headers, &HOST);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.is_empty() || host.len() > 255 || !host.bytes().all(is_plain) {
        return "https://starboard.invalid/privacy".to_owned();
    }
    format!("https://{host}/privacy")
}

fn text<'h>(headers: &'h HeaderMap, name: &axum::http::HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// User name and password. None at all is not the same as an empty user name.
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    headers::basic(headers).filter(|(user_name, password)| !user_name.is_empty() || !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::AUTHORIZATION;

    #[test]
    fn an_empty_user_name_is_one_and_nothing_at_all_is_none() {
        let of = |encoded: &'static str| {
            credentials(&HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(encoded))]))
        };
        assert_eq!(of("Basic OnA="), Some((String::new(), "p".to_owned())));
        assert_eq!(of("Basic Og=="), None, "a colon alone");
    }

    #[test]
    fn where_to_read_more_follows_the_name_that_was_asked_for_and_holds_nothing_else() {
        let of = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_str(host).expect("a header"));
            info_url(&headers)
        };
        assert_eq!(of("kura.example:8443"), "https://kura.example:8443/privacy");
        assert_eq!(of("a\"b"), "https://starboard.invalid/privacy");
    }
}
