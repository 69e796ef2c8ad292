//! Passwords (hashed), sessions, single-use links and failed attempts.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber, StaffId};

/// A staff member's password, hashed.
#[derive(Clone)]
pub struct Credential {
    /// The argon2id hash in its own text form.
    pub password_hash: String,
    /// Whether sign-in is switched off.
    pub disabled: bool,
}

/// A session, found by the hash of its token.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Whose.
    pub staff_id: StaffId,
    /// The token that every form of this session carries.
    pub csrf: String,
    /// When it began.
    pub begun_at: Instant,
    /// When it was last used.
    pub seen_at: Instant,
}

/// A single-use link to choose a password.
#[derive(Debug, Clone)]
pub struct LinkRow {
    /// For whom; nobody for the link that sets up a new school.
    pub staff_id: Option<StaffId>,
    /// When it stops working.
    pub ends_at: Instant,
    /// When it was used.
    pub used_at: Option<Instant>,
}

/// Sets a password's hash and switches sign-in on.
///
/// # Errors
/// When the database refuses.
pub fn put_credential(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    staff: &StaffId,
    hash: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let values = [school.number().into(), staff.as_str().into(), hash.into(), now.micros().into()];
    tx.execute(sql::CREDENTIAL_PUT, &values)?;
    Ok(())
}

/// A staff member's credential.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn credential(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    staff: &StaffId,
) -> Result<Option<Credential>, StoreError> {
    let Some(mut row) =
        tx.query_one(sql::CREDENTIAL_GET, &[school.number().into(), staff.as_str().into()])?
    else {
        return Ok(None);
    };
    Ok(Some(Credential { password_hash: row.take(0)?, disabled: row.take(1)? }))
}

/// Switches a staff member's sign-in off (or on), ends their sessions, and uses up the links that
/// were made for them before.
///
/// # Errors
/// When the database refuses.
pub fn disable(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    staff: &StaffId,
    disabled: bool,
) -> Result<(), StoreError> {
    tx.execute(sql::CREDENTIAL_DISABLE, &[school.number().into(), staff.as_str().into(), disabled.into()])?;
    tx.execute(sql::LINK_END_ALL, &[school.number().into(), staff.as_str().into()])?;
    end_sessions(tx, school, staff)
}

/// Who can sign in.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn who_can_sign_in(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<StaffId>, StoreError> {
    let rows = tx.query(sql::CREDENTIAL_ALL, &[school.number().into()])?;
    rows.into_iter().map(|row| Reader::new("credential", row).staff_id()).collect()
}

/// Begins a session.
///
/// # Errors
/// When the database refuses.
pub fn begin_session(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    token_hash: &str,
    staff: &StaffId,
    csrf: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let values =
        [school.number().into(), token_hash.into(), staff.as_str().into(), csrf.into(), now.micros().into()];
    tx.execute(sql::SESSION_INSERT, &values)?;
    Ok(())
}

/// A session by the hash of its token.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn session(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    token_hash: &str,
) -> Result<Option<SessionRow>, StoreError> {
    let Some(row) = tx.query_one(sql::SESSION_GET, &[school.number().into(), token_hash.into()])? else {
        return Ok(None);
    };
    let mut row = Reader::new("session", row);
    Ok(Some(SessionRow {
        staff_id: row.staff_id()?,
        csrf: row.next()?,
        begun_at: row.instant()?,
        seen_at: row.instant()?,
    }))
}

/// Notes that a session was used.
///
/// # Errors
/// When the database refuses.
pub fn touch_session(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    token_hash: &str,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(sql::SESSION_SEEN, &[school.number().into(), token_hash.into(), now.micros().into()])?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database refuses.
pub fn end_session(tx: &mut Tx<'_>, school: SchoolNumber, token_hash: &str) -> Result<(), StoreError> {
    tx.execute(sql::SESSION_END, &[school.number().into(), token_hash.into()])?;
    Ok(())
}

/// Ends every session of a staff member.
///
/// # Errors
/// When the database refuses.
pub fn end_sessions(tx: &mut Tx<'_>, school: SchoolNumber, staff: &StaffId) -> Result<(), StoreError> {
    tx.execute(sql::SESSION_END_ALL, &[school.number().into(), staff.as_str().into()])?;
    Ok(())
}

/// Ends every session not used since `idle_since` or begun before `begun_before`.
///
/// # Errors
/// When the database refuses.
pub fn end_old_sessions(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    idle_since: Instant,
    begun_before: Instant,
) -> Result<(), StoreError> {
    let values = [school.number().into(), idle_since.micros().into(), begun_before.micros().into()];
    tx.execute(sql::SESSION_END_OLD, &values)?;
    Ok(())
}

/// Keeps a single-use link by the hash of its token.
///
/// # Errors
/// When the database refuses.
pub fn insert_link(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    token_hash: &str,
    staff: Option<&StaffId>,
    made_at: Instant,
    ends_at: Instant,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        token_hash.into(),
        staff.map(StaffId::as_str).into(),
        made_at.micros().into(),
        ends_at.micros().into(),
    ];
    tx.execute(sql::LINK_INSERT, &values)?;
    Ok(())
}

/// A link by the hash of its token.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn link(tx: &mut Tx<'_>, school: SchoolNumber, token_hash: &str) -> Result<Option<LinkRow>, StoreError> {
    let Some(row) = tx.query_one(sql::LINK_GET, &[school.number().into(), token_hash.into()])? else {
        return Ok(None);
    };
    let mut row = Reader::new("link", row);
    let staff_id = row.optional("a staff id", |text| StaffId::parse(text).ok())?;
    Ok(Some(LinkRow { staff_id, ends_at: row.instant()?, used_at: row.optional_instant()? }))
}

/// Uses a link up; false when somebody already did.
///
/// # Errors
/// When the database refuses.
pub fn use_link(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    token_hash: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let values = [school.number().into(), token_hash.into(), now.micros().into()];
    Ok(tx.execute(sql::LINK_USE, &values)? == 1)
}

/// When sign-in for an address last failed, and how often in a row.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn attempts(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    email: &str,
) -> Result<Option<(Instant, i64)>, StoreError> {
    let Some(row) = tx.query_one(sql::ATTEMPT_GET, &[school.number().into(), email.into()])? else {
        return Ok(None);
    };
    let mut row = Reader::new("sign_in_attempt", row);
    Ok(Some((row.instant()?, row.next()?)))
}

/// Notes how often sign-in for an address failed in a row.
///
/// # Errors
/// When the database refuses.
pub fn set_attempts(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    email: &str,
    at: Instant,
    count: i64,
) -> Result<(), StoreError> {
    tx.execute(sql::ATTEMPT_PUT, &[school.number().into(), email.into(), at.micros().into(), count.into()])?;
    Ok(())
}
