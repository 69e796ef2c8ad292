//! The operator's page: how every school stands, and no student in any byte of it.

use crate::school::{Answer, Site, send};
use app::{Actor, App};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use domain::Role;
use std::net::SocketAddr;

/// The operator's pages of a site's memory, read anew: what was read stands for a few seconds.
fn watch(site: &Site) -> Router {
    web::operator(site.app.clone(), site.settings())
}

async fn ask(router: &Router, path: &str, peer: Option<&str>, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).expect("a request");
    if let Some(peer) = peer {
        let peer: SocketAddr = peer.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    send(router, request).await
}

async fn get(router: &Router, path: &str) -> Answer {
    ask(router, path, Some("127.0.0.1:4000"), &[("host", "127.0.0.1:4109")]).await
}

#[tokio::test]
async fn every_school_is_on_it_and_the_same_stands_in_the_document() {
    let (kura, _awa) = Site::pair();
    let router = watch(&kura);
    let page = get(&router, "/").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["Example College", "Sample School", "kura.example", "awa.example", "Not sharing", "189 ·"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains('⟦'), "{}", page.body);
    let document: serde_json::Value =
        serde_json::from_str(&get(&router, "/operator.json").await.body).expect("JSON");
    assert_eq!(document["totals"]["schools"], 2);
    assert_eq!(document["totals"]["students_enrolled"], 6);
    assert_eq!(document["schools"][0]["number"], 12);
    assert_eq!(document["schools"][1]["host_name"], "kura.example");
    assert_eq!(document["schools"][1]["half_days_marked_today"], 0);
    assert_eq!(document["schools"][1]["needs_a_look"], serde_json::json!([]));
}

#[tokio::test]
async fn a_school_that_needs_a_look_is_found_and_one_can_be_looked_for() {
    let (kura, awa) = Site::pair();
    let well = get(&watch(&kura), "/?show=look").await;
    assert!(well.body.contains("No school needs a look"), "{}", well.body);
    // Past noon; only one of them has a mark.
    kura.wait(3 * 3_600);
    let import = app::ImportRequest {
        kind: app::ImportKind::Marks,
        name: "marks.csv".to_owned(),
        source: "test".to_owned(),
        bytes: b"student_id,date,half,code\nZ1,2026-05-05,am,P\n".to_vec(),
        skip_bad_rows: false,
        again: false,
    };
    awa.school.import(&Actor::Operator, awa.now(), import).expect("an import");
    let router = watch(&kura);
    let look = get(&router, "/?show=look").await;
    assert!(look.body.contains("Example College") && look.body.contains("Nothing marked by noon"));
    assert!(!look.body.contains("Sample School"), "{}", look.body);
    for (query, found) in
        [("sample", "Sample School"), ("189", "Example College"), ("KURA", "Example College")]
    {
        let page = get(&router, &format!("/?q={query}")).await;
        assert!(page.body.contains(found), "{query}");
        assert_eq!(page.body.matches("<tr>").count(), 2, "the head and one school: {query}");
    }
    assert!(get(&router, "/?q=nobody").await.body.contains("No school here is called “nobody”"));
}

#[tokio::test]
async fn an_empty_host_is_told_how_to_make_its_first_school() {
    let directory = std::env::temp_dir().join(format!("starboard-operator-{}", std::process::id()));
    let app = App::open_for_rehearsal(&directory, 7).expect("a database");
    let site = Site::new();
    let router = web::operator(app, site.settings());
    let page = get(&router, "/").await;
    assert!(page.body.contains("No school is here yet") && page.body.contains("starboard init"));
    let document = get(&router, "/operator.json").await.body;
    assert!(document.contains("\"schools\":[]"), "{document}");
    let _ = std::fs::remove_dir_all(&directory);
}

#[tokio::test]
async fn r11_no_student_and_nobody_else_is_in_any_byte_of_it() {
    let (kura, _awa) = Site::pair();
    kura.wait(4 * 3_600);
    let router = watch(&kura);
    let mut bytes = String::new();
    for path in ["/", "/?show=look", "/?q=kura", "/operator.json"] {
        bytes.push_str(&get(&router, path).await.body);
    }
    // The canaries are there to be found: the school's own pages show them.
    let (leader, office) = (kura.person(Role::Leader), kura.person(Role::Office));
    let mut own = String::new();
    for path in ["/students", "/students/S1", "/descriptions", "/today"] {
        own.push_str(&kura.get(path, Some(&leader)).await.body);
    }
    own.push_str(&kura.post("/students/S1/nsn", Some(&office), &[]).await.body);
    for canary in ["Āria", "Beau", "Cara", "S1", "S3", "9KA", "10RI", "0123456789", "Lee Example"] {
        assert!(own.contains(canary), "{canary}");
        assert!(!bytes.contains(canary), "{canary}");
    }
    let students = ["Z1", "Z3", "012345", "Other", "Tui Example", "Ana Example", "@school.example"];
    for text in students {
        assert!(!bytes.contains(text), "{text}");
    }
    let descriptions = kura.school.descriptions(&Actor::Operator, kura.now()).expect("descriptions");
    let wordings: Vec<String> = descriptions
        .iter()
        .flat_map(|section| &section.lines)
        .map(|line| line.current.wording.clone())
        .collect();
    assert!(!wordings.is_empty());
    for wording in wordings {
        assert!(!bytes.contains(&wording), "{wording}");
    }
}

#[tokio::test]
async fn it_opens_on_this_machine_alone_and_has_nothing_else() {
    let site = Site::new();
    let router = watch(&site);
    let (here, own) = (Some("127.0.0.1:4000"), ("host", "127.0.0.1:4109"));
    for path in ["/", "/operator.json"] {
        assert_eq!(ask(&router, path, here, &[own]).await.status, StatusCode::OK);
        assert_eq!(
            ask(&router, path, Some("[::1]:4000"), &[("host", "localhost")]).await.status,
            StatusCode::OK
        );
        for (peer, headers) in [
            (Some("192.0.2.7:4000"), vec![own]),
            (None, vec![own]),
            (here, vec![]),
            (here, vec![("host", "kura.example")]),
            (here, vec![own, ("x-forwarded-for", "192.0.2.7")]),
            (here, vec![own, ("forwarded", "for=192.0.2.7")]),
        ] {
            let refused = ask(&router, path, peer, &headers).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{peer:?} {headers:?}");
            assert!(!refused.body.contains("Example College"));
        }
    }
    for path in ["/students", "/sign-in", "/today", "/operator"] {
        assert_eq!(get(&router, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = get(&router, "/").await;
    for name in ["content-security-policy", "x-content-type-options", "strict-transport-security"] {
        assert!(!page.header(name).is_empty(), "{name}");
    }
    assert_eq!(page.header("cache-control"), "no-store");
}
