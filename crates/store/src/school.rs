//! The school itself, its settings, and how far its counters have come.

use crate::row::{Reader, date};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Date, HalfDay, Instant, SchoolNumber, Zone};

/// A school and its settings.
#[derive(Debug, Clone)]
pub struct SchoolRow {
    /// The Ministry's number.
    pub number: SchoolNumber,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Zone,
    /// The region whose anniversary day it keeps; none is assumed.
    pub region: Option<String>,
    /// The first day with Starboard; crossings before it owe no task.
    pub go_live: Option<Date>,
    /// Whether `serve` sends attendance and closures.
    pub share_attendance: bool,
    /// Whether `serve` sends crossings and responses.
    pub share_responses: bool,
    /// Where to.
    pub share_to: Option<String>,
    /// Whether the roll page may show reason codes.
    pub roll_shows_reasons: bool,
    /// Which version of its privacy notice people are given now.
    pub notice: String,
}

/// How far a school's counters have come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The latest act.
    pub act: i64,
    /// The epoch of the exchange.
    pub epoch: i64,
    /// The latest number in the outbox in this epoch.
    pub seq: i64,
    /// The latest half-day that derived rows count up to.
    pub settled_through: HalfDay,
    /// When somebody last asked to send at once.
    pub send_asked_at: Option<Instant>,
    /// Whether any mark of a period was ever written.
    pub has_periods: bool,
}

/// Makes a school.
///
/// # Errors
/// When it exists already or the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    name: &str,
    zone: Zone,
    region: Option<&str>,
    now: Instant,
) -> Result<(), StoreError> {
    let number = number.number();
    tx.execute(
        sql::SCHOOL_INSERT,
        &[number.into(), name.into(), zone.name().into(), region.into(), now.micros().into()],
    )?;
    let HalfDay { date, half } = zone.current_half_day(now);
    tx.execute(sql::PROGRESS_INSERT, &[number.into(), date.to_string().into(), half.text().into()])?;
    Ok(())
}

/// One school.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Option<SchoolRow>, StoreError> {
    let Some(row) = tx.query_one(sql::SCHOOL_GET, &[number.number().into()])? else { return Ok(None) };
    let mut row = Reader::new("school", row);
    Ok(Some(SchoolRow {
        number,
        name: row.next()?,
        zone: row.named("a zone", Zone::parse)?,
        region: row.next()?,
        go_live: row.optional("a date", date)?,
        share_attendance: row.next()?,
        share_responses: row.next()?,
        share_to: row.next()?,
        roll_shows_reasons: row.next()?,
        notice: row.next()?,
    }))
}

/// Sets what a school decides about itself.
///
/// # Errors
/// When the database refuses.
pub fn set_settings(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    go_live: Option<Date>,
    roll_shows_reasons: bool,
) -> Result<(), StoreError> {
    let go_live = go_live.map(|date| date.to_string());
    tx.execute(
        sql::SCHOOL_SET_SETTINGS,
        &[number.number().into(), go_live.into(), roll_shows_reasons.into()],
    )?;
    Ok(())
}

/// Says which version of the privacy notice people are given from now on.
///
/// # Errors
/// When the database refuses.
pub fn set_notice(tx: &mut Tx<'_>, number: SchoolNumber, notice: &str) -> Result<(), StoreError> {
    tx.execute(sql::SCHOOL_SET_NOTICE, &[number.number().into(), notice.into()])?;
    Ok(())
}

/// Switches sharing on or off, a stream at a time, and says where to.
///
/// # Errors
/// When the database refuses.
pub fn set_sharing(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    attendance: bool,
    responses: bool,
    to: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute(
        sql::SCHOOL_SET_SHARING,
        &[number.number().into(), attendance.into(), responses.into(), to.into()],
    )?;
    Ok(())
}

/// How far the counters have come.
///
/// # Errors
/// When the school is unknown or the database refuses.
pub fn progress(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Progress, StoreError> {
    let row = tx.query_one(sql::PROGRESS_GET, &[number.number().into()])?;
    let row = row.ok_or(StoreError::Unreadable { table: "progress", what: "a school" })?;
    let mut row = Reader::new("progress", row);
    Ok(Progress {
        act: row.next()?,
        epoch: row.next()?,
        seq: row.next()?,
        settled_through: row.half_day()?,
        send_asked_at: row.optional_instant()?,
        has_periods: row.next()?,
    })
}

/// Notes the half-day that derived rows now count up to.
///
/// # Errors
/// When the database refuses.
pub fn set_settled(tx: &mut Tx<'_>, number: SchoolNumber, through: HalfDay) -> Result<(), StoreError> {
    let values = [number.number().into(), through.date.to_string().into(), through.half.text().into()];
    tx.execute(sql::PROGRESS_SETTLE, &values)?;
    Ok(())
}

/// Notes that marks of periods are there.
///
/// # Errors
/// When the database refuses.
pub fn set_has_periods(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<(), StoreError> {
    tx.execute(sql::PROGRESS_HAS_PERIODS, &[number.number().into()])?;
    Ok(())
}

/// Asks the sender to send at once, or notes that it did.
///
/// # Errors
/// When the database refuses.
pub fn set_send_asked(tx: &mut Tx<'_>, number: SchoolNumber, at: Option<Instant>) -> Result<(), StoreError> {
    tx.execute(sql::PROGRESS_ASK, &[number.number().into(), at.map(Instant::micros).into()])?;
    Ok(())
}

/// How much two machines' clocks may differ, in seconds: a lease that ends later than this after the
/// longest that one taken now could is of a clock that was wrong, and holds nobody up.
const CLOCKS_DIFFER_SECONDS: i64 = 600;

/// Takes the lease on sending until `until`, unless somebody holds it at `now`.
///
/// # Errors
/// When the database refuses.
pub fn take_lease(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    now: Instant,
    until: Instant,
) -> Result<bool, StoreError> {
    let too_late = until.plus_seconds(CLOCKS_DIFFER_SECONDS);
    let moments = [now.micros(), until.micros(), too_late.micros()].map(Value::from);
    let values: Vec<Value> = std::iter::once(number.number().into()).chain(moments).collect();
    Ok(tx.execute(sql::PROGRESS_LEASE, &values)? == 1)
}

/// Values that set the lease whoever holds it.
fn set_lease(number: SchoolNumber, until: i64) -> [Value; 4] {
    [number.number().into(), i64::MAX.into(), until.into(), i64::MAX.into()]
}

/// Holds a lease that was taken until another moment.
///
/// # Errors
/// When the database refuses.
pub fn renew_lease(tx: &mut Tx<'_>, number: SchoolNumber, until: Instant) -> Result<(), StoreError> {
    tx.execute(sql::PROGRESS_LEASE, &set_lease(number, until.micros()))?;
    Ok(())
}

/// Gives the lease back.
///
/// # Errors
/// When the database refuses.
pub fn give_back_lease(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<(), StoreError> {
    tx.execute(sql::PROGRESS_LEASE, &set_lease(number, 0))?;
    Ok(())
}

/// Begins a new epoch of the exchange, above `used` and the present one, whose numbers start
/// again at 1.
///
/// # Errors
/// When the database refuses.
pub fn begin_epoch(tx: &mut Tx<'_>, number: SchoolNumber, used: i64) -> Result<(), StoreError> {
    let epoch = progress(tx, number)?.epoch.max(used) + 1;
    tx.execute(sql::PROGRESS_NEW_EPOCH, &[number.number().into(), epoch.into()])?;
    Ok(())
}
