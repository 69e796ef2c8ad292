//! Take the roll of a group for one half-day.

use crate::marking::{self, Entries, Entry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, settle};
use domain::{HalfDay, Instant, Permission, StudentId};
use std::collections::BTreeMap;
use store::ALWAYS;
use store::mark::{BY_HAND, MarkVersion};

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
        let request = format!("{} {} {:?}", roll.group, roll.half_day, roll.entries);
        let order = Order::new("take_roll", actor, now)
            .about(format!("{} {}", roll.group, roll.half_day))
            .keyed(&roll.key, &request);
        let saved = self.keyed_act(order, move |work| save(work, &roll))?;
        Ok(saved.parse().unwrap_or_default())
    }
}

fn save(work: &mut Work<'_, '_>, roll: &TakeRoll) -> Result<String, AppError> {
    check_right(work, roll)?;
    if let Some(closed) = work.calendar.why_closed(roll.half_day) {
        return Err(AppError::invalid("half_day", closed));
    }
    if roll.half_day > work.school.zone.current_half_day(work.now) {
        let problem = format!("{} has not come yet: a known absence is entered by the office", roll.half_day);
        return Err(AppError::invalid("half_day", problem));
    }
    let number = work.school.number;
    let reached = |student: &store::people::StudentRow| {
        let scope = work.who.as_ref().map(|staff| &staff.scope);
        scope.is_none_or(|scope| scope.may_for(Permission::MarkRoll, &student.group, &student.year_level))
    };
    let mut group = store::people::students_of_group(work.tx, number, &roll.group)?;
    group.retain(reached);
    let group: Vec<StudentId> = group.into_iter().map(|student| student.id).collect();
    let spells = settle::group_spells(store::people::spells_of(work.tx, number, &group, ALWAYS)?);
    let mut standing: BTreeMap<StudentId, MarkVersion> = BTreeMap::new();
    for version in store::mark::of_slot(work.tx, number, &group, roll.half_day)? {
        standing.insert(version.student_id.clone(), version);
    }
    let mut changed = Vec::new();
    let mut entries = Entries::new();
    for entry in &roll.entries {
        let Some(letter) = entry.letter else { continue };
        check_letter(work, letter, roll.half_day)?;
        if !group.contains(&entry.student_id) {
            let problem = format!("{} is not in {}: open the roll again", entry.student_id, roll.group);
            return Err(AppError::invalid("student", problem));
        }
        let spells = spells.get(&entry.student_id).map_or(&[][..], Vec::as_slice);
        if let Some(problem) = marking::why_not(work, spells, roll.half_day) {
            return Err(AppError::invalid("student", format!("{}: {problem}", entry.student_id)));
        }
        let standing = standing.get(&entry.student_id);
        if standing.is_some_and(|mark| mark.letter == Some(letter)) {
            continue;
        }
        let version = standing.map_or(0, |mark| mark.version);
        if version != entry.seen_version {
            changed.push(entry.student_id.clone());
            continue;
        }
        let entry_to_write = Entry {
            half_day: roll.half_day,
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

fn check_right(work: &mut Work<'_, '_>, roll: &TakeRoll) -> Result<(), AppError> {
    let number = work.school.number;
    let students = store::people::students_of_group(work.tx, number, &roll.group)?;
    let Some(staff) = &work.who else { return Ok(()) };
    if !staff.scope.may(Permission::MarkRoll) {
        return Err(AppError::denied("take a roll"));
    }
    // A class of several years may be a dean's only in part: each student is checked as well.
    let reaches = |permission| {
        let years = students.iter().map(|student| student.year_level.as_str());
        years.chain([""]).any(|year| staff.scope.may_for(permission, &roll.group, year))
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
