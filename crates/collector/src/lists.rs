//! What a page about one school lists: days, closures, responses, batches, versions of a record.
//!
//! No list names a student. An operator who looks after a refused record sees the school's own
//! number of the student, which the school needs to find it (`quality::Refused`).

use crate::figures::{LISTED, Scope};
use crate::hearing::HOUR;
use crate::quality::{Day, date, instant};
use crate::{Collector, CollectorError, page_statements as sql};
use database::{DatabaseError, Tx, Value};
use domain::{Date, Instant, ResponseType};

/// A response, without the student it was for.
pub(crate) struct ResponseLine {
    pub(crate) kind: Option<ResponseType>,
    pub(crate) description: Option<String>,
    pub(crate) is_held: bool,
    pub(crate) level: i64,
    pub(crate) done_at: Option<Instant>,
    pub(crate) recorded_at: Option<Instant>,
    pub(crate) is_withdrawn: bool,
}

/// Which responses a list shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    All,
    Late,
    Held,
}

impl Which {
    pub(crate) const ALL: [Self; 3] = [Self::All, Self::Late, Self::Held];

    /// Its word in addresses; empty for all.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Late => "late",
            Self::Held => "held",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|which| which.text() == text).unwrap_or(Self::All)
    }
}

/// A half-day that the school closed.
pub(crate) struct ClosureLine {
    pub(crate) date: Option<Date>,
    pub(crate) half: String,
    pub(crate) reason: String,
}

/// A batch that was taken.
pub(crate) struct BatchLine {
    pub(crate) epoch: i64,
    pub(crate) first_seq: i64,
    pub(crate) last_seq: i64,
    pub(crate) records: i64,
    pub(crate) rejected: i64,
    pub(crate) received_at: Option<Instant>,
    pub(crate) digest: String,
}

/// One version of a record as it was taken.
pub(crate) struct Version {
    pub(crate) epoch: i64,
    pub(crate) version: i64,
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) op: String,
    pub(crate) body: String,
    pub(crate) recorded_at: Option<Instant>,
    pub(crate) received_at: Option<Instant>,
}

/// Who did what about a school: the time, the name where it was a person, the act.
pub(crate) type ActLine = (Option<Instant>, Option<String>, String);

pub(crate) fn days(tx: &mut Tx<'_>, number: i64, scope: &Scope) -> Result<Vec<Day>, DatabaseError> {
    let rows = tx.query(sql::LIST_DAYS, &dated(scope, number))?;
    let days = rows.into_iter().map(Day::of).collect::<Result<Vec<_>, _>>()?;
    Ok(days.into_iter().flatten().collect())
}

pub(crate) fn closures(
    tx: &mut Tx<'_>,
    number: i64,
    scope: &Scope,
) -> Result<Vec<ClosureLine>, DatabaseError> {
    let mut lines = Vec::new();
    for mut row in tx.query(sql::LIST_CLOSURES, &dated(scope, number))? {
        let (half, reason) = (row.take::<Option<String>>(1)?, row.take::<Option<String>>(2)?);
        let (half, reason) = (half.unwrap_or_default(), reason.unwrap_or_default());
        lines.push(ClosureLine { date: date(row.take(0)?), half, reason });
    }
    Ok(lines)
}

pub(crate) fn responses(
    tx: &mut Tx<'_>,
    number: i64,
    scope: &Scope,
    which: Which,
) -> Result<Vec<ResponseLine>, DatabaseError> {
    let values = [number.into(), scope.term_value(), which.text().into(), (48 * HOUR).into(), limit()];
    let mut lines = Vec::new();
    for mut row in tx.query(sql::LIST_RESPONSES, &values)? {
        let slug = row.take::<Option<String>>(0)?.unwrap_or_default();
        lines.push(ResponseLine {
            kind: ResponseType::parse(&slug).ok(),
            description: row.take(1)?,
            is_held: row.take::<Option<bool>>(2)?.unwrap_or_default(),
            level: row.take::<Option<i64>>(3)?.unwrap_or_default(),
            done_at: instant(row.take(4)?),
            recorded_at: instant(row.take(5)?),
            is_withdrawn: !row.take::<bool>(6)?,
        });
    }
    Ok(lines)
}

impl Collector {
    /// Reads something of a school in one snapshot.
    pub(crate) fn look_up<T>(
        &self,
        read: impl FnOnce(&mut Tx<'_>) -> Result<T, DatabaseError>,
    ) -> Result<T, CollectorError> {
        Ok(self.database.review(database::Scope::Host, read)?)
    }

    /// Batches of a school, the newest first, and how many there are and records refused in them.
    pub(crate) fn batches(
        &self,
        number: i64,
        page: usize,
    ) -> Result<(Vec<BatchLine>, i64, i64), CollectorError> {
        self.look_up(|tx| {
            let offset = i64::try_from(page.saturating_mul(LISTED)).unwrap_or(i64::MAX);
            let rows = tx.query(sql::LIST_BATCHES, &[number.into(), limit(), offset.into()])?;
            let mut lines = Vec::with_capacity(rows.len());
            for mut row in rows {
                lines.push(BatchLine {
                    epoch: row.take(0)?,
                    first_seq: row.take(1)?,
                    last_seq: row.take(2)?,
                    records: row.take(3)?,
                    rejected: row.take(4)?,
                    received_at: instant(row.take(5)?),
                    digest: row.take(6)?,
                });
            }
            let sum = tx.query_one(sql::BATCHES_SUM, &[number.into()])?;
            let (count, refused) =
                sum.map_or(Ok((0, 0)), |mut row| Ok::<_, DatabaseError>((row.take(0)?, row.take(1)?)))?;
            Ok((lines, count, refused))
        })
    }

    /// Versions of one record of a school, the newest first.
    pub(crate) fn history(&self, number: i64, record_id: &str) -> Result<Vec<Version>, CollectorError> {
        self.look_up(|tx| {
            let mut versions = Vec::new();
            for mut row in tx.query(sql::HISTORY, &[number.into(), record_id.into(), limit()])? {
                versions.push(Version {
                    epoch: row.take(0)?,
                    version: row.take(1)?,
                    seq: row.take(2)?,
                    kind: row.take(3)?,
                    op: row.take(4)?,
                    body: row.take(5)?,
                    recorded_at: instant(row.take(6)?),
                    received_at: instant(row.take(7)?),
                });
            }
            Ok(versions)
        })
    }

    /// The newest acts about a school.
    pub(crate) fn acts(&self, number: i64) -> Result<Vec<ActLine>, CollectorError> {
        self.look_up(|tx| {
            let mut acts = Vec::new();
            for mut row in tx.query(sql::ACTS_OF_SCHOOL, &[number.into(), 20_i64.into()])? {
                acts.push((instant(row.take(0)?), row.take(1)?, row.take(2)?));
            }
            Ok(acts)
        })
    }
}

fn dated(scope: &Scope, number: i64) -> [Value; 4] {
    let [first, last] = scope.dates();
    [number.into(), first, last, limit()]
}

fn limit() -> Value {
    i64::try_from(LISTED).unwrap_or(i64::MAX).into()
}
