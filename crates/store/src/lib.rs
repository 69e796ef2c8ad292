//! Remembers a school's facts. Decides nothing.
//!
//! Stands under `app` (acts) and `outbox` (sending). Three kinds of tables:
//!
//! - *ground*: what people and files said; rows are added, never changed;
//! - *derived*: students as they are now, tallies, crossings and their events; rebuilt from
//!   ground rows at any time;
//! - *queues and logs*: the outbox, sealed batches, messages, sessions, imported files.
//!
//! The school is the first part of every key. All SQL stands in [`statements`], the same text
//! for SQLite and PostgreSQL, and a test prepares every one of them.

pub mod act;
pub mod api_client;
pub mod arrival;
pub mod calendar;
pub mod call;
pub mod candidate;
pub mod code;
pub mod conflict;
pub mod contact;
pub mod derived;
pub mod description;
pub mod exchange;
pub mod host;
pub mod import_file;
pub mod kamar;
pub mod key_pair;
pub mod letter;
pub mod mail;
pub mod mapping;
pub mod mark;
pub mod oneroster;
pub mod outbox;
pub mod people;
pub mod plan;
pub mod reason;
pub mod referral;
pub mod response;
mod row;
pub mod said;
pub mod school;
pub mod sign_in;
pub mod statements;
pub mod tables;
pub mod task;
pub mod template;
pub mod timetable;
pub mod upload;
pub mod webhook;

pub use database::DatabaseError;
pub use database::ServerAddress;
use database::{Database, Durability, Migration, Schema, Scope, Tenants};
use domain::{Instant, SchoolNumber};
use std::path::Path;

/// The schema.
pub const SCHEMA: Schema = Schema {
    steps: &[
        Migration { number: 1, name: "school", sql: include_str!("../migrations/0001_school.sql") },
        Migration { number: 2, name: "host", sql: include_str!("../migrations/0002_host.sql") },
        Migration { number: 3, name: "indexes", sql: include_str!("../migrations/0003_indexes.sql") },
        Migration {
            number: 4,
            name: "periods_and_codes",
            sql: include_str!("../migrations/0004_periods_and_codes.sql"),
        },
        Migration {
            number: 5,
            name: "reason_given_at",
            sql: include_str!("../migrations/0005_reason_given_at.sql"),
        },
        Migration {
            number: 6,
            name: "ledger_indexes",
            sql: include_str!("../migrations/0006_ledger_indexes.sql"),
        },
        Migration { number: 7, name: "plan", sql: include_str!("../migrations/0007_plan.sql") },
        Migration { number: 8, name: "mail", sql: include_str!("../migrations/0008_mail.sql") },
        Migration { number: 9, name: "house", sql: include_str!("../migrations/0009_house.sql") },
        Migration { number: 10, name: "contacts", sql: include_str!("../migrations/0010_contacts.sql") },
        Migration { number: 11, name: "messages", sql: include_str!("../migrations/0011_messages.sql") },
        Migration { number: 12, name: "letters", sql: include_str!("../migrations/0012_letters.sql") },
        Migration { number: 13, name: "calls", sql: include_str!("../migrations/0013_calls.sql") },
        Migration {
            number: 14,
            name: "reconciliation",
            sql: include_str!("../migrations/0014_reconciliation.sql"),
        },
        Migration { number: 15, name: "keys", sql: include_str!("../migrations/0015_keys.sql") },
        Migration { number: 16, name: "arrivals", sql: include_str!("../migrations/0016_arrivals.sql") },
        Migration { number: 17, name: "kamar", sql: include_str!("../migrations/0017_kamar.sql") },
        Migration { number: 18, name: "mappings", sql: include_str!("../migrations/0018_mappings.sql") },
        Migration { number: 19, name: "oneroster", sql: include_str!("../migrations/0019_oneroster.sql") },
        Migration { number: 20, name: "api", sql: include_str!("../migrations/0020_api.sql") },
        Migration { number: 21, name: "webhooks", sql: include_str!("../migrations/0021_webhooks.sql") },
    ],
    tenants: Tenants::Apart { column: "school", shared: &["hosted_school"] },
    added_only: &[
        "calendar_day",
        "call",
        "candidate_decision",
        "candidate_response",
        "code_row",
        "conflict",
        "conflict_decision",
        "contact",
        "contact_look",
        "contact_read",
        "cover",
        "description",
        "field_rule",
        "hold",
        "import_file",
        "import_undo",
        "kamar_push",
        "kamar_total",
        "letter",
        "letter_approval",
        "letter_event",
        "letter_print",
        "letter_response",
        "letter_run",
        "letter_template",
        "letterhead",
        "mapping",
        "mark",
        "note_read",
        "plan_publication",
        "plan_version",
        "reason",
        "reconciliation",
        "referral",
        "referral_contact",
        "referral_note",
        "refused_record",
        "response",
        "response_note",
        "response_step",
        "said",
        "spell",
        "staff_version",
        "student_flag",
        "student_version",
        "task_assignment",
        "term",
        "timetable",
    ],
};

/// Any moment there will ever be: "by all that is known".
pub const ALWAYS: i64 = i64::MAX;

/// A transaction under way; what every function of this crate works on.
pub type Tx<'c> = database::Tx<'c>;

/// What can go wrong with remembering.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database itself.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Two places do not hold the same of a school.
    #[error("school {0} differs between the two places in {1}: stop its server and copy it again")]
    Differs(SchoolNumber, String),
    /// A row holds a text that means nothing.
    #[error("the table {table} holds {what} that cannot be read")]
    Unreadable {
        /// Where.
        table: &'static str,
        /// Which column's kind of value.
        what: &'static str,
    },
}

