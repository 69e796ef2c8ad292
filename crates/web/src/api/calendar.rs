//! The calendar as programs read and write it: terms, and dates one by one.

use super::ask::{Asked, date, made};
use super::bearer::Caller;
use super::body;
use super::looked_up::{Answer, dates};
use super::problem::{ApiError, Kind, Problem};
use super::recorded::raced;
use crate::WebError;
use app::AppError;
use app::api::CalendarRecord;
use axum::body::Bytes;
use axum::extract::Path;
use domain::{CalendarDay, Date, Term, TermId};

const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// The longest reason, in characters.
const REASON: usize = 200;

pub(crate) async fn terms(caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let terms = caller.run(|school, actor, now| school.api_terms(actor, now)).await?;
    asked.whole(terms.into_iter().map(term_body).collect())
}

pub(crate) async fn term(caller: Caller, asked: Asked, Path(at): Path<String>) -> Answer {
    asked.only(&[])?;
    answer_term(&caller, &asked, term_id(&at)?).await
}

pub(crate) async fn write_term(caller: Caller, asked: Asked, Path(at): Path<String>, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let id = term_id(&at)?;
    let new: body::NewTerm = asked.body(&bytes)?;
    let seen = asked.seen_or_none()?;
    let day =
        |at: &str, text: &str| date(text).ok_or_else(|| Problem::value(at, "give a date, as 2026-05-04"));
    let (first_day, last_day) = (day("/first_day", &new.first_day)?, day("/last_day", &new.last_day)?);
    for (at, day) in [("/first_day", first_day), ("/last_day", last_day)] {
        if (i32::from(day.year()) - i32::from(id.year())).abs() > 1 {
            return Err(
                Problem::value(at, format!("give a day of {}, or of a year next to it", id.year())).into()
            );
        }
    }
    let term = Term::new(id, first_day, last_day).map_err(|problem| Problem::value("/last_day", problem))?;
    let written = caller.run(move |school, actor, now| school.api_set_term(actor, now, seen, term)).await;
    written.map_err(|error| raced(of_the_whole(error), seen))?;
    let answer = answer_term(&caller, &asked, id).await?;
    Ok(if seen == Some(0) { made(answer) } else { answer })
}

/// A term that cannot stand beside the others is wrong as a whole: no member of the body names it.
fn of_the_whole(error: ApiError) -> ApiError {
    let ApiError::Web(WebError::App(AppError::Invalid(fields))) = &error else { return error };
    match fields.iter().find(|field| field.name == "term") {
        Some(field) => Problem::value("", field.problem.clone()).into(),
        None => error,
    }
}

async fn answer_term(caller: &Caller, asked: &Asked, id: TermId) -> Answer {
    let (term, version) = caller.run(move |school, actor, now| school.api_term(actor, now, id)).await?;
    asked.version(version, &term_body(term))
}

fn term_id(at: &str) -> Result<TermId, Problem> {
    let id = TermId::parse(at).ok().filter(|id| id.to_string() == at);
    id.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such term: write it as 2026-T2"))
}

fn term_body(term: Term) -> body::Term {
    body::Term {
        term: term.id.to_string(),
        first_day: term.first_day.to_string(),
        last_day: term.last_day.to_string(),
    }
}

pub(crate) async fn days(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["date", "from", "to", "term"])?;
    let stretch = dates(&caller, &asked).await?;
    let days = caller.run(move |school, actor, now| school.api_calendar(actor, now, stretch)).await?;
    asked.whole(days.into_iter().map(day_body).collect())
}

pub(crate) async fn day(caller: Caller, asked: Asked, Path(at): Path<String>) -> Answer {
    asked.only(&[])?;
    answer(&caller, &asked, place(&at)?).await
}

pub(crate) async fn write_day(caller: Caller, asked: Asked, Path(at): Path<String>, bytes: Bytes) -> Answer {
    asked.only(&[])?;
    let date = place(&at)?;
    let new: body::NewDay = asked.body(&bytes)?;
    let seen = asked.seen()?;
    let day = CalendarDay {
        am_open: is_open("/am", &new.am)?,
        pm_open: is_open("/pm", &new.pm)?,
        reason: new.reason.trim().to_owned(),
    };
    if day.reason.chars().count() > REASON || day.reason.contains(char::is_control) {
        return Err(Problem::value("/reason", "write it on one line of at most 200 characters").into());
    }
    let written =
        caller.run(move |school, actor, now| school.api_set_day(actor, now, (date, seen), day)).await;
    written.map_err(|error| raced(error, seen))?;
    answer(&caller, &asked, date).await
}

async fn answer(caller: &Caller, asked: &Asked, date: Date) -> Answer {
    let (day, version) = caller.run(move |school, actor, now| school.api_day(actor, now, date)).await?;
    asked.version(version, &day_body(day))
}

fn place(at: &str) -> Result<Date, Problem> {
    date(at).ok_or_else(|| Problem::new(Kind::NotFound, "there is no such date: write it as 2026-05-04"))
}

fn is_open(at: &str, word: &str) -> Result<bool, Problem> {
    match word {
        OPEN => Ok(true),
        CLOSED => Ok(false),
        _ => Err(Problem::value(at, "use open or closed")),
    }
}

fn day_body(day: CalendarRecord) -> body::Day {
    let state = |is_open: bool| if is_open { OPEN } else { CLOSED }.to_owned();
    body::Day {
        date: day.date.to_string(),
        term: day.term.map(|term| term.to_string()),
        am: state(day.am),
        pm: state(day.pm),
        reason: day.reason,
    }
}
