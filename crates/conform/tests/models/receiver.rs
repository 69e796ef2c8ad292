//! A receiver in memory that does what the protocol says, but for one fault.

use conform::{Listener, Reply, Request, Tally};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::sync::{Arc, Mutex};
use wire::{Problem, ProblemKind};

/// One mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    ForgetsTheReceipt,
    TakesOtherBytes,
    TakesAGap,
    TakesAnyChain,
    TakesAnOldEpoch,
    AppliesOlderOverNewer,
    KeepsTheHighestVersionWhateverTheEpoch,
    IgnoresTheDigestHeader,
    StopsAtAPoisonedRecord,
    PointsNowhere,
    RepeatsTheValue,
    TakesUnknownMembersOfARecord,
    TakesUnknownMembersOfABatch,
    IgnoresSnapshots,
    SnapshotTakesBothStreams,
    HashesTheBodyAlone,
    KeepsWhatIsWithdrawn,
    RefusesGzip,
    UnpacksWithoutLimit,
    NamesTheDigestOfThePackedBytes,
    TakesAnyLength,
    TakesAnyEncoding,
    ProblemsAsText,
    TakesAnyMethodAsUnknown,
    RedirectsASlash,
    TakesHalfABody,
    TakesAnyToken,
    TakesAnySchoolsToken,
    ForgetsItsSchool,
    TakesAnyAddress,
    RefusesEmptyBatches,
    ReceiptsAsText,
}

#[derive(Default)]
struct School {
    epoch: u64,
    expected: u64,
    head: String,
    /// By epoch and first number: digest and receipt.
    batches: HashMap<(u64, u64), (String, String)>,
    latest: BTreeMap<String, Latest>,
    receipts: u64,
}

struct Latest {
    epoch: u64,
    version: u64,
    record: Value,
    superseded: bool,
}

/// What every answer needs.
struct Model {
    fault: Option<Fault>,
    token: Option<&'static str>,
    schools: Mutex<HashMap<String, School>>,
}

/// Listens with a fault, or with none. With a token only school 9901 is known.
pub fn start(fault: Option<Fault>, token: Option<&'static str>) -> Listener {
    let model = Model { fault, token, schools: Mutex::default() };
    let most = if fault == Some(Fault::TakesAnyLength) { 64 << 20 } else { wire::MAX_BATCH_BYTES };
    let model = Arc::new(model);
    let listener = Listener::start(([127, 0, 0, 1], 0).into(), most, move |request| model.answer(&request));
    listener.expect("a port")
}

type Answer = Result<Reply, Reply>;

fn problem(kind: ProblemKind) -> Reply {
    Reply::json(kind.status(), &serde_json::to_value(Problem::new(kind, "")).expect("JSON"))
}

fn other(status: u16, name: &str) -> Reply {
    let kind = format!("tag:starboard.example,2026:{name}");
    Reply::json(status, &json!({"type": kind, "title": name, "status": status}))
}

fn refuse<T>(kind: ProblemKind) -> Result<T, Reply> {
    Err(problem(kind))
}

impl Model {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn answer(&self, request: &Request) -> Reply {
        let reply = self.route(request).unwrap_or_else(|refused| refused);
        let Reply::Answer(status, mut headers, body) = reply else { return reply };
        if status == 401 {
            headers.push(("www-authenticate", "Bearer".to_owned()));
        }
        for (name, value) in &mut headers {
            let plain = (status >= 400 && self.has(Fault::ProblemsAsText))
                || (status < 400 && self.has(Fault::ReceiptsAsText));
            if *name == "content-type" && plain {
                "text/plain".clone_into(value);
            }
        }
        Reply::Answer(status, headers, body)
    }

