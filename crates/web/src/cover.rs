//! Who does what in the plan: who holds each role and duty, and who stands in for whom.

use crate::asked::Asked;
use crate::error::sentence;
use crate::listing::{Files, Listing, Rows};
use crate::respond::{Desk, Outcome, answer};
use crate::words_of::{self, Said};
use crate::{Fields, Form, Page, WebError};
use app::views::HoldersView;
use app::{AppError, SetCover};
use askama::Template;
use axum::response::Response;
use domain::{Date, StaffId};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "cover.html")]
struct CoverPage {
    frame: Frame,
    errors: Vec<FieldError>,
    holders: Vec<Holder>,
    covers: Vec<Cover>,
    owners: Vec<(String, String)>,
    staff: Vec<(String, String)>,
    scopes: Vec<String>,
    typed: Typed,
    files: Files,
}

struct Holder {
    name: String,
    people: String,
    is_held: bool,
}

struct Cover {
    id: i64,
    owner: String,
    scope: String,
    name: String,
    from: String,
    until: Option<String>,
    is_in_force: bool,
}

#[derive(Default)]
struct Typed {
    owner: String,
    scope: String,
    staff: String,
    first_day: String,
    last_day: String,
}

/// `GET /plan/people`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("cover-title")), Said::of(&page));
    if let Some(take) = page.take()? {
        let view = page.run(|school, actor, now| school.holders(actor, now)).await?;
        return page.hand_over(&take, listing(said, &view, &take.part)).await;
    }
    let frame = (frame, page.files("plan-people", "/plan/people"));
    let shown = page.run(move |school, actor, now| {
        let typed = Typed { first_day: said.today.to_string(), ..Typed::default() };
        load(&Desk { school, actor, now, said }, frame, typed, Vec::new())
    });
    page.html(&shown.await?)
}

/// `POST /plan/people`.
pub async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("cover-title")), Said::of(&page));
    let frame = (frame, page.files("plan-people", "/plan/people"));
    let outcome = page.run(move |school, actor, now| {
        let saved = read(&form).and_then(|cover| school.set_cover(actor, now, cover));
        match saved {
            Ok(_) => Ok(Outcome::Saved("/plan/people?done=cover-set".to_owned())),
            Err(AppError::Invalid(fields)) => {
                let error = |field: &app::Field| FieldError::new(field.name, sentence(&field.problem));
                let errors = fields.iter().map(error).collect();
                let get = |name: &str| form.get(name).to_owned();
                let typed = Typed {
                    owner: get("owner"),
                    scope: get("scope"),
                    staff: get("staff"),
                    first_day: get("first_day"),
                    last_day: get("last_day"),
                };
                let shown = load(&Desk { school, actor, now, said }, frame, typed, errors)?;
                Ok(Outcome::Again(422, Box::new(shown)))
            }
            Err(error) => Err(error),
        }
    });
    answer(&page, outcome.await?)
}

/// `POST /plan/people/end`.
pub async fn end(page: Page, form: Form) -> Result<Response, WebError> {
    page.run(move |school, actor, now| school.end_cover(actor, now, form.number("cover"))).await?;
    Ok(page.see_other("/plan/people?done=cover-ended"))
}

fn read(form: &Fields) -> Result<SetCover, AppError> {
    let wrong = |_| AppError::invalid("staff", "choose somebody");
    let first: Option<Date> = form.read("first_day");
    let last: Option<Date> = form.read("last_day");
    if last.is_none() && !form.get("last_day").is_empty() {
        return Err(AppError::invalid("last_day", "give a date, or leave it empty"));
    }
    Ok(SetCover {
        id: 0,
        owner: form.get("owner").to_owned(),
        scope: form.get("scope").to_owned(),
        staff_id: StaffId::parse(form.get("staff")).map_err(wrong)?,
        first_day: first.ok_or_else(|| AppError::invalid("first_day", "give a date"))?,
        last_day: last,
    })
}

fn listing(said: Said, view: &HoldersView, part: &str) -> Option<Listing> {
    Some(match part {
        "" => Rows::of(said.words, "plan-people", &view.holders)
            .text("owner", |line| words_of::owner(said.words, &line.owner))
            .text("people", |line| line.people.join("; "))
            .yes("held", |line| line.is_held)
            .done(),
        "covers" => Rows::of(said.words, "plan-people-covers", &view.covers)
            .text("owner", |line| owner_of(said, view, &line.cover.owner))
            .text("scope", |line| line.cover.scope.clone())
            .text("person", |line| line.name.clone())
            .date("first_day", |line| Some(line.cover.first_day))
            .date("last_day", |line| line.cover.last_day)
            .yes("in_force", |line| line.is_in_force)
            .done(),
        _ => return None,
    })
}

/// What a cover's role or duty is called.
fn owner_of(said: Said, view: &HoldersView, owner: &str) -> String {
    let known = view.holders.iter().find(|line| line.owner.to_string() == owner);
    known.map_or_else(|| owner.to_owned(), |line| words_of::owner(said.words, &line.owner))
}

fn load(
    desk: &Desk<'_>,
    (frame, files): (Frame, Files),
    typed: Typed,
    errors: Vec<FieldError>,
) -> Result<CoverPage, AppError> {
    let (said, view) = (desk.said, desk.school.holders(desk.actor, desk.now)?);
    let owner = |owner: &str| owner_of(said, &view, owner);
    let cover = |line: &app::views::CoverLine| Cover {
        id: line.cover.id,
        owner: owner(&line.cover.owner),
        scope: line.cover.scope.clone(),
        name: line.name.clone(),
        from: said.date(line.cover.first_day),
        until: line.cover.last_day.map(|last| said.date(last)),
        is_in_force: line.is_in_force,
    };
    let holder = |line: &app::views::HolderLine| Holder {
        name: words_of::owner(said.words, &line.owner),
        // A whole staff room would not be read.
        people: match line.people.len() {
            0..=6 => line.people.join(", "),
            count => said.words.count("cover-people", count),
        },
        is_held: line.is_held,
    };
    let choices =
        view.holders.iter().map(|line| (line.owner.to_string(), words_of::owner(said.words, &line.owner)));
    Ok(CoverPage {
        holders: view.holders.iter().map(holder).collect(),
        covers: view.covers.iter().map(cover).collect(),
        owners: choices.collect(),
        staff: view.staff.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        scopes: view.scopes,
        typed,
        files,
        frame,
        errors,
    })
}
