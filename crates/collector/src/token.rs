//! Giving out access tokens to schools that prove who they are.
//!
//! Source: RFC 6749, sections 4.4 and 5; RFC 7523, sections 2.2 and 3. An assertion is good once. Only
//! the hash of a token is kept, with the one school that it speaks for, and it is gone ten minutes
//! later or when the key ends that it was given for.

use crate::statements as sql;
use crate::{Collector, CollectorError, admit, register};
use database::{DatabaseError, Scope, Tx};
use domain::{Instant, SchoolNumber};
use keys::assertion::{Presented, Proven};
use wire::{AccessToken, TokenRefusal};

/// For how many seconds an access token is good.
const LIFE: u64 = 600;

/// For how many seconds after its end a used assertion is remembered: a clock that is put back must
/// not make it good again.
const REMEMBERED: i64 = 24 * 60 * 60;

/// What is answered to a request for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenAnswer {
    /// The token, shown this once.
    Given(AccessToken),
    /// None, and why.
    Refused(TokenRefusal),
}

impl TokenAnswer {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Given(_) => 200,
            Self::Refused(refused) if refused.error == INVALID_CLIENT => 401,
            Self::Refused(_) => 400,
        }
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        match self {
            Self::Given(token) => token.to_json(),
            Self::Refused(refused) => refused.to_json(),
        }
    }
}

const INVALID_CLIENT: &str = "invalid_client";

/// Why none is given: one of ours, or of the caller's.
enum Stop {
    Refused(TokenRefusal),
    Collector(CollectorError),
}

impl Stop {
    fn new(error: &str, words: impl ToString) -> Self {
        let error_description = words.to_string();
        Self::Refused(TokenRefusal { error: error.to_owned(), error_description })
    }

    fn request(words: &str) -> Self {
        Self::new("invalid_request", words)
    }

    fn client(words: impl ToString) -> Self {
        Self::new(INVALID_CLIENT, words)
    }
}

impl From<DatabaseError> for Stop {
    fn from(error: DatabaseError) -> Self {
        Self::Collector(error.into())
    }
}

impl From<CollectorError> for Stop {
    fn from(error: CollectorError) -> Self {
        Self::Collector(error)
    }
}

/// Whether this is an access token of this school that is good now.
pub(crate) fn is_good(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    token: Option<&str>,
    now: Instant,
) -> Result<bool, DatabaseError> {
    Ok(of_key(tx, school, token, now)?.is_some())
}

/// The key that an access token of this school was given for, while it is good.
pub(crate) fn of_key(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    token: Option<&str>,
    now: Instant,
) -> Result<Option<String>, DatabaseError> {
    let Some(token) = token else { return Ok(None) };
    let hash = admit::hash(token);
    let values = [school.number().into(), hash.as_str().into(), now.micros().into()];
    tx.query_one(sql::TOKEN_GET, &values)?.map(|mut row| row.take(0)).transpose()
}

impl Collector {
    /// Answers a request for a token: a form as it came. `address` is where schools reach the
    /// collector; an assertion for another address is refused.
    ///
    /// # Errors
    /// When the collector's own database fails; everything the caller did wrong is a
    /// [`TokenAnswer::Refused`].
    pub fn token(&self, form: &[u8], address: &str, now: Instant) -> Result<TokenAnswer, CollectorError> {
        match self.give_token(form, address, now) {
            Ok(token) => Ok(TokenAnswer::Given(token)),
            Err(Stop::Refused(refused)) => Ok(TokenAnswer::Refused(refused)),
            Err(Stop::Collector(error)) => Err(error),
        }
    }

    fn give_token(&self, form: &[u8], address: &str, now: Instant) -> Result<AccessToken, Stop> {
        let assertion = asked(form)?;
        let presented = Presented::parse(&assertion).map_err(Stop::client)?;
        let school = SchoolNumber::parse(presented.subject()).ok();
        let school = school.filter(|school| school.to_string() == presented.subject());
        let school = school.ok_or_else(|| Stop::client("iss and sub are the school's number"))?;
        let kid = presented.kid().to_owned();
        let key = self.database.read(Scope::Host, |tx| {
            admit::school(tx, school)?.ok_or_else(|| Stop::client("this school has not been admitted"))?;
            register::standing(tx, school, &kid)?.ok_or_else(unknown_key)
        })?;
        let audience = format!("{address}{}", wire::token_path());
        let seconds = now.micros().div_euclid(1_000_000);
        let proven = presented.prove(&key, &audience, seconds).map_err(Stop::client)?;
        let token = format!("access-{}", admit::random()?);
        let given =
            AccessToken { access_token: token.clone(), token_type: "Bearer".to_owned(), expires_in: LIFE };
        self.database
            .write(Scope::Tenant(school.number()), move |tx| keep(tx, school, &kid, &proven, &token, now))?;
        Ok(given)
    }
}

