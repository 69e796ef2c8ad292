//! E-mail and texts: the queue of messages with what came of each; within it who gets the digest.
//!
//! `app` makes messages in its acts; the crate `mail` claims them one by one, each channel by
//! itself, sends them and keeps the answers. A row never says anything else than what was sent: its
//! words do not change.

mod digest;
mod state;
mod stop;

pub use digest::{DigestSetting, FIRST_HOUR, declined, set_hour, set_made_on, set_wanted, setting};
pub use state::MessageState;
pub use stop::{Stop, open_home, stop};

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use domain::{Channel, Date, Instant, SchoolNumber};
use std::fmt;

/// A message to be kept.
#[derive(Clone)]
pub struct NewMessage {
    /// Its identity, which is also that of the e-mail and of the text.
    pub id: String,
    /// `digest` for the morning e-mail to staff, `home` for messages to whānau.
    pub kind: &'static str,
    /// By which channel it leaves: as e-mail or as a text.
    pub channel: Channel,
    /// The school day it is for.
    pub day: Date,
    /// Whom it is for within its kind: of a digest the staff id, of a message home its own identity.
    pub recipient: String,
    /// From which address; empty for a text.
    pub from_address: String,
    /// The name before that address, as a reader sees it; empty for the product's own.
    pub sender_name: String,
    /// The address that answers go to; empty where they go to the sender's.
    pub reply_to: String,
    /// To which address, or to which phone number.
    pub to_address: String,
    /// Its subject; empty for a text.
    pub subject: String,
    /// Its words, without any markup.
    pub body: String,
    /// The same words as HTML; empty for a text and for an e-mail of plain words.
    pub html: String,
}

/// A message as it stands.
#[derive(Clone)]
pub struct MessageRow {
    /// Its identity, which is also that of the e-mail and of the text.
    pub id: String,
    /// `digest` for the morning e-mail to staff, `home` for messages to whānau.
    pub kind: String,
    /// The school day it is for.
    pub day: Date,
    /// Whom it is for within its kind: of a digest the staff id, of a message home its own identity.
    pub recipient: String,
    /// From which address; empty for a text.
    pub from_address: String,
    /// To which address, or to which phone number.
    pub to_address: String,
    /// Its subject; empty for a text.
    pub subject: String,
    /// Its words, without any markup.
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
    /// By which channel it leaves: as e-mail or as a text.
    pub channel: Channel,
    /// The name before the sender's address, as a reader sees it; empty for the product's own.
    pub sender_name: String,
    /// The address that answers go to; empty where they go to the sender's.
    pub reply_to: String,
    /// The same words as HTML; empty for a text and for an e-mail of plain words.
    pub html: String,
    /// Why a person asked that it goes no further, if one did.
    pub stop_asked: Option<String>,
    /// How many of its attempts failed for what is no fault of the message: they do not count when it
    /// is asked whether it was tried often enough.
    pub excused: i64,
}

impl fmt::Debug for NewMessage {
    /// Without whom it goes to and what it says.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "NewMessage({}, {} by {})", self.id, self.kind, self.channel)
    }
}

impl fmt::Debug for MessageRow {
    /// Without whom it goes to and what it says.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = self.answer.as_deref().unwrap_or_default();
        let (attempts, unsure, state) = (self.attempts, self.unsure, self.state.text());
        write!(
            out,
            "MessageRow({}, {} by {}: {state}, tried {attempts}, unsure {unsure}, {answer:?})",
            self.id, self.kind, self.channel
        )
    }
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
    /// Whether the attempt failed for what is no fault of the message.
    pub is_excused: bool,
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
        message.channel.text().into(),
        message.sender_name.as_str().into(),
        message.reply_to.as_str().into(),
        message.html.as_str().into(),
        // Only what goes home is told by its letter.
        i64::from(message.kind != "home").into(),
    ];
    Ok(tx.execute(sql::MESSAGE_INSERT, &values)? == 1)
}

