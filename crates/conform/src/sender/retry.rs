//! What a sender does with answers that are no receipt: it believes none, and brings the same bytes
//! to the same address again.

use super::bench::Bench;
use super::desk::Put;
use super::stance::{ELSEWHERE, Trick};
use super::{Scenario, scenario};
use crate::finding::{Verdict, failed, must};
use std::time::Duration;

/// The seconds of Retry-After that the kit asks for.
const PAUSE: u64 = 1;

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "lost-answer",
        "Trying again",
        "after an answer was lost the same bytes come to the same address",
        |bench| comes_again(bench, Trick::Lost, "no answer"),
    ),
    scenario("server-error", "Trying again", "after a status of 500 the same bytes come again", |bench| {
        comes_again(bench, Trick::Busy(500, None), "500")
    }),
    scenario(
        "retry-after-503",
        "Trying again",
        "after 503 nothing comes before Retry-After is over, and then the same bytes",
        |bench| keeps_to_the_pause(bench, 503),
    ),
    scenario(
        "retry-after-429",
        "Trying again",
        "after 429 nothing comes before Retry-After is over, and then the same bytes",
        |bench| keeps_to_the_pause(bench, 429),
    ),
    scenario("cut-receipt", "Trying again", "a receipt that breaks off is not believed", |bench| {
        comes_again(bench, Trick::CutReceipt, "half a receipt")
    }),
    scenario(
        "page-for-receipt",
        "Trying again",
        "200 with a page instead of a receipt is not believed",
        |bench| comes_again(bench, Trick::Page, "200 with HTML"),
    ),
    scenario(
        "receipt-for-other-bytes",
        "Trying again",
        "a receipt with another digest is not believed",
        |bench| comes_again(bench, Trick::OtherBytes, "a receipt for other bytes"),
    ),
    scenario(
        "receipt-for-other-school",
        "Receipts",
        "a receipt for another school is not believed",
        |bench| comes_again(bench, Trick::OtherSchool, "a receipt for another school"),
    ),
    scenario("redirect", "Trying again", "a redirect is not followed, and the batch is still owed", redirect),
];

/// Fails unless all that was put is the same batch.
fn must_be_the_same(first: &Put, all: &[Put], after: &str) -> Verdict {
    for put in all {
        let expected = format!("after {after} the same again: {}", first.words());
        must(put.is(first), expected, put.words())?;
    }
    Ok(())
}

fn comes_again(bench: &Bench<'_>, trick: Trick, after: &str) -> Verdict {
    let puts = bench.trick(trick)?;
    let first = &puts[0];
    must_be_the_same(first, &puts, after)?;
    let again = bench.send()?;
    if again.is_empty() {
        return failed(
            format!("after {after} the same again: {}", first.words()),
            "nothing, when it was asked to send",
        );
    }
    must_be_the_same(first, &again, after)
}

fn keeps_to_the_pause(bench: &Bench<'_>, status: u16) -> Verdict {
    let puts = bench.trick(Trick::Busy(status, Some(PAUSE)))?;
    let (first, seen) = (&puts[0], bench.desk().puts.len() - puts.len());
    // Nobody asks it to send while it is to wait.
    std::thread::sleep(Duration::from_secs(PAUSE).saturating_sub(first.at.elapsed()));
    let early = bench.desk().puts.iter().skip(seen + 1).map(|put| put.at.duration_since(first.at)).min();
    if let Some(early) = early.filter(|early| *early < Duration::from_secs(PAUSE)) {
        let expected = format!("nothing for {PAUSE} seconds after {status} with Retry-After: {PAUSE}");
        return failed(expected, format!("a batch after {} milliseconds", early.as_millis()));
    }
    let again = bench.send()?;
    if again.is_empty() {
        let expected = format!("after {status} the same again: {}", first.words());
        return failed(expected, "nothing, when it was asked to send");
    }
    must_be_the_same(first, &again, &status.to_string())
}

fn redirect(bench: &Bench<'_>) -> Verdict {
    let outcome = comes_again(bench, Trick::Redirect, "a redirect");
    let followed = bench.desk().strays.iter().any(|stray| stray.ends_with(ELSEWHERE));
    must(!followed, format!("nothing asked of {ELSEWHERE}, to which the kit redirected"), "it was asked")?;
    outcome
}
