//! The door for KAMAR: every answer to the letter, who may knock, what a push may weigh, and that nothing
//! is answered before it is kept.

use crate::school::{Answer, Ask, Site};
use app::Actor;
use app::kamar::{KamarCredentials, KamarSettings};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Role;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

const USER: &str = "starboard";
const JSON: (&str, &str) = ("content-type", "application/json");
const XML: (&str, &str) = ("content-type", "application/xml");

/// A site whose door is open, and what opens it.
fn open() -> (Site, String) {
    let site = Site::new();
    let made = open_with(&site, USER, None);
    let header = basic(&format!("{}:{}", made.user_name, made.password));
    (site, header)
}

fn open_with(site: &Site, user_name: &str, password: Option<&str>) -> KamarCredentials {
    let (actor, now) = (Actor::Operator, site.now());
    let typed = password.map(str::to_owned);
    let made = site.school.make_kamar_password(&actor, now, user_name, typed).expect("a password");
    let settings = KamarSettings { is_on: true, silent_hours: 26, suffix: None };
    site.school.set_kamar(&actor, now, settings).expect("switched on");
    made
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

async fn push(
    site: &Site,
    authorization: Option<&str>,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Answer {
    let mut headers = headers.to_vec();
    if let Some(authorization) = authorization {
        headers.push(("authorization", authorization));
    }
    let ask = Ask { headers, body: Some(body.into()), ..Ask::default() };
    site.ask("POST", "/kamar", &[], ask).await
}

/// A push in JSON.
fn body(sync: &str, number: &str, rest: Value) -> String {
    let mut data = json!({
        "datetime": 20260505041500_i64, "sync": sync, "sms": "KAMAR", "version": 2674,
        "schools": [{ "index": 1, "schoolindex": 1, "moeCode": number, "name": "EXAMPLE", "type": 30, "authoritative": true }],
    });
    if let (Some(data), Value::Object(rest)) = (data.as_object_mut(), rest) {
        data.extend(rest);
    }
    json!({ "SMSDirectoryData": data }).to_string()
}

fn attendance() -> Value {
    json!({ "attendance": { "count": 1, "data": [{ "id": "S1", "nsn": "", "values": [
        { "date": "20260504", "codes": ".PPP.PP.P", "alt": ".PPP.PP.P", "hdu": 0, "hdj": 0, "hdp": 2 },
    ] }] } })
}

fn plain(error: u16, result: &str) -> String {
    let expected = json!({ "SMSDirectoryData": { "error": error, "result": result, "service": "Starboard", "version": "1.0" } });
    expected.to_string()
}

fn in_xml(error: u16, result: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SMSDirectoryData><error>{error}</error><result>{result}</result>\
        <service>Starboard</service><version>1.0</version></SMSDirectoryData>"
    )
}

fn check(answer: &Answer, status: u16, expected: &str, what: &str) {
    assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.body);
    assert_eq!(answer.body, expected, "{what}");
    let kind = if expected.starts_with('<') { "application/xml" } else { "application/json" };
    assert_eq!(answer.header("content-type"), kind, "{what}");
    assert_eq!((answer.header("connection"), answer.header("server")), ("close", "Starboard"), "{what}");
    // R34: the answer of a program carries the headers of a page's.
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    assert!(answer.header("strict-transport-security").starts_with("max-age"), "{what}");
}

fn kept(site: &Site) -> Vec<String> {
    let view = site.school.kamar(&Actor::Operator, site.now()).expect("a view");
    view.pushes.into_iter().map(|push| push.result).collect()
}

