//! What holds at each school, handed over a row at a time: the facts behind files for analysts.
//!
//! Stands after `facts`, beside `export`: the same facts that the CSV exports hold, with the days,
//! as values and not as text. A school is read in one snapshot of its own, so that its crossings
//! and responses agree; a nation's rows are never held at once. Writing them is left to `lake`.
//!
//! A crossing and a response name their term. An attendance value, a closure and a day do not:
//! theirs is the national term that holds their date, and none between terms.

use crate::statements as sql;
use crate::{Collector, CollectorError};
use database::{DatabaseError, FromValue, Row, Scope, Tx, Value};
use domain::{Date, Instant, ResponseType, SchoolNumber, TermId};

/// Which facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Half-days with a value.
    Attendance,
    /// Half-days that schools closed.
    Closures,
    /// Thresholds that were reached, and those withdrawn.
    Crossings,
    /// What schools did, and what they took back.
    Responses,
    /// School days that were recorded.
    Days,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// A date at the school.
    Date,
    /// A moment, in microseconds.
    Moment,
    /// A count that 32 bits hold.
    Count,
    /// A number of the exchange, which may need 64 bits.
    Number,
    /// Yes or no.
    Flag,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name; it stays once it was published.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether a row may hold nothing there.
    pub may_be_empty: bool,
}

const fn full(name: &'static str, holds: Holds) -> Column {
    Column { name, holds, may_be_empty: false }
}

const fn partly(name: &'static str, holds: Holds) -> Column {
    Column { name, holds, may_be_empty: true }
}

/// The one column that is left out unless it is asked for.
const NSN: Column = partly("nsn", Holds::Text);

const ATTENDANCE: &[Column] = &[
    full("student_id", Holds::Text),
    NSN,
    full("date", Holds::Date),
    full("half", Holds::Text),
    partly("code", Holds::Text),
    partly("class", Holds::Text),
    full("recorded_at", Holds::Moment),
    full("record_version", Holds::Number),
];

const CLOSURES: &[Column] = &[
    full("date", Holds::Date),
    full("half", Holds::Text),
    full("reason", Holds::Text),
    full("recorded_at", Holds::Moment),
    full("record_version", Holds::Number),
];

const CROSSINGS: &[Column] = &[
    full("student_id", Holds::Text),
    NSN,
    full("threshold_days", Holds::Count),
    full("state", Holds::Text),
    full("reached_on", Holds::Date),
    full("half", Holds::Text),
    full("absent_half_days", Holds::Count),
    partly("cause", Holds::Text),
    full("recorded_at", Holds::Moment),
    full("record_version", Holds::Number),
];

const RESPONSES: &[Column] = &[
    full("response_id", Holds::Text),
    full("student_id", Holds::Text),
    NSN,
    full("threshold_days", Holds::Count),
    full("type", Holds::Text),
    partly("description", Holds::Text),
    full("description_held", Holds::Flag),
    full("done_at", Holds::Moment),
    full("recorded_at", Holds::Moment),
    full("state", Holds::Text),
    full("version", Holds::Count),
];

const DAYS: &[Column] = &[
    full("date", Holds::Date),
    full("am", Holds::Text),
    full("pm", Holds::Text),
    full("enrolled", Holds::Count),
    full("marked", Holds::Count),
    full("recorded_at", Holds::Moment),
    full("received_at", Holds::Moment),
    full("record_version", Holds::Number),
];

impl Table {
    /// All five, in the order in which a school's facts are handed over.
    pub const ALL: [Self; 5] =
        [Self::Attendance, Self::Closures, Self::Crossings, Self::Responses, Self::Days];

    /// Its name.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::Closures => "closures",
            Self::Crossings => "crossings",
            Self::Responses => "responses",
            Self::Days => "days",
        }
    }

    /// Its columns in order, without the National Student Number unless that is wanted. School and
    /// term are no columns: a partition is of one of each.
    pub fn columns(self, with_nsn: bool) -> impl Iterator<Item = &'static Column> {
        self.all_columns().iter().filter(move |column| with_nsn || **column != NSN)
    }

    fn all_columns(self) -> &'static [Column] {
        match self {
            Self::Attendance => ATTENDANCE,
            Self::Closures => CLOSURES,
            Self::Crossings => CROSSINGS,
            Self::Responses => RESPONSES,
            Self::Days => DAYS,
        }
    }
}

/// What stands in a column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A date.
    Date(Date),
    /// A moment.
    Moment(Instant),
    /// A count.
    Count(i32),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

/// One school's rows of one table and term. What follows the exchange knows how far the school had
/// come when they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// Which facts.
    pub table: Table,
    /// Whose.
    pub school: SchoolNumber,
    /// Of which term; of none where a date is in no national term.
    pub term: Option<TermId>,
    /// The school's epoch.
    pub epoch: u64,
    /// The last of its numbers that was taken.
    pub accepted_through: u64,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted<'a> {
    /// These terms alone; every row where it is left out.
    pub terms: Option<&'a [TermId]>,
    /// Whether the National Student Numbers are read.
    pub with_nsn: bool,
}

