//! Connecting, migrating and transactions. Knows no table and no rule.
//!
//! The seam between Starboard and a database is small and synchronous: a [`Database`] gives a
//! [`Tx`], a transaction runs SQL texts with [`Value`]s and answers [`Row`]s. Two engines stand
//! behind it, an embedded SQLite file and a PostgreSQL server, and the same texts run on both
//! (`$1` placeholders, `on conflict`, common table expressions, window functions).
//!
//! Each transaction names its [`Scope`]: on a server that holds many tenants' rows, the database
//! itself shows a transaction no other tenant's. A tenant's writes happen one after another on
//! either engine, so an act may read and then decide. Reads run side by side, each in its own
//! snapshot.
//!
//! On SQLite, writes that arrive while the writer is busy share its next commit, each in a
//! savepoint of its own, so one that fails takes nothing with it ([`Database::write`]).

mod address;
mod embedded;
mod migrate;
mod rows;
mod server;
mod session;
mod sqlite;
mod statements;
mod value;
mod writer;

pub use address::ServerAddress;
pub use migrate::{Migration, Schema, Tenants};
pub use value::{FromValue, Row, Value};

use std::path::Path;

/// What can go wrong between Starboard and its database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DatabaseError {
    /// The engine refused a statement or could not read or write.
    #[error("the database: {0}")]
    Engine(String),
    /// The disk is full.
    #[error("the disk is full: free some space and try again; nothing was half-saved")]
    Full,
    /// Another program kept the database to itself for too long, or too many ask at once.
    #[error("the database is busy: try again")]
    Busy,
    /// The server cannot be reached, or broke off before anything was saved.
    #[error("the database server cannot be reached ({0}): nothing was saved; try again in a moment")]
    Away(String),
    /// The server broke off while it was saving.
    #[error("the database server broke off while saving: look whether it was saved before entering it again")]
    Unsure,
    /// A server's address, or the role that it names, cannot be used.
    #[error("the database's address: {0}")]
    Address(String),
    /// A row does not hold what the code expects.
    #[error("a row holds {found} where {expected} was expected")]
    Shape {
        /// What the code asked for.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The database was made by a later release, is not prepared, or was altered.
    #[error("migrations: {0}")]
    Migration(String),
    /// The writer stopped.
    #[error("the database was closed")]
    Closed,
}

/// How durable a commit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A commit is on the disk before it is acknowledged.
    Full,
    /// A commit may be lost when the power fails: for making demo data only.
    Rehearsal,
}

/// Whose rows a transaction may see and change, where a database holds those of many tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What belongs to no tenant.
    Host,
    /// One tenant's, by its number.
    Tenant(i64),
}

/// A database: an embedded file, or a server.
pub struct Database {
    kind: Kind,
}

enum Kind {
    Embedded(embedded::Embedded),
    Server(Box<server::Server>),
}

impl Database {
    /// Opens (or makes) an SQLite file and brings it up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or was made by a later release.
    pub fn open(path: &Path, schema: &Schema, durability: Durability) -> Result<Self, DatabaseError> {
        let connection = sqlite::connect(path, durability)?;
        migrate::embedded(&connection, schema)?;
        Ok(Self { kind: Kind::Embedded(embedded::Embedded::open(path, connection)?) })
    }

    /// Connects to a PostgreSQL database that [`Database::prepare`] brought up to date.
    ///
    /// # Errors
    /// [`DatabaseError::Away`] when the server cannot be reached, [`DatabaseError::Migration`]
    /// when the database is not prepared for this release, [`DatabaseError::Address`] when the
    /// role could reach around row security.
    pub fn connect(
        address: &ServerAddress,
        schema: &Schema,
        durability: Durability,
    ) -> Result<Self, DatabaseError> {
        let server = server::Server::new(address, durability);
        server.check(schema)?;
        Ok(Self { kind: Kind::Server(Box::new(server)) })
    }

    /// Brings a PostgreSQL database up to date, as the role that owns it, and lets `app_role` use
    /// it: that role may read and add, and change or remove only what is no history.
    ///
    /// # Errors
    /// When the server cannot be reached, the role may not do this, there is no such `app_role`,
    /// or the database was made by a later release.
    pub fn prepare(address: &ServerAddress, schema: &Schema, app_role: &str) -> Result<(), DatabaseError> {
        server::Server::new(address, Durability::Full).prepare(schema, app_role)
    }

    /// Connects as the role that owns a prepared database, for upkeep that the application may
    /// not do.
    ///
    /// # Errors
    /// As [`Database::connect`], but that the role must own the tables.
    pub fn connect_as_owner(address: &ServerAddress, schema: &Schema) -> Result<Self, DatabaseError> {
        let server = server::Server::new(address, Durability::Full);
        server.check_owner(schema)?;
        Ok(Self { kind: Kind::Server(Box::new(server)) })
    }

