//! Everybody's term, read once: what the lists under Review are made of.
//!
//! Stands under the views that look at a whole term at a time. Students who are not enrolled on
//! any day of it are left out; one without any mark has an empty sheet. Nothing here is read for
//! Today, which has to be quick at any size.

use super::Reading;
use crate::AppError;
use domain::{Cell, CodeList, Permission, Sheet, Spell, StudentId, Tally, Term, TermCalendar};
use std::collections::HashMap;
use store::ALWAYS;
use store::people::StudentRow;

/// One student and their term.
pub(crate) struct Member {
    pub(crate) student: StudentRow,
    pub(crate) spells: Vec<Spell>,
    pub(crate) sheet: Sheet,
    /// Counts up to the current half-day, `open` too.
    pub(crate) tally: Tally,
}

/// A term's open half-days and everybody's sheets of it.
pub(crate) struct Everybody {
    pub(crate) calendar: TermCalendar,
    /// How many of the open half-days have come.
    pub(crate) through: usize,
    /// In order of student id.
    pub(crate) members: Vec<Member>,
}

impl Reading<'_, '_> {
    /// Whether the reader sees students, or counts alone.
    pub(crate) fn sees_students(&self) -> Result<bool, AppError> {
        let sees = self.who.as_ref().is_none_or(|who| who.scope.may(Permission::SeeStudents));
        if !sees {
            self.require(Permission::SeeCounts, "see students")?;
        }
        Ok(sees)
    }

    /// The term that the lists speak of: the current one, or the last before a break.
    pub(crate) fn present_term(&self) -> Option<Term> {
        self.calendar.term_at_or_before(self.current.date).copied()
    }
}

impl Everybody {
    /// A term of the students in the reader's reach; of the whole school for somebody who sees
    /// counts alone, who is not to be shown any of it.
    pub(crate) fn load(reading: &mut Reading<'_, '_>, term: Term) -> Result<Option<Self>, AppError> {
        let all = !reading.sees_students()?;
        Self::load_where(reading, term, all)
    }

    /// The same of the whole school (`all`), or of the students in the reader's reach.
    pub(crate) fn load_where(
        reading: &mut Reading<'_, '_>,
        term: Term,
        all: bool,
    ) -> Result<Option<Self>, AppError> {
        let number = reading.school.number;
        let Some(calendar) = reading.calendar.term_calendar(term.id) else { return Ok(None) };
        let through = calendar.through(reading.current);
        let mut spells = crate::settle::group_spells(store::people::spells(reading.tx, number, ALWAYS)?);
        let rows = store::derived::tallies_of_term(reading.tx, number, term.id)?;
        let mut sheets: HashMap<StudentId, Sheet> =
            rows.into_iter().map(|row| (row.student_id, row.sheet)).collect();
        let mut members = Vec::new();
        for student in store::people::students(reading.tx, number)? {
            let own = spells.remove(&student.id).unwrap_or_default();
            let is_of_term = own.iter().any(|spell| spell.touches(term.first_day, term.last_day));
            if !is_of_term || !(all || reading.reaches(Permission::SeeStudents, &student)) {
                continue;
            }
            let sheet = sheets.remove(&student.id).unwrap_or_else(|| Sheet::empty(&calendar, &own));
            let tally = Tally::of(&sheet.sets(&calendar, &reading.codes), through);
            members.push(Member { student, spells: own, sheet, tally });
        }
        Ok(Some(Self { calendar, through, members }))
    }

    /// Half-days that have a mark, of those that should, over all students.
    pub(crate) fn completeness(&self) -> Completeness {
        self.members.iter().fold(Completeness::default(), |sum, member| Completeness {
            marked: sum.marked + member.tally.marked() as usize,
            expected: sum.expected + member.tally.open as usize,
        })
    }
}

impl Member {
    /// Whether a half-day of the term holds an absence.
    pub(crate) fn is_absent(&self, calendar: &TermCalendar, codes: &CodeList, position: usize) -> bool {
        let Cell::Marked(letter) = self.sheet.cell(position) else { return false };
        let class = calendar.open.get(position).and_then(|day| codes.class(letter, day.date));
        class.is_some_and(|class| class != domain::Class::Present)
    }
}

/// How complete rolls are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Completeness {
    /// Half-days of students that have a mark.
    pub marked: usize,
    /// Open half-days of students while enrolled.
    pub expected: usize,
}

impl Completeness {
    /// Marked as whole percent of expected, rounded down; nothing when nothing is expected.
    #[must_use]
    pub fn percent(&self) -> Option<usize> {
        (100 * self.marked).checked_div(self.expected)
    }
}
