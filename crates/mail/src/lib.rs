//! E-mail and texts of the school: takes messages from the queue, sends them, keeps the answers.
//!
//! Acts of `app` put messages into the queue; this crate claims those of one channel one by one
//! ([`Post`]) and hands them in by a [`Way`]: an e-mail as the bytes that follow from its row
//! (`letter`) to a server (`line`, `server`), a text (`texts`) to a provider (`provider`), or either
//! into a folder (`folder`). Then it notes what came of it. Nothing is lost when the other end is
//! down, slow or refuses some; what happens to a message whose end nobody knows is decision 0029.

mod folder;
mod letter;
mod line;
mod post;
mod provider;
mod server;
mod texts;
mod way;

pub use post::{Post, PostReport};
pub use server::Server;
pub use way::Way;

use store::StoreError;

/// Why nothing could be sent. What the server answers is no error: it is kept with the message.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MailError {
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was configured cannot be used; says what would be right.
    #[error("{0}")]
    Unusable(String),
    /// The server could not be had; says what it answered.
    #[error("{0}")]
    Server(String),
}

impl From<store::DatabaseError> for MailError {
    fn from(error: store::DatabaseError) -> Self {
        Self::Store(error.into())
    }
}

/// Somebody else's words as one line of bounded length, without anything that steers a terminal or
/// begins another header.
fn tame(text: &str, most_letters: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).take(most_letters).collect()
}

/// The words of a message with one kind of line end and no other character that steers: a lone
/// carriage return is read as a line's end by some servers and not by others.
fn plain_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|letter| !letter.is_control() || "\n\t".contains(*letter)).collect()
}

/// The fewest digits that may be a phone number.
const DIGITS_OF_A_NUMBER: usize = 7;

/// Somebody else's words for a log: without e-mail addresses and without what may be a phone number,
/// also one in groups. The three digits that an answer begins with stay.
fn masked(words: &str) -> String {
    let is_address = |word: &str| word.contains('@') || word.contains("%40");
    let words: Vec<&str> =
        words.split_whitespace().map(|word| if is_address(word) { "…" } else { word }).collect();
    let words = words.join(" ");
    let is_code = |code: &str| code.bytes().all(|byte| byte.is_ascii_digit());
    let (code, mut rest) = match words.split_at_checked(3) {
        Some((code, rest)) if is_code(code) && rest.starts_with(' ') => (code, rest),
        _ => ("", words.as_str()),
    };
    let is_part = |letter: char| letter.is_ascii_digit() || " +-()".contains(letter);
    let mut shown = code.to_owned();
    while !rest.is_empty() {
        let (run, after) = rest.split_at(rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()));
        if run.bytes().filter(u8::is_ascii_digit).count() < DIGITS_OF_A_NUMBER {
            shown.push_str(run);
        } else {
            shown.push_str(if run.starts_with(' ') { " …" } else { "…" });
            shown.push_str(if run.ends_with(' ') { " " } else { "" });
        }
        let (plain, next) = after.split_at(after.find(is_part).unwrap_or(after.len()));
        shown.push_str(plain);
        rest = next;
    }
    shown
}

#[cfg(test)]
mod tests {
    #[test]
    fn r35_a_log_holds_neither_a_number_nor_an_address_and_says_what_was_wrong_all_the_same() {
        for (words, shown) in [
            ("401 no credit for +64215550001", "401 no credit for …"),
            ("64215550001 is unknown", "… is unknown"),
            ("429 (021) 555-0101 waits", "429 … waits"),
            ("450 <mere@home.example>: later", "450 … later"),
            ("402 {\"to\":\"mere%40home.example\"} no", "402 … no"),
            ("signing in: 535 5.7.8 who are you", "signing in: 535 5.7.8 who are you"),
            ("the server said nothing for 600 seconds", "the server said nothing for 600 seconds"),
            ("Connection refused (os error 111)", "Connection refused (os error 111)"),
            ("401", "401"),
            ("", ""),
        ] {
            assert_eq!(super::masked(words), shown, "{words}");
        }
    }
}
