//! The line between a school and the Ministry: a virtual clock, faults, and messages in flight.

mod ending;

use crate::fault::Fault;
use crate::leak;
use crate::ministry::{Message, Ministry};
use crate::random::Random;
use crate::trace::Trace;
use domain::Instant;
use outbox::{Delivered, Delivery, Outgoing, Reply, Trouble};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is thrown where a program is killed.
pub struct Killed;

/// What a plant may do to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tampering {
    /// Nothing.
    None,
    /// A copy of the next batch leaves with a note in it, its digest made anew.
    NoteInTheBody,
    /// The next batch is lost, and a receipt for it is made up.
    ReceiptMadeUp,
}

/// The line's state.
pub struct State {
    /// What time it really is.
    pub now: Instant,
    /// The Ministry's end.
    pub ministry: Ministry,
    /// How many of a thousand requests meet a fault.
    pub fault_rate: u64,
    /// Nothing can be reached before this.
    pub down_until: Instant,
    /// Markers that were found in what left.
    pub leaks: Vec<String>,
    /// Whether somebody asked for this round of sending, and the school's clock is off by this.
    pub round: (bool, i64),
    /// Requests that came before the time that the collector asked for.
    pub impatient: Vec<String>,
    /// What a plant does.
    pub tampering: Tampering,
    /// What the next request meets, whatever is drawn.
    pub forced: Option<Fault>,
    /// Whether the Ministry says nothing of what it holds.
    pub keeps_digests: bool,
    /// Whether the Ministry refuses a whole batch for a record that it does not know.
    pub is_strict: bool,
    random: Random,
    in_flight: BTreeMap<(Instant, u64), Message>,
    sent: u64,
    wait_until: Option<(String, Instant, i64)>,
    earlier_receipt: Option<Vec<u8>>,
}

/// The line, shared by the world and the sender's end of it.
#[derive(Clone)]
pub struct Line {
    state: Arc<Mutex<State>>,
    trace: Trace,
}

/// What the sender hears.
type Heard = Result<Reply, Trouble>;

impl Line {
    /// A line to a Ministry.
    #[must_use]
    pub fn new(seed: u64, ministry: Ministry, now: Instant, trace: Trace) -> Self {
        let state = State {
            now,
            ministry,
            fault_rate: 0,
            down_until: now,
            leaks: Vec::new(),
            round: (false, 0),
            impatient: Vec::new(),
            tampering: Tampering::None,
            forced: None,
            keeps_digests: false,
            is_strict: false,
            random: Random::new(seed, "line"),
            in_flight: BTreeMap::new(),
            sent: 0,
            wait_until: None,
            earlier_receipt: None,
        };
        Self { state: Arc::new(Mutex::new(state)), trace }
    }

    /// Its state, to look at or to change.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What time it really is.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.state().now
    }

    /// Lets time pass until a moment; what is in flight arrives when it is due.
    pub fn pass_until(&self, moment: Instant) {
        self.state().pass_until(moment, &self.trace);
    }

    /// Whether nothing is in flight.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.state().in_flight.is_empty()
    }

    /// When the last message in flight arrives.
    #[must_use]
    pub fn last_arrival(&self) -> Option<Instant> {
        self.state().in_flight.keys().next_back().map(|(due, _)| *due)
    }
}

impl State {
    fn pass_until(&mut self, moment: Instant, trace: &Trace) {
        while let Some(entry) = self.in_flight.first_entry().filter(|entry| entry.key().0 <= moment) {
            let ((due, _), message) = entry.remove_entry();
            self.now = self.now.max(due);
            let (status, _) = self.ministry.take(&message, self.now);
            let what = format!("{}/{} {status}", message.epoch, message.first_seq);
            trace.note(self.now, "collector: late arrival", &what);
        }
        self.now = self.now.max(moment);
    }

    fn fly(&mut self, message: Message, seconds: i64) {
        self.sent += 1;
        self.in_flight.insert((self.now.plus_seconds(seconds), self.sent), message);
    }

    /// The answer of the Ministry itself.
    fn ask(&mut self, message: &Message) -> Reply {
        let poison = "\"code\":\"é\"".as_bytes();
        // What it has taken it answers as it did, before it looks into it (rule 1 of the protocol).
        let has_taken = self.ministry.has_taken(message, self.now);
        if self.is_strict && !has_taken && message.bytes.windows(poison.len()).any(|window| window == poison)
        {
            let problem = wire::Problem::new(wire::ProblemKind::BatchMalformed, "a code is not known");
            return Reply { status: problem.status, retry_after_seconds: None, body: problem.to_json() };
        }
        let (status, body) = self.ministry.take(message, self.now);
        Reply { status, retry_after_seconds: None, body }
    }

