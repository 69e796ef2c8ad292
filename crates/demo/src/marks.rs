//! The marks as the school's other system exports them: a few files a week, then one a day.
//!
//! Most letters arrive here; what the office finds out about a `?` arrives in a later file for
//! most of them, and by hand (in [`crate::follow_up`]) for the rest.

use crate::calendar::{Days, ZONE, monday, weekday};
use crate::chance::Chance;
use crate::habits::{Attendance, half_index};
use crate::people::{Roster, Story};
use domain::{Half, Instant, Role};
use std::fmt::Write;
use std::ops::Range;

/// How many school days after a leaver's last one the school hears of it.
pub(crate) const HEARD_AFTER: usize = 5;

/// One file of marks: when it arrives and which school days it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) at: Instant,
    pub(crate) days: Range<usize>,
    /// Whether the last day brings its morning alone.
    pub(crate) only_morning: bool,
}

/// Schools of more students than this get their files less often, and clear up less by hand: their
/// demo is there sooner.
const LARGE: usize = 1_000;

/// When files arrive: on Wednesdays and Fridays (at a large school on Fridays), and daily in the
/// last week.
pub(crate) fn batches(days: &Days, students: usize) -> Vec<Batch> {
    let mut batches = Vec::new();
    let Some(last) = days.passed.checked_sub(1) else { return batches };
    let last_week = monday(days.open[last]);
    let mut from = 0;
    for day in 0..days.passed {
        let date = days.open[day];
        let ends = match days.open.get(day + 1) {
            Some(&next) => {
                monday(next) != monday(date) || (students <= LARGE && weekday(date) <= 2 && weekday(next) > 2)
            }
            None => true,
        };
        if !ends && day != last && monday(date) != last_week {
            continue;
        }
        let usual = ZONE.at(date, 15, 30);
        let early = if days.only_morning { ZONE.at(date, 9, 30) } else { ZONE.at(date, 13, 45) };
        let is_today = usual > days.now;
        let at = if is_today { early } else { usual };
        batches.push(Batch { at, days: from..day + 1, only_morning: is_today && days.only_morning });
        from = day + 1;
    }
    batches
}

/// Everything that the files are written from.
pub(crate) struct Register<'d> {
    pub(crate) seed: u64,
    pub(crate) days: &'d Days,
    pub(crate) roster: &'d Roster,
    pub(crate) attendance: &'d [Attendance],
    pub(crate) batches: &'d [Batch],
}

/// How a `?` is cleared up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClearedUp {
    /// The school day on which it happens.
    pub(crate) day: usize,
    /// By the file that arrives next, or by hand.
    pub(crate) by_hand: bool,
}

