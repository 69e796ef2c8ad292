//! Movement: what happened to levels on one day, in both directions, with why and through whom.

use crate::listing::{Files, Listing, Rows};
use crate::told::{self, Step};
use crate::words_of::{self, Said};
use crate::{Page, WebError, links};
use app::views::{Movement, MovementLine};
use askama::Template;
use axum::response::Response;
use domain::EventKind;
use pages::{Band, Frame};

/// One thing that happened.
struct Line {
    name: String,
    group: String,
    href: String,
    level: String,
    band: Band,
    half_days: u32,
    unknown: u32,
    steps: Vec<Step>,
    resting: usize,
}

/// A direction with what went in it.
struct Direction {
    title: String,
    lines: Vec<Line>,
}

/// The page.
#[derive(Template)]
#[template(path = "movement.html")]
struct MovementPage {
    frame: Frame,
    lead: String,
    on: String,
    /// Text and address of the days beside this one.
    beside: Vec<(String, String)>,
    /// How many are told, where more happened.
    first: Option<usize>,
    directions: Vec<Direction>,
    files: Files,
    /// How many lines there are.
    shown: usize,
}

/// `GET /movement`: today, or the day that is named.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("movement-title")), Said::of(&page));
    let on = page.query.read("on");
    if let Some(take) = page.take()? {
        let movement = page.run(move |school, actor, now| school.all_movement(actor, now, on)).await?;
        let listing = Some(listing(said, &movement)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let files = page.files("movement", "/movement");
    let shown = page.run(move |school, actor, now| school.movement(actor, now, on));
    page.html(&MovementPage::new((frame, files), said, &shown.await?))
}

impl MovementPage {
    fn new((frame, files): (Frame, Files), said: Said, movement: &Movement) -> Self {
        let words = said.words;
        let beside = [(movement.previous, "movement-previous"), (movement.next, "movement-next")];
        let beside = beside.into_iter().filter_map(|(date, id)| {
            let date = date?;
            Some((words.one(id, "date", said.date(date).as_str()), links::movement(date)))
        });
        let direction = |id: &str, kinds: &[EventKind]| {
            let own = movement.lines.iter().filter(|line| kinds.contains(&line.event.event.kind));
            Direction { title: words.get(id), lines: own.map(|line| one(said, movement, line)).collect() }
        };
        // What was taken back comes first: whoever reached a level is on Today as well.
        let directions = [
            direction("movement-down", &[EventKind::Withdrawn]),
            direction("movement-moved", &[EventKind::Moved]),
            direction("movement-up", &[EventKind::Reached, EventKind::Restored]),
        ];
        Self {
            lead: words.one(
                "movement-lead",
                "date",
                crate::when::date(words, movement.on, said.today).as_str(),
            ),
            on: movement.on.to_string(),
            first: (movement.count > movement.lines.len()).then_some(movement.lines.len()),
            shown: movement.lines.len(),
            files,
            beside: beside.collect(),
            directions: directions.into_iter().filter(|direction| !direction.lines.is_empty()).collect(),
            frame,
        }
    }
}

/// What happened, without who changed which mark: that is told on the page of each student.
fn listing(said: Said, movement: &Movement) -> Listing {
    Rows::of(said.words, "movement", &movement.lines)
        .student(|line| &line.student)
        .text("happened", |line| line.event.event.kind.text().to_owned())
        .level("level_days", |line| Some(line.event.event.reached.threshold))
        .half_day(("reached_on", "reached_half"), |line| Some(line.event.event.reached.half_day))
        .text("cause", |line| line.event.event.cause.text().to_owned())
        .time("at", |line| Some(line.event.event.at))
        .absence(|line| line.tally)
        .number("responses", |line| line.resting)
        .done()
}

fn one(said: Said, movement: &Movement, line: &MovementLine) -> Line {
    let event = &line.event.event;
    Line {
        name: line.student.full_name(),
        group: line.student.group.clone(),
        href: links::student(&line.student.id, Some(event.term)),
        level: said.level(event.reached.threshold),
        band: words_of::band(line.tally.band()),
        half_days: line.tally.absent(),
        unknown: line.tally.unknown,
        steps: vec![told::step(said, &movement.codes, &line.event)],
        resting: line.resting,
    }
}
