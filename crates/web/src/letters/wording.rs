//! The wordings: every template, and one beside what it says about a student.

use super::links;
use crate::asked::Asked;
use crate::error::{WebError, field_errors, sentence};
use crate::listing::{Files, Listing, Rows};
use crate::words_of::{Said, short_name};
use crate::{Form, Page};
use app::letters::{LetterPreview, LetterTemplate};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Language, Permission, StudentId};
use letters::{Block, Place};
use pages::{FieldError, Frame};

/// Students that can be chosen to see a wording on.
const STUDENTS: usize = 20;

#[derive(Template)]
#[template(path = "letters_templates.html")]
struct ListPage {
    frame: Frame,
    errors: Vec<FieldError>,
    lines: Vec<Line>,
    may_edit: bool,
    name: String,
    files: Files,
}

struct Line {
    href: String,
    name: String,
    title: String,
    records: String,
    /// When the school saved it, or that it came with the program.
    saved: String,
    reo: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "letters_template.html")]
struct TemplatePage {
    frame: Frame,
    errors: Vec<FieldError>,
    /// The lines that a problem stands on.
    lines: Vec<(usize, String)>,
    name: String,
    text: String,
    /// The version that the text began as.
    version: i64,
    may_edit: bool,
    places: String,
    /// Whom it can be seen on: id, name, whether it is chosen.
    students: Vec<(String, String, bool)>,
    about: String,
    records: String,
    reading_age: Option<usize>,
    said: Vec<Spoken>,
    /// What approving the te reo Māori would approve.
    to_approve: Option<String>,
    reo: Option<(&'static str, String)>,
}

struct Spoken {
    title: String,
    language: &'static str,
    subject: String,
    blocks: Vec<Block>,
    text_message: Option<String>,
}

/// `GET /letters/templates`.
pub(crate) async fn list(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let view = page.run(|school, actor, now| school.letter_templates(actor, now)).await?;
        let listing = Some(listing(Said::of(&page), &view.templates)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let shown = list_page(&page, Vec::new(), String::new()).await?;
    page.html(&shown)
}

async fn list_page(page: &Page, errors: Vec<FieldError>, name: String) -> Result<ListPage, WebError> {
    let view = page.run(|school, actor, now| school.letter_templates(actor, now)).await?;
    let said = Said::of(page);
    let line = |one: &LetterTemplate| Line {
        href: links::template(&one.name),
        name: one.name.clone(),
        title: one.template.title.clone(),
        records: one.template.records.to_string(),
        saved: match one.saved_at {
            Some(at) => said.words.one("letters-saved", "date", said.date(said.zone.date(at)).as_str()),
            None => said.words.get("letters-to-begin-with"),
        },
        reo: reo(said, one),
    };
    Ok(ListPage {
        lines: view.templates.iter().map(line).collect(),
        may_edit: page.may(Permission::EditLetters),
        frame: page.frame(page.word("letters-templates-title")),
        files: page.files("letters-templates", "/letters/templates"),
        errors,
        name,
    })
}

fn listing(said: Said, templates: &[LetterTemplate]) -> Listing {
    Rows::of(said.words, "letters-templates", templates)
        .text("name", |one| one.name.clone())
        .text("title", |one| one.template.title.clone())
        .text("records", |one| one.template.records.to_string())
        .time("saved_at", |one| one.saved_at)
        .time("reo_approved_at", |one| one.approved.as_ref().map(|(_, at)| *at))
        .done()
}

/// How the te reo Māori of a template stands, as a tag; nothing where it has none.
fn reo(said: Said, one: &LetterTemplate) -> Option<(&'static str, String)> {
    one.template.part(Language::Reo)?;
    Some(match &one.approved {
        Some((_, at)) => {
            let date = said.date(said.zone.date(*at));
            ("tag-good", said.words.one("letters-reo-approved", "date", date.as_str()))
        }
        None => ("tag-wait", said.words.get("letters-reo-draft")),
    })
}

/// `POST /letters/templates`: another template, as a copy of one.
pub(crate) async fn begin(page: Page, form: Form) -> Result<Response, WebError> {
    let (name, from) = (form.get("name").to_owned(), form.get("from").to_owned());
    let kept = name.clone();
    let begun = page.run(move |school, actor, now| school.copy_letter_template(actor, now, name, &from));
    match begun.await {
        Ok(()) => Ok(page.see_other(&links::template(&kept))),
        Err(WebError::App(app::AppError::Invalid(fields))) => {
            let errors = field_errors("", &fields);
            let shown = list_page(&page, errors, kept).await?;
            page.html_again(&shown)
        }
        Err(error) => Err(error),
    }
}

/// `GET /letters/templates/{name}`.
pub(crate) async fn show(page: Page, Path(name): Path<String>) -> Result<Response, WebError> {
    let student = page.query.get("student").to_owned();
    let shown = template_page(&page, name, None, student).await?;
    page.html(&shown)
}

/// `POST /letters/templates/{name}`: shows what it would say, or saves it.
pub(crate) async fn save(page: Page, Path(name): Path<String>, form: Form) -> Result<Response, WebError> {
    // A browser ends lines as a letter does.
    let text = form.raw("text").replace("\r\n", "\n");
    let student = form.get("student").to_owned();
    if form.has("look") {
        let mut shown = template_page(&page, name, Some(text), student).await?;
        shown.version = form.number("version");
        return page.html(&shown);
    }
    let (kept, given) = (name.clone(), (text.clone(), form.number("version")));
    let problems =
        page.run(move |school, actor, now| school.save_letter_template(actor, now, kept, given)).await?;
    if problems.is_empty() {
        return Ok(page.see_other(&format!("{}?done=letters-saved", links::template(&name))));
    }
    let mut shown = template_page(&page, name, Some(text), student).await?;
    shown.add(&problems);
    shown.version = form.number("version");
    page.html_again(&shown)
}

/// `POST /letters/templates/{name}/approve`: somebody fluent read the te reo Māori.
pub(crate) async fn approve(page: Page, Path(name): Path<String>, form: Form) -> Result<Response, WebError> {
    let (kept, seen) = (name.clone(), form.get("seen").to_owned());
    page.run(move |school, actor, now| school.approve_letter(actor, now, kept, seen)).await?;
    Ok(page.see_other(&format!("{}?done=letters-approved", links::template(&name))))
}

/// A template as it stands, or as somebody has it on the page, and what it says about a student.
async fn template_page(
    page: &Page,
    name: String,
    text: Option<String>,
    student: String,
) -> Result<TemplatePage, WebError> {
    let wanted = name.clone();
    let is_as_saved = text.is_none();
    let (one, text, preview, students) = page
        .run(move |school, actor, now| {
            let view = school.letter_templates(actor, now)?;
            let found = view.templates.into_iter().find(|one| one.name == wanted);
            let one =
                found.ok_or_else(|| app::AppError::not_found("there is no such wording: see the list"))?;
            let text = text.unwrap_or_else(|| one.text.clone());
            let mut students: Vec<(StudentId, String)> = Vec::new();
            for line in school.today(actor, now)?.lines {
                if students.len() < STUDENTS && !students.iter().any(|(id, _)| *id == line.student.id) {
                    students.push((line.student.id.clone(), short_name(&line.student)));
                }
            }
            let chosen = students.iter().find(|(id, _)| id.as_str() == student).or(students.first());
            let chosen = chosen.map(|(id, _)| id.clone());
            let preview = school.preview_letter(actor, now, text.clone(), chosen)?;
            Ok((one, text, preview, students))
        })
        .await?;
    let said = Said::of(page);
    let frame = page.frame(one.template.title.clone());
    let mut shown = TemplatePage::new(frame, said, (name, text), preview, students);
    shown.version = one.version;
    shown.may_edit = page.may(Permission::EditLetters);
    shown.reo = reo(said, &one).filter(|_| is_as_saved);
    let is_open = is_as_saved && shown.may_edit && one.approved.is_none();
    shown.to_approve = one.reo_digest().filter(|_| is_open);
    Ok(shown)
}

impl TemplatePage {
    /// What was wrong with saving, where the wording itself is right.
    fn add(&mut self, problems: &[letters::Problem]) {
        if self.errors.is_empty() {
            let told = |one: &letters::Problem| {
                FieldError::new("text", sentence(&format!("{}: {}", one.wrong, one.right)))
            };
            self.errors = problems.iter().map(told).collect();
        }
    }

    fn new(
        frame: Frame,
        said: Said,
        (name, text): (String, String),
        preview: LetterPreview,
        students: Vec<(StudentId, String)>,
    ) -> Self {
        let error = |problem: &letters::Problem| {
            let told = format!("{}: {}: {}", problem.line, problem.wrong, problem.right);
            FieldError::new("text", sentence(&said.words.one("plan-line", "problem", told.as_str())))
        };
        let mut numbers: Vec<usize> = preview.problems.iter().map(|problem| problem.line).collect();
        numbers.dedup();
        let line = |line: usize| {
            let words = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
            (line, words.trim().chars().take(120).collect())
        };
        let chosen = preview.student.as_ref().map(|student| student.id.clone());
        let spoken = |(written, text_message): (letters::Written, Option<String>)| Spoken {
            title: said.words.get(match written.language {
                Language::English => "letters-english",
                Language::Reo => "letters-reo",
            }),
            language: if written.language == Language::Reo { "mi" } else { "en-NZ" },
            subject: written.subject,
            blocks: written.blocks,
            text_message,
        };
        Self {
            errors: preview.problems.iter().map(error).collect(),
            lines: numbers.into_iter().map(line).collect(),
            name,
            version: 0,
            may_edit: false,
            places: Place::ALL.map(|place| format!("{{{}}}", place.name())).join(" "),
            students: students
                .into_iter()
                .map(|(id, name)| (id.to_string(), name, Some(&id) == chosen.as_ref()))
                .collect(),
            about: match &preview.student {
                Some(student) => said.words.one("letters-seen-on", "name", student.full_name().as_str()),
                None => said.words.get("letters-seen-on-nobody"),
            },
            records: preview.records,
            reading_age: preview.reading_age.map(usize::from),
            said: preview.said.into_iter().map(spoken).collect(),
            to_approve: None,
            reo: None,
            text,
            frame,
        }
    }
}
