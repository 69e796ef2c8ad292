//! From figures to pages: what stands around each page, how times and counts are said, and the
//! pages of one sentence. The pages themselves are a file each below this one.

mod entry;
mod exchange;
mod overview;
mod school;
mod schools;
mod sections;

pub(crate) use entry::{admit, forged, privacy, refused, sign_in, signed_out, token, unknown_school};
pub(crate) use exchange::{batches, record, refused_records};
pub(crate) use overview::overview;
pub(crate) use school::{codes, days, levels_page, responses, school};
pub(crate) use schools::schools;

use crate::figures::{Delay, Scope, Shown};
use crate::guard::Visitor;
use crate::hearing::HOUR;
use crate::http::respond;
use crate::people::Role;
use crate::quality::Standing;
use analysis::Count;
use askama::Template;
use axum::response::Response;
use domain::{Date, Half, Instant, ResponseType, TermId, Threshold, Zone};
use pages::{Arg, Band, Frame, NavItem, Words};

const HTML: &str = "text/html; charset=utf-8";

/// Who looks, when, and whether this is a rehearsal.
pub(crate) struct Look {
    pub(crate) visitor: Option<Visitor>,
    pub(crate) now: Instant,
    pub(crate) rehearsal: bool,
}

impl Look {
    pub(crate) fn is_operator(&self) -> bool {
        self.visitor.as_ref().is_some_and(Visitor::is_operator)
    }

    fn csrf(&self) -> String {
        self.visitor.as_ref().map(|visitor| visitor.csrf.clone()).unwrap_or_default()
    }
}

/// Which place of the bar a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Overview,
    Schools,
    Admit,
    None,
}

fn words() -> &'static Words {
    Words::en_nz()
}

fn draw(status: u16, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => respond(status, HTML, html),
        Err(error) => {
            eprintln!("collector: a page could not be drawn: {error}");
            respond(500, "text/plain; charset=utf-8", "This page could not be drawn.")
        }
    }
}

fn frame(look: &Look, title: String, scope: Option<&Scope>, part: Part) -> Frame {
    let words = words();
    let mut frame = Frame::new(words, title);
    frame.banner = look.rehearsal.then(|| words.get("ministry-rehearsal"));
    frame.csrf = look.csrf();
    if let Some(visitor) = &look.visitor {
        frame.nav = places(visitor.is_operator(), part);
        let role = words.get(match visitor.role() {
            Role::Operator => "ministry-operator",
            Role::Analyst => "ministry-analyst",
        });
        let name = match &visitor.person {
            Some(person) => person.name.clone(),
            None => {
                // Nobody signed in, so nobody can sign out.
                frame.sign_out_url = String::new();
                words.get("ministry-this-machine")
            }
        };
        frame.person = Some(format!("{name} · {role}"));
        let today = Zone::Auckland.date(look.now).strftime("%A %-d %B %Y").to_string();
        frame.term_line = match scope.and_then(|scope| scope.term) {
            Some(term) => format!("{} · {today}", term_text(term)),
            None => today,
        };
    }
    frame
}

fn places(is_operator: bool, part: Part) -> Vec<NavItem> {
    let place =
        |name, href: &str, of| NavItem { name, href: href.to_owned(), is_current: part == of, count: None };
    let mut places =
        vec![place("overview", "/", Part::Overview), place("schools", "/schools", Part::Schools)];
    if is_operator {
        places.push(place("admit", "/admit", Part::Admit));
    }
    places
}

/// A moment as people say it, and exactly.
pub(crate) struct When {
    said: String,
    exact: String,
}

impl When {
    fn of(instant: Instant) -> Self {
        Self::said(instant, "%a %-d %b %Y, %-I.%M %P")
    }

    /// Without the year, where space is short and the time is not long ago.
    fn short(instant: Instant) -> Self {
        Self::said(instant, "%a %-d %b, %-I.%M %P")
    }

