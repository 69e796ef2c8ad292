//! The form for one contact: change it, remove it, and say that they must not be contacted.

use super::{address, language_word, read_id, seen};
use crate::error::sentence;
use crate::respond::{Desk, Outcome, answer};
use crate::words_of::Said;
use crate::{Fields, Form, Page, WebError};
use app::AppError;
use app::contacts::{BlockContact, ContactLine, SaveContact};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Channel, Language, StudentId};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "contact_edit.html")]
struct EditPage {
    frame: Frame,
    errors: Vec<FieldError>,
    here: String,
    /// Which contact; empty for a new one.
    id: String,
    seen: i64,
    key: String,
    typed: Typed,
    channels: Vec<(&'static str, String)>,
    languages: Vec<(&'static str, String)>,
    /// Why they must not be contacted.
    blocked: Option<String>,
    why: String,
}

/// What stands in the form.
#[derive(Default)]
struct Typed {
    place: String,
    name: String,
    relationship: String,
    phone: String,
    email: String,
    address: String,
    channel: String,
    language: String,
    is_written_to: bool,
}

/// `GET /students/{id}/contacts/edit`: one contact, or a new one.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let (id, said, asked) = (read_id(&id)?, Said::of(&page), page.query.clone());
    let frame = page.frame("");
    let shown = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        load(&desk, frame, &id, (asked.get("contact"), None), Vec::new())
    });
    page.html(&shown.await?)
}

/// `POST /students/{id}/contacts`: saves one.
pub(crate) async fn save(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    done(page, &id, form, "contact-saved", |desk, id, form| {
        let missing = |name, problem: &str| AppError::invalid(name, problem);
        let contact = SaveContact {
            student_id: id.clone(),
            contact_id: form.get("contact").to_owned(),
            seen: seen(form),
            place: form.read("place").unwrap_or(0),
            name: form.get("name").to_owned(),
            relationship: form.get("relationship").to_owned(),
            phone: form.get("phone").to_owned(),
            email: form.get("email").to_owned(),
            address: form.get("address").to_owned(),
            channel: Channel::parse(form.get("channel"))
                .ok_or_else(|| missing("channel", "choose how they would rather be reached"))?,
            language: Language::parse(form.get("language"))
                .ok_or_else(|| missing("language", "choose a language"))?,
            is_written_to: form.has("is_written_to"),
            key: form.get("key").to_owned(),
        };
        desk.school.save_contact(desk.actor, desk.now, contact).map(drop)
    })
    .await
}

/// `POST /students/{id}/contacts/remove`.
pub(crate) async fn remove(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    done(page, &id, form, "contact-removed", |desk, _, form| {
        let contact = form.get("contact").to_owned();
        desk.school.remove_contact(desk.actor, desk.now, contact, seen(form))
    })
    .await
}

/// `POST /students/{id}/contacts/block`: sets *do not contact*, or lifts it.
pub(crate) async fn block(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let is_blocked = form.get("block") == "yes";
    let word = if is_blocked { "contact-blocked" } else { "contact-lifted" };
    done(page, &id, form, word, move |desk, _, form| {
        let block = BlockContact {
            contact_id: form.get("contact").to_owned(),
            seen: seen(form),
            is_blocked,
            why: form.get("why").to_owned(),
            confirmed: form.has("confirmed"),
        };
        desk.school.block_contact(desk.actor, desk.now, block)
    })
    .await
}

/// Does it and goes back to the list, or shows the form again with what was typed.
async fn done<F>(page: Page, id: &str, form: Form, word: &'static str, act: F) -> Result<Response, WebError>
where
    F: FnOnce(&Desk<'_>, &StudentId, &Fields) -> Result<(), AppError> + Send + 'static,
{
    let (id, frame, said) = (read_id(id)?, page.frame(""), Said::of(&page));
    let outcome = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        let errors = match act(&desk, &id, &form) {
            Ok(()) => return Ok(Outcome::Saved(format!("{}?done={word}", address(&id)))),
            Err(AppError::Invalid(fields)) => {
                fields.iter().map(|field| FieldError::new(field.name, sentence(&field.problem))).collect()
            }
            Err(AppError::Confirm(asked)) => vec![FieldError::new("confirmed", sentence(&asked))],
            Err(error) => return Err(error),
        };
        let shown = load(&desk, frame, &id, (form.get("contact"), Some(&form)), errors)?;
        Ok(Outcome::Again(422, Box::new(shown)))
    });
    answer(&page, outcome.await?)
}

fn load(
    desk: &Desk<'_>,
    mut frame: Frame,
    id: &StudentId,
    (contact, form): (&str, Option<&Fields>),
    errors: Vec<FieldError>,
) -> Result<EditPage, AppError> {
    let (said, view) = (desk.said, desk.school.contacts(desk.actor, desk.now, id.clone())?);
    let missing = || AppError::not_found("there is no such contact of your students");
    let standing = match contact {
        "" => None,
        contact => Some(view.contacts.iter().find(|line| line.id == contact).ok_or_else(missing)?),
    };
    let student = view.student.full_name();
    frame.title = match standing {
        Some(line) => said.words.with(
            "contact-edit-title",
            &[("name", line.name.as_str().into()), ("student", student.as_str().into())],
        ),
        None => said.words.one("contact-new-title", "student", student.as_str()),
    };
    // What somebody else changed meanwhile is shown instead of what was typed: nobody overwrites what
    // they did not see. Another of the page's forms holds nothing of the contact.
    let is_overtaken = errors.iter().any(|error| error.field == "seen");
    let typed = match (form.filter(|form| form.has("name") && !is_overtaken), standing) {
        (Some(form), _) => Typed::of_form(form),
        (None, Some(line)) => Typed::of_line(line),
        (None, None) => Typed {
            channel: Channel::Email.text().to_owned(),
            language: Language::English.text().to_owned(),
            is_written_to: view.contacts.iter().all(|line| !line.is_written_to),
            ..Typed::default()
        },
    };
    Ok(EditPage {
        here: address(id),
        id: contact.to_owned(),
        seen: standing.map_or(0, |line| line.seen),
        key: form.map_or_else(|| desk.school.fresh_key(), |form| form.get("key").to_owned()),
        channels: Channel::ALL.map(|one| (one.text(), crate::letters::channel_word(said, one))).to_vec(),
        languages: Language::ALL.map(|one| (one.text(), language_word(said, one))).to_vec(),
        blocked: standing.and_then(|line| line.blocked.clone()),
        why: form.map_or_else(String::new, |form| form.get("why").to_owned()),
        typed,
        errors,
        frame,
    })
}

impl Typed {
    fn of_form(form: &Fields) -> Self {
        let get = |name: &str| form.get(name).to_owned();
        Self {
            place: get("place"),
            name: get("name"),
            relationship: get("relationship"),
            phone: get("phone"),
            email: get("email"),
            address: get("address"),
            channel: get("channel"),
            language: get("language"),
            is_written_to: form.has("is_written_to"),
        }
    }

    fn of_line(line: &ContactLine) -> Self {
        let [phone, email, address] = line.fields.each_ref().map(|field| field.value.clone());
        Self {
            place: line.place.to_string(),
            name: line.name.clone(),
            relationship: line.relationship.clone(),
            phone,
            email,
            address,
            channel: line.channel.text().to_owned(),
            language: line.language.text().to_owned(),
            is_written_to: line.is_written_to,
        }
    }
}
