//! `starboard explain`: how a student's tally came about, in words or as JSON.
//!
//! The words are those of the pages; the JSON gives the same structure with nothing said in words.
//! The National Student Number, notes and reasons for absences have no place in either.

use crate::arguments::{Common, Counted, Explain};
use crate::outcome::Failure;
use crate::output::say;
use app::Actor;
use app::views::{
    Change, Closed, Doer, LedgerEvent, NamedResponse, Rule, Trace, TraceRequest, TracedCrossing,
    TracedHalfDay, TracedMark,
};
use domain::{Instant, Zone, days_text};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Explain) -> Result<ExitCode, Failure> {
    let Counted { term, as_of, known_at } = options.counted;
    let asked = TraceRequest { student: options.student.clone(), term, as_of, known_at };
    let trace = common.school()?.trace(&Actor::Operator, common.now(), &asked)?;
    if common.json {
        say(&traced(&trace).to_string())?;
    } else {
        say(&web::told::text(pages::Words::en_nz(), common.now(), &trace))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn traced(trace: &Trace) -> Value {
    let (zone, tally) = (trace.zone, &trace.tally);
    json!({
        "student_id": trace.student.id.as_str(),
        "name": trace.student.full_name(),
        "term": trace.term.id.to_string(),
        "as_of": { "date": trace.as_of.date.to_string(), "half": trace.as_of.half.text() },
        "known_at": time(zone, trace.known_at),
        "tally": {
            "open_half_days": tally.open,
            "present": tally.present,
            "justified": tally.justified,
            "unjustified": tally.unjustified,
            "unknown": tally.unknown,
            "unmarked": tally.unmarked(),
            "absent_half_days": tally.absent(),
            "days_absent": days_text(tally.absent()),
            "band": tally.band().text(),
            "attendance_percent": tally.attendance_percent(),
            "category": tally.category().map(domain::Category::text),
        },
        "half_days": trace.half_days.iter().map(|line| half_day(zone, line)).collect::<Vec<_>>(),
        "crossings": trace.crossings.iter().map(|line| crossing(zone, line)).collect::<Vec<_>>(),
    })
}

fn time(zone: Zone, at: Option<Instant>) -> Value {
    at.map_or(Value::Null, |at| zone.text(at).into())
}

fn half_day(zone: Zone, line: &TracedHalfDay) -> Value {
    let why = match &line.rule {
        Rule::Closed(Closed::BySchool(reason)) => Some(reason.as_str()),
        Rule::Closed(Closed::Holiday(name)) => Some(name.as_str()),
        _ => None,
    };
    let minutes = match &line.rule {
        Rule::Periods(half) => json!({
            "present": half.present_minutes,
            "justified": half.justified_minutes,
            "unjustified": half.unjustified_minutes,
        }),
        _ => Value::Null,
    };
    json!({
        "date": line.half_day.date.to_string(),
        "half": line.half_day.half.text(),
        "rule": line.rule.text(),
        "closed_for": why,
        "minutes": minutes,
        "class": line.class.map(|class| class.letter().to_string()),
        "code": line.code.map(String::from),
        "number": line.number,
        "threshold_days": line.reached.map(domain::Threshold::days),
        "marks": line.versions.iter().map(|version| mark(zone, version)).collect::<Vec<_>>(),
    })
}

fn mark(zone: Zone, mark: &TracedMark) -> Value {
    json!({
        "period": mark.period.as_ref().map(|period| period.name.clone()),
        "code": mark.letter.map(String::from),
        "stands": mark.stands,
        "by": mark.by,
        "source": mark.source,
        "entered_at": time(zone, mark.entered_at),
        "recorded_at": time(zone, Some(mark.recorded_at)),
    })
}

fn crossing(zone: Zone, line: &TracedCrossing) -> Value {
    json!({
        "threshold_days": line.reached.threshold.days(),
        "state": line.state.text(),
        "reached_on": line.reached.half_day.date.to_string(),
        "half": line.reached.half_day.half.text(),
        "events": line.events.iter().map(|told| event(zone, told)).collect::<Vec<_>>(),
    })
}

fn event(zone: Zone, told: &LedgerEvent) -> Value {
    let event = &told.event;
    json!({
        "event": event.event,
        "kind": event.kind.text(),
        "cause": event.cause.text(),
        "reached_on": event.reached.half_day.date.to_string(),
        "half": event.reached.half_day.half.text(),
        "at": time(zone, Some(event.at)),
        "change": change(zone, &told.change),
        "by": doer(&told.by),
        "responses": told.responses.iter().map(|named| response(zone, named)).collect::<Vec<_>>(),
        "ministry": { "state": told.told.state, "at": time(zone, told.told.at) },
    })
}

fn change(zone: Zone, change: &Change) -> Value {
    match change {
        Change::Marks(marks) => {
            let one = |mark: &app::views::MarkChange| {
                json!({
                    "date": mark.half_day.date.to_string(),
                    "half": mark.half_day.half.text(),
                    "period": mark.period.as_ref().map(|period| period.name.clone()),
                    "from": mark.from.map(String::from),
                    "to": mark.to.map(String::from),
                })
            };
            json!({ "marks": marks.iter().map(one).collect::<Vec<_>>() })
        }
        Change::Calendar(days, terms) => {
            let state = |open| if open { "open" } else { "closed" };
            let day = |day: &app::views::DayChange| {
                json!({
                    "date": day.date.to_string(),
                    "am": state(day.am_open),
                    "pm": state(day.pm_open),
                    "reason": day.reason,
                })
            };
            let term = |term: &domain::Term| {
                json!({
                    "term": term.id.to_string(),
                    "first_day": term.first_day.to_string(),
                    "last_day": term.last_day.to_string(),
                })
            };
            json!({
                "days": days.iter().map(day).collect::<Vec<_>>(),
                "terms": terms.iter().map(term).collect::<Vec<_>>(),
            })
        }
        Change::Enrolment(spells) => {
            let spell = |spell: &domain::Spell| {
                let last = spell.last_day.map(|last| last.to_string());
                json!({ "start_date": spell.first_day.to_string(), "end_date": last })
            };
            json!({ "enrolment": spells.iter().map(spell).collect::<Vec<_>>() })
        }
        Change::Codes(from) => json!({ "codes_from": from.map(|from| from.to_string()) }),
        Change::Time(came) => {
            let came = came.as_ref().map(|came| {
                let (date, half) = (came.half_day.date.to_string(), came.half_day.half.text());
                json!({ "date": date, "half": half, "mark": mark(zone, came) })
            });
            json!({ "came": came })
        }
    }
}

fn doer(by: &Doer) -> Value {
    match by {
        Doer::Clock => json!({ "kind": "clock" }),
        Doer::Operator => json!({ "kind": "operator" }),
        Doer::Person(name) => json!({ "kind": "person", "name": name }),
        Doer::File { source, name, by } => {
            json!({ "kind": "file", "source": source, "file": name, "name": by })
        }
    }
}

fn response(zone: Zone, named: &NamedResponse) -> Value {
    json!({
        "response_id": named.id,
        "version": named.version,
        "type": named.kind.name(),
        "description": named.description,
        "done_at": time(zone, Some(named.done_at)),
        "recorded_at": time(zone, Some(named.recorded_at)),
        "recorded_by": named.recorded_by,
    })
}
