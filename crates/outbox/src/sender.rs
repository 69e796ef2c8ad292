//! Sends what is due, one batch after the other, and notes what was answered.

use crate::OutboxError;
use crate::delivery::{Delivery, Outgoing};
use crate::reconcile::{self, Comparison};
use crate::rewind::{rewind, send_again};
use crate::seal::{self, Cut, Streams};
use crate::verdict::{Noted, Verdict, judge};
use crate::writer::count;
use domain::{Calendar, Instant, SchoolNumber, TermId};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use store::exchange::{Answered, BatchRow, BatchState};
use store::school::SchoolRow;
use store::{Store, Tx};
use wire::DigestQuestion;

/// How long a lease on sending lasts, in seconds: longer than one delivery, before each of which it
/// is renewed.
const LEASE_SECONDS: i64 = 75;

/// The most records that one round leaves out because a batch with them was refused. More of them
/// means that the trouble is not in the records.
const MOST_LEFT_OUT: usize = 10;

/// A step of sending that is over. Between any two of them the program may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The lease was taken.
    Leased,
    /// A batch is there with its bytes fixed.
    Sealed,
    /// It was delivered, and nobody has noted what came of it.
    Delivered,
    /// What came of it was noted.
    Noted,
    /// A term was asked after, and nothing was noted yet.
    Asked,
    /// A term was compared.
    Compared,
}

/// What has to be told anew as a whole before sending goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restate {
    /// Everything, in an epoch above this one, which the Ministry is in.
    Above(u64),
    /// One term, which differs although what differed was sent again.
    Term(TermId),
}

/// What came of one round of sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendReport {
    /// Batches that the Ministry acknowledged.
    pub received: usize,
    /// Entries in them.
    pub entries: i64,
    /// Batches that were handed over and are not answered yet.
    pub posted: usize,
    /// Records that it refused while it took the rest.
    pub refused_records: usize,
    /// Sums of a term that differed from the Ministry's; what they are about was sent again.
    pub differing: i64,
    /// What is to be told anew before the next round.
    pub restate: Option<Restate>,
    /// Why sending stopped, if it did before everything was told.
    pub problem: Option<String>,
}

/// Whether sending is to end after a step.
type Stop = Box<dyn Fn(Step) -> bool + Send + Sync>;

/// The school's side of the exchange.
pub struct Sender {
    store: Arc<Store>,
    number: SchoolNumber,
    delivery: Box<dyn Delivery>,
    stop: Stop,
}

/// What a round is about.
#[derive(Clone, Copy)]
struct Round<'a> {
    calendar: &'a Calendar,
    streams: Streams,
    now: Instant,
    /// Whether pauses are over and what a person should look at is tried again.
    at_once: bool,
}

impl Sender {
    /// A sender for one school.
    #[must_use]
    pub fn new(store: Arc<Store>, number: SchoolNumber, delivery: Box<dyn Delivery>) -> Self {
        Self { store, number, delivery, stop: Box::new(|_| false) }
    }

    /// The same, which asks after each step whether to end there. Wherever it ends, nothing is lost
    /// and nothing is told twice in effect.
    #[must_use]
    pub fn stopping(mut self, stop: impl Fn(Step) -> bool + Send + Sync + 'static) -> Self {
        self.stop = Box::new(stop);
        self
    }

    /// Sends everything that was not acknowledged yet: waiting batches first, then new ones. Then,
    /// once a day, compares terms with what the Ministry holds and sends again what differs.
    /// `at_once` also tries batches whose next attempt is later, and those a person should look at.
    ///
    /// # Errors
    /// When the memory fails, somebody else is sending, or it was stopped. Trouble with the Ministry
    /// is in the report.
    pub fn send(
        &self,
        calendar: &Calendar,
        streams: Streams,
        now: Instant,
        at_once: bool,
    ) -> Result<SendReport, OutboxError> {
        let number = self.number;
        let held = self.store.write(number, move |tx| {
            let (begins, ends) = lease();
            let held = store::school::take_lease(tx, number, begins, ends)?;
            if held {
                seal::queue_passed_over(tx, number, now, streams)?;
            }
            Ok::<_, OutboxError>(held)
        })?;
        if !held {
            return Err(OutboxError::Busy);
        }
        let outcome = self.after_lease(Round { calendar, streams, now, at_once });
        self.store
            .write(number, move |tx| Ok::<_, OutboxError>(store::school::give_back_lease(tx, number)?))?;
        outcome
    }

    fn after_lease(&self, round: Round<'_>) -> Result<SendReport, OutboxError> {
        self.reached(Step::Leased)?;
        let mut report = SendReport::default();
        self.send_all(round, &mut report)?;
        // Who waits for receipts by file, or for the next attempt, has nothing to compare yet.
        if report.problem.is_none() && report.posted == 0 && self.compare(round, &mut report)? {
            self.send_all(round, &mut report)?;
        }
        Ok(report)
    }

