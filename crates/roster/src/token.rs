//! What proves who asks.

use crate::ask::{Asking, Reply};
use crate::{Address, Trouble, Version};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(30);

/// How long a token is good for where the service does not say.
const USUAL: Duration = Duration::from_secs(3_600);

/// A client secret. It is not shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps it.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A token, and until when it is good, counted from the start of the fetch.
pub(crate) struct Token {
    pub(crate) bearer: String,
    ends: Duration,
}

impl Token {
    pub(crate) fn is_good(&self, elapsed: Duration) -> bool {
        elapsed < self.ends
    }
}

/// Asks for a token. Source: RFC 6749, sections 2.3.1 and 4.4.
pub(crate) fn ask(
    asking: &Asking<'_>,
    (at, version): (&Address, Version),
    (client, secret): (&str, &Secret),
) -> Result<Token, Trouble> {
    // The rule is to encode both; services that do not know it take them as they are.
    let encoded = format!("{}:{}", form(client), form(&secret.0));
    let plain = format!("{client}:{}", secret.0);
    let mut ways = vec![encoded];
    if !ways.contains(&plain) {
        ways.push(plain);
    }
    let mut refused = None;
    for way in ways {
        let basic = format!("Basic {}", BASE64_STANDARD.encode(way));
        let body = format!("grant_type=client_credentials&scope={}", form(version.scopes()));
        let reply = asking.post(at.text(), &basic, &body)?;
        match reply.status {
            200 => return read(&reply, asking.elapsed()),
            400 | 401 | 403 => refused = Some(said(&reply)),
            _ => return Err(reply.trouble("the token address")),
        }
    }
    let words = refused.unwrap_or_default();
    Err(Trouble::Refused(format!(
        "the token address does not take this client id and secret{words}: look whether both are right and whether they may \
        read the roster"
    )))
}

fn read(reply: &Reply, elapsed: Duration) -> Result<Token, Trouble> {
    let answer: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let member = |name: &str| answer.as_ref().and_then(|answer| answer.get(name));
    let bearer = member("access_token").and_then(Value::as_str).unwrap_or_default();
    let is_token = (1..=8_192).contains(&bearer.len()) && bearer.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_token {
        let words = "the token address answered without a token: look whether the address is right";
        return Err(Trouble::Refused(words.to_owned()));
    }
    let seconds = member("expires_in").and_then(|value| match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    });
    let lasts = seconds.map_or(USUAL, |seconds| Duration::from_secs(seconds.min(86_400)));
    // One that is good for less than the margin is good for one request.
    let lasts = lasts.saturating_sub(MARGIN).max(Duration::from_millis(1));
    Ok(Token { bearer: format!("Bearer {bearer}"), ends: elapsed + lasts })
}

/// The reason that RFC 6749, section 5.2, has a word for. What else the answer says is not repeated.
fn said(reply: &Reply) -> String {
    const KNOWN: [&str; 6] = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    ];
    let answer: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let word = answer.as_ref().and_then(|answer| answer.get("error")).and_then(Value::as_str);
    match word.and_then(|word| KNOWN.into_iter().find(|known| *known == word)) {
        Some(word) => format!(" ({} {word})", reply.status),
        None => format!(" (status {})", reply.status),
    }
}

/// A value of a form. Source: WHATWG URL, application/x-www-form-urlencoded, with a space as %20.
pub(crate) fn form(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r36_a_secret_is_not_shown_and_a_form_value_is_encoded() {
        assert!(!format!("{:?}", Secret::new("CANARY")).contains("CANARY"));
        assert_eq!(form("a b+c/ā'>"), "a%20b%2Bc%2F%C4%81%27%3E");
    }
}
