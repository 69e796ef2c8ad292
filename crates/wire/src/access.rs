//! Who may speak: asking for an access token, and the register of a school's public keys.
//!
//! Source: RFC 6749, sections 4.4 and 5; RFC 7523, section 2.2; RFC 7517 for the form of a key.

use crate::plain::{OffsetTime, Plain};
use crate::read::{MAX_ANSWER_BYTES, WireError};
use domain::SchoolNumber;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The `grant_type` of a request for a token.
pub const CLIENT_CREDENTIALS: &str = "client_credentials";

/// The `client_assertion_type` of a request for a token.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Where a token is asked for.
#[must_use]
pub fn token_path() -> &'static str {
    "/v1/token"
}

/// Where a school's keys are listed.
#[must_use]
pub fn keys_path(school: SchoolNumber) -> String {
    format!("/v1/schools/{school}/keys")
}

/// Where one of a school's keys is registered and ended.
#[must_use]
pub fn key_path(school: SchoolNumber, kid: &str) -> String {
    format!("/v1/schools/{school}/keys/{kid}")
}

/// The body of a request for a token, as a form. An assertion needs no escapes: it has letters,
/// digits, hyphens, underscores and full stops.
#[must_use]
pub fn token_form(assertion: &str) -> String {
    let kind = ASSERTION_TYPE.replace(':', "%3A");
    format!("grant_type={CLIENT_CREDENTIALS}&client_assertion_type={kind}&client_assertion={assertion}")
}

/// A token as it is given out, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessToken {
    /// The token, for the header `Authorization`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// For how many seconds it is good.
    pub expires_in: u64,
}

/// A token is not written anywhere by accident.
impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessToken(•••, {} s)", self.expires_in)
    }
}

/// Why no token was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenRefusal {
    /// `invalid_request`, `invalid_client` or `unsupported_grant_type`.
    pub error: String,
    /// What is wrong this time.
    #[serde(default)]
    pub error_description: String,
}

/// A public key in a register: a JWK, and what the register knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyEntry {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// The key, in base64url.
    pub x: String,
    /// Its RFC 7638 thumbprint.
    pub kid: String,
    /// Always `EdDSA`.
    pub alg: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub purpose: String,
    /// When it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<Plain<OffsetTime>>,
    /// When a token was last given for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Plain<OffsetTime>>,
}

impl KeyEntry {
    /// An entry for a key of the one kind.
    #[must_use]
    pub fn new(x: String, kid: String) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x,
            kid,
            alg: "EdDSA".to_owned(),
            purpose: "sig".to_owned(),
            registered_at: None,
            last_used_at: None,
        }
    }
}

/// Public keys, as a JWK set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyList {
    /// The keys that are good.
    pub keys: Vec<KeyEntry>,
}

macro_rules! written {
    ($($answer:ty),*) => {
        $(impl $answer {
            /// It as compact JSON.
            #[must_use]
            pub fn to_json(&self) -> Vec<u8> {
                serde_json::to_vec(self).expect("only texts, numbers and lists")
            }
        })*
    };
}

written!(AccessToken, TokenRefusal, KeyEntry, KeyList);

/// Reads a token.
///
/// # Errors
/// When it is none that a batch can be sent with.
pub fn parse_access_token(bytes: &[u8]) -> Result<AccessToken, WireError> {
    let token: AccessToken = parse(bytes)?;
    let can_be_sent = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !token.token_type.eq_ignore_ascii_case("bearer") || !can_be_sent(&token.access_token) {
        return Err(WireError::Malformed("no bearer token".to_owned()));
    }
    Ok(token)
}

/// Reads why no token was given.
///
/// # Errors
/// When it says nothing of that.
pub fn parse_token_refusal(bytes: &[u8]) -> Result<TokenRefusal, WireError> {
    parse(bytes)
}

/// Reads a list of keys.
///
/// # Errors
/// When it is none.
pub fn parse_key_list(bytes: &[u8]) -> Result<KeyList, WireError> {
    parse(bytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    if bytes.len() > MAX_ANSWER_BYTES {
        return Err(WireError::TooManyBytes(MAX_ANSWER_BYTES));
    }
    // What was sent is not repeated: it may hold a token.
    serde_json::from_slice(bytes).map_err(|_| WireError::Malformed("not the JSON it should be".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_written_and_read_and_never_shown() {
        let token = AccessToken {
            access_token: "CANARY".to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: 600,
        };
        let text = token.to_json();
        assert_eq!(text, br#"{"access_token":"CANARY","token_type":"Bearer","expires_in":600}"#);
        assert_eq!(parse_access_token(&text), Ok(token.clone()));
        assert!(!format!("{token:?}").contains("CANARY"));
    }

    #[test]
    fn what_is_no_bearer_token_is_refused_without_being_repeated() {
        for text in [
            r#"{"access_token":"CANARY","token_type":"mac","expires_in":600}"#,
            r#"{"access_token":"","token_type":"Bearer","expires_in":600}"#,
            r#"{"access_token":"CANARY\nX: y","token_type":"Bearer","expires_in":600}"#,
            r#"{"access_token":"CANARY"}"#,
            r#"{"error":"invalid_client"}"#,
            "<html>CANARY",
        ] {
            let refused = parse_access_token(text.as_bytes()).expect_err(text);
            assert!(!refused.to_string().contains("CANARY"), "{refused}");
        }
    }

    #[test]
    fn a_key_is_a_jwk_with_what_the_register_knows() {
        let list = KeyList { keys: vec![KeyEntry::new("eA".to_owned(), "kid".to_owned())] };
        let text =
            br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"eA","kid":"kid","alg":"EdDSA","use":"sig"}]}"#;
        assert_eq!(list.to_json(), text);
        assert_eq!(parse_key_list(text), Ok(list));
    }
}
