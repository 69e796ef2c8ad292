//! The school's key pairs for the Ministry, and the token of its admission, both sealed.
//!
//! Acts write what is wished (a new pair, an end); the sender does it and notes how far it came.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};

/// What a sealed private half is sealed as.
pub const PRIVATE_HALF: &str = "private half for the Ministry";

/// What a sealed token of admission is sealed as.
pub const ADMISSION: &str = "token of admission";

/// Whose a sealed private half is.
#[must_use]
pub fn whose(school: SchoolNumber, kid: &str) -> String {
    format!("{school} {kid}")
}

/// A key pair and how far it has come.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPairRow {
    /// Its name: the RFC 7638 thumbprint of its public half.
    pub kid: String,
    /// Its private half, sealed; empty once it has ended.
    pub sealed: String,
    /// When it was made.
    pub made_at: Instant,
    /// When the Ministry was last asked to register or end it.
    pub tried_at: Option<Instant>,
    /// When the Ministry registered it.
    pub registered_at: Option<Instant>,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
    /// When it was to end.
    pub end_asked_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// What went wrong the last time, in words.
    pub problem: Option<String>,
}

/// What is sealed is not written anywhere by accident.
impl std::fmt::Debug for KeyPairRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPairRow").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A token of admission, sealed.
#[derive(Clone)]
pub struct AdmissionRow {
    /// The sealed token.
    pub sealed: String,
    /// When it was entered.
    pub entered_at: Instant,
}

/// Which of a school's key pairs does what.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    /// What the school sends with.
    pub current: Option<KeyPairRow>,
    /// What is to be registered and then sent with.
    pub next: Option<KeyPairRow>,
    /// What is to end at the Ministry.
    pub ending: Vec<KeyPairRow>,
}

impl Roles {
    /// Tells the pairs that have not ended apart. The one that was registered last is sent with; one
    /// that was registered earlier, or is wished away, is to end.
    #[must_use]
    pub fn of(pairs: Vec<KeyPairRow>) -> Self {
        let mut roles = Self::default();
        for pair in pairs.into_iter().filter(|pair| pair.ended_at.is_none()) {
            if pair.end_asked_at.is_some() {
                roles.ending.push(pair);
            } else if pair.registered_at.is_none() {
                let earlier = roles.next.replace(pair);
                roles.ending.extend(earlier);
            } else if roles.current.as_ref().is_none_or(|known| known.registered_at < pair.registered_at) {
                let earlier = roles.current.replace(pair);
                roles.ending.extend(earlier);
            } else {
                roles.ending.push(pair);
            }
        }
        roles
    }

    /// Whether the sender has something to do.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.next.is_some() || !self.ending.is_empty()
    }
}

/// Keeps a new pair.
///
/// # Errors
/// When it is there already or the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kid: &str,
    sealed: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let at = later(now, all(tx, school)?.iter().map(|pair| pair.made_at));
    tx.execute(
        sql::KEY_PAIR_INSERT,
        &[school.number().into(), kid.into(), sealed.into(), at.micros().into()],
    )?;
    Ok(())
}

/// Now, or a little after the last of these: the order of pairs outlives a clock that stands still or
/// goes backwards.
fn later(now: Instant, earlier: impl Iterator<Item = Instant>) -> Instant {
    let after = earlier.max().and_then(|last| Instant::from_micros(last.micros() + 1));
    after.map_or(now, |after| after.max(now))
}

/// All pairs, the oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<KeyPairRow>, StoreError> {
    let rows = tx.query(sql::KEY_PAIR_ALL, &[school.number().into()])?;
    rows.into_iter()
        .map(|row| {
            let mut row = Reader::new("key_pair", row);
            Ok(KeyPairRow {
                kid: row.next()?,
                sealed: row.next()?,
                made_at: row.instant()?,
                tried_at: row.optional_instant()?,
                registered_at: row.optional_instant()?,
                last_used_at: row.optional_instant()?,
                end_asked_at: row.optional_instant()?,
                ended_at: row.optional_instant()?,
                problem: row.next()?,
            })
        })
        .collect()
}

/// Notes that the Ministry is about to be asked about a pair, or what it had against it.
///
/// # Errors
/// When the database refuses.
pub fn set_tried(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kid: &str,
    now: Instant,
    problem: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute(
        sql::KEY_PAIR_TRIED,
        &[school.number().into(), kid.into(), now.micros().into(), problem.into()],
    )?;
    Ok(())
}

