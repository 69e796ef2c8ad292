//! The package's CSV files, of 1.0 to 1.2.

use super::cell::{self, Status};
use super::columns::{CLASSES, ENROLMENTS, MANIFEST, ORGS, ROLES, SESSIONS, USERS};
use super::package::about_all;
use super::sheet::{self, Line, fold};
use super::tables::{Class, Enrolment, Mode, Org, RoleAt, Session, Tables, User};
use super::{File, Findings, PACKAGE, Package};
use crate::contract::Problem;
use crate::contract::cells::shown;
use domain::{Date, Zone};
use std::collections::BTreeSet;

/// Reads a package. `zone` is the school's, in which a moment is a date.
#[must_use]
pub fn read(package: &Package, zone: Zone) -> (Tables, Findings) {
    let mut reading = Reading { tables: Tables::default(), findings: Findings::default(), zone };
    for (file, name) in package.files() {
        reading.tables.names.insert(file, name.to_owned());
    }
    let has_manifest = reading.manifest(package);
    if package.file(File::Users).is_none() {
        let found: Vec<&str> =
            package.files().map(|(_, name)| name).chain(others(package)).take(10).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        let wrong = format!("there is no users.csv; there is {}", shown(&found));
        let problem = about_all(wrong, "the CSV files of OneRoster, zipped or in one folder");
        reading.findings.refuse(PACKAGE, "", problem);
        return (reading.tables, reading.findings);
    }
    reading.orgs(package);
    reading.sessions(package);
    reading.classes(package);
    let is_marked = reading.users(package);
    reading.roles(package);
    reading.enrolments(package);
    if !has_manifest {
        reading.without_manifest(is_marked);
    }
    (reading.tables, reading.findings)
}

fn others(package: &Package) -> impl Iterator<Item = &str> {
    package.others().iter().map(String::as_str)
}

struct Reading {
    tables: Tables,
    findings: Findings,
    zone: Zone,
}

