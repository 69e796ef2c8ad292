//! The page of the morning e-mail: one's own switch, the school's hour, and how it stands.

use crate::school::{Ask, Site, send};
use app::{AppError, Letterhead};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::Role;
use store::mail::{MessageAnswer, MessageState, NewMessage};

/// The page as a server that sends e-mail shows it.
async fn page_of_sender(site: &Site, role: Role, path: &str) -> String {
    let ways = app::letters::Ways { email_from: Some("starboard@school.example".to_owned()), texts_a_day: 0 };
    let router = web::router(site.school.clone(), web::Settings { ways, ..site.settings() });
    let cookie = format!("__Host-starboard={}", site.person(role).token);
    let request = Request::get(path).header("host", site.host).header("cookie", cookie);
    send(&router, request.body(Body::empty()).expect("a request")).await.body
}

/// Keeps a message in a state.
fn message(site: &Site, id: &'static str, to: &str, state: Option<(MessageState, &'static str)>) {
    keep(site, digest(id, to), state);
}

fn digest(id: &str, to: &str) -> NewMessage {
    NewMessage {
        id: id.to_owned(),
        kind: "digest",
        channel: domain::Channel::Email,
        sender_name: String::new(),
        reply_to: String::new(),
        html: String::new(),
        day: "2026-05-05".parse().expect("a date"),
        recipient: to.to_owned(),
        from_address: "starboard@school.example".to_owned(),
        to_address: format!("{to}@school.example"),
        subject: "A subject".to_owned(),
        body: "A body with A. N. in it".to_owned(),
    }
}

fn keep(site: &Site, new: NewMessage, state: Option<(MessageState, &'static str)>) {
    let id = new.id.clone();
    let (number, now) = (site.school.number(), site.now());
    let kept = site.app.store().write(number, move |tx| {
        store::mail::insert(tx, number, &new, now)?;
        let Some((state, words)) = state else { return Ok(()) };
        store::mail::claim(tx, number, &id, 0, now)?;
        let next_attempt_at = now.plus_seconds(3_600);
        let answer = MessageAnswer {
            state,
            unsure: 0,
            next_attempt_at,
            at: now,
            answer: words.to_owned(),
            is_excused: false,
        };
        Ok::<_, AppError>(store::mail::answered(tx, number, &id, 1, &answer)?)
    });
    kept.expect("kept");
}

#[tokio::test]
async fn everybody_switches_their_own_and_the_administrator_sets_the_hour() {
    let site = Site::new();
    let (admin, office) = (site.person(Role::SmsAdmin), site.person(Role::Office));
    let page = page_of_sender(&site, Role::Office, "/school/mail").await;
    assert!(
        page.contains("On school days from 7.00 am")
            && page.contains("You get it when there is something for you."),
        "{page}"
    );
    assert!(!page.contains("name=\"hour\"") && !page.contains("How it stands"), "the administrator's");
    let off = site.post("/school/mail/mine", Some(&office), &[("wanted", "0")]).await;
    assert_eq!(off.header("location"), "/school/mail?done=saved");
    assert!(page_of_sender(&site, Role::Office, "/school/mail").await.contains("You do not get it."));
    assert!(
        page_of_sender(&site, Role::Teacher, "/school/mail")
            .await
            .contains("You get it when there is something for you."),
        "only theirs"
    );
    let letterhead = Letterhead { from: "starboard@school.example".to_owned(), origin: None };
    assert_eq!(site.school.prepare_digests(site.now(), &letterhead).expect("prepared"), 0);
    site.post("/school/mail/mine", Some(&office), &[("wanted", "1")]).await;

    for role in [Role::Teacher, Role::Dean, Role::Office, Role::Leader, Role::Principal] {
        let denied = site.post("/school/mail", Some(&site.person(role)), &[("hour", "")]).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN, "{role}");
    }
    let saved = site.post("/school/mail", Some(&admin), &[("hour", "")]).await;
    assert_eq!(saved.header("location"), "/school/mail?done=saved");
    let page = page_of_sender(&site, Role::SmsAdmin, "/school/mail").await;
    assert!(
        page.contains("Switched off for this school") && page.contains("once e-mail is sent here"),
        "{page}"
    );
    assert!(page.contains("<option value=\"\" selected>"), "{page}");
    site.post("/school/mail", Some(&admin), &[("hour", "8")]).await;
    assert!(page_of_sender(&site, Role::Teacher, "/school").await.contains("On school days from 8.00 am"));
    for wrong in ["4", "12", "x"] {
        let refused = site.post("/school/mail", Some(&admin), &[("hour", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.body.contains("Choose an hour from 5 to 11"), "{}", refused.body);
    }
    let forged = Ask { person: Some(&office), ..Ask::default() };
    let forged = site.ask("POST", "/school/mail/mine", &[("wanted", "0")], forged).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "without the form's token");
}

#[tokio::test]
async fn without_a_mail_server_both_pages_say_that_none_is_sent() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    for path in ["/school", "/school/mail"] {
        assert!(site.get(path, Some(&admin)).await.body.contains("This server sends no e-mail"), "{path}");
        assert!(!page_of_sender(&site, Role::SmsAdmin, path).await.contains("sends no e-mail"), "{path}");
    }
}

