//! Taking a batch: every check, one transaction, one answer. Knows nothing of HTTP.

use crate::admit::Terms;
use crate::statements as sql;
use crate::{Collector, CollectorError, admit, facts};
use database::{DatabaseError, Scope, Tx, Value};
use domain::{Instant, SchoolNumber};
use wire::{Digests, Problem, ProblemKind, Receipt, Record, Rejected, SchoolState};

/// A batch as it arrives: the parts of its address, two headers, and the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The school of the address.
    pub school: &'a str,
    /// The epoch of the address.
    pub epoch: &'a str,
    /// The first number of the address.
    pub first_seq: &'a str,
    /// The header `Content-Digest`.
    pub digest: Option<&'a str>,
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
    /// The body, exactly.
    pub bytes: &'a [u8],
}

/// What the collector answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The batch was taken, now or before.
    Receipt(Receipt),
    /// How far the collector has come with a school.
    State(SchoolState),
    /// What it holds of a term, in short.
    Digests(Digests),
    /// It could not be taken.
    Problem(Problem),
}

impl Answer {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Receipt(_) | Self::State(_) | Self::Digests(_) => 200,
            Self::Problem(problem) => problem.status,
        }
    }

    /// The value of `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Receipt(_) | Self::State(_) | Self::Digests(_) => "application/json",
            Self::Problem(_) => "application/problem+json",
        }
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        match self {
            Self::Receipt(receipt) => receipt.to_json(),
            Self::State(state) => state.to_json(),
            Self::Digests(digests) => digests.to_json(),
            Self::Problem(problem) => problem.to_json(),
        }
    }
}

/// Why a delivery ends early: a problem for the sender, or one of our own.
pub(crate) enum Stop {
    Problem(Problem),
    Collector(CollectorError),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<DatabaseError> for Stop {
    fn from(error: DatabaseError) -> Self {
        Self::Collector(error.into())
    }
}

pub(crate) fn answered(outcome: Result<Answer, Stop>) -> Result<Answer, CollectorError> {
    match outcome {
        Ok(answer) => Ok(answer),
        Err(Stop::Problem(problem)) => Ok(Answer::Problem(problem)),
        Err(Stop::Collector(error)) => Err(error),
    }
}

/// The school that an address names: there is one spelling of each, without leading zeros.
pub(crate) fn named(school: &str) -> Result<SchoolNumber, Problem> {
    let number = SchoolNumber::parse(school).ok().filter(|number| number.to_string() == school);
    number.ok_or_else(|| Problem::new(ProblemKind::NotFound, "the address names no school number"))
}

/// A batch that passed every check that needs no database.
struct Checked {
    school: SchoolNumber,
    name: String,
    epoch: u64,
    first_seq: u64,
    last_seq: u64,
    prev_digest: String,
    digest: String,
    records: usize,
    facts: facts::Rows,
    rejected: Vec<Rejected>,
    bytes: Vec<u8>,
}

impl Collector {
    /// Takes a batch: checks it, stores each fact once, and answers.
    ///
    /// # Errors
    /// When the collector's own database fails; everything the sender did wrong is an
    /// [`Answer::Problem`].
    pub fn intake(
        &self,
        delivery: &Delivery<'_>,
        admit_any: bool,
        now: Instant,
    ) -> Result<Answer, CollectorError> {
        answered(self.take(delivery, admit_any, now))
    }

    /// Says how far the collector has come with a school.
    ///
    /// # Errors
    /// When the collector's own database fails.
    pub fn state(
        &self,
        school: &str,
        authorization: Option<&str>,
        admit_any: bool,
        now: Instant,
    ) -> Result<Answer, CollectorError> {
        let terms = Terms { admit_any, now };
        answered(self.authorised(school, authorization, terms).map(|(number, known)| {
            let known = known.unwrap_or_default();
            Answer::State(SchoolState {
                school_number: number.into(),
                epoch: known.epoch,
                expected_seq: known.expected_seq,
                head_digest: known.head_digest,
            })
        }))
    }

    pub(crate) fn authorised(
        &self,
        school: &str,
        authorization: Option<&str>,
        terms: Terms,
    ) -> Result<(SchoolNumber, Option<admit::School>), Stop> {
        let number = named(school)?;
        self.database.read(Scope::Host, |tx| {
            let known = admit::school(tx, number)?;
            admit::check(tx, number, known.as_ref(), authorization, terms)?;
            Ok((number, known))
        })
    }

