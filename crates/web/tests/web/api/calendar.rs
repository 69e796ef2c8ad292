//! Terms, and dates of the calendar, as programs read and write it.

use super::{Program, everything, program};
use crate::school::{Answer, Site};
use axum::http::StatusCode;
use domain::ApiScope;
use serde_json::{Value, json};

const AT: &str = "/api/v1/calendar/2026-05-05";

async fn put(site: &Site, own: &Program, at: &str, seen: Option<&str>, body: Value) -> Answer {
    let headers: Vec<(&str, &str)> = seen.map(|tag| ("if-match", tag)).into_iter().collect();
    site.api("PUT", at, Some(&own.token), &headers, Some(body)).await
}

fn storm() -> Value {
    json!({"am": "closed", "pm": "open", "reason": "Storm"})
}

#[tokio::test]
async fn a_half_day_is_closed_by_the_version_that_was_seen_and_what_counts_follows() {
    let site = Site::new();
    let own = everything(&site);
    let before = site.read(AT, &own).await;
    let tag = before.header("etag").to_owned();
    assert_eq!((&before.json()["am"], &before.json()["pm"]), (&"open".into(), &"open".into()));
    let of_the_day = "/api/v1/half-days?date=2026-05-05&limit=500";
    let rows = |answer: Answer| answer.json()["data"].as_array().map_or(0, Vec::len);
    let counted = rows(site.read(of_the_day, &own).await);

    let closed = put(&site, &own, AT, Some(&tag), storm()).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.body);
    let told = closed.json();
    assert_eq!(
        (&told["am"], &told["pm"], &told["reason"]),
        (&"closed".into(), &"open".into(), &"Storm".into())
    );
    assert_eq!((counted, rows(site.read(of_the_day, &own).await)), (3, 0), "the morning counts no more");
    assert_eq!(site.read("/api/v1/calendar?date=2026-05-05", &own).await.json()["data"][0], told);
    assert!(site.school.check_derived().expect("a check").is_empty());

    // Said again nothing changes; said by what is no more it is refused.
    let again = put(&site, &own, AT, Some("*"), storm()).await;
    assert_eq!(again.header("etag"), closed.header("etag"));
    let stale = put(&site, &own, AT, Some(&tag), json!({"am": "closed", "pm": "closed"})).await;
    assert_eq!((stale.status, stale.problem().as_str()), (StatusCode::PRECONDITION_FAILED, "precondition"));
    let open = json!({"am": "open", "pm": "open"});
    let opened = put(&site, &own, AT, Some(closed.header("etag")), open).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    assert_eq!(rows(site.read(of_the_day, &own).await), counted);
}

