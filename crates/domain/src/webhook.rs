//! Webhooks: what is told to other programs, and to which addresses it may go.
//!
//! No IO: an address is read, and a network address that a name led to is judged. What goes there is
//! said in `webhooks`, and who asked for it is kept in `store`.

use crate::EventKind;
use crate::network::may_be_sent_to;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WebhookEvent {
    /// A threshold is reached: for the first time, again, or on another half-day.
    CrossingReached,
    /// A threshold is no longer reached: a correction took it back.
    CrossingWithdrawn,
    /// A response was recorded.
    ResponseRecorded,
    /// A response was revised or withdrawn.
    ResponseChanged,
    /// Nothing happened: a person wants to know whether events arrive.
    Test,
}

impl WebhookEvent {
    /// Those that can be asked for. A test comes when a person sends one.
    pub const OFFERED: [Self; 4] =
        [Self::CrossingReached, Self::CrossingWithdrawn, Self::ResponseRecorded, Self::ResponseChanged];

    /// The word that travels: `crossing.reached`, `webhook.test`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::CrossingReached => "crossing.reached",
            Self::CrossingWithdrawn => "crossing.withdrawn",
            Self::ResponseRecorded => "response.recorded",
            Self::ResponseChanged => "response.changed",
            Self::Test => "webhook.test",
        }
    }

    /// Reads what [`WebhookEvent::text`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::OFFERED.into_iter().chain([Self::Test]).find(|event| event.text() == text)
    }

    /// What an event of a crossing is told as.
    #[must_use]
    pub fn of_crossing(kind: EventKind) -> Self {
        match kind {
            EventKind::Reached | EventKind::Moved | EventKind::Restored => Self::CrossingReached,
            EventKind::Withdrawn => Self::CrossingWithdrawn,
        }
    }
}

/// The longest address.
const LONGEST: usize = 500;

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiverProblem {
    /// It cannot be read.
    #[error("this is no address: write https://receiver.example/starboard, without spaces")]
    NoAddress,
    /// It goes by something else than TLS.
    #[error("events travel protected or not at all: begin it with https://")]
    NotProtected,
    /// It names a person or a password.
    #[error("leave the name and password out: the receiver knows us by the signature")]
    UserInfo,
    /// It has a part that is never sent.
    #[error("leave out what begins with #: it is never sent")]
    Fragment,
    /// It is longer than an address needs to be.
    #[error("an address has at most {LONGEST} characters")]
    TooLong,
    /// It leads to this machine.
    #[error("this leads to the machine that Starboard runs on: name an address on the internet")]
    OwnMachine,
    /// It leads into a network that is not the internet.
    #[error("this leads into a private network: name an address on the internet")]
    Private,
}

/// An address that events may be sent to: over TLS, or on this machine where that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverAddress {
    text: String,
    host: String,
    is_protected: bool,
}

impl ReceiverAddress {
    /// Reads an address. One that names a network address is judged at once; what a host name leads
    /// to is only known when it is sent to. `own_machine` says whether this machine may be meant.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, own_machine: bool) -> Result<Self, ReceiverProblem> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(ReceiverProblem::TooLong);
        }
        let is_letter = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        if text.is_empty() || !text.bytes().all(is_letter) {
            return Err(ReceiverProblem::NoAddress);
        }
        let (is_protected, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) if text.contains("://") => return Err(ReceiverProblem::NotProtected),
            (None, None) => return Err(ReceiverProblem::NoAddress),
        };
        if text.contains('#') {
            return Err(ReceiverProblem::Fragment);
        }
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(ReceiverProblem::UserInfo);
        }
        let host = host_of(authority).ok_or(ReceiverProblem::NoAddress)?;
        let network = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let is_here = host.eq_ignore_ascii_case("localhost")
            || host.to_ascii_lowercase().ends_with(".localhost")
            || network.is_some_and(|address| address.is_loopback());
        if is_here && !own_machine {
            return Err(ReceiverProblem::OwnMachine);
        }
        if !is_protected && !is_here {
            return Err(ReceiverProblem::NotProtected);
        }
        if network.is_some_and(|address| !may_be_sent_to(address, own_machine)) {
            return Err(ReceiverProblem::Private);
        }
        // A name such as 0x7f.1 or 127.1 is a network address to some resolvers.
        let last = host.rsplit('.').next().unwrap_or_default();
        let is_odd_number = network.is_none()
            && (last.bytes().all(|byte| byte.is_ascii_digit())
                || last.to_ascii_lowercase().starts_with("0x"));
        if is_odd_number {
            return Err(ReceiverProblem::NoAddress);
        }
        Ok(Self { text: text.to_owned(), host, is_protected })
    }

    /// The address as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The host that it names, which is as much as a log needs.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it goes over TLS.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.is_protected
    }
}

