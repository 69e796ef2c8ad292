//! Correct a mark: one student, one half-day, any code.

use crate::marking::{self, Entries, Entry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, settle};
use domain::{HalfDay, Instant, Permission, StudentId};
use store::mark::BY_HAND;

/// A correction as a person enters it.
#[derive(Debug, Clone)]
pub struct CorrectMark {
    /// Whose.
    pub student_id: StudentId,
    /// Which half-day. One still to come is a known absence, which counts when it is current.
    pub half_day: HalfDay,
    /// The letter to stand; nothing unmarks.
    pub letter: Option<char>,
    /// The version of the mark that the person saw; 0 when there was none.
    pub seen_version: i64,
    /// A key made when the page was shown.
    pub key: String,
}

impl School {
    /// Corrects a mark. Answers whether anything changed.
    ///
    /// # Errors
    /// [`AppError::Changed`] when somebody else changed the mark meanwhile; [`AppError::Invalid`]
    /// for a closed half-day, a day outside the enrolment or an unknown code.
    pub fn correct_mark(
        &self,
        actor: &Actor,
        now: Instant,
        correction: CorrectMark,
    ) -> Result<bool, AppError> {
        let request = format!("{correction:?}");
        let order = Order::new("correct_mark", actor, now)
            .about(format!("{} {}", correction.student_id, correction.half_day))
            .keyed(&correction.key, &request);
        let changed = self.keyed_act(order, move |work| {
            check_right(work, &correction.student_id, correction.half_day)?;
            save(work, &correction).map(|changed| changed.to_string())
        })?;
        Ok(changed == "true")
    }
}

/// A teacher may change today's mark, others any day's.
pub(crate) fn check_right(
    work: &mut Work<'_, '_>,
    student: &StudentId,
    half_day: HalfDay,
) -> Result<(), AppError> {
    let today = half_day.date == work.school.zone.date(work.now);
    let found = work.student_for(Permission::CorrectMarkToday, student)?;
    let Some(staff) = &work.who else { return Ok(()) };
    if !today && !staff.scope.may_for(Permission::CorrectMark, &found.group, &found.year_level) {
        return Err(AppError::denied("change a mark of another day"));
    }
    Ok(())
}

/// Writes the correction without checking the right to it.
pub(crate) fn save(work: &mut Work<'_, '_>, correction: &CorrectMark) -> Result<bool, AppError> {
    let CorrectMark { student_id, half_day, letter, seen_version, .. } = correction;
    if let Some(letter) = letter
        && work.codes.resolve(*letter, half_day.date).is_none()
    {
        return Err(AppError::invalid("code", format!("{letter:?} is not a code on {}", half_day.date)));
    }
    let spells = settle::spells_of(work, student_id)?;
    if let Some(problem) = marking::why_not(work, &spells, *half_day) {
        return Err(AppError::invalid("half_day", problem));
    }
    let versions =
        store::mark::of_slot(work.tx, work.school.number, std::slice::from_ref(student_id), *half_day)?;
    let standing = versions.last();
    if standing.and_then(|mark| mark.letter) == *letter {
        return Ok(false);
    }
    let version = standing.map_or(0, |mark| mark.version);
    if version != *seen_version {
        return Err(AppError::Changed(vec![student_id.clone()]));
    }
    let entry = Entry {
        half_day: *half_day,
        follows: version,
        letter: *letter,
        entered_at: None,
        entered_by: work.by(),
    };
    marking::enter(work, BY_HAND, &Entries::from([(student_id.clone(), vec![entry])]))?;
    Ok(true)
}
