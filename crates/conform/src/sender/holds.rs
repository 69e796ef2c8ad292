//! What holds at the kit's collector after all that it took, and the sums of it.

use crate::reckon::Tally;
use serde_json::Value;
use std::collections::BTreeMap;

/// A fact's latest version.
struct Latest {
    epoch: u64,
    version: u64,
    record: Value,
    superseded: bool,
}

/// The latest version of each fact.
#[derive(Default)]
pub(super) struct Holds {
    latest: BTreeMap<String, Latest>,
}

impl Holds {
    /// Takes a version of a fact; one that is older than what counts changes nothing.
    pub(super) fn apply(&mut self, epoch: u64, record: &Value) {
        let body = &record["body"];
        if body["kind"] == "snapshot" {
            for latest in self.latest.values_mut().filter(|latest| latest.epoch < epoch) {
                latest.superseded |= is_of(&latest.record["body"], body);
            }
            return;
        }
        let id = record["recordId"].as_str().unwrap_or_default();
        let version = record["recordVersion"].as_u64().unwrap_or_default();
        let counts = self.latest.get(id).is_none_or(|known| (epoch, version) > (known.epoch, known.version));
        if counts {
            let latest = Latest { epoch, version, record: record.clone(), superseded: false };
            self.latest.insert(id.to_owned(), latest);
        }
    }

    /// The records that hold.
    pub(super) fn records(&self) -> impl Iterator<Item = &Value> {
        let holding =
            self.latest.values().filter(|latest| !latest.superseded && latest.record["op"] == "upsert");
        holding.map(|latest| &latest.record)
    }

    /// The sums of a term: by date from the first to the last, and of crossings and responses.
    pub(super) fn sums(&self, term: &str, first: &str, last: &str) -> (BTreeMap<String, Tally>, Tally) {
        let (mut days, mut of_term) = (BTreeMap::<String, Tally>::new(), Tally::default());
        for record in self.records() {
            let body = &record["body"];
            match body["date"].as_str() {
                Some(date) if first <= date && date <= last => {
                    let day = days.entry(date.to_owned()).or_default();
                    *day = day.with(record);
                }
                None if body["term"] == term => of_term = of_term.with(record),
                _ => {}
            }
        }
        (days, of_term)
    }

    /// A date with what holds on it, of which another sum can be told: if possible none of those
    /// that are to be kept away from.
    pub(super) fn date_to_alter(
        &self,
        first: &str,
        last: &str,
        not: &[String],
    ) -> Option<(String, Vec<Value>)> {
        let mut by_date: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for record in self.records() {
            let date = record["body"]["date"].as_str().filter(|date| first <= *date && *date <= last);
            if let Some(date) = date {
                by_date.entry(date).or_default().push(record.clone());
            }
        }
        let is_free = |date: &&str| !not.iter().any(|kept| kept == date);
        let date = by_date.keys().copied().find(is_free).or_else(|| by_date.keys().copied().next())?;
        let records = by_date.remove(date)?;
        Some((date.to_owned(), records))
    }
}

/// Whether a fact is of the term and stream of a snapshot.
fn is_of(body: &Value, snapshot: &Value) -> bool {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match body["date"].as_str() {
        Some(date) => {
            let (first, last) = (text(&snapshot["firstDay"]), text(&snapshot["lastDay"]));
            snapshot["stream"] == "attendance" && first.as_str() <= date && date <= last.as_str()
        }
        None => snapshot["stream"] == "responses" && body["term"] == snapshot["term"],
    }
}
