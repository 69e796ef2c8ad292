//! `GUIDANCE.md` follows each sentence of the Ministry's guidance to where it is met.
//!
//! Its rows are tables with this head (several tables, one a section, are fine):
//!
//! ```text
//! | sentence | page | file | test |
//! |---|---|---|---|
//! | Types cannot be edited | `/descriptions` | `crates/domain/src/response.rs` | `app::nobody_edits_a_type` |
//! | Train staff | – | `docs/guide/office.md` | not yet |
//! ```
//!
//! - *sentence*: what the guidance says, in our words. The ten types stand by their exact names.
//! - *page*: addresses in backticks as the router writes them (`/students/{id}`), commands
//!   (`starboard respond`), or `–` where a sentence asks nothing of a page.
//! - *file*: paths from the root in backticks.
//! - *test*: `crate::name_of_test`; `journeys::…` for those in `journeys/`, and `browser::name`
//!   for `journeys/browser/scenarios/name.mjs`. `–` where there is nothing to test.
//! - *not yet* in a cell says honestly that this part does not stand.
//!
//! Several things in one cell are separated by commas.

use crate::repository::{File, files, paths};
use crate::{assert_found, assert_none};

/// The guidance has about this many sentences that say something to a school or its system, a
/// row of its table counted as one.
const LEAST_ROWS: usize = 45;

const HEAD: [&str; 4] = ["sentence", "page", "file", "test"];

const NOT_YET: &str = "not yet";

/// A column of a row: its name, its cell, and whether what a cell names exists.
type Column<'a> = (&'a str, &'a str, &'a dyn Fn(&str) -> bool);

/// What the rows may name.
struct Known {
    paths: Vec<String>,
    rust: Vec<File>,
}

impl Known {
    fn has_page(&self, page: &str) -> bool {
        if let Some(command) = page.strip_prefix("starboard ") {
            let command = command.split_whitespace().next().unwrap_or_default();
            return self.paths.iter().any(|path| {
                path.starts_with("crates/cli/src/")
                    && path.rsplit('/').next() == Some(&format!("{command}.rs"))
            });
        }
        let literal = format!("\"{page}\"");
        let shipped = |file: &&File| matches!(file.room(), Some("web" | "collector")) && !file.is_for_tests();
        page.starts_with('/') && self.rust.iter().filter(shipped).any(|file| file.text.contains(&literal))
    }

    fn has_file(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.paths.iter().any(|known| known == path || known.starts_with(&folder))
    }

    fn has_test(&self, test: &str) -> bool {
        let Some((room, name)) = test.split_once("::") else { return false };
        let name = name.rsplit("::").next().unwrap_or_default();
        if room == "browser" {
            return self.has_file(&format!("journeys/browser/scenarios/{name}.mjs"));
        }
        let function = format!("fn {name}(");
        self.rust.iter().any(|file| file.room() == Some(room) && file.text.contains(&function))
    }
}

/// The rows under every head, with their line numbers.
fn rows(text: &str) -> Vec<(usize, [String; 4])> {
    let mut found = Vec::new();
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        let cells = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|'));
        let Some(cells) = cells else {
            inside = false;
            continue;
        };
        let cells: Vec<String> = cells.split('|').map(|cell| cell.trim().to_owned()).collect();
        let is_rule = cells.iter().all(|cell| cell.chars().all(|letter| "-: ".contains(letter)));
        match <[String; 4]>::try_from(cells) {
            Ok(cells) if cells.iter().zip(HEAD).all(|(cell, head)| cell.to_lowercase() == head) => {
                inside = true
            }
            Ok(cells) if inside && !is_rule => found.push((index + 1, cells)),
            _ => {}
        }
    }
    found
}

/// What stands in backticks in a cell.
fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn problems(text: &str, known: &Known) -> Vec<String> {
    let mut found = Vec::new();
    for (line, [sentence, page, file, test]) in rows(text) {
        if sentence.is_empty() {
            found.push(format!("GUIDANCE.md:{line}: no sentence"));
        }
        let columns: [Column<'_>; 3] = [
            ("page", &page, &|name| known.has_page(name)),
            ("file", &file, &|name| known.has_file(name)),
            ("test", &test, &|name| known.has_test(name)),
        ];
        for (column, cell, exists) in columns {
            let names = named(cell);
            if names.is_empty() && cell != "–" && !cell.to_lowercase().contains(NOT_YET) {
                found.push(format!("GUIDANCE.md:{line}: {column} names nothing and does not say {NOT_YET}"));
            }
            for name in names.into_iter().filter(|name| !exists(name)) {
                found.push(format!("GUIDANCE.md:{line}: there is no {column} {name}"));
            }
        }
    }
    found
}

fn known() -> Known {
    let rust = crate::repository::rust();
    Known { paths: paths().to_vec(), rust }
}

fn guidance() -> String {
    let file = files(|path| path == "GUIDANCE.md").pop();
    file.expect("GUIDANCE.md follows the guidance sentence by sentence").text
}

#[test]
fn every_row_names_only_what_exists_or_says_not_yet() {
    assert_none(&problems(&guidance(), &known()));
}

#[test]
fn every_sentence_and_every_response_type_has_a_row() {
    let rows = rows(&guidance());
    assert!(rows.len() >= LEAST_ROWS, "{} rows, fewer than {LEAST_ROWS}", rows.len());
    let source = crate::repository::read("crates/domain/src/response.rs");
    let types = crate::types::types(&source);
    let has_row = |name: &str| rows.iter().any(|(_, cells)| cells[0].contains(name));
    let missing: Vec<String> =
        types.into_iter().map(|(name, _)| name).filter(|name| !has_row(name)).collect();
    assert_none(&missing);
}

#[test]
fn a_row_that_names_what_is_not_there_is_found() {
    let rust = vec![
        File::new("crates/web/src/routes.rs", "route(\"/today\")"),
        File::new("crates/app/tests/story.rs", "fn a_day_passes() {}"),
    ];
    let paths =
        ["crates/cli/src/respond.rs", "journeys/browser/scenarios/one.mjs"].map(str::to_owned).to_vec();
    let known = Known { paths, rust };
    let head = "| Sentence | Page | File | Test |\n|---|---|---|---|\n";
    let good = "| A | `/today`, `starboard respond` | `crates/cli` | `app::a_day_passes`, `browser::one` |\n\
        | B | – | not yet | not yet: next year |\n";
    assert_none(&problems(&format!("{head}{good}"), &known));
    assert_eq!(rows(&format!("{head}{good}\n| c | d | e | f |\n")).len(), 2);
    let bad = "| A | `/gone` | `crates/gone.rs` | `app::gone` |\n| | soon | – | – |\n";
    assert_found(
        &problems(&format!("{head}{bad}"), &known),
        &["page /gone", "file crates/gone.rs", "test app::gone", "no sentence", "page names nothing"],
    );
}
