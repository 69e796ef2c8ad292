//! The collector answers what its OpenAPI document says and nothing else: for requests that are drawn
//! from that document, right and broken.

#[path = "../common/mod.rs"]
mod common;
mod declared;
mod drawn;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use collector::{Collector, Options};
use common::*;
use declared::{Document, Told};
use drawn::{Draw, School};
use std::collections::BTreeSet;
use std::sync::Arc;
use tower::ServiceExt as _;

/// A router for a rehearsal, or for schools that were admitted.
fn router(collector: &Arc<Collector>, admit_any: bool) -> Router {
    Arc::clone(collector).router(Options { admit_any, clock: Arc::new(now), address: ADDRESS.to_owned() })
}

async fn told(router: &Router, request: Request<Body>) -> Told {
    let method = request.method().as_str().to_ascii_lowercase();
    let (parts, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
    let body = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
    Told { method, status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
}

/// Draws that many requests, asks each, and says what was not as declared; also what was answered.
async fn objections(router: &Router, school: School, cases: u64) -> (Vec<String>, BTreeSet<String>) {
    let document = Document::collector();
    let (mut found, mut answered) = (Vec::new(), BTreeSet::new());
    let mut school = school;
    for case in 0..cases {
        let mut draw = Draw::new(case);
        let (path, method) = draw.one_of(&document.operations()).clone();
        let asked = draw.request(&document, &path, &method, &mut school);
        let words = format!("case {case}: {} {}", asked.method(), asked.uri());
        let told = told(router, asked).await;
        answered.insert(format!("{method} {path} {}", told.status));
        found.extend(document.objections(&path, &told).into_iter().map(|why| format!("{words}: {why}")));
        school.heard(&path, &told);
    }
    (found, answered)
}

fn in_runtime<T>(act: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(act)
}

#[test]
fn every_answer_to_whatever_is_asked_is_one_that_is_declared() {
    let cases = if testkit::is_long() { 20_000 } else { 700 };
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        let admission = collector.admit(number(), "Kererū School", false, now()).expect("admitted");
        for (admit_any, token) in [(false, Some(admission)), (true, None)] {
            let school = School::new(if admit_any { "9902" } else { "9901" }, token);
            let (found, answered) = in_runtime(objections(&router(&collector, admit_any), school, cases));
            assert!(found.is_empty(), "{} of {cases}:\n{}", found.len(), found.join("\n"));
            for reached in [
                "put /v1/schools/{schoolNumber}/epochs/{epoch}/batches/{firstSeq} 200",
                "put /v1/schools/{schoolNumber}/epochs/{epoch}/batches/{firstSeq} 400",
                "put /v1/schools/{schoolNumber}/epochs/{epoch}/batches/{firstSeq} 422",
                "get /v1/schools/{schoolNumber}/digest 200",
                "get /v1/schools/{schoolNumber}/digest 400",
                "get /v1/schools/{schoolNumber}/state 200",
                "put /v1/schools/{schoolNumber}/keys/{kid} 200",
                "put /v1/schools/{schoolNumber}/keys/{kid} 422",
                "delete /v1/schools/{schoolNumber}/keys/{kid} 404",
                "post /v1/token 200",
                "post /v1/token 401",
                "get /v1/openapi.json 200",
                "get /v1 405",
            ] {
                assert!(answered.contains(reached), "{reached} was never answered: {answered:#?}");
            }
        }
    }
}

/// The twin: the same draws, against a router that answers one address as nobody declared.
#[test]
fn an_answer_that_is_not_declared_is_found_by_the_same_draws() {
    use axum::http::StatusCode;
    use axum::routing::any;
    let place = Place::on(testkit::Engine::Sqlite);
    let collector = Arc::new(place.open());
    let whole = router(&collector, true);
    for (planted, why) in [
        (any(|| async { StatusCode::INTERNAL_SERVER_ERROR }), "500"),
        (any(|| async { (StatusCode::IM_A_TEAPOT, "short and stout") }), "418"),
        (any(|| async { "{}" }), "text/plain"),
        (
            any(|| async { ([("content-type", "application/json"), ("cache-control", "no-store")], "{}") }),
            "SchoolState",
        ),
    ] {
        let path = "/v1/schools/{school}/state";
        let router = Router::new().route(path, planted).fallback_service(whole.clone());
        let (found, _) = in_runtime(objections(&router, School::new("9902", None), 200));
        assert!(found.iter().any(|found| found.contains(why)), "{why}: {found:?}");
        assert!(found.iter().all(|found| found.contains("/state")), "{found:?}");
    }
}

#[test]
fn the_routes_of_the_router_are_those_of_the_document() {
    let sources = [include_str!("../../src/http.rs"), include_str!("../../src/access_http.rs")].concat();
    let mut routes: BTreeSet<String> = sources
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(path, _)| path.replace("{school}", "{schoolNumber}").replace("{first_seq}", "{firstSeq}"))
        .collect();
    assert!(sources.contains(".route(wire::openapi::PATH"));
    routes.insert(wire::openapi::PATH.to_owned());
    let document = Document::collector();
    let declared: BTreeSet<String> = document.operations().into_iter().map(|(path, _)| path).collect();
    assert_eq!(routes, declared);

    let place = Place::on(testkit::Engine::Sqlite);
    let router = router(&Arc::new(place.open()), true);
    in_runtime(async {
        for path in declared {
            let address =
                path.replace("{schoolNumber}", "9901").replace("{epoch}", "1").replace("{firstSeq}", "1");
            for method in ["get", "put", "post", "delete", "patch", "options", "trace"] {
                let asked = Request::builder()
                    .method(method.to_ascii_uppercase().as_str())
                    .uri(address.replace("{kid}", "x"))
                    .body(Body::empty())
                    .expect("a request");
                let told = told(&router, asked).await;
                assert_eq!(told.status != 405, document.declares(&path, method), "{method} {path}");
                assert_eq!(document.objections(&path, &told), Vec::<String>::new(), "{method} {path}");
            }
        }
    });
}

