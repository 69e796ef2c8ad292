//! What is kept of a push: the least that attendance needs, as KAMAR wrote it, and as JSON.
//!
//! Values stay short texts until they become rows, so what was kept can be read again by a later
//! version. Nothing that is not a member of these types outlives the reading of its record.

use super::Sync;
use domain::{Date, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is kept of one push. A list is absent when the push did not hold it, which says nothing
/// of whom it would name; an empty one says that there is nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// What kind of push it was.
    pub sync: Sync,
    /// When KAMAR made it: digits as they came, `YYYYMMDDhhmmss` at the school's clock.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub datetime: String,
    /// The push lists several schools, so records without a school of their own may be another's.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_other_schools: bool,
    /// Students, of `full` and `part`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub students: Option<Vec<Student>>,
    /// Staff, of `full` and `part`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<Vec<Staff>>,
    /// Attendance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Vec<Attendance>>,
    /// How many entries of attendance the parts before this one hold.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub entries_before: u64,
    /// The calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Vec<CalendarEntry>>,
    /// Students' timetables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timetables: Option<Vec<StudentTimetable>>,
    /// Pastoral records of type A.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pastoral: Option<Vec<PastoralRecord>>,
}

/// When KAMAR made a push, by the school's clock. Later pushes are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MadeAt {
    /// The date.
    pub date: Date,
    /// The time of day.
    pub time: Time,
}

impl MadeAt {
    /// Reads `YYYYMMDDhhmmss`; only the date where the time is not one.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        let date = super::values::date(digits.get(..8)?).ok().flatten()?;
        let part = |from: usize| digits.get(from..from + 2).and_then(|part| part.parse::<i8>().ok());
        let time = match (part(8), part(10), part(12)) {
            (Some(hour), Some(minute), Some(second)) => Time::new(hour, minute, second, 0).ok(),
            _ => None,
        };
        Some(Self { date, time: time.unwrap_or_default() })
    }
}

/// A student. Each member is empty when the push does not hold it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Student {
    /// KAMAR's own id.
    pub id: String,
    /// The id that stays the same in recent versions of KAMAR.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uuid: String,
    /// The National Student Number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub nsn: String,
    /// The first name that the school uses.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first: String,
    /// The last name that the school uses.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last: String,
    /// The first name by law.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first_legal: String,
    /// The last name by law.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_legal: String,
    /// The year level.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub year_level: String,
    /// The tutor group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tutor: String,
    /// The house.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub house: String,
    /// The first day at this school, `YYYYMMDD`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub starting: String,
    /// The last day at this school, `YYYYMMDD`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub leaving: String,
}

/// A staff member. Each member is empty when the push does not hold it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Staff {
    /// The teacher code.
    pub id: String,
    /// The id that stays the same in recent versions of KAMAR.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uuid: String,
    /// The first name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first: String,
    /// The last name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last: String,
    /// The e-mail address at school.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// What KAMAR calls the person: teacher, support staff. It gives no rights.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub classification: String,
    /// What the person does. It gives no rights.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub position: String,
    /// The tutor group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tutor: String,
    /// The last day at this school, `YYYYMMDD`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub leaving: String,
}

/// A student's attendance of some days, often one week.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attendance {
    /// KAMAR's own id of the student.
    pub id: String,
    /// The days, in the push's order.
    pub days: Vec<AttendanceDay>,
}

/// A student's attendance of one day, as KAMAR wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttendanceDay {
    /// `YYYYMMDD`.
    pub date: String,
    /// The school's own code of each slot from 1; `.` is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes: Option<String>,
    /// KAMAR's class of each slot from 1; `.` is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// Half-days of unjustified absence by KAMAR's own count; not 0 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hdu: Option<u8>,
    /// Half-days of justified absence by KAMAR's own count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hdj: Option<u8>,
    /// Half-days of presence by KAMAR's own count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hdp: Option<u8>,
}

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CalendarEntry {
    /// `YYYYMMDD`, or with hyphens.
    pub date: String,
    /// `Open`, `Holidays`, `Weekend` and the like.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// The day of the timetable.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub day: String,
    /// The term's number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub term: String,
    /// The week of the timetable.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub week: String,
}

/// When a student has classes: no subjects, teachers or rooms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StudentTimetable {
    /// KAMAR's own id of the student.
    pub student: String,
    /// The weeks.
    pub weeks: Vec<TimetableWeek>,
}

/// A week of a student's timetable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimetableWeek {
    /// The number of the week in the year.
    pub week: u8,
    /// Each day from Monday on: the lowest bit is set when there is a class in slot 1, the next
    /// for slot 2. Nothing on a day without school.
    pub days: Vec<Option<u16>>,
}

/// A pastoral record of type A, about attendance.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PastoralRecord {
    /// KAMAR's own id of the student.
    pub id: String,
    /// The record's number among those of its type.
    pub reference: String,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What was done: up to three actions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// The code of the teacher.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub teacher: String,
    /// `YYYYMMDD`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
    /// `hhmmss`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// Until when it is to be done, `YYYYMMDD`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub due: String,
    /// Whether it is done.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub due_status: String,
    /// Short members of names that may belong to the stepped attendance response.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<(String, String)>,
}

/// Shows the id alone: what is printed ends up in logs.
macro_rules! shows_its_id {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!(stringify!($name), "({})"), self.id)
            }
        }
    )*};
}

shows_its_id!(Student, Staff, PastoralRecord);

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Kept {
    /// When KAMAR made the push.
    #[must_use]
    pub fn made_at(&self) -> Option<MadeAt> {
        MadeAt::parse(&self.datetime)
    }

    /// Whether there is nothing to work.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { students, staff, attendance, calendar, timetables, pastoral, .. } = self;
        students.is_none()
            && staff.is_none()
            && attendance.is_none()
            && calendar.is_none()
            && timetables.is_none()
            && pastoral.is_none()
    }

    /// The kept data as compact JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Only a map with keys that are no texts, or a writer that fails, could be refused.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// A sentence that says where it stops being readable.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| format!("the kept push cannot be read: {error}"))
    }

    /// How many records there are.
    #[must_use]
    pub fn records(&self) -> usize {
        let count = |length: Option<usize>| length.unwrap_or_default();
        count(self.students.as_ref().map(Vec::len))
            + count(self.staff.as_ref().map(Vec::len))
            + count(self.attendance.as_ref().map(Vec::len))
            + count(self.calendar.as_ref().map(Vec::len))
            + count(self.timetables.as_ref().map(Vec::len))
            + count(self.pastoral.as_ref().map(Vec::len))
    }

    /// Cuts attendance of more than `most` entries into several, each of which can be worked by
    /// itself; everything else stays in the first.
    #[must_use]
    pub fn in_parts(mut self, most: usize) -> Vec<Self> {
        let most = most.max(1);
        if self.attendance.as_ref().is_none_or(|entries| entries.len() <= most) {
            return vec![self];
        }
        let attendance = self.attendance.take().unwrap_or_default();
        let head = Self {
            sync: self.sync.clone(),
            datetime: self.datetime.clone(),
            has_other_schools: self.has_other_schools,
            ..Self::default()
        };
        let mut rest = attendance.into_iter().peekable();
        self.attendance = Some(rest.by_ref().take(most).collect());
        let mut parts = vec![self];
        while rest.peek().is_some() {
            let entries = rest.by_ref().take(most).collect();
            let entries_before = (parts.len() * most) as u64;
            parts.push(Self { attendance: Some(entries), entries_before, ..head.clone() });
        }
        parts
    }
}