/// Notes that the Ministry registered a pair: it is sent with from now on.
///
/// # Errors
/// When the database refuses.
pub fn set_registered(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kid: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let at = later(now, all(tx, school)?.iter().filter_map(|pair| pair.registered_at));
    tx.execute(sql::KEY_PAIR_REGISTERED, &[school.number().into(), kid.into(), at.micros().into()])?;
    Ok(())
}

/// Notes that a pair was used.
///
/// # Errors
/// When the database refuses.
pub fn set_used(tx: &mut Tx<'_>, school: SchoolNumber, kid: &str, now: Instant) -> Result<(), StoreError> {
    tx.execute(sql::KEY_PAIR_USED, &[school.number().into(), kid.into(), now.micros().into()])?;
    Ok(())
}

/// Wishes a pair away.
///
/// # Errors
/// When the database refuses.
pub fn ask_end(tx: &mut Tx<'_>, school: SchoolNumber, kid: &str, now: Instant) -> Result<(), StoreError> {
    tx.execute(sql::KEY_PAIR_ASK_END, &[school.number().into(), kid.into(), now.micros().into()])?;
    Ok(())
}

/// Notes that a pair has ended; its private half goes.
///
/// # Errors
/// When the database refuses.
pub fn set_ended(tx: &mut Tx<'_>, school: SchoolNumber, kid: &str, now: Instant) -> Result<(), StoreError> {
    tx.execute(sql::KEY_PAIR_ENDED, &[school.number().into(), kid.into(), now.micros().into()])?;
    Ok(())
}

/// The token of admission.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn admission(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<AdmissionRow>, StoreError> {
    let Some(row) = tx.query_one(sql::ADMISSION_GET, &[school.number().into()])? else { return Ok(None) };
    let mut row = Reader::new("admission_token", row);
    Ok(Some(AdmissionRow { sealed: row.next()?, entered_at: row.instant()? }))
}

/// Keeps the token of admission, in the place of the one before.
///
/// # Errors
/// When the database refuses.
pub fn set_admission(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    sealed: &str,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(sql::ADMISSION_SET, &[school.number().into(), sealed.into(), now.micros().into()])?;
    Ok(())
}

/// Removes the token of admission, which is spent, if it is still this one.
///
/// # Errors
/// When the database refuses.
pub fn remove_admission(tx: &mut Tx<'_>, school: SchoolNumber, sealed: &str) -> Result<(), StoreError> {
    tx.execute(sql::ADMISSION_REMOVE, &[school.number().into(), sealed.into()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(kid: &str, registered: Option<i64>, end_asked: bool, ended: bool) -> KeyPairRow {
        let at = |micros: i64| Instant::from_micros(micros).expect("a time");
        KeyPairRow {
            kid: kid.to_owned(),
            sealed: String::new(),
            made_at: at(0),
            tried_at: None,
            registered_at: registered.map(at),
            last_used_at: None,
            end_asked_at: end_asked.then(|| at(9)),
            ended_at: ended.then(|| at(9)),
            problem: None,
        }
    }

    #[test]
    fn the_pair_registered_last_is_sent_with_and_earlier_ones_end() {
        let says = |pairs: Vec<KeyPairRow>| {
            let roles = Roles::of(pairs);
            let kid = |pair: Option<KeyPairRow>| pair.map(|pair| pair.kid).unwrap_or_default();
            let ending: Vec<String> = roles.ending.into_iter().map(|pair| pair.kid).collect();
            format!("{} {} {}", kid(roles.current), kid(roles.next), ending.join(","))
        };
        assert_eq!(says(vec![]), "  ");
        assert_eq!(says(vec![pair("a", None, false, false)]), " a ");
        assert_eq!(says(vec![pair("a", Some(1), false, false), pair("b", None, false, false)]), "a b ");
        assert_eq!(says(vec![pair("a", Some(1), false, false), pair("b", Some(2), false, false)]), "b  a");
        assert_eq!(says(vec![pair("a", Some(2), false, false), pair("b", Some(1), false, false)]), "a  b");
        assert_eq!(says(vec![pair("a", Some(1), false, true), pair("b", Some(2), false, false)]), "b  ");
        assert_eq!(says(vec![pair("a", Some(1), false, false), pair("b", None, true, false)]), "a  b");
    }
}
