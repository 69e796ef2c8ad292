//! What an arrival would change, before anybody decides; and what became of it.

mod changes;

use super::{address, kind_names};
use crate::error::{WebError, sentence};
use crate::form::Form;
use crate::page::Page;
use crate::when::{self, When};
use app::{AppError, ArrivalRow, ArrivalState, Decision, Review};
use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use changes::Section;
use pages::{FieldError, Frame};

/// The most problems on the page.
const MOST_PROBLEMS: usize = 200;

#[derive(Template)]
#[template(path = "import_review.html")]
struct ReviewPage {
    frame: Frame,
    errors: Vec<FieldError>,
    here: String,
    about: About,
    waiting: Option<WaitingView>,
    /// Why nothing can come of one that waits.
    stuck: Option<String>,
    done: Option<DoneView>,
}

/// Which arrival it is.
struct About {
    name: String,
    kinds: String,
    source: String,
    door: String,
    by: String,
    at: When,
    state: String,
}

/// One that waits for a decision.
struct WaitingView {
    summary: String,
    changes_nothing: bool,
    sections: Vec<Section>,
    problems: Vec<app::FileProblem>,
    more: usize,
    /// Whether the good rows can be stored without the others.
    may_skip: bool,
    skips: bool,
    is_readable: bool,
    /// That many students would leave, in words.
    leaving: Option<String>,
    digest: String,
}

/// One that was decided.
struct DoneView {
    text: String,
    problems: Vec<String>,
    has_rejected: bool,
    may_undo: bool,
}

/// `GET /school/imports/{id}`.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let skips = page.query.has("skip");
    let drawn = draw(&page, &id, skips, Vec::new()).await?;
    page.html(&drawn)
}

async fn draw(page: &Page, id: &str, skips: bool, errors: Vec<FieldError>) -> Result<ReviewPage, WebError> {
    let own = id.to_owned();
    let (row, review) = page
        .run(move |school, actor, now| {
            let row = school.arrival(actor, now, &own)?;
            if row.state != ArrivalState::Review {
                return Ok((row, None));
            }
            match school.review_arrival(actor, now, &own, skips) {
                Ok(review) => Ok((row, Some(Ok(review)))),
                // Nothing can come of it any more, but that it is discarded.
                Err(error @ AppError::Invalid(_)) => Ok((row, Some(Err(error.to_string())))),
                Err(error @ AppError::Store(_))
                    if !row.reason.is_empty() && !error.will_pass() && !error.is_unsure() =>
                {
                    let reason = row.reason.clone();
                    Ok((row, Some(Err(reason))))
                }
                Err(error) => Err(error),
            }
        })
        .await?;
    let done = if review.is_none() { Some(done(page, &row)) } else { None };
    let (review, stuck) = match review {
        Some(Ok(review)) => (Some(review), None),
        Some(Err(why)) => (None, Some(sentence(&why))),
        None => (None, None),
    };
    Ok(ReviewPage {
        frame: page.frame(page.word(if done.is_some() {
            "import-done-title"
        } else {
            "import-review-title"
        })),
        errors,
        here: address(id),
        about: about(page, &row),
        waiting: review.map(|review| waiting(page, &review, skips)),
        stuck,
        done,
    })
}

fn about(page: &Page, row: &ArrivalRow) -> About {
    About {
        name: row.name.clone(),
        kinds: kind_names(page, &row.kinds),
        source: row.source.clone(),
        door: page.word(&format!("import-door-{}", row.door)),
        by: row.staff_id.clone().unwrap_or_default(),
        at: when::moment(page.words, page.zone(), row.received_at, page.today()),
        state: page.word(&format!("import-state-{}", row.state.text())),
    }
}

