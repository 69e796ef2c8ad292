//! The queue against a real server: down, slow, refusing half, hanging up at each step; and a
//! sender that dies between any two steps.

use super::*;
use crate::server::Patience;
use std::collections::BTreeMap;
use std::sync::mpsc::channel;
use std::time::Duration;
use store::mail::NewMessage;
use testkit::mail_server::{Answer, MailServer, Step, TakenMail};
use testkit::{Engine, TestSchool, engines, instant};

mod stopping;
mod texts;

const NOON: &str = "2026-05-05T12:00:00+12:00";

const LONG: Patience = Patience { command: Duration::from_secs(10), end: Duration::from_secs(10) };

struct Queue {
    school: TestSchool,
    number: SchoolNumber,
    names: Vec<String>,
}

impl Queue {
    /// A queue with messages to people of these names.
    fn new(engine: Engine, names: &[&str]) -> Self {
        let queue = Self::empty(engine, names);
        for name in names {
            assert!(queue.add(name));
        }
        queue
    }

    fn empty(engine: Engine, names: &[&str]) -> Self {
        let school = TestSchool::empty_on(engine, domain::Zone::Auckland, None, instant(TestSchool::MADE_AT));
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Self { number: school.school.number(), school, names }
    }

    fn add(&self, name: &str) -> bool {
        self.put(NewMessage {
            id: format!("id-{name}"),
            kind: "digest",
            channel: Channel::Email,
            sender_name: String::new(),
            reply_to: String::new(),
            html: String::new(),
            day: "2026-05-05".parse().expect("a date"),
            recipient: name.to_owned(),
            from_address: "starboard@school.example".to_owned(),
            to_address: format!("{name}@school.example"),
            subject: "Ngā mahi mō te rā: 2 tasks".to_owned(),
            body: "Kia ora\n\n.\nTāmaki – 2 × “ō”\nhttps://kura.example/today".to_owned(),
        })
    }

    fn put(&self, message: NewMessage) -> bool {
        let (number, at) = (self.number, instant(NOON));
        let store = self.school.app.store();
        store
            .write(number, move |tx| Ok::<_, MailError>(store::mail::insert(tx, number, &message, at)?))
            .expect("kept")
    }

    fn post(&self, url: &str) -> Post {
        self.patient(url, LONG)
    }

    fn patient(&self, url: &str, patience: Patience) -> Post {
        let server = Server::new(url, None, "starboard@school.example").expect("an address");
        self.by(Server { patience, ..server }.into())
    }

    /// A sender whose leases are over at once, so that what died is taken over without waiting.
    fn by(&self, way: Way) -> Post {
        Post { lease_seconds: 0, ..Post::new(self.school.app.store(), self.number, way) }
    }

    fn rows(&self) -> BTreeMap<String, MessageRow> {
        let (number, store) = (self.number, self.school.app.store());
        let row = |name: &String| {
            let row = store
                .read(number, |tx| Ok::<_, MailError>(store::mail::get(tx, number, &format!("id-{name}"))?));
            row.expect("read").map(|row| (name.clone(), row))
        };
        self.names.iter().filter_map(row).collect()
    }

    fn states(&self) -> Vec<&'static str> {
        self.rows().values().map(|row| row.state.text()).collect()
    }

    /// Rounds over the next two days, half an hour apart, until nothing is left to do.
    fn drain(&self, url: &str) {
        self.drain_by(&self.post(url));
    }

    fn drain_by(&self, post: &Post) {
        let mut now = instant(NOON);
        for _ in 0..100 {
            post.send(&|| now, &|| true).expect("a round");
            if self.rows().values().all(|row| row.state.is_final()) {
                return;
            }
            now = now.plus_seconds(1_800);
        }
        panic!("it never ends: {:?}", self.rows());
    }
}

fn addressees(taken: &[TakenMail]) -> Vec<&str> {
    taken.iter().map(|mail| mail.to.split('@').next().unwrap_or_default()).collect()
}

