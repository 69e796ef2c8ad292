//! E-mail: the queue of messages with what came of each, and who gets the morning digest.
//!
//! `app` makes messages in its acts; the crate `mail` claims them one by one, sends them and keeps
//! the server's answers. A row never says anything else than what was sent: its words do not change.

use crate::row::{Reader, date};
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Date, Instant, SchoolNumber, StaffId};

/// The hour from which the digest goes at a school that chose none.
pub const FIRST_HOUR: i8 = 7;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// To be sent, not before its next attempt.
    Waiting,
    /// Somebody talks to the server about it; the server has nothing of it yet.
    Sending,
    /// Its text is being given to the server: from here until the answer nobody knows whether the
    /// server has it.
    HandedOver,
    /// The server took it.
    Sent,
    /// The server refused it for good.
    Refused,
    /// It was tried as often as is reasonable.
    GivenUp,
    /// It was taken out before a server was given it.
    Stopped,
}

impl MessageState {
    const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::HandedOver,
        Self::Sent,
        Self::Refused,
        Self::GivenUp,
        Self::Stopped,
    ];

    /// `waiting`, `sending`, `handed over`, `sent`, `refused`, `given up`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::HandedOver => "handed over",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::GivenUp => "given up",
            Self::Stopped => "stopped",
        }
    }

    /// Whether nothing more will happen to the message.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Refused | Self::GivenUp | Self::Stopped)
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }
}

/// A message to be kept.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its identity, which is also that of the e-mail.
    pub id: String,
    /// `digest`.
    pub kind: &'static str,
    /// s
    pub channel: domain::Channel,
    /// s
    pub sender_name: String,
    /// s
    pub reply_to: String,
    /// s
    pub html: String,
    /// The school day it is for.
    pub day: Date,
    /// Whom it is for within its kind: of a digest the staff id.
    pub recipient: String,
    /// From which address.
    pub from_address: String,
    /// To which address.
    pub to_address: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// A message as it stands.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Its identity, which is also that of the e-mail.
    pub id: String,
    /// `digest`.
    pub kind: String,
    /// The school day it is for.
    pub day: Date,
    /// Whom it is for within its kind: of a digest the staff id.
    pub recipient: String,
    /// From which address.
    pub from_address: String,
    /// To which address.
    pub to_address: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// When it was made.
    pub made_at: Instant,
    /// How far it has come.
    pub state: MessageState,
    /// How often it was tried.
    pub attempts: i64,
    /// How often the server had its text and no answer came.
    pub unsure: i64,
    /// Not to be tried again before.
    pub next_attempt_at: Instant,
    /// When the latest answer came, or was given up waiting for.
    pub answered_at: Option<Instant>,
    /// What the server said the last time, or why it said nothing.
    pub answer: Option<String>,
}

/// What came of an attempt.
#[derive(Debug, Clone)]
pub struct MessageAnswer {
    /// Where the message stands now.
    pub state: MessageState,
    /// How often the server had its text and no answer came.
    pub unsure: i64,
    /// Not to be tried again before.
    pub next_attempt_at: Instant,
    /// When.
    pub at: Instant,
    /// What the server said, or why it said nothing.
    pub answer: String,
}

/// When the digest goes, and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestSetting {
    /// From which hour at the school; nothing while it is off.
    pub hour: Option<i8>,
    /// The last day for which it was made.
    pub made_on: Option<Date>,
}

/// Adds a message, which waits from now on; false when there is one of its kind for its day and
/// recipient.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    message: &NewMessage,
    at: Instant,
) -> Result<bool, StoreError> {
    let values = [
        school.number().into(),
        message.id.as_str().into(),
        message.kind.into(),
        message.day.to_string().into(),
        message.recipient.as_str().into(),
        message.from_address.as_str().into(),
        message.to_address.as_str().into(),
        message.subject.as_str().into(),
        message.body.as_str().into(),
        at.micros().into(),
    ];
    Ok(tx.execute(sql::MESSAGE_INSERT, &values)? == 1)
}

/// The next message to be tried at `now`: one that waits, or one whose lease was over at
/// `leases_at` without an answer.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn next(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    now: Instant,
    leases_at: Instant,
) -> Result<Option<MessageRow>, StoreError> {
    let values = [school.number().into(), now.micros().into(), leases_at.micros().into()];
    tx.query_one(sql::MESSAGE_NEXT, &values)?.map(read).transpose()
}

/// Makes a message this program's until a moment, as one more attempt.
///
/// # Errors
/// When the database refuses.
pub fn claim(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    unsure: i64,
    until: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        sql::MESSAGE_CLAIM,
        &[school.number().into(), id.into(), unsure.into(), until.micros().into()],
    )?;
    Ok(())
}

/// Notes that the server is about to be given a message's text; false when the attempt is no
/// longer this program's.
///
/// # Errors
/// When the database refuses.
pub fn hand_over(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    attempt: i64,
    until: Instant,
) -> Result<bool, StoreError> {
    let values = [school.number().into(), id.into(), attempt.into(), until.micros().into()];
    Ok(tx.execute(sql::MESSAGE_HAND_OVER, &values)? == 1)
}

