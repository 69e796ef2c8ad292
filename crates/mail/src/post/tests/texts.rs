//! Texts: a provider that is down, slow, busy, refuses or falls silent; a folder; the day's share;
//! and a sender that dies between any two steps.

use super::*;
use crate::provider::Provider;
use crate::texts::Texts;
use testkit::Scratch;
use testkit::text_provider::{Reply, TextProvider};

const TOKEN: &str = "kahikatea";

/// A queue with texts home to people of these names, numbered from one.
fn texts_to(engine: Engine, names: &[&str]) -> Queue {
    let queue = Queue::empty(engine, names);
    for (name, number) in names.iter().zip(1..) {
        assert!(queue.put(text(name, &format!("+64 21 555 00{number:02}"))));
    }
    queue
}

fn text(name: &str, number: &str) -> NewMessage {
    NewMessage {
        id: format!("id-{name}"),
        kind: "home",
        channel: Channel::Text,
        sender_name: String::new(),
        reply_to: String::new(),
        html: String::new(),
        day: "2026-05-05".parse().expect("a date"),
        recipient: format!("id-{name}"),
        from_address: String::new(),
        to_address: number.to_owned(),
        subject: String::new(),
        body: format!("Kia ora {name}, ā & ō = 1.\nTe Kura o Tāne 04 555 0100"),
    }
}

fn provider(url: &str, most_a_day: u32) -> Way {
    Way::texts(url, Some(TOKEN.to_owned()), most_a_day).expect("a provider")
}

fn impatient(url: &str) -> Way {
    let provider = Provider::patient(url, None, Duration::from_millis(300)).expect("a provider");
    Way(By::Texts(Texts::by_provider(provider, 100)))
}

/// Takes the first `steps` of handing the next message in by a way of one step, and dies.
pub(super) fn die_after(post: &Post, steps: usize, now: Instant) {
    let Next::Send(row) = post.claim(now).expect("claimed") else { return };
    if steps < 1 || !post.hand_over(&row).expect("noted") || steps < 2 {
        return;
    }
    let verdict = match &post.way.0 {
        By::Texts(texts) => texts.give(&Text::of(&row).expect("a text")),
        By::Mail(folder) => {
            let mut letter = letter::write(&row).expect("a letter");
            letter.bytes.extend(b"\r\n");
            folder.keep(&row.id, "eml", &letter.bytes)
        }
        By::Server(_) => panic!("a way of one step"),
    };
    if steps >= 3 {
        post.note(&row, &verdict, now).expect("noted");
    }
}

fn round(queue: &Queue, way: &Way, now: Instant) -> PostReport {
    queue.by(way.clone()).send(&|| now, &|| true).expect("a round")
}

#[test]
fn a_text_arrives_as_it_was_written_once_under_its_identity_and_the_answer_is_kept() {
    for engine in engines() {
        let (queue, server) = (texts_to(engine, &["ana", "rua"]), TextProvider::default());
        let way = provider(&server.url(), 100);
        assert_eq!(round(&queue, &way, instant(NOON)), PostReport { sent: 2, failed: 0, problem: None });
        assert_eq!(round(&queue, &way, instant(NOON)), PostReport::default());
        let taken = server.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[0].line, "POST /messages HTTP/1.1");
        assert_eq!(taken[0].header("authorization"), "Bearer kahikatea");
        assert_eq!(taken[0].header("idempotency-key"), "id-ana");
        assert_eq!(taken[0].header("content-type"), "application/x-www-form-urlencoded");
        assert_eq!(
            (taken[0].field("to").as_str(), taken[0].field("reference").as_str()),
            ("+64215550001", "id-ana")
        );
        assert_eq!(taken[0].field("text"), queue.rows()["ana"].body);
        let row = &queue.rows()["ana"];
        assert_eq!((row.state, row.answer.as_deref()), (MessageState::Sent, Some("202 accepted")));
    }
}

