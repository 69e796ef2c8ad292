//! Sealing a batch, and the names that hang on exact bytes: digests, record ids, addresses.

use crate::batch::Batch;
use crate::read::WireError;
use domain::{Date, SchoolNumber, TermId};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A batch as the exact bytes that travel. They are kept and resent as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Compact JSON, in the order of the schema.
    pub bytes: Vec<u8>,
    /// The value of the header `Content-Digest`, and of the next batch's `prevDigest`.
    pub digest: String,
}

/// Turns a batch into the bytes that travel.
#[must_use]
pub fn seal(batch: &Batch) -> Sealed {
    let bytes = serde_json::to_vec(batch).expect("a batch holds only texts, numbers and lists");
    let digest = digest(&bytes);
    Sealed { bytes, digest }
}

/// The digest of some bytes as `Content-Digest` writes it: `sha-256=:…:`.
///
/// Source: RFC 9530, section 2.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", base64(&Sha256::digest(bytes)))
}

/// Checks bytes against the header `Content-Digest`; answers with the digest. Other algorithms
/// in the header are passed over.
///
/// # Errors
/// [`WireError::DigestMissing`] without a SHA-256 digest, [`WireError::DigestMismatch`] when the
/// bytes are others.
pub fn verify(bytes: &[u8], header: Option<&str>) -> Result<String, WireError> {
    let members = header.unwrap_or_default().split(',').map(str::trim);
    let stated = members.into_iter().find(|member| member.starts_with("sha-256="));
    let Some(stated) = stated else { return Err(WireError::DigestMissing) };
    let actual = digest(bytes);
    if stated == actual { Ok(actual) } else { Err(WireError::DigestMismatch) }
}

/// Whether a text has the form of a digest.
pub(crate) fn is_digest(text: &str) -> bool {
    let inner = text.strip_prefix("sha-256=:").and_then(|rest| rest.strip_suffix("=:"));
    inner.is_some_and(|inner| {
        inner.len() == 43 && inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
    })
}

/// The id of a fact that has a natural key: the same school, kind and key always give the same
/// id, also after a restore.
///
/// A UUID of version 8 over SHA-256 (RFC 9562, section 5.8). An NSN is never part of a key.
#[must_use]
pub fn record_id(school: SchoolNumber, kind: &str, key: &str) -> String {
    let mut hash = Sha256::new();
    for part in ["starboard record 1", &school.to_string(), kind, key] {
        // The length keeps two parts from being read as others: "a" + "bc" is not "ab" + "c".
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = hash.finalize();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().take(16).enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Where a batch is put, below the collector's address.
#[must_use]
pub fn batch_path(school: SchoolNumber, epoch: u64, first_seq: u64) -> String {
    format!("/v1/schools/{school}/epochs/{epoch}/batches/{first_seq}")
}

/// Where a school asks how far the collector has got, below the collector's address.
#[must_use]
pub fn state_path(school: SchoolNumber) -> String {
    format!("/v1/schools/{school}/state")
}

/// What is asked of a term, below the collector's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestQuestion {
    /// The school.
    pub school: SchoolNumber,
    /// The term.
    pub term: TermId,
    /// The term's first day at the school.
    pub first_day: Date,
    /// The term's last day at the school.
    pub last_day: Date,
}

impl DigestQuestion {
    /// The address of the question.
    #[must_use]
    pub fn path(&self) -> String {
        let Self { school, term, first_day, last_day } = self;
        format!("/v1/schools/{school}/digest?term={term}&firstDay={first_day}&lastDay={last_day}")
    }
}

/// Base64 with padding (RFC 4648, section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                let index = group >> (18 - 6 * place) & 0x3f;
                text.push(char::from(LETTERS[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_examples_of_its_standard() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (bytes, text) in cases {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn the_digest_of_nothing_is_the_well_known_one() {
        let empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
        assert_eq!(digest(b""), empty);
        assert!(is_digest(empty) && !is_digest("sha-256=::") && !is_digest(""));
    }

    #[test]
    fn a_digest_is_found_among_others_and_a_wrong_one_is_refused() {
        let right = digest(b"abc");
        assert_eq!(verify(b"abc", Some(&right)), Ok(right.clone()));
        assert_eq!(verify(b"abc", Some(&format!("sha-512=:AAAA:, {right}"))), Ok(right.clone()));
        assert_eq!(verify(b"abd", Some(&right)), Err(WireError::DigestMismatch));
        for missing in [None, Some(""), Some("sha-512=:AAAA:")] {
            assert_eq!(verify(b"abc", missing), Err(WireError::DigestMissing));
        }
    }

    #[test]
    fn a_record_id_is_the_same_each_time_and_another_for_any_other_part() {
        let school = |text| SchoolNumber::parse(text).expect("a number");
        let id = record_id(school("9901"), "attendance", "S1 2026-05-04 am");
        assert_eq!(id, record_id(school("9901"), "attendance", "S1 2026-05-04 am"));
        assert_eq!((&id[14..15], id.len()), ("8", 36));
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"));
        for other in [
            record_id(school("990"), "1attendance", "S1 2026-05-04 am"),
            record_id(school("9901"), "closure", "S1 2026-05-04 am"),
            record_id(school("9901"), "attendance", "S1 2026-05-04 pm"),
        ] {
            assert_ne!(id, other);
        }
    }
}
