//! Who gets in: tokens, scopes, ends, other schools, and how often.

use super::{Program, admin, everything, program, token};
use crate::school::{Ask, Site, filled, send};
use app::api::{NewClient, TOKEN_SECONDS};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::{ApiScope, Role};
use serde_json::json;
use web::routes::{Access, Route, table};

fn routes() -> Vec<(Route, &'static [ApiScope])> {
    let of_programs = |route: Route| match route.access {
        Access::Client(scopes) => Some((route, scopes)),
        _ => None,
    };
    table().into_iter().filter_map(of_programs).collect()
}

#[tokio::test]
async fn r24_every_route_is_open_to_tokens_with_its_scope_and_to_no_other() {
    let site = Site::new();
    let mut cells = 0;
    for one in ApiScope::ALL {
        let own = program(&site, &format!("Only {}", one.text().replace(':', " ")), &[one]);
        for (route, scopes) in routes() {
            let answer = site.api(route.method, &filled(route.path), Some(&own.token), &[], None).await;
            let may = scopes.iter().all(|scope| *scope == one);
            let what = format!("{one} {} {}: {}", route.method, route.path, answer.status);
            assert_eq!(answer.status != StatusCode::FORBIDDEN, may, "{what}");
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
            assert!(!answer.status.is_server_error(), "{what}");
            if !may {
                assert_eq!(answer.problem(), "scope", "{what}");
                let asked = answer.header("www-authenticate");
                assert!(asked.contains("insufficient_scope") && asked.contains(scopes[0].text()), "{asked}");
            }
            cells += 1;
        }
    }
    assert!(cells > 300, "{cells}");
}

