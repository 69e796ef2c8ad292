//! Correct a mark: one student, one half-day or a period of it, any code.

use crate::marking::{self, Entries, Entry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, settle};
use domain::{HalfDay, Instant, Period, Permission, StudentId};
use store::mark::{BY_HAND, MarkVersion};

/// A correction as a person enters it.
#[derive(Debug, Clone)]
pub struct CorrectMark {
    /// Whose.
    pub student_id: StudentId,
    /// Which half-day. One still to come is a known absence, which counts when it is current.
    pub half_day: HalfDay,
    /// The name of the one period to correct. Without one the whole half-day is: every period of
    /// it that is marked or, where none is, the half-day itself.
    pub period: Option<String>,
    /// The letter to stand; nothing unmarks.
    pub letter: Option<char>,
    /// What [`seen_version`] gave of the marks that the person saw; 0 when there was none.
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
    if !today && !staff.scope.may_for(Permission::CorrectMark, found.belongs()) {
        return Err(AppError::denied("change a mark of another day"));
    }
    Ok(())
}

/// The versions that stand on a half-day, one a slot.
pub(crate) fn standing(
    work: &mut Work<'_, '_>,
    student: &StudentId,
    half_day: HalfDay,
) -> Result<Vec<MarkVersion>, AppError> {
    let ids = std::slice::from_ref(student);
    let versions = store::mark::of_day(work.tx, work.school.number, ids, half_day.date)?;
    let last = versions.chunk_by(settle::is_same_slot).filter_map(<[MarkVersion]>::last);
    Ok(last.filter(|mark| mark.half_day == half_day).cloned().collect())
}

/// One number for all that stands on a half-day, which any change of it makes another.
#[must_use]
pub fn seen_version<'m>(standing: impl IntoIterator<Item = &'m MarkVersion>) -> i64 {
    standing.into_iter().map(|mark| mark.version).sum()
}

/// Writes the correction without checking the right to it.
pub(crate) fn save(work: &mut Work<'_, '_>, correction: &CorrectMark) -> Result<bool, AppError> {
    let CorrectMark { student_id, half_day, letter, .. } = correction;
    if let Some(letter) = letter
        && work.codes.resolve(*letter, half_day.date).is_none()
    {
        return Err(AppError::invalid("code", format!("{letter:?} is not a code on {}", half_day.date)));
    }
    let spells = settle::spells_of(work, student_id)?;
    if let Some(problem) = marking::why_not(work, &spells, *half_day) {
        return Err(AppError::invalid("half_day", problem));
    }
    let standing = standing(work, student_id, *half_day)?;
    let by = work.by();
    let mut entries = slots(&standing, correction)?;
    entries.retain(|(mark, _)| mark.and_then(|mark| mark.letter) != *letter);
    if entries.is_empty() {
        return Ok(false);
    }
    if seen_version(&standing) != correction.seen_version {
        return Err(AppError::Changed(vec![student_id.clone()]));
    }
    let entry = |(mark, period): Place<'_>| Entry {
        half_day: *half_day,
        period,
        follows: mark.map_or(0, |mark| mark.version),
        letter: *letter,
        entered_at: None,
        entered_by: by.clone(),
    };
    let entries = entries.into_iter().map(entry).collect();
    marking::enter(work, BY_HAND, &Entries::from([(student_id.clone(), entries)]))?;
    Ok(true)
}

/// A slot of a half-day: what stands there, and which period it is of.
type Place<'m> = (Option<&'m MarkVersion>, Option<Period>);

/// The slots that a correction is about, each with what stands there.
fn slots<'m>(standing: &'m [MarkVersion], correction: &CorrectMark) -> Result<Vec<Place<'m>>, AppError> {
    if let Some(name) = &correction.period {
        let is_named = |mark: &&MarkVersion| mark.period.as_ref().is_some_and(|period| period.name == *name);
        let Some(mark) = standing.iter().find(is_named) else {
            let problem =
                format!("period {name} has no mark on {}: take its roll first", correction.half_day);
            return Err(AppError::invalid("period", problem));
        };
        return Ok(vec![(Some(mark), mark.period.clone())]);
    }
    let marked = |mark: &&MarkVersion| mark.period.is_some() && mark.letter.is_some();
    let periods: Vec<_> =
        standing.iter().filter(marked).map(|mark| (Some(mark), mark.period.clone())).collect();
    if periods.is_empty() {
        return Ok(vec![(standing.iter().find(|mark| mark.period.is_none()), None)]);
    }
    Ok(periods)
}
