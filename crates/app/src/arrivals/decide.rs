//! What a person decides about an arrival that waits: they see what it changes, and store it or not.

use super::{ask_again, body, decided, many_leave, open, passed_over, run, settle_row};
use crate::import::changeset::{Changeset, Listed};
use crate::import::{Applied, ImportReport};
use crate::work::{Actor, Attempt, Order, Work};
use crate::{AppError, ImportKind, School, entropy};
use domain::{Instant, Permission};
use interop::contract;
use store::arrival::{ArrivalRow, ArrivalState};

/// What a person decided about an arrival.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// The digest of the review that they saw.
    pub expected: String,
    /// Whether the good rows are to be stored when others have problems.
    pub skip_bad_rows: bool,
    /// Whether they confirmed that more than one in ten leave.
    pub leaving_confirmed: bool,
}

/// What an arrival would change.
#[derive(Debug, Clone)]
pub struct Review {
    /// The arrival.
    pub arrival: ArrivalRow,
    /// Its rows, its problems, and what would change ([`ImportReport::changes`]).
    pub report: ImportReport,
    /// Names all of that, so that a decision can say what was seen.
    pub digest: String,
}

impl School {
    /// What an arrival that waits would change: it is applied, and taken back.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to all that it holds; [`AppError::NotFound`] when there is
    /// none; [`AppError::Invalid`] when it waits for nobody any more.
    pub fn review_arrival(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
        skip_bad_rows: bool,
    ) -> Result<Review, AppError> {
        let id = id.to_owned();
        self.attempt(Order::new("review_arrival", actor, now), move |work| {
            let arrival = waiting(work, &id)?;
            let report = run(work, &arrival, skip_bad_rows)?.report;
            let digest = fingerprint(&report);
            Ok(Attempt::TakeBack(Review { arrival, report, digest }))
        })
    }

    /// Stores an arrival that a person has looked at.
    ///
    /// # Errors
    /// As [`School::review_arrival`]; [`AppError::Confirm`] when the school changed since, so that other things
    /// would happen than were seen, or when many students leave and nobody said that this is right.
    /// Problems in it are no error: they are in the report, and nothing is stored then.
    pub fn commit_arrival(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
        decision: Decision,
    ) -> Result<ImportReport, AppError> {
        let order = Order::new("import", actor, now).about(format!("arrival {id}"));
        let id = id.to_owned();
        self.attempt(order, move |work| {
            let arrival = waiting(work, &id)?;
            let Applied { mut report, bad_rows } = run(work, &arrival, decision.skip_bad_rows)?;
            if fingerprint(&report) != decision.expected {
                let words = "the school changed since you looked: look again at what this would change";
                return Err(AppError::Confirm(words.to_owned()));
            }
            if !report.stored {
                return Ok(Attempt::TakeBack(report));
            }
            if report.changes.too_many_leave() && !decision.leaving_confirmed {
                return Err(AppError::Confirm(many_leave(&report.changes)));
            }
            if !bad_rows.is_empty() {
                let bytes = store::arrival::body(work.tx, work.school.number, &arrival.id)?;
                let file = body::only_file(&arrival.format, &bytes);
                report.rejected = file.map(|csv| contract::rejected_csv(csv, &bad_rows));
            }
            let left = report.rejected.clone().unwrap_or_default().into_bytes();
            let act = work.act()?;
            settle_row(work, &arrival, &report, Some(act), left)?;
            Ok(Attempt::Keep(report))
        })
    }

    /// The rows that were left out of an arrival when it was stored, as a file to mend and bring again.
    ///
    /// # Errors
    /// As [`School::arrival`].
    pub fn rejected_rows(&self, actor: &Actor, now: Instant, id: &str) -> Result<Option<String>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see what came from other systems")?;
            let number = reading.school.number;
            let row = store::arrival::get(reading.tx, number, id)?;
            if !row.is_some_and(|row| row.state == ArrivalState::Stored && row.bad_rows > 0) {
                return Ok(None);
            }
            let body = store::arrival::body(reading.tx, number, id)?;
            Ok(String::from_utf8(body).ok().filter(|text| !text.is_empty()))
        })
    }

    /// Decides against an arrival that waits.
    ///
    /// # Errors
    /// As [`School::review_arrival`].
    pub fn discard_arrival(&self, actor: &Actor, now: Instant, id: &str) -> Result<(), AppError> {
        let order = Order::new("discard_arrival", actor, now).about(format!("arrival {id}"));
        let id = id.to_owned();
        self.act(order, move |work| {
            let arrival = in_review(work, &id)?;
            work.act()?;
            let (number, now) = (work.school.number, work.now);
            let decided =
                decided(ArrivalState::Discarded, String::new(), now, None, &ImportReport::default());
            store::arrival::decide(work.tx, number, &arrival.id, &decided)?;
            ask_again(work.tx, number, &arrival)?;
            Ok(store::arrival::empty(work.tx, number, &arrival.id)?)
        })
    }
}

/// An arrival that waits for a person, who has the right to all that it holds.
fn in_review(work: &mut Work<'_, '_>, id: &str) -> Result<ArrivalRow, AppError> {
    work.require(Permission::Import, "import files")?;
    let arrival = open(work, id)?;
    for kind in arrival.kinds.split(',').filter_map(ImportKind::parse) {
        work.require(kind.permission(), "import this kind of file")?;
    }
    if arrival.state != ArrivalState::Review {
        return Err(AppError::invalid("arrival", "this was decided already"));
    }
    Ok(arrival)
}

/// The same, unless something newer was worked before it.
fn waiting(work: &mut Work<'_, '_>, id: &str) -> Result<ArrivalRow, AppError> {
    let arrival = in_review(work, id)?;
    match passed_over(work, &arrival, true)? {
        Some(why) => Err(AppError::invalid("arrival", format!("{why}; discard it"))),
        None => Ok(arrival),
    }
}

/// A digest of all that a review says, whenever it is made.
fn fingerprint(report: &ImportReport) -> String {
    let changes = Changeset { crossings: Listed::default(), ..report.changes.clone() };
    let events = report.changes.crossings.first.iter().map(|event| {
        (event.term, event.student_id.clone(), event.reached, event.kind, report.changes.crossings.count)
    });
    let events: Vec<_> = events.collect();
    let told =
        format!("{changes:?} {events:?} {} {} {:?}", report.rows, report.problem_count, report.problems);
    entropy::digest(told.as_bytes())
}
