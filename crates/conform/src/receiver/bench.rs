//! What every scenario against a receiver works with: putting, asking, and judging answers.

use super::facts::{Chain, DAY, Facts, Sealed, TERM};
use crate::client::{Answer, Ask, Client, Credential};
use crate::finding::{Stop, Verdict, failed, must};
use crate::reckon::Tally;
use domain::SchoolNumber;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where the names of problems begin.
pub(super) const PROBLEM: &str = "tag:starboard.example,2026:";

/// How often a receiver that is busy is asked again.
const BUSY_ATTEMPTS: usize = 3;

/// Every problem's name after [`PROBLEM`] that a whole answer may have.
pub(super) const KNOWN: &[&str] = &[
    "digest-missing",
    "digest-mismatch",
    "address-mismatch",
    "unauthorised",
    "school-unknown",
    "forbidden",
    "not-found",
    "method-not-allowed",
    "request-malformed",
    "sequence-gap",
    "batch-conflict",
    "chain-broken",
    "stale-epoch",
    "too-large",
    "batch-malformed",
    "unavailable",
    "key-invalid",
    "last-key",
];

/// What holds, as the receiver says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// By date.
    pub(super) days: BTreeMap<String, Tally>,
    /// Crossings and responses of the term.
    pub(super) term: Tally,
}

impl Held {
    /// A date's sum; nothing where the date is not named.
    pub(super) fn day(&self, date: &str) -> Tally {
        self.days.get(date).copied().unwrap_or_default()
    }

    /// With a record more: in the sum of its date, or of the term.
    #[must_use]
    pub(super) fn with(mut self, record: &Value) -> Self {
        let place = self.place(record);
        *place = place.with(record);
        self
    }

    /// With a record less.
    #[must_use]
    pub(super) fn without(mut self, record: &Value) -> Self {
        let place = self.place(record);
        *place = place.without(record);
        self
    }

    fn place(&mut self, record: &Value) -> &mut Tally {
        match record["body"]["kind"].as_str() {
            Some("crossing" | "response") => &mut self.term,
            _ => self.days.entry(record["body"]["date"].as_str().unwrap_or(DAY).to_owned()).or_default(),
        }
    }
}

/// A receiver under test, and a made-up school that speaks to it.
pub(super) struct Bench {
    pub(super) client: Client,
    pub(super) credential: Credential,
    pub(super) facts: Facts,
    epoch: Cell<u64>,
    /// Questions that were answered with a redirect.
    pub(super) redirected: RefCell<Vec<String>>,
}