#[test]
fn a_message_arrives_as_it_was_written_once_and_its_answer_is_kept() {
    for engine in engines() {
        let (queue, server) = (Queue::new(engine, &["ana", "rua"]), MailServer::default());
        assert!(!queue.add("ana"), "one a kind, day and recipient");
        let report = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
        assert_eq!(report, PostReport { sent: 2, failed: 0, problem: None });
        assert_eq!(
            queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round"),
            PostReport::default()
        );
        let taken = server.taken();
        assert_eq!(addressees(&taken), ["ana", "rua"]);
        let row = &queue.rows()["ana"];
        assert_eq!((taken[0].header("Subject"), taken[0].text()), (row.subject.clone(), row.body.clone()));
        assert_eq!(taken[0].from, "starboard@school.example");
        assert_eq!(taken[0].header("From"), "Starboard <starboard@school.example>");
        assert_eq!(taken[0].header("To"), "ana@school.example");
        assert_eq!(taken[0].header("Message-ID"), "<id-ana@school.example>");
        assert_eq!(taken[0].header("Date"), "Tue, 05 May 2026 00:00:00 +0000");
        assert_eq!(taken[0].header("Auto-Submitted"), "auto-generated");
        assert!(
            taken[0].lines.iter().all(|line| line.is_ascii() && line.len() < 998),
            "any server can take it"
        );
        let answer = row.answer.clone().unwrap_or_default();
        assert_eq!((row.state, row.attempts, answer.as_str()), (MessageState::Sent, 1, "250 2.0.0 taken"));
        // Both went over one line.
        assert_eq!(server.heard().iter().filter(|line| line.starts_with("EHLO")).count(), 1);
    }
}

#[test]
fn a_server_that_is_down_loses_nothing_and_is_asked_less_and_less_often() {
    for engine in engines() {
        let queue = Queue::new(engine, &["ana", "rua"]);
        let nowhere = MailServer::nowhere();
        let report = queue.post(&nowhere).send(&|| instant(NOON), &|| true).expect("a round");
        assert!(report.problem.is_some_and(|problem| problem.contains("refused")), "said by the machine");
        let mut waits = Vec::new();
        let mut now = instant(NOON);
        while queue.states().contains(&"waiting") {
            let next = queue.rows()["ana"].next_attempt_at;
            assert_eq!(queue.rows()["rua"].next_attempt_at, next, "the others hear the same");
            waits.push(next.micros_since(now) / 60_000_000);
            now = next;
            queue.post(&nowhere).send(&|| now, &|| true).expect("a round");
        }
        assert_eq!(queue.states(), ["given up", "given up"]);
        assert!(waits.is_sorted() && waits.len() == 11, "{waits:?}");
        assert!(now.micros_since(instant(NOON)) > 5 * 3_600_000_000, "it is tried for hours");

        let (queue, server) = (Queue::new(engine, &["ana", "rua"]), MailServer::default());
        queue.post(&nowhere).send(&|| instant(NOON), &|| true).expect("a round");
        assert_eq!(
            queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("too early"),
            PostReport::default()
        );
        queue.drain(&server.url());
        assert_eq!((queue.states(), addressees(&server.taken())), (vec!["sent", "sent"], vec!["ana", "rua"]));
    }
}

#[test]
fn a_server_that_refuses_half_gets_the_other_half_once_and_each_refusal_is_kept() {
    for engine in engines() {
        let queue = Queue::new(engine, &["ana", "hemi", "kiri", "rua", "tama", "wai"]);
        let later = std::sync::Mutex::new(3);
        let server = MailServer::new(move |step, line| {
            let mut later = later.lock().expect("alone");
            match step {
                Step::Recipient if line.contains("<hemi") => Answer::Say("550 5.1.1 nobody of that name"),
                Step::End if line.contains("kiri") => Answer::Say("554 5.7.1 not wanted"),
                Step::Recipient if line.contains("<tama") && *later > 0 => {
                    *later -= 1;
                    Answer::Say("450 4.2.0 come back later")
                }
                _ => Answer::Usual,
            }
        });
        let report = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
        assert_eq!(report, PostReport { sent: 3, failed: 2, problem: None });
        assert_eq!(queue.states(), ["sent", "refused", "refused", "sent", "waiting", "sent"]);
        queue.drain(&server.url());
        assert_eq!(queue.states(), ["sent", "refused", "refused", "sent", "sent", "sent"]);
        assert_eq!(addressees(&server.taken()), ["ana", "rua", "wai", "tama"]);
        let answer = |name: &str| queue.rows()[name].answer.clone().unwrap_or_default();
        assert_eq!(answer("hemi"), "550 5.1.1 nobody of that name");
        assert_eq!(answer("kiri"), "554 5.7.1 not wanted");
        assert_eq!(queue.rows()["tama"].attempts, 4);
    }
}

