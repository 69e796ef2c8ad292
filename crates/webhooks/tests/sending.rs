//! Events on their way: signed as anybody can check, kept through whatever a receiver does, and the
//! same event each time.
//!
//! Signatures are checked here by an implementation that shares nothing with ours.

use app::views::{DeliveryLine, WebhookView};
use app::{
    Actor, App, DeliveryState, MadeWebhook, NewWebhook, RecordResponse, ReviseResponse, School, Target,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Half, Instant, ResponseType, Threshold, WebhookEvent};
use sha2::{Digest, Sha256};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::text_provider::{Asked, Reply, TextProvider};
use testkit::{Engine, Scratch, TestSchool, engines, half_day, instant, leaks, student_id, term_id};
use webhooks::{Report, Sender};

const NOW: &str = "2026-05-11T09:30:00+12:00";

/// A school with a webhook that hears of everything, and its receiver.
struct Told {
    kura: TestSchool,
    _beside: Scratch,
    receiver: TextProvider,
    made: MadeWebhook,
}

impl Told {
    fn new(engine: Engine, script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let mut kura = TestSchool::on(engine);
        let beside = Scratch::new();
        kura.app =
            kura.app.clone().with_secrets_key(&beside.file("secrets.key")).with_webhooks_to_this_machine();
        kura.school = kura.app.school(None).expect("a school");
        let receiver = TextProvider::new(script);
        let new = NewWebhook { address: receiver.url(), events: WebhookEvent::OFFERED.to_vec(), owner: None };
        let made = kura.school.add_webhook(&Actor::Operator, instant(NOW), new).expect("made");
        Self { kura, _beside: beside, receiver, made }
    }

    fn school(&self) -> &School {
        &self.kura.school
    }

    /// A sender whose leases are over at once, so that what died is taken over without waiting.
    fn sender(&self) -> Sender {
        sender_of(&self.kura.app, 0)
    }

    fn send_at(&self, at: &str) -> Report {
        let now = instant(at);
        self.sender().send(&|| now, &|| true).expect("a round")
    }

    fn view(&self) -> WebhookView {
        self.school().webhook(&Actor::Operator, instant(NOW), &self.made.id).expect("a view")
    }

    fn only(&self) -> DeliveryLine {
        let mut lines = self.view().deliveries;
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.remove(0)
    }

    fn test_event(&self) {
        self.school().test_webhook(&Actor::Operator, instant(NOW), &self.made.id).expect("queued");
    }

    /// Aroha reaches five days.
    fn cross(&self) {
        self.kura.mark_days(instant(NOW), "101", ("2026-05", 4, 8), '?');
    }

    fn bodies(&self) -> Vec<String> {
        self.receiver.taken().into_iter().map(|asked| asked.body).collect()
    }
}

fn sender_of(app: &App, lease_seconds: i64) -> Sender {
    let number = app.schools().expect("schools")[0];
    Sender::new(app.store(), app.vault(), number)
        .to_this_machine(app.sends_webhooks_to_this_machine())
        .with_patience(Duration::from_millis(700), lease_seconds)
}

/// HMAC-SHA-256 from its definition. Source: RFC 2104.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut padded = [0_u8; 64];
    padded[..key.len()].copy_from_slice(key);
    let with = |by: u8| padded.map(|byte| byte ^ by).to_vec();
    let inner = Sha256::digest([with(0x36), message.to_vec()].concat());
    Sha256::digest([with(0x5c), inner.to_vec()].concat()).to_vec()
}

/// Whether what came was signed with a secret, as a receiver checks it.
fn is_signed(asked: &Asked, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
    let (id, at) = (asked.header("webhook-id"), asked.header("webhook-timestamp"));
    let expected = STANDARD.encode(hmac(&key, format!("{id}.{at}.{}", asked.body).as_bytes()));
    asked.header("webhook-signature").split(' ').any(|signed| signed == format!("v1,{expected}"))
}

