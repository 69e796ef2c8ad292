//! How a number came about, in plain sentences: what a half-day counted as and who entered what,
//! what happened to a crossing, why, through whom, and what the Ministry was told.
//!
//! Pages and `starboard explain` say the same because both ask here. What is true is decided in
//! `app`; here it only gets words.

use crate::roll::period_title;
use crate::when::When;
use crate::words_of::{self, Said, filled};
use app::views::{
    Change, Closed, DayChange, Doer, LedgerEvent, MarkChange, NamedResponse, Rule, Told, Trace,
    TracedCrossing, TracedHalfDay, TracedMark,
};
use domain::code::UNKNOWN;
use domain::period::{Period, PeriodHalf, PeriodRule};
use domain::{Class, CodeList, CrossingState, Date, EventKind, Half, HalfDay, Instant, Term};
use pages::{Arg, Words};

/// The most changes of one act that are named one by one; of more, the first speaks for all.
const NAMED: usize = 2;

/// One event of a crossing, in sentences.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// "No longer reached (it was on Fri 8 May, pm)".
    pub(crate) what: String,
    /// "The mark of Wed 6 May, am, was changed from T (…) to P (…), by Ola Swift".
    pub(crate) why: String,
    /// When it was recorded.
    pub(crate) at: When,
    /// "Conversation with whānau, done Mon 11 May, 9.30 am", for each response that named it then.
    pub(crate) responses: Vec<String>,
    /// What the Ministry was told.
    pub(crate) ministry: String,
}

/// An event of a crossing.
pub(crate) fn step(said: Said, codes: &CodeList, told: &LedgerEvent) -> Step {
    let half_day = said.half_day(told.event.reached.half_day).said;
    let id = match told.event.kind {
        EventKind::Reached => "told-reached",
        EventKind::Moved => "told-moved",
        EventKind::Withdrawn => "told-withdrawn",
        EventKind::Restored => "told-restored",
    };
    let response = |response: &NamedResponse| {
        let done = said.instant(response.done_at).said;
        let what = words_of::response(response.kind, &response.description);
        filled(
            said.words,
            "told-response",
            &[("what", &what), ("when", &done), ("name", &response.recorded_by)],
        )
    };
    Step {
        what: said.words.one(id, "half", half_day.as_str()),
        why: format!("{}{}", change(said, codes, &told.change), doer(said.words, &told.by)),
        at: said.instant(told.event.at),
        responses: told.responses.iter().map(response).collect(),
        ministry: ministry(said, told.told),
    }
}

/// A code with its name: "M (Medical or illness)".
pub(crate) fn code(codes: &CodeList, letter: char, date: Date) -> String {
    match codes.row(letter, date) {
        Some(row) => format!("{letter} ({})", row.name),
        None => letter.to_string(),
    }
}

fn change(said: Said, codes: &CodeList, change: &Change) -> String {
    match change {
        Change::Marks(marks) => {
            listed(said, marks.iter().map(|mark| mark_change(said, codes, mark)).collect())
        }
        Change::Calendar(days, terms) => {
            let days = days.iter().map(|day| day_change(said, day));
            listed(said, terms.iter().map(|term| term_change(said, term)).chain(days).collect())
        }
        Change::Enrolment(spells) => {
            let spell = |spell: &domain::Spell| match spell.last_day {
                Some(last) => said.words.one("told-last-day", "date", said.date(last).as_str()),
                None => said.words.one("told-enrolled", "date", said.date(spell.first_day).as_str()),
            };
            listed(said, spells.iter().map(spell).collect())
        }
        Change::Codes(None) => said.words.get("when-cause-codes"),
        Change::Codes(Some(from)) => said.words.one("told-codes", "date", said.date(*from).as_str()),
        Change::Time(None) => said.words.get("told-time"),
        Change::Time(Some(mark)) => {
            let half_day = slot(said, mark.half_day, mark.period.as_ref());
            let was = entered(said, codes, mark, None);
            filled(said.words, "told-time-mark", &[("half", &half_day), ("entered", &was)])
        }
    }
}

/// A few changes by name, or the first of many and how many more there are.
fn listed(said: Said, all: Vec<String>) -> String {
    let named = if all.len() > NAMED { 1 } else { all.len() };
    let mut text = all[..named].join("; ");
    if all.len() > named {
        text.push_str(&said.words.count("told-more", all.len() - named));
    }
    if text.is_empty() { said.words.get("told-nothing-named") } else { text }
}