#[tokio::test]
async fn r24_nobody_gets_in_without_a_good_token() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    for (route, _) in routes() {
        let path = filled(route.path);
        for token in [None, Some("sbt_none"), Some(""), Some("a b")] {
            let answer = site.api(route.method, &path, token, &[], None).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {token:?}");
            assert_eq!(answer.problem(), "token");
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{path}");
        }
        // A person's session is worth nothing here: a page of another origin could ride on it.
        let ask = Ask { person: Some(&admin), ..Ask::default() };
        let answer = site.ask(route.method, &path, &[], ask).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_program_that_was_ended_is_out_at_once_and_one_that_is_over_too() {
    let site = Site::new();
    let (ended, other) = (everything(&site), program(&site, "Other", &[ApiScope::StudentsRead]));
    assert_eq!(site.read("/api/v1/me", &ended).await.status, StatusCode::OK);
    site.school.end_api_client(&admin(), site.now(), &ended.id).expect("ended");
    for (route, _) in routes() {
        let answer = site.api(route.method, &filled(route.path), Some(&ended.token), &[], None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", route.path);
    }
    let again = ask_token(&site, &ended.id, &ended.secret, "").await;
    assert_eq!(
        (again.status, again.json()["error"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("invalid_client"))
    );
    assert_eq!(site.read("/api/v1/me", &other).await.status, StatusCode::OK);

    // A token is good for half an hour.
    site.wait(TOKEN_SECONDS - 1);
    assert_eq!(site.read("/api/v1/me", &other).await.status, StatusCode::OK);
    site.wait(1);
    assert_eq!(site.read("/api/v1/me", &other).await.status, StatusCode::UNAUTHORIZED);

    // After its last day a program gets no token.
    let new = NewClient {
        name: "Today alone".to_owned(),
        scopes: vec![ApiScope::StudentsRead],
        last_day: "2026-05-05".parse().expect("a date"),
        key: String::new(),
    };
    let made = site.school.make_api_client(&admin(), site.now(), new).expect("a program");
    let secret = made.secret.expect("a secret");
    let mut today = Program { token: token(&site, &made.id, &secret), id: made.id, secret };
    assert_eq!(site.read("/api/v1/me", &today).await.status, StatusCode::OK);
    site.wait(13 * 3_600);
    today.token = token(&site, &today.id, &today.secret);
    site.wait(2 * 3_600);
    assert_eq!(site.read("/api/v1/me", &today).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask_token(&site, &today.id, &today.secret, "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn r27_another_schools_token_looks_like_one_that_never_was() {
    let (kura, awa) = Site::pair();
    let (own, other) = (everything(&kura), everything(&awa));
    assert_eq!(kura.read("/api/v1/students/S1", &own).await.status, StatusCode::OK);
    assert_eq!(awa.read("/api/v1/students/Z1", &other).await.status, StatusCode::OK);
    for (route, _) in routes() {
        let path = filled(route.path);
        let foreign = kura.api(route.method, &path, Some(&other.token), &[], None).await;
        let none = kura.api(route.method, &path, Some("sbt_none"), &[], None).await;
        assert_eq!((foreign.status, &foreign.body), (none.status, &none.body), "{path}");
        assert_eq!(foreign.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(kura.read("/api/v1/students/Z1", &own).await.status, StatusCode::NOT_FOUND);
    let foreign = ask_token(&kura, &other.id, &other.secret, "").await;
    let none = ask_token(&kura, "sbc_none", &other.secret, "").await;
    assert_eq!((foreign.status, foreign.body), (none.status, none.body));
}

fn form(fields: &[(&str, &str)]) -> Option<Vec<u8>> {
    Some(crate::school::urlencoded(fields).into_bytes())
}

async fn ask_token(site: &Site, id: &str, secret: &str, scope: &str) -> crate::school::Answer {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", scope),
    ];
    site.ask("POST", "/api/v1/token", &[], Ask { body: form(&fields), ..Ask::default() }).await
}

#[tokio::test]
async fn a_token_is_given_for_id_and_secret_in_either_way_and_for_fewer_scopes() {
    use base64::Engine;
    let site = Site::new();
    let own = program(&site, "Two", &[ApiScope::StudentsRead, ApiScope::MarksRead]);
    let given = ask_token(&site, &own.id, &own.secret, "").await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.body);
    assert_eq!((given.header("cache-control"), given.header("pragma")), ("no-store", "no-cache"));
    let given = given.json();
    assert_eq!((&given["token_type"], &given["expires_in"]), (&"Bearer".into(), &TOKEN_SECONDS.into()));
    assert_eq!(given["scope"], "students:read marks:read");
    assert!(given["access_token"].as_str().is_some_and(|token| token.len() > 60));

    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", own.id, own.secret));
    let basic = format!("Basic {basic}");
    let headers = vec![("authorization", basic.as_str())];
    let body = form(&[("grant_type", "client_credentials"), ("scope", "marks:read")]);
    let narrow = site.ask("POST", "/api/v1/token", &[], Ask { headers, body, ..Ask::default() }).await.json();
    assert_eq!(narrow["scope"], "marks:read");
    let token = narrow["access_token"].as_str().expect("a token").to_owned();
    let narrow = Program { token, ..own };
    assert_eq!(site.read("/api/v1/marks", &narrow).await.status, StatusCode::OK);
    assert_eq!(site.read("/api/v1/students", &narrow).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_request_for_a_token_that_is_wrong_is_refused_in_the_words_of_the_standard() {
    let site = Site::new();
    let own = program(&site, "One", &[ApiScope::StudentsRead]);
    let wide = ask_token(&site, &own.id, &own.secret, "students:read nsn:read").await;
    assert_eq!(
        (wide.status, wide.json()["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_scope"))
    );
    let (id, secret) = (own.id.as_str(), own.secret.as_str());
    let grant = ("grant_type", "client_credentials");
    type Case<'c> = (Vec<(&'c str, &'c str)>, u16, &'c str);
    let cases: [Case<'_>; 6] = [
        (vec![("client_id", id), ("client_secret", secret)], 400, "invalid_request"),
        (
            vec![("grant_type", "password"), ("client_id", id), ("client_secret", secret)],
            400,
            "unsupported_grant_type",
        ),
        (vec![grant], 401, "invalid_client"),
        (vec![grant, ("client_id", id), ("client_secret", "wrong")], 401, "invalid_client"),
        (vec![grant, ("client_id", "none"), ("client_secret", secret)], 401, "invalid_client"),
        (vec![grant, grant, ("client_id", id), ("client_secret", secret)], 400, "invalid_request"),
    ];
    for (fields, status, error) in cases {
        let answer =
            site.ask("POST", "/api/v1/token", &[], Ask { body: form(&fields), ..Ask::default() }).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error"].as_str()),
            (status, Some(error)),
            "{fields:?}"
        );
        assert_eq!(answer.header("www-authenticate").starts_with("Basic"), status == 401);
    }
    let json = site.api("POST", "/api/v1/token", None, &[], Some(serde_json::json!({}))).await;
    assert_eq!(
        (json.status, json.json()["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_request"))
    );
    let got = site.api("GET", "/api/v1/token", None, &[], None).await;
    assert_eq!((got.status, got.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
}

#[tokio::test]
async fn r20_guesses_at_a_secret_wait_longer_and_longer_and_no_other_program_does() {
    let site = Site::new();
    let (own, other) = (everything(&site), program(&site, "Other", &[ApiScope::StudentsRead]));
    let mut evaluated = 0;
    for _ in 0..200 {
        let answer = ask_token(&site, &own.id, "sbs_guess", "").await;
        match answer.status {
            StatusCode::UNAUTHORIZED => evaluated += 1,
            StatusCode::TOO_MANY_REQUESTS => assert!(answer.header("retry-after").parse::<i64>().is_ok()),
            other => panic!("{other}"),
        }
        site.wait(1);
    }
    assert!((5..40).contains(&evaluated), "{evaluated}");
    assert_eq!(ask_token(&site, &other.id, &other.secret, "").await.status, StatusCode::OK);
    site.wait(1_000);
    assert_eq!(ask_token(&site, &own.id, &own.secret, "").await.status, StatusCode::OK);
    assert_eq!(ask_token(&site, &own.id, "sbs_guess", "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_program_that_asks_too_often_is_told_how_often_is_right() {
    let site = Site::new();
    let (own, other) = (everything(&site), program(&site, "Other", &[ApiScope::StudentsRead]));
    let mut last = site.read("/api/v1/me", &own).await;
    let burst: i64 = last.header("ratelimit-limit").parse().expect("a number");
    assert_eq!(last.header("ratelimit-remaining"), (burst - 1).to_string());
    for _ in 0..burst {
        last = site.read("/api/v1/me", &own).await;
    }
    assert_eq!((last.status, last.problem().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"));
    assert_eq!((last.header("retry-after"), last.header("ratelimit-remaining")), ("1", "0"));
    assert_eq!(site.read("/api/v1/me", &other).await.status, StatusCode::OK);
    site.wait(1);
    assert_eq!(site.read("/api/v1/me", &own).await.status, StatusCode::OK);
}

#[tokio::test]
async fn r34_answers_to_programs_carry_the_headers_and_no_other_origin_is_let_in() {
    let site = Site::new();
    let own = everything(&site);
    let origin = [("origin", "https://vendor.example")];
    for (method, path) in
        [("GET", "/api/v1/students"), ("GET", "/api/v1/nothing"), ("OPTIONS", "/api/v1/students")]
    {
        let answer = site.api(method, path, Some(&own.token), &origin, None).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{path}");
    }
    let options = site.api("OPTIONS", "/api/v1/students", Some(&own.token), &origin, None).await;
    assert_eq!(options.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// A NUL character, which PostgreSQL keeps nowhere, is an answer of ours and no failure.
#[tokio::test]
async fn r31_a_nul_character_is_refused_wherever_it_comes() {
    let site = Site::new();
    let own = everything(&site);
    let form = |path: &str, text: &str| {
        let request = Request::builder().method("POST").uri(path).header("host", site.host);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("origin", format!("https://{}", site.host));
        send(&site.router, request.body(Body::from(text.to_owned())).expect("a request"))
    };
    assert_eq!(form("/sign-in", "email=a%00b&password=x").await.status, StatusCode::BAD_REQUEST);
    let token = form("/api/v1/token", "grant_type=client_credentials&client_id=a%00b&client_secret=c").await;
    assert_eq!(token.status, StatusCode::BAD_REQUEST, "{}", token.body);
    for path in ["/school/imports/%00", "/api/v1/students/%00", "/nowhere/a%00b"] {
        assert_eq!(site.read(path, &own).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let note = json!({"student_id": "S1", "type": "other", "done_at": "2026-05-05T09:00:00+12:00", "note": "a\u{0}b"});
    let headers = [("idempotency-key", "nul")];
    let told = site.api("POST", "/api/v1/responses", Some(&own.token), &headers, Some(note)).await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST, "{}", told.body);
    assert!(told.body.contains("NUL"), "{}", told.body);
    let query = site.read("/api/v1/students?group=a%00b", &own).await;
    assert_eq!(query.status, StatusCode::BAD_REQUEST, "{}", query.body);
}
