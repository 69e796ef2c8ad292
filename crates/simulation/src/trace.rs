//! What happened in a run: a hash of all of it, and the last events in words.

use domain::Instant;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many of the last events are kept in words.
const KEPT: usize = 60;

/// The one record of a run, which all parts of it write to.
#[derive(Clone, Default)]
pub struct Trace(Arc<Mutex<Events>>);

#[derive(Default)]
struct Events {
    hash: Sha256,
    last: VecDeque<String>,
    counts: BTreeMap<&'static str, u64>,
}

impl Trace {
    fn events(&self) -> MutexGuard<'_, Events> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an event of a kind, with what is particular to it.
    pub fn note(&self, at: Instant, kind: &'static str, what: &str) {
        let mut events = self.events();
        let line = format!("{} {kind} {what}", at.micros());
        events.hash.update(line.as_bytes());
        events.hash.update(b"\n");
        *events.counts.entry(kind).or_default() += 1;
        if events.last.len() == KEPT {
            events.last.pop_front();
        }
        let local = domain::Zone::Auckland.text(at);
        events.last.push_back(format!("{local} {kind} {what}"));
    }

    /// Takes bytes into the hash alone.
    pub fn bytes(&self, bytes: &[u8]) {
        self.events().hash.update(bytes);
    }

    /// The hash of everything so far, in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let hash = self.events().hash.clone().finalize();
        hash.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The last events in words, oldest first.
    #[must_use]
    pub fn last(&self) -> Vec<String> {
        self.events().last.iter().cloned().collect()
    }

    /// How often each kind of event happened.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.events().counts.clone()
    }
}
