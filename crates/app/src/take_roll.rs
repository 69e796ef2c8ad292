//! Take the roll of a group for one half-day, or for one period.

use crate::marking::{self, Entries, Entry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, settle, timetable};
use domain::{Belonging, HalfDay, Instant, Period, Permission, SchoolNumber, Slot, StudentId};
use std::collections::BTreeMap;
use store::mark::{BY_HAND, MarkVersion};
use store::people::StudentRow;
use store::{ALWAYS, Tx};

/// One line of a roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollEntry {
    /// Whose.
    pub student_id: StudentId,
    /// The letter to stand; nothing keeps what stands.
    pub letter: Option<char>,
    /// The version of the mark that the person saw; 0 when there was none.
    pub seen_version: i64,
}

/// A roll as a teacher saves it.
#[derive(Debug, Clone)]
pub struct TakeRoll {
    /// Form or whānau class.
    pub group: String,
    /// Which half-day.
    pub half_day: HalfDay,
    /// The name of the period, in a period register; it says which half is meant.
    pub period: Option<String>,
    /// Its lines.
    pub entries: Vec<RollEntry>,
    /// A key made when the page was shown: pressing save twice saves once.
    pub key: String,
}

/// The letters that a roll takes where the school does not let it show reason codes.
pub const ROLL_LETTERS: [char; 3] = ['P', 'L', '?'];

impl School {
    /// Saves a roll; answers how many marks changed.
    ///
    /// # Errors
    /// [`AppError::Changed`] names the students whose mark somebody else changed since the page
    /// was shown, unless to the very same letter; nothing is saved then. [`AppError::Invalid`]
    /// for a closed half-day, a half-day still to come, an unknown code or a student who is not
    /// in the group.
    pub fn take_roll(&self, actor: &Actor, now: Instant, roll: TakeRoll) -> Result<usize, AppError> {
        let slot = roll.period.clone().map_or(Slot::Half(roll.half_day.half), Slot::Period);
        let request = format!("{} {} {slot} {:?}", roll.group, roll.half_day, roll.entries);
        let order = Order::new("take_roll", actor, now)
            .about(format!("{} {} {slot}", roll.group, roll.half_day.date))
            .keyed(&roll.key, &request);
        let saved = self.keyed_act(order, move |work| save(work, &roll))?;
        Ok(saved.parse().unwrap_or_default())
    }
}

fn save(work: &mut Work<'_, '_>, roll: &TakeRoll) -> Result<String, AppError> {
    check_right(work, roll)?;
    let number = work.school.number;
    let reached = |student: &store::people::StudentRow| {
        let scope = work.who.as_ref().map(|staff| &staff.scope);
        scope.is_none_or(|scope| scope.may_for(Permission::MarkRoll, student.belongs()))
    };
    let mut group = store::people::students_of_group(work.tx, number, &roll.group)?;
    group.retain(reached);
    let group: Vec<StudentId> = group.into_iter().map(|student| student.id).collect();
    let spells = settle::group_spells(store::people::spells_of(work.tx, number, &group, ALWAYS)?);
    let named = |_: &[Period]| roll.period.clone();
    let taken = Taken::load(work.tx, number, (&roll.group, &group), roll.half_day, named)?;
    let half_day = taken.half_day;
    if let Some(closed) = work.calendar.why_closed(half_day) {
        return Err(AppError::invalid("half_day", closed));
    }
    if half_day > work.school.zone.current_half_day(work.now) {
        let problem = format!("{half_day} has not come yet: a known absence is entered by the office");
        return Err(AppError::invalid("half_day", problem));
    }
    let mut changed = Vec::new();
    let mut entries = Entries::new();
    for entry in &roll.entries {
        let known = taken.whole_half.get(&entry.student_id);
        let standing = taken.standing.get(&entry.student_id);
        // A known absence of the half-day is the period's too when the teacher keeps it.
        let kept = known.filter(|_| standing.is_none_or(|mark| mark.letter.is_none()));
        let Some(letter) = entry.letter.or(kept.and_then(|mark| mark.letter)) else { continue };
        if entry.letter.is_some() {
            check_letter(work, letter, half_day)?;
        }
        if !group.contains(&entry.student_id) {
            let problem = format!("{} is not in {}: open the roll again", entry.student_id, roll.group);
            return Err(AppError::invalid("student", problem));
        }
        let spells = spells.get(&entry.student_id).map_or(&[][..], Vec::as_slice);
        if let Some(problem) = marking::why_not(work, spells, half_day) {
            return Err(AppError::invalid("student", format!("{}: {problem}", entry.student_id)));
        }
        if standing.is_some_and(|mark| mark.letter == Some(letter)) {
            continue;
        }
        let version = standing.map_or(0, |mark| mark.version);
        if version != entry.seen_version {
            changed.push(entry.student_id.clone());
            continue;
        }
        let entry_to_write = Entry {
            half_day,
            period: taken.period.clone(),
            follows: version,
            letter: Some(letter),
            entered_at: None,
            entered_by: work.by(),
        };
        entries.insert(entry.student_id.clone(), vec![entry_to_write]);
    }
    if !changed.is_empty() {
        return Err(AppError::Changed(changed));
    }
    if !entries.is_empty() {
        marking::enter(work, BY_HAND, &entries)?;
    }
    Ok(entries.len().to_string())
}

