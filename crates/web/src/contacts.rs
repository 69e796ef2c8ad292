//! How a student's whānau are reached: the list, the form for one contact, do not contact, and the
//! second look at what was changed.

mod edit;
mod waiting;

pub(crate) use edit::{block, remove, save, show as form};
pub(crate) use waiting::show as waiting;

use crate::error::sentence;
use crate::form::encode;
use crate::respond::{Desk, Outcome, answer};
use crate::words_of::Said;
use crate::{Form, Page, WebError, links};
use app::AppError;
use app::contacts::{ContactField, ContactLine, FieldView, LookAtContact, Waiting};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Language, StudentId};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "contacts.html")]
struct ContactsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    student: String,
    student_href: String,
    here: String,
    contacts: Vec<Line>,
    may_edit: bool,
}

/// A contact as pages show it.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) seen: i64,
    pub(crate) name: String,
    pub(crate) relationship: String,
    pub(crate) fields: Vec<FieldLine>,
    pub(crate) channel: String,
    pub(crate) language: String,
    pub(crate) is_written_to: bool,
    pub(crate) confirmed: Option<String>,
    pub(crate) blocked: Option<String>,
    /// Whether somebody with this name must not be contacted.
    pub(crate) is_namesake: bool,
    /// Whether it can be said to be right as it stands.
    pub(crate) may_confirm: bool,
    pub(crate) changed: String,
}

/// A number or an address.
pub(crate) struct FieldLine {
    pub(crate) label: String,
    pub(crate) lines: Vec<String>,
    /// Where its link leads; nothing for one that is not to be used.
    pub(crate) href: Option<String>,
    pub(crate) wait: Option<WaitLine>,
}

/// What waits for a second look.
pub(crate) struct WaitLine {
    pub(crate) field: &'static str,
    pub(crate) before: Option<String>,
    pub(crate) why: String,
    /// Why the reader may not look.
    pub(crate) refused: Option<String>,
    pub(crate) keep: String,
}

/// `GET /students/{id}/contacts`.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let (id, said) = (read_id(&id)?, Said::of(&page));
    let frame = page.frame("");
    let shown =
        page.run(move |school, actor, now| load(&Desk { school, actor, now, said }, frame, &id, Vec::new()));
    page.html(&shown.await?)
}

/// `POST /students/{id}/contacts/confirm`.
pub(crate) async fn confirm(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let id = read_id(&id)?;
    done(page, id, form, "contact-confirmed", |desk, form| {
        let contact = form.get("contact").to_owned();
        desk.school.confirm_contact(desk.actor, desk.now, contact, seen(form))
    })
    .await
}

/// `POST /students/{id}/contacts/look`.
pub(crate) async fn look(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let id = read_id(&id)?;
    let Some(field) = ContactField::parse(form.get("field")) else { return Err(WebError::NotFound) };
    let is_right = form.get("right") == "yes";
    let word = if is_right { "contact-looked" } else { "contact-kept" };
    done(page, id, form, word, move |desk, form| {
        let look =
            LookAtContact { contact_id: form.get("contact").to_owned(), seen: seen(form), field, is_right };
        desk.school.look_at_contact(desk.actor, desk.now, look)
    })
    .await
}

/// Does one of the short acts, and goes back to the list; or shows it again with why not.
async fn done<F>(
    page: Page,
    id: StudentId,
    form: Form,
    word: &'static str,
    act: F,
) -> Result<Response, WebError>
where
    F: FnOnce(&Desk<'_>, &crate::Fields) -> Result<(), AppError> + Send + 'static,
{
    let (frame, said) = (page.frame(""), Said::of(&page));
    let outcome = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        match act(&desk, &form) {
            Ok(()) => {
                let to =
                    if form.get("back") == "list" { "/letters/contacts".to_owned() } else { address(&id) };
                Ok(Outcome::Saved(format!("{to}?done={word}")))
            }
            Err(AppError::Invalid(fields)) => {
                let error = |field: &app::Field| FieldError::new("contacts", sentence(&field.problem));
                let errors = fields.iter().map(error).collect();
                Ok(Outcome::Again(422, Box::new(load(&desk, frame, &id, errors)?)))
            }
            Err(error) => Err(error),
        }
    });
    answer(&page, outcome.await?)
}

