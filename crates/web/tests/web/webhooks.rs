//! Webhooks as an administrator makes, tries and ends one, and as others see them.

use crate::school::{Answer, Site};
use axum::http::StatusCode;
use domain::Role;

const ADDRESS: &str = "https://receiver.example/starboard?school=189";

fn secret(answer: &Answer) -> &str {
    let (_, rest) = answer.body.split_once("whsec_").expect("a secret");
    rest.split('<').next().expect("its end")
}

fn id(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("href=\"/school/webhooks/").expect("a link");
    rest.split('"').next().expect("its end").to_owned()
}

fn done(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header("location").ends_with(&format!("done={what}")), "{}", answer.header("location"));
}

#[tokio::test]
async fn an_administrator_makes_tries_changes_and_ends_a_webhook_and_sees_its_secret_once() {
    let site = Site::new();
    let (admin, office) = (site.person(Role::SmsAdmin), site.person(Role::Office));
    let page = site.get("/school/webhooks", Some(&admin)).await.body;
    assert!(page.contains("No other program is told") && page.contains("Make the webhook"), "{page}");
    let made = site
        .post("/school/webhooks", Some(&admin), &[("address", ADDRESS), ("event", "crossing.reached")])
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let (first, own) = (secret(&made).to_owned(), format!("/school/webhooks/{}", id(&made)));
    let page = site.get("/school/webhooks", Some(&office)).await.body;
    assert!(page.contains(ADDRESS) && page.contains("crossing.reached") && page.contains(">On<"), "{page}");
    assert!(!page.contains("Make the webhook"), "the office sees and does not change");
    done(&site.post(&format!("{own}/test"), Some(&admin), &[]).await, "webhook-test");
    let page = site.get(&own, Some(&admin)).await.body;
    assert!(page.contains("webhook.test") && page.contains("Waiting") && !page.contains(&first), "{page}");
    let both = [("address", ADDRESS), ("event", "response.recorded"), ("event", "crossing.withdrawn")];
    done(&site.post(&own, Some(&admin), &both).await, "saved");
    let page = site.get("/school/webhooks", Some(&admin)).await.body;
    assert!(page.contains("response.recorded") && !page.contains("crossing.reached</code>, "), "{page}");
    let changed = site.post(&format!("{own}/secret"), Some(&admin), &[]).await;
    assert_ne!(secret(&changed), first);
    let page = site.get(&own, Some(&admin)).await.body;
    assert!(page.contains("The secret before is good until") && !page.contains(secret(&changed)), "{page}");
    done(&site.post(&format!("{own}/switch"), Some(&admin), &[("on", "0")]).await, "webhook-off");
    let page = site.get(&own, Some(&admin)).await.body;
    assert!(page.contains(">Off<") && page.contains("Not sent") && page.contains("Switch it on"), "{page}");
    let off = site.post(&format!("{own}/test"), Some(&admin), &[]).await;
    assert_eq!(off.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(off.body.contains("It is switched off"), "{}", off.body);
    done(&site.post(&format!("{own}/switch"), Some(&admin), &[("on", "1")]).await, "webhook-on");
    let (_, rest) = page.split_once("<br><code class=\"soft\">").expect("an event");
    let event = rest.split('<').next().expect("its id").to_owned();
    done(&site.post(&format!("{own}/again"), Some(&admin), &[("event", &event)]).await, "webhook-again");
    let unknown = site.post(&format!("{own}/again"), Some(&admin), &[("event", "none")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    done(&site.post(&format!("{own}/end"), Some(&admin), &[]).await, "webhook-ended");
    assert_eq!(site.get(&own, Some(&admin)).await.status, StatusCode::NOT_FOUND);
    assert!(!site.get("/school/webhooks", Some(&admin)).await.body.contains("receiver.example"));
}

#[tokio::test]
async fn r36_an_address_that_may_not_be_sent_to_is_refused_in_place_and_typed_words_stay() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    for (address, says) in [
        ("http://receiver.example/", "begin it with https://"),
        ("https://169.254.169.254/latest/meta-data", "private network"),
        ("http://localhost:4100/", "machine that starboard runs on"),
        ("https://mere:word@receiver.example/", "leave the name and password out"),
    ] {
        let answer = site
            .post("/school/webhooks", Some(&admin), &[("address", address), ("event", "crossing.reached")])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let body = answer.body.to_lowercase();
        assert!(body.contains(says) && body.contains(&format!("value=\"{address}\"")), "{address}: {body}");
    }
    let none = site.post("/school/webhooks", Some(&admin), &[("address", ADDRESS)]).await;
    assert!(none.body.contains("Choose at least one event"), "{}", none.body);
    let payload = "https://receiver.example/\"><script>alert(1)</script>";
    let answer = site
        .post("/school/webhooks", Some(&admin), &[("address", payload), ("event", "crossing.reached")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    assert!(site.get("/school/webhooks", Some(&admin)).await.body.contains("No other program is told"));
}
