//! Helps tests: a slow model of counting, a test school, random schools that drive both, databases
//! of PostgreSQL, and a mail server and a provider of texts that do what a test tells them.
//!
//! A development dependency of other crates, never part of the program. [`model`] shares no
//! counting code with `app` or `domain`: it loops over dates, so that the two can be compared.

mod engine;
pub mod leaks;
pub mod mail_server;
pub mod model;
pub mod postgres;
pub mod random;
mod school;
mod scratch;
pub mod text_provider;

use domain::{Date, Half, HalfDay};

pub use engine::{Engine, Place, engines};
pub use school::{KEY, TestSchool, half_day, staff_id, student_id, term_id};
pub use scratch::Scratch;

/// Reads a time as the contract writes it: `2026-05-04T15:10:00+12:00`.
///
/// # Panics
/// When it is none: the test is wrong.
#[must_use]
pub fn instant(text: &str) -> domain::Instant {
    domain::Instant::parse(text).expect("a time with its offset")
}

/// Every half-day from one date to another, open or not.
pub fn half_days_between(first: Date, last: Date) -> impl Iterator<Item = HalfDay> {
    let dates = std::iter::successors(Some(first), |date| date.tomorrow().ok());
    dates
        .take_while(move |date| *date <= last)
        .flat_map(|date| Half::BOTH.map(|half| HalfDay::new(date, half)))
}

/// Whether the long run of the tests was asked for (`STARBOARD_LONG=1`).
#[must_use]
pub fn is_long() -> bool {
    std::env::var("STARBOARD_LONG").is_ok_and(|value| !value.is_empty() && value != "0")
}

/// How many random cases to try: `short`, or `long` when the long run was asked for.
#[must_use]
pub fn cases(short: u32, long: u32) -> proptest::test_runner::Config {
    let cases = if is_long() { long } else { short };
    let mut config = proptest::test_runner::Config::with_cases(cases);
    // A failure prints the whole case; a file beside the source would only go stale.
    config.failure_persistence = None;
    config.max_shrink_iters = 2_000;
    config
}
