//! A batch and its records: a contiguous range of a school's numbered facts.

use crate::body::Body;
use crate::plain::{OffsetTime, Plain};
use domain::SchoolNumber;
use domain::wording::{DESCRIPTION_LENGTH, NOTE_LENGTH};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the protocol that a batch names.
pub const SCHEMA_VERSION: &str = "1";

/// What a school sends at once: the numbers `first_seq` to `last_seq` of one epoch.
///
/// `R` is [`Record`] in a batch that is sent; a reader meets records one by one (see
/// [`crate::read`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(
    rename = "Batch",
    description = "What a school sends at once: the numbers firstSeq to lastSeq of one epoch."
)]
pub struct Batch<R = Record> {
    /// `"1"`.
    #[schemars(extend("const" = "1"))]
    pub schema_version: String,
    /// The school that speaks, the same as in the address.
    pub school_number: Plain<SchoolNumber>,
    /// What the school calls itself, for people; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub school_name: Option<String>,
    /// From 1; it rises when the school restores a backup or restates everything.
    #[schemars(range(min = 1))]
    pub epoch: u64,
    /// The first number covered, the same as in the address.
    #[schemars(range(min = 1))]
    pub first_seq: u64,
    /// The last number covered. A batch covers at least one.
    #[schemars(range(min = 1))]
    pub last_seq: u64,
    /// The digest of the batch before this one in the epoch; empty for the first.
    pub prev_digest: String,
    /// When the batch was put together.
    pub generated_at: Plain<OffsetTime>,
    /// The facts, by rising `seq`. They may be fewer than the numbers covered: the content of a
    /// stream that the school has not switched on is passed over.
    #[serde(deserialize_with = "crate::read::bounded", bound(deserialize = "R: Deserialize<'de>"))]
    #[schemars(length(max = 20_000))]
    pub records: Vec<R>,
}

/// Whether a fact holds or is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The body holds from now on.
    Upsert,
    /// The fact is taken back; the body still says which one.
    Withdraw,
}

impl Op {
    /// `upsert` or `withdraw`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Upsert => "upsert",
            Self::Withdraw => "withdraw",
        }
    }
}

/// One version of one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    /// The number under which the school queued it, within the epoch.
    #[schemars(range(min = 1))]
    pub seq: u64,
    /// Which fact it is: the same for every version of it. A UUID in lower case.
    #[schemars(regex(pattern = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"))]
    pub record_id: String,
    /// Rises with each version of the fact within the epoch; a sender may use `seq`.
    #[schemars(range(min = 1))]
    pub record_version: u64,
    /// Whether the fact holds or is taken back.
    pub op: Op,
    /// When the school recorded this version.
    pub recorded_at: Plain<OffsetTime>,
    /// What it says.
    pub body: Body,
}

impl Record {
    /// Checks what the types alone do not hold.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what would be right; it repeats nothing that was
    /// sent.
    pub fn check(&self) -> Result<(), String> {
        if !is_uuid(&self.record_id) {
            return Err("recordId is not a UUID in lower case".to_owned());
        }
        if self.record_version == 0 || self.record_version > crate::LARGEST_NUMBER {
            return Err("recordVersion is a whole number from 1".to_owned());
        }
        match &self.body {
            Body::Attendance { class: None, .. } if self.op == Op::Upsert => {
                Err("an attendance value needs its class: P, J or U".to_owned())
            }
            Body::Snapshot { .. } if self.op == Op::Withdraw => {
                Err("a snapshot is not taken back: a later one stands in its place".to_owned())
            }
            Body::Snapshot { first_day, last_day, .. } if last_day.0 < first_day.0 => {
                Err("a term's last day does not come before its first".to_owned())
            }
            Body::Closure { reason, .. } => check_text("reason", reason, NOTE_LENGTH),
            Body::Response { description: Some(_), description_held: true, .. } => {
                Err("a description that is held back is left out".to_owned())
            }
            Body::Response { version: 0, .. } => Err("version counts from 1".to_owned()),
            Body::Response { description: Some(text), .. } => {
                check_text("description", text, DESCRIPTION_LENGTH)
            }
            _ => Ok(()),
        }
    }
}

/// Checks that a text is one line and not too long.
pub(crate) fn check_text(name: &str, text: &str, longest: usize) -> Result<(), String> {
    if text.chars().count() > longest {
        return Err(format!("{name} has at most {longest} characters"));
    }
    if text.chars().any(|c| c.is_control() && !(name == "reason" && c == '\n')) {
        return Err(format!("{name} holds no control characters"));
    }
    Ok(())
}

fn is_uuid(text: &str) -> bool {
    let at = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    text.len() == 36 && text.bytes().enumerate().all(at)
}
