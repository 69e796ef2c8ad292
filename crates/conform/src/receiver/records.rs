//! Records that cannot be taken, members that nobody knows, and batches that are none.

use super::bench::{Bench, PROBLEM, refusal};
use super::facts::{seal, version};
use super::{Scenario, scenario};
use crate::client::Answer;
use crate::finding::{Stop, Verdict, failed, must};
use serde_json::{Value, json};

/// A value that no answer may repeat.
///
/// It looks like a name, and is as long as a record's id.
const SECRET: &str = "Aroha-Ngata-09876543210-Kauri-Street";

/// Puts into a record what should not be there.
type Spoil = fn(&mut Value);

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "poisoned-record",
        "Receipts",
        "a record that cannot be taken is named in the receipt and stops no other",
        poisoned_record,
    ),
    scenario(
        "values-not-repeated",
        "Problems",
        "no problem repeats a value that was sent",
        values_not_repeated,
    ),
    scenario(
        "unknown-member-of-record",
        "What is never sent",
        "a record with a member that is not listed is rejected, and the others are taken",
        unknown_member_of_record,
    ),
    scenario(
        "unknown-member-of-batch",
        "What is never sent",
        "a batch with a member that is not listed is refused with batch-malformed",
        unknown_member_of_batch,
    ),
    scenario(
        "malformed-batch",
        "Batches",
        "what is no batch of version 1 is refused with batch-malformed",
        malformed_batch,
    ),
    scenario(
        "address-mismatch",
        "Batches",
        "a batch at an address that names another epoch or number is refused with address-mismatch",
        address_mismatch,
    ),
];

