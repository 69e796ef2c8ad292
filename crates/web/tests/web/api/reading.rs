//! What programs read: pages, versions, what they may not see, and how a wrong request is told.

use super::{Program, everything, program};
use crate::school::Site;
use app::{Actor, ImportKind, ImportRequest};
use axum::http::StatusCode;
use domain::{ApiScope, StaffId};
use serde_json::{Value, json};

fn import(site: &Site, kind: ImportKind, text: &str) {
    let request = ImportRequest {
        kind,
        name: "more.csv".to_owned(),
        source: "test".to_owned(),
        bytes: text.as_bytes().to_vec(),
        skip_bad_rows: false,
        again: false,
    };
    let report = site.school.import(&Actor::Operator, site.now(), request).expect("an import");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

fn students(ids: impl Iterator<Item = String>) -> String {
    let head = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n";
    let row = |id: String| format!("{id},,Given,Family,,9,9KA,2026-02-02,\n");
    head.to_owned() + &ids.map(row).collect::<String>()
}

async fn all(site: &Site, own: &Program, first: &str, mut between: impl FnMut(usize)) -> Vec<Value> {
    let (mut rows, mut next, mut pages) = (Vec::new(), Some(first.to_owned()), 0);
    while let Some(path) = next {
        let answer = site.read(&path, own).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let page = answer.json();
        next = page["next"].as_str().map(str::to_owned);
        let link = next.as_ref().map_or_else(String::new, |next| format!("<{next}>; rel=\"next\""));
        assert_eq!(answer.header("link"), link);
        rows.extend(page["data"].as_array().expect("rows").iter().cloned());
        between(pages);
        pages += 1;
        assert!(pages < 200, "pages without end");
    }
    rows
}

#[tokio::test]
async fn no_row_is_lost_or_doubled_while_others_are_added() {
    let site = Site::new();
    let own = everything(&site);
    import(&site, ImportKind::Students, &students((0..30).map(|number| format!("M{number:02}"))));
    let rows = all(&site, &own, "/api/v1/students?limit=4&year_level=9", |page| {
        // Some before the page that was read, some after it.
        let ids = [format!("A{page}"), format!("M{page:02}x"), format!("Z{page}")];
        if page < 6 {
            import(&site, ImportKind::Students, &students(ids.into_iter()));
        }
    })
    .await;
    let ids: Vec<&str> = rows.iter().map(|row| row["student_id"].as_str().expect("an id")).collect();
    assert!(ids.is_sorted_by(|one, other| one < other), "{ids:?}");
    for number in 0..30 {
        assert!(ids.contains(&format!("M{number:02}").as_str()), "M{number:02}");
    }
    assert!(ids.contains(&"S1") && ids.contains(&"Z0"));
}

#[tokio::test]
async fn every_list_comes_in_pages_that_together_are_the_whole() {
    let site = Site::new();
    let own = everything(&site);
    let days = ["2026-04-20", "2026-04-21", "2026-04-22", "2026-04-23", "2026-04-28"];
    let mut rows = String::from("student_id,date,half,code\n");
    for student in ["S1", "S2"] {
        for day in days {
            rows += &format!("{student},{day},am,T\n{student},{day},pm,T\n");
        }
    }
    import(&site, ImportKind::Marks, &rows);
    for number in 0..5 {
        let new = json!({"student_id": "S1", "type": "other", "done_at": "2026-05-05T09:00:00+12:00"});
        let key = number.to_string();
        let answer = site
            .api("POST", "/api/v1/responses", Some(&own.token), &[("idempotency-key", &key)], Some(new))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    for (list, least) in [
        ("students", 3),
        ("marks", 20),
        ("half-days", 40),
        ("tallies", 3),
        ("crossings", 2),
        ("tasks", 2),
        ("responses", 5),
    ] {
        let whole = all(&site, &own, &format!("/api/v1/{list}?limit=500"), |_| {}).await;
        assert!(whole.len() >= least, "{list} {}", whole.len());
        for limit in [1, 3] {
            let parts = all(&site, &own, &format!("/api/v1/{list}?limit={limit}"), |_| {}).await;
            assert_eq!(parts, whole, "{list} by {limit}");
        }
    }
    let one = all(&site, &own, "/api/v1/marks?student_id=S1&limit=3", |_| {}).await;
    assert_eq!(one.len(), 12);
    assert!(one.iter().all(|row| row["student_id"] == "S1"));
}

#[tokio::test]
async fn what_was_taken_back_is_told_to_whoever_asks_what_changed() {
    let site = Site::new();
    let own = everything(&site);
    site.wait(60);
    let since = domain::Zone::Auckland.text(site.now()).replace('+', "%2B");
    let path = "/api/v1/students/S1/marks/2026-05-04/am";
    let answer =
        site.api("PUT", path, Some(&own.token), &[("if-match", "*")], Some(json!({"code": null}))).await;
    assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::OK, &Value::Null));
    let changed = site.read(&format!("/api/v1/marks?changed_since={since}"), &own).await.json();
    assert_eq!(changed["data"].as_array().map(Vec::len), Some(1), "{changed}");
    assert_eq!(
        (&changed["data"][0]["code"], &changed["data"][0]["recorded_by"]),
        (&Value::Null, &"api:Everything".into())
    );
    let standing = site.read("/api/v1/marks?student_id=S1", &own).await.json();
    assert_eq!(standing["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let site = Site::new();
    let own = everything(&site);
    for path in [
        "/api/v1/students",
        "/api/v1/students/S1",
        "/api/v1/tallies",
        "/api/v1/students/S1/marks/2026-05-04/am",
        "/api/v1/terms",
    ] {
        let first = site.read(path, &own).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path} {tag}");
        for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let again = site.api("GET", path, Some(&own.token), &[("if-none-match", &known)], None).await;
            assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path} {known}");
            assert_eq!(again.header("etag"), tag);
        }
        let head = site.api("HEAD", path, Some(&own.token), &[], None).await;
        assert_eq!(
            (head.status, head.body.as_str(), head.header("etag")),
            (StatusCode::OK, "", tag.as_str())
        );
    }
    let before = site.read("/api/v1/students/S1/marks/2026-05-04/am", &own).await;
    let path = "/api/v1/students/S1/marks/2026-05-04/am";
    site.api(
        "PUT",
        path,
        Some(&own.token),
        &[("if-match", before.header("etag"))],
        Some(json!({"code": "L"})),
    )
    .await;
    let after =
        site.api("GET", path, Some(&own.token), &[("if-none-match", before.header("etag"))], None).await;
    assert_eq!(after.status, StatusCode::OK);
}

