//! One message as it was confirmed, and what a person notes about it.

use super::{Tag, channel_word, links, state_tag};
use crate::when::{self, When};
use crate::words_of::Said;
use crate::{Form, Page, WebError};
use app::letters::{LetterLine, LetterState};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Channel, Language};
use letters::{Block, Written};
use pages::Frame;

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage {
    frame: Frame,
    run: String,
    run_href: String,
    student: String,
    student_href: String,
    contact: String,
    sent_to: String,
    channel: String,
    state: Tag,
    at: When,
    confirmed: When,
    why: String,
    language: &'static str,
    subject: String,
    blocks: Vec<Block>,
    id: String,
    may_come_back: bool,
}

/// `GET /letters/of/{id}`.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let said = Said::of(&page);
    let (run, line) = page.run(move |school, actor, now| school.letter(actor, now, &id)).await?;
    let frame = page.frame(page.word("letter-title"));
    page.html(&LetterPage::new(frame, said, run.title, line))
}

/// `POST /letters/of/{id}/came-back`: it did not reach the family.
pub(crate) async fn came_back(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let why = form.get("why").to_owned();
    let run = page.run(move |school, actor, now| school.letter_came_back(actor, now, id, why)).await?;
    Ok(page.see_other(&format!("{}?done=letter-came-back", links::run(&run))))
}

/// `POST /letters/of/{id}/drop`: it is not to be posted.
pub(crate) async fn drop_one(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let run = page.run(move |school, actor, now| school.drop_letter(actor, now, id)).await?;
    Ok(page.see_other(&format!("{}?done=letter-dropped", links::run(&run))))
}

/// `POST /letters/of/{id}/settled`: what is no longer right in it was dealt with otherwise.
pub(crate) async fn settle(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    page.run(move |school, actor, now| school.settle_letter(actor, now, id)).await?;
    Ok(page.see_other("/letters/wrong?done=letter-settled"))
}

impl LetterPage {
    fn new(frame: Frame, said: Said, run: String, line: LetterLine) -> Self {
        let moment = |at| when::moment(said.words, said.zone, at, said.today);
        let row = line.row;
        let (subject, blocks) = match (row.channel, Written::read(&row.words)) {
            (Channel::Text, _) | (_, None) => (String::new(), vec![Block::Paragraph(row.words.clone())]),
            (_, Some(written)) => (written.subject, written.blocks),
        };
        Self {
            run,
            run_href: links::run(&row.run_id),
            student: line.student.full_name(),
            student_href: crate::links::student(&line.student.id, Some(row.term)),
            contact: row.contact_name,
            sent_to: row.sent_to,
            channel: channel_word(said, row.channel),
            state: state_tag(said, line.state),
            at: moment(line.at),
            confirmed: moment(row.recorded_at),
            why: line.why,
            language: if row.language == Language::Reo { "mi" } else { "en-NZ" },
            subject,
            blocks,
            may_come_back: line.state == LetterState::Sent,
            id: row.id,
            frame,
        }
    }
}
