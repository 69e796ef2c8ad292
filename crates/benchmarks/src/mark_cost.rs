//! What a mark costs beyond being written: its tally, crossing, task and outbox entries.
//!
//! The limit is the same transaction with the act and its thirty marks alone. The difference,
//! per mark, should not grow with the years behind it.

use crate::failure::Failure;
use crate::history::{GROUP, History, groups, now, number};
use crate::rolls::Rolls;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::{Sample, seconds, time};
use app::{App, AppError};
use domain::{HalfDay, Instant, StudentId, Zone};
use store::act::NewAct;
use store::mark::NewMark;

pub fn run(size: &Size) -> Result<(), Failure> {
    let mut lines = Vec::new();
    let mut costs = Vec::new();
    for years in [1, size.years] {
        let (rolls, bare) = measure(size, years)?;
        let cost = (rolls.median() - bare.median()) / GROUP as f64;
        costs.push(cost);
        lines.push(Line {
            what: format!("a mark within a roll, after {years} years"),
            measured: format!("roll {}", rolls.text()),
            beside: format!("the same marks alone: {}", bare.text()),
            value: cost * 1e6,
            target: Target::Most(100.0),
            unit: "µs",
        });
    }
    lines.push(Line {
        what: format!("growth from 1 year to {}", size.years),
        measured: seconds(costs[1]),
        beside: format!("after one year: {}", seconds(costs[0])),
        value: costs[1] / costs[0],
        target: Target::Told,
        unit: "times",
    });
    println!("{} students, rolls of 30, SQLite with synchronous = full", size.students);
    table::print(&lines);
    Ok(())
}

/// Whole rolls, and transactions with their marks alone, in turns: one half of the groups each.
fn measure(size: &Size, years: i16) -> Result<(Sample, Sample), Failure> {
    let copy = History::of(size, years)?.copy("mark-cost")?;
    let (app, school) = copy.open()?;
    let now = now()?;
    let today = Zone::Auckland.date(now);
    let every_second = |from: usize| (from..groups(size)).step_by(2);
    // The first teacher may take every roll.
    let (mut taken, mut alone) =
        (Rolls::new(0, every_second(0), today)?, Rolls::new(0, every_second(1), today)?);
    let (mut rolls, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..size.rolls * 4 {
        let roll = taken.next();
        let (outcome, took) = time(|| roll.take(&school, now));
        outcome?;
        rolls.push(took.as_secs_f64());
        let roll = alone.next();
        let (students, half_day, version) = (roll.students().to_vec(), roll.half_day(), roll.count());
        let (outcome, took) = time(|| write_alone(&app, now, students, half_day, version));
        outcome?;
        bare.push(took.as_secs_f64());
    }
    Ok((Sample::new(rolls), Sample::new(bare)))
}

fn write_alone(
    app: &App,
    now: Instant,
    students: Vec<StudentId>,
    half_day: HalfDay,
    version: i64,
) -> Result<(), Failure> {
    let school = number()?;
    let written: Result<(), AppError> = app.store().write(school, move |tx| {
        let act = NewAct { at: now, kind: "alone", staff_id: None, subject: "", key: None, request: None };
        let act = store::act::insert(tx, school, &act)?;
        let letter = Some(if version % 2 == 0 { 'P' } else { 'L' });
        let mark = |student_id| NewMark {
            student_id,
            half_day,
            period: None,
            version,
            letter,
            source: store::mark::BY_HAND,
            entered_at: None,
            entered_by: "T-002",
        };
        let marks: Vec<NewMark<'_>> = students.iter().map(mark).collect();
        store::mark::insert(tx, school, act, now, &marks)?;
        Ok(())
    });
    Ok(written?)
}
