//! From OneRoster's records to students and staff as the contract has them.

use super::cell::Status;
use super::options::{Options, StudentIdFrom};
use super::person::{self, Kind};
use super::rows::{self, Draft};
use super::spell;
use super::standing::{KnownClass, KnownUser, Standing};
use super::tables::{Enrolment, Mode, RoleAt, Tables, User};
use super::{File, Findings, org, staff};
use crate::contract::cells::shown;
use crate::contract::{GROUP_LENGTH, Problem, StaffRow, StudentRow};
use domain::{Date, SchoolNumber};
use std::collections::{BTreeMap, BTreeSet};

/// Where and when a roster is read.
#[derive(Debug, Clone, Copy)]
pub struct Here<'a> {
    /// The school.
    pub school: SchoolNumber,
    /// Today at the school.
    pub today: Date,
    /// From when on students of a first roster are enrolled where nothing says it.
    pub first_day: Date,
    /// What stands.
    pub standing: &'a Standing,
}

/// How many people there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Students on the roll.
    pub students: usize,
    /// Staff.
    pub staff: usize,
    /// Students whose last day is known by this package.
    pub leaving: usize,
    /// Users of other schools.
    pub elsewhere: usize,
    /// Parents and others whom a roster does not need.
    pub others: usize,
}

/// A roster.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Students; those who leave have a last day.
    pub students: Vec<StudentRow>,
    /// Staff.
    pub staff: Vec<StaffRow>,
    /// The students as the contract's file.
    pub students_csv: Vec<u8>,
    /// The staff as the contract's file.
    pub staff_csv: Vec<u8>,
    /// The file and line that each member of staff came from.
    pub staff_places: Vec<(String, u64)>,
    /// Whether a student who is not named has left.
    pub is_whole: bool,
    /// How many of each.
    pub counts: Counts,
    /// Problems, and what was tolerated.
    pub findings: Findings,
    /// What is to be known when the next delta comes.
    pub known: Standing,
}

/// Reads a roster out of tables.
#[must_use]
pub fn roster(tables: &Tables, findings: Findings, options: &Options, here: &Here<'_>) -> Roster {
    let mut roster = Roster { findings, ..Roster::default() };
    roster.known.classes.clone_from(&here.standing.classes);
    roster.known.users.clone_from(&here.standing.users);
    roster.known.org.clone_from(&here.standing.org);
    roster.known.departments.clone_from(&here.standing.departments);
    if roster.findings.problems.iter().any(|problem| problem.problem.column == "file") {
        return roster;
    }
    let standing = here.standing;
    let ours = match org::choose(tables, options.org.as_deref(), here.school, standing, &mut roster.findings)
    {
        Ok(ours) => ours,
        Err(problem) => {
            roster.findings.refuse(super::PACKAGE, "", problem);
            return roster;
        }
    };
    roster.known.org.clone_from(&ours.school);
    roster.known.departments.clone_from(&ours.departments);
    let mut building = Building::new(tables, options, here, ours, roster);
    for user in &tables.users {
        building.user(user);
    }
    building.others_who_changed();
    building.finish()
}

/// The records by user, while a roster is built.
pub(super) struct Building<'t> {
    pub(super) tables: &'t Tables,
    pub(super) options: &'t Options,
    pub(super) here: &'t Here<'t>,
    pub(super) ours: org::Ours,
    /// Titles of homerooms, those that are known included, by `sourcedId`.
    pub(super) homes: BTreeMap<String, String>,
    /// Titles of every class that is or was known.
    pub(super) titles: BTreeSet<String>,
    pub(super) enrolments: BTreeMap<&'t str, Vec<&'t Enrolment>>,
    pub(super) roles: BTreeMap<&'t str, Vec<&'t RoleAt>>,
    /// Who has a role anywhere.
    pub(super) roled: BTreeSet<&'t str>,
    /// Whether somebody's homeroom goes on.
    pub(super) homes_go_on: bool,
    pub(super) otherwise: Date,
    pub(super) students: Vec<Draft<9>>,
    pub(super) staff: Vec<Draft<5>>,
    pub(super) roster: Roster,
}

impl<'t> Building<'t> {
    fn new(
        tables: &'t Tables,
        options: &'t Options,
        here: &'t Here<'t>,
        ours: org::Ours,
        mut roster: Roster,
    ) -> Self {
        let titles = classes(tables, &ours, here.standing, &mut roster);
        let is_home = |(_, class): &(&String, &KnownClass)| class.is_homeroom;
        let homes: BTreeMap<String, String> = (roster.known.classes.iter().filter(is_home))
            .map(|(id, class)| (id.clone(), class.title.clone()))
            .collect();
        let (mut enrolments, mut roles) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for one in tables.enrolments.iter().filter(|one| ours.holds(&one.school)) {
            enrolments.entry(one.user.as_str()).or_default().push(one);
        }
        for one in tables.roles.iter().filter(|one| ours.holds(&one.org)) {
            roles.entry(one.user.as_str()).or_default().push(one);
        }
        let goes_on = |one: &&&Enrolment| homes.contains_key(&one.class) && is_running(one, here.today);
        let homes_go_on = enrolments.values().flatten().find(goes_on).is_some();
        let first = here.standing.students.is_empty();
        let session = spell::session_start(&tables.sessions, here.today);
        let otherwise = if first { session.unwrap_or(here.first_day) } else { here.today };
        let roled = tables.roles.iter().map(|role| role.user.as_str()).collect();
        let (students, staff) = (Vec::new(), Vec::new());
        Self {
            tables,
            options,
            here,
            ours,
            homes,
            titles,
            enrolments,
            roles,
            roled,
            homes_go_on,
            otherwise,
            students,
            staff,
            roster,
        }
    }

