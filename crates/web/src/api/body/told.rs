//! Tokens, and what went wrong.

use super::schema;
use schemars::JsonSchema;
use serde::Serialize;

/// A token.
///
/// Source: RFC 6749, section 5.1.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Token {
    /// The token, to be sent as `Authorization: Bearer …`.
    pub(crate) access_token: String,
    /// How it is sent.
    #[schemars(extend("const" = "Bearer"))]
    pub(crate) token_type: String,
    /// For how many seconds it is good.
    pub(crate) expires_in: i64,
    /// What it is for, separated by spaces.
    pub(crate) scope: String,
}

/// Why no token is given.
///
/// Source: RFC 6749, section 5.2.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TokenRefused {
    /// Which reason.
    #[schemars(extend("enum" = ["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"]))]
    pub(crate) error: String,
    /// The reason in words.
    pub(crate) error_description: String,
}

/// What went wrong (RFC 9457).
#[derive(Serialize, JsonSchema)]
pub(crate) struct Problem {
    /// Which problem it is: a name, not an address to visit.
    #[serde(rename = "type")]
    #[schemars(schema_with = "schema::problem_type")]
    pub(crate) kind: String,
    /// The same sentence for every problem of its type.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What is wrong this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    /// Each thing that is wrong, with its place.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) errors: Vec<Wrong>,
}

/// One thing that is wrong: in the body, in a parameter or in a header.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Wrong {
    /// A JSON Pointer into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<String>,
    /// The name of a parameter of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameter: Option<String>,
    /// The name of a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) header: Option<String>,
    /// What is wrong and what would be right.
    pub(crate) detail: String,
}
