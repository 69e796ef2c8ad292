//! The conformance kit: judges anyone's receiver or sender of the exchange from outside.
//!
//! Stands beside `outbox` and `collector`, and uses neither: it knows only what
//! `docs/wire/v1.md` says, so that it judges ours as it judges a stranger's. Against a receiver
//! ([`receiver`]) it acts as a made-up school; against a sender ([`sender`]) it listens as a
//! collector. Each side is a list of named scenarios; what came of them is a [`Report`], whose
//! words are for whoever has to mend something.
//!
//! Answers are read as plain JSON and digests are reckoned here anew, so that a mistake in
//! `wire` would be seen too.

mod client;
mod finding;
mod listener;
pub mod receiver;
mod reckon;
mod report;
pub mod sender;

pub use client::Credential;
pub use listener::{Listener, Reply, Request};
pub use reckon::{Tally, canonical};
pub use report::{Line, Outcome, Report};

/// One thing that is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its name, for `--only`.
    pub name: &'static str,
    /// What is tried and what is right.
    pub about: &'static str,
    /// The heading in `docs/wire/v1.md` that says so.
    pub section: &'static str,
}