    /// Refuses for now, perhaps with a time to wait; with a time, nothing is to come before it.
    fn try_later(&mut self, message: &Message) -> Reply {
        let status = *self.random.pick(&[429, 500, 502, 503, 504, 408, 425]).unwrap_or(&503);
        let waits = [None, Some(5), Some(90), Some(3_600), Some(86_400)];
        let drawn = *self.random.pick(&waits).unwrap_or(&None);
        let retry_after_seconds = if self.fault_rate == 0 { Some(86_400) } else { drawn };
        if let Some(seconds) = retry_after_seconds {
            let key = format!("{}/{}", message.epoch, message.first_seq);
            // The sender counts from the moment at which its round began.
            let until = self.now.plus_seconds(seconds - 15 * 60);
            self.wait_until = Some((key, until, self.round.1));
        }
        Reply { status, retry_after_seconds, body: b"later".to_vec() }
    }

    fn watch_patience(&mut self, message: &Message) {
        let Some((key, until, clock)) = self.wait_until.clone() else { return };
        let (asked, own_clock) = self.round;
        if key != format!("{}/{}", message.epoch, message.first_seq) || asked || own_clock != clock {
            self.wait_until = None;
        } else if self.now < until {
            self.impatient.push(key);
        }
    }

    fn tamper(&mut self, message: &Message) -> Option<Heard> {
        match std::mem::replace(&mut self.tampering, Tampering::None) {
            Tampering::None => None,
            Tampering::NoteInTheBody => {
                let leaky = leak::with_note(&message.bytes);
                self.leaks.extend(leak::found(&leaky));
                None
            }
            Tampering::ReceiptMadeUp => {
                let last_seq = wire::parse(&message.bytes).expect("a batch").last_seq;
                let body = receipt(message, last_seq, &message.digest);
                Some(Ok(Reply { status: 200, retry_after_seconds: None, body }))
            }
        }
    }

    fn meet(&mut self, fault: Fault, message: &Message) -> Heard {
        let trouble = |words: &str| Err(Trouble(words.to_owned()));
        match fault {
            Fault::None => Ok(self.ask(message)),
            Fault::LostRequest | Fault::SenderKilledBefore => trouble("the request was lost"),
            Fault::LostAnswer => {
                self.ask(message);
                trouble("the answer was lost")
            }
            Fault::Delay => {
                self.now = self.now.plus_seconds(60);
                let seconds = 60 + self.random.seconds(3 * 86_400);
                self.fly(message.clone(), seconds);
                trouble("no answer in time")
            }
            Fault::Repeat => {
                let seconds = 60 + self.random.seconds(20 * 86_400);
                self.fly(message.clone(), seconds);
                Ok(self.ask(message))
            }
            Fault::Twice => {
                self.ask(message);
                Ok(self.ask(message))
            }
            Fault::TryLater => Ok(self.try_later(message)),
            Fault::TryLaterThoughTaken => {
                self.ask(message);
                Ok(self.try_later(message))
            }
            Fault::CollectorKilledBefore => {
                self.ministry.restart();
                trouble("the connection broke")
            }
            Fault::CollectorKilledAfter => {
                self.ask(message);
                self.ministry.restart();
                trouble("the connection broke")
            }
            Fault::SenderKilledAfter => Ok(self.ask(message)),
            other => Ok(self.wrong_answer(other, message)),
        }
    }

    fn wrong_answer(&mut self, fault: Fault, message: &Message) -> Reply {
        let page = b"<html><h1>Something went wrong</h1></html>".to_vec();
        match fault {
            Fault::CutAnswer => {
                let mut reply = self.ask(message);
                let kept = self.random.index(reply.body.len());
                reply.body.truncate(kept);
                reply
            }
            Fault::ErrorPage => {
                if self.random.chance(500) {
                    self.ask(message);
                }
                Reply { status: 200, retry_after_seconds: None, body: page }
            }
            Fault::Redirect => {
                let status = *self.random.pick(&[301, 302, 303, 307, 308]).unwrap_or(&302);
                Reply { status, retry_after_seconds: None, body: page }
            }
            Fault::CutRequest => {
                let mut cut = message.clone();
                cut.bytes.truncate(self.random.index(message.bytes.len()));
                self.ask(&cut)
            }
            Fault::TooLarge => Reply { status: 413, retry_after_seconds: None, body: page },
            Fault::OtherBytes => {
                let own = receipt(message, wire::LARGEST_NUMBER - 1, &wire::digest(b"other bytes"));
                let body = self.earlier_receipt.clone().unwrap_or(own);
                Reply { status: 200, retry_after_seconds: None, body }
            }
            _ => {
                let other = Message { school: "7".to_owned(), ..message.clone() };
                let body = receipt(&other, wire::LARGEST_NUMBER - 1, &message.digest);
                Reply { status: 200, retry_after_seconds: None, body }
            }
        }
    }
}