/// A school's memory, or several schools' together.
pub struct Store {
    database: Database,
}

impl Store {
    /// The file that holds a school's facts within a data directory.
    pub const FILE: &'static str = "starboard.db";

    /// Opens the embedded database of a data directory, making both on first use.
    ///
    /// # Errors
    /// When the directory cannot be made or the file cannot be opened.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_with(directory, Durability::Full)
    }

    /// Opens a database whose commits need not survive a power cut, to fill it with made-up data.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_for_rehearsal(directory: &Path) -> Result<Self, StoreError> {
        Self::open_with(directory, Durability::Rehearsal)
    }

    fn open_with(directory: &Path, durability: Durability) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory)
            .map_err(|error| DatabaseError::Engine(format!("{}: {error}", directory.display())))?;
        let database = Database::open(&directory.join(Self::FILE), &SCHEMA, durability)?;
        Ok(Self { database })
    }

    /// Connects to a database on a PostgreSQL server that [`Store::prepare`] brought up to date.
    ///
    /// # Errors
    /// When it cannot be reached, is not prepared, or the role is not fit ([`Database::connect`]).
    pub fn connect(address: &ServerAddress) -> Result<Self, StoreError> {
        Self::connect_with(address, Durability::Full)
    }

    /// Connects to a database to fill with made-up data, whose commits need not survive a power
    /// cut.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub fn connect_for_rehearsal(address: &ServerAddress) -> Result<Self, StoreError> {
        Self::connect_with(address, Durability::Rehearsal)
    }

    fn connect_with(address: &ServerAddress, durability: Durability) -> Result<Self, StoreError> {
        Ok(Self { database: Database::connect(address, &SCHEMA, durability)? })
    }

    /// Connects for what only the role that owns the tables may do.
    ///
    /// # Errors
    /// As [`Database::connect_as_owner`].
    pub fn connect_as_owner(address: &ServerAddress) -> Result<Self, StoreError> {
        Ok(Self { database: Database::connect_as_owner(address, &SCHEMA)? })
    }

    /// Brings a database on a server up to date as its owner, for `app_role` to use.
    ///
    /// # Errors
    /// As [`Database::prepare`].
    pub fn prepare(address: &ServerAddress, app_role: &str) -> Result<(), StoreError> {
        Ok(Database::prepare(address, &SCHEMA, app_role)?)
    }

    /// Makes the file of a data directory the whole database, so that it can be moved.
    ///
    /// # Errors
    /// [`DatabaseError::Busy`] while any program has it open; otherwise when it is not sound.
    pub fn fold_log(directory: &Path) -> Result<(), StoreError> {
        Ok(Database::fold_log(&directory.join(Self::FILE))?)
    }

    /// The file that holds the facts, when it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.database.path()
    }

    /// Runs a transaction on one school's facts; see [`Database::write`].
    ///
    /// # Errors
    /// What `act` answers, or what the database says of the commit.
    pub fn write<T, E, F>(&self, school: SchoolNumber, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + From<DatabaseError> + Send + 'static,
    {
        self.database.write(Scope::Tenant(school.number()), act)
    }

    /// Reads one snapshot of one school's facts.
    ///
    /// # Errors
    /// What `act` answers, or what the database says.
    pub fn read<T, E, F>(&self, school: SchoolNumber, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        self.database.read(Scope::Tenant(school.number()), act)
    }

    /// Reads one snapshot that may be some moments old, for reviews and exports; see
    /// [`Database::review`].
    ///
    /// # Errors
    /// What `act` answers, or what the database says.
    pub fn review<T, E, F>(&self, school: SchoolNumber, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        self.database.review(Scope::Tenant(school.number()), act)
    }

    /// Reads what belongs to no school: the host's directory.
    ///
    /// # Errors
    /// What `act` answers, or what the database says.
    pub fn read_host<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        self.database.read(Scope::Host, act)
    }

    /// Writes a complete copy of the database to a new file.
    ///
    /// # Errors
    /// When the file exists already or cannot be written.
    pub fn back_up(&self, file: &Path) -> Result<(), StoreError> {
        let file = file.to_string_lossy().into_owned();
        self.database.maintain(statements::BACK_UP, &[file.into()])?;
        Ok(())
    }

    /// What a server says of how it keeps what it acknowledges: its version, `fsync`,
    /// `full_page_writes` and the standbys it waits for. Nothing for a file.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub fn server_state(&self) -> Result<Option<[String; 4]>, StoreError> {
        if self.path().is_some() {
            return Ok(None);
        }
        self.read_host(|tx| {
            let Some(mut row) = tx.query_one(statements::SERVER_STATE, &[])? else { return Ok(None) };
            Ok(Some([row.take(0)?, row.take(1)?, row.take(2)?, row.take(3)?]))
        })
    }

    /// What the engine's own check of the file says; `ok` when all is well.
    ///
    /// # Errors
    /// When the check cannot run.
    pub fn check_file(&self) -> Result<String, StoreError> {
        let mut rows = self.database.maintain(statements::CHECK_FILE, &[])?;
        let first = rows.first_mut().map(|row| row.take::<String>(0)).transpose()?;
        Ok(first.unwrap_or_default())
    }

    /// How many rows point at a row that is not there.
    ///
    /// # Errors
    /// When the check cannot run.
    pub fn dangling_rows(&self) -> Result<usize, StoreError> {
        Ok(self.database.maintain(statements::CHECK_KEYS, &[])?.len())
    }
}

/// Microseconds for "by what was known at", all of time when nothing is named.
#[must_use]
pub fn known_at(instant: Option<Instant>) -> i64 {
    instant.map_or(ALWAYS, Instant::micros)
}
