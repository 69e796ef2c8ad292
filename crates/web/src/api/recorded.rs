//! What programs see and change of what the school did: responses and descriptions.

use super::ask::{Asked, created};
use super::bearer::Caller;
use super::body;
use super::looked_up::Answer;
use super::problem::{ApiError, Kind, Problem};
use super::version::stale;
use crate::WebError;
use app::api::ResponsesAsk;
use app::{AppError, RecordResponse, ReviseResponse, Target};
use axum::body::Bytes;
use axum::extract::Path;
use domain::{ApiScope, Instant, ResponseType, StepKey, StudentId, TermId, Threshold, Zone};

/// A version of a response, without its note.
type Version = app::api::ResponseVersion;

pub(crate) async fn responses(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["term", "student_id", "threshold_days", "state", "changed_since", "limit", "cursor"])?;
    let part = asked.part()?;
    let withdrawn = asked.read("state", "recorded or withdrawn", |text| match text {
        "recorded" => Some(false),
        "withdrawn" => Some(true),
        _ => None,
    })?;
    let ask = ResponsesAsk {
        term: asked.term()?,
        student: asked.student()?,
        threshold: asked.threshold()?,
        withdrawn,
        since: asked.time("changed_since")?,
        after: part.after::<1>()?.map(|[id]| id),
        limit: part.limit,
    };
    let zone = caller.zone;
    let found = caller.run(move |school, actor, now| school.api_responses(actor, now, &ask)).await?;
    asked.list(found, |last| vec![last.id.clone()], |row| response_body(zone, row))
}

pub(crate) async fn response(caller: Caller, asked: Asked, Path(id): Path<String>) -> Answer {
    asked.only(&[])?;
    let zone = caller.zone;
    let found = find(&caller, id).await?;
    asked.version(found.version, &response_body(zone, found))
}

async fn find(caller: &Caller, id: String) -> Result<Version, ApiError> {
    caller.run(move |school, actor, now| school.api_response(actor, now, &id)).await
}

fn response_body(zone: Zone, row: Version) -> body::Response {
    body::Response {
        response_id: row.id,
        student_id: row.student_id.to_string(),
        term: row.term.to_string(),
        threshold_days: row.threshold.map(Threshold::days),
        kind: row.kind.slug().to_owned(),
        description: row.description,
        done_at: zone.text(row.done_at),
        recorded_at: zone.text(row.recorded_at),
        recorded_by: row.recorded_by.to_string(),
        version: row.version,
        state: if row.withdrawn { "withdrawn" } else { "recorded" }.to_owned(),
        absent_half_days: row.absent_half_days,
    }
}

fn kind(text: &str) -> Result<ResponseType, Problem> {
    let found = ResponseType::ALL.into_iter().find(|kind| kind.slug() == text);
    found.ok_or_else(|| {
        let words: Vec<&str> = ResponseType::ALL.iter().map(|kind| kind.slug()).collect();
        Problem::value("/type", format!("use one of {}", words.join(", ")))
    })
}

fn done_at(text: &str) -> Result<Instant, Problem> {
    Instant::parse(text)
        .map_err(|_| Problem::value("/done_at", "give a time with its offset, as 2026-05-04T15:10:00+12:00"))
}

/// A note is written by a program with its own scope alone.
fn check_note(caller: &Caller, note: &str) -> Result<(), Problem> {
    if note.trim().is_empty() { Ok(()) } else { caller.require(ApiScope::NotesWrite) }
}

pub(crate) async fn record(caller: Caller, asked: Asked, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let key = asked.key(&caller.caller.client.id)?;
    let new: body::NewResponse = asked.body(&bytes)?;
    check_note(&caller, &new.note)?;
    let student_id = StudentId::parse(&new.student_id)
        .map_err(|error| Problem::value("/student_id", error.to_string()))?;
    let term = new.term.map(|text| TermId::parse(&text)).transpose();
    let threshold = new.threshold_days.map(|days| {
        Threshold::ministry(days).ok_or_else(|| Problem::value("/threshold_days", "use 5, 10 or 15"))
    });
    let step = new.step.map(|text| {
        StepKey::parse(&text).ok_or_else(|| Problem::value("/step", "name it as the task does: tier/step"))
    });
    let target = Target {
        student_id,
        term: term.map_err(|error| Problem::value("/term", error))?,
        threshold: threshold.transpose()?,
        step: step.transpose()?,
    };
    let response = RecordResponse {
        targets: vec![target],
        kind: kind(&new.kind)?,
        description: new.description,
        also: Vec::new(),
        done_at: done_at(&new.done_at)?,
        note: new.note,
        confirmed: false,
        key,
    };
    let zone = caller.zone;
    let ids = caller.run(move |school, actor, now| school.record_response(actor, now, response)).await?;
    let id = ids.into_iter().next().ok_or(WebError::Broken)?;
    let found = find(&caller, id).await?;
    created(&format!("/api/v1/responses/{}", found.id), found.version, &response_body(zone, found))
}

/// The response as the caller saw it: its version is the one that `If-Match` names, and it stands.
async fn seen(caller: &Caller, asked: &Asked, id: String) -> Result<Version, ApiError> {
    let found = find(caller, id).await?;
    let seen = asked.seen()?;
    if seen.is_some_and(|seen| seen != found.version) {
        return Err(stale(None).into());
    }
    if found.withdrawn {
        return Err(Problem::new(Kind::Changed, "this response was withdrawn: record a new one").into());
    }
    Ok(found)
}

