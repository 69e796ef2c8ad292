//! Setting a school's plan up: choose one to begin with, say who holds its duties and from which
//! day tasks are owed, and publish it.

use super::said::{self, Column};
use crate::error::{WebError, sentence};
use crate::form::Form;
use crate::page::Page;
use app::{AppError, PlanToBegin, SetCover, plans_to_begin};
use askama::Template;
use axum::response::Response;
use domain::{Date, Permission, StaffId};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "plan_start.html")]
struct StartPage {
    frame: Frame,
    errors: Vec<FieldError>,
    /// Name and kind of school of each plan to begin with.
    plans: Vec<(&'static str, &'static str)>,
    chosen: Option<Chosen>,
}

struct Chosen {
    name: &'static str,
    title: &'static str,
    columns: Vec<Column>,
    /// Each duty with who was chosen for it.
    duties: Vec<(String, String)>,
    staff: Vec<(String, String)>,
    /// The school's first day, for whoever may set it.
    go_live: Option<String>,
}

/// `GET /plan/start`, with `?plan=…` once one is chosen.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let chosen = page.query.get("plan").to_owned();
    page.html(&draw(&page, &chosen, None, Vec::new()).await?)
}

async fn draw(
    page: &Page,
    chosen: &str,
    typed: Option<&Form>,
    errors: Vec<FieldError>,
) -> Result<StartPage, WebError> {
    let plans = plans_to_begin();
    let names = plans.iter().map(|plan| (plan.name, plan.title)).collect();
    let chosen = match plans.into_iter().find(|plan| plan.name == chosen) {
        Some(plan) => Some(details(page, plan, typed).await?),
        None => None,
    };
    Ok(StartPage { frame: page.frame(page.word("plan-start-title")), errors, plans: names, chosen })
}

async fn details(page: &Page, begin: PlanToBegin, typed: Option<&Form>) -> Result<Chosen, WebError> {
    let staff = page.run(|school, actor, now| Ok(school.holders(actor, now)?.staff)).await?;
    let get = |name: &str| typed.map(|form| form.get(name).to_owned());
    let duty = |(at, duty): (usize, &String)| (duty.clone(), get(&format!("duty-{at}")).unwrap_or_default());
    let go_live = page.shell.school.go_live.unwrap_or_else(|| page.today()).to_string();
    Ok(Chosen {
        name: begin.name,
        title: begin.title,
        columns: said::columns(page.words, &begin.plan),
        duties: begin.plan.duties.iter().enumerate().map(duty).collect(),
        staff: staff.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        go_live: page.may(Permission::EditPeople).then(|| get("go_live").unwrap_or(go_live)),
    })
}

/// `POST /plan/start`: drafts and publishes the plan, and gives out its duties.
pub(crate) async fn begin(page: Page, form: Form) -> Result<Response, WebError> {
    let name = form.get("plan").to_owned();
    let Some(begin) = plans_to_begin().into_iter().find(|plan| plan.name == name) else {
        return Err(WebError::NotFound);
    };
    let covers = duties(&page, &begin, &form)?;
    let go_live: Option<Date> = form.read("go_live");
    let (sets, shows_reasons) =
        (page.may(Permission::EditPeople) && go_live.is_some(), page.shell.school.roll_shows_reasons);
    let report = page
        .run(move |school, actor, now| {
            let report = school.draft_plan(actor, now, begin.text.to_owned())?;
            if report.problems.is_empty() {
                school.publish_plan(actor, now, report.version)?;
                for cover in covers {
                    school.set_cover(actor, now, cover)?;
                }
                if sets {
                    school.set_settings(actor, now, go_live, shows_reasons)?;
                }
            }
            Ok(report)
        })
        .await?;
    if report.problems.is_empty() {
        return Ok(page.see_other("/plan?done=plan-begun"));
    }
    let problem = |problem: &app::FileProblem| {
        FieldError::new("plan", sentence(&format!("{}: {}", problem.wrong, problem.right)))
    };
    let errors = report.problems.iter().map(problem).collect();
    page.html_again(&draw(&page, &name, Some(&form), errors).await?)
}

/// Who was chosen for the plan's duties.
fn duties(page: &Page, begin: &PlanToBegin, form: &Form) -> Result<Vec<SetCover>, AppError> {
    let mut covers = Vec::new();
    for (at, duty) in begin.plan.duties.iter().enumerate() {
        let (field, chosen) = ("staff", form.get(&format!("duty-{at}")));
        if !chosen.is_empty() {
            let staff_id = StaffId::parse(chosen)
                .map_err(|_| AppError::invalid(field, "choose somebody of the list"))?;
            let (owner, scope, first_day) = (duty.clone(), String::new(), page.today());
            covers.push(SetCover { id: 0, owner, scope, staff_id, first_day, last_day: None });
        }
    }
    Ok(covers)
}
