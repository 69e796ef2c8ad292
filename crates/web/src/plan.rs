//! The school's plan: as it is in force, and the draft with what publishing it would change.

pub(crate) mod published;
mod said;
pub(crate) mod start;
pub(crate) mod step;
pub(crate) mod text;
pub(crate) mod wording;

use crate::form::Form;
use crate::page::Page;
use crate::when::{self, When};
use crate::words_of::filled;
use crate::{WebError, error};
use app::views::PlanEffect;
use app::{Actor, AppError, PlanReport, PlanView, School};
use askama::Template;
use axum::response::Response;
use domain::{Instant, Permission, Plan};
use pages::{FieldError, Frame};
use said::Column;

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    frame: Frame,
    columns: Vec<Column>,
    /// Whether the school has published none of its own.
    is_starting: bool,
    may_edit: bool,
    may_see_people: bool,
    may_see_practice: bool,
    has_draft: bool,
    versions: Vec<(i64, When)>,
}

/// `GET /plan`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.plan(actor, now)).await?;
    let version = |publication: &app::Publication| {
        (publication.version, when::moment(page.words, page.zone(), publication.at, page.today()))
    };
    let may_edit = page.may(Permission::EditPlan);
    let shown = PlanPage {
        frame: page.frame(page.word("frame-plan")),
        columns: said::columns(page.words, &view.in_force.plan),
        is_starting: view.in_force.version.is_none(),
        may_edit,
        may_see_people: page.may_open("/plan/people"),
        may_see_practice: page.may_open("/plan/practice"),
        has_draft: may_edit && view.draft.is_some(),
        versions: view.publications.iter().rev().map(version).collect(),
    };
    page.html(&shown)
}

#[derive(Template)]
#[template(path = "plan_edit.html")]
struct EditPage {
    frame: Frame,
    errors: Vec<FieldError>,
    columns: Vec<Column>,
    /// The draft: its number, when it was drafted, and what publishing it would change.
    draft: Option<Draft>,
    /// What the law asks for and the words do not say yet.
    missing: Vec<String>,
}

struct Draft {
    version: i64,
    drafted: Option<When>,
    effect: Vec<String>,
}

/// `GET /plan/edit`.
pub(crate) async fn edit(page: Page) -> Result<Response, WebError> {
    page.html(&draw(&page, Vec::new()).await?)
}

async fn draw(page: &Page, errors: Vec<FieldError>) -> Result<EditPage, WebError> {
    let (view, report) = page
        .run(|school, actor, now| {
            let view = school.plan(actor, now)?;
            let report = match &view.draft {
                Some(draft) => school.check_plan(actor, now, &draft.text)?,
                None => PlanReport::default(),
            };
            Ok((view, report))
        })
        .await?;
    let drafted = |at| when::moment(page.words, page.zone(), at, page.today());
    let draft = view.draft.as_ref().map(|draft| Draft {
        version: draft.version.unwrap_or_default(),
        drafted: draft.drafted_at.map(drafted),
        effect: effect(page, &report.effect),
    });
    let plan = edited(&view);
    let missing = plan.words.missing().into_iter().map(|field| page.word(&format!("plan-words-{field}")));
    let mut errors = errors;
    if errors.is_empty() {
        errors.extend(report.problems.iter().map(|problem| {
            FieldError::new(
                "publish",
                error::sentence(&page.words.one("plan-line", "problem", &problem.to_string())),
            )
        }));
    }
    Ok(EditPage {
        frame: page.frame(page.word("plan-edit-title")),
        errors,
        columns: said::columns(page.words, &plan),
        draft,
        missing: missing.collect(),
    })
}

/// The plan that forms change: the draft, or the one in force while there is none.
fn edited(view: &PlanView) -> Plan {
    view.draft.as_ref().unwrap_or(&view.in_force).plan.clone()
}

/// The text that people edit.
fn edited_text(view: &PlanView) -> String {
    view.draft.as_ref().unwrap_or(&view.in_force).text.clone()
}

/// What publishing would do to tasks, in sentences.
fn effect(page: &Page, effect: &PlanEffect) -> Vec<String> {
    let mut said = vec![
        page.words.count("plan-effect-opened", effect.opened),
        page.words.count("plan-effect-closed", effect.closed),
        page.words.count("plan-effect-kept", effect.kept),
    ];
    if effect.without_owner > 0 {
        said.push(page.words.count("plan-effect-nobody", effect.without_owner));
    }
    if !effect.nobody_holds.is_empty() {
        let owners = effect.nobody_holds.join(", ");
        said.push(filled(page.words, "plan-effect-unheld", &[("owners", &owners)]));
    }
    said
}

/// `POST /plan/publish`.
pub(crate) async fn publish(page: Page, form: Form) -> Result<Response, WebError> {
    let version = form.read("version");
    let published = page.run(move |school, actor, now| school.publish_plan(actor, now, version)).await;
    match published {
        Ok(_) => Ok(page.see_other("/plan?done=plan-published")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let problem = |field: &app::Field| page.words.one("plan-line", "problem", &field.problem);
            let errors =
                fields.iter().map(|field| FieldError::new("publish", error::sentence(&problem(field))));
            page.html_again(&draw(&page, errors.collect()).await?)
        }
        Err(error) => Err(error),
    }
}

/// Changes the plan that forms change, and keeps it as the draft.
fn change(
    school: &School,
    actor: &Actor,
    now: Instant,
    change: impl FnOnce(&mut Plan) -> Result<(), AppError>,
) -> Result<PlanReport, AppError> {
    let mut plan = edited(&school.plan(actor, now)?);
    change(&mut plan)?;
    school.draft_plan(actor, now, app::plan_text(&plan))
}
