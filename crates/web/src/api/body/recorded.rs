//! Responses and descriptions as they are said. No type here can hold a note on its way out.

use super::schema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the school did. Its note, if it has one, is nowhere in this interface.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Response {
    /// Its identity.
    #[schemars(schema_with = "schema::uuid")]
    pub(crate) response_id: String,
    /// For whom.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// In which term.
    #[schemars(schema_with = "schema::term")]
    pub(crate) term: String,
    /// The level that it answers; nothing when it was not done for one.
    #[schemars(schema_with = "schema::optional_threshold")]
    pub(crate) threshold_days: Option<i64>,
    /// The Activity Response Type.
    #[serde(rename = "type")]
    #[schemars(schema_with = "schema::response_type")]
    pub(crate) kind: String,
    /// One of the school's descriptions, as it was worded then; may be empty.
    pub(crate) description: String,
    /// When it was done.
    #[schemars(schema_with = "schema::time")]
    pub(crate) done_at: String,
    /// When this version was recorded.
    #[schemars(schema_with = "schema::time")]
    pub(crate) recorded_at: String,
    /// Who recorded this version: a person's id, or `api:NAME` for a program.
    pub(crate) recorded_by: String,
    /// 1 when recorded, one more for each revision and for the withdrawal.
    pub(crate) version: i64,
    /// Whether it stands.
    #[schemars(schema_with = "schema::response_state")]
    pub(crate) state: String,
    /// The student's absent half-days when this version was recorded.
    pub(crate) absent_half_days: u32,
}

/// A response to record.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewResponse {
    /// For whom.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// In which term; the one that holds `done_at` when nothing is named.
    #[serde(default)]
    #[schemars(schema_with = "schema::optional_term")]
    pub(crate) term: Option<String>,
    /// The level that it answers.
    #[serde(default)]
    #[schemars(schema_with = "schema::optional_threshold")]
    pub(crate) threshold_days: Option<i64>,
    /// The step of the plan that it does, as a task names it.
    #[serde(default)]
    pub(crate) step: Option<String>,
    /// The Activity Response Type.
    #[serde(rename = "type")]
    #[schemars(schema_with = "schema::response_type")]
    pub(crate) kind: String,
    /// One of the school's descriptions under that type.
    #[serde(default)]
    pub(crate) description: String,
    /// When it was done.
    #[schemars(schema_with = "schema::time")]
    pub(crate) done_at: String,
    /// A private note for the school alone; takes the scope `notes:write`. Nobody reads it back over
    /// this interface.
    #[serde(default)]
    pub(crate) note: String,
}

/// What a response should say from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevisedResponse {
    /// The Activity Response Type.
    #[serde(rename = "type")]
    #[schemars(schema_with = "schema::response_type")]
    pub(crate) kind: String,
    /// One of the school's descriptions under that type, or the wording that stood.
    #[serde(default)]
    pub(crate) description: String,
    /// When it was done.
    #[schemars(schema_with = "schema::time")]
    pub(crate) done_at: String,
    /// A further private note; takes the scope `notes:write`. Earlier ones stay.
    #[serde(default)]
    pub(crate) note: String,
}

/// Why a response is withdrawn, if anything is to be said.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawnResponse {
    /// A further private note; takes the scope `notes:write`.
    #[serde(default)]
    pub(crate) note: String,
}

/// One of the school's descriptions.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Description {
    /// Its number, which rewording keeps.
    pub(crate) description_id: i64,
    /// The type it stands under.
    #[serde(rename = "type")]
    #[schemars(schema_with = "schema::response_type")]
    pub(crate) kind: String,
    /// The wording.
    pub(crate) wording: String,
    /// Whether it is offered.
    #[schemars(schema_with = "schema::description_state")]
    pub(crate) state: String,
    /// Rises with each change.
    pub(crate) version: i64,
}

/// A description to add.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDescription {
    /// The type it stands under.
    #[serde(rename = "type")]
    #[schemars(schema_with = "schema::response_type")]
    pub(crate) kind: String,
    /// The wording. The Ministry sees it: no names, numbers or addresses.
    #[schemars(schema_with = "schema::wording")]
    pub(crate) wording: String,
    /// That a word which is also somebody's name was seen and is meant.
    #[serde(default)]
    pub(crate) confirmed: bool,
}

/// Another wording for a description.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rewording {
    /// The wording. The Ministry sees it: no names, numbers or addresses.
    #[schemars(schema_with = "schema::wording")]
    pub(crate) wording: String,
    /// That a word which is also somebody's name was seen and is meant.
    #[serde(default)]
    pub(crate) confirmed: bool,
}
