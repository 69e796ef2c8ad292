//! What the page after recording says, and whether the Ministry's own page is a step away.

use super::Desk;
use crate::asked::Asked;
use crate::{Fields, Page, words_of};
use domain::StudentId;
use pages::{Notice, NoticeKind};

/// What a notice needs to know of sharing.
#[derive(Clone)]
pub(crate) struct Sharing {
    /// Whether responses are shared.
    pub(crate) is_on: bool,
    /// This school on the Ministry's own pages, when they run beside it (a demonstration).
    pub(crate) ministry: Option<String>,
}

impl Sharing {
    pub(crate) fn of(page: &Page) -> Self {
        Self { is_on: page.shell.school.share_responses, ministry: page.ministry_page() }
    }
}

/// What the page after saving says: "Recorded for Aroha T. It will be sent today from 18:00."
pub(crate) fn notice(desk: &Desk<'_>, asked: &Fields, sharing: &Sharing) -> Option<Notice> {
    let is_shared = match asked.get("n") {
        "recorded" => true,
        "kept" => false,
        "undone" => {
            let text = desk.said.words.count("respond-undone", asked.number("count"));
            return Some(Notice::new(NoticeKind::Success, text));
        }
        _ => return None,
    };
    let words = desk.said.words;
    let id = StudentId::parse(asked.get("who")).ok();
    let view = id.and_then(|id| desk.school.student(desk.actor, desk.now, &id, None).ok());
    let recorded = match view {
        Some(view) => words.one("respond-recorded", "name", words_of::short_name(&view.student).as_str()),
        None => words.count("respond-recorded-many", asked.number("count")),
    };
    // Beside the Ministry's own pages, in a demonstration, it goes at once.
    let ministry = sharing.ministry.as_ref().filter(|_| is_shared && sharing.is_on);
    let Some(ministry) = ministry else {
        let text = format!("{recorded} {}", desk.said.sending(is_shared, sharing.is_on));
        let notice = Notice::new(NoticeKind::Success, text);
        let response = asked.get("response");
        if response.is_empty() {
            return Some(notice);
        }
        let to = format!("/responses/{}", crate::links::encode(response));
        return Some(notice.with_link(words.get("respond-see"), to));
    };
    let text = format!("{recorded} {}", words.get("respond-sent-demo"));
    Some(
        Notice::new(NoticeKind::Success, text).with_link(words.get("sharing-at-ministry"), ministry.as_str()),
    )
}
