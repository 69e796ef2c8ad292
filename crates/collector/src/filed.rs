//! Batches that came as a file: each line is proven by its signature, and answered by a signed line.

use crate::intake::{Stop, answered};
use crate::{Answer, Collector, CollectorError, Delivery, register};
use database::Scope;
use domain::{Instant, SchoolNumber};
use keys::Signed;
use wire::{FiledAnswer, Problem, ProblemKind};

/// What came of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The answer, signed; none where nobody can be answered.
    pub answer: Option<String>,
    /// What became of it, in words for the operator.
    pub said: String,
    /// Whether the batch was taken, now or before.
    pub is_taken: bool,
}

impl Collector {
    /// Takes one line of a signed file, as a delivery.
    ///
    /// # Errors
    /// When the collector's own database fails, or it has no key to sign its answer with.
    pub fn take_line(&self, line: &str, now: Instant) -> Result<Filed, CollectorError> {
        let nobody = |said: String| Ok(Filed { answer: None, said, is_taken: false });
        let signed = match Signed::parse(line.trim()) {
            Ok(signed) => signed,
            Err(error) => return nobody(format!("no signed batch: {error}")),
        };
        if signed.typ() != Some(wire::BATCH_TYP) {
            return nobody("signed, and no batch".to_owned());
        }
        let Ok(batch) = wire::read(signed.unproven()) else {
            return nobody("a signed batch that cannot be read".to_owned());
        };
        let (school, epoch, first_seq) = (batch.school_number.0, batch.epoch, batch.first_seq);
        let digest = wire::digest(signed.unproven());
        let answer = answered(self.take_signed(school, &signed, (epoch, first_seq), now))?;
        let body = answer.to_json();
        let filed = FiledAnswer::new(school, (epoch, first_seq), digest, answer.status(), &body);
        let pair = self.key_pair()?.ok_or(CollectorError::NoKey)?;
        let said = match &answer {
            Answer::Problem(problem) => {
                format!("school {school}, epoch {epoch}, from {first_seq}: {}", problem.title)
            }
            Answer::Receipt(receipt) => format!(
                "school {school}, epoch {epoch}, from {first_seq}: taken through {}, {} records rejected",
                receipt.accepted_through,
                receipt.rejected.len()
            ),
            _ => String::new(),
        };
        let is_taken = answer.status() == 200;
        Ok(Filed { answer: Some(pair.sign(wire::ANSWER_TYP, &filed.to_json())), said, is_taken })
    }

    fn take_signed(
        &self,
        school: SchoolNumber,
        signed: &Signed<'_>,
        (epoch, first_seq): (u64, u64),
        now: Instant,
    ) -> Result<Answer, Stop> {
        let kid = signed.kid().unwrap_or_default().to_owned();
        let key = self.database.read(Scope::Host, |tx| register::standing(tx, school, &kid))?;
        let refuse = |detail| Problem::new(ProblemKind::Unauthorised, detail);
        let key = key.ok_or_else(|| refuse("this key is not registered for this school, or has ended"))?;
        let bytes = signed.payload(&key).map_err(|_| refuse("the signature is not that of its key"))?;
        let digest = wire::digest(bytes);
        let delivery = Delivery {
            school: &school.to_string(),
            epoch: &epoch.to_string(),
            first_seq: &first_seq.to_string(),
            digest: Some(&digest),
            authorization: None,
            bytes,
        };
        self.take_from(school, &delivery, false, now)
    }
}
