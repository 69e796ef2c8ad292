//! The public half of a key: as a JWK, and the name that follows from it.

use crate::{KeyError, decode, encode};
use serde::Deserialize;

/// The longest text that is read as a key, in bytes.
const LONGEST: usize = 4 * 1024;

/// The public half of an Ed25519 key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// A JWK as somebody wrote it; members that say nothing to us are passed over.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    d: Option<serde_json::Value>,
}

impl PublicKey {
    /// The key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads a JWK.
    ///
    /// Source: RFC 8037, section 2.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] when it is none of this kind, or names itself or its use wrongly;
    /// [`KeyError::Private`] when it holds the private half.
    pub fn parse_jwk(text: &[u8]) -> Result<Self, KeyError> {
        if text.len() > LONGEST {
            return Err(KeyError::NoKey("it is too long"));
        }
        let jwk: Jwk = crate::read_object(text).ok_or(KeyError::NoKey("it cannot be read"))?;
        if jwk.d.is_some() {
            return Err(KeyError::Private);
        }
        if jwk.kty != "OKP" || jwk.crv.as_deref() != Some("Ed25519") {
            return Err(KeyError::NoKey("it is of another kind"));
        }
        let is_for_signing = jwk.purpose.is_none_or(|purpose| purpose == "sig");
        if !is_for_signing || jwk.alg.is_some_and(|alg| alg != "EdDSA" && alg != "Ed25519") {
            return Err(KeyError::NoKey("it is for another use"));
        }
        let key = Self::parse_x(jwk.x.as_deref().unwrap_or_default())?;
        if jwk.kid.is_some_and(|kid| kid != key.kid()) {
            return Err(KeyError::NoKey("its kid is not its RFC 7638 thumbprint"));
        }
        Ok(key)
    }

    /// Reads the member `x` of a JWK.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] when it is not 32 bytes.
    pub fn parse_x(x: &str) -> Result<Self, KeyError> {
        let bytes = decode(x).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(KeyError::NoKey("x is not 32 bytes in base64url"))
    }

    /// The member `x` of its JWK.
    #[must_use]
    pub fn x(&self) -> String {
        encode(&self.0)
    }

    /// Its name: the SHA-256 of its members in the one order, as base64url.
    ///
    /// Source: RFC 7638, section 3; RFC 8037, appendix A.3.
    #[must_use]
    pub fn kid(&self) -> String {
        thumbprint(&self.members())
    }

    /// It as a JWK.
    #[must_use]
    pub fn to_jwk(&self) -> String {
        let (x, kid) = (self.x(), self.kid());
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"{kid}","alg":"EdDSA","use":"sig"}}"#)
    }

    /// Whether it signed these bytes.
    pub(crate) fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, &self.0);
        key.verify(signed, signature).is_ok()
    }

    fn members(&self) -> String {
        format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x())
    }
}

fn thumbprint(members: &str) -> String {
    encode(ring::digest::digest(&ring::digest::SHA256, members.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: RFC 8037, appendix A.2 and A.3.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

    #[test]
    fn the_name_of_a_key_is_its_thumbprint() {
        let key = PublicKey::parse_jwk(format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}"}}"#).as_bytes());
        assert_eq!(key.expect("a key").kid(), KID);
    }

    #[test]
    fn a_thumbprint_is_the_one_of_the_rfc() {
        // Source: RFC 7638, section 3.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let members = format!(r#"{{"e":"AQAB","kty":"RSA","n":"{n}"}}"#);
        assert_eq!(thumbprint(&members), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn a_key_is_written_and_read_again() {
        let key = PublicKey::parse_x(X).expect("a key");
        assert_eq!(PublicKey::parse_jwk(key.to_jwk().as_bytes()), Ok(key));
    }

    #[test]
    fn what_is_no_public_key_of_the_one_kind_is_refused_with_words() {
        let jwk = |members: &str| format!(r#"{{"kty":"OKP","crv":"Ed25519",{members}}}"#);
        let cases = [
            (String::new(), "cannot be read"),
            ("[]".to_owned(), "cannot be read"),
            (format!(r#"["OKP","Ed25519","{X}"]"#), "cannot be read"),
            (jwk(&format!(r#""x":"{X}","x":"{X}""#)), "cannot be read"),
            (jwk(r#""y":"x""#), "32 bytes"),
            (jwk(r#""x":"AAAA""#), "32 bytes"),
            (jwk(&format!(r#""x":"{X}=""#)), "32 bytes"),
            (jwk(&format!(r#""x":"{X}","kid":"mine""#)), "thumbprint"),
            (jwk(&format!(r#""x":"{X}","use":"enc""#)), "another use"),
            (jwk(&format!(r#""x":"{X}","alg":"HS256""#)), "another use"),
            (jwk(&format!(r#""x":"{X}","d":"nWGx""#)), "private half"),
            (r#"{"kty":"RSA","n":"0vx7","e":"AQAB"}"#.to_owned(), "another kind"),
            (format!(r#"{{"kty":"OKP","crv":"X25519","x":"{X}"}}"#), "another kind"),
            (jwk(&format!(r#""x":"{X}","pad":"{}""#, "x".repeat(LONGEST))), "too long"),
        ];
        for (text, why) in cases {
            let refused = PublicKey::parse_jwk(text.as_bytes()).expect_err(&text).to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
