//! How each student attends: habits, illnesses, trips, and the letters that these leave behind.
//!
//! A student's whole term is made at once from the seed and their number, whatever day the demo
//! is looked at, so a demo of tomorrow has the same past as the one of today.

use crate::calendar::{Days, weekday};
use crate::chance::Chance;
use crate::people::{Group, Student};
use domain::Half;

/// What is marked for one half-day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The letter that the roll holds at first.
    pub(crate) letter: char,
    /// The letter that the office puts there once it knows more.
    pub(crate) becomes: Option<char>,
}

const PRESENT: Mark = known('P');

const fn known(letter: char) -> Mark {
    Mark { letter, becomes: None }
}

impl Mark {
    /// Whether the student was away.
    pub(crate) fn is_absent(self) -> bool {
        "JMUEGT?".contains(self.letter)
    }
}

/// Why somebody is away, mostly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Here, but for a cold now and then.
    Steady,
    /// Here, and late.
    Late,
    /// Away on Mondays and Fridays.
    LongWeekends,
    /// Away a lot.
    OftenAway,
    /// Away for weeks with a known illness.
    LongIllness,
    /// Away on a holiday in the term.
    Holiday,
    /// Stood down for some days.
    StoodDown,
}

/// Of a thousand students.
const HABITS: [(usize, Habit); 7] = [
    (758, Habit::Steady),
    (52, Habit::Late),
    (56, Habit::LongWeekends),
    (88, Habit::OftenAway),
    (8, Habit::LongIllness),
    (30, Habit::Holiday),
    (8, Habit::StoodDown),
];

/// One student's term.
#[derive(Debug)]
pub(crate) struct Attendance {
    pub(crate) habit: Habit,
    /// Morning and afternoon of each school day.
    pub(crate) days: Vec<[Mark; 2]>,
}

/// What happens at the school: a wave of illness, a camp, a practice.
#[derive(Debug)]
pub(crate) struct Happenings {
    wave: std::ops::Range<usize>,
    camp: (usize, std::ops::Range<usize>),
    practice: (usize, usize),
}

impl Happenings {
    pub(crate) fn draw(seed: u64, days: &Days, groups: &[Group]) -> Self {
        let mut chance = Chance::of(seed, "happenings", 0);
        let count = days.open.len();
        let (wave, camp) = (count * 3 / 10 + chance.below(5), 6 + chance.below(count / 3));
        Self {
            wave: wave..wave + 8,
            camp: (groups[chance.below(groups.len())].year, camp..camp + 3),
            practice: (chance.below(groups.len()), 4 + chance.below(count / 2)),
        }
    }
}

/// Makes one student's term.
pub(crate) fn attendance(
    seed: u64,
    index: usize,
    student: &Student,
    days: &Days,
    all: &Happenings,
) -> Attendance {
    let mut chance = Chance::of(seed, "habit", index);
    let habit = chance.weighted(&HABITS);
    let mut term = Term { habit, days: vec![[PRESENT; 2]; days.open.len()], chance };
    term.lateness();
    match habit {
        Habit::Steady | Habit::Late => {
            let often = 8 + term.chance.below(40);
            term.absences(often, &[(22, 0), (64, 1), (11, 2), (3, 3)]);
        }
        Habit::LongWeekends => {
            term.absences(12, &[(30, 0), (60, 1), (10, 2)]);
            term.long_weekends(days);
        }
        Habit::OftenAway => {
            let often = term.chance.pick(&[90, 120, 160, 210, 270, 350, 480]);
            term.absences(often, &[(25, 0), (45, 1), (18, 2), (8, 3), (4, 4)]);
        }
        Habit::LongIllness => {
            let from = term.chance.between(4, days.open.len() / 2);
            let length = term.chance.between(11, 26);
            term.away(from, length, known('M'));
        }
        Habit::Holiday => {
            term.absences(12, &[(40, 0), (60, 1)]);
            let from = term.chance.between(5, days.open.len() * 4 / 5);
            let length = term.chance.between(4, 9);
            term.away(from, length, known('G'));
        }
        Habit::StoodDown => {
            term.absences(40, &[(30, 0), (60, 1), (10, 2)]);
            let from = term.chance.between(5, days.open.len() * 2 / 3);
            let length = term.chance.between(2, 4);
            term.away(from, length, known('U'));
        }
    }
    term.illness(all);
    term.activities(student, all);
    Attendance { habit, days: term.days }
}

