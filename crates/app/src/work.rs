//! One act under way: who, when, the school, its calendar, and a number in the history.

use crate::api::{self, Client};
use crate::views::Reading;
use crate::{AppError, Entropy, School, calendar, codes, settle};
use domain::{ApiScope, Calendar, CodeList, HalfDay, Instant, Permission, StaffId, TermCalendar, TermId};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use store::act::NewAct;
use store::people::{StaffVersion, StudentRow};
use store::school::{Progress, SchoolRow};
use store::{ALWAYS, Tx};

/// The kind of the act that stands in the history for an export.
pub(crate) const EXPORT_ACT: &str = "export";

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The operator of the machine, at the command line: may do what an administrator may.
    Operator,
    /// A member of staff.
    Staff(StaffId),
    /// A program of another vendor, by what its token lets it do.
    Client(Client),
}

/// What is asked, for the audit.
pub(crate) struct Order {
    pub(crate) kind: &'static str,
    pub(crate) actor: Actor,
    pub(crate) now: Instant,
    pub(crate) subject: String,
    /// The caller's key and a digest of what was asked.
    pub(crate) key: Option<(String, String)>,
}

impl Order {
    pub(crate) fn new(kind: &'static str, actor: &Actor, now: Instant) -> Self {
        Self { kind, actor: actor.clone(), now, subject: String::new(), key: None }
    }

    /// Names what it is about, by ids alone.
    pub(crate) fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Makes a repeat with the same key harmless; `request` is everything that was asked, and who
    /// asks for what kind of act belongs to it.
    pub(crate) fn keyed(mut self, key: &str, request: &str) -> Self {
        if !key.is_empty() {
            let request = format!("{} {:?} {request}", self.kind, self.actor);
            self.key = Some((key.to_owned(), crate::entropy::digest(request.as_bytes())));
        }
        self
    }
}

/// A transaction on a school's facts.
pub(crate) struct Work<'w, 'c> {
    pub(crate) tx: &'w mut Tx<'c>,
    pub(crate) school: SchoolRow,
    pub(crate) calendar: Calendar,
    /// The attendance codes over time.
    pub(crate) codes: Cow<'static, CodeList>,
    /// Whether any mark of a period was ever written.
    pub(crate) has_periods: bool,
    pub(crate) now: Instant,
    /// The half-day that counts go up to.
    pub(crate) as_of: HalfDay,
    /// Who acts; nobody when the operator does.
    pub(crate) who: Option<StaffVersion>,
    /// Where new identities come from.
    pub(crate) entropy: Arc<Entropy>,
    order: Order,
    act: Option<i64>,
    terms: HashMap<TermId, Rc<TermCalendar>>,
}

impl<'c> Work<'_, 'c> {
    /// This act's number in the history; the first call writes it there.
    pub(crate) fn act(&mut self) -> Result<i64, AppError> {
        if let Some(act) = self.act {
            return Ok(act);
        }
        let new = NewAct {
            at: self.now,
            kind: self.order.kind,
            staff_id: self.who.as_ref().map(|staff| &staff.id),
            subject: &self.order.subject,
            key: self.order.key.as_ref().map(|(key, _)| key.as_str()),
            request: self.order.key.as_ref().map(|(_, request)| request.as_str()),
        };
        let act = store::act::insert(self.tx, self.school.number, &new)?;
        self.act = Some(act);
        Ok(act)
    }

    /// Refuses a note of a program whose token is not for notes.
    pub(crate) fn may_note(&self, note: &str) -> Result<(), AppError> {
        if note.trim().is_empty() || !matches!(self.order.actor, Actor::Client(_)) {
            return Ok(());
        }
        self.order.actor.require_scope(ApiScope::NotesWrite)
    }

    /// The name under which the act's marks and notes stand.
    pub(crate) fn by(&self) -> String {
        self.who.as_ref().map_or_else(|| "operator".to_owned(), |staff| staff.id.to_string())
    }

    /// The open half-days of a term.
    pub(crate) fn term_calendar(&mut self, term: TermId) -> Option<Rc<TermCalendar>> {
        if let Some(known) = self.terms.get(&term) {
            return Some(Rc::clone(known));
        }
        let calendar = Rc::new(self.calendar.term_calendar(term)?);
        self.terms.insert(term, Rc::clone(&calendar));
        Some(calendar)
    }

    /// Takes the calendar as it is after this act changed it.
    pub(crate) fn reload_calendar(&mut self) -> Result<Calendar, AppError> {
        let fresh = calendar::load(self.tx, self.school.number, self.school.region.as_deref(), ALWAYS)?;
        self.terms.clear();
        Ok(std::mem::replace(&mut self.calendar, fresh))
    }

    /// The same transaction as a view sees it.
    pub(crate) fn reading(&mut self) -> Reading<'_, 'c> {
        Reading {
            tx: self.tx,
            school: self.school.clone(),
            calendar: self.calendar.clone(),
            codes: self.codes.clone(),
            who: self.who.clone(),
            now: self.now,
            current: self.as_of,
        }
    }

    /// Refuses unless the person may do this for somebody. The operator may do all that is not
    /// about one student's notes.
    pub(crate) fn require(&self, permission: Permission, what: &str) -> Result<(), AppError> {
        match &self.who {
            Some(staff) if !staff.scope.may(permission) => Err(AppError::denied(what)),
            _ => Ok(()),
        }
    }

    /// A student whom the person may do this for. One out of reach looks like one who is not there.
    pub(crate) fn student_for(
        &mut self,
        permission: Permission,
        id: &domain::StudentId,
    ) -> Result<StudentRow, AppError> {
        let student = store::people::student(self.tx, self.school.number, id)?;
        in_reach(student, self.who.as_ref(), permission, id)
    }
}