impl Register<'_> {
    /// The file that a batch brings.
    pub(crate) fn file(&self, number: usize) -> String {
        let batch = &self.batches[number];
        let mut file = "student_id,date,half,code,recorded_at,recorded_by\n".to_owned();
        for day in batch.days.clone() {
            for half in Half::BOTH {
                let skipped = batch.only_morning && half == Half::Pm && day + 1 == batch.days.end;
                if self.days.is_open(day, half) && !skipped {
                    self.write_rolls(&mut file, number, day, half);
                }
            }
        }
        self.write_cleared_up(&mut file, number);
        file
    }

    fn write_rolls(&self, file: &mut String, batch: usize, day: usize, half: Half) {
        let date = self.days.open[day];
        let mut taken = (usize::MAX, String::new());
        for (student, attendance) in self.roster.students.iter().zip(self.attendance) {
            if self.is_missing(day, half, student.group) || !self.is_on_roll(student.story, batch, day) {
                continue;
            }
            if taken.0 != student.group {
                let minute = i8::try_from((student.group * 7 + day * 3) % 20).unwrap_or(0);
                let (hour, first) = if half == Half::Am { (8, 50) } else { (13, 20) };
                let at = ZONE.at(date, hour, first).plus_seconds(i64::from(minute) * 60);
                let teacher = &self.roster.groups[student.group].teacher;
                taken = (student.group, format!("{},{teacher}", ZONE.text(at)));
            }
            let letter = if has_gone(student.story, day) {
                '?'
            } else {
                attendance.days[day][half_index(half)].letter
            };
            let _ = writeln!(file, "{},{date},{half},{letter},{}", student.id, taken.1);
        }
    }

    /// The `?` of earlier files that the office has cleared up since.
    fn write_cleared_up(&self, file: &mut String, number: usize) {
        let office = &self.roster.of(Role::Office)[0].id;
        for day in 0..self.batches[number].days.start {
            for (index, student) in self.roster.students.iter().enumerate() {
                let Some(cleared) = self.cleared_up(index, day) else { continue };
                let due = self.batch_of(cleared.day).max(self.batch_of(day).map(|own| own + 1));
                if cleared.by_hand || due != Some(number) || !self.is_on_roll(student.story, number, day) {
                    continue;
                }
                let at = ZONE.text(ZONE.at(self.days.open[cleared.day], 9, 50));
                for half in Half::BOTH {
                    let Some(letter) = self.attendance[index].days[day][half_index(half)].becomes else {
                        continue;
                    };
                    if self.days.is_open(day, half) && !self.is_missing(day, half, student.group) {
                        let date = self.days.open[day];
                        let _ = writeln!(file, "{},{date},{half},{letter},{at},{office}", student.id);
                    }
                }
            }
        }
    }

    /// When and how the `?` of a student's day is cleared up, if it is by now.
    pub(crate) fn cleared_up(&self, index: usize, day: usize) -> Option<ClearedUp> {
        let letter = self.attendance[index].days[day].iter().find_map(|mark| mark.becomes)?;
        if has_gone(self.roster.students[index].story, day) {
            return None;
        }
        let mut chance = Chance::of(self.seed, "cleared up", index * 1_000 + day);
        let by_hand = 22 * LARGE / self.roster.students.len().max(LARGE);
        let cleared = day + chance.between(2, 4) + usize::from(letter == 'T');
        (cleared < self.days.passed).then(|| ClearedUp { day: cleared, by_hand: chance.percent(by_hand) })
    }

    /// The batch that brings a school day.
    pub(crate) fn batch_of(&self, day: usize) -> Option<usize> {
        self.batches.iter().position(|batch| batch.days.contains(&day))
    }

    /// Whether a teacher has not saved that roll: two groups' last afternoon, and one this morning.
    pub(crate) fn is_missing(&self, day: usize, half: Half, group: usize) -> bool {
        let groups = self.roster.groups.len();
        let Some(last) = self.days.passed.checked_sub(1).filter(|_| groups > 2) else { return false };
        let last_afternoon = if self.days.only_morning { last.saturating_sub(1) } else { last };
        let mut chance = Chance::of(self.seed, "missing rolls", 0);
        let first = chance.below(groups);
        let forgot = [first, (first + 1 + chance.below(groups - 1)) % groups];
        let afternoon = day == last_afternoon && half == Half::Pm && forgot.contains(&group);
        afternoon || (self.days.only_morning && day == last && group == (first + groups / 2) % groups)
    }

    /// Whether rolls of that day hold a student when that batch is written.
    pub(crate) fn is_on_roll(&self, story: Story, batch: usize, day: usize) -> bool {
        match story {
            Story::Stays => true,
            Story::Arrives(first) => day >= first,
            Story::Leaves(last) => day <= last || Some(batch) <= self.batch_of(last + HEARD_AFTER),
            Story::Returns(last, back) => day <= last || day >= back,
        }
    }
}

/// Whether a student has left without the school knowing yet.
pub(crate) fn has_gone(story: Story, day: usize) -> bool {
    matches!(story, Story::Leaves(last) if day > last)
}
