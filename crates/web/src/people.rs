//! Staff, their roles and groups, and the links with which they choose a password.

use crate::error::{WebError, field_errors, sentence};
use crate::form::{Form, encode};
use crate::listing::{Files, Listing, Rows};
use crate::origins::{self, OriginLine};
use crate::page::Page;
use crate::words_of::Said;
use app::views::PersonLine;
use app::{AppError, StaffEntry};
use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::Response;
use domain::{Role, StaffId};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<PersonRow>,
    files: Files,
}

struct PersonRow {
    href: String,
    name: String,
    email: String,
    roles: String,
    groups: String,
    can_sign_in: bool,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    errors: Vec<FieldError>,
    is_new: bool,
    id: String,
    name: String,
    email: String,
    roles: Vec<RoleBox>,
    groups: String,
    known_groups: String,
    /// Where links are made and sign-in is switched, for somebody who is known.
    address: String,
    can_sign_in: bool,
    is_self: bool,
    origins: Vec<OriginLine>,
}

struct RoleBox {
    text: &'static str,
    title: String,
    hint: String,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "person_link.html")]
struct LinkPage {
    frame: Frame,
    lead: String,
    link: String,
}

/// A person as typed or as they stand.
#[derive(Default)]
struct Draft {
    is_new: bool,
    id: String,
    name: String,
    email: String,
    roles: Vec<Role>,
    groups: String,
    can_sign_in: bool,
}

