//! What left about one child: messages home, packs of referrals, shares with the Ministry, files;
//! newest first.

use crate::letters::{self, Tag, state_tag};
use crate::when::When;
use crate::words_of::Said;
use crate::{Page, WebError, links, referral};
use app::letters::LetterState;
use app::referral::{LeftLetter, LeftView, SharedPart};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Instant, StudentId};
use pages::Frame;

/// The kinds of things that leave, as the address names them.
const KINDS: [&str; 4] = ["messages", "referrals", "ministry", "files"];

#[derive(Template)]
#[template(path = "left.html")]
struct LeftPage {
    frame: Frame,
    name: String,
    href: String,
    tabs: Vec<crate::today::Tab>,
    items: Vec<Item>,
}

/// One thing that left.
struct Item {
    at: Instant,
    when: When,
    kind: &'static str,
    what: String,
    to: String,
    state: Option<Tag>,
    href: Option<String>,
}

/// `GET /students/{id}/left`: that it was looked at is logged.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = StudentId::parse(&id).map_err(|_| WebError::NotFound)?;
    let (frame, said) = (page.frame(page.word("left-title")), Said::of(&page));
    let kind = page.query.get("kind").to_owned();
    let view = page.run(move |school, actor, now| school.left_about(actor, now, &id)).await?;
    page.html(&LeftPage::new(frame, said, view, &kind))
}

impl LeftPage {
    fn new(frame: Frame, said: Said, view: LeftView, kind: &str) -> Self {
        let mut items: Vec<Item> = view.letters.iter().filter_map(|letter| message(said, letter)).collect();
        items.extend(view.referrals.iter().map(|(row, by)| Item {
            at: row.at,
            when: said.instant(row.at),
            kind: "referrals",
            what: format!("{} ({by})", row.purpose),
            to: row.receiver.clone(),
            state: None,
            href: view.may_refer.then(|| referral::link_of(&row.id)),
        }));
        items.extend(batches(said, &view.shared, view.may_see_sharing));
        items.extend(view.exports.iter().map(|(at, subject, by)| Item {
            at: *at,
            when: said.instant(*at),
            kind: "files",
            what: said.words.one("left-file", "what", subject.as_str()),
            to: if by.is_empty() { said.words.get("left-operator") } else { by.clone() },
            state: None,
            href: None,
        }));
        items.sort_by_key(|item| std::cmp::Reverse(item.at));
        let page = format!("/students/{}/left", links::encode(view.student.id.as_str()));
        let tab = |one: Option<&'static str>| crate::today::Tab {
            text: said.words.get(&format!("left-kind-{}", one.unwrap_or("all"))),
            href: one.map_or_else(|| page.clone(), |one| format!("{page}?kind={one}")),
            count: items.iter().filter(|item| one.is_none_or(|one| item.kind == one)).count(),
            is_current: one.unwrap_or_default() == kind,
        };
        let tabs = std::iter::once(None).chain(KINDS.map(Some)).map(tab).collect();
        if KINDS.contains(&kind) {
            items.retain(|item| item.kind == kind);
        }
        Self {
            name: view.student.full_name(),
            href: links::student(&view.student.id, None),
            tabs,
            items,
            frame,
        }
    }
}

/// A message that left or is on its way; nothing for one that was taken out before.
fn message(said: Said, letter: &LeftLetter) -> Option<Item> {
    let line = &letter.line;
    if line.state == LetterState::Dropped {
        return None;
    }
    let channel = letters::channel_word(said, line.row.channel);
    let to = match (letter.is_hidden, line.row.sent_to.is_empty()) {
        (true, _) => said.words.get("left-hidden"),
        (false, true) => line.row.contact_name.clone(),
        (false, false) => {
            format!("{}, {}", line.row.contact_name, line.row.sent_to.replace('\n', ", "))
        }
    };
    Some(Item {
        at: line.at,
        when: said.instant(line.at),
        kind: "messages",
        what: format!("{channel}: {}", letter.title),
        to,
        state: Some(state_tag(said, line.state)),
        href: (!letter.is_hidden).then(|| letters::links::letter(&line.row.id)),
    })
}

/// Batches to the Ministry, each with what of this child is in it.
fn batches(said: Said, parts: &[SharedPart], may_open: bool) -> Vec<Item> {
    let of_batch = parts.chunk_by(|a, b| a.batch == b.batch);
    let item = |own: &[SharedPart]| {
        let first = own.first()?;
        let what: Vec<String> = own
            .iter()
            .map(|part| said.words.count(&format!("left-records-{}", part.kind), part.count))
            .collect();
        let (class, word) = match (first.state.as_str(), own.iter().any(|part| part.refused > 0)) {
            ("received", false) => ("tag-good", "sharing-state-received"),
            ("received", true) => ("tag-wait", "sharing-state-received-partly"),
            ("refused", _) => ("tag-bad", "sharing-state-refused"),
            _ => ("", "sharing-state-sealed"),
        };
        Some(Item {
            at: first.sealed_at,
            when: said.instant(first.sealed_at),
            kind: "ministry",
            what: what.join(", "),
            to: said.words.get("left-ministry"),
            state: Some(Tag { class, text: said.words.get(word) }),
            href: may_open.then(|| format!("/sharing/{}/{}", first.batch.0, first.batch.1)),
        })
    };
    of_batch.filter_map(item).collect()
}
