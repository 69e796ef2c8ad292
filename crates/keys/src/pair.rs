//! A key pair: made here, kept as its seed, never shown.

use crate::file::{self, FileError};
use crate::{KeyError, PublicKey};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// An Ed25519 key pair.
pub struct KeyPair {
    pair: Ed25519KeyPair,
    seed: [u8; 32],
}

impl KeyPair {
    /// A new one.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate() -> Result<Self, KeyError> {
        Self::from_seed(&crate::random::<32>()?)
    }

    /// The one of a seed, which is its private half.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] when it is not 32 bytes.
    pub fn from_seed(seed: &[u8]) -> Result<Self, KeyError> {
        let refused = KeyError::NoKey("a private half is 32 bytes");
        let seed: [u8; 32] = seed.try_into().map_err(|_| refused.clone())?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| refused)?;
        Ok(Self { pair, seed })
    }

    /// Its private half, to be sealed.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let bytes = self.pair.public_key().as_ref().try_into();
        PublicKey::from_bytes(bytes.expect("an Ed25519 public key is 32 bytes"))
    }

    pub(crate) fn sign_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.pair.sign(bytes).as_ref().to_vec()
    }
}

/// The private half is never written anywhere by accident.
impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({}, •••)", self.public().kid())
    }
}

/// A key pair in a file of its own, made when it is first asked for.
pub struct PairFile {
    path: PathBuf,
    read: Mutex<Option<Arc<KeyPair>>>,
}

impl PairFile {
    /// The pair of a file, which need not be there yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), read: Mutex::new(None) }
    }

    /// The pair.
    ///
    /// # Errors
    /// When the file cannot be made or read, or others may read it.
    pub fn pair(&self) -> Result<Arc<KeyPair>, FileError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pair) = &*read {
            return Ok(Arc::clone(pair));
        }
        let seed = file::read_or_make(&self.path, file::Kind::Signing)?;
        let pair = KeyPair::from_seed(&seed).map_err(|_| FileError::NoKey(self.path.clone()))?;
        let pair = Arc::new(pair);
        *read = Some(Arc::clone(&pair));
        Ok(pair)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_made_anew_each_time_and_the_same_from_its_seed() {
        let (one, other) = (KeyPair::generate().expect("a pair"), KeyPair::generate().expect("a pair"));
        assert_ne!(one.public(), other.public());
        let again = KeyPair::from_seed(one.seed()).expect("a pair");
        assert_eq!(again.public(), one.public());
        assert!(KeyPair::from_seed(&[7; 31]).is_err());
    }

    #[test]
    fn the_public_half_is_the_one_of_the_rfc() {
        // Source: RFC 8037, appendix A.1 and A.2.
        let seed = crate::decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").expect("base64url");
        let pair = KeyPair::from_seed(&seed).expect("a pair");
        assert_eq!(pair.public().x(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    }

    #[test]
    fn r36_a_pair_does_not_show_its_private_half() {
        let pair = KeyPair::generate().expect("a pair");
        let shown = format!("{pair:?}");
        assert!(shown.contains(&pair.public().kid()) && !shown.contains(&crate::encode(pair.seed())));
        assert!(!shown.contains(&format!("{:?}", pair.seed())));
    }
}
