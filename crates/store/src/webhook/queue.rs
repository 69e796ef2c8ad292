//! How far each event has come on its way to each address, and every try of the last weeks.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Instant, SchoolNumber};

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be sent, not before its next try.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was tried for as long as is reasonable.
    GivenUp,
    /// The webhook was switched off while it waited.
    Stopped,
}

impl DeliveryState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Delivered, Self::GivenUp, Self::Stopped];

    /// `waiting`, `delivered`, `given up`, `stopped`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given up",
            Self::Stopped => "stopped",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }
}

/// An event on its way to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// To which webhook.
    pub webhook_id: String,
    /// Which event.
    pub event_id: String,
    /// The act that did it.
    pub act: i64,
    /// When it was queued.
    pub made_at: Instant,
    /// From when it was to be sent: when it was queued, or when a person last asked for it again.
    pub due_from: Instant,
    /// How far it has come.
    pub state: DeliveryState,
    /// How often it was tried in all.
    pub tries: i64,
    /// How many of the tries were before a person asked for it again.
    pub began_after: i64,
    /// Not to be tried again before.
    pub next_try_at: Instant,
    /// When it ended, if it did.
    pub ended_at: Option<Instant>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// Which event.
    pub event_id: String,
    /// The number of the try, from 1.
    pub number: i64,
    /// When.
    pub at: Instant,
    /// What the receiver answered, if it did.
    pub status: Option<i64>,
    /// How long that took, in milliseconds.
    pub millis: i64,
    /// What was wrong, in words; nothing when it was taken.
    pub problem: Option<String>,
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Where the event stands now.
    pub state: DeliveryState,
    /// Not to be tried again before.
    pub next_try_at: Instant,
    /// When it was known.
    pub at: Instant,
}

/// The next delivery that is due at `now`, of a webhook that no other process holds at `leases_at`. The
/// earliest act comes first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn next(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    now: Instant,
    leases_at: Instant,
) -> Result<Option<Delivery>, StoreError> {
    let values = [school.number().into(), now.micros().into(), leases_at.micros().into()];
    tx.query_one(sql::WEBHOOK_NEXT, &values)?.map(read).transpose()
}

/// The latest deliveries to a webhook, the latest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn deliveries(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    webhook: &str,
    most: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let values = [school.number().into(), webhook.into(), most.into()];
    tx.query(sql::WEBHOOK_DELIVERIES, &values)?.into_iter().map(read).collect()
}

/// How many events wait for a webhook.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn waiting(tx: &mut Tx<'_>, school: SchoolNumber, webhook: &str) -> Result<i64, StoreError> {
    let row = tx.query_one(sql::WEBHOOK_WAITING, &[school.number().into(), webhook.into()])?;
    row.map_or(Ok(0), |row| Reader::new("webhook_delivery", row).next())
}

/// Counts a try that begins.
///
/// # Errors
/// When the database refuses.
pub fn claim(tx: &mut Tx<'_>, school: SchoolNumber, delivery: &Delivery) -> Result<(), StoreError> {
    let values =
        [school.number().into(), delivery.webhook_id.as_str().into(), delivery.event_id.as_str().into()];
    tx.execute(sql::WEBHOOK_CLAIM, &values)?;
    Ok(())
}

/// Notes what came of a try, unless a later one took its place; what arrived has arrived all the same.
/// The try itself is kept in any case. Answers whether it was noted.
///
/// # Errors
/// When the database refuses.
pub fn answered(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    webhook: &str,
    tried: &Try,
    answered: Answered,
) -> Result<bool, StoreError> {
    let number = school.number();
    let values = [
        number.into(),
        webhook.into(),
        tried.event_id.as_str().into(),
        tried.number.into(),
        tried.at.micros().into(),
        tried.status.into(),
        tried.millis.into(),
        tried.problem.as_deref().into(),
    ];
    tx.execute(sql::WEBHOOK_TRY_INSERT, &values)?;
    let ended_at = (answered.state != DeliveryState::Waiting).then(|| answered.at.micros());
    let values = [
        number.into(),
        webhook.into(),
        tried.event_id.as_str().into(),
        tried.number.into(),
        answered.state.text().into(),
        answered.next_try_at.micros().into(),
        ended_at.into(),
    ];
    Ok(tx.execute(sql::WEBHOOK_ANSWERED, &values)? == 1)
}

