//! Texts to mobile phones: what one is, and who takes it, a provider or a folder.

use crate::MailError;
use crate::folder::Folder;
use crate::line::Verdict;
use crate::provider::Provider;
use std::fmt;
use std::path::Path;
use store::mail::MessageRow;

/// The kind of messages to whānau, written from a template: they alone may leave as texts.
pub(crate) const HOME: &str = "home";

/// What takes texts, and how many a school may send a day.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    by: By,
    most_a_day: u32,
}

#[derive(Debug, Clone)]
enum By {
    Folder(Folder),
    Provider(Provider),
}

/// A text ready to be handed over.
pub(crate) struct Text {
    /// The identity of its message.
    pub(crate) id: String,
    /// The number as it is dialled: digits, perhaps after a plus.
    pub(crate) to: String,
    /// What it says.
    pub(crate) words: String,
}

impl Texts {
    pub(crate) fn in_folder(folder: Folder, most_a_day: u32) -> Self {
        Self { by: By::Folder(folder), most_a_day }
    }

    pub(crate) fn by_provider(provider: Provider, most_a_day: u32) -> Self {
        Self { by: By::Provider(provider), most_a_day }
    }

    pub(crate) fn most_a_day(&self) -> u32 {
        self.most_a_day
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        match &self.by {
            By::Folder(folder) => Some(folder.path()),
            By::Provider(_) => None,
        }
    }

    pub(crate) fn check(&self) -> Result<String, MailError> {
        match &self.by {
            By::Folder(folder) => folder.check(),
            By::Provider(provider) => provider.check(),
        }
    }

    /// Hands a text in.
    pub(crate) fn give(&self, text: &Text) -> Verdict {
        match &self.by {
            By::Folder(folder) => folder.keep(&text.id, "txt", text.file().as_bytes()),
            By::Provider(provider) => provider.give(text),
        }
    }
}

/// The provider's address, without the token.
impl fmt::Display for Texts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            By::Folder(folder) => write!(out, "{}", folder.path().display()),
            By::Provider(provider) => provider.fmt(out),
        }
    }
}

impl Text {
    /// Makes a text of a message.
    ///
    /// # Errors
    /// In words, when the message may not leave as a text, or its number cannot be dialled.
    pub(crate) fn of(row: &MessageRow) -> Result<Self, String> {
        if row.kind != HOME {
            return Err("only a message home leaves as a text, since only it is written for one".to_owned());
        }
        let to: String = row.to_address.chars().filter(|letter| !" -()".contains(*letter)).collect();
        let digits = to.strip_prefix('+').unwrap_or(&to);
        // Source: ITU-T E.164, at most fifteen digits.
        if !(6..=15).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            let number = crate::tame(&row.to_address, 40);
            return Err(format!(
                "{number:?} is no number that texts can be sent to: correct it under their contacts"
            ));
        }
        Ok(Self { id: row.id.clone(), to, words: crate::plain_lines(&row.body) })
    }

    /// The file of a text: headers, an empty line, and the words, in UTF-8.
    fn file(&self) -> String {
        format!("To: {}\nAlphabet: UTF-8\n\n{}", self.to, self.words)
    }
}