fn mark_change(said: Said, codes: &CodeList, change: &MarkChange) -> String {
    let half_day = slot(said, change.half_day, change.period.as_ref());
    let name = |letter| code(codes, letter, change.half_day.date);
    match (change.from, change.to) {
        (Some(from), Some(to)) => {
            let args = [("half", half_day.as_str()), ("from", &name(from)), ("to", &name(to))];
            filled(said.words, "told-mark-changed", &args)
        }
        (None, Some(to)) => filled(said.words, "told-mark-new", &[("half", &half_day), ("to", &name(to))]),
        (Some(from), None) => {
            filled(said.words, "told-mark-removed", &[("half", &half_day), ("from", &name(from))])
        }
        (None, None) => said.words.one("told-mark-none", "half", half_day.as_str()),
    }
}

/// "Fri 8 May, pm", and which period of it.
fn slot(said: Said, half_day: HalfDay, period: Option<&Period>) -> String {
    let half_day = said.half_day(half_day).said;
    match period {
        None => half_day,
        Some(period) => format!("{half_day}, {}", period_title(said, &period.name)),
    }
}

fn day_change(said: Said, day: &DayChange) -> String {
    let id = match (day.am_open, day.pm_open) {
        (true, true) => "told-day-open",
        (false, false) => "told-day-closed",
        (true, false) => "told-day-morning",
        (false, true) => "told-day-afternoon",
    };
    let text = said.words.one(id, "date", said.date(day.date).as_str());
    if day.reason.is_empty() { text } else { format!("{text} ({})", day.reason) }
}

fn term_change(said: Said, term: &Term) -> String {
    let dates = (said.date(term.first_day), said.date(term.last_day));
    let args = [("term", said.term(term.id)), ("first", dates.0), ("last", dates.1)];
    filled(said.words, "told-term", &[("term", &args[0].1), ("first", &args[1].1), ("last", &args[2].1)])
}

/// ", by Ola Swift"; nothing when time alone did it.
fn doer(words: &Words, by: &Doer) -> String {
    match by {
        Doer::Clock => String::new(),
        Doer::Operator => words.get("told-by-operator"),
        Doer::Person(name) => words.one("told-by", "name", name.as_str()),
        Doer::File { source, name, by: None } => {
            filled(words, "told-by-file", &[("source", source), ("file", name)])
        }
        Doer::File { source, name, by: Some(by) } => {
            filled(words, "told-by-brought", &[("source", source), ("file", name), ("name", by)])
        }
    }
}

fn ministry(said: Said, told: Told) -> String {
    match (told.state, told.at) {
        ("received", Some(at)) => {
            said.words.one("told-ministry-received", "when", said.instant(at).said.as_str())
        }
        ("waiting", _) => said.words.get("told-ministry-waiting"),
        ("sealed", _) => said.words.get("told-ministry-sealed"),
        ("held", _) => said.words.get("told-ministry-held"),
        ("overtaken", _) => said.words.get("told-ministry-overtaken"),
        ("refused", _) => said.words.get("told-ministry-refused"),
        _ => said.words.get("told-ministry-not"),
    }
}

/// What a half-day counts as: "Absent, justified", "School closed (ANZAC Day): not counted".
pub(crate) fn counts(said: Said, line: &TracedHalfDay) -> String {
    let words = said.words;
    match (&line.rule, line.class) {
        (Rule::Closed(why), _) => closed(words, why),
        (Rule::NotEnrolled, _) => words.get("told-not-enrolled"),
        (Rule::Unmarked, _) => words.get("told-unmarked"),
        (Rule::Unknown, _) => words.get("told-unknown"),
        (Rule::Periods(half), _) => periods(words, half),
        (Rule::OneCode, Some(Class::Justified)) => words.get("told-justified"),
        (Rule::OneCode, Some(Class::Unjustified)) => words.get("told-unjustified"),
        (Rule::OneCode, Some(Class::Present) | None) => words.get("told-present"),
    }
}

/// What the minutes of a half's periods made of it.
fn periods(words: &Words, half: &PeriodHalf) -> String {
    let id = match half.rule {
        PeriodRule::OnlyPresence => return words.get("told-present"),
        PeriodRule::OwnMinutes => "told-periods-own",
        PeriodRule::DayMinutes => "told-periods-day",
        _ if half.letter == UNKNOWN => "told-periods-unknown",
        PeriodRule::MostlyJustified => "told-periods-justified",
        PeriodRule::NotMostlyJustified => "told-periods-unjustified",
    };
    let absent = half.justified_minutes + half.unjustified_minutes;
    let args = [
        ("present", Arg::from(half.present_minutes)),
        ("justified", Arg::from(half.justified_minutes)),
        ("absent", Arg::from(absent)),
    ];
    words.with(id, &args)
}

