//! What a OneRoster service answers: pages of JSON, of 1.1 and 1.2.
//!
//! Only what a roster needs is read out of a page, and the page is forgotten. Services write numbers,
//! true and false, and nothing at all where text is asked for: all are read.

use super::cell::{self, Status};
use super::sheet::fold;
use super::tables::{Class, Enrolment, Org, RoleAt, Session, Tables, User};
use super::{File, Findings};
use crate::contract::Problem;
use crate::contract::cells::shown;
use domain::{Date, Zone};
use serde_json::Value;
use std::collections::BTreeSet;

/// The fields that are asked for of each collection: no password, telephone number or birth date is.
/// `metadata` of users is, since some services write the National Student Number there.
#[must_use]
pub fn fields(file: File, is_v1p2: bool) -> &'static str {
    match (file, is_v1p2) {
        (File::Orgs, _) => "sourcedId,status,dateLastModified,name,type,identifier,parent",
        (File::AcademicSessions, _) => "sourcedId,status,dateLastModified,title,type,startDate,endDate",
        (File::Classes, _) => "sourcedId,status,dateLastModified,title,classCode,classType,school",
        (File::Users, false) => {
            "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,role,identifier,\
            email,orgs,grades,metadata"
        }
        (File::Users, true) => {
            "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,preferredGivenName,\
            roles,identifier,email,primaryOrg,grades,metadata"
        }
        _ => "sourcedId,status,dateLastModified,user,class,school,role,primary,beginDate,endDate",
    }
}

/// Pages on their way to tables.
#[derive(Debug, Default)]
pub struct Pages {
    tables: Tables,
    findings: Findings,
    seen: BTreeSet<(File, String)>,
    counts: std::collections::BTreeMap<File, u64>,
}

impl Pages {
    /// Takes in a page. Answers how many records it holds, and how many of them no page before held: a
    /// service that answers the same page again and again would never end.
    ///
    /// # Errors
    /// When it is no page of this collection, in words.
    pub fn add(&mut self, file: File, body: &[u8], zone: Zone) -> Result<(usize, usize), String> {
        let page: Value = serde_json::from_slice(body).map_err(|error| {
            format!("the answer for {} is no JSON that can be read: {error}", file.text())
        })?;
        let found = page.as_object().and_then(|page| {
            page.get(file.text()).or_else(|| {
                page.iter().find(|(name, _)| fold(name) == fold(file.text())).map(|(_, list)| list)
            })
        });
        let Some(records) = found.and_then(Value::as_array) else {
            return Err(format!("the answer has no list of {}", file.text()));
        };
        let mut new = 0;
        for record in records {
            new += usize::from(self.record(file, record, zone));
        }
        Ok((records.len(), new))
    }

    /// The tables, and what was found on the way.
    #[must_use]
    pub fn finish(self) -> (Tables, Findings) {
        (self.tables, self.findings)
    }

    /// Keeps what was tolerated about the service.
    pub fn tolerate(&mut self, words: impl Into<String>) {
        self.findings.tolerate("service", 0, words);
    }

    /// Answers whether the record was not there yet.
    fn record(&mut self, file: File, record: &Value, zone: Zone) -> bool {
        let count = self.counts.entry(file).or_default();
        *count += 1;
        let line = *count;
        let id = text(record, "sourcedId");
        if id.is_empty() || id.len() > 255 {
            let problem = Problem::new(
                line,
                "sourcedId",
                "nothing that is an id is here",
                "the record's id in the SMS",
            );
            self.findings.refuse(file.text(), "", problem);
            return true;
        }
        if !self.seen.insert((file, id.clone())) {
            return false;
        }
        let written = text(record, "status");
        let Some((status, told)) = cell::status(&written) else {
            let problem = Problem::new(
                line,
                "status",
                format!("{} is not known", shown(&written)),
                "active or tobedeleted",
            );
            self.findings.refuse(file.text(), &id, problem);
            return true;
        };
        told.into_iter().for_each(|words| self.findings.tolerate(file.text(), line, words));
        let mut one = One { record, line, id, status, zone, file, findings: &mut self.findings };
        match file {
            File::Orgs => self.tables.orgs.push(one.org()),
            File::AcademicSessions => self.tables.sessions.push(one.session()),
            File::Classes => self.tables.classes.push(one.class()),
            File::Users => {
                let (user, roles) = one.user();
                self.tables.users.push(user);
                self.tables.roles.extend(roles);
            }
            File::Enrollments => self.tables.enrolments.extend(one.enrolment()),
            File::Manifest | File::Roles => {}
        }
        true
    }
}

/// A record.
struct One<'r> {
    record: &'r Value,
    line: u64,
    id: String,
    status: Status,
    zone: Zone,
    file: File,
    findings: &'r mut Findings,
}

