//! What an answer means for the batch that it answers.

use crate::delivery::{Delivered, Reply, Trouble};
use domain::SchoolNumber;
use store::exchange::{BatchRow, BatchState};
use wire::ProblemKind;

/// The first and the longest pause after a failed attempt, in seconds.
const PAUSE: (i64, i64) = (30, 60 * 60);

/// How often bytes that were damaged on the way are sent again before a person looks.
const DAMAGED_ATTEMPTS: i64 = 3;

/// The longest pause that an answer can ask for, in seconds: a day, so that no answer silences a
/// school.
const LONGEST_PAUSE: i64 = 24 * 60 * 60;

/// What an answer means for a batch.
pub(crate) enum Verdict {
    /// The Ministry has it, but for these records.
    Received { receipt: String, rejected: Vec<(i64, String)> },
    /// It was handed over; the answer comes later.
    Posted,
    /// The same bytes again, after a pause.
    Again { problem: String, pause_seconds: Option<i64> },
    /// Earlier batches again, from the one with this number.
    Rewind { expected: i64, problem: String },
    /// Something in it makes the whole batch unacceptable: it is to be cut smaller.
    Cut { problem: String },
    /// The Ministry is in an epoch of which this school's memory does not know.
    Foreign { epoch: u64, problem: String },
    /// A person must look.
    Person { problem: String },
}

/// Judges what became of a delivery.
pub(crate) fn judge(
    school: SchoolNumber,
    batch: &BatchRow,
    delivered: Result<Delivered, Trouble>,
) -> Verdict {
    match delivered {
        Ok(Delivered::Posted) => Verdict::Posted,
        Ok(Delivered::Answered(reply)) => answered(school, batch, &reply),
        Err(Trouble(words)) => Verdict::Again {
            problem: format!("the Ministry could not be reached: {words}"),
            pause_seconds: None,
        },
    }
}

fn answered(school: SchoolNumber, batch: &BatchRow, reply: &Reply) -> Verdict {
    let pause_seconds = reply.retry_after_seconds.map(|seconds| seconds.clamp(0, LONGEST_PAUSE));
    let again = |problem: String| Verdict::Again { problem, pause_seconds };
    match reply.status {
        200 => match wire::parse_receipt(&reply.body) {
            Ok(receipt) if receipt.school_number.0 != school => {
                again("the receipt is for another school".to_owned())
            }
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
        300..=399 => Verdict::Person {
            problem: format!(
                "the address answers with a redirect (status {}), which is not followed: \
                 look whether the address is right",
                reply.status
            ),
        },
        status => refused(batch, status, &reply.body),
    }
}

fn refused(batch: &BatchRow, status: u16, body: &[u8]) -> Verdict {
    // A single number is never too large: something on the way is wrong, which passes.
    let too_large = |problem| match batch.last_seq > batch.first_seq {
        true => Verdict::Cut { problem },
        false => Verdict::Again { problem, pause_seconds: None },
    };
    let Ok(problem) = wire::parse_problem(body) else {
        let problem = format!("status {status}, without a reason that can be read");
        return if status == 413 { too_large(problem) } else { Verdict::Person { problem } };
    };
    let words = format!("{}: {}", problem.title, problem.detail);
    let is = |kind| problem.is(kind);
    if is(ProblemKind::SequenceGap) {
        let expected = problem.expected_seq.and_then(|seq| i64::try_from(seq).ok());
        if let Some(expected) = expected.filter(|expected| *expected > 0) {
            return Verdict::Rewind { expected, problem: words };
        }
    }
    if is(ProblemKind::DigestMismatch) && batch.attempts + 1 < DAMAGED_ATTEMPTS {
        return Verdict::Again { problem: words, pause_seconds: None };
    }
    if is(ProblemKind::TooLarge) {
        return too_large(words);
    }
    if is(ProblemKind::BatchMalformed) {
        return Verdict::Cut { problem: words };
    }
    if is(ProblemKind::StaleEpoch) || is(ProblemKind::BatchConflict) || is(ProblemKind::ChainBroken) {
        let own = u64::try_from(batch.epoch).unwrap_or_default();
        return Verdict::Foreign { epoch: problem.epoch.unwrap_or(own), problem: words };
    }
    Verdict::Person { problem: words }
}

/// What is kept of a verdict.
pub(crate) struct Noted {
    pub(crate) state: BatchState,
    pub(crate) problem: Option<String>,
    pub(crate) receipt: Option<String>,
    /// Seconds until the next attempt.
    pub(crate) pause: i64,
}

impl Noted {
    pub(crate) fn of(number: SchoolNumber, batch: &BatchRow, verdict: &Verdict) -> Self {
        let (state, problem, receipt, pause) = match verdict {
            Verdict::Received { receipt, .. } => (BatchState::Received, None, Some(receipt.clone()), 0),
            Verdict::Posted => {
                let words = "handed over; its receipt has not come back yet";
                (BatchState::Sealed, Some(words.to_owned()), None, 0)
            }
            Verdict::Again { problem, pause_seconds } => {
                let pause = pause_after(number, batch.attempts).max(pause_seconds.unwrap_or(0));
                (BatchState::Sealed, Some(problem.clone()), None, pause)
            }
            Verdict::Rewind { problem, expected } if *expected < batch.first_seq => {
                (BatchState::Sealed, Some(problem.clone()), None, 0)
            }
            Verdict::Person { problem }
            | Verdict::Cut { problem }
            | Verdict::Foreign { problem, .. }
            | Verdict::Rewind { problem, .. } => (BatchState::Refused, Some(problem.clone()), None, 0),
        };
        Self { state, problem, receipt, pause }
    }
}

/// The pause after a number of failed attempts, in seconds. Schools that failed together do not come
/// back together.
fn pause_after(number: SchoolNumber, attempts: i64) -> i64 {
    let doubled = PAUSE.0.saturating_mul(1 << attempts.clamp(0, 20)).min(PAUSE.1);
    doubled + (number.number() * 7_919 + attempts * 104_729) % (doubled / 4 + 1)
}
