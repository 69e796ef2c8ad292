//! R26 and R27 among schools: two on one server, each under its own name. Whoever is at one of
//! them is nobody at the other, and nothing of the one can be told from what is not there.

use crate::school::{Answer, Ask, PASSWORD, Person, Site, filled};
use axum::http::StatusCode;
use domain::Role;
use web::routes::{Access, Of, Route, table};

/// A request to one school's server under any name.
async fn get_as(site: &Site, host: &str, path: &str, peer: Option<&str>) -> Answer {
    site.ask("GET", path, &[], Ask { headers: vec![("host", host)], peer, ..Ask::default() }).await
}

#[tokio::test]
async fn r27_a_session_of_one_school_is_signed_out_at_another() {
    let (kura, awa) = Site::pair();
    for role in Role::ALL {
        let person = kura.person(role);
        assert_eq!(kura.get("/school", Some(&person)).await.status, StatusCode::OK, "{role}");
        let of_people =
            |route: &Route| !matches!(route.access, Access::Public | Access::Client(_) | Access::Kamar);
        for route in table().into_iter().filter(of_people) {
            let path = filled(route.path);
            if route.method == "GET" {
                let answer = awa.get(&path, Some(&person)).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{role} {path}");
                assert!(answer.header("location").starts_with("/sign-in"), "{path}");
            } else {
                let answer = awa.post(&path, Some(&person), &[]).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{role} {path}");
            }
        }
    }
    // The same address and password at the other school begin another session, and leave this one.
    let leader = kura.person(Role::Leader);
    let fields = [("email", "leader@school.example"), ("password", PASSWORD)];
    let there = awa.post("/sign-in", None, &fields).await.token().expect("a session");
    assert_ne!(there, leader.token);
    assert_eq!(kura.get("/school", Some(&leader)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn r27_each_name_shows_its_own_school_and_its_own_students() {
    let (kura, awa) = Site::pair();
    for (site, own, other) in [
        (&kura, ["Example College", "S1"], ["Sample School", "Z1"]),
        (&awa, ["Sample School", "Z1"], ["Example College", "S1"]),
    ] {
        let leader = site.person(Role::Leader);
        let page = site.get("/students", Some(&leader)).await.body;
        assert!(own.iter().all(|text| page.contains(text)), "{}: {page}", site.host);
        assert!(!other.iter().any(|text| page.contains(text)), "{}", site.host);
        let entrance = site.get("/sign-in", None).await.body;
        assert!(entrance.contains(own[0]) && !entrance.contains(other[0]), "{}", site.host);
    }
}

#[tokio::test]
async fn r26_r27_what_another_school_has_looks_like_what_is_not_there() {
    let (kura, awa) = Site::pair();
    let leader = awa.person(Role::Leader);
    let existing = ["/students/S1", "/students/S1/notes", "/students?q=Sample", "/roll/9KA?date=2026-05-04"];
    for path in existing {
        let own = kura.get(path, Some(&kura.person(Role::Leader))).await;
        assert_eq!(own.status, StatusCode::OK, "{path}");
    }
    for (theirs, absent) in [
        ("/students/S1", "/students/S9"),
        ("/students/S1/notes", "/students/S9/notes"),
        ("/students/S1?half=2026-05-04-am", "/students/S9?half=2026-05-04-am"),
    ] {
        let (found, missing) = (awa.get(theirs, Some(&leader)).await, awa.get(absent, Some(&leader)).await);
        assert_eq!((found.status, missing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(found.body.replace("S1", "S9"), missing.body, "{theirs}");
        assert_eq!(found.headers, missing.headers, "{theirs}");
    }
    let forms: [(&str, &[(&str, &str)]); 2] = [
        ("mark", &[("date", "2026-05-04"), ("half", "am"), ("code", "M"), ("version", "1")]),
        ("reason", &[("date", "2026-05-04"), ("half", "am"), ("reason", "dentist"), ("given_by", "x")]),
    ];
    for (what, fields) in forms {
        let (found, missing) = (
            awa.post(&format!("/students/S1/{what}"), Some(&leader), fields).await,
            awa.post(&format!("/students/S9/{what}"), Some(&leader), fields).await,
        );
        assert_eq!(found.status, missing.status, "{what}");
        assert!(found.status.is_client_error(), "{what} {}", found.status);
        assert_eq!(found.body.replace("S1", "S9"), missing.body, "{what}");
    }
}

#[tokio::test]
async fn r27_a_form_of_one_school_is_refused_at_another() {
    let (kura, awa) = Site::pair();
    let (here, there) = (kura.person(Role::SmsAdmin), awa.person(Role::SmsAdmin));
    let fields = [("type", "other"), ("wording", "Walking school bus")];
    let wordings = |site: &Site| {
        let sections = site.school.descriptions(&app::Actor::Operator, site.now()).expect("descriptions");
        format!("{sections:?}").contains("Walking school bus")
    };
    // The other school's session, the other school's token, and a form from the other's page.
    let foreign = [
        (Person { ..here.clone() }, vec![], StatusCode::UNAUTHORIZED),
        (Person { csrf: here.csrf.clone(), ..there.clone() }, vec![], StatusCode::FORBIDDEN),
        (there.clone(), vec![("origin", "https://kura.example")], StatusCode::FORBIDDEN),
        (there.clone(), vec![("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
    ];
    for (person, headers, expected) in foreign {
        let all = [&fields[..], &[("csrf", person.csrf.as_str())]].concat();
        let ask = Ask { person: Some(&person), headers, ..Ask::default() };
        let answer = awa.ask("POST", "/descriptions", &all, ask).await;
        assert_eq!(answer.status, expected);
        assert!(!wordings(&awa) && !wordings(&kura));
    }
    assert_eq!(awa.post("/descriptions", Some(&there), &fields).await.status, StatusCode::SEE_OTHER);
    assert!(wordings(&awa) && !wordings(&kura), "its own form changes its own school alone");
}

#[tokio::test]
async fn r27_a_link_of_one_school_is_good_for_nothing_at_another() {
    let (kura, awa) = Site::pair();
    let peer = Some("127.0.0.1:4000");
    let path = format!("/set-up/{}", kura.set_up);
    assert_eq!(get_as(&kura, "kura.example", &path, peer).await.status, StatusCode::OK);
    let (other, unknown) = (
        get_as(&awa, "awa.example", &path, peer).await,
        get_as(&awa, "awa.example", "/set-up/none", peer).await,
    );
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert_eq!(other.body, unknown.body);
}

#[tokio::test]
async fn a_name_that_no_school_has_is_a_page_that_names_none() {
    let (kura, _awa) = Site::pair();
    let leader = kura.person(Role::Leader);
    let mut bodies = Vec::new();
    for host in ["other.example", "127.0.0.1:4100", "", "kura.example.evil.example", "example"] {
        for route in table().into_iter().filter(|route| route.of == Of::School) {
            let headers = vec![("host", host)];
            let fields = [("csrf", leader.csrf.as_str())];
            let ask = Ask { person: Some(&leader), headers, ..Ask::default() };
            let answer = kura.ask(route.method, &filled(route.path), &fields, ask).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{host} {}", route.path);
            assert_eq!(answer.header("set-cookie"), "");
            bodies.push(answer.body);
        }
    }
    bodies.sort();
    bodies.dedup();
    let (pages, problems): (Vec<String>, Vec<String>) =
        bodies.into_iter().partition(|body| body.starts_with("<!"));
    assert_eq!((pages.len(), problems.len()), (1, 1), "every such page is the same, and every problem");
    for name in ["Example College", "Sample School", "kura.example", "awa.example", "189"] {
        assert!(!pages[0].contains(name) && !problems[0].contains(name), "{name}");
    }
    // What belongs to the server is answered under any name, so that the page has its look.
    for route in table().into_iter().filter(|route| route.of == Of::Server) {
        let answer = get_as(&kura, "other.example", &filled(route.path), None).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", route.path);
    }
    // Capitals and a port change nothing.
    assert_eq!(get_as(&kura, "KURA.Example:8443", "/sign-in", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn on_the_machine_itself_a_school_can_be_set_up_before_its_name_leads_anywhere() {
    let (kura, _awa) = Site::pair();
    let path = format!("/set-up/{}", kura.set_up);
    let here = Some("127.0.0.1:4000");
    assert_eq!(get_as(&kura, "189.localhost:4100", &path, here).await.status, StatusCode::OK);
    let elsewhere = get_as(&kura, "189.localhost:4100", &path, Some("192.0.2.7:4000")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    let headers = vec![("host", "189.localhost"), ("x-forwarded-for", "192.0.2.7")];
    let ask = Ask { headers, peer: here, ..Ask::default() };
    assert_eq!(kura.ask("GET", &path, &[], ask).await.status, StatusCode::NOT_FOUND);
}
