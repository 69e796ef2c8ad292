//! Writes a message as the bytes of an e-mail. They follow from its row alone.

use crate::server::address_of;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::{Address, Message};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::mail::MessageRow;

/// The name before the sender's address.
const NAME: &str = "Starboard";

/// An e-mail ready to be handed over.
pub(crate) struct Letter {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bytes: Vec<u8>,
}

/// Writes a message.
///
/// # Errors
/// In words, when an address cannot be written to.
pub(crate) fn write(row: &MessageRow) -> Result<Letter, String> {
    let address = |text: &str| {
        address_of(text).ok_or_else(|| {
            format!("{text:?} is no address that mail can be sent to: correct it under People")
        })
    };
    let (from, to) = (address(&row.from_address)?, address(&row.to_address)?);
    // The same identity however often it is sent, so that a repeat can be known as one.
    let identity = format!("<{}@{}>", row.id, from.domain());
    let micros = u64::try_from(row.made_at.micros()).unwrap_or_default();
    let made_at: SystemTime = UNIX_EPOCH + Duration::from_micros(micros);
    let message = Message::builder()
        .from(Mailbox::new(Some(NAME.to_owned()), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(row.subject.as_str())
        .date(made_at)
        .message_id(Some(identity))
        // No out-of-office answers.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .singlepart(SinglePart::plain(row.body.clone()))
        .map_err(|error| error.to_string())?;
    let mut bytes = message.formatted();
    // The line's end before the final dot is said with the dot.
    if bytes.ends_with(b"\r\n") {
        bytes.truncate(bytes.len() - 2);
    }
    Ok(Letter { from, to, bytes })
}
