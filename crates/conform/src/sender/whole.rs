//! What can only be seen when a sender has told all that it has.

use super::bench::Bench;
use super::desk::{Put, Question};
use super::stance::{Answered, Chosen};
use super::{Scenario, scenario};
use crate::finding::{Verdict, failed, must, skipped};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "poisoned-record",
        "Problems",
        "a batch that is refused for one record is cut until that record alone is left out",
        poisoned_record,
    ),
    scenario(
        "rejected-record",
        "Receipts",
        "a record that a receipt rejects does not come again unchanged",
        rejected_record,
    ),
    scenario("no-gaps", "Batches", "batches cover every number", no_gaps),
    scenario("chained", "Batches", "prevDigest is the digest of the batch before", chained),
    scenario(
        "same-bytes",
        "Batches",
        "what was taken at an address does not come as other bytes",
        same_bytes,
    ),
    scenario("versions-rise", "Records", "recordVersion rises with each version of a fact", versions_rise),
    scenario(
        "school-days",
        "Records",
        "each school day of which attendance is told has its day record",
        school_days,
    ),
    scenario(
        "reconciles",
        "Digests",
        "the digest is asked for, and the date that differs is sent again under new numbers",
        reconciles,
    ),
];

fn taken(bench: &Bench<'_>) -> Vec<Put> {
    bench.desk().puts.iter().filter(|put| put.answered == Answered::Taken).cloned().collect()
}

fn poisoned_record(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    let desk = bench.desk();
    let Chosen::Record(poison) = desk.stance.poison.clone() else {
        return skipped("no batch with a record came that could be refused");
    };
    let refused: Vec<&Put> = desk.puts.iter().filter(|put| put.answered == Answered::Poisoned).collect();
    let words = format!("record {} left out, and nothing else", poison["seq"]);
    if desk.stance.forgave_poison {
        let last = refused.last().map(|put| put.words()).unwrap_or_default();
        return failed(words, format!("the same again after 422, more than three times: {last}"));
    }
    let Some(first) = refused.first() else { return skipped("no batch was refused") };
    let told: BTreeSet<&str> = desk
        .puts
        .iter()
        .filter(|put| put.answered == Answered::Taken)
        .flat_map(|put| put.records())
        .filter_map(|record| record["recordId"].as_str())
        .collect();
    let missing: Vec<String> = first
        .records()
        .iter()
        .filter(|record| !desk.stance.poison.is(record))
        .filter(|record| !record["recordId"].as_str().is_some_and(|id| told.contains(id)))
        .map(|record| record["seq"].to_string())
        .collect();
    let came = format!("records {} of the refused batch did not come either", missing.join(", "));
    must(missing.is_empty(), words, came)?;
    let covered = desk.expected > poison["seq"].as_u64().unwrap_or_default();
    must(covered, "the number of the record that was left out is covered by a batch", "it is not")
}

fn rejected_record(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    let desk = bench.desk();
    let Chosen::Record(rejected) = desk.stance.reject.clone() else {
        return skipped("no record came that could be rejected");
    };
    let seqs: BTreeSet<String> = desk
        .puts
        .iter()
        .filter(|put| put.answered == Answered::Taken)
        .flat_map(|put| put.records())
        .filter(|record| desk.stance.reject.is(record))
        .map(|record| record["seq"].to_string())
        .collect();
    let expected = format!("record {} not again before it is put right", rejected["seq"]);
    let numbers: Vec<String> = seqs.into_iter().collect();
    must(numbers.len() <= 1, expected, format!("it came unchanged under the numbers {}", numbers.join(", ")))
}

fn no_gaps(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    match bench.desk().gaps.first() {
        None => Ok(()),
        Some(gap) => failed("each batch begins with the number after the batch before", gap.clone()),
    }
}

fn chained(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    match bench.desk().breaks.first() {
        None => Ok(()),
        Some(broken) => failed("prevDigest is the digest of the batch before in the epoch", broken.clone()),
    }
}