#[test]
fn what_is_reached_and_taken_back_is_told_in_order_and_signed() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Usual);
        told.cross();
        assert_eq!(told.send_at(NOW).delivered, 1);
        let dentist = half_day("2026-05-08 pm");
        told.kura
            .correct(&told.kura.staff("office"), instant(NOW), "101", dentist, Some('D'))
            .expect("corrected");
        told.kura
            .correct(&told.kura.staff("office"), instant(NOW), "101", dentist, Some('?'))
            .expect("corrected");
        assert_eq!(told.send_at(NOW).delivered, 2);
        let bodies = told.bodies();
        let facts = |state: &str, change: &str, event: u8| {
            format!(
                r#""data":{{"student_id":"101","term":"2026-T2","threshold":5,"state":"{state}","change":"{change}","event":{event},"reached_on":"2026-05-08","half":"pm"}}"#
            )
        };
        let expected = [
            ("crossing.reached", facts("reached", "reached", 1)),
            ("crossing.withdrawn", facts("withdrawn", "withdrawn", 2)),
            ("crossing.reached", facts("reached", "restored", 3)),
        ];
        assert_eq!(bodies.len(), 3);
        for (body, (kind, facts)) in bodies.iter().zip(expected) {
            assert!(body.contains(&format!(r#""type":"{kind}""#)) && body.contains(&facts), "{body}");
        }
        for asked in told.receiver.taken() {
            assert!(is_signed(&asked, &told.made.secret));
            assert_eq!(asked.header("content-type"), "application/json");
            assert!(asked.body.contains(&format!(r#""id":"{}""#, asked.header("webhook-id"))));
            let other = Asked { body: asked.body.replace("reached", "reachad"), ..asked.clone() };
            assert!(!is_signed(&other, &told.made.secret), "a body that was changed");
            let headers =
                asked.headers.iter().map(|line| line.replace("webhook-timestamp: ", "webhook-timestamp: 1"));
            let other = Asked { headers: headers.collect(), ..asked.clone() };
            assert!(!is_signed(&other, &told.made.secret), "a time that was changed");
        }
    }
}

fn record(told: &Told) -> Vec<String> {
    let aroha = Target {
        student_id: student_id("101"),
        term: Some(term_id("2026-T2")),
        threshold: Some(Threshold::MINISTRY[0]),
        step: None,
    };
    let response = RecordResponse {
        targets: vec![aroha.clone(), Target { threshold: None, student_id: student_id("102"), ..aroha }],
        kind: ResponseType::ALL[0],
        description: String::new(),
        also: Vec::new(),
        done_at: instant(NOW),
        note: "CANARY-NOTE-ngā kōrero".to_owned(),
        confirmed: false,
        key: "k".to_owned(),
    };
    told.school().record_response(&told.kura.staff("office"), instant(NOW), response).expect("recorded")
}

#[test]
fn a_response_is_told_with_each_version_and_once_however_often_it_is_sent_in() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Usual);
        told.cross();
        let ids = record(&told);
        assert_eq!(record(&told), ids, "the same key records once");
        let office = told.kura.staff("office");
        let revision = ReviseResponse {
            id: ids[0].clone(),
            seen_version: 1,
            kind: ResponseType::ALL[1],
            description: String::new(),
            done_at: instant(NOW),
            note: String::new(),
            confirmed: false,
        };
        told.school().revise_response(&office, instant(NOW), revision).expect("revised");
        told.school()
            .withdraw_response(&office, instant(NOW), ids[0].clone(), 2, String::new())
            .expect("withdrawn");
        assert_eq!(told.send_at(NOW).delivered, 5);
        let bodies = told.bodies();
        let count =
            |kind: &str| bodies.iter().filter(|body| body.contains(&format!(r#""type":"{kind}""#))).count();
        assert_eq!(
            (count("crossing.reached"), count("response.recorded"), count("response.changed")),
            (1, 2, 2)
        );
        let last = bodies.last().expect("a body");
        assert!(last.contains(r#""version":3,"state":"withdrawn","student_id":"101""#), "{last}");
        assert!(
            bodies
                .iter()
                .any(|body| body.contains(r#""student_id":"102","term":"2026-T2","threshold":null"#))
        );
    }
}

#[test]
fn r31_no_name_no_nsn_no_note_and_no_reason_is_in_anything_that_leaves_or_waits() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Usual);
        let roll = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
            301,0123499999,CANARYgiven,CANARYfamily,CANARYpreferred,9,9K,2026-01-27,\n";
        assert!(told.kura.import(instant(NOW), app::ImportKind::Students, roll).stored);
        told.kura.mark_days(instant(NOW), "301", ("2026-05", 4, 8), '?');
        let office = told.kura.staff("office");
        let reason = app::RecordReason {
            student_id: student_id("301"),
            half_days: vec![half_day("2026-05-04 am")],
            reason: "CANARY-REASON-tangi".to_owned(),
            given_by: String::new(),
            given_how: String::new(),
            given_at: None,
            letter: None,
            key: String::new(),
        };
        told.school().record_reason(&office, instant(NOW), reason).expect("recorded");
        told.cross();
        record(&told);
        told.test_event();
        assert_eq!(told.send_at(NOW).delivered, 5);
        let markers = [
            "CANARYgiven",
            "CANARYfamily",
            "CANARYpreferred",
            "0123499999",
            "CANARY-NOTE-",
            "CANARY-REASON-",
        ];
        for asked in told.receiver.asked() {
            let all = format!("{}\n{}\n{}", asked.line, asked.headers.join("\n"), asked.body);
            assert_eq!(leaks::leaks(&markers, "a webhook", all.as_bytes()), Vec::<String>::new());
        }
        // The search finds what is there.
        let planted = format!("{{\"name\":\"{}\"}}", "CANARYgiven");
        assert!(!leaks::leaks(&markers, "a webhook", planted.as_bytes()).is_empty());
    }
}

#[test]
fn a_receiver_that_fails_in_any_way_gets_the_same_event_again_until_it_takes_it() {
    type Case = (&'static str, Reply, Option<i64>, &'static str);
    let cases: [Case; 9] = [
        ("says nothing", Reply::Silence, None, "said nothing in time"),
        ("hangs up", Reply::HangUp, None, "hung up"),
        ("500", Reply::Say(500, "", "no"), Some(500), "did not take this event"),
        ("502", Reply::Say(502, "", "no"), Some(502), "did not take it"),
        ("401", Reply::Say(401, "", "no"), Some(401), "signature"),
        ("404", Reply::Say(404, "", "no"), Some(404), "nothing at this address"),
        ("302", Reply::Say(302, "location: http://127.0.0.1:9/", ""), Some(302), "sends us elsewhere"),
        ("307", Reply::Say(307, "location: http://127.0.0.1:9/", ""), Some(307), "sends us elsewhere"),
        ("429", Reply::Say(429, "retry-after: 900", "wait"), Some(429), "asks us to wait"),
    ];
    for engine in engines() {
        for (name, reply, status, words) in cases {
            let seen = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&seen);
            let told = Told::new(engine, move |_| {
                if count.fetch_add(1, Ordering::SeqCst) == 0 { reply } else { Reply::Usual }
            });
            told.test_event();
            let report = told.send_at(NOW);
            assert_eq!((report.delivered, report.failed), (0, 1), "{name}");
            let line = told.only();
            assert_eq!((line.delivery.state, line.delivery.tries), (DeliveryState::Waiting, 1), "{name}");
            let tried = &line.tries[0];
            assert_eq!((tried.number, tried.status), (1, status), "{name}");
            assert!(tried.problem.as_deref().is_some_and(|text| text.contains(words)), "{name}: {tried:?}");
            assert!(told.view().line.failing_since.is_some(), "{name}");
            let pause = line.delivery.next_try_at.micros_since(instant(NOW)) / 1_000_000;
            let expected = if name == "429" { 900..=900 } else { 5..=6 };
            assert!(expected.contains(&pause), "{name}: {pause}");
            // Not before its time.
            assert_eq!(told.send_at("2026-05-11T09:30:04+12:00"), Report::default(), "{name}");
            assert_eq!(told.send_at("2026-05-11T09:45:00+12:00").delivered, 1, "{name}");
            let asked = told.receiver.asked();
            assert_eq!(asked.len(), 2, "{name}");
            assert_eq!(asked[0].header("webhook-id"), asked[1].header("webhook-id"), "{name}");
            assert_eq!(asked[0].body, asked[1].body, "{name}");
            assert_eq!(told.only().delivery.state, DeliveryState::Delivered, "{name}");
            assert_eq!(told.view().line.failing_since, None, "{name}");
        }
    }
}

/// An address that answers everybody in plain words, also those who begin with TLS.
fn without_tls() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 1_024]).and_then(|_| stream.write_all(b"HTTP/1.1 400 no\r\n\r\n"));
    });
    format!("https://{address}/")
}

