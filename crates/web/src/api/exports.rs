//! The contract's exports: the same rows as at the command line, as CSV or JSON.

use super::ask::Asked;
use super::bearer::Caller;
use super::looked_up::Answer;
use super::problem::{ApiError, Kind, Problem};
use crate::WebError;
use app::export_text;
use app::{AppError, ExportKind, ExportOptions};
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

const KINDS: [&str; 2] = ["application/json", "text/csv"];

pub(crate) async fn take(caller: Caller, asked: Asked, Path(kind): Path<String>) -> Answer {
    asked.only_named(&["term", "as_of", "known_at", "local", "format"])?;
    let format = asked.read("format", "json or csv", |text| match text {
        "json" => Some(KINDS[0]),
        "csv" => Some(KINDS[1]),
        _ => None,
    })?;
    let format = match format {
        Some(format) => format,
        None => asked.takes(&KINDS)?,
    };
    let missing = || {
        let known = ExportKind::ALL.map(ExportKind::text).join(", ");
        Problem::new(Kind::NotFound, format!("there is no such export: there are {known}"))
    };
    let kind = ExportKind::parse(&kind).ok_or_else(missing)?;
    let term = asked.term()?.ok_or_else(|| Problem::parameter("term", "name the term, as 2026-T2"))?;
    let options = ExportOptions {
        term,
        as_of: asked.date("as_of")?,
        known_at: asked.time("known_at")?,
        local: asked.flag("local")?,
    };
    let is_csv = format == KINDS[1];
    let text = caller
        .run(move |school, actor, now| {
            let mut text = if is_csv { export_text::row(kind.columns()) } else { "[".to_owned() };
            school.api_export(actor, now, kind, options, &mut |cells| {
                text.push_str(&if is_csv {
                    export_text::row(cells)
                } else {
                    object(kind, cells, text.len() > 1)
                });
            })?;
            if !is_csv {
                text.push_str("\n]\n");
            }
            Ok(text)
        })
        .await;
    let text = text.map_err(|error| match error {
        ApiError::Web(WebError::App(AppError::Invalid(_))) => {
            Problem::new(Kind::NotFound, format!("{term} is not in the school's calendar")).into()
        }
        other => other,
    })?;
    let name =
        format!("attachment; filename=\"{}-{term}.{}\"", kind.text(), if is_csv { "csv" } else { "json" });
    let content = if is_csv { "text/csv; charset=utf-8" } else { KINDS[0] };
    Ok(([(CONTENT_TYPE, content.to_owned()), (CONTENT_DISPOSITION, name)], text).into_response())
}

/// A row as `starboard export --json` writes it: every cell a text.
fn object(kind: ExportKind, cells: &[&str], follows: bool) -> String {
    let members: serde_json::Map<String, serde_json::Value> =
        kind.columns().iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), (*cell).into())).collect();
    format!("{}\n{}", if follows { "," } else { "" }, serde_json::Value::Object(members))
}
