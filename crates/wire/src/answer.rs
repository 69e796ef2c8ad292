//! What the Ministry answers: a receipt, the state of a school, digests of a term, or a problem.
//!
//! Unlike a batch, an answer may grow members that an older sender passes over.

use crate::plain::{OffsetTime, Plain};
use domain::{Date, SchoolNumber};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The answer to a batch that was taken. The same batch sent again gets the same receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Names this receipt.
    pub receipt_id: String,
    /// The school whose batch was taken.
    pub school_number: Plain<SchoolNumber>,
    /// The digest of the batch that was taken, over its bytes as they were sealed.
    pub digest: String,
    /// The last number of the epoch that has been taken, without gaps.
    pub accepted_through: u64,
    /// The number that the next batch begins with.
    pub expected_seq: u64,
    /// The records that were not taken; all others were.
    pub rejected: Vec<Rejected>,
}

/// A record that was not taken, and why. It never stops the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rejected {
    /// Its number.
    pub seq: u64,
    /// Its record; empty where that could not be read.
    pub record_id: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// How far the collector has got with one school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchoolState {
    /// The school.
    pub school_number: Plain<SchoolNumber>,
    /// The epoch it is in; 0 before the first batch.
    pub epoch: u64,
    /// The number that the next batch of that epoch begins with.
    pub expected_seq: u64,
    /// The digest of the last batch taken; empty before the first.
    pub head_digest: String,
}

/// What a collector holds of some facts, in short.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sum {
    /// How many facts hold.
    pub count: u64,
    /// Their hashes laid over one another, in base64 (see [`crate::FactHash`]).
    pub hash: String,
}

/// What a collector holds of one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DaySum {
    /// The date at the school.
    pub date: Plain<Date>,
    /// The attendance values, closures and day records of that date.
    #[serde(flatten)]
    pub sum: Sum,
}

/// What a collector holds of a school's term, in short enough a form to compare every day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Digests {
    /// The school.
    pub school_number: Plain<SchoolNumber>,
    /// The epoch it is in; 0 before the first batch.
    pub epoch: u64,
    /// The last number of that epoch that was taken.
    pub accepted_through: u64,
    /// Each date of the term of which something holds, in order.
    pub days: Vec<DaySum>,
    /// The crossings and responses of the term.
    pub term: Sum,
}

/// What a collector says of itself before anybody sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// The versions of the protocol that it speaks.
    pub versions: Vec<String>,
    /// The most bytes of a batch, uncompressed.
    pub max_batch_bytes: u64,
    /// The most records of a batch.
    pub max_records: u64,
    /// The values of Content-Encoding that it takes.
    pub content_encodings: Vec<String>,
    /// Where access tokens are given out.
    pub token_endpoint: String,
}

/// How far a sender has come with its school, at its control address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SenderState {
    /// The school.
    pub school_number: Plain<SchoolNumber>,
    /// The epoch that it is in.
    pub epoch: u64,
    /// The last number that was given to a version of a fact; 0 before the first.
    pub numbered_through: u64,
    /// The last number for which there is a receipt; 0 before the first.
    pub acknowledged_through: u64,
    /// Records of this epoch that were left out or refused, and wait for a person.
    pub left_out: u64,
    /// When a receipt last came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_received_at: Option<Plain<OffsetTime>>,
    /// What is in the way, in words; left out when nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

macro_rules! to_json {
    ($($answer:ty),*) => {
        $(impl $answer {
            /// The answer as compact JSON.
            #[must_use]
            pub fn to_json(&self) -> Vec<u8> {
                serde_json::to_vec(self).expect("an answer holds only texts, numbers and lists")
            }
        })*
    };
}

to_json!(Receipt, SchoolState, Digests, Service, SenderState, Problem);

