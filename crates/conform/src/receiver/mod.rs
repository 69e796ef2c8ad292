//! Judges a receiver: the kit acts as a made-up school and looks at every answer.
//!
//! Each scenario begins an epoch of its own and tells facts of its own, so that none depends on
//! another, nor on what an earlier run left behind. What had an effect is seen from outside by
//! the digest of the term, before and after.

mod bench;
mod effect;
mod facts;
mod http;
mod order;
mod records;
mod travel;

use crate::client::Credential;
use crate::finding::Verdict;
use crate::{Line, Listed, Outcome, Report};
use bench::Bench;
use domain::SchoolNumber;

/// A scenario and how it is run.
struct Scenario {
    listed: Listed,
    run: fn(&Bench) -> Verdict,
}

const fn scenario(
    name: &'static str,
    section: &'static str,
    about: &'static str,
    run: fn(&Bench) -> Verdict,
) -> Scenario {
    Scenario { listed: Listed { name, about, section }, run }
}

/// All of them, in the order in which they run.
fn all() -> impl Iterator<Item = &'static Scenario> {
    [http::ENTRY, order::ALL, effect::ALL, records::ALL, travel::ALL, http::ALL].into_iter().flatten()
}

/// What can be tried.
pub fn scenarios() -> impl Iterator<Item = Listed> {
    all().map(|scenario| scenario.listed)
}

/// Tries a receiver at an address (`https://host`) as a made-up school: all scenarios, or only
/// those that are named.
#[must_use]
pub fn judge(address: &str, school: SchoolNumber, credential: &Credential, only: &[String]) -> Report {
    let bench = Bench::new(address, school, credential.clone());
    let chosen =
        all().filter(|scenario| only.is_empty() || only.iter().any(|name| name == scenario.listed.name));
    let lines = chosen
        .map(|scenario| Line { scenario: scenario.listed, outcome: Outcome::from((scenario.run)(&bench)) })
        .collect();
    Report { side: "receiver", address: address.to_owned(), lines }
}
