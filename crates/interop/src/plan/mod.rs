//! A school's plan as a TOML file that a person writes: text in, a plan or every problem out.
//!
//! [`read`] and [`write()`] are each other's inverse: a plan that was written reads back the same.
//! What the words of a plan mean, and whether they contradict each other, `domain::plan` says; here
//! its faults only get the line they stand on.

mod condition;
mod read;
mod table;
#[cfg(test)]
mod tests;
mod write;

pub use read::{parse, read, read_with};
pub use write::write;

/// The largest file that is read, in bytes: 256 KiB.
pub const LARGEST_FILE: usize = 256 * 1024;

/// The most problems that are told of one file; the rest would not be read.
pub const MOST_PROBLEMS: usize = 100;

/// How deep `all` and `any` may stand in each other.
pub const DEEPEST_CONDITION: usize = 4;

/// The most sentences or names in one list.
pub const MOST_IN_LIST: usize = 50;

/// The longest name: of a tier, a duty or a flag, in characters.
pub const NAME_LENGTH: usize = 100;

/// The longest sentence, in characters.
pub const SENTENCE_LENGTH: usize = 500;

/// The longest stretch of text, in characters.
pub const TEXT_LENGTH: usize = 5_000;

/// `?` and `T`: the absences that `unexplained_days` counts.
const UNEXPLAINED: [char; 2] = ['?', 'T'];

/// The words that stand for every owed step before one.
const ALL_EARLIER: &str = "all earlier";