impl fmt::Display for ReceiverAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// The host of `host`, `host:port` or `[::1]:port`; nothing when it is none.
fn host_of(authority: &str) -> Option<String> {
    let (host, port) = if authority.starts_with('[') {
        let (host, after) = authority.split_at(authority.find(']')? + 1);
        host[1..host.len() - 1].parse::<Ipv6Addr>().ok()?;
        (host, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    if port
        .is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port == 0) || port.parse::<u16>().is_err())
    {
        return None;
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    let is_name = host.starts_with('[')
        || (!host.is_empty()
            && host.len() <= 253
            && host.bytes().all(is_letter)
            && host.split('.').all(|label| (1..=63).contains(&label.len())));
    is_name.then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_word_of_its_own_and_is_read_back() {
        for event in WebhookEvent::OFFERED.into_iter().chain([WebhookEvent::Test]) {
            assert_eq!(WebhookEvent::parse(event.text()), Some(event));
        }
        assert_eq!(WebhookEvent::parse("crossing"), None);
        for reached in [EventKind::Reached, EventKind::Moved, EventKind::Restored] {
            assert_eq!(WebhookEvent::of_crossing(reached), WebhookEvent::CrossingReached);
        }
        assert_eq!(WebhookEvent::of_crossing(EventKind::Withdrawn), WebhookEvent::CrossingWithdrawn);
    }

    #[test]
    fn r36_an_address_goes_over_tls_to_the_internet_and_holds_no_secret() {
        for good in [
            "https://receiver.example/starboard",
            "https://receiver.example:8443/a?school=189",
            " https://192.0.9.1/ ",
            "https://[2606:4700::1111]/x",
        ] {
            let address = ReceiverAddress::parse(good, false).expect(good);
            assert_eq!((address.text(), address.is_protected()), (good.trim(), true));
        }
        use ReceiverProblem as Wrong;
        for (bad, why) in [
            ("", Wrong::NoAddress),
            ("receiver.example", Wrong::NoAddress),
            ("https://", Wrong::NoAddress),
            ("https:///path", Wrong::NoAddress),
            ("https://receiver.example/a b", Wrong::NoAddress),
            ("https://receiver.example\\@10.0.0.1/", Wrong::NoAddress),
            ("https://receiver..example/", Wrong::NoAddress),
            ("https://receiver.example:0/", Wrong::NoAddress),
            ("https://receiver.example:70000/", Wrong::NoAddress),
            ("https://[::1/", Wrong::NoAddress),
            ("https://kōwhai.example/", Wrong::NoAddress),
            ("https://0x7f.1/", Wrong::NoAddress),
            ("https://127.1/", Wrong::NoAddress),
            ("https://2130706433/", Wrong::NoAddress),
            ("ftp://receiver.example/", Wrong::NotProtected),
            ("http://receiver.example/", Wrong::NotProtected),
            ("http://127.0.0.1.receiver.example/", Wrong::NotProtected),
            ("https://mere:word@receiver.example/", Wrong::UserInfo),
            ("https://receiver.example@10.0.0.1/", Wrong::UserInfo),
            ("https://receiver.example/#a", Wrong::Fragment),
            ("https://127.0.0.1/", Wrong::OwnMachine),
            ("http://localhost:8080/", Wrong::OwnMachine),
            ("https://a.LOCALHOST/", Wrong::OwnMachine),
            ("https://[::1]/", Wrong::OwnMachine),
            ("https://10.1.2.3/", Wrong::Private),
            ("https://169.254.169.254/latest/meta-data", Wrong::Private),
            ("https://[fd00:ec2::254]/", Wrong::Private),
            ("https://[::ffff:10.0.0.1]/", Wrong::Private),
        ] {
            assert_eq!(ReceiverAddress::parse(bad, false).err(), Some(why), "{bad}");
        }
        let long = format!("https://receiver.example/{}", "a".repeat(500));
        assert_eq!(ReceiverAddress::parse(&long, false).err(), Some(Wrong::TooLong));
    }

    #[test]
    fn this_machine_may_be_meant_only_where_that_is_allowed_and_a_private_network_never() {
        for own in ["http://127.0.0.1:4200/x", "http://localhost/", "http://[::1]:9/", "https://localhost/"] {
            assert!(ReceiverAddress::parse(own, true).is_ok(), "{own}");
            assert_eq!(ReceiverAddress::parse(own, false), Err(ReceiverProblem::OwnMachine), "{own}");
        }
        assert_eq!(ReceiverAddress::parse("http://10.0.0.1/", true), Err(ReceiverProblem::NotProtected));
        assert_eq!(ReceiverAddress::parse("https://10.0.0.1/", true), Err(ReceiverProblem::Private));
    }
}
