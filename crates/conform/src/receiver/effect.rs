//! What counts: the newest version in the newest epoch, what is withdrawn, and what a snapshot
//! leaves. All of it is seen by the digest of the term.

use super::bench::{Bench, Held, receipt, refusal};
use super::facts::{DAY, Facts, TERM, TERM_DAYS, version};
use super::{Scenario, scenario};
use crate::client::Ask;
use crate::finding::{Verdict, failed, must};
use serde_json::Value;

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "every-kind",
        "Records",
        "a batch with every kind of record is taken, none rejected",
        every_kind,
    ),
    scenario(
        "older-after-newer",
        "What the collector does",
        "a version that is older than the one that counts has no effect",
        older_after_newer,
    ),
    scenario(
        "epoch-over-version",
        "Epochs",
        "what a later epoch says stands over an earlier one, whatever the versions",
        epoch_over_version,
    ),
    scenario("withdraw", "Records", "a fact that is withdrawn holds no longer, and may hold again", withdraw),
    scenario(
        "crossing-withdrawn",
        "Records",
        "a crossing says by its state that it is withdrawn, and its responses stay",
        crossing_withdrawn,
    ),
    scenario(
        "snapshot",
        "Snapshots",
        "after a snapshot nothing of its term and stream holds that was said in an earlier epoch only",
        snapshot,
    ),
    scenario(
        "digest-by-date",
        "Digests",
        "the digest counts and hashes what holds, date by date and for the term",
        digest_by_date,
    ),
    scenario(
        "digest-question",
        "Digests",
        "a question that names no term or no days is refused with request-malformed",
        digest_question,
    ),
    scenario(
        "at-once",
        "What the collector does",
        "the same batch put several times at the same moment has one effect and one receipt",
        at_once,
    ),
];

fn every_kind(bench: &Bench) -> Verdict {
    let facts = &bench.facts;
    let bodies = [
        facts.half_day("kind 1", "J"),
        facts.closure("2026-05-06"),
        facts.day("2026-05-06"),
        facts.crossing("kind 1", "reached"),
        facts.response("kind 1"),
        facts.held_response("kind 1"),
        Facts::snapshot("responses"),
    ];
    let records: Vec<Value> =
        (1..).zip(bodies).map(|(seq, body)| facts.upsert(seq, &format!("kind {seq}"), body)).collect();
    bench.tell(&bench.begin(), &records)?;
    Ok(())
}

fn older_after_newer(bench: &Bench) -> Verdict {
    let (chain, facts) = (bench.begin(), &bench.facts);
    let record = |seq: u64, of: u64, class: &str| {
        version(facts.upsert(seq, "older", facts.half_day("older", class)), of)
    };
    let before = bench.held()?;
    let newer = record(1, 7, "J");
    let chain = bench.tell(&chain, std::slice::from_ref(&newer))?;
    let chain = bench.tell(&chain, &[record(2, 3, "U")])?;
    let after = before.with(&newer);
    bench.must_hold(&after, "version 3 after version 7 has no effect")?;
    let newest = record(3, 9, "P");
    bench.tell(&chain, std::slice::from_ref(&newest))?;
    bench.must_hold(&after.without(&newer).with(&newest), "version 9 after version 7 counts")
}

fn epoch_over_version(bench: &Bench) -> Verdict {
    let facts = &bench.facts;
    let record =
        |of: u64, class: &str| version(facts.upsert(1, "epochs", facts.half_day("epochs", class)), of);
    let before = bench.held()?;
    bench.tell(&bench.begin(), &[record(9, "U")])?;
    let later = record(1, "J");
    bench.tell(&bench.begin(), std::slice::from_ref(&later))?;
    bench.must_hold(&before.with(&later), "version 1 of the later epoch counts over version 9 of the earlier")
}

fn withdraw(bench: &Bench) -> Verdict {
    let (chain, facts) = (bench.begin(), &bench.facts);
    let record = |seq: u64, class: &str| facts.upsert(seq, "taken back", facts.half_day("taken back", class));
    let before = bench.held()?;
    let chain = bench.tell(&chain, &[record(1, "U")])?;
    let chain = bench.tell(&chain, &[facts.withdraw(2, "taken back", facts.no_half_day("taken back"))])?;
    bench.must_hold(&before, "what is withdrawn holds no longer")?;
    let again = record(3, "J");
    bench.tell(&chain, std::slice::from_ref(&again))?;
    bench.must_hold(&before.with(&again), "a newer version brings it back")
}

fn crossing_withdrawn(bench: &Bench) -> Verdict {
    let (chain, facts) = (bench.begin(), &bench.facts);
    let before = bench.held()?;
    let reached = facts.upsert(1, "crossing", facts.crossing("crossing", "reached"));
    let response = facts.upsert(2, "answer", facts.response("crossing"));
    let chain = bench.tell(&chain, &[reached.clone(), response.clone()])?;
    let told = before.with(&reached).with(&response);
    bench.must_hold(&told, "a crossing and its response hold")?;
    let withdrawn = facts.upsert(3, "crossing", facts.crossing("crossing", "withdrawn"));
    bench.tell(&chain, std::slice::from_ref(&withdrawn))?;
    let why = "the crossing's new version (an upsert that says withdrawn) takes the place of the old, and the \
               response stays";
    bench.must_hold(&told.without(&reached).with(&withdrawn), why)
}

