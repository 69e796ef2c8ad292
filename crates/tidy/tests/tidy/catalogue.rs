//! Words: each one that a page asks for is in the catalogue, and each one in it is asked for.
//!
//! A word is asked for by `.word("…")`, `words.get("…")`, `.one("…"`, `.count("…"` or `.with("…"`
//! in a template or in code. A word that is only handed on (`Band::Green => "band-green"`) counts
//! as used when it stands as a text of its own anywhere in the code or templates. One that is
//! completed when the code runs, `format!("web-weekday-{}", …)`, counts as used when what stands
//! in the gap is a number, a text of its own anywhere in the code, or a value in an address
//! (`?done=saved`); and each such form must complete some word. A beginning of two parts or more
//! that is handed to a function (`named(words, "sharing-kind", …)`) is completed in the same way.

use crate::repository::{File, files, read, rust};
use crate::{assert_found, assert_none};
use std::collections::BTreeSet;

const CATALOGUE: &str = "crates/pages/words/en-NZ.ftl";

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

/// A form like `web-error-{}-title`, as what stands before and after its one gap.
fn form(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (_, after) = rest.split_once('}')?;
    let is_part = |part: &str| part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let joins = (before.is_empty() || before.ends_with('-')) && (after.is_empty() || after.starts_with('-'));
    (joins && before.len() + after.len() > 1 && is_part(before) && is_part(after)).then_some((before, after))
}

/// What a word puts in a form's gap.
fn filled<'a>(word: &'a str, (before, after): (&str, &str)) -> Option<&'a str> {
    word.strip_prefix(before)?.strip_suffix(after).filter(|filling| !filling.is_empty())
}

fn unused(words: &BTreeSet<String>, users: &[File], others: &[File]) -> Vec<String> {
    let texts: BTreeSet<&str> = users.iter().flat_map(texts).collect();
    let elsewhere = users.iter().chain(others).flat_map(self::texts);
    let fillings: BTreeSet<String> =
        elsewhere.map(|text| text.rsplit('=').next().unwrap_or(text).replace('_', "-")).collect();
    let forms: Vec<(&str, &str)> = texts.iter().filter_map(|text| form(text)).collect();
    let is_known = |filling: &str| filling.parse::<u32>().is_ok() || fillings.contains(filling);
    // Endings as short as `as` or `go` stand in the code for other reasons.
    let is_begun = |word: &str| {
        let splits = word.match_indices('-').map(|(at, _)| (&word[..at], &word[at + 1..]));
        let mut long = splits.filter(|(begin, _)| begin.contains('-') && texts.contains(begin));
        long.any(|(_, filling)| filling.len() > 2 && is_known(filling))
    };
    let is_completed =
        |word: &str| is_begun(word) || forms.iter().any(|&form| filled(word, form).is_some_and(is_known));
    let idle = words.iter().filter(|word| !texts.contains(word.as_str()) && !is_completed(word));
    idle.map(|word| format!("nothing asks for {word}")).collect()
}

/// Forms that ask for a word and complete none.
fn incomplete(file: &File, words: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.shipped() {
        for call in ["words.get(&format!(\"", ".word(&format!(\""] {
            let forms = line.split(call).skip(1).filter_map(|rest| form(quoted(rest)));
            for (before, after) in
                forms.filter(|&form| !words.iter().any(|word| filled(word, form).is_some()))
            {
                found.push(format!("{}:{number}: no word is like {before}…{after}", file.path));
            }
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
    let users = users();
    assert_none(&users.iter().flat_map(|file| missing(file, &words)).collect::<Vec<_>>());
    assert_none(&users.iter().flat_map(|file| incomplete(file, &words)).collect::<Vec<_>>());
}

#[test]
fn every_word_in_the_catalogue_is_asked_for() {
    let mut others = rust();
    others.retain(|file| !file.is_for_tests());
    assert_none(&unused(&catalogue(&read(CATALOGUE)), &users(), &others));
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
    let code = "words.get(&format!(\"z-{}\", name)); \nx.word(&format!(\"y-{}-title\", 1))\n\
        #[cfg(test)]\n\"a-two\"";
    let users = [page, File::new("crates/web/src/x.rs", code)];
    assert_found(&unused(&words, &users, &[]), &["a-two", "z-three"]);
    let others = [File::new("crates/domain/src/x.rs", "\"/there?done=three\"")];
    assert_found(&unused(&words, &users, &others), &["a-two"]);
    assert_found(&incomplete(&users[1], &words), &["x.rs:2: no word is like y-…-title"]);
}
