//! What programs change: once however often it is sent, never over what somebody else did meanwhile.

use super::{Program, everything, program};
use crate::school::{Answer, Site};
use axum::http::StatusCode;
use domain::ApiScope;
use serde_json::{Value, json};

const DONE: &str = "2026-05-05T09:00:00+12:00";

fn response() -> Value {
    json!({"student_id": "S1", "type": "conversation_with_whanau", "done_at": DONE})
}

async fn post(site: &Site, own: &Program, path: &str, key: &str, body: Value) -> Answer {
    site.api("POST", path, Some(&own.token), &[("idempotency-key", key)], Some(body)).await
}

async fn count(site: &Site, own: &Program, list: &str) -> usize {
    let rows = site.read(&format!("/api/v1/{list}?limit=500"), own).await.json();
    rows["data"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn r45_the_same_request_five_times_is_one_effect_and_one_answer() {
    let site = Site::new();
    let own = everything(&site);
    let first = post(&site, &own, "/api/v1/responses", "a-1", response()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    for _ in 0..5 {
        // With another token of the same program too.
        let token = super::token(&site, &own.id, &own.secret);
        let again = Program { id: own.id.clone(), secret: own.secret.clone(), token };
        let answer = post(&site, &again, "/api/v1/responses", "a-1", response()).await;
        assert_eq!((answer.status, &answer.body), (first.status, &first.body));
        assert_eq!(answer.header("location"), first.header("location"));
    }
    assert_eq!(count(&site, &own, "responses").await, 1);
    let mut other = response();
    other["type"] = "other".into();
    let reused = post(&site, &own, "/api/v1/responses", "a-1", other).await;
    assert_eq!((reused.status.as_u16(), reused.problem().as_str()), (422, "idempotency-key-reused"));
    // Another program's keys are its own.
    let second = program(&site, "Second", &[ApiScope::ResponsesWrite]);
    assert_eq!(
        post(&site, &second, "/api/v1/responses", "a-1", response()).await.status,
        StatusCode::CREATED
    );
    assert_eq!(count(&site, &own, "responses").await, 2);

    let marks = json!({"marks": [{"student_id": "S3", "date": "2026-05-05", "slot": "am", "code": "P", "version": 0}]});
    for _ in 0..5 {
        let answer = post(&site, &own, "/api/v1/marks", "a-2", marks.clone()).await;
        assert_eq!(
            (answer.status, &answer.json()["changed"]),
            (StatusCode::OK, &1.into()),
            "{}",
            answer.body
        );
    }
    let words = json!({"type": "other", "wording": "Walking school bus"});
    for _ in 0..5 {
        assert_eq!(
            post(&site, &own, "/api/v1/descriptions", "a-3", words.clone()).await.status,
            StatusCode::CREATED
        );
    }
    let missing = site.api("POST", "/api/v1/responses", Some(&own.token), &[], Some(response())).await;
    assert_eq!((missing.status.as_u16(), missing.problem().as_str()), (400, "idempotency-key-missing"));
}

#[tokio::test]
async fn r45_of_two_writers_one_is_told_that_the_other_was_quicker() {
    let site = Site::new();
    let own = everything(&site);
    let made = post(&site, &own, "/api/v1/responses", "a", response()).await;
    let (at, tag) = (made.header("location").to_owned(), made.header("etag").to_owned());
    let mark = "/api/v1/students/S1/marks/2026-05-04/am";
    for round in 0..50 {
        let tag = if round == 0 { tag.clone() } else { site.read(&at, &own).await.header("etag").to_owned() };
        let body = |kind: &str| Some(json!({"type": kind, "done_at": DONE}));
        let headers = [("if-match", tag.as_str())];
        let (one, other) = tokio::join!(
            site.api("PUT", &at, Some(&own.token), &headers, body("other")),
            site.api("PUT", &at, Some(&own.token), &headers, body("conversation_with_whanau")),
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "round {round}");
        let tag = site.read(mark, &own).await.header("etag").to_owned();
        let headers = [("if-match", tag.as_str())];
        let letters = if round % 2 == 0 { ["M", "T"] } else { ["P", "L"] };
        let (one, other) = tokio::join!(
            site.api("PUT", mark, Some(&own.token), &headers, Some(json!({"code": letters[0]}))),
            site.api("PUT", mark, Some(&own.token), &headers, Some(json!({"code": letters[1]}))),
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "round {round}");
        site.wait(5);
    }
    let versions = site.read(&at, &own).await.json()["version"].as_i64();
    assert_eq!(versions, Some(51));
}

#[tokio::test]
async fn a_change_says_which_version_it_saw() {
    let site = Site::new();
    let own = everything(&site);
    let made = post(&site, &own, "/api/v1/responses", "a", response()).await;
    let at = made.header("location").to_owned();
    let revised = || Some(json!({"type": "other", "done_at": DONE}));
    let none = site.api("PUT", &at, Some(&own.token), &[], revised()).await;
    assert_eq!((none.status.as_u16(), none.problem().as_str()), (428, "precondition-missing"));
    for stale in ["\"v2\"", "W/\"v1\"", "\"x\"", "v1"] {
        let answer = site.api("PUT", &at, Some(&own.token), &[("if-match", stale)], revised()).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (412, "precondition"), "{stale}");
    }
    let nothing = site.api("PUT", "/api/v1/responses/none", Some(&own.token), &[], revised()).await;
    assert_eq!((nothing.status.as_u16(), nothing.problem().as_str()), (404, "not-found"), "first of all");
    let good = site.api("PUT", &at, Some(&own.token), &[("if-match", made.header("etag"))], revised()).await;
    assert_eq!((good.status, good.header("etag")), (StatusCode::OK, "\"v2\""));
    assert_eq!(good.json()["recorded_by"], "api:Everything");
    let withdraw = format!("{at}/withdraw");
    let gone =
        site.api("POST", &withdraw, Some(&own.token), &[("if-match", "\"v2\"")], Some(json!({}))).await;
    assert_eq!(gone.json()["state"], "withdrawn");
    let twice = site.api("POST", &withdraw, Some(&own.token), &[("if-match", "*")], Some(json!({}))).await;
    assert_eq!((twice.status.as_u16(), twice.problem().as_str()), (409, "changed"));

    let mark = "/api/v1/students/S3/marks/2026-05-05/am";
    let put = |headers: Vec<(&'static str, &'static str)>, code: &'static str| {
        let (site, own) = (&site, &own);
        async move { site.api("PUT", mark, Some(&own.token), &headers, Some(json!({"code": code}))).await }
    };
    assert_eq!(put(vec![], "P").await.problem(), "precondition-missing");
    assert_eq!(put(vec![("if-match", "\"v1\"")], "P").await.problem(), "precondition");
    assert_eq!(put(vec![("if-match", "*")], "P").await.problem(), "precondition", "nothing stands");
    assert_eq!(put(vec![("if-none-match", "*")], "P").await.status, StatusCode::CREATED);
    let there = put(vec![("if-none-match", "*")], "M").await;
    assert_eq!(
        (there.problem().as_str(), &there.json()["errors"][0]["header"]),
        ("precondition", &json!("if-none-match"))
    );
    assert_eq!(put(vec![("if-match", "\"v1\"")], "M").await.json()["version"], 2);
}

#[tokio::test]
async fn marks_stand_all_or_none_and_each_wrong_one_is_named() {
    let site = Site::new();
    let own = everything(&site);
    let mark = |student: &str, date: &str, slot: &str, code: &str, version: i64| json!({"student_id": student, "date": date, "slot": slot, "code": code, "version": version});
    let before = count(&site, &own, "marks").await;
    let marks = json!({"marks": [
        mark("S1", "2026-05-05", "am", "P", 0),
        mark("S9", "2026-05-05", "am", "P", 0),
        mark("S2", "2026-05-05", "am", "9", 0),
        mark("S2", "2026-05-09", "am", "P", 0),
        mark("S1", "2026-05-04", "am", "M", 0),
        mark("S1", "2026-05-05", "am", "M", 0),
        mark("S2", "2026-05-05", "period 1", "P", 0),
    ]});
    let answer = post(&site, &own, "/api/v1/marks", "a", marks).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"));
    let problem = answer.json();
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|one| one["pointer"].as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/marks/1/student_id",
            "/marks/2/code",
            "/marks/3/date",
            "/marks/4/version",
            "/marks/5/slot",
            "/marks/6/start"
        ]
    );
    assert_eq!(count(&site, &own, "marks").await, before);
    let stale = json!({"marks": [mark("S1", "2026-05-04", "am", "M", 0)]});
    let answer = post(&site, &own, "/api/v1/marks", "b", stale).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "changed"));
    // The same key may be tried again with what is right: nothing was done under it.
    let right =
        json!({"marks": [mark("S1", "2026-05-04", "am", "M", 1), mark("S2", "2026-05-04", "am", "P", 7)]});
    let answer = post(&site, &own, "/api/v1/marks", "b", right).await;
    assert_eq!(answer.json()["changed"], 1, "one stands already: {}", answer.body);
}

