//! Writes a message as the bytes of an e-mail. They follow from its row alone.
//!
//! Names, subjects and addresses come from people. Whatever they hold, it stays within its own
//! header: line ends and other characters that steer are taken out before anything is written.

use crate::server::address_of;
use crate::{plain_lines, tame};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::mail::MessageRow;

/// The name before the sender's address where a message brings none.
const NAME: &str = "Starboard";

/// The most letters of a name or subject: a header has an end.
const MOST_LETTERS: usize = 200;

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
    let place = if row.kind == "home" { "their contacts" } else { "People" };
    let address = |text: &str| {
        address_of(text).ok_or_else(|| {
            format!("{text:?} is no address that mail can be sent to: correct it under {place}")
        })
    };
    let (from, to) = (address(&row.from_address)?, address(&row.to_address)?);
    // The same identity however often it is sent, so that a repeat can be known as one.
    let identity = format!("<{}@{}>", row.id, from.domain());
    let micros = u64::try_from(row.made_at.micros()).unwrap_or_default();
    let made_at: SystemTime = UNIX_EPOCH + Duration::from_micros(micros);
    let name = Some(tame(&row.sender_name, MOST_LETTERS)).filter(|name| !name.is_empty());
    let mut message = Message::builder()
        .from(Mailbox::new(Some(name.unwrap_or_else(|| NAME.to_owned())), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(tame(&row.subject, MOST_LETTERS))
        .date(made_at)
        .message_id(Some(identity))
        // No out-of-office answers.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    // What is no address cannot be answered to; the words say how else to reach the school.
    if let Some(reply_to) = address_of(&row.reply_to) {
        message = message.reply_to(Mailbox::new(None, reply_to));
    }
    let message = if row.html.is_empty() {
        message.singlepart(SinglePart::plain(plain_lines(&row.body)))
    } else {
        // The usual boundary is drawn at random, and a repeat would be another message. This one
        // cannot stand in a part, since that encoding writes every `=` otherwise. The last part is
        // the one that is shown where both can be.
        let part = |kind, words| {
            let part = SinglePart::builder().header(kind);
            part.header(ContentTransferEncoding::QuotedPrintable).body(plain_lines(words))
        };
        let both = MultiPart::alternative().boundary(format!("=_{}", row.id));
        let both = both.singlepart(part(ContentType::TEXT_PLAIN, &row.body));
        message.multipart(both.singlepart(part(ContentType::TEXT_HTML, &row.html)))
    };
    let mut bytes = message.map_err(|error| error.to_string())?.formatted();
    // The line's end before the final dot is said with the dot.
    if bytes.ends_with(b"\r\n") {
        bytes.truncate(bytes.len() - 2);
    }
    Ok(Letter { from, to, bytes })
}

#[cfg(test)]
mod tests;
