//! What every file of the code owes its reader, and what none may hold.

use crate::repository::{File, files, paths, root, rust};
use crate::{assert_found, assert_none};

/// The most lines of a file before its tests.
const MOST_LINES: usize = 400;

/// Files that may be longer, and why.
const LONGER: &[(&str, &str)] =
    &[("crates/store/src/statements.rs", "a list of SQL texts, one after the other")];

/// The most bytes of a tracked file.
const MOST_BYTES: u64 = 1_000_000;

/// The crates that hold SQL; the benchmarks insert beside an import what it inserts, the simulation
/// looks at both ends behind their backs.
const SQL_ROOMS: &[&str] = &["store", "collector", "database", "benchmarks", "simulation"];

/// Calls that stand for work not done. Written in two parts so that this file passes.
const UNFINISHED: &[&str] =
    &[concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!("), concat!("#[", "ignore")];

/// Places on one person's machine.
const MACHINE: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp/", "bash"), concat!("../", "shared")];

/// A line without its comment. A `//` inside a string ends it too early, which only hides an
/// address from these checks.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn opening(file: &File) -> Vec<String> {
    let opens = file.text.starts_with("//! ");
    if opens { Vec::new() } else { vec![format!("{}:1: does not open with //!", file.path)] }
}

fn length(file: &File) -> Vec<String> {
    let lines = file.shipped().count();
    let exempt = file.is_for_tests() || LONGER.iter().any(|(path, _)| *path == file.path);
    if exempt || lines <= MOST_LINES {
        return Vec::new();
    }
    vec![format!("{}: {lines} lines before its tests, more than {MOST_LINES}", file.path)]
}

fn unfinished(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.numbered() {
        for call in UNFINISHED.iter().filter(|call| code(line).contains(**call)) {
            found.push(format!("{}:{number}: {call}", file.path));
        }
    }
    found
}

fn unwraps(file: &File) -> Vec<String> {
    if file.is_for_tests() {
        return Vec::new();
    }
    let unwraps = file.shipped().filter(|(_, line)| code(line).contains(".unwrap()"));
    unwraps.map(|(number, _)| format!("{}:{number}: unwrap outside tests", file.path)).collect()
}

fn starts_sql(text: &str) -> bool {
    ["select ", "insert into ", "delete from ", "create table "].iter().any(|verb| text.starts_with(verb))
        || (text.starts_with("update ") && text.contains(" set "))
}

fn sql(file: &File) -> Vec<String> {
    // A test may look at a table behind the acts' back.
    let may = file.is_for_tests() || file.room().is_some_and(|room| SQL_ROOMS.contains(&room));
    let mut found = Vec::new();
    for (number, line) in file.numbered() {
        // What follows a quotation mark is where a text may begin.
        let mut texts = code(line).split('"').skip(1);
        if !may && texts.any(|text| starts_sql(&text.to_lowercase())) {
            found.push(format!("{}:{number}: SQL outside {}", file.path, SQL_ROOMS.join(", ")));
        }
        let built =
            code(line).split_once("format!(\"").is_some_and(|(_, text)| starts_sql(&text.to_lowercase()));
        if may && built && !file.is_for_tests() {
            found.push(format!("{}:{number}: SQL built from text", file.path));
        }
    }
    found
}

fn machine(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.numbered() {
        for place in MACHINE.iter().filter(|place| line.contains(**place)) {
            found.push(format!("{}:{number}: {place} is a place on one machine", file.path));
        }
    }
    found
}

/// Paths like `docs/wire/v1.md` in comments, which no compiler follows.
fn documents(file: &File, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.numbered() {
        for rest in line.split("docs/").skip(1) {
            let is_path = |letter: char| letter.is_ascii_alphanumeric() || "/-_.".contains(letter);
            let end = rest.find(|letter| !is_path(letter)).unwrap_or(rest.len());
            let path = format!("docs/{}", rest[..end].trim_end_matches('.'));
            if [".md", ".json"].iter().any(|suffix| path.ends_with(suffix)) && !exists(&path) {
                found.push(format!("{}:{number}: there is no {path}", file.path));
            }
        }
    }
    found
}

fn over(files: &[File], check: impl Fn(&File) -> Vec<String>) -> Vec<String> {
    files.iter().flat_map(check).collect()
}

#[test]
fn every_file_opens_by_saying_what_it_holds() {
    assert_none(&over(&rust(), opening));
    assert_found(&opening(&File::new("x.rs", "use std::fmt;\n")), &["x.rs:1"]);
}

#[test]
fn no_file_is_too_long_to_read_at_once() {
    assert_none(&over(&rust(), length));
    let long = "let one = 1;\n".repeat(MOST_LINES + 1);
    assert_found(&length(&File::new("crates/app/src/long.rs", &long)), &["401 lines"]);
    assert_none(&length(&File::new("crates/app/tests/long.rs", &long)));
    for (path, _) in LONGER {
        assert!(paths().iter().any(|known| known == path), "{path} is exempt and does not exist");
    }
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    assert_none(&over(&rust(), unfinished));
    for call in UNFINISHED {
        let planted = format!("// {call}\nlet x = {call}\n");
        assert_found(&unfinished(&File::new("crates/app/tests/x.rs", &planted)), &[":2"]);
    }
}

#[test]
fn nothing_shipped_unwraps() {
    assert_none(&over(&rust(), unwraps));
    let planted = "let a = b.unwrap();\n#[cfg(test)]\nlet a = b.unwrap();\n";
    assert_found(&unwraps(&File::new("crates/app/src/x.rs", planted)), &["x.rs:1"]);
}

#[test]
fn sql_stands_in_its_rooms_alone_and_is_never_built() {
    let ours = rust().into_iter().filter(|file| file.room() != Some("tidy")).collect::<Vec<_>>();
    assert_none(&over(&ours, sql));
    let planted =
        "let all = \"SELECT * from mark\"; // \"select\nlet some = format!(\"update mark set {x}\");\n";
    assert_found(&sql(&File::new("crates/app/src/x.rs", planted)), &[":1: SQL outside", ":2: SQL outside"]);
    assert_found(&sql(&File::new("crates/store/src/x.rs", planted)), &[":2: SQL built"]);
}

#[test]
fn no_file_names_a_place_on_one_persons_machine() {
    assert_none(&over(&files(|_| true), machine));
    for place in MACHINE {
        assert_found(&machine(&File::new("x.md", &format!("see {place}x"))), &["x.md:1"]);
    }
}

#[test]
fn documents_named_in_the_code_exist() {
    let ours = rust().into_iter().filter(|file| file.room() != Some("tidy")).collect::<Vec<_>>();
    assert_none(&over(&ours, |file| documents(file, crate::repository::exists)));
    let planted = File::new("x.rs", "//! See docs/none.md, docs/some.md.\n");
    assert_found(&documents(&planted, |path| path == "docs/some.md"), &["docs/none.md"]);
}

#[test]
fn no_tracked_file_is_large() {
    let size = |path: &String| std::fs::metadata(root().join(path)).map_or(0, |about| about.len());
    let large = |limit: u64| paths().iter().filter(|path| size(path) > limit).cloned().collect::<Vec<_>>();
    assert_none(&large(MOST_BYTES));
    assert!(!large(10).is_empty(), "the check sees no size at all");
}
