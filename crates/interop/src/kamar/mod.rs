//! KAMAR Directory Services: what a school's KAMAR sends to its address at this product.
//!
//! Bytes in, a [`Push`] out: which kind of push it was, whose, and what was [`Kept`] of it. **Least
//! data:** passwords, photos, addresses, caregivers, health, ethnicity, birth dates, students'
//! e-mail addresses, results and pastoral records of any type but A never become part of a value
//! that outlives the reading of their record; they are only counted, in [`Dropped`].
//!
//! Reading is tolerant where KAMAR's versions differ (numbers as texts, lists as single elements,
//! missing and unknown members) and strict where a push may be cut. The conversions to rows report
//! bad values per record and never guess.

mod envelope;
mod event;
mod json;
mod kept;
mod record;
mod rows;
mod schools;
mod text;
mod values;
mod xml;

pub use event::DEEPEST;
pub use kept::{
    Attendance, AttendanceDay, CalendarEntry, Kept, MadeAt, PastoralRecord, Staff, Student, StudentTimetable,
    TimetableWeek,
};

pub use rows::{
    Candidate, KamarTotals, MOST_SLOTS, SlotMap, calendar, candidates, marks, named_staff, named_students,
    staff, staff_who_left, students, terms, timetable, totals, week_on,
};

use domain::SchoolNumber;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The largest body that is read, in bytes: 64 MiB.
pub const LARGEST_PUSH: usize = 64 * 1024 * 1024;

/// The most records of one kind that are read from one push.
pub const MOST_RECORDS: usize = 100_000;

/// The most days of attendance that are read from one push.
pub const MOST_DAYS: usize = 1_000_000;

/// How a push is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, KAMAR's default.
    Json,
    /// XML.
    Xml,
}

/// Why a push could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// There is nothing in it. KAMAR expects the error 400 or 401.
    NoData(String),
    /// It is not what it should be. KAMAR expects the error 422.
    Malformed(String),
    /// It is larger than [`LARGEST_PUSH`].
    TooLarge,
}

impl Unreadable {
    pub(crate) fn malformed(words: impl Into<String>) -> Self {
        Self::Malformed(words.into())
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoData(words) => write!(out, "the push holds no data: {words}"),
            Self::Malformed(words) => write!(out, "the push cannot be read: {words}"),
            Self::TooLarge => {
                write!(out, "the push is larger than {} MiB", LARGEST_PUSH / 1024 / 1024)
            }
        }
    }
}

impl std::error::Error for Unreadable {}

/// What kind of push it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Sync {
    /// A question whether we are there and what we want. Sent when the service is enabled and daily.
    #[default]
    Check,
    /// Everybody who is at the school.
    Full,
    /// People who changed.
    Part,
    /// Attendance.
    Attendance,
    /// Pastoral records.
    Pastoral,
    /// The calendar.
    Calendar,
    /// Students' timetables.
    StudentTimetables,
    /// Staff timetables; not needed.
    StaffTimetables,
    /// Assessments; not needed.
    Assessments,
    /// Results; not needed.
    Results,
    /// Bookings; not needed.
    Bookings,
    /// Notices; not needed.
    Notices,
    /// Recognitions; not needed.
    Recognitions,
    /// What recognitions there are; not needed.
    RecognitionOptions,
    /// Class efforts; not needed.
    ClassEfforts,
    /// Photos of students; not needed.
    Photos,
    /// Photos of staff; not needed.
    StaffPhotos,
    /// Subjects; not needed.
    Subjects,
    /// A kind that is not known, at most 64 characters of it.
    Unknown(String),
}

impl Sync {
    /// Every known kind.
    pub const KNOWN: [Self; 18] = [
        Self::Check,
        Self::Full,
        Self::Part,
        Self::Attendance,
        Self::Pastoral,
        Self::Calendar,
        Self::StudentTimetables,
        Self::StaffTimetables,
        Self::Assessments,
        Self::Results,
        Self::Bookings,
        Self::Notices,
        Self::Recognitions,
        Self::RecognitionOptions,
        Self::ClassEfforts,
        Self::Photos,
        Self::StaffPhotos,
        Self::Subjects,
    ];

