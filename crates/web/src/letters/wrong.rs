//! Messages that went and are no longer right, and the way to put them right.

use super::{Tag, channel_word, links, state_tag};
use crate::listing::{Files, Listing, Rows};
use crate::when::{self, When};
use crate::words_of::Said;
use crate::{Page, WebError};
use app::letters::{LetterState, WrongLetter};
use askama::Template;
use axum::response::Response;
use domain::days_text;
use pages::Frame;

#[derive(Template)]
#[template(path = "letters_wrong.html")]
struct WrongPage {
    frame: Frame,
    /// Whether any of them went: a correction is drafted of those.
    has_gone: bool,
    lines: Vec<Line>,
    files: Files,
}

struct Line {
    id: String,
    href: String,
    student: String,
    group: String,
    student_href: String,
    contact: String,
    channel: String,
    /// How far it has come, while it has not gone.
    waits: Option<Tag>,
    sent: When,
    /// What it said and what is right, in sentences.
    told: Vec<String>,
}

/// `GET /letters/wrong`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let said = Said::of(&page);
    let found = page.run(|school, actor, now| school.wrong_letters(actor, now)).await?;
    if let Some(take) = page.take()? {
        let listing = Some(listing(said, &found)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let files = page.files("letters-wrong", "/letters/wrong");
    let frame = page.frame(page.word("letters-wrong-title"));
    let lines: Vec<Line> = found.into_iter().map(|wrong| line(said, wrong)).collect();
    page.html(&WrongPage { frame, has_gone: lines.iter().any(|line| line.waits.is_none()), lines, files })
}

/// About whom a message is wrong, and how; not to whom it went.
fn listing(said: Said, found: &[WrongLetter]) -> Listing {
    let half_days = |half_days: usize| u32::try_from(half_days).unwrap_or(u32::MAX);
    Rows::of(said.words, "letters-wrong", found)
        .student(|wrong| &wrong.line.student)
        .text("channel", |wrong| wrong.line.row.channel.text().to_owned())
        .text("state", |wrong| state_tag(said, wrong.line.state).text)
        .time("at", |wrong| Some(wrong.line.at))
        .days("days_told", |wrong| half_days(wrong.wrong.absent_half_days.0))
        .days("days_absent", |wrong| half_days(wrong.wrong.absent_half_days.1))
        .yes("level_withdrawn", |wrong| wrong.wrong.level_is_withdrawn)
        .done()
}

fn line(said: Said, wrong: WrongLetter) -> Line {
    let mut told = Vec::new();
    let days = |half_days: usize| days_text(u32::try_from(half_days).unwrap_or(u32::MAX));
    let (before, now) = wrong.wrong.absent_half_days;
    let (before, now) = (days(before), days(now));
    if let Some(level) = wrong.line.row.threshold.filter(|_| wrong.wrong.level_is_withdrawn) {
        told.push(said.words.one("letters-wrong-level", "level", said.level(level).as_str()));
    }
    if !wrong.wrong.no_longer.is_empty() {
        let dates: Vec<String> =
            wrong.wrong.no_longer.iter().map(|&half_day| said.half_day(half_day).said).collect();
        told.push(said.words.one("letters-wrong-dates", "dates", dates.join("; ").as_str()));
    }
    let counts = [("before", pages::Arg::from(&before)), ("now", pages::Arg::from(&now))];
    told.push(said.words.with("letters-wrong-counts", &counts));
    let waits = matches!(wrong.line.state, LetterState::ToPost | LetterState::Waiting);
    let row = wrong.line.row;
    Line {
        href: links::letter(&row.id),
        student: wrong.line.student.full_name(),
        group: wrong.line.student.group.clone(),
        student_href: crate::links::student(&wrong.line.student.id, Some(row.term)),
        contact: row.contact_name,
        channel: channel_word(said, row.channel),
        waits: waits.then(|| state_tag(said, wrong.line.state)),
        sent: when::moment(said.words, said.zone, wrong.line.at, said.today),
        id: row.id,
        told,
    }
}
