//! The corrections ledger: what happened to a crossing, which change brought each event, who made
//! it, which responses named the crossing then, and what the Ministry was told.
//!
//! Stands over the events of crossings, which say that something happened and in which act, and
//! finds the rest in the history of that act. Under the trace, the Student page and the daily list
//! of movement, which say it in words.

mod changed;

use super::StaffNames;
use crate::AppError;
use crate::settle::is_same_slot;
use domain::crossing::Cause;
use domain::{
    CodeList, Date, HalfDay, Instant, Period, ResponseType, SchoolNumber, Spell, StudentId, Term, Threshold,
};
use std::collections::{HashMap, HashSet};
use store::Tx;
use store::calendar::CalendarHistory;
use store::derived::CrossingEventRow;
use store::exchange::{BatchRow, BatchState};
use store::mark::{BY_HAND, MarkVersion};
use store::outbox::{CrossingEntry, Passed};
use store::people::SpellVersion;
use store::response::ResponseVersion;

/// An event of a crossing with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct LedgerEvent {
    /// What happened, to whose crossing of which level, and when.
    pub event: CrossingEventRow,
    /// What changed.
    pub change: Change,
    /// Who changed it.
    pub by: Doer,
    /// The responses that named the crossing at that moment, as they stood then; withdrawn ones are
    /// left out.
    pub responses: Vec<NamedResponse>,
    /// What the Ministry was told of it.
    pub told: Told,
}

/// A response that named a crossing, as it stood at a moment. Its note has no place here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedResponse {
    /// Its identity.
    pub id: String,
    /// The version that stood.
    pub version: i64,
    /// Its type.
    pub kind: ResponseType,
    /// Its description; may be empty.
    pub description: String,
    /// When it was done.
    pub done_at: Instant,
    /// When that version was recorded.
    pub recorded_at: Instant,
    /// Who recorded it, by name.
    pub recorded_by: String,
}

/// What changed, so that a crossing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Marks of this student. The one on the half-day that the event names comes first.
    Marks(Vec<MarkChange>),
    /// Rows of the calendar, and terms that got other dates.
    Calendar(Vec<DayChange>, Vec<Term>),
    /// The student's enrolment.
    Enrolment(Vec<Spell>),
    /// Nothing but time: this mark, made beforehand, began to count.
    Time(Option<TracedMark>),
    /// A list of attendance codes, in force from this date.
    Codes(Option<Date>),
}

/// A mark that became another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkChange {
    /// Which half-day.
    pub half_day: HalfDay,
    /// Which period of it, in a period register.
    pub period: Option<Period>,
    /// The letter that stood before; nothing when there was none.
    pub from: Option<char>,
    /// The letter that stands after; nothing when it was unmarked.
    pub to: Option<char>,
}

/// What the calendar says of a date after the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChange {
    /// Which date.
    pub date: Date,
    /// Whether the morning is open.
    pub am_open: bool,
    /// Whether the afternoon is open.
    pub pm_open: bool,
    /// Why, as the school entered it.
    pub reason: String,
}

/// A version of a mark: what was entered, by whom, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedMark {
    /// Which half-day.
    pub half_day: HalfDay,
    /// Which period of it, in a period register.
    pub period: Option<Period>,
    /// The letter as it was entered; nothing when it was unmarked.
    pub letter: Option<char>,
    /// Who entered it, by name; nothing when it came with a file that names nobody, or was done at
    /// the command line.
    pub by: Option<String>,
    /// The source that a file named; nothing when it was entered in Starboard.
    pub source: Option<String>,
    /// When it was entered at the source, if the source says.
    pub entered_at: Option<Instant>,
    /// When it was recorded here.
    pub recorded_at: Instant,
    /// Whether it is the one that stands, by the knowledge asked for.
    pub stands: bool,
}

impl TracedMark {
    pub(crate) fn of(mark: &MarkVersion, stands: bool, staff: &StaffNames) -> Self {
        let named = Some(&mark.entered_by).filter(|by| !by.is_empty() && *by != OPERATOR);
        Self {
            half_day: mark.half_day,
            period: mark.period.clone(),
            letter: mark.letter,
            by: named.map(|by| staff.name(by)),
            source: (mark.source != BY_HAND).then(|| mark.source.clone()),
            entered_at: mark.entered_at,
            recorded_at: mark.recorded_at,
            stands,
        }
    }
}