impl Reading {
    /// A file, unless the manifest says that there is none.
    fn file<'p>(&mut self, package: &'p Package, file: File) -> Option<(&'p str, &'p [u8])> {
        let found = package.file(file)?;
        if self.tables.modes.get(&file) == Some(&Mode::Absent) {
            self.findings.tolerate(
                found.0,
                0,
                "the manifest says that this file is absent: it was passed over",
            );
            return None;
        }
        Some(found)
    }

    fn manifest(&mut self, package: &Package) -> bool {
        let Some(found) = package.file(File::Manifest) else { return false };
        let mut said: Vec<(String, String)> = Vec::new();
        let could = sheet::read(&MANIFEST, found, &mut self.findings, |line, _| {
            said.push((line.get("propertyName").to_owned(), line.get("value").to_owned()));
        });
        if !could {
            return true;
        }
        let value = |property: &str| {
            let found = said.iter().find(|(name, _)| fold(name) == fold(property));
            found.map(|(_, value)| value.as_str())
        };
        let version = value("oneroster.version").unwrap_or_default();
        if !["1.0", "1.1", "1.2"].contains(&version) {
            let words = format!(
                "oneroster.version {} is none that is known; read as its columns say",
                shown(version)
            );
            self.findings.tolerate(found.0, 0, words);
        }
        if let Some(version) = value("manifest.version").filter(|version| *version != "1.0") {
            self.findings.tolerate(found.0, 0, format!("manifest.version {} is read as 1.0", shown(version)));
        }
        for file in File::ALL.into_iter().filter(|file| *file != File::Manifest) {
            let written = value(&format!("file.{}", file.text()));
            let mode = match written.map(fold).as_deref() {
                Some("bulk") => Some(Mode::Bulk),
                Some("delta") => Some(Mode::Delta),
                Some("absent") => Some(Mode::Absent),
                None => None,
                Some(_) => {
                    let words = format!(
                        "file.{} {} is read as delta",
                        file.text(),
                        shown(written.unwrap_or_default())
                    );
                    self.findings.tolerate(found.0, 0, words);
                    Some(Mode::Delta)
                }
            };
            let is_there = package.file(file).is_some();
            match mode {
                Some(mode @ (Mode::Bulk | Mode::Delta)) if !is_there => {
                    let mode = if mode == Mode::Bulk { "bulk" } else { "delta" };
                    let wrong = format!("{}.csv is {mode} and not in the package", file.text());
                    self.findings.refuse(
                        found.0,
                        "",
                        Problem::new(1, "value", wrong, "the file, or the word absent"),
                    );
                }
                Some(mode) => self.tables.set_mode(file, mode),
                None if is_there => {
                    let words = format!("the manifest does not name {}.csv: read as delta", file.text());
                    self.findings.tolerate(found.0, 0, words);
                    self.tables.set_mode(file, Mode::Delta);
                }
                None => {}
            }
        }
        true
    }

    /// Without a manifest, files are whole only where they bear what OneRoster asks of whole ones: no
    /// status at all.
    fn without_manifest(&mut self, is_marked: bool) {
        let (mode, words) = if is_marked {
            (Mode::Delta, "there is no manifest.csv, and users have a status: who is not named stays")
        } else {
            (Mode::Bulk, "there is no manifest.csv, and no user has a status: taken as the whole roster")
        };
        for file in
            [File::Orgs, File::AcademicSessions, File::Classes, File::Users, File::Roles, File::Enrollments]
        {
            if self.tables.names.contains_key(&file) {
                self.tables.set_mode(file, mode);
            }
        }
        self.findings.tolerate(PACKAGE, 0, words);
    }

    fn orgs(&mut self, package: &Package) {
        let Some(found) = self.file(package, File::Orgs) else { return };
        let orgs = &mut self.tables.orgs;
        sheet::read(&ORGS, found, &mut self.findings, |line, findings| {
            let Some((id, status)) = begin(line, found.0, findings) else { return };
            let text = |column: &str| line.get(column).to_owned();
            orgs.push(Org {
                id,
                status,
                name: text("name"),
                kind: fold(line.get("type")),
                identifier: text("identifier"),
                parent: text("parentSourcedId"),
            });
        });
    }

    fn sessions(&mut self, package: &Package) {
        let Some(found) = self.file(package, File::AcademicSessions) else { return };
        let (sessions, zone) = (&mut self.tables.sessions, self.zone);
        sheet::read(&SESSIONS, found, &mut self.findings, |line, findings| {
            let Some((_, status)) = begin(line, found.0, findings) else { return };
            let mut day = |column: &str| {
                let read = cell::date(line.get(column), zone);
                if read.is_none() && !line.get(column).is_empty() {
                    let words = format!("{column} is no date that can be read, and was passed over");
                    findings.tolerate(found.0, line.line, words);
                }
                read.map(|read| read.date)
            };
            let (start, end) = (day("startDate"), day("endDate"));
            sessions.push(Session { status, kind: fold(line.get("type")), start, end });
        });
    }

    fn classes(&mut self, package: &Package) {
        let Some(found) = self.file(package, File::Classes) else { return };
        let classes = &mut self.tables.classes;
        sheet::read(&CLASSES, found, &mut self.findings, |line, findings| {
            let Some((id, status)) = begin(line, found.0, findings) else { return };
            let written = line.get("classType");
            let kind = fold(written);
            let is_known = matches!(kind.as_str(), "homeroom" | "scheduled");
            if written != kind || !is_known {
                let meant = if kind == "homeroom" { "homeroom" } else { "scheduled" };
                findings.tolerate(
                    found.0,
                    line.line,
                    format!("classType {} is read as {meant}", shown(written)),
                );
            }
            let title = if line.get("title").is_empty() { line.get("classCode") } else { line.get("title") };
            classes.push(Class {
                line: line.line,
                id,
                status,
                title: title.to_owned(),
                is_homeroom: kind == "homeroom",
                school: line.get("schoolSourcedId").to_owned(),
            });
        });
    }

    /// Answers whether any user has a status.
    fn users(&mut self, package: &Package) -> bool {
        let Some(found) = self.file(package, File::Users) else { return false };
        let (users, zone) = (&mut self.tables.users, self.zone);
        let mut is_marked = false;
        let mut seen = BTreeSet::new();
        sheet::read(&USERS, found, &mut self.findings, |line, findings| {
            is_marked |= !line.get("status").is_empty();
            let Some((id, status)) = begin(line, found.0, findings) else { return };
            if !seen.insert(id.clone()) {
                line.refuse("sourcedId", "this user stands twice", "each user once");
                return;
            }
            users.push(user(line, (id, status), zone));
        });
        is_marked
    }

    fn roles(&mut self, package: &Package) {
        let Some(found) = self.file(package, File::Roles) else { return };
        let (roles, zone) = (&mut self.tables.roles, self.zone);
        sheet::read(&ROLES, found, &mut self.findings, |line, findings| {
            let status = status(line, found.0, findings);
            let user = refers(line, "userSourcedId");
            let begin = day(line, "beginDate", zone, found.0, findings);
            let end = day(line, "endDate", zone, found.0, findings);
            let (Some(status), Some(user), Some(begin), Some(end)) = (status, user, begin, end) else {
                return;
            };
            roles.push(RoleAt {
                line: line.line,
                status,
                user,
                is_primary: fold(line.get("roleType")) != "secondary",
                role: line.get("role").to_owned(),
                begin,
                end,
                org: line.get("orgSourcedId").to_owned(),
            });
        });
    }

    fn enrolments(&mut self, package: &Package) {
        let Some(found) = self.file(package, File::Enrollments) else { return };
        let (enrolments, zone) = (&mut self.tables.enrolments, self.zone);
        sheet::read(&ENROLMENTS, found, &mut self.findings, |line, findings| {
            let status = status(line, found.0, findings);
            let (class, user) = (refers(line, "classSourcedId"), refers(line, "userSourcedId"));
            let begin = day(line, "beginDate", zone, found.0, findings);
            let end = day(line, "endDate", zone, found.0, findings);
            let (Some(status), Some(class), Some(user), Some(begin), Some(end)) =
                (status, class, user, begin, end)
            else {
                return;
            };
            enrolments.push(Enrolment {
                line: line.line,
                status,
                class,
                school: line.get("schoolSourcedId").to_owned(),
                user,
                role: fold(line.get("role")),
                is_primary: line.get("primary").eq_ignore_ascii_case("true"),
                begin,
                end,
            });
        });
    }
}

