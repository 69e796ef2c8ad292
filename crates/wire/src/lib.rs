//! What schools and the Ministry say to each other, version 1: the only serialised facts.
//!
//! Stands after `outbox` and before `collector`: one seals a [`Batch`], the other reads it and
//! answers with a [`Receipt`] or a [`Problem`]. The protocol is told in `docs/wire/v1.md`, and
//! the JSON Schema in `docs/wire/v1.schema.json` is generated from these types and held by a
//! test. Every member is listed by name: there is no free map, so a note, a reason for an
//! absence, a member of staff or a caregiver cannot be named here at all.
//!
//! A batch on its way:
//!
//! ```text
//! records → Batch → seal → PUT batch_path(…) with Content-Digest → verify → read → Receipt
//! ```

mod access;
mod answer;
mod batch;
mod body;
mod digest;
mod filed;
mod hash;
pub mod openapi;
mod plain;
mod read;
mod schema;

pub use access::{
    ASSERTION_TYPE, AccessToken, CLIENT_CREDENTIALS, KeyEntry, KeyList, TokenRefusal, key_path, keys_path,
    parse_access_token, parse_key_list, parse_token_refusal, token_form, token_path,
};
pub use answer::{
    DaySum, Digests, Problem, ProblemKind, Receipt, Rejected, SchoolState, SenderState, Service, Sum,
};
pub use batch::{Batch, Op, Record, SCHEMA_VERSION};
pub use body::{Body, OpenState, StudentRef};
pub use digest::{DigestQuestion, Sealed, batch_path, digest, record_id, seal, state_path, verify};
pub use filed::{ANSWER_TYP, BATCH_TYP, FiledAnswer};
pub use hash::{FactHash, FactSum};
pub use plain::{OffsetTime, Plain, Text, ThresholdDays};
pub use read::{
    LARGEST_NUMBER, MAX_ANSWER_BYTES, MAX_BATCH_BYTES, MAX_RECORDS, Received, WireError, parse,
    parse_digests, parse_problem, parse_receipt, parse_sender_state, parse_service, parse_state, read,
};
pub use schema::schema;
