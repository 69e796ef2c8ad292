//! Signed texts: compact JWS with EdDSA, and no other way of signing.
//!
//! Source: RFC 7515, section 7.1; RFC 8037, section 3.1.

use crate::{KeyError, KeyPair, PublicKey, decode, encode};
use serde::{Deserialize, Serialize};

/// What stands before the payload.
#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    #[serde(default, skip_serializing)]
    crit: Option<serde_json::Value>,
}

/// A signed text, taken apart. What it says is not proven until [`Signed::payload`] gives it out.
#[derive(Debug)]
pub struct Signed<'a> {
    kid: Option<String>,
    typ: Option<String>,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl KeyPair {
    /// Signs a payload. `typ` says what kind of thing it is, so that what was signed as one thing is
    /// never taken for another.
    ///
    /// # Panics
    /// Never: a header holds only texts.
    #[must_use]
    pub fn sign(&self, typ: &str, payload: &[u8]) -> String {
        let header = Header {
            alg: "EdDSA".to_owned(),
            kid: Some(self.public().kid()),
            typ: Some(typ.to_owned()),
            crit: None,
        };
        let header = serde_json::to_vec(&header).expect("a header holds only texts");
        let signed = format!("{}.{}", encode(&header), encode(payload));
        let signature = encode(&self.sign_bytes(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

impl<'a> Signed<'a> {
    /// Takes a compact JWS apart.
    ///
    /// # Errors
    /// [`KeyError::NoSignature`] when it is none, is not signed with EdDSA, or asks for an extension.
    pub fn parse(text: &'a str) -> Result<Self, KeyError> {
        let parts: Vec<&str> = text.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(KeyError::NoSignature("it has not three parts"));
        };
        let not_encoded = KeyError::NoSignature("a part is not in base64url");
        let part = |part: &str| decode(part).ok_or_else(|| not_encoded.clone());
        let read: Header =
            crate::read_object(&part(header)?).ok_or(KeyError::NoSignature("its header cannot be read"))?;
        // The algorithm is ours, never the sender's choice: `none`, or a public key used as a shared
        // secret, would let anybody sign.
        if read.alg != "EdDSA" {
            return Err(KeyError::NoSignature("alg is not EdDSA"));
        }
        if read.crit.is_some() {
            return Err(KeyError::NoSignature("it asks for an extension"));
        }
        Ok(Self {
            kid: read.kid,
            typ: read.typ,
            signed: &text[..header.len() + 1 + payload.len()],
            payload: part(payload)?,
            signature: part(signature)?,
        })
    }

    /// The key that it says it was signed with.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The kind of thing that it says it is.
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The payload, once this key is found to have signed it.
    ///
    /// # Errors
    /// [`KeyError::WrongSignature`].
    pub fn payload(&self, key: &PublicKey) -> Result<&[u8], KeyError> {
        if key.has_signed(self.signed.as_bytes(), &self.signature) {
            return Ok(&self.payload);
        }
        Err(KeyError::WrongSignature)
    }

    /// The payload as somebody sent it, to find out whose key would have to have signed it.
    pub(crate) fn unproven(&self) -> &[u8] {
        &self.payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: RFC 8037, appendix A.4.
    const OF_THE_RFC: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    fn pair() -> KeyPair {
        KeyPair::generate().expect("a pair")
    }

    #[test]
    fn the_signature_of_the_rfc_is_good() {
        let key = PublicKey::parse_x("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").expect("a key");
        let signed = Signed::parse(OF_THE_RFC).expect("a JWS");
        assert_eq!(signed.payload(&key), Ok(&b"Example of Ed25519 signing"[..]));
        assert_eq!(signed.payload(&pair().public()), Err(KeyError::WrongSignature));
        // Source: RFC 8037, appendix A.1.
        let seed = decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").expect("base64url");
        let (head, signature) = OF_THE_RFC.rsplit_once('.').expect("parts");
        let made = KeyPair::from_seed(&seed).expect("a pair").sign_bytes(head.as_bytes());
        assert_eq!(encode(&made), signature);
    }

    #[test]
    fn what_is_signed_is_read_and_every_changed_letter_is_found() {
        let pair = pair();
        let text = pair.sign("test", b"{\"said\":1}");
        let signed = Signed::parse(&text).expect("a JWS");
        assert_eq!((signed.kid(), signed.typ()), (Some(pair.public().kid().as_str()), Some("test")));
        assert_eq!(signed.payload(&pair.public()), Ok(&b"{\"said\":1}"[..]));
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("letters");
            let read = Signed::parse(&changed);
            assert!(read.is_err() || read.is_ok_and(|read| read.payload(&pair.public()).is_err()), "{at}");
        }
    }

    #[test]
    fn r36_no_other_algorithm_is_taken() {
        let (pair, payload) = (pair(), encode(b"{}"));
        let with = |header: &str| {
            let signed = format!("{}.{payload}", encode(header.as_bytes()));
            let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, pair.public().bytes());
            let shared = encode(ring::hmac::sign(&secret, signed.as_bytes()).as_ref());
            [format!("{signed}."), format!("{signed}.{shared}"), {
                let good = encode(&pair.sign_bytes(signed.as_bytes()));
                format!("{signed}.{good}")
            }]
        };
        for alg in ["none", "None", "NONE", "HS256", "RS256", "ES256", "eddsa", ""] {
            for text in with(&format!(r#"{{"alg":"{alg}"}}"#)) {
                assert_eq!(Signed::parse(&text).err(), Some(KeyError::NoSignature("alg is not EdDSA")));
            }
        }
        let [unsigned, shared, good] = with(r#"{"alg":"EdDSA"}"#);
        for text in [&unsigned, &shared] {
            let read = Signed::parse(text).expect("three parts");
            assert_eq!(read.payload(&pair.public()), Err(KeyError::WrongSignature));
        }
        assert!(Signed::parse(&good).is_ok_and(|read| read.payload(&pair.public()).is_ok()));
    }

    #[test]
    fn what_is_no_compact_jws_is_refused() {
        let good = pair().sign("test", b"x");
        let header = |text: &str| format!("{}.eA.AA", encode(text.as_bytes()));
        let cases = [
            String::new(),
            "a.b".to_owned(),
            format!("{good}.x"),
            format!(" {good}"),
            format!("{good}="),
            format!("{good}\n"),
            header(r#"{"kid":"x"}"#),
            header(r#"{"alg":"EdDSA","alg":"EdDSA"}"#),
            header(r#"{"alg":"EdDSA","crit":["b64"],"b64":false}"#),
            header(r#"["EdDSA"]"#),
        ];
        for text in cases {
            assert!(matches!(Signed::parse(&text), Err(KeyError::NoSignature(_))), "{text}");
        }
    }
}