#[test]
fn nothing_at_the_address_no_tls_and_no_such_name_are_tried_again_too() {
    for (address, words) in [
        (TextProvider::nowhere(), "nobody listens"),
        ("https://receiver.invalid/".to_owned(), "name leads nowhere"),
        (without_tls(), "TLS"),
    ] {
        let told = Told::new(Engine::Sqlite, |_| Reply::Usual);
        let events = WebhookEvent::OFFERED.to_vec();
        told.school()
            .set_webhook(&Actor::Operator, instant(NOW), &told.made.id, &address, events)
            .expect("set");
        told.test_event();
        assert_eq!(told.send_at(NOW).failed, 1, "{address}");
        let line = told.only();
        let problem = line.tries[0].problem.clone().unwrap_or_default();
        assert!(problem.contains(words), "{address}: {problem}");
        assert_eq!((line.delivery.state, line.tries[0].status), (DeliveryState::Waiting, None));
    }
}

#[test]
fn r36_a_name_that_leads_to_this_machine_is_not_connected_to() {
    let told = Told::new(Engine::Sqlite, |_| Reply::Usual);
    // It was allowed when the webhook was made, and is not where it is sent from.
    told.test_event();
    let number = told.school().number();
    let strict = Sender::new(told.kura.app.store(), told.kura.app.vault(), number);
    let now = instant(NOW);
    assert_eq!(strict.send(&|| now, &|| true).expect("a round").failed, 1);
    assert_eq!(told.receiver.asked(), []);
    let problem = told.only().tries[0].problem.clone().unwrap_or_default();
    assert!(problem.contains("machine that Starboard runs on"), "{problem}");
    // The twin: where it is allowed, the same event arrives.
    assert_eq!(told.send_at("2026-05-11T09:31:00+12:00").delivered, 1);
}

