//! A row of a member of staff: never more power than a teacher's, unless somebody gave it here. What
//! somebody who is known may do is not the roster's to say; whoever applies the row keeps it.

use super::person::{self, Kind};
use super::roster::{Building, is_running};
use super::rows::Draft;
use super::standing::{KnownUser, StandingStaff};
use super::tables::{Enrolment, User};
use super::{File, Findings, Mode};
use domain::Role;
use std::collections::BTreeSet;

impl Building<'_> {
    pub(super) fn staff_member(&mut self, from: (&str, File, u64), id: &str, user: Option<&User>) {
        let (sourced_id, file, line) = from;
        let email = user.map(|user| user.email.trim().to_lowercase()).unwrap_or_default();
        let standing = &self.here.standing.staff;
        let same = |(_, staff): &(&String, &StandingStaff)| {
            !email.is_empty() && staff.email.eq_ignore_ascii_case(&email)
        };
        let found = standing.get_key_value(id).or_else(|| standing.iter().find(same));
        if user.is_none() && found.is_none() {
            return;
        }
        let (id, was) = found
            .map_or_else(|| (id.to_owned(), StandingStaff::default()), |(id, was)| (id.clone(), was.clone()));
        let enrolments = self.classes_of(sourced_id);
        let groups = self.groups_of_staff(&enrolments, &was.groups);
        // Never more power than a teacher's, unless somebody gave it here.
        let roles = if was.roles.is_empty() { vec![Role::Teacher] } else { was.roles.clone() };
        let name = user.map(|user| {
            let given = if user.preferred_name.is_empty() { &user.given_name } else { &user.preferred_name };
            format!("{given} {}", user.family_name).trim().to_owned()
        });
        if !email.is_empty() && !is_address(&email) {
            self.tolerate(file, line, "what is no e-mail address was left out");
        }
        let email = if is_address(&email) { email } else { was.email.clone() };
        let known = KnownUser { id: id.clone(), is_student: false };
        self.roster.known.users.insert(sourced_id.to_owned(), known);
        let roles: Vec<&str> = roles.iter().map(|role| role.text()).collect();
        let cells = [
            id,
            name.filter(|name| !name.is_empty()).unwrap_or_else(|| was.name.clone()),
            email,
            roles.join(";"),
            groups.join(";"),
        ];
        self.staff.push(Draft { file, line, sourced_id: sourced_id.to_owned(), cells });
    }

    /// The groups of a member of staff: the homerooms they teach, beside what is no class at all.
    fn groups_of_staff(&self, enrolments: &[(&Enrolment, bool)], was: &[String]) -> Vec<String> {
        let teaches = |one: &Enrolment| {
            one.role.is_empty() || person::kind(&one.role).is_some_and(|kind| kind.0 == Kind::Staff)
        };
        let title = |one: &Enrolment| self.homes.get(&one.class).cloned();
        let homes =
            || enrolments.iter().filter(|(one, is_home)| *is_home && teaches(one)).map(|(one, _)| *one);
        let now: Vec<String> =
            homes().filter(|one| is_running(one, self.here.today)).filter_map(title).collect();
        let over: Vec<String> =
            homes().filter(|one| !is_running(one, self.here.today)).filter_map(title).collect();
        let is_all_said = self.tables.mode(File::Enrollments) == Mode::Bulk && !self.homes.is_empty();
        let stays =
            |group: &&String| if is_all_said { !self.titles.contains(*group) } else { !over.contains(group) };
        let mut groups: Vec<String> = was.iter().filter(stays).cloned().collect();
        for title in now.into_iter().filter(|title| !title.is_empty()) {
            if !groups.contains(&title) {
                groups.push(title);
            }
        }
        groups
    }
}

/// Whether one can write to it.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
    };
    text.split_once('@').is_some_and(|(person, host)| {
        host.contains('.') && host.split('.').all(plain) && person.split('.').all(plain)
    })
}

/// Two people cannot sign in with the same address: the second is left without.
pub(super) fn one_address_each(
    mut drafts: Vec<Draft<5>>,
    names: &dyn Fn(File) -> String,
    findings: &mut Findings,
) -> Vec<Draft<5>> {
    let mut seen = BTreeSet::new();
    for draft in &mut drafts {
        let [_, _, email, ..] = &mut draft.cells;
        if !email.is_empty() && !seen.insert(email.to_lowercase()) {
            email.clear();
            let words = "an e-mail address that another has already was left out";
            findings.tolerate(&names(draft.file), draft.line, words);
        }
    }
    drafts
}
