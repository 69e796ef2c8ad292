//! Where randomness comes from: the operating system, or a seed when a demo must repeat itself.

use sha2::{Digest, Sha256};
use std::sync::{Mutex, PoisonError};

/// A source of random bytes.
pub enum Entropy {
    /// The operating system's.
    System,
    /// Bytes that follow from a seed. For made-up data alone: anybody can guess them.
    Seeded(Mutex<(u64, u64)>),
}

impl Entropy {
    /// A source that always gives the same bytes for the same seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Mutex::new((seed, 0)))
    }

    /// 32 random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing secret can be made then.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        match self {
            Self::System => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
                bytes
            }
            Self::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.1 += 1;
                Sha256::digest(format!("starboard demo {} {}", state.0, state.1)).into()
            }
        }
    }

    /// A secret of 256 bits as 64 hexadecimal digits.
    #[must_use]
    pub fn token(&self) -> String {
        hex(&self.bytes())
    }

    /// A time-ordered identity (UUID version 7) for something made at an instant.
    ///
    /// Source: RFC 9562, section 5.7.
    #[must_use]
    pub fn uuid(&self, now: domain::Instant) -> String {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.bytes()[..16]);
        let millis = now.micros().div_euclid(1_000).to_be_bytes();
        bytes[..6].copy_from_slice(&millis[2..]);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        let text = hex(&bytes);
        format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of a text or file, as hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_ordered_by_time_and_marked_as_version_7() {
        let entropy = Entropy::seeded(1);
        let now = domain::Instant::parse("2026-05-04T09:00:00+12:00").expect("a time");
        let (first, second) = (entropy.uuid(now), entropy.uuid(now.plus_seconds(1)));
        assert!(first < second);
        assert_eq!((first.len(), &first[14..15]), (36, "7"));
        assert!("89ab".contains(&first[19..20]));
    }

    #[test]
    fn a_seed_repeats_and_the_system_does_not() {
        assert_eq!(Entropy::seeded(7).token(), Entropy::seeded(7).token());
        assert_ne!(Entropy::seeded(7).token(), Entropy::seeded(8).token());
        assert_ne!(Entropy::System.token(), Entropy::System.token());
    }
}
