//! Webhooks: who is told what happens here, a secret that is shown once, and what came of each event.

use crate::error::{WebError, field_errors, sentence};
use crate::form::Form;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when::{self, When};
use app::views::{DeliveryLine, WebhookLine};
use app::{AppError, DeliveryState, NewWebhook};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Instant, Permission, WebhookEvent};
use pages::{FieldError, Frame, Notice, NoticeKind};

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    frame: Frame,
    errors: Vec<FieldError>,
    lines: Vec<Line>,
    /// The form for another, where this person may make one.
    form: Option<Fields>,
    files: Files,
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct WebhookPage {
    frame: Frame,
    errors: Vec<FieldError>,
    line: Line,
    /// What is wrong with it, where something is.
    alert: Option<Notice>,
    /// The form to change it, where this person may.
    form: Option<Fields>,
    earlier_until: Option<When>,
    deliveries: Vec<Sent>,
}

#[derive(Template)]
#[template(path = "webhook_secret.html")]
struct SecretPage {
    frame: Frame,
    href: String,
    lead: String,
    secret: String,
}

/// A webhook among others.
struct Line {
    href: String,
    address: String,
    owner: Option<String>,
    events: Vec<&'static str>,
    /// The class of the tag and the word in it.
    tag: (&'static str, String),
    is_on: bool,
    since: Option<When>,
    waiting: i64,
}

/// What a form about a webhook holds.
struct Fields {
    address: String,
    events: Vec<Choice>,
}

struct Choice {
    event: &'static str,
    about: String,
    is_chosen: bool,
}

/// An event that was sent, or is to be.
struct Sent {
    event: &'static str,
    id: String,
    at: When,
    tag: (&'static str, String),
    next: Option<When>,
    may_again: bool,
    tries: Vec<Tried>,
}

struct Tried {
    at: When,
    text: String,
}

pub(crate) async fn list(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let webhooks = page.run(|school, actor, now| school.webhooks(actor, now)).await?;
        let listing = Some(listing(&page, &webhooks)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let drawn = draw_list(&page, None, Vec::new()).await?;
    page.html(&drawn)
}

/// The webhooks, each by its receiver's host: what follows it in the address may be a secret.
fn listing(page: &Page, webhooks: &[WebhookLine]) -> Listing {
    let host = |line: &WebhookLine| line.address.split('/').take(3).collect::<Vec<_>>().join("/");
    let events = |line: &WebhookLine| line.events.iter().map(|event| event.text()).collect::<Vec<_>>();
    Rows::of(page.words, "webhooks", webhooks)
        .text("receiver", |line| host(line))
        .text("owner", |one| one.owner.clone().unwrap_or_default())
        .text("events", |line| events(line).join(" "))
        .text("state", |one| line(page, one).tag.1)
        .time("made_at", |line| Some(line.made_at))
        .time("failing_since", |line| line.failing_since)
        .whole("waiting", |line| Some(line.waiting))
        .done()
}

async fn draw_list(
    page: &Page,
    typed: Option<Fields>,
    errors: Vec<FieldError>,
) -> Result<WebhooksPage, WebError> {
    let webhooks = page.run(|school, actor, now| school.webhooks(actor, now)).await?;
    let all = WebhookEvent::OFFERED.to_vec();
    let form = page
        .may(Permission::EditSharing)
        .then(|| typed.unwrap_or_else(|| Fields { address: String::new(), events: choices(page, &all) }));
    Ok(WebhooksPage {
        frame: page.frame(page.word("webhooks-title")),
        files: page.files("webhooks", "/school/webhooks"),
        errors,
        lines: webhooks.iter().map(|line| self::line(page, line)).collect(),
        form,
    })
}

fn choices(page: &Page, chosen: &[WebhookEvent]) -> Vec<Choice> {
    let choice = |event: WebhookEvent| Choice {
        event: event.text(),
        about: page.word(match event {
            WebhookEvent::CrossingReached => "webhooks-event-reached",
            WebhookEvent::CrossingWithdrawn => "webhooks-event-withdrawn",
            WebhookEvent::ResponseRecorded => "webhooks-event-recorded",
            WebhookEvent::ResponseChanged | WebhookEvent::Test => "webhooks-event-changed",
        }),
        is_chosen: chosen.contains(&event),
    };
    WebhookEvent::OFFERED.into_iter().map(choice).collect()
}

fn line(page: &Page, line: &WebhookLine) -> Line {
    let (class, word, since) = match line {
        _ if line.problem.is_some() => ("tag-bad", "webhooks-state-closed", None),
        _ if line.is_gone => ("tag-bad", "webhooks-state-gone", None),
        _ if !line.is_on => ("", "webhooks-state-off", None),
        _ if line.gave_up_at.is_some() => ("tag-bad", "webhooks-state-failing", line.failing_since),
        _ if line.failing_since.is_some() => ("tag-wait", "webhooks-state-failing", line.failing_since),
        _ => ("tag-good", "webhooks-state-on", None),
    };
    Line {
        href: format!("/school/webhooks/{}", line.id),
        address: line.address.clone(),
        owner: line.owner.clone(),
        events: line.events.iter().map(|event| event.text()).collect(),
        tag: (class, page.word(word)),
        is_on: line.is_on,
        since: since.map(|at| said(page, at)),
        waiting: line.waiting,
    }
}

fn said(page: &Page, at: Instant) -> When {
    when::moment(page.words, page.zone(), at, page.today())
}

pub(crate) async fn add(page: Page, form: Form) -> Result<Response, WebError> {
    let (address, events) = (form.get("address").to_owned(), chosen(&form));
    let new = NewWebhook { address: address.clone(), events: events.clone(), owner: None };
    match page.run(move |school, actor, now| school.add_webhook(actor, now, new)).await {
        Ok(made) => secret(&page, &made.id, "webhooks-secret-made", made.secret),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let typed = Fields { address, events: choices(&page, &events) };
            let drawn = draw_list(&page, Some(typed), field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

fn chosen(form: &Form) -> Vec<WebhookEvent> {
    form.all("event").filter_map(WebhookEvent::parse).collect()
}

fn secret(page: &Page, id: &str, lead: &str, secret: String) -> Result<Response, WebError> {
    page.html(&SecretPage {
        frame: page.frame(page.word("webhooks-secret-title")),
        href: format!("/school/webhooks/{id}"),
        lead: page.word(lead),
        secret,
    })
}

pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let drawn = draw(&page, &id, None, Vec::new()).await?;
    page.html(&drawn)
}

async fn draw(
    page: &Page,
    id: &str,
    typed: Option<Fields>,
    errors: Vec<FieldError>,
) -> Result<WebhookPage, WebError> {
    let id = id.to_owned();
    let view = page.run(move |school, actor, now| school.webhook(actor, now, &id)).await?;
    let may_edit = page.may(Permission::EditSharing);
    let webhook = &view.line;
    let own = || Fields { address: webhook.address.clone(), events: choices(page, &webhook.events) };
    let sent = |line: &DeliveryLine| sent(page, line, may_edit && webhook.is_on);
    Ok(WebhookPage {
        frame: page.frame(page.word("webhooks-one-title")),
        errors,
        line: line(page, webhook),
        alert: alert(page, webhook),
        form: may_edit.then(|| typed.unwrap_or_else(own)),
        earlier_until: webhook.earlier_until.map(|at| said(page, at)),
        deliveries: view.deliveries.iter().map(sent).collect(),
    })
}

/// What a reader has to know first.
fn alert(page: &Page, webhook: &WebhookLine) -> Option<Notice> {
    let text = if let Some(problem) = &webhook.problem {
        format!("{} {}", page.word("webhooks-alert-closed"), sentence(problem))
    } else if webhook.is_gone {
        page.word("webhooks-alert-gone")
    } else {
        let since = webhook.gave_up_at.and(webhook.failing_since)?;
        page.words.one("webhooks-alert-failing", "since", &said(page, since).said)
    };
    Some(Notice::new(NoticeKind::Error, text))
}

fn sent(page: &Page, line: &DeliveryLine, may_send: bool) -> Sent {
    let delivery = &line.delivery;
    let (class, word) = match delivery.state {
        DeliveryState::Waiting => ("tag-wait", "webhooks-sent-waiting"),
        DeliveryState::Delivered => ("tag-good", "webhooks-sent-delivered"),
        DeliveryState::GivenUp => ("tag-bad", "webhooks-sent-given-up"),
        DeliveryState::Stopped => ("", "webhooks-sent-stopped"),
    };
    let is_waiting = delivery.state == DeliveryState::Waiting;
    let tries = line.tries.iter().map(|tried| Tried {
        at: said(page, tried.at),
        text: match (tried.status, &tried.problem) {
            (Some(status), None) => format!("{status}, {} ms", tried.millis),
            (Some(status), Some(problem)) => format!("{status}: {} ({} ms)", sentence(problem), tried.millis),
            (None, Some(problem)) => format!("{} ({} ms)", sentence(problem), tried.millis),
            (None, None) => format!("{} ms", tried.millis),
        },
    });
    Sent {
        event: line.kind.text(),
        id: delivery.event_id.clone(),
        at: said(page, delivery.made_at),
        tag: (class, page.word(word)),
        next: (is_waiting && delivery.tries > 0).then(|| said(page, delivery.next_try_at)),
        may_again: may_send && !is_waiting,
        tries: tries.collect(),
    }
}

pub(crate) async fn save(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (address, events) = (form.get("address").to_owned(), chosen(&form));
    let typed = Fields { address: address.clone(), events: choices(&page, &events) };
    let own = id.clone();
    let set =
        page.run(move |school, actor, now| school.set_webhook(actor, now, &own, &address, events)).await;
    answer(&page, &id, set, "saved", Some(typed)).await
}

pub(crate) async fn change_secret(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let own = id.clone();
    let changed = page.run(move |school, actor, now| school.change_webhook_secret(actor, now, &own)).await;
    match changed {
        Ok(fresh) => secret(&page, &id, "webhooks-secret-changed", fresh),
        Err(error) => answer(&page, &id, Err(error), "", None).await,
    }
}

pub(crate) async fn switch(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (own, on) = (id.clone(), form.get("on") == "1");
    let done = if on { "webhook-on" } else { "webhook-off" };
    let switched = page.run(move |school, actor, now| school.switch_webhook(actor, now, &own, on)).await;
    answer(&page, &id, switched, done, None).await
}

pub(crate) async fn end(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    page.run(move |school, actor, now| school.end_webhook(actor, now, &id)).await?;
    Ok(page.see_other("/school/webhooks?done=webhook-ended"))
}

pub(crate) async fn test(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let own = id.clone();
    let sent = page.run(move |school, actor, now| school.test_webhook(actor, now, &own)).await;
    answer(&page, &id, sent, "webhook-test", None).await
}

pub(crate) async fn again(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (own, event) = (id.clone(), form.get("event").to_owned());
    let sent = page.run(move |school, actor, now| school.send_webhook_again(actor, now, &own, &event)).await;
    answer(&page, &id, sent, "webhook-again", None).await
}

/// The page of a webhook again: with what was done, or with what stands against it.
async fn answer(
    page: &Page,
    id: &str,
    outcome: Result<(), WebError>,
    done: &str,
    typed: Option<Fields>,
) -> Result<Response, WebError> {
    match outcome {
        Ok(()) => Ok(page.see_other(&format!("/school/webhooks/{id}?done={done}"))),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let (of_form, others): (Vec<_>, Vec<_>) =
                fields.into_iter().partition(|field| ["address", "events"].contains(&field.name));
            let mut drawn = draw(page, id, typed, field_errors("", &of_form)).await?;
            if !others.is_empty() {
                let text: Vec<String> = others.iter().map(|field| sentence(&field.problem)).collect();
                drawn.frame.notice = Some(Notice::new(NoticeKind::Error, text.join(" ")));
            }
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}
