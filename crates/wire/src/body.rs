//! What a record says: one of six kinds of fact, each with its members listed by name.
//!
//! The list is closed. A member that is not here cannot be sent, and one that arrives is refused,
//! so what a school keeps to itself has no place to stand.

use crate::plain::{OffsetTime, Plain, ThresholdDays};
use domain::crossing::Cause;
use domain::{Class, CrossingState, Date, Half, Nsn, ResponseType, Stream, StudentId, TermId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who is meant: the id in the school's own system, and the NSN where it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StudentRef {
    /// The student's id at this school.
    pub local_id: Plain<StudentId>,
    /// The National Student Number, left out where the school does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nsn: Option<Plain<Nsn>>,
}

impl StudentRef {
    /// Names a student.
    #[must_use]
    pub fn new(local_id: StudentId, nsn: Option<Nsn>) -> Self {
        Self { local_id: Plain(local_id), nsn: nsn.map(Plain) }
    }
}

/// Whether a half of a day was open for instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenState {
    /// Open.
    Open,
    /// Closed.
    Closed,
}

impl OpenState {
    /// `open` or `closed`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// One fact, by its `kind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Body {
    /// What a student's half-day amounts to: the value itself, never a difference. Withdrawn
    /// when it has no value any more: unmarked, closed, or the student had left.
    Attendance {
        /// The student.
        student: StudentRef,
        /// The date at the school.
        date: Plain<Date>,
        /// The half of that date.
        half: Plain<Half>,
        /// The code that decided; left out where several did, and when withdrawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<char>,
        /// Present, justified or unjustified; left out only when withdrawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<Plain<Class>>,
    },
    /// A half-day that the school closed. Withdrawn when it is open after all.
    Closure {
        /// The date at the school.
        date: Plain<Date>,
        /// The half of that date.
        half: Plain<Half>,
        /// Why, as the school entered it; at most 4,000 characters.
        #[schemars(length(max = 4000))]
        reason: String,
    },
    /// A threshold of absence that a student reached, or did not after all.
    Crossing {
        /// The student.
        student: StudentRef,
        /// The term it is counted in.
        term: Plain<TermId>,
        /// 5, 10 or 15.
        threshold_days: ThresholdDays,
        /// Whether it stands.
        state: Plain<CrossingState>,
        /// The date on which it is, or was, reached.
        reached_on: Plain<Date>,
        /// The half of that date.
        half: Plain<Half>,
        /// The tally at that moment, in half-days.
        absent_half_days: u32,
        /// What kind of change brought it to this state, where it was not the passing of days.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Plain<Cause>>,
    },
    /// What the school did about a crossing.
    Response {
        /// The student.
        student: StudentRef,
        /// The term of the crossing it answers.
        term: Plain<TermId>,
        /// The threshold of the crossing it answers.
        threshold_days: ThresholdDays,
        /// The Activity Response Type.
        #[serde(rename = "type")]
        response_type: Plain<ResponseType>,
        /// The Description as it was worded when it was recorded; left out where there is none,
        /// and where it is held back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(max = 120))]
        description: Option<String>,
        /// True where the school holds the Description back: it may name somebody.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        description_held: bool,
        /// When it was done.
        done_at: Plain<OffsetTime>,
        /// When it was first recorded.
        recorded_at: Plain<OffsetTime>,
        /// Which version of the response this is, from 1.
        #[schemars(range(min = 1))]
        version: u32,
    },
    /// A school day was recorded: sent each school day, so that a day without a change is told
    /// from a day that is missing.
    Day {
        /// The date at the school.
        date: Plain<Date>,
        /// Whether the morning was open.
        am: OpenState,
        /// Whether the afternoon was open.
        pm: OpenState,
        /// Students enrolled on that date.
        enrolled: u32,
        /// Half-days of theirs that have a value: twice `enrolled` on a full day fully marked.
        marked: u32,
    },
    /// All that holds of a term and a stream has been said in this epoch. A fact of them that only
    /// an earlier epoch spoke of is held no more.
    Snapshot {
        /// Which stream.
        stream: Plain<Stream>,
        /// Which term.
        term: Plain<TermId>,
        /// The term's first day.
        first_day: Plain<Date>,
        /// The term's last day.
        last_day: Plain<Date>,
    },
}

impl Body {
    /// Every kind, in the order of the protocol.
    pub const KINDS: [&'static str; 6] = ["attendance", "closure", "crossing", "response", "day", "snapshot"];

    /// The kind, as it is written.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Attendance { .. } => "attendance",
            Self::Closure { .. } => "closure",
            Self::Crossing { .. } => "crossing",
            Self::Response { .. } => "response",
            Self::Day { .. } => "day",
            Self::Snapshot { .. } => "snapshot",
        }
    }

    /// The body alone as compact JSON, as a receiver keeps it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a body holds only texts and numbers")
    }

    /// Reads a body as [`Body::to_json`] wrote it; `None` when it is of a later version.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The student it is about, if it is about one.
    #[must_use]
    pub fn student(&self) -> Option<&StudentRef> {
        match self {
            Self::Attendance { student, .. }
            | Self::Crossing { student, .. }
            | Self::Response { student, .. } => Some(student),
            Self::Closure { .. } | Self::Day { .. } | Self::Snapshot { .. } => None,
        }
    }
}
