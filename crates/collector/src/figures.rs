//! What the Ministry's pages count, read from the latest version of each fact.
//!
//! No student is named here: a figure is a count, a date, a level, a type, or a school.

use crate::hearing::{HOUR, Hearing, hearing};
use crate::statements as sql;
use crate::{Collector, CollectorError};
use database::{DatabaseError, Row, Tx, Value};
use domain::{Date, Instant, ResponseType, SchoolNumber, TermId, Threshold, Zone};
use std::collections::BTreeMap;

/// Rows of a list on a school's page; older ones are in the export.
pub(crate) const LISTED: usize = 200;

/// Which term a page shows, and which others it could.
pub(crate) struct Scope {
    pub(crate) term: Option<TermId>,
    pub(crate) terms: Vec<TermId>,
    first: String,
    last: String,
}

/// How soon responses were recorded after they were done.
#[derive(Default)]
pub(crate) struct Delay {
    pub(crate) responses: i64,
    pub(crate) within_48_hours: i64,
    pub(crate) median_micros: Option<i64>,
}

impl Delay {
    fn of(mut micros: Vec<i64>) -> Self {
        micros.sort_unstable();
        let within = micros.partition_point(|&micros| micros <= 48 * HOUR);
        let median = micros.len().checked_sub(1).and_then(|last| {
            let (low, high) = (*micros.get(last / 2)?, *micros.get(last.div_ceil(2))?);
            Some(low + (high - low) / 2)
        });
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Self { responses: count(micros.len()), within_48_hours: count(within), median_micros: median }
    }

    /// Recorded within 48 hours, in whole per cent, rounded down: 100 means all.
    pub(crate) fn percent(&self) -> Option<i64> {
        (self.responses > 0).then(|| self.within_48_hours * 100 / self.responses)
    }
}

/// One school among all.
pub(crate) struct SchoolLine {
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) last_heard_at: Option<Instant>,
    pub(crate) hearing: Hearing,
    pub(crate) days: i64,
    pub(crate) last_day: Option<Date>,
    pub(crate) crossings: i64,
    pub(crate) delay: Delay,
}

/// Counts at the three levels, lowest first.
pub(crate) type Levels = [i64; 3];

/// Responses of one type at each level.
pub(crate) type TypeCounts = (ResponseType, Levels);

/// What the page of all schools shows.
pub(crate) struct Overview {
    pub(crate) scope: Scope,
    pub(crate) schools: Vec<SchoolLine>,
    pub(crate) reached: Levels,
    pub(crate) withdrawn: Levels,
    pub(crate) types: Vec<TypeCounts>,
    pub(crate) delay: Delay,
}

/// A school day as the school reported it.
pub(crate) struct DayLine {
    pub(crate) date: Option<Date>,
    pub(crate) am_open: bool,
    pub(crate) pm_open: bool,
    pub(crate) enrolled: i64,
    pub(crate) marked: i64,
    pub(crate) received_at: Option<Instant>,
}

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

/// A half-day that the school closed.
pub(crate) struct ClosureLine {
    pub(crate) date: Option<Date>,
    pub(crate) half: String,
    pub(crate) reason: String,
}

/// What the page of one school shows.
pub(crate) struct SchoolFigures {
    pub(crate) scope: Scope,
    pub(crate) line: SchoolLine,
    pub(crate) epoch: i64,
    pub(crate) expected_seq: i64,
    pub(crate) batches: i64,
    pub(crate) rejected: i64,
    pub(crate) reached: Levels,
    pub(crate) withdrawn: Levels,
    pub(crate) types: Vec<TypeCounts>,
    pub(crate) days: Vec<DayLine>,
    pub(crate) responses: Vec<ResponseLine>,
    pub(crate) closures: Vec<ClosureLine>,
}

impl Collector {
    /// Reads the page of all schools, in one snapshot.
    pub(crate) fn overview(&self, term: Option<TermId>, now: Instant) -> Result<Overview, CollectorError> {
        Ok(self.database.review(database::Scope::Host, |tx| {
            let scope = scope(tx, term, now)?;
            let schools = school_lines(tx, &scope, now)?;
            let (reached, withdrawn) = crossing_levels(tx, &scope, None)?;
            let types = types(tx, &scope, None)?;
            let delay = Delay::of(delays(tx, &scope)?.into_values().flatten().collect());
            Ok::<_, DatabaseError>(Overview { scope, schools, reached, withdrawn, types, delay })
        })?)
    }