#[test]
fn a_server_that_hangs_up_falls_silent_or_has_no_time_at_any_step_loses_nothing_and_doubles_nothing() {
    for engine in engines() {
        let all = [
            Answer::HangUp,
            Answer::Say("421 4.3.2 closing"),
            Answer::Say("451 4.3.0 later"),
            Answer::Silence,
        ];
        // What the server says is the same on each engine; what is kept is tried by one of them.
        let answers = if engine == Engine::Sqlite { &all[..] } else { &all[..1] };
        for step in Step::OF_A_MESSAGE {
            for &answer in answers {
                let queue = Queue::new(engine, &["ana", "rua"]);
                let times = std::sync::Mutex::new(2);
                let server = MailServer::new(move |at, _| {
                    let mut left = times.lock().expect("alone");
                    let fails = at == step && *left > 0;
                    *left -= i32::from(fails);
                    if fails { answer } else { Answer::Usual }
                });
                let (command, end) = (Duration::from_millis(200), Duration::from_millis(600));
                let patience = if answer == Answer::Silence { Patience { command, end } } else { LONG };
                queue.drain_by(&queue.patient(&server.url(), patience));
                let what = format!("{step:?} {answer:?}");
                assert_eq!(queue.states(), ["sent", "sent"], "{what}: {:?}", queue.rows());
                let mut taken = server.taken();
                taken.sort_by(|a, b| a.to.cmp(&b.to));
                assert_eq!(addressees(&taken), ["ana", "rua"], "{what}");
            }
        }
    }
}

#[test]
fn an_answer_is_noted_with_the_time_at_which_it_came() {
    let (queue, server) = (Queue::new(Engine::Sqlite, &["ana", "rua"]), MailServer::default());
    let minutes = std::cell::Cell::new(0);
    let clock = || instant(NOON).plus_seconds(60 * minutes.replace(minutes.get() + 1));
    queue.post(&server.url()).send(&clock, &|| true).expect("a round");
    let at = |name: &str| queue.rows()[name].answered_at.expect("answered");
    assert!(instant(NOON) < at("ana") && at("ana") < at("rua"), "{:?}", queue.rows());
}

#[test]
fn a_sender_that_is_told_to_stop_stops_between_two_messages() {
    let (queue, server) = (Queue::new(Engine::Sqlite, &["ana", "rua"]), MailServer::default());
    let asked = std::cell::Cell::new(0);
    let once = || asked.replace(asked.get() + 1) < 1;
    let report = queue.post(&server.url()).send(&|| instant(NOON), &once).expect("a round");
    assert_eq!((report.sent, queue.states()), (1, vec!["sent", "waiting"]));
}

#[test]
fn a_line_that_takes_no_more_messages_is_followed_by_a_new_one() {
    let queue = Queue::new(Engine::Sqlite, &["ana", "hemi", "rua"]);
    let count = std::sync::Mutex::new(0);
    let server = MailServer::new(move |step, _| {
        let mut count = count.lock().expect("alone");
        *count = if step == Step::Connected { 0 } else { *count + i32::from(step == Step::Sender) };
        if step == Step::Sender && *count > 1 { Answer::Say("421 4.7.0 enough") } else { Answer::Usual }
    });
    let report = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
    assert_eq!(report, PostReport { sent: 3, failed: 0, problem: None });
}

