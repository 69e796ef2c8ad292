//! One step of the plan as a form: what is done, by whom, by when, and what is recorded.

use super::{change, edited, said};
use crate::error::{WebError, sentence};
use crate::form::{Fields, Form};
use crate::page::Page;
use crate::words_of;
use app::AppError;
use askama::Template;
use axum::response::Response;
use domain::plan::{CompletedBy, Span, Step, Wanted};
use domain::{Owner, Plan, ResponseType, Role};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "plan_step.html")]
struct StepPage {
    frame: Frame,
    errors: Vec<FieldError>,
    tier: String,
    tier_name: String,
    step: Step,
    due: String,
    /// What the form does not change.
    notes: Vec<String>,
    /// Roles and duties: value and words.
    owners: Vec<(String, String)>,
    /// What the school can record: type or Description.
    records: Vec<String>,
}

impl StepPage {
    /// The owners as chosen, with room for one more.
    fn chosen_owners(&self) -> Vec<String> {
        let chosen = self.step.owners.iter().map(ToString::to_string);
        chosen.chain([String::new()]).chain([String::new()]).take(self.step.owners.len().max(2) + 1).collect()
    }

    /// The responses as chosen, with room for one more.
    fn chosen_records(&self) -> Vec<String> {
        let chosen = self.step.records.iter().map(ToString::to_string);
        chosen.chain([String::new()]).collect()
    }

    fn is_completed(&self, way: &str) -> bool {
        self.step.completed_by.text() == way
    }
}

/// `GET /plan/step?tier=…&step=…`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let (tier, step) = (page.query.get("tier").to_owned(), page.query.get("step").to_owned());
    let view = page.run(|school, actor, now| school.plan(actor, now)).await?;
    page.html(&draw(&page, (&edited(&view), &tier, &step), None, Vec::new()).await?)
}

async fn draw(
    page: &Page,
    (plan, tier, step): (&Plan, &str, &str),
    typed: Option<&Fields>,
    errors: Vec<FieldError>,
) -> Result<StepPage, WebError> {
    let found = plan.tier(tier).and_then(|(_, tier)| Some((tier, tier.step(step)?.1)));
    let (own, step) = found.ok_or(WebError::NotFound)?;
    let sections = page.run(|school, actor, now| school.descriptions(actor, now)).await?;
    let mut records: Vec<String> = Vec::new();
    for section in sections.iter().filter(|section| section.kind.completes_task()) {
        records.push(section.kind.name().to_owned());
        let offered = section.lines.iter().filter(|line| !line.current.retired);
        records.extend(offered.map(|line| format!("{}: {}", section.kind.name(), line.current.wording)));
    }
    for wanted in step.records.iter().map(ToString::to_string) {
        if !records.contains(&wanted) {
            records.push(wanted);
        }
    }
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::SmsAdmin).map(Owner::Role);
    let owners = roles.chain(plan.duties.iter().cloned().map(Owner::Duty));
    let (mut shown, mut due) = (step.clone(), step.due.to_string());
    if let Some(typed) = typed {
        let _ = put(&mut shown, &plan.duties, typed);
        typed.get("due").clone_into(&mut due);
    }
    Ok(StepPage {
        frame: page.frame(page.word("plan-step-title")),
        errors,
        tier: own.id.clone(),
        tier_name: own.name.clone(),
        due,
        notes: said::timing(page.words, own, step),
        owners: owners.map(|owner| (owner.to_string(), words_of::owner(page.words, &owner))).collect(),
        step: shown,
        records,
    })
}

/// `POST /plan/step`.
pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let (tier, step) = (form.get("tier").to_owned(), form.get("step").to_owned());
    let (typed, place) = (form.fields.clone(), (tier.clone(), step.clone()));
    let outcome = page
        .run(move |school, actor, now| {
            change(school, actor, now, |plan| {
                let found = plan.tiers.iter_mut().find(|tier| tier.id == place.0);
                let own = found.and_then(|tier| tier.steps.iter_mut().find(|step| step.id == place.1));
                put(own.ok_or_else(|| AppError::not_found("there is no such step"))?, &plan.duties, &typed)
            })
        })
        .await;
    let errors: Vec<FieldError> = match outcome {
        Ok(report) if report.problems.is_empty() => {
            return Ok(page.see_other("/plan/edit?done=plan-drafted"));
        }
        Ok(report) => report.problems.iter().map(of_problem).collect(),
        Err(WebError::App(AppError::Invalid(fields))) => crate::error::field_errors("", &fields),
        Err(error) => return Err(error),
    };
    let view = page.run(|school, actor, now| school.plan(actor, now)).await?;
    page.html_again(&draw(&page, (&edited(&view), &tier, &step), Some(&form.fields), errors).await?)
}

/// A problem beside the field that it is about.
fn of_problem(problem: &app::FileProblem) -> FieldError {
    let field = match problem.column.as_str() {
        known @ ("owner" | "due" | "records" | "completed_by") => known,
        _ => "does",
    };
    FieldError::new(field, sentence(&format!("{}: {}", problem.wrong, problem.right)))
}

/// Puts what was typed into the step.
fn put(step: &mut Step, duties: &[String], form: &Fields) -> Result<(), AppError> {
    form.get("does").clone_into(&mut step.does);
    step.is_optional = form.has("optional");
    let mut owners = Vec::new();
    for owner in form.all("owner").filter_map(|text| Owner::parse(text, duties)) {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    step.owners = owners;
    step.records = form.all("record").filter_map(wanted).collect();
    step.completed_by = CompletedBy::parse(form.get("completed_by")).unwrap_or(step.completed_by);
    step.due = match form.get("due") {
        "" if step.is_optional => Span::NONE,
        text => Span::parse(text).map_err(|_| {
            AppError::invalid(
                "due",
                "write a number of school days or weeks, such as \"5 school days\" or \"2 weeks\"",
            )
        })?,
    };
    Ok(())
}

fn wanted(text: &str) -> Option<Wanted> {
    let (kind, description) = text.split_once(": ").unwrap_or((text, ""));
    let kind = ResponseType::parse(kind).ok()?;
    Some(Wanted { kind, description: description.to_owned() })
}
