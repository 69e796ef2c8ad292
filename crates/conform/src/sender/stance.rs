//! How the kit's collector answers the next batch: rightly, or with a trick.

use super::desk::Put;
use crate::listener::Reply;
use serde_json::{Value, json};
use std::collections::HashMap;

/// How often a batch is refused in the same way before the kit lets it pass: a sender that only
/// repeats itself has been seen by then, and what comes after it is to be judged too.
const ENOUGH: usize = 3;

/// What became of a batch that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// Taken now, with a receipt.
    Taken,
    /// Taken before, with the same receipt.
    Known,
    /// Asked to come later.
    Held,
    /// Answered with a trick.
    Trick,
    /// Refused with `sequence-gap`.
    Gap,
    /// Refused with `batch-malformed`, for one of its records.
    Poisoned,
    /// Refused with `too-large`.
    TooLarge,
    /// Refused for what a sender must not do.
    Refused,
}

/// An answer that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trick {
    /// The line is closed without an answer.
    Lost,
    /// A status, with the seconds after which to come again.
    Busy(u16, Option<u64>),
    /// The receipt, of which half is missing.
    CutReceipt,
    /// 200 with a page.
    Page,
    /// A receipt for other bytes.
    OtherBytes,
    /// A receipt for another school.
    OtherSchool,
    /// A redirect to [`ELSEWHERE`].
    Redirect,
}

/// Where a redirect leads.
pub(super) const ELSEWHERE: &str = "/elsewhere";

impl Trick {
    /// The answer, given the receipt that would have been right.
    pub(super) fn reply(self, receipt: &Value) -> Reply {
        let json = ("content-type", "application/json".to_owned());
        let page = ("content-type", "text/html".to_owned());
        let with = |name: &str, value: Value| {
            let mut receipt = receipt.clone();
            receipt[name] = value;
            receipt.to_string().into_bytes()
        };
        match self {
            Self::Lost => Reply::Nothing,
            Self::CutReceipt => Reply::Cut(200, vec![json], receipt.to_string().into_bytes()),
            Self::Page => Reply::Answer(200, vec![page], b"<!doctype html><h1>Sign in</h1>".to_vec()),
            Self::OtherBytes => {
                Reply::Answer(200, vec![json], with("digest", wire::digest(b"other bytes").into()))
            }
            Self::OtherSchool => {
                let other = if receipt["schoolNumber"] == "1" { "2" } else { "1" };
                Reply::Answer(200, vec![json], with("schoolNumber", other.into()))
            }
            Self::Redirect => Reply::Answer(307, vec![("location", ELSEWHERE.to_owned())], Vec::new()),
            Self::Busy(status, pause) => {
                let Reply::Answer(status, mut headers, body) = problem(status, "unavailable", &Value::Null)
                else {
                    return Reply::Nothing;
                };
                headers.extend(pause.map(|seconds| ("retry-after", seconds.to_string())));
                Reply::Answer(status, headers, body)
            }
        }
    }
}

/// A record that is refused wherever it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Chosen {
    /// None.
    #[default]
    Off,
    /// One of the next batch.
    Next,
    /// This one.
    Record(Box<Value>),
}

impl Chosen {
    /// Whether a record is the chosen one, unchanged.
    pub(super) fn is(&self, record: &Value) -> bool {
        let Self::Record(chosen) = self else { return false };
        chosen["recordId"] == record["recordId"]
            && chosen["body"] == record["body"]
            && chosen["op"] == record["op"]
    }

    /// The record.
    pub(super) fn record(&self) -> Option<&Value> {
        if let Self::Record(record) = self { Some(record) } else { None }
    }
}

/// How the next batches are answered. By itself nothing is taken and all are asked to come later.
#[derive(Debug, Default)]
pub(super) struct Stance {
    /// The answer to the next batch, whatever it is.
    pub(super) trick: Option<Trick>,
    /// How many batches are taken; `None` for all.
    pub(super) takes: Takes,
    /// The most records of a batch.
    pub(super) most_records: Option<usize>,
    /// The number from which on batches are said to be missing.
    pub(super) gap: Option<u64>,
    /// Batches with this record are refused as a whole.
    pub(super) poison: Chosen,
    /// This record is rejected within the receipt.
    pub(super) reject: Chosen,
    /// Whether the next digest differs from what holds.
    pub(super) alters: bool,
    /// Whether a batch was let pass because its sender only repeated itself.
    pub(super) forgave_poison: bool,
    refused: HashMap<(&'static str, String), usize>,
}

/// How many batches are taken.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// None.
    #[default]
    None,
    /// So many.
    Some(usize),
    /// All.
    All,
}