#[tokio::test]
async fn every_answer_is_what_kamar_reads_to_the_letter() {
    let (site, right) = open();
    let (whole, wrong) = (body("attendance", "0189", attendance()), basic("starboard:something else"));
    let no_check = "{\"SMSDirectoryData\":{\"sync\":\"pastoral\"";
    for (what, authorization, sent, status, error, result) in [
        ("taken", Some(&right), whole.as_str(), 200, 0, "OK"),
        ("unknown kind", Some(&right), &body("timetravel", "0189", json!({})), 200, 0, "OK"),
        (
            "not needed",
            Some(&right),
            &body("photos", "0189", json!({ "photos": { "data": [{}] } })),
            200,
            0,
            "OK",
        ),
        ("no credentials", None, &whole, 401, 401, "No Credentials Provided"),
        ("wrong credentials", Some(&wrong), &whole, 403, 403, "Authentication Failed"),
        ("empty", Some(&right), "", 400, 400, "Bad Request"),
        ("nothing in it", Some(&right), "  ", 400, 400, "Bad Request"),
        ("cut", Some(&right), no_check, 422, 422, "Request From KAMAR Was Malformed"),
        (
            "no kind",
            Some(&right),
            "{\"SMSDirectoryData\":{\"a\":1}}",
            422,
            422,
            "Request From KAMAR Was Malformed",
        ),
    ] {
        let answer = push(&site, authorization.map(String::as_str), &[JSON], sent).await;
        check(&answer, status, &plain(error, result), what);
    }
    let slash =
        Ask { headers: vec![JSON, ("authorization", &right)], body: Some(whole.into()), ..Ask::default() };
    check(&site.ask("POST", "/kamar/", &[], slash).await, 200, &plain(0, "OK"), "with a slash");
    assert_eq!(site.get("/kamar", None).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn who_asks_in_xml_is_answered_in_xml() {
    let (site, right) = open();
    let head = "<?xml version=\"1.0\"?><SMSDirectoryData datetime=\"20260505041500\" sync=\"SYNC\" sms=\"KAMAR\" version=\"2674\">\
        <schools><school index=\"1\"><moecode>0189</moecode></school></schools>";
    let of = |sync: &str| format!("{}</SMSDirectoryData>", head.replace("SYNC", sync));
    let taken = push(&site, Some(&right), &[XML], of("subjects")).await;
    check(&taken, 200, &in_xml(0, "OK"), "taken");
    let bare = push(&site, None, &[("content-type", "text/xml; charset=utf-8")], of("subjects")).await;
    check(&bare, 401, &in_xml(401, "No Credentials Provided"), "no credentials");
    let wrong = push(&site, Some(&basic("a:b")), &[XML], of("subjects")).await;
    check(&wrong, 403, &in_xml(403, "Authentication Failed"), "wrong");
    check(&push(&site, Some(&right), &[XML], "").await, 400, &in_xml(400, "Bad Request"), "empty");
    let cut = push(&site, Some(&right), &[XML], "<SMSDirectoryData>").await;
    check(&cut, 422, &in_xml(422, "Request From KAMAR Was Malformed"), "cut");
    // The body decides where the content type is wrong or missing.
    for kind in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
        let answer = push(&site, Some(&right), &[("content-type", kind)], of("subjects")).await;
        check(&answer, 200, &in_xml(0, "OK"), kind);
    }
    let json = push(&site, Some(&right), &[XML], body("subjects", "0189", json!({}))).await;
    check(&json, 200, &plain(0, "OK"), "JSON that says it is XML");
    let ready = push(&site, Some(&right), &[XML], of("check")).await.body;
    for part in [
        "<error>0</error>",
        "<status>Ready</status>",
        "<countryDataStored>New Zealand</countryDataStored>",
        "<attendance>true</attendance>",
        "<required>uniqueid;firstname;lastname</required>",
    ] {
        assert!(ready.contains(part), "{part}: {ready}");
    }
}

#[tokio::test]
async fn a_check_is_told_that_we_are_ready_what_becomes_of_the_data_and_that_we_ask_for_the_least() {
    let (site, right) = open();
    let answer = push(&site, Some(&right), &[JSON], body("check", "0189", json!({}))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let read: Value = serde_json::from_str(&answer.body).expect("JSON");
    let told = &read["SMSDirectoryData"];
    let expected = [("error", json!(0)), ("result", json!("OK")), ("status", json!("Ready"))];
    for (name, value) in expected {
        assert_eq!(told[name], value, "{name}");
    }
    assert_eq!(told["infourl"], "https://school.example/privacy");
    assert_eq!(told["countryDataStored"], "New Zealand");
    assert!(told.get("authtoken").is_none(), "the school entered no suffix");
    let privacy = told["privacystatement"].as_str().expect("a statement");
    assert!(privacy.starts_with("Example College") && privacy.len() >= 100);
    assert!(privacy.split_whitespace().count() >= 50, "{privacy}");
    let options = &told["options"];
    let asked = |group: &str| -> Vec<String> {
        let members = options[group].as_object().expect("an object").iter();
        members.filter(|(_, value)| **value == json!(true)).map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(options["ics"], json!(false));
    let mut students = asked("students");
    students.sort();
    assert_eq!(students, ["attendance", "details", "pastoral", "timetables"]);
    assert_eq!((asked("staff"), asked("common")), (vec!["details".to_owned()], vec!["calendar".to_owned()]));
    for group in ["students", "staff"] {
        let fields = &options[group]["fields"];
        assert_eq!(fields["required"], "uniqueid;firstname;lastname");
        assert!(fields["optional"].as_str().is_some_and(|fields| fields.starts_with("schoolindex;")));
    }

    let settings = KamarSettings { is_on: true, silent_hours: 26, suffix: Some("suffix".to_owned()) };
    site.school.set_kamar(&Actor::Operator, site.now(), settings).expect("a suffix");
    let answer = push(&site, Some(&right), &[JSON], body("check", "0189", json!({}))).await;
    let read: Value = serde_json::from_str(&answer.body).expect("JSON");
    let token = read["SMSDirectoryData"]["authtoken"].as_str().expect("a token").to_owned();
    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    assert!(!answer.body.contains("suffix"));
}

#[tokio::test]
async fn the_password_is_the_whole_of_what_follows_the_first_colon() {
    let site = Site::new();
    let sent = || body("check", "0189", json!({}));
    open_with(&site, "", Some("four: words: with colons"));
    for (pair, status) in [
        (":four: words: with colons", 200),
        (":four: words: with colons:", 403),
        (":four", 403),
        ("x:four: words: with colons", 403),
    ] {
        let answer = push(&site, Some(&basic(pair)), &[JSON], sent()).await;
        assert_eq!(answer.status.as_u16(), status, "{pair}");
        // A guess is followed by the right one, so nobody waits.
    }
    for none in ["Basic", "Basic Og==", "Bearer abc", "Basic %%%"] {
        let answer = push(&site, Some(none), &[JSON], sent()).await;
        check(&answer, 401, &plain(401, "No Credentials Provided"), none);
    }
    // Another password takes its place, and ending it closes the door.
    let made = open_with(&site, "", None);
    assert!(made.password.len() >= 30);
    let old = push(&site, Some(&basic(":four: words: with colons")), &[JSON], sent()).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);
    let right = basic(&format!(":{}", made.password));
    assert_eq!(push(&site, Some(&right), &[JSON], sent()).await.status, StatusCode::OK);
    site.school.end_kamar_password(&Actor::Operator, site.now()).expect("ended");
    let ended = push(&site, Some(&right), &[JSON], sent()).await;
    check(&ended, 403, &plain(403, "Authentication Failed"), "ended");
}

#[tokio::test]
async fn r20_guesses_wait_and_those_of_a_stranger_do_not_hold_kamar_up() {
    let (site, right) = open();
    let sent = || body("check", "0189", json!({}));
    for guess in 0..20 {
        let answer = push(&site, Some(&basic(&format!("guess:{guess}"))), &[JSON], sent()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(push(&site, Some(&right), &[JSON], sent()).await.status, StatusCode::OK);
    for guess in 0..20 {
        push(&site, Some(&basic(&format!("{USER}:{guess}"))), &[JSON], sent()).await;
    }
    let held = push(&site, Some(&right), &[JSON], sent()).await;
    check(&held, 403, &plain(403, "Authentication Failed"), "even the right one waits now");
    site.wait(15 * 60);
    assert_eq!(push(&site, Some(&right), &[JSON], sent()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_push_may_be_packed_and_a_bomb_is_refused() {
    let (site, right) = open();
    let packed = |plain: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).expect("written");
        encoder.finish().expect("packed")
    };
    let gzip = ("content-encoding", "gzip");
    let whole = body("attendance", "0189", attendance());
    let answer = push(&site, Some(&right), &[JSON, gzip], packed(whole.as_bytes())).await;
    check(&answer, 200, &plain(0, "OK"), "packed");
    let bomb = push(&site, Some(&right), &[JSON, gzip], packed(&vec![b' '; 8 * 1024 * 1024])).await;
    check(&bomb, 413, &plain(413, "Request Too Large"), "a bomb");
    let torn = push(&site, Some(&right), &[JSON, gzip], whole.as_bytes()).await;
    check(&torn, 422, &plain(422, "Request From KAMAR Was Malformed"), "not packed");
    let strange = push(&site, Some(&right), &[JSON, ("content-encoding", "br")], whole.as_bytes()).await;
    check(&strange, 422, &plain(422, "Request From KAMAR Was Malformed"), "a strange packing");
}

#[tokio::test]
async fn r33_sixty_four_mebibytes_are_read_and_not_one_byte_more() {
    let (site, right) = open();
    const MOST: usize = 64 * 1024 * 1024;
    let mut whole = body("photos", "0189", json!({})).into_bytes();
    whole.resize(MOST, b' ');
    check(&push(&site, Some(&right), &[JSON], whole.clone()).await, 200, &plain(0, "OK"), "64 MiB");
    whole.push(b' ');
    check(&push(&site, Some(&right), &[JSON], whole).await, 413, &plain(413, "Request Too Large"), "more");
}

#[tokio::test]
async fn what_cannot_be_kept_is_never_said_to_be_taken() {
    let (site, right) = open();
    let whole = body("attendance", "0189", attendance());
    let alter = |sql: &'static str| {
        let altered = site.app.store().write(site.school.number(), move |tx| {
            tx.execute(sql, &[])?;
            Ok::<_, app::AppError>(())
        });
        altered.expect("a memory that is broken on purpose, or whole again");
    };
    alter("alter table arrival rename to broken");
    let answer = push(&site, Some(&right), &[JSON], whole).await;
    check(&answer, 503, &plain(503, "Service Unavailable"), "broken");
    assert_eq!(answer.header("retry-after"), "60");
    let number = site.school.number();
    let noted = site.app.store().read(number, |tx| store::kamar::pushes(tx, number, 10));
    assert_eq!(noted.expect("what was noted"), []);
}

#[tokio::test]
async fn a_push_for_another_school_is_not_kept_and_the_school_is_told() {
    let (site, right) = open();
    let answer = push(&site, Some(&right), &[JSON], body("attendance", "0012", attendance())).await;
    check(&answer, 200, &plain(0, "OK"), "another school's");
    assert_eq!(kept(&site), ["other-school"]);
    assert!(site.school.arrivals(&Actor::Operator, site.now()).expect("arrivals").is_empty());
    let office = site.person(Role::Office);
    let page = site.get("/school/kamar", Some(&office)).await.body;
    assert!(page.contains("It names another school’s number"), "{page}");
    let today = site.get("/today", Some(&office)).await.body;
    assert!(today.contains("A push from KAMAR was refused"));
    // On a host of many schools each has its own door and password.
    let (kura, awa) = Site::pair();
    let made = open_with(&kura, USER, None);
    open_with(&awa, USER, None);
    let pair = basic(&format!("{USER}:{}", made.password));
    let sent = body("check", "0189", json!({}));
    assert_eq!(push(&kura, Some(&pair), &[JSON], sent.clone()).await.status, StatusCode::OK);
    assert_eq!(push(&awa, Some(&pair), &[JSON], sent).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn two_people_who_upload_do_not_refuse_kamar() {
    let (site, right) = open();
    // The same pushes at once, more than are looked at together.
    let sent = body("check", "0189", json!({}));
    let asked = (0..4).map(|_| push(&site, Some(&right), &[JSON], sent.clone()));
    for answer in futures_all(asked).await {
        assert_eq!(answer.status, StatusCode::OK);
    }
}

/// Drives several requests on this task at once.
async fn futures_all<F: Future<Output = Answer>>(all: impl Iterator<Item = F>) -> Vec<Answer> {
    let mut pending: Vec<_> = all.map(Box::pin).collect();
    let mut answers = Vec::new();
    std::future::poll_fn(|context| {
        pending.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                answers.push(answer);
                false
            }
            std::task::Poll::Pending => true,
        });
        if pending.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers
}

#[tokio::test]
async fn the_connection_is_set_up_on_its_page_by_an_administrator_alone() {
    let site = Site::new();
    let (admin, office) = (site.person(Role::SmsAdmin), site.person(Role::Office));
    let page = site.get("/school/kamar", Some(&office)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("school.example/kamar") && page.body.contains("<code>443</code>"));
    assert!(!page.body.contains("/school/kamar/password"), "the office sees it and changes nothing");
    let early = site.post("/school/kamar", Some(&admin), &[("is_on", "1"), ("silent_hours", "26")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("Make a password first"));
    let short = [("user_name", "starboard"), ("password", "short")];
    let short = site.post("/school/kamar/password", Some(&admin), &short).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = site.post("/school/kamar/password", Some(&admin), &[("user_name", "starboard")]).await;
    assert_eq!(shown.status, StatusCode::OK);
    let password = shown.body.split("data-kamar-password>").nth(1).expect("shown once");
    let password = password.split('<').next().expect("a password").to_owned();
    let saved = site.post("/school/kamar", Some(&admin), &[("is_on", "1"), ("silent_hours", "26")]).await;
    assert_eq!(saved.header("location"), "/school/kamar?done=kamar-saved");
    for person in [&admin, &office] {
        assert!(!site.get("/school/kamar", Some(person)).await.body.contains(&password));
    }
    let right = basic(&format!("starboard:{password}"));
    let answer = push(&site, Some(&right), &[JSON], body("check", "0189", json!({}))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let bad = site.post("/school/kamar", Some(&admin), &[("is_on", "1"), ("silent_hours", "0")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let slots =
        site.post("/school/kamar/slots", Some(&admin), &[("start-2", "09:00"), ("minutes-2", "55")]).await;
    assert_eq!(slots.header("location"), "/school/kamar?done=kamar-slots");
    let half = site.post("/school/kamar/slots", Some(&admin), &[("start-3", "09:00")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.body.contains("start-3-error"));
    let ended = site.post("/school/kamar/password/end", Some(&admin), &[]).await;
    assert_eq!(ended.header("location"), "/school/kamar?done=kamar-ended");
    let answer = push(&site, Some(&right), &[JSON], body("check", "0189", json!({}))).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
