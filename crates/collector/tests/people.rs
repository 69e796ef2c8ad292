//! Who may see the Ministry's pages: links, sessions, and every route for every kind of visitor.

mod common;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use collector::{Access, Collector, Options, Role, page_routes};
use common::*;
use domain::{Class, CrossingState, Instant};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt as _;
use wire::Op;

const COOKIE: &str = "__Host-starboard-ministry";

/// A collector with a school on one engine, served under a clock that can be moved.
struct World {
    collector: Arc<Collector>,
    router: Router,
    _place: Place,
}

fn on_each_engine(act: impl AsyncFn(&World)) {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        receipt(put(&collector, 1, 1, &telling()));
        let options = Options { admit_any: true, clock: Arc::new(now), address: String::new() };
        let router = Arc::clone(&collector).router(options);
        let world = World { collector, router, _place: place };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(act(&world));
        drop(runtime);
    }
}

impl World {
    /// Runs what waits for the database where waiting is allowed.
    async fn with<T: Send + 'static>(&self, act: impl FnOnce(&Collector) -> T + Send + 'static) -> T {
        let collector = Arc::clone(&self.collector);
        tokio::task::spawn_blocking(move || act(&collector)).await.expect("done")
    }

    async fn add(&self, role: Role) -> (i64, String) {
        self.with(move |collector| collector.add_person("Moana Parata", role, now()))
            .await
            .expect("works")
            .expect("a name")
    }

    /// Somebody with a session: their number, and its token.
    async fn signed_in(&self, role: Role) -> (i64, String) {
        let (id, link) = self.add(role).await;
        let token = self.with(move |collector| collector.sign_in(&link, now())).await.expect("works");
        (id, token.expect("a link that works"))
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
        (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A request from another machine, through a proxy, with a session's token if there is one.
fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "ministry.example")
        .header("x-forwarded-for", "192.0.2.7")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    if let Some(token) = token {
        request = request.header("cookie", format!("__Host-starboard=of-a-school; {COOKIE}={token}"));
    }
    let mut request = request.body(Body::from(body.to_owned())).expect("a request");
    let peer: SocketAddr = "127.0.0.1:50000".parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// The token that a page's forms carry.
fn csrf(page: &str) -> String {
    let rest = page.split("name=\"csrf\" value=\"").nth(1).expect("a form");
    rest.split('"').next().expect("a value").to_owned()
}

fn path_of(path: &str) -> String {
    path.replace("{number}", "9901").replace("{token}", "not-a-link").replace("{*path}", "starboard.css")
}

/// Every cell of routes by visitors.
#[test]
fn r24_every_route_answers_whom_it_is_for_and_nobody_else() {
    on_each_engine(async |world| {
        let (_, operator) = world.signed_in(Role::Operator).await;
        let (_, analyst) = world.signed_in(Role::Analyst).await;
        let (_, left) = world.signed_in(Role::Operator).await;
        let token = left.clone();
        world.with(move |collector| collector.sign_out(&token)).await.expect("signed out");
        let (id, ended) = world.signed_in(Role::Operator).await;
        assert!(world.with(move |collector| collector.end_person(id, now())).await.expect("ended"));
        let visitors: [(&str, Option<&str>, Option<Role>); 6] = [
            ("anonymous", None, None),
            ("made up", Some("0123456789abcdef"), None),
            ("signed out", Some(&left), None),
            ("ended", Some(&ended), None),
            ("analyst", Some(&analyst), Some(Role::Analyst)),
            ("operator", Some(&operator), Some(Role::Operator)),
        ];
        let mut cells = 0;
        for route in page_routes() {
            // Signing out is tried below: it would end the sessions of this table.
            if route.path == "/sign-out" {
                continue;
            }
            let path = path_of(route.path);
            for (name, token, role) in visitors {
                let may = match route.access {
                    Access::Public => true,
                    Access::SignedIn => role.is_some(),
                    Access::Operator => role == Some(Role::Operator),
                };
                let (status, _, body) = world.ask(request(route.method, &path, token, "")).await;
                let refused = status == StatusCode::FORBIDDEN;
                if route.method == "GET" || route.access == Access::Public {
                    assert_eq!(refused, !may, "{name}: {} {path}: {status}", route.method);
                } else {
                    // Without the session's token nothing is done for anybody.
                    assert!(refused, "{name}: {} {path}: {status}", route.method);
                    assert_eq!(body.contains("not sent from here"), may, "{name}: {} {path}", route.method);
                }
                cells += 1;
            }
        }
        assert!(cells >= 110, "{cells} cells");
    });
}

#[test]
fn r30_a_form_is_taken_only_from_our_own_page_with_its_token() {
    on_each_engine(async |world| {
        let (_, operator) = world.signed_in(Role::Operator).await;
        let (_, other) = world.signed_in(Role::Operator).await;
        let of = async |token: &str| csrf(&world.ask(request("GET", "/admit", Some(token), "")).await.2);
        let (own, others) = (of(&operator).await, of(&other).await);
        assert_ne!(own, others);
        let form = |csrf: &str| format!("csrf={csrf}&number=9902&name=K%C5%8Dwhai");
        let good = || request("POST", "/admit", Some(&operator), &form(&own));
        let mut bad = vec![
            request("POST", "/admit", Some(&operator), &form("")),
            request("POST", "/admit", Some(&operator), &form(&others)),
            request("POST", "/admit", Some(&operator), "number=9902&name=K"),
            request("POST", "/schools/9901/token", Some(&operator), ""),
        ];
        for (header, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
            ("content-type", "text/plain"),
            ("content-type", "application/json"),
        ] {
            let mut forged = good();
            forged.headers_mut().insert(header, value.parse().expect("a value"));
            bad.push(forged);
        }
        let mut elsewhere = good();
        elsewhere.headers_mut().remove("sec-fetch-site");
        elsewhere.headers_mut().insert("origin", "https://evil.example".parse().expect("a value"));
        bad.push(elsewhere);
        for forged in bad {
            let what = format!("{forged:?}");
            assert_eq!(world.ask(forged).await.0, StatusCode::FORBIDDEN, "{what}");
        }
        let (_, _, list) = world.ask(request("GET", "/schools", Some(&operator), "")).await;
        assert!(!list.contains("9902"), "nothing was done");
        let (status, _, page) = world.ask(good()).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("school-") && page.contains("School 9902"), "{page}");
        // A second time the school is there.
        let (status, _, page) = world.ask(good()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("has a token already"));
    });
}

