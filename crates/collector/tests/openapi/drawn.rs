//! Requests that are drawn from the document: mostly right, with one or more things broken.

use crate::common::*;
use crate::declared::{Document, Told};
use axum::body::Body;
use axum::http::{HeaderValue, Request};
use keys::{KeyPair, assertion};
use serde_json::Value;
use std::fmt::Write as _;
use wire::{Op, Sealed};

/// Random numbers, the same for the same case (splitmix64).
pub struct Draw(u64);

impl Draw {
    pub fn new(case: u64) -> Self {
        Self(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("it is below a usize")
    }

    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// A school that speaks, and what it has learned so far.
pub struct School {
    number: &'static str,
    bearer: Option<String>,
    pair: KeyPair,
    epoch: u64,
}

impl School {
    pub fn new(number: &'static str, bearer: Option<String>) -> Self {
        Self { number, bearer, pair: KeyPair::generate().expect("a pair"), epoch: 0 }
    }

    /// Takes note of a token that was given.
    pub fn heard(&mut self, path: &str, told: &Told) {
        if path == wire::token_path() && told.status == 200 {
            let token = wire::parse_access_token(&told.body).expect("a token");
            self.bearer = Some(token.access_token);
        }
    }

    /// A batch that can be taken: the first of an epoch.
    fn batch(&mut self) -> Sealed {
        self.epoch += 1;
        let records = vec![closure(1, Op::Upsert, "No water"), day(2, 4)];
        let sealed = batch(self.epoch, "", records);
        let text = String::from_utf8(sealed.bytes).expect("UTF-8");
        let bytes = text.replace("\"9901\"", &format!("\"{}\"", self.number)).into_bytes();
        Sealed { digest: wire::digest(&bytes), bytes }
    }

    fn form(&self) -> String {
        let audience = format!("{ADDRESS}{}", wire::token_path());
        let seconds = now().micros().div_euclid(1_000_000);
        wire::token_form(&assertion::make(&self.pair, self.number, &audience, seconds).expect("made"))
    }
}

/// What stands in an address or a query for nothing that it could be.
const BROKEN: [&str; 16] = [
    "0",
    "01",
    "-1",
    "+1",
    "1e3",
    "%00",
    "%ff",
    "%2F",
    "%C4%80",
    "%20",
    "x",
    "99999999999999999999",
    "%F0%9F%8E%89",
    "null",
    "2026-02-30",
    "%25",
];

const METHODS: [&str; 6] = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"];

impl Draw {
    /// A request for an operation of the document.
    pub fn request(
        &mut self,
        document: &Document,
        path: &str,
        method: &str,
        school: &mut School,
    ) -> Request<Body> {
        let operation = document.operation(path, method);
        let other = *self.one_of(&METHODS);
        let method = if self.once_in(10) { other.to_owned() } else { method.to_ascii_uppercase() };
        let sealed = school.batch();
        let (body, kind) = self.body(operation, &sealed, school);
        let mut address = path.to_owned();
        let mut query = String::new();
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a name");
            let right = right(name, school, &body);
            let value = if self.once_in(9) { (*self.one_of(&BROKEN)).to_owned() } else { right };
            match parameter["in"].as_str().expect("a place") {
                "path" => address = address.replace(&format!("{{{name}}}"), &value),
                "query" => self.in_query(&mut query, name, &value),
                _ => self.in_header(&mut headers, parameter, name, value),
            }
        }
        if operation["security"][0]["bearer"].is_array() {
            headers.extend(self.credential(school));
        }
        if let Some(kind) = kind {
            headers.push(("content-type".to_owned(), kind.into()));
        }
        let mut request = Request::builder().method(method.as_str()).uri(format!("{address}{query}"));
        for (name, value) in headers {
            request = request.header(name, HeaderValue::from_bytes(&value).expect("a value"));
        }
        request.body(Body::from(body)).expect("a request")
    }

    fn in_query(&mut self, query: &mut String, name: &str, value: &str) {
        let times = if self.once_in(12) { self.below(3) } else { 1 };
        for _ in 0..times {
            let sign = if query.is_empty() { '?' } else { '&' };
            let _ = write!(query, "{sign}{name}={value}");
        }
    }

    fn in_header(&mut self, to: &mut Vec<(String, Vec<u8>)>, parameter: &Value, name: &str, value: String) {
        let is_needed = parameter["required"] == true;
        if (is_needed && !self.once_in(9)) || (!is_needed && self.once_in(9)) {
            to.push((name.to_ascii_lowercase(), value.into_bytes()));
        }
    }

    /// The header that says who asks: right, left out, or wrong.
    fn credential(&mut self, school: &School) -> Option<(String, Vec<u8>)> {
        let right = school.bearer.as_ref().map(|token| format!("Bearer {token}").into_bytes());
        let wrong: [&[u8]; 5] = [b"Bearer ", b"Bearer x", b"Basic eDp5", b"\xff\xfe", b"bearer  a b"];
        let value = match self.below(12) {
            0 => None,
            1 => Some(self.one_of(&wrong).to_vec()),
            _ => right,
        };
        value.map(|value| ("authorization".to_owned(), value))
    }

    /// A body of the type that is declared, or another, and its content type.
    fn body(
        &mut self,
        operation: &Value,
        sealed: &Sealed,
        school: &School,
    ) -> (Vec<u8>, Option<&'static str>) {
        let Some(content) = operation["requestBody"]["content"].as_object() else {
            let stray = self.once_in(10);
            return (if stray { b"{}".to_vec() } else { Vec::new() }, None);
        };
        let (json, form) = ("application/json", "application/x-www-form-urlencoded");
        let (right, kind) = match operation["operationId"].as_str() {
            Some("putBatch") => (sealed.bytes.clone(), json),
            Some("putKey") => (school.pair.public().to_jwk().into_bytes(), json),
            Some("postToken") => (school.form().into_bytes(), form),
            other => panic!("{other:?} has a body that is not drawn here"),
        };
        assert!(content.contains_key(kind), "{kind} is declared");
        let kind = if self.once_in(12) { *self.one_of(&[json, form, "text/plain", ""]) } else { kind };
        let body = if self.once_in(3) { self.mutated(right) } else { right };
        (body, Some(kind))
    }

    /// A body with something broken in it.
    fn mutated(&mut self, mut body: Vec<u8>) -> Vec<u8> {
        match self.below(7) {
            0 => return Vec::new(),
            1 => body.truncate(self.below(body.len())),
            2 => return "[".repeat(20_000).into_bytes(),
            3 => return vec![0xff; 40],
            4 => {
                let (at, byte) = (self.below(body.len()), u8::try_from(self.below(256)).expect("a byte"));
                body[at] = byte;
            }
            5 => return self.replaced(&body),
            _ => body.extend(vec![b' '; 20 * 1024]),
        }
        body
    }

    /// One value of a JSON text, or of a form, is another.
    fn replaced(&mut self, body: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(body).into_owned();
        let others =
            ["null", "[]", "{}", "-1", "1e400", "9007199254740993", r#""\u0000""#, r#""%00""#, "true"];
        let parts: Vec<&str> = text.split_inclusive(':').collect();
        let chosen = self.below(parts.len());
        let mut changed = String::new();
        for (index, part) in parts.into_iter().enumerate() {
            match part.find([',', '}']).filter(|_| index == chosen) {
                Some(end) => {
                    let other: &&str = self.one_of(&others);
                    changed.push_str(other);
                    changed.push_str(&part[end..]);
                }
                None => changed.push_str(part),
            }
        }
        changed.into_bytes()
    }
}

/// The value that a parameter should have.
fn right(name: &str, school: &School, body: &[u8]) -> String {
    match name {
        "schoolNumber" => school.number.to_owned(),
        "epoch" => school.epoch.to_string(),
        "firstSeq" => "1".to_owned(),
        "kid" => school.pair.public().kid(),
        "term" => "2026-T2".to_owned(),
        "firstDay" => "2026-04-20".to_owned(),
        "lastDay" => "2026-07-03".to_owned(),
        "Content-Digest" => wire::digest(body),
        "Content-Encoding" => "gzip".to_owned(),
        other => panic!("{other} is a parameter that is not drawn here"),
    }
}
