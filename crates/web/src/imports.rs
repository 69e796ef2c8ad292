//! Import files: bring one, and see what came before, by whatever door.
//!
//! A file in the contract's own format goes straight to its review; of any other a person names the
//! columns first.

mod mapping;
mod review;

pub(crate) use mapping::{drop_file, save as name_columns, show as columns};
pub(crate) use review::{commit, discard, rejected, show as review, undo};

use crate::error::{WebError, field_errors};
use crate::form::{Form, encode};
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when::{self, When};
use app::files::{Brought, UploadRow};
use app::{AppError, ArrivalRow, ArrivalState, ImportFile};
use askama::Template;
use axum::response::Response;
use domain::Instant;
use pages::{FieldError, Frame};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    source: String,
    /// Systems that files came from before.
    sources: Vec<String>,
    /// Files whose columns are to be named: address, name, source, when.
    uploads: Vec<(String, String, String, When)>,
    arrivals: Vec<ArrivalLine>,
    /// Files that came before arrivals were kept, or by the command line.
    earlier: Vec<ImportLine>,
    files: Files,
    /// How many imports there were, as far as they are listed.
    listed: usize,
}

struct ArrivalLine {
    href: String,
    at: When,
    name: String,
    kinds: String,
    source: String,
    door: String,
    by: String,
    state: String,
    is_waiting: bool,
    rows: i64,
    changed: i64,
    bad_rows: i64,
}

struct ImportLine {
    at: When,
    kind: String,
    name: String,
    source: String,
    rows: i64,
    changed: i64,
    bad_rows: i64,
}

/// The source of files that are brought by hand, unless the reader names another.
const BY_HAND: &str = "file";

/// The longest name of a source.
const SOURCE_LENGTH: usize = 40;

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let earlier = page.run(|school, actor, now| school.all_imports(actor, now)).await?;
        let listing = Some(listing(&page, &earlier)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let drawn = draw(&page, BY_HAND, Vec::new()).await?;
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

async fn draw(page: &Page, source: &str, errors: Vec<FieldError>) -> Result<ImportsPage, WebError> {
    let (arrivals, files, uploads, mappings) = page
        .run(|school, actor, now| {
            let arrivals = school.arrivals(actor, now)?;
            let uploads = school.uploads(actor, now)?;
            Ok((arrivals, school.imports(actor, now)?, uploads, school.mappings(actor, now)?))
        })
        .await?;
    let of_arrivals: BTreeSet<i64> = arrivals.iter().filter_map(|arrival| arrival.act).collect();
    let known = mappings.into_iter().map(|(source, _)| source);
    let sources: BTreeSet<String> = known.chain(files.iter().map(|(file, _)| file.source.clone())).collect();
    let listed = files.len();
    let moment = |at| when::moment(page.words, page.zone(), at, page.today());
    let earlier = files.into_iter().filter(|(file, _)| !of_arrivals.contains(&file.act));
    Ok(ImportsPage {
        frame: page.frame(page.word("import-title")),
        files: page.files("imports", "/school/imports"),
        listed,
        errors,
        source: source.to_owned(),
        sources: sources.into_iter().collect(),
        uploads: uploads.into_iter().map(|row| upload_line(row, moment)).collect(),
        arrivals: arrivals.iter().map(|row| arrival_line(page, row)).collect(),
        earlier: earlier
            .map(|(file, at)| ImportLine {
                at: moment(at),
                kind: kind_names(page, &file.kind),
                name: file.name,
                source: file.source,
                rows: file.rows,
                changed: file.changed,
                bad_rows: file.bad_rows,
            })
            .collect(),
    })
}

fn upload_line(row: UploadRow, moment: impl Fn(Instant) -> When) -> (String, String, String, When) {
    (columns_address(&row.id), row.name, row.source, moment(row.received_at))
}

fn arrival_line(page: &Page, row: &ArrivalRow) -> ArrivalLine {
    ArrivalLine {
        href: address(&row.id),
        at: when::moment(page.words, page.zone(), row.received_at, page.today()),
        name: row.name.clone(),
        kinds: kind_names(page, &row.kinds),
        source: row.source.clone(),
        door: page.word(&format!("import-door-{}", row.door)),
        by: row.staff_id.clone().unwrap_or_default(),
        state: page.word(&format!("import-state-{}", row.state.text())),
        is_waiting: row.state == ArrivalState::Review,
        rows: row.rows,
        changed: row.changed,
        bad_rows: row.bad_rows,
    }
}

/// The kinds of an arrival, as people say them.
pub(crate) fn kind_names(page: &Page, kinds: &str) -> String {
    let name = |kind: &str| page.word(&format!("import-kind-{kind}"));
    kinds.split(',').filter(|kind| !kind.is_empty()).map(name).collect::<Vec<_>>().join(", ")
}

/// The page of an arrival.
pub(crate) fn address(id: &str) -> String {
    format!("/school/imports/{}", encode(id))
}

/// The page on which a file's columns are named.
fn columns_address(id: &str) -> String {
    format!("/school/imports/new/{}", encode(id))
}

/// `POST /school/imports`: brings a file.
pub(crate) async fn bring(page: Page, form: Form) -> Result<Response, WebError> {
    let source = if form.get("source").is_empty() { BY_HAND } else { form.get("source") };
    let source: String = source.chars().take(SOURCE_LENGTH).collect();
    let Some(upload) = form.upload else {
        let missing = FieldError::new("file", page.word("import-file-missing"));
        let drawn = draw(&page, &source, vec![missing]).await?;
        return page.html_again(&drawn);
    };
    let name: String = upload.name.chars().filter(|letter| !letter.is_control()).take(100).collect();
    let (from, bytes) = (source.clone(), upload.bytes);
    // The only holder gives the bytes away; they may be many.
    let bytes = std::sync::Arc::try_unwrap(bytes).unwrap_or_else(|shared| shared.to_vec());
    let brought =
        page.run(move |school, actor, now| school.bring_file(actor, now, &from, &name, bytes)).await;
    match brought {
        Ok(Brought::Arrival(id)) => Ok(page.see_other(&address(&id))),
        Ok(Brought::Upload(id)) => Ok(page.see_other(&columns_address(&id))),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, &source, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}
