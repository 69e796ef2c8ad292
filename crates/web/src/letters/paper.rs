//! Letters on paper: as a page that a browser prints, or as a PDF where this program can make one.

use crate::{Page, WebError};
use app::AppError;
use app::letters::{PaperLetter, RunPrint};
use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::Language;
use letters::{Batch, Block, Letterhead, Sheet};
use pages::Words;

#[derive(Template)]
#[template(path = "letters_print.html")]
struct PrintPage {
    words: &'static Words,
    title: String,
    head: Letterhead,
    has_logo: bool,
    letters: Vec<Printed>,
}

struct Printed {
    to: Vec<String>,
    date: String,
    language: &'static str,
    subject: String,
    blocks: Vec<Block>,
}

/// `GET /letters/runs/{id}/print`: a page that a browser prints.
pub(crate) async fn print(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let run = page.run(move |school, actor, now| school.run_to_print(actor, now, &id)).await?;
    page.html(&PrintPage::new(&page, run))
}

/// `GET /letters/runs/{id}/letters.pdf`: the file, made once and then kept.
pub(crate) async fn pdf(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let Some(typeset) = page.server.settings.typeset.clone() else {
        return Err(AppError::not_found("this installation makes no PDF: print the page instead").into());
    };
    let (title, words) = (page.word("letters-print-title"), page.words);
    let bytes = page
        .run(move |school, actor, now| {
            let run = school.run_to_print(actor, now, &id)?;
            if let Some(kept) = &run.kept {
                return Ok(kept.clone());
            }
            let printed =
                typeset(&batch(words, &run, title)).map_err(|problem| AppError::invalid("run", problem))?;
            school.keep_print(actor, now, &id, (&run, printed.pdf.clone()))?;
            Ok(printed.pdf)
        })
        .await?;
    let kind = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"letters.pdf\""),
    ];
    Ok((kind, bytes).into_response())
}

/// The lines of an address under the contact's name; without one, with whom it goes home.
fn to(words: &Words, letter: &PaperLetter) -> Vec<String> {
    let (row, student) = (&letter.row, &letter.student);
    let mut lines = vec![row.contact_name.clone()];
    if row.sent_to.is_empty() {
        let who = format!("{}, {}", student.full_name(), student.group);
        lines.push(words.one("letters-by-hand", "student", who.trim_end_matches(", ")));
    }
    lines.extend(row.sent_to.lines().map(str::to_owned));
    lines
}

/// `GET /letters/logo.png`: the picture of the letterhead.
pub(crate) async fn logo(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.letter_templates(actor, now)).await?;
    if view.letterhead.logo.is_empty() {
        return Err(AppError::not_found("the letterhead has no picture").into());
    }
    Ok(([(header::CONTENT_TYPE, "image/png")], view.letterhead.logo).into_response())
}

/// The letters of a run, for the engine that sets them.
fn batch(words: &Words, run: &RunPrint, title: String) -> Batch {
    let sheet = |letter: &PaperLetter| Sheet {
        recipient: to(words, letter),
        date: letters::long_date(run.on, letter.row.language),
        written: letter.written.clone(),
    };
    Batch { letterhead: run.letterhead.clone(), title, sheets: run.letters.iter().map(sheet).collect() }
}

impl PrintPage {
    fn new(page: &Page, run: RunPrint) -> Self {
        let printed = |letter: PaperLetter| Printed {
            to: to(page.words, &letter),
            date: letters::long_date(run.on, letter.row.language),
            language: if letter.row.language == Language::Reo { "mi" } else { "en-NZ" },
            subject: letter.written.subject,
            blocks: letter.written.blocks,
        };
        Self {
            words: page.words,
            title: page.word("letters-print-title"),
            has_logo: !run.letterhead.logo.is_empty(),
            head: run.letterhead,
            letters: run.letters.into_iter().map(printed).collect(),
        }
    }
}
