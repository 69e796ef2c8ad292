//! The year of the term that is shown: a line a term, and the sum.

use crate::links;
use crate::words_of::{self, Said};
use app::views::{StudentView, YearLine};
use domain::Tally;
use pages::Band;

/// One term.
pub(super) struct Line {
    pub(super) term: String,
    pub(super) href: String,
    pub(super) has_marks: bool,
    pub(super) band: Band,
    pub(super) counts: Counts,
    pub(super) levels: String,
    pub(super) responses: usize,
}

/// What a term or the year comes to.
pub(super) struct Counts {
    pub(super) absent: u32,
    pub(super) justified: u32,
    pub(super) unjustified: u32,
    pub(super) unknown: u32,
    /// The category, with the percentage and how complete the rolls are.
    pub(super) category: String,
    pub(super) attended: String,
}

/// The year.
pub(super) struct Year {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) sum: Counts,
    pub(super) responses: usize,
}

/// The year of the term that is shown, once any of its terms has begun.
pub(super) fn year(said: Said, view: &StudentView) -> Option<Year> {
    let year = view.term?.id.year();
    if view.year.is_empty() {
        return None;
    }
    // A term without any mark was kept elsewhere, or nowhere: it says nothing about the year.
    let kept = view.year.iter().filter(|line| line.tally.marked() > 0);
    let sum = kept.fold(Tally::default(), |sum, line| sum.plus(&line.tally));
    Some(Year {
        name: year.to_string(),
        lines: view.year.iter().map(|line| one(said, view, line)).collect(),
        sum: counts(said, &sum),
        responses: view.year.iter().map(|line| line.responses).sum(),
    })
}

fn one(said: Said, view: &StudentView, line: &YearLine) -> Line {
    let levels: Vec<String> = line.reached.iter().map(|&level| said.level(level)).collect();
    Line {
        term: said.words.one("terms-short", "number", line.term.id.number()),
        href: links::student(&view.student.id, Some(line.term.id)),
        has_marks: line.tally.marked() > 0,
        band: words_of::band(line.tally.band()),
        counts: counts(said, &line.tally),
        levels: levels.join(", "),
        responses: line.responses,
    }
}

fn counts(said: Said, tally: &Tally) -> Counts {
    let category = tally.category().map(|category| words_of::category(said.words, category));
    Counts {
        absent: tally.absent(),
        justified: tally.justified,
        unjustified: tally.unjustified,
        unknown: tally.unknown,
        category: category.unwrap_or_default(),
        attended: said.attended(tally).unwrap_or_default(),
    }
}
