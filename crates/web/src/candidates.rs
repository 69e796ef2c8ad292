//! What KAMAR says was done about students' attendance: each record waits for a person, who records it as
//! a response or says that it is none.

use crate::error::{WebError, sentence};
use crate::form::Form;
use crate::page::Page;
use crate::when;
use crate::words_of::{self, Said};
use crate::{Fields, links};
use app::AppError;
use app::views::{CandidateLine, CandidateRow};
use askama::Template;
use axum::response::Response;
use domain::StudentId;
use domain::period::parse_start;
use pages::{Frame, Notice, NoticeKind};

#[derive(Template)]
#[template(path = "candidates.html")]
struct CandidatesPage {
    frame: Frame,
    lines: Vec<Line>,
}

struct Line {
    id: String,
    name: String,
    group: String,
    href: String,
    level: Option<String>,
    date: String,
    reason: String,
    action: String,
    more: String,
    teacher: String,
    record: String,
}

/// `GET /respond/candidates`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let drawn = draw(&page).await?;
    page.html(&drawn)
}

async fn draw(page: &Page) -> Result<CandidatesPage, WebError> {
    let lines = page.run(|school, actor, now| school.candidates(actor, now)).await?;
    let said = Said::of(page);
    Ok(CandidatesPage {
        frame: page.frame(page.word("candidates-title")),
        lines: lines.iter().map(|one| line(said, one)).collect(),
    })
}

/// `POST /respond/candidates/dismiss`.
pub(crate) async fn dismiss(page: Page, form: Form) -> Result<Response, WebError> {
    let Some((student, reference)) = parse(form.get("candidate")) else {
        return Err(WebError::NotFound);
    };
    let outcome =
        page.run(move |school, actor, now| school.dismiss_candidate(actor, now, student, reference)).await;
    match outcome {
        Ok(()) => Ok(page.see_other("/respond/candidates?done=candidate-dismissed")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let mut drawn = draw(&page).await?;
            let text: Vec<String> = fields.iter().map(|field| sentence(&field.problem)).collect();
            drawn.frame.notice = Some(Notice::new(NoticeKind::Error, text.join(" ")));
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

fn line(said: Said, one: &CandidateLine) -> Line {
    let CandidateRow { student_id, reference, date, time, reason, action, more, teacher, .. } =
        &one.candidate;
    let id = value(student_id, reference);
    let threshold = one.reached.map(|reached| reached.threshold);
    let list = format!("&candidate={}", links::encode(&id));
    let day = said.date(*date);
    let time = parse_start(time).map(when::time_of_day);
    Line {
        name: words_of::short_name(&one.student),
        group: one.student.group.clone(),
        href: links::student(student_id, one.term),
        level: threshold.map(|threshold| said.level(threshold)),
        date: time.map_or_else(|| day.clone(), |time| format!("{day}, {time}")),
        reason: reason.clone(),
        action: action.clone(),
        more: more.clone(),
        teacher: teacher.clone(),
        record: links::respond(student_id, one.term, threshold, &list),
        id,
    }
}

/// A record as one value of a form or an address, not encoded: `604858|17`.
pub(crate) fn value(student: &StudentId, reference: &str) -> String {
    format!("{student}|{reference}")
}

/// Reads [`value`].
pub(crate) fn parse(text: &str) -> Option<(StudentId, String)> {
    let (student, reference) = text.split_once('|')?;
    Some((StudentId::parse(student).ok()?, reference.to_owned()))
}

/// The record that a query or a form names.
pub(crate) fn asked(fields: &Fields) -> Option<(StudentId, String)> {
    parse(fields.get("candidate"))
}

/// What KAMAR says, as a note that a person may keep, change or delete.
pub(crate) fn as_note(said: Said, row: &CandidateRow) -> String {
    let when = if row.time.is_empty() { row.date.to_string() } else { format!("{} {}", row.date, row.time) };
    let mut lines = vec![said.words.one("candidates-note", "date", when.as_str())];
    let parts = [
        ("candidates-reason", &row.reason),
        ("candidates-action", &row.action),
        ("candidates-more", &row.more),
        ("candidates-by", &row.teacher),
    ];
    for (word, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        lines.push(format!("{}: {text}", said.words.get(word)));
    }
    lines.join("\n")
}
