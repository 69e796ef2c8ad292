//! Everybody's contacts that wait for a second look, and students without anybody to contact.

use super::{Line, address, line};
use crate::words_of::Said;
use crate::{Page, WebError};
use askama::Template;
use axum::response::Response;
use pages::Frame;

#[derive(Template)]
#[template(path = "contacts_waiting.html")]
struct WaitingPage {
    frame: Frame,
    waiting: Vec<Waits>,
    /// Students without anybody: name, group, and the page of their contacts.
    without: Vec<(String, String, String)>,
}

/// A contact that waits: whose, and where the student's contacts are.
struct Waits {
    student: String,
    group: String,
    here: String,
    contact: Line,
}

/// `GET /letters/contacts`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let said = Said::of(&page);
    let list = page.run(|school, actor, now| school.contacts_to_look_at(actor, now)).await?;
    let waits = |(student, contact): &(app::StudentRow, app::contacts::ContactLine)| Waits {
        student: student.full_name(),
        group: student.group.clone(),
        here: address(&student.id),
        contact: line(said, contact),
    };
    let without =
        |student: &app::StudentRow| (student.full_name(), student.group.clone(), address(&student.id));
    page.html(&WaitingPage {
        frame: page.frame(page.word("contacts-waiting-title")),
        waiting: list.waiting.iter().map(waits).collect(),
        without: list.without.iter().map(without).collect(),
    })
}