/// The first and last day of a stretch that belongs to one term, or to none.
struct Stretch {
    term: Option<TermId>,
    first: String,
    last: String,
}

/// What is handed each row. All rows of a partition come one after another.
pub type Take<'a, E> = &'a mut dyn FnMut(&Partition, Vec<Cell>) -> Result<(), E>;

impl Collector {
    /// Every school that is known, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn school_numbers(&self) -> Result<Vec<SchoolNumber>, CollectorError> {
        let rows = self.database.review(Scope::Host, |tx| tx.query(sql::SCHOOLS, &[]))?;
        let number = |mut row: Row| {
            SchoolNumber::parse(&row.take::<i64>(0)?.to_string())
                .map_err(|_| CollectorError::Unreadable("a school's number"))
        };
        rows.into_iter().map(number).collect()
    }

    /// Hands over what holds at one school, in one snapshot, by table and then by term; rows of no
    /// term come last. Each table is ordered by student (bytewise), then date and half, threshold,
    /// or time done.
    ///
    /// # Errors
    /// What `take` answers, or when the database cannot be read.
    pub fn held<E: From<CollectorError>>(
        &self,
        school: SchoolNumber,
        wanted: Wanted<'_>,
        take: Take<'_, E>,
    ) -> Result<(), E> {
        let mut failed = None;
        let outcome = self.database.review(Scope::Host, |tx| {
            let mut reading = Reading { tx, school, wanted, position: (0, 0), take, failed: &mut failed };
            reading.school()
        });
        match failed {
            Some(error) => Err(error),
            None => outcome.map_err(|error| E::from(CollectorError::Database(error))),
        }
    }
}

/// One school while its rows are handed over.
struct Reading<'a, 'tx, E> {
    tx: &'a mut Tx<'tx>,
    school: SchoolNumber,
    wanted: Wanted<'a>,
    position: (u64, u64),
    take: Take<'a, E>,
    failed: &'a mut Option<E>,
}

impl<E: From<CollectorError>> Reading<'_, '_, E> {
    fn school(&mut self) -> Result<(), DatabaseError> {
        let number = self.school.number();
        if let Some(mut row) = self.tx.query_one(sql::SCHOOL_POSITION, &[number.into()])? {
            let (epoch, expected) = (crate::counting(row.take(0)?), crate::counting(row.take(1)?));
            self.position = (epoch, expected.saturating_sub(1));
        }
        self.dated(Table::Attendance, "attendance", sql::HELD_ATTENDANCE)?;
        self.dated(Table::Closures, "closure", sql::HELD_CLOSURES)?;
        self.named(Table::Crossings, sql::HELD_CROSSINGS)?;
        self.named(Table::Responses, sql::HELD_RESPONSES)?;
        self.dated(Table::Days, "day", sql::HELD_DAYS)
    }

    /// A table whose rows have a date: one query for each stretch in which it can have some.
    fn dated(&mut self, table: Table, kind: &str, query: &str) -> Result<(), DatabaseError> {
        let number: Value = self.school.number().into();
        let of_kind = [number.clone(), kind.into()];
        let Some(mut row) = self.tx.query_one(sql::HELD_DAYS_OF, &of_kind)? else { return Ok(()) };
        let (first, last): (Option<String>, Option<String>) = (row.take(0)?, row.take(1)?);
        let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
        let overlaps = |stretch: &&Stretch| stretch.first <= last && first <= stretch.last;
        for stretch in stretches(self.wanted.terms).iter().filter(overlaps) {
            let values: [Value; 4] = [
                number.clone(),
                stretch.first.as_str().into(),
                stretch.last.as_str().into(),
                self.wanted.with_nsn.into(),
            ];
            self.rows(table, query, &values, |_| Ok(Some(stretch.term)))?;
        }
        Ok(())
    }

    /// A table whose rows name their term, in the first column.
    fn named(&mut self, table: Table, query: &str) -> Result<(), DatabaseError> {
        let values: [Value; 2] = [self.school.number().into(), self.wanted.with_nsn.into()];
        let terms = self.wanted.terms;
        self.rows(table, query, &values, |cells| {
            let text = String::from_value(cells.next().unwrap_or(Value::Null))?;
            let term = TermId::parse(&text).map_err(|_| unreadable("a term", "another text"))?;
            Ok(terms.is_none_or(|terms| terms.contains(&term)).then_some(Some(term)))
        })
    }