/// A term in the making.
struct Term {
    habit: Habit,
    days: Vec<[Mark; 2]>,
    chance: Chance,
}

impl Term {
    fn lateness(&mut self) {
        let often = match self.habit {
            Habit::Late => 34,
            Habit::OftenAway => 12,
            _ => 2,
        };
        for day in &mut self.days {
            if self.chance.percent(often) {
                day[0] = known('L');
            } else if self.chance.per_mille(4) {
                day[usize::from(self.chance.percent(60))] = known('D');
            }
        }
    }

    /// Absences that begin that many times in a thousand days and last that many days (none is
    /// half a day).
    fn absences(&mut self, per_mille: usize, lengths: &[(usize, usize)]) {
        let mut day = 0;
        while day < self.days.len() {
            let length = if self.chance.per_mille(per_mille) {
                self.chance.weighted(lengths)
            } else {
                day += 1;
                continue;
            };
            let mark = self.cause();
            if length == 0 {
                let half = usize::from(self.chance.percent(55));
                self.days[day][half] = mark;
            }
            self.away(day, length, mark);
            day += length.max(1);
        }
    }

    fn away(&mut self, from: usize, length: usize, mark: Mark) {
        for day in self.days.iter_mut().skip(from).take(length) {
            *day = [mark; 2];
        }
    }

    fn long_weekends(&mut self, days: &Days) {
        let often = self.chance.between(22, 48);
        for (index, &date) in days.open.iter().enumerate() {
            if [0, 4].contains(&weekday(date)) && self.chance.percent(often) {
                let mark = self.cause();
                self.away(index, 1, mark);
            }
        }
    }

    fn illness(&mut self, all: &Happenings) {
        for day in all.wave.clone() {
            if self.chance.per_mille(16) {
                let length = self.chance.between(1, 3);
                self.away(day, length, known('M'));
            }
        }
    }

    fn activities(&mut self, student: &Student, all: &Happenings) {
        let present = |mark: &Mark| !mark.is_absent();
        if all.camp.0 == student.year {
            for day in self.days.iter_mut().skip(all.camp.1.start).take(all.camp.1.len()) {
                day.iter_mut().filter(|mark| present(mark)).for_each(|mark| *mark = known('Q'));
            }
        }
        if all.practice.0 == student.group
            && let Some(day) = self.days.get_mut(all.practice.1)
            && present(&day[half_index(Half::Pm)])
        {
            day[half_index(Half::Pm)] = known('N');
        }
    }

    /// What an absence is marked with: often `?` until somebody has said why.
    fn cause(&mut self) -> Mark {
        let causes: &[(usize, char)] = match self.habit {
            Habit::Steady | Habit::Late => &[(70, 'M'), (18, 'J'), (5, 'E'), (7, 'T')],
            Habit::LongWeekends => &[(35, 'M'), (15, 'J'), (28, 'E'), (22, 'T')],
            Habit::OftenAway => &[(34, 'M'), (12, 'J'), (18, 'E'), (36, 'T')],
            Habit::LongIllness | Habit::Holiday | Habit::StoodDown => &[(60, 'M'), (40, 'J')],
        };
        let letter = self.chance.weighted(causes);
        let unknown_first = match letter {
            'T' => 94,
            'E' => 45,
            _ => 32,
        };
        if !self.chance.percent(unknown_first) {
            return known(letter);
        }
        let found_out = !self.chance.percent(4);
        Mark { letter: '?', becomes: found_out.then_some(letter) }
    }
}

/// Where a half stands in a day.
pub(crate) fn half_index(half: Half) -> usize {
    match half {
        Half::Am => 0,
        Half::Pm => 1,
    }
}
