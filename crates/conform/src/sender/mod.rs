//! Judges a sender: the kit listens as a collector and looks at what is put, and what comes again
//! after each kind of answer.
//!
//! The scenarios share the one queue that a sender has. First nothing is taken, so that the same
//! batch must come again; then a few batches; in the end everything. So a sender needs some thirty
//! facts to tell when it begins, and each scenario can also be run alone.

mod bench;
mod desk;
mod form;
mod holds;
mod retry;
mod stance;
mod taking;
mod whole;

use crate::finding::Verdict;
use crate::listener::Listener;
use crate::{Line, Listed, Outcome, Report};
use bench::Bench;
use desk::Desk;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a sender is made to send.
#[derive(Debug, Clone)]
pub enum Drive {
    /// By its control address.
    Control {
        /// `http://host:port`.
        address: String,
        /// How long to wait for a first batch after it answered.
        patience: Duration,
    },
    /// By a person, who is told when.
    ByHand {
        /// How long to wait for a first batch.
        patience: Duration,
    },
}

/// A scenario and how it is run.
struct Scenario {
    listed: Listed,
    run: fn(&Bench<'_>) -> Verdict,
}

const fn scenario(
    name: &'static str,
    section: &'static str,
    about: &'static str,
    run: fn(&Bench<'_>) -> Verdict,
) -> Scenario {
    Scenario { listed: Listed { name, about, section }, run }
}

/// All of them, in the order in which they run.
fn all() -> impl Iterator<Item = &'static Scenario> {
    [form::CONTROL, retry::ALL, taking::ALL, whole::ALL, form::ALL].into_iter().flatten()
}

/// What can be tried.
pub fn scenarios() -> impl Iterator<Item = Listed> {
    all().map(|scenario| scenario.listed)
}

/// The kit's collector, which listens.
pub struct Kit {
    listener: Listener,
    desk: Arc<Mutex<Desk>>,
}

impl Kit {
    /// Listens at an address, to which the sender under test is told to send.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn listen(address: SocketAddr) -> io::Result<Self> {
        let desk = Arc::new(Mutex::new(Desk::default()));
        let shared = Arc::clone(&desk);
        let listener = Listener::start(address, wire::MAX_BATCH_BYTES, move |request| {
            shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner).answer(request)
        })?;
        Ok(Self { listener, desk })
    }

    /// Where it listens: `http://…`.
    #[must_use]
    pub fn url(&self) -> String {
        self.listener.url()
    }

    /// Tries the sender: all scenarios, or only those that are named. What a person must do is said
    /// by `say`.
    #[must_use]
    pub fn judge(&self, drive: &Drive, only: &[String], say: &dyn Fn(&str)) -> Report {
        let bench = Bench::new(Arc::clone(&self.desk), drive, say);
        let is_chosen = |name| only.is_empty() || only.iter().any(|chosen| chosen == name);
        let mut lines = Vec::new();
        for scenario in all().filter(|scenario| is_chosen(scenario.listed.name)) {
            if matches!(drive, Drive::ByHand { .. }) {
                say(&format!("{}: {}", scenario.listed.name, scenario.listed.about));
            }
            let outcome = Outcome::from((scenario.run)(&bench));
            lines.push(Line { scenario: scenario.listed, outcome });
        }
        let address = match drive {
            Drive::Control { address, .. } => address.clone(),
            Drive::ByHand { .. } => "by hand".to_owned(),
        };
        Report { side: "sender", address, lines }
    }
}