/// What can be wrong, each with its status, its `type` and its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// No digest came with the batch.
    DigestMissing,
    /// The bytes are not those of the digest: damaged on the way.
    DigestMismatch,
    /// Too many bytes or records.
    TooLarge,
    /// The batch is not one of version 1.
    BatchMalformed,
    /// Address and batch disagree.
    AddressMismatch,
    /// The collector does not know the school.
    SchoolUnknown,
    /// No token, or not this school's.
    Unauthorised,
    /// The batch begins after the number that is expected.
    SequenceGap,
    /// Another batch was already taken under this address.
    BatchConflict,
    /// The batch is of an epoch that is over.
    StaleEpoch,
    /// The batch does not follow the last one taken.
    ChainBroken,
    /// One record does not have the form of version 1.
    RecordMalformed,
    /// One record has the form, and a value that cannot be.
    RecordInvalid,
    /// The collector could not store it now.
    Unavailable,
    /// There is nothing at this address.
    NotFound,
    /// The page is not for this caller.
    Forbidden,
    /// The address answers other methods.
    MethodNotAllowed,
    /// What was asked cannot be read.
    RequestMalformed,
    /// A public key that cannot be taken.
    KeyInvalid,
    /// The last key of a school does not end.
    LastKey,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::DigestMissing,
        Self::DigestMismatch,
        Self::TooLarge,
        Self::BatchMalformed,
        Self::AddressMismatch,
        Self::SchoolUnknown,
        Self::Unauthorised,
        Self::SequenceGap,
        Self::BatchConflict,
        Self::StaleEpoch,
        Self::ChainBroken,
        Self::RecordMalformed,
        Self::RecordInvalid,
        Self::Unavailable,
        Self::NotFound,
        Self::Forbidden,
        Self::MethodNotAllowed,
        Self::RequestMalformed,
        Self::KeyInvalid,
        Self::LastKey,
    ];

    /// The `type`: a name, not an address to visit.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::DigestMissing => "tag:starboard.example,2026:digest-missing",
            Self::DigestMismatch => "tag:starboard.example,2026:digest-mismatch",
            Self::TooLarge => "tag:starboard.example,2026:too-large",
            Self::BatchMalformed => "tag:starboard.example,2026:batch-malformed",
            Self::AddressMismatch => "tag:starboard.example,2026:address-mismatch",
            Self::SchoolUnknown => "tag:starboard.example,2026:school-unknown",
            Self::Unauthorised => "tag:starboard.example,2026:unauthorised",
            Self::SequenceGap => "tag:starboard.example,2026:sequence-gap",
            Self::BatchConflict => "tag:starboard.example,2026:batch-conflict",
            Self::StaleEpoch => "tag:starboard.example,2026:stale-epoch",
            Self::ChainBroken => "tag:starboard.example,2026:chain-broken",
            Self::RecordMalformed => "tag:starboard.example,2026:record-malformed",
            Self::RecordInvalid => "tag:starboard.example,2026:record-invalid",
            Self::Unavailable => "tag:starboard.example,2026:unavailable",
            Self::NotFound => "tag:starboard.example,2026:not-found",
            Self::Forbidden => "tag:starboard.example,2026:forbidden",
            Self::MethodNotAllowed => "tag:starboard.example,2026:method-not-allowed",
            Self::RequestMalformed => "tag:starboard.example,2026:request-malformed",
            Self::KeyInvalid => "tag:starboard.example,2026:key-invalid",
            Self::LastKey => "tag:starboard.example,2026:last-key",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::DigestMissing | Self::DigestMismatch | Self::AddressMismatch | Self::RequestMalformed => {
                400
            }
            Self::Unauthorised => 401,
            Self::SchoolUnknown | Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::SequenceGap | Self::BatchConflict | Self::StaleEpoch | Self::ChainBroken => 409,
            Self::LastKey => 409,
            Self::KeyInvalid => 422,
            Self::TooLarge => 413,
            Self::BatchMalformed | Self::RecordMalformed | Self::RecordInvalid => 422,
            Self::Unavailable => 503,
        }
    }

    /// A short sentence, the same each time.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DigestMissing => "The batch came without a SHA-256 Content-Digest",
            Self::DigestMismatch => "The batch is not the one its Content-Digest names",
            Self::TooLarge => "The batch is too large",
            Self::BatchMalformed => "The batch is not one of version 1",
            Self::AddressMismatch => "The address and the batch name different things",
            Self::SchoolUnknown => "This school has not been admitted",
            Self::Unauthorised => "The token is missing or not this school's",
            Self::SequenceGap => "Batches before this one are missing",
            Self::BatchConflict => "Another batch was already taken under this address",
            Self::StaleEpoch => "The epoch of this batch is over",
            Self::ChainBroken => "The batch does not follow the last one taken",
            Self::RecordMalformed => "The record does not have the form of version 1",
            Self::RecordInvalid => "The record holds a value that cannot be",
            Self::Unavailable => "The collector cannot store anything now; try again later",
            Self::NotFound => "There is nothing at this address",
            Self::Forbidden => "This page is not for this caller",
            Self::MethodNotAllowed => "This address answers other methods",
            Self::RequestMalformed => "What was asked cannot be read",
            Self::KeyInvalid => "The key cannot be taken",
            Self::LastKey => "A school keeps its last key until it has another",
        }
    }
}

/// A problem, as `application/problem+json`.
///
/// Source: RFC 9457.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Which problem it is: one of [`ProblemKind::uri`].
    #[serde(rename = "type")]
    pub problem_type: String,
    /// The same sentence for every problem of its type.
    pub title: Box<str>,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Where in the batch, as a JSON Pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Box<str>>,
    /// The number that the collector expects next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_seq: Option<u64>,
    /// The epoch that the collector is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
}

impl Problem {
    /// A problem of a kind, with what is wrong this time.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            problem_type: kind.uri().to_owned(),
            title: kind.title().into(),
            status: kind.status(),
            detail: detail.into(),
            pointer: None,
            expected_seq: None,
            epoch: None,
        }
    }

    /// The same, with the epoch that the collector is in.
    #[must_use]
    pub fn in_epoch(mut self, epoch: u64) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// The same, with the number that is expected next.
    #[must_use]
    pub fn expecting(mut self, expected_seq: u64) -> Self {
        self.expected_seq = Some(expected_seq);
        self
    }

    /// The same, pointing at a place in the batch.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<Box<str>>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Whether it is of a kind.
    #[must_use]
    pub fn is(&self, kind: ProblemKind) -> bool {
        self.problem_type == kind.uri()
    }
}
