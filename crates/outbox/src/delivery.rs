//! The one seam between a school and whoever takes its batches.
//!
//! The open protocol over HTTPS is the first way ([`crate::Http`]), a signed file the second; the
//! Ministry's own interface would be the third. A way knows bytes and addresses, and no school's
//! memory.

use domain::{Instant, SchoolNumber};
use std::sync::Arc;

/// A sealed batch on its way.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Whose it is.
    pub school: SchoolNumber,
    /// Its epoch.
    pub epoch: u64,
    /// Its first number.
    pub first_seq: u64,
    /// The digest of its bytes, as `Content-Digest` writes it.
    pub digest: &'a str,
    /// Its bytes, exactly as they were sealed.
    pub bytes: &'a [u8],
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Seconds to wait, if the answer asks for it.
    pub retry_after_seconds: Option<i64>,
    /// The body.
    pub body: Vec<u8>,
}

/// What became of a delivery.
#[derive(Debug, Clone)]
pub enum Delivered {
    /// It was answered.
    Answered(Reply),
    /// It was handed over, and the answer comes later by the same way.
    Posted,
}

/// Why no answer came, in words.
#[derive(Debug, Clone)]
pub struct Trouble(pub String);

/// One way to deliver sealed bytes.
pub trait Delivery: Send + Sync {
    /// Delivers a batch.
    ///
    /// # Errors
    /// When no whole answer came.
    fn deliver(&self, outgoing: &Outgoing<'_>, now: Instant) -> Result<Delivered, Trouble>;

    /// Asks how far the Ministry has come with a school; none where there is no way to ask.
    ///
    /// # Errors
    /// When no whole answer came.
    fn state(&self, school: SchoolNumber, now: Instant) -> Result<Option<Reply>, Trouble> {
        let _ = (school, now);
        Ok(None)
    }

    /// Asks what the Ministry holds of a term; none where there is no way to ask.
    ///
    /// # Errors
    /// When no whole answer came.
    fn digests(&self, question: &wire::DigestQuestion, now: Instant) -> Result<Option<Reply>, Trouble> {
        let _ = (question, now);
        Ok(None)
    }
}

/// A way that several hold.
impl<D: Delivery + ?Sized> Delivery for Arc<D> {
    fn deliver(&self, outgoing: &Outgoing<'_>, now: Instant) -> Result<Delivered, Trouble> {
        self.as_ref().deliver(outgoing, now)
    }

    fn state(&self, school: SchoolNumber, now: Instant) -> Result<Option<Reply>, Trouble> {
        self.as_ref().state(school, now)
    }

    fn digests(&self, question: &wire::DigestQuestion, now: Instant) -> Result<Option<Reply>, Trouble> {
        self.as_ref().digests(question, now)
    }
}
