//! The document that describes the interface: it is committed, it is served, and what is answered is as
//! it says.

use super::schema::faults;
use super::{Program, everything};
use crate::school::{Answer, Site};
use axum::http::StatusCode;
use serde_json::{Value, json};
use web::routes::{Access, table};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/v1.openapi.json");

fn document() -> Value {
    serde_json::from_str(web::api_document()).expect("JSON")
}

#[test]
fn the_document_is_committed_and_a_change_is_read_before_it_is_written() {
    if std::env::var_os("STARBOARD_WRITE_API").is_some() {
        std::fs::write(GOLDEN, web::api_document()).expect("the document can be written");
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(
        web::api_document() == golden,
        "what programs are told has changed: read the difference, then write it with STARBOARD_WRITE_API=1"
    );
}

#[test]
fn the_document_names_every_route_of_programs_with_its_scopes_and_no_other() {
    let document = document();
    let mut count = 0;
    for route in table().iter().filter(|route| route.path.starts_with("/api/")) {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        assert!(operation.is_object(), "{} {}", route.method, route.path);
        let scopes = match route.access {
            Access::Client(scopes) => {
                json!([{"program": scopes.iter().map(|one| one.text()).collect::<Vec<_>>()}])
            }
            _ => json!([]),
        };
        assert_eq!(operation["security"], scopes, "{} {}", route.method, route.path);
        count += 1;
    }
    let paths = document["paths"].as_object().expect("paths");
    let told: usize = paths.values().map(|item| item.as_object().expect("methods").len()).sum();
    assert_eq!(told, count);
}

#[test]
fn r25_nothing_that_is_answered_can_hold_a_note() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let holding: Vec<&str> = schemas
        .iter()
        .filter(|(_, schema)| schema["properties"].get("note").is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(holding, ["NewResponse", "RevisedResponse", "WithdrawnResponse"]);
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("methods").values() {
            let answers = operation["responses"].to_string();
            assert!(holding.iter().all(|name| !answers.contains(&format!("/{name}\""))), "{operation}");
        }
    }
}

#[tokio::test]
async fn the_document_is_served_to_anybody() {
    let site = Site::new();
    let answer = site.api("GET", "/api/v1/openapi.json", None, &[], None).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.body, web::api_document());
}

