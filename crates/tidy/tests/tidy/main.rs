//! Holds the repository to its own rules. One file a subject; `repository` reads the files.

mod catalogue;
mod decisions;
mod guidance;
mod links;
mod lock;
mod origins;
mod repository;
mod rooms;
mod source;
mod types;

/// Fails with every problem on its own line.
fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "{} found:\n{}", problems.len(), problems.join("\n"));
}

/// The twin of [`assert_none`]: the check saw exactly the planted faults, by a word of each.
fn assert_found(problems: &[String], words: &[&str]) {
    assert_eq!(problems.len(), words.len(), "{problems:#?}");
    for (problem, word) in problems.iter().zip(words) {
        assert!(problem.contains(word), "{problem:?} does not say {word:?}");
    }
}