/// The next message of a channel to be tried at `now`: one that waits, or one whose lease was over
/// at `leases_at` without an answer.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn next(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    channel: Channel,
    (now, leases_at): (Instant, Instant),
) -> Result<Option<MessageRow>, StoreError> {
    let (now, leases_at) = (now.micros().into(), leases_at.micros().into());
    let values = [school.number().into(), channel.text().into(), now, leases_at];
    tx.query_one(sql::MESSAGE_NEXT, &values)?.map(read).transpose()
}

/// One message.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<MessageRow>, StoreError> {
    tx.query_one(sql::MESSAGE_GET, &[school.number().into(), id.into()])?.map(read).transpose()
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

/// Notes what came of an attempt, unless another one took its place. What would wait or be given up
/// is stopped where a person asked for that meanwhile.
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
        i64::from(answer.is_excused).into(),
    ];
    tx.execute(sql::MESSAGE_ANSWERED, &values)?;
    Ok(())
}

/// Counts an attempt for every message of a channel that would be tried at `now`, and puts it off
/// until another moment: the server itself cannot be had. That is no fault of a message home, which
/// is excused; of the others those tried `most` times are given up.
///
/// # Errors
/// When the database refuses.
pub fn put_off(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    channel: Channel,
    (now, until): (Instant, Instant),
    (why, most): (&str, i64),
) -> Result<(), StoreError> {
    let (number, channel) = (school.number(), channel.text());
    let values = [number.into(), channel.into(), now.micros().into(), until.micros().into(), why.into()];
    tx.execute(sql::MESSAGE_PUT_OFF, &values)?;
    tx.execute(sql::MESSAGE_GIVE_UP, &[number.into(), channel.into(), most.into()])?;
    Ok(())
}

/// Lets every message of a channel that would be tried at `now` wait until another moment, without
/// counting an attempt: no more of them may go before.
///
/// # Errors
/// When the database refuses.
pub fn hold(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    channel: Channel,
    (now, until): (Instant, Instant),
    why: &str,
) -> Result<(), StoreError> {
    let (now, until) = (now.micros().into(), until.micros().into());
    tx.execute(sql::MESSAGE_HOLD, &[school.number().into(), channel.text().into(), now, until, why.into()])?;
    Ok(())
}

/// How often a message of a channel was handed over since a moment, whatever came of it but a
/// refusal; those that are being sent count as well.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn handed_over_since(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    channel: Channel,
    since: Instant,
) -> Result<i64, StoreError> {
    let values = [school.number().into(), channel.text().into(), since.micros().into()];
    let row = tx.query_one(sql::MESSAGE_OF_DAY, &values)?;
    row.map_or(Ok(0), |row| Reader::new("message", row).next())
}

/// How many messages home have not ended, by channel.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn waiting(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<(Channel, i64)>, StoreError> {
    let rows = tx.query(sql::MESSAGE_WAITING, &[school.number().into()])?;
    let read = |row| {
        let mut row = Reader::new("message", row);
        Ok((row.named("a channel", Channel::parse)?, row.next()?))
    };
    rows.into_iter().map(read).collect()
}

/// The digests for a day and later ones, the latest first. Messages home are none of theirs who
/// look after this e-mail.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn since(tx: &mut Tx<'_>, school: SchoolNumber, day: Date) -> Result<Vec<MessageRow>, StoreError> {
    let values = [school.number().into(), day.to_string().into()];
    tx.query(sql::MESSAGE_SINCE, &values)?.into_iter().map(read).collect()
}

/// When a server last took an e-mail.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn sent_at(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<Instant>, StoreError> {
    let row = tx.query_one(sql::MESSAGE_SENT_AT, &[school.number().into()])?;
    row.map_or(Ok(None), |row| Reader::new("message", row).optional_instant())
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
        channel: row.named("a channel", Channel::parse)?,
        sender_name: row.next()?,
        reply_to: row.next()?,
        html: row.next()?,
        stop_asked: row.next()?,
        excused: row.next()?,
    })
}