fn user(line: &Line<'_>, (id, status): (String, Status), zone: Zone) -> User {
    let text = |column: &str| line.get(column).to_owned();
    let mut orgs = cell::list(line.get("orgSourcedIds"));
    if orgs.is_empty() {
        orgs.extend(cell::list(line.get("primaryOrgSourcedId")));
    }
    let mut user_ids = cell::user_ids(line.get("userIds"));
    if !line.get("metadata.nsn").is_empty() {
        user_ids.push(("NSN".to_owned(), text("metadata.nsn")));
    }
    User {
        line: line.line,
        id,
        status,
        modified: cell::date(line.get("dateLastModified"), zone).map(|read| read.date),
        orgs,
        role: text("role"),
        username: text("username"),
        user_ids,
        given_name: text("givenName"),
        family_name: text("familyName"),
        preferred_name: text("preferredGivenName"),
        identifier: text("identifier"),
        email: text("email"),
        grades: cell::list(line.get("grades")),
    }
}

/// What every record begins with.
fn begin(line: &mut Line<'_>, name: &str, findings: &mut Findings) -> Option<(String, Status)> {
    let id = refers(line, "sourcedId");
    Some((id?, status(line, name, findings)?)).filter(|_| line.problems.is_empty())
}

fn refers(line: &mut Line<'_>, column: &str) -> Option<String> {
    let id = line.get(column).to_owned();
    if id.is_empty() {
        line.refuse(column, "nothing is here", "the record's id in the SMS");
        return None;
    }
    if id.len() > 255 {
        line.refuse(column, "longer than 255 characters", "the record's id in the SMS");
        return None;
    }
    Some(id)
}

fn status(line: &mut Line<'_>, name: &str, findings: &mut Findings) -> Option<Status> {
    let written = line.get("status").to_owned();
    match cell::status(&written) {
        Some((status, told)) => {
            told.into_iter().for_each(|words| findings.tolerate(name, line.line, words));
            Some(status)
        }
        None => {
            line.refuse(
                "status",
                format!("{} is not known", shown(&written)),
                "active, tobedeleted, or nothing",
            );
            None
        }
    }
}

/// A date that may be left out.
fn day(
    line: &mut Line<'_>,
    column: &str,
    zone: Zone,
    name: &str,
    findings: &mut Findings,
) -> Option<Option<Date>> {
    let written = line.get(column).to_owned();
    if written.is_empty() {
        return Some(None);
    }
    let Some(read) = cell::date(&written, zone) else {
        let wrong = format!("{} is no date that can be read", shown(&written));
        line.refuse(column, wrong, "a date as year-month-day, such as 2026-05-04");
        return None;
    };
    if !read.is_iso {
        findings.tolerate(name, line.line, format!("{column} is no ISO date; read as day, month, year"));
    }
    Some(Some(read.date))
}