    /// Hands over the rows of one query. `term_of` says of which term a row is and takes the values
    /// that are no columns; a row is passed over when it answers nothing.
    fn rows(
        &mut self,
        table: Table,
        query: &str,
        values: &[Value],
        term_of: impl Fn(&mut std::vec::IntoIter<Value>) -> Result<Option<Option<TermId>>, DatabaseError>,
    ) -> Result<(), DatabaseError> {
        let Self { tx, school, wanted, position: (epoch, accepted_through), take, failed } = self;
        let (school, epoch, accepted_through) = (*school, *epoch, *accepted_through);
        tx.query_each(query, values, |row| {
            let mut values = row.into_values().into_iter();
            let Some(term) = term_of(&mut values)? else { return Ok(()) };
            let partition = Partition { table, school, term, epoch, accepted_through };
            let cells = cells(table, wanted.with_nsn, values)?;
            take(&partition, cells).map_err(|error| {
                **failed = Some(error);
                DatabaseError::Closed
            })
        })
    }
}

/// The stretches of time of some terms, or of all and of what lies between them, which comes last.
fn stretches(terms: Option<&[TermId]>) -> Vec<Stretch> {
    let national = reference::national_terms();
    let is_wanted = |id: TermId| terms.is_none_or(|terms| terms.contains(&id));
    let of_terms = national.iter().filter(|term| is_wanted(term.id)).map(|term| Stretch {
        term: Some(term.id),
        first: term.earliest_first_day.to_string(),
        last: term.last_day.to_string(),
    });
    let mut all: Vec<Stretch> = of_terms.collect();
    if terms.is_none() {
        let mut first = Date::ZERO.to_string();
        for term in national {
            let last = term.earliest_first_day.yesterday().unwrap_or(Date::MIN).to_string();
            all.push(Stretch { term: None, first, last });
            first = term.last_day.tomorrow().unwrap_or(Date::MAX).to_string();
        }
        all.push(Stretch { term: None, first, last: Date::MAX.to_string() });
    }
    all
}

fn unreadable(expected: &'static str, found: &str) -> DatabaseError {
    DatabaseError::Shape { expected, found: found.to_owned() }
}

fn cells(
    table: Table,
    with_nsn: bool,
    values: impl Iterator<Item = Value>,
) -> Result<Vec<Cell>, DatabaseError> {
    let mut cells = Vec::with_capacity(table.all_columns().len());
    for (column, value) in table.all_columns().iter().zip(values) {
        if *column == NSN && !with_nsn {
            continue;
        }
        let cell = match value {
            Value::Null if column.may_be_empty => Cell::Empty,
            value => cell(column, value)?,
        };
        cells.push(cell);
    }
    Ok(cells)
}

fn cell(column: &Column, value: Value) -> Result<Cell, DatabaseError> {
    Ok(match column.holds {
        Holds::Text => {
            let text = String::from_value(value)?;
            // A type is kept by its short form and handed on by its name, as in the CSV.
            let kind = (column.name == "type").then(|| ResponseType::parse(&text).ok()).flatten();
            Cell::Text(kind.map_or(text, |kind| kind.name().to_owned()))
        }
        Holds::Date => {
            let date = String::from_value(value)?.parse();
            Cell::Date(date.map_err(|_| unreadable("a date", "another text"))?)
        }
        Holds::Moment => {
            let moment = Instant::from_micros(i64::from_value(value)?);
            Cell::Moment(moment.ok_or_else(|| unreadable("a moment", "another number"))?)
        }
        Holds::Count => {
            let count = i32::try_from(i64::from_value(value)?);
            Cell::Count(count.map_err(|_| unreadable("a count", "a larger number"))?)
        }
        Holds::Number => Cell::Number(i64::from_value(value)?),
        Holds::Flag => Cell::Flag(bool::from_value(value)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_of_one_stretch_and_terms_come_before_what_lies_between() {
        let all = stretches(None);
        let mut day: Date = "2024-12-30".parse().expect("a date");
        while day.year() < 2027 {
            let text = day.to_string();
            let of: Vec<_> = all.iter().filter(|one| one.first <= text && text <= one.last).collect();
            assert_eq!(of.len(), 1, "{day}");
            let is_of =
                |term: &&reference::NationalTerm| term.earliest_first_day <= day && day <= term.last_day;
            let term = reference::national_terms().iter().find(is_of).map(|term| term.id);
            assert_eq!(of[0].term, term, "{day}");
            day = day.tomorrow().expect("a day");
        }
        assert!(all.windows(2).all(|pair| pair[0].term.is_some() || pair[1].term.is_none()));
    }

    #[test]
    fn some_terms_are_their_own_days_and_nothing_between() {
        let term = TermId::parse("2026-T2").expect("a term");
        let some = stretches(Some(&[term]));
        let listed: Vec<_> = some.iter().map(|one| (one.term, &*one.first, &*one.last)).collect();
        assert_eq!(listed, [(Some(term), "2026-04-20", "2026-07-03")]);
        assert!(stretches(Some(&[])).is_empty());
    }
}
