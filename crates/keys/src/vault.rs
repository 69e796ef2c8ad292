//! Small secrets, sealed with a key that is never in the database they are kept in.
//!
//! What is sealed bears what it is and whose: a text that is moved to another row does not open.

use crate::file::{self, FileError, Kind};
use crate::{KeyError, decode, encode, random};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Why a secret cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// No file was named in which the key could be.
    #[error("this server was not told where the key to its secrets is: start it with --secrets-key FILE")]
    NoPlace,
    /// The file is of no use.
    #[error(transparent)]
    File(#[from] FileError),
    /// It was sealed with another key.
    #[error("this secret was sealed with another key than the one in {}", .0.display())]
    OtherKey(PathBuf),
    /// It was changed since, or belongs elsewhere.
    #[error("this sealed secret is damaged")]
    Damaged,
    /// The machine gives no random bytes.
    #[error(transparent)]
    Random(#[from] KeyError),
}

/// Seals and opens secrets with the key in a file, which is made when something is first sealed.
pub struct Vault {
    path: Option<PathBuf>,
    read: Mutex<Option<[u8; 32]>>,
}

/// How a sealed secret begins.
const VERSION: &str = "1";

impl Vault {
    /// The file within a data directory.
    pub const FILE: &'static str = "secrets.key";

    /// With the key in this file.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: Some(path.into()), read: Mutex::new(None) }
    }

    /// With no key at all: it says so whenever it is asked for something.
    #[must_use]
    pub fn nowhere() -> Self {
        Self { path: None, read: Mutex::new(None) }
    }

    /// The file with the key, if one was named.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Seals a secret as a text. `what` it is and `whose` must be said again to open it.
    ///
    /// # Errors
    /// When there is no key and none can be made.
    ///
    /// # Panics
    /// Never: small secrets are far below what the cipher can take.
    pub fn seal(&self, what: &str, whose: &str, secret: &[u8]) -> Result<String, VaultError> {
        let key = self.key(file::read_or_make)?;
        let nonce = random::<12>()?;
        let mut sealed = secret.to_vec();
        cipher(&key)
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), about(what, whose), &mut sealed)
            .expect("a small secret");
        Ok(format!("{VERSION}.{}.{}.{}", name(&key), encode(&nonce), encode(&sealed)))
    }

    /// Opens a sealed secret.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] when another key sealed it, [`VaultError::Damaged`] when it was changed
    /// or is something else or somebody else's, others when the key is not there.
    pub fn open(&self, what: &str, whose: &str, sealed: &str) -> Result<Vec<u8>, VaultError> {
        let key = self.key(file::read)?;
        let parts: Vec<&str> = sealed.split('.').collect();
        let [VERSION, by, nonce, bytes] = parts[..] else { return Err(VaultError::Damaged) };
        if by != name(&key) {
            return Err(VaultError::OtherKey(self.path.clone().unwrap_or_default()));
        }
        let nonce = decode(nonce).and_then(|nonce| nonce.try_into().ok()).ok_or(VaultError::Damaged)?;
        let mut bytes = decode(bytes).ok_or(VaultError::Damaged)?;
        let opened = cipher(&key)
            .open_in_place(Nonce::assume_unique_for_key(nonce), about(what, whose), &mut bytes)
            .map_err(|_| VaultError::Damaged)?;
        Ok(opened.to_vec())
    }

    fn key(&self, get: fn(&Path, Kind) -> Result<[u8; 32], FileError>) -> Result<[u8; 32], VaultError> {
        let path = self.path.as_deref().ok_or(VaultError::NoPlace)?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = *read {
            return Ok(key);
        }
        let key = get(path, Kind::Sealing)?;
        *read = Some(key);
        Ok(key)
    }
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).expect("a key of 32 bytes"))
}

/// A short name of a key, which tells nothing of it.
fn name(key: &[u8; 32]) -> String {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    context.update(b"starboard name of a sealing key");
    context.update(key);
    encode(&context.finish().as_ref()[..6])
}

fn about(what: &str, whose: &str) -> Aad<Vec<u8>> {
    Aad::from(format!("{}:{what}{whose}", what.len()).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("starboard-vault-{name}-{}.key", std::process::id()))
    }

    #[test]
    fn r36_a_secret_opens_for_what_and_whose_it_is_and_for_nothing_else() {
        let path = path("one");
        let vault = Vault::at(&path);
        assert!(matches!(vault.open("token", "189", "1.a.b.c"), Err(VaultError::File(FileError::Gone(_)))));
        let sealed = vault.seal("token", "189", b"CANARY").expect("sealed");
        assert_ne!(sealed, vault.seal("token", "189", b"CANARY").expect("sealed"), "never twice the same");
        assert_eq!(vault.open("token", "189", &sealed), Ok(b"CANARY".to_vec()));
        assert_eq!(Vault::at(&path).open("token", "189", &sealed), Ok(b"CANARY".to_vec()));
        for (what, whose) in [("token", "12"), ("key", "189"), ("token1", "89"), ("", "token189")] {
            assert_eq!(vault.open(what, whose, &sealed), Err(VaultError::Damaged), "{what} {whose}");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("letters");
            assert!(vault.open("token", "189", &changed).is_err(), "{at}");
        }
        for bad in ["", "1", "1.a.b", "2.a.b.c", "1.a.b.c.d"] {
            assert!(vault.open("token", "189", bad).is_err(), "{bad}");
        }
        std::fs::remove_file(path).expect("removed");
    }

    #[test]
    fn r36_without_its_key_a_secret_stays_closed_and_the_words_say_so() {
        let (here, elsewhere) = (path("here"), path("elsewhere"));
        let sealed = Vault::at(&here).seal("key", "189", b"CANARY").expect("sealed");
        let other = Vault::at(&elsewhere);
        other.seal("key", "189", b"x").expect("sealed");
        let refused = other.open("key", "189", &sealed).expect_err("another key");
        assert_eq!(refused, VaultError::OtherKey(elsewhere.clone()));
        assert!(refused.to_string().contains("sealed with another key"));
        let nowhere = Vault::nowhere();
        assert_eq!(nowhere.seal("key", "189", b"x"), Err(VaultError::NoPlace));
        assert_eq!(nowhere.open("key", "189", &sealed), Err(VaultError::NoPlace));
        for path in [here, elsewhere] {
            std::fs::remove_file(path).expect("removed");
        }
    }
}