#[tokio::test]
async fn the_administrator_sees_what_was_not_delivered_and_why_and_no_text() {
    let site = Site::new();
    let before = page_of_sender(&site, Role::SmsAdmin, "/school/mail").await;
    assert!(before.contains("Nothing was sent yet.") && !before.contains("Ka pai"), "{before}");
    message(&site, "a", "teacher", Some((MessageState::Sent, "250 taken")));
    let page = page_of_sender(&site, Role::SmsAdmin, "/school/mail").await;
    assert!(page.contains("was taken by the mail server. Ka pai.") && page.contains("9.30 am"), "{page}");
    message(&site, "b", "dean", Some((MessageState::Refused, "550 5.1.1 <nobody> here")));
    message(&site, "c", "office", Some((MessageState::Waiting, "450 later")));
    message(&site, "d", "leader", Some((MessageState::GivenUp, "the server hung up")));
    message(&site, "e", "principal", None);
    let page = page_of_sender(&site, Role::SmsAdmin, "/school/mail").await;
    for said in [
        "Dana Example",
        "dean@school.example",
        "550 5.1.1 &#60;nobody&#62; here",
        "450 later",
        "10.30 am",
        "The server hung up",
        "Given up",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(
        !page.contains("A body") && !page.contains("A subject") && !page.contains("Tui Example</"),
        "{page}"
    );
    assert!(!page_of_sender(&site, Role::Principal, "/school/mail").await.contains("dean@school.example"));
}

#[tokio::test]
async fn messages_home_are_counted_where_they_have_no_way_and_never_listed() {
    let site = Site::new();
    let home = |id: &str, channel| NewMessage { kind: "home", channel, ..digest(id, id) };
    keep(&site, home("a", domain::Channel::Email), Some((MessageState::Refused, "550 no such family")));
    keep(&site, home("b", domain::Channel::Text), None);
    keep(&site, home("c", domain::Channel::Text), None);
    let page = page_of_sender(&site, Role::SmsAdmin, "/school/mail").await;
    assert!(page.contains("2 texts to whānau wait: this server sends no texts"), "{page}");
    assert!(!page.contains("e-mails to whānau wait") && !page.contains("One e-mail to whānau"), "{page}");
    for said in ["550 no such family", "a@school.example", "A body", "A subject"] {
        assert!(!page.contains(said), "{said}: {page}");
    }
    let office = page_of_sender(&site, Role::Office, "/school/mail").await;
    assert!(!office.contains("texts to whānau wait"), "for those who administer it");
}
