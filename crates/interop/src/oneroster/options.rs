//! What a person chooses about a roster.

/// Which of a user's ids is the student's id at the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StudentIdFrom {
    /// `identifier`, else the SMS's own id in `userIds`, else `sourcedId`.
    #[default]
    Identifier,
    /// `sourcedId`.
    SourcedId,
    /// `username`.
    Username,
}

impl StudentIdFrom {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Identifier, Self::SourcedId, Self::Username];

    /// The word of a setting or option.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::SourcedId => "sourcedId",
            Self::Username => "username",
        }
    }

    /// Reads the word.
    ///
    /// # Errors
    /// Says which words there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|rule| rule.text().eq_ignore_ascii_case(text.trim()));
        known.ok_or_else(|| "identifier, sourcedId or username".to_owned())
    }
}

/// What a person chose.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The `sourcedId`, number or name of the org that is this school.
    pub org: Option<String>,
    /// Which id is the student's.
    pub student_id: StudentIdFrom,
    /// Whether `identifier` holds the National Student Number.
    pub identifier_is_nsn: bool,
}
