//! One school: how well it reports, each figure with what it means and the list behind it.

use super::sections::{Cell, Section, SectionsPage, numbers, places, texts};
use super::{
    Look, Part, Tab, TablesView, When, count_text, draw, frame, half_word, level_text, median, percent, said,
    school_name, span, tenths, term_tabs, words,
};
use crate::concern::{Concern, SchoolLine};
use crate::figures::{LISTED, Scope};
use crate::hearing::Hearing;
use crate::lists::{ActLine, ClosureLine, ResponseLine, Which};
use crate::quality::{Counted, Day, Snapshot};
use crate::silence::Silence;
use analysis::Count;
use askama::Template;
use axum::response::Response;
use domain::{Date, Threshold, term::days_between};
use pages::{Arg, Frame};

/// One figure of the report.
struct FigureRow {
    name: String,
    about: String,
    value: String,
    note: Option<String>,
    /// The list behind it, where whoever looks may see one.
    href: Option<String>,
    needs_look: bool,
}

#[derive(Template)]
#[template(path = "ministry-school.html")]
struct SchoolPage {
    frame: Frame,
    tabs: Vec<Tab>,
    places: Vec<Tab>,
    number: i64,
    heard: Option<When>,
    first_heard: Option<When>,
    admitted: Option<When>,
    is_silent: bool,
    is_never: bool,
    days: i64,
    last_day: String,
    responses: String,
    percent: Option<String>,
    median: Option<String>,
    figures: Vec<FigureRow>,
    tables: TablesView,
    sections: Vec<Section>,
    is_operator: bool,
}

/// Draws the report of one school.
pub(crate) fn school(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    snapshots: &[Snapshot],
    silences: &[Silence],
    acts: &[ActLine],
) -> Response {
    let (words, standing) = (words(), &line.standing);
    let fallback = Counted::default();
    let counted = line.counted.as_deref().unwrap_or(&fallback);
    let hides = !look.is_operator();
    let shown = counted.tables.shown(hides);
    let is_shown = shown.sum != Count::Hidden;
    let mut frame = frame(look, school_name(standing), Some(scope), Part::Schools);
    frame.school = words.one("ministry-number", "number", Arg::Text(&standing.number.to_string()));
    let mut sections = vec![snapshot_section(snapshots), silence_section(silences)];
    if look.is_operator() {
        sections.push(acts_section(acts));
    }
    draw(
        200,
        &SchoolPage {
            frame,
            tabs: term_tabs(scope, &format!("/schools/{}", standing.number)),
            places: places(look, scope, standing.number, ""),
            number: standing.number,
            heard: standing.last_heard_at.map(When::of),
            first_heard: standing.first_heard_at.map(When::of),
            admitted: standing.admitted_at.map(When::of),
            is_silent: line.hearing == Hearing::Silent,
            is_never: line.hearing == Hearing::Never,
            days: counted.days,
            last_day: counted.last_day.map(said).unwrap_or_default(),
            responses: count_text(shown.sum),
            percent: percent(&counted.delay).filter(|_| is_shown),
            median: median(&counted.delay).filter(|_| is_shown),
            figures: figures(look, scope, line, counted, count_text(shown.unanswered_sum)),
            tables: TablesView::of(&shown, hides),
            sections,
            is_operator: look.is_operator(),
        },
    )
}