    fn route(&self, request: &Request) -> Answer {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let method = request.method.as_str();
        match (parts.as_slice(), method) {
            (["v1"], "GET") => Ok(Reply::json(
                200,
                &json!({"versions": ["1"], "maxBatchBytes": 1, "maxRecords": 1,
                "contentEncodings": ["gzip"], "tokenEndpoint": "/v1/token"}),
            )),
            (["v1", "schools", school, "epochs", epoch, "batches", first], "PUT") => {
                self.allowed(request, school)?;
                self.put(request, school, epoch, first)
            }
            (["v1", "schools", school, "state"], "GET") => {
                self.allowed(request, school)?;
                Ok(self.state(school))
            }
            (["v1", "schools", school, "digest"], "GET") => {
                self.allowed(request, school)?;
                self.digest(school, query)
            }
            (["v1", "schools", _, "epochs", _, "batches", _], _) => Err(self.no_method("PUT")),
            (["v1", "schools", _, "state" | "digest"], _) => Err(self.no_method("GET")),
            (["v1", "schools", _, "state", ""], _) if self.has(Fault::RedirectsASlash) => {
                Ok(Reply::Answer(308, vec![("location", "/v1".to_owned())], Vec::new()))
            }
            _ => refuse(ProblemKind::NotFound),
        }
    }

    fn no_method(&self, right: &str) -> Reply {
        if self.has(Fault::TakesAnyMethodAsUnknown) {
            return problem(ProblemKind::NotFound);
        }
        let Reply::Answer(status, mut headers, body) = other(405, "method-not-allowed") else {
            unreachable!("it is an answer")
        };
        headers.push(("allow", right.to_owned()));
        Reply::Answer(status, headers, body)
    }

    fn allowed(&self, request: &Request, school: &str) -> Result<(), Reply> {
        let Some(token) = self.token else { return Ok(()) };
        let given = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let is_right = given == Some(token) && school == "9901";
        let is_taken = is_right
            || self.has(Fault::TakesAnyToken) && school == "9901"
            || self.has(Fault::TakesAnySchoolsToken) && given == Some(token);
        if is_taken { Ok(()) } else { refuse(ProblemKind::Unauthorised) }
    }

    /// The sealed bytes of what travelled, once header, size and compression are right.
    fn sealed(&self, request: &Request) -> Result<Vec<u8>, Reply> {
        if request.too_long {
            return refuse(ProblemKind::TooLarge);
        }
        if !request.is_whole && !self.has(Fault::TakesHalfABody) {
            return Err(Reply::Nothing);
        }
        match wire::verify(&request.body, request.header("content-digest")) {
            Ok(_) => {}
            Err(_) if self.has(Fault::IgnoresTheDigestHeader) => {}
            Err(error) => return Err(problem_of(&error)),
        }
        match request.header("content-encoding") {
            None => Ok(request.body.clone()),
            Some("gzip") if !self.has(Fault::RefusesGzip) => {
                let most = wire::MAX_BATCH_BYTES as u64 + 1;
                let most = if self.has(Fault::UnpacksWithoutLimit) { 1 << 30 } else { most };
                let mut bytes = Vec::new();
                let read = GzDecoder::new(&request.body[..]).take(most).read_to_end(&mut bytes);
                if read.is_err() {
                    return refuse(ProblemKind::BatchMalformed);
                }
                if bytes.len() > wire::MAX_BATCH_BYTES && !self.has(Fault::UnpacksWithoutLimit) {
                    return refuse(ProblemKind::TooLarge);
                }
                bytes.truncate(bytes.iter().rposition(|byte| *byte != b' ').map_or(0, |at| at + 1));
                Ok(bytes)
            }
            Some(_) if self.has(Fault::TakesAnyEncoding) => Ok(request.body.clone()),
            Some(_) => refuse(ProblemKind::BatchMalformed),
        }
    }

    fn put(&self, request: &Request, number: &str, epoch: &str, first: &str) -> Answer {
        let bytes = self.sealed(request)?;
        let digest = match self.has(Fault::NamesTheDigestOfThePackedBytes) {
            true => wire::digest(&request.body),
            false => wire::digest(&bytes),
        };
        let (batch, rejected) = self.read(&bytes)?;
        let text = |value: &Value| value.to_string().trim_matches('"').to_owned();
        let address = [number, epoch, first].map(str::to_owned);
        let said = ["schoolNumber", "epoch", "firstSeq"].map(|name| text(&batch[name]));
        if address != said && !self.has(Fault::TakesAnyAddress) {
            return refuse(ProblemKind::AddressMismatch);
        }
        let mut schools = self.schools.lock().expect("alone");
        let school = schools.entry(number.to_owned()).or_default();
        school.expected = school.expected.max(1);
        self.take(school, &batch, &digest, &rejected)
    }

