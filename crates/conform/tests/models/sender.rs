//! A sender in memory that does what the protocol says, but for one fault.

use conform::{Listener, Reply, Tally};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    SealsAnewForEachAttempt,
    BelievesAny200,
    BelievesOtherBytes,
    BelievesOtherSchools,
    BelievesHalfAReceipt,
    FollowsRedirects,
    GivesUpAfterAServerError,
    IgnoresRetryAfter,
    DoesNotCut,
    DoesNotGoBack,
    SealsAnewWhenGoingBack,
    StopsAtAPoisonedRecord,
    DropsTheWholeBatch,
    SendsPoisonForEver,
    SendsRejectedAgain,
    LeavesANumberOut,
    BreaksTheChain,
    KeepsTheVersion,
    ForgetsDays,
    NeverCompares,
    SendsAllAgain,
    WrongDigest,
    DigestOfTheUnpackedBytes,
    UnknownMember,
    NsnInTheAddress,
    NoControlState,
    WrongMediaType,
}

const SCHOOL: &str = "9901";
/// The most numbers of a batch.
const MOST: u64 = 8;
const TERM: &str = "2026-T2";

struct Batch {
    first: u64,
    last: u64,
    bytes: Vec<u8>,
    digest: String,
    is_received: bool,
}

/// A queued version: its number is its place, from 1.
struct Entry {
    record: Value,
    is_left_out: bool,
}

struct Model {
    fault: Option<Fault>,
    to: String,
    agent: ureq::Agent,
    queue: Vec<Entry>,
    batches: Vec<Batch>,
    attempts: u64,
    is_compared: bool,
    has_left_a_gap: bool,
}

/// Its control address, while it is there.
pub fn start(fault: Option<Fault>, to: &str) -> Listener {
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build();
    let mut model = Model {
        fault,
        to: to.to_owned(),
        agent: config.into(),
        queue: Vec::new(),
        batches: Vec::new(),
        attempts: 0,
        is_compared: false,
        has_left_a_gap: false,
    };
    model.record_a_week();
    let model = Arc::new(Mutex::new(model));
    let answer = move |request: conform::Request| {
        let mut model = model.lock().expect("alone");
        match (request.method.as_str(), request.target.as_str()) {
            ("GET", "/v1/sender") => model.state(),
            ("POST", "/v1/sender/send") => {
                model.send();
                model.state()
            }
            _ => Reply::json(404, &json!({})),
        }
    };
    Listener::start(([127, 0, 0, 1], 0).into(), 1 << 20, answer).expect("a port")
}

/// What became of a delivery.
enum Outcome {
    Received,
    Later,
    Cut,
    Rewind(u64),
    Person,
}

impl Model {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn record_a_week(&mut self) {
        for day in 4..=8 {
            let date = format!("2026-05-{day:02}");
            for student in 1..=10 {
                let student =
                    json!({"localId": format!("s{student}"), "nsn": format!("09876500{student:02}")});
                let body = json!({"kind": "attendance", "student": student, "date": date, "half": "am", "code": "T",
                    "class": "U"});
                self.enqueue(&format!("attendance {date} {student}"), body);
            }
            if !self.has(Fault::ForgetsDays) {
                let body = json!({"kind": "day", "date": date, "am": "open", "pm": "open", "enrolled": 10, "marked": 10});
                self.enqueue(&format!("day {date}"), body);
            }
        }
        let crossing = json!({"kind": "crossing", "student": {"localId": "s1"}, "term": TERM, "thresholdDays": 5,
            "state": "reached", "reachedOn": "2026-05-08", "half": "pm", "absentHalfDays": 10});
        self.enqueue("crossing", crossing);
    }

    fn enqueue(&mut self, key: &str, body: Value) {
        let number = domain::SchoolNumber::parse(SCHOOL).expect("a number");
        let id = wire::record_id(number, "model", key);
        let seq = self.queue.len() as u64 + 1;
        let version = if self.has(Fault::KeepsTheVersion) { 1 } else { seq };
        let mut record = json!({"seq": seq, "recordId": id, "recordVersion": version, "op": "upsert",
            "recordedAt": "2026-05-08T15:10:00+12:00", "body": body});
        if self.has(Fault::UnknownMember) && seq == 3 {
            record["note"] = "something".into();
        }
        self.queue.push(Entry { record, is_left_out: false });
    }

    fn again(&mut self, seqs: &[u64]) {
        for seq in seqs {
            let mut record = self.queue[*seq as usize - 1].record.clone();
            let next = self.queue.len() as u64 + 1;
            record["seq"] = next.into();
            if !self.has(Fault::KeepsTheVersion) {
                record["recordVersion"] = next.into();
            }
            self.queue.push(Entry { record, is_left_out: false });
        }
    }