#[test]
fn a_machine_of_its_own_is_an_operator_whose_forms_carry_a_token_too() {
    on_each_engine(async |world| {
        let own = |method: &str, path: &str, body: &str| {
            let mut request = request(method, path, None, body);
            request.headers_mut().remove("x-forwarded-for");
            request.headers_mut().insert("host", "127.0.0.1:4101".parse().expect("a value"));
            request
        };
        let (status, _, page) = world.ask(own("GET", "/admit", "")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("This machine") && !page.contains("/sign-out"));
        let refused = world.ask(own("POST", "/admit", "csrf=&number=9903&name=K")).await.0;
        assert_eq!(refused, StatusCode::FORBIDDEN);
        let form = format!("csrf={}&number=9903&name=K%C5%8Dwhai", csrf(&page));
        assert!(world.ask(own("POST", "/admit", &form)).await.2.contains("School 9903"));
        let form = form.replace("number=9903", "number=no");
        let (status, _, page) = world.ask(own("POST", "/admit", &form)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("error-summary") && page.contains("href=\"#number\""));
        let (_, _, school) = world.ask(own("GET", "/schools/9903", "")).await;
        assert!(school.contains("Admitted the school"));
    });
}

#[test]
fn a_link_works_once_within_an_hour_and_looking_at_it_does_not_use_it_up() {
    on_each_engine(async |world| {
        let (id, link) = world.add(Role::Analyst).await;
        let path = format!("/sign-in/{link}");
        for _ in 0..2 {
            let (status, _, page) = world.ask(request("GET", &path, None, "")).await;
            assert_eq!(status, StatusCode::OK);
            assert!(page.contains("Moana Parata · analyst") && !page.contains(&link));
        }
        let mut forged = request("POST", &path, None, "");
        forged.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a value"));
        assert_eq!(world.ask(forged).await.0, StatusCode::FORBIDDEN);
        let (status, headers, _) = world.ask(request("POST", &path, None, "")).await;
        assert_eq!((status, headers["location"].to_str().ok()), (StatusCode::SEE_OTHER, Some("/")));
        let cookie = headers["set-cookie"].to_str().expect("text").to_owned();
        for part in [COOKIE, "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
            assert!(cookie.contains(part), "{cookie} lacks {part}");
        }
        let token = cookie.split(['=', ';']).nth(1).expect("a value").to_owned();
        assert_eq!(token.len(), 64, "32 random bytes");
        let (_, _, page) = world.ask(request("GET", "/", Some(&token), "")).await;
        assert!(page.contains("Moana Parata · analyst"));
        assert_eq!(world.ask(request("POST", &path, None, "")).await.0, StatusCode::NOT_FOUND, "once");
        // Signing out ends it on the server.
        let form = format!("csrf={}", csrf(&page));
        let (status, headers, _) = world.ask(request("POST", "/sign-out", Some(&token), &form)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers["set-cookie"].to_str().is_ok_and(|cookie| cookie.contains("Max-Age=0")));
        assert_eq!(world.ask(request("GET", "/", Some(&token), "")).await.0, StatusCode::FORBIDDEN);
        // A newer link takes the place of an older one, and an hour is an hour.
        let make =
            move |collector: &Collector| collector.link_person(id, now()).expect("works").expect("somebody");
        let (older, newer) = (world.with(make).await, world.with(make).await);
        let late = now().plus_seconds(3601);
        for (link, at) in [(older, now()), (newer.clone(), late)] {
            let begun = world.with(move |collector| collector.sign_in(&link, at)).await.expect("works");
            assert_eq!(begun, None);
        }
        let begun = world.with(move |collector| collector.sign_in(&newer, now())).await.expect("works");
        assert!(begun.is_some());
    });
}

