//! What a delivery changes, in the order in which a person asks: who is new, who changed, who leaves,
//! which marks, and which thresholds are reached or no longer are.

use crate::AppError;
use crate::work::Work;
use domain::{Date, HalfDay, StudentId};
use store::derived::CrossingEventRow;

/// The most of each kind that is listed; the rest are counted.
pub const MOST_LISTED: usize = 200;

/// What stands for a value that is not shown.
pub const NOT_SHOWN: &str = "•••";

/// Things of one kind: how many, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// How many there are.
    pub count: usize,
    /// The first 200.
    pub first: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { count: 0, first: Vec::new() }
    }
}

impl<T> Listed<T> {
    pub(crate) fn add(&mut self, thing: T) {
        self.count += 1;
        if self.first.len() < MOST_LISTED {
            self.first.push(thing);
        }
    }
}

/// A field that becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which field: the column's name in the contract's files, or `enrolment`.
    pub field: String,
    /// What stood; empty where nothing did.
    pub before: String,
    /// What stands then.
    pub after: String,
}

/// A student or staff member whom a delivery changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What changes; for somebody new, everything that is not empty.
    pub fields: Vec<FieldChange>,
}

/// People of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleChanges {
    /// Not known before.
    pub new: Listed<PersonChange>,
    /// Known, and now otherwise.
    pub changed: Listed<PersonChange>,
    /// Enrolled or in service now, and not any more.
    pub leaving: Listed<PersonChange>,
    /// Known, not enrolled now, and enrolled again.
    pub returning: Listed<PersonChange>,
}

/// A mark that becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkChange {
    /// Whose.
    pub student_id: StudentId,
    /// Which half-day.
    pub half_day: HalfDay,
    /// Which period of it.
    pub period: Option<String>,
    /// The letter that stood.
    pub before: Option<char>,
    /// The letter that stands then.
    pub after: Option<char>,
    /// Whether a person had entered what stood.
    pub is_over_person: bool,
}

/// The marks that a delivery brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkChanges {
    /// How many stand where none stood.
    pub new: usize,
    /// Those that stand instead of another.
    pub corrected: Listed<MarkChange>,
    /// Those that were taken back.
    pub unmarked: Listed<MarkChange>,
}

/// So many staff may leave a small school at once.
const FEW_STAFF: usize = 2;

/// What a delivery changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changeset {
    /// Students.
    pub students: PeopleChanges,
    /// How many students were enrolled before it.
    pub enrolled: usize,
    /// Staff.
    pub staff: PeopleChanges,
    /// How many staff had a role before it.
    pub serving: usize,
    /// Marks.
    pub marks: MarkChanges,
    /// Dates that the calendar tells otherwise.
    pub days: Listed<Date>,
    /// Rows of terms, timetables and contacts that changed.
    pub others: usize,
    /// Where a person's entry stands against what it says.
    pub conflicts: Listed<FieldConflict>,
    /// The crossings that are reached or withdrawn by it, as events.
    pub crossings: Listed<CrossingEventRow>,
}

/// A field about which a source and a person differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldConflict {
    /// `student`, `staff` or `mark`.
    pub kind: &'static str,
    /// The id of the student or staff member.
    pub id: String,
    /// Which field; of a mark its date and slot.
    pub field: String,
    /// What a person entered.
    pub stands: String,
    /// What the source says.
    pub offered: String,
}

impl Changeset {
    /// Whether more than one in ten of the students enrolled now would leave, or of the staff: a sign that
    /// a file is not whole.
    #[must_use]
    pub fn too_many_leave(&self) -> bool {
        self.too_many_students_leave() || self.too_many_staff_leave()
    }

    /// Whether it is too many of the students.
    #[must_use]
    pub fn too_many_students_leave(&self) -> bool {
        self.students.leaving.count * 10 > self.enrolled
    }

    /// Whether it is too many of the staff, and not only one or two of a small school.
    #[must_use]
    pub fn too_many_staff_leave(&self) -> bool {
        let leaving = self.staff.leaving.count;
        leaving > FEW_STAFF && leaving * 10 > self.serving
    }

    /// Reads back the events of crossings that the act wrote.
    pub(crate) fn take_crossings(&mut self, work: &mut Work<'_, '_>, act: i64) -> Result<(), AppError> {
        for event in store::derived::events_of_act(work.tx, work.school.number, act)? {
            self.crossings.add(event);
        }
        Ok(())
    }
}
