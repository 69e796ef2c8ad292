//! A student's particulars and enrolment, edited by hand.

use crate::error::{WebError, field_errors};
use crate::form::{Form, encode};
use crate::page::Page;
use crate::when;
use app::{AppError, EditedStudent, Particulars};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Date, StudentId};
use pages::{FieldError, Frame};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "particulars.html")]
struct ParticularsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    back: String,
    student: String,
    seen: String,
    nsn: Option<String>,
    inputs: Vec<Input>,
    spells: Vec<SpellInput>,
    new_first: String,
}

/// A line of the form.
struct Input {
    name: &'static str,
    label: String,
    value: String,
    most: usize,
}

/// A spell: from when, and a field for until when.
struct SpellInput {
    name: String,
    first: String,
    last: String,
}

/// The lines of the form, with the longest text of each.
const INPUTS: [(&str, usize); 6] = [
    ("given_name", 200),
    ("family_name", 200),
    ("preferred_name", 200),
    ("year_level", 64),
    ("group", 64),
    ("house", 64),
];

fn read_id(id: &str) -> Result<StudentId, WebError> {
    StudentId::parse(id).map_err(|_| WebError::NotFound)
}

pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let drawn = draw(&page, read_id(&id)?, None, Vec::new()).await?;
    page.html(&drawn)
}

async fn draw(
    page: &Page,
    id: StudentId,
    typed: Option<&Form>,
    errors: Vec<FieldError>,
) -> Result<ParticularsPage, WebError> {
    let own = id.clone();
    let edited = page.run(move |school, actor, now| school.edited_student(actor, now, &own)).await?;
    let EditedStudent { student, spells, seen } = &edited;
    let stands = |name: &str| match name {
        "given_name" => &student.given_name,
        "family_name" => &student.family_name,
        "preferred_name" => &student.preferred_name,
        "year_level" => &student.year_level,
        "group" => &student.group,
        _ => &student.house,
    };
    let value = |name: &str, stands: &str| typed.map_or(stands, |typed| typed.get(name)).to_owned();
    let input = |(name, most): (&'static str, usize)| Input {
        name,
        label: page.word(&format!("origin-field-{}", name.replace('_', "-"))),
        value: value(name, stands(name)),
        most,
    };
    let spell = |spell: &domain::Spell| {
        let name = format!("last-{}", spell.first_day);
        SpellInput {
            first: when::date(page.words, spell.first_day, page.today()),
            last: value(&name, &spell.last_day.map(|last| last.to_string()).unwrap_or_default()),
            name,
        }
    };
    let real = spells.iter().filter(|spell| spell.last_day.is_none_or(|last| last >= spell.first_day));
    Ok(ParticularsPage {
        frame: page.frame(page.word("particulars-title")),
        errors,
        back: format!("/students/{}", encode(id.as_str())),
        student: student.full_name(),
        // What was typed goes with what was seen when it was.
        seen: value("seen", seen),
        nsn: student.nsn.as_ref().map(ToString::to_string),
        inputs: INPUTS.into_iter().map(input).collect(),
        spells: real.map(spell).collect(),
        new_first: typed.map(|typed| typed.get("new_first").to_owned()).unwrap_or_default(),
    })
}

pub(crate) async fn save(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let id = read_id(&id)?;
    let (spells, errors) = spells(&page, &form);
    if !errors.is_empty() {
        let drawn = draw(&page, id, Some(&form), errors).await?;
        return page.html_again(&drawn);
    }
    let text = |name: &str| form.get(name).to_owned();
    let edit = Particulars {
        given_name: text("given_name"),
        family_name: text("family_name"),
        preferred_name: text("preferred_name"),
        year_level: text("year_level"),
        group: text("group"),
        house: text("house"),
        nsn: Some(text("nsn")).filter(|nsn| !nsn.trim().is_empty()),
        spells,
    };
    let (own, seen) = (id.clone(), text("seen"));
    let saved = page.run(move |school, actor, now| school.edit_student(actor, now, &own, &seen, edit)).await;
    match saved {
        Ok(is_changed) => {
            let done = if is_changed { "saved" } else { "student-same" };
            Ok(page.see_other(&format!("/students/{}?done={done}", encode(id.as_str()))))
        }
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, id, Some(&form), field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

/// The spells as they were typed: each that is there with its last day, and perhaps one that begins.
fn spells(page: &Page, form: &Form) -> (BTreeMap<Date, Option<Date>>, Vec<FieldError>) {
    let (mut spells, mut errors) = (BTreeMap::new(), Vec::new());
    let mut wrong = |name: String| errors.push(FieldError::new(name, page.word("web-field-date")));
    for (first, last) in form.starting("last-") {
        match (first.parse::<Date>(), last.trim()) {
            (Ok(first_day), "") => {
                spells.insert(first_day, None);
            }
            (Ok(first_day), last) => match last.parse::<Date>() {
                Ok(last) => {
                    spells.insert(first_day, Some(last));
                }
                Err(_) => wrong(format!("last-{first}")),
            },
            (Err(_), _) => wrong("enrolment".to_owned()),
        }
    }
    let begins = form.get("new_first").trim();
    if !begins.is_empty() {
        match begins.parse::<Date>() {
            Ok(first_day) => {
                spells.entry(first_day).or_insert(None);
            }
            Err(_) => wrong("new_first".to_owned()),
        }
    }
    (spells, errors)
}

/// Where a student's particulars are edited.
pub(crate) fn address(id: &StudentId) -> String {
    format!("/students/{}/particulars", encode(id.as_str()))
}
