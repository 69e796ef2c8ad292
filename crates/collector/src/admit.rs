//! Which schools may send, and the tokens that say which school is speaking.
//!
//! A token is shown once, when the school is admitted; only its hash is kept. It can submit and
//! ask how far the collector has come until the school has a key of its own, and register that key
//! (`register`); then it is spent. A school that was admitted on first contact, in a rehearsal, has
//! none.

use crate::intake::Stop;
use crate::statements as sql;
use crate::{Collector, CollectorError, token};
use database::{DatabaseError, Scope, Tx};
use domain::{Instant, SchoolNumber};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use wire::{Problem, ProblemKind};

/// Where a school stands.
#[derive(Debug, Clone)]
pub(crate) struct School {
    pub(crate) token_hash: Option<String>,
    pub(crate) epoch: u64,
    pub(crate) expected_seq: u64,
    pub(crate) head_digest: String,
    /// Whether the token of admission was used to register a key.
    pub(crate) token_spent: bool,
    /// Whether it has a key that has not ended.
    pub(crate) has_key: bool,
}

/// On what terms somebody is let in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) admit_any: bool,
    pub(crate) now: Instant,
}

impl Default for School {
    /// A school before its first batch.
    fn default() -> Self {
        Self {
            token_hash: None,
            epoch: 0,
            expected_seq: 1,
            head_digest: String::new(),
            token_spent: false,
            has_key: false,
        }
    }
}

/// Reads where a school stands, if it is known.
pub(crate) fn school(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Option<School>, DatabaseError> {
    let row = tx.query_one(sql::SCHOOL_GET, &[number.number().into()])?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some(School {
        token_hash: row.take(0)?,
        epoch: crate::counting(row.take(1)?),
        expected_seq: crate::counting(row.take(2)?),
        head_digest: row.take(3)?,
        token_spent: row.take::<i64>(4)? != 0,
        has_key: row.take::<i64>(5)? != 0,
    }))
}

/// Enters a school, or nothing when it is there already.
pub(crate) fn enter(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    name: &str,
    now: Instant,
) -> Result<(), DatabaseError> {
    tx.execute(sql::SCHOOL_ENTER, &[number.number().into(), name.into(), now.micros().into()])?;
    Ok(())
}

/// The words for a token that is missing or not this school's.
pub(crate) fn unauthorised(school: Option<&School>) -> Problem {
    let detail = match school {
        Some(School { has_key: true, .. }) => {
            "this school has a key: get an access token with it at /v1/token, and send it as Authorization: Bearer …"
        }
        _ => "send the token as Authorization: Bearer …",
    };
    Problem::new(ProblemKind::Unauthorised, detail)
}

/// The bearer token of the header `Authorization`.
pub(crate) fn bearer(authorization: Option<&str>) -> Option<&str> {
    let (scheme, token) = authorization?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl School {
    /// Whether this is the token that was printed when the school was admitted, spent or not.
    pub(crate) fn was_admitted_with(&self, token: Option<&str>) -> bool {
        // The hash is computed in every case, so that a missing token takes as long as a wrong one.
        let given = hash(token.unwrap_or_default());
        let expected = self.token_hash.as_deref().unwrap_or_default();
        same(given.as_bytes(), expected.as_bytes()) && token.is_some()
    }

    /// Whether nobody ever gave it anything to prove itself with: admitted on first contact.
    pub(crate) fn is_open(&self) -> bool {
        self.token_hash.is_none() && !self.has_key
    }
}

/// Checks the header `Authorization` against what is known of a school. The token of admission is
/// good for as long as the school has no key.
pub(crate) fn check(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    school: Option<&School>,
    authorization: Option<&str>,
    terms: Terms,
) -> Result<(), Stop> {
    let Some(school) = school else {
        let detail = "ask the Ministry to admit this school";
        let unknown = || Err(Problem::new(ProblemKind::SchoolUnknown, detail).into());
        return if terms.admit_any { Ok(()) } else { unknown() };
    };
    let token = bearer(authorization);
    let admitted = school.was_admitted_with(token) && !school.token_spent && !school.has_key;
    if admitted || school.is_open() || token::is_good(tx, number, token, terms.now)? {
        return Ok(());
    }
    Err(unauthorised(Some(school)).into())
}

impl Collector {
    /// Admits a school and answers with its token, which is shown this once. Admitting a school
    /// again gives it a new token; the old one stops at once. `end_keys` also ends the keys it has:
    /// one was lost or stolen.
    ///
    /// # Errors
    /// When the machine gives no random bytes or the database cannot be written.
    pub fn admit(
        &self,
        number: SchoolNumber,
        name: &str,
        end_keys: bool,
        now: Instant,
    ) -> Result<String, CollectorError> {
        let token = format!("school-{}", random()?);
        let (hash, name) = (hash(&token), name.to_owned());
        self.database.write(Scope::Tenant(number.number()), move |tx| {
            enter(tx, number, &name, now)?;
            tx.execute(
                sql::SCHOOL_ADMIT,
                &[number.number().into(), name.as_str().into(), hash.as_str().into()],
            )?;
            if end_keys {
                tx.execute(sql::KEY_END_ALL, &[number.number().into(), now.micros().into()])?;
                tx.execute(sql::TOKEN_END_ALL, &[number.number().into()])?;
            }
            Ok::<(), DatabaseError>(())
        })?;
        Ok(token)
    }
}

/// What nobody can guess, as hexadecimal digits.
pub(crate) fn random() -> Result<String, CollectorError> {
    let mut random = [0u8; 32];
    getrandom::fill(&mut random).map_err(CollectorError::Random)?;
    Ok(hex(&random))
}

pub(crate) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Compares in a time that does not depend on where the first difference is.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |all, (left, right)| all | (left ^ right));
    std::hint::black_box(difference) == 0 && left.len() == right.len()
}
