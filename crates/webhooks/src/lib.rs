//! Tells other programs what happens: takes events from the queue, signs and sends them, keeps the
//! answers.
//!
//! Acts of `app` write what happened in their own transaction; this crate claims what is due of one
//! webhook at a time ([`Sender`]), makes the body that follows from its row ([`body`]), signs it, and
//! posts it to an address that may be sent to. An event is told at least once and always as the same
//! event; what is done when the other end does not take it is decision 0049.
//!
//! ```text
//! act → webhook_event → claim → body → sign → post → try, and where the event stands
//! ```

mod body;
mod pause;
mod post;
mod sender;

pub use body::body;
pub use sender::{Report, Sender};

use store::StoreError;

/// Why nothing could be sent. What a receiver answers is no error: it is kept with the event.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WebhookError {
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<store::DatabaseError> for WebhookError {
    fn from(error: store::DatabaseError) -> Self {
        Self::Store(error.into())
    }
}
