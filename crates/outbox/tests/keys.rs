//! R36: a school's key is registered, sent with and changed while batches leave, over a real line to a
//! real collector, and killed between any two steps: nothing is lost, and nobody has to do anything.

use app::views::KeyState;
use collector::{Collector, KeyAnswer, Options};
use domain::Instant;
use outbox::{Credentials, Delivery as _, Http, Keyring, OutboxError, Sender, Streams};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use store::exchange::BatchState;
use testkit::{Scratch, TestSchool, instant};

const NOW: &str = "2026-05-11T18:30:00+12:00";

/// A collector at an address of its own.
struct Ministry {
    collector: Arc<Collector>,
    address: String,
    clock: Arc<Mutex<Instant>>,
    scratch: Scratch,
    _runtime: tokio::runtime::Runtime,
}

impl Ministry {
    fn new() -> Self {
        let scratch = Scratch::in_memory();
        let collector = Arc::new(Collector::open(scratch.path()).expect("a collector"));
        let clock = Arc::new(Mutex::new(instant(NOW)));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("an address");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let reads = Arc::clone(&clock);
        let options = Options {
            admit_any: false,
            clock: Arc::new(move || *reads.lock().expect("sound")),
            address: address.clone(),
        };
        runtime.spawn(collector::serve(listener, Arc::clone(&collector), options));
        Self { collector, address, clock, scratch, _runtime: runtime }
    }

    fn admit(&self, school: &TestSchool) -> String {
        self.collector.admit(school.school.number(), "Test Kura", false, instant(NOW)).expect("admitted")
    }

    /// How many keys of the school are good.
    fn keys(&self, authorization: &str) -> usize {
        let keys = self.collector.keys_of("189", Some(authorization), false, instant(NOW));
        match keys.expect("the database works") {
            KeyAnswer::Keys(list) => list.keys.len(),
            other => panic!("{other:?}"),
        }
    }
}

/// A school with something to say, whose secrets open wherever its database is.
fn schools() -> impl Iterator<Item = (TestSchool, Scratch)> {
    TestSchool::on_each_engine().map(|mut school| {
        let beside = Scratch::new();
        school.app = school.app.clone().with_secrets_key(&beside.file("secrets.key"));
        school.school = school.app.school(None).expect("a school");
        (school, beside)
    })
}

fn keyring(school: &TestSchool, address: &str) -> Keyring {
    let (store, vault) = (school.app.store(), school.app.vault());
    Keyring::new(store, vault, school.school.number(), address, None)
}

/// One round as the sender does it: keys first, then batches. Answers how many batches were received
/// and what stood against it.
fn round(school: &TestSchool, keyring: &Keyring, address: &str, now: Instant) -> Outcome {
    if keyring.is_due(now)? {
        keyring.tend(now)?;
    }
    let http = Http::new(address, keyring.credentials()?);
    send(school, http, now)
}

type Outcome = Result<(usize, Option<String>), OutboxError>;

fn send(school: &TestSchool, http: Http, now: Instant) -> Outcome {
    let sender = Sender::new(school.app.store(), school.school.number(), Box::new(http));
    let calendar = school.school.calendar().expect("a calendar");
    let report = sender.send(&calendar, Streams::BOTH, now, false)?;
    Ok((report.received, report.problem))
}

/// Asks for something, so that there is a token at hand.
fn take_token(http: &Http, now: Instant) {
    let school = domain::SchoolNumber::parse("189").expect("a number");
    let day = |text: &str| text.parse().expect("a date");
    let (first_day, last_day) = (day("2026-04-20"), day("2026-07-03"));
    let question = wire::DigestQuestion { school, term: testkit::term_id("2026-T2"), first_day, last_day };
    let reply = http.digests(&question, now).expect("an answer").expect("a way to ask");
    assert_eq!(reply.status, 200);
}

/// Marks one more day, so that a batch is owed.
fn owe(school: &TestSchool, day: i8) {
    school.mark_days(instant(NOW), "101", ("2026-05", day, day), 'P');
}

fn batches(school: &TestSchool) -> Vec<BatchState> {
    let number = school.school.number();
    let read = school.app.store().read(number, |tx| store::exchange::latest(tx, number, i64::MAX));
    let read: Result<_, store::StoreError> = read;
    read.expect("the batches").iter().map(|batch| batch.state).collect()
}