#[test]
fn killed_between_sending_and_noting_an_event_goes_again_as_the_same_event() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Usual);
        told.cross();
        let calls = AtomicUsize::new(0);
        // The clock is asked once more when the answer is there: that is where it dies.
        let clock = || {
            assert_eq!(calls.fetch_add(1, Ordering::SeqCst), 0, "killed on purpose");
            instant(NOW)
        };
        let died = catch_unwind(AssertUnwindSafe(|| told.sender().send(&clock, &|| true)));
        assert!(died.is_err());
        assert_eq!(told.only().delivery.state, DeliveryState::Waiting);
        assert_eq!(told.send_at(NOW).delivered, 1);
        let asked = told.receiver.taken();
        assert_eq!(asked.len(), 2, "at least once");
        assert_eq!(asked[0].header("webhook-id"), asked[1].header("webhook-id"));
        assert_eq!(asked[0].body, asked[1].body);
        assert_eq!(told.send_at(NOW), Report::default());
    }
}

#[test]
fn two_processes_do_not_send_to_one_address_at_once() {
    for engine in engines() {
        let other: Arc<Mutex<Option<App>>> = Arc::default();
        let reports: Arc<Mutex<Vec<Report>>> = Arc::default();
        let (app, kept) = (Arc::clone(&other), Arc::clone(&reports));
        // While the receiver is being told by one process, another has its turn.
        let told = Told::new(engine, move |_| {
            let app = app.lock().expect("an app").take();
            if let Some(app) = app {
                let now = instant(NOW);
                let report = sender_of(&app, 60).send(&|| now, &|| true).expect("a round");
                kept.lock().expect("reports").push(report);
            }
            Reply::Usual
        });
        told.test_event();
        told.test_event();
        *other.lock().expect("an app") = Some(told.kura.app.clone());
        let now = instant(NOW);
        let sender = sender_of(&told.kura.app, 60).with_patience(Duration::from_secs(20), 60);
        assert_eq!(sender.send(&|| now, &|| true).expect("a round").delivered, 2);
        assert_eq!(*reports.lock().expect("reports"), [Report::default()]);
        assert_eq!(told.receiver.asked().len(), 2);
    }
}

