//! What was shared with the Ministry, batch by batch, and what still waits.

use super::silence::{Silence, acknowledged_through, silence};
use crate::{Actor, AppError, School};
use domain::{Instant, Permission, SchoolNumber, Zone};
use std::collections::HashSet;
use store::Tx;
use store::exchange::{BatchRow, BatchState, Reconciliation, RefusedRow};
use store::response::ResponseVersion;
use store::school::SchoolRow;

/// A batch in the ledger.
#[derive(Debug, Clone)]
pub struct BatchLine {
    /// The batch.
    pub batch: BatchRow,
    /// How many numbers it covers.
    pub entries: i64,
    /// The records in it that were refused: number and problem.
    pub refused: Vec<(i64, String)>,
}

/// What the Sharing page shows.
#[derive(Debug, Clone)]
pub struct SharingView {
    /// The school with its switches.
    pub school: SchoolRow,
    /// How many entries wait to be sealed.
    pub waiting: i64,
    /// The epoch.
    pub epoch: i64,
    /// The latest batches, newest first.
    pub batches: Vec<BatchLine>,
    /// When something was last received by the Ministry.
    pub last_received: Option<Instant>,
    /// Whether somebody asked to send at once and it was not done yet.
    pub send_asked: bool,
    /// What has waited for more than a day, and why.
    pub silence: Option<Silence>,
    /// The latest comparison with what the Ministry holds.
    pub compared: Option<Reconciliation>,
    /// How many records were left out or refused, and nothing newer was told in their place.
    pub left_out: usize,
}

/// How many batches the ledger shows.
const LEDGER: i64 = 200;

impl School {
    /// The ledger of what was shared.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn sharing(&self, actor: &Actor, now: Instant) -> Result<SharingView, AppError> {
        self.some_sharing(actor, now, LEDGER)
    }

    /// The same with every batch there was.
    ///
    /// # Errors
    /// As [`School::sharing`].
    pub fn all_sharing(&self, actor: &Actor, now: Instant) -> Result<SharingView, AppError> {
        self.some_sharing(actor, now, i64::MAX)
    }

    fn some_sharing(&self, actor: &Actor, now: Instant, most: i64) -> Result<SharingView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeSharing, "see what was shared")?;
            let number = reading.school.number;
            let progress = store::school::progress(reading.tx, number)?;
            let sealed =
                store::exchange::last(reading.tx, number, progress.epoch)?.map_or(0, |batch| batch.last_seq);
            let refused = store::exchange::refused(reading.tx, number)?;
            let batches = store::exchange::latest(reading.tx, number, most)?;
            let received = batches.iter().filter(|batch| batch.state == BatchState::Received);
            let last_received = received.filter_map(|batch| batch.answered_at).max();
            let line = |batch: BatchRow| {
                let range = batch.first_seq..=batch.last_seq;
                let within = |row: &&RefusedRow| row.epoch == batch.epoch && range.contains(&row.seq);
                let told = |row: &RefusedRow| (row.seq, row.problem.clone());
                BatchLine {
                    entries: batch.last_seq - batch.first_seq + 1,
                    refused: refused.iter().filter(within).map(told).collect(),
                    batch,
                }
            };
            Ok(SharingView {
                waiting: store::outbox::count_after(reading.tx, number, progress.epoch, sealed)?,
                epoch: progress.epoch,
                last_received,
                send_asked: progress.send_asked_at.is_some(),
                silence: silence(reading.tx, &reading.school, reading.now)?,
                compared: store::exchange::reconciliations(reading.tx, number, 1)?.into_iter().next(),
                left_out: crate::share::left_out(reading.tx, number, progress.epoch)?.len(),
                batches: batches.into_iter().map(line).collect(),
                school: reading.school.clone(),
            })
        })
    }

    /// A batch and its bytes, exactly as they were sealed. Records name students, so it takes the
    /// right to see students too.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights; [`AppError::NotFound`] when there is none.
    pub fn batch(
        &self,
        actor: &Actor,
        now: Instant,
        epoch: i64,
        first_seq: i64,
    ) -> Result<(BatchRow, Vec<u8>), AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeSharing, "see what was shared")?;
            reading.require(Permission::SeeStudents, "see students")?;
            let number = reading.school.number;
            let batch = store::exchange::get(reading.tx, number, epoch, first_seq)?;
            let batch = batch.ok_or_else(|| AppError::not_found("there is no such batch"))?;
            Ok((batch, store::exchange::bytes(reading.tx, number, epoch, first_seq)?))
        })
    }
}

