//! The client assertion: a short signed text by which a school proves who it is when it asks for a
//! token.
//!
//! Source: RFC 7523, section 3, in the narrower form of the protocol: `iss` and `sub` are the school's
//! number, `aud` is the token endpoint and nothing else, `iat` and `jti` are always there, and it is
//! good for five minutes at most.

use crate::{KeyError, KeyPair, PublicKey, Signed};
use serde::{Deserialize, Serialize};

/// How long an assertion is good for at most, in seconds.
pub const LONGEST: i64 = 300;

/// How far two clocks may differ, in seconds.
pub const SKEW: i64 = 60;

/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 128;

/// The longest assertion that is looked at, in bytes.
const LONGEST_TEXT: usize = 4 * 1024;

/// Why an assertion proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// It is not signed as it must be.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It does not say what it must.
    #[error("the assertion is not as it must be: {0}")]
    Form(&'static str),
    /// It is for somebody else.
    #[error("aud must be {0}")]
    Audience(String),
    /// Its time is over.
    #[error("the assertion has expired: look whether the clock of the machine that made it is right")]
    Expired,
    /// Its time has not come.
    #[error("the assertion is from the future: look whether the clock of the machine that made it is right")]
    Future,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    jti: String,
    #[serde(default, skip_serializing)]
    nbf: Option<i64>,
}

/// One audience, written as a text or as a list of one.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    List([String; 1]),
}

/// Makes an assertion that is good once, for five minutes from `now` (seconds since 1970).
///
/// # Errors
/// [`KeyError::Random`].
///
/// # Panics
/// Never: claims are texts and numbers.
pub fn make(pair: &KeyPair, subject: &str, audience: &str, now: i64) -> Result<String, KeyError> {
    let claims = Claims {
        iss: subject.to_owned(),
        sub: subject.to_owned(),
        aud: Audience::One(audience.to_owned()),
        exp: now + LONGEST,
        iat: now,
        jti: crate::encode(&crate::random::<16>()?),
        nbf: None,
    };
    let claims = serde_json::to_vec(&claims).expect("claims are texts and numbers");
    Ok(pair.sign("JWT", &claims))
}

/// An assertion as it was presented. Nothing that it says is proven yet.
pub struct Presented<'a> {
    signed: Signed<'a>,
    claims: Claims,
}

/// What an assertion proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Who speaks.
    pub subject: String,
    /// Its own name, which is good once.
    pub id: String,
    /// When it is over for every clock, in seconds since 1970.
    pub over_at: i64,
}

