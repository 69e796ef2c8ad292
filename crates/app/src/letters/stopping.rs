//! Messages that must not go any more: somebody must not be contacted, how they are reached has changed,
//! or the data is a copy of earlier data.

use super::outcome::{add, reconcile};
use crate::AppError;
use crate::work::Work;
use domain::Channel;
use std::collections::BTreeSet;
use store::letter::LetterEventKind;
use store::mail::{MessageState, Stop};

/// Takes every message to a contact that has not gone yet out of its run: they are not to be
/// contacted any more, or what was known of them has changed; by one channel alone where that is named.
pub(crate) fn stop_to(
    work: &mut Work<'_, '_>,
    contact: &str,
    why: &str,
    only: Option<Channel>,
) -> Result<(), AppError> {
    let number = work.school.number;
    let mut about = BTreeSet::new();
    for row in store::letter::open_to(work.tx, number, contact)? {
        if only.is_some_and(|channel| channel != row.channel) {
            continue;
        }
        let stop = match row.channel {
            Channel::Email | Channel::Text => store::mail::stop(work.tx, number, &row.id, work.now, why)?,
            _ => Stop::Stopped,
        };
        match stop {
            // Its answer tells what became of it.
            Stop::Gone => {}
            Stop::Stopped => add(work, &row.id, LetterEventKind::Dropped, why)?,
            Stop::MayHaveArrived => add(work, &row.id, LetterEventKind::Dropped, &unsure(why))?,
        }
        about.insert((row.run_id, row.student_id));
    }
    for (run, student) in about {
        reconcile(work, (&run, &student), work.now)?;
    }
    Ok(())
}

/// Stops every e-mail and text home that has not ended, also one that somebody was just handing over:
/// the data is a copy of earlier data, and nobody knows what went since.
pub(crate) fn stop_all(work: &mut Work<'_, '_>, why: &str) -> Result<(), AppError> {
    let number = work.school.number;
    for row in store::mail::open_home(work.tx, number)? {
        if row.state == MessageState::HandedOver {
            // Whoever did that is not here.
            store::mail::claim(work.tx, number, &row.id, row.unsure + 1, work.now)?;
        }
        store::mail::stop(work.tx, number, &row.id, work.now, why)?;
        add(work, &row.id, LetterEventKind::Dropped, why)?;
    }
    Ok(())
}

/// Why a message was stopped that may have arrived.
pub(super) fn unsure(why: &str) -> String {
    format!("{why}; it may have arrived")
}
