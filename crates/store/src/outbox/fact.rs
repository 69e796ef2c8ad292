//! What an entry of the queue is about, and the columns in which it is kept.

use database::Value;
use domain::{Class, Date, Half, HalfDay, Stream, StudentId, Term, TermId, Threshold};

/// A version of something shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxFact {
    /// What a half-day amounts to; nothing when it has no value any more.
    Attendance {
        /// Whose.
        student_id: StudentId,
        /// Which half-day.
        half_day: HalfDay,
        /// The code that decided, unless several did, and the class.
        value: Option<(Option<char>, Class)>,
    },
    /// A half-day that the school closed; no reason when it is open again.
    Closure {
        /// Which half-day.
        half_day: HalfDay,
        /// Why it is closed.
        reason: Option<String>,
    },
    /// An event of a crossing.
    Crossing {
        /// Whose.
        student_id: StudentId,
        /// In which term.
        term: TermId,
        /// Of which threshold.
        threshold: Threshold,
        /// The event's number.
        event: i64,
    },
    /// A version of a response that names a crossing.
    Response {
        /// Which response.
        id: String,
        /// Which version.
        version: i64,
        /// Whether this version takes it back.
        withdrawn: bool,
    },
    /// How a school day stands, so that an empty day is not a missing day.
    Day {
        /// Which date.
        date: Date,
        /// How it stands; nothing when it turned out to be no school day.
        figures: Option<DayFigures>,
    },
    /// That all which holds of a term and a stream has been queued in this epoch.
    Snapshot {
        /// Which stream.
        stream: Stream,
        /// Which term, as it lay then.
        term: Term,
    },
}

/// How a school day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFigures {
    /// The one half that was open, when it was not both.
    pub only: Option<Half>,
    /// Students enrolled that day.
    pub enrolled: u32,
    /// Half-days of theirs that have a value.
    pub marked: u32,
}

impl OutboxFact {
    /// The kinds of a stream.
    #[must_use]
    pub fn kinds(stream: Stream) -> &'static [&'static str] {
        match stream {
            Stream::Attendance => &["attendance", "closure", "day", "snapshot_attendance"],
            Stream::Responses => &["crossing", "response", "snapshot_responses"],
        }
    }

    /// The stream that it goes in.
    #[must_use]
    pub fn stream(&self) -> Stream {
        match self {
            Self::Attendance { .. } | Self::Closure { .. } | Self::Day { .. } => Stream::Attendance,
            Self::Crossing { .. } | Self::Response { .. } => Stream::Responses,
            Self::Snapshot { stream, .. } => *stream,
        }
    }

    /// `attendance`, `closure`, `crossing`, `response`, `day`, `snapshot_attendance` or
    /// `snapshot_responses`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Attendance { .. } => "attendance",
            Self::Closure { .. } => "closure",
            Self::Crossing { .. } => "crossing",
            Self::Response { .. } => "response",
            Self::Day { .. } => "day",
            Self::Snapshot { stream: Stream::Attendance, .. } => "snapshot_attendance",
            Self::Snapshot { stream: Stream::Responses, .. } => "snapshot_responses",
        }
    }

    /// What stays the same through every version of this fact.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Attendance { student_id, half_day, .. } => format!("{student_id}/{half_day}"),
            Self::Closure { half_day, .. } => half_day.to_string(),
            Self::Crossing { student_id, term, threshold, .. } => {
                format!("{student_id}/{term}/{}", threshold.days())
            }
            Self::Response { id, .. } => id.clone(),
            Self::Day { date, .. } => date.to_string(),
            Self::Snapshot { term, .. } => term.id.to_string(),
        }
    }

    pub(super) fn is_withdrawn(&self) -> bool {
        match self {
            Self::Attendance { value, .. } => value.is_none(),
            Self::Closure { reason, .. } => reason.is_none(),
            Self::Response { withdrawn, .. } => *withdrawn,
            Self::Day { figures, .. } => figures.is_none(),
            Self::Crossing { .. } | Self::Snapshot { .. } => false,
        }
    }
}

/// The values of a fact's columns, from `student_id` to `last_day`.
pub(super) fn columns(fact: &OutboxFact) -> [Value; 14] {
    const NULL: Value = Value::Null;
    let mut columns = [NULL; 14];
    let [
        student,
        date,
        half,
        code,
        class,
        reason,
        term,
        threshold,
        event,
        response,
        version,
        enrolled,
        marked,
        last_day,
    ] = &mut columns;
    let mut half_day = |half_day: &HalfDay| {
        *date = half_day.date.to_string().into();
        *half = half_day.half.text().into();
    };
    match fact {
        OutboxFact::Attendance { student_id, half_day: slot, value } => {
            half_day(slot);
            *student = student_id.as_str().into();
            *code = value.and_then(|(code, _)| code).map(String::from).into();
            *class = value.map(|(_, class)| class.letter().to_string()).into();
        }
        OutboxFact::Closure { half_day: slot, reason: why } => {
            half_day(slot);
            *reason = why.clone().into();
        }
        OutboxFact::Crossing { student_id, term: name, threshold: level, event: number } => {
            *student = student_id.as_str().into();
            *term = name.to_string().into();
            *threshold = level.days().into();
            *event = (*number).into();
        }
        OutboxFact::Response { id, version: number, .. } => {
            *response = id.as_str().into();
            *version = (*number).into();
        }
        OutboxFact::Day { date: day, figures } => {
            *date = day.to_string().into();
            *half = figures.and_then(|figures| figures.only).map(|only| only.text().to_owned()).into();
            *enrolled = figures.map(|figures| i64::from(figures.enrolled)).into();
            *marked = figures.map(|figures| i64::from(figures.marked)).into();
        }
        OutboxFact::Snapshot { term: whole, .. } => {
            *term = whole.id.to_string().into();
            *date = whole.first_day.to_string().into();
            *last_day = whole.last_day.to_string().into();
        }
    }
    columns
}
