//! Marks: what a person or a file entered, every version.

use crate::row::{Reader, any_of, letter};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::period::parse_start;
use domain::{Date, HalfDay, Instant, Period, SchoolNumber, Slot, StudentId};
use std::collections::{BTreeSet, HashMap};

/// The source of a mark that a person entered in Starboard.
pub const BY_HAND: &str = "starboard";

/// A mark about to be written.
#[derive(Debug, Clone)]
pub struct NewMark<'a> {
    /// Whose.
    pub student_id: &'a StudentId,
    /// Which half-day, for a period the one it belongs to.
    pub half_day: HalfDay,
    /// Which period of it, in a period register.
    pub period: Option<&'a Period>,
    /// 1 for the first mark of the slot, one more for each correction.
    pub version: i64,
    /// The letter as it was entered; nothing unmarks.
    pub letter: Option<char>,
    /// Where it came from: [`BY_HAND`] or the name of an import's source.
    pub source: &'a str,
    /// When it was entered at the source, if the source says.
    pub entered_at: Option<Instant>,
    /// Who entered it.
    pub entered_by: &'a str,
}

/// A mark that was entered at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkVersion {
    /// Whose.
    pub student_id: StudentId,
    /// Which half-day, for a period the one it belongs to.
    pub half_day: HalfDay,
    /// Which period of it, in a period register.
    pub period: Option<Period>,
    /// 1 for the first, one more for each correction.
    pub version: i64,
    /// The act that brought it.
    pub act: i64,
    /// When it was recorded here.
    pub recorded_at: Instant,
    /// The letter as it was entered; nothing when it was unmarked.
    pub letter: Option<char>,
    /// Where it came from.
    pub source: String,
    /// When it was entered at the source.
    pub entered_at: Option<Instant>,
    /// Who entered it.
    pub entered_by: String,
}

impl MarkVersion {
    /// Its place within its date.
    #[must_use]
    pub fn slot(&self) -> Slot {
        slot(self.half_day, self.period.as_ref())
    }
}

/// The place of a mark within its date.
#[must_use]
pub fn slot(half_day: HalfDay, period: Option<&Period>) -> Slot {
    period.map_or(Slot::Half(half_day.half), |period| Slot::Period(period.name.clone()))
}

/// Adds versions of marks.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    at: Instant,
    marks: &[NewMark<'_>],
) -> Result<(), StoreError> {
    let row = |mark: &NewMark<'_>| {
        vec![
            school.number().into(),
            mark.student_id.as_str().into(),
            mark.half_day.date.to_string().into(),
            slot(mark.half_day, mark.period).to_string().into(),
            mark.version.into(),
            act.into(),
            at.micros().into(),
            mark.letter.map(|letter| letter.to_string()).into(),
            mark.source.into(),
            mark.entered_at.map(Instant::micros).into(),
            mark.entered_by.into(),
            mark.period.map(Period::start_text).into(),
            mark.period.map(|period| period.minutes).into(),
        ]
    };
    let rows: Vec<Vec<Value>> = marks.iter().map(row).collect();
    Ok(tx.insert_many(sql::MARK_INSERT, &rows)?)
}

/// The students and dates of whose marks an act wrote a version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_act(tx: &mut Tx<'_>, school: SchoolNumber, act: i64) -> Result<Vec<(StudentId, Date)>, StoreError> {
    let rows = tx.query(sql::MARKS_OF_ACT, &[school.number().into(), act.into()])?;
    let read = |row| {
        let mut row = Reader::new("mark", row);
        Ok((row.student_id()?, row.date()?))
    };
    rows.into_iter().map(read).collect()
}

/// Every version of some students' marks of one date, in order of student, slot and version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_day(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
    date: Date,
) -> Result<Vec<MarkVersion>, StoreError> {
    let values = [school.number().into(), any_of(students), date.to_string().into()];
    tx.query(sql::MARK_OF_DAY, &values)?.into_iter().map(read).collect()
}

/// Which of the marks that stand are read, in order of student, date and slot.
#[derive(Debug, Clone)]
pub struct MarkPage<'a> {
    /// Between which dates (inclusive).
    pub dates: (Date, Date),
    /// Recorded at or after this moment; with a moment, also those that were unmarked since.
    pub since: Option<Instant>,
    /// Of one student alone.
    pub student: Option<&'a StudentId>,
    /// After this one: a student, a date and a slot.
    pub after: Option<(&'a str, &'a str, &'a str)>,
    /// The most to read.
    pub limit: i64,
}

/// The latest version of each mark of a page.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn page(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    page: &MarkPage<'_>,
) -> Result<Vec<MarkVersion>, StoreError> {
    let (student, date, slot) = page.after.unwrap_or_default();
    let (text, student) = match page.student {
        Some(only) => (sql::API_MARKS_OF_STUDENT, only.as_str()),
        None => (sql::API_MARKS, student),
    };
    let values = [
        school.number().into(),
        page.dates.0.to_string().into(),
        page.dates.1.to_string().into(),
        page.since.map_or(i64::MIN, Instant::micros).into(),
        student.into(),
        date.into(),
        slot.into(),
        i64::from(page.since.is_some()).into(),
        page.limit.into(),
    ];
    tx.query(text, &values)?.into_iter().map(read).collect()
}

