//! What pages and exports read. Each view checks the reader's rights itself.

mod candidates;
mod descriptions;
mod differences;
mod digest;
mod everybody;
mod forecast;
mod help;
mod kamar;
mod kamar_differences;
mod key_pairs;
mod ledger;
mod mail;
mod missing_rolls;
mod monitoring;
mod movement;
mod my_day;
mod oneroster;
mod plan_effect;
mod plan_state;
mod practice;
mod provenance;
mod reasons;
mod respond;
mod review;
mod roll;
mod school;
mod sharing;
mod silence;
mod stand_out;
mod standing;
mod student;
mod student_plan;
mod students;
mod taken;
mod tasks;
mod terms;
mod today;
mod trace;
mod webhooks;
mod year;

pub use analysis::{Count, Followed, Spread, whole_percent};
pub use candidates::CandidateLine;
pub use descriptions::{DescriptionLine, TypeSection};
pub use differences::Difference;
pub use digest::{Digest, DigestMove, DigestTask, InShort};
pub use everybody::Completeness;
pub(crate) use everybody::Everybody;
pub use forecast::{Ahead, ForecastView};
pub use help::HelpView;
pub use kamar::{KamarAlarm, KamarRefusal, KamarStanding, KamarView};
pub use kamar_differences::{KamarDifference, KamarDifferences, MOST_DIFFERENCES};
pub use key_pairs::{KeyLine, KeyState, KeysView};
pub use ledger::{Change, DayChange, Doer, LedgerEvent, MarkChange, NamedResponse, Told, TracedMark};
pub use mail::{MailView, MessageLine};
pub use missing_rolls::{MissingRoll, MissingRolls};
pub use monitoring::{
    BOARD_COLUMNS, BoardLevel, BoardReport, DescriptionUse, FINDING_LINES, Finding, FindingKind, FindingLine,
    FollowedLine, LevelLine, Levels, Middle, Overused, Recording, TermReview, TypeUse, Used, WAITING_DAYS,
};
pub use movement::{Movement, MovementLine};
pub use my_day::MyDay;
pub use oneroster::{OneRosterService, OneRosterView, RosterSilence};
pub use plan_effect::PlanEffect;
pub(crate) use plan_effect::effect_of_plan;
pub(crate) use plan_state::{PlanState, plan_state};
pub use practice::{CoverLine, Drift, HolderLine, HoldersView, PracticeView, StepPractice};
pub use provenance::{Brought, Origin, ValueOrigin, Whence};
pub use reasons::{Reasons, WithoutReason};
pub use respond::{Answering, ResponseForm, TypeChoice};
pub use review::Review;
pub use roll::{GroupLine, RollLine, RollView, Shown};
pub use school::{CalendarView, PersonLine, Shell, StaffNames};
pub(crate) use sharing::SharedStates;
pub use sharing::{BatchLine, SenderView, SharingView};
pub use silence::Silence;
pub use stand_out::{LongAbsence, StandOutView, WeekdayLine};
pub use standing::{Concern, Standing, Trouble};
pub use store::candidate::CandidateRow;
pub use store::exchange::Reconciliation;
pub use store::kamar::KamarPush;
pub use store::mark::MarkVersion;
pub use store::task::{CoverRow, HoldRow};
pub use student::{CrossingLine, DayCell, NoteLine, ResponseLine, Rights, StudentView};
pub use student_plan::PlanOfStudent;
pub use students::{MOST_STUDENTS, StudentLine};
pub use taken::TakenLine;
pub(crate) use tasks::open_tasks;
pub use tasks::{OwedBy, OwedTask, StepAhead};
pub use terms::{TermLine, TermsView, Unfinished};
pub use today::{HeldLine, MovedLine, NearLine, ReasonLine, Today, TodayLine};
pub use trace::{Closed, Rule, Trace, TraceRequest, TracedCrossing, TracedHalfDay};
pub use webhooks::{DeliveryLine, WebhookLine, WebhookView};
pub use year::YearLine;

use crate::work::identify;
use crate::{Actor, AppError, School, calendar, codes};
use domain::{Calendar, CodeList, HalfDay, Instant, Permission};
use std::borrow::Cow;
use store::people::{StaffVersion, StudentRow};
use store::school::SchoolRow;
use store::{ALWAYS, DatabaseError, Tx};

/// One reading under way.
pub(crate) struct Reading<'r, 'c> {
    pub(crate) tx: &'r mut Tx<'c>,
    pub(crate) school: SchoolRow,
    pub(crate) calendar: Calendar,
    /// The attendance codes over time.
    pub(crate) codes: Cow<'static, CodeList>,
    pub(crate) who: Option<StaffVersion>,
    pub(crate) now: Instant,
    /// The current half-day.
    pub(crate) current: HalfDay,
}

impl Reading<'_, '_> {
    pub(crate) fn require(&self, permission: Permission, what: &str) -> Result<(), AppError> {
        match &self.who {
            Some(staff) if !staff.scope.may(permission) => Err(AppError::denied(what)),
            _ => Ok(()),
        }
    }

    pub(crate) fn reaches(&self, permission: Permission, student: &StudentRow) -> bool {
        self.who.as_ref().is_none_or(|staff| staff.scope.may_for(permission, student.belongs()))
    }

    /// A student whom the reader may see.
    pub(crate) fn student(
        &mut self,
        permission: Permission,
        id: &domain::StudentId,
    ) -> Result<StudentRow, AppError> {
        let student = store::people::student(self.tx, self.school.number, id)?;
        crate::work::in_reach(student, self.who.as_ref(), permission, id)
    }
}

impl School {
    /// Reads one snapshot, after settling what became current.
    pub(crate) fn view<T>(
        &self,
        actor: &Actor,
        now: Instant,
        body: impl FnOnce(&mut Reading<'_, '_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let number = self.number;
        let mut body = Some(body);
        // Nearly always all is settled, and one look is enough.
        for _ in 0..2 {
            let seen = self.store.read(number, |tx| {
                let (school, who) = identify(tx, number, actor)?;
                let current = school.zone.current_half_day(now);
                let is_settled = store::school::progress(tx, number)?.settled_through >= current;
                let Some(body) = body.take_if(|_| is_settled) else { return Ok(None) };
                let calendar = calendar::load(tx, number, school.region.as_deref(), ALWAYS)?;
                let codes = codes::load(tx, number, ALWAYS)?;
                body(&mut Reading { tx, school, calendar, codes, who, now, current }).map(Some)
            })?;
            match seen {
                Some(seen) => return Ok(seen),
                None => self.advance(now)?,
            }
        }
        Err(DatabaseError::Busy.into())
    }
}
