//! A student whom a response is for, with what was recorded before.

use crate::links;
use crate::when::When;
use crate::words_of::{self, Said};
use app::views::Answering;
use domain::Threshold;
use pages::Band;

/// What was recorded before at one level, or at none.
pub(crate) struct Before {
    pub(super) level: String,
    pub(super) lines: Vec<BeforeLine>,
}

pub(crate) struct BeforeLine {
    pub(super) kind: &'static str,
    pub(super) description: String,
    pub(super) done: When,
    pub(super) is_withdrawn: bool,
}

/// A student whom the response is for.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) group: String,
    pub(super) href: String,
    pub(super) band: Band,
    pub(super) half_days: u32,
    pub(super) unknown: u32,
    pub(super) level: Option<String>,
    pub(super) before: Vec<Before>,
}

pub(super) fn person(said: Said, one: &Answering, with_empty: bool) -> Person {
    let lines = |level: Option<Threshold>| {
        let own = one.before.iter().filter(|response| response.threshold == level);
        let line = own.map(|response| BeforeLine {
            kind: response.kind.name(),
            description: response.description.clone(),
            done: said.instant(response.done_at),
            is_withdrawn: response.withdrawn,
        });
        line.collect::<Vec<_>>()
    };
    let levels = Threshold::MINISTRY.map(Some).into_iter().chain([None]);
    let before = levels.map(|level| Before {
        level: level.map_or_else(|| said.words.get("respond-no-level"), |level| said.level(level)),
        lines: lines(level),
    });
    Person {
        name: one.student.full_name(),
        group: one.student.group.clone(),
        href: links::student(&one.student.id, one.term),
        band: words_of::band(one.tally.band()),
        half_days: one.tally.absent(),
        unknown: one.tally.unknown,
        level: one.threshold.map(|threshold| said.level(threshold)),
        before: before.filter(|before| with_empty || !before.lines.is_empty()).collect(),
    }
}