#[tokio::test]
async fn r25_a_note_is_in_no_answer_to_a_program_that_may_do_everything() {
    let site = Site::new();
    let own = everything(&site);
    let canary = "kotuku-canary-4711";
    let new = |student: &str| json!({"student_id": student, "type": "conversation_with_whanau", "done_at": "2026-05-05T09:00:00+12:00", "note": canary});
    let made = site
        .api("POST", "/api/v1/responses", Some(&own.token), &[("idempotency-key", "a")], Some(new("S1")))
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert!(!made.body.contains(canary));
    // A person's note too.
    let leader = Actor::Staff(StaffId::parse("leader").expect("an id"));
    let notes = site
        .school
        .notes(&leader, site.now(), &domain::StudentId::parse("S1").expect("an id"))
        .expect("notes");
    assert_eq!(
        notes.first().map(|note| note.text.as_str()),
        Some(canary),
        "the twin: it is there for people"
    );
    let at = made.header("location").to_owned();
    let revised = json!({"type": "other", "done_at": "2026-05-05T09:00:00+12:00", "note": canary});
    let answers = [
        site.api("PUT", &at, Some(&own.token), &[("if-match", "*")], Some(revised)).await,
        site.api(
            "POST",
            &format!("{at}/withdraw"),
            Some(&own.token),
            &[("if-match", "*")],
            Some(json!({"note": canary})),
        )
        .await,
        // A body that cannot be read is not told back.
        site.api(
            "POST",
            "/api/v1/responses",
            Some(&own.token),
            &[("idempotency-key", "b")],
            Some(json!({"note": [canary], "threshold_days": canary})),
        )
        .await,
        site.api("POST", "/api/v1/responses", Some(&own.token), &[("idempotency-key", "a")], Some(new("S2")))
            .await,
    ];
    for answer in &answers {
        assert!(!answer.body.contains(canary), "{}", answer.body);
        assert!(answer.headers.values().all(|value| !value.to_str().unwrap_or_default().contains(canary)));
    }
    for route in
        web::routes::table().iter().filter(|route| route.method == "GET" && route.path.starts_with("/api/"))
    {
        if route.path.contains("{import_id}") {
            continue;
        }
        let mut path =
            crate::school::filled(route.path).replace("/none", at.trim_start_matches("/api/v1/responses"));
        if path.contains("/exports/") {
            path += "?term=2026-T2";
        }
        let answer = site.read(&path, &own).await;
        assert!(answer.status.is_success(), "{path} {}", answer.body);
        assert!(!answer.body.contains(canary), "{path}");
    }
    for kind in app::ExportKind::ALL {
        let answer = site.read(&format!("/api/v1/exports/{}?term=2026-T2", kind.text()), &own).await;
        assert!(answer.status.is_success() && !answer.body.contains(canary), "{}", kind.text());
    }
}