#[tokio::test]
async fn a_date_is_written_by_those_who_may_and_only_as_it_can_be() {
    let site = Site::new();
    let own = everything(&site);
    let reader = program(&site, "Reader", &[ApiScope::MarksRead]);
    let tag = site.read(AT, &own).await.header("etag").to_owned();
    assert_eq!(site.read(AT, &reader).await.status, StatusCode::OK);
    assert_eq!(put(&site, &reader, AT, Some("*"), storm()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(put(&site, &own, AT, None, storm()).await.status, StatusCode::PRECONDITION_REQUIRED);
    for at in ["/api/v1/calendar/2026-02-30", "/api/v1/calendar/today"] {
        assert_eq!(put(&site, &own, at, Some("*"), storm()).await.status, StatusCode::NOT_FOUND, "{at}");
    }
    for (body, pointer) in [
        (json!({"am": "shut", "pm": "open"}), "/am"),
        (json!({"am": "open", "pm": "open", "reason": "x".repeat(201)}), "/reason"),
        (json!({"am": "open", "pm": "closed", "reason": "a\nb"}), "/reason"),
    ] {
        let wrong = put(&site, &own, AT, Some("*"), body).await;
        let told = wrong.json();
        assert_eq!(
            (wrong.status.as_u16(), told["errors"][0]["pointer"].as_str()),
            (422, Some(pointer)),
            "{told}"
        );
    }
    assert_eq!(site.read(AT, &own).await.header("etag"), tag, "nothing was written");
}

const TERM: &str = "/api/v1/terms/2026-T3";

fn days(first_day: &str, last_day: &str) -> Value {
    json!({"first_day": first_day, "last_day": last_day})
}

#[tokio::test]
async fn a_term_is_entered_where_there_was_none_and_changed_by_the_version_that_was_seen() {
    let site = Site::new();
    let own = everything(&site);
    assert_eq!(site.read(TERM, &own).await.status, StatusCode::NOT_FOUND);
    let new = [("if-none-match", "*")];
    let body = days("2026-07-20", "2026-09-25");
    let none = put(&site, &own, TERM, Some("*"), body.clone()).await;
    assert_eq!(none.status, StatusCode::PRECONDITION_FAILED, "whichever stands: none does");
    let made = site.api("PUT", TERM, Some(&own.token), &new, Some(body.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let told = json!({"term": "2026-T3", "first_day": "2026-07-20", "last_day": "2026-09-25"});
    assert_eq!(made.json(), told);
    let listed = site.read("/api/v1/terms", &own).await.json();
    assert!(listed["data"].as_array().is_some_and(|terms| terms.contains(&told)), "{listed}");

    // There is one now: said again as new it is refused, said again as whichever stands it is the same.
    let again = site.api("PUT", TERM, Some(&own.token), &new, Some(body.clone())).await;
    assert_eq!((again.status, again.problem().as_str()), (StatusCode::PRECONDITION_FAILED, "precondition"));
    assert_eq!(again.json()["errors"][0]["header"], "if-none-match");
    let same = put(&site, &own, TERM, Some("*"), body).await;
    assert_eq!(same.header("etag"), made.header("etag"));
    let seen = made.header("etag").to_owned();
    let changed = put(&site, &own, TERM, Some(&seen), days("2026-07-21", "2026-09-25")).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let stale = put(&site, &own, TERM, Some(&seen), days("2026-07-22", "2026-09-25")).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(site.read(TERM, &own).await.json()["first_day"], "2026-07-21");
    assert!(site.school.check_derived().expect("a check").is_empty());
}

#[tokio::test]
async fn what_counts_follows_a_term_that_ends_earlier() {
    let site = Site::new();
    let own = everything(&site);
    let at = "/api/v1/terms/2026-T2";
    let before = site.read(at, &own).await.json();
    let first = before["first_day"].as_str().expect("a day").to_owned();
    let rows = |answer: Answer| answer.json()["data"].as_array().map_or(0, Vec::len);
    let of_the_day = "/api/v1/half-days?date=2026-05-05&limit=500";
    assert_ne!(rows(site.read(of_the_day, &own).await), 0);
    let shorter = put(&site, &own, at, Some("*"), days(&first, "2026-05-04")).await;
    assert_eq!(shorter.status, StatusCode::OK, "{}", shorter.body);
    assert_eq!(site.read(AT, &own).await.json()["term"], Value::Null);
    assert_eq!(rows(site.read(of_the_day, &own).await), 0);
}

#[tokio::test]
async fn a_term_is_written_by_those_who_may_and_only_as_it_can_be() {
    let site = Site::new();
    let own = everything(&site);
    let reader = program(&site, "Reader", &[ApiScope::MarksRead]);
    let body = || days("2026-07-20", "2026-09-25");
    assert_eq!(put(&site, &reader, TERM, Some("*"), body()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(put(&site, &own, TERM, None, body()).await.status, StatusCode::PRECONDITION_REQUIRED);
    for at in ["/api/v1/terms/2026-3", "/api/v1/terms/next", "/api/v1/terms/%202026-T3"] {
        assert_eq!(put(&site, &own, at, Some("*"), body()).await.status, StatusCode::NOT_FOUND, "{at}");
    }
    let new = [("if-none-match", "*")];
    for (body, pointer) in [
        (days("20/07/2026", "2026-09-25"), "/first_day"),
        (days("2026-09-25", "2026-07-20"), "/last_day"),
        (days("2026-07-20", "2027-09-25"), "/last_day"),
        (days("-009999-01-01", "2026-09-25"), "/first_day"),
        (days("2024-12-31", "2025-03-01"), "/first_day"),
        (days("2026-07-20", "2028-01-01"), "/last_day"),
        // The term before it has not ended.
        (days("2026-06-20", "2026-09-25"), ""),
    ] {
        let wrong = site.api("PUT", TERM, Some(&own.token), &new, Some(body)).await;
        let told = wrong.json();
        assert_eq!(
            (wrong.status.as_u16(), told["errors"][0]["pointer"].as_str()),
            (422, Some(pointer)),
            "{told}"
        );
    }
    assert_eq!(site.read(TERM, &own).await.status, StatusCode::NOT_FOUND, "nothing was written");
}
