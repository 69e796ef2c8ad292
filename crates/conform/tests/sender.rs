//! The kit tells a right sender from a wrong one: for each fault exactly the scenarios that are
//! about it fail, and without a fault all pass.

mod models;

use conform::Report;
use conform::sender::{Drive, Kit};
use models::sender::{Fault, start};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many senders are judged at once: they mostly wait.
const AT_ONCE: usize = 14;

fn judge(fault: Option<Fault>) -> Report {
    let kit = Kit::listen(([127, 0, 0, 1], 0).into()).expect("a port");
    let sender = start(fault, &kit.url());
    let drive = Drive::Control { address: sender.url(), patience: Duration::from_millis(50) };
    kit.judge(&drive, &[], &|_| {})
}

#[test]
fn a_sender_without_a_fault_passes_everything() {
    let report = judge(None);
    assert_eq!((report.failures().count(), report.skipped().count()), (0, 0), "{}", report.text());
}

#[test]
fn each_fault_fails_its_own_scenarios_and_no_other() {
    use Fault::*;
    /// What comes again after an answer that is none.
    const REPEATS: [&str; 9] = [
        "lost-answer",
        "server-error",
        "retry-after-503",
        "retry-after-429",
        "cut-receipt",
        "page-for-receipt",
        "receipt-for-other-bytes",
        "receipt-for-other-school",
        "redirect",
    ];
    let cases: &[(Fault, &[&str], &[&str])] = &[
        (SealsAnewForEachAttempt, &[&REPEATS[..], &["gap-rewinds", "same-bytes"]].concat(), &[]),
        (
            BelievesAny200,
            &["page-for-receipt", "receipt-for-other-bytes", "receipt-for-other-school"],
            &["school-days"],
        ),
        (BelievesOtherBytes, &["receipt-for-other-bytes"], &["school-days"]),
        (BelievesOtherSchools, &["receipt-for-other-school"], &["school-days"]),
        (BelievesHalfAReceipt, &["cut-receipt"], &["school-days"]),
        (FollowsRedirects, &["redirect"], &[]),
        (GivesUpAfterAServerError, &["server-error"], &["school-days"]),
        (IgnoresRetryAfter, &["retry-after-503", "retry-after-429"], &[]),
        (DoesNotCut, &["too-large"], &[]),
        (DoesNotGoBack, &["gap-rewinds"], &[]),
        (SealsAnewWhenGoingBack, &["gap-rewinds", "same-bytes"], &[]),
        (StopsAtAPoisonedRecord, &["poisoned-record"], &[]),
        (DropsTheWholeBatch, &["poisoned-record"], &[]),
        (SendsPoisonForEver, &["poisoned-record"], &[]),
        (SendsRejectedAgain, &["rejected-record"], &[]),
        (LeavesANumberOut, &["no-gaps"], &[]),
        (BreaksTheChain, &["chained"], &[]),
        (KeepsTheVersion, &["versions-rise"], &[]),
        (ForgetsDays, &["school-days"], &[]),
        (NeverCompares, &["reconciles"], &["versions-rise"]),
        (SendsAllAgain, &["reconciles"], &[]),
        (WrongDigest, &["content-digest"], &[]),
        (DigestOfTheUnpackedBytes, &["content-digest"], &[]),
        (UnknownMember, &["listed-members-only"], &[]),
        (NsnInTheAddress, &["batch-form", "no-nsn-outside"], &[]),
        (NoControlState, &["control"], &[]),
        (WrongMediaType, &["batch-form"], &[]),
    ];
    let wrong = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((fault, expected, unseen)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = judge(Some(*fault));
                    let failures: Vec<&str> = report.failures().collect();
                    let skipped: Vec<&str> = report.skipped().collect();
                    if failures != *expected || skipped != *unseen {
                        let words =
                            format!("{fault:?}: {failures:?} instead of {expected:?}\n{}", report.text());
                        wrong.lock().expect("alone").push(words);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("alone");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
