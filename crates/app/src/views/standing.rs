//! How a school stands, as the host's operator sees it: counts and times, and nothing about any
//! person.
//!
//! What the Ministry answered is its own text and might repeat an id, so it is not handed on:
//! [`Trouble`] names the kinds of trouble there are.

use super::silence::acknowledged_through;
use crate::{AppError, School, calendar};
use domain::{Calendar, Date, Half, HalfDay, Instant, SchoolNumber, Zone};
use store::ALWAYS;
use store::exchange::{BatchRow, BatchState};

/// The longest stretch without a school day that is looked back over, in days: the summer.
const LONGEST_BREAK_DAYS: usize = 70;

/// What is in the way of sharing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The Ministry could not be reached.
    Unreachable,
    /// The Ministry asks to try later.
    AskedToWait,
    /// The Ministry does not know the school.
    NotAdmitted,
    /// The token is missing or not the school's.
    Token,
    /// The Ministry refused a batch, and a person at the school has to look.
    Refused,
    /// What the Ministry answered was of no use; it is tried again.
    Unclear,
}

impl Trouble {
    /// `unreachable`, `asked-to-wait`, `not-admitted`, `token`, `refused`, `unclear`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::AskedToWait => "asked-to-wait",
            Self::NotAdmitted => "not-admitted",
            Self::Token => "token",
            Self::Refused => "refused",
            Self::Unclear => "unclear",
        }
    }

    /// What a batch that was not acknowledged ran into, if it was tried.
    pub(super) fn of(batch: &BatchRow) -> Option<Self> {
        let problem = batch.problem.as_deref()?;
        let known = [
            ("the Ministry could not be reached", Self::Unreachable),
            ("the Ministry asks to try later", Self::AskedToWait),
            ("This school has not been admitted", Self::NotAdmitted),
            ("The token is missing", Self::Token),
        ];
        let known = known.into_iter().find(|(begins, _)| problem.starts_with(begins));
        let other = if batch.state == BatchState::Refused { Self::Refused } else { Self::Unclear };
        Some(known.map_or(other, |(_, trouble)| trouble))
    }
}

/// Why somebody should have a look at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// It is a school day, and nobody did anything since this time on the school day before.
    Silent,
    /// It is past noon of a school day, and nothing was marked.
    Unmarked,
    /// Something is in the way of sharing.
    Trouble,
}

impl Concern {
    /// `silent`, `unmarked`, `trouble`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Unmarked => "unmarked",
            Self::Trouble => "trouble",
        }
    }
}

/// How a school stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The Ministry's number.
    pub number: SchoolNumber,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Zone,
    /// Whether any half of today is open there.
    pub is_school_day: bool,
    /// Students enrolled today.
    pub enrolled: u32,
    /// Half-days of today that have a mark.
    pub marked_half_days: u32,
    /// When somebody last did something, or a file was brought.
    pub last_act_at: Option<Instant>,
    /// Whether any stream is shared.
    pub shares: bool,
    /// Entries that the Ministry has not acknowledged.
    pub waiting: i64,
    /// When the Ministry last acknowledged a batch.
    pub last_received_at: Option<Instant>,
    /// What is in the way of sharing.
    pub trouble: Option<Trouble>,
    /// Why somebody should have a look.
    pub concerns: Vec<Concern>,
}

impl School {
    /// How this school stands. Changes nothing: what time alone brings is not settled first.
    ///
    /// # Errors
    /// When the database refuses or a row cannot be read.
    pub fn standing(&self, now: Instant) -> Result<Standing, AppError> {
        let number = self.number;
        self.store.review(number, |tx| {
            let (school, _) = crate::work::identify(tx, number, &crate::Actor::Operator)?;
            let calendar = calendar::load(tx, number, school.region.as_deref(), ALWAYS)?;
            let progress = store::school::progress(tx, number)?;
            let current = school.zone.current_half_day(now);
            let unanswered = store::exchange::waiting(tx, number, progress.epoch)?;
            let first = unanswered.first().map(|batch| batch.first_seq);
            let acknowledged = acknowledged_through(tx, number, progress.epoch, first)?;
            let mut marked = 0;
            for half in Half::BOTH {
                marked += store::outbox::marked_on(tx, number, HalfDay::new(current.date, half))?;
            }
            let mut standing = Standing {
                number,
                name: school.name,
                zone: school.zone,
                is_school_day: calendar.is_school_day(current.date),
                enrolled: store::outbox::enrolled_on(tx, number, current.date)?,
                marked_half_days: marked,
                last_act_at: store::act::last_at(tx, number)?,
                shares: school.share_attendance || school.share_responses,
                waiting: progress.seq - acknowledged,
                last_received_at: store::exchange::received_at(tx, number)?,
                trouble: unanswered.first().and_then(Trouble::of),
                concerns: Vec::new(),
            };
            standing.concerns = concerns(&standing, &calendar, current, now);
            Ok(standing)
        })
    }
}

fn concerns(standing: &Standing, calendar: &Calendar, current: HalfDay, now: Instant) -> Vec<Concern> {
    let mut concerns = Vec::new();
    if is_silent(standing, calendar, current.date, now) {
        concerns.push(Concern::Silent);
    }
    let was_open = calendar.is_open(HalfDay::new(current.date, Half::Am)) && current.half == Half::Pm;
    if was_open && standing.enrolled > 0 && standing.marked_half_days == 0 {
        concerns.push(Concern::Unmarked);
    }
    if standing.trouble.is_some() {
        concerns.push(Concern::Trouble);
    }
    concerns
}

/// Whether nothing was done for a day. Days without school do not count: a Monday morning follows
/// a Friday.
fn is_silent(standing: &Standing, calendar: &Calendar, today: Date, now: Instant) -> bool {
    if !calendar.is_school_day(today) {
        return false;
    }
    let before = std::iter::successors(today.yesterday().ok(), |date| date.yesterday().ok());
    let Some(before) = before.take(LONGEST_BREAK_DAYS).find(|date| calendar.is_school_day(*date)) else {
        return false;
    };
    let days = today.since(before).map_or(1, |span| i64::from(span.get_days()));
    let since = now.plus_seconds(-days * 86_400);
    standing.last_act_at.is_none_or(|at| at < since)
}
