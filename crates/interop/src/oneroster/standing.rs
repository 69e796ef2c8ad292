//! What stands in the school already, and what earlier packages said: OneRoster's deltas name only
//! what changed.

use domain::{Date, Nsn, Role};
use std::collections::BTreeMap;

/// What stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// By the student's id at the school.
    pub students: BTreeMap<String, StandingStudent>,
    /// By the staff member's id.
    pub staff: BTreeMap<String, StandingStaff>,
    /// Classes of earlier packages, by their `sourcedId`.
    pub classes: BTreeMap<String, KnownClass>,
    /// Users of earlier packages, by their `sourcedId`.
    pub users: BTreeMap<String, KnownUser>,
    /// The `sourcedId` of the org that earlier packages were read for.
    pub org: Option<String>,
    /// The orgs below it, each with the one that it stands below.
    pub departments: BTreeMap<String, String>,
}

/// A student as known here.
#[derive(Debug, Clone, Default)]
pub struct StandingStudent {
    /// The National Student Number.
    pub nsn: Option<Nsn>,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Preferred name.
    pub preferred_name: String,
    /// Year level.
    pub year_level: String,
    /// Form or whānau class.
    pub group: String,
    /// First and last day of each spell.
    pub spells: Vec<(Date, Option<Date>)>,
}

/// A staff member as known here.
#[derive(Debug, Clone, Default)]
pub struct StandingStaff {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Groups, houses and years of their own.
    pub groups: Vec<String>,
}

/// A class of an earlier package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownClass {
    /// Its title.
    pub title: String,
    /// Whether it is a homeroom.
    pub is_homeroom: bool,
}

/// A user of an earlier package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUser {
    /// The id here.
    pub id: String,
    /// A student, or else staff.
    pub is_student: bool,
}
