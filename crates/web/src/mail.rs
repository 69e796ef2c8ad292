//! The morning e-mail: one's own switch, and for administrators the hour and how it stands.

use crate::error::{WebError, field_errors, sentence};
use crate::form::Form;
use crate::page::Page;
use crate::when::{self, When};
use app::views::MessageLine;
use app::{AppError, DIGEST_HOURS, MessageState};
use askama::Template;
use axum::response::Response;
use domain::{Channel, Permission};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    frame: Frame,
    errors: Vec<FieldError>,
    lead: String,
    /// Whether this server sends e-mail at all.
    has_server: bool,
    /// Whether any is sent at present, to anybody.
    goes: bool,
    is_wanted: bool,
    hours: Vec<Choice>,
    standing: Option<Standing>,
}

/// An hour that can be chosen; an empty value is off.
struct Choice {
    value: String,
    text: String,
    is_chosen: bool,
}

/// How it stands, for those who administer it.
struct Standing {
    last_sent: Option<When>,
    waiting: usize,
    sent: usize,
    failed: usize,
    lines: Vec<Line>,
    /// What waits for a way by which it could leave, and which this server does not have.
    stuck: Vec<String>,
}

impl Standing {
    /// Whether there was any, and all of it was taken.
    fn is_well(&self) -> bool {
        self.sent > 0 && self.lines.is_empty()
    }
}

/// A message that the server did not take yet, or never will.
struct Line {
    day: String,
    name: String,
    address: String,
    /// The class of the tag and the word in it.
    tag: (&'static str, String),
    problem: String,
    next: Option<When>,
}

/// When the morning e-mail goes, or why it does not.
pub(crate) fn when_it_goes(page: &Page, hour: Option<i8>) -> String {
    match hour {
        _ if page.server.settings.ways.email_from.is_none() => page.word("mail-no-server"),
        None => page.word("mail-is-off"),
        Some(hour) => {
            page.words.one("mail-from", "hour", &page.words.one("mail-hour", "hour", i64::from(hour)))
        }
    }
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let drawn = draw(&page, Vec::new()).await?;
    page.html(&drawn)
}

async fn draw(page: &Page, errors: Vec<FieldError>) -> Result<MailPage, WebError> {
    let view = page.run(|school, actor, now| school.mail(actor, now)).await?;
    let hour = |hour: i8| Choice {
        value: hour.to_string(),
        text: page.words.one("mail-hour", "hour", i64::from(hour)),
        is_chosen: view.hour == Some(hour),
    };
    let off = Choice { value: String::new(), text: page.word("mail-off"), is_chosen: view.hour.is_none() };
    let said = |at| when::moment(page.words, page.zone(), at, page.today());
    let last_sent = view.last_sent.map(said);
    Ok(MailPage {
        frame: page.frame(page.word("mail-title")),
        errors,
        lead: when_it_goes(page, view.hour),
        has_server: page.server.settings.ways.email_from.is_some(),
        goes: page.server.settings.ways.email_from.is_some() && view.hour.is_some(),
        is_wanted: view.is_wanted,
        hours: if page.may(Permission::EditPeople) {
            std::iter::once(off).chain(DIGEST_HOURS.map(hour)).collect()
        } else {
            Vec::new()
        },
        standing: view.messages.map(|messages| standing(page, last_sent, messages, &view.home_waiting)),
    })
}

fn standing(
    page: &Page,
    last_sent: Option<When>,
    messages: Vec<MessageLine>,
    home_waiting: &[(Channel, i64)],
) -> Standing {
    let count = |is: fn(MessageState) -> bool| messages.iter().filter(|line| is(line.state)).count();
    let ways = &page.server.settings.ways;
    let has_way = |channel| match channel {
        Channel::Email => ways.email_from.is_some(),
        _ => ways.texts_a_day > 0,
    };
    let stuck = home_waiting.iter().filter(|(channel, _)| !has_way(*channel));
    let stuck = stuck
        .map(|(channel, count)| page.words.one(&format!("mail-stuck-{}", channel.text()), "count", *count));
    Standing {
        stuck: stuck.collect(),
        last_sent,
        waiting: count(|state| !state.is_final()),
        sent: count(|state| state == MessageState::Sent),
        failed: count(|state| matches!(state, MessageState::Refused | MessageState::GivenUp)),
        lines: messages.into_iter().filter_map(|message| line(page, message)).collect(),
    }
}

fn line(page: &Page, message: MessageLine) -> Option<Line> {
    let tag = match message.state {
        MessageState::Sent | MessageState::Stopped => return None,
        MessageState::Waiting | MessageState::Sending | MessageState::HandedOver => ("tag-wait", "waiting"),
        MessageState::Refused => ("tag-bad", "refused"),
        MessageState::GivenUp => ("tag-bad", "given-up"),
    };
    let said = |at| when::moment(page.words, page.zone(), at, page.today());
    let is_put_off = message.state == MessageState::Waiting && message.attempts > 0;
    Some(Line {
        day: when::short_date(page.words, message.day, page.today()),
        name: message.name,
        address: message.to_address,
        tag: (tag.0, page.word(&format!("mail-state-{}", tag.1))),
        problem: message.answer.as_deref().map(sentence).unwrap_or_default(),
        next: is_put_off.then(|| said(message.next_attempt_at)),
    })
}

pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let typed = form.get("hour").to_owned();
    let hour = if typed.is_empty() { None } else { Some(typed.parse().unwrap_or(-1)) };
    match page.run(move |school, actor, now| school.set_digest_hour(actor, now, hour)).await {
        Ok(()) => Ok(page.see_other("/school/mail?done=saved")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn mine(page: Page, form: Form) -> Result<Response, WebError> {
    let (staff, is_wanted) = (page.session.person.staff_id.clone(), form.get("wanted") == "1");
    page.run(move |school, _, now| school.want_digest(&staff, now, is_wanted)).await?;
    Ok(page.see_other("/school/mail?done=saved"))
}