fn waiting(page: &Page, review: &Review, skips: bool) -> WaitingView {
    let report = &review.report;
    let changes = &report.changes;
    let sections = changes::sections(page, changes);
    let args = [("rows", report.rows.into()), ("changed", report.changed.into())];
    let problems: Vec<app::FileProblem> = report.problems.iter().take(MOST_PROBLEMS).cloned().collect();
    let count = usize::try_from(report.problem_count).unwrap_or(usize::MAX);
    let leaving = changes.too_many_leave().then(|| {
        let said = |id: &str, leaving: usize, of: usize| {
            page.words.with(id, &[("count", leaving.into()), ("of", of.into())])
        };
        let (students, staff) = (changes.students.leaving.count, changes.staff.leaving.count);
        let told = [
            changes.too_many_students_leave().then(|| said("import-many-leave", students, changes.enrolled)),
            changes.too_many_staff_leave().then(|| said("import-many-staff-leave", staff, changes.serving)),
            Some(page.word("import-leave-checked")),
        ];
        told.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    WaitingView {
        summary: page.words.with("import-review-summary", &args),
        changes_nothing: report.stored && sections.is_empty(),
        sections,
        more: count.saturating_sub(problems.len()),
        // Nothing of a file that could not be read at all can be stored.
        may_skip: count > 0 && report.rows > 0,
        skips,
        is_readable: report.stored,
        problems,
        leaving,
        digest: review.digest.clone(),
    }
}

fn done(page: &Page, row: &ArrivalRow) -> DoneView {
    let number = |count: i64| usize::try_from(count).unwrap_or_default();
    let args = [
        ("rows", number(row.rows).into()),
        ("changed", number(row.changed).into()),
        ("bad", number(row.bad_rows).into()),
    ];
    let text = page.words.with(&format!("import-became-{}", row.state.text()), &args);
    let is_stored = row.state == ArrivalState::Stored;
    DoneView {
        text: if row.reason.is_empty() { text } else { format!("{text} {}", sentence(&row.reason)) },
        problems: row.problems.lines().map(str::to_owned).collect(),
        has_rejected: is_stored && row.bad_rows > 0,
        // Pastoral records are no more than proposals: each is answered by itself.
        may_undo: is_stored && row.act.is_some() && row.kinds != "pastoral",
    }
}

/// `POST /school/imports/{id}`: stores what was seen.
pub(crate) async fn commit(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let skips = form.has("skip");
    // Seeing it with or without the bad rows is a look, not a decision.
    if form.has("look") {
        let query = if skips { "?skip=1" } else { "" };
        return Ok(page.see_other(&format!("{}{query}", address(&id))));
    }
    let decision = Decision {
        expected: form.get("expected").to_owned(),
        skip_bad_rows: skips,
        leaving_confirmed: form.has("leaving"),
    };
    let own = id.clone();
    match page.run(move |school, actor, now| school.commit_arrival(actor, now, &own, decision)).await {
        Ok(report) if report.stored => Ok(page.see_other(&format!("{}?done=imported", address(&id)))),
        Ok(_) => {
            let error = FieldError::new("problems", page.word("import-has-problems"));
            let drawn = draw(&page, &id, skips, vec![error]).await?;
            page.html_again(&drawn)
        }
        Err(WebError::App(AppError::Confirm(words))) => {
            let drawn = draw(&page, &id, skips, vec![FieldError::new("decide", sentence(&words))]).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

/// `POST /school/imports/{id}/discard`.
pub(crate) async fn discard(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let own = id.clone();
    page.run(move |school, actor, now| school.discard_arrival(actor, now, &own)).await?;
    Ok(page.see_other(&format!("{}?done=discarded", address(&id))))
}

/// `POST /school/imports/{id}/undo`: what an import changed stands as before, and what changed since is
/// listed.
pub(crate) async fn undo(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let own = id.clone();
    let undone = page
        .run(move |school, actor, now| {
            let row = school.arrival(actor, now, &own)?;
            let act = row.act.ok_or_else(|| AppError::not_found("this was not imported"))?;
            school.undo_import(actor, now, act)
        })
        .await?;
    let mut drawn = draw(&page, &id, false, Vec::new()).await?;
    let counts = [
        ("import-undone-students", undone.students),
        ("import-undone-enrolments", undone.spells),
        ("import-undone-marks", undone.marks),
        ("import-undone-staff", undone.staff),
        ("import-undone-days", undone.days),
        ("import-undone-contacts", undone.contacts),
        ("import-undone-periods", undone.periods),
    ];
    let own = counts.into_iter().filter(|(_, count)| *count > 0);
    let what: Vec<String> = own.map(|(word, count)| page.words.count(word, count)).collect();
    if let Some(done) = &mut drawn.done {
        done.text = match what.as_slice() {
            [] => page.word("import-undone-nothing"),
            what => page.words.one("import-undone", "what", what.join(", ").as_str()),
        };
        if !undone.left.is_empty() {
            done.text =
                format!("{} {}", done.text, page.words.count("import-undone-left", undone.left.len()));
        }
        done.problems = undone.left;
    }
    page.html(&drawn)
}

/// `GET /school/imports/{id}/rejected.csv`: the rows that were left out, to be mended and brought again.
pub(crate) async fn rejected(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let rows = page.run(move |school, actor, now| school.rejected_rows(actor, now, &id)).await?;
    let rows = rows.ok_or(WebError::NotFound)?;
    let name = "attachment; filename=\"rejected.csv\"".to_owned();
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, rows).into_response())
}
