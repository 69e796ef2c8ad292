//! What programs see of what was counted: half-days, tallies, levels, and what is owed.

use super::ask::{Asked, Part, wrong_cursor};
use super::bearer::Caller;
use super::body;
use super::looked_up::Answer;
use super::problem::{ApiError, Problem};
use app::api::{CountedHalfDay, CountedTally, CountsAsk, CrossingRecord, TaskRecord};
use domain::{CrossingState, StudentId};

/// What the lists of a term take.
fn counts(asked: &Asked, part: &Part) -> Result<CountsAsk, Problem> {
    Ok(CountsAsk {
        term: asked.term()?,
        date: asked.date("date")?,
        student: asked.student()?,
        group: asked.text("group"),
        after: None,
        limit: part.limit,
    })
}

/// The row before the first: a student, and the row's place among the student's.
fn after(part: &Part) -> Result<Option<(StudentId, u64)>, ApiError> {
    let Some([student, place]) = part.after::<2>()? else { return Ok(None) };
    let found = StudentId::parse(&student).ok().zip(place.parse().ok());
    Ok(Some(found.ok_or_else(wrong_cursor)?))
}

pub(crate) async fn half_days(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["term", "date", "student_id", "group", "limit", "cursor"])?;
    let part = asked.part()?;
    let ask = CountsAsk { after: after(&part)?, ..counts(&asked, &part)? };
    let found = caller.run(move |school, actor, now| school.api_half_days(actor, now, &ask)).await?;
    let key = |last: &CountedHalfDay| vec![last.student_id.to_string(), last.place.to_string()];
    asked.list(found, key, |row| body::HalfDay {
        student_id: row.student_id.to_string(),
        date: row.half_day.date.to_string(),
        half: row.half_day.half.text().to_owned(),
        class: row.class.map(|class| class.letter().to_string()),
        code: row.code.map(String::from),
    })
}

pub(crate) async fn tallies(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["term", "student_id", "group", "limit", "cursor"])?;
    let part = asked.part()?;
    let ask = CountsAsk { after: after(&part)?, ..counts(&asked, &part)? };
    let found = caller.run(move |school, actor, now| school.api_tallies(actor, now, &ask)).await?;
    let key = |last: &CountedTally| vec![last.student_id.to_string(), "0".to_owned()];
    asked.list(found, key, tally_body)
}

fn tally_body(row: CountedTally) -> body::Tally {
    let tally = row.tally;
    body::Tally {
        student_id: row.student_id.to_string(),
        term: row.term.to_string(),
        open_half_days: tally.open,
        present: tally.present,
        justified: tally.justified,
        unjustified: tally.unjustified,
        unknown: tally.unknown,
        unmarked: tally.unmarked(),
        absent_half_days: tally.absent(),
        days_absent: f64::from(tally.absent()) / 2.0,
        band: tally.band().text().to_owned(),
        attendance_percent: tally.attendance_tenths().map(|tenths| f64::from(tenths) / 10.0),
    }
}

pub(crate) async fn crossings(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["term", "student_id", "state", "limit", "cursor"])?;
    let part = asked.part()?;
    let state = asked.read("state", "reached or withdrawn", CrossingState::parse)?;
    let ask = CountsAsk { after: after(&part)?, ..counts(&asked, &part)? };
    let found = caller.run(move |school, actor, now| school.api_crossings(actor, now, &ask, state)).await?;
    let key = |last: &CrossingRecord| vec![last.student_id.to_string(), last.threshold.days().to_string()];
    asked.list(found, key, |row| body::Crossing {
        student_id: row.student_id.to_string(),
        term: row.term.to_string(),
        threshold_days: row.threshold.days(),
        state: row.state.text().to_owned(),
        reached_on: row.half_day.date.to_string(),
        half: row.half_day.half.text().to_owned(),
        version: row.version,
    })
}

pub(crate) async fn tasks(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["term", "student_id", "group", "limit", "cursor"])?;
    let part = asked.part()?;
    let ask = counts(&asked, &part)?;
    let after = match part.after::<2>()? {
        None => None,
        Some([student, key]) => Some((StudentId::parse(&student).map_err(|_| wrong_cursor())?, key)),
    };
    let found = caller.run(move |school, actor, now| school.api_tasks(actor, now, &ask, after)).await?;
    let key = |last: &TaskRecord| vec![last.student_id.to_string(), last.key()];
    asked.list(found, key, |row| {
        let ids = |people: &[domain::StaffId]| people.iter().map(ToString::to_string).collect();
        let task = row.task;
        body::Task {
            student_id: row.student_id.to_string(),
            term: row.term.to_string(),
            step: task.key.to_string(),
            turn: task.turn,
            threshold_days: task.level.map(domain::Threshold::days),
            reached_on: task.reached.date.to_string(),
            half: task.reached.half.text().to_owned(),
            owner: task.owed_by.owner.to_string(),
            people: ids(&task.owed_by.people),
            escalated_to: ids(&task.owed_by.escalated_to),
            due_on: task.due_on.to_string(),
            is_late: task.is_late,
            attempts: task.attempts,
            tier: task.tier,
            does: task.does,
        }
    })
}
