//! The kit's own collector: takes what a sender puts, notes all of it, and answers as a scenario
//! wants it answered.
//!
//! It is patient on purpose: a wrong digest, a number left out, a broken chain or other bytes at a
//! known address are noted and the batch taken all the same, so that one mistake of a sender does
//! not hide the others.

use super::holds::Holds;
use super::stance::{Answered, Stance, Trick, gap, known, problem, taken};
use crate::listener::{Reply, Request};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Instant;

/// A batch that was put, and what became of it.
#[derive(Debug, Clone)]
pub(super) struct Put {
    /// When its last byte came.
    pub(super) at: Instant,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    /// The digest of the sealed bytes.
    pub(super) digest: String,
    /// What is wrong with Content-Digest, if anything.
    pub(super) header_flaw: Option<String>,
    /// The batch; null where it is no JSON.
    pub(super) batch: Arc<Value>,
    /// What `wire` says against it, a line each.
    pub(super) flaws: Arc<Vec<String>>,
    pub(super) answered: Answered,
}

impl Put {
    pub(super) fn number(&self, name: &str) -> u64 {
        self.batch[name].as_u64().unwrap_or_default()
    }

    pub(super) fn records(&self) -> &[Value] {
        self.batch["records"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Which numbers it covers, for a report.
    pub(super) fn words(&self) -> String {
        let [epoch, first, last] = ["epoch", "firstSeq", "lastSeq"].map(|name| self.number(name));
        format!("PUT of epoch {epoch}, numbers {first} to {last}, {}", self.digest)
    }

    /// Whether it is the same batch: the same bytes at the same address.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.path == other.path && self.digest == other.digest
    }
}

/// A digest that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) at: Instant,
    pub(super) target: String,
    /// The date of which another sum was answered than holds, with the ids that hold on it.
    pub(super) altered: Option<(String, Vec<String>)>,
}

/// Everything that the kit's collector knows.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) stance: Stance,
    pub(super) puts: Vec<Put>,
    pub(super) questions: Vec<Question>,
    /// Requests that have no place here.
    pub(super) strays: Vec<String>,
    pub(super) holds: Holds,
    pub(super) school: String,
    pub(super) epoch: u64,
    pub(super) expected: u64,
    pub(super) head: String,
    /// Whether the first batch that was taken began with another number than 1.
    pub(super) begun_later: bool,
    /// Where numbers were left out, and where the chain broke.
    pub(super) gaps: Vec<String>,
    pub(super) breaks: Vec<String>,
    /// Where other bytes came than had been taken at the same address.
    pub(super) others: Vec<String>,
    receipts: HashMap<String, (String, Value)>,
    read: HashMap<String, (Arc<Value>, Arc<Vec<String>>)>,
}

impl Desk {
    /// Answers a request.
    pub(super) fn answer(&mut self, request: Request) -> Reply {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match (parts.as_slice(), request.method.as_str()) {
            (["v1", "schools", school, "epochs", _, "batches", _], "PUT") => {
                let school = (*school).to_owned();
                self.put(request, school)
            }
            (["v1", "schools", _, "state"], "GET") => Reply::json(
                200,
                &json!({"schoolNumber": self.school, "epoch": self.epoch, "expectedSeq": self.expected.max(1),
                    "headDigest": self.head}),
            ),
            (["v1", "schools", school, "digest"], "GET") => {
                let (school, query, at) = ((*school).to_owned(), query.to_owned(), request.at);
                self.digest(&request.target, &school, &query, at)
            }
            (["v1"], "GET") => Reply::json(
                200,
                &json!({"versions": ["1"], "maxBatchBytes": wire::MAX_BATCH_BYTES,
                    "maxRecords": wire::MAX_RECORDS, "contentEncodings": ["gzip"], "tokenEndpoint": "/v1/token"}),
            ),
            (["v1", "token"], "POST") => Reply::json(
                200,
                &json!({"access_token": "conformance", "token_type": "Bearer", "expires_in": 600}),
            ),
            _ => {
                self.strays.push(format!("{} {}", request.method, request.target));
                problem(404, "not-found", &Value::Null)
            }
        }
    }

    fn put(&mut self, request: Request, school: String) -> Reply {
        if request.too_long || !request.is_whole {
            self.strays.push(format!("{} {}, cut or too long", request.method, request.target));
            return problem(413, "too-large", &Value::Null);
        }
        let header = request.header("content-digest");
        let header_flaw = wire::verify(&request.body, header).err().map(|error| error.to_string());
        let sealed = match request.header("content-encoding") {
            None => request.body,
            Some(_) => unpacked(&request.body),
        };
        let digest = wire::digest(&sealed);
        let (batch, flaws) = self.read.entry(digest.clone()).or_insert_with(|| read(&sealed)).clone();
        let mut put = Put {
            at: request.at,
            path: request.target,
            headers: request.headers,
            digest,
            header_flaw,
            batch,
            flaws,
            answered: Answered::Held,
        };
        self.school = school;
        let (answered, reply) = self.judge(&put);
        put.answered = answered;
        self.puts.push(put);
        reply
    }

