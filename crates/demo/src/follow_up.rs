//! What the office does by hand: clearing up a `?`, and writing down the reasons that were given.

use crate::calendar::{ZONE, plus_days};
use crate::chance::Chance;
use crate::habits::{Habit, half_index};
use crate::marks::{ClearedUp, Register, has_gone};
use crate::people::Story;
use crate::timeline::Deed;
use domain::{Half, HalfDay, Instant, Role, StaffId};

/// How many days back reasons are written down: the days for which Today asks for them.
const REASON_DAYS: i32 = 14;

const OF_ILLNESS: [&str; 5] =
    ["Flu, in bed", "Tummy bug", "Migraine", "Doctor says to rest until the fever is gone", "Asthma"];
const OF_FAMILY: [&str; 4] =
    ["Tangihanga up north", "Looking after a little brother", "Whānau commitment", "Funeral of a neighbour"];
const OF_TRAVEL: [&str; 2] = ["Visiting whānau overseas", "Holiday that was booked long ago"];
const NOT_APPROVED: [&str; 3] = ["Helping at home", "Slept in after a late night", "Birthday of a cousin"];
const OF_STANDING_DOWN: [&str; 1] = ["Stood down, letter sent"];
const NO_REPLY: [&str; 2] = ["No reply to two messages", "Nobody at home knew"];
const GIVEN_BY: [&str; 6] = ["mother", "father", "nan", "aunty", "older sister", "the student"];
const GIVEN_HOW: [&str; 4] = ["phone", "e-mail", "app", "in person"];

/// Everything that is done by hand, with when.
pub(crate) fn deeds(register: &Register<'_>) -> Vec<(Instant, Deed)> {
    let mut deeds = Vec::new();
    for index in 0..register.roster.students.len() {
        for day in 0..register.days.passed {
            if let Some(cleared) = register.cleared_up(index, day).filter(|cleared| cleared.by_hand) {
                clear_up(register, index, day, cleared, &mut deeds);
            }
        }
        write_reasons(register, index, &mut deeds);
        deeds.extend(announced(register, index));
    }
    deeds
}

/// The days still to come of a holiday that whānau told the school about. They do not count yet.
fn announced(register: &Register<'_>, index: usize) -> Option<(Instant, Deed)> {
    let (days, student) = (register.days, &register.roster.students[index]);
    let attendance = &register.attendance[index];
    if attendance.habit != Habit::Holiday || student.story != Story::Stays {
        return None;
    }
    let to_come = days.passed..(days.passed + 5).min(days.open.len());
    let slots = to_come.flat_map(|day| Half::BOTH.map(|half| (day, half)));
    let away = |&(day, half): &(usize, Half)| {
        attendance.days[day][half_index(half)].letter == 'G' && days.is_open(day, half)
    };
    let half_days: Vec<HalfDay> = slots.filter(away).map(|(day, half)| days.half_day(day, half)).collect();
    let batch = register.batches.iter().rev().nth(1).filter(|_| !half_days.is_empty())?;
    let mut chance = Chance::of(register.seed, "announced", index);
    let (by, minute) = office(register, &mut chance);
    let at = batch.at.plus_seconds(900 + minute * 60);
    Some((at, reason(by, student.id.clone(), half_days, 'G', Some('G'), &mut chance)))
}

/// Who does it, and the minute after the hour at which they do.
fn office(register: &Register<'_>, chance: &mut Chance) -> (StaffId, i64) {
    let staff = chance.pick(&register.roster.of(Role::Office)).id.clone();
    (staff, i64::try_from(chance.below(80)).unwrap_or(0))
}

fn clear_up(
    register: &Register<'_>,
    index: usize,
    day: usize,
    cleared: ClearedUp,
    deeds: &mut Vec<(Instant, Deed)>,
) {
    let student = &register.roster.students[index];
    let mut chance = Chance::of(register.seed, "by hand", index * 1_000 + day);
    let (by, minute) = office(register, &mut chance);
    let arrived = register.batch_of(day).map(|batch| register.batches[batch].at);
    let at = ZONE.at(register.days.open[cleared.day], 15, 35).max(arrived.unwrap_or(register.days.now));
    let at = at.plus_seconds(600 + minute * 60);
    let halves = || Half::BOTH.into_iter().filter(|&half| is_marked(register, index, day, half));
    let becomes = |half| register.attendance[index].days[day][half_index(half)].becomes;
    let Some(letter) = halves().find_map(becomes) else { return };
    let half_days: Vec<HalfDay> = halves()
        .filter(|&half| becomes(half).is_some())
        .map(|half| register.days.half_day(day, half))
        .collect();
    let student_id = student.id.clone();
    deeds.push((at, reason(by, student_id, half_days, letter, Some(letter), &mut chance)));
}