fn states(school: &TestSchool, now: Instant) -> Vec<KeyState> {
    let view = school.school.key_pairs(&school.staff("admin"), now).expect("a view");
    view.keys.iter().map(|key| key.state).collect()
}

/// A school that sends with a key.
fn with_key(school: &TestSchool, ministry: &Ministry, now: Instant) {
    let admin = school.staff("admin");
    let token = ministry.admit(school);
    school.school.enter_admission_token(&admin, now, &token).expect("kept");
    school.school.make_key(&admin, now).expect("made");
    owe(school, 4);
    let sent = round(school, &keyring(school, &ministry.address), &ministry.address, now).expect("a round");
    assert_eq!(sent, (1, None));
    assert_eq!(states(school, now), [KeyState::InUse]);
}

#[test]
fn a_school_sends_with_the_token_of_admission_until_its_key_is_registered() {
    for (school, _beside) in schools() {
        let (ministry, now, admin) = (Ministry::new(), instant(NOW), school.staff("admin"));
        let keyring = keyring(&school, &ministry.address);
        let token = ministry.admit(&school);
        school.school.enter_admission_token(&admin, now, &token).expect("kept");
        owe(&school, 4);
        assert_eq!(round(&school, &keyring, &ministry.address, now).expect("a round"), (1, None));
        school.school.make_key(&admin, now).expect("made");
        owe(&school, 5);
        assert_eq!(round(&school, &keyring, &ministry.address, now).expect("a round"), (1, None));
        assert_eq!(states(&school, now), [KeyState::InUse]);
        let view = school.school.key_pairs(&admin, now).expect("a view");
        assert_eq!(view.admission_entered_at, None, "it is spent and gone");
        assert_eq!(view.keys[0].last_used_at, Some(now));
        assert!(!keyring.is_due(now).expect("looked"));
    }
}