#[test]
fn each_answer_of_a_provider_has_its_meaning() {
    const LONG: &str = "<html>\r\n  the number is\u{1b}[2J in  no country, the number is in no country, the number is in no \
        country, the number is in no country, the number is in no country, the number is in no country, the number is in no \
        country, the number is in no country, the number is in no country, the number is in no country</html>";
    let minute = instant(NOON).plus_seconds(60);
    for (status, header, ana, rua, rua_attempts) in [
        (200, "", "sent", "sent", 1),
        (400, "", "refused", "sent", 1),
        (403, "", "refused", "sent", 1),
        (422, "", "refused", "sent", 1),
        // Not now.
        (408, "", "waiting", "sent", 1),
        (425, "", "waiting", "sent", 1),
        (500, "", "waiting", "sent", 1),
        (502, "", "waiting", "sent", 1),
        // Nothing now: the others wait without an attempt.
        (429, "", "waiting", "waiting", 0),
        (503, "retry-after: 7200", "waiting", "waiting", 0),
        // About us: the others would hear the same.
        (401, "", "waiting", "waiting", 1),
        (402, "", "waiting", "waiting", 1),
        (404, "", "waiting", "waiting", 1),
        (301, "location: http://127.0.0.1:9/elsewhere", "waiting", "waiting", 1),
        (307, "location: /elsewhere", "waiting", "waiting", 1),
    ] {
        let queue = texts_to(Engine::Sqlite, &["ana", "rua"]);
        let server = TextProvider::new(move |asked| {
            if asked.field("text").contains("ana") { Reply::Say(status, header, LONG) } else { Reply::Usual }
        });
        let report = round(&queue, &provider(&server.url(), 100), instant(NOON));
        let what = format!("{status}: {:?}", queue.rows());
        assert_eq!(queue.states(), [ana, rua], "{what}");
        assert_eq!(queue.rows()["rua"].attempts, rua_attempts, "{what}");
        assert_eq!(report.problem.is_some(), rua == "waiting", "{what}");
        let answer = queue.rows()["ana"].answer.clone().unwrap_or_default();
        assert!(answer.starts_with(&status.to_string()) && answer.chars().count() <= 300, "{answer}");
        assert!(!answer.contains(char::is_control), "{answer}");
        let next = queue.rows()["ana"].next_attempt_at;
        let expected = if status == 503 { instant(NOON).plus_seconds(7_200) } else { minute };
        assert!(ana != "waiting" || next >= expected, "{what}");
        assert!(status == 503 || next < instant(NOON).plus_seconds(120), "{what}");
        assert_eq!(
            server.asked().len(),
            if rua == "waiting" { 1 } else { 2 },
            "no redirect is followed: {what}"
        );
        // Whatever it was, nothing is lost and nothing comes twice.
        let good = TextProvider::default();
        queue.drain_by(&queue.by(provider(&good.url(), 100)));
        let count = server.taken().len() + good.taken().len();
        assert_eq!(count, if ana == "refused" { 1 } else { 2 }, "{what}");
    }
}

