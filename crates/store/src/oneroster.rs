//! The OneRoster service of a school, how fetching from it went, and what its packages said of classes
//! and users.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};
use std::collections::BTreeMap;

/// What a sealed client secret is sealed as.
pub const CLIENT_SECRET: &str = "client secret of OneRoster";

/// A service, and how it went.
#[derive(Clone, PartialEq, Eq)]
pub struct OneRosterRow {
    /// Its address.
    pub base: String,
    /// `1.1` or `1.2`.
    pub version: String,
    /// The address that gives tokens.
    pub token_at: String,
    /// The client id.
    pub client: String,
    /// The client secret, sealed; empty when there is none.
    pub sealed: String,
    /// When the secret was entered.
    pub entered_at: Option<Instant>,
    /// Which org is the school; empty when it is found by number.
    pub org: String,
    /// Which id is the student's.
    pub student_id: String,
    /// Whether `identifier` holds the National Student Number.
    pub identifier_is_nsn: bool,
    /// Whether it is fetched nightly.
    pub is_on: bool,
    /// When somebody last asked to fetch at once, until it is begun.
    pub asked_at: Option<Instant>,
    /// When it was last tried.
    pub tried_at: Option<Instant>,
    /// When it is tried again after it failed.
    pub retry_at: Option<Instant>,
    /// When fetching that went well was begun.
    pub good_at: Option<Instant>,
    /// When fetching everything that went well was begun.
    pub whole_at: Option<Instant>,
    /// What went wrong the last time, in words; empty when nothing did.
    pub problem: String,
    /// What came of it the last time it went well, in words.
    pub outcome: String,
}

/// What is sealed is not written anywhere by accident.
impl std::fmt::Debug for OneRosterRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneRosterRow").field("base", &self.base).finish_non_exhaustive()
    }
}

/// The service of a school.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<OneRosterRow>, StoreError> {
    let Some(row) = tx.query_one(sql::ONEROSTER_GET, &[school.number().into()])? else { return Ok(None) };
    let mut row = Reader::new("oneroster", row);
    Ok(Some(OneRosterRow {
        base: row.next()?,
        version: row.next()?,
        token_at: row.next()?,
        client: row.next()?,
        sealed: row.next()?,
        entered_at: row.optional_instant()?,
        org: row.next()?,
        student_id: row.next()?,
        identifier_is_nsn: row.next()?,
        is_on: row.next()?,
        asked_at: row.optional_instant()?,
        tried_at: row.optional_instant()?,
        retry_at: row.optional_instant()?,
        good_at: row.optional_instant()?,
        whole_at: row.optional_instant()?,
        problem: row.next()?,
        outcome: row.next()?,
    }))
}

/// What a person sets; the secret is set by [`set_secret`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its address.
    pub base: String,
    /// `1.1` or `1.2`.
    pub version: String,
    /// The address that gives tokens.
    pub token_at: String,
    /// The client id.
    pub client: String,
    /// Which org is the school; empty when it is found by number.
    pub org: String,
    /// Which id is the student's.
    pub student_id: String,
    /// Whether `identifier` holds the National Student Number.
    pub identifier_is_nsn: bool,
    /// Whether it is fetched nightly.
    pub is_on: bool,
}

/// Sets the service.
///
/// # Errors
/// When the database refuses.
pub fn set(tx: &mut Tx<'_>, school: SchoolNumber, connection: &Connection) -> Result<(), StoreError> {
    tx.execute(sql::ONEROSTER_ADD, &[school.number().into()])?;
    tx.execute(
        sql::ONEROSTER_SET,
        &[
            school.number().into(),
            connection.base.as_str().into(),
            connection.version.as_str().into(),
            connection.token_at.as_str().into(),
            connection.client.as_str().into(),
            connection.org.as_str().into(),
            connection.student_id.as_str().into(),
            connection.identifier_is_nsn.into(),
            connection.is_on.into(),
        ],
    )?;
    Ok(())
}

/// Keeps a sealed secret.
///
/// # Errors
/// When the database refuses.
pub fn set_secret(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    sealed: &str,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(sql::ONEROSTER_SET_SECRET, &[school.number().into(), sealed.into(), now.micros().into()])?;
    Ok(())
}

/// Notes that somebody asks to fetch at once.
///
/// # Errors
/// When the database refuses.
pub fn ask(tx: &mut Tx<'_>, school: SchoolNumber, now: Instant) -> Result<(), StoreError> {
    tx.execute(sql::ONEROSTER_ASK, &[school.number().into(), now.micros().into()])?;
    Ok(())
}

/// Asks for everything the next time, rather than for what changed.
///
/// # Errors
/// When the database refuses.
pub fn ask_for_all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<(), StoreError> {
    tx.execute(sql::ONEROSTER_ASK_FOR_ALL, &[school.number().into()])?;
    Ok(())
}

/// Notes that it is being fetched.
///
/// # Errors
/// When the database refuses.
pub fn begin(tx: &mut Tx<'_>, school: SchoolNumber, now: Instant) -> Result<(), StoreError> {
    tx.execute(sql::ONEROSTER_BEGIN, &[school.number().into(), now.micros().into()])?;
    Ok(())
}

/// Notes that it went well.
///
/// # Errors
/// When the database refuses.
pub fn went_well(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    begun: Instant,
    is_whole: bool,
    outcome: &str,
) -> Result<(), StoreError> {
    let whole = is_whole.then(|| begun.micros());
    tx.execute(
        sql::ONEROSTER_WELL,
        &[school.number().into(), begun.micros().into(), whole.into(), outcome.into()],
    )?;
    Ok(())
}

/// Notes that it failed, and when it is tried again.
///
/// # Errors
/// When the database refuses.
pub fn failed(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    problem: &str,
    retry_at: Option<Instant>,
) -> Result<(), StoreError> {
    let retry_at = retry_at.map(Instant::micros);
    tx.execute(sql::ONEROSTER_FAILED, &[school.number().into(), problem.into(), retry_at.into()])?;
    Ok(())
}

/// Forgets how it went: the service is another.
///
/// # Errors
/// When the database refuses.
pub fn forget_runs(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<(), StoreError> {
    tx.execute(sql::ONEROSTER_FORGET_RUNS, &[school.number().into()])?;
    Ok(())
}

/// What is known by kind and id: a text and a mark.
pub type Known = BTreeMap<(String, String), (String, bool)>;

/// What earlier packages said.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn known(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Known, StoreError> {
    let rows = tx.query(sql::ONEROSTER_KNOWN, &[school.number().into()])?;
    rows.into_iter()
        .map(|row| {
            let mut row = Reader::new("oneroster_known", row);
            Ok(((row.next()?, row.next()?), (row.next()?, row.next()?)))
        })
        .collect()
}

/// Keeps what is known now, writing only what differs from before.
///
/// # Errors
/// When the database refuses.
pub fn keep_known(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    before: &Known,
    now: &Known,
) -> Result<(), StoreError> {
    for ((kind, id), (said, is_marked)) in now {
        if before.get(&(kind.clone(), id.clone())) != Some(&(said.clone(), *is_marked)) {
            tx.execute(
                sql::ONEROSTER_KNOWN_SET,
                &[
                    school.number().into(),
                    kind.as_str().into(),
                    id.as_str().into(),
                    said.as_str().into(),
                    (*is_marked).into(),
                ],
            )?;
        }
    }
    for (kind, id) in before.keys().filter(|key| !now.contains_key(*key)) {
        tx.execute(
            sql::ONEROSTER_KNOWN_REMOVE,
            &[school.number().into(), kind.as_str().into(), id.as_str().into()],
        )?;
    }
    Ok(())
}
