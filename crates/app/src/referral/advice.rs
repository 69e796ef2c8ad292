//! Whether to refer now, to wait, or not to refer, and why: from what is known about a student.

use crate::AppError;
use crate::letters::Absences;
use crate::views::{PlanState, plan_state};
use crate::work::Work;
use domain::{Date, Permission, ResponseType, StudentId, Tally, TermId};
use store::people::StudentRow;
use store::response::ResponseVersion;

/// For how many school days something that was done is given time.
const TIME_TO_WORK: u32 = 5;

/// The absent half-days of a term below which a referral is early.
const EARLY_BELOW: u32 = 20;

/// What the product advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// What a school can do was done, and absence goes on.
    Refer,
    /// Something is to be done, or given time, before.
    Wait,
    /// A referral would not help this child.
    DoNotRefer,
}

impl Advice {
    /// The words that are kept.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Refer => "refer",
            Self::Wait => "wait",
            Self::DoNotRefer => "do not refer",
        }
    }
}

/// Why the product advises it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The student's steps are held until this day for a known absence.
    Held(Date),
    /// The student is no longer enrolled.
    Left,
    /// More than half of the absence is illness.
    MostlyMedical,
    /// A prosecution was initiated on this day.
    Prosecuted(Date),
    /// A referral was recorded this term, on this day.
    Referred(Date),
    /// Fewer than ten days of absence this term, and the plan asks for no referral yet.
    Early,
    /// Nobody of the whānau was spoken with this term.
    NoConversation,
    /// So many steps of the plan are owed and not recorded.
    StepsOpen(usize),
    /// The plan asks for a referral only later: from this day, or after steps that are not done.
    PlanWaits(Option<Date>),
    /// Something was done on this day, and is given time.
    JustDone(Date),
    /// None of these: what a school can do was done.
    AllDone,
}

impl Ground {
    /// What it advises.
    ///
    /// Choice: absence for illness or a known reason is met by support at school and at home, which an
    /// attendance service does not give (docs/decisions). A person may decide otherwise and says why.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Self::Held(_) | Self::Left | Self::MostlyMedical | Self::Prosecuted(_) => Advice::DoNotRefer,
            Self::Referred(_)
            | Self::Early
            | Self::NoConversation
            | Self::StepsOpen(_)
            | Self::PlanWaits(_)
            | Self::JustDone(_) => Advice::Wait,
            Self::AllDone => Advice::Refer,
        }
    }
}

/// What the grounds advise together: the one that holds back most decides.
pub(super) fn advice(grounds: &[Ground]) -> Advice {
    grounds.iter().map(|ground| ground.advice()).max().unwrap_or(Advice::Refer)
}

/// What is known about a student, and what follows from it.
pub(super) struct Known {
    pub(super) student: StudentRow,
    pub(super) term: TermId,
    tally: Tally,
    pub(super) absences: Absences,
    /// Responses that stand, of every term, in order of when they were done.
    pub(super) responses: Vec<ResponseVersion>,
    pub(super) plan: PlanState,
    /// The first and last day of the holds that are in force or still to come.
    pub(super) holds: Vec<(Date, Date)>,
    held_until: Option<Date>,
    is_enrolled: bool,
}

pub(super) fn load(work: &mut Work<'_, '_>, id: &StudentId) -> Result<Known, AppError> {
    let student = work.student_for(Permission::Refer, id)?;
    let number = work.school.number;
    let today = work.school.zone.date(work.now);
    let term = work.calendar.term_at_or_before(work.as_of.date).map(|term| term.id);
    let term = term.ok_or_else(|| AppError::invalid("term", "the calendar has no term yet"))?;
    let absences = Absences::load(work, &student, term)?;
    let tally = store::derived::tally(work.tx, number, term, id)?;
    let spells = super::spells(work.tx, number, id)?;
    let mut responses = store::response::latest(store::response::of_student(work.tx, number, id)?);
    responses.retain(|response| !response.withdrawn);
    responses.sort_by_key(|response| response.done_at);
    let holds = store::task::holds(work.tx, number)?.into_iter();
    let holds = holds.filter(|hold| hold.student_id == *id && today <= hold.last_day);
    Ok(Known {
        tally: tally.map_or_else(Tally::default, |row| row.tally),
        plan: plan_state(&mut work.reading(), &student, term)?,
        is_enrolled: domain::sheet::is_enrolled(&spells, today),
        holds: holds.map(|hold| (hold.first_day, hold.last_day)).collect(),
        held_until: crate::letters::holds(work)?.get(id).copied(),
        student,
        term,
        absences,
        responses,
    })
}

/// Why to refer, to wait or not to refer.
pub(super) fn grounds(work: &Work<'_, '_>, known: &Known) -> Vec<Ground> {
    let zone = work.school.zone;
    let of_term = || known.responses.iter().filter(|response| response.term == known.term);
    let last = |kind: ResponseType| {
        let own = of_term().filter(|response| response.kind == kind);
        own.map(|response| zone.date(response.done_at)).max()
    };
    let plan = &known.plan;
    let mut grounds = Vec::new();
    if !known.is_enrolled {
        grounds.push(Ground::Left);
    }
    grounds.extend(known.held_until.map(Ground::Held));
    if known.absences.is_mostly_medical() {
        grounds.push(Ground::MostlyMedical);
    }
    grounds.extend(last(ResponseType::InitiatedProsecution).map(Ground::Prosecuted));
    let referred = last(ResponseType::ReferredToExternalAgencies);
    grounds.extend(referred.map(Ground::Referred));
    let asks_now = plan.open.iter().any(|step| step.refers);
    if known.tally.absent() < EARLY_BELOW && !asks_now {
        grounds.push(Ground::Early);
    }
    if last(ResponseType::ConversationWithWhanau).is_none() {
        grounds.push(Ground::NoConversation);
    }
    // A step that is itself a referral is what this page is for.
    let owed = plan.open.iter().filter(|step| !step.refers).count();
    if owed > 0 {
        grounds.push(Ground::StepsOpen(owed));
    }
    if !asks_now && referred.is_none() {
        grounds.extend(plan.ahead.iter().find(|step| step.refers).map(|step| Ground::PlanWaits(step.on)));
    }
    let was_done = of_term().filter(|response| {
        !matches!(
            response.kind,
            ResponseType::UnsuccessfulContactAttempt
                | ResponseType::ReferredToExternalAgencies
                | ResponseType::MonitorCurrentApproach
        )
    });
    let done = was_done.map(|response| zone.date(response.done_at)).max();
    let today = zone.date(work.now);
    let is_fresh = |on: &Date| work.calendar.school_days_between(*on, today) < TIME_TO_WORK;
    grounds.extend(done.filter(is_fresh).map(Ground::JustDone));
    if grounds.is_empty() {
        grounds.push(Ground::AllDone);
    }
    grounds
}
