//! Who may see the Ministry's pages: operators and analysts, who sign in with a link.
//!
//! There are no passwords. A command on the collector's machine makes a person and a single-use
//! link; whoever opens it gets a session. Of links and sessions only a hash is kept, and a session
//! is looked up together with its person, so that ending a person ends their sessions at once.
//!
//! Choice: decision 0038.

use crate::admit::{hash, hex};
use crate::page_statements as sql;
use crate::{Collector, CollectorError};
use database::{DatabaseError, Scope, Tx};
use domain::{Instant, SchoolNumber};

/// A link ends after this many seconds.
const LINK_SECONDS: i64 = 60 * 60;

/// A session ends when it was not used for this many seconds.
const IDLE_SECONDS: i64 = 30 * 60;

/// A session ends this many seconds after it began.
const SESSION_SECONDS: i64 = 12 * 60 * 60;

/// The longest name of a person, in characters.
const MOST_NAME: usize = 100;

/// What a person may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sees everything there is, admits schools, looks up batches and records.
    Operator,
    /// Reads figures.
    Analyst,
}

impl Role {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Operator, Self::Analyst];

    /// `operator` or `analyst`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Analyst => "analyst",
        }
    }

    /// Reads the role's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.text() == text)
    }
}

/// Somebody who may sign in, or could once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// What they may.
    pub role: Role,
    /// When they were added.
    pub added_at: Instant,
    /// When they were ended, if they were.
    pub ended_at: Option<Instant>,
    /// When a session of theirs was last used, as far as one is still kept.
    pub seen_at: Option<Instant>,
}

/// A session that stands: who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person's number.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// What they may.
    pub role: Role,
    /// The token that every form carries.
    pub csrf: String,
}

/// What somebody did that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Admitted a school.
    Admit,
    /// Gave a school a new token.
    Token,
    /// Added a person.
    AddPerson,
    /// Ended a person.
    EndPerson,
    /// Made a link for a person.
    Link,
}

impl Act {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Token => "token",
            Self::AddPerson => "add-person",
            Self::EndPerson => "end-person",
            Self::Link => "link",
        }
    }
}

/// Keeps who did what: nobody stands for the collector's own machine.
pub(crate) fn keep_act(
    tx: &mut Tx<'_>,
    act: Act,
    by: Option<i64>,
    school: Option<SchoolNumber>,
    about: Option<i64>,
    now: Instant,
) -> Result<(), DatabaseError> {
    let school = school.map(SchoolNumber::number);
    tx.execute(
        sql::ACT_ADD,
        &[now.micros().into(), by.into(), act.text().into(), school.into(), about.into()],
    )?;
    Ok(())
}