    /// As KAMAR writes it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Check => "check",
            Self::Full => "full",
            Self::Part => "part",
            Self::Attendance => "attendance",
            Self::Pastoral => "pastoral",
            Self::Calendar => "calendar",
            Self::StudentTimetables => "studenttimetables",
            Self::StaffTimetables => "stafftimetables",
            Self::Assessments => "assessments",
            Self::Results => "results",
            Self::Bookings => "bookings",
            Self::Notices => "notices",
            Self::Recognitions => "recognitions",
            Self::RecognitionOptions => "recognitionoptions",
            Self::ClassEfforts => "classefforts",
            Self::Photos => "photos",
            Self::StaffPhotos => "staffphotos",
            Self::Subjects => "subjects",
            Self::Unknown(text) => text,
        }
    }

    /// Reads what KAMAR writes, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let plain: String = text.chars().filter(|c| !c.is_control()).collect();
        let short: String = plain.trim().to_ascii_lowercase().chars().take(64).collect();
        let text = short.trim_end();
        let known = Self::KNOWN.into_iter().find(|kind| kind.text() == text);
        known.unwrap_or_else(|| Self::Unknown(text.to_owned()))
    }

    /// Whether anything of it is ever kept.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        matches!(
            self,
            Self::Full
                | Self::Part
                | Self::Attendance
                | Self::Pastoral
                | Self::Calendar
                | Self::StudentTimetables
        )
    }
}

impl From<String> for Sync {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Sync> for String {
    fn from(sync: Sync) -> Self {
        sync.text().to_owned()
    }
}

/// Whose push it is, by the schools that it lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// It lists no school with a Ministry number: it is taken to be ours.
    NotListed,
    /// Our school is listed, with so many others.
    Ours {
        /// How many others.
        others: usize,
    },
    /// Schools are listed and ours is not among them. Nothing is kept.
    NotOurs {
        /// The numbers that are listed, without zeros in front.
        listed: Vec<String>,
    },
}

/// How many records were left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Of a kind that is not needed, by the name of the kind; `other` for unknown kinds.
    pub not_needed: BTreeMap<&'static str, u64>,
    /// Of another school that the same KAMAR holds.
    pub other_school: u64,
    /// Pastoral records of another type than A.
    pub other_pastoral: u64,
    /// No records at all where there should be one, or records without an id.
    pub unreadable: u64,
}

impl Dropped {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.not_needed.values().sum::<u64>() + self.other_school + self.other_pastoral + self.unreadable
    }
}

/// A push as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// What kind it is.
    pub sync: Sync,
    /// When KAMAR made it, where that can be read.
    pub made_at: Option<MadeAt>,
    /// The same as KAMAR wrote it, which an answer to `check` may have to sign.
    pub datetime: String,
    /// KAMAR's build.
    pub version: Option<u32>,
    /// Whether KAMAR says that it sends the whole set.
    pub is_full_set: Option<bool>,
    /// Whose it is.
    pub whose: Whose,
    /// What is kept.
    pub kept: Kept,
    /// What is not.
    pub dropped: Dropped,
}

/// Reads a push for a school. The first letter of the body decides whether it is JSON or XML;
/// `format` is what the request says, for a body that begins with neither.
///
/// # Errors
/// [`Unreadable`] when nothing can be made of it.
pub fn read(bytes: &[u8], format: Format, school: SchoolNumber) -> Result<Push, Unreadable> {
    if bytes.len() > LARGEST_PUSH {
        return Err(Unreadable::TooLarge);
    }
    let text = text::decode(bytes);
    let text = text.trim_start_matches(['\u{feff}', '\0']).trim();
    let format = match text.chars().next() {
        None => return Err(Unreadable::NoData("it is empty".to_owned())),
        Some('<') => Format::Xml,
        Some('{' | '[') => Format::Json,
        Some(_) => format,
    };
    match format {
        Format::Json => envelope::read(&mut json::Json::new(text), school),
        Format::Xml => envelope::read(&mut xml::Xml::new(text), school),
    }
}