fn same_bytes(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    match bench.desk().others.first() {
        None => Ok(()),
        Some(other) => failed("sealed bytes are kept and resent as they are", other.clone()),
    }
}

fn versions_rise(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    let mut latest: HashMap<(u64, String), (u64, u64)> = HashMap::new();
    let mut twice = 0;
    for put in taken(bench) {
        for record in put.records() {
            let key = (put.number("epoch"), record["recordId"].as_str().unwrap_or_default().to_owned());
            let number = |name: &str| record[name].as_u64().unwrap_or_default();
            let (seq, version) = (number("seq"), number("recordVersion"));
            if let Some((before, known)) =
                latest.insert(key, (seq, version)).filter(|(before, _)| *before < seq)
            {
                twice += 1;
                let expected =
                    format!("a recordVersion above {known} in number {seq}, a later version than {before}");
                must(version > known, expected, format!("recordVersion {version}"))?;
            }
        }
    }
    if twice == 0 { skipped("no fact came in two versions") } else { Ok(()) }
}

fn school_days(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    if bench.desk().begun_later {
        return skipped("the sender did not begin with number 1: what it told before is not known here");
    }
    let (mut marked, mut told) = (BTreeMap::new(), BTreeSet::new());
    for put in taken(bench) {
        for record in put.records() {
            let date = record["body"]["date"].as_str().unwrap_or_default().to_owned();
            match record["body"]["kind"].as_str() {
                Some("attendance") if record["op"] == "upsert" => {
                    marked.insert(date, record["seq"].clone());
                }
                Some("day") => {
                    told.insert(date);
                }
                _ => {}
            }
        }
    }
    if marked.is_empty() {
        return skipped("no attendance came");
    }
    match marked.iter().find(|(date, _)| !told.contains(*date)) {
        None => Ok(()),
        Some((date, seq)) => {
            failed(format!("a day record of {date}, of which number {seq} tells attendance"), "none")
        }
    }
}

fn reconciles(bench: &Bench<'_>) -> Verdict {
    bench.take_all()?;
    let questions = bench.desk().questions.clone();
    let begun_later = bench.desk().begun_later;
    if questions.is_empty() {
        return failed("GET …/digest once all is acknowledged, at least once a day", "no such question");
    }
    for question in &questions {
        let names = ["term=", "firstDay=", "lastDay="];
        let is_whole = names.iter().all(|name| question.target.contains(name));
        must(is_whole, "a question with term, firstDay and lastDay", question.target.clone())?;
    }
    let altered = questions.iter().find_map(|question| Some((question, question.altered.clone()?)));
    let Some((Question { at, .. }, (date, ids))) = altered else {
        return skipped("no question was about a date of which anything holds");
    };
    let after: Vec<Put> = taken(bench).into_iter().filter(|put| put.at > *at).collect();
    let before: HashMap<String, Value> = taken(bench)
        .iter()
        .filter(|put| put.at <= *at)
        .flat_map(|put| put.records())
        .map(|record| (record["recordId"].as_str().unwrap_or_default().to_owned(), record["body"].clone()))
        .collect();
    let again: Vec<&Value> = after.iter().flat_map(|put| put.records()).collect();
    let is_again = |id: &String| again.iter().any(|record| record["recordId"] == **id);
    let missing = ids.iter().filter(|id| !is_again(id)).count();
    let expected =
        format!("all {} records of {date}, of which the digest differed, under new numbers", ids.len());
    must(missing == 0, expected, format!("{missing} of them did not come again"))?;
    let of_other_dates = again.iter().filter(|record| {
        let id = record["recordId"].as_str().unwrap_or_default();
        record["body"]["date"] != *date && before.get(id) == Some(&record["body"])
    });
    let others = if begun_later { 0 } else { of_other_dates.count() };
    must(others == 0, format!("nothing but {date}"), format!("{others} records of which nothing differed"))
}