#[test]
fn a_provider_that_is_busy_gets_every_text_however_few_it_takes_at_a_time() {
    let names: Vec<String> = (0..30).map(|number| format!("n{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let queue = texts_to(Engine::Sqlite, &names);
    let count = std::sync::Mutex::new(0);
    let server = TextProvider::new(move |_| {
        let mut count = count.lock().expect("alone");
        *count = (*count + 1) % 3;
        if *count == 0 { Reply::Say(429, "retry-after: 30", "slowly") } else { Reply::Usual }
    });
    queue.drain_by(&queue.by(provider(&server.url(), 100)));
    assert!(queue.states().iter().all(|state| *state == "sent"), "{:?}", queue.rows());
    assert_eq!(server.taken().len(), 30);
}

#[test]
fn a_provider_that_is_down_loses_nothing() {
    for engine in engines() {
        let (queue, server) = (texts_to(engine, &["ana", "rua"]), TextProvider::default());
        let report = round(&queue, &provider(&TextProvider::nowhere(), 100), instant(NOON));
        assert!(report.problem.is_some_and(|problem| problem.contains("refused")));
        assert_eq!(queue.states(), ["waiting", "waiting"]);
        assert_eq!(queue.rows()["ana"].unsure, 0, "it never had it");
        queue.drain_by(&queue.by(provider(&server.url(), 100)));
        assert_eq!((queue.states(), server.taken().len()), (vec!["sent", "sent"], 2));
    }
}

#[test]
fn what_is_about_us_gives_no_text_up_however_long_it_takes_to_mend() {
    for engine in engines() {
        let queue = texts_to(engine, &["ana", "rua"]);
        let count = std::sync::Mutex::new(0);
        let server = TextProvider::new(move |_| {
            let mut count = count.lock().expect("alone");
            *count += 1;
            let (status, head) = [(401, ""), (402, ""), (404, ""), (302, "location: /x")][*count % 4];
            match *count {
                ..40 => Reply::Say(status, head, "not you"),
                // Mended; what is said of a text from here on counts.
                40..42 => Reply::Say(500, "", "later"),
                _ => Reply::Usual,
            }
        });
        let way = provider(&server.url(), 100);
        let mut now = instant(NOON);
        for _ in 0..39 {
            let report = round(&queue, &way, now);
            assert!(report.problem.is_some() && report.failed == 0, "{report:?}");
            let next = queue.rows()["ana"].next_attempt_at;
            assert!(next.micros_since(now) <= 2 * 3_600_000_000, "it is tried each hour");
            now = next.max(queue.rows()["rua"].next_attempt_at);
        }
        assert_eq!(queue.states(), ["waiting", "waiting"]);
        queue.drain_by(&queue.by(way));
        assert_eq!((queue.states(), server.taken().len()), (vec!["sent", "sent"], 2));
    }
}

#[test]
fn r35_what_a_provider_says_of_a_number_is_kept_with_the_text_and_stays_out_of_the_log() {
    let queue = texts_to(Engine::Sqlite, &["ana"]);
    let server = TextProvider::new(|_| Reply::Say(402, "", "no money for +64215550001"));
    let report = round(&queue, &provider(&server.url(), 100), instant(NOON));
    assert_eq!(report.problem.as_deref(), Some("402 no money for …"));
    assert_eq!(queue.rows()["ana"].answer.as_deref(), Some("402 no money for +64215550001"));
}

#[test]
fn an_answer_that_is_lost_makes_one_repeat_under_the_same_identity_and_no_third() {
    for engine in engines() {
        for reply in [Reply::TakeAndHangUp, Reply::HangUp, Reply::Silence] {
            let queue = texts_to(engine, &["ana"]);
            let times = std::sync::Mutex::new(1);
            let server = TextProvider::new(move |_| {
                let mut left = times.lock().expect("alone");
                let fails = *left > 0;
                *left -= i32::from(fails);
                if fails { reply } else { Reply::Usual }
            });
            let way = impatient(&server.url());
            assert_eq!(round(&queue, &way, instant(NOON)).sent, 0);
            let row = queue.rows()["ana"].clone();
            let answer = row.answer.unwrap_or_default();
            assert_eq!((row.state, row.unsure), (MessageState::Waiting, 1), "{reply:?}: {answer}");
            assert!(answer.starts_with("it may have arrived: the provider"), "{reply:?}: {answer}");
            queue.drain_by(&queue.by(way));
            assert_eq!((queue.states(), server.asked().len()), (vec!["sent"], 2));
            assert_eq!(server.asked()[0], server.asked()[1], "the same text, to be known again");

            // One that never answers is asked twice, not for ever.
            let queue = texts_to(engine, &["ana"]);
            let server = TextProvider::new(move |_| reply);
            queue.drain_by(&queue.by(impatient(&server.url())));
            assert_eq!((queue.states(), server.asked().len()), (vec!["given up"], 2));
        }
    }
}

#[test]
fn a_slow_provider_is_waited_for_and_another_sender_keeps_away() {
    let queue = texts_to(Engine::Sqlite, &["ana"]);
    let (came, arrived) = channel::<()>();
    let (release, released) = channel::<()>();
    let ends = std::sync::Mutex::new((came, released));
    let server = TextProvider::new(move |_| {
        let ends = ends.lock().expect("alone");
        ends.0.send(()).expect("a test that waits");
        ends.1.recv().expect("a test that goes on");
        Reply::Usual
    });
    let post = || Post { lease_seconds: LEASE_SECONDS, ..queue.by(provider(&server.url(), 100)) };
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| post().send(&|| instant(NOON), &|| true).expect("a round"));
        arrived.recv().expect("a text");
        assert_eq!(queue.states(), ["handed over"]);
        assert_eq!(post().send(&|| instant(NOON), &|| true).expect("a round"), PostReport::default());
        release.send(()).expect("a provider that waits");
        assert_eq!(sending.join().expect("sent").sent, 1);
    });
    assert_eq!((queue.states(), server.taken().len()), (vec!["sent"], 1));
}

