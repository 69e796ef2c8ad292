//! The roll of a group for one half-day: nothing private, no reason codes unless the school
//! allows it.

use super::{Reading, StaffNames};
use crate::take_roll::ROLL_LETTERS;
use crate::{Actor, AppError, School};
use domain::{CodeList, HalfDay, Instant, Permission, StudentId};
use std::collections::{BTreeMap, HashMap};
use store::ALWAYS;
use store::mark::MarkVersion;
use store::people::StudentRow;

/// What a roll shows of the mark that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// No mark stands.
    Unmarked,
    /// A letter that the roll may show.
    Letter(char),
    /// The office knows where this student is; the roll does not say why.
    Known,
}

/// One line of a roll.
#[derive(Debug, Clone)]
pub struct RollLine {
    /// Whose.
    pub student_id: StudentId,
    /// The name a teacher calls, with the family name.
    pub name: String,
    /// What stands.
    pub shown: Shown,
    /// The version of the mark that stands; 0 when there is none.
    pub version: i64,
}

/// A group's roll for one half-day.
#[derive(Debug, Clone)]
pub struct RollView {
    /// Form or whānau class.
    pub group: String,
    /// Which half-day.
    pub half_day: HalfDay,
    /// Why nothing can be marked, if so.
    pub closed: Option<String>,
    /// The students enrolled that day.
    pub lines: Vec<RollLine>,
    /// The letters the roll offers, with their names.
    pub letters: Vec<(char, String)>,
    /// Whether the reader may save it.
    pub may_save: bool,
    /// Who entered a mark last, and when, if anybody did.
    pub saved: Option<(String, Instant)>,
}

/// A group and how far its rolls of one day have come.
#[derive(Debug, Clone)]
pub struct GroupLine {
    /// Form or whānau class.
    pub group: String,
    /// Its students' year level.
    pub year_level: String,
    /// How many students are enrolled that day.
    pub students: usize,
    /// How many are marked in the morning and in the afternoon.
    pub marked: [usize; 2],
    /// Whether the group is the reader's own.
    pub is_mine: bool,
}

impl School {
    /// The groups whose rolls a reader may take, and how far each has come on a date.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who takes no rolls.
    pub fn rolls(&self, actor: &Actor, now: Instant, date: domain::Date) -> Result<Vec<GroupLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::MarkRoll, "take a roll")?;
            groups(reading, date)
        })
    }

    /// The roll of one group.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a group out of reach.
    pub fn roll(
        &self,
        actor: &Actor,
        now: Instant,
        group: &str,
        half_day: HalfDay,
    ) -> Result<RollView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::MarkRoll, "take a roll")?;
            roll(reading, group, half_day)
        })
    }
}

fn groups(reading: &mut Reading<'_, '_>, date: domain::Date) -> Result<Vec<GroupLine>, AppError> {
    let number = reading.school.number;
    let spells = crate::settle::group_spells(store::people::spells(reading.tx, number, ALWAYS)?);
    let mut marked: HashMap<StudentId, [bool; 2]> = HashMap::new();
    crate::settle::letters_of_school(
        reading.tx,
        number,
        &reading.codes,
        (date, date),
        ALWAYS,
        |id, letters| {
            let halves = marked.entry(id).or_default();
            letters.iter().for_each(|(half_day, _)| halves[half_day.half as usize] = true);
        },
    )?;
    let mut lines: BTreeMap<String, GroupLine> = BTreeMap::new();
    for student in store::people::students(reading.tx, number)? {
        let enrolled = spells.get(&student.id).is_some_and(|own| domain::sheet::is_enrolled(own, date));
        if student.group.is_empty() || !enrolled || !reading.reaches(Permission::MarkRoll, &student) {
            continue;
        }
        let own = |who: &store::people::StaffVersion| who.scope.groups.contains(&student.group);
        let line = lines.entry(student.group.clone()).or_insert_with(|| GroupLine {
            group: student.group.clone(),
            year_level: student.year_level.clone(),
            students: 0,
            marked: [0; 2],
            is_mine: reading.who.as_ref().is_some_and(own),
        });
        line.students += 1;
        let halves = marked.get(&student.id).copied().unwrap_or_default();
        line.marked.iter_mut().zip(halves).for_each(|(count, half)| *count += usize::from(half));
    }
    let mut lines: Vec<GroupLine> = lines.into_values().collect();
    lines.sort_by_key(|line| !line.is_mine);
    Ok(lines)
}

fn roll(reading: &mut Reading<'_, '_>, group: &str, half_day: HalfDay) -> Result<RollView, AppError> {
    let number = reading.school.number;
    // A class of several years may be a dean's only in part.
    let mut students: Vec<StudentRow> = store::people::students_of_group(reading.tx, number, group)?;
    students.retain(|student| reading.reaches(Permission::MarkRoll, student));
    if students.is_empty() {
        return Err(AppError::not_found("there is no such roll among your groups"));
    }
    let may_correct =
        students.first().is_some_and(|student| reading.reaches(Permission::CorrectMark, student));
    let open = reading.school.roll_shows_reasons;
    let mut view = RollView {
        group: group.to_owned(),
        half_day,
        closed: reading.calendar.why_closed(half_day),
        lines: Vec::new(),
        letters: letters(&reading.codes, half_day, open),
        may_save: half_day <= reading.current && (half_day.date == reading.current.date || may_correct),
        saved: None,
    };
    let names = StaffNames::load(reading.tx, number)?;
    let ids: Vec<StudentId> = students.iter().map(|student| student.id.clone()).collect();
    let spells = crate::settle::group_spells(store::people::spells_of(reading.tx, number, &ids, ALWAYS)?);
    let mut marks: HashMap<StudentId, MarkVersion> = HashMap::new();
    for version in store::mark::of_slot(reading.tx, number, &ids, half_day)? {
        marks.insert(version.student_id.clone(), version);
    }
    for student in students {
        let own = spells.get(&student.id).map_or(&[][..], Vec::as_slice);
        if !domain::sheet::is_enrolled(own, half_day.date) {
            continue;
        }
        let standing = marks.get(&student.id);
        let shown = match standing.and_then(|mark| mark.letter) {
            None => Shown::Unmarked,
            Some(letter) if open || ROLL_LETTERS.contains(&letter) => Shown::Letter(letter),
            Some(_) => Shown::Known,
        };
        if let Some(mark) =
            standing.filter(|mark| view.saved.as_ref().is_none_or(|(_, at)| *at < mark.recorded_at))
        {
            view.saved = Some((names.name(&mark.entered_by), mark.recorded_at));
        }
        let version = standing.map_or(0, |mark| mark.version);
        view.lines.push(RollLine { name: student.full_name(), student_id: student.id, shown, version });
    }
    Ok(view)
}

fn letters(codes: &CodeList, half_day: HalfDay, open: bool) -> Vec<(char, String)> {
    let offered = |letter: char| open || ROLL_LETTERS.contains(&letter);
    let rows = codes.on(half_day.date);
    let mut letters: Vec<(char, String)> =
        rows.filter(|row| offered(row.letter)).map(|row| (row.letter, row.name.clone())).collect();
    // Present, late and unknown first, in that order.
    letters.sort_by_key(|(letter, _)| {
        ROLL_LETTERS.iter().position(|first| first == letter).unwrap_or(usize::MAX)
    });
    letters
}
