//! Everything that happened to a student in a term, newest first: crossings (also those taken
//! back), responses, messages home, corrections of marks.

use crate::letters::{self, Tag};
use crate::links;
use crate::told::{self, Step};
use crate::when::When;
use crate::words_of::{self, Said, filled};
use app::letters::LetterLine;
use app::views::{CrossingLine, DayCell, ResponseLine, StudentView};
use domain::{CrossingState, Instant};
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
    /// A letter, an e-mail or a text.
    Message { href: String, channel: String, state: Tag },
    /// A mark that was changed.
    Correction { href: String, half_day: When, from: String, to: String, by: String },
}

/// A response as the line of time shows it.
pub(super) struct Response {
    pub(super) kind: &'static str,
    pub(super) description: String,
    pub(super) level: Option<String>,
    pub(super) is_withdrawn: bool,
    /// Whether the level that it names is not reached any more.
    pub(super) is_adrift: bool,
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
    let mut events: Vec<Event> = view.crossings.iter().map(|line| crossing(said, view, line)).collect();
    events.extend(view.responses.iter().map(|line| response(said, view, line)));
    events.extend(view.letters.iter().map(|line| message(said, line)));
    for cell in &view.cells {
        corrections(said, view, cell, &mut events);
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events
}

fn crossing(said: Said, view: &StudentView, line: &CrossingLine) -> Event {
    let reached = line.crossing.reached;
    Event {
        at: said.zone.start_of(reached.half_day),
        when: said.half_day(reached.half_day),
        what: What::Crossing {
            level: said.level(reached.threshold),
            band: words_of::band_of(reached.threshold),
            is_withdrawn: line.crossing.state == CrossingState::Withdrawn,
            history: line.events.iter().map(|event| told::step(said, &view.codes, event)).collect(),
        },
    }
}

fn response(said: Said, view: &StudentView, line: &ResponseLine) -> Event {
    let latest = &line.latest;
    let last = line.versions.len().saturating_sub(1);
    let earlier = line.versions.iter().take(last).map(|version| Earlier {
        number: version.version,
        text: words_of::response(version.kind, &version.description),
        by: view.staff.name(version.recorded_by.as_str()),
        at: said.instant(version.recorded_at),
    });
    let shown = Response {
        kind: latest.kind.name(),
        description: latest.description.clone(),
        level: latest.threshold.map(|threshold| said.level(threshold)),
        is_withdrawn: latest.withdrawn,
        is_adrift: line.rests_on_withdrawn,
        recorded_by: view.staff.name(latest.recorded_by.as_str()),
        recorded: said.instant(latest.recorded_at),
        shared: words_of::shared_state(said.words, line.shared_state),
        href: view.rights.respond.then(|| format!("/responses/{}", links::encode(&latest.id))),
        notes: line.notes,
        earlier: earlier.collect(),
    };
    Event { at: latest.done_at, when: said.instant(latest.done_at), what: What::Response(Box::new(shown)) }
}

fn message(said: Said, line: &LetterLine) -> Event {
    let row = &line.row;
    let what = What::Message {
        href: letters::links::letter(&row.id),
        channel: letters::channel_word(said, row.channel),
        state: letters::state_tag(said, line.state),
    };
    Event { at: line.at, when: said.instant(line.at), what }
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
