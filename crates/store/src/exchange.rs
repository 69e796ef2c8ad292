//! Sealed batches and what was answered to them: the log of everything that left.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Instant, SchoolNumber, TermId};

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// Its bytes are fixed; it waits for an answer.
    Sealed,
    /// The Ministry has it and sent a receipt.
    Received,
    /// The Ministry refused it; a person must look.
    Refused,
}

impl BatchState {
    const ALL: [Self; 3] = [Self::Sealed, Self::Received, Self::Refused];

    /// `sealed`, `received`, `refused`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Received => "received",
            Self::Refused => "refused",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }
}

/// A sealed batch, without its bytes.
#[derive(Debug, Clone)]
pub struct BatchRow {
    /// Its epoch.
    pub epoch: i64,
    /// Its first number.
    pub first_seq: i64,
    /// Its last number.
    pub last_seq: i64,
    /// When it was sealed.
    pub sealed_at: Instant,
    /// The digest of its bytes.
    pub digest: String,
    /// How far it has come.
    pub state: BatchState,
    /// How often it was sent.
    pub attempts: i64,
    /// Not to be sent again before.
    pub next_attempt_at: Instant,
    /// When the latest answer came.
    pub answered_at: Option<Instant>,
    /// What went wrong the last time, in words.
    pub problem: Option<String>,
}

/// What came of sending a batch.
#[derive(Debug, Clone)]
pub struct Answered<'a> {
    /// Where it stands now.
    pub state: BatchState,
    /// When.
    pub at: Instant,
    /// What went wrong.
    pub problem: Option<&'a str>,
    /// The receipt, as it came.
    pub receipt: Option<&'a str>,
    /// Not to be sent again before.
    pub next_attempt_at: Instant,
}

/// A batch as it is sealed.
#[derive(Debug, Clone, Copy)]
pub struct SealedBatch<'a> {
    /// Its epoch.
    pub epoch: i64,
    /// Its first and its last number.
    pub range: (i64, i64),
    /// When it is sealed.
    pub at: Instant,
    /// The digest of its bytes.
    pub digest: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl SealedBatch<'_> {
    fn values(&self, school: SchoolNumber) -> [Value; 7] {
        [
            school.number().into(),
            self.epoch.into(),
            self.range.0.into(),
            self.range.1.into(),
            self.at.micros().into(),
            self.digest.into(),
            self.bytes.to_vec().into(),
        ]
    }
}

/// Keeps a batch's bytes, which never change again.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, sealed: &SealedBatch<'_>) -> Result<(), StoreError> {
    tx.execute(sql::BATCH_INSERT, &sealed.values(school))?;
    Ok(())
}

/// The latest batch of an epoch.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn last(tx: &mut Tx<'_>, school: SchoolNumber, epoch: i64) -> Result<Option<BatchRow>, StoreError> {
    tx.query_one(sql::BATCH_LAST, &[school.number().into(), epoch.into()])?.map(read).transpose()
}

/// The batches of an epoch that the Ministry has not acknowledged, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn waiting(tx: &mut Tx<'_>, school: SchoolNumber, epoch: i64) -> Result<Vec<BatchRow>, StoreError> {
    tx.query(sql::BATCH_WAITING, &[school.number().into(), epoch.into()])?.into_iter().map(read).collect()
}

/// The latest batches, newest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn latest(tx: &mut Tx<'_>, school: SchoolNumber, limit: i64) -> Result<Vec<BatchRow>, StoreError> {
    tx.query(sql::BATCH_LATEST, &[school.number().into(), limit.into()])?.into_iter().map(read).collect()
}

/// When the Ministry last acknowledged a batch.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn received_at(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<Instant>, StoreError> {
    let row = tx.query_one(sql::BATCH_RECEIVED_AT, &[school.number().into()])?;
    row.map_or(Ok(None), |row| Reader::new("batch", row).optional_instant())
}

/// One batch.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    first_seq: i64,
) -> Result<Option<BatchRow>, StoreError> {
    let values = [school.number().into(), epoch.into(), first_seq.into()];
    tx.query_one(sql::BATCH_GET, &values)?.map(read).transpose()
}

/// The batch that covers a number, if one was sealed.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn holding(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    seq: i64,
) -> Result<Option<BatchRow>, StoreError> {
    let values = [school.number().into(), epoch.into(), seq.into()];
    tx.query_one(sql::BATCH_HOLDING, &values)?.map(read).transpose()
}

/// The bytes of a batch, exactly as sealed.
///
/// # Errors
/// When the database refuses or there is no such batch.
pub fn bytes(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    first_seq: i64,
) -> Result<Vec<u8>, StoreError> {
    let values = [school.number().into(), epoch.into(), first_seq.into()];
    let row = tx.query_one(sql::BATCH_BYTES, &values)?;
    let mut row = row.ok_or(StoreError::Unreadable { table: "batch", what: "a batch" })?;
    Ok(row.take(0)?)
}