/// Every version of some students' marks between two dates (inclusive) that was recorded by a
/// moment, in order of student, date, slot and version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_students(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
    dates: (Date, Date),
    known_at: i64,
) -> Result<Vec<MarkVersion>, StoreError> {
    let values = [
        school.number().into(),
        any_of(students),
        dates.0.to_string().into(),
        dates.1.to_string().into(),
        known_at.into(),
    ];
    tx.query(sql::MARK_OF_STUDENTS, &values)?.into_iter().map(read).collect()
}

/// Every version of every student's marks between two dates, ordered by student, date, slot and
/// version, one at a time.
///
/// # Errors
/// When the database refuses, a row cannot be read, or `take` fails.
pub fn of_school(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    dates: (Date, Date),
    known_at: i64,
    mut take: impl FnMut(MarkVersion),
) -> Result<(), StoreError> {
    let values =
        [school.number().into(), dates.0.to_string().into(), dates.1.to_string().into(), known_at.into()];
    let mut unreadable = None;
    tx.query_each(sql::MARK_OF_SCHOOL, &values, |row| {
        match read(row) {
            Ok(mark) => take(mark),
            Err(error) => unreadable = Some(error),
        }
        Ok(())
    })?;
    unreadable.map_or(Ok(()), Err)
}

/// A version of a mark as a replay of history needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredMark {
    /// Whose.
    pub student_id: StudentId,
    /// Which half-day, for a period the one it belongs to.
    pub half_day: HalfDay,
    /// Which period of it, in a period register.
    pub period: Option<Period>,
    /// The act that brought it.
    pub act: i64,
    /// The letter as it was entered; nothing when it was unmarked.
    pub letter: Option<char>,
}

/// Every version of every mark there ever was, ordered by student, date, slot and version, one at
/// a time: read along the table's own key, so that nothing is sorted.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn history(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    mut take: impl FnMut(EnteredMark),
) -> Result<(), StoreError> {
    let mut unreadable = None;
    tx.query_each(sql::MARK_HISTORY, &[school.number().into()], |row| {
        match read_entered(row) {
            Ok(mark) => take(mark),
            Err(error) => unreadable = Some(error),
        }
        Ok(())
    })?;
    unreadable.map_or(Ok(()), Err)
}

fn read_entered(row: database::Row) -> Result<EnteredMark, StoreError> {
    let mut row = Reader::new("mark", row);
    let (student_id, place) = (row.student_id()?, Place::read(&mut row)?);
    let (act, letter) = (row.next()?, row.optional("a code", letter)?);
    let (half_day, period) = place.finish(&mut row)?;
    Ok(EnteredMark { student_id, half_day, period, act, letter })
}

/// A date and a slot, whose start and minutes stand further on in the row.
struct Place {
    date: Date,
    slot: Slot,
}

impl Place {
    fn read(row: &mut Reader) -> Result<Self, StoreError> {
        Ok(Self { date: row.date()?, slot: row.named("a slot", Slot::parse)? })
    }

    /// Reads the start and the minutes of a period.
    fn finish(self, row: &mut Reader) -> Result<(HalfDay, Option<Period>), StoreError> {
        let name = match self.slot {
            Slot::Half(half) => {
                row.next::<Option<String>>()?;
                row.next::<Option<i64>>()?;
                return Ok((HalfDay::new(self.date, half), None));
            }
            Slot::Period(name) => name,
        };
        let period = Period { name, start: row.named("a start", parse_start)?, minutes: row.next()? };
        Ok((HalfDay::new(self.date, period.half()), Some(period)))
    }
}

/// How many students of each group have a mark of each period between two dates, by group, date
/// and the period's name.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn periods_marked(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    dates: (Date, Date),
) -> Result<HashMap<(String, Date, String), usize>, StoreError> {
    let values = [school.number().into(), dates.0.to_string().into(), dates.1.to_string().into()];
    let mut marked = HashMap::new();
    for row in tx.query(sql::MARK_PERIODS, &values)? {
        let mut row = Reader::new("mark", row);
        let (group, date) = (row.next()?, row.date()?);
        if let (Slot::Period(name), count) = (row.named("a slot", Slot::parse)?, row.next::<i64>()?) {
            marked.insert((group, date, name), usize::try_from(count).unwrap_or_default());
        }
    }
    Ok(marked)
}

/// Students with any mark after a half-day, up to and including a date, each once and in order.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn students_after(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    after: HalfDay,
    through: Date,
) -> Result<Vec<StudentId>, StoreError> {
    let (date, half) = (after.date.to_string(), after.half.text());
    let values = [school.number().into(), date.into(), half.into(), through.to_string().into()];
    let rows = tx.query(sql::MARK_STUDENTS_AFTER, &values)?;
    // Made distinct here: asked for distinct ones, SQLite walks every mark there ever was in order
    // of student rather than those few days.
    let students: Result<BTreeSet<StudentId>, StoreError> =
        rows.into_iter().map(|row| Reader::new("mark", row).student_id()).collect();
    Ok(students?.into_iter().collect())
}

fn read(row: database::Row) -> Result<MarkVersion, StoreError> {
    let mut row = Reader::new("mark", row);
    let (student_id, place) = (row.student_id()?, Place::read(&mut row)?);
    let (version, act, recorded_at) = (row.next()?, row.next()?, row.instant()?);
    let (letter, source) = (row.optional("a code", letter)?, row.next()?);
    let (entered_at, entered_by) = (row.optional_instant()?, row.next()?);
    let (half_day, period) = place.finish(&mut row)?;
    Ok(MarkVersion {
        student_id,
        half_day,
        period,
        version,
        act,
        recorded_at,
        letter,
        source,
        entered_at,
        entered_by,
    })
}
