//! What is now to be recorded, by whom, by when: the plan applied to a crossing.
//!
//! A task is derived from a crossing, the responses that name it, and the plan. The plan here is
//! the simple one of a fresh school: 5 days the group's teacher, 10 the dean, 15 a leader; the
//! office may record for all.

use crate::{Calendar, Date, Reached, ResponseType, Role, Threshold};

/// Which role owes the response at a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The teacher of the student's group.
    GroupTeacher,
    /// The dean of the student's group or year.
    Dean,
    /// A senior leader.
    Leader,
}

impl Owner {
    /// Who owes the response at a threshold under the simple plan.
    #[must_use]
    pub fn of(threshold: Threshold) -> Self {
        match threshold.days() {
            ..10 => Self::GroupTeacher,
            10..15 => Self::Dean,
            _ => Self::Leader,
        }
    }

    /// The role that owes it.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::GroupTeacher => Role::Teacher,
            Self::Dean => Role::Dean,
            Self::Leader => Role::Leader,
        }
    }

    /// What the simple plan suggests doing.
    #[must_use]
    pub fn suggestion(self) -> ResponseType {
        match self {
            Self::GroupTeacher => ResponseType::ConversationWithWhanau,
            Self::Dean => ResponseType::DevelopedIndividualSupportPlan,
            Self::Leader => ResponseType::ReferredToExternalAgencies,
        }
    }
}

/// School days after the crossing within which the simple plan expects a response.
///
/// Choice: decision 0008. The guidance names no such limit; this one only says what is late.
pub const DUE_SCHOOL_DAYS: u32 = 5;

/// A response that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The crossing that asks for it.
    pub crossing: Reached,
    /// Who owes it.
    pub owner: Owner,
    /// The last day on which it is not late.
    pub due_on: Date,
}

impl Task {
    /// The task of a standing crossing, unless one of the responses that name it completes it.
    ///
    /// `go_live` is the school's first day with Starboard: a crossing before it owes nothing.
    #[must_use]
    pub fn of(
        crossing: Reached,
        responses: &[ResponseType],
        calendar: &Calendar,
        go_live: Option<Date>,
    ) -> Option<Self> {
        let reached_on = crossing.half_day.date;
        if go_live.is_some_and(|go_live| reached_on < go_live)
            || responses.iter().any(|kind| kind.completes_task())
        {
            return None;
        }
        let due_on = calendar.school_days_after(reached_on, DUE_SCHOOL_DAYS);
        Some(Self { crossing, owner: Owner::of(crossing.threshold), due_on })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Half, HalfDay, Term, TermId};
    use jiff::civil::date;
    use std::collections::BTreeMap;

    fn task(threshold: Threshold, responses: &[ResponseType], go_live: Option<Date>) -> Option<Task> {
        let id = TermId::parse("2026-T3").expect("a term");
        let term = Term::new(id, date(2026, 7, 20), date(2026, 9, 25)).expect("in order");
        let calendar = Calendar::new(vec![term], BTreeMap::new(), BTreeMap::new());
        let crossing = Reached { threshold, half_day: HalfDay::new(date(2026, 7, 31), Half::Pm) };
        Task::of(crossing, responses, &calendar, go_live)
    }

    #[test]
    fn each_level_has_its_owner_and_five_school_days() {
        let owners = Threshold::MINISTRY.map(|threshold| task(threshold, &[], None).expect("owed").owner);
        assert_eq!(owners, [Owner::GroupTeacher, Owner::Dean, Owner::Leader]);
        assert_eq!(task(Threshold::FIVE, &[], None).expect("owed").due_on, date(2026, 8, 7));
    }

    #[test]
    fn an_unsuccessful_attempt_leaves_the_student_on_the_list() {
        let attempt = ResponseType::UnsuccessfulContactAttempt;
        assert!(task(Threshold::FIVE, &[attempt], None).is_some());
        assert!(task(Threshold::FIVE, &[attempt, ResponseType::Other], None).is_none());
    }

    #[test]
    fn a_crossing_before_the_school_began_owes_nothing() {
        assert!(task(Threshold::FIVE, &[], Some(date(2026, 8, 1))).is_none());
        assert!(task(Threshold::FIVE, &[], Some(date(2026, 7, 31))).is_some());
    }
}
