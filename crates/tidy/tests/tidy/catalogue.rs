//! Words: each one that a page asks for is in the catalogue, and each one in it is asked for.
//!
//! A word is asked for by `.word("…")`, `words.get("…")`, `.one("…"`, `.count("…"` or `.with("…"`
//! in a template or in code. A word that is only handed on (`Band::Green => "band-green"`) counts
//! as used when it stands as a text of its own anywhere in the code or templates.

use crate::repository::{File, files, read};
use crate::{assert_found, assert_none};
use std::collections::BTreeSet;

const CATALOGUE: &str = "crates/pages/words/en-NZ.ftl";

/// A word that the code completes when it runs: its beginning, and the endings it may get.
type Completed<'a> = (&'a str, &'a [&'a str]);

/// All of them. The code says `format!("frame-{…}")`; no check could follow that.
const COMPLETED: &[Completed<'_>] =
    &[("frame-", &["today", "roll", "students", "review", "sharing", "plan", "school"])];

/// The words of a catalogue.
fn catalogue(text: &str) -> BTreeSet<String> {
    let begins_word = |line: &&str| line.starts_with(|letter: char| letter.is_ascii_lowercase());
    let id = |line: &str| Some(line.split_once('=')?.0.trim().to_owned());
    text.lines().filter(begins_word).filter_map(id).collect()
}

/// The text from just after a quotation mark to the next.
fn quoted(rest: &str) -> &str {
    rest.split('"').next().unwrap_or_default()
}

/// Words asked for by name, with their lines.
fn asked(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let lines: Vec<(usize, &str)> =
        if file.path.ends_with(".rs") { file.shipped().collect() } else { file.numbered().collect() };
    for (number, line) in lines {
        for call in [".word(\"", ".one(\"", ".count(\"", ".with(\"", "words.get(\"", "words().get(\""] {
            for rest in line.split(call).skip(1) {
                found.push((number, quoted(rest).to_owned()));
            }
        }
    }
    found
}

fn missing(file: &File, words: &BTreeSet<String>) -> Vec<String> {
    let unknown = asked(file).into_iter().filter(|(_, word)| !words.contains(word));
    unknown.map(|(number, word)| format!("{}:{number}: {word} is not in {CATALOGUE}", file.path)).collect()
}

/// Every text in quotation marks.
fn texts(file: &File) -> BTreeSet<&str> {
    let shipped: Vec<&str> = if file.path.ends_with(".rs") {
        file.shipped().map(|(_, line)| line).collect()
    } else {
        file.text.lines().collect()
    };
    shipped.into_iter().flat_map(|line| line.split('"').skip(1)).collect()
}

fn unused(words: &BTreeSet<String>, users: &[File], completed: &[Completed<'_>]) -> Vec<String> {
    let texts: BTreeSet<&str> = users.iter().flat_map(texts).collect();
    let is_completed = |word: &str| {
        completed.iter().any(|(begin, ends)| word.strip_prefix(begin).is_some_and(|end| ends.contains(&end)))
    };
    let idle = words.iter().filter(|word| !texts.contains(word.as_str()) && !is_completed(word));
    let mut found: Vec<String> = idle.map(|word| format!("nothing asks for {word}")).collect();
    for (begin, _) in completed {
        if !texts
            .iter()
            .any(|text| text.strip_prefix(begin).is_some_and(|rest| rest.starts_with('{') || rest.is_empty()))
        {
            found.push(format!("no code completes {begin}…"));
        }
    }
    found
}

/// Code and templates that draw pages. Examples and tests do not count.
fn users() -> Vec<File> {
    let mut users = files(|path| {
        (path.ends_with(".html") && path.contains("/templates/"))
            || (path.ends_with(".rs") && path.contains("/src/"))
    });
    users.retain(|file| {
        matches!(file.room(), Some("pages" | "web" | "collector" | "cli")) && !file.is_for_tests()
    });
    users
}

#[test]
fn every_word_a_page_asks_for_is_in_the_catalogue() {
    let words = catalogue(&read(CATALOGUE));
    assert!(words.len() > 50);
    assert_none(&users().iter().flat_map(|file| missing(file, &words)).collect::<Vec<_>>());
}

#[test]
fn every_word_in_the_catalogue_is_asked_for() {
    assert_none(&unused(&catalogue(&read(CATALOGUE)), &users(), COMPLETED));
}

#[test]
fn a_missing_an_idle_and_a_never_completed_word_are_found() {
    let words = catalogue(
        "# Words\n## Part\na-one = One\na-two = { $count ->\n    [one] 1\n   *[other] 2\n}\nz-three = x\n",
    );
    assert_eq!(words.iter().map(String::as_str).collect::<Vec<_>>(), ["a-one", "a-two", "z-three"]);
    let page = File::new(
        "crates/web/templates/x.html",
        "{{ frame.word(\"a-one\") }} {{ words.count(\"a-gone\", n) }}",
    );
    assert_found(&missing(&page, &words), &["x.html:1: a-gone"]);
    let users = [page, File::new("crates/web/src/x.rs", "format!(\"z-{name}\")\n#[cfg(test)]\n\"a-two\"")];
    assert_found(
        &unused(&words, &users, &[("z-", &["three"]), ("y-", &[])]),
        &["a-two", "no code completes y-"],
    );
}