impl One<'_> {
    fn text(&self, name: &str) -> String {
        text(self.record, name)
    }

    fn day(&mut self, record: &Value, name: &str) -> Option<Date> {
        let written = text(record, name);
        let read = cell::date(&written, self.zone);
        if read.is_none() && !written.is_empty() {
            let words = format!("{name} is no date that can be read, and was passed over");
            self.findings.tolerate(self.file.text(), self.line, words);
        }
        read.map(|read| read.date)
    }

    fn org(&mut self) -> Org {
        Org {
            id: self.id.clone(),
            status: self.status,
            name: self.text("name"),
            kind: fold(&self.text("type")),
            identifier: self.text("identifier"),
            parent: reference(self.record, "parent"),
        }
    }

    fn session(&mut self) -> Session {
        let (start, end) = (self.day(self.record, "startDate"), self.day(self.record, "endDate"));
        Session { status: self.status, kind: fold(&self.text("type")), start, end }
    }

    fn class(&mut self) -> Class {
        let title = self.text("title");
        Class {
            line: self.line,
            id: self.id.clone(),
            status: self.status,
            title: if title.is_empty() { self.text("classCode") } else { title },
            is_homeroom: fold(&self.text("classType")) == "homeroom",
            school: reference(self.record, "school"),
        }
    }

    fn user(&mut self) -> (User, Vec<RoleAt>) {
        let members =
            |name: &str| self.record.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut orgs: Vec<String> = members("orgs").iter().map(id_of).filter(|id| !id.is_empty()).collect();
        if orgs.is_empty() {
            orgs.extend(Some(reference(self.record, "primaryOrg")).filter(|id| !id.is_empty()));
        }
        let pair = |one: &Value| (text(one, "type"), text(one, "identifier"));
        let mut user_ids: Vec<(String, String)> =
            members("userIds").iter().map(pair).filter(|(_, id)| !id.is_empty()).collect();
        if let Some(nsn) =
            self.record.get("metadata").map(|more| text(more, "nsn")).filter(|nsn| !nsn.is_empty())
        {
            user_ids.push(("NSN".to_owned(), nsn));
        }
        let grades = match self.record.get("grades") {
            Some(Value::Array(grades)) => {
                grades.iter().map(plain).filter(|grade| !grade.is_empty()).collect()
            }
            Some(other) => cell::list(&plain(other)),
            None => Vec::new(),
        };
        let roles = members("roles").to_vec();
        let user = User {
            line: self.line,
            id: self.id.clone(),
            status: self.status,
            modified: cell::date(&self.text("dateLastModified"), self.zone).map(|read| read.date),
            orgs,
            role: self.text("role"),
            username: self.text("username"),
            user_ids,
            given_name: self.text("givenName"),
            family_name: self.text("familyName"),
            preferred_name: self.text("preferredGivenName"),
            identifier: self.text("identifier"),
            email: self.text("email"),
            grades,
        };
        let roles = roles.iter().map(|role| self.role(role)).collect();
        (user, roles)
    }

    /// A role stands within its user, who says whether it is there at all.
    fn role(&mut self, role: &Value) -> RoleAt {
        RoleAt {
            line: self.line,
            status: Status::Active,
            user: self.id.clone(),
            is_primary: fold(&text(role, "roleType")) != "secondary",
            role: text(role, "role"),
            begin: self.day(role, "beginDate"),
            end: self.day(role, "endDate"),
            org: reference(role, "org"),
        }
    }

    fn enrolment(&mut self) -> Option<Enrolment> {
        let (class, user) = (reference(self.record, "class"), reference(self.record, "user"));
        for (name, id) in [("class", &class), ("user", &user)] {
            if id.is_empty() {
                let problem = Problem::new(self.line, name, "nothing is here", "the sourcedId that is meant");
                self.findings.refuse(self.file.text(), &self.id, problem);
                return None;
            }
        }
        Some(Enrolment {
            line: self.line,
            status: self.status,
            class,
            school: reference(self.record, "school"),
            user,
            role: fold(&self.text("role")),
            is_primary: self.text("primary").eq_ignore_ascii_case("true"),
            begin: self.day(self.record, "beginDate"),
            end: self.day(self.record, "endDate"),
        })
    }
}

/// A member as text, trimmed and in the same form as a cell of a file.
fn text(record: &Value, name: &str) -> String {
    record.get(name).map(plain).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => std::borrow::Cow::Owned(number.to_string()),
        Value::Bool(flag) => std::borrow::Cow::Owned(flag.to_string()),
        _ => return String::new(),
    };
    crate::contract::cells::clean(Some(&text)).into_owned()
}

/// The id that a reference names: an object with a `sourcedId`, or the id alone.
fn reference(record: &Value, name: &str) -> String {
    record.get(name).map(id_of).unwrap_or_default()
}

fn id_of(value: &Value) -> String {
    if value.is_object() { text(value, "sourcedId") } else { plain(value) }
}
