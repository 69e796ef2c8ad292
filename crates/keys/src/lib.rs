//! Key pairs, signatures and sealed secrets: who may speak for a school, and what only this machine
//! may read.
//!
//! Stands beside the flow. The school's side proves with a [`KeyPair`] who it is and seals what must
//! stay secret in a [`Vault`]; the Ministry's side checks the one and signs with its own. Knows no
//! school, no database and no network: it reads and writes nothing but a key's own file.
//!
//! Choice: decision 0037. One algorithm (Ed25519), one way of writing keys and signatures each.
//!
//! ```text
//! KeyPair → assertion::make → (the wire) → Presented → prove → Proven
//! KeyPair → sign → compact JWS → Signed → payload
//! secret → Vault::seal → a text for the database → Vault::open → secret
//! WebhookSecret → sign → the header of one try
//! ```

pub mod assertion;
mod file;
mod jws;
mod pair;
mod public;
mod vault;
mod webhook;

pub use file::FileError;
pub use jws::Signed;
pub use pair::{KeyPair, PairFile};
pub use public::PublicKey;
pub use vault::{Vault, VaultError};
pub use webhook::WebhookSecret;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Why a key or a signature is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is no public key of the one kind.
    #[error("this is no public key as JWK (kty OKP, crv Ed25519): {0}")]
    NoKey(&'static str),
    /// It holds the private half.
    #[error("this holds the private half of a key, which never leaves its owner: make a new key pair")]
    Private,
    /// The text is no compact JWS signed with EdDSA.
    #[error("this is no compact JWS signed with EdDSA: {0}")]
    NoSignature(&'static str),
    /// It was not signed with this key, or was changed since.
    #[error("the signature is not by this key")]
    WrongSignature,
    /// The machine gives no random bytes.
    #[error("the machine gives no random bytes")]
    Random,
}

/// Bytes as base64url without padding.
fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of base64url without padding; nothing else is read.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Reads an object of JSON; a list in an object's place is none.
fn read_object<T: serde::de::DeserializeOwned>(text: &[u8]) -> Option<T> {
    let begins = text.iter().find(|byte| !byte.is_ascii_whitespace());
    begins.filter(|first| **first == b'{').and_then(|_| serde_json::from_slice(text).ok())
}

/// Random bytes of the operating system.
fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], KeyError> {
    let mut bytes = [0; LENGTH];
    let source = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&source, &mut bytes).map_err(|_| KeyError::Random)?;
    Ok(bytes)
}
