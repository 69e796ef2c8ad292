//! The embedded engine's file: one writer whose commits are shared, and several readers.

use crate::{DatabaseError, Engine, Tx, sqlite, writer};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

/// How many transactions may read at once.
const READERS: usize = 8;

pub(crate) struct Embedded {
    path: PathBuf,
    writer: writer::Writer,
    idle: Mutex<Readers>,
    freed: Condvar,
}

struct Readers {
    idle: Vec<rusqlite::Connection>,
    open: usize,
}

impl Embedded {
    pub(crate) fn open(path: &Path, connection: rusqlite::Connection) -> Result<Self, DatabaseError> {
        Ok(Self {
            path: path.to_owned(),
            writer: writer::Writer::start(connection)?,
            idle: Mutex::new(Readers { idle: Vec::new(), open: 0 }),
            freed: Condvar::new(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        self.writer.write(act)
    }

    pub(crate) fn read<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        let borrowed = Borrowed { embedded: self, connection: Some(self.borrow_reader()?) };
        let Some(connection) = &borrowed.connection else { return Err(DatabaseError::Closed.into()) };
        sqlite::run(connection, "begin")?;
        let outcome = act(&mut Tx { engine: Engine::Embedded(connection) });
        sqlite::run(connection, "rollback")?;
        outcome
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
    embedded: &'d Embedded,
    connection: Option<rusqlite::Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.embedded.return_reader(connection);
        }
    }
}
