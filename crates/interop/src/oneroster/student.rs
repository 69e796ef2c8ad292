//! A student's row: what the package says, and what stands where it says nothing.

use super::person::{self, Kind};
use super::roster::{Building, is_running};
use super::rows::Draft;
use super::spell::{self, When};
use super::standing::StandingStudent;
use super::tables::{Enrolment, User};
use super::{File, Mode};
use crate::contract::cells::as_year;

impl Building<'_> {
    pub(super) fn student(&mut self, from: (&str, File, u64), id: &str, user: Option<&User>, is_gone: bool) {
        let (sourced_id, file, line) = from;
        let standing = self.here.standing.students.get(id);
        if user.is_none() && standing.is_none() {
            return;
        }
        let (enrolments, roles) =
            (self.classes_of(sourced_id), self.roles.get(sourced_id).cloned().unwrap_or_default());
        let when = When::of(&roles, &enrolments, self.here.today, self.homes_go_on);
        let spells = standing.map_or(&[][..], |standing| standing.spells.as_slice());
        let spell = if is_gone {
            spell::ending(when, user.and_then(|user| user.modified), spells, self.here.today)
        } else {
            spell::spell(when, spells, self.here.today, self.otherwise)
        };
        let Some((start, end)) = spell else { return };
        let empty = StandingStudent::default();
        let was = standing.unwrap_or(&empty);
        let group = self.group(&enrolments, &was.group);
        let nsn = user.and_then(|user| person::nsn(user, self.options)).map(str::to_owned);
        let nsn = nsn.or_else(|| was.nsn.as_ref().map(|nsn| nsn.reveal().to_owned()));
        let said = |text: fn(&User) -> &String, was: &str| {
            user.map(text).filter(|text| !text.is_empty()).map_or_else(|| was.to_owned(), String::clone)
        };
        let level = user.and_then(|user| user.grades.first()).map(|grade| as_year(grade));
        if user.is_some_and(|user| user.grades.len() > 1) {
            self.tolerate(file, line, "of several grades the first is the year level");
        }
        let is_named = user.is_some_and(|user| !user.given_name.is_empty() || !user.family_name.is_empty());
        let name = |text: fn(&User) -> &String, was: &String| match user {
            Some(user) if is_named => text(user).clone(),
            _ => was.clone(),
        };
        let cells = [
            id.to_owned(),
            nsn.unwrap_or_default(),
            name(|user| &user.given_name, &was.given_name),
            name(|user| &user.family_name, &was.family_name),
            said(|user| &user.preferred_name, &was.preferred_name),
            level.filter(|level| !level.is_empty()).unwrap_or_else(|| was.year_level.clone()),
            group,
            start.to_string(),
            end.map(|end| end.to_string()).unwrap_or_default(),
        ];
        if end.is_some_and(|end| end <= self.here.today) && spells.iter().all(|spell| *spell != (start, end))
        {
            self.roster.counts.leaving += 1;
        }
        self.students.push(Draft { file, line, sourced_id: sourced_id.to_owned(), cells });
    }

    /// The group of a student: the homeroom that goes on, or what stands where nothing is said.
    fn group(&self, enrolments: &[(&Enrolment, bool)], was: &str) -> String {
        let is_student = |one: &Enrolment| {
            one.role.is_empty() || person::kind(&one.role).is_some_and(|kind| kind.0 == Kind::Student)
        };
        let homes =
            || enrolments.iter().filter(|(one, is_home)| *is_home && is_student(one)).map(|(one, _)| *one);
        let running = homes().filter(|one| is_running(one, self.here.today));
        let best = running.max_by_key(|one| (one.is_primary, one.begin, std::cmp::Reverse(&one.class)));
        if let Some(home) = best {
            return self.homes.get(&home.class).cloned().unwrap_or_default();
        }
        let is_all_said = self.tables.mode(File::Enrollments) == Mode::Bulk && !self.homes.is_empty();
        let ended = homes().any(|one| self.homes.get(&one.class).is_some_and(|title| title == was));
        if is_all_said || ended { String::new() } else { was.to_owned() }
    }
}
