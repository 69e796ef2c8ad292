//! The school's key for the Ministry: its fingerprint and how far it has come, buttons to make and to
//! change it, and a field for the Ministry's token that is written and never shown again.

use crate::error::{WebError, field_errors, sentence};
use crate::form::Form;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when::{self, When};
use app::AppError;
use app::views::{KeyLine, KeyState, KeysView};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::Permission;
use pages::{FieldError, Frame, Notice, NoticeKind};

#[derive(Template)]
#[template(path = "ministry_keys.html")]
struct KeysPage {
    frame: Frame,
    errors: Vec<FieldError>,
    lead: String,
    may_edit: bool,
    /// Whether there is a pair to change; otherwise one is made.
    may_change: bool,
    /// Whether one may be made or changed now.
    may_make: bool,
    lines: Vec<Line>,
    ended: Vec<Line>,
    admission_entered: Option<When>,
    has_address: bool,
    files: Files,
}

struct Line {
    fingerprint: String,
    /// The class of the tag and the word in it.
    tag: (&'static str, String),
    since: When,
    last_used: Option<When>,
    problem: Option<String>,
    /// Where it is ended by hand, if it may be.
    end: Option<String>,
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let view = page.run(|school, actor, now| school.key_pairs(actor, now)).await?;
        let listing = Some(listing(&page, &view.keys)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let drawn = draw(&page, Vec::new()).await?;
    page.html(&drawn)
}

fn listing(page: &Page, keys: &[KeyLine]) -> Listing {
    Rows::of(page.words, "sharing-keys", keys)
        .text("fingerprint", |key| key.kid.clone())
        .text("state", |key| line(page, key, false).tag.1)
        .time("made_at", |key| Some(key.made_at))
        .time("registered_at", |key| key.registered_at)
        .time("last_used_at", |key| key.last_used_at)
        .time("ended_at", |key| key.ended_at)
        .done()
}

async fn draw(page: &Page, errors: Vec<FieldError>) -> Result<KeysPage, WebError> {
    let view = page.run(|school, actor, now| school.key_pairs(actor, now)).await?;
    let may_edit = page.may(Permission::EditSharing);
    let is = |state: KeyState| view.keys.iter().any(|key| key.state == state);
    let (in_use, waiting, closed) = (is(KeyState::InUse), is(KeyState::Waiting), is(KeyState::Unreadable));
    let (lines, ended): (Vec<&KeyLine>, Vec<&KeyLine>) =
        view.keys.iter().partition(|key| key.state != KeyState::Ended);
    let line = |key: &KeyLine| line(page, key, may_edit);
    Ok(KeysPage {
        frame: page.frame(page.word("sharing-key-title")),
        errors,
        lead: page.word(lead(&view)),
        may_edit,
        may_change: in_use || closed,
        may_make: may_edit && !waiting,
        lines: lines.into_iter().map(line).collect(),
        ended: ended.into_iter().map(line).collect(),
        admission_entered: view
            .admission_entered_at
            .map(|at| when::moment(page.words, page.zone(), at, page.today())),
        has_address: view.share_to.is_some(),
        files: page.files("sharing-keys", "/sharing/keys"),
    })
}

/// What stands first on the page: how the school proves who it is.
fn lead(view: &KeysView) -> &'static str {
    let is = |state: KeyState| view.keys.iter().any(|key| key.state == state);
    if is(KeyState::Unreadable) {
        return "sharing-key-lead-closed";
    }
    match (is(KeyState::InUse), is(KeyState::Waiting)) {
        (true, true) => "sharing-key-lead-changing",
        (true, false) => "sharing-key-lead-in-use",
        (false, true) => "sharing-key-lead-waiting",
        (false, false) => "sharing-key-lead-none",
    }
}

fn line(page: &Page, key: &KeyLine, may_edit: bool) -> Line {
    let (class, word) = match key.state {
        KeyState::Waiting => ("tag-wait", "sharing-key-state-waiting"),
        KeyState::InUse => ("tag-good", "sharing-key-state-in-use"),
        KeyState::Ending => ("tag-wait", "sharing-key-state-ending"),
        KeyState::Ended => ("", "sharing-key-state-ended"),
        KeyState::Unreadable => ("tag-bad", "sharing-key-state-closed"),
    };
    let said = |at| when::moment(page.words, page.zone(), at, page.today());
    let since = match key.state {
        KeyState::Ended => key.ended_at,
        _ => key.registered_at,
    };
    Line {
        fingerprint: key.kid.clone(),
        tag: (class, page.word(word)),
        since: said(since.unwrap_or(key.made_at)),
        last_used: key.last_used_at.map(said),
        problem: key.problem.as_deref().map(sentence),
        end: (may_edit && key.may_end).then(|| format!("/sharing/keys/{}/end", key.kid)),
    }
}

pub(crate) async fn make(page: Page) -> Result<Response, WebError> {
    let made = page.run(|school, actor, now| school.make_key(actor, now)).await;
    answer(&page, made.map(drop), "key-made").await
}

pub(crate) async fn admission(page: Page, form: Form) -> Result<Response, WebError> {
    let token = form.get("token").to_owned();
    let kept = page.run(move |school, actor, now| school.enter_admission_token(actor, now, &token)).await;
    answer(&page, kept, "key-token").await
}

pub(crate) async fn end(page: Page, Path(kid): Path<String>) -> Result<Response, WebError> {
    let ended = page.run(move |school, actor, now| school.end_key(actor, now, &kid)).await;
    answer(&page, ended, "key-ended").await
}

/// The page again: with what was done, or with what stands against it. What was typed is not shown
/// again in either case.
async fn answer(page: &Page, outcome: Result<(), WebError>, done: &str) -> Result<Response, WebError> {
    match outcome {
        Ok(()) => Ok(page.see_other(&format!("/sharing/keys?done={done}"))),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let (of_token, others): (Vec<_>, Vec<_>) =
                fields.into_iter().partition(|field| field.name == "token");
            let mut drawn = draw(page, field_errors("", &of_token)).await?;
            if !others.is_empty() {
                let text: Vec<String> = others.iter().map(|field| sentence(&field.problem)).collect();
                drawn.frame.notice = Some(Notice::new(NoticeKind::Error, text.join(" ")));
            }
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}