/// Lets everything that waits for a webhook wait until a moment, without counting a try.
///
/// # Errors
/// When the database refuses.
pub fn hold(tx: &mut Tx<'_>, school: SchoolNumber, webhook: &str, until: Instant) -> Result<(), StoreError> {
    tx.execute(sql::WEBHOOK_HOLD, &[school.number().into(), webhook.into(), until.micros().into()])?;
    Ok(())
}

/// Gives up what waits for a webhook and was due by a moment; answers how many.
///
/// # Errors
/// When the database refuses.
pub fn give_up(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    webhook: &str,
    at: Instant,
    due_by: Instant,
) -> Result<usize, StoreError> {
    let values = [school.number().into(), webhook.into(), at.micros().into(), due_by.micros().into()];
    Ok(tx.execute(sql::WEBHOOK_GIVE_UP, &values)?)
}

/// Stops everything that waits for a webhook.
///
/// # Errors
/// When the database refuses.
pub fn stop(tx: &mut Tx<'_>, school: SchoolNumber, webhook: &str, at: Instant) -> Result<(), StoreError> {
    tx.execute(sql::WEBHOOK_STOP, &[school.number().into(), webhook.into(), at.micros().into()])?;
    Ok(())
}

/// Lets an event go once more from a moment on; false when it is not known any more.
///
/// # Errors
/// When the database refuses.
pub fn send_again(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (webhook, event): (&str, &str),
    at: Instant,
) -> Result<bool, StoreError> {
    let values = [school.number().into(), webhook.into(), event.into(), at.micros().into()];
    Ok(tx.execute(sql::WEBHOOK_AGAIN, &values)? == 1)
}

/// The latest tries of a webhook, the latest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn tries(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    webhook: &str,
    most: i64,
) -> Result<Vec<Try>, StoreError> {
    let rows = tx.query(sql::WEBHOOK_TRIES, &[school.number().into(), webhook.into(), most.into()])?;
    let read = |row| {
        let mut row = Reader::new("webhook_try", row);
        Ok(Try {
            event_id: row.next()?,
            number: row.next()?,
            at: row.instant()?,
            status: row.next()?,
            millis: row.next()?,
            problem: row.next()?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Whether something happened before a moment that is still kept.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn has_old(tx: &mut Tx<'_>, school: SchoolNumber, before: Instant) -> Result<bool, StoreError> {
    let row = tx.query_one(sql::WEBHOOK_OLD, &[school.number().into(), before.micros().into()])?;
    let count: i64 = row.map_or(Ok(0), |row| Reader::new("webhook_event", row).next())?;
    Ok(count > 0)
}

/// Forgets what happened before a moment, and how it was sent.
///
/// # Errors
/// When the database refuses.
pub fn drop_old(tx: &mut Tx<'_>, school: SchoolNumber, before: Instant) -> Result<(), StoreError> {
    for statement in [sql::WEBHOOK_DROP_TRIES, sql::WEBHOOK_DROP_DELIVERIES, sql::WEBHOOK_DROP_EVENTS] {
        tx.execute(statement, &[school.number().into(), before.micros().into()])?;
    }
    Ok(())
}

fn read(row: database::Row) -> Result<Delivery, StoreError> {
    let mut row = Reader::new("webhook_delivery", row);
    Ok(Delivery {
        webhook_id: row.next()?,
        event_id: row.next()?,
        act: row.next()?,
        made_at: row.instant()?,
        due_from: row.instant()?,
        state: row.named("a state", DeliveryState::parse)?,
        tries: row.next()?,
        began_after: row.next()?,
        next_try_at: row.instant()?,
        ended_at: row.optional_instant()?,
    })
}