    /// Reads a batch; answers with it and the rejected records by their index.
    fn read(&self, bytes: &[u8]) -> Result<(Value, BTreeMap<usize, Value>), Reply> {
        let mut batch: Value = match serde_json::from_slice(bytes) {
            Ok(batch) => batch,
            Err(_) => return refuse(ProblemKind::BatchMalformed),
        };
        if self.has(Fault::TakesUnknownMembersOfABatch) {
            batch.as_object_mut().and_then(|members| members.remove("note"));
        }
        if self.has(Fault::TakesUnknownMembersOfARecord) {
            for record in batch["records"].as_array_mut().into_iter().flatten() {
                forget(record, "note");
                forget(&mut record["body"], "note");
                if let Some(student) = record["body"].get_mut("student") {
                    forget(student, "name");
                }
            }
        }
        let received = wire::read(batch.to_string().as_bytes()).map_err(|error| problem_of(&error))?;
        let mut rejected = BTreeMap::new();
        for (index, record) in received.records.into_iter().enumerate() {
            let Err(reason) = record else { continue };
            let mut reason = serde_json::to_value(*reason).expect("JSON");
            if self.has(Fault::PointsNowhere) {
                forget(&mut reason["problem"], "pointer");
            }
            if self.has(Fault::RepeatsTheValue) {
                reason["problem"]["detail"] = batch["records"][index].to_string().into();
            }
            rejected.insert(index, reason);
        }
        if !rejected.is_empty() && self.has(Fault::StopsAtAPoisonedRecord) {
            return refuse(ProblemKind::BatchMalformed);
        }
        if batch["records"].as_array().is_some_and(Vec::is_empty) && self.has(Fault::RefusesEmptyBatches) {
            return refuse(ProblemKind::BatchMalformed);
        }
        Ok((batch, rejected))
    }

    fn take(
        &self,
        school: &mut School,
        batch: &Value,
        digest: &str,
        rejected: &BTreeMap<usize, Value>,
    ) -> Answer {
        let number = |name: &str| batch[name].as_u64().expect("a number");
        let (epoch, first, last) = (number("epoch"), number("firstSeq"), number("lastSeq"));
        if let Some((known, receipt)) = school.batches.get(&(epoch, first)) {
            if known == digest && !self.has(Fault::ForgetsTheReceipt) {
                let headers = vec![("content-type", "application/json".to_owned())];
                return Ok(Reply::Answer(200, headers, receipt.clone().into_bytes()));
            }
            if known != digest && !self.has(Fault::TakesOtherBytes) {
                return refuse(ProblemKind::BatchConflict);
            }
        }
        let expected = if epoch > school.epoch { 1 } else { school.expected };
        if epoch < school.epoch && !self.has(Fault::TakesAnOldEpoch) {
            let stale = Problem::new(ProblemKind::StaleEpoch, "").in_epoch(school.epoch);
            return Err(Reply::json(409, &serde_json::to_value(stale).expect("JSON")));
        }
        if first > expected && !self.has(Fault::TakesAGap) {
            let gap = Problem::new(ProblemKind::SequenceGap, "").expecting(expected);
            return Err(Reply::json(409, &serde_json::to_value(gap).expect("JSON")));
        }
        let prev = batch["prevDigest"].as_str().unwrap_or_default();
        let follows = if first == expected {
            prev == if epoch > school.epoch { "" } else { &school.head }
        } else {
            school.batches.iter().any(|((of, _), (known, _))| *of == epoch && known == prev)
        };
        // What a fault let pass has no place in the chain.
        let is_odd = first > expected || epoch < school.epoch || school.batches.contains_key(&(epoch, first));
        let is_excused = is_odd || self.has(Fault::TakesAnyChain);
        if !follows && !is_excused {
            return refuse(ProblemKind::ChainBroken);
        }
        let records = batch["records"].as_array().cloned().unwrap_or_default();
        for (index, record) in records.iter().enumerate() {
            if !rejected.contains_key(&index) {
                self.apply(school, epoch, record);
            }
        }
        let through = last.max(expected - 1);
        school.receipts += 1;
        let mut receipt = json!({"receiptId": format!("receipt {}", school.receipts), "digest": digest,
            "schoolNumber": batch["schoolNumber"], "acceptedThrough": through, "expectedSeq": through + 1,
            "rejected": rejected.values().collect::<Vec<_>>()});
        if self.has(Fault::ForgetsItsSchool) {
            forget(&mut receipt, "schoolNumber");
        }
        school.batches.insert((epoch, first), (digest.to_owned(), receipt.to_string()));
        if through == last {
            (school.epoch, school.expected, school.head) =
                (epoch.max(school.epoch), through + 1, digest.to_owned());
        }
        Ok(Reply::json(200, &receipt))
    }