/// The student, if the person's permission reaches them.
pub(crate) fn in_reach(
    student: Option<StudentRow>,
    who: Option<&StaffVersion>,
    permission: Permission,
    id: &domain::StudentId,
) -> Result<StudentRow, AppError> {
    let reached =
        |student: &StudentRow| who.is_none_or(|staff| staff.scope.may_for(permission, student.belongs()));
    student
        .filter(reached)
        .ok_or_else(|| AppError::not_found(format!("there is no student {id} among your students")))
}

/// The school and the person who asks, loaded in a transaction.
pub(crate) fn identify(
    tx: &mut Tx<'_>,
    number: domain::SchoolNumber,
    actor: &Actor,
) -> Result<(SchoolRow, Option<StaffVersion>), AppError> {
    let school = store::school::get(tx, number)?;
    let school =
        school.ok_or_else(|| AppError::not_found(format!("school {number} is not in this database")))?;
    let who = match actor {
        Actor::Operator => None,
        Actor::Staff(id) => {
            let staff = store::people::staff_member(tx, number, id)?;
            Some(
                staff
                    .ok_or_else(|| AppError::invalid("by", format!("{id} is not a member of staff here")))?,
            )
        }
        Actor::Client(client) => Some(api::speaker(tx, number, client)?),
    };
    Ok((school, who))
}

/// What is to become of an act that was tried.
pub(crate) enum Attempt<T> {
    /// It stands.
    Keep(T),
    /// Nothing of it stands; only what it answers.
    TakeBack(T),
}

/// Why an act does not stand.
enum Unkept<T> {
    TakenBack(T),
    Failed(AppError),
}

impl<T> From<store::StoreError> for Unkept<T> {
    fn from(error: store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl<T> From<store::DatabaseError> for Unkept<T> {
    fn from(error: store::DatabaseError) -> Self {
        Self::Failed(error.into())
    }
}

impl School {
    /// Runs an act in one transaction. Before `body` runs, half-days that became current since
    /// the last act are settled.
    pub(crate) fn act<T, F>(&self, order: Order, body: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<T, AppError> + Send + 'static,
    {
        let number = self.number;
        let entropy = Arc::clone(&self.entropy);
        self.store.write(self.number, move |tx| {
            let mut work = begin(tx, number, order, entropy)?;
            body(&mut work)
        })
    }

    /// Runs an act that may be taken back on purpose once it is known what it does: a rehearsal, or one
    /// whose outcome a person must see first. What it answers is answered either way.
    pub(crate) fn attempt<T, F>(&self, order: Order, body: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<Attempt<T>, AppError> + Send + 'static,
    {
        let number = self.number;
        let entropy = Arc::clone(&self.entropy);
        let outcome = self.store.write(self.number, move |tx| {
            let mut work = begin(tx, number, order, entropy).map_err(Unkept::Failed)?;
            match body(&mut work).map_err(Unkept::Failed)? {
                Attempt::Keep(answer) => Ok(answer),
                Attempt::TakeBack(answer) => Err(Unkept::TakenBack(answer)),
            }
        });
        match outcome {
            Ok(answer) | Err(Unkept::TakenBack(answer)) => Ok(answer),
            Err(Unkept::Failed(error)) => Err(error),
        }
    }

    /// Runs an act that answers a text, which a repeat with the same key gets again.
    pub(crate) fn keyed_act<F>(&self, order: Order, body: F) -> Result<String, AppError>
    where
        F: FnOnce(&mut Work<'_, '_>) -> Result<String, AppError> + Send + 'static,
    {
        self.act(order, move |work| {
            if let Some((key, request)) = work.order.key.clone()
                && let Some((earlier, result)) = store::act::by_key(work.tx, work.school.number, &key)?
            {
                return if earlier == request { Ok(result) } else { Err(AppError::KeyReused) };
            }
            let result = body(work)?;
            let act = work.act()?;
            store::act::set_result(work.tx, work.school.number, act, &result)?;
            Ok(result)
        })
    }

    /// Settles the half-days that became current by `now`, if any: what time alone changes.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn advance(&self, now: Instant) -> Result<(), AppError> {
        let number = self.number;
        let due = self.store.read(self.number, |tx| {
            let (school, _) = identify(tx, number, &Actor::Operator)?;
            let settled = store::school::progress(tx, number)?.settled_through;
            Ok::<_, AppError>(settled < school.zone.current_half_day(now))
        })?;
        if due { self.act(Order::new("clock", &Actor::Operator, now), |_| Ok(())) } else { Ok(()) }
    }
}

/// Begins an act in a transaction that is under way.
pub(crate) fn begin<'w, 'c>(
    tx: &'w mut Tx<'c>,
    number: domain::SchoolNumber,
    order: Order,
    entropy: Arc<Entropy>,
) -> Result<Work<'w, 'c>, AppError> {
    let (school, who) = identify(tx, number, &order.actor)?;
    let calendar = calendar::load(tx, number, school.region.as_deref(), ALWAYS)?;
    let codes = codes::load(tx, number, ALWAYS)?;
    let Progress { settled_through: settled, has_periods, .. } = store::school::progress(tx, number)?;
    let now = order.now;
    let current = school.zone.current_half_day(now);
    // A clock that goes backwards never takes a half-day back.
    let as_of = settled.max(current);
    let mut work = Work {
        tx,
        school,
        calendar,
        codes,
        has_periods,
        now,
        as_of,
        who,
        entropy,
        order,
        act: None,
        terms: HashMap::new(),
    };
    if settled < current {
        settle::time(&mut work, settled)?;
    }
    Ok(work)
}
