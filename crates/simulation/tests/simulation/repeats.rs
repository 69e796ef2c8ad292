//! The same thing sent again, and two that send at once.

use collector::{Collector, Export};
use database::Durability;
use domain::{Instant, SchoolNumber};
use outbox::{Delivered, Delivery, OutboxError, Outgoing, Reply, Sender, Streams, Trouble};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use testkit::{Scratch, TestSchool, half_day, instant};

/// A line to a collector that loses the first answers, and keeps what it carried.
struct Line {
    collector: Collector,
    lost: AtomicUsize,
    carried: Mutex<Vec<(String, String, Vec<u8>)>>,
    _scratch: Scratch,
}

impl Line {
    fn losing(answers: usize) -> Arc<Self> {
        let scratch = Scratch::in_memory();
        let collector = Collector::open_with(scratch.path(), Durability::Rehearsal).expect("a collector");
        let (lost, carried) = (AtomicUsize::new(answers), Mutex::new(Vec::new()));
        Arc::new(Self { collector, lost, carried, _scratch: scratch })
    }

    fn take(&self, path: &str, digest: &str, bytes: &[u8]) -> (u16, Vec<u8>) {
        let parts: Vec<&str> = path.split('/').collect();
        let delivery = collector::Delivery {
            school: parts[3],
            epoch: parts[5],
            first_seq: parts[7],
            digest: Some(digest),
            authorization: None,
            bytes,
        };
        let answer = self.collector.intake(&delivery, true, evening()).expect("the collector works");
        (answer.status(), answer.to_json())
    }

    fn rows(&self) -> usize {
        let mut text = Vec::new();
        self.collector.export(Export::Attendance, &mut text).expect("an export");
        text.iter().filter(|&&byte| byte == b'\n').count() - 1
    }
}

struct Handle(Arc<Line>);

impl Delivery for Handle {
    fn deliver(&self, outgoing: &Outgoing<'_>, _: Instant) -> Result<Delivered, Trouble> {
        let path = wire::batch_path(outgoing.school, outgoing.epoch, outgoing.first_seq);
        let (status, body) = self.0.take(&path, outgoing.digest, outgoing.bytes);
        let carried = (path, outgoing.digest.to_owned(), outgoing.bytes.to_vec());
        self.0.carried.lock().expect("lock").push(carried);
        let loses = |left: usize| left.checked_sub(1);
        if self.0.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, loses).is_ok() {
            return Err(Trouble("the answer was lost".to_owned()));
        }
        Ok(Delivered::Answered(Reply { status, retry_after_seconds: None, body }))
    }
}

fn evening() -> Instant {
    instant("2026-05-04T18:30:00+12:00")
}

fn send(school: &TestSchool, line: &Arc<Line>) -> Result<outbox::SendReport, OutboxError> {
    let calendar = school.school.calendar().expect("the calendar");
    let number: SchoolNumber = school.school.number();
    let sender = Sender::new(school.app.store(), number, Box::new(Handle(Arc::clone(line))));
    sender.send(&calendar, Streams::BOTH, evening(), true)
}

fn marked() -> TestSchool {
    let school = TestSchool::new();
    let rows = "101,2026-05-04,am,P\n101,2026-05-04,pm,M\n102,2026-05-04,am,?";
    school.mark(instant("2026-05-04T15:00:00+12:00"), rows);
    school.school.advance(evening()).expect("time passes");
    school
}

#[test]
fn r45_a_roll_sent_five_times_because_answers_are_lost_has_one_effect() {
    let (school, line) = (marked(), Line::losing(4));
    for _ in 0..4 {
        let report = send(&school, &line).expect("the sender works");
        assert!(report.problem.is_some_and(|problem| problem.contains("lost")));
    }
    assert_eq!(send(&school, &line).expect("the sender works").problem, None);
    let carried = line.carried.lock().expect("lock");
    assert_eq!(carried.len(), 5);
    assert!(carried.windows(2).all(|pair| pair[0] == pair[1]), "the same bytes to the same address");
    assert_eq!(line.rows(), 3);
}

#[test]
fn r45_other_bytes_under_the_same_address_are_refused_and_change_nothing() {
    let (school, line) = (marked(), Line::losing(0));
    send(&school, &line).expect("the sender works");
    let (path, _, bytes) = line.carried.lock().expect("lock")[0].clone();
    let mut batch = wire::parse(&bytes).expect("a batch");
    batch.records.retain(|record| record.body.kind() != "attendance");
    let other = wire::seal(&batch);
    let (status, body) = line.take(&path, &other.digest, &other.bytes);
    let problem = wire::parse_problem(&body).expect("a problem");
    assert!(status == 409 && problem.is(wire::ProblemKind::BatchConflict), "{problem:?}");
    assert_eq!(line.rows(), 3);
}

#[test]
fn r45_of_two_that_send_at_once_one_sends_and_the_other_waits() {
    let rounds = if testkit::is_long() { 1_000 } else { 60 };
    let (school, line) = (marked(), Line::losing(0));
    for round in 0..rounds {
        let letter = ['P', 'M'][round % 2];
        let marked = half_day("2026-05-04 am");
        school.correct(&app::Actor::Operator, evening(), "102", marked, Some(letter)).expect("corrected");
        let barrier = Barrier::new(2);
        let race = || {
            barrier.wait();
            send(&school, &line)
        };
        let outcomes = std::thread::scope(|scope| {
            let other = scope.spawn(race);
            [race(), other.join().expect("a sender")]
        });
        let mut sent = 0;
        for outcome in outcomes {
            match outcome {
                Ok(report) => {
                    assert_eq!(report.problem, None);
                    sent += 1;
                }
                Err(error) => assert!(matches!(error, OutboxError::Busy), "{error}"),
            }
        }
        assert!(sent > 0, "round {round}");
    }
    let carried = line.carried.lock().expect("lock");
    let mut addresses: Vec<&String> = carried.iter().map(|(path, ..)| path).collect();
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), carried.len(), "no batch was sent by both");
    assert_eq!(line.rows(), 3);
}
