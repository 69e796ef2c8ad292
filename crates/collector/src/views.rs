//! From figures to pages: what each page's template is given, as words and numbers.

use crate::figures::{Delay, LISTED, Levels, Overview, SchoolFigures, SchoolLine, Scope, TypeCounts};
use crate::hearing::{HOUR, Hearing};
use askama::Template;
use domain::{Date, Half, Instant, TermId, Threshold, Zone};
use pages::{Arg, Band, Frame, Words};

/// A moment as people say it, and exactly.
struct When {
    said: String,
    exact: String,
}

impl When {
    fn of(instant: Instant) -> Self {
        let local = Zone::Auckland.local(instant);
        Self {
            said: local.strftime("%a %-d %b %Y, %-I.%M %P").to_string(),
            exact: Zone::Auckland.text(instant),
        }
    }
}

fn said(date: Option<Date>) -> String {
    date.map(|date| date.strftime("%a %-d %b %Y").to_string()).unwrap_or_default()
}

/// A term that the page can show.
struct TermTab {
    text: String,
    href: String,
    is_current: bool,
}

/// One school in the list.
struct SchoolRow {
    number: i64,
    name: String,
    href: String,
    heard: Option<When>,
    is_silent: bool,
    is_never: bool,
    days: i64,
    last_day: String,
    crossings: i64,
    responses: i64,
    percent: Option<String>,
}

/// One level of absence.
struct LevelRow {
    band: Band,
    text: String,
    reached: i64,
    withdrawn: i64,
    responses: i64,
}

/// One response type with its count at each level.
struct TypeRow {
    name: &'static str,
    levels: Levels,
    total: i64,
}

#[derive(Template)]
#[template(path = "ministry-overview.html")]
struct OverviewPage {
    frame: Frame,
    tabs: Vec<TermTab>,
    schools: Vec<SchoolRow>,
    silent: Vec<SchoolRow>,
    levels: Vec<LevelRow>,
    types: Vec<TypeRow>,
    responses: i64,
    median: Option<String>,
    percent: Option<String>,
}

struct DayRow {
    date: String,
    open: String,
    enrolled: i64,
    marked: i64,
    received: Option<When>,
}

struct ResponseRow {
    kind: &'static str,
    description: String,
    is_held: bool,
    is_withdrawn: bool,
    level: String,
    done: Option<When>,
    recorded: Option<When>,
    delay: String,
}

struct ClosureRow {
    date: String,
    half: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "ministry-school.html")]
struct SchoolPage {
    frame: Frame,
    tabs: Vec<TermTab>,
    school: SchoolRow,
    position: String,
    batches: i64,
    rejected: i64,
    median: Option<String>,
    levels: Vec<LevelRow>,
    days: Vec<DayRow>,
    responses: Vec<ResponseRow>,
    shows_newest_only: bool,
    closures: Vec<ClosureRow>,
}

#[derive(Template)]
#[template(path = "ministry-privacy.html")]
struct PrivacyPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "ministry-message.html")]
struct MessagePage {
    frame: Frame,
    text: String,
}

/// Draws the page of all schools.
pub(crate) fn overview(figures: Overview, now: Instant, rehearsal: bool) -> Result<String, askama::Error> {
    let words = Words::en_nz();
    let by_level = by_level(&figures.types);
    let rows = || figures.schools.iter().map(|line| school_row(words, line, &figures.scope));
    let page = OverviewPage {
        frame: frame(words, words.get("ministry-schools"), &figures.scope, now, rehearsal),
        tabs: tabs(&figures.scope, "/"),
        schools: rows().collect(),
        silent: rows().filter(|row| row.is_silent).collect(),
        levels: levels(words, figures.reached, figures.withdrawn, by_level),
        types: figures
            .types
            .iter()
            .map(|(kind, levels)| TypeRow { name: kind.name(), levels: *levels, total: levels.iter().sum() })
            .collect(),
        responses: figures.delay.responses,
        median: median(words, &figures.delay),
        percent: percent(words, &figures.delay),
    };
    page.render()
}

/// Draws the page of one school.
pub(crate) fn school(figures: SchoolFigures, now: Instant, rehearsal: bool) -> Result<String, askama::Error> {
    let words = Words::en_nz();
    let line = &figures.line;
    let position = [("epoch", Arg::Number(figures.epoch)), ("seq", Arg::Number(figures.expected_seq))];
    let mut frame = frame(words, name(words, line), &figures.scope, now, rehearsal);
    frame.school = words.one("ministry-number", "number", Arg::Text(&line.number.to_string()));
    let page = SchoolPage {
        frame,
        tabs: tabs(&figures.scope, &format!("/schools/{}", line.number)),
        school: school_row(words, line, &figures.scope),
        position: words.with("ministry-position", &position),
        batches: figures.batches,
        rejected: figures.rejected,
        median: median(words, &line.delay),
        levels: levels(words, figures.reached, figures.withdrawn, by_level(&figures.types)),
        days: figures.days.iter().map(|day| day_row(words, day)).collect(),
        shows_newest_only: figures.responses.len() >= LISTED,
        responses: figures.responses.into_iter().map(|line| response_row(words, line)).collect(),
        closures: figures
            .closures
            .into_iter()
            .map(|closure| ClosureRow {
                date: said(closure.date),
                half: half_word(words, &closure.half),
                reason: closure.reason,
            })
            .collect(),
    };
    page.render()
}

