//! R30: a form that did not come from our own page changes nothing.

use crate::school::{Answer, Ask, MULTIPART, Person, Site, filled, multipart, urlencoded};
use axum::http::StatusCode;
use domain::Role;
use web::routes::{Access, Route, Takes, table};

/// The forms of our own pages. Programs send none, and nothing of theirs rests on a cookie.
fn posts() -> Vec<Route> {
    let is_form = |route: &Route| matches!(route.takes, Takes::Form | Takes::File);
    table().into_iter().filter(|route| route.method == "POST" && is_form(route)).collect()
}

/// Somebody who may use a route.
fn holder(site: &Site, route: &Route) -> Person {
    let may = |role: &Role| {
        let groups = vec!["9KA".to_owned()];
        route.access.admits(&domain::StaffScope { roles: vec![*role], groups, ..Default::default() })
    };
    site.person(Role::ALL.into_iter().rev().find(may).expect("some role may"))
}

async fn send(
    site: &Site,
    route: &Route,
    person: Option<&Person>,
    csrf: Option<&str>,
    headers: &[(&str, &str)],
) -> Answer {
    let fields: Vec<(&str, &str)> = csrf.map(|csrf| ("csrf", csrf)).into_iter().collect();
    let mut headers = headers.to_vec();
    let typed = headers.iter().any(|(name, _)| *name == "content-type");
    let body = if route.takes == Takes::File {
        if !typed {
            headers.push(MULTIPART);
        }
        multipart(&fields, "")
    } else {
        urlencoded(&fields).into_bytes()
    };
    let ask = Ask { person, headers, body: Some(body), peer: None };
    site.ask("POST", &filled(route.path), &[], ask).await
}

#[tokio::test]
async fn r30_every_form_needs_its_own_sessions_token() {
    let site = Site::new();
    for route in posts().iter().filter(|route| route.access != Access::Public) {
        let (person, other) = (holder(&site, route), site.person(Role::Dean));
        let cut = &person.csrf[1..];
        for wrong in [None, Some(""), Some(cut), Some(other.csrf.as_str()), Some(person.token.as_str())] {
            let answer = send(&site, route, Some(&person), wrong, &[]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {wrong:?}", route.path);
            assert!(answer.body.contains("did not come from an open page"), "{}", route.path);
        }
        let right = send(&site, route, Some(&person), Some(&person.csrf), &[]).await;
        assert_ne!(right.status, StatusCode::FORBIDDEN, "{}", route.path);
    }
}

#[tokio::test]
async fn r30_every_form_from_another_origin_or_of_another_kind_is_refused() {
    let site = Site::new();
    for route in posts() {
        let person = holder(&site, &route);
        let foreign = [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "https://school.example.evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("content-type", "text/plain"),
            ("content-type", "application/json"),
            ("content-type", ""),
        ];
        for header in foreign {
            let answer = send(&site, &route, Some(&person), Some(&person.csrf), &[header]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {header:?}", route.path);
        }
        for own in [("origin", "https://school.example"), ("sec-fetch-site", "same-origin")] {
            let person = holder(&site, &route);
            let answer = send(&site, &route, Some(&person), Some(&person.csrf), &[own]).await;
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{} {own:?}", route.path);
        }
    }
}

/// Pages that show how whānau are reached, and a file: that they were taken is written down (R28), and nothing
/// else.
const LOGGED: [&str; 3] = ["/students/{id}/referral", "/students/{id}/left", "/review/board.csv"];

#[tokio::test]
async fn r30_opening_every_page_changes_nothing() {
    let site = Site::new();
    let people: Vec<Person> = Role::ALL.into_iter().map(|role| site.person(role)).collect();
    let before = contents(&site);
    for person in &people {
        let is_silent = |route: &web::routes::Route| !LOGGED.contains(&route.path);
        for route in table().into_iter().filter(|route| route.method == "GET").filter(is_silent) {
            site.get(&filled(route.path), Some(person)).await;
        }
    }
    assert!(before == contents(&site), "a page was opened and the database is another");
    // The twin: one form does change it.
    let fields = [("type", "other"), ("wording", "Walking school bus")];
    let admin = people.last().expect("an administrator");
    assert_eq!(site.post("/descriptions", Some(admin), &fields).await.status, StatusCode::SEE_OTHER);
    assert_ne!(before, contents(&site));
}

/// Every file of the database.
fn contents(site: &Site) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(&site.directory).expect("a directory");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| !path.to_string_lossy().ends_with("-shm"));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a file")).collect()
}

#[tokio::test]
async fn r33_a_form_that_is_too_large_is_refused_before_it_is_read() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let large = "x".repeat(1024 * 1024);
    let answer = site.post("/descriptions", Some(&admin), &[("wording", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let small = "x".repeat(1024);
    let answer = site.post("/descriptions", Some(&admin), &[("type", "other"), ("wording", &small)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn r33_a_file_that_is_no_csv_is_refused_with_words() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    for (file, words) in [
        ("PK\u{3}\u{4}not a table", "This workbook cannot be read"),
        ("<html><table><tr><td>1", "a web page"),
        ("", "the file is empty"),
        ("\n \n", "the file is empty"),
    ] {
        let answer = site.upload("/school/imports", &admin, &[], file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        assert!(answer.body.to_lowercase().contains(&words.to_lowercase()), "{file}: {}", answer.body);
    }
}