/// A receipt that nobody gave.
fn receipt(message: &Message, through: u64, digest: &str) -> Vec<u8> {
    let school = domain::SchoolNumber::parse(&message.school).expect("a school number");
    wire::Receipt {
        receipt_id: wire::record_id(school, "receipt", "made up"),
        school_number: school.into(),
        digest: digest.to_owned(),
        accepted_through: through,
        expected_seq: through + 1,
        rejected: Vec::new(),
    }
    .to_json()
}

/// The sender's end of the line.
impl Delivery for Line {
    fn deliver(&self, outgoing: &Outgoing<'_>, _: Instant) -> Result<Delivered, Trouble> {
        let message = Message {
            school: outgoing.school.to_string(),
            epoch: outgoing.epoch.to_string(),
            first_seq: outgoing.first_seq.to_string(),
            digest: outgoing.digest.to_owned(),
            bytes: outgoing.bytes.to_vec(),
        };
        self.carry(&message).map(Delivered::Answered)
    }

    fn state(&self, school: domain::SchoolNumber, _: Instant) -> Result<Option<Reply>, Trouble> {
        self.asked("line: state asked", |ministry, now| ministry.state(school, now))
    }

    fn digests(&self, question: &wire::DigestQuestion, _: Instant) -> Result<Option<Reply>, Trouble> {
        if self.state().keeps_digests {
            return Ok(None);
        }
        self.asked("line: digests asked", |ministry, now| ministry.digests(question, now))
    }
}

impl Line {
    /// A question on its way to the Ministry, and what became of its answer.
    fn asked(
        &self,
        what: &'static str,
        ask: impl FnOnce(&Ministry, Instant) -> (u16, Vec<u8>),
    ) -> Result<Option<Reply>, Trouble> {
        let mut state = self.state();
        let rate = state.fault_rate;
        let fault = Fault::draw(&mut state.random, rate);
        let is_down = state.now < state.down_until;
        self.trace.note(state.now, what, if is_down { "down" } else { fault.name() });
        let (status, mut body) = ask(&state.ministry, state.now);
        let reply = |status, body| Ok(Some(Reply { status, retry_after_seconds: None, body }));
        match fault {
            _ if is_down => Err(Trouble("the connection was refused".to_owned())),
            Fault::LostRequest | Fault::LostAnswer | Fault::Delay => Err(Trouble("no answer".to_owned())),
            Fault::TryLater | Fault::TryLaterThoughTaken => reply(503, b"later".to_vec()),
            Fault::ErrorPage | Fault::Redirect => reply(200, b"<h1>Welcome</h1>".to_vec()),
            Fault::CutAnswer => {
                let kept = state.random.index(body.len());
                body.truncate(kept);
                reply(status, body)
            }
            Fault::CollectorKilledBefore | Fault::CollectorKilledAfter => {
                state.ministry.restart();
                Err(Trouble("the connection broke".to_owned()))
            }
            _ => {
                self.trace.bytes(&body);
                reply(status, body)
            }
        }
    }
}

impl Line {
    fn carry(&self, message: &Message) -> Heard {
        let mut state = self.state();
        let latency = state.random.seconds(4);
        let arrives = state.now.plus_seconds(latency);
        state.pass_until(arrives, &self.trace);
        let rate = state.fault_rate;
        let drawn = Fault::draw(&mut state.random, rate);
        let fault = state.forced.take().unwrap_or(drawn);
        let is_down = state.now < state.down_until;
        let what = format!("{}/{} {}", message.epoch, message.first_seq, message.digest);
        self.trace.note(state.now, if is_down { "line: down" } else { fault.name() }, &what);
        if fault == Fault::SenderKilledBefore {
            drop(state);
            std::panic::resume_unwind(Box::new(Killed));
        }
        let found = leak::found(&message.bytes);
        state.leaks.extend(found);
        state.watch_patience(message);
        if is_down {
            return Err(Trouble("the connection was refused".to_owned()));
        }
        if let Some(heard) = state.tamper(message) {
            return heard;
        }
        let heard = state.meet(fault, message);
        if let Ok(reply) = &heard {
            self.trace.note(state.now, "answer", &format!("{} {} bytes", reply.status, reply.body.len()));
            self.trace.bytes(&reply.body);
            if fault == Fault::None && reply.status == 200 {
                state.earlier_receipt = Some(reply.body.clone());
            }
        }
        if fault == Fault::SenderKilledAfter {
            state.wait_until = None;
            drop(state);
            std::panic::resume_unwind(Box::new(Killed));
        }
        heard
    }
}