fn figures(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    counted: &Counted,
    unanswered: String,
) -> Vec<FigureRow> {
    let words = words();
    let operator = look.is_operator();
    let figure = |concern: Concern, value: String, note: Option<String>, list: Option<&str>| FigureRow {
        name: words.get(&format!("ministry-figure-{}", concern.text())),
        about: words.get(&format!("ministry-figure-{}-about", concern.text())),
        value,
        note,
        href: list.map(|list| {
            let (list, place) = list
                .split_once('#')
                .map_or((list, String::new()), |(list, place)| (list, format!("#{place}")));
            let sign = if list.contains('?') { '&' } else { '?' };
            format!("/schools/{}{list}{}{place}", line.standing.number, scope.query(sign))
        }),
        needs_look: line.weight(concern, look.now) > 0,
    };
    let days = |days: i64| words.count("ministry-oldest", days);
    let not_due = || Some(words.get("ministry-snapshots-note"));
    let oldest = counted.oldest_unanswered.map(|day| days_between(day, scope.today)).map(i64::from).map(days);
    let marked = counted.marked_tenths().map(tenths);
    let marked = marked.map(|percent| words.one("ministry-marked-note", "percent", percent.as_str()));
    let within = percent(&counted.delay);
    let within = within.map(|percent| words.one("ministry-within-note", "percent", percent.as_str()));
    let taken = words.count("ministry-refused-note", counted.refused);
    let missing = if scope.window.is_some() { counted.missing.len().to_string() } else { "–".to_owned() };
    vec![
        figure(Concern::Days, missing, missing_note(scope, line), Some("/days")),
        figure(Concern::Marks, counted.partly.to_string(), marked, Some("/days#told")),
        figure(Concern::Codes, counted.unknown_codes.to_string(), None, Some("/codes")),
        figure(Concern::Unanswered, unanswered, oldest.filter(|_| operator), Some("/levels")),
        figure(
            Concern::Late,
            counted.delay.late().to_string(),
            within,
            Some(if operator { "/responses?show=late" } else { "/responses" }),
        ),
        figure(Concern::Held, counted.held.to_string(), None, operator.then_some("/responses?show=held")),
        figure(
            Concern::Refused,
            counted.refused_open.to_string(),
            (counted.refused > 0).then_some(taken),
            operator.then_some("/refused"),
        ),
        figure(
            Concern::Snapshots,
            counted.missing_snapshots.map_or_else(|| "–".to_owned(), |missing| missing.to_string()),
            if counted.missing_snapshots.is_none() { not_due() } else { None },
            Some("#snapshots"),
        ),
    ]
}

/// From which day on days are expected.
fn missing_note(scope: &Scope, line: &SchoolLine) -> Option<String> {
    let Some((first, last)) = scope.window else {
        return Some(words().get("ministry-missing-unknown"));
    };
    let heard = domain::Zone::Auckland.date(line.standing.first_heard_at?);
    let from = said(first.max(heard));
    (heard <= last).then(|| words().one("ministry-missing-from", "day", from.as_str()))
}

fn snapshot_section(snapshots: &[Snapshot]) -> Section {
    let row = |snapshot: &Snapshot| {
        let stream = words().get(&format!("ministry-stream-{}", snapshot.stream));
        vec![Cell::text(stream), Cell::date(snapshot.last_day), Cell::when(snapshot.received_at)]
    };
    let names = [texts("ministry-stream"), texts("ministry-last-day-of-term"), texts("ministry-received")];
    Section::new("ministry-snapshots", names, snapshots.iter().map(row).collect())
}

fn silence_section(silences: &[Silence]) -> Section {
    let row = |silence: &Silence| {
        let over = match silence.heard_at {
            Some(at) => Cell::when(Some(at)),
            None => Cell::text("").tagged("tag-bad", "ministry-silent-still"),
        };
        vec![Cell::when(silence.since), Cell::when(silence.raised_at), over]
    };
    let names = [texts("ministry-last-heard"), texts("ministry-raised"), texts("ministry-heard-again")];
    Section::new("ministry-silences", names, silences.iter().map(row).collect())
}

fn acts_section(acts: &[ActLine]) -> Section {
    let row = |(at, name, kind): &ActLine| {
        let who = name.clone().unwrap_or_else(|| words().get("ministry-this-machine"));
        let what = words().get(&format!("ministry-act-{kind}"));
        vec![Cell::when(*at), Cell::text(what), Cell::text(who)]
    };
    let names = [texts("ministry-when"), texts("ministry-what"), texts("ministry-who")];
    Section::new("ministry-acts", names, acts.iter().map(row).collect())
}

