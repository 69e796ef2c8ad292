//! The letterhead: who the school is, and how a family answers.

use crate::error::{WebError, field_errors};
use crate::{Form, Page};
use app::AppError;
use app::letters::SaveLetterhead;
use askama::Template;
use axum::response::Response;
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "letters_head.html")]
struct HeadPage {
    frame: Frame,
    errors: Vec<FieldError>,
    school: String,
    address: String,
    phone: String,
    email: String,
    website: String,
    has_logo: bool,
}

/// `GET /letters/letterhead`.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.letter_templates(actor, now)).await?;
    let head = view.letterhead;
    page.html(&HeadPage {
        frame: page.frame(page.word("letters-letterhead-link")),
        errors: Vec::new(),
        school: head.school,
        address: head.address.join("\n"),
        phone: head.phone,
        email: head.email,
        website: head.website,
        has_logo: !head.logo.is_empty(),
    })
}

/// `POST /letters/letterhead`.
pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let logo = match &form.upload {
        Some(upload) => Some(upload.bytes.to_vec()),
        None => form.has("no-logo").then(Vec::new),
    };
    let head = SaveLetterhead {
        address: form.raw("address").replace("\r\n", "\n"),
        phone: form.get("phone").to_owned(),
        email: form.get("email").to_owned(),
        website: form.get("website").to_owned(),
        logo,
    };
    let given = head.clone();
    match page.run(move |school, actor, now| school.save_letterhead(actor, now, given)).await {
        Ok(()) => Ok(page.see_other("/letters/letterhead?done=letterhead-saved")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let view = page.run(|school, actor, now| school.letter_templates(actor, now)).await?;
            page.html_again(&HeadPage {
                frame: page.frame(page.word("letters-letterhead-link")),
                errors: field_errors("", &fields),
                school: view.letterhead.school,
                address: head.address,
                phone: head.phone,
                email: head.email,
                website: head.website,
                has_logo: !view.letterhead.logo.is_empty(),
            })
        }
        Err(error) => Err(error),
    }
}
