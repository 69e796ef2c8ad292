//! What a sender does when a batch is too large, and when batches are said to be missing.

use super::bench::Bench;
use super::stance::Answered;
use super::{Scenario, scenario};
use crate::finding::{Verdict, failed, must, skipped};

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "too-large",
        "Problems",
        "a batch that is refused with 413 comes again in smaller ones",
        too_large,
    ),
    scenario(
        "gap-rewinds",
        "Problems",
        "after sequence-gap the batches from expectedSeq on come again, byte for byte",
        gap_rewinds,
    ),
];

fn too_large(bench: &Bench<'_>) -> Verdict {
    let puts = bench.take_some(1)?;
    let Some(refused) = puts.iter().find(|put| put.answered == Answered::TooLarge) else {
        return skipped("no batch of two or more records came that could be too large");
    };
    let again =
        puts.iter().filter(|put| put.answered != Answered::TooLarge).find(|put| put.path == refused.path);
    let smaller = again.is_some_and(|put| put.records().len() < refused.records().len());
    let came = again.map_or_else(|| "the same batch again, or nothing".to_owned(), |put| put.words());
    must(smaller, format!("a smaller batch than {} at the same address", refused.words()), came)
}

fn gap_rewinds(bench: &Bench<'_>) -> Verdict {
    let taken =
        |bench: &Bench<'_>| bench.desk().puts.iter().rfind(|put| put.answered == Answered::Taken).cloned();
    if taken(bench).is_none() {
        bench.take_some(1)?;
    }
    let Some(last) = taken(bench) else { return skipped("nothing came that could be taken") };
    let first = last.number("firstSeq");
    bench.desk().stance.gap = Some(first);
    let mut puts = Vec::new();
    for _ in 0..3 {
        puts.extend(bench.send()?);
        if puts.iter().any(|put| put.is(&last)) {
            break;
        }
    }
    bench.desk().stance.gap = None;
    let Some(at) = puts.iter().position(|put| put.answered == Answered::Gap) else {
        return skipped("no batch came after the one that was taken, of which it could be said");
    };
    let after = &puts[at + 1..];
    let expected = format!("after sequence-gap with expectedSeq {first}: {}", last.words());
    let Some(next) = after.iter().find(|put| put.answered != Answered::Gap) else {
        return failed(expected, after.first().map_or_else(|| "nothing".to_owned(), |put| put.words()));
    };
    must(next.is(&last), expected, next.words())?;
    // What was refused for the gap comes as it was, too.
    let refused = &puts[at];
    let again = after.iter().find(|put| put.path == refused.path);
    must(
        again.is_none_or(|put| put.is(refused)),
        format!("afterwards the same again: {}", refused.words()),
        again.map(|put| put.words()).unwrap_or_default(),
    )
}