    fn judge(&mut self, put: &Put) -> (Answered, Reply) {
        if let Some(trick) = self.stance.trick.take() {
            let receipt = self.receipt(put, &[]);
            return (Answered::Trick, trick.reply(&receipt));
        }
        let [epoch, first, last] = ["epoch", "firstSeq", "lastSeq"].map(|name| put.number(name));
        if let Some((digest, receipt)) = self.receipts.get(&put.path) {
            self.stance.went_back_to(first);
            if *digest == put.digest {
                return (Answered::Known, known(receipt));
            }
            self.others.push(format!("{} where {digest} had been taken", put.words()));
            if self.head == *digest {
                self.head.clone_from(&put.digest);
            }
            let receipt = self.receipt(put, &[]);
            self.receipts.insert(put.path.clone(), (put.digest.clone(), receipt.clone()));
            return (Answered::Known, known(&receipt));
        }
        if epoch < self.epoch {
            let stale = json!({"epoch": self.epoch, "expectedSeq": self.expected});
            return (Answered::Refused, problem(409, "stale-epoch", &stale));
        }
        if let Some(expected) = self.stance.gap_for(first, &put.digest) {
            return (Answered::Gap, gap(expected));
        }
        if let Some(index) = self.stance.poison_in(put) {
            let pointer = json!({"pointer": format!("/records/{index}")});
            return (Answered::Poisoned, problem(422, "batch-malformed", &pointer));
        }
        if self.stance.is_too_large(put.records().len(), last > first, &put.digest) {
            return (Answered::TooLarge, problem(413, "too-large", &Value::Null));
        }
        if !self.stance.may_take() {
            return (Answered::Held, Trick::Busy(503, None).reply(&Value::Null));
        }
        let receipt = self.take(put, (epoch, first, last));
        (Answered::Taken, taken(&receipt))
    }

    fn take(&mut self, put: &Put, (epoch, first, last): (u64, u64, u64)) -> Value {
        let prev = put.batch["prevDigest"].as_str().unwrap_or_default();
        if epoch > self.epoch {
            self.begun_later |= self.epoch == 0 && first != 1;
            let begins = if self.epoch == 0 { first } else { 1 };
            let head = if self.epoch == 0 { prev } else { "" };
            (self.epoch, self.expected, self.head) = (epoch, begins, head.to_owned());
        }
        if first > self.expected {
            self.gaps.push(format!("{} where {} was expected", put.words(), self.expected));
        } else if first == self.expected && prev != self.head {
            self.breaks.push(format!("{} with prevDigest \"{prev}\" after {}", put.words(), self.head));
        }
        let rejected = self.stance.rejected_in(put);
        for (index, record) in put.records().iter().enumerate() {
            if !rejected.contains(&index) {
                self.holds.apply(epoch, record);
            }
        }
        self.expected = self.expected.max(last + 1);
        self.head.clone_from(&put.digest);
        let receipt = self.receipt(put, &rejected);
        self.receipts.insert(put.path.clone(), (put.digest.clone(), receipt.clone()));
        receipt
    }

    fn receipt(&self, put: &Put, rejected: &[usize]) -> Value {
        let through = put.number("lastSeq").max(self.expected.saturating_sub(1));
        let rejected: Vec<Value> = rejected
            .iter()
            .filter_map(|&index| {
                let record = put.records().get(index)?;
                let problem = json!({"type": "tag:starboard.example,2026:record-invalid", "title": "The record holds a \
                    value that cannot be", "status": 422, "detail": "the conformance kit rejects this record",
                    "pointer": format!("/records/{index}")});
                Some(json!({"seq": record["seq"], "recordId": record["recordId"], "problem": problem}))
            })
            .collect();
        json!({"receiptId": wire::digest(put.path.as_bytes()), "schoolNumber": self.school, "digest": put.digest,
            "acceptedThrough": through, "expectedSeq": through + 1, "rejected": rejected})
    }

    fn digest(&mut self, target: &str, school: &str, query: &str, at: Instant) -> Reply {
        let asked: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let part = |name: &str| asked.get(name).copied().unwrap_or_default();
        let [term, first, last] = ["term", "firstDay", "lastDay"].map(part);
        let (mut days, of_term) = self.holds.sums(term, first, last);
        let mut altered = None;
        if self.stance.alters {
            let keep_away = self.stance.chosen_dates();
            let date = self.holds.date_to_alter(first, last, &keep_away);
            if let Some((date, records)) = date {
                if let (Some(sum), Some(lost)) = (days.get_mut(&date), records.first()) {
                    *sum = sum.without(lost);
                }
                let ids = records.iter().filter_map(|record| record["recordId"].as_str());
                altered = Some((date, ids.map(str::to_owned).collect()));
                self.stance.alters = false;
            }
        }
        self.questions.push(Question { at, target: target.to_owned(), altered });
        let days: Vec<Value> = days
            .iter()
            .filter(|(_, sum)| sum.count > 0)
            .map(|(date, sum)| json!({"date": date, "count": sum.count, "hash": sum.hash_text()}))
            .collect();
        Reply::json(
            200,
            &json!({"schoolNumber": school, "epoch": self.epoch, "acceptedThrough": self.expected.max(1) - 1,
                "days": days, "term": {"count": of_term.count, "hash": of_term.hash_text()}}),
        )
    }
}

/// Undoes gzip, as far as a batch may be long; nothing where it is none.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let limit = wire::MAX_BATCH_BYTES as u64 + 1;
    match MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut plain) {
        Ok(_) => plain,
        Err(_) => Vec::new(),
    }
}

/// Reads a batch, with what is wrong with it and with each of its records.
fn read(sealed: &[u8]) -> (Arc<Value>, Arc<Vec<String>>) {
    let flaws = match wire::read(sealed) {
        Err(error) => vec![error.to_string()],
        Ok(batch) => {
            let bad = batch.records.into_iter().filter_map(Result::err);
            bad.map(|bad| format!("record {}: {}", bad.seq, bad.problem.detail)).collect()
        }
    };
    (Arc::new(serde_json::from_slice(sealed).unwrap_or_default()), Arc::new(flaws))
}