#[test]
fn a_sender_of_texts_that_dies_between_any_two_steps_leaves_the_text_to_the_next_one() {
    for engine in engines() {
        for steps in 0..=3 {
            let (queue, server) = (texts_to(engine, &["ana"]), TextProvider::default());
            let post = queue.by(provider(&server.url(), 100));
            die_after(&post, steps, instant(NOON));
            queue.drain_by(&post);
            assert_eq!(queue.states(), ["sent"], "after {steps} steps");
            let taken = server.taken();
            assert_eq!(taken.len(), if steps == 2 { 2 } else { 1 }, "after {steps} steps");
            assert!(taken.iter().all(|text| *text == taken[0]));
        }
        let (queue, server) = (texts_to(engine, &["ana"]), TextProvider::default());
        let post = queue.by(provider(&server.url(), 100));
        die_after(&post, 2, instant(NOON));
        die_after(&post, 2, instant(NOON));
        queue.drain_by(&post);
        assert_eq!((queue.states(), server.taken().len()), (vec!["given up"], 2));
    }
}

#[test]
fn a_folder_takes_each_text_as_one_file_in_the_documented_form_whoever_dies() {
    for steps in 0..=3 {
        let (queue, scratch) = (texts_to(Engine::Sqlite, &["ana", "rua"]), Scratch::new());
        let path = scratch.file("texts");
        let way = Way::texts(&format!("folder:{}", path.display()), None, 100).expect("a folder");
        die_after(&queue.by(way.clone()), steps, instant(NOON));
        queue.drain_by(&queue.by(way));
        assert_eq!(queue.states(), ["sent", "sent"], "after {steps} steps");
        let kept = std::fs::read_to_string(path.join("id-ana.txt")).expect("a file");
        assert_eq!(kept, format!("To: +64215550001\nAlphabet: UTF-8\n\n{}", queue.rows()["ana"].body));
        assert_eq!(std::fs::read_dir(path).expect("a folder").count(), 2);
    }
}

#[test]
fn no_more_texts_than_the_days_share_leave_and_the_rest_goes_next_morning() {
    for engine in engines() {
        let (queue, server) =
            (texts_to(engine, &["ana", "hemi", "kiri", "rua", "wai"]), TextProvider::default());
        let way = provider(&server.url(), 2);
        assert_eq!(round(&queue, &way, instant(NOON)), PostReport { sent: 2, failed: 0, problem: None });
        assert_eq!(queue.states(), ["sent", "sent", "waiting", "waiting", "waiting"]);
        let row = queue.rows()["kiri"].clone();
        assert_eq!((row.attempts, row.next_attempt_at), (0, instant("2026-05-06T09:00:00+12:00")));
        assert!(row.answer.is_some_and(|answer| answer.contains("2 went today")));
        // In UTC it is still the same day, at the school the next one has begun.
        assert_eq!(round(&queue, &way, instant("2026-05-06T08:59:00+12:00")), PostReport::default());
        assert_eq!(round(&queue, &way, instant("2026-05-06T09:00:00+12:00")).sent, 2);
        assert_eq!(round(&queue, &way, instant("2026-05-06T23:59:00+12:00")), PostReport::default());
        assert_eq!(round(&queue, &way, instant("2026-05-07T09:00:00+12:00")).sent, 1);
        assert_eq!(server.taken().len(), 5);
    }
}