/// What can be wrong with a record, and the problem that says so.
fn poisons(bench: &Bench) -> Vec<(&'static str, Value, &'static [&'static str])> {
    let facts = &bench.facts;
    let record = |body: Value| facts.upsert(2, "poison", body);
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    const EITHER: &[&str] = &["record-malformed", "record-invalid"];
    let mut no_class = facts.half_day("poison", "U");
    no_class.as_object_mut().map(|members| members.remove("class"));
    let mut no_id = record(facts.half_day("poison", "U"));
    no_id["recordId"] = SECRET.into();
    let crossing = facts.crossing("poison", "reached");
    vec![
        ("a kind that is none", record(json!({"kind": SECRET})), &["record-malformed"]),
        ("a date that is none", record(with(facts.half_day("poison", "U"), "date", SECRET.into())), EITHER),
        ("an upsert of a half-day without class", record(no_class), &["record-invalid"]),
        ("a class that is none", record(with(facts.half_day("poison", "U"), "class", SECRET.into())), EITHER),
        ("a recordId that is no UUID", no_id, EITHER),
        ("recordVersion 0", version(record(facts.half_day("poison", "U")), 0), EITHER),
        ("7 days as a threshold", record(with(crossing, "thresholdDays", 7.into())), EITHER),
        (
            "a Description of 121 characters",
            record(with(facts.response("poison"), "description", "x".repeat(121).into())),
            &["record-invalid"],
        ),
    ]
}

fn poisoned_record(bench: &Bench) -> Verdict {
    let facts = &bench.facts;
    for (index, (what, poison, kinds)) in poisons(bench).into_iter().enumerate() {
        let before = bench.held()?;
        let good = |seq: u64| {
            let key = format!("beside poison {index} {seq}");
            facts.upsert(seq, &key, facts.half_day(&key, "U"))
        };
        let [first, last] = [good(1), good(3)];
        let sealed = bench.begin().seal(&[first.clone(), poison, last.clone()]);
        let answer = bench.put(&sealed)?;
        must(
            answer.status == 200,
            format!("{what}: 200 with a receipt that rejects number 2"),
            answer.words(),
        )?;
        let receipt = answer.json();
        let named: Vec<&Value> = receipt["rejected"].as_array().into_iter().flatten().collect();
        let [rejected] = named[..] else {
            return failed(format!("{what}: number 2 rejected, and no other"), answer.words());
        };
        judge_rejected(what, rejected, kinds)?;
        must(receipt["acceptedThrough"] == 3, format!("{what}: acceptedThrough 3"), receipt.to_string())?;
        bench.must_hold(&before.with(&first).with(&last), &format!("{what}: the other two are taken"))?;
    }
    Ok(())
}

fn judge_rejected(what: &str, rejected: &Value, kinds: &[&str]) -> Verdict {
    let problem = &rejected["problem"];
    let named = problem["type"].as_str().and_then(|name| name.strip_prefix(PROBLEM)).unwrap_or_default();
    let expected = format!("{what}: seq 2 with a problem of type {}", kinds.join(" or "));
    must(rejected["seq"] == 2 && kinds.contains(&named), expected, rejected.to_string())?;
    let pointer = problem["pointer"].as_str().unwrap_or_default();
    let points = pointer == "/records/1" || pointer.starts_with("/records/1/");
    must(points, format!("{what}: a pointer to /records/1"), rejected.to_string())
}

/// Fails when an answer holds the value.
fn must_not_repeat(what: &str, answer: &Answer) -> Verdict {
    let said = String::from_utf8_lossy(&answer.body).contains(SECRET)
        || answer.headers.iter().any(|(_, value)| value.contains(SECRET));
    // The value itself stays out of the report too.
    let expected = format!("{what}: a problem that says what is wrong without the value");
    must(!said, expected, "the value that was sent, in the answer")
}

fn values_not_repeated(bench: &Bench) -> Verdict {
    for (what, poison, _) in poisons(bench) {
        let first = bench.facts.upsert(1, "beside secret", bench.facts.half_day("beside secret", "U"));
        must_not_repeat(what, &bench.put(&bench.begin().seal(&[first, poison]))?)?;
    }
    for (name, value) in [("schemaVersion", SECRET), ("prevDigest", SECRET), ("generatedAt", SECRET)] {
        let mut envelope = bench.begin().envelope(1, &[]);
        envelope[name] = value.into();
        must_not_repeat(name, &bench.put(&seal(&envelope))?)?;
    }
    Ok(())
}

fn unknown_member_of_record(bench: &Bench) -> Verdict {
    let facts = &bench.facts;
    let places: [(&str, Spoil); 3] = [
        ("of a record", |record| record["note"] = SECRET.into()),
        ("of a body", |record| record["body"]["note"] = SECRET.into()),
        ("of a student", |record| record["body"]["student"]["name"] = SECRET.into()),
    ];
    for (place, add) in places {
        let mut bad = facts.upsert(1, "unknown member", facts.half_day("unknown member", "U"));
        add(&mut bad);
        let answer = bench.put(&bench.begin().seal(&[bad]))?;
        let rejected = &answer.json()["rejected"];
        let is_right = answer.status == 200
            && rejected.as_array().is_some_and(|all| all.len() == 1)
            && rejected[0]["problem"]["type"] == format!("{PROBLEM}record-malformed");
        let expected = format!("an unknown member {place}: 200, rejected with record-malformed");
        must(is_right, expected, answer.words())?;
    }
    Ok(())
}

fn unknown_member_of_batch(bench: &Bench) -> Verdict {
    let mut envelope = bench.begin().envelope(1, &[]);
    envelope["note"] = "something".into();
    refusal(&bench.put(&seal(&envelope))?, &[(422, "batch-malformed")])?;
    Ok(())
}

fn malformed_batch(bench: &Bench) -> Verdict {
    let (chain, facts) = (bench.begin(), &bench.facts);
    let record = |seq: u64| facts.upsert(seq, &format!("malformed {seq}"), facts.half_day("malformed", "U"));
    let changed = |name: &str, value: Value| {
        let mut envelope = chain.envelope(2, &[record(1), record(2)]);
        envelope[name] = value;
        envelope
    };
    let cases = [
        ("schemaVersion \"2\"", changed("schemaVersion", "2".into())),
        ("lastSeq below the last record", changed("lastSeq", 1.into())),
        ("a prevDigest in the batch that begins with 1", changed("prevDigest", wire::digest(b"x").into())),
        ("records out of order", changed("records", json!([record(2), record(1)]))),
        ("no list of records", changed("records", Value::Null)),
        ("generatedAt without an offset", changed("generatedAt", "2026-05-08T18:00:00".into())),
    ];
    let judge = |what: &str, answer: &Answer| -> Result<(), Stop> {
        match refusal(answer, &[(422, "batch-malformed")]) {
            Ok(_) => Ok(()),
            Err(Stop::Failed { expected, came }) => failed(format!("{what}: {expected}"), came),
            Err(other) => Err(other),
        }
    };
    for (what, envelope) in cases {
        judge(what, &bench.put(&seal(&envelope))?)?;
    }
    let mut no_json = chain.seal(&[record(1)]);
    no_json.bytes.truncate(no_json.bytes.len() - 1);
    no_json.digest = wire::digest(&no_json.bytes);
    judge("JSON without its end", &bench.put(&no_json)?)?;
    bench.tell(&chain, &[record(1)])?;
    Ok(())
}

fn address_mismatch(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let sealed = chain.seal(&[bench.facts.upsert(1, "address", bench.facts.half_day("address", "U"))]);
    for (epoch, first) in [(sealed.epoch + 1, 1), (sealed.epoch, 2)] {
        let mut ask = bench.put_of(&sealed);
        ask.path = wire::batch_path(bench.facts.school, epoch, first);
        refusal(&bench.ask(&ask)?, &[(400, "address-mismatch")])?;
    }
    bench.take(&sealed)?;
    Ok(())
}