/// Draws the page that says what is kept here and why.
pub(crate) fn privacy(rehearsal: bool) -> Result<String, askama::Error> {
    let words = Words::en_nz();
    PrivacyPage { frame: plain_frame(words, words.get("frame-privacy"), rehearsal) }.render()
}

/// Draws a page of one sentence.
pub(crate) fn message(title: &str, text: &str) -> Result<String, askama::Error> {
    let words = Words::en_nz();
    MessagePage { frame: plain_frame(words, words.get(title), false), text: words.get(text) }.render()
}

fn plain_frame(words: &'static Words, title: String, rehearsal: bool) -> Frame {
    let mut frame = Frame::new(words, title);
    frame.banner = rehearsal.then(|| words.get("ministry-rehearsal"));
    frame
}

fn frame(words: &'static Words, title: String, scope: &Scope, now: Instant, rehearsal: bool) -> Frame {
    let mut frame = plain_frame(words, title, rehearsal);
    let today = Zone::Auckland.date(now).strftime("%A %-d %B %Y").to_string();
    frame.term_line = match scope.term {
        Some(term) => format!("{} · {today}", term_text(words, term)),
        None => today,
    };
    frame
}

fn term_text(words: &Words, term: TermId) -> String {
    let year = term.year().to_string();
    words.with("ministry-term", &[("number", Arg::from(term.number())), ("year", Arg::Text(&year))])
}

fn tabs(scope: &Scope, path: &str) -> Vec<TermTab> {
    let tab = |&term: &TermId| TermTab {
        text: term_text(Words::en_nz(), term),
        href: format!("{path}?term={term}"),
        is_current: scope.term == Some(term),
    };
    scope.terms.iter().map(tab).collect()
}

fn name(words: &Words, line: &SchoolLine) -> String {
    if line.name.is_empty() {
        return words.one("ministry-number", "number", Arg::Text(&line.number.to_string()));
    }
    line.name.clone()
}

fn school_row(words: &Words, line: &SchoolLine, scope: &Scope) -> SchoolRow {
    let term = scope.term.map(|term| format!("?term={term}")).unwrap_or_default();
    SchoolRow {
        number: line.number,
        name: name(words, line),
        href: format!("/schools/{}{term}", line.number),
        heard: line.last_heard_at.map(When::of),
        is_silent: line.hearing == Hearing::Silent,
        is_never: line.hearing == Hearing::Never,
        days: line.days,
        last_day: said(line.last_day),
        crossings: line.crossings,
        responses: line.delay.responses,
        percent: percent(words, &line.delay),
    }
}

fn levels(words: &Words, reached: Levels, withdrawn: Levels, responses: Levels) -> Vec<LevelRow> {
    let bands = [Band::Yellow, Band::Orange, Band::Red];
    let row = |(place, band): (usize, Band)| LevelRow {
        band,
        text: level_text(words, Threshold::MINISTRY[place].days()),
        reached: reached[place],
        withdrawn: withdrawn[place],
        responses: responses[place],
    };
    bands.into_iter().enumerate().map(row).collect()
}

fn level_text(words: &Words, days: i64) -> String {
    words.count("ministry-level", days)
}

fn by_level(types: &[TypeCounts]) -> Levels {
    [0, 1, 2].map(|place| types.iter().map(|(_, levels)| levels[place]).sum())
}

fn median(words: &Words, delay: &Delay) -> Option<String> {
    delay.median_micros.map(|micros| span(words, micros))
}

fn percent(words: &Words, delay: &Delay) -> Option<String> {
    delay.percent().map(|percent| words.count("ministry-percent", percent))
}

/// A length of time as people say it: minutes do not matter here, and beyond two days hours do
/// not either.
fn span(words: &Words, micros: i64) -> String {
    match micros / HOUR {
        ..1 => words.get("ministry-span-short"),
        hours @ 1..=48 => words.count("ministry-span-hours", hours),
        hours => words.count("ministry-span-days", hours / 24),
    }
}

fn half_word(words: &Words, half: &str) -> String {
    match Half::parse(half) {
        Some(Half::Am) => words.get("ministry-morning"),
        Some(Half::Pm) => words.get("ministry-afternoon"),
        None => String::new(),
    }
}

fn day_row(words: &Words, day: &crate::figures::DayLine) -> DayRow {
    let open = match (day.am_open, day.pm_open) {
        (true, true) => "ministry-open-all-day",
        (true, false) => "ministry-open-morning",
        (false, true) => "ministry-open-afternoon",
        (false, false) => "ministry-open-not",
    };
    DayRow {
        date: said(day.date),
        open: words.get(open),
        enrolled: day.enrolled,
        marked: day.marked,
        received: day.received_at.map(When::of),
    }
}

fn response_row(words: &Words, line: crate::figures::ResponseLine) -> ResponseRow {
    let delay = match (line.done_at, line.recorded_at) {
        (Some(done), Some(recorded)) => span(words, recorded.micros_since(done)),
        _ => String::new(),
    };
    ResponseRow {
        kind: line.kind.map_or("", domain::ResponseType::name),
        description: line.description.unwrap_or_default(),
        is_held: line.is_held,
        is_withdrawn: line.is_withdrawn,
        level: level_text(words, line.level),
        done: line.done_at.map(When::of),
        recorded: line.recorded_at.map(When::of),
        delay,
    }
}
