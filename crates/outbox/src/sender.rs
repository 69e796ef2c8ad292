//! Sends what is due, one batch after the other, and notes what was answered.

use crate::OutboxError;
use crate::seal::{self, Streams};
use domain::{Calendar, Instant, SchoolNumber, Zone};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use store::exchange::{Answered, BatchRow, BatchState};
use store::school::SchoolRow;
use store::{Store, Tx};
use wire::ProblemKind;

/// How long a lease on sending lasts, in seconds: longer than one delivery, before each of which it
/// is renewed.
const LEASE_SECONDS: i64 = 75;

/// The first and the longest pause after a failed attempt, in seconds.
const PAUSE: (i64, i64) = (30, 60 * 60);

/// How often bytes that were damaged on the way are sent again before a person looks.
const DAMAGED_ATTEMPTS: i64 = 3;

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Seconds to wait, if the answer asks for it.
    pub retry_after_seconds: Option<i64>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why no answer came, in words.
#[derive(Debug, Clone)]
pub struct Trouble(pub String);

/// One way to deliver sealed bytes. The open protocol over HTTPS is the first.
pub trait Delivery: Send + Sync {
    /// Puts the bytes at a path of the Ministry's address.
    ///
    /// # Errors
    /// When no whole answer came.
    fn deliver(&self, path: &str, digest: &str, bytes: &[u8]) -> Result<Reply, Trouble>;
}

/// What came of one round of sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendReport {
    /// Batches that the Ministry acknowledged.
    pub received: usize,
    /// Entries in them.
    pub entries: i64,
    /// Records that it refused while it took the rest.
    pub refused_records: usize,
    /// Why sending stopped, if it did before everything was told.
    pub problem: Option<String>,
}

/// The school's side of the exchange.
pub struct Sender {
    store: Arc<Store>,
    number: SchoolNumber,
    delivery: Box<dyn Delivery>,
}

/// What an answer means for a batch.
enum Verdict {
    Received { receipt: String, rejected: Vec<(i64, String)> },
    Again { problem: String, pause_seconds: Option<i64> },
    Person { problem: String },
    Rewind { expected: i64, problem: String },
}

impl Sender {
    /// A sender for one school.
    #[must_use]
    pub fn new(store: Arc<Store>, number: SchoolNumber, delivery: Box<dyn Delivery>) -> Self {
        Self { store, number, delivery }
    }

