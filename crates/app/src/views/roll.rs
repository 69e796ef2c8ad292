//! The roll of a group for one half-day or period: nothing private, no reason codes unless the school
//! allows it.

use super::{Reading, StaffNames};
use crate::take_roll::{ROLL_LETTERS, Taken};
use crate::timetable::Timetables;
use crate::{Actor, AppError, School};
use domain::{CodeList, Date, HalfDay, Instant, Period, Permission, Slot, StudentId, Time};
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
    /// Which period of it, where the group is marked by period.
    pub period: Option<Period>,
    /// Every period that the group has that day, in order.
    pub periods: Vec<Period>,
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
    /// The periods that the group has that day, with how many are marked; none in a half-day
    /// register.
    pub periods: Vec<(Period, usize)>,
    /// Whether the group is the reader's own.
    pub is_mine: bool,
}

impl School {
    /// The groups whose rolls a reader may take, and how far each has come on a date.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who takes no rolls.
    pub fn rolls(&self, actor: &Actor, now: Instant, date: Date) -> Result<Vec<GroupLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::MarkRoll, "take a roll")?;
            groups(reading, date)
        })
    }

    /// The roll of one group for a half-day. Where the group has periods that day it is the roll
    /// of one: the one named, else the one under way or the first of that half.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a group out of reach; [`AppError::Invalid`] for a period that it
    /// does not have.
    pub fn roll(
        &self,
        actor: &Actor,
        now: Instant,
        group: &str,
        half_day: HalfDay,
        period: Option<&str>,
    ) -> Result<RollView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::MarkRoll, "take a roll")?;
            roll(reading, group, half_day, period)
        })
    }
}

fn groups(reading: &mut Reading<'_, '_>, date: Date) -> Result<Vec<GroupLine>, AppError> {
    let number = reading.school.number;
    let spells = crate::settle::group_spells(store::people::spells(reading.tx, number, ALWAYS)?);
    let timetables = Timetables::load(reading.tx, number)?;
    let mut marks: HashMap<StudentId, BTreeMap<Slot, MarkVersion>> = HashMap::new();
    store::mark::of_school(reading.tx, number, (date, date), ALWAYS, |mark| {
        marks.entry(mark.student_id.clone()).or_default().insert(mark.slot(), mark);
    })?;
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
            periods: timetables.periods(&student.group, date).into_iter().map(|period| (period, 0)).collect(),
            is_mine: reading.who.as_ref().is_some_and(own),
        });
        line.students += 1;
        let mut halves = [false; 2];
        for mark in marks.remove(&student.id).unwrap_or_default().into_values() {
            if mark.letter.is_some() {
                halves[mark.half_day.half as usize] = true;
                count_period(&mut line.periods, mark.period);
            }
        }
        line.marked.iter_mut().zip(halves).for_each(|(count, half)| *count += usize::from(half));
    }
    let mut lines: Vec<GroupLine> = lines.into_values().collect();
    lines.iter_mut().for_each(|line| line.periods.sort_by_key(|(period, _)| period.start));
    lines.sort_by_key(|line| !line.is_mine);
    Ok(lines)
}

fn count_period(periods: &mut Vec<(Period, usize)>, marked: Option<Period>) {
    let Some(marked) = marked else { return };
    match periods.iter_mut().find(|(period, _)| period.name == marked.name) {
        Some((_, count)) => *count += 1,
        None => periods.push((marked, 1)),
    }
}

/// The period whose roll is shown when none is named: the one under way, else the first of the
/// half that is not over, else the first of the half, else of the day.
fn usual_period(now: (Date, Time), half_day: HalfDay, periods: &[Period]) -> Option<String> {
    let minute = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    let now = (now.0 == half_day.date).then(|| minute(now.1));
    let end = |period: &Period| minute(period.start) + i32::try_from(period.minutes).unwrap_or(i32::MAX);
    let in_half = || periods.iter().filter(|period| period.half() == half_day.half);
    let under_way = in_half().find(|period| now.is_some_and(|now| now < end(period)));
    let chosen = under_way.or_else(|| match now {
        Some(_) => in_half().next_back(),
        None => in_half().next(),
    });
    chosen.or(periods.first()).map(|period| period.name.clone())
}

fn roll(
    reading: &mut Reading<'_, '_>,
    group: &str,
    half_day: HalfDay,
    period: Option<&str>,
) -> Result<RollView, AppError> {
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
    let ids: Vec<StudentId> = students.iter().map(|student| student.id.clone()).collect();
    let local = reading.school.zone.local(reading.now);
    let pick = |periods: &[Period]| match period {
        Some(name) => Some(name.to_owned()),
        None => usual_period((local.date(), local.time()), half_day, periods),
    };
    let taken = Taken::load(reading.tx, number, (group, &ids), half_day, pick)?;
    let half_day = taken.half_day;
    let mut view = RollView {
        group: group.to_owned(),
        half_day,
        period: taken.period,
        periods: taken.periods,
        closed: reading.calendar.why_closed(half_day),
        lines: Vec::new(),
        letters: letters(&reading.codes, half_day, open),
        may_save: half_day <= reading.current && (half_day.date == reading.current.date || may_correct),
        saved: None,
    };
    let names = StaffNames::load(reading.tx, number)?;
    let spells = crate::settle::group_spells(store::people::spells_of(reading.tx, number, &ids, ALWAYS)?);
    for student in students {
        let own = spells.get(&student.id).map_or(&[][..], Vec::as_slice);
        if !domain::sheet::is_enrolled(own, half_day.date) {
            continue;
        }
        let standing = taken.standing.get(&student.id);
        let known = taken.whole_half.get(&student.id).and_then(|mark| mark.letter);
        let shown = match standing.and_then(|mark| mark.letter).or(known) {
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
