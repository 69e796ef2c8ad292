//! The OneRoster service as its page shows it, and whether the roster has gone silent.

use crate::{Actor, AppError, School};
use domain::{Instant, Permission, SchoolNumber};
use keys::Vault;
use store::Tx;
use store::oneroster::{CLIENT_SECRET, OneRosterRow};

/// After how many hours without a roster staff are told.
const TOLD_AFTER_HOURS: i64 = 48;

/// What the page shows. Nothing in it is secret.
#[derive(Debug, Clone)]
pub struct OneRosterView {
    /// The service, if one was ever set.
    pub service: Option<OneRosterService>,
    /// What is told when no roster came for too long.
    pub silence: Option<RosterSilence>,
}

/// A service, and how fetching from it went.
#[derive(Debug, Clone)]
pub struct OneRosterService {
    /// Its address.
    pub base: String,
    /// `1.1` or `1.2`.
    pub version: String,
    /// The address that gives tokens.
    pub token_at: String,
    /// The client id.
    pub client: String,
    /// When the secret was entered; nothing while there is none.
    pub secret_entered_at: Option<Instant>,
    /// Why the secret cannot be read on this machine, if it cannot.
    pub secret_problem: Option<String>,
    /// Which org is the school.
    pub org: String,
    /// Which id is the student's.
    pub student_id: String,
    /// Whether `identifier` holds the National Student Number.
    pub identifier_is_nsn: bool,
    /// Whether it is fetched nightly.
    pub is_on: bool,
    /// Whether somebody asked, and it was not begun yet.
    pub is_asked: bool,
    /// When it was last tried.
    pub tried_at: Option<Instant>,
    /// When it last went well.
    pub good_at: Option<Instant>,
    /// When everything was last fetched.
    pub whole_at: Option<Instant>,
    /// When it is tried again after a failure.
    pub retry_at: Option<Instant>,
    /// What went wrong the last time; empty when nothing did.
    pub problem: String,
    /// What came the last time.
    pub outcome: String,
}

/// No roster came for too long, though it is to come every night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterSilence {
    /// When one last came; nothing when none ever did.
    pub since: Option<Instant>,
    /// What is in the way, if it was tried.
    pub problem: String,
}

impl School {
    /// The service that the roster is fetched from.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn oneroster(&self, actor: &Actor, now: Instant) -> Result<OneRosterView, AppError> {
        let vault = self.vault.clone();
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see where the roster is fetched from")?;
            let number = reading.school.number;
            let row = store::oneroster::get(reading.tx, number)?;
            let silence = row.as_ref().and_then(|row| of_row(row, now));
            Ok(OneRosterView { service: row.map(|row| service(row, &vault, number)), silence })
        })
    }
}

fn service(row: OneRosterRow, vault: &Vault, number: SchoolNumber) -> OneRosterService {
    let opened = || vault.open(CLIENT_SECRET, &number.to_string(), &row.sealed);
    let has_secret = !row.sealed.is_empty();
    let problem = if has_secret { opened().err().map(|error| error.to_string()) } else { None };
    OneRosterService {
        secret_entered_at: row.entered_at.filter(|_| has_secret),
        secret_problem: problem,
        is_asked: row.asked_at.is_some(),
        base: row.base,
        version: row.version,
        token_at: row.token_at,
        client: row.client,
        org: row.org,
        student_id: row.student_id,
        identifier_is_nsn: row.identifier_is_nsn,
        is_on: row.is_on,
        tried_at: row.tried_at,
        good_at: row.good_at,
        whole_at: row.whole_at,
        retry_at: row.retry_at,
        problem: row.problem,
        outcome: row.outcome,
    }
}

/// What is told when no roster came for too long.
pub(super) fn roster_silence(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    now: Instant,
) -> Result<Option<RosterSilence>, AppError> {
    Ok(store::oneroster::get(tx, number)?.and_then(|row| of_row(&row, now)))
}

fn of_row(row: &OneRosterRow, now: Instant) -> Option<RosterSilence> {
    let last = row.good_at.or(row.entered_at)?;
    let hours = now.micros_since(last) / 3_600_000_000;
    let is_silent = row.is_on && !row.sealed.is_empty() && hours >= TOLD_AFTER_HOURS;
    is_silent.then(|| RosterSilence { since: row.good_at, problem: row.problem.clone() })
}
