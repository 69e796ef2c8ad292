//! The places in a template that are filled in: a closed list, each with where it may stand.

/// A place that is filled in, written `{student}`.
///
/// There is none for a note, a reason, an NSN or another child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The name the student goes by.
    Student,
    /// That and the family name.
    StudentInFull,
    /// The name of whoever is written to.
    Contact,
    /// How long the student was away: `5.5 days`.
    Days,
    /// For how long the school was open: `40 days`.
    OpenDays,
    /// Every date of absence, as a list.
    Dates,
    /// The last few dates of absence, in running text.
    LastDates,
    /// Which term of the year: `3`.
    Term,
    /// The school's name.
    School,
    /// How the school is reached: its phone number, its e-mail address, or both.
    SchoolContact,
    /// Who sends it.
    Sender,
    /// What they are at the school.
    SenderPosition,
    /// The date of the message.
    Today,
    /// When the message went that is put right.
    EarlierDate,
    /// How long it said that the student was away.
    EarlierDays,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 15] = [
        Self::Student,
        Self::StudentInFull,
        Self::Contact,
        Self::Days,
        Self::OpenDays,
        Self::Dates,
        Self::LastDates,
        Self::Term,
        Self::School,
        Self::SchoolContact,
        Self::Sender,
        Self::SenderPosition,
        Self::Today,
        Self::EarlierDate,
        Self::EarlierDays,
    ];

    /// Its name between the braces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::StudentInFull => "student in full",
            Self::Contact => "contact",
            Self::Days => "days",
            Self::OpenDays => "open days",
            Self::Dates => "dates",
            Self::LastDates => "last dates",
            Self::Term => "term",
            Self::School => "school",
            Self::SchoolContact => "school contact",
            Self::Sender => "sender",
            Self::SenderPosition => "sender position",
            Self::Today => "today",
            Self::EarlierDate => "earlier date",
            Self::EarlierDays => "earlier days",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }

    /// Whether it speaks of an earlier message: only a correction can be filled in then.
    pub(crate) fn is_of_an_earlier_message(self) -> bool {
        matches!(self, Self::EarlierDate | Self::EarlierDays)
    }
}

/// A part of a message, for what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// A line of running text.
    Body,
    /// The subject, which shows on a locked phone.
    Subject,
    /// A text message, which does too.
    Text,
}

impl Where {
    pub(crate) fn allows(self, place: Place) -> bool {
        match self {
            Self::Body => place != Place::Dates,
            Self::Subject => {
                matches!(place, Place::Student | Place::School | Place::Term | Place::Today)
            }
            // No count and no level: a text says that there are absences and whom to call.
            Self::Text => matches!(
                place,
                Place::Student
                    | Place::Contact
                    | Place::LastDates
                    | Place::School
                    | Place::SchoolContact
                    | Place::Sender
            ),
        }
    }

    /// The places that may stand there, as an error tells them.
    pub(crate) fn list(self) -> String {
        let allowed: Vec<String> = Place::ALL
            .into_iter()
            .filter(|&place| self.allows(place))
            .map(|place| format!("{{{}}}", place.name()))
            .collect();
        allowed.join(" ")
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Body => "a line of the message",
            Self::Subject => "the subject",
            Self::Text => "a text message",
        }
    }
}
