//! Webhooks: who is told what happens here, what happened, and how far each has come on its way.
//!
//! Acts of `app` write what happened beside what they do; the crate `webhooks` claims what is due,
//! sends it, and keeps the answers.

mod event;
mod queue;

pub use event::{EventAbout, EventRow, OfCrossing, OfResponse, event, queue};
pub use queue::{
    Answered, Delivery, DeliveryState, Try, answered, claim, deliveries, drop_old, give_up, has_old, hold,
    next, send_again, stop, tries, waiting,
};

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber, WebhookEvent};

/// What a sealed secret of a webhook is sealed as.
pub const SECRET: &str = "webhook secret";

/// Whose a sealed secret is.
#[must_use]
pub fn whose(school: SchoolNumber, id: &str) -> String {
    format!("{school} {id}")
}

/// An address that is told what happens.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its identity.
    pub id: String,
    /// Where it is told.
    pub address: String,
    /// What it wants to hear of.
    pub events: Vec<WebhookEvent>,
    /// When it was made.
    pub made_at: Instant,
    /// Who made it: a staff id, or `operator`.
    pub made_by: String,
    /// The client of the API whose it is; nothing when people look after it on the page.
    pub owner: Option<String>,
    /// Whether it is told now.
    pub is_on: bool,
    /// Why it was switched off: `person`, or `gone` when its receiver said so.
    pub off_why: Option<String>,
    /// Its secret, sealed; empty once it has ended.
    pub sealed: String,
    /// The secret before that, and until when it is good.
    pub earlier: Option<(String, Instant)>,
    /// The first failure since the last success.
    pub failing_since: Option<Instant>,
    /// When an event was last given up, if none arrived since.
    pub gave_up_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

/// What is sealed is not written anywhere by accident.
impl std::fmt::Debug for WebhookRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookRow").field("id", &self.id).finish_non_exhaustive()
    }
}

fn words(events: &[WebhookEvent]) -> String {
    events.iter().map(|event| event.text()).collect::<Vec<_>>().join(" ")
}

fn read_words(text: &str) -> Option<Vec<WebhookEvent>> {
    text.split_whitespace().map(WebhookEvent::parse).collect()
}

/// Keeps a new one, which is on.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, row: &WebhookRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.id.as_str().into(),
        row.address.as_str().into(),
        words(&row.events).into(),
        row.made_at.micros().into(),
        row.made_by.as_str().into(),
        row.owner.as_deref().into(),
        row.sealed.as_str().into(),
    ];
    tx.execute(sql::WEBHOOK_INSERT, &values)?;
    Ok(())
}

/// All of them, those that ended too, the oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<WebhookRow>, StoreError> {
    tx.query(sql::WEBHOOK_ALL, &[school.number().into()])?.into_iter().map(read).collect()
}

/// One of them.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<WebhookRow>, StoreError> {
    tx.query_one(sql::WEBHOOK_GET, &[school.number().into(), id.into()])?.map(read).transpose()
}

/// Those that are on, with what they want to hear of.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn listening(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
) -> Result<Vec<(String, Vec<WebhookEvent>)>, StoreError> {
    let rows = tx.query(sql::WEBHOOK_LISTENING, &[school.number().into()])?;
    let read = |row| {
        let mut row = Reader::new("webhook", row);
        Ok((row.next()?, row.named("events", read_words)?))
    };
    rows.into_iter().map(read).collect()
}

/// Says where one is told, and what.
///
/// # Errors
/// When the database refuses.
pub fn set(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    address: &str,
    events: &[WebhookEvent],
) -> Result<(), StoreError> {
    tx.execute(sql::WEBHOOK_SET, &[school.number().into(), id.into(), address.into(), words(events).into()])?;
    Ok(())
}

/// Gives one another secret; the one before is good until a moment.
///
/// # Errors
/// When the database refuses.
pub fn set_secret(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    sealed: &str,
    earlier_until: Instant,
) -> Result<(), StoreError> {
    let values = [school.number().into(), id.into(), sealed.into(), earlier_until.micros().into()];
    tx.execute(sql::WEBHOOK_SET_SECRET, &values)?;
    Ok(())
}

/// Switches one on, or off for a reason.
///
/// # Errors
/// When the database refuses.
pub fn switch(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    off_why: Option<&str>,
) -> Result<(), StoreError> {
    let is_on = off_why.is_none();
    tx.execute(sql::WEBHOOK_SWITCH, &[school.number().into(), id.into(), is_on.into(), off_why.into()])?;
    Ok(())
}

/// Ends one for good: its secrets go.
///
/// # Errors
/// When the database refuses.
pub fn end(tx: &mut Tx<'_>, school: SchoolNumber, id: &str, at: Instant) -> Result<(), StoreError> {
    tx.execute(sql::WEBHOOK_END, &[school.number().into(), id.into(), at.micros().into()])?;
    Ok(())
}

/// Makes one this process's until a moment, or anybody's when that is over.
///
/// # Errors
/// When the database refuses.
pub fn lease(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    until: Option<Instant>,
) -> Result<(), StoreError> {
    let until = until.map_or(0, Instant::micros);
    tx.execute(sql::WEBHOOK_LEASE, &[school.number().into(), id.into(), until.into()])?;
    Ok(())
}

/// Notes that one answers.
///
/// # Errors
/// When the database refuses.
pub fn answers(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<(), StoreError> {
    tx.execute(sql::WEBHOOK_ANSWERS, &[school.number().into(), id.into()])?;
    Ok(())
}

/// Notes that one does not take what it is told, and whether something was given up.
///
/// # Errors
/// When the database refuses.
pub fn fails(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    at: Instant,
    gave_up: bool,
) -> Result<(), StoreError> {
    let gave_up_at = gave_up.then(|| at.micros());
    let values = [school.number().into(), id.into(), at.micros().into(), gave_up_at.into()];
    tx.execute(sql::WEBHOOK_FAILS, &values)?;
    Ok(())
}

fn read(row: database::Row) -> Result<WebhookRow, StoreError> {
    let mut row = Reader::new("webhook", row);
    let (id, address) = (row.next()?, row.next()?);
    let events = row.named("events", read_words)?;
    let (made_at, made_by, owner) = (row.instant()?, row.next()?, row.next()?);
    let (is_on, off_why, sealed) = (row.next()?, row.next()?, row.next()?);
    let earlier: Option<String> = row.next()?;
    let earlier = earlier.zip(row.optional_instant()?);
    let (failing_since, gave_up_at) = (row.optional_instant()?, row.optional_instant()?);
    let ended_at = row.optional_instant()?;
    Ok(WebhookRow {
        id,
        address,
        events,
        made_at,
        made_by,
        owner,
        is_on,
        off_why,
        sealed,
        earlier,
        failing_since,
        gave_up_at,
        ended_at,
    })
}
