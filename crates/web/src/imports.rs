//! Import files: choose one, see what came of it, and what came before.

use crate::error::{WebError, field_errors};
use crate::form::Form;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when::{self, When};
use app::{AppError, ImportFile, ImportKind, ImportReport, ImportRequest};
use askama::Template;
use axum::response::Response;
use domain::Instant;
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    kinds: Vec<KindChoice>,
    source: String,
    skip_bad_rows: bool,
    outcome: Option<Outcome>,
    earlier: Vec<ImportRow>,
    files: Files,
}

struct KindChoice {
    text: &'static str,
    title: String,
    columns: String,
    chosen: bool,
}

/// What came of a file.
struct Outcome {
    /// The class of the notice, and what happened.
    class: &'static str,
    title: String,
    text: String,
    problems: Vec<String>,
    more: u64,
}

struct ImportRow {
    at: When,
    kind: String,
    name: String,
    source: String,
    rows: i64,
    changed: i64,
    bad_rows: i64,
}

/// The most problems on the page.
const MOST_PROBLEMS: usize = 200;

/// The source of files that are brought by hand, unless the reader names another.
const BY_HAND: &str = "file";

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let earlier = page.run(|school, actor, now| school.all_imports(actor, now)).await?;
        let listing = Some(listing(&page, &earlier)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let drawn = draw(&page, None, None, Vec::new()).await?;
    page.html(&drawn)
}

/// Which files came, in numbers; the name of a file is left out, which may say whom it is about.
fn listing(page: &Page, earlier: &[(ImportFile, Instant)]) -> Listing {
    Rows::of(page.words, "imports", earlier)
        .time("at", |(_, at)| Some(*at))
        .text("kind", |(file, _)| file.kind.clone())
        .text("source", |(file, _)| file.source.clone())
        .whole("rows", |(file, _)| Some(file.rows))
        .whole("changed", |(file, _)| Some(file.changed))
        .whole("bad_rows", |(file, _)| Some(file.bad_rows))
        .done()
}

async fn draw(
    page: &Page,
    form: Option<&Form>,
    outcome: Option<Outcome>,
    errors: Vec<FieldError>,
) -> Result<ImportsPage, WebError> {
    let earlier = page.run(|school, actor, now| school.imports(actor, now)).await?;
    let get = |name: &str| form.map(|form| form.get(name)).unwrap_or_default();
    let choice = |kind: ImportKind| KindChoice {
        text: kind.text(),
        title: kind_name(page, kind.text()),
        columns: page.word(&format!("import-columns-{}", kind.text())),
        chosen: get("kind") == kind.text(),
    };
    let allowed = ImportKind::ALL.into_iter().filter(|kind| page.may(kind.permission()));
    Ok(ImportsPage {
        frame: page.frame(page.word("import-title")),
        files: page.files("imports", "/school/imports"),
        errors,
        kinds: allowed.map(choice).collect(),
        source: if get("source").is_empty() { BY_HAND.to_owned() } else { get("source").to_owned() },
        skip_bad_rows: !get("skip_bad_rows").is_empty(),
        outcome,
        earlier: earlier
            .into_iter()
            .map(|(file, at)| ImportRow {
                at: when::moment(page.words, page.zone(), at, page.today()),
                kind: kind_name(page, &file.kind),
                name: file.name,
                source: file.source,
                rows: file.rows,
                changed: file.changed,
                bad_rows: file.bad_rows,
            })
            .collect(),
    })
}

fn kind_name(page: &Page, kind: &str) -> String {
    page.word(&format!("import-kind-{kind}"))
}

pub(crate) async fn import(page: Page, form: Form) -> Result<Response, WebError> {
    let mut errors = Vec::new();
    let kind = ImportKind::parse(form.get("kind"));
    if kind.is_none() {
        errors.push(FieldError::new("kind", page.word("import-kind-missing")));
    }
    if form.upload.is_none() {
        errors.push(FieldError::new("file", page.word("import-file-missing")));
    }
    let (Some(kind), Some(upload)) = (kind, form.upload.clone()) else {
        let drawn = draw(&page, Some(&form), None, errors).await?;
        return page.html_again(&drawn);
    };
    let name: String = upload.name.chars().filter(|letter| !letter.is_control()).take(100).collect();
    let source = if form.get("source").is_empty() { BY_HAND } else { form.get("source") };
    let request = ImportRequest {
        kind,
        name: name.clone(),
        source: source.chars().take(40).collect(),
        bytes: upload.bytes.to_vec(),
        skip_bad_rows: form.has("skip_bad_rows"),
        again: form.has("again"),
    };
    match page.run(move |school, actor, now| school.import(actor, now, request)).await {
        Ok(report) => {
            let clean = report.problems.is_empty();
            let drawn = draw(&page, Some(&form), Some(outcome(&page, &name, report)), Vec::new()).await?;
            if clean { page.html(&drawn) } else { page.html_again(&drawn) }
        }
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, Some(&form), None, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

fn outcome(page: &Page, file: &str, report: ImportReport) -> Outcome {
    let (class, name) = match (&report, report.problem_count) {
        (ImportReport { was_known: true, .. }, _) => ("notice-attention", "known"),
        (_, 0) => ("notice-success", "stored"),
        (ImportReport { stored: true, .. }, _) => ("notice-attention", "partly"),
        _ => ("notice-error", "refused"),
    };
    let args = [
        ("file", pages::Arg::from(file)),
        ("rows", pages::Arg::from(report.rows)),
        ("changed", pages::Arg::from(report.changed)),
    ];
    let problems: Vec<String> =
        report.problems.iter().take(MOST_PROBLEMS).map(|problem| format!("{file}:{problem}")).collect();
    let shown = u64::try_from(problems.len()).unwrap_or_default();
    Outcome {
        class,
        title: page.words.with(&format!("import-{name}-title"), &args),
        text: page.words.with(&format!("import-{name}"), &args),
        more: report.problem_count.saturating_sub(shown),
        problems,
    }
}
