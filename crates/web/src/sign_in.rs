//! Sign in and out.

use crate::error::{WebError, sentence};
use crate::finish::see_other;
use crate::form::{Fields, Form, encode};
use crate::guard::{COOKIE_NAME, Session, cookie, cookie_named};
use crate::page::html;
use crate::practice_school;
use crate::privacy::bare_frame;
use crate::server::Server;
use app::{AppError, SignIn};
use askama::Template;
use axum::Extension;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::response::Response;
use pages::{FieldError, Frame, Notice, NoticeKind};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    errors: Vec<FieldError>,
    email: String,
    to: String,
    ministry_url: Option<String>,
}

/// The sign-in page's address, with the page wanted.
pub(crate) fn address(to: &str, ended: bool) -> String {
    let to = if is_own_path(to) && to != "/" { format!("to={}", encode(to)) } else { String::new() };
    match (to.is_empty(), ended) {
        (true, false) => "/sign-in".to_owned(),
        (true, true) => "/sign-in?ended=1".to_owned(),
        (false, false) => format!("/sign-in?{to}"),
        (false, true) => format!("/sign-in?{to}&ended=1"),
    }
}

/// Whether an address is a page of this site: it begins with one slash, and a browser could not
/// read another site's name into it.
fn is_own_path(to: &str) -> bool {
    let plain = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    to.len() <= 2_000 && to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/sign-") && plain
}

/// The header that keeps a session's token in the browser: not readable by script, sent to this
/// site alone and only with requests that begin here.
pub(crate) fn set_cookie(response: &mut Response, token: &str) {
    set_cookie_named(response, COOKIE_NAME, token);
}

/// The same under another name.
pub(crate) fn set_cookie_named(response: &mut Response, name: &str, token: &str) {
    let end = if token.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!("{name}={token}; Path=/; Secure; HttpOnly; SameSite=Strict{end}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

pub(crate) async fn show(
    server: Server,
    session: Option<Extension<Session>>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes())?;
    let to = wanted(&query);
    if session.is_some() {
        return Ok(see_other(&to));
    }
    let mut frame = bare_frame(&server, "sign-in-title").await?;
    if query.has("ended") {
        frame.notice = Some(Notice::new(NoticeKind::Attention, server.words.get("sign-in-ended")));
    }
    if query.has("out") {
        frame.notice = Some(Notice::new(NoticeKind::Success, server.words.get("sign-in-out")));
    }
    let ministry_url = server.settings.ministry_url.clone();
    html(StatusCode::OK, &SignInPage { frame, errors: Vec::new(), email: String::new(), to, ministry_url })
}

fn wanted(fields: &Fields) -> String {
    let to = fields.get("to");
    if is_own_path(to) { to.to_owned() } else { "/".to_owned() }
}

pub(crate) async fn sign_in(server: Server, headers: HeaderMap, form: Form) -> Result<Response, WebError> {
    let _turn = server.sign_ins.try_acquire().map_err(|_| WebError::Busy)?;
    let now = server.now();
    let request = SignIn { email: form.get("email").to_owned(), password: form.raw("password").to_owned() };
    let before = cookie(&headers).map(str::to_owned);
    let practises = cookie_named(&headers, practice_school::COOKIE_NAME).is_some();
    let outcome = server
        .blocking(move |school| {
            let token = school.sign_in(now, request)?;
            // The session that this browser had before is of no use any more.
            if let Some(before) = before {
                school.sign_out(&before)?;
            }
            Ok(token)
        })
        .await;
    let error = match outcome {
        Ok(token) => {
            let mut response = see_other(&wanted(&form));
            set_cookie(&mut response, &token);
            // Whoever sat here before may have practised as somebody else.
            if practises {
                set_cookie_named(&mut response, practice_school::COOKIE_NAME, "");
            }
            return Ok(response);
        }
        Err(WebError::App(error @ (AppError::Denied(_) | AppError::Wait(_)))) => error,
        Err(error) => return Err(error),
    };
    let page = SignInPage {
        frame: bare_frame(&server, "sign-in-title").await?,
        errors: vec![FieldError::new("email", sentence(&error.to_string()))],
        email: form.get("email").to_owned(),
        to: wanted(&form),
        ministry_url: server.settings.ministry_url.clone(),
    };
    let AppError::Wait(seconds) = error else { return html(StatusCode::UNPROCESSABLE_ENTITY, &page) };
    let mut response = html(StatusCode::TOO_MANY_REQUESTS, &page)?;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    Ok(response)
}

pub(crate) async fn sign_out(
    server: Server,
    headers: HeaderMap,
    Extension(session): Extension<Session>,
) -> Result<Response, WebError> {
    server.blocking(move |school| school.sign_out(&session.token)).await?;
    // Whoever practises signs out of their own school too.
    if let Some(token) = cookie(&headers).filter(|_| server.practice.is_some()).map(str::to_owned) {
        server.real().blocking(move |school| school.sign_out(&token)).await?;
    }
    let mut response = see_other("/sign-in?out=1");
    set_cookie(&mut response, "");
    if cookie_named(&headers, practice_school::COOKIE_NAME).is_some() {
        set_cookie_named(&mut response, practice_school::COOKIE_NAME, "");
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_only_to_a_page_of_this_site() {
        for own in ["/", "/today", "/students/S-1?term=2026-T2", "/roll/9%20K"] {
            assert!(is_own_path(own), "{own}");
        }
        for foreign in [
            "",
            "today",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/\t/evil",
            "/sign-in",
        ] {
            assert!(!is_own_path(foreign), "{foreign}");
        }
        assert_eq!(address("/students?q=a&b", true), "/sign-in?to=%2Fstudents%3Fq%3Da%26b&ended=1");
        assert_eq!(address("//evil.example", false), "/sign-in");
    }
}
