//! My day: what one person owes and what they should know this morning.
//!
//! The same tasks as Today, only the reader's own, with what moved for their students since the
//! last school day and what waits beside.

use super::today::{self, HeldLine, TodayLine};
use super::{Reading, digest, missing_rolls, movement, practice};
use crate::views::everybody::Everybody;
use crate::{Actor, AppError, School};
use domain::{Date, EventKind, Instant, Permission, Reach, Tally, Term};
use store::people::StudentRow;

/// School days before a hold ends at which its reviewer is asked to look at it.
const REVIEW_DAYS: u32 = 5;

/// What My day shows.
#[derive(Debug, Clone)]
pub struct MyDay {
    /// The term it speaks of.
    pub term: Option<Term>,
    /// What the reader owes, most urgent first.
    pub tasks: Vec<TodayLine>,
    /// What nobody owes, because nobody holds the role: for those who see the whole school.
    pub without_owner: Vec<TodayLine>,
    /// Holds that the reader is to look at again soon.
    pub holds: Vec<HeldLine>,
    /// The school day since which movement is counted, and today.
    pub since: Option<Date>,
    /// How often a level was reached or restored for the reader's students since then.
    pub moved_up: usize,
    /// How often one was withdrawn.
    pub moved_down: usize,
    /// Absences of the reader's students that wait for a reason.
    pub waiting_for_reason: usize,
    /// Rolls of the reader's own groups that are missing; nothing for those who take all.
    pub missing_rolls: Option<usize>,
    /// Students to be encouraged, with the tier's name.
    pub encouraging: Vec<(StudentRow, Tally, String)>,
    /// In how many ways practice has moved away from the plan: for those who may change it.
    pub drifts: usize,
    /// How much is owed in all among the students whom the reader sees.
    pub owed_by_others: usize,
}

impl School {
    /// What one person owes and should know.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn my_day(&self, actor: &Actor, now: Instant) -> Result<MyDay, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            read(reading)
        })
    }
}

fn read(reading: &mut Reading<'_, '_>) -> Result<MyDay, AppError> {
    let all = today::read(reading)?;
    let is_wide = reading.who.as_ref().is_none_or(|who| who.scope.reach(Permission::Respond) == Reach::All);
    let count = all.lines.len();
    let (tasks, others): (Vec<TodayLine>, Vec<TodayLine>) =
        all.lines.into_iter().partition(|line| line.is_mine);
    let ends_soon = |line: &HeldLine| {
        let left = reading.calendar.school_days_between(reading.current.date, line.hold.last_day);
        line.is_mine && left <= REVIEW_DAYS
    };
    let holds = all.held.into_iter().filter(ends_soon).collect();
    let since = movement::previous(reading, reading.current.date);
    let (mut moved_up, mut moved_down) = (0, 0);
    for (_, event) in digest::events_since(reading, since)? {
        match event.kind {
            EventKind::Withdrawn => moved_down += 1,
            EventKind::Reached | EventKind::Restored => moved_up += 1,
            EventKind::Moved => {}
        }
    }
    let takes_own =
        reading.who.as_ref().is_some_and(|who| who.scope.reach(Permission::MarkRoll) == Reach::Own);
    let missing_rolls = match all.term.filter(|_| takes_own) {
        Some(term) => match Everybody::load(reading, term)? {
            Some(everybody) => Some(missing_rolls::of(reading, &everybody)?.count),
            None => None,
        },
        None => None,
    };
    let may_plan = reading.who.as_ref().is_some_and(|who| who.scope.may(Permission::EditPlan));
    let drifts = match all.term.filter(|_| may_plan) {
        Some(term) => practice::of(reading, term)?.iter().map(|step| step.drift().len()).sum(),
        None => 0,
    };
    Ok(MyDay {
        drifts,
        term: all.term,
        owed_by_others: count - tasks.len(),
        without_owner: others
            .into_iter()
            .filter(|line| is_wide && line.task.owed_by.people.is_empty())
            .collect(),
        tasks,
        holds,
        since,
        moved_up,
        moved_down,
        waiting_for_reason: all.waiting_for_reason_count,
        missing_rolls,
        encouraging: all.encouraging,
    })
}