    /// Reads the page of one school; `None` when it is not known.
    pub(crate) fn school_figures(
        &self,
        number: SchoolNumber,
        term: Option<TermId>,
        now: Instant,
    ) -> Result<Option<SchoolFigures>, CollectorError> {
        Ok(self.database.review(database::Scope::Host, |tx| {
            let scope = scope(tx, term, now)?;
            let number = number.number();
            let line = school_lines(tx, &scope, now)?.into_iter().find(|line| line.number == number);
            let Some(line) = line else { return Ok(None) };
            let (epoch, expected_seq) = position(tx, number)?;
            let (batches, rejected) = batches(tx, number)?;
            let (reached, withdrawn) = crossing_levels(tx, &scope, Some(number))?;
            Ok::<_, DatabaseError>(Some(SchoolFigures {
                line,
                epoch,
                expected_seq,
                batches,
                rejected,
                reached,
                withdrawn,
                types: types(tx, &scope, Some(number))?,
                days: days(tx, &scope, number)?,
                responses: responses(tx, &scope, number)?,
                closures: closures(tx, &scope, number)?,
                scope,
            }))
        })?)
    }
}

/// The term asked for; else the one of today; else the last that any school spoke of.
fn scope(tx: &mut Tx<'_>, asked: Option<TermId>, now: Instant) -> Result<Scope, DatabaseError> {
    let today = Zone::Auckland.date(now);
    let national = reference::national_terms();
    let current = national.iter().find(|term| term.earliest_first_day <= today && today <= term.last_day);
    let mut terms = Vec::new();
    for mut row in tx.query(sql::TERMS, &[])? {
        terms.extend(TermId::parse(&row.take::<String>(0)?).ok());
    }
    let past = national.iter().rev().find(|term| term.last_day < today);
    let term =
        asked.or(current.map(|term| term.id)).or_else(|| terms.first().copied()).or(past.map(|term| term.id));
    if let Some(term) = term.filter(|term| !terms.contains(term)) {
        terms.push(term);
        terms.sort_unstable_by(|left, right| right.cmp(left));
    }
    let window = national.iter().find(|national| Some(national.id) == term);
    let year = term.map_or_else(|| today.year(), TermId::year);
    // A term that is not confirmed yet has no dates: its whole year stands in for them.
    let (first, last) = window.map_or_else(
        || (format!("{year}-01-01"), format!("{year}-12-31")),
        |window| (window.earliest_first_day.to_string(), window.last_day.to_string()),
    );
    Ok(Scope { term, terms, first, last })
}

impl Scope {
    fn term_value(&self) -> Value {
        self.term.map(|term| term.to_string()).unwrap_or_default().into()
    }

    fn dates(&self) -> [Value; 2] {
        [self.first.as_str().into(), self.last.as_str().into()]
    }
}

