//! What a school proves itself with when it sends.

use domain::{Instant, SchoolNumber};
use keys::KeyPair;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// How long before its end a token is no longer used, in seconds.
const MARGIN: i64 = 30;

/// Notes that a key was used.
pub(crate) type Used = Box<dyn Fn(Instant) + Send + Sync>;

/// What a school proves itself with.
pub enum Credentials {
    /// Nothing: a rehearsal.
    Nothing,
    /// A token that an operator keeps in a file.
    Token(String),
    /// A token that a key may take the place of at any moment: that it is not taken is no fault of what
    /// was sent.
    Passing(String),
    /// A key of its own.
    Key(Box<Signer>),
    /// A key that cannot be read on this machine, and why.
    Closed(String),
}

/// What is secret is not shown.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Token(_) | Self::Passing(_) => "a token",
            Self::Key(_) => "a key",
            Self::Closed(_) => "a key that cannot be read",
        })
    }
}

impl From<Option<String>> for Credentials {
    fn from(token: Option<String>) -> Self {
        token.map_or(Self::Nothing, Self::Token)
    }
}

/// A key, and the access token that was last given for it.
pub struct Signer {
    pub(crate) pair: KeyPair,
    pub(crate) school: SchoolNumber,
    /// What is sent instead while the Ministry does not know the key yet.
    pub(crate) instead: Option<String>,
    pub(crate) used: Option<Used>,
    given: Mutex<Option<(String, Instant)>>,
}

impl Signer {
    /// A school's key.
    #[must_use]
    pub fn new(pair: KeyPair, school: SchoolNumber) -> Self {
        Self { pair, school, instead: None, used: None, given: Mutex::new(None) }
    }

    /// The assertion with which a token is asked for at an address.
    pub(crate) fn assertion(&self, address: &str, now: Instant) -> Result<String, keys::KeyError> {
        let audience = format!("{address}{}", wire::token_path());
        let seconds = now.micros().div_euclid(1_000_000);
        keys::assertion::make(&self.pair, &self.school.to_string(), &audience, seconds)
    }

    /// The token at hand, while it is good.
    pub(crate) fn at_hand(&self, now: Instant) -> Option<String> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.as_ref().filter(|(_, ends)| now < *ends).map(|(token, _)| token.clone())
    }

    /// Keeps a token for as long as it is good.
    pub(crate) fn keep(&self, token: &str, seconds: u64, now: Instant) {
        let seconds = i64::try_from(seconds.min(24 * 60 * 60)).unwrap_or_default();
        let ends = now.plus_seconds(seconds - MARGIN);
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.to_owned(), ends));
        if let Some(used) = &self.used {
            used(now);
        }
    }

    /// Forgets the token at hand.
    pub(crate) fn forget(&self) {
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r36_a_token_is_used_until_shortly_before_its_end_and_nothing_secret_is_shown() {
        let pair = KeyPair::generate().expect("a pair");
        let signer = Signer::new(pair, SchoolNumber::parse("189").expect("a number"));
        let now = Instant::parse("2026-05-04T06:00:00Z").expect("a time");
        assert_eq!(signer.at_hand(now), None);
        signer.keep("CANARY", 600, now);
        assert_eq!(signer.at_hand(now.plus_seconds(569)).as_deref(), Some("CANARY"));
        assert_eq!(signer.at_hand(now.plus_seconds(570)), None);
        for credentials in [Credentials::Key(Box::new(signer)), Some("CANARY".to_owned()).into()] {
            assert!(!format!("{credentials:?}").contains("CANARY"));
        }
    }
}
