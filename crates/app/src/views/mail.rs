//! How the school's e-mail stands: what waits, what was sent, what was refused and why.

use super::StaffNames;
use crate::{Actor, AppError, School};
use domain::{Channel, Date, Instant, Permission};
use store::mail::{MessageRow, MessageState};

/// What the page about e-mail shows.
#[derive(Debug, Clone)]
pub struct MailView {
    /// From which hour the digest goes; nothing while it is off.
    pub hour: Option<i8>,
    /// Whether the reader wants it.
    pub is_wanted: bool,
    /// When a message was last taken by the server.
    pub last_sent: Option<Instant>,
    /// Messages of the last days, the latest first, for those who administer it.
    pub messages: Option<Vec<MessageLine>>,
    /// How many messages home have not left yet, by channel, for those who administer it.
    pub home_waiting: Vec<(Channel, i64)>,
}

/// A message without its text.
#[derive(Debug, Clone)]
pub struct MessageLine {
    /// The school day it is for.
    pub day: Date,
    /// Whom it is for: their name.
    pub name: String,
    /// Their address.
    pub to_address: String,
    /// When it was made.
    pub made_at: Instant,
    /// How far it has come.
    pub state: MessageState,
    /// How often it was tried.
    pub attempts: i64,
    /// Not to be tried again before, while it waits.
    pub next_attempt_at: Instant,
    /// When the latest answer came.
    pub answered_at: Option<Instant>,
    /// What the server said the last time, or why it said nothing.
    pub answer: Option<String>,
}

/// How many days back the page looks.
const DAYS: i64 = 7;

impl School {
    /// How the morning e-mail is set for the reader, and how it stands for those who administer it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn mail(&self, actor: &Actor, now: Instant) -> Result<MailView, AppError> {
        let (hour, is_wanted, last_sent, home_waiting, may_administer) =
            self.view(actor, now, |reading| {
                let number = reading.school.number;
                let declined = store::mail::declined(reading.tx, number)?;
                let is_wanted = reading.who.as_ref().is_none_or(|who| !declined.contains(&who.id));
                let may_administer = reading.require(Permission::EditPeople, "").is_ok();
                let hour = store::mail::setting(reading.tx, number)?.hour;
                if !may_administer {
                    return Ok((hour, is_wanted, None, Vec::new(), false));
                }
                let last_sent = store::mail::sent_at(reading.tx, number)?;
                Ok((hour, is_wanted, last_sent, store::mail::waiting(reading.tx, number)?, true))
            })?;
        let messages = if may_administer { Some(self.messages(actor, now, DAYS)?) } else { None };
        Ok(MailView { hour, is_wanted, last_sent, messages, home_waiting })
    }

    /// The messages for the last `days` days, the latest first, without their texts.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn messages(&self, actor: &Actor, now: Instant, days: i64) -> Result<Vec<MessageLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditPeople, "see what was sent to staff")?;
            let since = reading.school.zone.date(now.plus_seconds(-days.max(0) * 86_400));
            let names = StaffNames::load(reading.tx, reading.school.number)?;
            let line = |row: MessageRow| MessageLine {
                name: names.name(&row.recipient),
                day: row.day,
                to_address: row.to_address,
                made_at: row.made_at,
                state: row.state,
                attempts: row.attempts,
                next_attempt_at: row.next_attempt_at,
                answered_at: row.answered_at,
                answer: row.answer,
            };
            let rows = store::mail::since(reading.tx, reading.school.number, since)?;
            Ok(rows.into_iter().map(line).collect())
        })
    }
}