#[tokio::test]
async fn r06_an_nsn_is_shown_with_its_own_scope_when_it_is_asked_for_and_each_look_is_written_down() {
    let site = Site::new();
    let (own, plain) = (everything(&site), program(&site, "Plain", &[ApiScope::StudentsRead]));
    let looks = || {
        let acts = site.app.store().read(site.school.number(), |tx| {
            Ok::<_, app::AppError>(store::act::of_kind(tx, site.school.number(), "reveal_nsn").expect("acts"))
        });
        acts.expect("a database")
            .into_iter()
            .map(|(_, about, by)| (about, by.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    for path in ["/api/v1/students", "/api/v1/students/S1"] {
        assert!(!site.read(path, &own).await.body.contains("nsn"), "{path}");
        let refused = site.read(&format!("{path}?include=nsn"), &plain).await;
        assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::FORBIDDEN, "scope"));
    }
    assert!(looks().is_empty());
    assert!(site.read("/api/v1/students?include=nsn", &own).await.body.contains("0123456789"));
    assert!(site.read("/api/v1/students/S1?include=nsn", &own).await.body.contains("0123456789"));
    let by = "api:Everything".to_owned();
    assert_eq!(looks(), [("S1".to_owned(), by.clone()), ("S1".to_owned(), by)]);
}

#[tokio::test]
async fn a_wrong_request_is_told_what_is_wrong_where_and_what_would_be_right() {
    let site = Site::new();
    let own = everything(&site);
    let cases = [
        ("/api/v1/students?gruop=9KA", 400, "request", "gruop", "this address takes group"),
        ("/api/v1/students?limit=501", 400, "request", "limit", "1 to 500"),
        ("/api/v1/students?cursor=zz", 400, "request", "cursor", "as it is"),
        ("/api/v1/students?enrolled_on=4/5/2026", 400, "request", "enrolled_on", "as 2026-05-04"),
        ("/api/v1/marks?date=2026-05-04&term=2026-T2", 400, "request", "date", "or term"),
        ("/api/v1/marks?from=2020-01-01&to=2026-01-01", 400, "request", "to", "400 days"),
        ("/api/v1/marks?changed_since=yesterday", 400, "request", "changed_since", "offset"),
        ("/api/v1/tallies?term=2026", 400, "request", "term", "2026-T2"),
        ("/api/v1/tallies?term=2026-T2&term=2026-T2", 400, "request", "term", "once"),
        ("/api/v1/crossings?state=gone", 400, "request", "state", "reached or withdrawn"),
        ("/api/v1/exports/tallies", 400, "request", "term", "ame the term"),
        ("/api/v1/exports/tallies?term=2026-T2&local=yes", 400, "request", "local", "true or false"),
    ];
    for (path, status, kind, parameter, said) in cases {
        let answer = site.read(path, &own).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, kind), "{path}");
        let problem = answer.json();
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{path}");
        assert!(
            problem["errors"][0]["detail"].as_str().is_some_and(|detail| detail.contains(said)),
            "{problem}"
        );
    }
    for path in [
        "/api/v1/students/S9",
        "/api/v1/responses/none",
        "/api/v1/descriptions/999",
        "/api/v1/exports/notes?term=2026-T2",
        "/api/v1/exports/tallies?term=2027-T1",
        "/api/v1/nothing",
        "/api/v2/students",
        "/api",
        "/api/v1/students/S1/marks/2026-13-04/am",
        "/api/v1/students/S1/marks/2026-05-04/noon",
        "/api/v1/students/S1/marks/2026-05-06/am",
    ] {
        let answer = site.read(path, &own).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "not-found"), "{path}");
    }
    let wrong = site.api("DELETE", "/api/v1/students/S1", Some(&own.token), &[], None).await;
    assert_eq!((wrong.status.as_u16(), wrong.problem().as_str()), (405, "method"));
    assert!(wrong.header("allow").contains("GET"), "{}", wrong.header("allow"));
    let html = site.api("GET", "/api/v1/students", Some(&own.token), &[("accept", "text/html")], None).await;
    assert_eq!((html.status.as_u16(), html.problem().as_str()), (406, "not-acceptable"));
}

#[tokio::test]
async fn an_export_over_the_interface_is_the_one_at_the_command_line_and_is_written_down() {
    let site = Site::new();
    let own = everything(&site);
    let csv = site
        .api("GET", "/api/v1/exports/tallies?term=2026-T2", Some(&own.token), &[("accept", "text/csv")], None)
        .await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    let mut lines = csv.body.lines();
    assert_eq!(lines.next(), Some(app::ExportKind::Tallies.columns().join(",").as_str()));
    assert_eq!(lines.count(), 3);
    let rows = site.read("/api/v1/exports/tallies?term=2026-T2", &own).await.json();
    assert_eq!(rows.as_array().map(Vec::len), Some(3));
    assert_eq!(rows[0]["student_id"], "S1");
    let acts = site.app.store().read(site.school.number(), |tx| {
        Ok::<_, app::AppError>(store::act::of_kind(tx, site.school.number(), "export").expect("acts"))
    });
    let by: Vec<Option<String>> = acts.expect("a database").into_iter().map(|(.., by)| by).collect();
    assert_eq!(by, [Some("api:Everything".to_owned()), Some("api:Everything".to_owned())]);
}