fn closed(words: &Words, why: &Closed) -> String {
    match why {
        Closed::Weekend => words.get("told-weekend"),
        Closed::BySchool(reason) if reason.is_empty() => words.get("told-closed"),
        Closed::BySchool(reason) | Closed::Holiday(reason) => {
            words.one("told-closed-for", "reason", reason.as_str())
        }
    }
}

/// What was entered, by whom, when: "T (…) by Tia Kingi, Fri 8 May, 3.10 pm". A letter that stands
/// beside its name already needs no name here.
fn entered(said: Said, codes: &CodeList, mark: &TracedMark, beside: Option<char>) -> String {
    let words = said.words;
    let what = match mark.letter {
        Some(letter) if beside == Some(letter) => letter.to_string(),
        Some(letter) => code(codes, letter, mark.half_day.date),
        None => words.get("told-no-mark"),
    };
    let by = match (&mark.by, &mark.source) {
        (Some(name), None) => words.one("told-entered-by", "name", name.as_str()),
        (Some(name), Some(source)) => {
            filled(words, "told-entered-there", &[("name", name), ("source", source)])
        }
        (None, Some(source)) => words.one("told-entered-file", "source", source.as_str()),
        (None, None) => words.get("told-entered-operator"),
    };
    let recorded = said.instant(mark.recorded_at).said;
    let at = match mark.entered_at.filter(|at| *at != mark.recorded_at) {
        None => recorded,
        Some(at) => {
            let there = said.instant(at).said;
            filled(words, "told-entered-and-recorded", &[("entered", &there), ("recorded", &recorded)])
        }
    };
    let period = mark.period.as_ref().map(|period| format!("{}: ", period_title(said, &period.name)));
    format!("{}{what} {by}, {at}", period.unwrap_or_default())
}

/// Everything that was entered for a half-day, a sentence each: a later version of a mark begins
/// with "then".
pub(crate) fn history(said: Said, codes: &CodeList, line: &TracedHalfDay) -> Vec<String> {
    let mut before: Option<&TracedMark> = None;
    let mut told = Vec::with_capacity(line.versions.len());
    for mark in &line.versions {
        let name = |mark: &TracedMark| mark.period.as_ref().map(|period| period.name.clone());
        let text = entered(said, codes, mark, line.code);
        let is_later = before.is_some_and(|before| name(before) == name(mark));
        told.push(if is_later { format!("{} {text}", said.words.get("told-then")) } else { text });
        before = Some(mark);
    }
    told
}

/// Half-days one after the other that did not count for the same reason and hold no mark, as one.
pub(crate) fn runs(lines: &[TracedHalfDay]) -> impl Iterator<Item = &[TracedHalfDay]> {
    lines.chunk_by(|a, b| {
        let is_silent = |line: &TracedHalfDay| {
            matches!(line.rule, Rule::Closed(_) | Rule::NotEnrolled) && line.versions.is_empty()
        };
        is_silent(a) && is_silent(b) && a.rule == b.rule
    })
}

/// What the tally is provisional about, a sentence each.
pub(crate) fn provisional(words: &Words, tally: &domain::Tally) -> Vec<String> {
    let mut text = Vec::new();
    if tally.unknown > 0 {
        text.push(words.one("told-sum-unknown", "days", words.days(tally.unknown).as_str()));
    }
    if tally.unmarked() > 0 {
        text.push(words.count("told-sum-unmarked", tally.unmarked()));
    }
    text
}

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
    lines.extend(said.attended_in_category(tally));
    lines
}

/// "4.5 days absent (9 half-days): Green."
pub(crate) fn sum(words: &Words, tally: &domain::Tally) -> String {
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

/// "morning" and "afternoon" are the two halves: a day both of whose halves are in a run is whole.
pub(crate) fn span(said: Said, first: HalfDay, last: HalfDay) -> String {
    let is_whole = (first.half, last.half) == (Half::Am, Half::Pm);
    match (is_whole, first.date == last.date) {
        (_, _) if first == last => said.half_day(first).said,
        (true, true) => said.date(first.date),
        (true, false) => {
            let dates = (said.date(first.date), said.date(last.date));
            filled(said.words, "told-from-to", &[("first", &dates.0), ("last", &dates.1)])
        }
        _ => {
            let ends = (said.half_day(first).said, said.half_day(last).said);
            filled(said.words, "told-from-to", &[("first", &ends.0), ("last", &ends.1)])
        }
    }
}
