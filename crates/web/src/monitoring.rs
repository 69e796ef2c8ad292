//! The review of a term: whether each level reached gets a response, how soon, what was done, what
//! followed, and what is to be mended. Two charts, each a table whose rows have a bar.

mod files;

use crate::asked::Asked;
use crate::listing::Files;
use crate::today::Tab;
use crate::words_of::{Said, filled};
use crate::{Page, WebError, links};
use app::views::{
    FINDING_LINES, Finding, FindingKind, FindingLine, FollowedLine, LevelLine, Levels, TermReview, Used,
    WAITING_DAYS,
};
use askama::Template;
use axum::response::Response;
use domain::{Term, TermId};
use pages::Frame;

/// How long a bar is at most, in the units of its drawing.
pub(crate) const BAR: usize = 1000;

/// How many terms there are tabs for.
const TERMS: usize = 6;

/// A stretch of a bar: its class, where it begins and how long it is.
pub(crate) struct Part {
    pub(crate) class: &'static str,
    pub(crate) from: usize,
    pub(crate) length: usize,
}

/// What became of a level.
struct Level {
    name: String,
    bar: Vec<Part>,
    reached: usize,
    in_time: usize,
    later: usize,
    open: usize,
    past_due: usize,
    not_owed: usize,
    median: Option<String>,
    ninetieth: Option<String>,
}

/// A name with three or four counts.
struct Row {
    name: String,
    counts: Vec<usize>,
    total: usize,
    /// The same by description, indented beneath.
    parts: Vec<Row>,
}

/// So many first responses after so many school days.
struct Wait {
    days: String,
    bar: Vec<Part>,
    count: usize,
}

/// What followed a type at a level.
struct Followed {
    level: String,
    what: String,
    /// Students, absence before and after, and how many were absent less; nothing for too few.
    numbers: Option<[String; 4]>,
}

/// A thing to mend.
struct Mend {
    text: String,
    about: String,
    href: Option<String>,
    lines: Vec<(String, String)>,
    is_more: bool,
}

#[derive(Template)]
#[template(path = "monitoring.html")]
struct MonitoringPage {
    frame: Frame,
    term: Option<String>,
    tabs: Vec<Tab>,
    whose: String,
    complete: Option<String>,
    /// The board's report, for those who may open it.
    board: Option<String>,
    /// Whether any mark of the term is here, and whether anybody reached a level.
    has_marks: bool,
    has_reached: bool,
    levels: Vec<Level>,
    has_not_owed: bool,
    owners: Vec<Row>,
    groups: Vec<Row>,
    waits: Vec<Wait>,
    middle: Option<[String; 2]>,
    within: Option<[String; 2]>,
    recorded: Option<[String; 2]>,
    types: Vec<Row>,
    totals: Row,
    unused: Vec<(&'static str, Vec<String>)>,
    unused_count: usize,
    overused: Vec<String>,
    followed: Vec<Followed>,
    mends: Vec<Mend>,
    descriptions: Option<&'static str>,
    files: Files,
}

/// `GET /review/term`, of the term named or of the present one.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let term = page.query.term();
    let review = page.run(move |school, actor, now| school.term_review(actor, now, term)).await?;
    let said = Said::of(&page);
    if let Some(take) = page.take()? {
        return page.hand_over(&take, files::of(said, &review, &take.part)).await;
    }
    let id = review.term.map(|term| term.id);
    let board = id.filter(|_| page.may_open("/review/board"));
    let shown = MonitoringPage {
        frame: page.frame(page.word("monitor-title")),
        term: id.map(|term| said.term(term)),
        tabs: tabs(said, &review.terms, id, "/review/term"),
        whose: whose(said, &review),
        complete: crate::review::complete(said, &review.completeness),
        board: board.map(|term| format!("/review/board?term={term}")),
        has_marks: review.completeness.marked > 0,
        has_reached: review.levels.lines.iter().any(|line| line.reached > 0),
        levels: levels(said, &review.levels),
        has_not_owed: review.levels.lines.iter().any(|line| line.not_owed > 0),
        owners: owners(said, &review.levels),
        groups: groups(said, &review.levels),
        waits: waits(said, &review.levels),
        middle: review
            .levels
            .waiting
            .map(|spread| [spread.median, spread.ninetieth].map(|days| school_days(said, days))),
        within: within(said, review.recording.within_48_hours, review.recording.responses),
        recorded: review
            .recording
            .spread
            .map(|spread| [spread.median, spread.ninetieth].map(|micros| hours(said, micros))),
        types: types(said, &review.used),
        totals: row(String::new(), &review.used.totals),
        unused: unused(&review.used),
        unused_count: review.used.unused.len(),
        overused: overused(said, &review.used),
        followed: review.followed.iter().map(|line| followed(said, line)).collect(),
        mends: review.findings.iter().map(|finding| mend(&page, said, &review, finding)).collect(),
        descriptions: page.may_open("/descriptions").then_some("/descriptions"),
        files: page.files("review-term", "/review/term"),
    };
    page.html(&shown)
}

