//! The notes on a student's responses, for those who may read them. Each reading is logged.

use crate::respond::Desk;
use crate::when::When;
use crate::words_of::{self, Said};
use crate::{Page, WebError, links};
use app::AppError;
use app::views::NoteLine;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::StudentId;
use pages::Frame;

/// One note with the response it was written on.
struct Note {
    text: String,
    written_by: String,
    response: Option<(String, When)>,
    href: String,
}

/// The page.
#[derive(Template)]
#[template(path = "notes.html")]
struct NotesPage {
    frame: Frame,
    name: String,
    href: String,
    notes: Vec<Note>,
}

/// `GET /students/{id}/notes`: written down as a reading of each note shown.
pub async fn notes(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = StudentId::parse(&id).map_err(|_| WebError::NotFound)?;
    let (frame, said) = (page.frame(page.word("notes-title")), Said::of(&page));
    let shown = page.run(move |school, actor, now| load(&Desk { school, actor, now, said }, frame, &id));
    page.html(&shown.await?)
}

fn load(desk: &Desk<'_>, frame: Frame, id: &StudentId) -> Result<NotesPage, AppError> {
    let lines = desk.school.notes(desk.actor, desk.now, id)?;
    let student = desk.school.student(desk.actor, desk.now, id, None)?.student;
    let notes = lines.into_iter().map(|line| note(desk, line)).collect();
    Ok(NotesPage { name: student.full_name(), href: links::student(id, None), frame, notes })
}

fn note(desk: &Desk<'_>, line: NoteLine) -> Note {
    let response = desk.school.response(desk.actor, desk.now, &line.response_id).ok();
    let latest = response.and_then(|(_, mut versions, _)| versions.pop());
    Note {
        response: latest.map(|latest| {
            (words_of::response(latest.kind, &latest.description), desk.said.instant(latest.done_at))
        }),
        href: format!("/responses/{}", links::encode(&line.response_id)),
        text: line.text,
        written_by: line.written_by,
    }
}
