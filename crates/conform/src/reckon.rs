//! Reckons what a digest of the Ministry must say: the canonical form of a record, its hash, and
//! the sum of many.
//!
//! Written from the protocol alone and not shared with a sender or receiver, so that two
//! mistakes do not agree. Source: RFC 8785 (canonical JSON), RFC 4648 section 4 (base64).

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// How many records hold, and the XOR of the SHA-256 of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: i64,
    /// All their hashes laid over each other; nothing but zeros for none.
    pub hash: [u8; 32],
}

impl Tally {
    /// With one record more.
    #[must_use]
    pub fn with(mut self, record: &Value) -> Self {
        self.count += 1;
        self.lay(record);
        self
    }

    /// With one record less.
    #[must_use]
    pub fn without(mut self, record: &Value) -> Self {
        self.count -= 1;
        self.lay(record);
        self
    }

    /// What a digest says in one place: `{"count":…,"hash":"…"}`.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        Some(Self { count: value["count"].as_i64()?, hash: unbase64(value["hash"].as_str()?)? })
    }

    /// The hash as it is written.
    #[must_use]
    pub fn hash_text(&self) -> String {
        base64(&self.hash)
    }

    fn lay(&mut self, record: &Value) {
        for (byte, more) in self.hash.iter_mut().zip(record_hash(record)) {
            *byte ^= more;
        }
    }
}

/// SHA-256 of the canonical form of a record's body, op and id.
fn record_hash(record: &Value) -> [u8; 32] {
    let part = |name: &str| canonical(&record[name]);
    let text = format!(r#"{{"body":{},"op":{},"recordId":{}}}"#, part("body"), part("op"), part("recordId"));
    Sha256::digest(text.as_bytes()).into()
}

/// A value in canonical JSON: members in the order of their names, no spaces, the shortest escapes.
/// The protocol has no numbers but whole ones, so their spelling is plain.
#[must_use]
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_by_key(|name| name.encode_utf16().collect::<Vec<u16>>());
            let members: Vec<String> = names
                .into_iter()
                .map(|name| format!("{}:{}", quoted(name), canonical(&members[name])))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * place) & 0x3f) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// Reads exactly 32 bytes.
fn unbase64(text: &str) -> Option<[u8; 32]> {
    let letters = text.strip_suffix('=').filter(|letters| letters.len() == 43)?;
    let (mut bytes, mut group, mut bits) = (Vec::with_capacity(33), 0u32, 0);
    for letter in letters.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        group = group << 6 | u32::try_from(value).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(group >> bits & 0xff).ok()?);
        }
    }
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_canonical_form_agrees_with_the_example_of_its_standard() {
        // Source: RFC 8785, section 3.2.2, without the numbers that are not whole.
        let value = json!({"string": "\u{20ac}$\u{f}\nA'B\"\\\\\"/", "literals": [null, true, false]});
        let expected =
            "{\"literals\":[null,true,false],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(canonical(&value), expected);
    }

    #[test]
    fn a_tally_is_read_as_it_is_written_and_adding_twice_takes_away_the_hash() {
        let record = json!({"recordId": "r", "op": "upsert", "body": {"kind": "day"}, "seq": 4});
        let one = Tally::default().with(&record);
        let read = Tally::read(&json!({"count": 1, "hash": one.hash_text()}));
        assert_eq!(read, Some(one));
        assert_eq!(one.without(&record), Tally::default());
        assert_eq!(Tally::default().hash_text(), format!("{}=", "A".repeat(43)));
        assert_eq!(Tally::read(&json!({"count": 1, "hash": "AAAA"})), None);
    }
}
