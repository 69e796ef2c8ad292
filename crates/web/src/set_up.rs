//! The page of a single-use link: choose a password; in a new school also say who is its first
//! SMS administrator.
//!
//! A new school's link opens only in a browser on the school's own machine, so that nobody who
//! reaches the address first can take the school.

use crate::error::{WebError, field_errors};
use crate::finish::see_other;
use crate::form::Form;
use crate::page::html;
use crate::privacy::bare_frame;
use crate::server::Server;
use crate::sign_in::set_cookie;
use crate::this_machine::is_this_machine;
use app::{AppError, PASSWORD_LENGTH};
use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use pages::{Arg, FieldError, Frame};
use std::net::SocketAddr;

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    frame: Frame,
    errors: Vec<FieldError>,
    lead: String,
    shortest: usize,
    /// The first administrator's name and address as typed; nothing for a person already known.
    first: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "set_up_message.html")]
struct MessagePage {
    frame: Frame,
    text: String,
}

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// What a link is good for.
enum Link {
    /// A new school's first administrator.
    School,
    /// This person.
    Person(String),
}

pub(crate) async fn show(
    server: Server,
    Path(token): Path<String>,
    peer: Peer,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    match link(&server, token, peer, &headers).await? {
        Ok(link) => {
            let page = page(&server, &link, None, Vec::new()).await?;
            html(StatusCode::OK, &page)
        }
        Err((status, text)) => message(&server, status, text).await,
    }
}

pub(crate) async fn choose(
    server: Server,
    Path(token): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, WebError> {
    let link = match link(&server, token.clone(), peer, &headers).await? {
        Ok(link) => link,
        Err((status, text)) => return message(&server, status, text).await,
    };
    let first =
        matches!(link, Link::School).then(|| (form.get("name").to_owned(), form.get("email").to_owned()));
    if form.raw("password") != form.raw("again") {
        let errors = vec![FieldError::new("again", server.words.get("set-up-again-differs"))];
        return html(StatusCode::UNPROCESSABLE_ENTITY, &page(&server, &link, first, errors).await?);
    }
    let _turn = server.sign_ins.try_acquire().map_err(|_| WebError::Busy)?;
    let (now, password, admin) = (server.now(), form.raw("password").to_owned(), first.clone());
    let chosen = server.blocking(move |school| school.choose_password(now, &token, &password, admin)).await;
    match chosen {
        Ok(token) => {
            let mut response = see_other(if first.is_some() { "/school?done=set-up" } else { "/" });
            set_cookie(&mut response, &token);
            Ok(response)
        }
        Err(WebError::App(AppError::Invalid(fields))) => {
            let page = page(&server, &link, first, field_errors("", &fields)).await?;
            html(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// What the link is good for, or the status and the words that say why it is good for nothing.
async fn link(
    server: &Server,
    token: String,
    peer: Peer,
    headers: &HeaderMap,
) -> Result<Result<Link, (StatusCode, &'static str)>, WebError> {
    let now = server.now();
    let found = server.blocking(move |school| school.link(now, &token)).await?;
    Ok(match found {
        None => Err((StatusCode::NOT_FOUND, "set-up-gone")),
        Some(Some(name)) => Ok(Link::Person(name)),
        Some(None) if is_this_machine(peer.map(|Extension(ConnectInfo(peer))| peer), headers) => {
            Ok(Link::School)
        }
        Some(None) => Err((StatusCode::FORBIDDEN, "set-up-elsewhere")),
    })
}

async fn page(
    server: &Server,
    link: &Link,
    first: Option<(String, String)>,
    errors: Vec<FieldError>,
) -> Result<SetUpPage, WebError> {
    let frame = bare_frame(server, "set-up-title").await?;
    let (lead, first) = match link {
        Link::School => (server.words.get("set-up-lead-school"), Some(first.unwrap_or_default())),
        Link::Person(name) => (server.words.with("set-up-lead-person", &[("name", Arg::from(name))]), None),
    };
    Ok(SetUpPage { frame, errors, lead, first, shortest: PASSWORD_LENGTH.0 })
}

async fn message(server: &Server, status: StatusCode, text: &str) -> Result<Response, WebError> {
    let frame = bare_frame(server, &format!("{text}-title")).await?;
    html(status, &MessagePage { frame, text: server.words.get(text) })
}