/// Draws which days are missing, which were told, and which were closed.
pub(crate) fn days(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    days: &[Day],
    closures: &[ClosureLine],
) -> Response {
    let mut page = SectionsPage::new(look, scope, line, "/days", words().get("ministry-place-days"));
    let missing = line.counted.as_deref().map(|counted| counted.missing.as_slice()).unwrap_or_default();
    let age =
        |day: Date| Cell::text(words().count("ministry-age", i64::from(days_between(day, scope.today))));
    let missed = missing.iter().rev().map(|&day| vec![Cell::date(Some(day)), age(day)]).collect();
    page.sections.push(Section::new(
        "ministry-missing",
        [texts("ministry-day"), texts("ministry-how-long")],
        missed,
    ));
    let names = [
        texts("ministry-day"),
        texts("ministry-open"),
        numbers("ministry-enrolled"),
        numbers("ministry-marked"),
        numbers("ministry-of"),
        texts("ministry-received"),
    ];
    let told = days.iter().map(|day| told_row(day, scope)).collect();
    page.sections.push(Section::new("ministry-told", names, told));
    let closed = |closure: &ClosureLine| {
        let half = half_word(&closure.half);
        vec![Cell::date(closure.date), Cell::text(half), Cell::text(closure.reason.clone())]
    };
    let names = [texts("ministry-day"), texts("ministry-half"), texts("ministry-reason")];
    page.sections.push(Section::new("ministry-closures", names, closures.iter().map(closed).collect()));
    draw(200, &page)
}

fn told_row(day: &Day, scope: &Scope) -> Vec<Cell> {
    let open = match (day.am_open, day.pm_open) {
        (true, true) => "ministry-open-all-day",
        (true, false) => "ministry-open-morning",
        (false, true) => "ministry-open-afternoon",
        (false, false) => "ministry-open-not",
    };
    let mut date = Cell::date(Some(day.date));
    if day.is_partly_marked() && day.date < scope.today {
        date = date.tagged("tag-wait", "ministry-partly");
    }
    vec![
        date,
        Cell::text(words().get(open)),
        Cell::number(day.enrolled),
        Cell::number(day.marked),
        Cell::number(day.to_mark()),
        Cell::when(day.received_at),
    ]
}

/// Draws the codes that the list does not know, with their dates.
pub(crate) fn codes(look: &Look, scope: &Scope, line: &SchoolLine, codes: &[(char, Date, i64)]) -> Response {
    let mut page = SectionsPage::new(look, scope, line, "/codes", words().get("ministry-place-codes"));
    let row = |&(code, date, half_days): &(char, Date, i64)| {
        vec![Cell::code(code), Cell::date(Some(date)), Cell::number(half_days)]
    };
    let names = [texts("ministry-code"), texts("ministry-day"), numbers("ministry-half-days")];
    page.sections.push(Section::new("ministry-codes", names, codes.iter().map(row).collect()));
    draw(200, &page)
}

/// Draws the levels reached, and those without a response: to an operator one by one, to an
/// analyst in counts.
pub(crate) fn levels_page(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    open: &[(i64, Option<Date>)],
) -> Response {
    let mut page = SectionsPage::new(look, scope, line, "/levels", words().get("ministry-place-levels"));
    let hides = !look.is_operator();
    let shown = line.counted.as_deref().map(|counted| counted.tables.shown(hides));
    if let Some(shown) = shown {
        let level = |place: usize| {
            vec![
                Cell::text(level_text(Threshold::MINISTRY[place].days())),
                Cell::text(count_text(shown.reached[place])),
                Cell::text(count_text(shown.unanswered[place])),
                Cell::text(count_text(shown.withdrawn[place])),
            ]
        };
        let names = [
            texts("ministry-level-column"),
            numbers("ministry-reached"),
            numbers("ministry-unanswered"),
            numbers("ministry-withdrawn"),
        ];
        let mut section = Section::new("ministry-by-level", names, [0, 1, 2].map(level).into());
        section.is_whole = false;
        page.sections.push(section);
    }
    if hides {
        page.note = Some(words().get("ministry-hides"));
        return draw(200, &page);
    }
    let row = |&(days, date): &(i64, Option<Date>)| {
        let age = date.map(|day| i64::from(days_between(day, scope.today)));
        let age = age.map(|days| words().count("ministry-age", days)).unwrap_or_default();
        vec![Cell::date(date), Cell::text(level_text(days)), Cell::text(age)]
    };
    let names = [texts("ministry-reached-on"), texts("ministry-level-column"), texts("ministry-how-long")];
    let rows = open.iter().take(LISTED).map(row).collect();
    let mut section = Section::new("ministry-open-levels", names, rows);
    section.is_whole = open.len() <= LISTED;
    page.sections.push(section);
    draw(200, &page)
}