#[test]
fn the_days_share_counts_what_may_have_arrived_and_not_what_was_refused() {
    let queue = texts_to(Engine::Sqlite, &["ana", "hemi", "rua", "wai"]);
    let server = TextProvider::new(|asked| match asked.field("reference").as_str() {
        "id-ana" => Reply::Say(400, "", "no"),
        "id-hemi" => Reply::TakeAndHangUp,
        _ => Reply::Usual,
    });
    let way = provider(&server.url(), 2);
    assert_eq!(round(&queue, &way, instant(NOON)), PostReport { sent: 1, failed: 1, problem: None });
    assert_eq!(queue.states(), ["refused", "waiting", "sent", "waiting"]);
    assert_eq!(queue.rows()["wai"].attempts, 0, "one went and one may have");
    // What broke off when a sender died goes again, though the share is used up: it was counted.
    let (queue, server) = (texts_to(Engine::Sqlite, &["ana", "rua"]), TextProvider::default());
    let post = queue.by(provider(&server.url(), 1));
    die_after(&post, 0, instant(NOON));
    post.send(&|| instant(NOON), &|| true).expect("a round");
    let mut states = queue.states();
    states.sort_unstable();
    assert_eq!((states, server.taken().len()), (vec!["sent", "waiting"], 1));
}

#[test]
fn senders_at_the_same_time_keep_to_the_days_share() {
    for engine in engines() {
        let names: Vec<String> = (0..12).map(|number| format!("n{number:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (queue, server) = (texts_to(engine, &names), TextProvider::default());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let post = Post { lease_seconds: LEASE_SECONDS, ..queue.by(provider(&server.url(), 7)) };
                scope.spawn(move || post.send(&|| instant(NOON), &|| true).expect("a round"));
            }
        });
        assert_eq!(server.taken().len(), 7);
    }
}

#[test]
fn neither_channel_waits_for_the_other() {
    for engine in engines() {
        let queue = Queue { names: vec!["ana".to_owned(), "rua".to_owned()], ..Queue::empty(engine, &[]) };
        assert!(queue.add("ana") && queue.put(text("rua", "021 555 0102")));
        let (mail, texts) = (MailServer::default(), TextProvider::default());
        queue.post(&MailServer::nowhere()).send(&|| instant(NOON), &|| true).expect("a round");
        assert_eq!(queue.rows()["rua"].attempts, 0, "texts are not put off with e-mail");
        assert_eq!(round(&queue, &provider(&texts.url(), 100), instant(NOON)).sent, 1);
        assert_eq!(queue.states(), ["waiting", "sent"]);
        queue.put(text("wai", "021 555 0103"));
        round(&queue, &provider(&TextProvider::nowhere(), 100), instant(NOON));
        queue.drain_by(&queue.post(&mail.url()));
        assert_eq!((queue.states(), mail.taken().len()), (vec!["sent", "sent"], 1));
        let number = queue.number;
        let waiting =
            queue.school.app.store().read(number, |tx| Ok::<_, MailError>(store::mail::waiting(tx, number)?));
        assert_eq!(
            waiting.expect("read"),
            [(Channel::Text, 1)],
            "what waits for the way of the other channel"
        );
    }
}

#[test]
fn only_a_message_home_leaves_as_a_text_and_only_to_a_number() {
    let queue = Queue::empty(Engine::Sqlite, &["digest", "good", "letters", "lines", "short"]);
    assert!(queue.put(NewMessage { kind: "digest", ..text("digest", "021 555 0101") }));
    for (name, number) in [
        ("good", "(021) 555-0102"),
        ("letters", "021 KURA 0103"),
        ("lines", "0215550104\nTo: 0215550105"),
        ("short", "111"),
    ] {
        assert!(queue.put(text(name, number)));
    }
    let server = TextProvider::default();
    let report = round(&queue, &provider(&server.url(), 100), instant(NOON));
    assert_eq!((report.sent, report.failed), (1, 4));
    assert_eq!(server.asked().iter().map(|asked| asked.field("to")).collect::<Vec<_>>(), ["0215550102"]);
    let answer = |name: &str| queue.rows()[name].answer.clone().unwrap_or_default();
    assert!(answer("digest").contains("only a message home"), "{}", answer("digest"));
    assert!(answer("lines").contains("no number") && !answer("lines").contains('\n'), "{}", answer("lines"));
}

