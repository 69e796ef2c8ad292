//! Everything that happened to a student in a term, newest first: crossings (also those taken
//! back), responses, corrections of marks.

use crate::links;
use crate::when::When;
use crate::words_of::{self, Said, filled};
use app::views::{CrossingLine, DayCell, ResponseLine, StudentView};
use domain::{CrossingState, EventKind, Instant};
use pages::Band;

/// One thing that happened.
pub(super) struct Event {
    at: Instant,
    pub(super) when: When,
    pub(super) what: What,
}

/// What it was.
pub(super) enum What {
    /// A level that was reached, with what happened to that since.
    Crossing { level: String, band: Band, is_withdrawn: bool, history: Vec<Step> },
    /// What the school did.
    Response(Box<Response>),
    /// A mark that was changed.
    Correction { href: String, half_day: When, from: String, to: String, by: String },
}

/// One event of a crossing.
pub(super) struct Step {
    pub(super) text: String,
    pub(super) at: When,
}

/// A response as the line of time shows it.
pub(super) struct Response {
    pub(super) kind: &'static str,
    pub(super) description: String,
    pub(super) level: Option<String>,
    pub(super) is_withdrawn: bool,
    pub(super) recorded_by: String,
    pub(super) recorded: When,
    pub(super) shared: String,
    pub(super) href: Option<String>,
    pub(super) notes: usize,
    pub(super) earlier: Vec<Earlier>,
}

/// An earlier version of a response.
pub(super) struct Earlier {
    pub(super) number: i64,
    pub(super) text: String,
    pub(super) by: String,
    pub(super) at: When,
}

/// The line of time, newest first.
pub(super) fn events(said: Said, view: &StudentView) -> Vec<Event> {
    let mut events: Vec<Event> = view.crossings.iter().map(|line| crossing(said, line)).collect();
    events.extend(view.responses.iter().map(|line| response(said, view, line)));
    for cell in &view.cells {
        corrections(said, view, cell, &mut events);
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events
}

fn crossing(said: Said, line: &CrossingLine) -> Event {
    let reached = line.crossing.reached;
    let step = |text: String, cause: Option<&str>, at: Instant| {
        let cause =
            cause.map_or_else(String::new, |cause| format!(": {}", words_of::cause(said.words, cause)));
        Step { text: format!("{text}{cause}"), at: said.instant(at) }
    };
    let history = line.events.iter().map(|event| {
        let half_day = said.half_day(event.reached.half_day).said;
        let (id, cause) = match event.kind {
            EventKind::Reached => ("student-event-reached", None),
            EventKind::Moved => ("student-event-moved", Some(event.cause.text())),
            EventKind::Withdrawn => ("student-event-withdrawn", Some(event.cause.text())),
            EventKind::Restored => ("student-event-restored", Some(event.cause.text())),
        };
        step(said.words.one(id, "half", half_day.as_str()), cause, event.at)
    });
    Event {
        at: said.zone.start_of(reached.half_day),
        when: said.half_day(reached.half_day),
        what: What::Crossing {
            level: said.level(reached.threshold),
            band: words_of::band_of(reached.threshold),
            is_withdrawn: line.crossing.state == CrossingState::Withdrawn,
            history: history.collect(),
        },
    }
}

fn response(said: Said, view: &StudentView, line: &ResponseLine) -> Event {
    let latest = &line.latest;
    let last = line.versions.len().saturating_sub(1);
    let earlier = line.versions.iter().take(last).map(|version| Earlier {
        number: version.version,
        text: if version.description.is_empty() {
            version.kind.name().to_owned()
        } else {
            format!("{} · {}", version.kind.name(), version.description)
        },
        by: view.staff.name(version.recorded_by.as_str()),
        at: said.instant(version.recorded_at),
    });
    let shown = Response {
        kind: latest.kind.name(),
        description: latest.description.clone(),
        level: latest.threshold.map(|threshold| said.level(threshold)),
        is_withdrawn: latest.withdrawn,
        recorded_by: view.staff.name(latest.recorded_by.as_str()),
        recorded: said.instant(latest.recorded_at),
        shared: words_of::shared_state(said.words, line.shared_state),
        href: view.rights.respond.then(|| format!("/responses/{}", links::encode(&latest.id))),
        notes: line.notes,
        earlier: earlier.collect(),
    };
    Event { at: latest.done_at, when: said.instant(latest.done_at), what: What::Response(Box::new(shown)) }
}

fn corrections(said: Said, view: &StudentView, cell: &DayCell, events: &mut Vec<Event>) {
    let Some(term) = view.term else { return };
    let name = |letter: Option<char>| letter.map_or_else(|| said.words.get("student-unmarked"), String::from);
    for pair in cell.versions.windows(2).filter(|pair| pair[0].slot() == pair[1].slot()) {
        let [before, after] = pair else { continue };
        events.push(Event {
            at: after.recorded_at,
            when: said.instant(after.recorded_at),
            what: What::Correction {
                href: links::student_cell(&view.student.id, term.id, cell.half_day),
                half_day: said.half_day(cell.half_day),
                from: name(before.letter),
                to: name(after.letter),
                by: filled(said.words, "student-by", &[("name", &after.entered_by)]),
            },
        });
    }
}
