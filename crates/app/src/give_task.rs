//! Give a task to a person, and say who holds a duty or stands in for a role.

use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Date, Instant, Owner, Permission, Reach, StaffId, StepKey, StudentId, TermId};
use store::task::{AssignmentRow, CoverRow};

/// Who holds a duty of the plan, or stands in for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCover {
    /// Its number; 0 for a new one.
    pub id: i64,
    /// The duty, or the word of the role.
    pub owner: String,
    /// A group, a year written `Year 10`, or nothing for everybody.
    pub scope: String,
    /// Who.
    pub staff_id: StaffId,
    /// From when.
    pub first_day: Date,
    /// Until when, inclusive; without end when empty.
    pub last_day: Option<Date>,
}

impl School {
    /// Gives a student's task to a member of staff, or back to whom the plan names.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach, a term or a step that there is not;
    /// [`AppError::Denied`] for somebody who neither owns the step nor records for the whole school;
    /// [`AppError::Invalid`] for somebody who could not record a response for this student.
    pub fn give_task(
        &self,
        actor: &Actor,
        now: Instant,
        (student_id, term, step): (StudentId, TermId, StepKey),
        staff_id: Option<StaffId>,
    ) -> Result<(), AppError> {
        let order = Order::new("give_task", actor, now).about(format!("{step} of {student_id}"));
        self.act(order, move |work| {
            let student = work.student_for(Permission::Respond, &student_id)?;
            let number = work.school.number;
            check_giver(work, term, &step)?;
            if let Some(staff_id) = &staff_id {
                let staff = store::people::staff_member(work.tx, number, staff_id)?;
                let scope = staff.map(|staff| staff.scope);
                let may = scope.is_some_and(|scope| scope.may_for(Permission::Respond, student.belongs()));
                if !may {
                    let problem = format!("{staff_id} does not record responses for this student");
                    return Err(AppError::invalid("staff", problem));
                }
            }
            let act = (work.act()?, work.now);
            let row = AssignmentRow { student_id, step: step.to_string(), staff_id };
            Ok(store::task::assign(work.tx, number, act, term, &row)?)
        })
    }

    /// Says who holds a duty or stands in for a role, from one day to another.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for somebody who is not at the
    /// school, a role or duty that the plan does not know, or days in the wrong order.
    pub fn set_cover(&self, actor: &Actor, now: Instant, cover: SetCover) -> Result<i64, AppError> {
        let order =
            Order::new("set_cover", actor, now).about(format!("{} for {}", cover.staff_id, cover.owner));
        self.act(order, move |work| {
            work.require(Permission::EditCover, "say who stands in for whom")?;
            let number = work.school.number;
            let plan = crate::plan::in_force(work.tx, number, &[])?.plan;
            if Owner::parse(&cover.owner, &plan.duties).is_none() {
                let problem = format!("{:?} is no role and no duty of the plan", cover.owner);
                return Err(AppError::invalid("owner", problem));
            }
            let staff = store::people::staff_member(work.tx, number, &cover.staff_id)?;
            if !staff.is_some_and(|staff| staff.scope.may(Permission::Respond)) {
                let problem = format!("{} records no responses at this school", cover.staff_id);
                return Err(AppError::invalid("staff", problem));
            }
            let scope = cover.scope.trim();
            let students = store::people::students(work.tx, number)?;
            if !scope.is_empty()
                && !students.iter().any(|student| student.belongs().closeness(scope).is_some())
            {
                let problem =
                    format!("{scope:?} is no group, no year such as Year 9 and no house such as House Kea");
                return Err(AppError::invalid("scope", problem));
            }
            if cover.last_day.is_some_and(|last| last < cover.first_day) {
                return Err(AppError::invalid("last_day", "the last day is before the first"));
            }
            let act = (work.act()?, work.now);
            let row = CoverRow {
                id: cover.id,
                owner: cover.owner,
                scope: cover.scope.trim().to_owned(),
                staff_id: cover.staff_id,
                first_day: cover.first_day,
                last_day: cover.last_day,
            };
            Ok(store::task::insert_cover(work.tx, number, act, &row)?)
        })
    }

    /// Ends a cover: it was in force through yesterday, or never if it began today.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none.
    pub fn end_cover(&self, actor: &Actor, now: Instant, id: i64) -> Result<(), AppError> {
        self.act(Order::new("end_cover", actor, now).about(id.to_string()), move |work| {
            work.require(Permission::EditCover, "say who stands in for whom")?;
            let number = work.school.number;
            let found = store::task::covers(work.tx, number)?.into_iter().find(|cover| cover.id == id);
            let mut cover = found.ok_or_else(|| AppError::not_found("there is no such cover"))?;
            cover.last_day = work.school.zone.date(work.now).yesterday().ok();
            let act = (work.act()?, work.now);
            store::task::insert_cover(work.tx, number, act, &cover)?;
            Ok(())
        })
    }
}

/// A task is given by whoever holds one of the step's owners, or records for the whole school.
fn check_giver(work: &mut Work<'_, '_>, term: TermId, step: &StepKey) -> Result<(), AppError> {
    let gone = || AppError::not_found("the plan asks for no such step, or not in this term");
    let plan = crate::plan::in_force(work.tx, work.school.number, &[])?.plan;
    let (_, tier) = plan.tier(&step.tier).ok_or_else(gone)?;
    let (_, own) = tier.step(&step.step).ok_or_else(gone)?;
    if work.calendar.term(term).is_none() {
        return Err(gone());
    }
    let Some(who) = &work.who else { return Ok(()) };
    if who.scope.reach(Permission::Respond) == Reach::All {
        return Ok(());
    }
    let today = work.school.zone.date(work.now);
    let covers = store::task::covers(work.tx, work.school.number)?;
    let holds = |owner: &Owner| {
        let word = owner.to_string();
        let covered =
            covers.iter().any(|cover| cover.owner == word && cover.staff_id == who.id && cover.holds(today));
        covered || matches!(owner, Owner::Role(role) if who.scope.has(*role))
    };
    if own.owners.iter().any(holds) { Ok(()) } else { Err(AppError::denied("give away what others owe")) }
}