    fn reached(&self, step: Step) -> Result<(), OutboxError> {
        if (self.stop)(step) { Err(OutboxError::Stopped) } else { Ok(()) }
    }

    fn send_all(&self, round: Round<'_>, report: &mut SendReport) -> Result<(), OutboxError> {
        let (mut rewinds, mut left_out, mut after) = (0, 0, 0);
        while let Some(batch) = self.next_batch(round, after)? {
            let later = waits(&batch, round.now) || batch.state == BatchState::Refused;
            if later && !round.at_once {
                report.problem = batch.problem;
                break;
            }
            self.reached(Step::Sealed)?;
            let verdict = match self.deliver(&batch, round.now)? {
                Verdict::Cut { problem } if self.was_taken(&batch, round.now)? => {
                    Verdict::Again { problem, pause_seconds: None }
                }
                verdict => verdict,
            };
            self.reached(Step::Delivered)?;
            let (state, cut) = self.note(&batch, &verdict, round, left_out < MOST_LEFT_OUT)?;
            self.reached(Step::Noted)?;
            match verdict {
                Verdict::Received { rejected, .. } => {
                    report.received += 1;
                    report.entries += batch.last_seq - batch.first_seq + 1;
                    report.refused_records += rejected.len();
                }
                Verdict::Posted => {
                    report.posted += 1;
                    after = batch.first_seq;
                }
                Verdict::Rewind { .. } if state == BatchState::Sealed && rewinds < 3 => rewinds += 1,
                Verdict::Cut { .. } if state == BatchState::Sealed => {
                    let quarantined = usize::from(cut == Some(Cut::Quarantined));
                    left_out += quarantined;
                    report.refused_records += quarantined;
                }
                Verdict::Foreign { epoch, problem } => {
                    report.restate = self.is_new(batch.epoch)?.then_some(Restate::Above(epoch));
                    report.problem = Some(problem);
                    break;
                }
                Verdict::Again { problem, .. }
                | Verdict::Person { problem }
                | Verdict::Cut { problem }
                | Verdict::Rewind { problem, .. } => {
                    report.problem = Some(problem);
                    break;
                }
            }
        }
        Ok(())
    }

    /// The oldest batch after a number that has no receipt, or a new one.
    fn next_batch(&self, round: Round<'_>, after: i64) -> Result<Option<BatchRow>, OutboxError> {
        let (number, calendar) = (self.number, round.calendar.clone());
        let (now, streams) = (round.now, round.streams);
        self.store.write(number, move |tx| {
            let school = school(tx, number)?;
            store::school::renew_lease(tx, number, lease().1)?;
            let epoch = store::school::progress(tx, number)?.epoch;
            let waiting = store::exchange::waiting(tx, number, epoch)?;
            if let Some(batch) = waiting.into_iter().find(|batch| batch.first_seq > after) {
                return Ok(Some(batch));
            }
            match seal::next(tx, &school, now, streams, &calendar)? {
                None => Ok(None),
                Some(first) => Ok(store::exchange::get(tx, number, epoch, first)?),
            }
        })
    }

    fn deliver(&self, batch: &BatchRow, now: Instant) -> Result<Verdict, OutboxError> {
        let (number, epoch, first) = (self.number, batch.epoch, batch.first_seq);
        let bytes = self
            .store
            .read(number, |tx| Ok::<_, OutboxError>(store::exchange::bytes(tx, number, epoch, first)?))?;
        let outgoing = Outgoing {
            school: number,
            epoch: count(epoch),
            first_seq: count(first),
            digest: &batch.digest,
            bytes: &bytes,
        };
        Ok(judge(number, batch, self.delivery.deliver(&outgoing, now)))
    }

    /// Whether the Ministry has a batch although it is refused now, or had it before it lost it: an
    /// answer may have been lost, and something on the way refuses what is acceptable. It must not be
    /// cut then.
    fn was_taken(&self, batch: &BatchRow, now: Instant) -> Result<bool, OutboxError> {
        let (number, epoch, first) = (self.number, batch.epoch, batch.first_seq);
        let was_received = self.store.read(number, move |tx| {
            Ok::<_, OutboxError>(store::exchange::was_received(tx, number, epoch, first)?)
        })?;
        if was_received {
            return Ok(true);
        }
        Ok(match self.delivery.state(number, now) {
            // No way to ask: what was answered is all that there is to know.
            Ok(None) => false,
            Ok(Some(reply)) => wire::parse_state(&reply.body)
                .map_or(true, |state| state.epoch == count(epoch) && state.expected_seq > count(first)),
            Err(_) => true,
        })
    }