#[test]
fn r21_a_session_ends_after_30_minutes_unused_after_12_hours_and_with_its_person() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let (id, link) =
            collector.add_person("Moana", Role::Operator, now()).expect("works").expect("a name");
        let token = collector.sign_in(&link, now()).expect("works").expect("begun");
        let stands = |at: Instant| collector.session(&token, at).expect("works").is_some();
        let minutes = |minutes: i64| now().plus_seconds(minutes * 60);
        assert!(stands(minutes(30)));
        assert!(stands(minutes(59)), "it was used in between");
        assert!(!stands(minutes(90)));
        let mut at = 59;
        while at < 12 * 60 - 20 {
            at += 20;
            assert!(stands(minutes(at)), "{at}");
        }
        assert!(!stands(minutes(12 * 60 + 1)), "however often it was used");
        assert!(collector.end_person(id, minutes(at)).expect("works"));
        assert!(!stands(minutes(at)), "at once");
        assert_eq!(collector.link_person(id, now()).expect("works"), None);
        assert!(!collector.end_person(id, now()).expect("works"), "only once");
        let people = collector.people().expect("works");
        assert_eq!((people.len(), people[0].ended_at.is_some()), (1, true));
        assert_eq!(collector.add_person("  ", Role::Analyst, now()).expect("works"), None);
    }
}

#[test]
fn r30_reading_every_page_changes_nothing() {
    on_each_engine(async |world| {
        let (_, operator) = world.signed_in(Role::Operator).await;
        let before = world.with(everything).await;
        let people = world.with(|collector| collector.people()).await.expect("works");
        for route in page_routes().iter().filter(|route| route.method == "GET") {
            let (status, _, _) = world.ask(request("GET", &path_of(route.path), Some(&operator), "")).await;
            assert!(status.is_success() || status == StatusCode::NOT_FOUND, "{} {status}", route.path);
        }
        assert_eq!(world.with(everything).await, before);
        assert_eq!(world.with(|collector| collector.people()).await.expect("works"), people);
    });
}