#[test]
fn a_slow_end_is_waited_for_and_meanwhile_the_row_says_that_the_server_may_have_it() {
    for engine in engines() {
        let queue = Queue::new(engine, &["ana"]);
        let (came, arrived) = channel::<()>();
        let (release, released) = channel::<()>();
        let ends = std::sync::Mutex::new((came, released));
        let server = MailServer::new(move |step, _| {
            if step == Step::End {
                let ends = ends.lock().expect("alone");
                ends.0.send(()).expect("a test that waits");
                ends.1.recv().expect("a test that goes on");
            }
            Answer::Usual
        });
        let post = queue.patient(&server.url(), Patience { end: Duration::from_secs(600), ..LONG });
        let post = Post { lease_seconds: LEASE_SECONDS, ..post };
        std::thread::scope(|scope| {
            let sending = scope.spawn(|| post.send(&|| instant(NOON), &|| true).expect("a round"));
            arrived.recv().expect("the whole message");
            assert_eq!(queue.states(), ["handed over"]);
            let other = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("another sender");
            assert_eq!(other, PostReport::default(), "the lease keeps others away");
            release.send(()).expect("a server that waits");
            assert_eq!(sending.join().expect("sent").sent, 1);
        });
        assert_eq!((queue.states(), server.taken().len()), (vec!["sent"], 1));
    }
}

#[test]
fn an_end_that_nobody_knows_is_repeated_once_under_the_same_identity() {
    for engine in engines() {
        let queue = Queue::new(engine, &["ana"]);
        let times = std::sync::Mutex::new(1);
        let server = MailServer::new(move |step, _| {
            let mut left = times.lock().expect("alone");
            let fails = step == Step::End && *left > 0;
            *left -= i32::from(fails);
            if fails { Answer::TakeAndHangUp } else { Answer::Usual }
        });
        let report = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
        assert_eq!((report.sent, queue.states()), (0, vec!["waiting"]));
        assert_eq!(queue.rows()["ana"].answer.as_deref(), Some("it may have arrived: the server hung up"));
        queue.drain(&server.url());
        assert_eq!(queue.states(), ["sent"]);
        let taken = server.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[0], taken[1], "byte for byte, so that a mailbox knows it again");

        // A server that never says whether it has it gets it twice, not for ever.
        let queue = Queue::new(engine, &["ana"]);
        let server = MailServer::new(|step, _| match step {
            Step::End => Answer::TakeAndHangUp,
            _ => Answer::Usual,
        });
        queue.drain(&server.url());
        assert_eq!((queue.states(), server.taken().len()), (vec!["given up"], 2));
    }
}

/// Takes the first `steps` of handing the next message in, and dies.
fn die_after(post: &Post, steps: usize, now: Instant) {
    let Next::Send(row) = post.claim(now).expect("claimed") else { return };
    let letter = letter::write(&row).expect("a letter");
    if steps < 1 {
        return;
    }
    let By::Server(server) = &post.way.0 else { panic!("a server") };
    let Ok(mut line) = Line::open(server) else { return };
    if steps < 2 || line.offer(&letter).is_err() || steps < 3 {
        return;
    }
    assert!(post.hand_over(&row).expect("noted"));
    if steps < 4 {
        return;
    }
    let verdict = line.give(&letter);
    if steps >= 5 {
        post.note(&row, &verdict, now).expect("noted");
    }
}

#[test]
fn a_sender_that_dies_between_any_two_steps_leaves_the_message_to_the_next_one() {
    for engine in engines() {
        for steps in 0..=5 {
            let (queue, server) = (Queue::new(engine, &["ana"]), MailServer::default());
            die_after(&queue.post(&server.url()), steps, instant(NOON));
            queue.drain(&server.url());
            assert_eq!(queue.states(), ["sent"], "after {steps} steps");
            // Dying between the server's having it and our noting that is the one case in which
            // it goes again, and then as the same message.
            let taken = server.taken();
            assert_eq!(taken.len(), if steps == 4 { 2 } else { 1 }, "after {steps} steps");
            assert!(taken.iter().all(|mail| *mail == taken[0]));
        }
        // One that dies there every time does not go on for ever.
        let (queue, server) = (Queue::new(engine, &["ana"]), MailServer::default());
        die_after(&queue.post(&server.url()), 4, instant(NOON));
        die_after(&queue.post(&server.url()), 4, instant(NOON));
        queue.drain(&server.url());
        assert_eq!((queue.states(), server.taken().len()), (vec!["given up"], 2));
        let answer = queue.rows()["ana"].answer.clone().unwrap_or_default();
        assert_eq!(answer, "it may have arrived: sending broke off too often");
    }
}