pub(crate) async fn list(page: Page) -> Result<Response, WebError> {
    let people = page.run(|school, actor, now| school.people(actor, now)).await?;
    if let Some(take) = page.take()? {
        let listing = Some(listing(&page, &people)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let row = |line: PersonLine| {
        let roles: Vec<String> = line.staff.scope.roles.iter().map(|&role| role_name(&page, role)).collect();
        PersonRow {
            href: format!("/school/people/of/{}", encode(line.staff.id.as_str())),
            name: line.staff.name,
            email: line.staff.email,
            roles: roles.join(", "),
            groups: line.staff.scope.groups.join(", "),
            can_sign_in: line.can_sign_in,
        }
    };
    let people = people.into_iter().map(row).collect();
    let files = page.files("people", "/school/people");
    page.html(&PeoplePage { frame: page.frame(page.word("people-title")), people, files })
}

/// The staff, in the columns of the file that brings them.
fn listing(page: &Page, people: &[PersonLine]) -> Listing {
    let roles = |line: &PersonLine| {
        let roles: Vec<&str> = line.staff.scope.roles.iter().map(|role| role.text()).collect();
        roles.join(";")
    };
    Rows::of(page.words, "people", people)
        .text("staff_id", |line| line.staff.id.to_string())
        .text("name", |line| line.staff.name.clone())
        .text("email", |line| line.staff.email.clone())
        .text("role", |line| roles(line))
        .text("groups", |line| line.staff.scope.groups.join(";"))
        .yes("can_sign_in", |line| line.can_sign_in)
        .done()
}

pub(crate) fn role_name(page: &Page, role: Role) -> String {
    page.word(&format!("people-role-{}", role.text().replace('_', "-")))
}

pub(crate) async fn new(page: Page) -> Result<Response, WebError> {
    let drawn = draw(&page, Draft { is_new: true, ..Draft::default() }, Vec::new()).await?;
    page.html(&drawn)
}

pub(crate) async fn edit(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let line = find(&page, &id).await?.ok_or(WebError::NotFound)?;
    let draft = Draft {
        is_new: false,
        id,
        name: line.staff.name,
        email: line.staff.email,
        roles: line.staff.scope.roles,
        groups: line.staff.scope.groups.join("; "),
        can_sign_in: line.can_sign_in,
    };
    let drawn = draw(&page, draft, Vec::new()).await?;
    page.html(&drawn)
}

async fn find(page: &Page, id: &str) -> Result<Option<PersonLine>, WebError> {
    let people = page.run(|school, actor, now| school.people(actor, now)).await?;
    Ok(people.into_iter().find(|line| line.staff.id.as_str() == id))
}

async fn draw(page: &Page, draft: Draft, errors: Vec<FieldError>) -> Result<PersonPage, WebError> {
    let groups = page.run(|school, actor, now| school.groups(actor, now)).await?;
    let role = |role: Role| RoleBox {
        text: role.text(),
        title: role_name(page, role),
        hint: page.word(&format!("people-role-{}-hint", role.text().replace('_', "-"))),
        ticked: draft.roles.contains(&role),
    };
    let id = StaffId::parse(&draft.id).ok().filter(|_| !draft.is_new);
    let origins = page.run(move |school, actor, now| match &id {
        Some(id) => school.origins_of_staff(actor, now, id),
        None => Ok(Vec::new()),
    });
    let origins = match origins.await {
        // Somebody who is only being added, with an id that is nobody's yet.
        Err(WebError::App(AppError::NotFound(_))) => Vec::new(),
        found => found?,
    };
    let title = if draft.is_new { page.word("people-add") } else { draft.name.clone() };
    Ok(PersonPage {
        frame: page.frame(title),
        errors,
        is_new: draft.is_new,
        roles: Role::ALL.map(role).into(),
        known_groups: groups.join("; "),
        address: format!("/school/people/of/{}", encode(&draft.id)),
        is_self: page.session.person.staff_id.as_str() == draft.id,
        id: draft.id,
        name: draft.name,
        email: draft.email,
        groups: draft.groups,
        can_sign_in: draft.can_sign_in,
        origins: origins::lines(Said::of(page), &origins),
    })
}

pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let mut draft = Draft {
        is_new: form.has("is_new"),
        id: form.get("id").to_owned(),
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        roles: form.all("role").filter_map(Role::parse).collect(),
        groups: form.get("groups").to_owned(),
        can_sign_in: false,
    };
    let standing = find(&page, &draft.id).await?;
    draft.can_sign_in = standing.as_ref().is_some_and(|line| line.can_sign_in);
    let id = match StaffId::parse(&draft.id) {
        Ok(_) if draft.is_new && standing.is_some() => Err(page.word("people-id-taken")),
        Ok(id) => Ok(id),
        Err(error) => Err(sentence(&error.to_string())),
    };
    let id = match id {
        Ok(id) => id,
        Err(problem) => {
            let drawn = draw(&page, draft, vec![FieldError::new("id", problem)]).await?;
            return page.html_again(&drawn);
        }
    };
    let groups = draft.groups.split([';', '\n', ',']).map(|group| group.trim().to_owned());
    let groups = groups.filter(|group| !group.is_empty()).collect();
    let (name, email, roles) = (draft.name.clone(), draft.email.clone(), draft.roles.clone());
    let entry = StaffEntry { id, name, email, roles, groups };
    match page.run(move |school, actor, now| school.set_staff(actor, now, entry)).await {
        Ok(()) if draft.is_new => {
            Ok(page.see_other(&format!("/school/people/of/{}?done=person-added", encode(&draft.id))))
        }
        Ok(()) => Ok(page.see_other("/school/people?done=saved")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, draft, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn link(
    page: Page,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let line = find(&page, &id).await?.ok_or(WebError::NotFound)?;
    let staff = line.staff.id.clone();
    let token = page.run(move |school, actor, now| school.make_link(actor, now, staff)).await?;
    let link = format!("{}/set-up/{token}", own_origin(&headers));
    let lead = page.words.one("people-link-lead", "name", &line.staff.name);
    page.html(&LinkPage { frame: page.frame(page.word("people-link-title")), lead, link })
}

/// How this school's pages begin in the address bar of whoever asks.
fn own_origin(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match (text(ORIGIN), text(HOST)) {
        (Some(origin), _) if origin.starts_with("http") => origin.to_owned(),
        (_, Some(host)) => format!("https://{host}"),
        _ => String::new(),
    }
}

pub(crate) async fn switch(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let line = find(&page, &id).await?.ok_or(WebError::NotFound)?;
    let disabled = form.get("disabled") == "1";
    let staff = line.staff.id;
    page.run(move |school, actor, now| school.disable_sign_in(actor, now, staff, disabled)).await?;
    let done = if disabled { "sign-in-off" } else { "sign-in-on" };
    Ok(page.see_other(&format!("/school/people/of/{}?done={done}", encode(&id))))
}