/// Somebody who was quicker between the look and the act is found by the act itself.
pub(super) fn raced(error: ApiError, seen: Option<i64>) -> ApiError {
    match error {
        ApiError::Web(WebError::App(AppError::Invalid(fields)))
            if fields.iter().any(|field| field.name == "version") =>
        {
            stale(seen).into()
        }
        other => other,
    }
}

pub(crate) async fn revise(caller: Caller, asked: Asked, Path(id): Path<String>, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let new: body::RevisedResponse = asked.body(&bytes)?;
    check_note(&caller, &new.note)?;
    let (kind, done_at) = (kind(&new.kind)?, done_at(&new.done_at)?);
    let standing = seen(&caller, &asked, id).await?;
    let revision = ReviseResponse {
        id: standing.id.clone(),
        seen_version: standing.version,
        kind,
        description: new.description,
        done_at,
        note: new.note,
        confirmed: false,
    };
    let revised = caller.run(move |school, actor, now| school.revise_response(actor, now, revision)).await;
    revised.map_err(|error| raced(error, None))?;
    answer(&caller, &asked, standing.id).await
}

pub(crate) async fn withdraw(caller: Caller, asked: Asked, Path(id): Path<String>, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let new: body::WithdrawnResponse = asked.body(&bytes)?;
    check_note(&caller, &new.note)?;
    let standing = seen(&caller, &asked, id).await?;
    let (id, version, note) = (standing.id.clone(), standing.version, new.note);
    let withdrawn =
        caller.run(move |school, actor, now| school.withdraw_response(actor, now, id, version, note)).await;
    withdrawn.map_err(|error| raced(error, None))?;
    answer(&caller, &asked, standing.id).await
}

async fn answer(caller: &Caller, asked: &Asked, id: String) -> Answer {
    let zone = caller.zone;
    let found = find(caller, id).await?;
    asked.version(found.version, &response_body(zone, found))
}

/// A description as it stands.
type Worded = app::api::DescriptionVersion;

fn description_body(row: Worded) -> body::Description {
    body::Description {
        description_id: row.id,
        kind: row.kind.slug().to_owned(),
        wording: row.wording,
        state: if row.retired { "retired" } else { "offered" }.to_owned(),
        version: row.act,
    }
}

async fn all(caller: &Caller) -> Result<Vec<Worded>, ApiError> {
    caller.run(|school, actor, now| school.api_descriptions(actor, now)).await
}

async fn find_description(caller: &Caller, id: &str) -> Result<Worded, ApiError> {
    let found = all(caller).await?.into_iter().find(|row| row.id.to_string() == id);
    Ok(found.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such description"))?)
}

pub(crate) async fn descriptions(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["type", "state"])?;
    let of = asked.text("type").map(|text| kind(&text)).transpose();
    let of = of.map_err(|problem| Problem::parameter("type", problem.detail))?;
    let retired = asked.read("state", "offered or retired", |text| match text {
        "offered" => Some(false),
        "retired" => Some(true),
        _ => None,
    })?;
    let mut found = all(&caller).await?;
    found.retain(|row| {
        of.is_none_or(|kind| kind == row.kind) && retired.is_none_or(|retired| retired == row.retired)
    });
    asked.whole(found.into_iter().map(description_body).collect())
}

pub(crate) async fn description(caller: Caller, asked: Asked, Path(id): Path<String>) -> Answer {
    asked.only(&[])?;
    let found = find_description(&caller, &id).await?;
    asked.version(found.act, &description_body(found))
}

pub(crate) async fn add_description(caller: Caller, asked: Asked, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let key = asked.key(&caller.caller.client.id)?;
    let new: body::NewDescription = asked.body(&bytes)?;
    let what = (kind(&new.kind)?, new.wording, new.confirmed);
    let id = caller.run(move |school, actor, now| school.api_add_description(actor, now, what, &key)).await?;
    let found = find_description(&caller, &id.to_string()).await?;
    created(&format!("/api/v1/descriptions/{id}"), found.act, &description_body(found))
}

pub(crate) async fn reword(caller: Caller, asked: Asked, Path(id): Path<String>, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let new: body::Rewording = asked.body(&bytes)?;
    let standing = find_description(&caller, &id).await?;
    let seen = asked.seen()?;
    if seen.is_some_and(|seen| seen != standing.act) {
        return Err(stale(None).into());
    }
    let (which, wording) = ((standing.id, standing.act), (new.wording, new.confirmed));
    let reworded =
        caller.run(move |school, actor, now| school.api_reword_description(actor, now, which, wording)).await;
    reworded.map_err(|error| raced(error, None))?;
    let found = find_description(&caller, &id).await?;
    asked.version(found.act, &description_body(found))
}

pub(crate) async fn retire(caller: Caller, asked: Asked, Path(id): Path<String>) -> Answer {
    retire_or_restore(caller, asked, id, true).await
}

pub(crate) async fn restore(caller: Caller, asked: Asked, Path(id): Path<String>) -> Answer {
    retire_or_restore(caller, asked, id, false).await
}

/// What is retired stays so, however often it is asked.
async fn retire_or_restore(caller: Caller, asked: Asked, id: String, retired: bool) -> Answer {
    asked.only(&[])?;
    let standing = find_description(&caller, &id).await?;
    let number = standing.id;
    caller.run(move |school, actor, now| school.retire_description(actor, now, number, retired)).await?;
    let found = find_description(&caller, &id).await?;
    asked.version(found.act, &description_body(found))
}
