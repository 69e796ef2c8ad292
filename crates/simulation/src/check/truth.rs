//! What the collector says happened is what the school says, row by row.

use super::{Findings, Invariant};
use crate::behind::Latest;
use crate::kura::{Kura, NAMESAKE};
use crate::start::later;
use crate::world::World;
use app::{ExportKind, ExportOptions};
use collector::Export;
use domain::{Half, HalfDay};
use std::collections::{BTreeMap, BTreeSet};

type Rows = BTreeMap<String, String>;

pub(super) fn check(world: &World, findings: &mut Findings) {
    let half_days = own(world, ExportKind::HalfDays);
    let marked = half_days.iter().filter(|row| !row[3].is_empty());
    let here = marked
        .map(|row| (format!("attendance {} {} {}", row[0], row[1], row[2]), format!("{}{}", row[4], row[3])));
    let there = theirs(world, Export::Attendance, |row| {
        (format!("attendance {} {} {}", row[1], row[3], row[4]), format!("{}{}", row[5], row[6]))
    });
    findings.compare(Invariant::Attendance, &here.collect(), &there);

    let there =
        theirs(world, Export::Closures, |row| (format!("closure {} {}", row[1], row[2]), row[3].clone()));
    findings.compare(Invariant::Closures, &closures(&world.kura), &there);

    let here = own(world, ExportKind::Crossings).into_iter();
    let here = here.map(|row| (format!("crossing {} {} {}", row[0], row[1], row[2]), row[3..7].join(" ")));
    let there = theirs(world, Export::Crossings, |row| {
        (format!("crossing {} {} {}", row[1], row[3], row[4]), row[5..9].join(" "))
    });
    findings.compare(Invariant::Crossings, &here.collect(), &there);

    let latest = world.collected().latest();
    responses(world, &latest, findings);
    days(world, &half_days, &latest, findings);
}

/// The school's own export.
fn own(world: &World, kind: ExportKind) -> Vec<Vec<String>> {
    let term = world.kura.term;
    let options =
        ExportOptions { term: term.id, as_of: Some(later(term.last_day, 800)), known_at: None, local: false };
    let mut rows = Vec::new();
    let mut take = |cells: &[&str]| rows.push(cells.iter().map(|&cell| cell.to_owned()).collect());
    world.kura.school().export(world.now(), kind, options, &mut take).expect("the school exports");
    rows
}

/// The collector's export.
fn theirs(world: &World, what: Export, read: impl Fn(&[String]) -> (String, String)) -> Rows {
    world.line.state().ministry.export(what).iter().map(|row| read(row)).collect()
}

/// The closures that people at the school entered.
fn closures(kura: &Kura) -> Rows {
    let calendar = kura.school().calendar().expect("the calendar");
    let mut rows = Rows::new();
    for (&date, day) in &kura.book.days {
        let is_weekday = date.weekday().to_monday_zero_offset() < 5;
        if !kura.term.contains(date) || !is_weekday || calendar.holiday(date).is_some() {
            continue;
        }
        for half in Half::BOTH.into_iter().filter(|&half| !day.is_open(half)) {
            rows.insert(format!("closure {date} {half}"), day.reason.clone());
        }
    }
    rows
}

fn responses(world: &World, latest: &[Latest], findings: &mut Findings) {
    let held: BTreeSet<&str> = latest.iter().filter(|row| row.held).map(|row| row.record.as_str()).collect();
    let with_level = own(world, ExportKind::Responses).into_iter().filter(|row| !row[3].is_empty());
    let here = with_level.map(|row| {
        let key = format!("response {}", row[0]);
        // Only a Description that names somebody may be held back.
        let is_held = held.contains(row[0].as_str()) && row[5].contains(NAMESAKE.1);
        let description = if is_held { "" } else { &row[5] };
        (
            key,
            [&row[1], &row[2], &row[3], &row[4], description, &row[6], &row[7], &row[12], &row[10]].join("|"),
        )
    });
    let there = theirs(world, Export::Responses, |row| {
        let cells = [&row[2], &row[4], &row[5], &row[6], &row[7], &row[8], &row[9], &row[10], &row[11]];
        (format!("response {}", row[1]), cells.map(String::as_str).join("|"))
    });
    findings.compare(Invariant::Responses, &here.collect(), &there);
}

/// A day says what was open, who was enrolled, and how many half-days have a value.
fn days(world: &World, half_days: &[Vec<String>], latest: &[Latest], findings: &mut Findings) {
    let calendar = world.kura.school().calendar().expect("the calendar");
    let mut enrolled: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut marked: BTreeMap<&str, u32> = BTreeMap::new();
    for row in half_days {
        enrolled.entry(&row[1]).or_default().insert(&row[0]);
        *marked.entry(&row[1]).or_default() += u32::from(!row[3].is_empty());
    }
    let open = calendar.term_calendar(world.kura.term.id).expect("the term").open;
    let dates: BTreeSet<domain::Date> = open.iter().map(|half_day| half_day.date).collect();
    let here = dates.into_iter().map(|date| {
        let state = |half| if calendar.is_open(HalfDay::new(date, half)) { "open" } else { "closed" };
        let text = date.to_string();
        let students = enrolled.get(text.as_str()).map_or(0, BTreeSet::len);
        let half_days = marked.get(text.as_str()).copied().unwrap_or_default();
        let value = format!("{} {} {students} {half_days}", state(Half::Am), state(Half::Pm));
        (format!("day {date}"), value)
    });
    let there = latest.iter().filter(|row| row.kind == "day" && row.stands);
    let there = there.map(|row| (row.key.clone(), row.day.clone()));
    findings.compare(Invariant::Days, &here.collect(), &there.collect());
}
