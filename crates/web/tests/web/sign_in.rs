//! In and out: passwords, throttling, sessions, links.

use crate::school::{Answer, Ask, PASSWORD, Person, Site};
use app::Actor;
use axum::http::StatusCode;
use domain::{Role, StaffId};

const OWN: &str = "127.0.0.1:50000";

async fn sign_in(site: &Site, email: &str, password: &str, to: &str) -> Answer {
    site.post("/sign-in", None, &[("email", email), ("password", password), ("to", to)]).await
}

#[tokio::test]
async fn the_right_password_begins_a_session_that_only_this_site_can_use() {
    let site = Site::new();
    let answer = sign_in(&site, " Teacher@School.example", PASSWORD, "/school?x=1").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/school?x=1"));
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-starboard="), "{cookie}");
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let token = answer.token().expect("a session");
    assert!(token.len() >= 32, "at least 128 bits");
    let page = site.get("/school", Some(&site.session(token))).await;
    assert!(page.body.contains("Tui Example"), "{}", page.body);
}

#[tokio::test]
async fn one_goes_on_only_to_a_page_of_this_site() {
    let site = Site::new();
    for foreign in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
    {
        let answer = sign_in(&site, "teacher@school.example", PASSWORD, foreign).await;
        assert_eq!(answer.header("location"), "/", "{foreign}");
    }
    let wanted = site.get("/school/people?x=1&y=2", None).await;
    assert_eq!(wanted.header("location"), "/sign-in?to=%2Fschool%2Fpeople%3Fx%3D1%26y%3D2");
    let page = site.get(wanted.header("location"), None).await;
    assert!(page.body.contains("value=\"/school/people?x=1&#38;y=2\""), "{}", page.body);
}

#[tokio::test]
async fn r20_a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let site = Site::new();
    let wrong = sign_in(&site, "teacher@school.example", "wrong", "/").await;
    let unknown = sign_in(&site, "nobody00@school.example", "wrong", "/").await;
    assert_eq!(
        (wrong.status, unknown.status),
        (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY)
    );
    assert!(wrong.body.contains("do not belong together"));
    let plain = |answer: &Answer| answer.body.replace("teacher@", "").replace("nobody00@", "");
    assert_eq!(plain(&wrong), plain(&unknown));
    assert!(wrong.token().is_none() && !wrong.body.contains("value=\"wrong\""));
}

