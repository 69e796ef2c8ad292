//! Marks that programs write: one in its slot, by the version that was seen, or many as one act.

use super::ask::{Asked, date, made, slot};
use super::bearer::Caller;
use super::body::{self, MarksWritten};
use super::looked_up::{Answer, mark_body, place, student_id};
use super::problem::{ApiError, Problem};
use super::version::stale;
use crate::WebError;
use app::AppError;
use app::api::SlotMark;
use axum::body::Bytes;
use axum::extract::Path;
use domain::period::parse_start;
use domain::{Period, Slot};

/// The code of a body, and the period that it names, if it names one.
fn read(
    at: &str,
    slot: &Slot,
    (code, start, minutes): (Option<String>, Option<String>, Option<u32>),
) -> Result<(Option<char>, Option<Period>), Problem> {
    let letter = match code {
        None => None,
        Some(text) => {
            let mut letters = text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => Some(letter),
                _ => {
                    return Err(Problem::value(
                        format!("{at}/code"),
                        "a code is one character; null takes it back",
                    ));
                }
            }
        }
    };
    let name = match slot {
        Slot::Half(_) if start.is_some() || minutes.is_some() => {
            return Err(Problem::value(
                format!("{at}/start"),
                "a half-day has no start: leave start and minutes out",
            ));
        }
        Slot::Half(_) => return Ok((letter, None)),
        Slot::Period(name) => name,
    };
    let period = match (start, minutes) {
        (None, None) => None,
        (Some(start), Some(minutes)) => {
            let start = parse_start(&start)
                .ok_or_else(|| Problem::value(format!("{at}/start"), "give the time of day, as 09:10"))?;
            let period = Period::new(name, start, minutes);
            Some(period.map_err(|error| Problem::value(format!("{at}/minutes"), error))?)
        }
        _ => {
            return Err(Problem::value(format!("{at}/start"), "give start and minutes together, or neither"));
        }
    };
    Ok((letter, period))
}

pub(crate) async fn write_one(
    caller: Caller,
    asked: Asked,
    Path(at): Path<(String, String, String)>,
    bytes: Bytes,
) -> Answer {
    asked.only(&[])?;
    let (student, date, slot) = place(at)?;
    let new: body::NewMark = asked.body(&bytes)?;
    let (letter, period) = read("", &slot, (new.code, new.start, new.minutes))?;
    let wanted = (student.clone(), date, slot.clone());
    // An unknown student is not there, before anything about the mark is said.
    let standing = {
        let wanted = wanted.clone();
        caller
            .run(move |school, actor, now| {
                school.api_mark_or_none(actor, now, (&wanted.0, wanted.1, &wanted.2))
            })
            .await?
    };
    let seen = asked.seen_or_none()?;
    let version = standing.map_or(0, |mark| mark.version);
    if seen.map_or(version == 0, |seen| seen != version) {
        return Err(stale(seen).into());
    }
    let mark = SlotMark { student_id: student, date, slot, period, letter, seen: Some(version) };
    let written =
        caller.run(move |school, actor, now| school.api_write_marks(actor, now, vec![mark], "")).await;
    written.map_err(of_one)?;
    let zone = caller.zone;
    let found = caller
        .run(move |school, actor, now| school.api_mark(actor, now, (&wanted.0, wanted.1, &wanted.2)))
        .await?;
    let answer = asked.version(found.version, &mark_body(zone, found.clone()))?;
    Ok(if version == 0 { made(answer) } else { answer })
}

/// What is wrong with the one mark that was sent, at the members of its own body.
fn of_one(error: ApiError) -> ApiError {
    let ApiError::Web(WebError::App(AppError::Rows(rows))) = &error else { return error };
    match rows.first() {
        Some(row) if row.is_stale => stale(None).into(),
        Some(row) => {
            let is_member = matches!(row.name, "code" | "start");
            let pointer = if is_member { format!("/{}", row.name) } else { String::new() };
            Problem::value(pointer, row.problem.clone()).into()
        }
        None => error,
    }
}

pub(crate) async fn write_many(caller: Caller, asked: Asked, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let key = asked.key(&caller.caller.client.id)?;
    let new: body::NewMarks = asked.body(&bytes)?;
    if new.marks.is_empty() || new.marks.len() > app::api::MOST_MARKS {
        let detail = format!("send 1 to {} marks at once", app::api::MOST_MARKS);
        return Err(Problem::value("/marks", detail).into());
    }
    let mut marks = Vec::with_capacity(new.marks.len());
    for (row, mark) in new.marks.into_iter().enumerate() {
        let at = format!("/marks/{row}");
        let wrong = |name: &str, right: &str| Problem::value(format!("{at}/{name}"), right);
        let student_id =
            student_id(&mark.student_id).map_err(|_| wrong("student_id", "give a student's id"))?;
        let date = date(&mark.date).ok_or_else(|| wrong("date", "give a date, as 2026-05-04"))?;
        let slot = slot(&mark.slot).ok_or_else(|| wrong("slot", "use am, pm or period NAME"))?;
        if mark.version < 0 {
            return Err(wrong("version", "give the version that you saw, 0 when there was none").into());
        }
        let (letter, period) = read(&at, &slot, (mark.code, mark.start, mark.minutes))?;
        marks.push(SlotMark { student_id, date, slot, period, letter, seen: Some(mark.version) });
    }
    let changed =
        caller.run(move |school, actor, now| school.api_write_marks(actor, now, marks, &key)).await?;
    asked.one(&MarksWritten { changed })
}
