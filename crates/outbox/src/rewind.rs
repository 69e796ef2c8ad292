//! Going back to a number that the Ministry has not, or has no more.

use crate::OutboxError;
use domain::{Instant, SchoolNumber};
use store::Tx;
use store::exchange::{Answered, BatchState};

/// Sends earlier batches again, byte for byte, from the one that holds the expected number.
pub(crate) fn rewind(
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

/// The Ministry has lost what it had taken, as after a backup was put back there: everything from a
/// number on goes again. Without this it would miss it until there is something new to tell.
pub(crate) fn send_again(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    expected: i64,
    now: Instant,
) -> Result<(), OutboxError> {
    let epoch = store::school::progress(tx, school)?.epoch;
    let problem = Some("the Ministry has lost it and gets it again");
    let answer =
        Answered { state: BatchState::Sealed, at: now, problem, receipt: None, next_attempt_at: now };
    rewind(tx, school, epoch, (expected, i64::MAX), &answer)
}
