//! Batches and the order in which they may come: receipts, repeats, gaps, chains and epochs.

use super::bench::{Bench, refusal};
use super::facts::version;
use super::{Scenario, scenario};
use crate::finding::{Verdict, must};

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "receipt",
        "Receipts",
        "a batch that is taken is answered with a receipt with all its members",
        a_receipt,
    ),
    scenario(
        "same-batch-again",
        "What the collector does",
        "the same batch again is answered with the same receipt, byte for byte",
        same_batch_again,
    ),
    scenario(
        "other-bytes-same-address",
        "What the collector does",
        "other bytes at an address where a batch was taken are refused with batch-conflict",
        other_bytes,
    ),
    scenario(
        "sequence-gap",
        "What the collector does",
        "a batch that leaves numbers out is refused with sequence-gap and the number that is expected",
        sequence_gap,
    ),
    scenario(
        "broken-chain",
        "What the collector does",
        "a batch whose prevDigest does not name the batch before is refused with chain-broken",
        broken_chain,
    ),
    scenario(
        "overlap",
        "What the collector does",
        "numbers that were batched anew are taken, and only newer versions in them have an effect",
        overlap,
    ),
    scenario(
        "stale-epoch",
        "Epochs",
        "a batch of an epoch that is over is refused with stale-epoch",
        stale_epoch,
    ),
    scenario("new-epoch", "Epochs", "a new epoch begins with number 1 and an empty prevDigest", new_epoch),
    scenario("state", "Receipts", "the state says epoch, next number and digest of the last batch", state),
    scenario(
        "empty-batch",
        "Batches",
        "a batch that covers numbers and holds no records is taken",
        empty_batch,
    ),
];

fn a_receipt(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let records =
        [1, 2].map(|seq| bench.facts.upsert(seq, &format!("receipt {seq}"), bench.facts.day("2026-05-05")));
    let sealed = chain.seal(&records);
    let receipt = bench.take(&sealed)?;
    let texts = ["receiptId", "digest", "schoolNumber"];
    let missing: Vec<&str> =
        texts.into_iter().filter(|name| receipt[*name].as_str().is_none_or(str::is_empty)).collect();
    must(
        missing.is_empty() && receipt["rejected"].is_array(),
        "receiptId, digest, schoolNumber, acceptedThrough, expectedSeq and rejected",
        receipt.to_string(),
    )?;
    let school = bench.facts.school.to_string();
    must(receipt["schoolNumber"] == school, format!("schoolNumber \"{school}\""), receipt.to_string())?;
    let numbers = receipt["acceptedThrough"] == 2 && receipt["expectedSeq"] == 3;
    must(numbers, "acceptedThrough 2 and expectedSeq 3", receipt.to_string())
}

fn same_batch_again(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let sealed = chain.seal(&[bench.facts.upsert(1, "again", bench.facts.half_day("again", "U"))]);
    bench.take(&sealed)?;
    let first = bench.put(&sealed)?;
    // The receipt is the same also after the next batch was taken.
    bench.tell(
        &chain.after(&sealed),
        &[bench.facts.upsert(2, "again 2", bench.facts.half_day("again 2", "U"))],
    )?;
    let again = bench.put(&sealed)?;
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    must(
        first.status == 200 && again.body == first.body,
        format!("200 {}", words(&first.body)),
        again.words(),
    )
}

fn other_bytes(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let record = |class: &str| bench.facts.upsert(1, "conflict", bench.facts.half_day("conflict", class));
    bench.take(&chain.seal(&[record("U")]))?;
    refusal(&bench.put(&chain.seal(&[record("J")]))?, &[(409, "batch-conflict")])?;
    Ok(())
}

fn sequence_gap(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let record = |seq: u64| {
        bench.facts.upsert(seq, &format!("gap {seq}"), bench.facts.half_day(&format!("gap {seq}"), "U"))
    };
    let first = chain.seal(&[record(1)]);
    bench.take(&first)?;
    let mut ahead = chain.after(&first);
    ahead.next = 3;
    let problem = refusal(&bench.put(&ahead.seal(&[record(3)]))?, &[(409, "sequence-gap")])?;
    must(problem["expectedSeq"] == 2, "expectedSeq 2 in the problem", problem.to_string())?;
    let state = bench.state()?;
    must(
        state["expectedSeq"] == 2,
        "a batch that was refused changes nothing: expectedSeq 2",
        state.to_string(),
    )
}

