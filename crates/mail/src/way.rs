//! By which way messages leave: a mail server, a provider of texts, or a folder for either.

use crate::folder::Folder;
use crate::provider::Provider;
use crate::server::{self, Server};
use crate::texts::Texts;
use crate::{MailError, Post};
use domain::Channel;
use std::fmt;
use std::path::Path;

/// What begins the name of a folder where an address may stand.
const FOLDER: &str = "folder:";

/// A way by which the messages of a channel leave.
#[derive(Debug, Clone)]
pub struct Way(pub(crate) By);

/// What takes the messages.
#[derive(Debug, Clone)]
pub(crate) enum By {
    /// A server that takes e-mail.
    Server(Server),
    /// A folder that takes e-mail.
    Mail(Folder),
    /// Something that takes texts.
    Texts(Texts),
}

impl Way {
    /// E-mail to the server at an address, as [`Server::new`] reads it, or into `folder:DIR`.
    ///
    /// # Errors
    /// [`MailError::Unusable`] with what would be right.
    pub fn mail(address: &str, password: Option<String>, from: &str) -> Result<Self, MailError> {
        let Some(path) = address.strip_prefix(FOLDER) else {
            return Server::new(address, password, from).map(|server| Self(By::Server(server)));
        };
        server::sender(from)?;
        Ok(Self(By::Mail(Folder::new(Path::new(path))?)))
    }

    /// Texts to the provider at an address of HTTPS, with its token, or into `folder:DIR`; at most
    /// so many a day.
    ///
    /// # Errors
    /// [`MailError::Unusable`] with what would be right.
    pub fn texts(address: &str, token: Option<String>, most_a_day: u32) -> Result<Self, MailError> {
        let texts = match address.strip_prefix(FOLDER) {
            Some(path) => Texts::in_folder(Folder::new(Path::new(path))?, most_a_day),
            None => Texts::by_provider(Provider::new(address, token)?, most_a_day),
        };
        Ok(Self(By::Texts(texts)))
    }

    /// The channel whose messages leave by it.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match &self.0 {
            By::Server(_) | By::Mail(_) => Channel::Email,
            By::Texts(_) => Channel::Text,
        }
    }

    /// The most messages of a school that leave by it a day; nothing where there is no such number.
    #[must_use]
    pub fn most_a_day(&self) -> Option<u32> {
        match &self.0 {
            By::Server(_) | By::Mail(_) => None,
            By::Texts(texts) => Some(texts.most_a_day()),
        }
    }

    /// The folder, where nothing leaves this machine.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.0 {
            By::Server(_) => None,
            By::Mail(folder) => Some(folder.path()),
            By::Texts(texts) => texts.folder(),
        }
    }

    /// Tries it without sending anything, and answers what it said.
    ///
    /// # Errors
    /// [`MailError::Server`] with what it said against it.
    pub fn check(&self) -> Result<String, MailError> {
        match &self.0 {
            By::Server(server) => Post::try_server(server),
            By::Mail(folder) => folder.check(),
            By::Texts(texts) => texts.check(),
        }
    }
}

/// The address without password or token.
impl fmt::Display for Way {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            By::Server(server) => server.fmt(out),
            By::Mail(folder) => write!(out, "{FOLDER}{}", folder.path().display()),
            By::Texts(texts) => match texts.folder() {
                Some(path) => write!(out, "{FOLDER}{}", path.display()),
                None => texts.fmt(out),
            },
        }
    }
}

impl From<Server> for Way {
    fn from(server: Server) -> Self {
        Self(By::Server(server))
    }
}