/// Writes down why most of the known absences of the last two weeks happened, a stretch at a time.
fn write_reasons(register: &Register<'_>, index: usize, deeds: &mut Vec<(Instant, Deed)>) {
    let days = register.days;
    let first = days.position(plus_days(ZONE.date(days.now), -REASON_DAYS));
    let mut stretch: Vec<HalfDay> = Vec::new();
    let mut begun = (first, first, ' ');
    for day in first..=days.passed {
        let known = |half: &Half| known_absence(register, index, day, *half).is_some();
        let halves: Vec<Half> =
            if day < days.passed { Half::BOTH.into_iter().filter(known).collect() } else { Vec::new() };
        if halves.is_empty() {
            let ended = std::mem::take(&mut stretch);
            deeds.extend(reason_of_stretch(register, index, begun, ended));
            continue;
        }
        if stretch.is_empty() {
            let (batch, letter) = known_absence(register, index, day, halves[0]).unwrap_or_default();
            begun = (day, batch, letter);
        }
        stretch.extend(halves.into_iter().map(|half| days.half_day(day, half)));
    }
}

fn reason_of_stretch(
    register: &Register<'_>,
    index: usize,
    (day, batch, letter): (usize, usize, char),
    half_days: Vec<HalfDay>,
) -> Option<(Instant, Deed)> {
    let mut chance = Chance::of(register.seed, "reason", index * 1_000 + day);
    if half_days.is_empty() || !chance.percent(88) {
        return None;
    }
    let (by, minute) = office(register, &mut chance);
    let at = register.batches[batch].at.plus_seconds(900 + minute * 60);
    let student_id = register.roster.students[index].id.clone();
    Some((at, reason(by, student_id, half_days, letter, None, &mut chance)))
}

fn reason(
    by: StaffId,
    student_id: domain::StudentId,
    half_days: Vec<HalfDay>,
    why: char,
    letter: Option<char>,
    chance: &mut Chance,
) -> Deed {
    let texts: &[&str] = match why {
        'M' => &OF_ILLNESS,
        'J' => &OF_FAMILY,
        'G' => &OF_TRAVEL,
        'U' => &OF_STANDING_DOWN,
        'T' => &NO_REPLY,
        _ => &NOT_APPROVED,
    };
    let reason = chance.pick(texts);
    let given_by = if why == 'T' { "" } else { chance.pick(&GIVEN_BY) };
    let given_how = if why == 'T' { "phone" } else { chance.pick(&GIVEN_HOW) };
    Deed::Reason { by, student_id, half_days, reason, given_by, given_how, letter }
}

/// The file with which a reason became known, and the letter; nothing for an absence that is not
/// explained yet, or was by hand.
fn known_absence(register: &Register<'_>, index: usize, day: usize, half: Half) -> Option<(usize, char)> {
    let mark = register.attendance[index].days[day][half_index(half)];
    if !mark.is_absent() || !is_marked(register, index, day, half) {
        return None;
    }
    let brought = register.batch_of(day)?;
    match mark.becomes {
        None => (mark.letter != '?').then_some((brought, mark.letter)),
        Some('T') => None,
        Some(letter) => {
            let cleared = register.cleared_up(index, day).filter(|cleared| !cleared.by_hand)?;
            Some((register.batch_of(cleared.day)?.max(brought + 1), letter))
        }
    }
}

/// Whether a mark of that half-day arrives while the student is enrolled.
fn is_marked(register: &Register<'_>, index: usize, day: usize, half: Half) -> bool {
    let student = &register.roster.students[index];
    let to_come = register.days.only_morning && half == Half::Pm && day + 1 == register.days.passed;
    let missing = to_come || register.is_missing(day, half, student.group);
    let enrolled = register.batch_of(day).is_some_and(|batch| register.is_on_roll(student.story, batch, day));
    register.days.is_open(day, half) && !missing && enrolled && !has_gone(student.story, day)
}