#[test]
fn a_server_that_hangs_up_on_one_recipient_keeps_nobody_else_waiting() {
    for engine in engines() {
        for answer in [Answer::HangUp, Answer::Say("421 4.7.0 not this one")] {
            let queue = Queue::new(engine, &["ana", "hemi", "rua"]);
            let server = MailServer::new(move |step, line| match step {
                Step::Recipient if line.contains("<hemi") => answer,
                _ => Answer::Usual,
            });
            let report = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
            assert_eq!(report, PostReport { sent: 2, failed: 0, problem: None });
            assert_eq!(queue.states(), ["sent", "waiting", "sent"]);
            queue.drain(&server.url());
            assert_eq!(queue.rows()["hemi"].state, MessageState::GivenUp);
            assert_eq!(queue.rows()["hemi"].attempts, MOST_ATTEMPTS);
        }
    }
}

#[test]
fn an_attempt_that_was_taken_over_hands_nothing_over() {
    let (queue, server) = (Queue::new(Engine::Sqlite, &["ana"]), MailServer::default());
    let slow = queue.post(&server.url());
    let Next::Send(row) = slow.claim(instant(NOON)).expect("claimed") else { panic!("a message waits") };
    queue.drain(&server.url());
    assert!(!slow.hand_over(&row).expect("asked"), "its lease was over and another one sent it");
    slow.note(&row, &Verdict::Again("late".to_owned()), instant(NOON)).expect("noted");
    assert_eq!((queue.states(), server.taken().len()), (vec!["sent"], 1));
}

#[test]
fn a_line_without_the_protection_that_was_asked_for_is_not_used() {
    for (scheme, why) in [("smtp+starttls", "offers no TLS"), ("smtps", "")] {
        let (queue, server) = (Queue::new(Engine::Sqlite, &["ana"]), MailServer::default());
        let url = server.url().replace("smtp:", &format!("{scheme}:"));
        let report = queue.post(&url).send(&|| instant(NOON), &|| true).expect("a round");
        assert!(report.problem.is_some_and(|problem| problem.contains(why)));
        assert_eq!((queue.states(), server.taken().len()), (vec!["waiting"], 0));
        assert!(!server.heard().iter().any(|line| line.starts_with("MAIL")));
        queue.drain(&server.url());
        assert_eq!(server.taken().len(), 1);
    }
}

#[test]
fn r36_a_password_is_said_to_the_server_and_to_nobody_else() {
    let queue = Queue::new(Engine::Sqlite, &["ana"]);
    let server = MailServer::new(|step, _| match step {
        Step::SignIn => Answer::Say("535 5.7.8 who are you"),
        _ => Answer::Usual,
    });
    let url = server.url().replace("smtp://", "smtp://kaimahi@");
    let mut known =
        Server::new(&url, Some("kahikatea".to_owned()), "starboard@school.example").expect("an address");
    known.patience.command = Duration::from_secs(5);
    let trouble = Post::try_server(&known).expect_err("not known").to_string();
    assert_eq!(trouble, "signing in: 535 5.7.8 who are you");
    let post = Post::new(queue.school.app.store(), queue.number, known.into());
    let report = post.send(&|| instant(NOON), &|| true).expect("a round");
    assert_eq!(queue.states(), ["waiting"], "our own fault refuses no message");
    // "\0kaimahi\0kahikatea"
    assert!(server.heard().iter().any(|line| line == "AUTH PLAIN AGthaW1haGkAa2FoaWthdGVh"));
    assert!(!format!("{report:?} {:?}", queue.rows()).contains("kahikatea"));
}