/// How far sending has come, for who watches it from outside.
#[derive(Debug, Clone)]
pub struct SenderView {
    /// The epoch.
    pub epoch: u64,
    /// The last number that was given out.
    pub numbered_through: u64,
    /// The last number for which there is a receipt.
    pub acknowledged_through: u64,
    /// Records of the epoch that were left out or refused.
    pub left_out: u64,
    /// When a receipt last came, and the zone of the school.
    pub last_received_at: Option<(Zone, Instant)>,
    /// What is in the way, in words.
    pub problem: Option<String>,
}

impl School {
    /// How far sending has come: numbers alone, and nothing about anybody.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sender_state(&self) -> Result<SenderView, AppError> {
        let (number, zone) = (self.number(), self.settings()?.zone);
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        self.store.read(number, move |tx| {
            let progress = store::school::progress(tx, number)?;
            let waiting = store::exchange::waiting(tx, number, progress.epoch)?;
            let refused = store::exchange::refused(tx, number)?;
            let first = waiting.first().map(|batch| batch.first_seq);
            let through = acknowledged_through(tx, number, progress.epoch, first)?;
            Ok(SenderView {
                epoch: count(progress.epoch),
                numbered_through: count(progress.seq),
                acknowledged_through: count(through),
                left_out: refused.iter().filter(|row| row.epoch == progress.epoch).count() as u64,
                last_received_at: store::exchange::received_at(tx, number)?.map(|at| (zone, at)),
                problem: waiting.into_iter().find_map(|batch| batch.problem),
            })
        })
    }
}

/// Where the sharing of responses stands.
pub(crate) struct SharedStates {
    school: SchoolNumber,
    epoch: i64,
    sealed_through: i64,
    unreceived: Vec<(i64, i64, BatchState)>,
    refused: HashSet<(i64, i64)>,
}

impl SharedStates {
    pub(crate) fn load(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Self, AppError> {
        let epoch = store::school::progress(tx, school)?.epoch;
        let waiting = store::exchange::waiting(tx, school, epoch)?;
        Ok(Self {
            school,
            epoch,
            sealed_through: store::exchange::last(tx, school, epoch)?.map_or(0, |batch| batch.last_seq),
            unreceived: waiting.iter().map(|batch| (batch.first_seq, batch.last_seq, batch.state)).collect(),
            refused: store::exchange::refused(tx, school)?.iter().map(|row| (row.epoch, row.seq)).collect(),
        })
    }

    /// `not_shared`, `waiting`, `held`, `sealed`, `received` or `refused`.
    pub(crate) fn of(&self, tx: &mut Tx<'_>, response: &ResponseVersion) -> Result<&'static str, AppError> {
        let entry = store::outbox::of_response(tx, self.school, &response.id)?;
        let Some((epoch, seq, passed_over)) = entry else { return Ok("not_shared") };
        Ok(self.state(epoch, seq, passed_over))
    }

    fn state(&self, epoch: i64, seq: i64, passed_over: bool) -> &'static str {
        if self.refused.contains(&(epoch, seq)) {
            return "refused";
        }
        if passed_over {
            return "held";
        }
        // What an earlier epoch still owed was queued again when this one began.
        if epoch < self.epoch {
            return "received";
        }
        if seq > self.sealed_through {
            return "waiting";
        }
        match self.unreceived.iter().find(|(first, last, _)| (*first..=*last).contains(&seq)) {
            None => "received",
            Some((_, _, BatchState::Refused)) => "refused",
            Some(_) => "sealed",
        }
    }
}
