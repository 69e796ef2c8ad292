//! Marks as they are said, in their slots.

use super::schema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A mark that stands.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Mark {
    /// Whose.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// On which date.
    #[schemars(schema_with = "schema::date")]
    pub(crate) date: String,
    /// In which slot of it: `am`, `pm` or, in a period register, `period NAME`.
    #[schemars(schema_with = "schema::slot")]
    pub(crate) slot: String,
    /// The half that the slot belongs to.
    #[schemars(schema_with = "schema::half")]
    pub(crate) half: String,
    /// When the period starts, for one of a period.
    #[schemars(schema_with = "schema::optional_clock")]
    pub(crate) start: Option<String>,
    /// How many minutes it lasts, for one of a period.
    pub(crate) minutes: Option<u32>,
    /// The code; nothing when the mark was taken back.
    #[schemars(schema_with = "schema::optional_code")]
    pub(crate) code: Option<String>,
    /// 1 for the first mark of the slot, one more for each correction.
    pub(crate) version: i64,
    /// When this version was recorded here.
    #[schemars(schema_with = "schema::time")]
    pub(crate) recorded_at: String,
    /// Who entered it: a person's id, or `api:NAME` for a program.
    pub(crate) recorded_by: String,
    /// The system that it came from; `starboard` when it was entered here or over this interface.
    pub(crate) source: String,
}

/// A mark to stand in one slot.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMark {
    /// The code; nothing takes the mark back.
    #[schemars(schema_with = "schema::optional_code")]
    #[serde(deserialize_with = "present")]
    pub(crate) code: Option<String>,
    /// When the period starts, where it has no mark yet.
    #[schemars(schema_with = "schema::optional_clock")]
    #[serde(default)]
    pub(crate) start: Option<String>,
    /// How many minutes it lasts, where it has no mark yet.
    #[serde(default)]
    #[schemars(schema_with = "schema::minutes")]
    pub(crate) minutes: Option<u32>,
}

/// Marks that are written together: all of them, or none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMarks {
    /// The marks, each slot once.
    #[schemars(length(min = 1, max = 5000))]
    pub(crate) marks: Vec<BatchMark>,
}

/// One mark of many.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchMark {
    /// Whose.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// On which date.
    #[schemars(schema_with = "schema::date")]
    pub(crate) date: String,
    /// In which slot: `am`, `pm` or `period NAME`.
    #[schemars(schema_with = "schema::slot")]
    pub(crate) slot: String,
    /// The code; nothing takes the mark back.
    #[schemars(schema_with = "schema::optional_code")]
    #[serde(deserialize_with = "present")]
    pub(crate) code: Option<String>,
    /// The version that you saw; 0 when there was none.
    #[schemars(range(min = 0))]
    pub(crate) version: i64,
    /// When the period starts, where it has no mark yet.
    #[schemars(schema_with = "schema::optional_clock")]
    #[serde(default)]
    pub(crate) start: Option<String>,
    /// How many minutes it lasts, where it has no mark yet.
    #[serde(default)]
    #[schemars(schema_with = "schema::minutes")]
    pub(crate) minutes: Option<u32>,
}

/// What came of marks that were written together.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MarksWritten {
    /// How many marks changed; the others stood already.
    pub(crate) changed: usize,
}

/// A member that must be there, even where it holds nothing.
fn present<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(reader)
}