/// Asks, and checks the answer against the document: status, kind of content, body, headers.
async fn asked(
    site: &Site,
    program: &Program,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Answer {
    let answer = site.api(method, path, Some(&program.token), headers, body).await;
    let document = document();
    let plain = path.split('?').next().unwrap_or_default();
    let paths = document["paths"].as_object().expect("paths");
    let fits = |known: &str| {
        let (known, asked): (Vec<&str>, Vec<&str>) = (known.split('/').collect(), plain.split('/').collect());
        known.len() == asked.len()
            && known.iter().zip(&asked).all(|(one, other)| one.starts_with('{') || one == other)
    };
    // An address of words comes before one with gaps.
    let mut found: Vec<&String> = paths.keys().filter(|known| fits(known)).collect();
    found.sort_by_key(|known| known.matches('{').count());
    let operation =
        &paths[found.first().unwrap_or_else(|| panic!("{plain}")).as_str()][method.to_lowercase()];
    let told = &operation["responses"][answer.status.as_u16().to_string()];
    assert!(told.is_object(), "{method} {path}: {} is not in the document: {}", answer.status, answer.body);
    if answer.status != StatusCode::NOT_MODIFIED {
        let kind = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
        let schema = &told["content"][&kind]["schema"];
        assert!(schema.is_object(), "{method} {path}: {kind} is not in the document");
        if kind.ends_with("json") {
            let wrong = faults(&document, schema, &answer.json());
            assert!(wrong.is_empty(), "{method} {path}: {wrong:#?}");
        }
    }
    for (name, header) in told["headers"].as_object().into_iter().flatten() {
        assert!(header["required"] != true || !answer.header(name).is_empty(), "{method} {path}: {name}");
    }
    answer
}

#[tokio::test]
async fn what_is_answered_is_as_the_document_says() {
    let site = Site::new();
    let own = everything(&site);
    let key = [("idempotency-key", "1")];
    let response = json!({"student_id": "S1", "type": "conversation_with_whanau", "done_at": "2026-05-05T09:00:00+12:00", "note": "x"});
    let recorded = asked(&site, &own, "POST", "/api/v1/responses", &key, Some(response.clone())).await;
    let at = recorded.header("location").to_owned();
    let seen = [("if-match", recorded.header("etag"))];
    let revised = json!({"type": "other", "done_at": "2026-05-05T09:00:00+12:00"});
    asked(&site, &own, "PUT", &at, &seen, Some(revised.clone())).await;
    asked(&site, &own, "PUT", &at, &seen, Some(revised.clone())).await;
    asked(&site, &own, "PUT", &at, &[], Some(revised)).await;
    asked(&site, &own, "GET", &at, &[("if-none-match", "\"v2\"")], None).await;
    asked(&site, &own, "POST", &format!("{at}/withdraw"), &[("if-match", "*")], Some(json!({}))).await;
    asked(&site, &own, "POST", &format!("{at}/withdraw"), &[("if-match", "*")], Some(json!({}))).await;
    for broken in [json!({}), json!({"type": 1}), json!([]), json!({"student_id": "S9"})] {
        asked(&site, &own, "POST", "/api/v1/responses", &[("idempotency-key", "2")], Some(broken)).await;
    }
    asked(
        &site,
        &own,
        "POST",
        "/api/v1/responses",
        &key,
        Some(json!({"student_id": "S1", "type": "other", "done_at": "2026-05-05T09:00:00+12:00"})),
    )
    .await;
    asked(&site, &own, "POST", "/api/v1/responses", &[], Some(response)).await;

    let marks = json!({"marks": [{"student_id": "S2", "date": "2026-05-04", "slot": "pm", "code": "M", "version": 0}]});
    asked(&site, &own, "POST", "/api/v1/marks", &[("idempotency-key", "3")], Some(marks)).await;
    let mark = "/api/v1/students/S2/marks/2026-05-04/pm";
    asked(&site, &own, "PUT", mark, &[("if-match", "\"v1\"")], Some(json!({"code": "P"}))).await;
    asked(&site, &own, "PUT", mark, &[("if-match", "\"v1\"")], Some(json!({"code": "M"}))).await;
    let period = "/api/v1/students/S3/marks/2026-05-05/period%201";
    let new = json!({"code": "P", "start": "09:10", "minutes": 50});
    asked(&site, &own, "PUT", period, &[("if-none-match", "*")], Some(new)).await;

    let words = json!({"type": "other", "wording": "Walking school bus"});
    let added =
        asked(&site, &own, "POST", "/api/v1/descriptions", &[("idempotency-key", "4")], Some(words)).await;
    let at = added.header("location").to_owned();
    let seen = [("if-match", added.header("etag"))];
    asked(&site, &own, "PUT", &at, &seen, Some(json!({"wording": "Walking bus to school"}))).await;
    for verb in ["retire", "restore"] {
        asked(&site, &own, "POST", &format!("{at}/{verb}"), &[], None).await;
    }
    let rows = json!({"rows": [{"student_id": "S1", "date": "2026-05-05", "half": "am", "code": "P"}]});
    let sent =
        asked(&site, &own, "POST", "/api/v1/imports/of/marks", &[("idempotency-key", "6")], Some(rows)).await;
    asked(&site, &own, "GET", sent.header("location"), &[], None).await;
    // Ten absent half-days: a level, and a task.
    let days = ["2026-04-20", "2026-04-21", "2026-04-22", "2026-04-23", "2026-04-28"];
    let mark = |day: &&str, half: &str| json!({"student_id": "S1", "date": day, "slot": half, "code": "T", "version": 0});
    let marks: Vec<Value> = days.iter().flat_map(|day| [mark(day, "am"), mark(day, "pm")]).collect();
    let written = asked(
        &site,
        &own,
        "POST",
        "/api/v1/marks",
        &[("idempotency-key", "5")],
        Some(json!({"marks": marks})),
    )
    .await;
    assert_eq!(written.json()["changed"], 10, "{}", written.body);

    for path in [
        "/api/v1/me",
        "/api/v1/terms",
        "/api/v1/terms/2026-T2",
        "/api/v1/calendar",
        "/api/v1/codes",
        "/api/v1/response-types",
        "/api/v1/students?include=nsn",
        "/api/v1/students/S1",
        "/api/v1/marks",
        "/api/v1/half-days",
        "/api/v1/students/S1/marks/2026-05-04/am",
        "/api/v1/students/S3/marks/2026-05-05/period%201",
        "/api/v1/tallies",
        "/api/v1/crossings",
        "/api/v1/tasks",
        "/api/v1/responses",
        "/api/v1/descriptions",
        "/api/v1/descriptions/1",
        "/api/v1/exports/tallies?term=2026-T2",
        "/api/v1/exports/half-days?term=2026-T2&format=csv",
        "/api/v1/openapi.json",
    ] {
        let answer = asked(&site, &own, "GET", path, &[], None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        if let Some(rows) =
            serde_json::from_str::<Value>(&answer.body).ok().and_then(|body| body["data"].as_array().cloned())
        {
            assert!(!rows.is_empty(), "{path} shows nothing that could be wrong");
        }
    }
    for path in [
        "/api/v1/students/S9",
        "/api/v1/tallies?term=2027-T1",
        "/api/v1/students?x=1",
        "/api/v1/exports/tallies?term=2027-T1",
    ] {
        let answer = asked(&site, &own, "GET", path, &[], None).await;
        assert!(answer.status.is_client_error(), "{path}");
    }
    asked(&site, &own, "GET", "/api/v1/students", &[("accept", "text/html")], None).await;
}
