//! Tallies, crossings and their events: derived rows, which `rebuild` throws away and makes anew.

use crate::row::{Reader, any_of};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::crossing::Cause;
use domain::{
    CrossingState, EventKind, HalfDay, Instant, Reached, SchoolNumber, Sheet, StudentId, Tally, TermId,
    Threshold,
};

/// One student's term: the sheet, and counts up to the settled half-day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyRow {
    /// Which term.
    pub term: TermId,
    /// Whose.
    pub student_id: StudentId,
    /// A letter for each open half-day of the term, later ones included.
    pub sheet: Sheet,
    /// Counts of marked half-days. `open` is not kept, since it grows by itself every day.
    pub tally: Tally,
}

/// Where the crossing of one threshold stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossingRow {
    /// Which term.
    pub term: TermId,
    /// Whose.
    pub student_id: StudentId,
    /// Whether it stands.
    pub state: CrossingState,
    /// The threshold and the half-day that reached it (that last did, when withdrawn).
    pub reached: Reached,
    /// The number of its latest event.
    pub event: i64,
}

/// Something that happened to a crossing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossingEventRow {
    /// Which term.
    pub term: TermId,
    /// Whose.
    pub student_id: StudentId,
    /// 1 for the first event of this crossing.
    pub event: i64,
    /// What happened.
    pub kind: EventKind,
    /// What kind of change brought it.
    pub cause: Cause,
    /// The threshold and the half-day concerned.
    pub reached: Reached,
    /// The act that brought it.
    pub act: i64,
    /// When: the act's time, or the start of the half-day when time alone brought it.
    pub at: Instant,
}

/// Keeps students' terms, each named once.
///
/// # Errors
/// When the database refuses.
pub fn put_tallies<'r>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    rows: impl IntoIterator<Item = &'r TallyRow>,
) -> Result<(), StoreError> {
    let values = |row: &TallyRow| {
        vec![
            school.number().into(),
            row.term.to_string().into(),
            row.student_id.as_str().into(),
            row.sheet.text().into(),
            row.tally.present.into(),
            row.tally.justified.into(),
            row.tally.unjustified.into(),
            row.tally.unknown.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = rows.into_iter().map(values).collect();
    Ok(tx.insert_many(sql::TALLY_PUT, &rows)?)
}

/// One student's term.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn tally(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    student: &StudentId,
) -> Result<Option<TallyRow>, StoreError> {
    Ok(tallies(tx, school, term, [student])?.pop())
}

/// Some students' rows of one term, ordered by student.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn tallies<'s>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    students: impl IntoIterator<Item = &'s StudentId>,
) -> Result<Vec<TallyRow>, StoreError> {
    let values = [school.number().into(), term.to_string().into(), any_of(students)];
    tx.query(sql::TALLY_GET, &values)?.into_iter().map(read_tally).collect()
}

/// Every term of some students, ordered by student and term.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn tallies_of_students<'s>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: impl IntoIterator<Item = &'s StudentId>,
) -> Result<Vec<TallyRow>, StoreError> {
    let values = [school.number().into(), any_of(students)];
    tx.query(sql::TALLY_OF_STUDENTS, &values)?.into_iter().map(read_tally).collect()
}

/// Every student's row of one term, ordered by student.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn tallies_of_term(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
) -> Result<Vec<TallyRow>, StoreError> {
    let values = [school.number().into(), term.to_string().into()];
    tx.query(sql::TALLY_OF_TERM, &values)?.into_iter().map(read_tally).collect()
}

fn read_tally(row: database::Row) -> Result<TallyRow, StoreError> {
    let mut row = Reader::new("tally", row);
    let (term, student_id) = (row.term()?, row.student_id()?);
    let sheet = row.named("a sheet", |text| Some(Sheet::from_text(text)))?;
    let (present, justified) = (row.next()?, row.next()?);
    let (unjustified, unknown) = (row.next()?, row.next()?);
    Ok(TallyRow {
        term,
        student_id,
        sheet,
        tally: Tally { open: 0, present, justified, unjustified, unknown },
    })
}

/// Keeps where crossings stand, each named once.
///
/// # Errors
/// When the database refuses.
pub fn put_crossings<'r>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    rows: impl IntoIterator<Item = &'r CrossingRow>,
) -> Result<(), StoreError> {
    let values = |row: &CrossingRow| {
        vec![
            school.number().into(),
            row.term.to_string().into(),
            row.student_id.as_str().into(),
            row.reached.threshold.days().into(),
            row.state.text().into(),
            row.reached.half_day.date.to_string().into(),
            row.reached.half_day.half.text().into(),
            row.event.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = rows.into_iter().map(values).collect();
    Ok(tx.insert_many(sql::CROSSING_PUT, &rows)?)
}

/// The crossings of some students in one term, withdrawn ones too, ordered by student and threshold.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn crossings<'s>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    students: impl IntoIterator<Item = &'s StudentId>,
) -> Result<Vec<CrossingRow>, StoreError> {
    let values = [school.number().into(), term.to_string().into(), any_of(students)];
    tx.query(sql::CROSSING_GET, &values)?.into_iter().map(read_crossing).collect()
}

/// Every crossing of a term, ordered by student and threshold.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn crossings_of_term(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
) -> Result<Vec<CrossingRow>, StoreError> {
    let values = [school.number().into(), term.to_string().into()];
    tx.query(sql::CROSSING_OF_TERM, &values)?.into_iter().map(read_crossing).collect()
}

