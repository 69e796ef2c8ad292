//! The collector over HTTP: what every answer carries, who may see the pages, and what they show.

mod common;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use collector::{Collector, Options};
use common::*;
use domain::{Class, CrossingState};
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt as _;
use wire::{Op, ProblemKind};

/// Where schools reach the collector.
const ADDRESS: &str = "https://collector.example";

fn router(collector: &Arc<Collector>, admit_any: bool) -> Router {
    Arc::clone(collector).router(Options { admit_any, clock: Arc::new(now), address: ADDRESS.to_owned() })
}

/// Asks a new collector on each engine. It is opened and closed outside the runtime: neither may
/// wait on a thread that drives tasks.
fn on_each_engine(ask: impl AsyncFn(&Arc<Collector>)) {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(ask(&collector));
        drop(runtime);
    }
}

/// Admits the school, where waiting is allowed.
async fn admit(collector: &Arc<Collector>) {
    let collector = Arc::clone(collector);
    let admitted =
        tokio::task::spawn_blocking(move || collector.admit(number(), "Kererū School", false, now()));
    admitted.await.expect("done").expect("admitted");
}

fn get(path: &str) -> Request<Body> {
    let mut request =
        Request::get(path).header("host", "127.0.0.1:8090").body(Body::empty()).expect("a request");
    let peer: SocketAddr = "127.0.0.1:50000".parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

async fn ask(router: &Router, request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, String) {
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

fn put_request(sealed: &wire::Sealed, first_seq: u64) -> Request<Body> {
    Request::put(wire::batch_path(number(), 1, first_seq))
        .header("content-type", "application/json")
        .header("content-digest", &sealed.digest)
        .body(Body::from(sealed.bytes.clone()))
        .expect("a request")
}

/// The same bytes as they travel when they are packed: the digest is that of what travels.
fn packed_request(bytes: &[u8], first_seq: u64) -> Request<Body> {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).expect("packed");
    let packed = packed.finish().expect("packed");
    Request::put(wire::batch_path(number(), 1, first_seq))
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .header("content-digest", wire::digest(&packed))
        .body(Body::from(packed))
        .expect("a request")
}

/// One batch with something on every page.
fn full_batch() -> wire::Sealed {
    let records = vec![
        attendance(1, "STUDENT-CANARY", 4, 'M', Class::Justified),
        closure(2, Op::Upsert, "No water"),
        crossing(3, "STUDENT-CANARY", CrossingState::Reached),
        response(4, Op::Upsert, "STUDENT-CANARY", "Held <b>whānau</b> hui"),
        response(5, Op::Withdraw, "OTHER-CANARY", "Sent notification to whānau"),
        day(6, 4),
        day(7, 5),
    ];
    batch(1, "", records)
}

#[test]
fn a_batch_is_put_and_answered_with_its_receipt() {
    on_each_engine(async |collector| {
        let router = router(collector, true);
        let sealed = full_batch();
        for _ in 0..2 {
            let (status, headers, body) = ask(&router, put_request(&sealed, 1)).await;
            assert_eq!(
                (status, headers["content-type"].to_str().ok()),
                (StatusCode::OK, Some("application/json"))
            );
            let receipt = wire::parse_receipt(body.as_bytes()).expect("a receipt");
            assert_eq!((receipt.accepted_through, receipt.digest), (7, sealed.digest.clone()));
        }
        let state = Request::get(wire::state_path(number())).body(Body::empty()).expect("a request");
        let (_, _, body) = ask(&router, state).await;
        let state = wire::parse_state(body.as_bytes()).expect("a state");
        assert_eq!((state.epoch, state.expected_seq, state.head_digest), (1, 8, sealed.digest));
    });
}

#[test]
fn a_packed_batch_is_the_same_batch() {
    on_each_engine(async |collector| {
        let router = router(collector, true);
        let sealed = full_batch();
        let (_, _, plain) = ask(&router, put_request(&sealed, 1)).await;
        let (status, _, packed) = ask(&router, packed_request(&sealed.bytes, 1)).await;
        assert_eq!((status, packed), (StatusCode::OK, plain), "the receipt is about what was sealed");
        let mut damaged = packed_request(&sealed.bytes, 1);
        damaged.headers_mut().insert("content-digest", sealed.digest.parse().expect("a value"));
        let (_, _, body) = ask(&router, damaged).await;
        let problem = wire::parse_problem(body.as_bytes()).expect("a problem");
        assert!(problem.is(ProblemKind::DigestMismatch), "the header is about what travels");
    });
}

#[test]
fn a_collector_says_what_it_speaks_and_what_it_holds() {
    on_each_engine(async |collector| {
        let router = router(collector, true);
        let (_, _, body) = ask(&router, get("/v1")).await;
        let service = wire::parse_service(body.as_bytes()).expect("a service");
        assert_eq!(service.token_endpoint, "https://collector.example/v1/token");
        assert_eq!(
            (service.versions, service.content_encodings),
            (vec!["1".to_owned()], vec!["gzip".to_owned()])
        );
        ask(&router, put_request(&full_batch(), 1)).await;
        let question = wire::DigestQuestion {
            school: number(),
            term: domain::TermId::parse("2026-T2").expect("a term"),
            first_day: "2026-04-20".parse().expect("a date"),
            last_day: "2026-07-03".parse().expect("a date"),
        };
        let (status, _, body) = ask(&router, get(&question.path())).await;
        assert_eq!(status, StatusCode::OK);
        let digests = wire::parse_digests(body.as_bytes()).expect("digests");
        assert_eq!((digests.epoch, digests.accepted_through), (1, 7));
        let days: Vec<(String, u64)> =
            digests.days.iter().map(|day| (day.date.to_string(), day.sum.count)).collect();
        let expected = [("2026-05-04", 2), ("2026-05-05", 1), ("2026-05-06", 1)];
        assert_eq!(days, expected.map(|(date, count)| (date.to_owned(), count)));
        assert_eq!(digests.term.count, 2, "a crossing and a response; what was taken back does not hold");
    });
}

#[test]
fn every_refusal_is_a_problem() {
    on_each_engine(async |collector| {
        let sealed = full_batch();
        let (open, closed) = (router(collector, true), router(collector, false));
        let mut packed = put_request(&sealed, 1);
        packed.headers_mut().insert("content-encoding", "gzip".parse().expect("a value"));
        let mut other_encoding = put_request(&sealed, 1);
        other_encoding.headers_mut().insert("content-encoding", "br".parse().expect("a value"));
        let bomb = packed_request(&vec![b' '; wire::MAX_BATCH_BYTES + 1], 1);
        let mut huge = put_request(&sealed, 1);
        huge.headers_mut().insert("content-length", "999999999".parse().expect("a value"));
        let mut long = put_request(&sealed, 1);
        *long.body_mut() = Body::from(vec![b' '; wire::MAX_BATCH_BYTES + 1]);
        let elsewhere = Request::get("/v1/nothing").body(Body::empty()).expect("a request");
        let method = Request::post(wire::batch_path(number(), 1, 1)).body(Body::empty()).expect("a request");
        let no_number = Request::get("/v1/schools/x/state").body(Body::empty()).expect("a request");
        let cases = [
            (&closed, put_request(&sealed, 1), ProblemKind::SchoolUnknown),
            (&open, put_request(&sealed, 2), ProblemKind::AddressMismatch),
            // Its digest is right, and it is no gzip.
            (&open, packed, ProblemKind::BatchMalformed),
            (&open, huge, ProblemKind::TooLarge),
            (&open, long, ProblemKind::TooLarge),
            (&open, elsewhere, ProblemKind::NotFound),
            (&open, method, ProblemKind::MethodNotAllowed),
            (&open, other_encoding, ProblemKind::BatchMalformed),
            (&open, bomb, ProblemKind::TooLarge),
            (&open, get("/v1/schools/9901/digest?term=2026-T2"), ProblemKind::RequestMalformed),
            (&open, no_number, ProblemKind::NotFound),
        ];
        for (router, request, kind) in cases {
            let (status, headers, body) = ask(router, request).await;
            let problem = wire::parse_problem(body.as_bytes()).expect("a problem");
            assert!(problem.is(kind), "{problem:?}");
            assert_eq!(status.as_u16(), kind.status());
            assert_eq!(headers["content-type"], "application/problem+json");
        }
    });
}

#[test]
fn a_wrong_token_is_told_which_scheme_to_use() {
    on_each_engine(async |collector| {
        admit(collector).await;
        let (status, headers, _) = ask(&router(collector, true), put_request(&full_batch(), 1)).await;
        assert_eq!(
            (status, headers["www-authenticate"].to_str().ok()),
            (StatusCode::UNAUTHORIZED, Some("Bearer"))
        );
    });
}

#[test]
fn r34_every_answer_carries_the_security_headers() {
    on_each_engine(async |collector| {
        let router = router(collector, true);
        let css = pages::asset_url("starboard.css");
        let foreign = Request::get("/").body(Body::empty()).expect("a request");
        let requests = [
            get("/"),
            get("/schools/9901"),
            get("/schools"),
            get("/schools.csv"),
            get("/privacy"),
            get(&css),
            get("/nothing"),
            foreign,
            put_request(&full_batch(), 9),
        ];
        for request in requests {
            let path = request.uri().to_string();
            let (_, headers, _) = ask(&router, request).await;
            let policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
            assert_eq!(headers["content-security-policy"], policy, "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["referrer-policy"], "no-referrer");
            assert_eq!(headers["strict-transport-security"], "max-age=31536000");
            assert_eq!(headers["cache-control"] == "no-store", path != css, "{path}");
        }
    });
}

#[test]
fn without_a_session_the_pages_open_only_in_a_browser_on_this_machine() {
    on_each_engine(async |collector| {
        let router = router(collector, true);
        assert_eq!(ask(&router, get("/")).await.0, StatusCode::OK);
        let mut refused = vec![Request::get("/").body(Body::empty()).expect("a request")];
        let mut remote = get("/");
        let peer: SocketAddr = "192.0.2.7:50000".parse().expect("an address");
        remote.extensions_mut().insert(ConnectInfo(peer));
        refused.push(remote);
        for name in ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"] {
            let mut request = get("/schools/9901");
            request.headers_mut().insert(name, "for=192.0.2.7".parse().expect("a value"));
            refused.push(request);
        }
        let mut rebound = get("/");
        rebound.headers_mut().insert("host", "school.example".parse().expect("a value"));
        refused.push(rebound);
        for request in refused {
            let (status, _, body) = ask(&router, request).await;
            assert_eq!(status, StatusCode::FORBIDDEN);
            assert!(body.contains("own machine") && body.contains("personal link"));
        }
    });
}

#[test]
fn pages_without_data_say_so_kindly() {
    on_each_engine(async |collector| {
        let router = router(collector, false);
        let (status, headers, body) = ask(&router, get("/")).await;
        assert_eq!(
            (status, headers["content-type"].to_str().ok()),
            (StatusCode::OK, Some("text/html; charset=utf-8"))
        );
        assert!(
            body.contains("No school has been admitted or heard from yet.") && !body.contains('⟦'),
            "{body}"
        );
        for path in ["/schools/9901", "/schools/x"] {
            assert_eq!(ask(&router, get(path)).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        admit(collector).await;
        let (_, _, list) = ask(&router, get("/schools")).await;
        assert!(list.contains("Not heard yet") && list.contains("Kererū School"));
        for (path, texts) in [
            ("", ["has sent nothing yet", "This school has never gone silent."]),
            ("/days", ["No school day has been received", "No closure has been"]),
            ("/codes", ["Every code is on the list", "By code and day"]),
            ("/levels", ["Every level reached has a response.", "The oldest first"]),
            ("/responses", ["No response has been received", "Recorded late"]),
            ("/batches", ["No batch has come", "number 1 of epoch 0"]),
            ("/refused", ["No record of this term was refused.", "Ka pai."]),
            ("/record", ["Enter the id of a record", "One record"]),
        ] {
            let (status, _, page) = ask(&router, get(&format!("/schools/9901{path}"))).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(!page.contains('⟦'), "{path}: a word is missing");
            for text in texts {
                assert!(page.contains(text), "{path}: {text}\n{page}");
            }
        }
    });
}

#[test]
fn the_pages_show_schools_levels_and_responses_and_never_a_student() {
    on_each_engine(async |collector| {
        let router = router(collector, true);
        assert_eq!(ask(&router, put_request(&full_batch(), 1)).await.0, StatusCode::OK);
        let page = async |path: &str| {
            let (status, _, page) = ask(&router, get(path)).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(
                !page.contains("CANARY") && !page.contains("0987654321"),
                "{path}: a student is on a page"
            );
            assert!(!page.contains('⟦'), "{path}: a word is missing");
            assert!(page.contains("Rehearsal."), "{path}");
            page
        };
        let overview = page("/").await;
        for text in ["Conversation with whānau", "100\u{a0}%", "Term 2, 2026", "17 hours"] {
            assert!(overview.contains(text), "{text}");
        }
        assert!(page("/schools").await.contains("Kererū School"));
        let school = page("/schools/9901?term=2026-T2").await;
        for text in ["Kererū School", "School days missing"] {
            assert!(school.contains(text), "{text}");
        }
        let responses = page("/schools/9901/responses").await;
        assert!(responses.contains("Held &#60;b&#62;whānau") && responses.contains("<del>"));
        let days = page("/schools/9901/days").await;
        assert!(days.contains("No water") && days.contains("Mon 4 May 2026"));
        let batches = page("/schools/9901/batches").await;
        assert!(batches.contains("1–7") && batches.contains("number 8 of epoch 1"));
        let id = wire::record_id(number(), "response", "STUDENT-CANARY");
        let versions = page(&format!("/schools/9901/record?id={id}")).await;
        assert!(versions.contains("2026-T2 · 5 days · Conversation with whānau"), "{versions}");
        for path in
            ["/schools/9901/codes", "/schools/9901/levels", "/schools/9901/refused", "/privacy", "/admit"]
        {
            page(path).await;
        }
        assert!(page("/schools/9901/responses?term=2026-T1").await.contains("No response has been received"));
    });
}

#[test]
fn a_collector_serves_over_a_socket() {
    on_each_engine(async |collector| {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let options = Options { admit_any: true, clock: Arc::new(now), address: ADDRESS.to_owned() };
        let server = tokio::spawn(collector::serve(listener, Arc::clone(collector), options));
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        let request = format!("GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("read");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        server.abort();
    });
}

#[test]
fn tokens_and_keys_are_asked_for_over_http() {
    on_each_engine(async |collector| {
        let router = router(collector, true);
        let pair = keys::KeyPair::generate().expect("a pair");
        let key = pair.public();
        let path = wire::key_path(number(), &key.kid());
        let put = || Request::put(&path).body(Body::from(key.to_jwk())).expect("a request");
        let (status, _, body) = ask(&router, put()).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let long = Request::put(&path).body(Body::from(vec![b' '; 20_000])).expect("a request");
        assert_eq!(ask(&router, long).await.0, StatusCode::PAYLOAD_TOO_LARGE);

        let seconds = now().micros() / 1_000_000;
        let assertion = || {
            let audience = format!("{ADDRESS}/v1/token");
            wire::token_form(&keys::assertion::make(&pair, "9901", &audience, seconds).expect("made"))
        };
        let post = |kind: &str, body: String| {
            let request = Request::post(wire::token_path()).header("content-type", kind);
            request.body(Body::from(body)).expect("a request")
        };
        let form = "application/x-www-form-urlencoded";
        let (status, headers, body) = ask(&router, post(form, assertion())).await;
        assert_eq!((status, headers["cache-control"].to_str().ok()), (StatusCode::OK, Some("no-store")));
        let token = wire::parse_access_token(body.as_bytes()).expect("a token").access_token;
        let cases = [
            (post("application/json", assertion()), 400, "invalid_request"),
            (post(form, "x".repeat(20_000)), 400, "invalid_request"),
            (post(form, "grant_type=password".to_owned()), 400, "unsupported_grant_type"),
            (post(form, wire::token_form("a.b.c")), 401, "invalid_client"),
        ];
        for (request, status, error) in cases {
            let (found, headers, body) = ask(&router, request).await;
            let refusal = wire::parse_token_refusal(body.as_bytes()).expect("a refusal");
            assert_eq!((found.as_u16(), refusal.error.as_str()), (status, error), "{body}");
            assert_eq!(headers.contains_key("www-authenticate"), status == 401);
        }

        let authorised = |method: &str, path: &str| {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("authorization", format!("Bearer {token}"));
            request.body(Body::empty()).expect("a request")
        };
        let (status, _, body) = ask(&router, authorised("GET", &wire::keys_path(number()))).await;
        let list = wire::parse_key_list(body.as_bytes()).expect("a list");
        assert_eq!((status, list.keys[0].kid.clone()), (StatusCode::OK, key.kid()));
        let (status, _, body) = ask(&router, authorised("DELETE", &path)).await;
        let problem = wire::parse_problem(body.as_bytes()).expect("a problem");
        assert_eq!((status, problem.is(ProblemKind::LastKey)), (StatusCode::CONFLICT, true));
        let without = Request::get(wire::keys_path(number())).body(Body::empty()).expect("a request");
        assert_eq!(ask(&router, without).await.0, StatusCode::UNAUTHORIZED);

        let second = keys::KeyPair::generate().expect("a pair").public();
        let mut request = authorised("PUT", &wire::key_path(number(), &second.kid()));
        *request.body_mut() = Body::from(second.to_jwk());
        assert_eq!(ask(&router, request).await.0, StatusCode::OK);
        let (status, headers, body) =
            ask(&router, authorised("DELETE", &wire::key_path(number(), &second.kid()))).await;
        assert_eq!((status, body.as_str()), (StatusCode::NO_CONTENT, ""));
        assert!(!headers.contains_key("content-type"));

        let own = Request::get("/v1/keys").body(Body::empty()).expect("a request");
        let (status, _, body) = ask(&router, own).await;
        assert_eq!(status, StatusCode::OK);
        wire::parse_key_list(body.as_bytes()).expect("a list");
    });
}