fn snapshot(bench: &Bench) -> Verdict {
    let facts = &bench.facts;
    let half_day = |seq: u64, key: &str| facts.upsert(seq, key, facts.half_day(key, "U"));
    let [kept, gone] = [half_day(1, "snapshot kept"), half_day(2, "snapshot gone")];
    let response = facts.upsert(3, "snapshot response", facts.response("snapshot kept"));
    bench.tell(&bench.begin(), &[kept.clone(), gone, response])?;
    let term = bench.held()?.term;
    let after = facts.upsert(2, "snapshot", Facts::snapshot("attendance"));
    bench.tell(&bench.begin(), &[kept.clone(), after])?;
    let expected = Held { term, ..Held::default() }.with(&kept);
    let why = "only what this epoch said of attendance holds after the snapshot, and responses, another stream, stay";
    bench.must_hold(&expected, why)?;
    // What comes back later comes back as any new version does.
    let chain = bench.begin();
    let again = half_day(1, "snapshot gone");
    bench.tell(&chain, std::slice::from_ref(&again))?;
    bench.must_hold(
        &expected.with(&again),
        "a fact that a snapshot left out holds again when it is told again",
    )
}

fn digest_by_date(bench: &Bench) -> Verdict {
    let (chain, facts) = (bench.begin(), &bench.facts);
    let before = bench.held_between(TERM_DAYS.0, TERM_DAYS.1)?;
    let bodies = [
        facts.half_day_on("date 1", DAY, "U"),
        facts.half_day_on("date 2", "2026-05-07", "J"),
        facts.closure("2026-05-07"),
        facts.day("2026-06-30"),
        facts.crossing("date 1", "reached"),
        facts.response("date 1"),
    ];
    let records: Vec<Value> =
        (1..).zip(bodies).map(|(seq, body)| facts.upsert(seq, &format!("date {seq}"), body)).collect();
    bench.tell(&chain, &records)?;
    let expected = records.iter().fold(before, Held::with);
    let held = bench.held_between(TERM_DAYS.0, TERM_DAYS.1)?;
    for date in [DAY, "2026-05-07", "2026-06-30"] {
        let (right, came) = (expected.day(date), held.day(date));
        let words = |of: crate::Tally| format!("{date}: {} records, hash {}", of.count, of.hash_text());
        must(right == came, words(right), words(came))?;
    }
    let words = |of: crate::Tally| format!("{TERM}: {} records, hash {}", of.count, of.hash_text());
    must(expected.term == held.term, words(expected.term), words(held.term))?;
    let window = bench.held_between("2026-05-07", "2026-05-08")?;
    let outside = window.days.keys().any(|date| !["2026-05-07", "2026-05-08"].contains(&date.as_str()));
    let named: Vec<&str> = window.days.keys().map(String::as_str).collect();
    must(!outside, "only dates from firstDay to lastDay", named.join(", "))?;
    let answer = bench.ask(&bench.digest_of(DAY, DAY))?.json();
    let is_whole = ["schoolNumber", "epoch", "acceptedThrough"].iter().all(|name| !answer[*name].is_null())
        && answer["epoch"] == chain.epoch
        && answer["acceptedThrough"] == records.len();
    let expected = format!("schoolNumber, epoch {} and acceptedThrough {}", chain.epoch, records.len());
    must(is_whole, expected, answer.to_string())
}

fn digest_question(bench: &Bench) -> Verdict {
    let path = format!("/v1/schools/{}/digest", bench.facts.school);
    for question in [
        "",
        "?term=2026-T2",
        "?term=second&firstDay=2026-05-04&lastDay=2026-05-04",
        "?term=2026-T2&firstDay=4.5.&lastDay=2026-05-04",
    ] {
        let ask = bench.signed(Ask::of("GET", format!("{path}{question}")));
        refusal(&bench.ask(&ask)?, &[(400, "request-malformed")])?;
    }
    Ok(())
}

fn at_once(bench: &Bench) -> Verdict {
    let (chain, facts) = (bench.begin(), &bench.facts);
    let before = bench.held()?;
    let record = facts.upsert(1, "at once", facts.half_day("at once", "U"));
    let sealed = chain.seal(std::slice::from_ref(&record));
    let (ask, client) = (bench.put_of(&sealed), &bench.client);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| client.ask(&ask))).collect();
        threads.into_iter().map(|thread| thread.join()).collect()
    });
    let mut receipts = Vec::new();
    for answer in answers {
        match answer {
            // One that could not be served at this moment may be asked to come again.
            Ok(Ok(answer)) if answer.status == 503 || answer.status == 429 => {}
            Ok(Ok(answer)) => {
                receipt(&answer, &sealed)?;
                receipts.push(answer.body);
            }
            Ok(Err(words)) => return failed("an answer to each of six", words),
            Err(_) => return failed("an answer to each of six", "the kit itself failed"),
        }
    }
    receipts.push(bench.put(&sealed)?.body);
    receipts.dedup();
    let words: Vec<_> = receipts.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    must(receipts.len() == 1, "the same receipt for all", words.join(" and "))?;
    bench.must_hold(&before.with(&record), "six at once have the effect of one")?;
    let state = bench.state()?;
    must(state["expectedSeq"] == 2, "expectedSeq 2", state.to_string())
}