#[tokio::test]
async fn r20_after_several_failures_one_has_to_wait() {
    let site = Site::new();
    for _ in 0..5 {
        let answer = sign_in(&site, "teacher@school.example", "wrong", "/").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = sign_in(&site, "teacher@school.example", PASSWORD, "/").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: i64 = answer.header("retry-after").parse().expect("seconds");
    assert!(answer.body.contains("Too many attempts"), "{}", answer.body);
    let another = sign_in(&site, "dean@school.example", PASSWORD, "/").await;
    assert_eq!(another.status, StatusCode::SEE_OTHER);
    site.wait(wait);
    let answer = sign_in(&site, "teacher@school.example", PASSWORD, "/").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn r21_each_sign_in_gets_a_new_token_and_the_browsers_old_session_ends() {
    let site = Site::new();
    let first = site.person(Role::Teacher);
    let fields = [("email", "teacher@school.example"), ("password", PASSWORD)];
    let answer = site.ask("POST", "/sign-in", &fields, Ask { person: Some(&first), ..Ask::default() }).await;
    let second = site.session(answer.token().expect("a session"));
    assert_ne!(first.token, second.token);
    assert_eq!(site.get("/school", Some(&first)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/school", Some(&second)).await.status, StatusCode::OK);
    // A token that somebody planted beforehand is never taken up.
    let planted = Person { token: "a".repeat(64), csrf: String::new() };
    let answer =
        site.ask("POST", "/sign-in", &fields, Ask { person: Some(&planted), ..Ask::default() }).await;
    assert_ne!(answer.token().expect("a session"), planted.token);
}

#[tokio::test]
async fn r21_signing_out_ends_the_session_on_the_server() {
    let site = Site::new();
    let (person, other) = (site.person(Role::Teacher), site.person(Role::Dean));
    assert_eq!(site.get("/sign-out", Some(&person)).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = site.post("/sign-out", Some(&person), &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in?out=1"));
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(site.get("/school", Some(&person)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/school", Some(&other)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn r21_an_idle_session_ends_and_the_page_says_what_is_safe() {
    let site = Site::new();
    let person = site.person(Role::SmsAdmin);
    site.wait(29 * 60);
    assert_eq!(site.get("/descriptions", Some(&person)).await.status, StatusCode::OK);
    site.wait(31 * 60);
    let answer = site.get("/descriptions", Some(&person)).await;
    assert_eq!(answer.header("location"), "/sign-in?to=%2Fdescriptions&ended=1");
    let page = site.get(answer.header("location"), None).await;
    assert!(page.body.contains("Everything you saved is safe"), "{}", page.body);
    let fields = [("type", "other"), ("wording", "Walking school bus")];
    let sent = site.post("/descriptions", Some(&person), &fields).await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
    assert!(sent.body.contains("was not saved"), "{}", sent.body);
    // What was typed is shown once more to copy; never when another site sent it.
    assert!(sent.body.contains("Walking school bus</textarea>"), "{}", sent.body);
    let headers = vec![("sec-fetch-site", "cross-site")];
    let foreign = Ask { person: Some(&person), headers, ..Ask::default() };
    let foreign = site.ask("POST", "/descriptions", &fields, foreign).await;
    assert!(!foreign.body.contains("Walking school bus"), "{}", foreign.body);
}

#[tokio::test]
async fn r21_a_session_ends_after_twelve_hours_however_busy() {
    let site = Site::new();
    let person = site.person(Role::SmsAdmin);
    for _ in 0..35 {
        site.wait(20 * 60);
        assert_eq!(site.get("/school", Some(&person)).await.status, StatusCode::OK);
    }
    site.wait(25 * 60);
    assert_eq!(site.get("/school", Some(&person)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn r21_somebody_switched_off_or_without_a_role_is_out_at_once() {
    let site = Site::new();
    let (admin, dean, teacher) =
        (site.person(Role::SmsAdmin), site.person(Role::Dean), site.person(Role::Teacher));
    let switched = site.post("/school/people/of/dean/sign-in", Some(&admin), &[("disabled", "1")]).await;
    assert_eq!(switched.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/school", Some(&dean)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        sign_in(&site, "dean@school.example", PASSWORD, "/").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let fields = [("id", "teacher"), ("name", "Tui Example"), ("email", "teacher@school.example")];
    assert_eq!(site.post("/school/people", Some(&admin), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/school", Some(&teacher)).await.status, StatusCode::SEE_OTHER);
    let own = site.post("/school/people/of/sms_admin/sign-in", Some(&admin), &[("disabled", "1")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.get("/school", Some(&admin)).await.status, StatusCode::OK);
}

async fn set_up(
    site: &Site,
    peer: Option<&str>,
    headers: &[(&str, &str)],
    fields: &[(&str, &str)],
) -> Answer {
    let path = format!("/set-up/{}", site.set_up);
    let method = if fields.is_empty() { "GET" } else { "POST" };
    site.ask(method, &path, fields, Ask { peer, headers: headers.to_vec(), ..Ask::default() }).await
}

#[tokio::test]
async fn r23_a_new_schools_link_opens_only_on_the_schools_own_machine() {
    let site = Site::new();
    let fields = [("name", "A"), ("email", "a@school.example"), ("password", PASSWORD), ("again", PASSWORD)];
    let forwarded = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1"), ("via", "1.1 proxy")];
    let through_proxies = forwarded.map(|header| (Some(OWN), vec![header]));
    let elsewhere = [(None, Vec::new()), (Some("192.0.2.1:50000"), Vec::new())];
    for (peer, headers) in elsewhere.into_iter().chain(through_proxies) {
        assert_eq!(set_up(&site, peer, &headers, &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(set_up(&site, peer, &headers, &fields).await.status, StatusCode::FORBIDDEN);
    }
    for peer in [OWN, "[::1]:50000", "[::ffff:127.0.0.1]:50000"] {
        assert_eq!(set_up(&site, Some(peer), &[], &[]).await.status, StatusCode::OK, "{peer}");
    }
}

#[tokio::test]
async fn r23_the_link_makes_the_first_administrator_once() {
    let site = Site::new();
    let form = |password: &'static str, again: &'static str| {
        [("name", "Mere Example"), ("email", "mere@school.example"), ("password", password), ("again", again)]
    };
    let short = set_up(&site, Some(OWN), &[], &form("short", "short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("at least 16 characters") && short.body.contains("value=\"Mere Example\""));
    let differs = set_up(&site, Some(OWN), &[], &form(PASSWORD, "something else altogether")).await;
    assert!(differs.body.contains("The two passwords differ"), "{}", differs.body);
    let done = set_up(&site, Some(OWN), &[], &form(PASSWORD, PASSWORD)).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/school?done=set-up"));
    let person = site.session(done.token().expect("a session"));
    let people = site.get("/school/people", Some(&person)).await;
    assert!(people.body.contains("Mere Example"), "{}", people.body);
    for fields in [&[][..], &form(PASSWORD, PASSWORD)[..]] {
        let again = set_up(&site, Some(OWN), &[], fields).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert!(again.body.contains("does not work any more"));
    }
}

#[tokio::test]
async fn an_administrator_makes_a_link_with_which_somebody_chooses_a_password() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let page = site.post("/school/people/of/office/link", Some(&admin), &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let (_, rest) = page.body.split_once("https://school.example/set-up/").expect("a link");
    let link = format!("/set-up/{}", rest.split('<').next().unwrap_or_default());
    let opened = site.get(&link, None).await;
    assert!(opened.body.contains("Kia ora Ora Example"), "{}", opened.body);
    let password = "another horse battery staple";
    let fields = [("password", password), ("again", password)];
    let chosen = site.post(&link, None, &fields).await;
    assert_eq!((chosen.status, chosen.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(sign_in(&site, "office@school.example", password, "/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&link, None, &fields).await.status, StatusCode::NOT_FOUND);
    site.wait(1);
    let late = site.school.make_link(&Actor::Operator, site.now(), StaffId::parse("dean").expect("an id"));
    site.wait(60 * 60 + 1);
    let late = format!("/set-up/{}", late.expect("a link"));
    assert_eq!(site.get(&late, None).await.status, StatusCode::NOT_FOUND);
}
