//! The calendar as programs read and write it, date by date.

use super::ask::{Asked, date};
use super::bearer::Caller;
use super::body;
use super::looked_up::{Answer, dates};
use super::problem::{Kind, Problem};
use super::recorded::raced;
use app::api::CalendarRecord;
use axum::body::Bytes;
use axum::extract::Path;
use domain::{CalendarDay, Date};

const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// The longest reason, in characters.
const REASON: usize = 200;

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
    written.map_err(raced)?;
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
