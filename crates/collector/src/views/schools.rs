//! The data-quality report over all schools: a line a school, those that need attention first.

use super::{Look, Part, Tab, When, draw, frame, percent, said, school_name, tenths, term_tabs, words};
use crate::concern::Concern;
use crate::figures::Scope;
use crate::quality::Counted;
use crate::report::{Report, Row, Show};
use askama::Template;
use axum::response::Response;
use pages::Frame;

/// One school in the list.
struct SchoolRow {
    number: i64,
    name: String,
    href: String,
    heard: Option<When>,
    tags: Vec<(&'static str, String)>,
    /// Nothing while it is being counted.
    figures: Option<Figures>,
}

struct Figures {
    missing: usize,
    last_day: String,
    partly: i64,
    marked: String,
    codes: i64,
    unanswered: String,
    within: String,
    held: i64,
    refused: i64,
}

/// One choice of what to show.
struct Choice {
    value: &'static str,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "ministry-schools.html")]
struct SchoolsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    term: String,
    choices: Vec<Choice>,
    find: String,
    waiting: usize,
    all: usize,
    found: String,
    shows_all: bool,
    about: String,
    rows: Vec<SchoolRow>,
    csv: String,
    earlier: Option<String>,
    later: Option<String>,
    page: String,
    is_operator: bool,
}

/// Draws the list of schools.
pub(crate) fn schools(look: &Look, scope: &Scope, report: &Report) -> Response {
    let words = words();
    let show = report.asked.show;
    let address = |path: &str, page: usize| address(report, scope, path, page);
    let (page, pages) = (report.page(), report.pages());
    let choice = |of: Show| Choice { value: of.text(), text: show_text(of), is_chosen: of == show };
    let hides = !look.is_operator();
    let about = match show {
        Show::All => words.get("ministry-show-all-about"),
        Show::Look => words.get("ministry-show-look-about"),
        Show::Only(concern) => words.get(&format!("ministry-concern-{}-about", concern.text())),
    };
    let numbers = [("page", page + 1), ("pages", pages)].map(|(name, number)| (name, number.into()));
    draw(
        200,
        &SchoolsPage {
            frame: frame(look, words.get("ministry-schools"), Some(scope), Part::Schools),
            tabs: term_tabs(scope, &untermed(report, "/schools")),
            term: scope.term.map(|term| term.to_string()).unwrap_or_default(),
            choices: Show::every().map(choice).collect(),
            find: report.asked.find.clone(),
            waiting: report.waiting,
            all: report.schools,
            found: found_text(report.rows.len()),
            shows_all: show == Show::All && report.asked.find.is_empty(),
            about,
            rows: report.shown().iter().map(|row| school_row(row, scope, hides)).collect(),
            csv: address("/schools.csv", 0),
            earlier: (page > 0).then(|| address("/schools", page - 1)),
            later: (page + 1 < pages).then(|| address("/schools", page + 1)),
            page: words.with("ministry-page", &numbers),
            is_operator: look.is_operator(),
        },
    )
}

fn found_text(count: usize) -> String {
    let figure = super::grouped_count(count);
    let args = [("count", count.into()), ("figure", pages::Arg::Text(&figure))];
    words().with("ministry-found", &args)
}

fn show_text(show: Show) -> String {
    match show {
        Show::All => words().get("ministry-show-all"),
        Show::Look => words().get("ministry-show-look"),
        Show::Only(concern) => words().get(&format!("ministry-concern-{}", concern.text())),
    }
}

/// The same question without its term.
fn untermed(report: &Report, path: &str) -> String {
    let mut parts = Vec::new();
    if report.asked.show != Show::All {
        parts.push(format!("show={}", report.asked.show.text()));
    }
    if !report.asked.find.is_empty() {
        parts.push(format!("q={}", encode(&report.asked.find)));
    }
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

fn address(report: &Report, scope: &Scope, path: &str, page: usize) -> String {
    let mut address = untermed(report, path);
    let mut add = |part: String| {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(&part);
    };
    if let Some(term) = scope.term {
        add(format!("term={term}"));
    }
    if page > 0 {
        add(format!("page={}", page + 1));
    }
    address
}

/// A text as one value of a query.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn school_row(row: &Row, scope: &Scope, hides: bool) -> SchoolRow {
    let (line, standing) = (&row.line, &row.line.standing);
    let tag = |concern: &Concern| {
        use Concern::{Held, Late, Marks, Silent, Unanswered};
        let look = match concern {
            Silent => "tag-bad",
            Late | Marks | Unanswered | Held => "",
            _ => "tag-wait",
        };
        (look, words().get(&format!("ministry-tag-{}", concern.text())))
    };
    SchoolRow {
        number: standing.number,
        name: school_name(standing),
        href: format!("/schools/{}{}", standing.number, scope.query('?')),
        heard: standing.last_heard_at.map(When::short),
        tags: row.concerns.iter().map(tag).collect(),
        figures: line.counted.as_deref().map(|counted| figures(counted, hides)),
    }
}

fn figures(counted: &Counted, hides: bool) -> Figures {
    let dash = || "–".to_owned();
    let unanswered = counted.unanswered();
    Figures {
        missing: counted.missing.len(),
        last_day: counted.last_day.map(said).unwrap_or_default(),
        partly: counted.partly,
        marked: counted.marked_tenths().map(tenths).unwrap_or_default(),
        codes: counted.unknown_codes,
        unanswered: if hides && (1..5).contains(&unanswered) {
            words().get("board-hidden")
        } else {
            unanswered.to_string()
        },
        within: percent(&counted.delay).unwrap_or_else(dash),
        held: counted.held,
        refused: counted.refused_open,
    }
}
