//! Where each value comes from: the act at which it took its present value, and through it the source
//! with its time and the privacy notice, or the person who entered it.
//!
//! Nothing is kept for this but the history itself. Where an import was undone, what stands again comes
//! from where it came before; where a person took what a source says, it comes from the source.

use super::{Reading, StaffNames};
use crate::descent::{Descent, StudentHistory};
use crate::import::{marks, staff, students};
use crate::{Actor, AppError, School};
use domain::{HalfDay, Instant, Permission, SchoolNumber, Slot, Spell, StaffId, StudentId};
use std::collections::BTreeMap;
use store::Tx;
use store::mark::MarkVersion;
use store::people::StudentRow;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whence {
    /// Another system said it.
    Source(Brought),
    /// A person entered it here.
    Person(String),
    /// It was entered at the command line, or when the school was made.
    Operator,
    /// It came with an import that left no word of where from. There must be none.
    Unknown,
}

/// What is known of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Which system said it.
    pub source: String,
    /// By which door it came: `command`, `page`, `folder`, `kamar`, `oneroster`, `api`.
    pub door: String,
    /// The name of the file or the push.
    pub name: String,
    /// The version of the school's privacy notice that people had been given.
    pub notice: String,
    /// Who chose it over what a person had entered, if that was so.
    pub chosen_by: Option<String>,
}

/// Where a value comes from, and since when it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The act that brought it.
    pub act: i64,
    /// When that was.
    pub at: Instant,
    /// Who said it.
    pub whence: Whence,
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueOrigin {
    /// Which field, named as in the contract's files; `enrolment` for a spell.
    pub field: &'static str,
    /// The value as it may be shown: of an NSN the last digits.
    pub value: String,
    /// Of an enrolment, its first and its last day.
    pub spell: Option<Spell>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Follows the values of one person to where they come from.
pub(crate) struct Tracer {
    number: SchoolNumber,
    names: StaffNames,
    descent: Descent,
    known: BTreeMap<i64, Origin>,
}

impl Tracer {
    pub(crate) fn load(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Self, AppError> {
        let (names, descent) = (StaffNames::load(tx, number)?, Descent::load(tx, number)?);
        Ok(Self { number, names, descent, known: BTreeMap::new() })
    }

    /// Makes it somebody's: what was decided about them counts.
    pub(crate) fn about(&mut self, tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<(), AppError> {
        self.descent.about(tx, kind, id)
    }

    /// Where what stands at the end of a history comes from; nothing where there is none.
    pub(crate) fn trace<T: PartialEq>(
        &mut self,
        tx: &mut Tx<'_>,
        field: &str,
        history: &[(i64, T)],
    ) -> Result<Option<Origin>, AppError> {
        let Some((act, said)) = self.descent.act(field, history) else { return Ok(None) };
        let origin = self.of_act(tx, act)?;
        let Some(said) = said else { return Ok(Some(origin)) };
        let chosen_by = match &origin.whence {
            Whence::Person(name) => Some(name.clone()),
            _ => None,
        };
        let mut whence = self.of_act(tx, said)?.whence;
        if let Whence::Source(brought) = &mut whence {
            brought.chosen_by = chosen_by;
        }
        Ok(Some(Origin { whence, ..origin }))
    }

    fn of_act(&mut self, tx: &mut Tx<'_>, act: i64) -> Result<Origin, AppError> {
        if let Some(known) = self.known.get(&act) {
            return Ok(known.clone());
        }
        let missing = store::StoreError::Unreadable { table: "act", what: "an act" };
        let row = store::act::get(tx, self.number, act)?.ok_or(missing)?;
        let whence = match (store::import_file::of_act(tx, self.number, act)?, row.staff_id) {
            (Some(file), _) => Whence::Source(Brought {
                source: file.source,
                door: file.door,
                name: file.name,
                notice: file.notice,
                chosen_by: None,
            }),
            (None, _) if row.kind == "import" => Whence::Unknown,
            (None, Some(id)) => Whence::Person(self.names.name(&id)),
            (None, None) => Whence::Operator,
        };
        let origin = Origin { act, at: row.at, whence };
        self.known.insert(act, origin.clone());
        Ok(origin)
    }

    /// Where a version of a mark comes from, of the versions of its slot up to it.
    pub(crate) fn mark(&mut self, tx: &mut Tx<'_>, own: &[MarkVersion]) -> Result<Option<Origin>, AppError> {
        let Some(last) = own.last() else { return Ok(None) };
        let history: Vec<(i64, (Option<char>, &str))> =
            own.iter().map(|mark| (mark.act, (mark.letter, mark.source.as_str()))).collect();
        let field = marks::field(last.half_day.date, &last.slot());
        self.trace(tx, &field, &history)
    }
}

impl School {
    /// Where a student's particulars and enrolment come from. What is empty and always was is left out.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach.
    pub fn origins_of_student(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
    ) -> Result<Vec<ValueOrigin>, AppError> {
        self.view(actor, now, |reading| {
            let student = reading.student(Permission::SeeStudents, id)?;
            of_student(reading, &student)
        })
    }

    /// Where the particulars of somebody on the staff come from.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is nobody of this id.
    pub fn origins_of_staff(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StaffId,
    ) -> Result<Vec<ValueOrigin>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditPeople, "see where it comes from")?;
            let number = reading.school.number;
            let versions = store::people::staff_versions_of(reading.tx, number, id)?;
            if versions.is_empty() {
                return Err(AppError::not_found(format!("there is no staff member {id}")));
            }
            let mut tracer = Tracer::load(reading.tx, number)?;
            tracer.about(reading.tx, "staff", id.as_str())?;
            let mut origins = Vec::new();
            for field in staff::FIELDS {
                let entry = |(act, _, version): &(i64, Instant, store::people::StaffVersion)| {
                    (*act, staff::field(&staff::entry_of(version), field))
                };
                let history: Vec<(i64, String)> = versions.iter().map(entry).collect();
                if let Some(value) = worth_telling(&history)
                    && let Some(origin) = tracer.trace(reading.tx, field, &history)?
                {
                    origins.push(ValueOrigin { field, value, spell: None, origin });
                }
            }
            Ok(origins)
        })
    }

    /// Where each version of a student's marks of a half-day comes from, by slot and version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach.
    pub fn origins_of_marks(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
        half_day: HalfDay,
    ) -> Result<BTreeMap<(Slot, i64), Origin>, AppError> {
        self.view(actor, now, |reading| {
            reading.student(Permission::SeeStudents, id)?;
            let number = reading.school.number;
            let ids = std::slice::from_ref(id);
            let versions = store::mark::of_day(reading.tx, number, ids, half_day.date)?;
            let mut tracer = Tracer::load(reading.tx, number)?;
            tracer.about(reading.tx, "mark", id.as_str())?;
            let mut origins = BTreeMap::new();
            for own in versions.chunk_by(crate::settle::is_same_slot) {
                for count in 1..=own.len() {
                    let Some(last) = own.get(count - 1).filter(|mark| mark.half_day == half_day) else {
                        continue;
                    };
                    if let Some(origin) = tracer.mark(reading.tx, &own[..count])? {
                        origins.insert((last.slot(), last.version), origin);
                    }
                }
            }
            Ok(origins)
        })
    }

    /// Imports that wrote values and left no word of where from or of the privacy notice. There must be
    /// none: `starboard doctor` says so.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn values_without_source(&self) -> Result<Vec<String>, AppError> {
        let number = self.number;
        let found = self.store.read(number, |tx| store::import_file::sourceless(tx, number))?;
        Ok(found.into_iter().map(|(act, subject)| format!("act {act}: {subject}")).collect())
    }
}

