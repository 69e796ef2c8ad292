//! Ways in and out, and the pages of one sentence: signing in and out, what is refused, privacy,
//! admitting a school, and the token that is shown once.

use super::{Look, Part, draw, frame, words};
use crate::guard::Visitor;
use crate::people::Role;
use askama::Template;
use axum::response::Response;
use domain::SchoolNumber;
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "ministry-message.html")]
struct MessagePage {
    frame: Frame,
    text: String,
    hint: Option<String>,
}

#[derive(Template)]
#[template(path = "ministry-privacy.html")]
struct PrivacyPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "ministry-sign-in.html")]
struct SignInPage {
    frame: Frame,
    who: String,
}

#[derive(Template)]
#[template(path = "ministry-admit.html")]
struct AdmitPage {
    frame: Frame,
    errors: Vec<FieldError>,
    number: String,
    name: String,
}

#[derive(Template)]
#[template(path = "ministry-token.html")]
struct TokenPage {
    frame: Frame,
    number: String,
    token: String,
}

fn bare(title: &str) -> Frame {
    Frame::new(words(), words().get(title))
}

fn message(status: u16, title: &str, text: &str, hint: Option<&str>) -> Response {
    let words = words();
    let hint = hint.map(|hint| words.get(hint));
    draw(status, &MessagePage { frame: bare(title), text: words.get(text), hint })
}

/// Says that this page is not for whoever asks.
pub(crate) fn refused(visitor: Option<&Visitor>) -> Response {
    match visitor {
        Some(_) => message(403, "ministry-denied-title", "ministry-denied-text", None),
        None => message(
            403,
            "ministry-elsewhere-title",
            "ministry-elsewhere-text",
            Some("ministry-elsewhere-hint"),
        ),
    }
}

/// Says that a form did not come from a page of ours.
pub(crate) fn forged() -> Response {
    message(403, "ministry-forged-title", "ministry-forged-text", None)
}

pub(crate) fn unknown_school(look: &Look) -> Response {
    let words = words();
    let frame = frame(look, words.get("ministry-unknown-title"), None, Part::Schools);
    draw(404, &MessagePage { frame, text: words.get("ministry-unknown-text"), hint: None })
}

/// The page that says what is kept here and why.
pub(crate) fn privacy(look: &Look) -> Response {
    draw(200, &PrivacyPage { frame: frame(look, words().get("frame-privacy"), None, Part::None) })
}

/// Asks whoever opened a link to sign in: a look at a link alone does not use it up.
pub(crate) fn sign_in(look: &Look, person: Option<(String, Role)>) -> Response {
    let words = words();
    let Some((name, role)) = person else {
        return message(404, "ministry-link-title", "ministry-link-text", Some("ministry-link-hint"));
    };
    let role = words.get(match role {
        Role::Operator => "ministry-operator",
        Role::Analyst => "ministry-analyst",
    });
    let mut frame = bare("ministry-sign-in-title");
    frame.banner = look.rehearsal.then(|| words.get("ministry-rehearsal"));
    draw(200, &SignInPage { frame, who: format!("{name} · {role}") })
}

pub(crate) fn signed_out(look: &Look) -> Response {
    let mut page = MessagePage {
        frame: bare("ministry-out-title"),
        text: words().get("ministry-out-text"),
        hint: Some(words().get("ministry-link-hint")),
    };
    page.frame.banner = look.rehearsal.then(|| words().get("ministry-rehearsal"));
    draw(200, &page)
}

/// The form that admits a school, with what was wrong in it: the field, and the word that says why.
pub(crate) fn admit(look: &Look, number: &str, name: &str, wrong: &[(&str, &str)]) -> Response {
    let words = words();
    let errors = wrong.iter().map(|&(field, word)| FieldError::new(field, words.get(word))).collect();
    let frame = frame(look, words.get("ministry-admit-title"), None, Part::Admit);
    let status = if wrong.is_empty() { 200 } else { 422 };
    draw(status, &AdmitPage { frame, errors, number: number.to_owned(), name: name.to_owned() })
}

/// The token of a school, which is shown this once.
pub(crate) fn token(look: &Look, number: SchoolNumber, token: &str) -> Response {
    let frame = frame(look, words().get("ministry-token-title"), None, Part::Schools);
    draw(200, &TokenPage { frame, number: number.number().to_string(), token: token.to_owned() })
}