#[test]
fn after_three_days_an_event_is_given_up_and_the_page_says_since_when_it_fails() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Say(503, "", "later"));
        told.test_event();
        told.test_event();
        let mut now: Instant = instant(NOW);
        let end = now.plus_seconds(4 * 86_400);
        while now < end {
            told.sender().send(&|| now, &|| true).expect("a round");
            now = now.plus_seconds(900);
        }
        let view = told.view();
        assert!(view.deliveries.iter().all(|line| line.delivery.state == DeliveryState::GivenUp), "{view:?}");
        let tries: Vec<i64> = view.deliveries.iter().map(|line| line.delivery.tries).collect();
        assert!(tries.iter().sum::<i64>() < 14 && tries.iter().any(|tries| *tries >= 8), "{tries:?}");
        assert_eq!(view.line.failing_since, Some(instant(NOW)));
        assert!(view.line.gave_up_at.is_some_and(|at| at >= instant(NOW).plus_seconds(3 * 86_400)));
    }
}

#[test]
fn what_was_given_up_goes_again_when_a_person_asks_and_then_all_is_well() {
    let answers = Arc::new(AtomicUsize::new(500));
    let status = Arc::clone(&answers);
    let told = Told::new(Engine::Sqlite, move |_| {
        Reply::Say(u16::try_from(status.load(Ordering::SeqCst)).expect("a status"), "", "so")
    });
    told.test_event();
    told.send_at(NOW);
    told.send_at("2026-05-15T09:30:00+12:00");
    assert_eq!(told.only().delivery.state, DeliveryState::GivenUp);
    answers.store(200, Ordering::SeqCst);
    let event = told.only().delivery.event_id;
    let again = instant("2026-05-15T10:00:00+12:00");
    told.school().send_webhook_again(&Actor::Operator, again, &told.made.id, &event).expect("queued");
    assert_eq!(told.send_at("2026-05-15T10:00:00+12:00").delivered, 1);
    let line = told.only();
    assert_eq!((line.delivery.state, line.tries.len()), (DeliveryState::Delivered, 3));
    assert_eq!(told.view().line.gave_up_at, None);
    let unknown = told.school().send_webhook_again(&Actor::Operator, again, &told.made.id, "none");
    assert!(matches!(unknown, Err(app::AppError::NotFound(_))));
}

#[test]
fn one_event_that_is_not_taken_does_not_hold_up_the_others() {
    let told = Told::new(Engine::Sqlite, |asked| {
        if asked.body.contains("crossing.reached") { Reply::Say(500, "", "no") } else { Reply::Usual }
    });
    told.cross();
    told.test_event();
    let report = told.send_at(NOW);
    assert_eq!((report.delivered, report.failed), (1, 1));
    // A receiver that is down is asked once, not once for each event.
    let told = Told::new(Engine::Sqlite, |_| Reply::Say(503, "", "no"));
    told.cross();
    told.test_event();
    let report = told.send_at(NOW);
    assert_eq!((report.delivered, report.failed), (0, 1));
}

#[test]
fn a_receiver_that_is_gone_is_switched_off_and_hears_no_more() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Say(410, "", "gone"));
        told.test_event();
        told.test_event();
        told.send_at(NOW);
        let line = told.view().line;
        assert!(!line.is_on && line.is_gone && line.waiting == 0);
        told.cross();
        assert_eq!(told.view().deliveries.len(), 2, "what happens while it is off is not told");
        assert_eq!(told.send_at("2026-05-12T09:30:00+12:00"), Report::default());
        assert_eq!(told.receiver.asked().len(), 1);
    }
}

#[test]
fn a_changed_secret_signs_beside_the_one_before_for_a_day() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Usual);
        let operator = Actor::Operator;
        let fresh =
            told.school().change_webhook_secret(&operator, instant(NOW), &told.made.id).expect("changed");
        assert_ne!(fresh, told.made.secret);
        told.test_event();
        told.send_at(NOW);
        let later = "2026-05-12T09:30:00+12:00";
        told.school().test_webhook(&operator, instant(later), &told.made.id).expect("queued");
        told.send_at(later);
        let taken = told.receiver.taken();
        assert!(is_signed(&taken[0], &fresh) && is_signed(&taken[0], &told.made.secret));
        assert!(is_signed(&taken[1], &fresh) && !is_signed(&taken[1], &told.made.secret));
    }
}

