//! Where a PostgreSQL database is, and how it may be spoken to.

use crate::DatabaseError;
use postgres::config::{Host, SslMode, TargetSessionAttrs};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long connecting to one host may take.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// How long a host may leave what was sent unacknowledged, or a quiet connection unanswered, before
/// it is asked again; after some short questions more it counts as gone.
const SILENCE: Duration = Duration::from_secs(10);

/// The short questions: how far apart, and how many.
const QUESTION: Duration = Duration::from_secs(2);
const QUESTIONS: u32 = 3;

/// How long a transaction waits for a free connection, and a write for its tenant's turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// A PostgreSQL server, a database on it and the role to connect as:
/// `postgres://role:password@host/database`. Several hosts, separated by commas, are a server and
/// its standbys: whichever takes writes is used.
///
/// Another machine is spoken to through TLS alone, its certificate checked against those that this
/// machine trusts (`SSL_CERT_FILE` names others).
#[derive(Clone)]
pub struct ServerAddress {
    config: postgres::Config,
    connections: usize,
    patience: Duration,
    replica: Option<Box<ServerAddress>>,
}

impl ServerAddress {
    /// Connections that are kept at most, unless it is said otherwise.
    const CONNECTIONS: usize = 16;

    /// Reads an address.
    ///
    /// # Errors
    /// [`DatabaseError::Address`] when it is none, or would speak to another machine in the clear.
    pub fn parse(url: &str) -> Result<Self, DatabaseError> {
        let wrong = |words: &str| Err(DatabaseError::Address(words.to_owned()));
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return wrong("it begins with postgres:// and is like postgres://role:password@host/database");
        }
        // What the parser says may repeat the password.
        let Ok(mut config) = postgres::Config::from_str(url) else {
            return wrong("it cannot be read: it is like postgres://role:password@host:5432/database");
        };
        if config.get_user().is_none() || config.get_dbname().is_none() || config.get_hosts().is_empty() {
            return wrong("it names a role, a host and a database: postgres://role:password@host/database");
        }
        let is_local = config.get_hosts().iter().all(is_local);
        match (is_local, config.get_ssl_mode()) {
            (true, SslMode::Prefer) => config.ssl_mode(SslMode::Disable),
            (false, SslMode::Disable) => {
                return wrong("another machine's database is spoken to through TLS alone: leave sslmode out");
            }
            (false, _) => config.ssl_mode(SslMode::Require),
            (true, _) => &mut config,
        };
        config.application_name("starboard");
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config.connect_timeout(CONNECT_PATIENCE);
        config.tcp_user_timeout(SILENCE);
        config.keepalives_idle(SILENCE);
        // The machine's own interval is more than a minute, several times over.
        config.keepalives_interval(QUESTION);
        config.keepalives_retries(QUESTIONS);
        Ok(Self { config, connections: Self::CONNECTIONS, patience: PATIENCE, replica: None })
    }

    /// The same server with at most so many connections.
    #[must_use]
    pub fn with_connections(mut self, connections: usize) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// The same server, waited for this long and no longer: by a transaction for a free connection,
    /// by a write for its tenant's turn. A standby that cannot be reached is left alone as long.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The same server with a standby beside it, which answers what need not be of this moment
    /// ([`crate::Database::review`]).
    #[must_use]
    pub fn with_replica(mut self, mut replica: Self) -> Self {
        replica.config.target_session_attrs(TargetSessionAttrs::Any);
        self.replica = Some(Box::new(replica));
        self
    }

    /// The role's name.
    #[must_use]
    pub fn role(&self) -> &str {
        self.config.get_user().unwrap_or_default()
    }

    pub(crate) fn config(&self) -> &postgres::Config {
        &self.config
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections
    }

    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Whether another address is of the same database and role, on whatever host.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.role() == other.role() && self.config.get_dbname() == other.config.get_dbname()
    }

    pub(crate) fn replica(&self) -> Option<&Self> {
        self.replica.as_deref()
    }
}

/// The address without its password.
impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.role(), self.config.get_dbname().unwrap_or_default())
    }
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(url: &str) -> String {
        ServerAddress::parse(url).err().map_or(String::new(), |error| error.to_string())
    }

    #[test]
    fn an_address_names_a_role_a_host_and_a_database() {
        assert_eq!(complaint("postgres://app:secret@127.0.0.1:5432/starboard"), "");
        assert_eq!(complaint("postgresql://app@/starboard?host=/run/postgresql"), "");
        assert!(complaint("mysql://app@localhost/starboard").contains("begins with postgres://"));
        assert!(complaint("postgres://localhost").contains("names a role"));
        let unreadable = complaint("postgres://app:secret@localhost:many/starboard");
        assert!(unreadable.contains("cannot be read") && !unreadable.contains("secret"));
    }

    #[test]
    fn another_machine_is_spoken_to_through_tls_alone() {
        let mode = |url| ServerAddress::parse(url).expect("an address").config.get_ssl_mode();
        assert_eq!(mode("postgres://app@db.example.nz/starboard"), SslMode::Require);
        assert_eq!(mode("postgres://app@db.example.nz/starboard?sslmode=prefer"), SslMode::Require);
        assert!(complaint("postgres://app@db.example.nz/starboard?sslmode=disable").contains("TLS"));
        assert_eq!(mode("postgres://app@[::1]/starboard"), SslMode::Disable);
        assert_eq!(mode("postgres://app@localhost/starboard?sslmode=require"), SslMode::Require);
        assert!(
            complaint("postgres://app@localhost,db.example.nz/starboard?sslmode=disable").contains("TLS")
        );
    }

    #[test]
    fn the_password_is_never_shown() {
        let address = ServerAddress::parse("postgres://app:secret@localhost/starboard").expect("an address");
        assert_eq!(format!("{address:?}"), "app@starboard");
    }
}
