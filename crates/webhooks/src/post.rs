//! One try over HTTP: to an address that may be sent to, without following anything, and with an end.

use crate::pause;
use domain::webhook::ReceiverAddress;
use std::io::ErrorKind;
use std::time::{Duration, SystemTime};
use ureq::Error;
use ureq::config::Config;

/// How long one try may take altogether.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// What is sent.
pub(crate) struct Letter<'l> {
    pub(crate) id: &'l str,
    pub(crate) timestamp: i64,
    pub(crate) signature: String,
    pub(crate) body: &'l [u8],
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was taken.
    Taken(u16),
    /// The receiver says that it is gone for good.
    Gone(u16),
    /// This event was not taken; others may be.
    Refused(u16, String, Option<i64>),
    /// Nothing would be taken now; how long the receiver wants us to wait, if it said so.
    Down(Option<u16>, String, Option<i64>),
}

/// Posts a letter once.
pub(crate) fn post(
    address: &ReceiverAddress,
    letter: &Letter<'_>,
    (own_machine, patience): (bool, Duration),
) -> Verdict {
    let config = Config::builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .https_only(address.is_protected())
        .timeout_global(Some(patience))
        .user_agent("starboard");
    let sent = outward::agent(config, own_machine)
        .post(address.text())
        .header("content-type", "application/json")
        .header("webhook-id", letter.id)
        .header("webhook-timestamp", letter.timestamp.to_string())
        .header("webhook-signature", &letter.signature)
        .send(letter.body);
    match sent {
        Ok(response) => {
            let value = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
            let asked = value.and_then(|value| pause::asked(value, SystemTime::now()));
            verdict(response.status().as_u16(), asked)
        }
        Err(error) => Verdict::Down(None, said(&error), None),
    }
}

fn verdict(status: u16, asked: Option<i64>) -> Verdict {
    match status {
        200..=299 => Verdict::Taken(status),
        300..=399 => {
            let problem = "it sends us elsewhere, which is not followed: name the address that it means";
            Verdict::Down(Some(status), problem.to_owned(), asked)
        }
        410 => Verdict::Gone(status),
        // Said about this event, not about us or the address.
        400 | 409 | 413 | 415 | 422 | 500 => {
            Verdict::Refused(status, "it did not take this event".to_owned(), asked)
        }
        401 | 403 => Verdict::Down(Some(status), "it does not take our signature".to_owned(), asked),
        404 | 405 => Verdict::Down(Some(status), "there is nothing at this address".to_owned(), asked),
        429 | 503 => Verdict::Down(Some(status), "it asks us to wait".to_owned(), asked),
        _ => Verdict::Down(Some(status), "it did not take it".to_owned(), asked),
    }
}

/// What went wrong, in words of ours: what a library says of an address may hold what is secret in it.
fn said(error: &Error) -> String {
    if outward::is_refused(error) {
        return outward::NOT_THE_INTERNET.to_owned();
    }
    let words = match error {
        Error::Timeout(_) => "it said nothing in time",
        Error::HostNotFound => "its name leads nowhere",
        Error::TooManyRedirects | Error::RedirectFailed => {
            "it sends us elsewhere, which is not followed: name the address that it means"
        }
        Error::Tls(_) | Error::Rustls(_) => "its certificate is not good, or it does not speak TLS",
        Error::Protocol(_) => "what it answered is no HTTP",
        Error::Io(io) => match io.kind() {
            ErrorKind::ConnectionRefused => "nobody listens there",
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "there is no way to it",
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => "it hung up",
            ErrorKind::TimedOut | ErrorKind::WouldBlock => "it said nothing in time",
            // rustls says so in this way.
            ErrorKind::InvalidData => "its certificate is not good, or it does not speak TLS",
            _ => "its name leads nowhere, or there is no way to it",
        },
        _ => "it could not be reached",
    };
    words.to_owned()
}
