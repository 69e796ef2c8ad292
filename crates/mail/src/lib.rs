//! E-mail and texts of the school: takes messages from the queue, sends them, keeps the answers.
//!
//! Acts of `app` put messages into the queue; this crate claims those of one channel one by one
//! ([`Post`]) and hands them in by a [`Way`]: an e-mail as the bytes that follow from its row
//! (`letter`) to a server (`line`, `server`), a text (`texts`) to a provider (`provider`), or either
//! into a folder (`folder`). Then it notes what came of it. Nothing is lost when the other end is
//! down, slow or refuses some; what happens to a message whose end nobody knows is decision 0029.

mod folder;
mod letter;
mod line;
mod post;
mod provider;
mod server;
mod texts;
mod way;

pub use post::{Post, PostReport};
pub use server::Server;
pub use way::Way;

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

/// Somebody else's words as one line of bounded length, without anything that steers a terminal or
/// begins another header.
fn tame(text: &str, most_letters: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).take(most_letters).collect()
}

/// The words of a message with one kind of line end and no other character that steers: a lone
/// carriage return is read as a line's end by some servers and not by others.
fn plain_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|letter| !letter.is_control() || "\n\t".contains(*letter)).collect()
}