#[test]
fn an_address_has_one_spelling_and_what_cannot_be_read_is_a_problem() {
    for place in Place::on_each_engine() {
        let router = router(&Arc::new(place.open()), true);
        in_runtime(async {
            let day = "firstDay=2026-04-20&lastDay=2026-07-03";
            for (address, status) in [
                ("/v1/schools/%ff/state".to_owned(), 400),
                ("/v1/schools/%00/state".to_owned(), 404),
                ("/v1/schools/09901/state".to_owned(), 404),
                ("/v1/schools/0990/state".to_owned(), 404),
                ("/v1/schools/99%301/state".to_owned(), 200),
                (format!("/v1/schools/9901/digest?term=2026%2DT2&{day}"), 200),
                (format!("/v1/schools/9901/digest?term=2026-T2+&{day}"), 400),
                (format!("/v1/schools/9901/digest?term=2026-T2&term=2026-T3&{day}"), 400),
                ("/v1/".to_owned(), 404),
            ] {
                let asked = Request::get(&address).body(Body::empty()).expect("a request");
                let told = told(&router, asked).await;
                assert_eq!(told.status, status, "{address}");
                assert!(status == 200 || wire::parse_problem(&told.body).is_ok(), "{address}");
            }
        });
    }
}

#[test]
fn a_key_under_a_name_that_no_database_takes_is_none() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        let admission = collector.admit(number(), "Kererū School", false, now()).expect("admitted");
        let router = router(&collector, false);
        in_runtime(async {
            for kid in ["%00", "a%00b", "%F0%9F%8E%89", "%20"] {
                let asked = Request::delete(format!("/v1/schools/9901/keys/{kid}"))
                    .header("authorization", format!("Bearer {admission}"))
                    .body(Body::empty())
                    .expect("a request");
                assert_eq!(told(&router, asked).await.status, 404, "{kid}");
            }
        });
    }
}
