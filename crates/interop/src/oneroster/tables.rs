//! The records of a package as OneRoster has them, of either version and from either door.

use super::File;
use super::cell::Status;
use domain::Date;
use std::collections::BTreeMap;

/// How a file of the package is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It is not there.
    #[default]
    Absent,
    /// It is the whole truth.
    Bulk,
    /// It holds what changed.
    Delta,
}

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub(super) modes: BTreeMap<File, Mode>,
    /// What each file is called where problems are told.
    pub(super) names: BTreeMap<File, String>,
    pub(super) orgs: Vec<Org>,
    pub(super) sessions: Vec<Session>,
    pub(super) classes: Vec<Class>,
    pub(super) users: Vec<User>,
    pub(super) roles: Vec<RoleAt>,
    pub(super) enrolments: Vec<Enrolment>,
}

impl Tables {
    /// How a file is to be taken.
    #[must_use]
    pub fn mode(&self, file: File) -> Mode {
        self.modes.get(&file).copied().unwrap_or_default()
    }

    /// Says how a file is to be taken.
    pub fn set_mode(&mut self, file: File, mode: Mode) {
        self.modes.insert(file, mode);
    }

    /// What a file is called.
    pub(super) fn name(&self, file: File) -> &str {
        self.names.get(&file).map_or(file.text(), String::as_str)
    }

    /// How many users were read.
    #[must_use]
    pub fn users(&self) -> usize {
        self.users.len()
    }
}

/// A school, or what is above or below one.
#[derive(Debug, Clone)]
pub(super) struct Org {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) identifier: String,
    pub(super) parent: String,
}

/// A year or term.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) status: Status,
    pub(super) kind: String,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
}

/// A class.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) line: u64,
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) title: String,
    pub(super) is_homeroom: bool,
    pub(super) school: String,
}

/// A person.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) line: u64,
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) modified: Option<Date>,
    pub(super) orgs: Vec<String>,
    /// 1.1 alone; empty in 1.2.
    pub(super) role: String,
    pub(super) username: String,
    pub(super) user_ids: Vec<(String, String)>,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) preferred_name: String,
    pub(super) identifier: String,
    pub(super) email: String,
    pub(super) grades: Vec<String>,
}

/// A role at an org (1.2).
#[derive(Debug, Clone)]
pub(super) struct RoleAt {
    pub(super) line: u64,
    pub(super) status: Status,
    pub(super) user: String,
    pub(super) is_primary: bool,
    pub(super) role: String,
    pub(super) begin: Option<Date>,
    pub(super) end: Option<Date>,
    pub(super) org: String,
}

/// Who is in a class.
#[derive(Debug, Clone)]
pub(super) struct Enrolment {
    pub(super) line: u64,
    pub(super) status: Status,
    pub(super) class: String,
    pub(super) school: String,
    pub(super) user: String,
    pub(super) role: String,
    pub(super) is_primary: bool,
    pub(super) begin: Option<Date>,
    pub(super) end: Option<Date>,
}
