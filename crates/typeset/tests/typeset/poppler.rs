//! Poppler's programs as witnesses of what a PDF says: text, places, tags.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A word with where it stands on its page, in millimetres from the left and from the top.
#[derive(Debug, Clone)]
pub struct Word {
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// The text of each page.
pub fn pages(pdf: &[u8]) -> Vec<String> {
    let text = run("pdftotext", &["-layout"], pdf, &["-"]);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// What a reader is told of the file: title, author, pages.
pub fn about(pdf: &[u8]) -> String {
    run("pdfinfo", &[], pdf, &[])
}

/// Tags with their words, in the order in which a screen reader has them.
pub fn tags(pdf: &[u8]) -> String {
    run("pdfinfo", &["-struct-text"], pdf, &[])
}

/// The words of one page, counted from 1.
pub fn words(pdf: &[u8], page: usize) -> Vec<Word> {
    let page = page.to_string();
    let html = run("pdftotext", &["-bbox", "-f", &page, "-l", &page], pdf, &["-"]);
    let word = |line: &str| {
        let place = |key: &str| -> Option<f64> {
            let points: f64 = line.split_once(key)?.1.split('"').nth(1)?.parse().ok()?;
            Some(points * 25.4 / 72.0)
        };
        Some(Word {
            text: line.split_once('>')?.1.split_once('<')?.0.to_owned(),
            left: place("xMin")?,
            right: place("xMax")?,
            top: place("yMin")?,
            bottom: place("yMax")?,
        })
    };
    html.lines().filter(|line| line.trim_start().starts_with("<word")).filter_map(word).collect()
}

fn run(program: &str, before: &[&str], pdf: &[u8], after: &[&str]) -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let name = format!("{}-{}.pdf", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, pdf).expect("a file of our own");
    let said = Command::new(program).args(before).arg(&path).args(after).output();
    let said = said.unwrap_or_else(|error| panic!("{program} of Debian's poppler-utils: {error}"));
    std::fs::remove_file(&path).expect("a file of our own");
    assert!(said.status.success(), "{program}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).expect("text")
}
