//! The plan as a text: checked, with each problem beside its line, and kept as the draft.

use super::{edited_text, effect};
use crate::error::{WebError, sentence};
use crate::form::Form;
use crate::page::Page;
use askama::Template;
use axum::response::Response;
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "plan_text.html")]
struct TextPage {
    frame: Frame,
    errors: Vec<FieldError>,
    /// The lines that a problem stands on.
    lines: Vec<(usize, String)>,
    text: String,
    /// What publishing it would change, once it was checked.
    effect: Option<Vec<String>>,
}

/// `GET /plan/text`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.plan(actor, now)).await?;
    let (frame, text) = (page.frame(page.word("plan-text-title")), edited_text(&view));
    page.html(&TextPage { frame, errors: Vec::new(), lines: Vec::new(), text, effect: None })
}

/// `POST /plan/text`: checks, or keeps it as the draft.
pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    // A browser ends lines as a letter does.
    let text = form.raw("text").replace("\r\n", "\n");
    let (given, checks) = (text.clone(), form.has("check"));
    let report = page
        .run(move |school, actor, now| match checks {
            true => school.check_plan(actor, now, &given),
            false => school.draft_plan(actor, now, given),
        })
        .await?;
    let frame = page.frame(page.word("plan-text-title"));
    if !report.problems.is_empty() {
        let error = |problem: &_| {
            FieldError::new("text", sentence(&page.words.one("plan-line", "problem", &format!("{problem}"))))
        };
        let errors = report.problems.iter().map(error).collect();
        let line = |line: u64| {
            let line = usize::try_from(line).unwrap_or_default();
            (
                line,
                text.lines()
                    .nth(line.saturating_sub(1))
                    .unwrap_or_default()
                    .trim()
                    .chars()
                    .take(120)
                    .collect(),
            )
        };
        let mut numbers: Vec<u64> = report.problems.iter().map(|problem| problem.line).collect();
        numbers.dedup();
        let lines = numbers.into_iter().map(line).collect();
        return page.html_again(&TextPage { frame, errors, lines, text, effect: None });
    }
    if checks {
        let effect = Some(effect(&page, &report.effect));
        return page.html(&TextPage { frame, errors: Vec::new(), lines: Vec::new(), text, effect });
    }
    Ok(page.see_other("/plan/edit?done=plan-drafted"))
}
