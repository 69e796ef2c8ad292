//! The school's overview: what it is, its settings, and the way to people, calendar, imports and
//! descriptions.

use crate::error::{WebError, field_errors};
use crate::form::Form;
use crate::mail;
use crate::page::Page;
use crate::when;
use app::AppError;
use askama::Template;
use axum::response::Response;
use domain::{Date, Permission};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "school.html")]
struct SchoolPage {
    frame: Frame,
    errors: Vec<FieldError>,
    name: String,
    number: String,
    zone: &'static str,
    region: Option<String>,
    term: Option<String>,
    go_live_said: Option<String>,
    /// When the morning e-mail goes, if it does.
    mail: String,
    roll_shows_reasons: bool,
    /// The version of the privacy notice, as it stands or as typed.
    notice: String,
    /// Whether this person sets the settings, with the go-live date as typed.
    settings: Option<String>,
    places: Vec<Place>,
    ministry_url: Option<String>,
}

/// A page that one can go on to.
struct Place {
    href: &'static str,
    title: String,
    text: String,
}

const PLACES: &[(&str, &str)] = &[
    ("/descriptions", "describe"),
    ("/school/people", "people"),
    ("/school/calendar", "calendar"),
    ("/school/codes", "codes"),
    ("/school/mail", "mail"),
    ("/how-we-count", "rules"),
    ("/school/imports", "import"),
    ("/school/oneroster", "oneroster"),
    ("/school/api", "api"),
    ("/school/conflicts", "differences"),
    ("/school/webhooks", "webhooks"),
    ("/school/exports", "exports"),
    ("/school/kamar", "kamar"),
];

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let drawn = draw(&page, None, page.shell.school.roll_shows_reasons, Vec::new()).await?;
    page.html(&drawn)
}

async fn draw(
    page: &Page,
    typed: Option<String>,
    roll_shows_reasons: bool,
    errors: Vec<FieldError>,
) -> Result<SchoolPage, WebError> {
    let mail = page.run(|school, actor, now| school.mail(actor, now)).await?;
    let school = &page.shell.school;
    let place = |&(href, name): &(&'static str, &str)| Place {
        href,
        title: page.word(&format!("{name}-title")),
        text: page.word(&format!("{name}-about")),
    };
    let go_live = school.go_live.map(|date| date.to_string()).unwrap_or_default();
    Ok(SchoolPage {
        frame: page.frame(page.word("school-title")),
        errors,
        name: school.name.clone(),
        number: school.number.to_string(),
        zone: school.zone.name(),
        region: school.region.clone(),
        term: page.shell.term.map(|(term, _)| {
            let until = when::date(page.words, term.last_day, page.today());
            format!(
                "{}, {}",
                when::term_name(page.words, term.id),
                page.words.one("school-until", "date", &until)
            )
        }),
        go_live_said: school.go_live.map(|date| when::date(page.words, date, page.today())),
        mail: mail::when_it_goes(page, mail.hour),
        roll_shows_reasons,
        notice: school.notice.clone(),
        settings: page.may(Permission::EditPeople).then(|| typed.unwrap_or(go_live)),
        places: PLACES.iter().filter(|(href, _)| page.may_open(href)).map(place).collect(),
        ministry_url: page.server.settings.ministry_url.clone(),
    })
}

pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let typed = form.get("go_live").to_owned();
    let shows = form.has("roll_shows_reasons");
    let go_live: Option<Date> = form.read("go_live");
    if go_live.is_none() && !typed.is_empty() {
        let errors = vec![FieldError::new("go_live", page.word("web-field-date"))];
        let drawn = draw(&page, Some(typed), shows, errors).await?;
        return page.html_again(&drawn);
    }
    match page.run(move |school, actor, now| school.set_settings(actor, now, go_live, shows)).await {
        Ok(()) => Ok(page.see_other("/school?done=saved")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, Some(typed), shows, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn save_notice(page: Page, form: Form) -> Result<Response, WebError> {
    let notice = form.get("notice").to_owned();
    let typed = notice.clone();
    match page.run(move |school, actor, now| school.set_notice(actor, now, &notice)).await {
        Ok(()) => Ok(page.see_other("/school?done=saved")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let shows = page.shell.school.roll_shows_reasons;
            let mut drawn = draw(&page, None, shows, field_errors("", &fields)).await?;
            drawn.notice = typed;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}