impl Collector {
    /// Adds a person; answers their number and the token of a link that works once within 60
    /// minutes. `None` when the name is empty or too long.
    ///
    /// # Errors
    /// When the machine gives no random bytes or the database cannot be written.
    pub fn add_person(
        &self,
        name: &str,
        role: Role,
        now: Instant,
    ) -> Result<Option<(i64, String)>, CollectorError> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > MOST_NAME {
            return Ok(None);
        }
        let token = token()?;
        let hash = hash(&token);
        let id = self.database.write(Scope::Host, move |tx| {
            let row = tx.query_one(sql::PERSON_NEXT, &[])?;
            let id: i64 = row.map_or(Ok(1), |mut row| row.take(0))?;
            let values = [id.into(), name.as_str().into(), role.text().into(), now.micros().into()];
            tx.execute(sql::PERSON_ADD, &values)?;
            keep_act(tx, Act::AddPerson, None, None, Some(id), now)?;
            make_link(tx, id, &hash, now)?;
            Ok::<_, DatabaseError>(id)
        })?;
        Ok(Some((id, token)))
    }

    /// Everybody who may sign in or could once, in the order in which they were added.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, CollectorError> {
        let rows = self.database.read(Scope::Host, |tx| tx.query(sql::PERSON_ALL, &[]))?;
        let mut people = Vec::with_capacity(rows.len());
        for mut row in rows {
            people.push(Person {
                id: row.take(0)?,
                name: row.take(1)?,
                role: read_role(&row.take::<String>(2)?)?,
                added_at: read_instant(row.take(3)?)?,
                ended_at: row.take::<Option<i64>>(4)?.and_then(Instant::from_micros),
                seen_at: row.take::<Option<i64>>(5)?.and_then(Instant::from_micros),
            });
        }
        Ok(people)
    }

    /// Ends a person: their sessions and links stop at once. `false` when there is no such person
    /// or they were ended before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_person(&self, id: i64, now: Instant) -> Result<bool, CollectorError> {
        Ok(self.database.write(Scope::Host, move |tx| {
            let ended = tx.execute(sql::PERSON_END, &[id.into(), now.micros().into()])? == 1;
            tx.execute(sql::SESSION_END_ALL, &[id.into()])?;
            tx.execute(sql::LINK_CLEAR, &[id.into(), now.micros().into()])?;
            if ended {
                keep_act(tx, Act::EndPerson, None, None, Some(id), now)?;
            }
            Ok::<_, DatabaseError>(ended)
        })?)
    }

    /// Makes another link for a person; those before stop working. `None` when there is no such
    /// person or they were ended.
    ///
    /// # Errors
    /// When the machine gives no random bytes or the database cannot be written.
    pub fn link_person(&self, id: i64, now: Instant) -> Result<Option<String>, CollectorError> {
        let token = token()?;
        let hash = hash(&token);
        let made = self.database.write(Scope::Host, move |tx| {
            if person(tx, id)?.is_none() {
                return Ok(false);
            }
            keep_act(tx, Act::Link, None, None, Some(id), now)?;
            make_link(tx, id, &hash, now)?;
            Ok::<_, DatabaseError>(true)
        })?;
        Ok(made.then_some(token))
    }

    /// Whom a link is for, while it works.
    pub(crate) fn link(&self, token: &str, now: Instant) -> Result<Option<(String, Role)>, CollectorError> {
        let hash = hash(token);
        Ok(self.database.read(Scope::Host, |tx| match linked(tx, &hash, now)? {
            Some(id) => person(tx, id),
            None => Ok(None),
        })?)
    }

    /// Uses a link up and begins a session; answers its secret token.
    ///
    /// # Errors
    /// When the machine gives no random bytes or the database cannot be written.
    pub fn sign_in(&self, link: &str, now: Instant) -> Result<Option<String>, CollectorError> {
        let (link, token, csrf) = (hash(link), token()?, token()?);
        let session = hash(&token);
        let begun = self.database.write(Scope::Host, move |tx| {
            let Some(id) = linked(tx, &link, now)? else { return Ok(false) };
            let used = tx.execute(sql::LINK_USE, &[link.as_str().into(), now.micros().into()])? == 1;
            if !used || person(tx, id)?.is_none() {
                return Ok(false);
            }
            let idle = now.plus_seconds(-IDLE_SECONDS).micros();
            let begun = now.plus_seconds(-SESSION_SECONDS).micros();
            tx.execute(sql::SESSION_END_OLD, &[idle.into(), begun.into()])?;
            let values = [session.as_str().into(), id.into(), csrf.as_str().into(), now.micros().into()];
            tx.execute(sql::SESSION_ADD, &values)?;
            Ok::<_, DatabaseError>(true)
        })?;
        Ok(begun.then_some(token))
    }

    /// The session of a token, if it stands: used in the last 30 minutes and begun in the last 12
    /// hours, by somebody who was not ended.
    ///
    /// # Errors
    /// When the database fails.
    pub fn session(&self, token: &str, now: Instant) -> Result<Option<SignedIn>, CollectorError> {
        let hash = hash(token);
        let row =
            self.database.read(Scope::Host, |tx| tx.query_one(sql::SESSION_GET, &[hash.as_str().into()]))?;
        let Some(mut row) = row else { return Ok(None) };
        let (id, csrf) = (row.take(0)?, row.take(1)?);
        let (begun_at, seen_at) = (read_instant(row.take(2)?)?, read_instant(row.take(3)?)?);
        let is_over = |since: Instant, seconds: i64| now.micros_since(since) > seconds * 1_000_000;
        if is_over(seen_at, IDLE_SECONDS) || is_over(begun_at, SESSION_SECONDS) {
            return Ok(None);
        }
        // Once a minute is enough to know that a session is in use.
        if is_over(seen_at, 60) {
            self.database.write(Scope::Host, move |tx| {
                tx.execute(sql::SESSION_TOUCH, &[hash.as_str().into(), now.micros().into()])
            })?;
        }
        let (name, role) = (row.take(4)?, read_role(&row.take::<String>(5)?)?);
        Ok(Some(SignedIn { id, name, role, csrf }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn sign_out(&self, token: &str) -> Result<(), CollectorError> {
        let hash = hash(token);
        self.database.write(Scope::Host, move |tx| tx.execute(sql::SESSION_END, &[hash.as_str().into()]))?;
        Ok(())
    }
}

/// 32 random bytes as text.
pub(crate) fn token() -> Result<String, CollectorError> {
    let mut random = [0u8; 32];
    getrandom::fill(&mut random).map_err(CollectorError::Random)?;
    Ok(hex(&random))
}

fn make_link(tx: &mut Tx<'_>, id: i64, hash: &str, now: Instant) -> Result<(), DatabaseError> {
    tx.execute(sql::LINK_CLEAR, &[id.into(), now.micros().into()])?;
    let ends_at = now.plus_seconds(LINK_SECONDS).micros();
    tx.execute(sql::LINK_ADD, &[hash.into(), id.into(), ends_at.into()])?;
    Ok(())
}

/// The person of a link that was not used and has not ended.
fn linked(tx: &mut Tx<'_>, hash: &str, now: Instant) -> Result<Option<i64>, DatabaseError> {
    let Some(mut row) = tx.query_one(sql::LINK_GET, &[hash.into()])? else { return Ok(None) };
    let (id, ends_at, used_at): (i64, i64, Option<i64>) = (row.take(0)?, row.take(1)?, row.take(2)?);
    Ok((used_at.is_none() && now.micros() <= ends_at).then_some(id))
}

/// The name and role of a person who was not ended.
fn person(tx: &mut Tx<'_>, id: i64) -> Result<Option<(String, Role)>, DatabaseError> {
    let Some(mut row) = tx.query_one(sql::PERSON_GET, &[id.into()])? else { return Ok(None) };
    let (name, role): (String, String) = (row.take(0)?, row.take(1)?);
    let stays = row.take::<Option<i64>>(2)?.is_none();
    Ok(Role::parse(&role).filter(|_| stays).map(|role| (name, role)))
}

fn read_role(text: &str) -> Result<Role, CollectorError> {
    Role::parse(text).ok_or(CollectorError::Unreadable("a role"))
}

fn read_instant(micros: i64) -> Result<Instant, CollectorError> {
    Instant::from_micros(micros).ok_or(CollectorError::Unreadable("a time"))
}
