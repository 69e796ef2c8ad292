//! Missing rolls: not taken, or only in part, oldest first.

use crate::listing::{Files, Listing, Rows};
use crate::roll::period_title;
use crate::when::When;
use crate::words_of::{Said, filled};
use crate::{Page, WebError, links};
use app::views::{Completeness, MissingRoll, MissingRolls};
use askama::Template;
use axum::response::Response;
use pages::Frame;

/// One roll.
struct Line {
    half_day: When,
    /// The period, where rolls are taken by period.
    period: Option<String>,
    group: String,
    missing: String,
    teachers: String,
    /// The roll, where it has a group and the reader takes rolls.
    href: Option<String>,
}

/// A student in no group.
struct Groupless {
    name: String,
    href: String,
}

#[derive(Template)]
#[template(path = "missing_rolls.html")]
struct MissingRollsPage {
    frame: Frame,
    term: Option<String>,
    marked: String,
    percent: Option<String>,
    lines: Vec<Line>,
    count: usize,
    groupless: Vec<Groupless>,
    files: Files,
}

/// `GET /missing-rolls`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let view = page.run(|school, actor, now| school.all_missing_rolls(actor, now)).await?;
        return page.hand_over(&take, listing(Said::of(&page), &view, &take.part)).await;
    }
    let view = page.run(|school, actor, now| school.missing_rolls(actor, now)).await?;
    let said = Said::of(&page);
    let takes_rolls = page.may_open("/roll");
    let groupless = view
        .without_group
        .iter()
        .map(|student| Groupless { name: student.full_name(), href: links::student(&student.id, None) });
    let shown = MissingRollsPage {
        frame: page.frame(page.word("review-missing")),
        term: view.term.map(|term| said.term(term.id)),
        percent: view.completeness.percent().map(|percent| format!("{percent}\u{a0}%")),
        marked: marked(said, &view.completeness),
        lines: view.lines.iter().map(|roll| line(said, roll, takes_rolls)).collect(),
        count: view.count,
        groupless: groupless.collect(),
        files: page.files("missing-rolls", "/missing-rolls"),
    };
    page.html(&shown)
}

fn listing(said: Said, view: &MissingRolls, part: &str) -> Option<Listing> {
    Some(match part {
        "" => Rows::of(said.words, "missing-rolls", &view.lines)
            .half_day(("date", "half"), |roll| Some(roll.half_day))
            .text("period", |roll| roll.period.clone().unwrap_or_default())
            .text("group", |roll| roll.group.clone())
            .number("enrolled", |roll| roll.enrolled)
            .number("unmarked", |roll| roll.unmarked)
            .text("teachers", |roll| roll.teachers.join(", "))
            .done(),
        "students" => Rows::of(said.words, "missing-rolls-students", &view.without_group)
            .student(|student| student)
            .done(),
        _ => return None,
    })
}

fn marked(said: Said, completeness: &Completeness) -> String {
    let [marked, expected] = [completeness.marked, completeness.expected].map(|count| count.to_string());
    filled(said.words, "missing-marked", &[("marked", &marked), ("expected", &expected)])
}

fn line(said: Said, roll: &MissingRoll, takes_rolls: bool) -> Line {
    let numbers = [roll.unmarked.to_string(), roll.enrolled.to_string()];
    let args = [("unmarked", numbers[0].as_str()), ("enrolled", numbers[1].as_str())];
    let word = if roll.is_not_taken() { "missing-not-taken" } else { "missing-in-part" };
    Line {
        half_day: said.half_day(roll.half_day),
        period: roll.period.as_deref().map(|period| period_title(said, period)),
        group: roll.group.clone(),
        missing: filled(said.words, word, &args),
        teachers: roll.teachers.join(", "),
        href: (takes_rolls && !roll.group.is_empty())
            .then(|| links::roll(&roll.group, roll.half_day, roll.period.as_deref())),
    }
}
