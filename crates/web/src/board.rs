//! The board's report of a term, to be printed or kept as a file: counts of the whole school, with
//! small numbers hidden.

use crate::asked::Asked;
use crate::listing::{Files, Listing, Rows};
use crate::monitoring::{hours, school_days, tabs, tenths};
use crate::today::Tab;
use crate::words_of::{self, Said};
use crate::{Page, WebError};
use app::TakenList;
use app::views::{BoardLevel, BoardReport, Count, Middle};
use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::tally::Category;
use pages::{Band, Frame};

/// A name with counts as they are shown.
struct Row {
    name: String,
    counts: Vec<Option<usize>>,
}

/// A level with what became of it.
struct Level {
    row: Row,
    middle: String,
    ninetieth: String,
}

/// What followed a type at a level.
struct Followed {
    level: String,
    what: String,
    students: usize,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    frame: Frame,
    /// The school, "Term 2, 2026".
    term: String,
    tabs: Vec<Tab>,
    /// "20 Apr – 3 Jul", and up to where is counted.
    dates: String,
    as_of: String,
    csv: String,
    hidden: usize,
    has_marks: bool,
    students: Option<usize>,
    attended: Option<String>,
    complete: Option<String>,
    bands: Vec<(Band, String, Option<usize>)>,
    categories: Vec<Row>,
    levels: Vec<Level>,
    responses: Option<usize>,
    within: Option<String>,
    recorded: [Option<usize>; 2],
    recording: [String; 2],
    types: Vec<Row>,
    totals: Vec<Option<usize>>,
    followed: Vec<Followed>,
    files: Files,
}

/// `GET /review/board`, of the term named or of the present one.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let term = page.query.term();
    let report = page.run(move |school, actor, now| school.board_report(actor, now, term)).await?;
    let said = Said::of(&page);
    if let Some(take) = page.take()? {
        let listing = Some(listing(said, &report)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let words = said.words;
    let id = report.term.id;
    let shown = BoardPage {
        frame: page.frame(page.word("board-title")),
        files: page.files("board", "/review/board"),
        term: said.term(id),
        tabs: tabs(said, &report.terms, Some(id), "/review/board"),
        dates: format!("{} – {}", said.date(report.term.first_day), said.date(report.term.last_day)),
        as_of: said.half_day(report.as_of).said,
        csv: format!("/review/board.csv?term={id}"),
        hidden: report.hidden,
        has_marks: report.completeness.marked > 0,
        students: report.students.count(),
        attended: report.attended_tenths.map(|all| tenths(all.into())),
        complete: crate::review::complete(said, &report.completeness),
        bands: bands(said, &report),
        categories: categories(said, &report),
        levels: report.levels.iter().map(|line| level(said, line)).collect(),
        responses: report.responses.count(),
        within: report.within_48_percent.map(|percent| format!("{percent}\u{a0}%")),
        recorded: report.recorded.map(Count::count),
        recording: middle(said, report.recording, hours),
        types: types(&report),
        totals: report.totals.iter().copied().chain([report.responses]).map(Count::count).collect(),
        followed: report
            .followed
            .iter()
            .map(|(level, kind, followed)| Followed {
                level: said.level(*level),
                what: kind
                    .map_or_else(|| words.get("monitor-followed-nobody"), |kind| kind.name().to_owned()),
                students: followed.students,
                before: tenths(followed.before_tenths),
                after: tenths(followed.after_tenths),
            })
            .collect(),
    };
    page.html(&shown)
}

/// `GET /review/board.csv`: the same as a file.
pub async fn file(page: Page) -> Result<Response, WebError> {
    let term = page.query.term();
    let report = page.run(move |school, actor, now| {
        let report = school.board_report(actor, now, term)?;
        let taken = TakenList {
            list: "board".to_owned(),
            format: "csv".to_owned(),
            filter: format!("term={}", report.term.id),
            rows: report.rows().len(),
        };
        school.take_list(actor, now, &taken)?;
        Ok(report)
    });
    let report = report.await?;
    let name = format!("attachment; filename=\"board-{}.csv\"", report.term.id);
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, report.csv()).into_response())
}

/// The report's numbers a line each, small ones hidden as on the page.
fn listing(said: Said, report: &BoardReport) -> Listing {
    Rows::of(said.words, "board", report.rows())
        .text("term", |row| row[0].clone())
        .text("as_of", |row| row[1].clone())
        .text("table", |row| row[2].clone())
        .text("row", |row| row[3].clone())
        .text("column", |row| row[4].clone())
        .text("value", |row| row[5].clone())
        .done()
}

fn bands(said: Said, report: &BoardReport) -> Vec<(Band, String, Option<usize>)> {
    let line = |(band, shown): (Band, Count)| {
        (band, said.words.get(&format!("today-range-{}", band.name())), shown.count())
    };
    Band::ALL.into_iter().zip(report.bands).map(line).collect()
}

fn categories(said: Said, report: &BoardReport) -> Vec<Row> {
    let names = Category::ALL.into_iter().map(|category| words_of::category(said.words, category));
    let names = names.chain([said.words.get("board-no-mark")]);
    names.zip(report.categories).map(|(name, shown)| Row { name, counts: vec![shown.count()] }).collect()
}

fn level(said: Said, line: &BoardLevel) -> Level {
    let counts = [line.reached, line.in_time, line.later, line.open, line.not_owed].map(Count::count);
    let [middle, ninetieth] = middle(said, line.waiting, school_days);
    Level { row: Row { name: said.level(line.level), counts: counts.to_vec() }, middle, ninetieth }
}

/// A middle and a ninetieth in words: "–" where there is nothing, "hidden" where there are too few.
fn middle(said: Said, middle: Middle, text: fn(Said, i64) -> String) -> [String; 2] {
    match middle {
        Middle::Nothing => ["–", "–"].map(str::to_owned),
        Middle::Hidden => [0, 1].map(|_| said.words.get("board-hidden")),
        Middle::Shown(spread) => [spread.median, spread.ninetieth].map(|value| text(said, value)),
    }
}

fn types(report: &BoardReport) -> Vec<Row> {
    let line = |(kind, counts, sum): &(domain::ResponseType, [Count; 4], Count)| Row {
        name: kind.name().to_owned(),
        counts: counts.iter().copied().chain([*sum]).map(Count::count).collect(),
    };
    report.types.iter().map(line).collect()
}