    pub(super) fn tolerate(&mut self, file: File, line: u64, words: impl Into<String>) {
        let name = self.tables.name(file).to_owned();
        self.roster.findings.tolerate(&name, line, words);
    }

    /// What a user is at this school: nothing for one of another school, or whom nothing can be made of.
    fn kind(&mut self, user: &User) -> Option<Kind> {
        if user.role.is_empty() {
            return self.kind_by_roles(user);
        }
        let Some(kind) = self.read_role(File::Users, user.line, &user.role) else {
            let wrong = format!("{} is no role that is known", shown(&user.role));
            let right = "student, teacher, administrator, aide, parent or guardian";
            let name = self.tables.name(File::Users).to_owned();
            self.roster.findings.refuse(&name, &user.id, Problem::new(user.line, "role", wrong, right));
            return None;
        };
        if !self.ours.holds_any(user.orgs.iter().map(String::as_str)) {
            self.roster.counts.elsewhere += 1;
            return None;
        }
        Some(kind)
    }

    fn read_role(&mut self, file: File, line: u64, role: &str) -> Option<Kind> {
        let (kind, taken_for) = person::kind(role)?;
        if let Some(word) = taken_for {
            self.tolerate(file, line, format!("role {} is read as {word}", shown(role)));
        }
        Some(kind)
    }

    /// 1.2: the roles at this school, the primary one first.
    fn kind_by_roles(&mut self, user: &User) -> Option<Kind> {
        let here = self.roles.get(user.id.as_str()).cloned().unwrap_or_default();
        let standing: Vec<&RoleAt> =
            here.iter().filter(|role| role.status == Status::Active).copied().collect();
        let candidates = if standing.is_empty() { &here } else { &standing };
        if let Some(role) = candidates.iter().find(|role| role.is_primary).or(candidates.first()) {
            let kind = self.read_role(File::Roles, role.line, &role.role);
            if kind.is_none() {
                let wrong = format!("{} is no role that is known", shown(&role.role));
                let name = self.tables.name(File::Roles).to_owned();
                let problem =
                    Problem::new(role.line, "role", wrong, "student, teacher, administrator, aide or parent");
                self.roster.findings.refuse(&name, &user.id, problem);
            }
            return kind;
        }
        if let Some(known) = self.here.standing.users.get(&user.id)
            && self.tables.mode(File::Roles) != Mode::Bulk
        {
            return Some(if known.is_student { Kind::Student } else { Kind::Staff });
        }
        let elsewhere = self.roled.contains(user.id.as_str())
            || !self.ours.holds_any(user.orgs.iter().map(String::as_str));
        if elsewhere {
            self.roster.counts.elsewhere += 1;
        } else {
            self.tolerate(File::Users, user.line, "users without a role were passed over");
        }
        None
    }

    fn user(&mut self, user: &User) {
        let Some(kind) = self.kind(user) else { return };
        if kind == Kind::Other {
            self.roster.counts.others += 1;
            return;
        }
        let id = person::local_id(user, self.options).to_owned();
        if kind == Kind::Student
            && person::is_likely_nsn(&id)
            && self.options.student_id == StudentIdFrom::Identifier
        {
            let words = "identifier looks like the National Student Number, which is nobody's id here: if it is, say so \
                (--identifier-is-nsn, or the setting of the connection)";
            self.tolerate(File::Users, user.line, words);
        }
        let known = KnownUser { id: id.clone(), is_student: kind == Kind::Student };
        self.roster.known.users.insert(user.id.clone(), known);
        let roles = self.roles.get(user.id.as_str()).cloned().unwrap_or_default();
        let has_role = roles.is_empty() || roles.iter().any(|role| role.status == Status::Active);
        let is_gone = user.status == Status::Gone || !has_role;
        match kind {
            Kind::Student => self.student((&user.id, File::Users, user.line), &id, Some(user), is_gone),
            Kind::Staff if is_gone && self.tables.mode(File::Users) == Mode::Bulk => {}
            Kind::Staff if is_gone => {
                let words =
                    "staff who are to be deleted keep their access until somebody ends it on the page People";
                self.tolerate(File::Users, user.line, words);
            }
            _ => self.staff_member((&user.id, File::Users, user.line), &id, Some(user)),
        }
    }

