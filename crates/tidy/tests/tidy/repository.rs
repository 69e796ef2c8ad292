//! The files of the repository: those git tracks and new ones it does not ignore.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// A text file: its path from the root with `/`, and what it says.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The lines that are shipped: all before the first `#[cfg(test)]`, numbered from 1.
    pub fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let until = |&(_, line): &(usize, &str)| line.trim() != "#[cfg(test)]";
        self.numbered().take_while(until)
    }

    /// Every line, numbered from 1.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The crate it belongs to: `crates/NAME/…`, or `journeys`.
    pub fn room(&self) -> Option<&str> {
        let mut parts = self.path.split('/');
        match parts.next()? {
            "crates" => parts.next(),
            "journeys" => Some("journeys"),
            _ => None,
        }
    }

    /// Whether all of it is for tests: it stands outside `src`, in `testkit`, or is a `…_tests.rs`.
    pub fn is_for_tests(&self) -> bool {
        let outside = ["/tests/", "/examples/", "/benches/"].iter().any(|part| self.path.contains(part));
        outside
            || self.path.ends_with("_tests.rs")
            || self.path.ends_with("/tests.rs")
            || self.room() == Some("testkit")
    }
}

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.expect("a crate stands two folders below the root").to_owned()
});

static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git can be started");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("paths are UTF-8");
    let mut paths: Vec<String> =
        listed.split_terminator('\0').filter(|path| root().join(path).is_file()).map(str::to_owned).collect();
    paths.sort();
    paths.dedup();
    assert!(paths.len() > 50, "the list of files is short: {paths:?}");
    paths
});

/// The root of the repository.
pub fn root() -> &'static Path {
    &ROOT
}

/// Every path, sorted.
pub fn paths() -> &'static [String] {
    &PATHS
}

/// Whether there is a file or folder at a path from the root.
pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Reads one file that must be there.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every text file whose path passes.
pub fn files(passes: impl Fn(&str) -> bool) -> Vec<File> {
    let wanted = paths().iter().filter(|path| passes(path));
    let read = |path: &String| {
        let bytes = std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Some(File { path: path.clone(), text: String::from_utf8(bytes).ok()? })
    };
    wanted.filter_map(read).collect()
}

/// Every Rust file.
pub fn rust() -> Vec<File> {
    files(|path| path.ends_with(".rs"))
}

#[test]
fn only_what_follows_the_test_mark_is_not_shipped() {
    let file = File::new("crates/app/src/lib.rs", "one\ntwo\n#[cfg(test)]\nmod tests {}");
    assert_eq!(file.shipped().collect::<Vec<_>>(), [(1, "one"), (2, "two")]);
    assert_eq!(file.room(), Some("app"));
    assert!(!file.is_for_tests());
    assert!(File::new("crates/app/tests/story.rs", "").is_for_tests());
}