fn school_lines(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<Vec<SchoolLine>, DatabaseError> {
    let mut days: BTreeMap<i64, (i64, Option<Date>)> = BTreeMap::new();
    for mut row in tx.query(sql::SCHOOLS_DAYS, &scope.dates())? {
        days.insert(row.take(0)?, (row.take(1)?, date(row.take(2)?)));
    }
    let mut crossings: BTreeMap<i64, i64> = BTreeMap::new();
    for mut row in tx.query(sql::SCHOOLS_CROSSINGS, &[scope.term_value()])? {
        crossings.insert(row.take(0)?, row.take(1)?);
    }
    let mut delays = delays(tx, scope)?;
    let mut lines = Vec::new();
    for mut row in tx.query(sql::SCHOOLS, &[])? {
        let (number, name): (i64, String) = (row.take(0)?, row.take(1)?);
        let last_heard_at = instant(row.take(2)?);
        let (received, last_day) = days.get(&number).copied().unwrap_or_default();
        lines.push(SchoolLine {
            number,
            name,
            hearing: hearing(last_heard_at, now),
            last_heard_at,
            days: received,
            last_day,
            crossings: crossings.get(&number).copied().unwrap_or_default(),
            delay: Delay::of(delays.remove(&number).unwrap_or_default()),
        });
    }
    Ok(lines)
}

/// Microseconds from done to recorded of each response that stands, by school.
fn delays(tx: &mut Tx<'_>, scope: &Scope) -> Result<BTreeMap<i64, Vec<i64>>, DatabaseError> {
    let mut delays: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    tx.query_each(sql::SCHOOLS_DELAYS, &[scope.term_value()], |mut row| {
        delays.entry(row.take(0)?).or_default().push(row.take(1)?);
        Ok(())
    })?;
    Ok(delays)
}

/// Crossings that stand and those withdrawn, by level; of one school or of all.
fn crossing_levels(
    tx: &mut Tx<'_>,
    scope: &Scope,
    school: Option<i64>,
) -> Result<(Levels, Levels), DatabaseError> {
    let (mut reached, mut withdrawn) = ([0; 3], [0; 3]);
    for mut row in tx.query(sql::LEVELS, &[school.unwrap_or(0).into(), scope.term_value()])? {
        let levels = if row.take::<bool>(0)? { &mut reached } else { &mut withdrawn };
        add_level(levels, &mut row)?;
    }
    Ok((reached, withdrawn))
}

/// Adds a row's count (column 2) at its level (column 1).
fn add_level(levels: &mut Levels, row: &mut Row) -> Result<(), DatabaseError> {
    let days = row.take::<i64>(1)?;
    if let Some(place) = Threshold::MINISTRY.iter().position(|threshold| threshold.days() == days) {
        levels[place] += row.take::<i64>(2)?;
    }
    Ok(())
}

/// Responses that stand by type and level, every type in the guidance's order; of one school or
/// of all.
fn types(tx: &mut Tx<'_>, scope: &Scope, school: Option<i64>) -> Result<Vec<TypeCounts>, DatabaseError> {
    let mut types = ResponseType::ALL.map(|kind| (kind, [0; 3]));
    for mut row in tx.query(sql::TYPES, &[school.unwrap_or(0).into(), scope.term_value()])? {
        let slug = row.take::<String>(0)?;
        if let Some((_, levels)) = types.iter_mut().find(|(kind, _)| kind.slug() == slug) {
            add_level(levels, &mut row)?;
        }
    }
    Ok(types.into())
}

fn position(tx: &mut Tx<'_>, number: i64) -> Result<(i64, i64), DatabaseError> {
    let row = tx.query_one(sql::SCHOOL_POSITION, &[number.into()])?;
    row.map_or(Ok((0, 1)), |mut row| Ok((row.take(0)?, row.take(1)?)))
}

fn batches(tx: &mut Tx<'_>, number: i64) -> Result<(i64, i64), DatabaseError> {
    let row = tx.query_one(sql::SCHOOL_BATCHES, &[number.into()])?;
    row.map_or(Ok((0, 0)), |mut row| Ok((row.take(0)?, row.take(1)?)))
}

fn days(tx: &mut Tx<'_>, scope: &Scope, number: i64) -> Result<Vec<DayLine>, DatabaseError> {
    let mut lines = Vec::new();
    for mut row in tx.query(sql::SCHOOL_DAYS, &dated(scope, number))? {
        lines.push(DayLine {
            date: date(row.take(0)?),
            am_open: row.take::<String>(1)? == "open",
            pm_open: row.take::<String>(2)? == "open",
            enrolled: row.take(3)?,
            marked: row.take(4)?,
            received_at: instant(row.take(5)?),
        });
    }
    Ok(lines)
}

fn closures(tx: &mut Tx<'_>, scope: &Scope, number: i64) -> Result<Vec<ClosureLine>, DatabaseError> {
    let mut lines = Vec::new();
    for mut row in tx.query(sql::SCHOOL_CLOSURES, &dated(scope, number))? {
        lines.push(ClosureLine { date: date(row.take(0)?), half: row.take(1)?, reason: row.take(2)? });
    }
    Ok(lines)
}

fn responses(tx: &mut Tx<'_>, scope: &Scope, number: i64) -> Result<Vec<ResponseLine>, DatabaseError> {
    let mut lines = Vec::new();
    for mut row in tx.query(sql::SCHOOL_RESPONSES, &[number.into(), scope.term_value(), limit()])? {
        lines.push(ResponseLine {
            kind: ResponseType::parse(&row.take::<String>(0)?).ok(),
            description: row.take(1)?,
            is_held: row.take(2)?,
            level: row.take(3)?,
            done_at: instant(row.take(4)?),
            recorded_at: instant(row.take(5)?),
            is_withdrawn: !row.take::<bool>(6)?,
        });
    }
    Ok(lines)
}

fn dated(scope: &Scope, number: i64) -> [Value; 4] {
    let [first, last] = scope.dates();
    [number.into(), first, last, limit()]
}

fn limit() -> Value {
    i64::try_from(LISTED).unwrap_or(i64::MAX).into()
}

fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|text| text.parse().ok())
}

fn instant(micros: Option<i64>) -> Option<Instant> {
    micros.and_then(Instant::from_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_delay_and_the_share_within_48_hours() {
        let delay = Delay::of(vec![48 * HOUR, HOUR, 48 * HOUR + 1, 3 * HOUR]);
        assert_eq!((delay.within_48_hours, delay.percent()), (3, Some(75)));
        assert_eq!(delay.median_micros, Some((3 * HOUR + 48 * HOUR) / 2));
        let none = Delay::of(Vec::new());
        assert_eq!((none.median_micros, none.percent()), (None, None));
        assert_eq!(Delay::of(vec![HOUR]).median_micros, Some(HOUR));
    }
}
