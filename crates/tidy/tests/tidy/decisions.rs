//! Decision records: numbered without gaps, in the index, shaped alike, and every number that
//! the code or a document names has one.

use crate::links::{resolve, targets};
use crate::repository::{File, files};
use crate::{assert_found, assert_none};

const FOLDER: &str = "docs/decisions/";

fn number(path: &str) -> Option<u32> {
    let name = path.strip_prefix(FOLDER)?;
    let (digits, _) = name.split_once('-')?;
    (digits.len() == 4 && name.ends_with(".md")).then(|| digits.parse().ok())?
}

fn shape(records: &[File], index: &File) -> Vec<String> {
    let mut found = Vec::new();
    let linked: Vec<String> =
        targets(&index.text).iter().filter_map(|(_, target)| resolve(&index.path, target)).collect();
    for (record, expected) in records.iter().zip(1..) {
        let path = &record.path;
        if number(path) != Some(expected) {
            found.push(format!("{path}: expected number {expected:04}"));
        }
        if !linked.contains(path) {
            found.push(format!("{path}: is not in the index"));
        }
        let title = record.text.lines().next().unwrap_or_default();
        if !title.starts_with(&format!("# {expected:04} ")) {
            found.push(format!("{path}: its title does not begin with its number"));
        }
        for part in ["\n## Context\n", "\n## Decision\n", "\n## Consequence\n"] {
            if !record.text.contains(part) {
                found.push(format!("{path}: has no {}", part.trim()));
            }
        }
    }
    found
}

/// Numbers named as `decision NNNN`, `decisions NNNN` that no record has.
fn named(file: &File, count: u32) -> Vec<String> {
    let mut found = Vec::new();
    for (line, text) in file.numbered() {
        let text = text.to_lowercase();
        for rest in text.split("decision").skip(1) {
            let rest = rest.trim_start_matches('s').trim_start();
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            if digits.len() == 4 && !digits.parse().is_ok_and(|number: u32| (1..=count).contains(&number)) {
                found.push(format!("{}:{line}: there is no decision {digits}", file.path));
            }
        }
    }
    found
}

fn records() -> Vec<File> {
    files(|path| path.starts_with(FOLDER) && path.ends_with(".md") && !path.ends_with("/README.md"))
}

#[test]
fn decisions_are_numbered_indexed_and_shaped_alike() {
    let index =
        files(|path| path == "docs/decisions/README.md").pop().expect("there is an index of decisions");
    let records = records();
    assert!(!records.is_empty());
    assert_none(&shape(&records, &index));
}

#[test]
fn every_decision_that_is_named_exists() {
    let count = u32::try_from(records().len()).expect("decisions are countable");
    let texts =
        files(|path| [".rs", ".md", ".sql", ".toml", ".csv"].iter().any(|suffix| path.ends_with(suffix)));
    let others = texts.iter().filter(|file| file.room() != Some("tidy"));
    assert_none(&others.flat_map(|file| named(file, count)).collect::<Vec<_>>());
}

#[test]
fn a_gap_a_stranger_and_an_unknown_number_are_found() {
    let index = File::new("docs/decisions/README.md", "[one](0001-one.md)");
    let good = "# 0001 One\n\n## Context\n\n## Decision\n\n## Consequence\n";
    let records =
        [File::new("docs/decisions/0001-one.md", good), File::new("docs/decisions/0003-three.md", good)];
    assert_found(
        &shape(&records, &index),
        &["expected number 0002", "not in the index", "title does not begin"],
    );
    let bare = [File::new("docs/decisions/0001-one.md", "# 0001 One\n")];
    assert_found(&shape(&bare, &index), &["Context", "Decision", "Consequence"]);
    assert_found(&named(&File::new("x.rs", "// Choice: decision 0003 and Decision 0001.\n"), 2), &["0003"]);
}
