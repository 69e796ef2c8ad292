//! The page of the host's operator: how every school on this machine stands.
//!
//! It asks nobody who they are, so it has a listener of its own and answers only on this machine
//! (decision 0013). It shows counts, times and kinds of trouble; no student and nobody else can be
//! found on it. Each school is read in a small transaction of its own.

use crate::error::WebError;
use crate::finish::Look;
use crate::form::Fields;
use crate::page::html;
use crate::server::{Settings, finished};
use crate::this_machine::is_at_home;
use crate::{assets, when};
use app::views::{Concern, Standing};
use app::{App, AppError, Hosted};
use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{Instant, Zone};
use pages::{Arg, Frame, Words};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// For how long what was read stands: reading hundreds of schools takes a while, and a page that is
/// reloaded, or a monitor that asks, need not begin anew.
const LIFE: Duration = Duration::from_secs(5);

/// Threads that read at once: most of the time of a read is waiting, but the pages need the memory
/// too.
const READERS: usize = 4;

/// One school: its host name, and how it stands.
struct School {
    host_name: Option<String>,
    number: i64,
    /// Nothing when it could not be read.
    standing: Option<Standing>,
}

impl School {
    fn needs_a_look(&self) -> bool {
        self.standing.as_ref().is_none_or(|standing| !standing.concerns.is_empty())
    }

    /// Whether a part of its name, its number or its host name is this text.
    fn is_found(&self, text: &str) -> bool {
        let name = self.standing.as_ref().map_or(String::new(), |standing| standing.name.to_lowercase());
        let host_name = self.host_name.as_deref().unwrap_or_default();
        name.contains(text) || host_name.contains(text) || self.number.to_string() == text
    }
}

/// All schools as they were read together.
struct Reading {
    at: Instant,
    read_at: std::time::Instant,
    schools: Vec<School>,
}

impl Reading {
    /// The sums over all schools: enrolled, half-days marked, entries that wait.
    fn sums(&self) -> (i64, i64, i64) {
        let standings = self.schools.iter().filter_map(|school| school.standing.as_ref());
        standings.fold((0, 0, 0), |(enrolled, marked, waiting), standing| {
            let waits = if standing.shares { standing.waiting } else { 0 };
            (
                enrolled + i64::from(standing.enrolled),
                marked + i64::from(standing.marked_half_days),
                waiting + waits,
            )
        })
    }

    fn needing_a_look(&self) -> usize {
        self.schools.iter().filter(|school| school.needs_a_look()).count()
    }
}

/// What the handlers share.
#[derive(Clone)]
struct Watch {
    app: App,
    settings: Settings,
    words: &'static Words,
    kept: Arc<tokio::sync::Mutex<Option<Arc<Reading>>>>,
}

impl Watch {
    /// How the schools stand. Whoever comes while they are being read waits for the same reading.
    async fn reading(&self) -> Result<Arc<Reading>, WebError> {
        let mut kept = self.kept.lock().await;
        if let Some(reading) = kept.as_ref().filter(|reading| reading.read_at.elapsed() < LIFE) {
            return Ok(Arc::clone(reading));
        }
        let (app, now) = (self.app.clone(), (self.settings.clock)());
        let read = tokio::task::spawn_blocking(move || read(&app, now)).await;
        let schools = read.map_err(|_| WebError::Broken)??;
        let reading = Arc::new(Reading { at: now, read_at: std::time::Instant::now(), schools });
        *kept = Some(Arc::clone(&reading));
        Ok(reading)
    }
}

fn read(app: &App, now: Instant) -> Result<Vec<School>, AppError> {
    let directory = app.directory()?;
    let share = directory.len().div_ceil(READERS).max(1);
    let parts: Vec<Vec<School>> = std::thread::scope(|scope| {
        let begun: Vec<_> = directory
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(|hosted| read_school(hosted, now)).collect()))
            .collect();
        begun
            .into_iter()
            .map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    Ok(parts.into_iter().flatten().collect())
}

fn read_school(hosted: &Hosted, now: Instant) -> School {
    let number = hosted.school.number();
    let standing = hosted.school.standing(now);
    if let Err(error) = &standing {
        eprintln!("web: operator: school {number}: {}", error.to_string().escape_debug());
    }
    School { host_name: hosted.host_name.clone(), number: number.number(), standing: standing.ok() }
}

/// The operator's page and the same as JSON. Serve it on a loopback address with [`crate::serve`]:
/// it refuses whoever does not come straight from this machine.
pub fn operator(app: App, settings: Settings) -> Router {
    let words = Words::en_nz();
    let look = Look { words, banner: settings.banner.clone() };
    let watch = Watch { app, settings, words, kept: Arc::default() };
    let router = Router::new()
        .route("/", get(page))
        .route("/operator.json", get(document))
        .route("/assets/{*path}", get(assets::asset))
        .layer(axum::middleware::from_fn(only_this_machine));
    finished(router, look).with_state(watch)
}

async fn only_this_machine(request: Request, next: Next) -> Response {
    if is_at_home(&request) { next.run(request).await } else { WebError::Elsewhere.into_response() }
}

