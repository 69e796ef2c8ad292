//! What a program of another vendor may do at a school: narrow scopes, each by a word of its own.
//!
//! A program holds no role. What it may do follows from the scopes that the school gave it and from
//! nothing else, so a scope never brings what its words do not say.

use crate::Permission;
use std::fmt;

/// Something that a program may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApiScope {
    /// See who the students are: names, year, group, days of enrolment.
    StudentsRead,
    /// See students' full NSN. Each look is in the audit.
    NsnRead,
    /// See marks and half-days.
    MarksRead,
    /// Enter and correct marks.
    MarksWrite,
    /// See tallies.
    TalliesRead,
    /// See crossings, and what is owed for them.
    CrossingsRead,
    /// See responses. (Notes are seen by no program.)
    ResponsesRead,
    /// Record, revise and withdraw responses.
    ResponsesWrite,
    /// Write a private note with a response.
    NotesWrite,
    /// See the school's descriptions.
    DescriptionsRead,
    /// Add, reword and retire descriptions.
    DescriptionsWrite,
    /// Say on which half-days the school is open.
    CalendarWrite,
    /// Send students, staff and marks as files.
    RosterWrite,
    /// Take the exports.
    ExportsRead,
}

impl ApiScope {
    /// Every scope.
    pub const ALL: [Self; 14] = [
        Self::StudentsRead,
        Self::NsnRead,
        Self::MarksRead,
        Self::MarksWrite,
        Self::TalliesRead,
        Self::CrossingsRead,
        Self::ResponsesRead,
        Self::ResponsesWrite,
        Self::NotesWrite,
        Self::DescriptionsRead,
        Self::DescriptionsWrite,
        Self::CalendarWrite,
        Self::RosterWrite,
        Self::ExportsRead,
    ];

    /// Its word: `students:read`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::StudentsRead => "students:read",
            Self::NsnRead => "nsn:read",
            Self::MarksRead => "marks:read",
            Self::MarksWrite => "marks:write",
            Self::TalliesRead => "tallies:read",
            Self::CrossingsRead => "crossings:read",
            Self::ResponsesRead => "responses:read",
            Self::ResponsesWrite => "responses:write",
            Self::NotesWrite => "notes:write",
            Self::DescriptionsRead => "descriptions:read",
            Self::DescriptionsWrite => "descriptions:write",
            Self::CalendarWrite => "calendar:write",
            Self::RosterWrite => "roster:write",
            Self::ExportsRead => "exports:read",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.text() == text)
    }

    /// What it gives of what people may do. What a program sees is asked by the scope itself: none of
    /// these lets it see a student or a note as a person does.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::MarksWrite => &[Permission::CorrectMarkToday, Permission::CorrectMark],
            Self::ResponsesWrite => &[Permission::Respond],
            Self::DescriptionsWrite => &[Permission::EditDescriptions],
            Self::CalendarWrite => &[Permission::EditCalendar],
            _ => &[],
        }
    }
}

impl fmt::Display for ApiScope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_are_written_and_each_once() {
        let words: Vec<&str> = ApiScope::ALL.iter().map(|scope| scope.text()).collect();
        for (place, word) in words.iter().enumerate() {
            assert_eq!(ApiScope::parse(word), Some(ApiScope::ALL[place]));
            assert!(!words[..place].contains(word), "{word}");
        }
        for none in ["", "students", "students:write", "notes:read", "STUDENTS:READ", "students:read "] {
            assert_eq!(ApiScope::parse(none), None, "{none}");
        }
    }

    #[test]
    fn r25_no_scope_gives_what_only_people_may() {
        use Permission as P;
        let people_alone = [
            P::SeeStudents,
            P::ReadNotes,
            P::Prosecute,
            P::EditPeople,
            P::Import,
            P::EditSharing,
            P::SeeContacts,
        ];
        for scope in ApiScope::ALL {
            assert!(!scope.permissions().iter().any(|given| people_alone.contains(given)), "{scope}");
        }
    }
}
