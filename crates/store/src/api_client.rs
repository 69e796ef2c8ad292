//! Programs of other vendors: who they are, the tokens they hold, and how often they asked.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{ApiScope, Date, Instant, SchoolNumber};

/// A program that may ask.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// Its id, which is no secret.
    pub id: String,
    /// What the school calls it.
    pub name: String,
    /// The hash of its secret.
    pub secret_hash: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// When it was made.
    pub made_at: Instant,
    /// Who made it.
    pub made_by: String,
    /// From when on it may ask no more.
    pub ends_at: Instant,
    /// When somebody ended it.
    pub ended_at: Option<Instant>,
    /// When it last asked for anything.
    pub last_used_at: Option<Instant>,
}

impl ClientRow {
    /// Whether it may ask at a moment.
    #[must_use]
    pub fn is_good(&self, now: Instant) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }
}

/// A hash is not written anywhere by accident.
impl std::fmt::Debug for ClientRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientRow").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A program about to be added.
#[derive(Clone, Copy)]
pub struct NewClient<'a> {
    /// Its id.
    pub id: &'a str,
    /// The act that makes it.
    pub act: i64,
    /// What the school calls it.
    pub name: &'a str,
    /// The hash of its secret.
    pub secret_hash: &'a str,
    /// What it may do.
    pub scopes: &'a [ApiScope],
    /// When.
    pub made_at: Instant,
    /// Who makes it.
    pub made_by: &'a str,
    /// From when on it may ask no more.
    pub ends_at: Instant,
}

/// A token that a program holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Whose.
    pub client_id: String,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
    /// From when on it is no good.
    pub ends_at: Instant,
}

/// How often a program asked on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseRow {
    /// Which.
    pub client_id: String,
    /// The school's date.
    pub date: Date,
    /// How often.
    pub requests: i64,
    /// How many of these were refused.
    pub refused: i64,
}

fn words(scopes: &[ApiScope]) -> String {
    scopes.iter().map(|scope| scope.text()).collect::<Vec<_>>().join(" ")
}

/// Scopes as they are kept. A word that is not known (of a later release) gives nothing.
fn scopes(text: &str) -> Vec<ApiScope> {
    text.split(' ').filter_map(ApiScope::parse).collect()
}

/// Adds a program.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, new: &NewClient<'_>) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        new.id.into(),
        new.act.into(),
        new.name.into(),
        new.secret_hash.into(),
        words(new.scopes).into(),
        new.made_at.micros().into(),
        new.made_by.into(),
        new.ends_at.micros().into(),
    ];
    tx.execute(sql::API_CLIENT_INSERT, &values)?;
    Ok(())
}

/// One program, ended ones too.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<ClientRow>, StoreError> {
    tx.query_one(sql::API_CLIENT_GET, &[school.number().into(), id.into()])?.map(read).transpose()
}

/// Every program, the oldest first, ended ones too.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<ClientRow>, StoreError> {
    tx.query(sql::API_CLIENT_ALL, &[school.number().into()])?.into_iter().map(read).collect()
}

fn read(row: database::Row) -> Result<ClientRow, StoreError> {
    let mut row = Reader::new("api_client", row);
    Ok(ClientRow {
        id: row.next()?,
        name: row.next()?,
        secret_hash: row.next()?,
        scopes: scopes(&row.next::<String>()?),
        made_at: row.instant()?,
        made_by: row.next()?,
        ends_at: row.instant()?,
        ended_at: row.optional_instant()?,
        last_used_at: row.optional_instant()?,
    })
}

/// Ends a program: its tokens are no good from then on.
///
/// # Errors
/// When the database refuses.
pub fn end(tx: &mut Tx<'_>, school: SchoolNumber, id: &str, now: Instant) -> Result<(), StoreError> {
    tx.execute(sql::API_CLIENT_END, &[school.number().into(), id.into(), now.micros().into()])?;
    tx.execute(sql::API_TOKEN_END_ALL, &[school.number().into(), id.into()])?;
    Ok(())
}

/// Keeps a token by its hash, and forgets those that are over.
///
/// # Errors
/// When the database refuses.
pub fn insert_token(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    hash: &str,
    token: &TokenRow,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(sql::API_TOKEN_SWEEP, &[school.number().into(), now.micros().into()])?;
    let values = [
        school.number().into(),
        hash.into(),
        token.client_id.as_str().into(),
        words(&token.scopes).into(),
        now.micros().into(),
        token.ends_at.micros().into(),
    ];
    tx.execute(sql::API_TOKEN_INSERT, &values)?;
    Ok(())
}

/// A token by its hash, whether or not it is over.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn token(tx: &mut Tx<'_>, school: SchoolNumber, hash: &str) -> Result<Option<TokenRow>, StoreError> {
    let Some(row) = tx.query_one(sql::API_TOKEN_GET, &[school.number().into(), hash.into()])? else {
        return Ok(None);
    };
    let mut row = Reader::new("api_token", row);
    let (client_id, words) = (row.next()?, row.next::<String>()?);
    Ok(Some(TokenRow { client_id, scopes: scopes(&words), ends_at: row.instant()? }))
}

/// Notes when a program last asked.
///
/// # Errors
/// When the database refuses.
pub fn set_used(tx: &mut Tx<'_>, school: SchoolNumber, id: &str, at: Instant) -> Result<(), StoreError> {
    tx.execute(sql::API_CLIENT_USED, &[school.number().into(), id.into(), at.micros().into()])?;
    Ok(())
}

/// Adds to how often a program asked on a day.
///
/// # Errors
/// When the database refuses.
pub fn add_use(tx: &mut Tx<'_>, school: SchoolNumber, used: &UseRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        used.client_id.as_str().into(),
        used.date.to_string().into(),
        used.requests.into(),
        used.refused.into(),
    ];
    tx.execute(sql::API_USE_ADD, &values)?;
    Ok(())
}

/// How often each program asked, from a date on.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn uses_since(tx: &mut Tx<'_>, school: SchoolNumber, from: Date) -> Result<Vec<UseRow>, StoreError> {
    let rows = tx.query(sql::API_USE_SINCE, &[school.number().into(), from.to_string().into()])?;
    let read = |row| {
        let mut row = Reader::new("api_use", row);
        Ok(UseRow { client_id: row.next()?, date: row.date()?, requests: row.next()?, refused: row.next()? })
    };
    rows.into_iter().map(read).collect()
}