fn read_crossing(row: database::Row) -> Result<CrossingRow, StoreError> {
    let mut row = Reader::new("crossing", row);
    let (term, student_id, threshold) = (row.term()?, row.student_id()?, row.threshold()?);
    let state = row.named("a state", CrossingState::parse)?;
    let half_day: HalfDay = row.half_day()?;
    Ok(CrossingRow { term, student_id, state, reached: Reached { threshold, half_day }, event: row.next()? })
}

/// Adds events to the history of crossings.
///
/// # Errors
/// When the database refuses.
pub fn insert_events<'r>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    rows: impl IntoIterator<Item = &'r CrossingEventRow>,
) -> Result<(), StoreError> {
    let values = |row: &CrossingEventRow| {
        vec![
            school.number().into(),
            row.term.to_string().into(),
            row.student_id.as_str().into(),
            row.reached.threshold.days().into(),
            row.event.into(),
            row.kind.text().into(),
            row.cause.text().into(),
            row.reached.half_day.date.to_string().into(),
            row.reached.half_day.half.text().into(),
            row.act.into(),
            row.at.micros().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = rows.into_iter().map(values).collect();
    Ok(tx.insert_many(sql::EVENT_INSERT, &rows)?)
}

/// One event of one crossing.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn event(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    student: &StudentId,
    threshold: Threshold,
    event: i64,
) -> Result<Option<CrossingEventRow>, StoreError> {
    let values = [
        school.number().into(),
        term.to_string().into(),
        student.as_str().into(),
        threshold.days().into(),
        event.into(),
    ];
    tx.query_one(sql::EVENT_GET, &values)?.map(read_event).transpose()
}

/// Every event of one student's crossings in one term, in order.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn events_of_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    student: &StudentId,
) -> Result<Vec<CrossingEventRow>, StoreError> {
    let values = [school.number().into(), term.to_string().into(), student.as_str().into()];
    tx.query(sql::EVENT_OF_STUDENT, &values)?.into_iter().map(read_event).collect()
}

/// The events that an act wrote.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn events_of_act(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
) -> Result<Vec<CrossingEventRow>, StoreError> {
    let values = [school.number().into(), act.into()];
    tx.query(sql::EVENTS_OF_ACT, &values)?.into_iter().map(read_event).collect()
}

/// Every event of a term's crossings that had happened by a moment, in order.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn events_of_term(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    term: TermId,
    known_at: i64,
) -> Result<Vec<CrossingEventRow>, StoreError> {
    let values = [school.number().into(), term.to_string().into(), known_at.into()];
    tx.query(sql::EVENT_OF_TERM, &values)?.into_iter().map(read_event).collect()
}

/// Every event from one moment up to, but without, another, in order of when it happened.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn events_between(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    from: Instant,
    to: Instant,
) -> Result<Vec<CrossingEventRow>, StoreError> {
    let values = [school.number().into(), from.micros().into(), to.micros().into()];
    tx.query(sql::EVENT_BETWEEN, &values)?.into_iter().map(read_event).collect()
}

/// Every event there is.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn events(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<CrossingEventRow>, StoreError> {
    tx.query(sql::EVENT_ALL, &[school.number().into()])?.into_iter().map(read_event).collect()
}

fn read_event(row: database::Row) -> Result<CrossingEventRow, StoreError> {
    let mut row = Reader::new("crossing_event", row);
    let (term, student_id, threshold) = (row.term()?, row.student_id()?, row.threshold()?);
    let event = row.next()?;
    let kind = row.named("an event", EventKind::parse)?;
    let cause = row.named("a cause", Cause::parse)?;
    let half_day = row.half_day()?;
    let reached = Reached { threshold, half_day };
    Ok(CrossingEventRow {
        term,
        student_id,
        event,
        kind,
        cause,
        reached,
        act: row.next()?,
        at: row.instant()?,
    })
}

/// Forgets every tally, crossing and event of a school, to rebuild them.
///
/// # Errors
/// When the database refuses.
pub fn clear(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<(), StoreError> {
    for statement in [sql::TALLY_CLEAR, sql::CROSSING_CLEAR, sql::EVENT_CLEAR] {
        tx.execute(statement, &[school.number().into()])?;
    }
    Ok(())
}
