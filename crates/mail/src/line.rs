//! A conversation with a mail server, step by step, so that it is known how far it came.

use crate::letter::Letter;
use crate::server::{Patience, Security, Server};
use crate::{MailError, tame};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use std::error::Error as _;
use std::io::ErrorKind;
use std::time::Duration;

/// The most of a server's words that are kept.
const MOST_LETTERS: usize = 500;

/// What came of handing a message in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The server has it, and said so.
    Sent(String),
    /// The server does not take this message or recipient, now or later.
    Refused(String),
    /// The server does not have it, and may take it later.
    Again(String),
    /// The server does not have it, and hung up on it: that may be about this message, and the next
    /// one needs another line.
    HungUp(String),
    /// The server does not have it, and wants no other one before so many seconds are over, or for
    /// a while.
    Busy(String, Option<i64>),
    /// The server does not have it, nor would it take another one now.
    Down(String),
    /// The server may have it or not: it said nothing.
    Unsure(String),
}

/// A line to a server that is ready to take messages.
pub(crate) struct Line {
    connection: SmtpConnection,
    patience: Patience,
}

impl Line {
    /// Connects, protects the line and says who we are.
    pub(crate) fn open(server: &Server) -> Result<Self, MailError> {
        let patience = server.patience;
        let trouble = |error: &Error| MailError::Server(said(error, patience.command));
        let hello = ClientId::Domain(server.from.domain().to_owned());
        let tls = match server.security {
            Security::Plain => None,
            _ => Some(TlsParameters::new_rustls(server.host.clone()).map_err(|error| trouble(&error))?),
        };
        let from_the_start = tls.as_ref().filter(|_| server.security == Security::Tls);
        let place = (server.host.as_str(), server.port);
        let mut connection =
            SmtpConnection::connect(place, Some(patience.command), &hello, from_the_start, None)
                .map_err(|error| trouble(&error))?;
        if let Some(tls) = tls.filter(|_| server.security == Security::StartTls) {
            if !connection.can_starttls() {
                connection.abort();
                let words = "the server offers no TLS on this line, so nothing is sent over it";
                return Err(MailError::Server(words.to_owned()));
            }
            connection.starttls(&tls, &hello).map_err(|error| trouble(&error))?;
        }
        if let (Some(user), Some(password)) = (&server.user, &server.password) {
            let credentials = Credentials::new(user.clone(), password.clone());
            let known = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            known.map_err(|error| {
                MailError::Server(format!("signing in: {}", said(&error, patience.command)))
            })?;
        }
        Ok(Self { connection, patience })
    }

    /// Names the sender. Answers what the server said.
    pub(crate) fn name_sender(&mut self, from: &Address) -> Result<String, MailError> {
        let answer = self.connection.command(Mail::new(Some(from.clone()), Vec::new()));
        answer
            .map(|answer| words(&answer))
            .map_err(|error| MailError::Server(said(&error, self.patience.command)))
    }

    /// Names sender and recipient. Until this succeeds the server has nothing.
    pub(crate) fn offer(&mut self, letter: &Letter) -> Result<(), Verdict> {
        // What is said before the recipient is named is about us, not about this message.
        self.name_sender(&letter.from).map_err(|error| Verdict::Down(error.to_string()))?;
        let recipient = self.connection.command(Rcpt::new(letter.to.clone(), Vec::new()));
        recipient.map(drop).map_err(|error| self.not_taken(&error))
    }

    /// Gives the text.
    pub(crate) fn give(&mut self, letter: &Letter) -> Verdict {
        if let Err(error) = self.connection.command(Data) {
            return self.not_taken(&error);
        }
        if let Err(error) = self.connection.set_timeout(Some(self.patience.end)) {
            // The final dot was never sent.
            return Verdict::HungUp(error.to_string());
        }
        let end = self.connection.message(&letter.bytes);
        let _ = self.connection.set_timeout(Some(self.patience.command));
        match end {
            Ok(answer) => Verdict::Sent(words(&answer)),
            Err(error) if error.status().is_some() => self.not_taken(&error),
            Err(error) => {
                Verdict::Unsure(format!("it may have arrived: {}", said(&error, self.patience.end)))
            }
        }
    }

    /// The line ready for another message; nothing when it is of no use any more.
    pub(crate) fn ready_again(mut self) -> Option<Self> {
        let is_ready = !self.connection.has_broken() && self.connection.command(Rset).is_ok();
        is_ready.then_some(self)
    }

    /// Says good-bye.
    pub(crate) fn close(mut self) {
        let _ = self.connection.quit();
    }

    fn not_taken(&self, error: &Error) -> Verdict {
        let words = said(error, self.patience.command);
        // 421 says that the server is about to hang up, whatever it was asked.
        if words.starts_with("421") || error.status().is_none() {
            Verdict::HungUp(words)
        } else if error.is_permanent() {
            Verdict::Refused(words)
        } else {
            Verdict::Again(words)
        }
    }
}

fn words(answer: &Response) -> String {
    tame(&format!("{} {}", answer.code(), answer.message().collect::<Vec<_>>().join(" ")), MOST_LETTERS)
}

/// What a server said against something, or why it said nothing.
fn said(error: &Error, patience: Duration) -> String {
    let source = error.source();
    let io = source.and_then(|source| source.downcast_ref::<std::io::Error>());
    if io.is_some_and(|io| matches!(io.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)) {
        return format!("the server said nothing for {} seconds", patience.as_secs());
    }
    let source = source.map(|source| tame(&source.to_string(), MOST_LETTERS)).unwrap_or_default();
    match error.status() {
        Some(code) => format!("{code} {source}"),
        None if source.is_empty() || source == "incomplete response" => "the server hung up".to_owned(),
        None => source,
    }
}