/// Notes what came of sending a batch.
///
/// # Errors
/// When the database refuses.
pub fn answered(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    first_seq: i64,
    answer: &Answered<'_>,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        epoch.into(),
        first_seq.into(),
        answer.state.text().into(),
        answer.at.micros().into(),
        answer.problem.into(),
        answer.receipt.into(),
        answer.next_attempt_at.micros().into(),
    ];
    tx.execute(sql::BATCH_ANSWERED, &values)?;
    Ok(())
}

/// Notes a record that the Ministry refused while it took the rest.
///
/// # Errors
/// When the database refuses.
pub fn insert_refused(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    seq: i64,
    problem: &str,
) -> Result<(), StoreError> {
    tx.execute(sql::REFUSED_INSERT, &[school.number().into(), epoch.into(), seq.into(), problem.into()])?;
    Ok(())
}

/// A record that was left out or refused while its batch was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its epoch.
    pub epoch: i64,
    /// Its number.
    pub seq: i64,
    /// What is wrong with it.
    pub problem: String,
}

/// The refused records, in the order of epochs and numbers.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn refused(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<RefusedRow>, StoreError> {
    let rows = tx.query(sql::REFUSED_ALL, &[school.number().into()])?;
    let read = |mut row: database::Row| {
        Ok(RefusedRow { epoch: row.take(0)?, seq: row.take(1)?, problem: row.take(2)? })
    };
    rows.into_iter().map(read).collect()
}

/// Whether the Ministry ever had a batch, also if it has lost it since.
///
/// # Errors
/// When the database refuses.
pub fn was_received(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    first_seq: i64,
) -> Result<bool, StoreError> {
    let values = [school.number().into(), epoch.into(), first_seq.into()];
    Ok(tx.query_one(sql::BATCH_WAS_RECEIVED, &values)?.is_some())
}

/// Puts other bytes in the place of a batch that the Ministry refused as a whole and never took.
///
/// # Errors
/// When the database refuses.
pub fn reseal(tx: &mut Tx<'_>, school: SchoolNumber, sealed: &SealedBatch<'_>) -> Result<(), StoreError> {
    tx.execute(sql::BATCH_RESEAL, &sealed.values(school))?;
    Ok(())
}

/// Forgets the batches of an epoch that stood after another and were never taken: their numbers are
/// sealed anew.
///
/// # Errors
/// When the database refuses.
pub fn forget_after(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    epoch: i64,
    first_seq: i64,
) -> Result<(), StoreError> {
    tx.execute(sql::BATCH_FORGET, &[school.number().into(), epoch.into(), first_seq.into()])?;
    Ok(())
}

/// A comparison of a term with what the Ministry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// When.
    pub at: Instant,
    /// Which term.
    pub term: TermId,
    /// How many sums were compared: one a date, and one for what has no date.
    pub compared: i64,
    /// How many of them differed.
    pub differing: i64,
    /// How many entries were queued again because of it.
    pub queued: i64,
}

/// Keeps a comparison.
///
/// # Errors
/// When the database refuses.
pub fn insert_reconciliation(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    found: &Reconciliation,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        found.at.micros().into(),
        found.term.to_string().into(),
        found.compared.into(),
        found.differing.into(),
        found.queued.into(),
    ];
    tx.execute(sql::RECONCILIATION_INSERT, &values)?;
    Ok(())
}

/// The latest comparisons, newest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn reconciliations(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    limit: i64,
) -> Result<Vec<Reconciliation>, StoreError> {
    let rows = tx.query(sql::RECONCILIATION_LATEST, &[school.number().into(), limit.into()])?;
    rows.into_iter().map(read_reconciliation).collect()
}

/// The latest comparison of a term by a moment: one that a wrong clock dated later is none.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn reconciliation_of(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    by: Instant,
) -> Result<Option<Reconciliation>, StoreError> {
    let values = [school.number().into(), term.to_string().into(), by.micros().into()];
    tx.query_one(sql::RECONCILIATION_OF_TERM, &values)?.map(read_reconciliation).transpose()
}

fn read_reconciliation(row: database::Row) -> Result<Reconciliation, StoreError> {
    let mut row = Reader::new("reconciliation", row);
    Ok(Reconciliation {
        at: row.instant()?,
        term: row.named("a term", |text| TermId::parse(text).ok())?,
        compared: row.next()?,
        differing: row.next()?,
        queued: row.next()?,
    })
}

fn read(row: database::Row) -> Result<BatchRow, StoreError> {
    let mut row = Reader::new("batch", row);
    Ok(BatchRow {
        epoch: row.next()?,
        first_seq: row.next()?,
        last_seq: row.next()?,
        sealed_at: row.instant()?,
        digest: row.next()?,
        state: row.named("a state", BatchState::parse)?,
        attempts: row.next()?,
        next_attempt_at: row.instant()?,
        answered_at: row.optional_instant()?,
        problem: row.next()?,
    })
}
