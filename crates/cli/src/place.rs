//! Where a memory is: a directory with an embedded database, or a database on a server.

use crate::outcome::Failure;
use app::{App, ServerAddress};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// See the module.
#[derive(Clone)]
pub(crate) enum Place {
    Directory(PathBuf),
    Server(Box<ServerAddress>),
}

impl Place {
    /// Opens it; a directory is made on first use.
    pub(crate) fn open(&self) -> Result<App, Failure> {
        Ok(match self {
            Self::Directory(directory) => App::open(directory)?,
            Self::Server(address) => App::connect(address)?,
        })
    }

    /// Opens what must be there already.
    pub(crate) fn open_known(&self) -> Result<App, Failure> {
        match self {
            Self::Directory(directory) if !directory.join("starboard.db").exists() => {
                let words = format!("{} holds no Starboard database", directory.display());
                Err(Failure::Usage(words))
            }
            _ => self.open(),
        }
    }

    /// Opens it with the right to remove: on a server, only the tables' owner has it.
    pub(crate) fn open_as_owner(&self) -> Result<App, Failure> {
        match self {
            Self::Directory(_) => self.open_known(),
            Self::Server(address) => Ok(App::connect_as_owner(address)?),
        }
    }

    /// How another command is told of it.
    pub(crate) fn option(&self) -> String {
        match self {
            Self::Directory(directory) => format!("--data {}", directory.display()),
            Self::Server(_) => "--database (the same address)".to_owned(),
        }
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains("://") {
            let address = ServerAddress::parse(text).map_err(|error| error.to_string())?;
            return Ok(Self::Server(Box::new(address)));
        }
        if text.is_empty() {
            return Err("name a directory, or postgres://role:password@host/database".to_owned());
        }
        Ok(Self::Directory(PathBuf::from(text)))
    }
}

/// The place without any password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(directory) => write!(f, "{}", directory.display()),
            Self::Server(address) => write!(f, "{address:?}"),
        }
    }
}
