//! What was shared with the Ministry, batch by batch, and what still waits.

use crate::{Actor, AppError, School};
use domain::{Instant, Permission, SchoolNumber};
use std::collections::HashSet;
use store::Tx;
use store::exchange::{BatchRow, BatchState};
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
}

/// How many batches the ledger shows.
const LEDGER: i64 = 200;

impl School {
    /// The ledger of what was shared.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn sharing(&self, actor: &Actor, now: Instant) -> Result<SharingView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeSharing, "see what was shared")?;
            let number = reading.school.number;
            let progress = store::school::progress(reading.tx, number)?;
            let sealed =
                store::exchange::last(reading.tx, number, progress.epoch)?.map_or(0, |batch| batch.last_seq);
            let refused = store::exchange::refused(reading.tx, number, progress.epoch)?;
            let batches = store::exchange::latest(reading.tx, number, LEDGER)?;
            let received = batches.iter().filter(|batch| batch.state == BatchState::Received);
            let last_received = received.filter_map(|batch| batch.answered_at).max();
            let line = |batch: BatchRow| {
                let within = |(seq, _): &&(i64, String)| {
                    batch.epoch == progress.epoch && (batch.first_seq..=batch.last_seq).contains(seq)
                };
                BatchLine {
                    entries: batch.last_seq - batch.first_seq + 1,
                    refused: refused.iter().filter(within).cloned().collect(),
                    batch,
                }
            };
            Ok(SharingView {
                waiting: store::outbox::count_after(reading.tx, number, progress.epoch, sealed)?,
                epoch: progress.epoch,
                last_received,
                send_asked: progress.send_asked_at.is_some(),
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

/// Where the sharing of responses stands.
pub(crate) struct SharedStates {
    school: SchoolNumber,
    epoch: i64,
    sealed_through: i64,
    unreceived: Vec<(i64, i64, BatchState)>,
    refused: HashSet<i64>,
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
            refused: store::exchange::refused(tx, school, epoch)?.into_iter().map(|(seq, _)| seq).collect(),
        })
    }

    /// `not_shared`, `waiting`, `held`, `sealed`, `received` or `refused`.
    pub(crate) fn of(&self, tx: &mut Tx<'_>, response: &ResponseVersion) -> Result<&'static str, AppError> {
        let entry = store::outbox::of_response(tx, self.school, self.epoch, &response.id)?;
        let Some((seq, passed_over)) = entry else { return Ok("not_shared") };
        Ok(self.state(seq, passed_over))
    }

    fn state(&self, seq: i64, passed_over: bool) -> &'static str {
        if self.refused.contains(&seq) {
            return "refused";
        }
        if passed_over {
            return "held";
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