#[test]
fn r36_a_secret_is_kept_sealed_and_goes_when_the_webhook_ends() {
    let told = Told::new(Engine::Sqlite, |_| Reply::Usual);
    let secret = STANDARD.decode(&told.made.secret["whsec_".len()..]).expect("base64");
    let number = told.school().number();
    let (store, vault) = (told.kura.app.store(), told.kura.app.vault());
    let row = |id: &str| {
        let read = store.read(number, |tx| store::webhook::get(tx, number, id));
        read.expect("read").expect("a row")
    };
    let sealed = row(&told.made.id).sealed;
    let whose = store::webhook::whose(number, &told.made.id);
    assert_eq!(vault.open(store::webhook::SECRET, &whose, &sealed), Ok(secret.clone()));
    assert!(!sealed.contains(&STANDARD.encode(&secret)) && !format!("{:?}", told.made).contains("whsec_"));
    let file = std::fs::read(told.kura.scratch.file("starboard.db")).expect("a file");
    assert_eq!(leaks::leaks(&[&told.made.secret[6..]], "the database", &file), Vec::<String>::new());
    told.school().end_webhook(&Actor::Operator, instant(NOW), &told.made.id).expect("ended");
    assert_eq!(row(&told.made.id).sealed, "");
    assert!(told.school().webhooks(&Actor::Operator, instant(NOW)).expect("a list").is_empty());
}

#[test]
fn without_the_key_to_its_secret_nothing_is_tried_and_the_operator_is_told() {
    let told = Told::new(Engine::Sqlite, |_| Reply::Usual);
    told.test_event();
    let elsewhere = Scratch::new();
    let app = told.kura.app.clone().with_secrets_key(&elsewhere.file("secrets.key"));
    let now = instant(NOW);
    let report = sender_of(&app, 0).send(&|| now, &|| true).expect("a round");
    assert!(report.problem.is_some(), "{report:?}");
    assert_eq!((told.only().delivery.tries, told.receiver.asked().len()), (0, 0));
    assert_eq!(told.send_at("2026-05-11T09:40:00+12:00").delivered, 1);
}

#[test]
fn an_act_that_fails_tells_nothing_and_what_is_old_is_forgotten() {
    for engine in engines() {
        let told = Told::new(engine, |_| Reply::Usual);
        told.cross();
        let before = told.view().deliveries.len();
        let aroha = Target { student_id: student_id("101"), term: None, threshold: None, step: None };
        let nobody = Target { student_id: student_id("999"), ..aroha.clone() };
        let response = RecordResponse {
            targets: vec![aroha, nobody],
            kind: ResponseType::ALL[0],
            description: String::new(),
            also: Vec::new(),
            done_at: instant(NOW),
            note: String::new(),
            confirmed: false,
            key: String::new(),
        };
        let refused = told.school().record_response(&told.kura.staff("office"), instant(NOW), response);
        assert!(refused.is_err());
        assert_eq!(told.view().deliveries.len(), before);
        told.send_at(NOW);
        told.send_at("2026-06-09T09:30:00+12:00");
        assert_eq!(told.view().deliveries.len(), 1);
        told.send_at("2026-06-11T09:30:00+12:00");
        assert_eq!(told.view().deliveries.len(), 0);
    }
}

#[test]
fn a_half_day_that_becomes_current_is_told_by_the_clock() {
    let told = Told::new(Engine::Sqlite, |_| Reply::Usual);
    let friday = instant("2026-05-08T09:00:00+12:00");
    told.kura.mark_days(friday, "101", ("2026-05", 4, 8), '?');
    assert_eq!(told.view().deliveries.len(), 1, "looked at after the afternoon began");
    let body = |half: Half| format!(r#""half":"{}""#, half.text());
    told.send_at(NOW);
    assert!(told.bodies()[0].contains(&body(Half::Pm)));
}
