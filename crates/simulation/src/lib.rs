//! A school, a Ministry and a bad line between them, for a whole term, decided by one seed.
//!
//! A run makes a real school (`app` on SQLite) and a real collector, and sends with the real
//! sender over a line that loses, repeats, delays and spoils; programs are killed, clocks jump,
//! backups are put back. When the line is good again and all was told, [`check`] looks at both ends
//! from outside. The same seed gives the same bytes: a failing run says its seed and how to have it
//! again.
//!
//! A development tool: nothing of the product uses it. Begins at `world.rs`.

mod acts;
mod behind;
pub mod check;
mod fault;
mod human;
mod kura;
mod leak;
mod line;
mod ministry;
mod plant;
mod random;
pub mod start;
mod trace;
mod world;

pub use check::{Invariant, Violation};
pub use fault::Fault;
pub use plant::Plant;

use domain::{Date, Zone};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use world::World;

/// How large a run is, and what is fixed of it.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Weekdays of the term.
    pub days: u32,
    /// Students on the first day.
    pub students: u32,
    /// The most acts of people on a day, besides the register.
    pub acts: u64,
    /// Whether backups are put back at the school.
    pub school_restores: bool,
    /// The zone; drawn when nothing is said.
    pub zone: Option<Zone>,
    /// The first day of the term; drawn when nothing is said.
    pub first_day: Option<Date>,
    /// Seconds by which the school's clock jumps on the third day, for a day.
    pub jump: Option<i64>,
}

impl Shape {
    /// Few students for some weeks: a moment's work.
    pub const SMALL: Self = Self {
        days: 12,
        students: 12,
        acts: 6,
        school_restores: true,
        zone: None,
        first_day: None,
        jump: None,
    };

    /// A term of a middling school.
    pub const LARGE: Self = Self { days: 50, students: 400, acts: 14, ..Self::SMALL };
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its seed.
    pub seed: u64,
    /// Its size.
    pub shape: Shape,
    /// The hash of everything that happened.
    pub hash: String,
    /// What did not hold.
    pub violations: Vec<Violation>,
    /// The last events.
    pub last: Vec<String>,
    /// How often each kind of event happened.
    pub counts: BTreeMap<&'static str, u64>,
    /// Whether a plant found soil; true without one.
    pub grew: bool,
}

/// Lives through a run in an empty directory.
#[must_use]
pub fn run(seed: u64, shape: &Shape, plant: Option<Plant>, directory: &Path) -> Outcome {
    let mut world = World::new(seed, shape, directory);
    world.live();
    let mut is_dry = world.run_dry();
    let mut grew = true;
    if let Some(plant) = plant {
        // What a comparison would mend is to be found by the checks.
        world.line.state().keeps_digests = true;
        grew = plant.grow(&mut world);
        is_dry = true;
    }
    let violations = check::check(&world, is_dry);
    for violation in &violations {
        world.trace.note(world.now(), "violation", &violation.to_string());
    }
    Outcome {
        seed,
        shape: shape.clone(),
        hash: world.trace.hash(),
        violations,
        last: world.trace.last(),
        counts: world.trace.counts(),
        grew,
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "seed {}: {} things do not hold", self.seed, self.violations.len())?;
        for violation in self.violations.iter().take(12) {
            writeln!(out, "  {violation}")?;
        }
        writeln!(out, "the last events:")?;
        for event in &self.last {
            writeln!(out, "  {event}")?;
        }
        let (days, students) = (self.shape.days, self.shape.students);
        write!(out, "again: cargo run -p simulation --example seeds -- {} 1 {days} {students}", self.seed)
    }
}
