//! What came of the scenarios, for people and as JSON.

use crate::Listed;
use crate::finding::{Stop, Verdict, short};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How one scenario ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As the protocol says.
    Passed,
    /// Otherwise.
    Failed {
        /// What the protocol asks for.
        expected: String,
        /// What came instead.
        came: String,
    },
    /// It could not be tried, and why.
    Skipped(String),
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Ok(()) => Self::Passed,
            Err(Stop::Failed { expected, came }) => {
                Self::Failed { expected: short(&expected), came: short(&came) }
            }
            Err(Stop::Skipped(why)) => Self::Skipped(short(&why)),
        }
    }
}

/// One scenario and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What was tried.
    pub scenario: Listed,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of all scenarios that were run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// `receiver` or `sender`.
    pub side: &'static str,
    /// Whom it is about.
    pub address: String,
    /// A line a scenario, in the order in which they ran.
    pub lines: Vec<Line>,
}

impl Report {
    /// Whether nothing failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures().next().is_none()
    }

    /// The names of the scenarios that failed.
    pub fn failures(&self) -> impl Iterator<Item = &'static str> {
        let failed = self.lines.iter().filter(|line| matches!(line.outcome, Outcome::Failed { .. }));
        failed.map(|line| line.scenario.name)
    }

    /// The names of the scenarios that could not be tried.
    pub fn skipped(&self) -> impl Iterator<Item = &'static str> {
        let skipped = self.lines.iter().filter(|line| matches!(line.outcome, Outcome::Skipped(_)));
        skipped.map(|line| line.scenario.name)
    }

    /// The report for people: a line a scenario, more where something failed, and the sum.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Line { scenario, outcome } in &self.lines {
            let name = scenario.name;
            let _ = match outcome {
                Outcome::Passed => writeln!(text, "pass     {name}: {}", scenario.about),
                Outcome::Skipped(why) => writeln!(text, "skipped  {name}: {why}"),
                Outcome::Failed { expected, came } => writeln!(
                    text,
                    "FAIL     {name}: {}\n           expected  {expected}\n           came      {came}\n           see       \
                     docs/wire/v1.md, \"{}\"",
                    scenario.about, scenario.section
                ),
            };
        }
        let (failed, skipped) = (self.failures().count(), self.skipped().count());
        let passed = self.lines.len() - failed - skipped;
        let _ = writeln!(text, "{}: {passed} passed, {failed} failed, {skipped} skipped", self.side);
        text
    }

    /// The same as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let lines: Vec<Value> = self.lines.iter().map(line_json).collect();
        json!({
            "side": self.side, "address": self.address, "protocol": "v1", "passed": self.passed(),
            "scenarios": lines,
        })
    }
}

fn line_json(Line { scenario, outcome }: &Line) -> Value {
    let (word, expected, came, why) = match outcome {
        Outcome::Passed => ("pass", None, None, None),
        Outcome::Failed { expected, came } => ("fail", Some(expected), Some(came), None),
        Outcome::Skipped(why) => ("skipped", None, None, Some(why)),
    };
    json!({
        "name": scenario.name, "about": scenario.about, "section": scenario.section, "outcome": word,
        "expected": expected, "came": came, "why": why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_was_expected_what_came_and_where_to_read() {
        let scenario = |name| Listed { name, about: "what is tried", section: "Problems" };
        let failed = Outcome::Failed { expected: "409".into(), came: "200\nOK".into() };
        let report = Report {
            side: "receiver",
            address: "https://receiver.example".into(),
            lines: vec![
                Line { scenario: scenario("one"), outcome: Outcome::from(Ok(())) },
                Line { scenario: scenario("two"), outcome: failed },
                Line { scenario: scenario("three"), outcome: Outcome::Skipped("no token".into()) },
            ],
        };
        let text = report.text();
        assert!(text.starts_with("pass     one: what is tried\nFAIL     two"), "{text}");
        assert!(text.contains("expected  409") && text.contains("docs/wire/v1.md, \"Problems\""), "{text}");
        assert!(text.ends_with("receiver: 1 passed, 1 failed, 1 skipped\n"), "{text}");
        assert_eq!(report.json()["scenarios"][2]["why"], "no token");
        assert!(!report.passed());
    }
}