fn broken_chain(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let record = |seq: u64| {
        bench.facts.upsert(seq, &format!("chain {seq}"), bench.facts.half_day(&format!("chain {seq}"), "U"))
    };
    let first = chain.seal(&[record(1)]);
    bench.take(&first)?;
    let mut next = chain.after(&first);
    next.prev = wire::digest(b"another batch");
    refusal(&bench.put(&next.seal(&[record(2)]))?, &[(409, "chain-broken")])?;
    bench.tell(&chain.after(&first), &[record(2)])?;
    Ok(())
}

fn overlap(bench: &Bench) -> Verdict {
    let (chain, facts) = (bench.begin(), &bench.facts);
    let record = |seq: u64, key: &str, class: &str| facts.upsert(seq, key, facts.half_day(key, class));
    let before = bench.held()?;
    let [first, newest] = [record(1, "overlap 1", "U"), record(3, "overlap 2", "J")];
    let sealed = chain.seal(&[first.clone(), record(2, "overlap 2", "U"), newest.clone()]);
    bench.take(&sealed)?;
    // The numbers from 3 on once more: 3 says something older of the second fact, 4 something new.
    let mut anew = chain.after(&sealed);
    anew.next = 3;
    let (older, new) = (version(record(3, "overlap 2", "P"), 1), record(4, "overlap 3", "U"));
    let sealed = anew.seal(&[older, new.clone()]);
    let receipt = bench.take(&sealed)?;
    must(receipt["acceptedThrough"] == 4, "acceptedThrough 4", receipt.to_string())?;
    bench.must_hold(&before.with(&first).with(&newest).with(&new), "the older version has no effect")
}

fn stale_epoch(bench: &Bench) -> Verdict {
    let old = bench.begin();
    let first = old.seal(&[bench.facts.upsert(1, "stale 1", bench.facts.half_day("stale 1", "U"))]);
    bench.take(&first)?;
    let new = bench.begin();
    bench.tell(&new, &[bench.facts.upsert(1, "stale 2", bench.facts.half_day("stale 2", "U"))])?;
    let late =
        old.after(&first).seal(&[bench.facts.upsert(2, "stale 3", bench.facts.half_day("stale 3", "U"))]);
    let problem = refusal(&bench.put(&late)?, &[(409, "stale-epoch")])?;
    must(problem["epoch"] == new.epoch, format!("epoch {} in the problem", new.epoch), problem.to_string())?;
    let state = bench.state()?;
    must(state["epoch"] == new.epoch, format!("the state stays in epoch {}", new.epoch), state.to_string())
}

fn new_epoch(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let record = |seq: u64| {
        bench.facts.upsert(seq, &format!("epoch {seq}"), bench.facts.half_day(&format!("epoch {seq}"), "U"))
    };
    bench.tell(&chain, &[record(1), record(2)])?;
    let mut ahead = bench.begin();
    ahead.next = 3;
    ahead.prev = wire::digest(b"a batch of another epoch");
    let problem = refusal(&bench.put(&ahead.seal(&[record(3)]))?, &[(409, "sequence-gap")])?;
    must(problem["expectedSeq"] == 1, "expectedSeq 1: a new epoch begins with 1", problem.to_string())?;
    let sealed = bench.begin().seal(&[record(1)]);
    let receipt = bench.take(&sealed)?;
    must(receipt["expectedSeq"] == 2, "expectedSeq 2 in the new epoch", receipt.to_string())
}

fn state(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let day = |seq: u64| bench.facts.upsert(seq, "state", bench.facts.day("2026-05-05"));
    let sealed = chain.seal(&[day(1), day(2), day(3)]);
    bench.take(&sealed)?;
    let state = bench.state()?;
    let school = bench.facts.school.to_string();
    let is_right = state["schoolNumber"] == school
        && state["epoch"] == chain.epoch
        && state["expectedSeq"] == 4
        && state["headDigest"] == sealed.digest;
    let expected = format!(
        "schoolNumber \"{school}\", epoch {}, expectedSeq 4 and headDigest {}",
        chain.epoch, sealed.digest
    );
    must(is_right, expected, state.to_string())
}

fn empty_batch(bench: &Bench) -> Verdict {
    let chain = bench.begin();
    let sealed = super::facts::seal(&chain.envelope(5, &[]));
    let receipt = bench.take(&sealed)?;
    must(receipt["expectedSeq"] == 6, "a receipt with expectedSeq 6", receipt.to_string())
}