    fn apply(&self, school: &mut School, epoch: u64, record: &Value) {
        let (body, version) = (&record["body"], record["recordVersion"].as_u64().expect("a version"));
        if body["kind"] == "snapshot" {
            if self.has(Fault::IgnoresSnapshots) {
                return;
            }
            for latest in school.latest.values_mut().filter(|latest| latest.epoch < epoch) {
                let is_response =
                    matches!(latest.record["body"]["kind"].as_str(), Some("crossing" | "response"));
                let is_same = is_response == (body["stream"] == "responses");
                // Every date of these tests is in the one term.
                latest.superseded |= is_same || self.has(Fault::SnapshotTakesBothStreams);
            }
            return;
        }
        let id = record["recordId"].as_str().expect("an id").to_owned();
        let counts = school.latest.get(&id).is_none_or(|latest| {
            if self.has(Fault::KeepsTheHighestVersionWhateverTheEpoch) {
                return version > latest.version;
            }
            self.has(Fault::AppliesOlderOverNewer) || (epoch, version) > (latest.epoch, latest.version)
        });
        if counts {
            school.latest.insert(id, Latest { epoch, version, record: record.clone(), superseded: false });
        }
    }

    fn state(&self, number: &str) -> Reply {
        let schools = self.schools.lock().expect("alone");
        let (epoch, expected, head) =
            schools.get(number).map_or((0, 1, ""), |school| (school.epoch, school.expected, &school.head));
        Reply::json(
            200,
            &json!({"schoolNumber": number, "epoch": epoch, "expectedSeq": expected, "headDigest": head}),
        )
    }

    fn digest(&self, number: &str, query: &str) -> Answer {
        let asked: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let dates = ["firstDay", "lastDay"].map(|name| asked.get(name).copied().unwrap_or_default());
        let term = asked.get("term").copied().unwrap_or_default();
        if term != "2026-T2" || dates.iter().any(|date| !date.starts_with("2026-")) {
            return Err(other(400, "request-malformed"));
        }
        let schools = self.schools.lock().expect("alone");
        let none = School::default();
        let school = schools.get(number).unwrap_or(&none);
        let (mut days, mut of_term) = (BTreeMap::<String, Tally>::new(), Tally::default());
        for latest in school.latest.values().filter(|latest| !latest.superseded) {
            let mut record = latest.record.clone();
            if record["op"] != "upsert" && !self.has(Fault::KeepsWhatIsWithdrawn) {
                continue;
            }
            if self.has(Fault::HashesTheBodyAlone) {
                record["recordId"] = Value::Null;
            }
            match record["body"]["date"].as_str() {
                None => of_term = of_term.with(&record),
                Some(date) if dates[0] <= date && date <= dates[1] => {
                    let day = days.entry(date.to_owned()).or_default();
                    *day = day.with(&record);
                }
                Some(_) => {}
            }
        }
        let days: Vec<Value> = days
            .iter()
            .map(|(date, tally)| json!({"date": date, "count": tally.count, "hash": tally.hash_text()}))
            .collect();
        Ok(Reply::json(
            200,
            &json!({"schoolNumber": number, "epoch": school.epoch,
            "acceptedThrough": school.expected.saturating_sub(1), "days": days,
            "term": {"count": of_term.count, "hash": of_term.hash_text()}}),
        ))
    }
}

fn problem_of(error: &wire::WireError) -> Reply {
    let problem = error.problem();
    Reply::json(problem.status, &serde_json::to_value(problem).expect("JSON"))
}

fn forget(value: &mut Value, name: &str) {
    value.as_object_mut().and_then(|members| members.remove(name));
}
