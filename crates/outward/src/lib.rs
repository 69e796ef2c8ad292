//! Connections to places that a school named: a name that leads into a private network or to this machine
//! is refused, so that nobody reads through this program what only its own network may.
//!
//! The network address that is judged is the one that is then connected to: a name cannot lead elsewhere
//! between the two.

use domain::network::may_be_sent_to;
use std::io::{self, ErrorKind};
use ureq::config::{Config, ConfigBuilder};
use ureq::http::Uri;
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// Why no address is connected to.
pub const NOT_THE_INTERNET: &str =
    "its name leads into a private network or to this machine, which this server does not connect to";

/// An agent that connects to the internet alone, or to this machine as well where that is allowed. No proxy
/// stands between: one would look names up by itself, past the guard.
#[must_use]
pub fn agent(config: ConfigBuilder<AgentScope>, own_machine: bool) -> Agent {
    let guarded = Guarded { own_machine, by: DefaultResolver::default() };
    Agent::with_parts(config.proxy(None).build(), DefaultConnector::default(), guarded)
}

/// Whether a connection was not made because of where its name leads.
#[must_use]
pub fn is_refused(error: &Error) -> bool {
    matches!(error, Error::Io(io) if io.kind() == ErrorKind::PermissionDenied && io.to_string() == NOT_THE_INTERNET)
}

/// Finds out where a name leads, and refuses it when any of that is not on the internet.
#[derive(Debug)]
struct Guarded {
    own_machine: bool,
    by: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.by.resolve(uri, config, timeout)?;
        if found.iter().any(|address| !may_be_sent_to(address.ip(), self.own_machine)) {
            return Err(Error::Io(io::Error::new(ErrorKind::PermissionDenied, NOT_THE_INTERNET)));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r36_a_name_of_this_machine_or_of_a_private_network_is_not_connected_to() {
        let refused = |url: &str, own_machine| {
            let error = agent(Config::builder(), own_machine).get(url).call().expect_err("nobody is there");
            is_refused(&error)
        };
        for url in ["http://localhost:9/", "http://127.0.0.1:9/", "http://10.0.0.1/", "http://[::1]:9/"] {
            assert!(refused(url, false), "{url}");
        }
        // Nothing listens there, which is another refusal.
        assert!(!refused("http://127.0.0.1:9/", true));
        assert!(refused("http://169.254.169.254/", true));
    }
}
