//! What a school did: the ten Activity Response Types, fixed for everyone.
//!
//! A response is recorded in two levels: one of these types, and a Description from the list
//! that the school's SMS administrators edit. Notes are a third thing, kept apart: they live in
//! `store` as a type that nothing outside the school can name.

use std::fmt;

/// An Activity Response Type. Nobody can edit the list.
///
/// Source: the guidance, "Activity Response Type – a fixed set of options in the SMS".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResponseType {
    /// A letter, e-mail or text.
    SentWrittenCommunication,
    /// A conversation by phone or in person.
    ConversationWithWhanau,
    /// A plan for one student.
    DevelopedIndividualSupportPlan,
    /// Transport, food, clothing, equipment, people at the school.
    UsedInSchoolResources,
    /// Encouragement.
    PositiveReinforcement,
    /// Attendance services, providers, agencies.
    ReferredToExternalAgencies,
    /// The last resort.
    InitiatedProsecution,
    /// Nobody could be reached. Never completes a task.
    UnsuccessfulContactAttempt,
    /// A step is already in place and is being watched.
    MonitorCurrentApproach,
    /// Anything else.
    Other,
}

impl ResponseType {
    /// All ten, in the guidance's order.
    pub const ALL: [Self; 10] = [
        Self::SentWrittenCommunication,
        Self::ConversationWithWhanau,
        Self::DevelopedIndividualSupportPlan,
        Self::UsedInSchoolResources,
        Self::PositiveReinforcement,
        Self::ReferredToExternalAgencies,
        Self::InitiatedProsecution,
        Self::UnsuccessfulContactAttempt,
        Self::MonitorCurrentApproach,
        Self::Other,
    ];

    /// The name, exactly as the guidance prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SentWrittenCommunication => "Sent written communication",
            Self::ConversationWithWhanau => "Conversation with whānau",
            Self::DevelopedIndividualSupportPlan => "Developed individual support plan",
            Self::UsedInSchoolResources => "Used in-school resources to reduce barriers",
            Self::PositiveReinforcement => "Positive reinforcement",
            Self::ReferredToExternalAgencies => "Referred to external agencies",
            Self::InitiatedProsecution => "Initiated prosecution",
            Self::UnsuccessfulContactAttempt => "Unsuccessful contact attempt",
            Self::MonitorCurrentApproach => "Monitor current approach",
            Self::Other => "Other",
        }
    }

    /// A short name without spaces, for forms, tables and the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::SentWrittenCommunication => "sent_written_communication",
            Self::ConversationWithWhanau => "conversation_with_whanau",
            Self::DevelopedIndividualSupportPlan => "developed_individual_support_plan",
            Self::UsedInSchoolResources => "used_in_school_resources",
            Self::PositiveReinforcement => "positive_reinforcement",
            Self::ReferredToExternalAgencies => "referred_to_external_agencies",
            Self::InitiatedProsecution => "initiated_prosecution",
            Self::UnsuccessfulContactAttempt => "unsuccessful_contact_attempt",
            Self::MonitorCurrentApproach => "monitor_current_approach",
            Self::Other => "other",
        }
    }

    /// Reads a name or a slug; case and the macron of whānau do not matter.
    ///
    /// # Errors
    /// Lists the ten names.
    pub fn parse(text: &str) -> Result<Self, String> {
        let plain = |text: &str| text.trim().to_lowercase().replace('ā', "a").replace("a\u{304}", "a");
        let wanted = plain(text);
        let found = Self::ALL.into_iter().find(|kind| plain(kind.name()) == wanted || kind.slug() == wanted);
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|kind| kind.name()).collect();
            format!("{text:?} is not an Activity Response Type: use one of {}", names.join("; "))
        })
    }

    /// Whether a response of this type completes the task of the crossing it names.
    ///
    /// Choice: decision 0009. A failed attempt is shared and leaves the student on the list.
    #[must_use]
    pub fn completes_task(self) -> bool {
        self != Self::UnsuccessfulContactAttempt
    }

    /// Whether only leaders and the principal may record it.
    #[must_use]
    pub fn is_restricted(self) -> bool {
        self == Self::InitiatedProsecution
    }
}

impl fmt::Display for ResponseType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_reads_back_by_name_and_slug_with_and_without_macrons() {
        for kind in ResponseType::ALL {
            assert_eq!(ResponseType::parse(kind.name()), Ok(kind));
            assert_eq!(ResponseType::parse(kind.slug()), Ok(kind));
        }
        let typed = ResponseType::parse("conversation with whanau");
        assert_eq!(typed, Ok(ResponseType::ConversationWithWhanau));
        assert!(ResponseType::parse("Phoned home").is_err());
    }

    #[test]
    fn only_an_unsuccessful_attempt_leaves_the_task_open() {
        let open: Vec<_> = ResponseType::ALL.into_iter().filter(|kind| !kind.completes_task()).collect();
        assert_eq!(open, [ResponseType::UnsuccessfulContactAttempt]);
    }

    #[test]
    fn only_prosecution_is_restricted() {
        let restricted: Vec<_> = ResponseType::ALL.into_iter().filter(|kind| kind.is_restricted()).collect();
        assert_eq!(restricted, [ResponseType::InitiatedProsecution]);
        assert_eq!(ResponseType::InitiatedProsecution.to_string(), "Initiated prosecution");
    }
}