/// Versions of marks in the store's order, each with whether it is the one that stands.
pub(crate) fn with_standing(versions: &[MarkVersion]) -> impl Iterator<Item = (&MarkVersion, bool)> {
    versions.chunk_by(is_same_slot).flat_map(|own| {
        let last = own.len().saturating_sub(1);
        own.iter().enumerate().map(move |(place, version)| (version, place == last))
    })
}

/// The name under which the operator's marks stand.
const OPERATOR: &str = "operator";

/// Who did an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doer {
    /// Nobody: a half-day came.
    Clock,
    /// A member of staff, by name.
    Person(String),
    /// Whoever runs the program, at the command line.
    Operator,
    /// A file that was imported.
    File {
        /// The system it came from.
        source: String,
        /// The file's name.
        name: String,
        /// Who brought it, by name; nothing when it was the operator.
        by: Option<String>,
    },
}

/// What the Ministry was told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// `waiting`, `held` (the sharing of responses was off), `overtaken` (it was off, and what came
    /// afterwards was told instead), `sealed`, `received`, `refused`; `not_shared` when there is
    /// no entry.
    pub state: &'static str,
    /// When it was received.
    pub at: Option<Instant>,
}

/// What the telling of some students' events in one term takes.
pub(crate) struct About<'a> {
    pub(crate) school: SchoolNumber,
    pub(crate) term: Term,
    pub(crate) codes: &'a CodeList,
    pub(crate) staff: &'a StaffNames,
    /// The moment whose knowledge is asked for.
    pub(crate) known_at: i64,
    /// Every version of the students' marks of the term, in the store's order.
    pub(crate) marks: &'a [MarkVersion],
    /// Every version of the students' responses.
    pub(crate) responses: &'a [ResponseVersion],
}

/// Tells events of one term, in the order given.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    about: &About<'_>,
    events: Vec<CrossingEventRow>,
) -> Result<Vec<LedgerEvent>, AppError> {
    let mut students: Vec<StudentId> = events.iter().map(|event| event.student_id.clone()).collect();
    students.sort();
    students.dedup();
    if students.is_empty() {
        return Ok(Vec::new());
    }
    let entries = store::outbox::of_crossings(tx, about.school, about.term.id, &students)?;
    let mut reader = Reader {
        calendar: None,
        spells: None,
        doers: HashMap::new(),
        refused: None,
        batches: Vec::new(),
        students,
    };
    let mut told = Vec::with_capacity(events.len());
    for event in events {
        let key = (event.student_id.clone(), event.reached.threshold, event.event);
        told.push(LedgerEvent {
            change: reader.change(tx, about, &event)?,
            by: reader.doer(tx, about, event.act)?,
            responses: named_then(about, &event),
            told: reader.told(tx, about, entries.get(&key))?,
            event,
        });
    }
    Ok(told)
}

/// The responses that named a crossing when something happened to it, as they stood then.
fn named_then(about: &About<'_>, event: &CrossingEventRow) -> Vec<NamedResponse> {
    let by_then = about.responses.iter().filter(|version| {
        version.student_id == event.student_id
            && version.term == event.term
            && (version.recorded_at, version.act) <= (event.at, event.act)
    });
    let standing = store::response::latest(by_then.cloned().collect());
    let names = |response: &ResponseVersion| {
        response.threshold == Some(event.reached.threshold) && !response.withdrawn
    };
    let named = |response: ResponseVersion| NamedResponse {
        recorded_by: about.staff.name(response.recorded_by.as_str()),
        id: response.id,
        version: response.version,
        kind: response.kind,
        description: response.description,
        done_at: response.done_at,
        recorded_at: response.recorded_at,
    };
    standing.into_iter().filter(names).map(named).collect()
}

/// Looks up what several events share only once.
struct Reader {
    students: Vec<StudentId>,
    calendar: Option<CalendarHistory>,
    spells: Option<Vec<SpellVersion>>,
    doers: HashMap<i64, Doer>,
    refused: Option<HashSet<(i64, i64)>>,
    batches: Vec<BatchRow>,
}