/// Draws responses: to an operator one by one without the student, to an analyst by type and level.
pub(crate) fn responses(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    which: Which,
    lines: &[ResponseLine],
) -> Response {
    let mut page = SectionsPage::new(look, scope, line, "/responses", words().get("ministry-responses"));
    if !look.is_operator() {
        page.note = Some(words().get("ministry-hides"));
        if let Some(counted) = line.counted.as_deref() {
            page.sections.push(types_section(&TablesView::of(&counted.tables.shown(true), true)));
        }
        return draw(200, &page);
    }
    let choice = |of: Which| {
        let (word, show) = match of {
            Which::All => ("ministry-responses-all", String::new()),
            Which::Late => ("ministry-responses-late", "?show=late".to_owned()),
            Which::Held => ("ministry-responses-held", "?show=held".to_owned()),
        };
        let sign = if show.is_empty() { '?' } else { '&' };
        let href = format!("/schools/{}/responses{show}{}", line.standing.number, scope.query(sign));
        Tab { text: words().get(word), href, is_current: of == which }
    };
    page.choices = Which::ALL.map(choice).into();
    if lines.len() >= LISTED {
        page.note = Some(words().count("ministry-newest", lines.len()));
    }
    let names = [
        texts("ministry-type"),
        texts("ministry-description"),
        texts("ministry-level-column"),
        texts("ministry-done"),
        texts("ministry-recorded"),
        texts("ministry-delay"),
    ];
    let mut section = Section::new("ministry-responses", names, lines.iter().map(response_row).collect());
    section.is_whole = lines.len() < LISTED;
    page.sections.push(section);
    draw(200, &page)
}

fn response_row(line: &ResponseLine) -> Vec<Cell> {
    let delay = match (line.done_at, line.recorded_at) {
        (Some(done), Some(recorded)) => span(recorded.micros_since(done)),
        _ => String::new(),
    };
    let mut kind = Cell::text(line.kind.map_or("", domain::ResponseType::name));
    if line.is_withdrawn {
        kind = kind.tagged("", "ministry-withdrawn");
        kind.is_gone = true;
    }
    let description = match &line.description {
        _ if line.is_held => Cell::text("").tagged("tag-wait", "ministry-held"),
        Some(description) => Cell::text(description.clone()),
        None => Cell::text("–"),
    };
    vec![
        kind,
        description,
        Cell::text(level_text(line.level)),
        Cell::when(line.done_at),
        Cell::when(line.recorded_at),
        Cell::text(delay),
    ]
}

fn types_section(tables: &TablesView) -> Section {
    let row = |row: &super::TypeRow| {
        let mut cells = vec![Cell::text(row.name)];
        cells.extend(row.levels.iter().map(Cell::text));
        cells.push(Cell::text(row.total.clone()));
        cells
    };
    let mut section =
        Section::new("ministry-by-type", [texts("ministry-type")], tables.types.iter().map(row).collect());
    let names = tables.levels.iter().map(|level| level.text.clone()).chain([words().get("ministry-total")]);
    section.is_whole = false;
    section.columns.extend(names.map(|name| super::sections::Column { name, is_number: true }));
    section
}
