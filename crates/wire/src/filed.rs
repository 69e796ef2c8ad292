//! What travels as a file, where a school has no line: signed batches, and signed answers to them.
//!
//! Source: RFC 7515 for the form of each line; docs/wire/v1.md for what stands in it.

use crate::plain::Plain;
use crate::read::{MAX_ANSWER_BYTES, WireError};
use domain::SchoolNumber;
use serde::{Deserialize, Serialize};

/// The `typ` of a signed batch.
pub const BATCH_TYP: &str = "starboard-batch+json";

/// The `typ` of a signed answer.
pub const ANSWER_TYP: &str = "starboard-answer+json";

/// The answer to a batch that came as a file: what its address would have answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FiledAnswer {
    /// The school of the batch.
    pub school_number: Plain<SchoolNumber>,
    /// Its epoch.
    pub epoch: u64,
    /// Its first number.
    pub first_seq: u64,
    /// The digest of the batch that is answered.
    pub digest: String,
    /// The HTTP status that it would have had.
    pub status: u16,
    /// The receipt or the problem.
    pub body: serde_json::Value,
}

impl FiledAnswer {
    /// The answer to a batch, with the body that its address would have given.
    #[must_use]
    pub fn new(
        school: SchoolNumber,
        (epoch, first_seq): (u64, u64),
        digest: String,
        status: u16,
        body: &[u8],
    ) -> Self {
        let body = serde_json::from_slice(body).unwrap_or_default();
        Self { school_number: school.into(), epoch, first_seq, digest, status, body }
    }

    /// The answer as compact JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an answer holds only texts, numbers and lists")
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// [`WireError`] says why it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > MAX_ANSWER_BYTES {
            return Err(WireError::TooManyBytes(MAX_ANSWER_BYTES));
        }
        serde_json::from_slice(bytes).map_err(|_| WireError::Malformed("not an answer to a file".to_owned()))
    }

    /// The body as bytes, as a line would have brought it.
    #[must_use]
    pub fn body_bytes(&self) -> Vec<u8> {
        self.body.to_string().into_bytes()
    }
}