fn load(
    desk: &Desk<'_>,
    mut frame: Frame,
    id: &StudentId,
    errors: Vec<FieldError>,
) -> Result<ContactsPage, AppError> {
    let (said, view) = (desk.said, desk.school.contacts(desk.actor, desk.now, id.clone())?);
    let student = view.student.full_name();
    frame.title = said.words.one("contacts-title", "student", student.as_str());
    Ok(ContactsPage {
        contacts: view.contacts.iter().map(|one| line(said, one)).collect(),
        may_edit: view.may_edit,
        student_href: links::student(id, None),
        here: address(id),
        student,
        errors,
        frame,
    })
}

/// The page of a student's contacts.
pub(crate) fn address(id: &StudentId) -> String {
    format!("/students/{}/contacts", encode(id.as_str()))
}

fn read_id(text: &str) -> Result<StudentId, WebError> {
    StudentId::parse(text).map_err(|_| WebError::NotFound)
}

fn seen(form: &crate::Fields) -> i64 {
    form.read("seen").unwrap_or(0)
}

pub(crate) fn line(said: Said, contact: &ContactLine) -> Line {
    let is_blocked = contact.blocked.is_some() || contact.is_namesake;
    let date = said.date(said.zone.date(contact.changed_at));
    let by = match (contact.changed_by.as_str(), &contact.source) {
        (_, Some(source)) => source.clone(),
        ("", None) => said.words.get("contacts-operator"),
        (name, None) => name.to_owned(),
    };
    Line {
        id: contact.id.clone(),
        seen: contact.seen,
        name: contact.name.clone(),
        relationship: contact.relationship.clone(),
        fields: contact.fields.iter().filter_map(|field| field_line(said, field, is_blocked)).collect(),
        channel: crate::letters::channel_word(said, contact.channel),
        language: language_word(said, contact.language),
        is_written_to: contact.is_written_to,
        confirmed: contact.confirmed_on.map(|on| said.date(on)),
        blocked: contact.blocked.clone(),
        is_namesake: contact.is_namesake,
        may_confirm: !is_blocked && !contact.waits(),
        changed: said
            .words
            .with("contacts-changed", &[("by", by.as_str().into()), ("date", date.as_str().into())]),
    }
}

pub(crate) fn language_word(said: Said, language: Language) -> String {
    said.words.get(match language {
        Language::English => "contacts-language-en",
        Language::Reo => "contacts-language-mi",
    })
}

pub(crate) fn field_word(said: Said, field: ContactField) -> String {
    said.words.get(match field {
        ContactField::Phone => "contacts-phone",
        ContactField::Email => "contacts-email",
        ContactField::Address => "contacts-address",
    })
}

fn field_line(said: Said, field: &FieldView, is_blocked: bool) -> Option<FieldLine> {
    if field.value.is_empty() && field.waits.is_none() {
        return None;
    }
    let may_be_used = !is_blocked && field.waits.is_none();
    Some(FieldLine {
        label: field_word(said, field.field),
        lines: field.value.lines().map(str::to_owned).collect(),
        href: href(field).filter(|_| may_be_used),
        wait: field.waits.as_ref().map(|waits| wait_line(said, field.field, waits)),
    })
}

fn href(field: &FieldView) -> Option<String> {
    match field.field {
        ContactField::Phone => {
            let dialled = |c: &char| c.is_ascii_digit() || *c == '+';
            Some(format!("tel:{}", field.value.chars().filter(dialled).collect::<String>()))
        }
        ContactField::Email => {
            let (user, domain) = field.value.split_once('@')?;
            Some(format!("mailto:{}@{}", encode(user), encode(domain)))
        }
        ContactField::Address => None,
    }
}

fn wait_line(said: Said, field: ContactField, waits: &Waiting) -> WaitLine {
    let by = if waits.by.is_empty() { said.words.get("contacts-operator") } else { waits.by.clone() };
    let date = waits.at.map_or_else(String::new, |at| said.date(said.zone.date(at)));
    let word = if waits.is_anothers {
        "contacts-wait-anothers"
    } else if waits.is_doubted {
        "contacts-wait-doubted"
    } else {
        "contacts-wait-changed"
    };
    let refused = (!waits.others.is_empty())
        .then(|| said.words.one("contacts-look-others", "names", waits.others.join(", ").as_str()));
    WaitLine {
        field: field.text(),
        before: waits.before.as_ref().map(|value| value.lines().collect::<Vec<_>>().join(", ")),
        why: said.words.with(word, &[("by", by.as_str().into()), ("date", date.as_str().into())]),
        refused,
        keep: said.words.get(match waits.before {
            Some(_) => "contacts-look-keep",
            None => "contacts-look-drop",
        }),
    }
}