    fn state(&self) -> Reply {
        if self.has(Fault::NoControlState) {
            return Reply::json(200, &json!({"ok": true}));
        }
        let received = self.batches.iter().filter(|batch| batch.is_received).map(|batch| batch.last).max();
        let left_out = self.queue.iter().filter(|entry| entry.is_left_out).count();
        Reply::json(
            200,
            &json!({"schoolNumber": SCHOOL, "epoch": 1, "numberedThrough": self.queue.len(),
            "acknowledgedThrough": received.unwrap_or(0), "leftOut": left_out}),
        )
    }

    /// Seals a range of numbers after the batches before it.
    fn seal(&mut self, first: u64, last: u64, before: usize) -> Batch {
        self.attempts += 1;
        let prev = match before {
            0 => String::new(),
            _ if self.has(Fault::BreaksTheChain) => wire::digest(b"nothing"),
            _ => self.batches[before - 1].digest.clone(),
        };
        let entries = &self.queue[first as usize - 1..last as usize];
        let records: Vec<&Value> =
            entries.iter().filter(|entry| !entry.is_left_out).map(|entry| &entry.record).collect();
        let minute = if self.has(Fault::SealsAnewForEachAttempt) || self.has(Fault::SealsAnewWhenGoingBack) {
            self.attempts % 60
        } else {
            0
        };
        let batch = json!({"schemaVersion": "1", "schoolNumber": SCHOOL, "epoch": 1, "firstSeq": first,
            "lastSeq": last, "prevDigest": prev, "generatedAt": format!("2026-05-08T18:{minute:02}:00+12:00"),
            "records": records});
        let bytes = batch.to_string().into_bytes();
        Batch { first, last, digest: wire::digest(&bytes), bytes, is_received: false }
    }

    /// The place of the oldest batch without a receipt; a new one where there is none.
    fn next(&mut self) -> Option<usize> {
        if let Some(waiting) = self.batches.iter().position(|batch| !batch.is_received) {
            if self.has(Fault::SealsAnewForEachAttempt) {
                let Batch { first, last, .. } = self.batches[waiting];
                self.batches[waiting] = self.seal(first, last, waiting);
            }
            return Some(waiting);
        }
        let mut first = self.batches.last().map_or(0, |batch| batch.last) + 1;
        // One number is forgotten, once.
        if self.has(Fault::LeavesANumberOut) && first > 16 && !self.has_left_a_gap {
            self.has_left_a_gap = true;
            first += 1;
        }
        let last = (first + MOST - 1).min(self.queue.len() as u64);
        if first > last {
            return None;
        }
        let before = self.batches.len();
        let batch = self.seal(first, last, before);
        self.batches.push(batch);
        Some(before)
    }

    fn send(&mut self) {
        self.send_all();
        let all = self.batches.iter().all(|batch| batch.is_received);
        if all && !self.is_compared && !self.has(Fault::NeverCompares) {
            self.compare();
            self.send_all();
        }
    }

