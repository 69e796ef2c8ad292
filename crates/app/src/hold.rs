//! Hold a student's steps for a known absence, and set the flags that the plan asks for.
//!
//! A hold changes no count and no crossing: the absence stays absence. Only the plan's steps stop
//! until it ends, and a person looks at it again.

use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::wording::NOTE_LENGTH;
use domain::{Date, Instant, Permission, StaffId, StudentId};
use store::task::{FlagRow, HoldRow};

/// Why a student's steps are held: in a word that lists may show to those who see holds.
pub const HOLD_KINDS: [&str; 4] = ["illness", "surgery", "bereavement", "other"];

/// The longest hold, in days: it is looked at again at least once in half a year.
const LONGEST_DAYS: i32 = 183;

/// A hold as a person enters it.
#[derive(Clone)]
pub struct SetHold {
    /// Its number; 0 for a new one.
    pub id: i64,
    /// On whom.
    pub student_id: StudentId,
    /// One of [`HOLD_KINDS`].
    pub kind: String,
    /// Why, for the school alone; may be empty.
    pub why: String,
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// Who looks at it again when it ends.
    pub reviewer: StaffId,
}

impl School {
    /// Holds a student's steps, or changes a hold.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach; [`AppError::Invalid`] for days in the wrong
    /// order or too far apart, an unknown kind, a reviewer who does not see this student.
    pub fn set_hold(&self, actor: &Actor, now: Instant, hold: SetHold) -> Result<i64, AppError> {
        let order = Order::new("set_hold", actor, now).about(hold.student_id.to_string());
        self.act(order, move |work| save(work, hold))
    }

    /// Ends a hold today; its steps are owed again from tomorrow.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none in reach.
    pub fn end_hold(&self, actor: &Actor, now: Instant, id: i64) -> Result<(), AppError> {
        self.act(Order::new("end_hold", actor, now).about(id.to_string()), move |work| {
            let hold = standing(work, id)?;
            let today = work.school.zone.date(work.now);
            // One that has not begun was never.
            let last_day = today.min(hold.last_day).max(hold.first_day.yesterday().unwrap_or(today));
            let (act, recorded_at) = (work.act()?, work.now);
            store::task::insert_hold(
                work.tx,
                work.school.number,
                &HoldRow { last_day, act, recorded_at, ..hold },
            )?;
            Ok(())
        })
    }

    /// Sets a flag of the plan on a student, or takes it off. One that stands so already stays.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach; [`AppError::Invalid`] for a flag that the plan
    /// does not have.
    pub fn set_flag(
        &self,
        actor: &Actor,
        now: Instant,
        student_id: StudentId,
        (flag, is_set): (String, bool),
    ) -> Result<(), AppError> {
        let order = Order::new("set_flag", actor, now).about(student_id.to_string());
        self.act(order, move |work| {
            work.student_for(Permission::Hold, &student_id)?;
            let number = work.school.number;
            let plan = crate::plan::in_force(work.tx, number, &[])?.plan;
            if is_set && !plan.flags.contains(&flag) {
                let problem = format!("the plan has no flag {flag:?}: it has {}", plan.flags.join(", "));
                return Err(AppError::invalid("flag", problem));
            }
            let all = store::task::flags(work.tx, number)?;
            let own = all.iter().rfind(|row| row.student_id == student_id && row.flag == flag);
            if own.is_some_and(|row| row.is_set) == is_set {
                return Ok(());
            }
            let (act, on) = (work.act()?, work.school.zone.date(work.now));
            let row = FlagRow { student_id, flag, act, on, is_set };
            Ok(store::task::insert_flag(work.tx, number, work.now, &row)?)
        })
    }
}

fn save(work: &mut Work<'_, '_>, hold: SetHold) -> Result<i64, AppError> {
    let student = work.student_for(Permission::Hold, &hold.student_id)?;
    if hold.id > 0 && standing(work, hold.id)?.student_id != hold.student_id {
        return Err(AppError::not_found("there is no such hold on this student"));
    }
    if !HOLD_KINDS.contains(&hold.kind.as_str()) {
        let problem = format!("{:?} is no kind of hold: one of {}", hold.kind, HOLD_KINDS.join(", "));
        return Err(AppError::invalid("kind", problem));
    }
    if hold.last_day < hold.first_day {
        return Err(AppError::invalid("last_day", "the last day is before the first"));
    }
    if domain::term::days_between(hold.first_day, hold.last_day) > LONGEST_DAYS {
        let problem = "a hold lasts half a year at most: set it again when it ends";
        return Err(AppError::invalid("last_day", problem));
    }
    if hold.why.chars().count() > NOTE_LENGTH {
        return Err(AppError::invalid("why", format!("at most {NOTE_LENGTH} characters")));
    }
    let reviewer = store::people::staff_member(work.tx, work.school.number, &hold.reviewer)?;
    let sees = reviewer.is_some_and(|staff| staff.scope.may_for(Permission::Respond, student.belongs()));
    if !sees {
        let problem = format!("{} does not record responses for this student", hold.reviewer);
        return Err(AppError::invalid("reviewer", problem));
    }
    let row = HoldRow {
        id: hold.id,
        act: work.act()?,
        recorded_at: work.now,
        student_id: hold.student_id,
        kind: hold.kind,
        why: hold.why.trim().to_owned(),
        first_day: hold.first_day,
        last_day: hold.last_day,
        reviewer: hold.reviewer,
    };
    Ok(store::task::insert_hold(work.tx, work.school.number, &row)?)
}

fn standing(work: &mut Work<'_, '_>, id: i64) -> Result<HoldRow, AppError> {
    let missing = || AppError::not_found("there is no such hold among your students");
    let found = store::task::holds(work.tx, work.school.number)?.into_iter().find(|hold| hold.id == id);
    let hold = found.ok_or_else(missing)?;
    work.student_for(Permission::Hold, &hold.student_id).map_err(|_| missing())?;
    Ok(hold)
}