    /// Those whom a delta names in roles or enrolments alone.
    fn others_who_changed(&mut self) {
        let named: BTreeSet<&str> = self.tables.users.iter().map(|user| user.id.as_str()).collect();
        let (mut places, mut strangers) = (BTreeMap::<&str, (File, u64)>::new(), 0_usize);
        let of_roles =
            self.roles.iter().filter_map(|(user, all)| Some((*user, (File::Roles, all.first()?.line))));
        let of_classes = self
            .enrolments
            .iter()
            .filter_map(|(user, all)| Some((*user, (File::Enrollments, all.first()?.line))));
        for (user, place) in of_roles.chain(of_classes).filter(|(user, _)| !named.contains(user)) {
            places.entry(user).or_insert(place);
        }
        for (user, (file, line)) in places {
            let Some(known) = self.here.standing.users.get(user) else {
                strangers += 1;
                continue;
            };
            let roles = self.roles.get(user).cloned().unwrap_or_default();
            let is_gone = !roles.is_empty() && roles.iter().all(|role| role.status == Status::Gone);
            let id = known.id.clone();
            if known.is_student {
                self.student((user, file, line), &id, None, is_gone);
            } else if !is_gone {
                self.staff_member((user, file, line), &id, None);
            }
        }
        if strangers > 0 && self.tables.mode(File::Users) == Mode::Bulk {
            let words = format!("{strangers} users are named who are not in users.csv, and were passed over");
            self.tolerate(File::Enrollments, 0, words);
        }
    }

    /// A user's enrolments, each with whether it is to a homeroom.
    pub(super) fn classes_of(&self, user: &str) -> Vec<(&'t Enrolment, bool)> {
        let all = self.enrolments.get(user).map_or(&[][..], Vec::as_slice);
        all.iter().map(|one| (*one, self.homes.contains_key(&one.class))).collect()
    }

    fn finish(mut self) -> Roster {
        if self.homes.is_empty() && !self.students.is_empty() {
            let words = "no class is a homeroom: nobody's group is said";
            self.tolerate(File::Classes, 0, words);
        }
        let tables = self.tables;
        let names = |file: File| tables.name(file).to_owned();
        let mut roster = self.roster;
        let students = rows::students(self.students, &names, &mut roster.findings);
        (roster.students, roster.students_csv) = (students.rows, students.csv);
        let unique = staff::one_address_each(self.staff, &names, &mut roster.findings);
        let staff = rows::staff(unique, &names, &mut roster.findings);
        (roster.staff, roster.staff_csv, roster.staff_places) = (staff.rows, staff.csv, staff.places);
        let stays = |row: &&StudentRow| row.end_date.is_none_or(|end| end >= self.here.today);
        roster.counts.students = roster.students.iter().filter(stays).count();
        roster.counts.staff = roster.staff.len();
        let whole = |file: File| matches!(tables.mode(file), Mode::Bulk | Mode::Absent);
        let is_bulk = tables.mode(File::Users) == Mode::Bulk && whole(File::Roles);
        if is_bulk && roster.counts.students == 0 && roster.findings.problem_count == 0 {
            let wrong = "the whole roster, and no student of this school in it";
            let right = "a package with this school's students, or another --org";
            roster.findings.refuse(&names(File::Users), "", Problem::new(1, "role", wrong, right));
        }
        // A row that cannot be read might be anybody's: then nobody is missing.
        roster.is_whole = is_bulk && roster.findings.problem_count == 0;
        if roster.counts.elsewhere > 0 {
            let words = format!("{} users of other schools were passed over", roster.counts.elsewhere);
            roster.findings.tolerate(&names(File::Users), 0, words);
        }
        roster
    }
}

/// Takes in the package's classes. Answers every title that is or was known.
fn classes(tables: &Tables, ours: &org::Ours, standing: &Standing, roster: &mut Roster) -> BTreeSet<String> {
    let mut titles: BTreeSet<String> = standing.classes.values().map(|class| class.title.clone()).collect();
    let name = tables.name(File::Classes).to_owned();
    if tables.mode(File::Classes) == Mode::Bulk {
        roster.known.classes.clear();
    }
    for class in tables.classes.iter().filter(|class| ours.holds(&class.school)) {
        if class.status == Status::Gone {
            roster.known.classes.remove(&class.id);
            continue;
        }
        let mut title: String = class.title.replace(';', ",");
        if title.chars().count() > GROUP_LENGTH {
            title = title.chars().take(GROUP_LENGTH).collect();
        }
        if title != class.title && class.is_homeroom {
            roster.findings.tolerate(
                &name,
                class.line,
                "the name of a homeroom was shortened, or lost its semicolons",
            );
        }
        let title = title.trim().to_owned();
        titles.insert(title.clone());
        let known = KnownClass { title, is_homeroom: class.is_homeroom };
        roster.known.classes.insert(class.id.clone(), known);
    }
    titles
}

pub(super) fn is_running(one: &Enrolment, today: Date) -> bool {
    one.status == Status::Active && one.end.is_none_or(|end| end >= today)
}
