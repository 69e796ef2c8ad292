//! One round of the exchange for one school: what has to be told as a whole first, then sending.
//!
//! Whoever sends goes through here, so that a term that is over and a restored memory are dealt with
//! whoever meets them. What "as a whole" means, the school's acts know ([`TellsAnew`]).

use crate::sender::{Restate, SendReport, Sender};
use crate::{OutboxError, Streams};
use domain::{Calendar, Instant, TermId};

/// A school that can say anew what it holds.
pub trait TellsAnew {
    /// Why it could not.
    type Error: From<OutboxError>;

    /// The calendar as it is now.
    ///
    /// # Errors
    /// When the memory fails.
    fn calendar(&self) -> Result<Calendar, Self::Error>;

    /// The term that is over and was not told as a whole since.
    ///
    /// # Errors
    /// When the memory fails.
    fn term_over(&self, now: Instant) -> Result<Option<TermId>, Self::Error>;

    /// Queues what is to be told anew, in a new epoch.
    ///
    /// # Errors
    /// When the memory fails.
    fn tell_anew(&self, what: Restate, now: Instant) -> Result<(), Self::Error>;
}

/// Sends what is due, after a term that is over was restated, and once more when sending found that
/// something has to be told anew.
///
/// # Errors
/// When the memory fails, somebody else sends, or it was stopped. Trouble with the Ministry is in the
/// report.
pub fn round<S: TellsAnew>(
    school: &S,
    sender: &Sender,
    streams: Streams,
    now: Instant,
    at_once: bool,
) -> Result<SendReport, S::Error> {
    if let Some(term) = school.term_over(now)? {
        school.tell_anew(Restate::Term(term), now)?;
    }
    let calendar = school.calendar()?;
    let report = sender.send(&calendar, streams, now, at_once)?;
    let Some(restate) = report.restate else { return Ok(report) };
    school.tell_anew(restate, now)?;
    let more = sender.send(&calendar, streams, now, at_once)?;
    Ok(SendReport {
        received: report.received + more.received,
        entries: report.entries + more.entries,
        refused_records: report.refused_records + more.refused_records,
        differing: report.differing + more.differing,
        ..more
    })
}
