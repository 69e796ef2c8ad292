//! One round of the exchange for one school: what has to be told as a whole first, then sending.
//!
//! Whoever sends (`serve`, `share`, its control address) goes through here, so that a term that is
//! over and a restored memory are dealt with whoever meets them.

use app::{Actor, AppError, School};
use domain::Instant;
use outbox::{Keyring, OutboxError, Restate, SendReport, Sender, Streams};

/// Why a round could not be made.
#[derive(Debug)]
pub(crate) enum Trouble {
    App(AppError),
    Outbox(OutboxError),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::App(error) => error.fmt(out),
            Self::Outbox(error) => error.fmt(out),
        }
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<OutboxError> for Trouble {
    fn from(error: OutboxError) -> Self {
        Self::Outbox(error)
    }
}

/// Registers the school's new key, if one was made, and ends the one before it. Answers what stood
/// against it, which is tried again by whoever comes next.
pub(crate) fn tend(keyring: &Keyring, now: Instant) -> Option<String> {
    let outcome = match keyring.is_due(now) {
        Ok(true) => keyring.tend(now),
        due => due.map(|_| None),
    };
    let trouble = outcome.unwrap_or_else(|error| Some(error.to_string()))?;
    Some(format!("the school's key: {trouble}"))
}

/// Sends what is due, after a term that is over was restated, and once more when sending found that
/// something has to be told anew.
pub(crate) fn round(
    school: &School,
    sender: &Sender,
    streams: Streams,
    now: Instant,
    at_once: bool,
) -> Result<SendReport, Trouble> {
    school.advance(now)?;
    if let Some(term) = school.term_to_restate(now)? {
        school.restate_term(&Actor::Operator, now, term)?;
    }
    let calendar = school.calendar()?;
    let report = sender.send(&calendar, streams, now, at_once)?;
    let Some(restate) = report.restate else { return Ok(report) };
    match restate {
        Restate::Above(epoch) => {
            let used = i64::try_from(epoch).unwrap_or(i64::MAX - 1);
            school.begin_epoch_above(&Actor::Operator, now, used)?;
        }
        Restate::Term(term) => school.restate_term(&Actor::Operator, now, term)?,
    }
    let more = sender.send(&calendar, streams, now, at_once)?;
    Ok(SendReport {
        received: report.received + more.received,
        entries: report.entries + more.entries,
        refused_records: report.refused_records + more.refused_records,
        differing: report.differing + more.differing,
        ..more
    })
}
