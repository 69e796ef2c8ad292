//! Reading what came from outside, within limits.
//!
//! A batch is read in two steps: the envelope as a whole, then each record by itself, so that one
//! bad record among four hundred stops no other. What was sent is never repeated in an error: a
//! value in the wrong place may be somebody's name.

use crate::answer::{Digests, Problem, ProblemKind, Receipt, Rejected, SchoolState, SenderState, Service};
use crate::batch::{Batch, Record, SCHEMA_VERSION, check_text};
use crate::digest::is_digest;
use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;

/// The most bytes of a batch: 16 MiB.
pub const MAX_BATCH_BYTES: usize = 16 * 1024 * 1024;

/// The most records of a batch.
pub const MAX_RECORDS: usize = 20_000;

/// The most bytes of an answer: 16 MiB, a receipt that rejects every record.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// The largest number that every JSON reader keeps exactly: 2⁵³ − 1.
pub const LARGEST_NUMBER: u64 = (1 << 53) - 1;

/// A batch as it was read: each record, or why it cannot be taken.
pub type Received = Batch<Result<Record, Box<Rejected>>>;

/// Why something from outside cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// More than [`MAX_BATCH_BYTES`], or for an answer [`MAX_ANSWER_BYTES`].
    #[error("more than {0} bytes")]
    TooManyBytes(usize),
    /// More than [`MAX_RECORDS`].
    #[error("more than {MAX_RECORDS} records")]
    TooManyRecords,
    /// Another version of the protocol.
    #[error("schemaVersion is not \"{SCHEMA_VERSION}\"")]
    Version,
    /// Not the JSON of the schema.
    #[error("{0}")]
    Malformed(String),
    /// A record cannot be taken; only where all must be.
    #[error("record {seq}: {detail}")]
    Record {
        /// Its number.
        seq: u64,
        /// What is wrong.
        detail: String,
    },
    /// No SHA-256 digest in the header.
    #[error("the header Content-Digest names no sha-256 digest")]
    DigestMissing,
    /// The bytes are others.
    #[error("the bytes are not those of the digest")]
    DigestMismatch,
}

impl WireError {
    /// The problem that answers it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let kind = match self {
            Self::TooManyBytes(_) | Self::TooManyRecords => ProblemKind::TooLarge,
            Self::Version | Self::Malformed(_) | Self::Record { .. } => ProblemKind::BatchMalformed,
            Self::DigestMissing => ProblemKind::DigestMissing,
            Self::DigestMismatch => ProblemKind::DigestMismatch,
        };
        Problem::new(kind, self.to_string())
    }
}

/// Reads a batch: the envelope must be right, each record is read by itself.
///
/// # Errors
/// [`WireError`] says what is wrong with the batch as a whole.
pub fn read(bytes: &[u8]) -> Result<Received, WireError> {
    if bytes.len() > MAX_BATCH_BYTES {
        return Err(WireError::TooManyBytes(MAX_BATCH_BYTES));
    }
    let raw: Batch<&RawValue> = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    check_envelope(&raw)?;
    let mut last = raw.first_seq - 1;
    let mut records = Vec::with_capacity(raw.records.len());
    for (index, text) in raw.records.iter().enumerate() {
        let head: RecordHead = serde_json::from_str(text.get())
            .map_err(|_| WireError::Malformed(format!("record {index} has no seq that can be read")))?;
        if head.seq <= last || head.seq > raw.last_seq {
            return Err(WireError::Malformed(
                "the seq of the records rise, from firstSeq at the least to lastSeq at the most".to_owned(),
            ));
        }
        last = head.seq;
        records.push(read_record(text.get(), index, head));
    }
    Ok(Batch {
        schema_version: raw.schema_version,
        school_number: raw.school_number,
        school_name: raw.school_name,
        epoch: raw.epoch,
        first_seq: raw.first_seq,
        last_seq: raw.last_seq,
        prev_digest: raw.prev_digest,
        generated_at: raw.generated_at,
        records,
    })
}

/// Reads a batch of which every record must be right: for senders, tests and tools.
///
/// # Errors
/// [`WireError`] says what is wrong first.
pub fn parse(bytes: &[u8]) -> Result<Batch, WireError> {
    let batch = read(bytes)?;
    let records = batch.records.into_iter().collect::<Result<Vec<_>, _>>();
    let records = records
        .map_err(|rejected| WireError::Record { seq: rejected.seq, detail: rejected.problem.detail })?;
    Ok(Batch {
        schema_version: batch.schema_version,
        school_number: batch.school_number,
        school_name: batch.school_name,
        epoch: batch.epoch,
        first_seq: batch.first_seq,
        last_seq: batch.last_seq,
        prev_digest: batch.prev_digest,
        generated_at: batch.generated_at,
        records,
    })
}

/// Reads a receipt.
///
/// # Errors
/// [`WireError`] says why it is none.
pub fn parse_receipt(bytes: &[u8]) -> Result<Receipt, WireError> {
    answer(bytes)
}

/// Reads a problem.
///
/// # Errors
/// [`WireError`] says why it is none.
pub fn parse_problem(bytes: &[u8]) -> Result<Problem, WireError> {
    answer(bytes)
}

/// Reads the state of a school.
///
/// # Errors
/// [`WireError`] says why it is none.
pub fn parse_state(bytes: &[u8]) -> Result<SchoolState, WireError> {
    answer(bytes)
}

