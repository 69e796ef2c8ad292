//! Who may open what, for every row of the table of routes and every role.

use crate::school::{Ask, Person, Site, filled};
use axum::http::StatusCode;
use domain::{Permission, Reach, Role, StaffScope};
use web::routes::{Access, Of, Route, Takes, table};

fn admits(access: Access, role: Role) -> bool {
    let may = |permission: &Permission| role.reach(*permission) > Reach::Nothing;
    match access {
        Access::Public | Access::SignedIn => true,
        Access::May(permissions) => permissions.iter().all(may),
        // No person, whoever is signed in.
        Access::Client(_) | Access::Kamar => false,
    }
}

async fn send(site: &Site, route: &Route, path: &str, person: Option<&Person>) -> crate::school::Answer {
    match (route.method, route.takes, person) {
        ("GET", _, _) => site.get(path, person).await,
        (_, Takes::File, Some(person)) => site.upload(path, person, &[], "").await,
        _ => site.post(path, person, &[]).await,
    }
}

/// The routes of people: programs have tokens, and tests of their own.
fn of_people() -> impl Iterator<Item = Route> {
    table().into_iter().filter(|route| !matches!(route.access, Access::Client(_)))
}

fn without_sign_out() -> impl Iterator<Item = Route> {
    of_people().filter(|route| route.path != "/sign-out")
}

#[tokio::test]
async fn r24_every_route_is_open_to_the_roles_that_the_table_names_and_to_no_other() {
    let site = Site::new();
    let mut cells = 0;
    for role in Role::ALL {
        let person = site.person(role);
        let scope = StaffScope { roles: vec![role], ..StaffScope::default() };
        for route in without_sign_out() {
            let answer = send(&site, &route, &filled(route.path), Some(&person)).await;
            let expected = admits(route.access, role);
            assert_eq!(route.access.admits(&scope), expected);
            let refused = [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&answer.status)
                || answer.header("location").starts_with("/sign-in");
            assert_eq!(!refused, expected, "{role} {} {}: {}", route.method, route.path, answer.status);
            assert!(!answer.status.is_server_error(), "{role} {} {}", route.method, route.path);
            cells += 1;
        }
    }
    assert!(cells > 100, "{cells}");
}

#[test]
fn what_belongs_to_no_school_shows_nothing_and_takes_nothing() {
    let routes = table().into_iter().filter(|route| route.of == Of::Server);
    let plain =
        |route: &Route| (route.method, route.access, route.takes) == ("GET", Access::Public, Takes::Nothing);
    let (paths, plain): (Vec<_>, Vec<_>) = routes.map(|route| (route.path, plain(&route))).unzip();
    assert_eq!(paths, ["/assets/{*path}", "/health"]);
    assert!(plain.into_iter().all(|plain| plain));
}

#[tokio::test]
async fn r24_nobody_gets_in_without_a_session() {
    let site = Site::new();
    // No session, one that never was, and one of somebody who has left.
    let unknown = Person { token: "0".repeat(64), csrf: "0".repeat(64) };
    let left = site.person(Role::Leader);
    let leader = domain::StaffId::parse("leader").expect("an id");
    site.school.disable_sign_in(&app::Actor::Operator, site.now(), leader, true).expect("switched off");
    for person in [None, Some(&unknown), Some(&left)] {
        for route in of_people().filter(|route| route.access != Access::Public) {
            let answer = send(&site, &route, &filled(route.path), person).await;
            if route.method == "GET" {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", route.path);
                assert!(answer.header("location").starts_with("/sign-in"), "{}", route.path);
            } else {
                let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
                assert!(refused.contains(&answer.status), "{} {}", route.path, answer.status);
            }
        }
    }
}

#[tokio::test]
async fn r26_a_student_out_of_reach_looks_like_one_who_is_not_there() {
    let site = Site::new();
    let (teacher, leader) = (site.person(Role::Teacher), site.person(Role::Leader));
    for route in table().into_iter().filter(|route| route.path.starts_with("/students/{id}")) {
        // What no teacher may open is refused before anybody looks whose it is.
        if route.method != "GET" || !admits(route.access, Role::Teacher) {
            continue;
        }
        let path = |id: &str| route.path.replace("{id}", id);
        let own = site.get(&path("S1"), Some(&teacher)).await;
        assert_eq!(own.status, StatusCode::OK, "{}", route.path);
        let other = site.get(&path("S3"), Some(&teacher)).await;
        let absent = site.get(&path("S9"), Some(&teacher)).await;
        assert_eq!((other.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(other.body.replace("S3", "S9"), absent.body);
        assert_eq!(site.get(&path("S3"), Some(&leader)).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_path_that_is_not_in_the_table_is_a_page_that_says_so() {
    let site = Site::new();
    let person = site.person(Role::Principal);
    for path in ["/nothing", "/sharing/x", "/.env", "/assets/nothing.css", "/descriptions/1"] {
        let answer = site.get(path, Some(&person)).await;
        assert!(answer.status.is_client_error(), "{path} {}", answer.status);
        assert!(answer.body.contains("<h1>"), "{path}");
    }
    let wrong = site.ask("DELETE", "/school", &[], Ask { person: Some(&person), ..Ask::default() }).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn links_lead_only_where_one_may_go() {
    let site = Site::new();
    for role in Role::ALL {
        let person = site.person(role);
        let page = site.get("/school", Some(&person)).await.body;
        for link in links(&page) {
            let answer = site.get(&link, Some(&person)).await;
            assert!(
                answer.status.is_success() || answer.status.is_redirection(),
                "{role} {link} {}",
                answer.status
            );
        }
    }
}

fn links(page: &str) -> Vec<String> {
    let parts = page.split("href=\"").skip(1);
    let links =
        parts.filter_map(|part| part.split('"').next()).filter(|link| link.starts_with('/') && *link != "/");
    links.map(str::to_owned).collect()
}
