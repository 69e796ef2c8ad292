//! Fetches a school's roster from the OneRoster service of its SMS, 1.1 or 1.2.
//!
//! [`Service::fetch`] proves who is asking with OAuth 2 client credentials, reads every collection a
//! roster needs page by page, all of it or what changed since a moment, and gives the same tables as a
//! package of files ([`interop::oneroster`]). It knows neither a database nor a school.
//!
//! It asks one configured place and follows no redirect; certificates are checked, and plain HTTP is for
//! this machine alone. It asks for no password, telephone number or birth date. Every answer has a
//! largest size, every fetch a most of pages, records and bytes, and five minutes altogether. What does
//! not come whole is no roster: [`Trouble`] says why, in words for the school, which hold nothing secret
//! and nothing of anybody.
//!
//! Source: 1EdTech OneRoster 1.1 section 3 and 1.2 Rostering Service (paging, filter, fields), RFC 6749
//! sections 2.3.1, 4.4 and 5, RFC 9110 section 10.2.3.

mod address;
mod ask;
mod pace;
mod service;
mod token;

pub use address::{Address, AddressError, Version};
pub use pace::{Pace, RealPace};
pub use service::{Fetched, Limits, Service};
pub use token::Secret;

/// Why no roster came, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Somebody has to change something: at the service, or here.
    #[error("{0}")]
    Refused(String),
    /// It may be well the next time.
    #[error("{0}")]
    Lost(String),
    /// It was asked to stop.
    #[error("it was stopped before everything had come")]
    Stopped,
}
