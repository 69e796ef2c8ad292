//! What a school can share with the Ministry or keep back as a whole.

/// One of the two things that a school switches on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Attendance values, closures and days.
    Attendance,
    /// Crossings and responses.
    Responses,
}

impl Stream {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Attendance, Self::Responses];

    /// `attendance` or `responses`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::Responses => "responses",
        }
    }

    /// Reads the stream as it is written.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.text() == text)
    }
}
