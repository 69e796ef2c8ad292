//! Which slots a tutor group has on each weekday.

use super::super::kept::{Kept, StudentTimetable};
use super::slots::{MOST_SLOTS, SlotMap, is_usable};
use super::student_id;
use crate::contract::{GROUP_LENGTH, Parsed, Problem, Row, TimetableFileRow};
use domain::StudentId;
use std::collections::BTreeMap;

/// The timetable of each tutor group: the slots in which at least half of its students have a
/// class.
///
/// A student's timetable names no group: `group_of` says to which one a student belongs, and a
/// student of none is passed over. The slots are those of `week` where it is known and has a school
/// day; otherwise those that most weeks have, of equally many the fuller ones.
#[must_use]
pub fn timetable(
    kept: &Kept,
    slots: &SlotMap,
    group_of: &dyn Fn(&StudentId) -> Option<String>,
    week: Option<u8>,
) -> Parsed<TimetableFileRow> {
    let mut parsed = Parsed::new();
    parsed.header = ["student", "timetable"].map(str::to_owned).to_vec();
    if !is_usable(slots, &mut parsed) {
        return parsed;
    }
    let mut groups: BTreeMap<String, (u64, Vec<&StudentTimetable>)> = BTreeMap::new();
    for (line, of_student) in (1..).zip(kept.timetables.iter().flatten()) {
        let Some(student) = student_id(&mut parsed, line, "student", &of_student.student) else { continue };
        if of_student.weeks.is_empty() {
            let wrong = "the timetable is written in a way that is not known";
            parsed.report(Problem::new(line, "timetable", wrong, "weeks, days and slots"));
            continue;
        }
        let fits = |group: &String| !group.is_empty() && group.chars().count() <= GROUP_LENGTH;
        if let Some(group) = group_of(&student).filter(fits) {
            groups.entry(group).or_insert((line, Vec::new())).1.push(of_student);
        }
    }
    for (group, (line, students)) in groups {
        for weekday in 1..=7_i8 {
            let set = usual(&students, usize::try_from(weekday).unwrap_or(1) - 1, week);
            for slot in (1..=MOST_SLOTS).filter(|slot| set & 1 << (slot - 1) != 0) {
                if let Some(period) = slots.period(slot) {
                    let value = TimetableFileRow { group: group.clone(), weekday, period, from: None };
                    parsed.rows.push(Row { line, value });
                }
            }
        }
    }
    parsed
}

/// The slots of a group on one day of the week, from Monday's 0.
fn usual(students: &[&StudentTimetable], day: usize, week: Option<u8>) -> u16 {
    let mut weeks: BTreeMap<u8, (usize, [usize; MOST_SLOTS])> = BTreeMap::new();
    for of_week in students.iter().flat_map(|student| &student.weeks) {
        let Some(Some(set)) = of_week.days.get(day) else { continue };
        let (count, slots) = weeks.entry(of_week.week).or_default();
        *count += 1;
        for (place, slot) in slots.iter_mut().enumerate() {
            *slot += usize::from(set & 1 << place != 0);
        }
    }
    let set_of = |(count, slots): &(usize, [usize; MOST_SLOTS])| {
        slots
            .iter()
            .enumerate()
            .filter(|(_, with_class)| *with_class * 2 >= *count)
            .fold(0_u16, |set, (place, _)| set | 1 << place)
    };
    if let Some(set) = week.and_then(|week| weeks.get(&week)).map(set_of).filter(|set| *set != 0) {
        return set;
    }
    let mut times: BTreeMap<u16, usize> = BTreeMap::new();
    for set in weeks.values().map(set_of).filter(|set| *set != 0) {
        *times.entry(set).or_default() += 1;
    }
    times.into_iter().max_by_key(|&(set, times)| (times, set.count_ones(), set)).map_or(0, |(set, _)| set)
}
