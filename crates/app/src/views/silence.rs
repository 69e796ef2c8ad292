//! Whether the Ministry hears this school: what waits too long, and what is in the way, for staff.

use super::standing::Trouble;
use crate::AppError;
use domain::{Instant, SchoolNumber};
use store::Tx;
use store::school::SchoolRow;

/// After how many hours staff are told that something waits.
const TOLD_AFTER_HOURS: i64 = 24;

/// After how many hours it is said that the law asks for more: a week.
const LAW_HOURS: i64 = 7 * 24;

/// Something has waited for more than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    /// When the oldest of what waits was recorded.
    pub since: Instant,
    /// How many entries wait.
    pub waiting: i64,
    /// What is in the way, if sending was tried.
    pub trouble: Option<Trouble>,
    /// When it is tried again.
    pub next_attempt_at: Option<Instant>,
    /// Whether it is more than a week, which is the least that the law asks for.
    ///
    /// Source: School Attendance Rules 2026 (Gazette 2025-go7119), rule 4.1: at the end of each week.
    pub is_overdue: bool,
}

/// What has waited too long, if a stream is shared and something has.
pub(crate) fn silence(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    now: Instant,
) -> Result<Option<Silence>, AppError> {
    if !school.share_attendance && !school.share_responses {
        return Ok(None);
    }
    let number = school.number;
    let progress = store::school::progress(tx, number)?;
    let waiting = store::exchange::waiting(tx, number, progress.epoch)?;
    let through =
        acknowledged_through(tx, number, progress.epoch, waiting.first().map(|batch| batch.first_seq))?;
    let oldest = store::outbox::after(tx, number, progress.epoch, through, 1)?.into_iter().next();
    let Some(since) = oldest.map(|entry| entry.recorded_at) else { return Ok(None) };
    let hours = now.micros_since(since) / 3_600_000_000;
    if hours < TOLD_AFTER_HOURS {
        return Ok(None);
    }
    let first = waiting.first();
    Ok(Some(Silence {
        since,
        waiting: progress.seq - through,
        trouble: first.and_then(Trouble::of),
        next_attempt_at: first.map(|batch| batch.next_attempt_at).filter(|at| *at > now),
        is_overdue: hours >= LAW_HOURS,
    }))
}

/// The last number for which there is a receipt.
pub(crate) fn acknowledged_through(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    epoch: i64,
    first_waiting: Option<i64>,
) -> Result<i64, AppError> {
    Ok(match first_waiting {
        Some(first) => first - 1,
        None => store::exchange::last(tx, number, epoch)?.map_or(0, |batch| batch.last_seq),
    })
}
