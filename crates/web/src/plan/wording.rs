//! The words that the board publishes: a form for each of them, and for what tiers are called.

use super::{change, edited};
use crate::error::{WebError, sentence};
use crate::form::{Fields, Form};
use crate::page::Page;
use app::AppError;
use askama::Template;
use axum::response::Response;
use domain::{Date, Plan};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "plan_words.html")]
struct WordsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    /// Name, value and rows of each field of text.
    texts: Vec<(&'static str, String, u8)>,
    adopted_on: String,
    review_by: String,
    /// Id, name and what each tier means.
    tiers: Vec<(String, String, String)>,
}

impl WordsPage {
    /// The message that names a field.
    fn label(&self, name: &str) -> String {
        let own = if name == "title" { "title-field" } else { name };
        format!("plan-words-{own}")
    }
}

/// The fields in the order in which they are read, with their rows; a list has a line for each.
const TEXTS: [(&str, u8); 9] = [
    ("title", 1),
    ("contact", 1),
    ("targets", 4),
    ("objectives", 4),
    ("statement", 4),
    ("identification", 4),
    ("barriers", 6),
    ("monitoring", 4),
    ("review", 4),
];

/// `GET /plan/words`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.plan(actor, now)).await?;
    let frame = page.frame(page.word("plan-words-title"));
    page.html(&drawn(frame, &edited(&view), Vec::new()))
}

fn drawn(frame: Frame, plan: &Plan, errors: Vec<FieldError>) -> WordsPage {
    let words = &plan.words;
    let text = |name: &str| match name {
        "title" => words.title.clone(),
        "contact" => words.contact.clone(),
        "targets" => words.targets.join("\n"),
        "objectives" => words.objectives.join("\n"),
        "statement" => words.statement.clone(),
        "identification" => words.identification.clone(),
        "barriers" => words.barriers.join("\n"),
        "monitoring" => words.monitoring.clone(),
        _ => words.review.clone(),
    };
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    WordsPage {
        frame,
        errors,
        texts: TEXTS.into_iter().map(|(name, rows)| (name, text(name), rows)).collect(),
        adopted_on: date(words.adopted_on),
        review_by: date(words.review_by),
        tiers: plan
            .tiers
            .iter()
            .map(|tier| (tier.id.clone(), tier.name.clone(), tier.about.clone()))
            .collect(),
    }
}

/// `POST /plan/words`.
pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let typed = form.fields.clone();
    let outcome = page
        .run(move |school, actor, now| {
            let report = change(school, actor, now, |plan| put(plan, &typed))?;
            Ok((report, edited(&school.plan(actor, now)?)))
        })
        .await;
    let (report, mut plan) = match outcome {
        Ok(done) => done,
        Err(WebError::App(AppError::Invalid(fields))) => {
            let view = page.run(|school, actor, now| school.plan(actor, now)).await?;
            let mut plan = edited(&view);
            let _ = put(&mut plan, &form.fields);
            let errors = crate::error::field_errors("", &fields);
            let frame = page.frame(page.word("plan-words-title"));
            return page.html_again(&drawn(frame, &plan, errors));
        }
        Err(error) => return Err(error),
    };
    if report.problems.is_empty() {
        return Ok(page.see_other("/plan/edit?done=plan-drafted"));
    }
    let _ = put(&mut plan, &form.fields);
    let error = |problem: &app::FileProblem| {
        let field = TEXTS.iter().map(|(name, _)| *name).chain(["adopted_on", "review_by"]);
        let field = field.into_iter().find(|name| *name == problem.column).unwrap_or("title");
        FieldError::new(field, sentence(&format!("{}: {}", problem.wrong, problem.right)))
    };
    let errors = report.problems.iter().map(error).collect();
    page.html_again(&drawn(page.frame(page.word("plan-words-title")), &plan, errors))
}

/// Puts what was typed into the plan.
fn put(plan: &mut Plan, form: &Fields) -> Result<(), AppError> {
    let text = |name: &str| form.get(name).replace("\r\n", "\n");
    let list = |name: &str| {
        let lines = form.get(name).lines().map(|line| line.trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect::<Vec<String>>()
    };
    let words = &mut plan.words;
    (words.title, words.contact) = (text("title"), text("contact"));
    (words.targets, words.objectives, words.barriers) =
        (list("targets"), list("objectives"), list("barriers"));
    (words.statement, words.identification) = (text("statement"), text("identification"));
    (words.monitoring, words.review) = (text("monitoring"), text("review"));
    for tier in &mut plan.tiers {
        let named = |part: &str| format!("{part}-{}", tier.id);
        if form.has(&named("name")) {
            let (name, about) = (text(&named("name")), text(&named("about")));
            (tier.name, tier.about) = (name, about);
        }
    }
    for (name, place) in
        [("adopted_on", &mut plan.words.adopted_on), ("review_by", &mut plan.words.review_by)]
    {
        *place = form.read(name);
        if place.is_none() && !form.get(name).is_empty() {
            return Err(AppError::invalid(name, "give a date, or leave it empty"));
        }
    }
    Ok(())
}
