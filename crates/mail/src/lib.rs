//! E-mail of the school: takes messages from the queue, sends them over SMTP, keeps the answers.
//!
//! Acts of `app` put messages into the queue; this crate claims them one by one ([`Post`]), writes
//! each as the bytes that follow from its row (`letter`), talks to the server (`line`) at its
//! address (`server`), and notes what came of it. Nothing is lost when the server is down, slow or
//! refuses some; what happens to a message whose end nobody knows is decision 0029.

mod letter;
mod line;
mod post;
mod server;

pub use post::{Post, PostReport};
pub use server::Server;

use store::StoreError;

/// Why nothing could be sent. What the server answers is no error: it is kept with the message.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MailError {
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was configured cannot be used; says what would be right.
    #[error("{0}")]
    Unusable(String),
    /// The server could not be had; says what it answered.
    #[error("{0}")]
    Server(String),
}

impl From<store::DatabaseError> for MailError {
    fn from(error: store::DatabaseError) -> Self {
        Self::Store(error.into())
    }
}
