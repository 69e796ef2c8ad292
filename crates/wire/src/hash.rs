//! What a fact hashes to, and how the hashes of many are laid over one another: so that a school and
//! a collector can compare a whole term without sending it again.
//!
//! The order of facts plays no part, and a fact that is taken away undoes what it added.

use crate::answer::Sum;
use crate::batch::{Op, Record};
use crate::digest::base64;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a fact that holds: of its `body`, `op` and `recordId` in the canonical form of JSON.
///
/// Neither number nor version is in it: two ends that hold the same agree, however they came to it.
///
/// Source: RFC 8785 for the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactHash(pub [u8; 32]);

impl FactHash {
    /// The hash of a record whose fact holds; none of one that takes it back, and none of a
    /// snapshot, which is about other facts.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        if record.op == Op::Withdraw || record.body.kind() == "snapshot" {
            return None;
        }
        let body = serde_json::to_value(&record.body).expect("a body holds only texts and numbers");
        Some(Self::of_parts(&record.record_id, &body))
    }

    /// The hash of a fact that holds, from its body as JSON; none when that is no JSON.
    #[must_use]
    pub fn of_text(record_id: &str, body: &str) -> Option<Self> {
        Some(Self::of_parts(record_id, &serde_json::from_str(body).ok()?))
    }

    fn of_parts(record_id: &str, body: &Value) -> Self {
        let mut text = String::with_capacity(320);
        text.push_str("{\"body\":");
        canonical(body, &mut text);
        text.push_str(",\"op\":\"upsert\",\"recordId\":");
        canonical_text(record_id, &mut text);
        text.push('}');
        Self(Sha256::digest(text.as_bytes()).into())
    }
}

/// The hashes of facts, laid over one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FactSum {
    count: u64,
    hash: [u8; 32],
}

impl FactSum {
    /// Lays one more fact over the others.
    pub fn add(&mut self, fact: FactHash) {
        self.count += 1;
        for (all, one) in self.hash.iter_mut().zip(fact.0) {
            *all ^= one;
        }
    }

    /// As it travels.
    #[must_use]
    pub fn to_sum(&self) -> Sum {
        Sum { count: self.count, hash: base64(&self.hash) }
    }
}

/// Writes a value in its one form: members in order, no space, numbers whole.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            // The names of version 1 are ASCII, so their bytes order them as UTF-16 would.
            members.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                canonical_text(name, text);
                text.push(':');
                canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                canonical(value, text);
            }
            text.push(']');
        }
        Value::String(inner) => canonical_text(inner, text),
        other => text.push_str(&other.to_string()),
    }
}

fn canonical_text(inner: &str, text: &mut String) {
    // The writer escapes what RFC 8785 escapes, and in the same way.
    text.push_str(&serde_json::to_string(inner).expect("a text is JSON"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(json: &str) -> String {
        let mut text = String::new();
        canonical(&serde_json::from_str(json).expect("JSON"), &mut text);
        text
    }

    #[test]
    fn the_canonical_form_orders_members_and_escapes_little() {
        assert_eq!(
            form(r#"{ "b": [1, true, null], "a": {"d":"ā/\"\u000a\u0001","c":-2} }"#),
            r#"{"a":{"c":-2,"d":"ā/\"\n\u0001"},"b":[1,true,null]}"#
        );
    }

    #[test]
    fn the_order_of_facts_plays_no_part_and_each_counts() {
        let body = |half: &str| serde_json::json!({"kind": "closure", "half": half});
        let (one, other) = (FactHash::of_parts("a", &body("am")), FactHash::of_parts("a", &body("pm")));
        assert_ne!(one, other);
        assert_ne!(one, FactHash::of_parts("b", &body("am")));
        let sum = |facts: &[FactHash]| {
            let mut sum = FactSum::default();
            facts.iter().for_each(|fact| sum.add(*fact));
            sum.to_sum()
        };
        assert_eq!(sum(&[one, other]), sum(&[other, one]));
        assert_ne!(sum(&[one]), sum(&[one, other]));
        assert_eq!(sum(&[]), Sum { count: 0, hash: base64(&[0; 32]) });
    }
}