impl Stance {
    /// Takes up one more batch, if it may.
    pub(super) fn may_take(&mut self) -> bool {
        match &mut self.takes {
            Takes::All => true,
            Takes::None | Takes::Some(0) => false,
            Takes::Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    /// Whether a batch was refused in one way often enough.
    fn is_enough(&mut self, why: &'static str, digest: &str) -> bool {
        let times = self.refused.entry((why, digest.to_owned())).or_default();
        *times += 1;
        *times > ENOUGH
    }

    /// The number that is asked for instead of a batch.
    pub(super) fn gap_for(&mut self, first: u64, digest: &str) -> Option<u64> {
        let expected = self.gap?;
        if first <= expected || self.is_enough("gap", digest) {
            self.gap = None;
        }
        self.gap
    }

    /// Notes that a batch came which was taken before: what was said to be missing is there.
    pub(super) fn went_back_to(&mut self, first: u64) {
        self.gap = self.gap.filter(|expected| first > *expected);
    }

    /// Where the poisoned record stands in a batch. The first batch that is asked about gets one.
    pub(super) fn poison_in(&mut self, put: &Put) -> Option<usize> {
        if self.poison == Chosen::Next {
            let index = put.records().len().checked_sub(1)?.min(1);
            self.poison = Chosen::Record(Box::new(put.records()[index].clone()));
        }
        let index = put.records().iter().position(|record| self.poison.is(record))?;
        if self.forgave_poison || self.is_enough("poison", &put.digest) {
            self.forgave_poison = true;
            return None;
        }
        Some(index)
    }

    /// Whether a batch has more records than are taken at once.
    pub(super) fn is_too_large(&mut self, records: usize, can_be_cut: bool, digest: &str) -> bool {
        let Some(most) = self.most_records.filter(|most| records > *most && can_be_cut) else { return false };
        if self.is_enough("too large", digest) {
            self.most_records = None;
            return false;
        }
        most > 0
    }

    /// The records of a batch that are rejected within its receipt.
    pub(super) fn rejected_in(&mut self, put: &Put) -> Vec<usize> {
        if self.reject == Chosen::Next {
            let fits = |record: &&Value| record["body"]["kind"] != "snapshot" && !self.poison.is(record);
            if let Some(record) = put.records().iter().find(fits) {
                self.reject = Chosen::Record(Box::new(record.clone()));
            }
        }
        let all = put.records().iter().enumerate();
        all.filter(|(_, record)| self.reject.is(record)).map(|(index, _)| index).collect()
    }

    /// The dates of the chosen records.
    pub(super) fn chosen_dates(&self) -> Vec<String> {
        let chosen = [&self.poison, &self.reject].into_iter().filter_map(|chosen| chosen.record());
        chosen.filter_map(|record| record["body"]["date"].as_str()).map(str::to_owned).collect()
    }
}

/// A problem, with members more.
pub(super) fn problem(status: u16, name: &str, more: &Value) -> Reply {
    let kind = format!("tag:starboard.example,2026:{name}");
    let mut problem = json!({"type": kind, "title": "The conformance kit answers so", "status": status,
        "detail": "the conformance kit answers so"});
    for (name, value) in more.as_object().into_iter().flatten() {
        problem[name] = value.clone();
    }
    Reply::json(status, &problem)
}

/// The problem that says which number is expected.
pub(super) fn gap(expected: u64) -> Reply {
    problem(409, "sequence-gap", &json!({"expectedSeq": expected}))
}

/// The answer to a batch that is taken now.
pub(super) fn taken(receipt: &Value) -> Reply {
    Reply::json(200, receipt)
}

/// The answer to a batch that was taken before.
pub(super) fn known(receipt: &Value) -> Reply {
    Reply::json(200, receipt)
}