    fn take(&self, delivery: &Delivery<'_>, admit_any: bool, now: Instant) -> Result<Answer, Stop> {
        let (school, _) =
            self.authorised(delivery.school, delivery.authorization, Terms { admit_any, now })?;
        self.take_from(school, delivery, admit_any, now)
    }

    /// Takes a batch from a school that has proven who it is.
    pub(crate) fn take_from(
        &self,
        school: SchoolNumber,
        delivery: &Delivery<'_>,
        admit_any: bool,
        now: Instant,
    ) -> Result<Answer, Stop> {
        let checked = checked(school, delivery, now)?;
        let receipt = self
            .database
            .write(Scope::Tenant(school.number()), move |tx| store(tx, checked, admit_any, now))?;
        Ok(Answer::Receipt(receipt))
    }
}

/// Everything that can be said of a delivery without looking into the database.
fn checked(school: SchoolNumber, delivery: &Delivery<'_>, now: Instant) -> Result<Checked, Problem> {
    if delivery.bytes.len() > wire::MAX_BATCH_BYTES {
        return Err(wire::WireError::TooManyBytes(wire::MAX_BATCH_BYTES).problem());
    }
    let digest = wire::verify(delivery.bytes, delivery.digest).map_err(|error| error.problem())?;
    let batch = wire::read(delivery.bytes).map_err(|error| error.problem())?;
    let agree = batch.school_number.0 == school
        && delivery.epoch == batch.epoch.to_string()
        && delivery.first_seq == batch.first_seq.to_string();
    if !agree {
        let detail = "school, epoch and first number are the same in the address and in the batch";
        return Err(Problem::new(ProblemKind::AddressMismatch, detail));
    }
    let (good, rejected) = sorted(batch.records);
    Ok(Checked {
        school,
        name: batch.school_name.unwrap_or_default(),
        epoch: batch.epoch,
        first_seq: batch.first_seq,
        last_seq: batch.last_seq,
        prev_digest: batch.prev_digest,
        digest,
        records: good.len() + rejected.len(),
        facts: facts::Rows::of(school, batch.epoch, &good, now),
        rejected,
        bytes: delivery.bytes.to_vec(),
    })
}

/// Parts the records that can be taken from those that cannot: one bad record stops no other.
fn sorted(records: Vec<Result<Record, Box<Rejected>>>) -> (Vec<Record>, Vec<Rejected>) {
    let (mut good, mut rejected) = (Vec::with_capacity(records.len()), Vec::new());
    for (index, record) in records.into_iter().enumerate() {
        match record {
            Err(reason) => rejected.push(*reason),
            Ok(record) => match facts::check(&record, index) {
                Ok(()) => good.push(record),
                Err(problem) => {
                    rejected.push(Rejected { seq: record.seq, record_id: record.record_id, problem });
                }
            },
        }
    }
    (good, rejected)
}

fn store(tx: &mut Tx<'_>, mut taken: Checked, admit_any: bool, now: Instant) -> Result<Receipt, Stop> {
    let bytes = std::mem::take(&mut taken.bytes);
    let batch = &taken;
    if admit_any {
        admit::enter(tx, batch.school, &batch.name, now)?;
    }
    let Some(school) = admit::school(tx, batch.school)? else {
        return Err(Problem::new(ProblemKind::SchoolUnknown, "ask the Ministry to admit this school").into());
    };
    let key: [Value; 3] = key(batch);
    let held = tx.query_one(sql::BATCH_GET, &key)?;
    if let Some(mut held) = held {
        if held.take::<String>(0)? == batch.digest {
            heard(tx, batch, now)?;
            let receipt = kept_receipt(held.take(1)?, batch.school);
            return receipt.ok_or(Stop::Collector(CollectorError::Unreadable("a receipt")));
        }
        let detail = "a batch with another digest was taken here; what was sealed is resent as it was";
        let problem = Problem::new(ProblemKind::BatchConflict, detail);
        return Err(problem.expecting(expected_in(&school, batch.epoch)).in_epoch(school.epoch).into());
    }
    check_order(tx, &school, batch)?;
    let receipt = receipt_for(&school, batch);
    facts::store(tx, batch.school, batch.epoch, &batch.facts)?;
    keep_batch(tx, batch, bytes, &receipt, now)?;
    heard(tx, batch, now)?;
    if receipt.accepted_through == batch.last_seq {
        advance(tx, batch, &receipt)?;
    }
    Ok(receipt)
}

/// A receipt as it was kept. Those of the first release do not name the school yet.
pub(crate) fn kept_receipt(receipt: String, school: SchoolNumber) -> Option<Receipt> {
    let named = format!("\"schoolNumber\":\"{school}\",\"digest\":");
    let whole = if receipt.contains("\"schoolNumber\":") {
        receipt
    } else {
        receipt.replacen("\"digest\":", &named, 1)
    };
    wire::parse_receipt(whole.as_bytes()).ok()
}

fn key(batch: &Checked) -> [Value; 3] {
    let [epoch, first] = [batch.epoch, batch.first_seq].map(crate::integer);
    [batch.school.number().into(), epoch.into(), first.into()]
}

/// The number that an epoch goes on with: a new epoch begins with 1.
fn expected_in(school: &admit::School, epoch: u64) -> u64 {
    if epoch > school.epoch { 1 } else { school.expected_seq }
}

/// Checks that a new batch stands where it may: in this epoch or a later one, after everything
/// before it, and on the batch that it names.
fn check_order(tx: &mut Tx<'_>, school: &admit::School, batch: &Checked) -> Result<(), Stop> {
    let expected = expected_in(school, batch.epoch);
    let refuse = |kind, detail: String| {
        Err(Problem::new(kind, detail).expecting(expected).in_epoch(school.epoch).into())
    };
    if batch.epoch < school.epoch {
        return refuse(ProblemKind::StaleEpoch, format!("epoch {} has begun", school.epoch));
    }
    if batch.first_seq > expected {
        return refuse(ProblemKind::SequenceGap, format!("begin with number {expected}"));
    }
    let follows = if batch.first_seq == expected {
        let head = if batch.epoch > school.epoch { "" } else { &school.head_digest };
        batch.prev_digest == head
    } else {
        // An overlap: numbers were batched anew. It must still stand on a batch of this epoch.
        let named: [Value; 3] = [
            batch.school.number().into(),
            crate::integer(batch.epoch).into(),
            batch.prev_digest.as_str().into(),
        ];
        tx.query_one(sql::BATCH_BY_DIGEST, &named)?.is_some()
    };
    if follows {
        return Ok(());
    }
    refuse(ProblemKind::ChainBroken, "prevDigest does not name the batch before this one".to_owned())
}

fn receipt_for(school: &admit::School, batch: &Checked) -> Receipt {
    let through = batch.last_seq.max(expected_in(school, batch.epoch) - 1);
    let key = format!("{} {} {}", batch.epoch, batch.first_seq, batch.digest);
    Receipt {
        receipt_id: wire::record_id(batch.school, "receipt", &key),
        school_number: batch.school.into(),
        digest: batch.digest.clone(),
        accepted_through: through,
        expected_seq: through + 1,
        rejected: batch.rejected.clone(),
    }
}

fn keep_batch(
    tx: &mut Tx<'_>,
    batch: &Checked,
    bytes: Vec<u8>,
    receipt: &Receipt,
    now: Instant,
) -> Result<(), DatabaseError> {
    // A record that was refused may hold what should never have left the school: such bytes are
    // not kept. Their digest is.
    let bytes = batch.rejected.is_empty().then_some(bytes);
    let [school, epoch, first] = key(batch);
    tx.execute(
        sql::BATCH_INSERT,
        &[
            school,
            epoch,
            first,
            crate::integer(batch.last_seq).into(),
            batch.digest.as_str().into(),
            crate::integer(batch.records as u64).into(),
            crate::integer(batch.rejected.len() as u64).into(),
            now.micros().into(),
            String::from_utf8_lossy(&receipt.to_json()).into_owned().into(),
            bytes.into(),
        ],
    )?;
    Ok(())
}

/// Notes that the school was heard from, and what it calls itself when nobody named it before.
fn heard(tx: &mut Tx<'_>, batch: &Checked, now: Instant) -> Result<(), DatabaseError> {
    tx.execute(
        sql::SCHOOL_HEARD,
        &[batch.school.number().into(), now.micros().into(), batch.name.as_str().into()],
    )?;
    Ok(())
}

fn advance(tx: &mut Tx<'_>, batch: &Checked, receipt: &Receipt) -> Result<(), DatabaseError> {
    tx.execute(
        sql::SCHOOL_ADVANCE,
        &[
            batch.school.number().into(),
            crate::integer(batch.epoch).into(),
            crate::integer(receipt.expected_seq).into(),
            batch.digest.as_str().into(),
        ],
    )?;
    Ok(())
}