#[test]
fn r36_a_key_is_changed_under_sending_with_a_kill_between_any_two_steps_and_nothing_is_lost() {
    for (school, _beside) in schools() {
        let (ministry, mut now, admin) = (Ministry::new(), instant(NOW), school.staff("admin"));
        let begun = std::time::Instant::now();
        let (mut kills, mut turn, mut steps_of_a_change) = (0, 0, 0);
        with_key(&school, &ministry, now);
        // Killed at its first step, then at its second, and so on.
        for change in 0.. {
            school.school.make_key(&admin, now).expect("made");
            let steps = Arc::new(AtomicUsize::new(0));
            let mut was_killed = false;
            for attempt in 0.. {
                let counting = Arc::clone(&steps);
                counting.store(0, Ordering::Relaxed);
                // Killed at a later step with each change; then the work is taken up again.
                let lives = if attempt == 0 { change } else { usize::MAX };
                let keyring = keyring(&school, &ministry.address)
                    .asking(move |_| counting.fetch_add(1, Ordering::Relaxed) < lives);
                let letter = if turn / 5 % 2 == 0 { 'P' } else { 'J' };
                let day = 4 + turn % 5;
                school.mark_days(now, "101", ("2026-05", day, day), letter);
                turn += 1;
                match round(&school, &keyring, &ministry.address, now) {
                    Err(OutboxError::Stopped) => {
                        was_killed = true;
                        kills += 1;
                        // Another sender goes on with what it finds, and does not tend the keys.
                        let http = Http::new(&ministry.address, keyring.credentials().expect("a way"));
                        let (_, problem) = send(&school, http, now).expect("sent");
                        assert_eq!(problem, None, "change {change}");
                    }
                    Ok((_, problem)) => {
                        assert_eq!(problem, None, "change {change}");
                        steps_of_a_change = steps.load(Ordering::Relaxed);
                        break;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            let good = states(&school, now).into_iter().filter(|state| *state != KeyState::Ended);
            assert_eq!(good.collect::<Vec<_>>(), [KeyState::InUse], "change {change}");
            now = now.plus_seconds(120);
            *ministry.clock.lock().expect("sound") = now;
            if !was_killed {
                break;
            }
        }
        assert!(kills >= steps_of_a_change && kills >= 5, "{kills} kills, {steps_of_a_change} steps");
        assert!(batches(&school).iter().all(|state| *state == BatchState::Received));
        let Credentials::Key(_) = keyring(&school, &ministry.address).credentials().expect("a way") else {
            panic!("the school sends with its key")
        };
        println!("{kills} kills in {:?}", begun.elapsed());
    }
}

#[test]
fn r36_the_first_key_is_registered_with_a_kill_between_any_two_steps_and_nothing_is_lost() {
    for lives in 0.. {
        let mut was_killed = false;
        for (school, _beside) in schools() {
            let (ministry, now, admin) = (Ministry::new(), instant(NOW), school.staff("admin"));
            let token = ministry.admit(&school);
            school.school.enter_admission_token(&admin, now, &token).expect("kept");
            school.school.make_key(&admin, now).expect("made");
            let steps = AtomicUsize::new(0);
            let dying = keyring(&school, &ministry.address)
                .asking(move |_| steps.fetch_add(1, Ordering::Relaxed) < lives);
            was_killed |= matches!(dying.tend(now), Err(OutboxError::Stopped));
            // A sender that does not tend keys gets through with what is there.
            owe(&school, 4);
            let http = Http::new(&ministry.address, dying.credentials().expect("a way"));
            assert_eq!(send(&school, http, now).expect("sent"), (1, None), "killed after {lives} steps");
            owe(&school, 5);
            let living = keyring(&school, &ministry.address);
            assert_eq!(round(&school, &living, &ministry.address, now).expect("a round"), (1, None));
            assert_eq!(states(&school, now), [KeyState::InUse]);
        }
        if !was_killed {
            assert!(lives >= 3, "{lives} steps");
            break;
        }
    }
}

#[test]
fn r36_who_still_sends_with_the_old_key_gets_in_again_by_itself() {
    for (school, _beside) in schools() {
        let (ministry, now, admin) = (Ministry::new(), instant(NOW), school.staff("admin"));
        with_key(&school, &ministry, now);
        let keyring = keyring(&school, &ministry.address);
        // A round that has its token in hand while somebody else changes the key and ends the old one.
        let stale = Http::new(&ministry.address, keyring.credentials().expect("a way"));
        take_token(&stale, now);
        school.school.make_key(&admin, now).expect("made");
        assert_eq!(keyring.tend(now).expect("tended"), None);
        owe(&school, 5);
        let (received, problem) = send(&school, stale, now).expect("sent");
        assert_eq!(received, 0);
        assert!(problem.is_some_and(|problem| problem.contains("key")), "it says why");
        assert!(batches(&school).iter().all(|state| *state != BatchState::Refused), "nobody has to look");
        let later = now.plus_seconds(3_600);
        *ministry.clock.lock().expect("sound") = later;
        assert_eq!(round(&school, &keyring, &ministry.address, later).expect("a round"), (1, None));
    }
}

#[test]
fn r36_a_token_that_ended_early_is_fetched_anew_once() {
    for (school, _beside) in schools() {
        let (ministry, now) = (Ministry::new(), instant(NOW));
        with_key(&school, &ministry, now);
        let keyring = keyring(&school, &ministry.address);
        let http = Http::new(&ministry.address, keyring.credentials().expect("a way"));
        take_token(&http, now);
        // The collector's clock is put on: what it gave is over, and the school does not know.
        *ministry.clock.lock().expect("sound") = now.plus_seconds(590);
        owe(&school, 5);
        let (received, problem) = send(&school, http, now).expect("sent");
        assert_eq!((received, problem.is_some()), (1, false), "{problem:?}");
    }
}

#[test]
fn a_school_that_lost_its_key_is_told_so_and_comes_back_with_a_new_token() {
    for (mut school, _beside) in schools() {
        let (ministry, now, admin) = (Ministry::new(), instant(NOW), school.staff("admin"));
        with_key(&school, &ministry, now);
        // The database moved to a machine without the key to its secrets.
        let elsewhere = Scratch::new();
        school.app = school.app.clone().with_secrets_key(&elsewhere.file("secrets.key"));
        school.school = school.app.school(None).expect("a school");
        let keyring = keyring(&school, &ministry.address);
        owe(&school, 5);
        let (received, problem) = round(&school, &keyring, &ministry.address, now).expect("a round");
        assert_eq!(received, 0);
        assert!(problem.is_some_and(|problem| problem.contains("cannot be read on this machine")));
        let token = ministry.admit(&school);
        school.school.enter_admission_token(&admin, now, &token).expect("kept");
        school.school.make_key(&admin, now).expect("made");
        let later = now.plus_seconds(3_600);
        *ministry.clock.lock().expect("sound") = later;
        assert_eq!(round(&school, &keyring, &ministry.address, later).expect("a round"), (1, None));
        let good = states(&school, later).into_iter().filter(|state| *state != KeyState::Ended);
        assert_eq!(good.collect::<Vec<_>>(), [KeyState::InUse], "the lost one has ended at the Ministry too");
    }
}

#[test]
fn a_school_that_sends_elsewhere_registers_the_same_key_there() {
    for (school, _beside) in schools() {
        let (first, second, now) = (Ministry::new(), Ministry::new(), instant(NOW));
        with_key(&school, &first, now);
        let keyring = keyring(&school, &second.address);
        owe(&school, 5);
        let (_, problem) = round(&school, &keyring, &second.address, now).expect("a round");
        assert!(problem.is_some_and(|problem| problem.contains("not been admitted")));
        let token = second.admit(&school);
        school.school.enter_admission_token(&school.staff("admin"), now, &token).expect("kept");
        assert!(keyring.is_due(now).expect("looked"));
        assert_eq!(keyring.tend(now).expect("tended"), None);
        let Credentials::Key(_) = keyring.credentials().expect("a way") else { panic!("a key") };
        assert!(!keyring.is_due(now).expect("looked"));
        let again = second.collector.admit(school.school.number(), "Test Kura", false, now);
        assert_eq!(second.keys(&format!("Bearer {}", again.expect("admitted"))), 1);
    }
}

/// An address that answers every request with a redirect to another, which counts who comes.
fn redirecting() -> (String, Arc<AtomicUsize>) {
    let target = TcpListener::bind("127.0.0.1:0").expect("an address");
    let location = format!("http://{}", target.local_addr().expect("an address"));
    let came = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&came);
    std::thread::spawn(move || {
        for stream in target.incoming() {
            counting.fetch_add(1, Ordering::Relaxed);
            drop(stream);
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 64 * 1024]);
            let answer = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}/v1/token\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, came)
}

#[test]
fn r36_no_redirect_is_followed_when_a_token_is_asked_for_or_a_key_is_registered() {
    for (school, _beside) in schools() {
        let (now, admin) = (instant(NOW), school.staff("admin"));
        let (address, came) = redirecting();
        let keyring = keyring(&school, &address);
        school.school.enter_admission_token(&admin, now, "school-CANARY-0123456789").expect("kept");
        school.school.make_key(&admin, now).expect("made");
        let problem = keyring.tend(now).expect("tended").expect("a problem");
        assert!(problem.contains("redirect") && !problem.contains("CANARY"), "{problem}");
        assert!(!keyring.is_due(now.plus_seconds(59)).expect("looked"), "it rests a minute");
        assert!(keyring.is_due(now.plus_seconds(61)).expect("looked"));
        owe(&school, 4);
        let http = Http::new(&address, keyring.credentials().expect("a way"));
        let (received, problem) = send(&school, http, now).expect("sent");
        assert!(received == 0 && problem.is_some_and(|problem| problem.contains("redirect")));
        assert_eq!(came.load(Ordering::Relaxed), 0);
    }
}

#[test]
fn r36_nothing_secret_is_in_the_collectors_database() {
    for (school, _beside) in schools() {
        let (ministry, now) = (Ministry::new(), instant(NOW));
        let token = ministry.admit(&school);
        school.school.enter_admission_token(&school.staff("admin"), now, &token).expect("kept");
        school.school.make_key(&school.staff("admin"), now).expect("made");
        owe(&school, 4);
        let keyring = keyring(&school, &ministry.address);
        assert_eq!(round(&school, &keyring, &ministry.address, now).expect("a round"), (1, None));
        let files = std::fs::read_dir(ministry.scratch.path()).expect("a directory");
        let bytes: Vec<u8> =
            files.flat_map(|file| std::fs::read(file.expect("a file").path()).expect("read")).collect();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(holds(b"Test Kura") && !holds(token.as_bytes()));
    }
}
