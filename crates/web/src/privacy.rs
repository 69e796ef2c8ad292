//! What is kept, what is shared and what never is: for everybody, signed in or not.

use crate::error::WebError;
use crate::page::html;
use crate::server::Server;
use app::Actor;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use pages::Frame;

#[derive(Template)]
#[template(path = "privacy.html")]
struct PrivacyPage {
    frame: Frame,
}

pub(crate) async fn show(server: Server) -> Result<Response, WebError> {
    let frame = bare_frame(&server, "privacy-title").await?;
    html(StatusCode::OK, &PrivacyPage { frame })
}

/// What stands around a page for somebody who is not signed in: the school's name and no more.
pub(crate) async fn bare_frame(server: &Server, title: &str) -> Result<Frame, WebError> {
    let now = server.now();
    let shell = server.blocking(move |school| school.shell(&Actor::Operator, now)).await?;
    let mut frame = Frame::new(server.words, server.words.get(title));
    frame.school = shell.school.name;
    frame.banner = server.banner();
    Ok(frame)
}