    fn send_all(&mut self) {
        let mut tries = 0;
        for _ in 0..300 {
            let Some(at) = self.next() else { return };
            match self.deliver(at) {
                Outcome::Received => self.batches[at].is_received = true,
                Outcome::Later if self.has(Fault::IgnoresRetryAfter) && tries < 2 => tries += 1,
                Outcome::Later | Outcome::Person => return,
                Outcome::Cut => {
                    if !self.cut(at) {
                        return;
                    }
                }
                Outcome::Rewind(expected) => {
                    if self.has(Fault::DoesNotGoBack) {
                        return;
                    }
                    for index in 0..at {
                        if self.batches[index].last >= expected {
                            self.batches[index].is_received = false;
                            if self.has(Fault::SealsAnewWhenGoingBack) {
                                let Batch { first, last, .. } = self.batches[index];
                                self.batches[index] = self.seal(first, last, index);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Cuts a batch in two, or leaves out its one record. Answers whether to go on.
    fn cut(&mut self, at: usize) -> bool {
        let Batch { first, last, .. } = self.batches[at];
        if self.has(Fault::DropsTheWholeBatch) {
            (first..=last).for_each(|seq| self.queue[seq as usize - 1].is_left_out = true);
            self.batches.truncate(at);
            let empty = self.seal(first, last, at);
            self.batches.push(empty);
            return true;
        }
        let mut end = first + (last - first) / 2;
        if first == last {
            if self.has(Fault::SendsPoisonForEver) {
                return false;
            }
            self.queue[first as usize - 1].is_left_out = true;
            end = last;
        }
        self.batches.truncate(at);
        let half = self.seal(first, end, at);
        self.batches.push(half);
        true
    }

    fn deliver(&mut self, at: usize) -> Outcome {
        let Batch { first, last, .. } = self.batches[at];
        let (bytes, digest) = (self.batches[at].bytes.clone(), self.batches[at].digest.clone());
        let mut path = format!("{}/v1/schools/{SCHOOL}/epochs/1/batches/{first}", self.to);
        if self.has(Fault::NsnInTheAddress) {
            path.push_str("?student=0987650001");
        }
        // Every other batch travels in gzip.
        let is_packed = first % 2 == 1;
        let travels = if is_packed { packed(&bytes) } else { bytes };
        let stated = match self.fault {
            Some(Fault::WrongDigest) => wire::digest(b"other bytes"),
            Some(Fault::DigestOfTheUnpackedBytes) => digest.clone(),
            _ => wire::digest(&travels),
        };
        let media = if self.has(Fault::WrongMediaType) { "text/json" } else { "application/json" };
        let mut request =
            self.agent.put(&path).header("content-type", media).header("content-digest", stated);
        if is_packed {
            request = request.header("content-encoding", "gzip");
        }
        let Ok(mut response) = request.send(&travels[..]) else { return Outcome::Later };
        let status = response.status().as_u16();
        if status == 307 && self.has(Fault::FollowsRedirects) {
            let place = response.headers()["location"].to_str().expect("text").to_owned();
            let _ = self.agent.put(format!("{}{place}", self.to)).send(&travels[..]);
        }
        let body = match response.body_mut().read_to_vec() {
            Ok(body) => body,
            Err(_) if self.has(Fault::BelievesHalfAReceipt) && status == 200 => return Outcome::Received,
            Err(_) => return Outcome::Later,
        };
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        let named = said["type"].as_str().and_then(|name| name.rsplit(':').next()).unwrap_or_default();
        match (status, named) {
            (200, _) if self.is_believed(&said, &digest, last) => {
                self.rejected(&said);
                Outcome::Received
            }
            (500, _) if self.has(Fault::GivesUpAfterAServerError) => Outcome::Received,
            (413, _) if self.has(Fault::DoesNotCut) => Outcome::Person,
            (422, _) if self.has(Fault::StopsAtAPoisonedRecord) => Outcome::Person,
            (413 | 422, _) => Outcome::Cut,
            (409, "sequence-gap") => Outcome::Rewind(said["expectedSeq"].as_u64().unwrap_or(1)),
            _ => Outcome::Later,
        }
    }

    fn is_believed(&self, receipt: &Value, digest: &str, last: u64) -> bool {
        self.has(Fault::BelievesAny200)
            || (receipt["digest"] == digest || self.has(Fault::BelievesOtherBytes))
                && (receipt["schoolNumber"] == SCHOOL || self.has(Fault::BelievesOtherSchools))
                && receipt["acceptedThrough"].as_u64() >= Some(last)
    }

    fn rejected(&mut self, receipt: &Value) {
        for rejected in receipt["rejected"].as_array().into_iter().flatten() {
            let Some(seq) = rejected["seq"].as_u64() else { continue };
            self.queue[seq as usize - 1].is_left_out = true;
            if self.has(Fault::SendsRejectedAgain) && self.queue.len() < 100 {
                self.again(&[seq]);
            }
        }
    }

    /// Compares the term with what the collector holds, and queues again what differs.
    fn compare(&mut self) {
        let question = format!(
            "{}/v1/schools/{SCHOOL}/digest?term={TERM}&firstDay=2026-04-20&lastDay=2026-07-03",
            self.to
        );
        let Ok(mut response) = self.agent.get(&question).call() else { return };
        let body = response.body_mut().read_to_vec().unwrap_or_default();
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        let mut latest: BTreeMap<String, u64> = BTreeMap::new();
        for (entry, seq) in self.queue.iter().zip(1..).filter(|(entry, _)| !entry.is_left_out) {
            latest.insert(entry.record["recordId"].to_string(), seq);
        }
        let mut sums: BTreeMap<String, (Tally, Vec<u64>)> = BTreeMap::new();
        for seq in latest.into_values().collect::<BTreeSet<u64>>() {
            let record = &self.queue[seq as usize - 1].record;
            let group = record["body"]["date"].as_str().unwrap_or("term").to_owned();
            let (sum, seqs) = sums.entry(group).or_default();
            *sum = sum.with(record);
            seqs.push(seq);
        }
        let mut theirs: BTreeMap<String, Tally> = BTreeMap::new();
        for day in said["days"].as_array().into_iter().flatten() {
            theirs.insert(
                day["date"].as_str().unwrap_or_default().to_owned(),
                Tally::read(day).unwrap_or_default(),
            );
        }
        theirs.insert("term".to_owned(), Tally::read(&said["term"]).unwrap_or_default());
        let differs = |group: &String, sum: &Tally| {
            self.has(Fault::SendsAllAgain) || theirs.get(group).copied().unwrap_or_default() != *sum
        };
        let seqs: Vec<u64> = sums
            .iter()
            .filter(|(group, (sum, _))| differs(group, sum))
            .flat_map(|(_, (_, seqs))| seqs.clone())
            .collect();
        self.is_compared = true;
        self.again(&seqs);
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
