//! The conformance kit by the real program: our own two ends pass, and it says so with its exit code.

mod common;

use common::{Answer, Place};
use std::io::BufRead as _;
use std::process::Child;

/// A program that serves until the test ends, and the address that it printed.
struct Serving(Child, String);

impl Serving {
    fn start(place: &Place, arguments: &[&str]) -> Self {
        let mut child = place.start(arguments);
        let mut address = String::new();
        let output = child.stdout.take().expect("its output");
        std::io::BufReader::new(output).read_line(&mut address).expect("a line");
        Self(child, address.trim().to_owned())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The names of the scenarios with an outcome, from the report as JSON.
fn with_outcome(answer: &Answer, outcome: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&answer.out).expect("a report");
    let scenarios = report["scenarios"].as_array().expect("a list").iter();
    let matching = scenarios.filter(|scenario| scenario["outcome"] == outcome);
    matching.map(|scenario| scenario["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn our_own_collector_passes_with_a_token_and_in_a_rehearsal() {
    let ministry = Place::empty();
    let admitted = ministry.run(&["admit", "--school-number", "9901", "--name", "A made-up school"]);
    let token = ministry.file("token", &admitted.out);
    let serving = Serving::start(&ministry, &["collect", "--listen", "127.0.0.1:0", "--now", common::NOW]);
    let judged = ministry.plain(&[
        "conform",
        "receiver",
        &serving.1,
        "--school-number",
        "9901",
        "--token-file",
        &token,
        "--json",
    ]);
    assert_eq!(
        (with_outcome(&judged, "fail"), with_outcome(&judged, "skipped"), judged.code),
        (vec![], vec![], 0)
    );
    assert!(!judged.out.contains(admitted.out.trim()) && !judged.err.contains(admitted.out.trim()));

    let rehearsal = Place::empty();
    let serving = Serving::start(&rehearsal, &["collect", "--listen", "127.0.0.1:0", "--admit-any"]);
    let judged = ministry.plain(&["conform", "receiver", &serving.1, "--school-number", "9901"]);
    assert_eq!(judged.code, 0, "{}", judged.out);
    assert!(judged.out.contains("skipped  no-credential: no token was given"), "{}", judged.out);
}

#[test]
fn our_own_sender_passes_by_its_control_address() {
    let school = Place::with_school();
    let more = school.import("marks", &common::marks("s2", 4..=8, 'P'));
    assert_eq!(more.code, 0, "{more:?}");
    // A port that was free a moment ago: the sender is told it before the kit listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let (listen, to) = (free.to_string(), format!("http://{free}"));
    let sharing = ["share", "--to", &to, "--control", "127.0.0.1:0", "--now", common::NOW];
    let serving = Serving::start(&school, &sharing);
    let judged = school.plain(&["conform", "sender", &serving.1, "--listen", &listen, "--json"]);
    assert_eq!((with_outcome(&judged, "fail"), judged.code), (vec![], 0), "{judged:?}");
    assert_eq!(with_outcome(&judged, "skipped"), Vec::<String>::new(), "{judged:?}");
}

#[test]
fn what_is_wrong_is_a_failure_and_what_cannot_be_meant_is_wrong_usage() {
    let place = Place::empty();
    let nobody = place.plain(&[
        "conform",
        "receiver",
        "http://127.0.0.1:9",
        "--school-number",
        "9901",
        "--only",
        "state",
    ]);
    assert_eq!(nobody.code, 1, "{nobody:?}");
    assert!(
        nobody.out.contains("FAIL     state") && nobody.out.contains("see       docs/wire/v1.md"),
        "{nobody:?}"
    );
    let listed = place.plain(&["conform", "sender", "--list"]);
    assert!(listed.code == 0 && listed.out.contains("gap-rewinds: "), "{listed:?}");
    let token = place.file("token", "kahikatea");
    let cases: [(&[&str], &str); 5] = [
        (&["receiver", "http://127.0.0.1:9", "--school-number", "9901", "--only", "stat"], "--list"),
        (&["receiver", "http://127.0.0.1:9"], "--school-number"),
        (&["receiver", "receiver.example", "--school-number", "9901"], "https://"),
        (
            &["receiver", "http://receiver.example", "--school-number", "9901", "--token-file", &token],
            "does not travel unprotected",
        ),
        (&["sender", "http://127.0.0.1:9"], "--listen"),
    ];
    for (arguments, why) in cases {
        let refused = place.plain(&[&["conform"], arguments].concat());
        assert_eq!(refused.code, 2, "{arguments:?}: {refused:?}");
        assert!(
            refused.err.contains(why) && !refused.err.contains("kahikatea"),
            "{arguments:?}: {refused:?}"
        );
    }
}
