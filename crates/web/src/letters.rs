//! Words to whānau: the runs there were, choosing and looking at a new one, what became of each
//! message, and what is no longer right.

mod head;
mod new;
mod one;
mod paper;
mod run;
mod wording;
mod wrong;

pub(crate) use head::{save as save_letterhead, show as letterhead};
pub(crate) use new::{confirm, draft};
pub(crate) use one::{came_back, drop_one, settle, show as letter};
pub(crate) use paper::{logo, pdf, print};
pub(crate) use run::{post, show as run};
pub(crate) use wording::{
    approve, begin as begin_template, list as templates, save as save_template, show as template,
};
pub(crate) use wrong::show as wrong;

use crate::listing::{Files, Listing, Rows};
use crate::when::{self, When};
use crate::words_of::Said;
use crate::{Page, WebError};
use app::letters::{LetterState, RunLine};
use askama::Template;
use axum::response::Response;
use domain::{Channel, Permission, Threshold};
use pages::{Frame, Notice, NoticeKind};

#[derive(Template)]
#[template(path = "letters.html")]
struct LettersPage {
    frame: Frame,
    /// What could be written about: words, how many tasks, and where.
    starts: Vec<(String, usize, String)>,
    wrong: usize,
    runs: Vec<Run>,
    may_edit: bool,
    may_edit_contacts: bool,
    files: Files,
}

struct Run {
    href: String,
    at: When,
    title: String,
    by: String,
    /// How far its messages have come: class and words.
    states: Vec<Tag>,
}

/// A state as a tag: its class, and its words.
pub(crate) struct Tag {
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

/// `GET /letters`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let said = Said::of(&page);
    if let Some(take) = page.take()? {
        let runs = page.run(|school, actor, now| school.all_letter_runs(actor, now)).await?;
        let listing = Some(listing(said, &runs)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let (runs, view, wrong, today) = page
        .run(|school, actor, now| {
            let runs = school.letter_runs(actor, now)?;
            let (view, wrong) =
                (school.letter_templates(actor, now)?, school.count_wrong_letters(actor, now)?);
            Ok((runs, view, wrong, school.today(actor, now)?))
        })
        .await?;
    let mut frame = page.frame(page.word("letters-title"));
    let may_edit = page.may(Permission::EditLetters);
    if view.letterhead.phone.is_empty() && view.letterhead.email.is_empty() {
        let notice = Notice::new(NoticeKind::Attention, page.word("letters-no-letterhead"));
        frame.notice = Some(match may_edit {
            true => notice.with_link(page.word("letters-write-letterhead"), "/letters/letterhead"),
            false => notice,
        });
    }
    let open = |level: Threshold| today.lines.iter().filter(|line| line.task.level == Some(level)).count();
    let start =
        |level: Threshold| (said.level(level), open(level), format!("/letters/new?level={}", level.days()));
    let starts = Threshold::MINISTRY.into_iter().map(start).filter(|(_, count, _)| *count > 0).collect();
    page.html(&LettersPage {
        starts,
        wrong,
        runs: runs.into_iter().map(|run| line(said, run)).collect(),
        may_edit,
        may_edit_contacts: page.may(Permission::EditContacts),
        files: page.files("letters", "/letters"),
        frame,
    })
}

/// What was sent, as counts: to whom a family's messages went is in no file.
fn listing(said: Said, runs: &[RunLine]) -> Listing {
    let count = |line: &RunLine, state| line.counts.get(&state).copied().unwrap_or_default();
    Rows::of(said.words, "letters", runs)
        .time("at", |line| Some(line.run.recorded_at))
        .text("title", |line| line.run.title.clone())
        .text("records", |line| line.run.kind.name().to_owned())
        .text("by", |line| line.by.clone())
        .number("to_post", |line| count(line, LetterState::ToPost))
        .number("waiting", |line| count(line, LetterState::Waiting))
        .number("sent", |line| count(line, LetterState::Sent))
        .number("failed", |line| count(line, LetterState::Failed))
        .number("came_back", |line| count(line, LetterState::CameBack))
        .number("dropped", |line| count(line, LetterState::Dropped))
        .done()
}

fn line(said: Said, line: RunLine) -> Run {
    let tag = |(state, count): (LetterState, usize)| {
        let tag = state_tag(said, state);
        Tag { text: format!("{count} {}", tag.text), class: tag.class }
    };
    Run {
        href: links::run(&line.run.id),
        at: when::moment(said.words, said.zone, line.run.recorded_at, said.today),
        title: line.run.title,
        by: line.by,
        states: line.counts.into_iter().map(tag).collect(),
    }
}

/// How far a message has come, as a tag.
pub(crate) fn state_tag(said: Said, state: LetterState) -> Tag {
    let (class, word) = match state {
        LetterState::ToPost => ("tag-wait", "letters-state-to-post"),
        LetterState::Waiting => ("tag-wait", "letters-state-waiting"),
        LetterState::Sent => ("tag-good", "letters-state-sent"),
        LetterState::Failed => ("tag-bad", "letters-state-failed"),
        LetterState::CameBack => ("tag-bad", "letters-state-came-back"),
        LetterState::Dropped => ("", "letters-state-dropped"),
    };
    Tag { class, text: said.words.get(word) }
}

/// A channel in a word.
pub(crate) fn channel_word(said: Said, channel: Channel) -> String {
    said.words.get(match channel {
        Channel::Email => "channel-email",
        Channel::Text => "channel-text",
        Channel::Letter => "channel-letter",
        Channel::Phone => "channel-phone",
    })
}

/// Addresses of these pages.
pub(crate) mod links {
    use crate::links::encode;

    /// A run.
    pub(crate) fn run(id: &str) -> String {
        format!("/letters/runs/{}", encode(id))
    }

    /// A template.
    pub(crate) fn template(name: &str) -> String {
        format!("/letters/templates/{}", encode(name))
    }

    /// One message.
    pub(crate) fn letter(id: &str) -> String {
        format!("/letters/of/{}", encode(id))
    }
}
