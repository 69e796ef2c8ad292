//! Plan and practice: how each step of the plan was kept to this term, and where the two have
//! drifted apart.

use crate::listing::{Files, Listing, Rows};
use crate::words_of::{self, Said};
use crate::{Page, WebError};
use app::views::{Drift, StepPractice};
use askama::Template;
use axum::response::Response;
use pages::Frame;

#[derive(Template)]
#[template(path = "practice.html")]
struct PracticePage {
    frame: Frame,
    term: Option<String>,
    /// What has drifted, in words.
    drifts: Vec<String>,
    lines: Vec<Line>,
    files: Files,
}

struct Line {
    tier: String,
    does: String,
    owner: String,
    done: usize,
    late: usize,
    by_others: usize,
    open: usize,
    overdue: usize,
}

/// `GET /plan/practice`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let view = page.run(|school, actor, now| school.practice(actor, now)).await?;
    let said = Said::of(&page);
    if let Some(take) = page.take()? {
        let listing = Some(listing(said, &view.steps)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let shown = PracticePage {
        files: page.files("plan-practice", "/plan/practice"),
        frame: page.frame(page.word("practice-title")),
        term: view.term.map(|term| said.term(term.id)),
        drifts: view.steps.iter().flat_map(|step| drifts(said, step)).collect(),
        lines: view.steps.iter().map(|step| line(said, step)).collect(),
    };
    page.html(&shown)
}

fn listing(said: Said, steps: &[StepPractice]) -> Listing {
    let owner = |owner: &_| words_of::owner(said.words, owner);
    Rows::of(said.words, "plan-practice", steps)
        .text("tier", |step| step.tier.clone())
        .text("does", |step| step.does.clone())
        .text("owner", |step| step.owner.as_ref().map_or_else(String::new, owner))
        .number("done", |step| step.done)
        .number("done_late", |step| step.late)
        .number("done_by_others", |step| step.by_others)
        .number("open", |step| step.open)
        .number("overdue", |step| step.overdue)
        .done()
}

fn drifts(said: Said, step: &StepPractice) -> Vec<String> {
    let word = |drift: Drift| match drift {
        Drift::NeverDone => "practice-never",
        Drift::ByOthers => "practice-others",
        Drift::Late => "practice-late",
    };
    let what = format!("{}: {}", step.tier, step.does);
    let words = step.drift().into_iter().map(word);
    words.map(|word| said.words.one(word, "step", what.as_str())).collect()
}

fn line(said: Said, step: &StepPractice) -> Line {
    let owner = step.owner.as_ref();
    Line {
        tier: step.tier.clone(),
        does: step.does.clone(),
        owner: owner.map_or_else(
            || said.words.get("practice-suggestion"),
            |owner| words_of::owner(said.words, owner),
        ),
        done: step.done,
        late: step.late,
        by_others: step.by_others,
        open: step.open,
        overdue: step.overdue,
    }
}
