//! School side of the exchange: claim, seal, send, take the receipt, retry, give up aloud.
//!
//! Acts leave numbered entries in the outbox; this crate turns a contiguous range of them into
//! the exact bytes of a batch (`seal`), puts them at the Ministry's address ([`Delivery`]) and
//! notes what was answered ([`Sender`]). It writes nothing but batches, their answers, the `day`
//! entries that say a school day has passed, and entries that were passed over, once more.
//! An acknowledgement names numbers, never a time, so what changes while a batch is under way is
//! still owed. Once a day it compares what the Ministry holds with what the school holds
//! (`reconcile`), and sends again what differs.
//!
//! # What cannot be written
//!
//! R03: a note has no way to the wire, and the compiler says so. Each example that must not compile
//! stands beside one that does, so that it fails for the reason given.
//!
//! A note is no text and is not printed:
//!
//! ```
//! let words: String = String::from("a description");
//! assert_eq!(format!("{words}"), "a description");
//! ```
//! ```compile_fail
//! let note = store::response::Note::new(String::from("private"));
//! let _ = format!("{note}");
//! ```
//! ```compile_fail
//! let note = store::response::Note::new(String::from("private"));
//! let words: String = note.into();
//! ```
//!
//! It is not serialised, and a record is:
//!
//! ```
//! fn travels<T: serde::Serialize>() {}
//! travels::<wire::Record>();
//! ```
//! ```compile_fail
//! fn travels<T: serde::Serialize>() {}
//! travels::<store::response::Note>();
//! ```
//!
//! It is none of the values that travel as text, as a date is:
//!
//! ```
//! fn travels<T: wire::Text>() {}
//! travels::<domain::Date>();
//! ```
//! ```compile_fail
//! fn travels<T: wire::Text>() {}
//! travels::<store::response::Note>();
//! ```
//!
//! And neither a batch's body nor an entry of the queue has a place for one:
//!
//! ```
//! let entry = store::outbox::OutboxFact::Response { id: String::new(), version: 1, withdrawn: false };
//! assert_eq!(entry.kind(), "response");
//! ```
//! ```compile_fail
//! let note = store::response::Note::new(String::from("private"));
//! let entry = store::outbox::OutboxFact::Response { id: String::new(), version: 1, withdrawn: false, note };
//! ```
//! ```
//! let body: Option<wire::Body> = None;
//! let _ = matches!(body, Some(wire::Body::Response { description: Some(_), .. }));
//! ```
//! ```compile_fail
//! let body: Option<wire::Body> = None;
//! let _ = matches!(body, Some(wire::Body::Response { note: Some(_), .. }));
//! ```

mod credentials;
mod days;
mod delivery;
mod due;
mod filed;
mod http;
mod keyring;
mod reconcile;
mod rewind;
mod round;
mod seal;
mod sender;
mod verdict;
mod writer;

pub use credentials::{Credentials, Signer};
pub use delivery::{Delivered, Delivery, Outgoing, Reply, Trouble};
pub use due::is_due;
pub use filed::Folder;
pub use http::Http;
pub use keyring::Keyring;
pub use round::{TellsAnew, round};
pub use seal::{Streams, preview};
pub use sender::{Restate, SendReport, Sender, Step};

use store::StoreError;

/// Why nothing could be sealed or sent. What the Ministry answers is no error: it is in the report.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OutboxError {
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry names a fact that is not there.
    #[error("entry {seq} names {what}, which is not there: run `starboard doctor`")]
    Missing {
        /// The entry's number.
        seq: i64,
        /// What it names.
        what: &'static str,
    },
    /// Somebody else is sending for this school at this moment.
    #[error("another program is sending for this school: wait two minutes and try again")]
    Busy,
    /// It was asked to stop between two steps. What was not noted is sent again.
    #[error("sending was stopped")]
    Stopped,
}

impl From<store::DatabaseError> for OutboxError {
    fn from(error: store::DatabaseError) -> Self {
        Self::Store(error.into())
    }
}
