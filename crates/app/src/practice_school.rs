//! A practice school: made up, with a database of its own, in which anybody may take any role.
//!
//! Whoever practises signs in nowhere: their real session lets them in, and `web` sees to that.

use crate::{Actor, AppError, School};
use domain::{Instant, Role, StaffId};
use std::collections::BTreeMap;

/// A school in which nothing is real.
#[derive(Clone)]
pub struct PracticeSchool {
    school: School,
    /// Its last act when it was made: those up to it are its made-up history.
    made_through: i64,
}

impl PracticeSchool {
    /// Takes a made-up school as the one to practise in. Never a real one: whoever practises may
    /// take any role in it without a password.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn new(school: School) -> Result<Self, AppError> {
        let number = school.number();
        let progress = school.store.read(number, |tx| store::school::progress(tx, number))?;
        Ok(Self { made_through: progress.act, school })
    }

    /// The made-up school.
    #[must_use]
    pub fn school(&self) -> &School {
        &self.school
    }

    /// Begins a session as the member of staff with a role who has most to do; answers its token.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when nobody has the role.
    pub fn enter(&self, now: Instant, role: Role) -> Result<String, AppError> {
        let number = self.school.number();
        let staff = self.school.store.read(number, |tx| {
            let mut staff = store::people::staff(tx, number)?;
            staff.retain(|staff| staff.scope.has(role));
            Ok::<_, AppError>(staff)
        })?;
        let mut waiting: BTreeMap<StaffId, usize> = BTreeMap::new();
        for line in self.school.today(&Actor::Operator, now)?.lines {
            for person in line.task.owed_by.people {
                *waiting.entry(person).or_default() += 1;
            }
        }
        let most = staff.into_iter().max_by_key(|staff| waiting.get(&staff.id).copied().unwrap_or(0));
        let staff = most.ok_or_else(|| AppError::not_found("nobody at the practice school has this role"))?;
        self.school.begin_session(now, staff.id, staff.email)
    }

    /// What somebody did since the school was made: the kinds of acts.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn done_by(&self, actor: &Actor) -> Result<Vec<String>, AppError> {
        let number = self.school.number();
        let Actor::Staff(id) = actor else { return Ok(Vec::new()) };
        self.school.store.read(number, |tx| {
            let acts = store::act::all(tx, number)?.into_iter();
            let own = acts
                .filter(|act| act.act > self.made_through && act.staff_id.as_deref() == Some(id.as_str()));
            Ok(own.map(|act| act.kind).collect())
        })
    }
}
