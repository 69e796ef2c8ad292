//! What may happen to a random school under a plan: the acts, and how they are drawn.

use domain::Date;
use proptest::prelude::*;
use testkit::Engine;

/// Students with their group and year.
pub const STUDENTS: [(&str, &str, &str); 5] = [
    ("101", "9K", "Year 9"),
    ("102", "9K", "Year 9"),
    ("103", "9K", "Year 9"),
    ("201", "10B", "Year 10"),
    ("202", "10B", "Year 10"),
];

/// Staff who record responses: id, role, whose students are theirs (everybody's when empty).
pub const STAFF: [(&str, &str, &str); 6] = [
    ("teacher", "teacher", "9K"),
    ("other", "teacher", "10B"),
    ("dean", "dean", "Year 9"),
    ("office", "office", ""),
    ("leader", "leader", ""),
    ("principal", "principal", ""),
];

pub const FIRST_DAY: Date = Date::constant(2026, 4, 20);

/// Something that happens.
#[derive(Debug, Clone)]
pub enum Act {
    /// Days pass; it is then morning or afternoon.
    Pass(u8, bool),
    /// A register of the last days: student, how many days, how many of 16 half-days are absences.
    Fill(u8, u8, u8, u32),
    /// One half-day is corrected: student, how many open half-days ago, letter.
    Correct(u8, u8, u8),
    /// Somebody records from a task: which, how, days ago.
    Do(u8, u8, u8),
    /// Somebody records for a level or none: student, level, type, description, days ago.
    Record(u8, u8, u8, u8, u8),
    /// A response is revised: which, type, days ago.
    Revise(u8, u8, u8),
    /// A response is withdrawn.
    Withdraw(u8),
    /// A flag is set or taken off.
    Flag(u8, u8, bool),
    /// Steps are held: student, first day from today, length.
    Hold(u8, i8, u8),
    /// A hold is ended.
    EndHold(u8),
    /// A task is given to somebody, or back.
    Give(u8, u8),
    /// Somebody covers: owner, scope, who, for how many days.
    Cover(u8, u8, u8, u8),
}

/// A random school.
#[derive(Debug, Clone)]
pub struct Case {
    /// Where it is kept.
    pub engine: Engine,
    /// Which of the plans to begin with.
    pub plan: usize,
    /// What happens.
    pub acts: Vec<Act>,
}

/// Any random school under any of the plans, with at most `acts` acts.
pub fn case(acts: usize) -> impl Strategy<Value = Case> {
    let some = prop::collection::vec(act(), 4..acts);
    (testkit::random::engine(), 0..7_usize, some).prop_map(|(engine, plan, acts)| Case { engine, plan, acts })
}

fn act() -> impl Strategy<Value = Act> {
    let byte = any::<u8>;
    prop_oneof![
        4 => (0..18_u8, any::<bool>()).prop_map(|(days, am)| Act::Pass(days, am)),
        6 => (byte(), 3..40_u8, 0..17_u8, any::<u32>()).prop_map(|(a, b, c, d)| Act::Fill(a, b, c, d)),
        3 => (byte(), 0..40_u8, byte()).prop_map(|(a, b, c)| Act::Correct(a, b, c)),
        9 => (byte(), 0..10_u8, 0..12_u8).prop_map(|(a, b, c)| Act::Do(a, b, c)),
        4 => (byte(), byte(), byte(), byte(), 0..30_u8).prop_map(|(a, b, c, d, e)| Act::Record(a, b, c, d, e)),
        2 => (byte(), byte(), 0..30_u8).prop_map(|(a, b, c)| Act::Revise(a, b, c)),
        2 => byte().prop_map(Act::Withdraw),
        3 => (byte(), byte(), prop::bool::weighted(0.7)).prop_map(|(a, b, c)| Act::Flag(a, b, c)),
        2 => (byte(), -9..9_i8, 0..25_u8).prop_map(|(a, b, c)| Act::Hold(a, b, c)),
        1 => byte().prop_map(Act::EndHold),
        2 => (byte(), byte()).prop_map(|(a, b)| Act::Give(a, b)),
        2 => (byte(), byte(), byte(), 0..40_u8).prop_map(|(a, b, c, d)| Act::Cover(a, b, c, d)),
    ]
}

/// A term in which much is away and most is done.
pub fn usual() -> Vec<Act> {
    let week = |number: u8| {
        let marks = (0..5).map(move |student| Act::Fill(student, 7, 3 * student, u32::from(number)));
        let done = (0..6).map(move |which| Act::Do(which, which % 3, 0));
        let flags = [Act::Flag(number, number, true), Act::Pass(7, false)];
        marks.chain(done).chain(flags)
    };
    std::iter::once(Act::Pass(4, false)).chain((0..9).flat_map(week)).collect()
}
