//! The OneRoster service of the school's SMS: its settings, with a secret that is written and never shown
//! again, how fetching went, and a button to fetch now.

use crate::error::{WebError, field_errors, sentence};
use crate::form::Form;
use crate::page::Page;
use crate::when::{self, When};
use app::views::{OneRosterService, OneRosterView, RosterSilence};
use app::{AppError, OneRosterSettings, StudentIdFrom};
use askama::Template;
use axum::response::Response;
use domain::{Date, Permission, Zone};
use pages::{FieldError, Frame, Notice, NoticeKind, Words};

#[derive(Template)]
#[template(path = "oneroster.html")]
struct OneRosterPage {
    frame: Frame,
    errors: Vec<FieldError>,
    notices: Vec<Notice>,
    typed: OneRosterSettings,
    versions: Vec<(&'static str, String)>,
    rules: Vec<(&'static str, String)>,
    secret_entered: Option<When>,
    may_ask: bool,
    may_set: bool,
    facts: Vec<(String, String)>,
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let drawn = draw(&page, None, Vec::new()).await?;
    page.html(&drawn)
}

async fn draw(
    page: &Page,
    typed: Option<OneRosterSettings>,
    errors: Vec<FieldError>,
) -> Result<OneRosterPage, WebError> {
    let view = page.run(|school, actor, now| school.oneroster(actor, now)).await?;
    let service = view.service.as_ref();
    let secret_entered = service.and_then(|service| service.secret_entered_at);
    Ok(OneRosterPage {
        frame: page.frame(page.word("oneroster-title")),
        errors,
        notices: notices(page, &view),
        typed: typed.unwrap_or_else(|| service.map_or_else(usual, settings)),
        versions: ["1.1", "1.2"]
            .map(|version| (version, page.words.one("oneroster-version-of", "version", version)))
            .into(),
        rules: StudentIdFrom::ALL
            .map(|rule| (rule.text(), page.word(&format!("oneroster-id-{}", rule.text()))))
            .into(),
        secret_entered: secret_entered.map(|at| when::moment(page.words, page.zone(), at, page.today())),
        may_ask: secret_entered.is_some() && service.is_some_and(|service| !service.is_asked),
        may_set: page.may(Permission::EditPeople),
        facts: service.map(|service| facts(page, service)).unwrap_or_default(),
    })
}

/// What stands in the form before anything was ever set.
fn usual() -> OneRosterSettings {
    OneRosterSettings {
        version: "1.1".to_owned(),
        student_id: StudentIdFrom::default().text().to_owned(),
        is_on: true,
        ..OneRosterSettings::default()
    }
}

fn settings(service: &OneRosterService) -> OneRosterSettings {
    OneRosterSettings {
        base: service.base.clone(),
        version: service.version.clone(),
        token_at: service.token_at.clone(),
        client: service.client.clone(),
        secret: String::new(),
        org: service.org.clone(),
        student_id: service.student_id.clone(),
        identifier_is_nsn: service.identifier_is_nsn,
        is_on: service.is_on,
    }
}

/// What stands above the form: that it was asked for, what is in the way, and silence.
fn notices(page: &Page, view: &OneRosterView) -> Vec<Notice> {
    let mut notices = Vec::new();
    let Some(service) = &view.service else { return notices };
    if service.is_asked {
        notices.push(Notice::new(NoticeKind::Attention, page.word("oneroster-asked")));
    }
    if let Some(problem) = &service.secret_problem {
        notices.push(Notice::new(NoticeKind::Error, sentence(problem)));
    }
    if let Some(silence) = &view.silence {
        notices.push(self::silence(page.words, page.zone(), page.today(), silence));
    } else if !service.problem.is_empty() {
        let text = page.words.one("oneroster-problem", "problem", sentence(&service.problem).as_str());
        notices.push(Notice::new(NoticeKind::Attention, text));
    }
    notices
}

/// That no roster came for too long, as it is told on several pages.
pub(crate) fn silence(words: &Words, zone: Zone, today: Date, found: &RosterSilence) -> Notice {
    let mut text = match found.since {
        Some(at) => {
            words.one("oneroster-silence", "since", when::moment(words, zone, at, today).said.as_str())
        }
        None => words.get("oneroster-silence-never"),
    };
    if !found.problem.is_empty() {
        text = format!("{text} {}", sentence(&found.problem));
    }
    Notice::new(NoticeKind::Attention, text)
}

fn facts(page: &Page, service: &OneRosterService) -> Vec<(String, String)> {
    let said = |at| when::moment(page.words, page.zone(), at, page.today()).said;
    let mut facts = Vec::new();
    let mut add = |name: &str, text: Option<String>| {
        facts.extend(text.map(|text| (page.word(name), text)));
    };
    add("oneroster-tried", service.tried_at.map(said));
    add("oneroster-good", service.good_at.map(said));
    add("oneroster-whole", service.whole_at.map(said));
    add("oneroster-retry", service.retry_at.map(said));
    add("oneroster-outcome", Some(sentence(&service.outcome)).filter(|_| !service.outcome.is_empty()));
    facts
}

pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let text = |name: &str| form.get(name).to_owned();
    let typed = OneRosterSettings {
        base: text("base"),
        version: text("version"),
        token_at: text("token_at"),
        client: text("client"),
        secret: text("secret"),
        org: text("org"),
        student_id: text("student_id"),
        identifier_is_nsn: form.has("identifier_is_nsn"),
        is_on: form.has("is_on"),
    };
    let settings = typed.clone();
    match page.run(move |school, actor, now| school.set_oneroster(actor, now, settings)).await {
        Ok(()) => Ok(page.see_other("/school/oneroster?done=saved")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            // What is secret is not shown again, whatever else was wrong.
            let typed = OneRosterSettings { secret: String::new(), ..typed };
            let drawn = draw(&page, Some(typed), field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn ask(page: Page) -> Result<Response, WebError> {
    match page.run(|school, actor, now| school.ask_for_roster(actor, now)).await {
        Ok(()) => Ok(page.see_other("/school/oneroster?done=roster-asked")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, None, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}
