//! Webhooks: who may see and change them, and what each act leaves in the history. How they are told is
//! tried in the crate that tells.

use app::{Actor, AppError, MOST_WEBHOOKS, NewWebhook};
use domain::WebhookEvent;
use testkit::{Scratch, TestSchool, instant};

const NOW: &str = "2026-05-11T09:30:00+12:00";

fn new(address: &str) -> NewWebhook {
    NewWebhook { address: address.to_owned(), events: WebhookEvent::OFFERED.to_vec(), owner: None }
}

/// The school on each engine, with a file for the key to its secrets that is not in the database.
fn schools() -> impl Iterator<Item = (TestSchool, Scratch)> {
    TestSchool::on_each_engine().map(|mut school| {
        let beside = Scratch::new();
        school.app = school.app.clone().with_secrets_key(&beside.file("secrets.key"));
        school.school = school.app.school(None).expect("a school");
        (school, beside)
    })
}

#[test]
fn r36_only_who_edits_sharing_changes_webhooks_and_each_act_is_in_the_history() {
    for (kura, _beside) in schools() {
        let (school, now) = (&kura.school, instant(NOW));
        let admin = kura.staff("admin");
        let made = school.add_webhook(&admin, now, new("https://receiver.example/")).expect("made");
        let id = made.id.as_str();
        for who in ["teacher", "dean", "office", "leader", "principal"] {
            let who = kura.staff(who);
            let denied = |outcome: Result<(), AppError>| assert!(matches!(outcome, Err(AppError::Denied(_))));
            denied(school.add_webhook(&who, now, new("https://receiver.example/")).map(drop));
            denied(school.set_webhook(&who, now, id, "https://a.example/", WebhookEvent::OFFERED.to_vec()));
            denied(school.change_webhook_secret(&who, now, id).map(drop));
            denied(school.switch_webhook(&who, now, id, false));
            denied(school.test_webhook(&who, now, id));
            denied(school.send_webhook_again(&who, now, id, "e"));
            denied(school.end_webhook(&who, now, id));
        }
        for (who, may) in [("teacher", false), ("dean", false), ("office", true), ("leader", true)] {
            assert_eq!(school.webhooks(&kura.staff(who), now).is_ok(), may, "{who}");
            assert_eq!(school.webhook(&kura.staff(who), now, id).is_ok(), may, "{who}");
        }
        school.test_webhook(&admin, now, id).expect("queued");
        school.change_webhook_secret(&admin, now, id).expect("changed");
        school.switch_webhook(&admin, now, id, false).expect("off");
        school.switch_webhook(&admin, now, id, false).expect("off already, and no act");
        school.end_webhook(&admin, now, id).expect("ended");
        assert!(matches!(school.test_webhook(&admin, now, id), Err(AppError::NotFound(_))));
        let number = school.number();
        let rows = kura.app.store().read(number, |tx| {
            let sql = "select kind from act where school = $1 and kind like '%webhook%' order by act";
            tx.query(sql, &[number.number().into()])
        });
        let rows = rows.map_err(|error: store::DatabaseError| error).expect("the history");
        let kinds: Vec<String> = rows.into_iter().map(|mut row| row.take(0).expect("a kind")).collect();
        let expected =
            ["add_webhook", "test_webhook", "change_webhook_secret", "switch_webhook", "end_webhook"];
        assert_eq!(kinds, expected);
    }
}

#[test]
fn a_school_without_webhooks_queues_nothing_and_has_no_more_than_it_may() {
    for (kura, _beside) in schools() {
        let (school, now) = (&kura.school, instant(NOW));
        let number = school.number();
        kura.mark_days(now, "101", ("2026-05", 4, 8), '?');
        let rows = kura.app.store().read(number, |tx| {
            tx.query("select event_id from webhook_event where school = $1", &[number.number().into()])
        });
        assert_eq!(rows.map_err(|error: store::DatabaseError| error).expect("read").len(), 0);
        for _ in 0..MOST_WEBHOOKS {
            school.add_webhook(&Actor::Operator, now, new("https://receiver.example/")).expect("made");
        }
        let one_more = school.add_webhook(&Actor::Operator, now, new("https://receiver.example/"));
        assert!(one_more.expect_err("too many").to_string().contains("end one first"));
        let first = school.webhooks(&Actor::Operator, now).expect("a list").remove(0).id;
        school.end_webhook(&Actor::Operator, now, &first).expect("ended");
        school.add_webhook(&Actor::Operator, now, new("https://receiver.example/")).expect("made");
    }
}

#[test]
fn on_a_server_without_a_file_for_its_key_a_secret_is_not_kept_and_the_words_say_why() {
    for kura in TestSchool::on_each_engine().filter(|kura| kura.database.is_some()) {
        let refused =
            kura.school.add_webhook(&Actor::Operator, instant(NOW), new("https://receiver.example/"));
        assert!(refused.expect_err("no key").to_string().contains("--secrets-key"));
    }
}

#[test]
fn a_rebuild_tells_nothing_twice() {
    for (kura, _beside) in schools() {
        let (school, now) = (&kura.school, instant(NOW));
        let made = school.add_webhook(&Actor::Operator, now, new("https://receiver.example/")).expect("made");
        kura.mark_days(now, "101", ("2026-05", 4, 8), '?');
        let told = || school.webhook(&Actor::Operator, now, &made.id).expect("a view").deliveries.len();
        assert_eq!(told(), 1);
        assert!(school.rebuild().expect("rebuilt").is_empty());
        assert_eq!(told(), 1);
    }
}
