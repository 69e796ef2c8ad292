//! A whole trace as text, for the command line.

use super::{code, counts, filled, history, provisional, runs, step};
use crate::words_of::{self, Said};
use app::views::{Trace, TracedCrossing, TracedHalfDay};
use domain::{CrossingState, HalfDay, Instant};
use pages::{Arg, Words};

/// The whole trace as text, for the command line: sentences that a parent could follow, each
/// half-day on a line that begins with its date.
#[must_use]
pub fn text(words: &'static Words, now: Instant, trace: &Trace) -> String {
    let said = Said::new(words, trace.zone, now);
    let mut lines = heading(said, trace);
    lines.extend([String::new(), words.get("told-half-days")]);
    for run in runs(&trace.half_days) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        lines.push(format!("  {}", half_day_text(said, trace, first, last)));
    }
    let aside: Vec<&TracedHalfDay> = trace.half_days.iter().filter(|line| line.is_set_aside()).collect();
    if !aside.is_empty() {
        lines.extend([String::new(), words.get("told-aside")]);
        lines.extend(aside.iter().map(|line| format!("  {}", half_day_text(said, trace, line, line))));
    }
    lines.extend([String::new(), words.get("told-crossings")]);
    if trace.crossings.is_empty() {
        lines.push(format!("  {}", words.get("told-crossings-none")));
    }
    for crossing in &trace.crossings {
        lines.extend(crossing_text(said, trace, crossing).into_iter().map(|line| format!("  {line}")));
    }
    lines.join("\n")
}

fn heading(said: Said, trace: &Trace) -> Vec<String> {
    let (words, tally) = (said.words, &trace.tally);
    let who = format!("{} ({})", trace.student.full_name(), trace.student.id);
    let (term, as_of) = (said.term(trace.term.id), said.half_day(trace.as_of).exact);
    let until = filled(words, "told-until", &[("term", &term), ("until", &as_of)]);
    let mut lines = vec![format!("{who}, {until}")];
    lines.push(match trace.known_at {
        None => words.get("told-known-now"),
        Some(at) => words.one("told-known-at", "when", said.instant(at).exact.as_str()),
    });
    lines.push(String::new());
    lines.push(sum(words, tally));
    lines.extend(provisional(words, tally));
    if let Some(category) = tally.category() {
        let (percent, category) = (tally.attendance_percent(), words_of::category(words, category));
        lines.push(filled(words, "told-attended", &[("percent", &percent), ("category", &category)]));
    }
    lines
}

/// "4.5 days absent (9 half-days): Green."
fn sum(words: &Words, tally: &domain::Tally) -> String {
    let (days, band) = (words.days(tally.absent()), words.get(words_of::band(tally.band()).word()));
    let args = [("days", Arg::from(&days)), ("count", Arg::from(tally.absent())), ("band", Arg::from(&band))];
    words.with("told-sum", &args)
}

fn half_day_text(said: Said, trace: &Trace, first: &TracedHalfDay, last: &TracedHalfDay) -> String {
    let day = |half_day: HalfDay| {
        let weekday = said.weekday_half(half_day);
        format!("{half_day} ({})", weekday.split(' ').next().unwrap_or_default())
    };
    let dates = if first.half_day == last.half_day {
        day(first.half_day)
    } else {
        filled(said.words, "told-from-to", &[("first", &day(first.half_day)), ("last", &day(last.half_day))])
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(first.code.map(|letter| code(&trace.codes, letter, first.half_day.date)));
    let number = first.number.map(|number| format!(", {}", said.words.count("told-number", number)));
    parts.push(format!("{}{}", counts(said, first), number.unwrap_or_default()));
    let reached = first.reached.map(|level| said.level(level));
    parts.extend(reached.map(|level| said.words.one("student-reached-here", "level", level.as_str())));
    let marks = history(said, &trace.codes, first);
    let history = if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join("; ")) };
    format!("{dates}  {}{history}", parts.join(". ").replace("..", "."))
}

fn crossing_text(said: Said, trace: &Trace, crossing: &TracedCrossing) -> Vec<String> {
    let level = said.level(crossing.reached.threshold);
    let half_day = said.half_day(crossing.reached.half_day).said;
    let id = match crossing.state {
        CrossingState::Reached => "told-level-reached",
        CrossingState::Withdrawn => "told-level-withdrawn",
    };
    let mut lines = vec![filled(said.words, id, &[("level", &level), ("half", &half_day)])];
    for event in &crossing.events {
        let step = step(said, &trace.codes, event);
        lines.push(format!("  {}: {}. {}.", step.at.said, step.what, step.why));
        if !step.responses.is_empty() {
            let named = said.words.count("told-responses", step.responses.len());
            lines.push(format!("    {named} {}.", step.responses.join("; ")));
        }
        lines.push(format!("    {}", step.ministry));
    }
    lines
}
