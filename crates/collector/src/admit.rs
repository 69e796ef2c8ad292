//! Which schools may send, and the tokens that say which school is speaking.
//!
//! A token is shown once, when the school is admitted; only its hash is kept. It can submit and
//! ask how far the collector has come, nothing more. A school that was admitted on first contact,
//! in a rehearsal, has none.

use crate::statements as sql;
use crate::{Collector, CollectorError};
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
}

impl Default for School {
    /// A school before its first batch.
    fn default() -> Self {
        Self { token_hash: None, epoch: 0, expected_seq: 1, head_digest: String::new() }
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

/// Checks the header `Authorization` against what is known of a school.
pub(crate) fn check(
    school: Option<&School>,
    authorization: Option<&str>,
    admit_any: bool,
) -> Result<(), Problem> {
    let Some(school) = school else {
        let detail = "ask the Ministry to admit this school";
        let unknown = || Err(Problem::new(ProblemKind::SchoolUnknown, detail));
        return if admit_any { Ok(()) } else { unknown() };
    };
    let Some(expected) = &school.token_hash else { return Ok(()) };
    let token = authorization.and_then(|header| {
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    // The hash is computed in every case, so that a missing token takes as long as a wrong one.
    let given = hash(token.unwrap_or_default());
    if same(given.as_bytes(), expected.as_bytes()) && token.is_some() {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::Unauthorised, "send the token as Authorization: Bearer …"))
}

impl Collector {
    /// Admits a school and answers with its token, which is shown this once. Admitting a school
    /// again gives it a new token; the old one stops at once.
    ///
    /// # Errors
    /// When the machine gives no random bytes or the database cannot be written.
    pub fn admit(&self, number: SchoolNumber, name: &str, now: Instant) -> Result<String, CollectorError> {
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).map_err(CollectorError::Random)?;
        let token = format!("school-{}", hex(&random));
        let (hash, name) = (hash(&token), name.to_owned());
        self.database.write(Scope::Tenant(number.number()), move |tx| {
            enter(tx, number, &name, now)?;
            tx.execute(
                sql::SCHOOL_ADMIT,
                &[number.number().into(), name.as_str().into(), hash.as_str().into()],
            )?;
            Ok::<(), DatabaseError>(())
        })?;
        Ok(token)
    }
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
