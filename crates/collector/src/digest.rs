//! What the collector holds of a term, in short: so that a school can compare every day.

use crate::admit::Terms;
use crate::guard::Fields;
use crate::intake::{Stop, answered};
use crate::statements as sql;
use crate::{Answer, Collector, CollectorError, admit};
use database::{Row, Scope, Tx};
use domain::{Date, Instant, SchoolNumber, TermId};
use std::collections::BTreeMap;
use wire::{DaySum, DigestQuestion, Digests, FactHash, FactSum, Op, Problem, ProblemKind, Sum};

impl Collector {
    /// Says what the collector holds of a term, in short. The question is that of the address:
    /// `term`, `firstDay` and `lastDay`.
    ///
    /// # Errors
    /// When the collector's own database fails.
    pub fn digests(
        &self,
        school: &str,
        query: &str,
        authorization: Option<&str>,
        admit_any: bool,
        now: Instant,
    ) -> Result<Answer, CollectorError> {
        answered(self.digests_of(school, query, authorization, Terms { admit_any, now }))
    }

    fn digests_of(
        &self,
        school: &str,
        query: &str,
        authorization: Option<&str>,
        terms: Terms,
    ) -> Result<Answer, Stop> {
        let (number, _) = self.authorised(school, authorization, terms)?;
        let question = question(number, query)?;
        // School and facts in one transaction: how far, and what of it holds, belong together.
        self.database.read(Scope::Tenant(number.number()), move |tx| {
            let known = admit::school(tx, number)?.unwrap_or_default();
            let (days, term) = sums(tx, &question).map_err(Stop::Collector)?;
            Ok(Answer::Digests(Digests {
                school_number: number.into(),
                epoch: known.epoch,
                accepted_through: known.expected_seq - 1,
                days,
                term,
            }))
        })
    }
}

/// The longest term that digests are given of, in days.
const LONGEST_TERM: i32 = 200;

/// Reads what was asked of a term.
fn question(school: SchoolNumber, query: &str) -> Result<DigestQuestion, Problem> {
    let fields = Fields::parse(query);
    let date = |name| {
        let text = fields.exactly(name).filter(|text| text.len() == 10)?;
        text.parse::<Date>().ok().filter(|date| date.to_string() == text)
    };
    let term = || {
        let text = fields.exactly("term")?;
        TermId::parse(text).ok().filter(|term| term.to_string() == text)
    };
    let detail = "ask with term=2026-T2&firstDay=2026-04-20&lastDay=2026-07-03, at most 200 days";
    let unreadable = || Problem::new(ProblemKind::RequestMalformed, detail);
    let (Some(term), Some(first_day), Some(last_day)) = (term(), date("firstDay"), date("lastDay")) else {
        return Err(unreadable());
    };
    let days = first_day.until(last_day).map_or(-1, |span| span.get_days());
    if !(0..LONGEST_TERM).contains(&days) {
        return Err(unreadable());
    }
    Ok(DigestQuestion { school, term, first_day, last_day })
}

/// What the collector holds of a term, in short.
fn sums(tx: &mut Tx<'_>, question: &DigestQuestion) -> Result<(Vec<DaySum>, Sum), CollectorError> {
    let school = question.school.number();
    let (first, last) = (question.first_day.to_string(), question.last_day.to_string());
    let mut days: BTreeMap<String, FactSum> = BTreeMap::new();
    for mut row in tx.query(sql::DIGEST_DATES, &[school.into(), first.into(), last.into()])? {
        let date: String = row.take(0)?;
        if let Some(hash) = hash_in(&mut row, 1)? {
            days.entry(date).or_default().add(hash);
        }
    }
    let mut term = FactSum::default();
    for mut row in tx.query(sql::DIGEST_TERM, &[school.into(), question.term.to_string().into()])? {
        if let Some(hash) = hash_in(&mut row, 0)? {
            term.add(hash);
        }
    }
    let day = |(date, sum): (String, FactSum)| {
        let date: Date = date.parse().map_err(|_| CollectorError::Unreadable("a date"))?;
        Ok(DaySum { date: date.into(), sum: sum.to_sum() })
    };
    Ok((days.into_iter().map(day).collect::<Result<_, CollectorError>>()?, term.to_sum()))
}

/// The hash in a row from the column `at` on: as it was kept, or made from the version that the row
/// brings along. None when the fact does not hold.
fn hash_in(row: &mut Row, at: usize) -> Result<Option<FactHash>, CollectorError> {
    if let Some(kept) = row.take::<Option<Vec<u8>>>(at)? {
        return Ok(kept.try_into().ok().map(FactHash));
    }
    let (id, op): (String, Option<String>) = (row.take(at + 1)?, row.take(at + 2)?);
    let body: Option<String> = row.take(at + 3)?;
    let unreadable = || CollectorError::Unreadable("a version of a fact");
    let body = body.ok_or_else(unreadable)?;
    if op.as_deref() == Some(Op::Withdraw.text()) {
        return Ok(None);
    }
    FactHash::of_text(&id, &body).map(Some).ok_or_else(unreadable)
}