/// Notes what came of an attempt, unless another one took its place.
///
/// # Errors
/// When the database refuses.
pub fn answered(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    attempt: i64,
    answer: &MessageAnswer,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        id.into(),
        attempt.into(),
        answer.state.text().into(),
        answer.unsure.into(),
        answer.next_attempt_at.micros().into(),
        answer.at.micros().into(),
        answer.answer.as_str().into(),
    ];
    tx.execute(sql::MESSAGE_ANSWERED, &values)?;
    Ok(())
}

/// Takes a message out of the queue that no server has been given yet; false when one has.
///
/// # Errors
/// When the database refuses.
pub fn stop(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    id: &str,
    at: Instant,
    why: &str,
) -> Result<bool, StoreError> {
    let values = [school.number().into(), id.into(), at.micros().into(), why.into()];
    Ok(tx.execute(sql::MESSAGE_STOP, &values)? == 1)
}

/// Counts an attempt for every message that would be tried at `now`, and puts it off until another
/// moment: the server itself cannot be had. Those tried `most` times are given up.
///
/// # Errors
/// When the database refuses.
pub fn put_off(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (now, until): (Instant, Instant),
    why: &str,
    most: i64,
) -> Result<(), StoreError> {
    let values = [school.number().into(), now.micros().into(), until.micros().into(), why.into()];
    tx.execute(sql::MESSAGE_PUT_OFF, &values)?;
    tx.execute(sql::MESSAGE_GIVE_UP, &[school.number().into(), most.into()])?;
    Ok(())
}

/// The messages for a day and later ones, the latest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn since(tx: &mut Tx<'_>, school: SchoolNumber, day: Date) -> Result<Vec<MessageRow>, StoreError> {
    let values = [school.number().into(), day.to_string().into()];
    tx.query(sql::MESSAGE_SINCE, &values)?.into_iter().map(read).collect()
}

/// When a server last took a message.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn sent_at(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<Instant>, StoreError> {
    let row = tx.query_one(sql::MESSAGE_SENT_AT, &[school.number().into()])?;
    row.map_or(Ok(None), |row| Reader::new("message", row).optional_instant())
}

/// When the digest goes at a school.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn setting(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<DigestSetting, StoreError> {
    let Some(row) = tx.query_one(sql::DIGEST_SETTING, &[school.number().into()])? else {
        return Ok(DigestSetting { hour: Some(FIRST_HOUR), made_on: None });
    };
    let mut row = Reader::new("digest_setting", row);
    let hour: Option<i64> = row.next()?;
    let unreadable = StoreError::Unreadable { table: "digest_setting", what: "an hour" };
    let hour = hour.map(|hour| i8::try_from(hour).map_err(|_| unreadable)).transpose()?;
    Ok(DigestSetting { hour, made_on: row.optional("a date", date)? })
}

/// Sets the hour from which the digest goes; nothing switches it off.
///
/// # Errors
/// When the database refuses.
pub fn set_hour(tx: &mut Tx<'_>, school: SchoolNumber, hour: Option<i8>) -> Result<(), StoreError> {
    tx.execute(sql::DIGEST_SET_HOUR, &[school.number().into(), hour.map(i64::from).into()])?;
    Ok(())
}

/// Notes that the digests of a day are made.
///
/// # Errors
/// When the database refuses.
pub fn set_made_on(tx: &mut Tx<'_>, school: SchoolNumber, day: Date) -> Result<(), StoreError> {
    let values = [school.number().into(), i64::from(FIRST_HOUR).into(), day.to_string().into()];
    tx.execute(sql::DIGEST_SET_MADE, &values)?;
    Ok(())
}

/// Notes whether a member of staff wants the digest.
///
/// # Errors
/// When the database refuses.
pub fn set_wanted(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    staff: &StaffId,
    is_wanted: bool,
) -> Result<(), StoreError> {
    let text = if is_wanted { sql::DIGEST_WANT } else { sql::DIGEST_DECLINE };
    tx.execute(text, &[school.number().into(), staff.as_str().into()])?;
    Ok(())
}

/// Who does not want the digest.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn declined(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<StaffId>, StoreError> {
    let rows = tx.query(sql::DIGEST_DECLINED, &[school.number().into()])?;
    rows.into_iter().map(|row| Reader::new("digest_declined", row).staff_id()).collect()
}

fn read(row: database::Row) -> Result<MessageRow, StoreError> {
    let mut row = Reader::new("message", row);
    Ok(MessageRow {
        id: row.next()?,
        kind: row.next()?,
        day: row.date()?,
        recipient: row.next()?,
        from_address: row.next()?,
        to_address: row.next()?,
        subject: row.next()?,
        body: row.next()?,
        made_at: row.instant()?,
        state: row.named("a state", MessageState::parse)?,
        attempts: row.next()?,
        unsure: row.next()?,
        next_attempt_at: row.instant()?,
        answered_at: row.optional_instant()?,
        answer: row.next()?,
    })
}
