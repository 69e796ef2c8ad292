//! R34 and R11: what every answer carries, and that no page names another origin.

use crate::school::{Answer, Ask, Site, filled};
use axum::http::StatusCode;
use domain::Role;
use web::routes::table;

fn check_headers(answer: &Answer, what: &str) {
    let csp =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
    let expected = [
        ("content-security-policy", csp),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in expected {
        assert_eq!(answer.header(name), value, "{what}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    let kept = answer.header("cache-control");
    assert!(kept == "no-store" || what.contains("/assets/"), "{what}: {kept}");
}

#[tokio::test]
async fn r34_every_answer_of_every_route_carries_the_headers() {
    let site = Site::new();
    let leader = site.person(Role::Leader);
    for person in [None, Some(&leader)] {
        for route in table() {
            let path = filled(route.path);
            let answer = match route.method {
                "GET" => site.get(&path, person).await,
                _ => site.ask("POST", &path, &[], Ask { person, ..Ask::default() }).await,
            };
            check_headers(&answer, &format!("{} {path}", route.method));
        }
    }
    for path in ["/nothing", "/school/people/of/%FF"] {
        check_headers(&site.get(path, Some(&leader)).await, path);
    }
}

#[tokio::test]
async fn assets_may_be_kept_for_a_year_under_the_address_that_names_the_release() {
    let site = Site::new();
    for name in pages::asset_names() {
        let answer = site.get(&pages::asset_url(name), None).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert!(answer.header("cache-control").contains("immutable"), "{name}");
    }
}

#[tokio::test]
async fn r11_no_page_names_another_origin() {
    let site = Site::new();
    for role in [Role::SmsAdmin, Role::Principal] {
        let person = site.person(role);
        for route in table().into_iter().filter(|route| route.method == "GET") {
            let path = filled(route.path);
            if path.starts_with("/assets/") {
                continue;
            }
            let page = site.get(&path, Some(&person)).await.body;
            for attribute in ["href=\"", "src=\"", "action=\"", "srcset=\"", "formaction=\""] {
                for part in page.split(attribute).skip(1) {
                    let value = part.split('"').next().unwrap_or_default();
                    let own =
                        value.starts_with(['#', '?']) || (value.starts_with('/') && !value.starts_with("//"));
                    assert!(own, "{path}: {attribute}{value}");
                }
            }
            assert!(!page.contains('⟦'), "{path} uses a word that the catalogue lacks");
        }
    }
}

#[test]
fn r11_no_template_holds_an_address_a_style_or_a_script_of_its_own() {
    let templates = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut count = 0;
    for entry in std::fs::read_dir(templates).expect("a directory") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a template");
        for held in [
            "http:",
            "https:",
            "<script",
            "<style",
            " style=",
            " onclick=",
            " onload=",
            "javascript:",
            "|safe",
        ] {
            assert!(!text.contains(held), "{}: {held}", path.display());
        }
        count += 1;
    }
    assert!(count > 10);
}

#[tokio::test]
async fn r35_an_error_is_a_page_for_people_and_a_problem_document_for_programs() {
    let site = Site::new();
    let teacher = site.person(Role::Teacher);
    let page = site.get("/school/people", Some(&teacher)).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("<h1>Your role does not open this</h1>"), "{}", page.body);
    let headers = vec![("accept", "application/json")];
    let ask = Ask { person: Some(&teacher), headers, ..Ask::default() };
    let problem = site.ask("GET", "/school/people", &[], ask).await;
    assert_eq!(problem.header("content-type"), "application/problem+json");
    let value: serde_json::Value = serde_json::from_str(&problem.body).expect("json");
    assert_eq!(value["status"], 403);
    let headers = vec![("accept", "application/json")];
    let signed_out = site.ask("GET", "/school", &[], Ask { headers, ..Ask::default() }).await;
    assert_eq!(signed_out.status, StatusCode::UNAUTHORIZED);
}