    /// Writes the log of recent commits into the file itself, so that the file alone is the whole
    /// database and can be moved.
    ///
    /// # Errors
    /// [`DatabaseError::Busy`] while any program has the file open; otherwise when it is no
    /// sound database.
    pub fn fold_log(path: &Path) -> Result<(), DatabaseError> {
        sqlite::fold_log(path)
    }

    /// The file, when it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Embedded(file) => Some(file.path()),
            Kind::Server(_) => None,
        }
    }

    /// Runs `act` in a transaction of its own and commits it, or rolls all of it back when it
    /// answers an error. Returns only when the commit is durable.
    ///
    /// On SQLite, transactions that are asked for while another commits share one commit.
    ///
    /// # Errors
    /// What `act` answers, or what the database says of the commit.
    pub fn write<T, E, F>(&self, scope: Scope, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        match &self.kind {
            Kind::Embedded(file) => file.write(act),
            Kind::Server(server) => server.write(scope, act),
        }
    }

    /// Runs `act` on one snapshot of the database. Nothing can be written.
    ///
    /// # Errors
    /// What `act` answers, or what the database says.
    pub fn read<T, E, F>(&self, scope: Scope, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        match &self.kind {
            Kind::Embedded(file) => file.read(act),
            Kind::Server(server) => server.read(scope, act),
        }
    }

    /// As [`Database::read`], from a server's standby where there is one: what it shows may be some
    /// moments old. For reviews and exports, which would otherwise take their time from the day's work.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub fn review<T, E, F>(&self, scope: Scope, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        match &self.kind {
            Kind::Embedded(file) => file.read(act),
            Kind::Server(server) => server.review(scope, act),
        }
    }

    /// Runs a maintenance statement of the embedded file outside any transaction, on a connection
    /// of its own.
    ///
    /// # Errors
    /// What the database says; a server has its own tools for upkeep.
    pub fn maintain(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let Kind::Embedded(file) = &self.kind else {
            let words = "this upkeep is for an embedded file: a PostgreSQL server has tools of its own";
            return Err(DatabaseError::Engine(words.to_owned()));
        };
        let connection = sqlite::connect(file.path(), Durability::Full)?;
        Tx { engine: Engine::Embedded(&connection) }.query(sql, values)
    }
}

/// A transaction under way.
pub struct Tx<'c> {
    engine: Engine<'c>,
}

enum Engine<'c> {
    Embedded(&'c rusqlite::Connection),
    Server(&'c mut session::Session),
}

impl Tx<'_> {
    /// Runs a statement; answers how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<usize, DatabaseError> {
        match &mut self.engine {
            Engine::Embedded(connection) => sqlite::execute(connection, sql, values),
            Engine::Server(session) => session.execute(sql, values),
        }
    }

    /// Runs an `insert … values ($1, …)` once for each row, as one statement where the engine can.
    /// No two rows may have the same key.
    ///
    /// # Errors
    /// What the database says.
    pub fn insert_many(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<(), DatabaseError> {
        match &mut self.engine {
            Engine::Embedded(connection) => {
                rows.iter().try_for_each(|row| sqlite::execute(connection, sql, row).map(drop))
            }
            Engine::Server(session) => session.insert_many(sql, rows),
        }
    }

    /// Runs a query; answers every row.
    ///
    /// # Errors
    /// What the database says.
    pub fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        if let Engine::Server(session) = &mut self.engine {
            return session.query(sql, values);
        }
        let mut rows = Vec::new();
        self.query_each(sql, values, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Runs a query and hands over one row at a time, so that a large answer is never held whole.
    ///
    /// # Errors
    /// What the database or `take` says.
    pub fn query_each<F>(&mut self, sql: &str, values: &[Value], take: F) -> Result<(), DatabaseError>
    where
        F: FnMut(Row) -> Result<(), DatabaseError>,
    {
        match &mut self.engine {
            Engine::Embedded(connection) => sqlite::for_each(connection, sql, values, take),
            Engine::Server(session) => session.for_each(sql, values, take),
        }
    }

    /// Runs a query that answers at most one row.
    ///
    /// # Errors
    /// What the database says.
    pub fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DatabaseError> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// Checks that a statement means something to the database, without running it. Answers how
    /// many values it takes.
    ///
    /// # Errors
    /// What the database says.
    pub fn prepare(&mut self, sql: &str) -> Result<usize, DatabaseError> {
        match &mut self.engine {
            Engine::Embedded(connection) => sqlite::prepare(connection, sql),
            Engine::Server(session) => session.prepare(sql),
        }
    }
}
