//! What an act changed, so that a crossing did: found in the history of that act.

use super::{About, Change, DayChange, MarkChange, TracedMark};
use crate::settle::is_same_slot;
use domain::{Class, Date, Term};
use std::collections::BTreeMap;
use store::calendar::CalendarHistory;
use store::derived::CrossingEventRow;
use store::mark::MarkVersion;

/// The marks of the student that an act changed, up to the half-day of the event: those that came
/// to be an absence or ceased to be one, or else all of them.
pub(super) fn marks(about: &About<'_>, event: &CrossingEventRow) -> Vec<MarkChange> {
    let own = about.marks.iter().filter(|mark| mark.student_id == event.student_id);
    let own: Vec<&MarkVersion> = own.collect();
    let mut changes = Vec::new();
    for versions in own.chunk_by(|a, b| is_same_slot(a, b)) {
        let Some(after) = versions.iter().rfind(|mark| mark.act == event.act) else { continue };
        let before = versions.iter().rfind(|mark| mark.act < event.act);
        let from = before.and_then(|mark| mark.letter);
        changes.push(MarkChange {
            half_day: after.half_day,
            period: after.period.clone(),
            from,
            to: after.letter,
        });
    }
    let is_absence = |letter: Option<char>, date: Date| {
        let code = letter.and_then(|letter| about.codes.resolve(letter, date));
        code.is_some_and(|code| code.class != Class::Present)
    };
    let matters = |change: &MarkChange| {
        let date = change.half_day.date;
        change.half_day <= event.reached.half_day
            && is_absence(change.from, date) != is_absence(change.to, date)
    };
    if changes.iter().any(matters) {
        changes.retain(matters);
    }
    changes.sort_by_key(|change| (change.half_day != event.reached.half_day, change.half_day));
    changes
}

/// The mark that began to count when its half-day came.
pub(super) fn made_beforehand(about: &About<'_>, event: &CrossingEventRow) -> Option<TracedMark> {
    let came = about.marks.iter().rfind(|mark| {
        mark.student_id == event.student_id && mark.half_day == event.reached.half_day && mark.act < event.act
    });
    came.map(|mark| TracedMark::of(mark, true, about.staff))
}

/// The rows of the calendar that an act entered: those of the term up to the half-day of the
/// event, or else all of the term.
pub(super) fn calendar(history: &CalendarHistory, term: Term, event: &CrossingEventRow) -> Change {
    let terms = history.terms.iter().filter(|version| version.act == event.act);
    let rows = history.days.iter().filter(|row| row.act == event.act && term.contains(row.date));
    let mut days: BTreeMap<Date, DayChange> = rows
        .map(|row| {
            let (am_open, pm_open) = (row.day.am_open, row.day.pm_open);
            let reason = row.day.reason.clone();
            (row.date, DayChange { date: row.date, am_open, pm_open, reason })
        })
        .collect();
    if days.keys().any(|date| *date <= event.reached.half_day.date) {
        days.retain(|date, _| *date <= event.reached.half_day.date);
    }
    Change::Calendar(days.into_values().collect(), terms.map(|version| version.term).collect())
}