/// One school with something on every page, about students whom an analyst must not find.
fn telling() -> wire::Sealed {
    batch(
        1,
        "",
        vec![
            attendance(1, "STUDENT-CANARY", 4, 'Z', Class::Justified),
            crossing(2, "STUDENT-CANARY", CrossingState::Reached),
            response(3, Op::Upsert, "OTHER-CANARY", "Description canary"),
            day(4, 4),
        ],
    )
}

#[test]
fn an_analyst_reads_figures_and_finds_no_student_no_single_response_and_no_small_number() {
    on_each_engine(async |world| {
        let (_, analyst) = world.signed_in(Role::Analyst).await;
        let (_, operator) = world.signed_in(Role::Operator).await;
        let paths = [
            "/",
            "/schools",
            "/schools.csv",
            "/schools/9901",
            "/schools/9901/days",
            "/schools/9901/codes",
            "/schools/9901/levels",
            "/schools/9901/responses",
            "/schools/9901/responses?show=late",
        ];
        for path in paths {
            let (status, _, page) = world.ask(request("GET", path, Some(&analyst), "")).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            for never in ["CANARY", "canary", "0987654321", "/batches", "/refused", "/record", "/admit"] {
                assert!(!page.contains(never), "{path}: {never}");
            }
        }
        let (_, _, hidden) = world.ask(request("GET", "/schools/9901/levels", Some(&analyst), "")).await;
        assert!(hidden.contains("<span>hidden</span>"));
        let (_, _, open) = world.ask(request("GET", "/schools/9901/levels", Some(&operator), "")).await;
        assert!(!open.contains("<span>hidden</span>") && open.contains("Mon 4 May 2026"));
        assert!(!open.contains("CANARY"));
        let (_, _, responses) =
            world.ask(request("GET", "/schools/9901/responses", Some(&operator), "")).await;
        assert!(responses.contains("Description canary") && !responses.contains("OTHER-CANARY"));
    });
}

static LATER: AtomicI64 = AtomicI64::new(0);

#[test]
fn a_monitor_on_the_machine_reads_who_is_silent() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        receipt(put(&collector, 1, 1, &telling()));
        LATER.store(0, Ordering::Relaxed);
        let clock = || now().plus_seconds(LATER.load(Ordering::Relaxed));
        let router = Arc::clone(&collector).router(Options {
            admit_any: true,
            clock: Arc::new(clock),
            address: String::new(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let ask = |path: &str| {
            let mut request =
                Request::get(path).header("host", "localhost").body(Body::empty()).expect("a request");
            let peer: SocketAddr = "127.0.0.1:50000".parse().expect("an address");
            request.extensions_mut().insert(ConnectInfo(peer));
            runtime.block_on(async {
                let response = router.clone().oneshot(request).await.expect("an answer");
                let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
                String::from_utf8_lossy(&bytes).into_owned()
            })
        };
        assert!(ask("/silence.json").contains("\"silent\":0,\"schools\":[]"));
        // From Friday evening to Tuesday morning a whole Monday goes by.
        LATER.store(4 * 24 * 3600 - 9 * 3600, Ordering::Relaxed);
        let raised = collector.look_for_silence(clock()).expect("works");
        assert_eq!((raised.len(), raised[0].school), (1, 9901));
        assert_eq!(collector.look_for_silence(clock()).expect("works"), [], "once");
        let silent = ask("/silence.json");
        assert!(silent.contains("\"silent\":1") && silent.contains("\"schoolNumber\":\"9901\""), "{silent}");
        assert!(silent.contains("\"raisedAt\":\"2026-05-12T09:00:00+12:00\""), "{silent}");
        assert!(ask("/").contains("Kererū School"));
    }
}
