//! Arrivals: what came from another system, kept until it was worked.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber, StaffId};

/// What is to become of an arrival, or became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalState {
    /// It will be worked by itself.
    Received,
    /// A person must look at it first.
    Review,
    /// It was worked.
    Stored,
    /// It could not be worked; nothing of it was stored.
    Refused,
    /// A person decided against it.
    Discarded,
    /// It was worked, and undone since.
    Undone,
}

impl ArrivalState {
    const ALL: [Self; 6] =
        [Self::Received, Self::Review, Self::Stored, Self::Refused, Self::Discarded, Self::Undone];

    /// Its word.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Review => "review",
            Self::Stored => "stored",
            Self::Refused => "refused",
            Self::Discarded => "discarded",
            Self::Undone => "undone",
        }
    }

    /// Whether it still waits for somebody or something.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Review)
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }
}

/// An arrival about to be kept.
#[derive(Debug, Clone)]
pub struct NewArrival<'a> {
    /// Its identity.
    pub id: &'a str,
    /// When it came.
    pub received_at: Instant,
    /// By which door.
    pub door: &'a str,
    /// From which system.
    pub source: &'a str,
    /// Its name, for lists.
    pub name: &'a str,
    /// The digest of the bytes as they came.
    pub digest: &'a str,
    /// Which kinds of rows it holds, with commas between.
    pub kinds: &'a str,
    /// How its body is read.
    pub format: &'a str,
    /// Its body.
    pub body: Vec<u8>,
    /// The version of the school's privacy notice that people had been given.
    pub notice: &'a str,
    /// Who brought it; nobody when it came by itself.
    pub staff_id: Option<&'a StaffId>,
    /// What is to become of it.
    pub state: ArrivalState,
}

/// What came of an arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What became of it.
    pub state: ArrivalState,
    /// Why it waits, or why it was refused; empty when it was stored.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// The act that stored it.
    pub act: Option<i64>,
    /// How many rows it has.
    pub rows: i64,
    /// How many of them changed something.
    pub changed: i64,
    /// How many were left out for their problems.
    pub bad_rows: i64,
    /// The problems, a line each (the first hundred).
    pub problems: String,
}

/// An arrival, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivalRow {
    /// Its identity.
    pub id: String,
    /// When it came.
    pub received_at: Instant,
    /// By which door.
    pub door: String,
    /// From which system.
    pub source: String,
    /// Its name.
    pub name: String,
    /// The digest of the bytes as they came.
    pub digest: String,
    /// Which kinds of rows it holds, with commas between.
    pub kinds: String,
    /// How its body is read.
    pub format: String,
    /// The version of the school's privacy notice that people had been given.
    pub notice: String,
    /// Who brought it.
    pub staff_id: Option<String>,
    /// What is to become of it, or became of it.
    pub state: ArrivalState,
    /// Why it waits, or why it was refused.
    pub reason: String,
    /// When that was decided.
    pub decided_at: Option<Instant>,
    /// The act that stored it.
    pub act: Option<i64>,
    /// How many rows it has.
    pub rows: i64,
    /// How many of them changed something.
    pub changed: i64,
    /// How many were left out for their problems.
    pub bad_rows: i64,
    /// The problems, a line each.
    pub problems: String,
}

/// Keeps an arrival.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, new: NewArrival<'_>) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        new.id.into(),
        new.received_at.micros().into(),
        new.door.into(),
        new.source.into(),
        new.name.into(),
        new.digest.into(),
        new.kinds.into(),
        new.format.into(),
        new.body.into(),
        new.notice.into(),
        new.staff_id.map(StaffId::as_str).into(),
        new.state.text().into(),
    ];
    tx.execute(sql::ARRIVAL_INSERT, &values)?;
    Ok(())
}

/// One arrival.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<ArrivalRow>, StoreError> {
    tx.query_one(sql::ARRIVAL_GET, &[school.number().into(), id.into()])?.map(read).transpose()
}