    /// Whether the Ministry has taken nothing yet in an epoch of this memory: then another memory of
    /// this school, from before it was restored, may have used its number.
    fn is_new(&self, epoch: i64) -> Result<bool, OutboxError> {
        let number = self.number;
        self.store.read(number, move |tx| {
            let batches = store::exchange::latest(tx, number, i64::MAX)?;
            Ok(!batches.iter().any(|batch| batch.epoch == epoch && batch.state == BatchState::Received))
        })
    }

    /// Notes what was answered; answers where the batch stands, and what was cut off it.
    fn note(
        &self,
        batch: &BatchRow,
        verdict: &Verdict,
        round: Round<'_>,
        may_cut: bool,
    ) -> Result<(BatchState, Option<Cut>), OutboxError> {
        let (number, epoch, first) = (self.number, batch.epoch, batch.first_seq);
        let Noted { mut state, problem, receipt, pause } = Noted::of(number, batch, verdict);
        let rejected = match verdict {
            Verdict::Received { rejected, .. } => rejected.clone(),
            _ => Vec::new(),
        };
        let rewind_to = match verdict {
            Verdict::Rewind { expected, .. } if *expected < first => Some(*expected),
            _ => None,
        };
        let cuts = may_cut && matches!(verdict, Verdict::Cut { .. });
        let (batch, now) = (batch.clone(), round.now);
        self.store.write(number, move |tx| {
            let mut cut = None;
            if cuts {
                let school = school(tx, number)?;
                let words = problem.as_deref().unwrap_or_default();
                let done = seal::cut(tx, &school, now, &batch, words)?;
                if done != Cut::Whole {
                    state = BatchState::Sealed;
                    cut = Some(done);
                }
            }
            let next_attempt_at = now.plus_seconds(pause);
            let answer = Answered {
                state,
                at: now,
                problem: problem.as_deref(),
                receipt: receipt.as_deref(),
                next_attempt_at,
            };
            store::exchange::answered(tx, number, epoch, first, &answer)?;
            for (seq, problem) in &rejected {
                store::exchange::insert_refused(tx, number, epoch, *seq, problem)?;
            }
            if let Some(expected) = rewind_to {
                rewind(tx, number, epoch, (expected, first), &answer)?;
            }
            Ok::<_, OutboxError>((state, cut))
        })
    }

    /// Compares the terms that are due; says whether anything was queued again.
    fn compare(&self, round: Round<'_>, report: &mut SendReport) -> Result<bool, OutboxError> {
        let (number, calendar) = (self.number, round.calendar);
        let due = self.store.read(number, |tx| {
            let school = school(tx, number)?;
            reconcile::due(tx, &school, calendar, round.now)
        })?;
        let mut queued = 0;
        for term in due {
            let question = DigestQuestion {
                school: number,
                term: term.id,
                first_day: term.first_day,
                last_day: term.last_day,
            };
            // An older collector, a line that is down, an answer that cannot be read: another day.
            let Ok(Some(reply)) = self.delivery.digests(&question, round.now) else { break };
            let Ok(theirs) = wire::parse_digests(&reply.body) else { break };
            self.reached(Step::Asked)?;
            let (streams, now) = (round.streams, round.now);
            let comparison = self.store.write(number, move |tx| {
                let school = school(tx, number)?;
                let found = reconcile::compare(tx, &school, streams, &term, &theirs, now)?;
                if let Comparison::Behind(expected) = found {
                    send_again(tx, number, expected, now)?;
                }
                Ok::<_, OutboxError>(found)
            })?;
            self.reached(Step::Compared)?;
            let compared = match comparison {
                Comparison::Elsewhere => break,
                Comparison::Behind(_) => return Ok(true),
                Comparison::Done(compared) => compared,
            };
            queued += compared.found.queued;
            report.differing += compared.found.differing;
            if compared.is_stubborn {
                report.restate = Some(Restate::Term(term.id));
            }
        }
        Ok(queued > 0)
    }
}

/// Whether the pause after an attempt still lasts. One that began later than now was noted by a clock
/// that was wrong, or is wrong now: it is not waited for, which could take a year.
fn waits(batch: &BatchRow, now: Instant) -> bool {
    batch.answered_at.is_some_and(|at| at <= now) && batch.next_attempt_at > now
}

/// A lease that begins now. It is measured by the machine's clock: a rehearsed `now` may stand
/// still or be years away, and would hold others up for as long.
fn lease() -> (Instant, Instant) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_micros()).ok().and_then(Instant::from_micros);
    let now = now.expect("the machine's clock shows a year that a calendar can hold");
    (now, now.plus_seconds(LEASE_SECONDS))
}

pub(crate) fn school(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<SchoolRow, OutboxError> {
    let found = store::school::get(tx, number)?;
    found.ok_or(OutboxError::Missing { seq: 0, what: "a school" })
}
