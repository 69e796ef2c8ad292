//! Random small schools: acts that a school and the model both follow, so that they can be
//! compared after each.

mod course;
mod pair;
mod plain;

use course::{NIGHT, TIMES};

pub use course::Course;
pub use pair::Pair;
pub use plain::PlainSchool;

use crate::Engine;
use crate::model::Slot;
use crate::postgres::Server;
use domain::{Date, Half, Instant, Zone};
use proptest::prelude::*;

/// A moment on the school's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The date there.
    pub date: Date,
    /// Hour and minute there.
    pub time: (i8, i8),
}

impl Moment {
    /// The half-day that is current: the morning until 12:00.
    #[must_use]
    pub fn slot(self) -> Slot {
        (self.date, if self.time.0 < 12 { Half::Am } else { Half::Pm })
    }

    /// The instant, worked out without a time zone database: New Zealand's clocks are an hour on from
    /// the last Sunday of September to the first of April, the Chathams' always 45 minutes more. A time
    /// that is skipped or comes twice belongs to the same half-day either way.
    #[must_use]
    pub fn by_rule(self, zone: Zone) -> Instant {
        let sunday_from = |day: i8| (day..day + 7).find(|&day| self.is_sunday(day)).unwrap_or(day);
        let now = (self.date.day(), self.time);
        let is_summer = match self.date.month() {
            4 => now < (sunday_from(1), (3, 0)),
            9 => now >= (sunday_from(24), (3, 45)),
            month => !(5..9).contains(&month),
        };
        let offset = match (zone, is_summer) {
            (Zone::Auckland, false) => "+12:00",
            (Zone::Auckland, true) => "+13:00",
            (Zone::Chatham, false) => "+12:45",
            (Zone::Chatham, true) => "+13:45",
        };
        let (hour, minute) = self.time;
        crate::instant(&format!("{}T{hour:02}:{minute:02}:00{offset}", self.date))
    }

    fn is_sunday(self, day: i8) -> bool {
        let date = Date::new(self.date.year(), self.date.month(), day);
        date.is_ok_and(|date| date.weekday().to_monday_zero_offset() == 6)
    }

    /// The instant.
    #[must_use]
    pub fn instant(self, zone: Zone) -> Instant {
        zone.at(self.date, self.time.0, self.time.1)
    }
}