/// The terms that have begun, as tabs.
pub(crate) fn tabs(said: Said, terms: &[Term], current: Option<TermId>, path: &str) -> Vec<Tab> {
    let tab = |term: &Term| Tab {
        text: said.term(term.id),
        href: format!("{path}?term={}", term.id),
        count: 0,
        is_current: Some(term.id) == current,
    };
    terms.iter().take(TERMS).map(tab).collect()
}

/// Whom the numbers are about.
fn whose(said: Said, review: &TermReview) -> String {
    let students = said.words.count("monitor-students", review.students);
    if review.is_whole_school {
        return filled(said.words, "monitor-whose-all", &[("students", &students)]);
    }
    if review.groups.is_empty() {
        return filled(said.words, "monitor-whose-none", &[("students", &students)]);
    }
    let groups = review.groups.join(", ");
    filled(said.words, "monitor-whose-own", &[("students", &students), ("groups", &groups)])
}

/// Stretches of a bar one after another, so that `whole` is its full length.
pub(crate) fn bar(parts: &[(&'static str, usize)], whole: usize) -> Vec<Part> {
    let mut before = 0;
    let part = |&(class, count): &(&'static str, usize)| {
        let at = |count: usize| (BAR * count).checked_div(whole).unwrap_or(0);
        let from = at(before);
        before += count;
        Part { class, from, length: at(before) - from }
    };
    parts.iter().map(part).filter(|part| part.length > 0).collect()
}

fn levels(said: Said, levels: &Levels) -> Vec<Level> {
    let most = levels.lines.iter().map(|line| line.reached).max().unwrap_or_default();
    let level = |line: &LevelLine| Level {
        name: said.level(line.level),
        bar: bar(
            &[
                ("bar-good", line.in_time),
                ("bar-later", line.later),
                ("bar-open", line.open),
                ("bar-none", line.not_owed),
            ],
            most,
        ),
        reached: line.reached,
        in_time: line.in_time,
        later: line.later,
        open: line.open,
        past_due: line.past_due,
        not_owed: line.not_owed,
        median: line.waiting.map(|spread| school_days(said, spread.median)),
        ninetieth: line.waiting.map(|spread| school_days(said, spread.ninetieth)),
    };
    levels.lines.iter().map(level).collect()
}

fn row(name: String, counts: &[usize]) -> Row {
    Row { name, counts: counts.to_vec(), total: counts.iter().sum(), parts: Vec::new() }
}

fn owners(said: Said, levels: &Levels) -> Vec<Row> {
    let name = |owner| crate::words_of::owner(said.words, owner);
    levels.open_by_owner.iter().map(|(owner, counts)| row(name(owner), counts)).collect()
}

fn groups(said: Said, levels: &Levels) -> Vec<Row> {
    let name =
        |group: &String| if group.is_empty() { said.words.get("missing-no-group") } else { group.clone() };
    levels.open_by_group.iter().map(|(group, counts)| row(name(group), counts)).collect()
}

fn waits(said: Said, levels: &Levels) -> Vec<Wait> {
    let most = levels.waiting_days.iter().copied().max().unwrap_or_default();
    let wait = |(&(first, last), &count): (&(u32, Option<u32>), &usize)| {
        let [from, to] =
            [Some(first), last].map(|days| days.map_or_else(String::new, |days| days.to_string()));
        let days = match last {
            Some(last) if last == first => from,
            Some(_) => filled(said.words, "monitor-days-to", &[("from", &from), ("to", &to)]),
            None => filled(said.words, "monitor-days-more", &[("from", &from)]),
        };
        Wait { days, bar: bar(&[("bar-good", count)], most), count }
    };
    WAITING_DAYS.iter().zip(&levels.waiting_days).map(wait).collect()
}

/// "3 school days".
pub(crate) fn school_days(said: Said, days: i64) -> String {
    said.words.count("terms-school-days", days)
}

/// Microseconds as whole hours, rounded down: "under an hour", "30 hours".
pub(crate) fn hours(said: Said, micros: i64) -> String {
    match micros / 3_600_000_000 {
        ..1 => said.words.get("monitor-under-an-hour"),
        hours => said.words.count("monitor-hours", hours),
    }
}

/// "96 %" and "48 of 50".
fn within(said: Said, part: usize, whole: usize) -> Option<[String; 2]> {
    let percent = app::views::whole_percent(part, whole)?;
    let [part, whole] = [part, whole].map(|number| number.to_string());
    let of = filled(said.words, "monitor-part", &[("part", &part), ("whole", &whole)]);
    Some([format!("{percent}\u{a0}%"), of])
}

/// Tenths of a percent as "12.5 %".
pub(crate) fn tenths(tenths: i64) -> String {
    format!("{}.{}\u{a0}%", tenths / 10, tenths % 10)
}

fn types(said: Said, used: &Used) -> Vec<Row> {
    let line = |line: &app::views::TypeUse| {
        let parts = line.descriptions.iter().map(|part| {
            let is_bare = part.wording.is_empty();
            row(
                if is_bare { said.words.get("monitor-no-description") } else { part.wording.clone() },
                &part.counts,
            )
        });
        let is_plain = line.descriptions.len() == 1 && line.descriptions[0].wording.is_empty();
        let parts = if is_plain { Vec::new() } else { parts.collect() };
        Row { parts, ..row(line.kind.name().to_owned(), &line.counts) }
    };
    used.types.iter().map(line).collect()
}

fn unused(used: &Used) -> Vec<(&'static str, Vec<String>)> {
    let mut found: Vec<(&'static str, Vec<String>)> = Vec::new();
    for (kind, wording) in &used.unused {
        match found.iter_mut().find(|(name, _)| *name == kind.name()) {
            Some((_, wordings)) => wordings.push(wording.clone()),
            None => found.push((kind.name(), vec![wording.clone()])),
        }
    }
    found
}

fn overused(said: Said, used: &Used) -> Vec<String> {
    let line = |line: &app::views::Overused| {
        let (used, of) = (line.used.to_string(), line.of.to_string());
        let args =
            [("wording", line.wording.as_str()), ("used", &used), ("of", &of), ("type", line.kind.name())];
        filled(said.words, "monitor-overused-line", &args)
    };
    used.overused.iter().map(line).collect()
}

fn followed(said: Said, line: &FollowedLine) -> Followed {
    let numbers = line.followed.map(|followed| {
        let students = followed.students.to_string();
        let lower = followed.lower.to_string();
        let fewer = filled(said.words, "monitor-part", &[("part", &lower), ("whole", &students)]);
        [students, tenths(followed.before_tenths), tenths(followed.after_tenths), fewer]
    });
    let nobody = || said.words.get("monitor-followed-nobody");
    Followed {
        level: said.level(line.level),
        what: line.kind.map_or_else(nobody, |kind| kind.name().to_owned()),
        numbers,
    }
}

/// The part of the catalogue's names that a finding has.
fn name(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::PastDue => "past-due",
        FindingKind::MissingRolls => "missing-rolls",
        FindingKind::UnknownLong => "unknown-long",
        FindingKind::WithoutReason => "without-reason",
        FindingKind::WithoutDescription => "without-description",
        FindingKind::BeforeTheLevel => "before-the-level",
        FindingKind::BeforeDone => "before-done",
        FindingKind::LevelWithdrawn => "level-withdrawn",
        FindingKind::RecordedLate => "recorded-late",
        FindingKind::MuchOther => "much-other",
    }
}

fn mend(page: &Page, said: Said, review: &TermReview, finding: &Finding) -> Mend {
    // The lists under Review speak of the present term.
    let is_present = review.term.is_some() && review.term == review.terms.first().copied();
    let year = review.term.map_or_else(String::new, |term| format!("/terms?year={}", term.id.year()));
    let href = match finding.kind {
        FindingKind::PastDue if is_present => Some("/today".to_owned()),
        FindingKind::PastDue => Some(year),
        FindingKind::MissingRolls => is_present.then(|| "/missing-rolls".to_owned()),
        FindingKind::UnknownLong | FindingKind::WithoutReason => is_present.then(|| "/reasons".to_owned()),
        FindingKind::RecordedLate => Some("/today".to_owned()),
        FindingKind::MuchOther => Some("/descriptions".to_owned()),
        _ => None,
    };
    let of = finding.of.unwrap_or_default().to_string();
    let count = pages::Arg::from(finding.count);
    let text = said.words.with(
        &format!("monitor-mend-{}", name(finding.kind)),
        &[("count", count), ("of", pages::Arg::from(&of))],
    );
    let line = |line: &FindingLine| (label(said, line), address(page, review, line));
    Mend {
        text,
        about: said.words.get(&format!("monitor-mend-{}-about", name(finding.kind))),
        href,
        is_more: finding.lines.len() == FINDING_LINES,
        lines: finding.lines.iter().map(line).collect(),
    }
}

/// "Āria Sample, 10 days".
fn label(said: Said, line: &FindingLine) -> String {
    let what = match (line.level, line.half_day) {
        (Some(level), _) => Some(said.level(level)),
        (None, Some(half_day)) => Some(said.half_day(half_day).said),
        (None, None) => None,
    };
    let name = line.student.full_name();
    what.map_or(name.clone(), |what| format!("{name}, {what}"))
}

/// Where one thing is mended.
fn address(page: &Page, review: &TermReview, line: &FindingLine) -> String {
    let (student, term) = (&line.student.id, review.term.map(|term| term.id));
    match (&line.response, line.level, line.half_day, term) {
        (Some(id), ..) => format!("/responses/{}", links::encode(id)),
        (None, Some(level), ..) if page.may_open("/respond") => {
            links::respond(student, term, Some(level), "")
        }
        (None, None, Some(half_day), Some(term)) => links::student_cell(student, term, half_day),
        _ => links::student(student, term),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_bar_lie_side_by_side_and_fill_what_they_are_of_it() {
        let parts = bar(&[("bar-good", 1), ("bar-later", 0), ("bar-open", 2)], 4);
        let drawn: Vec<_> = parts.iter().map(|part| (part.class, part.from, part.length)).collect();
        assert_eq!(drawn, [("bar-good", 0, 250), ("bar-open", 250, 500)]);
        assert!(bar(&[("bar-good", 0)], 0).is_empty());
    }
}