/// What stands, unless it is empty and always was.
fn worth_telling(history: &[(i64, String)]) -> Option<String> {
    let is_told = history.iter().any(|(_, value)| !value.is_empty());
    history.last().filter(|_| is_told).map(|(_, value)| value.clone())
}

fn of_student(reading: &mut Reading<'_, '_>, student: &StudentRow) -> Result<Vec<ValueOrigin>, AppError> {
    let number = reading.school.number;
    let history = StudentHistory::load(reading.tx, number, &student.id)?;
    let mut tracer = Tracer::load(reading.tx, number)?;
    tracer.about(reading.tx, "student", student.id.as_str())?;
    let mut origins = Vec::new();
    for field in students::FIELDS {
        let own = history.of_field(field);
        let Some(value) = worth_telling(&own) else { continue };
        let shown = match field {
            "nsn" => student.nsn.as_ref().map(ToString::to_string).unwrap_or_default(),
            _ => value,
        };
        if let Some(origin) = tracer.trace(reading.tx, field, &own)? {
            origins.push(ValueOrigin { field, value: shown, spell: None, origin });
        }
    }
    for (first_day, own) in history.spells() {
        let name = format!("{} {first_day}", students::ENROLMENT);
        let Some((_, spell)) = own.last() else { continue };
        if let Some(origin) = tracer.trace(reading.tx, &name, own)? {
            let (field, spell) = (students::ENROLMENT, Some(*spell));
            origins.push(ValueOrigin { field, value: String::new(), spell, origin });
        }
    }
    Ok(origins)
}