/// What an arrival holds; nothing once it was emptied.
///
/// # Errors
/// When the database refuses.
pub fn body(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Vec<u8>, StoreError> {
    let row = tx.query_one(sql::ARRIVAL_BODY, &[school.number().into(), id.into()])?;
    Ok(row.map(|mut row| row.take(0)).transpose()?.unwrap_or_default())
}

/// The oldest arrival that is to be worked by itself.
///
/// # Errors
/// When the database refuses.
pub fn next(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<String>, StoreError> {
    let row = tx.query_one(sql::ARRIVAL_NEXT, &[school.number().into()])?;
    Ok(row.map(|mut row| row.take(0)).transpose()?)
}

/// The latest arrivals, newest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn latest(tx: &mut Tx<'_>, school: SchoolNumber, limit: i64) -> Result<Vec<ArrivalRow>, StoreError> {
    tx.query(sql::ARRIVAL_LATEST, &[school.number().into(), limit.into()])?.into_iter().map(read).collect()
}

/// The arrival that an act stored.
///
/// # Errors
/// When the database refuses.
pub fn of_act(tx: &mut Tx<'_>, school: SchoolNumber, act: i64) -> Result<Option<String>, StoreError> {
    let row = tx.query_one(sql::ARRIVAL_OF_ACT, &[school.number().into(), act.into()])?;
    Ok(row.map(|mut row| row.take(0)).transpose()?)
}

/// Says what became of an arrival.
///
/// # Errors
/// When the database refuses.
pub fn decide(tx: &mut Tx<'_>, school: SchoolNumber, id: &str, decided: &Decided) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        id.into(),
        decided.state.text().into(),
        decided.reason.as_str().into(),
        decided.at.micros().into(),
        decided.act.into(),
        decided.rows.into(),
        decided.changed.into(),
        decided.bad_rows.into(),
        decided.problems.as_str().into(),
    ];
    tx.execute(sql::ARRIVAL_DECIDE, &values)?;
    Ok(())
}

/// The latest arrivals by one door, newest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_door(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    door: &str,
    limit: i64,
) -> Result<Vec<ArrivalRow>, StoreError> {
    let values = [school.number().into(), door.into(), limit.into()];
    tx.query(sql::ARRIVAL_OF_DOOR, &values)?.into_iter().map(read).collect()
}

/// Discards lists of people that came by the same door from the same system before an arrival and still
/// wait for a person.
///
/// # Errors
/// When the database refuses.
pub fn discard_older(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    arrival: &ArrivalRow,
    now: Instant,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        arrival.door.as_str().into(),
        arrival.source.as_str().into(),
        arrival.received_at.micros().into(),
        now.micros().into(),
        Vec::<u8>::new().into(),
    ];
    tx.execute(sql::ARRIVAL_DISCARD_OLDER, &values)?;
    Ok(())
}

/// Whether a list of people that came from the same system after an arrival, by any door, is stored.
///
/// # Errors
/// When the database refuses.
pub fn is_overtaken(tx: &mut Tx<'_>, school: SchoolNumber, arrival: &ArrivalRow) -> Result<bool, StoreError> {
    let values =
        [school.number().into(), arrival.source.as_str().into(), arrival.received_at.micros().into()];
    Ok(tx.query_one(sql::ARRIVAL_IS_OVERTAKEN, &values)?.is_some())
}

/// Forgets what an arrival holds.
///
/// # Errors
/// When the database refuses.
pub fn empty(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<(), StoreError> {
    keep_only(tx, school, id, Vec::new())
}

/// Forgets what an arrival holds, but for what is left of it.
///
/// # Errors
/// When the database refuses.
pub fn keep_only(tx: &mut Tx<'_>, school: SchoolNumber, id: &str, left: Vec<u8>) -> Result<(), StoreError> {
    tx.execute(sql::ARRIVAL_KEEP, &[school.number().into(), id.into(), left.into()])?;
    Ok(())
}

fn read(row: database::Row) -> Result<ArrivalRow, StoreError> {
    let mut row = Reader::new("arrival", row);
    Ok(ArrivalRow {
        id: row.next()?,
        received_at: row.instant()?,
        door: row.next()?,
        source: row.next()?,
        name: row.next()?,
        digest: row.next()?,
        kinds: row.next()?,
        format: row.next()?,
        notice: row.next()?,
        staff_id: row.next()?,
        state: row.named("a state", ArrivalState::parse)?,
        reason: row.next()?,
        decided_at: row.optional_instant()?,
        act: row.next()?,
        rows: row.next()?,
        changed: row.next()?,
        bad_rows: row.next()?,
        problems: row.next()?,
    })
}
