//! How a family is reached: by which channel, in which language.
//!
//! Contacts themselves are the store's; what may be sent to which of them is decided in `app`.

use std::fmt;

/// A way to reach a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// E-mail.
    Email,
    /// A text message to a mobile phone.
    Text,
    /// A letter on paper, by post or with the student.
    Letter,
    /// A phone call.
    Phone,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 4] = [Self::Email, Self::Text, Self::Letter, Self::Phone];

    /// The word in files and tables: `email`, `text`, `letter`, `phone`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Text => "text",
            Self::Letter => "letter",
            Self::Phone => "phone",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.text() == text)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

/// A language in which a family is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    English,
    /// Te reo Māori.
    Reo,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Reo];

    /// The word in files and tables, which is also the language's tag: `en`, `mi`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Reo => "mi",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.text() == text)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_and_languages_are_read_as_they_are_written() {
        assert_eq!(Channel::ALL.map(|channel| Channel::parse(&channel.to_string())), Channel::ALL.map(Some));
        assert_eq!(
            Language::ALL.map(|language| Language::parse(&language.to_string())),
            Language::ALL.map(Some)
        );
        assert_eq!((Channel::parse("fax"), Language::parse("EN")), (None, None));
    }
}
