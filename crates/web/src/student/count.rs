//! How one student's days were counted: each half-day with its code, what it counts as and which
//! number it is, who entered it; as of a date, and by what was known at a moment.

use crate::Fields;
use crate::asked::Asked;
use crate::respond::{Desk, clock};
use crate::told::{self, Step};
use crate::words_of::{self, Said};
use crate::{Page, WebError, links};
use app::AppError;
use app::views::{Rule, Trace, TraceRequest, TracedCrossing, TracedHalfDay};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{CrossingState, Date, Instant, StudentId, TermId};
use pages::{Band, FieldError, Frame};

/// One half-day, or several in a row that did not count for the same reason.
struct Row {
    href: Option<String>,
    when: String,
    exact: String,
    code: String,
    code_name: String,
    counts: String,
    number: Option<u32>,
    reached: Option<(String, Band)>,
    marks: Vec<String>,
    is_quiet: bool,
}

/// A level that was ever reached.
struct Level {
    level: String,
    band: Band,
    is_withdrawn: bool,
    steps: Vec<Step>,
}

/// What the trace says; nothing when the term was not known at the moment asked for.
struct Shown {
    known: String,
    until: String,
    band: Band,
    absent: u32,
    unknown: u32,
    provisional: Vec<String>,
    attended: Option<String>,
    rows: Vec<Row>,
    levels: Vec<Level>,
}

/// The page.
#[derive(Template)]
#[template(path = "student_count.html")]
struct CountPage {
    frame: Frame,
    errors: Vec<FieldError>,
    action: String,
    back: String,
    name: String,
    term: Option<(TermId, String)>,
    as_of: String,
    known_at: String,
    shown: Option<Shown>,
}

/// What the address asks for.
struct Wanted {
    as_of: Option<Date>,
    known_at: Option<Instant>,
    errors: Vec<FieldError>,
}

impl Wanted {
    fn read(said: Said, asked: &Fields) -> Self {
        let (date, moment) = (asked.get("as_of"), asked.get("known_at"));
        let (as_of, known_at) = (date.parse().ok(), moment_of(said, moment));
        let mut errors = Vec::new();
        if as_of.is_none() && !date.is_empty() {
            errors.push(FieldError::new("as_of", said.words.get("count-bad-date")));
        }
        if known_at.is_none() && !moment.is_empty() {
            errors.push(FieldError::new("known_at", said.words.get("count-bad-time")));
        }
        Self { as_of, known_at, errors }
    }
}

/// A time with its offset, or as the school's clock shows it: `2026-05-04T15:10`.
fn moment_of(said: Said, text: &str) -> Option<Instant> {
    if let Ok(instant) = Instant::parse(text) {
        return Some(instant);
    }
    let (date, time) = text.split_once(['T', ' '])?;
    let (hour, minute) = clock(time)?;
    Some(said.zone.at(date.parse().ok()?, hour, minute))
}

/// `GET /students/{id}/count`.
pub async fn count(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let (id, asked) = (super::read_id(&id)?, page.query.clone());
    let (frame, said) = (page.frame(""), Said::of(&page));
    let shown =
        page.run(move |school, actor, now| load(&Desk { school, actor, now, said }, frame, &id, &asked));
    let shown = shown.await?;
    if shown.errors.is_empty() { page.html(&shown) } else { page.html_again(&shown) }
}

fn load(desk: &Desk<'_>, mut frame: Frame, id: &StudentId, asked: &Fields) -> Result<CountPage, AppError> {
    let (said, wanted) = (desk.said, Wanted::read(desk.said, asked));
    let term = match asked.term() {
        Some(term) => Some(term),
        None => desk.school.calendar()?.term_at_or_before(said.today).map(|term| term.id),
    };
    let trace = term.map(|term| {
        let (as_of, known_at) = (wanted.as_of, wanted.known_at);
        desk.school.trace(desk.actor, desk.now, &TraceRequest { student: id.clone(), term, as_of, known_at })
    });
    let (student, trace) = match trace {
        Some(Ok(trace)) => (trace.student.clone(), Some(trace)),
        // There is no term yet, or this one was not in the calendar then.
        None | Some(Err(AppError::Invalid(_))) => {
            (desk.school.student(desk.actor, desk.now, id, term)?.student, None)
        }
        Some(Err(error)) => return Err(error),
    };
    let name = student.full_name();
    frame.title = said.words.one("count-title", "name", name.as_str());
    Ok(CountPage {
        action: format!("/students/{}/count", links::encode(id.as_str())),
        back: links::student(id, term),
        name,
        term: term.map(|term| (term, said.term(term))),
        as_of: wanted.as_of.map_or_else(String::new, |date| date.to_string()),
        known_at: wanted.known_at.map_or_else(String::new, |at| local(said, at)),
        shown: trace.map(|trace| Shown::new(said, &trace)),
        errors: wanted.errors,
        frame,
    })
}

/// A moment as the field for it writes it.
fn local(said: Said, at: Instant) -> String {
    said.zone.text(at).chars().take(16).collect()
}

impl Shown {
    fn new(said: Said, trace: &Trace) -> Self {
        let (words, tally) = (said.words, &trace.tally);
        let attended = said.attended_in_category(tally);
        Self {
            known: match trace.known_at {
                None => words.get("told-known-now"),
                Some(at) => words.one("told-known-at", "when", said.instant(at).exact.as_str()),
            },
            until: {
                let (term, until) = (said.term(trace.term.id), said.half_day(trace.as_of).exact);
                words_of::filled(words, "told-until", &[("term", &term), ("until", &until)])
            },
            band: words_of::band(tally.band()),
            absent: tally.absent(),
            unknown: tally.unknown,
            provisional: told::provisional(words, tally),
            attended,
            rows: told::runs(&trace.half_days).filter_map(|run| row(said, trace, run)).collect(),
            levels: trace.crossings.iter().map(|crossing| level(said, trace, crossing)).collect(),
        }
    }
}

fn row(said: Said, trace: &Trace, run: &[TracedHalfDay]) -> Option<Row> {
    let (first, last) = (run.first()?, run.last()?);
    let date = first.half_day.date;
    let name = first.code.and_then(|letter| trace.codes.row(letter, date));
    let is_open = !matches!(first.rule, Rule::Closed(_) | Rule::NotEnrolled);
    Some(Row {
        href: is_open.then(|| links::student_cell(&trace.student.id, trace.term.id, first.half_day)),
        when: told::span(said, first.half_day, last.half_day),
        exact: first.half_day.to_string(),
        code: first.code.map_or_else(String::new, String::from),
        code_name: name.map_or_else(String::new, |row| row.name.clone()),
        counts: told::counts(said, first),
        number: first.number,
        reached: first.reached.map(|level| {
            let text = said.level(level);
            (said.words.one("student-reached", "level", text.as_str()), words_of::band_of(level))
        }),
        marks: told::history(said, &trace.codes, first),
        is_quiet: first.number.is_none(),
    })
}

fn level(said: Said, trace: &Trace, crossing: &TracedCrossing) -> Level {
    Level {
        level: said.level(crossing.reached.threshold),
        band: words_of::band_of(crossing.reached.threshold),
        is_withdrawn: crossing.state == CrossingState::Withdrawn,
        steps: crossing.events.iter().map(|event| told::step(said, &trace.codes, event)).collect(),
    }
}