    fn said(instant: Instant, form: &str) -> Self {
        let said = Zone::Auckland.local(instant).strftime(form).to_string();
        Self { said, exact: Zone::Auckland.text(instant) }
    }
}

fn said(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

/// A page among several that can be chosen.
struct Tab {
    text: String,
    href: String,
    is_current: bool,
}

fn term_text(term: TermId) -> String {
    let year = term.year().to_string();
    words().with("ministry-term", &[("number", Arg::from(term.number())), ("year", Arg::Text(&year))])
}

/// The terms that a page can show.
fn term_tabs(scope: &Scope, path: &str) -> Vec<Tab> {
    let sign = if path.contains('?') { '&' } else { '?' };
    let tab = |&term: &TermId| Tab {
        text: term_text(term),
        href: format!("{path}{sign}term={term}"),
        is_current: scope.term == Some(term),
    };
    scope.terms.iter().map(tab).collect()
}

fn school_name(standing: &Standing) -> String {
    if standing.name.is_empty() {
        return words().one("ministry-number", "number", Arg::Text(&standing.number.to_string()));
    }
    standing.name.clone()
}

/// A count as it is shown, or that it is hidden.
fn count_text(count: Count) -> String {
    match count {
        Count::Shown(count) => grouped(i64::try_from(count).unwrap_or(i64::MAX)),
        Count::Hidden => words().get("board-hidden"),
    }
}

/// A number as people read it: "692,731".
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn grouped_count(number: usize) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

/// One level of absence.
struct LevelRow {
    band: Band,
    text: String,
    reached: String,
    withdrawn: String,
    unanswered: String,
    responses: String,
}

/// One response type with its count at each level.
struct TypeRow {
    name: &'static str,
    levels: [String; 3],
    total: String,
}

/// The two tables by level and type.
struct TablesView {
    levels: Vec<LevelRow>,
    types: Vec<TypeRow>,
    total: String,
    /// Whether small numbers are hidden from whoever looks.
    hides: bool,
}

impl TablesView {
    fn of(shown: &Shown, hides: bool) -> Self {
        let bands = [Band::Yellow, Band::Orange, Band::Red];
        let level = |(place, band): (usize, Band)| LevelRow {
            band,
            text: level_text(Threshold::MINISTRY[place].days()),
            reached: count_text(shown.reached[place]),
            withdrawn: count_text(shown.withdrawn[place]),
            unanswered: count_text(shown.unanswered[place]),
            responses: count_text(shown.columns[place]),
        };
        let kind = |(place, kind): (usize, ResponseType)| TypeRow {
            name: kind.name(),
            levels: shown.types[place].map(count_text),
            total: count_text(shown.rows[place]),
        };
        Self {
            levels: bands.into_iter().enumerate().map(level).collect(),
            types: ResponseType::ALL.into_iter().enumerate().map(kind).collect(),
            total: count_text(shown.sum),
            hides,
        }
    }
}

fn level_text(days: i64) -> String {
    words().count("ministry-level", days)
}

fn median(delay: &Delay) -> Option<String> {
    delay.median_micros.map(span)
}

fn percent(delay: &Delay) -> Option<String> {
    delay.percent().map(|percent| words().count("ministry-percent", percent))
}

/// Tenths of a per cent as "99.2 %".
fn tenths(tenths: i64) -> String {
    let figure = format!("{}.{}", tenths / 10, tenths % 10);
    words().one("ministry-percent-tenths", "figure", figure.as_str())
}

/// A length of time as people say it: minutes do not matter here, and beyond two days hours do
/// not either.
fn span(micros: i64) -> String {
    match micros / HOUR {
        ..1 => words().get("ministry-span-short"),
        hours @ 1..=48 => words().count("ministry-span-hours", hours),
        hours => words().count("ministry-span-days", hours / 24),
    }
}

fn half_word(half: &str) -> String {
    match Half::parse(half) {
        Some(Half::Am) => words().get("ministry-morning"),
        Some(Half::Pm) => words().get("ministry-afternoon"),
        None => String::new(),
    }
}
