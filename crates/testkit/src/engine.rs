//! The engines that a test is run on: SQLite always, PostgreSQL when the run has a server.
//!
//! A test that speaks of a database goes over [`engines`] and does the same on each, so that its
//! output says which were tried.

use crate::Scratch;
use crate::postgres::{Server, TestDatabase};
use std::fmt;

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// An embedded file.
    Sqlite,
    /// The server of this run.
    Postgresql,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgresql => "PostgreSQL",
        })
    }
}

/// The engines that there are in this run, each said on a line when its turn comes.
pub fn engines() -> impl Iterator<Item = Engine> {
    let others = std::iter::once_with(Server::of_this_run).flatten().map(|_| Engine::Postgresql);
    std::iter::once(Engine::Sqlite).chain(others).inspect(|engine| println!("on {engine}"))
}

impl Engine {
    /// An empty database on the server of this run, when this is PostgreSQL.
    ///
    /// # Panics
    /// When the run has no server.
    #[must_use]
    pub fn database(self) -> Option<TestDatabase> {
        let server = || Server::of_this_run().expect("the run has a PostgreSQL server");
        (self == Self::Postgresql).then(|| server().database())
    }
}

/// Where one database of a test is: a directory of its own or a server's database, which goes with
/// it.
#[derive(Debug)]
pub struct Place {
    /// The directory, empty when the database is on a server.
    pub scratch: Scratch,
    /// The server's database, if it is on one.
    pub database: Option<TestDatabase>,
}

impl Place {
    /// One on an engine.
    ///
    /// # Panics
    /// When the run has no such engine.
    #[must_use]
    pub fn on(engine: Engine) -> Self {
        Self { scratch: Scratch::in_memory(), database: engine.database() }
    }

    /// Everything that the database holds, as bytes to search: its files, or every row as text.
    ///
    /// # Panics
    /// When they cannot be read.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(database) = &self.database {
            return database.text().into_bytes();
        }
        let files = std::fs::read_dir(self.scratch.path()).expect("a directory");
        let read = |file: std::io::Result<std::fs::DirEntry>| std::fs::read(file?.path());
        files.flat_map(|file| read(file).expect("a file")).collect()
    }
}