impl Bench {
    pub(super) fn new(address: &str, school: SchoolNumber, credential: Credential) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let run = wire::record_id(school, "run", &format!("{} {}", since.as_nanos(), std::process::id()));
        Self {
            client: Client::new(address),
            credential,
            facts: Facts::new(school, run),
            // Rises from run to run where the receiver does not say how far it has come.
            epoch: Cell::new(since.as_secs()),
            redirected: RefCell::new(Vec::new()),
        }
    }

    /// Asks as it stands.
    pub(super) fn ask(&self, ask: &Ask) -> Result<Answer, Stop> {
        let mut answered = self.try_ask(ask);
        // Who cannot at this moment may say so; asking again is always safe.
        for _ in 0..BUSY_ATTEMPTS {
            if !answered.as_ref().is_ok_and(|answer| answer.status == 503) {
                break;
            }
            std::thread::sleep(Duration::from_secs(1));
            answered = self.try_ask(ask);
        }
        answered.or_else(|words| {
            failed(format!("an answer to {} {}", ask.method, ask.path), format!("none: {words}"))
        })
    }

    /// Asks, where no answer may be right.
    pub(super) fn try_ask(&self, ask: &Ask) -> Result<Answer, String> {
        let answer = self.client.ask(ask)?;
        if (300..400).contains(&answer.status) {
            self.redirected.borrow_mut().push(format!("{} to {} {}", answer.status, ask.method, ask.path));
        }
        Ok(answer)
    }

    /// A question in the school's name.
    pub(super) fn signed(&self, ask: Ask) -> Ask {
        match self.credential.header() {
            Some(value) => ask.header("authorization", value),
            None => ask,
        }
    }

    /// The question that puts a batch where it belongs.
    pub(super) fn put_of(&self, sealed: &Sealed) -> Ask {
        let path = wire::batch_path(self.facts.school, sealed.epoch, sealed.first_seq);
        let ask = Ask::of("PUT", path)
            .header("content-type", "application/json")
            .header("content-digest", &sealed.digest)
            .body(sealed.bytes.clone());
        self.signed(ask)
    }

    /// Puts a batch.
    pub(super) fn put(&self, sealed: &Sealed) -> Result<Answer, Stop> {
        self.ask(&self.put_of(sealed))
    }

    /// Puts a batch that is to be taken; answers with its receipt.
    pub(super) fn take(&self, sealed: &Sealed) -> Result<Value, Stop> {
        receipt(&self.put(sealed)?, sealed)
    }

    /// Seals records, has them taken without any rejected, and answers with the place after them.
    pub(super) fn tell(&self, chain: &Chain, records: &[Value]) -> Result<Chain, Stop> {
        let sealed = chain.seal(records);
        let receipt = self.take(&sealed)?;
        let rejected = receipt["rejected"].as_array().map_or(0, Vec::len);
        must(rejected == 0, "a receipt that rejects nothing", receipt.to_string())?;
        Ok(chain.after(&sealed))
    }

    /// Begins an epoch of its own, above whatever the receiver is in.
    pub(super) fn begin(&self) -> Chain {
        let told = self.state().ok().and_then(|state| state["epoch"].as_u64());
        let epoch = told.unwrap_or(self.epoch.get()) + 1;
        self.epoch.set(epoch);
        Chain { school: self.facts.school, epoch, next: 1, prev: String::new() }
    }

    /// How far the receiver has come with the school.
    pub(super) fn state(&self) -> Result<Value, Stop> {
        let answer = self.ask(&self.signed(Ask::of("GET", wire::state_path(self.facts.school))))?;
        must(answer.status == 200, "200 with the school's state", answer.words())?;
        Ok(answer.json())
    }

    /// What holds on [`DAY`] and in the term.
    pub(super) fn held(&self) -> Result<Held, Stop> {
        self.held_between(DAY, DAY)
    }

    /// What holds between two dates, and in the term.
    pub(super) fn held_between(&self, first: &str, last: &str) -> Result<Held, Stop> {
        let answer = self.ask(&self.digest_of(first, last))?;
        must(answer.status == 200, "200 with the digest of the term", answer.words())?;
        let said = answer.json();
        let unread = || Stop::Failed {
            expected: "days as a list of date, count and hash; term with count and hash".to_owned(),
            came: answer.words(),
        };
        let mut held = Held { term: Tally::read(&said["term"]).ok_or_else(unread)?, ..Held::default() };
        for day in said["days"].as_array().ok_or_else(unread)? {
            let date = day["date"].as_str().ok_or_else(unread)?;
            held.days.insert(date.to_owned(), Tally::read(day).ok_or_else(unread)?);
        }
        Ok(held)
    }

    /// The question for a digest.
    pub(super) fn digest_of(&self, first: &str, last: &str) -> Ask {
        let school = self.facts.school;
        let path = format!("/v1/schools/{school}/digest?term={TERM}&firstDay={first}&lastDay={last}");
        self.signed(Ask::of("GET", path))
    }

    /// Asks what holds now and compares it with what should.
    pub(super) fn must_hold(&self, expected: &Held, why: &str) -> Verdict {
        let held = self.held()?;
        for (place, right, came) in
            [(DAY, expected.day(DAY), held.day(DAY)), (TERM, expected.term, held.term)]
        {
            let words = |tally: Tally| format!("{} records, hash {}", tally.count, tally.hash_text());
            let expected = format!("{why}; so the digest of {place} says {}", words(right));
            must(right == came, expected, format!("{} (GET …/digest)", words(came)))?;
        }
        Ok(())
    }
}

/// Judges that a batch was taken: 200 with a receipt that is its own.
pub(super) fn receipt(answer: &Answer, sealed: &Sealed) -> Result<Value, Stop> {
    let receipt = answer.json();
    let expected = format!("200 and a receipt with digest {}", sealed.digest);
    must(answer.status == 200 && receipt["digest"] == sealed.digest, expected, answer.words())?;
    Ok(receipt)
}

/// Judges that something was refused with one of some problems; answers with the problem.
pub(super) fn refusal(answer: &Answer, expected: &[(u16, &str)]) -> Result<Value, Stop> {
    let problem = answer.json();
    let named = problem["type"].as_str().and_then(|name| name.strip_prefix(PROBLEM)).unwrap_or_default();
    let is_one = expected.iter().any(|(status, name)| answer.status == *status && named == *name);
    let words: Vec<String> =
        expected.iter().map(|(status, name)| format!("{status} with type {PROBLEM}{name}")).collect();
    must(is_one, words.join(", or "), answer.words())?;
    Ok(problem)
}