/// Reads the digests of a term.
///
/// # Errors
/// [`WireError`] says why they are none.
pub fn parse_digests(bytes: &[u8]) -> Result<Digests, WireError> {
    answer(bytes)
}

/// Reads what a collector says of itself.
///
/// # Errors
/// [`WireError`] says why it is nothing of the kind.
pub fn parse_service(bytes: &[u8]) -> Result<Service, WireError> {
    answer(bytes)
}

/// Reads how far a sender has come.
///
/// # Errors
/// [`WireError`] says why it is nothing of the kind.
pub fn parse_sender_state(bytes: &[u8]) -> Result<SenderState, WireError> {
    answer(bytes)
}

fn answer<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    if bytes.len() > MAX_ANSWER_BYTES {
        return Err(WireError::TooManyBytes(MAX_ANSWER_BYTES));
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(&error))
}

/// What must be readable even of a record that is rejected.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordHead {
    seq: u64,
    #[serde(default)]
    record_id: serde_json::Value,
}

fn read_record(text: &str, index: usize, head: RecordHead) -> Result<Record, Box<Rejected>> {
    let reject = |kind, detail: String| {
        let id = head.record_id.as_str().filter(|id| id.len() == 36 && id.is_ascii());
        let problem = Problem::new(kind, detail).at(format!("/records/{index}"));
        Box::new(Rejected { seq: head.seq, record_id: id.unwrap_or_default().to_owned(), problem })
    };
    let record: Record = serde_json::from_str(text)
        .map_err(|error| reject(ProblemKind::RecordMalformed, scrubbed(&error.to_string())))?;
    match record.check() {
        Ok(()) => Ok(record),
        Err(detail) => Err(reject(ProblemKind::RecordInvalid, detail)),
    }
}

fn check_envelope<R>(batch: &Batch<R>) -> Result<(), WireError> {
    let malformed = |detail: &str| Err(WireError::Malformed(detail.to_owned()));
    if batch.schema_version != SCHEMA_VERSION {
        return Err(WireError::Version);
    }
    if batch.records.len() > MAX_RECORDS {
        return Err(WireError::TooManyRecords);
    }
    let numbers = [batch.epoch, batch.first_seq, batch.last_seq];
    if numbers.iter().any(|&number| number == 0 || number >= LARGEST_NUMBER) {
        return malformed("epoch, firstSeq and lastSeq are whole numbers from 1");
    }
    if batch.last_seq < batch.first_seq {
        return malformed("lastSeq comes before firstSeq");
    }
    if batch.first_seq == 1 && !batch.prev_digest.is_empty() {
        return malformed("the first batch of an epoch has an empty prevDigest");
    }
    if batch.first_seq > 1 && !is_digest(&batch.prev_digest) {
        return malformed("prevDigest is the digest of the batch before, as sha-256=:…:");
    }
    if let Some(name) = &batch.school_name {
        check_text("schoolName", name, 200).map_err(WireError::Malformed)?;
    }
    Ok(())
}

/// Reads a list of records and stops keeping them past the limit, so that a long list costs no
/// memory.
pub(crate) fn bounded<'de, D, R>(deserializer: D) -> Result<Vec<R>, D::Error>
where
    D: Deserializer<'de>,
    R: Deserialize<'de>,
{
    struct Bounded<R>(PhantomData<R>);

    impl<'de, R: Deserialize<'de>> Visitor<'de> for Bounded<R> {
        type Value = Vec<R>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a list of records")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut records = Vec::new();
            while records.len() <= MAX_RECORDS {
                match list.next_element()? {
                    Some(record) => records.push(record),
                    None => return Ok(records),
                }
            }
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(records)
        }
    }

    deserializer.deserialize_seq(Bounded(PhantomData))
}

fn malformed(error: &serde_json::Error) -> WireError {
    WireError::Malformed(scrubbed(&error.to_string()))
}

/// A reader's message without anything that was sent: only names of members that look like
/// names are kept.
fn scrubbed(message: &str) -> String {
    let place = message.rfind(" at line ").map_or("", |at| &message[at..]);
    let text = message.strip_suffix(place).unwrap_or(message);
    let is_name = |name: &str| {
        name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    let ours = ["missing field", "duplicate field", "expected "];
    let kept = if ours.iter().any(|start| text.starts_with(start)) {
        text.to_owned()
    } else if let Some((what, rest)) = text.split_once(" `").filter(|(what, _)| what.starts_with("unknown")) {
        let (name, expected) = rest.rsplit_once("`, expected").unwrap_or((rest, ""));
        format!("{what} {}, expected{expected}", if is_name(name) { name } else { "…" })
    } else if let Some((_, expected)) = text.rsplit_once(", expected ") {
        format!("expected {expected}")
    } else {
        "not the JSON of the schema".to_owned()
    };
    kept.chars().take(300).collect::<String>() + place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_names_of_members_and_drops_values() {
        let cases = [
            ("missing field `seq` at line 1 column 9", "missing field `seq` at line 1 column 9"),
            (
                "unknown field `note`, expected one of `a`, `b`",
                "unknown field note, expected one of `a`, `b`",
            ),
            ("unknown field `Aroha Ngata`, expected `a`", "unknown field …, expected `a`"),
            (
                "invalid type: string \"Aroha\\\" x\", expected u64 at line 1 column 2",
                "expected u64 at line 1 column 2",
            ),
            ("Aroha", "not the JSON of the schema"),
        ];
        for (message, expected) in cases {
            assert_eq!(scrubbed(message), expected);
        }
    }
}