impl<'a> Presented<'a> {
    /// Takes an assertion apart.
    ///
    /// # Errors
    /// When it is not signed with EdDSA or does not say what it must.
    pub fn parse(text: &'a str) -> Result<Self, AssertionError> {
        if text.len() > LONGEST_TEXT {
            return Err(AssertionError::Form("it is too long"));
        }
        let signed = Signed::parse(text)?;
        if signed.typ().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(AssertionError::Form("typ is JWT"));
        }
        if signed.kid().is_none() {
            return Err(AssertionError::Form("the header names a kid"));
        }
        let unreadable = "iss, sub, aud and jti are texts, iat and exp whole seconds since 1970";
        let claims: Claims = crate::read_object(signed.unproven()).ok_or(AssertionError::Form(unreadable))?;
        if claims.iss != claims.sub {
            return Err(AssertionError::Form("iss and sub are both the school's number"));
        }
        if claims.jti.is_empty() || claims.jti.len() > LONGEST_ID {
            return Err(AssertionError::Form("jti has 1 to 128 bytes"));
        }
        Ok(Self { signed, claims })
    }

    /// Who it says is speaking.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.claims.sub
    }

    /// The key that it says it was signed with.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.signed.kid().unwrap_or_default()
    }

    /// Checks everything but whether it was used before. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// When another key signed it, it is for somebody else, or its time is not now.
    pub fn prove(&self, key: &PublicKey, audience: &str, now: i64) -> Result<Proven, AssertionError> {
        self.signed.payload(key)?;
        let (Audience::One(named) | Audience::List([named])) = &self.claims.aud;
        if named != audience {
            return Err(AssertionError::Audience(audience.to_owned()));
        }
        let Claims { exp, iat, nbf, .. } = self.claims;
        let over_at = exp.saturating_add(SKEW);
        if over_at <= now {
            return Err(AssertionError::Expired);
        }
        let latest_start = now.saturating_add(SKEW);
        if iat > latest_start || nbf.is_some_and(|nbf| nbf > latest_start) {
            return Err(AssertionError::Future);
        }
        if exp <= iat || exp.saturating_sub(iat) > LONGEST || exp > latest_start.saturating_add(LONGEST) {
            return Err(AssertionError::Form("exp is at most 5 minutes after iat"));
        }
        Ok(Proven { subject: self.claims.sub.clone(), id: self.claims.jti.clone(), over_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_778_000_000;
    const AUDIENCE: &str = "https://collect.example/v1/token";

    fn pair() -> KeyPair {
        KeyPair::generate().expect("a pair")
    }

    fn proven(pair: &KeyPair, text: &str) -> Result<Proven, AssertionError> {
        Presented::parse(text)?.prove(&pair.public(), AUDIENCE, NOW)
    }

    #[test]
    fn an_assertion_proves_who_speaks() {
        let pair = pair();
        let text = make(&pair, "189", AUDIENCE, NOW).expect("made");
        let presented = Presented::parse(&text).expect("an assertion");
        assert_eq!((presented.subject(), presented.kid()), ("189", pair.public().kid().as_str()));
        let first = presented.prove(&pair.public(), AUDIENCE, NOW).expect("proven");
        assert_eq!((first.subject.as_str(), first.over_at), ("189", NOW + 360));
        let second = proven(&pair, &make(&pair, "189", AUDIENCE, NOW).expect("made")).expect("proven");
        assert_ne!(first.id, second.id);
    }

    #[test]
    fn clocks_may_differ_by_a_minute_and_no_more() {
        let pair = pair();
        let at = |made_at: i64| proven(&pair, &make(&pair, "189", AUDIENCE, made_at).expect("made"));
        for good in [NOW - 359, NOW - 60, NOW, NOW + 60] {
            assert!(at(good).is_ok(), "{}", good - NOW);
        }
        assert_eq!(at(NOW - 360), Err(AssertionError::Expired));
        assert_eq!(at(NOW + 61), Err(AssertionError::Future));
    }

    #[test]
    fn r36_an_assertion_that_is_not_quite_right_proves_nothing() {
        let pair = pair();
        let claims = |change: &str| {
            let mut all = format!(
                r#"{{"iss":"189","sub":"189","aud":"{AUDIENCE}","iat":{NOW},"exp":{},"jti":"a"}}"#,
                NOW + 300
            );
            let (from, to) = change.split_once(" -> ").unwrap_or(("", ""));
            assert!(all.contains(from), "{change}");
            all = all.replace(from, to);
            proven(&pair, &pair.sign("JWT", all.as_bytes()))
        };
        assert!(claims("").is_ok());
        assert!(claims(&format!("\"{AUDIENCE}\" -> [\"{AUDIENCE}\"]")).is_ok());
        let exp = NOW + 300;
        let cases = [
            format!("{AUDIENCE} -> https://collect.example"),
            format!("{AUDIENCE} -> {AUDIENCE}/"),
            format!("\"{AUDIENCE}\" -> [\"{AUDIENCE}\",\"https://other.example\"]"),
            format!("\"{AUDIENCE}\" -> []"),
            r#""iss":"189" -> "iss":"12""#.to_owned(),
            r#""jti":"a" -> "jti":"""#.to_owned(),
            r#","jti":"a" -> "#.to_owned(),
            format!(r#""jti":"a" -> "jti":"{}""#, "a".repeat(129)),
            format!("{exp} -> {}", NOW + 301),
            format!("{exp} -> {}", NOW + 86_400),
            format!("{exp} -> {NOW}"),
            format!("{exp} -> {}", i64::MAX),
            format!("{exp} -> {}.5", NOW + 300),
            format!(r#""iat":{NOW}, -> "#),
            format!(r#""iat":{NOW} -> "iat":{}"#, i64::MIN),
            format!(r#""iat":{NOW} -> "nbf":{},"iat":{NOW}"#, NOW + 100),
            r#""sub":"189" -> "sub":"189","sub":"12""#.to_owned(),
        ];
        for case in cases {
            assert!(claims(&case).is_err(), "{case}");
        }
    }

    #[test]
    fn another_key_and_another_kind_of_signed_text_prove_nothing() {
        let (pair, other) = (pair(), pair());
        let text = make(&other, "189", AUDIENCE, NOW).expect("made");
        assert_eq!(proven(&pair, &text), Err(AssertionError::Key(KeyError::WrongSignature)));
        let good = make(&pair, "189", AUDIENCE, NOW).expect("made");
        let claims = Signed::parse(&good).expect("a JWS").unproven().to_vec();
        assert!(proven(&pair, &pair.sign("JWT", &claims)).is_ok());
        assert_eq!(
            proven(&pair, &pair.sign("starboard-batch", &claims)),
            Err(AssertionError::Form("typ is JWT"))
        );
        assert!(matches!(Presented::parse(&"x".repeat(5_000)), Err(AssertionError::Form("it is too long"))));
    }
}