/// A random school: where it is, its terms, and what happens.
#[derive(Debug, Clone)]
pub struct Case {
    /// Where it is kept.
    pub engine: Engine,
    /// Its zone.
    pub zone: Zone,
    /// Whether it keeps Auckland's anniversary day.
    pub has_region: bool,
    /// The first day of its first term, in days after 2024-12-16.
    pub starts: u16,
    /// How long each term is, and the days between it and the one before.
    pub terms: Vec<(u8, u8)>,
    /// Each student's spells: first day (in days after the first term's) and length, 0 for no end.
    pub students: Vec<Vec<(i8, u8)>>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// Something that happens, after some time.
#[derive(Debug, Clone)]
pub struct Step {
    /// Days that pass before it.
    pub days: u8,
    /// The time of day, as an index into a few interesting ones.
    pub time: u8,
    /// Days by which the clock is back for this step alone.
    pub back: u8,
    /// What.
    pub kind: Kind,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A register: one row for each open half-day from a day on, for each student.
    Fill {
        /// From which day of the school's first term.
        from: u8,
        /// How many days.
        days: u8,
        /// How many of 16 half-days are absences.
        absent: u8,
        /// What the letters follow from.
        seed: u32,
    },
    /// A period register: the same, with some periods each day.
    Lessons {
        /// From which day of the school's first term.
        from: u8,
        /// How many days.
        days: u8,
        /// How many of 16 periods are absences.
        absent: u8,
        /// What letters, lengths and missing rolls follow from.
        seed: u32,
    },
    /// A marks file: student, day, afternoon, letter.
    Marks {
        /// Which of two sources.
        source: bool,
        /// Its rows.
        rows: Vec<(u8, u8, bool, u8)>,
        /// Whether they are of periods.
        by_period: bool,
        /// Whether rows that cannot stand are kept in the file.
        wild: bool,
        /// Whether the good ones are stored then.
        skip: bool,
    },
    /// A marks file that makes some of a student's latest absences present: student, how many.
    Excuse(u8, u8),
    /// A calendar file: day, how many days, morning open, afternoon open.
    Calendar(Vec<(u8, u8, bool, bool)>),
    /// A spell's last day, or a new spell: student, which spell, first day, length (0 for no end).
    Spell(u8, Option<u8>, i8, u8),
    /// A term's other first and last day, in days of difference.
    Term(u8, i8, i8),
    /// A person's correction.
    Correct(u8, u8, bool, u8),
    /// A list of codes: from which day, which of a few lists.
    Codes(u8, u8),
    /// An earlier act again.
    Repeat(u8),
    /// Everything derived is thrown away and made anew.
    Rebuild,
    /// Nothing.
    Pass,
}

/// Any random school of 1 to 8 students, with at most `steps` acts, on a random engine.
pub fn case(steps: usize) -> impl Strategy<Value = Case> {
    (engine(), any_case(steps)).prop_map(|(engine, case)| Case { engine, ..case })
}

/// The dates on which New Zealand's clocks change, counted from the first day there is.
const CLOCK_CHANGES: [u16; 4] = [475, 650, 839, 1014];

/// A random school whose acts fall on the nights and days around a change of clocks, with that
/// Sunday open.
pub fn case_at_a_clock_change(steps: usize) -> impl Strategy<Value = Case> {
    let change = prop::sample::select(CLOCK_CHANGES.to_vec());
    (any_case(steps), change, 0..50_u8, any::<u32>()).prop_map(|(mut case, change, offset, seed)| {
        case.starts = change - u16::from(offset);
        for step in &mut case.steps {
            step.days %= 2;
            step.back %= 3;
            step.time = NIGHT + step.time % (TIMES - NIGHT);
        }
        let step = |days, kind| Step { days, time: NIGHT, back: 0, kind };
        let fill = Kind::Fill { from: 0, days: offset + 4, absent: 9, seed };
        let open = Kind::Calendar(vec![(offset, 1, true, true)]);
        // The school was made ten days before its first term.
        case.steps.splice(0..0, [step(offset + 9, open), step(0, fill)]);
        case
    })
}

/// Any random school of 1 to 8 students, with at most `steps` acts.
pub fn any_case(steps: usize) -> impl Strategy<Value = Case> {
    let school = (any::<bool>(), any::<bool>(), 0..1_050_u16);
    let terms = prop::collection::vec((21..56_u8, 1..20_u8), 1..3);
    let spells = prop::collection::vec((-20..60_i8, prop_oneof![4 => Just(0), 1 => 1..50_u8]), 1..3);
    let usual = Just(vec![(-20_i8, 0_u8)]);
    let students = prop::collection::vec(prop_oneof![2 => usual, 1 => spells], 1..9);
    let steps = prop::collection::vec(step(), 3..steps);
    let ahead = 0..70_u8;
    (school, terms, students, steps, ahead).prop_map(|(school, terms, students, mut steps, ahead)| {
        let (chatham, has_region, starts) = school;
        steps[0].days = ahead;
        let zone = if chatham { Zone::Chatham } else { Zone::Auckland };
        Case { engine: Engine::Sqlite, zone, has_region, starts, terms, students, steps }
    })
}

/// SQLite, and PostgreSQL for a share of the cases when the run has a server: a case there takes
/// some ten times as long.
pub fn engine() -> impl Strategy<Value = Engine> {
    let share = if crate::is_long() { 64 } else { 16 };
    let has_server = Server::of_this_run().is_some();
    if has_server {
        println!("PostgreSQL for one case of {share}");
    }
    (0..share).prop_map(move |draw| if has_server && draw == 1 { Engine::Postgresql } else { Engine::Sqlite })
}

fn step() -> impl Strategy<Value = Step> {
    let days = prop_oneof![2 => Just(0_u8), 3 => 0..4_u8, 2 => 3..16_u8];
    let back = prop_oneof![14 => Just(0_u8), 1 => 1..20_u8];
    (days, 0..TIMES, back, kind()).prop_map(|(days, time, back, kind)| Step { days, time, back, kind })
}

fn kind() -> impl Strategy<Value = Kind> {
    let row = (any::<u8>(), 0..70_u8, any::<bool>(), 0..20_u8);
    let rows = prop::collection::vec(row, 0..40);
    let day = (0..70_u8, prop_oneof![3 => Just(1_u8), 1 => 1..12_u8], any::<bool>(), any::<bool>());
    let letter = prop_oneof![1 => 0..20_u8, 1 => 4..12_u8];
    prop_oneof![
        6 => (prop_oneof![3 => 0..6_u8, 1 => 0..60_u8], 10..60_u8, prop_oneof![0..17_u8, 5..17_u8], any::<u32>())
            .prop_map(|(from, days, absent, seed)| Kind::Fill { from, days, absent, seed }),
        4 => (0..60_u8, 5..40_u8, prop_oneof![0..17_u8, 5..17_u8], any::<u32>())
            .prop_map(|(from, days, absent, seed)| Kind::Lessons { from, days, absent, seed }),
        6 => (any::<bool>(), rows, prop::bool::weighted(0.3), prop::bool::weighted(0.3), any::<bool>())
            .prop_map(|(source, rows, by_period, wild, skip)| Kind::Marks { source, rows, by_period, wild, skip }),
        3 => prop::collection::vec(day, 1..6).prop_map(Kind::Calendar),
        3 => (any::<u8>(), prop::option::of(0..2_u8), -20..60_i8, 0..50_u8)
            .prop_map(|(student, which, first, length)| Kind::Spell(student, which, first, length)),
        1 => (any::<u8>(), -10..10_i8, -10..10_i8).prop_map(|(which, first, last)| Kind::Term(which, first, last)),
        5 => (any::<u8>(), 1..14_u8).prop_map(|(student, count)| Kind::Excuse(student, count)),
        4 => (any::<u8>(), 0..70_u8, any::<bool>(), letter)
            .prop_map(|(student, day, pm, letter)| Kind::Correct(student, day, pm, letter)),
        1 => (0..90_u8, any::<u8>()).prop_map(|(from, which)| Kind::Codes(from, which)),
        1 => any::<u8>().prop_map(Kind::Repeat),
        1 => Just(Kind::Rebuild),
        2 => Just(Kind::Pass),
    ]
}