#[tokio::test]
async fn a_period_register_is_written_period_by_period() {
    let site = Site::new();
    let own = everything(&site);
    let at = "/api/v1/students/S3/marks/2026-05-05/period%20P%201";
    let body = |code: &str| json!({"code": code, "start": "09:10", "minutes": 50});
    let made = site.api("PUT", at, Some(&own.token), &[("if-none-match", "*")], Some(body("P"))).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made = made.json();
    assert_eq!(
        (&made["slot"], &made["half"], &made["start"], &made["minutes"]),
        (&"period P 1".into(), &"am".into(), &"09:10".into(), &50.into())
    );
    // What is known of the period need not be sent again.
    let corrected =
        site.api("PUT", at, Some(&own.token), &[("if-match", "\"v1\"")], Some(json!({"code": "M"}))).await;
    assert_eq!(
        (corrected.json()["version"].as_i64(), corrected.json()["start"].as_str().map(str::to_owned)),
        (Some(2), Some("09:10".to_owned()))
    );
    let half = "/api/v1/students/S3/marks/2026-05-05/am";
    let whole =
        site.api("PUT", half, Some(&own.token), &[("if-none-match", "*")], Some(json!({"code": "M"}))).await;
    assert_eq!(whole.status.as_u16(), 422, "{}", whole.body);
    assert!(whole.body.contains("marked by period"));
    for (wrong, pointer) in [
        (json!({"code": "P", "start": "09:10"}), "/start"),
        (json!({"code": "P", "start": "9.10", "minutes": 50}), "/start"),
        (json!({"code": "P", "start": "09:10", "minutes": 0}), "/minutes"),
        (json!({"code": "PP"}), "/code"),
    ] {
        let answer = site.api("PUT", at, Some(&own.token), &[("if-match", "*")], Some(wrong)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["errors"][0]["pointer"].as_str()),
            (422, Some(pointer)),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn r25_a_program_does_what_its_scopes_say_and_never_more() {
    let site = Site::new();
    let own = program(&site, "Writer", &[ApiScope::ResponsesWrite]);
    let mut with_note = response();
    with_note["note"] = "private".into();
    let answer = post(&site, &own, "/api/v1/responses", "a", with_note).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (403, "scope"));
    assert!(answer.header("www-authenticate").contains("notes:write"));
    let made = post(&site, &own, "/api/v1/responses", "b", response()).await;
    assert_eq!(made.status, StatusCode::CREATED);
    // It sees what it recorded in the answer, and no list.
    assert_eq!(site.read(made.header("location"), &own).await.status, StatusCode::FORBIDDEN);
    // The last resort is for people.
    let all = everything(&site);
    for (place, confirmed) in [false, true].into_iter().enumerate() {
        let mut last = response();
        last["type"] = "initiated_prosecution".into();
        if confirmed {
            last["confirmed"] = true.into();
        }
        let answer = post(&site, &all, "/api/v1/responses", &format!("c{place}"), last).await;
        let expected = if confirmed { "invalid" } else { "denied" };
        assert_eq!(answer.problem(), expected, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_told_where_it_goes_wrong() {
    let site = Site::new();
    let own = everything(&site);
    let with = |name: &str, value: Value| {
        let mut body = response();
        body[name] = value;
        body
    };
    let cases = [
        (with("type", "phoned".into()), 422, "/type"),
        (with("type", 7.into()), 422, "/type"),
        (with("done_at", "yesterday".into()), 422, "/done_at"),
        (with("done_at", "2027-05-05T09:00:00+12:00".into()), 422, "/done_at"),
        (with("student_id", "".into()), 422, "/student_id"),
        (with("threshold_days", 7.into()), 422, "/threshold_days"),
        (with("threshold_days", 5.into()), 422, "/threshold_days"),
        (with("term", "2026".into()), 422, "/term"),
        (with("term", "2027-T1".into()), 422, "/term"),
        (with("step", "x".into()), 422, "/step"),
        (with("description", "Nobody wrote this".into()), 422, "/description"),
        (with("colour", "red".into()), 422, "/colour"),
        (json!({"type": "other", "done_at": DONE}), 422, ""),
    ];
    for (body, status, pointer) in cases {
        let answer = post(&site, &own, "/api/v1/responses", "a", body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{body}: {}", answer.body);
    }
    let unknown = post(&site, &own, "/api/v1/responses", "a", with("student_id", "S9".into())).await;
    assert_eq!((unknown.status.as_u16(), unknown.problem().as_str()), (404, "not-found"));
    let key = ("idempotency-key", "b");
    for (kind, status, problem) in [
        ("text/plain", 415, "media-type"),
        ("application/x-www-form-urlencoded", 415, "media-type"),
        ("", 415, "media-type"),
    ] {
        let answer = site
            .api(
                "POST",
                "/api/v1/responses",
                Some(&own.token),
                &[key, ("content-type", kind)],
                Some(response()),
            )
            .await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, problem), "{kind}");
    }
    let large = with("note", "x".repeat(1024 * 1024).into());
    let answer = post(&site, &own, "/api/v1/responses", "c", large).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (413, "too-large"));
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let request =
        axum::http::Request::builder().method("POST").uri("/api/v1/responses").header("host", site.host);
    let request =
        request.header("authorization", format!("Bearer {}", own.token)).header("idempotency-key", "d");
    let request = request.header("content-type", "application/json").body(axum::body::Body::from(deep));
    let answer = crate::school::send(&site.router, request.expect("a request")).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    answer.problem();
}

async fn sent(site: &Site, own: &Program, rows: &str, key: &str, body: Value) -> Answer {
    post(site, own, &format!("/api/v1/imports/of/{rows}"), key, body).await
}

#[tokio::test]
async fn rows_that_a_program_sends_are_kept_applied_once_and_told_to_it_alone() {
    let site = Site::new();
    let own = everything(&site);
    let student = json!({"student_id": "S4", "given_name": "Dan", "family_name": "Sample", "year_level": 9, "group": "9KA", "start_date": "2026-02-02"});
    let body = json!({"rows": [student]});
    let first = sent(&site, &own, "students", "a", body.clone()).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.body);
    let at = first.header("location").to_owned();
    for _ in 0..5 {
        let again = sent(&site, &own, "students", "a", body.clone()).await;
        assert_eq!((again.status, again.header("location")), (StatusCode::ACCEPTED, at.as_str()));
    }
    assert_eq!(site.read(&at, &own).await.json()["state"], "received");
    assert_eq!(site.school.work_arrivals(site.now()).expect("worked"), 1);
    let stored = site.read(&at, &own).await.json();
    assert_eq!((&stored["state"], &stored["changed"]), (&"stored".into(), &1.into()), "{stored}");
    assert_eq!(site.read("/api/v1/students/S4", &own).await.json()["given_name"], "Dan");

    let marks = sent(
        &site,
        &own,
        "marks",
        "b",
        json!({"rows": [
            {"student_id": "S4", "date": "2026-05-04", "half": "am", "code": "P"},
            {"student_id": "S9", "date": "2026-05-04", "half": "am", "code": "P"},
        ]}),
    )
    .await;
    site.school.work_arrivals(site.now()).expect("worked");
    let told = site.read(marks.header("location"), &own).await.json();
    assert_eq!(
        (&told["state"], &told["changed"], &told["bad_rows"]),
        (&"stored".into(), &1.into(), &1.into()),
        "{told}"
    );

    let other = program(&site, "Other", &[ApiScope::RosterWrite]);
    assert_eq!(site.read(&at, &other).await.status, StatusCode::NOT_FOUND);
    let wrong =
        sent(&site, &own, "students", "c", json!({"rows": [{"student_id": "S5", "note": "x"}]})).await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.json()["errors"][0]["pointer"].as_str()),
        (422, Some("/rows/0/note"))
    );
    assert_eq!(sent(&site, &own, "contacts", "d", json!({"rows": []})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r24_rows_of_staff_wait_for_a_person() {
    let site = Site::new();
    let own = everything(&site);
    let eve = json!({"rows": [{"staff_id": "eve", "name": "Eve", "email": "eve@school.example", "role": "sms_admin"}]});
    let kept = sent(&site, &own, "staff", "a", eve).await;
    assert_eq!((kept.status, &kept.json()["state"]), (StatusCode::ACCEPTED, &"review".into()));
    assert_eq!(site.school.work_arrivals(site.now()).expect("worked"), 0);
    let people = site.school.people(&super::admin(), site.now()).expect("people");
    assert!(people.iter().all(|line| line.staff.id.as_str() != "eve"));
}
