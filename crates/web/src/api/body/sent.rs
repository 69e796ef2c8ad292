//! Rows that programs send, and what became of them.

use super::schema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One row: members named as the columns of the file of its kind (docs/formats.md), each a text, a number
/// or null.
pub(crate) type SentRow = serde_json::Map<String, serde_json::Value>;

/// Rows of students, staff or marks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRows {
    /// The rows.
    #[schemars(schema_with = "schema::rows")]
    pub(crate) rows: Vec<SentRow>,
}

/// Rows that were sent, and what became of them.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Import {
    /// Its identity.
    #[schemars(schema_with = "schema::uuid")]
    pub(crate) import_id: String,
    /// What the rows are.
    #[schemars(extend("enum" = ["students", "staff", "marks"]))]
    pub(crate) kind: String,
    /// When they were kept.
    #[schemars(schema_with = "schema::time")]
    pub(crate) received_at: String,
    /// `received`: kept, and applied within moments. `review`: a person at the school looks first.
    /// `stored`, `refused`, `discarded` or `undone`: what became of them.
    #[schemars(extend("enum" = ["received", "review", "stored", "refused", "discarded", "undone"]))]
    pub(crate) state: String,
    /// Why they wait or were refused; else empty.
    pub(crate) reason: String,
    /// How many rows there are, once they were applied.
    pub(crate) rows: i64,
    /// How many changed something.
    pub(crate) changed: i64,
    /// How many were left out for their problems.
    pub(crate) bad_rows: i64,
    /// The problems, the first hundred.
    pub(crate) problems: Vec<String>,
}
