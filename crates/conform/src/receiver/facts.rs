//! What the made-up school has to tell: records, and batches sealed from them.
//!
//! Everything is made up anew in each run, so that what an earlier run left behind is another
//! fact. Records are plain JSON: some must be wrong in ways that `wire` cannot say.

use domain::SchoolNumber;
use serde_json::{Value, json};

/// The term of everything that is told.
pub(super) const TERM: &str = "2026-T2";
/// Its first and last day.
pub(super) const TERM_DAYS: (&str, &str) = ("2026-04-20", "2026-07-03");
/// The day of everything that is told, where nothing else is said.
pub(super) const DAY: &str = "2026-05-04";
/// When it was recorded.
const RECORDED_AT: &str = "2026-05-04T15:10:00+12:00";

/// Makes facts of one school in one run.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) school: SchoolNumber,
    run: String,
}

impl Facts {
    /// For a school; `run` differs from run to run.
    pub(super) fn new(school: SchoolNumber, run: impl Into<String>) -> Self {
        Self { school, run: run.into() }
    }

    /// The id of a fact: the same for the same key in this run.
    pub(super) fn id(&self, key: &str) -> String {
        wire::record_id(self.school, "conformance", &format!("{} {key}", self.run))
    }

    fn student(&self, key: &str) -> Value {
        json!({"localId": format!("{}-{}", &self.run[..8], &self.id(key)[..8])})
    }

    /// A student's half-day on [`DAY`]: `P`, `J` or `U`.
    pub(super) fn half_day(&self, key: &str, class: &str) -> Value {
        self.half_day_on(key, DAY, class)
    }

    /// The same on another day.
    pub(super) fn half_day_on(&self, key: &str, date: &str, class: &str) -> Value {
        let code = if class == "P" { "P" } else { "T" };
        json!({"kind": "attendance", "student": self.student(key), "date": date, "half": "am", "code": code,
            "class": class})
    }

    /// A half-day that is taken back: neither code nor class.
    pub(super) fn no_half_day(&self, key: &str) -> Value {
        json!({"kind": "attendance", "student": self.student(key), "date": DAY, "half": "am"})
    }

    /// A half-day that was closed.
    pub(super) fn closure(&self, date: &str) -> Value {
        json!({"kind": "closure", "date": date, "half": "pm", "reason": "No water. Kāore he wai"})
    }

    /// A school day.
    pub(super) fn day(&self, date: &str) -> Value {
        json!({"kind": "day", "date": date, "am": "open", "pm": "closed", "enrolled": 40, "marked": 40})
    }

    /// A crossing that is `reached` or `withdrawn`.
    pub(super) fn crossing(&self, key: &str, state: &str) -> Value {
        json!({"kind": "crossing", "student": self.student(key), "term": TERM, "thresholdDays": 5,
            "state": state, "reachedOn": DAY, "half": "pm", "absentHalfDays": 10, "cause": "mark"})
    }

    /// A response.
    pub(super) fn response(&self, key: &str) -> Value {
        json!({"kind": "response", "student": self.student(key), "term": TERM, "thresholdDays": 5,
            "type": "conversation_with_whanau", "description": "Rang whānau \"home\"\\", "doneAt": RECORDED_AT,
            "recordedAt": RECORDED_AT, "version": 1})
    }

    /// A response whose Description is held back.
    pub(super) fn held_response(&self, key: &str) -> Value {
        let mut body = self.response(key);
        if let Some(members) = body.as_object_mut() {
            members.remove("description");
            members.insert("descriptionHeld".to_owned(), true.into());
        }
        body
    }

    /// Everything of the term and a stream that holds has been said.
    pub(super) fn snapshot(stream: &str) -> Value {
        json!({"kind": "snapshot", "stream": stream, "term": TERM, "firstDay": TERM_DAYS.0,
            "lastDay": TERM_DAYS.1})
    }

    /// A version of the fact of a key that holds from now on.
    pub(super) fn upsert(&self, seq: u64, key: &str, body: Value) -> Value {
        json!({"seq": seq, "recordId": self.id(key), "recordVersion": seq, "op": "upsert",
            "recordedAt": RECORDED_AT, "body": body})
    }

    /// A version that takes the fact back.
    pub(super) fn withdraw(&self, seq: u64, key: &str, body: Value) -> Value {
        let mut record = self.upsert(seq, key, body);
        record["op"] = "withdraw".into();
        record
    }
}

/// A record under another version than its number.
pub(super) fn version(mut record: Value, version: u64) -> Value {
    record["recordVersion"] = version.into();
    record
}

/// A batch as it travels, with what its address says.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    pub(super) epoch: u64,
    pub(super) first_seq: u64,
    pub(super) last_seq: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) digest: String,
}

/// A place in an epoch's chain of batches.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) school: SchoolNumber,
    pub(super) epoch: u64,
    /// The number that comes next.
    pub(super) next: u64,
    /// The digest of the batch before.
    pub(super) prev: String,
}

impl Chain {
    /// Seals records as the next batch, which covers as many numbers as there are records, and at
    /// least one.
    pub(super) fn seal(&self, records: &[Value]) -> Sealed {
        let last = self.next + (records.len() as u64).max(1) - 1;
        seal(&self.envelope(last, records))
    }

    /// The batch before it is sealed.
    pub(super) fn envelope(&self, last_seq: u64, records: &[Value]) -> Value {
        json!({"schemaVersion": "1", "schoolNumber": self.school.to_string(),
            "schoolName": "A made-up school for conformance", "epoch": self.epoch, "firstSeq": self.next,
            "lastSeq": last_seq, "prevDigest": self.prev, "generatedAt": "2026-05-08T18:00:00+12:00",
            "records": records})
    }

    /// The place after a batch.
    pub(super) fn after(&self, sealed: &Sealed) -> Self {
        Self { next: sealed.last_seq + 1, prev: sealed.digest.clone(), ..self.clone() }
    }
}

/// Seals an envelope, right or wrong.
pub(super) fn seal(envelope: &Value) -> Sealed {
    let bytes = envelope.to_string().into_bytes();
    let number = |name: &str| envelope[name].as_u64().unwrap_or(1);
    Sealed {
        epoch: number("epoch"),
        first_seq: number("firstSeq"),
        last_seq: number("lastSeq"),
        digest: wire::digest(&bytes),
        bytes,
    }
}
