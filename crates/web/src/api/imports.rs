//! Rows of students, staff and marks that programs send, as CSV or JSON, and what became of them.

use super::ask::{Asked, put};
use super::bearer::Caller;
use super::body::{self, SentRow};
use super::looked_up::Answer;
use super::problem::{Kind, Problem};
use crate::headers::media_type;
use app::ImportKind;
use app::api::{ArrivalRow, SENT_KINDS, SentRows};
use app::export_text;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use domain::Zone;
use serde_json::Value;

/// The most JSON that is read at once: in memory it is many times as much.
const MOST_JSON: usize = 8 * 1024 * 1024;

/// The columns of each kind, as the contract names them: those that its file always has, and those that
/// stand in it where a row has them.
fn columns(kind: ImportKind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        ImportKind::Students => (
            &[
                "student_id",
                "nsn",
                "given_name",
                "family_name",
                "preferred_name",
                "year_level",
                "group",
                "start_date",
                "end_date",
            ],
            &["house"],
        ),
        ImportKind::Staff => (&["staff_id", "name", "email", "role", "groups"], &[]),
        _ => (
            &["student_id", "date", "code"],
            &["half", "period", "start", "minutes", "recorded_at", "recorded_by"],
        ),
    }
}

pub(crate) async fn send(caller: Caller, asked: Asked, Path(kind): Path<String>, bytes: Bytes) -> Answer {
    asked.only(&["whole"])?;
    let found = ImportKind::parse(&kind).filter(|kind| SENT_KINDS.contains(kind));
    let kind = found.ok_or_else(|| Problem::new(Kind::NotFound, "send students, staff or marks"))?;
    let key = asked.key(&caller.caller.client.id)?;
    let is_whole = asked.flag("whole")?;
    if is_whole && kind == ImportKind::Marks {
        return Err(Problem::parameter("whole", "marks are never whole: what is not sent stays").into());
    }
    let csv = if media_type(&asked.headers) == "text/csv" {
        bytes.to_vec()
    } else if bytes.len() > MOST_JSON {
        let detail = "JSON of at most 8 MiB is read at once: send several, or text/csv of up to 64 MiB";
        return Err(Problem::new(Kind::TooLarge, detail).into());
    } else {
        let sent: body::NewRows = asked.body(&bytes).map_err(|problem| match problem.kind {
            Kind::MediaType => {
                Problem::header(Kind::MediaType, "content-type", "send text/csv or application/json")
            }
            _ => problem,
        })?;
        to_csv(columns(kind), &sent.rows)?.into_bytes()
    };
    let rows = SentRows { kind, is_whole, csv };
    let id = caller.run(move |school, actor, now| school.api_receive(actor, now, rows, &key)).await?;
    caller.server.arrived();
    let zone = caller.zone;
    let wanted = id.clone();
    let row = caller.run(move |school, actor, now| school.api_import(actor, now, &wanted)).await?;
    let mut response = asked.one(&import_body(zone, row))?.into_response();
    *response.status_mut() = StatusCode::ACCEPTED;
    put(&mut response, LOCATION, &format!("/api/v1/imports/{id}"));
    Ok(response)
}

/// Rows of JSON as the contract's file.
fn to_csv((always, other): (&[&'static str], &[&'static str]), rows: &[SentRow]) -> Result<String, Problem> {
    let known = [always, other].concat();
    for (place, row) in rows.iter().enumerate() {
        if let Some(name) = row.keys().find(|name| !known.contains(&name.as_str())) {
            let at = format!("/rows/{place}/{}", name.chars().take(60).collect::<String>());
            return Err(Problem::value(
                at,
                format!("this member is not known here: use {}", known.join(", ")),
            ));
        }
    }
    let used = |name: &&str| always.contains(name) || rows.iter().any(|row| row.contains_key(*name));
    let columns: Vec<&str> = known.into_iter().filter(used).collect();
    let mut csv = export_text::row(&columns);
    for (place, row) in rows.iter().enumerate() {
        let mut cells = Vec::with_capacity(columns.len());
        for name in &columns {
            cells.push(match row.get(*name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                Some(_) => {
                    let at = format!("/rows/{place}/{name}");
                    return Err(Problem::value(at, "give a text, a number or null"));
                }
            });
        }
        csv.push_str(&export_text::row(&cells.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    Ok(csv)
}

pub(crate) async fn show(caller: Caller, asked: Asked, Path(id): Path<String>) -> Answer {
    asked.only(&[])?;
    let zone = caller.zone;
    let row = caller.run(move |school, actor, now| school.api_import(actor, now, &id)).await?;
    asked.one(&import_body(zone, row))
}

fn import_body(zone: Zone, row: ArrivalRow) -> body::Import {
    body::Import {
        import_id: row.id,
        kind: row.kinds,
        received_at: zone.text(row.received_at),
        state: row.state.text().to_owned(),
        reason: row.reason,
        rows: row.rows,
        changed: row.changed,
        bad_rows: row.bad_rows,
        problems: row.problems.lines().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(value: Value) -> Vec<SentRow> {
        serde_json::from_value(value).expect("rows")
    }

    #[test]
    fn rows_of_json_are_the_contracts_file() {
        let sent = rows(json!([
            {"staff_id": 1, "name": "Āria, \"A\"", "role": null},
            {"staff_id": "=2", "groups": 9},
        ]));
        let csv = to_csv(columns(ImportKind::Staff), &sent).expect("known members");
        assert_eq!(csv, "staff_id,name,email,role,groups\n1,\"Āria, \"\"A\"\"\",,,\n'=2,,,,9\n");
        let marks = rows(json!([{"student_id": "1", "date": "2026-05-04", "half": "am", "code": "P"}]));
        let csv = to_csv(columns(ImportKind::Marks), &marks).expect("known members");
        assert_eq!(csv.lines().next(), Some("student_id,date,code,half"));
        let pointer = |value: Value| match to_csv(columns(ImportKind::Marks), &rows(value)) {
            Err(problem) => format!("{:?}", problem.errors[0].place),
            Ok(_) => String::new(),
        };
        assert!(pointer(json!([{"code": "P"}, {"colour": "red"}])).contains("/rows/1/colour"));
        assert!(pointer(json!([{"code": ["P"]}])).contains("/rows/0/code"));
    }
}