impl Reader {
    fn change(
        &mut self,
        tx: &mut Tx<'_>,
        about: &About<'_>,
        event: &CrossingEventRow,
    ) -> Result<Change, AppError> {
        Ok(match event.cause {
            Cause::Mark => Change::Marks(changed::marks(about, event)),
            Cause::Time => Change::Time(changed::made_beforehand(about, event)),
            Cause::Codes => {
                let versions = store::code::versions(tx, about.school)?;
                let list = versions.iter().find(|version| version.act == event.act);
                Change::Codes(list.map(|version| version.from))
            }
            Cause::Calendar => {
                if self.calendar.is_none() {
                    self.calendar = Some(store::calendar::history(tx, about.school)?);
                }
                self.calendar.as_ref().map_or(Change::Calendar(Vec::new(), Vec::new()), |history| {
                    changed::calendar(history, about.term, event)
                })
            }
            Cause::Enrolment => {
                if self.spells.is_none() {
                    let spells = store::people::spells_of(tx, about.school, &self.students, store::ALWAYS)?;
                    self.spells = Some(spells);
                }
                let versions = self.spells.iter().flatten();
                let own = versions
                    .filter(|version| version.student_id == event.student_id && version.act == event.act);
                Change::Enrolment(own.map(|version| version.spell).collect())
            }
        })
    }

    fn doer(&mut self, tx: &mut Tx<'_>, about: &About<'_>, act: i64) -> Result<Doer, AppError> {
        if let Some(known) = self.doers.get(&act) {
            return Ok(known.clone());
        }
        let row = store::act::get(tx, about.school, act)?;
        let by = row.as_ref().and_then(|row| row.staff_id.as_ref()).map(|id| about.staff.name(id));
        let file = store::import_file::of_act(tx, about.school, act)?;
        let doer = match (file, by) {
            (Some(file), by) => Doer::File { source: file.source, name: file.name, by },
            (None, Some(name)) => Doer::Person(name),
            (None, None) if row.is_some_and(|row| row.kind == "clock") => Doer::Clock,
            (None, None) => Doer::Operator,
        };
        self.doers.insert(act, doer.clone());
        Ok(doer)
    }

    fn told(
        &mut self,
        tx: &mut Tx<'_>,
        about: &About<'_>,
        entry: Option<&CrossingEntry>,
    ) -> Result<Told, AppError> {
        let plain = |state| Told { state, at: None };
        let Some(entry) = entry else { return Ok(plain("not_shared")) };
        let Some(batch) = self.batch(tx, about, entry)? else { return Ok(plain("waiting")) };
        if batch.sealed_at.micros() > about.known_at {
            return Ok(plain("waiting"));
        }
        match entry.passed {
            Passed::Owed => return Ok(plain("held")),
            Passed::Overtaken => return Ok(plain("overtaken")),
            Passed::No => {}
        }
        if self.refused.is_none() {
            let refused = store::exchange::refused(tx, about.school)?;
            self.refused = Some(refused.iter().map(|row| (row.epoch, row.seq)).collect());
        }
        if self.refused.as_ref().is_some_and(|refused| refused.contains(&(entry.epoch, entry.seq))) {
            return Ok(plain("refused"));
        }
        let answered = batch.answered_at.filter(|at| at.micros() <= about.known_at);
        Ok(match (batch.state, answered) {
            (BatchState::Received, Some(at)) => Told { state: "received", at: Some(at) },
            (BatchState::Refused, Some(_)) => plain("refused"),
            _ => plain("sealed"),
        })
    }

    fn batch(
        &mut self,
        tx: &mut Tx<'_>,
        about: &About<'_>,
        entry: &CrossingEntry,
    ) -> Result<Option<BatchRow>, AppError> {
        let holds = |batch: &&BatchRow| {
            batch.epoch == entry.epoch && (batch.first_seq..=batch.last_seq).contains(&entry.seq)
        };
        if let Some(known) = self.batches.iter().find(holds) {
            return Ok(Some(known.clone()));
        }
        let found = store::exchange::holding(tx, about.school, entry.epoch, entry.seq)?;
        self.batches.extend(found.clone());
        Ok(found)
    }
}

/// How many responses name a crossing and were not withdrawn.
pub(crate) fn resting_on(
    latest: &[ResponseVersion],
    student: &StudentId,
    term: domain::TermId,
    threshold: Threshold,
) -> usize {
    let names = |response: &&ResponseVersion| {
        response.student_id == *student
            && response.term == term
            && response.threshold == Some(threshold)
            && !response.withdrawn
    };
    latest.iter().filter(names).count()
}
