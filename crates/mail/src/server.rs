//! Where mail is handed in: the address of a server, and how its line is protected.

use crate::MailError;
use lettre::Address;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// How the line to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// Not at all: a relay on this machine or in the school's own network.
    Plain,
    /// By TLS that begins on a plain line; without it nothing is sent.
    StartTls,
    /// By TLS from the first byte.
    Tls,
}

/// How long an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// To a connection and to each command.
    pub(crate) command: Duration,
    /// After the whole message: a server looks for harm in it before it answers.
    pub(crate) end: Duration,
}

/// Source: RFC 5321, section 4.5.3.2.6: ten minutes after the message, since an answer that comes
/// too late makes a second one of it.
const PATIENCE: Patience = Patience { command: Duration::from_secs(60), end: Duration::from_secs(600) };

/// A server that takes mail, and the address from which it goes.
#[derive(Clone)]
pub struct Server {
    pub(crate) security: Security,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) from: Address,
    pub(crate) patience: Patience,
}

const EXAMPLES: &str = "write smtps://user@mail.school.example, smtp+starttls://user@mail.school.example:587, \
    smtp://127.0.0.1:25 for a relay that asks for no password, or folder:DIR";

impl Server {
    /// The server at an address, which holds no password: that would be seen by everybody who
    /// lists the programs that run. Mail goes from `from`.
    ///
    /// # Errors
    /// [`MailError::Unusable`] with what would be right.
    pub fn new(address: &str, password: Option<String>, from: &str) -> Result<Self, MailError> {
        let refused = |problem: &str| Err(MailError::Unusable(format!("{problem}: {EXAMPLES}")));
        let Some((scheme, rest)) = address.split_once("://") else { return refused("this is no address") };
        let (security, usual_port) = match scheme {
            "smtp" => (Security::Plain, 25),
            "smtp+starttls" => (Security::StartTls, 587),
            "smtps" => (Security::Tls, 465),
            _ => return refused("mail is handed in by smtp"),
        };
        let (user, place) = match rest.trim_end_matches('/').rsplit_once('@') {
            None => (None, rest.trim_end_matches('/')),
            Some((user, _)) if user.contains(':') => {
                return refused("leave the password out of the address and name a file that holds it");
            }
            Some((user, place)) => (Some(user.to_owned()).filter(|user| !user.is_empty()), place),
        };
        let Some((host, port)) = host_and_port(place, usual_port) else {
            return refused("this names no server");
        };
        let server = Self {
            security,
            host,
            port,
            password: password.filter(|_| user.is_some()),
            user,
            from: sender(from)?,
            patience: PATIENCE,
        };
        if server.user.is_some() && server.password.is_none() {
            return refused("this user has no password: name a file that holds it");
        }
        if server.user.is_some() && security == Security::Plain && !server.is_this_machine() {
            return refused("a password does not travel unprotected");
        }
        Ok(server)
    }

    fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// The address without the password.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::Plain => "smtp",
            Security::StartTls => "smtp+starttls",
            Security::Tls => "smtps",
        };
        let user = self.user.as_ref().map_or_else(String::new, |user| format!("{user}@"));
        let bracketed = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        write!(f, "{scheme}://{user}{bracketed}:{}", self.port)
    }
}

/// As shown: a log must not hold the password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn host_and_port(place: &str, usual: u16) -> Option<(String, u16)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            (host, port.strip_prefix(':'))
        }
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Some(usual), |port| port.parse().ok())?;
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || ".-:".contains(letter);
    (!host.is_empty() && host.chars().all(is_host)).then(|| (host.to_owned(), port))
}

/// The address from which mail goes.
pub(crate) fn sender(from: &str) -> Result<Address, MailError> {
    address_of(from).ok_or_else(|| {
        MailError::Unusable(format!(
            "{from:?} is no address that mail can go from: write it as starboard@school.example"
        ))
    })
}

/// An address that every server can take.
pub(crate) fn address_of(text: &str) -> Option<Address> {
    text.parse().ok().filter(|_| text.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(address: &str) -> Result<Server, MailError> {
        Server::new(address, Some("kahikatea".to_owned()), "starboard@school.example")
    }

    #[test]
    fn an_address_says_where_and_how_protected() {
        for (address, security, host, port, shown) in [
            ("smtp://127.0.0.1", Security::Plain, "127.0.0.1", 25, "smtp://127.0.0.1:25"),
            (
                "smtp://relay.school.example:2525/",
                Security::Plain,
                "relay.school.example",
                2525,
                "smtp://relay.school.example:2525",
            ),
            ("smtp://u@[::1]:26", Security::Plain, "::1", 26, "smtp://u@[::1]:26"),
            ("smtps://u@mail.example", Security::Tls, "mail.example", 465, "smtps://u@mail.example:465"),
            (
                "smtp+starttls://a@b.nz@mail.example",
                Security::StartTls,
                "mail.example",
                587,
                "smtp+starttls://a@b.nz@mail.example:587",
            ),
        ] {
            let found = server(address).expect(address);
            assert_eq!((found.security, found.host.as_str(), found.port), (security, host, port));
            assert_eq!(found.to_string(), shown);
        }
    }

    #[test]
    fn r36_what_would_show_a_password_is_refused_and_none_is_ever_printed() {
        for (address, why) in [
            ("smtps://user:secret@mail.example", "leave the password out"),
            ("smtp://user@mail.example", "does not travel unprotected"),
            ("http://mail.example", "by smtp"),
            ("mail.example", "no address"),
            ("smtp://", "names no server"),
            ("smtp://mail.example:port", "names no server"),
            ("smtp://mail example", "names no server"),
        ] {
            let refused = server(address).expect_err(address).to_string();
            assert!(
                refused.contains(why) && refused.contains("smtp+starttls://user@"),
                "{address}: {refused}"
            );
        }
        let without = Server::new("smtps://user@mail.example", None, "starboard@school.example");
        assert!(without.is_err_and(|error| error.to_string().contains("has no password")));
        let from = Server::new("smtp://127.0.0.1", None, "Starboard <x>");
        assert!(from.is_err_and(|error| error.to_string().contains("starboard@school.example")));
        let good = server("smtps://user@mail.example").expect("an address");
        assert!(good.password.is_some(), "it is held");
        assert!(!format!("{good} {good:?}").contains("kahikatea"), "and never shown");
    }
}
