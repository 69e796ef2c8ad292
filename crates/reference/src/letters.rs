//! Messages home that a school can begin with, each a file that the crate `letters` reads.

/// A message home to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterExample {
    /// A short name, as the file's: `sent-notification`, `correction` …
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

/// The message that puts an earlier one right.
pub const CORRECTION: &str = "correction";

/// Every message to begin with: one for each Description of *Sent written communication*, in the
/// order of the guidance, one for praise, and the correction.
#[must_use]
pub fn letters() -> &'static [LetterExample] {
    const LETTERS: [LetterExample; 6] = [
        LetterExample {
            name: "sent-notification",
            text: include_str!("../../../reference/letters/sent-notification.txt"),
        },
        LetterExample {
            name: "escalated-notification",
            text: include_str!("../../../reference/letters/escalated-notification.txt"),
        },
        LetterExample {
            name: "formal-warning",
            text: include_str!("../../../reference/letters/formal-warning.txt"),
        },
        LetterExample {
            name: "upcoming-absence",
            text: include_str!("../../../reference/letters/upcoming-absence.txt"),
        },
        LetterExample {
            name: "reinforcement",
            text: include_str!("../../../reference/letters/reinforcement.txt"),
        },
        LetterExample { name: CORRECTION, text: include_str!("../../../reference/letters/correction.txt") },
    ];
    &LETTERS
}
