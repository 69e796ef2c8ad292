//! One response: its versions, the form that revises it and the one that takes it back.

use super::typed::{self, Done, Kind, Typed};
use super::{Desk, Outcome, mistake};
use crate::Fields;
use crate::asked::Asked;
use crate::error::sentence;
use crate::links;
use crate::when::When;
use app::{AppError, ReviseResponse, StudentRow, Target};
use askama::Template;
use domain::{Instant, ResponseType, TermId, Threshold};
use pages::{FieldError, Frame};

/// One version of a response.
pub(crate) struct Version {
    number: i64,
    kind: ResponseType,
    description: String,
    done_at: Instant,
    done: When,
    recorded: When,
    recorded_by: String,
    is_withdrawn: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "response.html")]
pub(crate) struct ResponsePage {
    frame: Frame,
    errors: Vec<FieldError>,
    question: bool,
    id: String,
    name: String,
    group: String,
    href: String,
    level: Option<String>,
    term: String,
    seen_version: i64,
    is_withdrawn: bool,
    may_revise: bool,
    /// How many responses were recorded in one go, itself among them.
    together: usize,
    /// Oldest first.
    versions: Vec<Version>,
    kinds: Vec<Kind>,
    done: Done,
    note: String,
    shared_type: String,
    shared_description: String,
}

/// A response as it stands.
struct Standing {
    student: StudentRow,
    term: TermId,
    threshold: Option<Threshold>,
    versions: Vec<Version>,
    /// How many responses were recorded in one go with it, itself among them.
    together: usize,
}

impl Standing {
    fn load(desk: &Desk<'_>, id: &str) -> Result<Self, AppError> {
        let (student, versions, together) = desk.school.response(desk.actor, desk.now, id)?;
        let missing = || AppError::not_found("there is no such response among your students");
        let latest = versions.last().ok_or_else(missing)?;
        let (term, threshold) = (latest.term, latest.threshold);
        let staff = desk.school.staff_names()?;
        let versions = versions.iter().map(|version| Version {
            number: version.version,
            kind: version.kind,
            description: version.description.clone(),
            done_at: version.done_at,
            done: desk.said.instant(version.done_at),
            recorded: desk.said.instant(version.recorded_at),
            recorded_by: staff.name(version.recorded_by.as_str()),
            is_withdrawn: version.withdrawn,
        });
        Ok(Self { student, term, threshold, versions: versions.collect(), together })
    }

    fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }
}

/// The form with what stands.
pub(crate) fn show(desk: &Desk<'_>, frame: Frame, id: &str) -> Result<ResponsePage, AppError> {
    let standing = Standing::load(desk, id)?;
    let latest = standing.latest();
    let typed = Typed {
        kind: latest.map(|latest| latest.kind),
        description: latest.map_or_else(String::new, |latest| latest.description.clone()),
        done: Done { when: "kept".to_owned(), ..Done::fresh(desk.said) },
        ..Typed::default()
    };
    page(desk, frame, id, standing, typed, Vec::new(), false)
}

/// Records a new version, or shows the form again.
pub(crate) fn revise(
    desk: &Desk<'_>,
    frame: Frame,
    id: &str,
    asked: &Fields,
) -> Result<Outcome<ResponsePage>, AppError> {
    let typed = Typed::read(desk.said, asked);
    let standing = Standing::load(desk, id)?;
    let kept = standing.latest().map(|latest| latest.done_at);
    let done_at = typed.done.instant(desk.said, desk.now, 0, kept);
    let (Some(kind), Ok(done_at)) = (typed.kind, done_at.clone()) else {
        let mut errors: Vec<FieldError> = done_at.err().into_iter().collect();
        if typed.kind.is_none() {
            errors.insert(0, FieldError::new("type", desk.said.words.get("respond-error-type")));
        }
        return Ok(Outcome::Again(422, Box::new(page(desk, frame, id, standing, typed, errors, false)?)));
    };
    let revision = ReviseResponse {
        id: id.to_owned(),
        seen_version: asked.number("seen"),
        kind,
        description: typed.description.clone(),
        done_at,
        note: typed.note.clone(),
        confirmed: typed.is_confirmed,
    };
    match desk.school.revise_response(desk.actor, desk.now, revision) {
        Ok(_) => Ok(Outcome::Saved(back(&standing, "response-revised"))),
        Err(AppError::Confirm(_)) => {
            Ok(Outcome::Again(422, Box::new(page(desk, frame, id, standing, typed, Vec::new(), true)?)))
        }
        Err(AppError::Invalid(fields)) => {
            let is_stale = fields.iter().any(|field| field.name == "version");
            let errors = fields.iter().map(|field| mistake(desk.said, &typed, field)).collect();
            // What another person recorded meanwhile stands beside what was typed.
            let status = if is_stale { 409 } else { 422 };
            Ok(Outcome::Again(status, Box::new(page(desk, frame, id, standing, typed, errors, false)?)))
        }
        Err(error) => Err(error),
    }
}

