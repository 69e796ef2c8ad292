//! All that a message home may say.

use domain::Date;

/// What a message may speak of. There is no field for a note, a reason, an NSN or another child, so
/// no template can print one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The name the student goes by: `Aroha`.
    pub student: String,
    /// That and the family name: `Aroha Tamihana`.
    pub student_in_full: String,
    /// The contact's name: `Mere Tamihana`.
    pub contact: String,
    /// Which term of the year, from 1.
    pub term: u8,
    /// The half-days of this term for which the school was open so far, while enrolled.
    pub open_half_days: u32,
    /// Every absence of the term so far, in order of date.
    pub absences: Vec<AbsentDay>,
    /// What the absences mostly are.
    pub mostly: Mostly,
    /// What an earlier message said that is no longer so; for a correction alone.
    pub earlier: Option<Earlier>,
    /// The date of the message.
    pub today: Date,
    /// The name of whoever sends it, and what they are at the school: `Hana Ngata`, `Attendance
    /// officer`.
    pub sender: (String, String),
    /// Who the school is, and how it is reached.
    pub letterhead: Letterhead,
}

impl Facts {
    /// The absent half-days that the message speaks of.
    #[must_use]
    pub fn absent_half_days(&self) -> u32 {
        self.absences.iter().map(|day| if day.halves == Halves::Both { 2 } else { 1 }).sum()
    }
}

/// A date on which the student was absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbsentDay {
    /// The date.
    pub date: Date,
    /// Which halves of it.
    pub halves: Halves,
    /// Whether the school has no explanation of it yet.
    pub is_unexplained: bool,
}

/// Halves of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halves {
    /// The morning.
    Am,
    /// The afternoon.
    Pm,
    /// The whole day.
    Both,
}

/// What more than half of the absences are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mostly {
    /// Illness and medical.
    Medical,
    /// Not explained yet.
    Unknown,
    /// Explained and not approved, or truant.
    Unjustified,
    /// None of these for more than half, or otherwise justified.
    Mixed,
}

/// What an earlier message said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// The day on which it went.
    pub sent_on: Date,
    /// The absent half-days that it spoke of.
    pub absent_half_days: u32,
}

/// Who the school is, on every message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The school's name.
    pub school: String,
    /// Its postal address, a line each.
    pub address: Vec<String>,
    /// Its phone number.
    pub phone: String,
    /// The address to which families write.
    pub email: String,
    /// Its website; empty where there is none.
    pub website: String,
    /// A picture above the name, as the bytes of a PNG; empty where there is none.
    pub logo: Vec<u8>,
}