#[test]
fn r35_a_servers_words_are_kept_as_one_line_that_steers_nothing() {
    let queue = Queue::new(Engine::Sqlite, &["ana"]);
    let server = MailServer::new(|step, _| match step {
        Step::Recipient => Answer::Say("550-\u{1b}[2Jno\r\n550-such\u{7}\r\n550 person"),
        _ => Answer::Usual,
    });
    queue.drain(&server.url());
    assert_eq!(queue.rows()["ana"].answer.as_deref(), Some("550 [2Jno such person"));
}

#[test]
fn an_address_that_cannot_be_written_to_is_refused_without_asking() {
    let (queue, server) = (Queue::new(Engine::Sqlite, &["no body", "tāne", "rua"]), MailServer::default());
    let report = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
    assert_eq!((report.sent, report.failed), (1, 2));
    let answer = queue.rows()["tāne"].answer.clone().unwrap_or_default();
    assert!(answer.contains("tāne@school.example") && answer.contains("correct it"), "{answer}");
    assert_eq!(server.heard().iter().filter(|line| line.starts_with("RCPT")).count(), 1);
}

#[test]
fn senders_at_the_same_time_hand_each_message_in_once() {
    for engine in engines() {
        let names: Vec<String> = (0..24).map(|number| format!("n{number:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (queue, server) = (Queue::new(engine, &names), MailServer::default());
        let sent: usize = std::thread::scope(|scope| {
            let send = || {
                let post = Post { lease_seconds: LEASE_SECONDS, ..queue.post(&server.url()) };
                post.send(&|| instant(NOON), &|| true).expect("a round").sent
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
            threads.into_iter().map(|thread| thread.join().expect("a round")).sum()
        });
        let taken = server.taken();
        let mut found = addressees(&taken);
        found.sort_unstable();
        assert_eq!((sent, found), (24, names));
    }
}

/// What a server that is told a number does at a step.
fn fault(number: u8, step: Step) -> Answer {
    match (number, step) {
        (0, Step::End) => Answer::TakeAndHangUp,
        (0 | 1, _) => Answer::HangUp,
        (2, _) => Answer::Say("451 4.3.0 later"),
        (3, _) => Answer::Say("421 4.3.2 closing"),
        (4, _) => Answer::Say("550 5.7.1 never"),
        _ => Answer::Usual,
    }
}

proptest::proptest! {
    #![proptest_config(testkit::cases(40, 1_500))]

    #[test]
    fn r41_whatever_a_server_does_and_whoever_dies_no_message_is_lost_or_comes_a_third_time(
        faults in proptest::collection::vec(0_u8..12, 0..60),
        deaths in proptest::collection::vec(0_usize..=5, 0..4),
    ) {
        let names = ["ana", "hemi", "rua"];
        let queue = Queue::new(Engine::Sqlite, &names);
        let left = std::sync::Mutex::new(faults.into_iter());
        let server = MailServer::new(move |step, _| {
            left.lock().expect("alone").next().map_or(Answer::Usual, |number| fault(number, step))
        });
        for (steps, seconds) in deaths.into_iter().zip((0..).step_by(90)) {
            die_after(&queue.post(&server.url()), steps, instant(NOON).plus_seconds(seconds));
        }
        queue.drain(&server.url());
        let (rows, taken) = (queue.rows(), server.taken());
        for name in names {
            let (row, copies) = (&rows[name], taken.iter().filter(|mail| mail.to.starts_with(name)));
            let count = copies.clone().count();
            proptest::prop_assert!(copies.clone().all(|mail| Some(mail) == copies.clone().next()), "one message");
            match row.state {
                MessageState::Sent => proptest::prop_assert!(count > 0, "lost: {row:?}"),
                MessageState::Refused => proptest::prop_assert!(row.answer.is_some()),
                MessageState::GivenUp => proptest::prop_assert!(
                    row.unsure == MOST_UNSURE || row.attempts >= MOST_ATTEMPTS, "given up early: {row:?}"),
                _ => proptest::prop_assert!(false, "{row:?}"),
            }
            let unsure = usize::try_from(row.unsure).expect("a count");
            proptest::prop_assert!(count <= 2 && count <= 1 + unsure, "{count} of {row:?}");
        }
    }
}
