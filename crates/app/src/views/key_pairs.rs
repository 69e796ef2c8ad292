//! The school's key pairs for the Ministry: names, times and states, and nothing that is secret.

use crate::key_pairs::opened;
use crate::{Actor, AppError, School};
use domain::{Instant, Permission};
use store::key_pair::{KeyPairRow, Roles};

/// How far a key pair has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Made, and to be registered with the Ministry.
    Waiting,
    /// The school sends with it.
    InUse,
    /// It is to end at the Ministry.
    Ending,
    /// It ended.
    Ended,
    /// Its private half cannot be read on this machine.
    Unreadable,
}

/// A key pair as it is shown.
#[derive(Debug, Clone)]
pub struct KeyLine {
    /// Its name: the RFC 7638 thumbprint of its public half.
    pub kid: String,
    /// How far it has come.
    pub state: KeyState,
    /// When it was made.
    pub made_at: Instant,
    /// When the Ministry registered it.
    pub registered_at: Option<Instant>,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// What went wrong the last time, in words.
    pub problem: Option<String>,
    /// Whether it may be ended by hand.
    pub may_end: bool,
}

/// What the page about keys shows.
#[derive(Debug, Clone)]
pub struct KeysView {
    /// The pairs, the newest first.
    pub keys: Vec<KeyLine>,
    /// When the token of admission was entered, while it is kept.
    pub admission_entered_at: Option<Instant>,
    /// Where the school sends, if it was said.
    pub share_to: Option<String>,
}

/// How many pairs that ended are shown.
const ENDED: usize = 10;

impl School {
    /// The school's key pairs for the Ministry.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn key_pairs(&self, actor: &Actor, now: Instant) -> Result<KeysView, AppError> {
        let vault = self.vault.clone();
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeSharing, "see the school's keys")?;
            let number = reading.school.number;
            let pairs = store::key_pair::all(reading.tx, number)?;
            let roles = Roles::of(pairs.clone());
            let is = |role: &Option<KeyPairRow>, pair: &KeyPairRow| {
                role.as_ref().is_some_and(|known| known.kid == pair.kid)
            };
            let state = |pair: &KeyPairRow| match () {
                () if pair.ended_at.is_some() => KeyState::Ended,
                () if is(&roles.current, pair) || is(&roles.next, pair) => {
                    match opened(&vault, number, pair) {
                        Err(_) => KeyState::Unreadable,
                        Ok(()) if is(&roles.current, pair) => KeyState::InUse,
                        Ok(()) => KeyState::Waiting,
                    }
                }
                () => KeyState::Ending,
            };
            let line = |pair: KeyPairRow| KeyLine {
                state: state(&pair),
                may_end: is(&roles.next, &pair) && (roles.current.is_some() || pair.tried_at.is_none()),
                kid: pair.kid,
                made_at: pair.made_at,
                registered_at: pair.registered_at,
                last_used_at: pair.last_used_at,
                ended_at: pair.ended_at,
                problem: pair.problem,
            };
            let (ended, good): (Vec<_>, Vec<_>) =
                pairs.into_iter().rev().map(line).partition(|line| line.state == KeyState::Ended);
            let keys = good.into_iter().chain(ended.into_iter().take(ENDED)).collect();
            let admission = store::key_pair::admission(reading.tx, number)?;
            Ok(KeysView {
                keys,
                admission_entered_at: admission.map(|token| token.entered_at),
                share_to: reading.school.share_to.clone(),
            })
        })
    }
}