/// What stands where a roll is taken.
pub(crate) struct Taken {
    /// The half-day; for a period the one it belongs to.
    pub(crate) half_day: HalfDay,
    /// The period, in a period register.
    pub(crate) period: Option<Period>,
    /// Every period that the group has that day.
    pub(crate) periods: Vec<Period>,
    /// The latest version of each student's mark.
    pub(crate) standing: BTreeMap<StudentId, MarkVersion>,
    /// Marks of the whole half-day that a period's roll begins with: known absences.
    pub(crate) whole_half: BTreeMap<StudentId, MarkVersion>,
}

impl Taken {
    /// Loads what stands for a group's students on a half-day or, where `pick` names one of the
    /// group's periods of that date, on a period.
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        school: SchoolNumber,
        (group, students): (&str, &[StudentId]),
        half_day: HalfDay,
        pick: impl FnOnce(&[Period]) -> Option<String>,
    ) -> Result<Self, AppError> {
        let versions = store::mark::of_day(tx, school, students, half_day.date)?;
        let mut taken = Self {
            half_day,
            period: None,
            periods: timetable::periods_of_roll(tx, school, group, half_day.date, &versions)?,
            standing: BTreeMap::new(),
            whole_half: BTreeMap::new(),
        };
        if let Some(name) = pick(&taken.periods) {
            let Some(period) = taken.periods.iter().find(|period| period.name == name) else {
                let problem =
                    format!("{group} has no period {name} on {}: open the roll again", half_day.date);
                return Err(AppError::invalid("period", problem));
            };
            taken.half_day = HalfDay::new(half_day.date, period.half());
            taken.period = Some(period.clone());
        }
        let slot = store::mark::slot(taken.half_day, taken.period.as_ref());
        for version in versions {
            let student = version.student_id.clone();
            if version.slot() == slot {
                taken.standing.insert(student, version);
            } else if version.period.is_none() && version.half_day == taken.half_day {
                taken.whole_half.insert(student, version);
            }
        }
        Ok(taken)
    }
}

fn check_right(work: &mut Work<'_, '_>, roll: &TakeRoll) -> Result<(), AppError> {
    let number = work.school.number;
    let students = store::people::students_of_group(work.tx, number, &roll.group)?;
    let Some(staff) = &work.who else { return Ok(()) };
    if !staff.scope.may(Permission::MarkRoll) {
        return Err(AppError::denied("take a roll"));
    }
    // A class of several years may be a dean's only in part: each student is checked as well.
    let reaches = |permission| {
        let nobody = Belonging { group: &roll.group, ..Belonging::default() };
        let own = students.iter().map(StudentRow::belongs);
        own.chain([nobody]).any(|student| staff.scope.may_for(permission, student))
    };
    if !reaches(Permission::MarkRoll) {
        return Err(AppError::not_found("there is no such roll among your groups"));
    }
    let today = roll.half_day.date == work.school.zone.date(work.now);
    if !today && !reaches(Permission::CorrectMark) {
        return Err(AppError::denied("change a roll of another day"));
    }
    Ok(())
}

fn check_letter(work: &Work<'_, '_>, letter: char, half_day: HalfDay) -> Result<(), AppError> {
    let known = work.codes.resolve(letter, half_day.date).is_some();
    if !known {
        return Err(AppError::invalid("code", format!("{letter:?} is not a code on {}", half_day.date)));
    }
    if !work.school.roll_shows_reasons && !ROLL_LETTERS.contains(&letter) {
        return Err(AppError::invalid("code", "the roll takes P, L and ?: the office enters reasons"));
    }
    Ok(())
}