    /// Sends everything that was not acknowledged yet: waiting batches first, then new ones.
    /// `at_once` also tries batches whose next attempt is later, and those a person should look at.
    ///
    /// # Errors
    /// When the memory fails or somebody else is sending. Trouble with the Ministry is in the
    /// report.
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
        let outcome = self.send_all(calendar, streams, now, at_once);
        self.store
            .write(number, move |tx| Ok::<_, OutboxError>(store::school::give_back_lease(tx, number)?))?;
        outcome
    }

    fn send_all(
        &self,
        calendar: &Calendar,
        streams: Streams,
        now: Instant,
        at_once: bool,
    ) -> Result<SendReport, OutboxError> {
        let mut report = SendReport::default();
        let mut rewinds = 0;
        while let Some(batch) = self.next_batch(calendar, streams, now)? {
            let later = waits(&batch, now) || batch.state == BatchState::Refused;
            if later && !at_once {
                report.problem = batch.problem;
                break;
            }
            let verdict = self.deliver(&batch)?;
            let state = self.note(&batch, &verdict, now)?;
            match verdict {
                Verdict::Received { rejected, .. } => {
                    report.received += 1;
                    report.entries += batch.last_seq - batch.first_seq + 1;
                    report.refused_records += rejected.len();
                }
                Verdict::Rewind { .. } if state == BatchState::Sealed && rewinds < 3 => rewinds += 1,
                Verdict::Again { problem, .. }
                | Verdict::Person { problem }
                | Verdict::Rewind { problem, .. } => {
                    report.problem = Some(problem);
                    break;
                }
            }
        }
        Ok(report)
    }

    /// The oldest batch without a receipt, or a new one.
    fn next_batch(
        &self,
        calendar: &Calendar,
        streams: Streams,
        now: Instant,
    ) -> Result<Option<BatchRow>, OutboxError> {
        let (number, calendar) = (self.number, calendar.clone());
        self.store.write(number, move |tx| {
            let school = school(tx, number)?;
            store::school::renew_lease(tx, number, lease().1)?;
            let epoch = store::school::progress(tx, number)?.epoch;
            if let Some(batch) = store::exchange::waiting(tx, number, epoch)?.into_iter().next() {
                return Ok(Some(batch));
            }
            match seal::next(tx, &school, now, streams, &calendar)? {
                None => Ok(None),
                Some(first) => Ok(store::exchange::get(tx, number, epoch, first)?),
            }
        })
    }

    fn deliver(&self, batch: &BatchRow) -> Result<Verdict, OutboxError> {
        let (number, epoch, first) = (self.number, batch.epoch, batch.first_seq);
        let bytes = self
            .store
            .read(number, |tx| Ok::<_, OutboxError>(store::exchange::bytes(tx, number, epoch, first)?))?;
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        let path = wire::batch_path(number, unsigned(epoch), unsigned(first));
        Ok(match self.delivery.deliver(&path, &batch.digest, &bytes) {
            Ok(reply) => judge(batch, &reply),
            Err(Trouble(words)) => Verdict::Again {
                problem: format!("the Ministry could not be reached: {words}"),
                pause_seconds: None,
            },
        })
    }

    /// Notes what was answered; answers where the batch stands.
    fn note(&self, batch: &BatchRow, verdict: &Verdict, now: Instant) -> Result<BatchState, OutboxError> {
        let (number, epoch, first) = (self.number, batch.epoch, batch.first_seq);
        let attempts = batch.attempts;
        let (state, problem, receipt, pause) = match verdict {
            Verdict::Received { receipt, .. } => (BatchState::Received, None, Some(receipt.clone()), 0),
            Verdict::Again { problem, pause_seconds } => {
                let doubled = PAUSE.0.saturating_mul(1 << attempts.clamp(0, 20)).min(PAUSE.1);
                // Schools that failed together do not come back together.
                let spread = number.number() * 7_919 % (doubled / 4 + 1);
                let pause = pause_seconds.unwrap_or(0).max(doubled + spread);
                (BatchState::Sealed, Some(problem.clone()), None, pause)
            }
            Verdict::Rewind { problem, expected } if *expected < first => {
                (BatchState::Sealed, Some(problem.clone()), None, 0)
            }
            Verdict::Person { problem } | Verdict::Rewind { problem, .. } => {
                (BatchState::Refused, Some(problem.clone()), None, 0)
            }
        };
        let rejected = match verdict {
            Verdict::Received { rejected, .. } => rejected.clone(),
            _ => Vec::new(),
        };
        let rewind_to = match verdict {
            Verdict::Rewind { expected, .. } if *expected < first => Some(*expected),
            _ => None,
        };
        self.store.write(number, move |tx| {
            let next_attempt_at = now.plus_seconds(pause);
            let answer = Answered {
                state,
                at: now,
                problem: problem.as_deref(),
                receipt: receipt.as_deref(),
                next_attempt_at,
            };
            store::exchange::answered(tx, number, epoch, first, &answer)?;
            for (seq, problem) in rejected {
                store::exchange::insert_refused(tx, number, epoch, seq, &problem)?;
            }
            if let Some(expected) = rewind_to {
                rewind(tx, number, epoch, (expected, first), &answer)?;
            }
            Ok::<_, OutboxError>(state)
        })
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

/// Sends earlier batches again, byte for byte, from the one that holds the expected number.
fn rewind(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    (expected, first): (i64, i64),
    answer: &Answered<'_>,
) -> Result<(), OutboxError> {
    for earlier in store::exchange::latest(tx, school, i64::MAX)? {
        if earlier.epoch == epoch && earlier.last_seq >= expected && earlier.first_seq < first {
            store::exchange::answered(tx, school, epoch, earlier.first_seq, answer)?;
        }
    }
    Ok(())
}

pub(crate) fn school(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<SchoolRow, OutboxError> {
    let found = store::school::get(tx, number)?;
    found.ok_or(OutboxError::Missing { seq: 0, what: "a school" })
}

fn judge(batch: &BatchRow, reply: &Reply) -> Verdict {
    let again = |problem: String| Verdict::Again { problem, pause_seconds: reply.retry_after_seconds };
    match reply.status {
        200 => match wire::parse_receipt(&reply.body) {
            Ok(receipt) if receipt.digest != batch.digest => {
                again("the receipt is for other bytes".to_owned())
            }
            Ok(receipt) if i64::try_from(receipt.accepted_through).unwrap_or(0) < batch.last_seq => {
                again("the receipt does not cover the batch".to_owned())
            }
            Ok(receipt) => {
                let rejected = receipt.rejected.iter().map(|rejected| {
                    let problem = format!("{}: {}", rejected.problem.title, rejected.problem.detail);
                    (i64::try_from(rejected.seq).unwrap_or_default(), problem)
                });
                Verdict::Received {
                    rejected: rejected.collect(),
                    receipt: String::from_utf8_lossy(&reply.body).into_owned(),
                }
            }
            // An error dressed as success, or a body cut off on the way.
            Err(error) => again(format!("the answer is no receipt: {error}")),
        },
        408 | 425 | 429 | 500..=599 => {
            again(format!("the Ministry asks to try later (status {})", reply.status))
        }
        status => refused(batch, status, &reply.body),
    }
}

fn refused(batch: &BatchRow, status: u16, body: &[u8]) -> Verdict {
    let Ok(problem) = wire::parse_problem(body) else {
        return Verdict::Person { problem: format!("status {status}, without a reason that can be read") };
    };
    let words = format!("{}: {}", problem.title, problem.detail);
    if problem.is(ProblemKind::SequenceGap) {
        let expected = problem.expected_seq.and_then(|seq| i64::try_from(seq).ok());
        if let Some(expected) = expected.filter(|expected| *expected > 0) {
            return Verdict::Rewind { expected, problem: words };
        }
    }
    if problem.is(ProblemKind::DigestMismatch) && batch.attempts + 1 < DAMAGED_ATTEMPTS {
        return Verdict::Again { problem: words, pause_seconds: None };
    }
    Verdict::Person { problem: words }
}

/// Whether the daily hour has come: 18:00 at the school, and a few minutes more that differ from
/// school to school. It ends with the day, so that no day is told before its evening.
#[must_use]
pub fn is_due(zone: Zone, number: SchoolNumber, now: Instant) -> bool {
    let spread = number.number() * 7_919 % 600;
    let local = zone.local(now);
    let seconds = [local.hour(), local.minute(), local.second()]
        .into_iter()
        .fold(0, |seconds, part| seconds * 60 + i64::from(part));
    seconds >= 18 * 3_600 + spread
}