/// A line of the table.
struct Row {
    number: i64,
    name: String,
    host_name: Option<String>,
    tags: Vec<(&'static str, String)>,
    trouble: Option<String>,
    /// Nothing when the school could not be read.
    figures: Option<Figures>,
}

struct Figures {
    enrolled: u32,
    marked: u32,
    is_school_day: bool,
    last_act: Option<when::When>,
    /// Nothing while it shares nothing.
    waiting: Option<i64>,
    received: Option<when::When>,
}

#[derive(Template)]
#[template(path = "operator.html")]
struct OperatorPage {
    frame: Frame,
    is_empty: bool,
    shows_all: bool,
    query: String,
    all: usize,
    needing: usize,
    enrolled: i64,
    marked: i64,
    waiting: i64,
    rows: Vec<Row>,
}

async fn page(State(watch): State<Watch>, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes())?;
    let reading = watch.reading().await?;
    let (shows_all, query) = (asked.get("show") != "look", asked.get("q").trim().to_owned());
    let text = query.to_lowercase();
    let wanted = |school: &&School| (shows_all || school.needs_a_look()) && school.is_found(&text);
    let words = watch.words;
    let (enrolled, marked, waiting) = reading.sums();
    html(
        StatusCode::OK,
        &OperatorPage {
            frame: frame(&watch, &reading),
            is_empty: reading.schools.is_empty(),
            shows_all,
            all: reading.schools.len(),
            needing: reading.needing_a_look(),
            enrolled,
            marked,
            waiting,
            rows: reading
                .schools
                .iter()
                .filter(wanted)
                .map(|school| row(words, school, reading.at))
                .collect(),
            query,
        },
    )
}

fn frame(watch: &Watch, reading: &Reading) -> Frame {
    let words = watch.words;
    let mut frame = Frame::new(words, words.get("operator-title"));
    frame.banner.clone_from(&watch.settings.banner);
    let zone = Zone::Auckland;
    let today = zone.date(reading.at);
    let (day, time) = (when::date(words, today, today), when::time(zone, reading.at));
    frame.term_line = words.with("operator-as-of", &[("day", Arg::from(&day)), ("time", Arg::from(&time))]);
    frame
}

fn row(words: &Words, school: &School, now: Instant) -> Row {
    let (number, host_name) = (school.number, school.host_name.clone());
    let Some(standing) = &school.standing else {
        let tags = vec![("tag-bad", words.get("operator-unreadable"))];
        let name = words.one("operator-school-number", "number", &number.to_string());
        return Row { number, name, host_name, tags, trouble: None, figures: None };
    };
    let today = standing.zone.date(now);
    let moment = |at: Instant| {
        let said = when::short_date(words, standing.zone.date(at), today);
        let time = when::time(standing.zone, at);
        let said = if standing.zone.date(at) == today { time } else { format!("{said}, {time}") };
        when::When { said, exact: standing.zone.text(at) }
    };
    let tag = |concern: &Concern| {
        let look = if *concern == Concern::Trouble { "tag-bad" } else { "tag-wait" };
        (look, words.get(&format!("operator-concern-{}", concern.text())))
    };
    let mut tags: Vec<_> = standing.concerns.iter().map(tag).collect();
    if standing.enrolled == 0 {
        tags.push(("", words.get("operator-no-student")));
    } else if !standing.shares {
        tags.push(("", words.get("operator-not-sharing")));
    }
    Row {
        number,
        name: standing.name.clone(),
        host_name,
        tags,
        trouble: standing.trouble.map(|trouble| words.get(&format!("operator-trouble-{}", trouble.text()))),
        figures: Some(Figures {
            enrolled: standing.enrolled,
            marked: standing.marked_half_days,
            is_school_day: standing.is_school_day,
            last_act: standing.last_act_at.map(moment),
            waiting: standing.shares.then_some(standing.waiting),
            received: standing.last_received_at.map(moment),
        }),
    }
}

async fn document(State(watch): State<Watch>) -> Result<Response, WebError> {
    let reading = watch.reading().await?;
    let (enrolled, marked, waiting) = reading.sums();
    let schools: Vec<Value> = reading.schools.iter().map(school_document).collect();
    let document = json!({
        "as_of": Zone::Auckland.text(reading.at),
        "totals": {
            "schools": reading.schools.len(), "needing_a_look": reading.needing_a_look(),
            "students_enrolled": enrolled, "half_days_marked_today": marked, "entries_waiting": waiting,
        },
        "schools": schools,
    });
    Ok(([(CONTENT_TYPE, "application/json")], document.to_string()).into_response())
}

fn school_document(school: &School) -> Value {
    let Some(standing) = &school.standing else {
        return json!({
            "number": school.number, "host_name": school.host_name, "needs_a_look": ["unreadable"],
        });
    };
    let text = |at: Option<Instant>| at.map(|at| standing.zone.text(at));
    let concerns: Vec<&str> = standing.concerns.iter().map(|concern| concern.text()).collect();
    json!({
        "number": school.number,
        "name": standing.name,
        "host_name": school.host_name,
        "is_school_day": standing.is_school_day,
        "students_enrolled": standing.enrolled,
        "half_days_marked_today": standing.marked_half_days,
        "last_act_at": text(standing.last_act_at),
        "shares": standing.shares,
        "entries_waiting": standing.waiting,
        "last_received_at": text(standing.last_received_at),
        "trouble": standing.trouble.map(app::views::Trouble::text),
        "needs_a_look": concerns,
    })
}
