//! The kit and its page name the same scenarios, and every section that a report names is there.

use conform::{receiver, sender};
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../docs/wire/conformance.md");
const PROTOCOL: &str = include_str!("../../../docs/wire/v1.md");

/// Sections that the page of the protocol gets together with what they describe.
#[test]
fn the_page_lists_every_scenario_in_the_order_in_which_they_run() {
    let listed: Vec<String> = receiver::scenarios()
        .chain(sender::scenarios())
        .map(|known| format!("| `{}` | {} | {} |", known.name, known.about, known.section))
        .collect();
    let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows, listed);
}

#[test]
fn no_two_scenarios_of_a_side_have_one_name() {
    for names in [
        receiver::scenarios().map(|known| known.name).collect::<Vec<_>>(),
        sender::scenarios().map(|known| known.name).collect(),
    ] {
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}

#[test]
fn every_section_that_a_report_names_is_a_heading_of_the_protocol() {
    let headings: Vec<&str> = PROTOCOL
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    for known in receiver::scenarios().chain(sender::scenarios()) {
        assert!(headings.contains(&known.section), "{}: {}", known.name, known.section);
    }
}
