//! Ministry side of the exchange: receive, check, store once, answer.
//!
//! Stands after `wire`: a school's outbox puts sealed batches here, and what follows (pages,
//! analysis, exports) reads only the latest version of each fact. A collector has its own
//! database and shares nothing with a school but the protocol (`docs/wire/v1.md`).
//!
//! The one promise: however often a batch comes, and in whatever order, the result is the same.
//! A fact's effect is its highest version in its highest epoch, and a version once taken is never
//! taken again.

mod access_http;
mod admit;
mod concern;
mod digest;
mod expected;
mod export;
mod facts;
mod figures;
mod filed;
mod guard;
mod hearing;
pub mod held;
mod http;
mod intake;
mod kept;
mod lists;
mod operator;
pub mod page_statements;
mod pages_http;
mod people;
mod quality;
mod register;
mod report;
mod school_http;
mod silence;
pub mod statements;
mod token;
mod views;

pub use export::Export;
pub use filed::Filed;
pub use http::{Clock, Options, serve};
pub use intake::{Answer, Delivery};
pub use pages_http::{Access, PageRoute, page_routes};
pub use people::{Person, Role, SignedIn};
pub use register::KeyAnswer;
pub use silence::Alarm;
pub use token::TokenAnswer;

pub use database::ServerAddress;
use database::{Database, DatabaseError, Durability, Migration, Schema, Tenants};
use keys::{KeyPair, PairFile};
use std::path::Path;
use std::sync::Arc;

/// The collector's schema: its rows belong to the Ministry, whichever school sent them.
pub const SCHEMA: Schema = Schema {
    steps: &[
        Migration { number: 1, name: "collector", sql: include_str!("../migrations/0001_collector.sql") },
        Migration { number: 2, name: "digests", sql: include_str!("../migrations/0002_digests.sql") },
        Migration { number: 3, name: "keys", sql: include_str!("../migrations/0003_keys.sql") },
        Migration { number: 4, name: "people", sql: include_str!("../migrations/0004_people.sql") },
        Migration { number: 5, name: "lean", sql: include_str!("../migrations/0005_lean.sql") },
    ],
    tenants: Tenants::None,
    added_only: &["act", "batch", "fact"],
};

/// The file within the collector's directory.
pub const FILE: &str = "collector.db";

/// The file within the collector's directory that holds its own key pair.
pub const KEY_FILE: &str = "collector.key";

/// What can go wrong at the collector, apart from what a school did wrong.
#[derive(Debug, thiserror::Error)]
pub enum CollectorError {
    /// The database could not be read or written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A directory or an output could not be written.
    #[error("could not write: {0}")]
    Io(#[from] std::io::Error),
    /// A row that the collector wrote cannot be read back.
    #[error("the collector's database holds {0} that cannot be read")]
    Unreadable(&'static str),
    /// The collector's own key pair cannot be had.
    #[error(transparent)]
    Key(#[from] keys::FileError),
    /// The collector has no key of its own.
    #[error("no key to sign answers with: name a file for it with --secrets-key")]
    NoKey,
    /// What was given is no public key.
    #[error(transparent)]
    PublicKey(#[from] keys::KeyError),
    /// The machine gives no random bytes.
    #[error("no random bytes for a token: {0}")]
    Random(getrandom::Error),
}

/// The Ministry's side: what schools have sent, and the answers they were given.
pub struct Collector {
    database: Database,
    kept: kept::Kept,
    pair: Option<PairFile>,
}

impl Collector {
    /// Opens the collector in a directory, making both on first use.
    ///
    /// # Errors
    /// When the directory or the database in it cannot be opened.
    pub fn open(directory: &Path) -> Result<Self, CollectorError> {
        Self::open_with(directory, Durability::Full)
    }

    /// The same with a choice of durability, for rehearsals that may lose what they took.
    ///
    /// # Errors
    /// As [`Collector::open`].
    pub fn open_with(directory: &Path, durability: Durability) -> Result<Self, CollectorError> {
        std::fs::create_dir_all(directory)?;
        let database = Database::open(&directory.join(FILE), &SCHEMA, durability)?;
        let pair = Some(PairFile::at(directory.join(KEY_FILE)));
        Ok(Self { database, kept: kept::Kept::default(), pair })
    }

    /// Connects to a database on a PostgreSQL server that [`Collector::prepare`] brought up to
    /// date. It has a key pair of its own once [`Collector::with_key_file`] names its file.
    ///
    /// # Errors
    /// When it cannot be reached, is not prepared, or the role is not fit ([`Database::connect`]).
    pub fn connect(address: &ServerAddress) -> Result<Self, CollectorError> {
        let database = Database::connect(address, &SCHEMA, Durability::Full)?;
        Ok(Self { database, kept: kept::Kept::default(), pair: None })
    }

    /// The same with its own key pair in this file, which is made when it is first needed.
    #[must_use]
    pub fn with_key_file(mut self, path: &Path) -> Self {
        self.pair = Some(PairFile::at(path));
        self
    }

    /// The collector's own key pair, to sign what leaves it other than over HTTPS; none when no file
    /// was named for it.
    ///
    /// # Errors
    /// When the file cannot be read or made.
    pub fn key_pair(&self) -> Result<Option<Arc<KeyPair>>, CollectorError> {
        Ok(self.pair.as_ref().map(PairFile::pair).transpose()?)
    }

    /// Brings a database on a server up to date as its owner, for `app_role` to use.
    ///
    /// # Errors
    /// As [`Database::prepare`].
    pub fn prepare(address: &ServerAddress, app_role: &str) -> Result<(), CollectorError> {
        Ok(Database::prepare(address, &SCHEMA, app_role)?)
    }
}

/// A number of the protocol as the database keeps it; the protocol's limit is far below.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of the database as the protocol writes it.
fn counting(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
