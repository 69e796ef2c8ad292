//! The school's descriptions under the ten fixed types: everybody reads, SMS administrators edit.
//!
//! Source: the guidance, "Only school users with SMS admin privileges can edit this list".

use crate::error::{WebError, field_errors, sentence};
use crate::form::Form;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use app::AppError;
use app::views::{DescriptionLine, TypeSection};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::wording::DESCRIPTION_LENGTH;
use domain::{Permission, ResponseType};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "descriptions.html")]
struct DescriptionsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    may_edit: bool,
    longest: usize,
    sections: Vec<Section>,
    files: Files,
    /// How many descriptions there are.
    count: usize,
}

struct Section {
    slug: &'static str,
    name: &'static str,
    when: Vec<String>,
    lines: Vec<Line>,
    /// How many are offered.
    offered: usize,
    add: Slot,
}

struct Line {
    id: i64,
    wording: String,
    earlier: Vec<String>,
    used: usize,
    retired: bool,
    reword: Slot,
}

/// A small form in the page: to add under a type, or to reword one.
struct Slot {
    /// The field's id.
    field: String,
    wording: String,
    error: Option<String>,
    question: Option<String>,
    is_open: bool,
}

/// What somebody typed that could not be saved.
struct Draft {
    field: String,
    wording: String,
    outcome: AppError,
}

impl Slot {
    fn new(field: String, standing: &str, draft: Option<&Draft>) -> Self {
        let Some(draft) = draft.filter(|draft| draft.field == field) else {
            return Self { field, wording: standing.to_owned(), error: None, question: None, is_open: false };
        };
        let text = || match &draft.outcome {
            AppError::Invalid(fields) => fields.first().map(|field| sentence(&field.problem)),
            error => Some(sentence(&error.to_string())),
        };
        let asks = matches!(draft.outcome, AppError::Confirm(_));
        let (error, question) = if asks { (None, text()) } else { (text(), None) };
        Self { field, wording: draft.wording.clone(), error, question, is_open: true }
    }
}

fn listing(page: &Page, sections: &[TypeSection]) -> Listing {
    let lines = sections.iter().flat_map(|section| section.lines.iter().map(move |line| (section, line)));
    Rows::of(page.words, "descriptions", lines)
        .text("type", |(section, _)| section.kind.name().to_owned())
        .text("description", |(_, line)| line.current.wording.clone())
        .text("earlier_wordings", |(_, line)| line.earlier.join("; "))
        .number("used_this_term", |(_, line)| line.used)
        .yes("retired", |(_, line)| line.current.retired)
        .done()
}

async fn draw(page: &Page, draft: Option<Draft>) -> Result<DescriptionsPage, WebError> {
    let sections = page.run(|school, actor, now| school.descriptions(actor, now)).await?;
    let count = sections.iter().map(|section| section.lines.len()).sum();
    let line = |line: DescriptionLine| Line {
        id: line.current.id,
        reword: Slot::new(format!("reword-{}", line.current.id), &line.current.wording, draft.as_ref()),
        wording: line.current.wording,
        earlier: line.earlier,
        used: line.used,
        retired: line.current.retired,
    };
    let section = |section: TypeSection| Section {
        slug: section.kind.slug(),
        name: section.kind.name(),
        when: section.when,
        offered: section.lines.iter().filter(|line| !line.current.retired).count(),
        lines: section.lines.into_iter().map(line).collect(),
        add: Slot::new(format!("add-{}", section.kind.slug()), "", draft.as_ref()),
    };
    let errors = draft.as_ref().map_or_else(Vec::new, |draft| match &draft.outcome {
        AppError::Invalid(fields) => {
            let mut errors = field_errors("", fields);
            errors.iter_mut().for_each(|error| error.field.clone_from(&draft.field));
            errors
        }
        error => vec![FieldError::new(draft.field.as_str(), sentence(&error.to_string()))],
    });
    Ok(DescriptionsPage {
        frame: page.frame(page.word("describe-title")),
        files: page.files("descriptions", "/descriptions"),
        count,
        errors,
        may_edit: page.may(Permission::EditDescriptions),
        longest: DESCRIPTION_LENGTH,
        sections: sections.into_iter().map(section).collect(),
    })
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let sections = page.run(|school, actor, now| school.descriptions(actor, now)).await?;
        let listing = Some(listing(&page, &sections)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let drawn = draw(&page, None).await?;
    page.html(&drawn)
}

/// The page after an edit, or again with what was wrong.
async fn answer(
    page: Page,
    outcome: Result<(), WebError>,
    done: &str,
    field: String,
    wording: String,
) -> Result<Response, WebError> {
    match outcome {
        Ok(()) => Ok(page.see_other(&format!("/descriptions?done={done}"))),
        Err(WebError::App(outcome @ (AppError::Invalid(_) | AppError::Confirm(_)))) => {
            let drawn = draw(&page, Some(Draft { field, wording, outcome })).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn add(page: Page, form: Form) -> Result<Response, WebError> {
    let kind = ResponseType::parse(form.get("type")).map_err(|_| WebError::Request)?;
    let (wording, confirmed) = (form.get("wording").to_owned(), form.has("confirmed"));
    let typed = wording.clone();
    let outcome = page.run(move |school, actor, now| {
        school.add_description(actor, now, kind, wording, confirmed).map(drop)
    });
    let outcome = outcome.await;
    answer(page, outcome, "description-added", format!("add-{}", kind.slug()), typed).await
}

pub(crate) async fn reword(page: Page, Path(id): Path<i64>, form: Form) -> Result<Response, WebError> {
    let (wording, confirmed) = (form.get("wording").to_owned(), form.has("confirmed"));
    let typed = wording.clone();
    let outcome = page
        .run(move |school, actor, now| school.reword_description(actor, now, id, wording, confirmed))
        .await;
    answer(page, outcome, "description-reworded", format!("reword-{id}"), typed).await
}

pub(crate) async fn retire(page: Page, Path(id): Path<i64>) -> Result<Response, WebError> {
    let outcome = page.run(move |school, actor, now| school.retire_description(actor, now, id, true)).await;
    answer(page, outcome, "description-retired", format!("reword-{id}"), String::new()).await
}

pub(crate) async fn restore(page: Page, Path(id): Path<i64>) -> Result<Response, WebError> {
    let outcome = page.run(move |school, actor, now| school.retire_description(actor, now, id, false)).await;
    answer(page, outcome, "description-restored", format!("reword-{id}"), String::new()).await
}