#[test]
fn r36_a_token_is_said_to_the_provider_and_kept_nowhere_though_it_says_it_again() {
    let queue = texts_to(Engine::Sqlite, &["ana"]);
    let server = TextProvider::new(|_| Reply::Echo);
    let way = provider(&server.url(), 100);
    let report = round(&queue, &way, instant(NOON));
    assert_eq!(server.asked()[0].header("authorization"), format!("Bearer {TOKEN}"));
    let answer = queue.rows()["ana"].answer.clone().unwrap_or_default();
    assert!(answer.contains("Bearer …"), "{answer}");
    assert!(!format!("{report:?} {way} {way:?} {answer}").contains(TOKEN));
    assert_eq!(way.to_string(), server.url());
    let reached = way.check().expect("reached");
    assert_eq!(reached, "reached, it answered 200");
    assert_eq!(server.asked()[1].header("authorization"), "", "a try shows nothing and sends nothing");
    assert!(server.asked()[1].line.starts_with("OPTIONS"));
    assert!(provider(&TextProvider::nowhere(), 1).check().is_err());
}

/// What a provider that is told a number does.
fn fault(number: u8) -> Reply {
    match number {
        0 => Reply::TakeAndHangUp,
        1 => Reply::HangUp,
        2 => Reply::Say(500, "", "later"),
        3 => Reply::Say(429, "retry-after: 90", "slowly"),
        4 => Reply::Say(401, "", "who are you"),
        5 => Reply::Say(400, "", "never"),
        6 => Reply::Say(302, "location: /elsewhere", ""),
        _ => Reply::Usual,
    }
}

proptest::proptest! {
    #![proptest_config(testkit::cases(40, 1_500))]

    #[test]
    fn r41_whatever_a_provider_does_and_whoever_dies_no_text_is_lost_or_comes_a_third_time(
        faults in proptest::collection::vec(0_u8..14, 0..30),
        deaths in proptest::collection::vec(0_usize..=3, 0..4),
        most_a_day in 1_u32..5,
    ) {
        let names = ["ana", "hemi", "rua"];
        let queue = texts_to(Engine::Sqlite, &names);
        let left = std::sync::Mutex::new(faults.into_iter());
        let server = TextProvider::new(move |_| left.lock().expect("alone").next().map_or(Reply::Usual, fault));
        let way = provider(&server.url(), most_a_day);
        for (steps, seconds) in deaths.into_iter().zip((0..).step_by(90)) {
            die_after(&queue.by(way.clone()), steps, instant(NOON).plus_seconds(seconds));
        }
        // A share of one a day and a few repeats take some days.
        let mut now = instant(NOON);
        while !queue.rows().values().all(|row| row.state.is_final()) {
            proptest::prop_assert!(now < instant("2026-05-25T12:00:00+12:00"), "it never ends: {:?}", queue.rows());
            round(&queue, &way, now);
            now = now.plus_seconds(3_600);
        }
        let (rows, taken) = (queue.rows(), server.taken());
        for name in names {
            let row = &rows[name];
            let copies: Vec<_> = taken.iter().filter(|text| text.field("reference") == row.id).collect();
            proptest::prop_assert!(copies.iter().all(|text| text == &copies[0]), "one text");
            let (count, unsure) = (copies.len(), usize::try_from(row.unsure).expect("a count"));
            match row.state {
                MessageState::Sent => proptest::prop_assert!(count > 0, "lost: {:?}", row),
                MessageState::Refused => proptest::prop_assert!(row.answer.is_some()),
                MessageState::GivenUp => proptest::prop_assert!(
                    row.unsure == MOST_UNSURE || row.attempts >= MOST_ATTEMPTS, "given up early: {:?}", row),
                _ => proptest::prop_assert!(false, "{:?}", row),
            }
            proptest::prop_assert!(count <= 2 && count <= 1 + unsure, "{} of {:?}", count, row);
        }
    }
}
