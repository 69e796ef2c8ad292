//! Connecting, migrating and transactions. Knows no table and no rule.
//!
//! The seam between Starboard and a database is small and synchronous: a [`Database`] gives a
//! [`Tx`], a transaction runs SQL texts with [`Value`]s and answers [`Row`]s. Today it is an
//! embedded SQLite file; the SQL texts use what PostgreSQL also understands (`$1` placeholders,
//! `on conflict`, common table expressions, window functions), so a second engine joins behind
//! the same seam.
//!
//! Reads run side by side, each in its own snapshot. Writes go through one writer: those that
//! arrive while it is busy share its next commit, each in a savepoint of its own, so one that
//! fails takes nothing with it ([`Database::write`]).

mod migrate;
mod sqlite;
mod value;
mod writer;

pub use migrate::Migration;
pub use value::{FromValue, Row, Value};

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

/// What can go wrong between Starboard and its database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DatabaseError {
    /// The engine refused a statement or could not read or write.
    #[error("the database: {0}")]
    Engine(String),
    /// The disk is full.
    #[error("the disk is full: free some space and try again; nothing was half-saved")]
    Full,
    /// Another program kept the database to itself for too long.
    #[error("another program is using the database: try again")]
    Busy,
    /// A row does not hold what the code expects.
    #[error("a row holds {found} where {expected} was expected")]
    Shape {
        /// What the code asked for.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The database was made by a later release, or was altered.
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

/// How many transactions may read at once.
const READERS: usize = 8;

/// A database: one writer and several readers.
pub struct Database {
    path: PathBuf,
    writer: writer::Writer,
    idle: Mutex<Readers>,
    freed: Condvar,
}

struct Readers {
    idle: Vec<rusqlite::Connection>,
    open: usize,
}

impl Database {
    /// Opens (or makes) an SQLite file and brings it up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or was made by a later release.
    pub fn open(
        path: &Path,
        migrations: &[Migration],
        durability: Durability,
    ) -> Result<Self, DatabaseError> {
        let mut connection = sqlite::connect(path, durability)?;
        migrate::run(&mut connection, migrations)?;
        Ok(Self {
            path: path.to_owned(),
            writer: writer::Writer::start(connection)?,
            idle: Mutex::new(Readers { idle: Vec::new(), open: 0 }),
            freed: Condvar::new(),
        })
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

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `act` in a transaction of its own and commits it, or rolls all of it back when it
    /// answers an error. Returns only when the commit is durable.
    ///
    /// Transactions that are asked for while another commits share one commit.
    ///
    /// # Errors
    /// What `act` answers, or what the database says of the commit.
    pub fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        self.writer.write(act)
    }

    /// Runs `act` on one snapshot of the database. Nothing can be written.
    ///
    /// # Errors
    /// What `act` answers, or what the database says.
    pub fn read<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        let borrowed = Borrowed { database: self, connection: Some(self.borrow_reader()?) };
        let Some(connection) = &borrowed.connection else { return Err(DatabaseError::Closed.into()) };
        sqlite::execute_batch(connection, "begin")?;
        let outcome = act(&mut Tx { connection });
        sqlite::execute_batch(connection, "rollback")?;
        outcome
    }

    /// Runs maintenance statements outside any transaction, on a connection of their own.
    ///
    /// # Errors
    /// What the database says.
    pub fn maintain(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let connection = sqlite::connect(&self.path, Durability::Full)?;
        Tx { connection: &connection }.query(sql, values)
    }

    fn borrow_reader(&self) -> Result<rusqlite::Connection, DatabaseError> {
        let mut readers = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = readers.idle.pop() {
                return Ok(connection);
            }
            if readers.open < READERS {
                let connection = sqlite::connect_to_read(&self.path)?;
                readers.open += 1;
                return Ok(connection);
            }
            readers = self.freed.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn return_reader(&self, connection: rusqlite::Connection) {
        let mut readers = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.is_autocommit() {
            readers.idle.push(connection);
        } else {
            // The rollback failed: a connection in an unknown state is not used again.
            readers.open -= 1;
        }
        drop(readers);
        self.freed.notify_one();
    }
}

/// A reader's connection on loan, which goes back however the reading ends, by a panic too.
struct Borrowed<'d> {
    database: &'d Database,
    connection: Option<rusqlite::Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.database.return_reader(connection);
        }
    }
}

/// A transaction under way.
pub struct Tx<'c> {
    connection: &'c rusqlite::Connection,
}

impl Tx<'_> {
    /// Runs a statement; answers how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<usize, DatabaseError> {
        sqlite::execute(self.connection, sql, values)
    }

    /// Runs a query; answers every row.
    ///
    /// # Errors
    /// What the database says.
    pub fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let mut rows = Vec::new();
        sqlite::for_each(self.connection, sql, values, |row| {
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
        sqlite::for_each(self.connection, sql, values, take)
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
        sqlite::prepare(self.connection, sql)
    }

    /// Runs several statements without values, such as a savepoint.
    ///
    /// # Errors
    /// What the database says.
    pub fn execute_batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        sqlite::execute_batch(self.connection, sql)
    }
}
