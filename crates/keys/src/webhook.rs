//! A secret that the school shares with one receiver of its events, and signatures with it.
//!
//! Source: Standard Webhooks 1.0.0, symmetric signatures.

use crate::{KeyError, random};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use std::fmt;

/// How a secret begins when it is shown.
const PREFIX: &str = "whsec_";

/// A shared secret.
pub struct WebhookSecret([u8; 32]);

impl WebhookSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self(random::<32>()?))
    }

    /// The one of these bytes; nothing when they are not 32.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes, to be sealed.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As it is given to the receiver: `whsec_` and its bytes in base64.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    /// The signature of what is sent: of its identity, of the time of this try in seconds, and of the
    /// body to the last byte.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &self.0));
        context.update(format!("{id}.{timestamp}.").as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    }
}

/// The secret is never written anywhere by accident.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("WebhookSecret(•••)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_openssl_makes() {
        let secret = WebhookSecret::from_bytes(b"kahikatea-kahikatea-kahikatea-ka").expect("32 bytes");
        assert_eq!(secret.text(), "whsec_a2FoaWthdGVhLWthaGlrYXRlYS1rYWhpa2F0ZWEta2E=");
        // printf '%s' 'event-1.1777863000.{"a":1}' | openssl dgst -sha256 -hmac "$SECRET" -binary | base64
        assert_eq!(
            secret.sign("event-1", 1_777_863_000, b"{\"a\":1}"),
            "v1,HX2Az1PpLBY38EMyOGe6kxNcq0t0U7SOmowhJsGivzQ="
        );
        assert_eq!(format!("{secret:?}"), "WebhookSecret(•••)");
    }

    #[test]
    fn what_is_changed_has_another_signature() {
        let secret = WebhookSecret::generate().expect("random");
        let signed = secret.sign("event-1", 7, b"body");
        assert_eq!(secret.sign("event-1", 7, b"body"), signed);
        for other in [
            secret.sign("event-2", 7, b"body"),
            secret.sign("event-1", 8, b"body"),
            secret.sign("event-1", 7, b"bodY"),
            WebhookSecret::generate().expect("random").sign("event-1", 7, b"body"),
        ] {
            assert_ne!(other, signed);
        }
        assert!(WebhookSecret::from_bytes(b"short").is_none());
    }
}
