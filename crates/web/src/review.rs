//! Review: the lists that are looked at once a day or once a week, with how much each holds.

use crate::words_of::{Said, filled};
use crate::{Page, WebError};
use app::views::Review;
use askama::Template;
use axum::response::Response;
use pages::Frame;

/// One list.
struct List {
    name: String,
    /// Where it is, for those who may open it.
    href: Option<String>,
    about: String,
    /// What it holds now.
    now: Vec<String>,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    frame: Frame,
    term: Option<String>,
    counts_only: bool,
    lists: Vec<List>,
}

/// `GET /review`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let (review, differing) = page
        .run(|school, actor, now| {
            let review = school.review(actor, now)?;
            let sees = review.sees_students;
            let differing = if sees { school.count_kamar_differences(actor, now)? } else { None };
            Ok((review, differing))
        })
        .await?;
    let said = Said::of(&page);
    let shown = ReviewPage {
        frame: page.frame(page.word("frame-review")),
        term: review.term.map(|term| said.term(term.id)),
        counts_only: !review.sees_students,
        lists: lists(&page, said, &review, differing),
    };
    page.html(&shown)
}

fn lists(page: &Page, said: Said, review: &Review, differing: Option<usize>) -> Vec<List> {
    let words = said.words;
    let list = |name: &str, path: &str, now: Vec<String>| List {
        name: words.get(&format!("review-{name}")),
        href: page.may_open(path).then(|| path.to_owned()),
        about: words.get(&format!("review-{name}-about")),
        now,
    };
    let [next, entered, rate] = review.forecast;
    let [long, weekday] = review.stand_out;
    let mut lists = vec![
        list(
            "forecast",
            "/forecast",
            vec![
                words.count("review-forecast-next", next),
                words.count("review-forecast-entered", entered),
                words.count("review-forecast-rate", rate),
            ],
        ),
        list(
            "missing",
            "/missing-rolls",
            std::iter::once(words.count("review-missing-count", review.missing_rolls))
                .chain(complete(said, &review.completeness))
                .collect(),
        ),
        list("reasons", "/reasons", vec![words.count("review-reasons-count", review.without_reason)]),
        list(
            "stand-out",
            "/stand-out",
            vec![
                words.count("review-stand-out-long", long),
                words.count("review-stand-out-weekday", weekday),
            ],
        ),
        list("movement", "/movement", Vec::new()),
        list("terms", "/terms", Vec::new()),
        list("monitor", "/review/term", Vec::new()),
        list("board", "/review/board", Vec::new()),
    ];
    if let Some(count) = differing {
        lists.push(list(
            "kamar",
            "/school/kamar/differences",
            vec![words.count("kamar-differences-count", count)],
        ));
    }
    // Only counts belong to somebody who may not open a list; one without a count is then nothing.
    lists.retain(|list| list.href.is_some() || !list.now.is_empty());
    lists
}

/// "98 % of half-days marked: 1234 of 1250", when any was to be.
pub(crate) fn complete(said: Said, completeness: &app::views::Completeness) -> Option<String> {
    let numbers = [completeness.percent()?, completeness.marked, completeness.expected];
    let [percent, marked, expected] = numbers.map(|number| number.to_string());
    let args = [("percent", percent.as_str()), ("marked", marked.as_str()), ("expected", expected.as_str())];
    Some(filled(said.words, "review-complete", &args))
}
