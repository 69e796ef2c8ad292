//! The exchange of one school, as the program makes it: its key, then a round of sending.
//!
//! Whoever sends (`serve`, `share`, its control address) goes through here.

use app::{Actor, AppError, School};
use domain::{Calendar, Instant, TermId};
use outbox::{Keyring, OutboxError, Restate, SendReport, Sender, Streams, TellsAnew};

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

/// A school as the exchange needs it to say anew what it holds.
struct Telling<'a>(&'a School);

impl TellsAnew for Telling<'_> {
    type Error = Trouble;

    fn calendar(&self) -> Result<Calendar, Trouble> {
        Ok(self.0.calendar()?)
    }

    fn term_over(&self, now: Instant) -> Result<Option<TermId>, Trouble> {
        Ok(self.0.term_to_restate(now)?)
    }

    fn tell_anew(&self, what: Restate, now: Instant) -> Result<(), Trouble> {
        match what {
            Restate::Above(epoch) => {
                let used = i64::try_from(epoch).unwrap_or(i64::MAX - 1);
                self.0.begin_epoch_above(&Actor::Operator, now, used)?;
            }
            Restate::Term(term) => self.0.restate_term(&Actor::Operator, now, term)?,
        }
        Ok(())
    }
}

/// One round of the exchange, once the school knows what time it is.
pub(crate) fn round(
    school: &School,
    sender: &Sender,
    streams: Streams,
    now: Instant,
    at_once: bool,
) -> Result<SendReport, Trouble> {
    school.advance(now)?;
    outbox::round(&Telling(school), sender, streams, now, at_once)
}