fn unknown_key() -> Stop {
    Stop::client("this key is not registered for this school, or has ended")
}

/// Notes that the assertion was used, and the token by its hash; forgets what is over.
fn keep(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kid: &str,
    proven: &Proven,
    token: &str,
    now: Instant,
) -> Result<(), Stop> {
    // The key may have ended since it was read.
    register::standing(tx, school, kid)?.ok_or_else(unknown_key)?;
    let number = school.number();
    let over_at = proven.over_at.saturating_mul(1_000_000);
    let used = [number.into(), proven.id.as_str().into(), over_at.into()];
    if tx.execute(sql::ASSERTION_USE, &used)? == 0 {
        return Err(Stop::client("this assertion was used before: make a new one for each token"));
    }
    let forgotten = now.plus_seconds(-REMEMBERED).micros();
    tx.execute(sql::ASSERTION_SWEEP, &[number.into(), forgotten.into()])?;
    tx.execute(sql::TOKEN_SWEEP, &[number.into(), now.micros().into()])?;
    let ends = now.plus_seconds(i64::try_from(LIFE).unwrap_or_default()).micros();
    let hash = admit::hash(token);
    tx.execute(sql::TOKEN_INSERT, &[number.into(), hash.as_str().into(), kid.into(), ends.into()])?;
    tx.execute(sql::KEY_USED, &[number.into(), kid.into(), now.micros().into()])?;
    Ok(())
}

/// The assertion in a form, when the form asks for a token in the one way there is.
fn asked(form: &[u8]) -> Result<String, Stop> {
    let fields = fields(form).ok_or_else(|| Stop::request("the body is no form"))?;
    let field = |name: &str| {
        let mut found = fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Stop::request("a field stands there twice")),
            (value, _) => Ok(value.filter(|value| !value.is_empty())),
        }
    };
    match field("grant_type")? {
        Some(wire::CLIENT_CREDENTIALS) => {}
        Some(_) => {
            return Err(Stop::new("unsupported_grant_type", "grant_type is client_credentials"));
        }
        None => return Err(Stop::request("grant_type is missing")),
    }
    if field("client_assertion_type")? != Some(wire::ASSERTION_TYPE) {
        let words = format!("client_assertion_type is {}", wire::ASSERTION_TYPE);
        return Err(Stop::request(&words));
    }
    let assertion = field("client_assertion")?.ok_or_else(|| Stop::request("client_assertion is missing"))?;
    Ok(assertion.to_owned())
}

/// The fields of a form.
fn fields(form: &[u8]) -> Option<Vec<(String, String)>> {
    let parts = form.split(|byte| *byte == b'&').filter(|part| !part.is_empty());
    let pair = |part: &[u8]| {
        let (name, value) = match part.iter().position(|byte| *byte == b'=') {
            Some(at) => (&part[..at], &part[at + 1..]),
            None => (part, &[][..]),
        };
        Some((decoded(name)?, decoded(value)?))
    };
    parts.map(pair).collect()
}

fn decoded(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?].map(|digit| char::from(digit).to_digit(16));
                let [Some(high), Some(low)] = digits else { return None };
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(form: &str) -> Option<String> {
        match asked(form.as_bytes()) {
            Err(Stop::Refused(refused)) => Some(refused.error),
            _ => None,
        }
    }

    #[test]
    fn a_form_asks_for_a_token_in_one_way() {
        let good = wire::token_form("a.b-c_d.e");
        assert!(asked(good.as_bytes()).is_ok_and(|assertion| assertion == "a.b-c_d.e"));
        let assertion = "client_assertion=x";
        let kind = "client_assertion_type=urn%3aietf%3Aparams%3aoauth%3aclient-assertion-type%3ajwt-bearer";
        assert_eq!(refused(&format!("grant_type=client_credentials&{kind}&{assertion}&scope=all")), None);
        let cases = [
            (String::new(), "invalid_request"),
            (format!("{kind}&{assertion}"), "invalid_request"),
            (format!("grant_type=&{kind}&{assertion}"), "invalid_request"),
            (format!("grant_type=password&{kind}&{assertion}"), "unsupported_grant_type"),
            (format!("grant_type=client_credentials&{assertion}"), "invalid_request"),
            (format!("grant_type=client_credentials&{kind}"), "invalid_request"),
            (format!("grant_type=client_credentials&{kind}&{assertion}&{assertion}"), "invalid_request"),
            (format!("grant_type=client_credentials&{kind}&client_assertion=%zz"), "invalid_request"),
            (format!("grant_type=client_credentials&{kind}&client_assertion=%ff"), "invalid_request"),
            ("{\"grant_type\":\"client_credentials\"}".to_owned(), "invalid_request"),
        ];
        for (form, error) in cases {
            assert_eq!(refused(&form).as_deref(), Some(error), "{form}");
        }
    }
}