/// Takes a response back, or shows the page again.
pub(crate) fn withdraw(
    desk: &Desk<'_>,
    frame: Frame,
    id: &str,
    asked: &Fields,
) -> Result<Outcome<ResponsePage>, AppError> {
    let standing = Standing::load(desk, id)?;
    let (seen, note) = (asked.number("seen"), asked.get("note").to_owned());
    match desk.school.withdraw_response(desk.actor, desk.now, id.to_owned(), seen, note) {
        Ok(_) => Ok(Outcome::Saved(back(&standing, "response-withdrawn"))),
        Err(AppError::Invalid(fields)) => {
            let mut again = show(desk, frame, id)?;
            let place = |field: &app::Field| if field.name == "note" { "withdraw-note" } else { "record" };
            again.errors =
                fields.iter().map(|field| FieldError::new(place(field), sentence(&field.problem))).collect();
            Ok(Outcome::Again(409, Box::new(again)))
        }
        Err(error) => Err(error),
    }
}

/// Takes back everything that was recorded in one go with a response, or shows the page again.
pub(crate) fn undo(
    desk: &Desk<'_>,
    frame: Frame,
    id: &str,
    asked: &Fields,
) -> Result<Outcome<ResponsePage>, AppError> {
    match desk.school.undo_recording(desk.actor, desk.now, id.to_owned(), asked.number("seen")) {
        Ok(count) => Ok(Outcome::Saved(format!("/today?n=undone&count={count}"))),
        Err(AppError::Invalid(fields)) => {
            let mut again = show(desk, frame, id)?;
            let error = |field: &app::Field| FieldError::new("record", sentence(&field.problem));
            again.errors = fields.iter().map(error).collect();
            Ok(Outcome::Again(409, Box::new(again)))
        }
        Err(error) => Err(error),
    }
}

fn back(standing: &Standing, done: &str) -> String {
    links::with(&links::student(&standing.student.id, Some(standing.term)), &format!("done={done}"))
}

fn page(
    desk: &Desk<'_>,
    frame: Frame,
    id: &str,
    standing: Standing,
    typed: Typed,
    errors: Vec<FieldError>,
    question: bool,
) -> Result<ResponsePage, AppError> {
    let target = Target {
        student_id: standing.student.id.clone(),
        term: Some(standing.term),
        threshold: standing.threshold,
        step: None,
    };
    let form = desk.school.response_form(desk.actor, desk.now, &[target])?;
    let latest = standing.latest();
    let kept = latest.map(|latest| (latest.kind, latest.description.as_str()));
    let dash = || "–".to_owned();
    let restricted = latest.is_some_and(|latest| latest.kind.is_restricted());
    let may_prosecute = form.types.iter().any(|choice| choice.kind.is_restricted());
    Ok(ResponsePage {
        kinds: typed::kinds(&form.types, &typed, kept, &[]),
        done: Done { kept: latest.map(|latest| latest.done.clone()), ..typed.done.clone() },
        shared_type: typed.kind.map_or_else(dash, |kind| kind.name().to_owned()),
        shared_description: Some(typed.description).filter(|text| !text.is_empty()).unwrap_or_else(dash),
        note: typed.note,
        id: links::encode(id),
        name: standing.student.full_name(),
        group: standing.student.group.clone(),
        href: links::student(&standing.student.id, Some(standing.term)),
        level: standing.threshold.map(|threshold| desk.said.level(threshold)),
        term: desk.said.term(standing.term),
        seen_version: latest.map_or(0, |latest| latest.number),
        is_withdrawn: latest.is_some_and(|latest| latest.is_withdrawn),
        may_revise: !restricted || may_prosecute,
        together: standing.together,
        versions: standing.versions,
        frame,
        errors,
        question,
    })
}
