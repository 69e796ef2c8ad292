//! The kit tells a right receiver from a wrong one: for each fault exactly the scenarios that are
//! about it fail, and without a fault all pass.

mod models;

use conform::{Credential, Report, receiver};
use domain::SchoolNumber;
use models::receiver::{Fault, start};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many receivers are judged at once.
const AT_ONCE: usize = 4;

fn judge(fault: Option<Fault>) -> Report {
    let listener = start(fault, Some("a-token"));
    let school = SchoolNumber::parse("9901").expect("a number");
    receiver::judge(&listener.url(), school, &Credential::token("a-token"), &[])
}

#[test]
fn a_receiver_without_a_fault_passes_everything() {
    let report = judge(None);
    assert_eq!((report.failures().count(), report.skipped().count()), (0, 0), "{}", report.text());
}

#[test]
fn a_receiver_that_admits_any_school_is_not_asked_for_a_token() {
    let listener = start(None, None);
    let school = SchoolNumber::parse("9901").expect("a number");
    let report = receiver::judge(&listener.url(), school, &Credential::none(), &[]);
    let skipped: Vec<_> = report.skipped().collect();
    assert_eq!(
        (report.failures().count(), skipped),
        (0, vec!["no-credential", "wrong-school"]),
        "{}",
        report.text()
    );
}

#[test]
fn each_fault_fails_its_own_scenarios_and_no_other() {
    use Fault::*;
    let cases: &[(Fault, &[&str])] = &[
        (ForgetsTheReceipt, &["same-batch-again", "at-once"]),
        (TakesOtherBytes, &["other-bytes-same-address"]),
        (TakesAGap, &["sequence-gap", "new-epoch"]),
        (TakesAnyChain, &["broken-chain"]),
        (TakesAnOldEpoch, &["stale-epoch"]),
        (AppliesOlderOverNewer, &["overlap", "older-after-newer"]),
        (KeepsTheHighestVersionWhateverTheEpoch, &["epoch-over-version", "snapshot"]),
        (IgnoresTheDigestHeader, &["digest-missing", "digest-wrong"]),
        (StopsAtAPoisonedRecord, &["poisoned-record", "unknown-member-of-record"]),
        (PointsNowhere, &["poisoned-record"]),
        (RepeatsTheValue, &["values-not-repeated"]),
        (TakesUnknownMembersOfARecord, &["unknown-member-of-record"]),
        (TakesUnknownMembersOfABatch, &["unknown-member-of-batch"]),
        (IgnoresSnapshots, &["snapshot"]),
        (SnapshotTakesBothStreams, &["snapshot"]),
        (KeepsWhatIsWithdrawn, &["withdraw"]),
        (RefusesGzip, &["gzip", "gzip-bomb"]),
        (UnpacksWithoutLimit, &["gzip-bomb"]),
        (NamesTheDigestOfThePackedBytes, &["gzip"]),
        (TakesAnyLength, &["too-large"]),
        (TakesAnyEncoding, &["unknown-encoding"]),
        (ProblemsAsText, &["problem-form"]),
        (TakesAnyMethodAsUnknown, &["methods"]),
        (RedirectsASlash, &["no-redirect"]),
        (TakesHalfABody, &["cut-request"]),
        (TakesAnyToken, &["no-credential"]),
        (TakesAnySchoolsToken, &["wrong-school"]),
        (ForgetsItsSchool, &["receipt"]),
        (TakesAnyAddress, &["address-mismatch"]),
        (RefusesEmptyBatches, &["empty-batch"]),
        (ReceiptsAsText, &["media-type"]),
        (
            HashesTheBodyAlone,
            &[
                "overlap",
                "older-after-newer",
                "epoch-over-version",
                "withdraw",
                "crossing-withdrawn",
                "snapshot",
                "digest-by-date",
                "at-once",
                "poisoned-record",
                "gzip",
                "cut-request",
            ],
        ),
    ];
    let wrong = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((fault, expected)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = judge(Some(*fault));
                    let failures: Vec<&str> = report.failures().collect();
                    if failures != *expected || report.skipped().count() > 0 {
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
