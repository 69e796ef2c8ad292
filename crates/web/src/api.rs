//! `/api/v1`: what programs of other vendors ask for and do.
//!
//! Every route stands in the table of [`crate::routes`] with the scopes that its token must have. The
//! guard asks `bearer.rs` whose token it is and counts the request against the program's share
//! (`limit.rs`); the handler asks `app::api` for one view or one act, by the scopes of the token, and
//! answers JSON (`body.rs`) or a problem (`problem.rs`). No cookie is read, no other origin is let in.
//! What is answered where is told by `openapi.rs`, made from the table and the types.

mod ask;
pub(crate) mod bearer;
mod body;
pub(crate) mod calendar;
pub(crate) mod counted;
pub(crate) mod exports;
pub(crate) mod imports;
pub(crate) mod limit;
pub(crate) mod looked_up;
pub(crate) mod openapi;
pub(crate) mod problem;
pub(crate) mod recorded;
pub(crate) mod roll;
pub(crate) mod token;
mod version;

pub use openapi::document;

/// Whether a path is one of programs.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}
