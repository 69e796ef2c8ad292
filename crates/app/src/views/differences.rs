//! Where a person and a system say different things, as the page about it shows them: whose, which field,
//! what stands by whom and since when, what the system says and when.

use super::provenance::{Origin, Tracer};
use super::{Reading, StaffNames};
use crate::descent::StudentHistory;
use crate::import::{marks, staff, students};
use crate::{Actor, AppError, School};
use domain::{Date, Instant, Nsn, Permission, StaffId, StudentId};
use store::conflict::ConflictRow;

/// A difference that is open.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The conflict; an NSN in it is masked.
    pub conflict: ConflictRow,
    /// The field that has a rule: `mark`, `enrolment`, `given_name` and so on.
    pub field: String,
    /// Who it is about, by name; nothing for a reader who sees no students.
    pub name: Option<String>,
    /// What stands now.
    pub stands: String,
    /// Who entered that, and when.
    pub origin: Option<Origin>,
}

impl School {
    /// The differences that are open, oldest first. One that is no difference any more, because what stands
    /// is what the system says, is left out.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn differences(&self, actor: &Actor, now: Instant) -> Result<Vec<Difference>, AppError> {
        let open = self.conflicts(actor, now)?;
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see where systems and people differ")?;
            let number = reading.school.number;
            let staff = StaffNames::load(reading.tx, number)?;
            let mut tracer = Tracer::load(reading.tx, number)?;
            let mut lines = Vec::new();
            for conflict in open {
                let line = line(reading, &mut tracer, &staff, conflict)?;
                lines.extend(line.filter(|line| line.stands != line.conflict.offered));
            }
            Ok(lines.into_iter().map(masked).collect())
        })
    }
}

/// The line of a conflict; nothing when what it is about is not there any more.
fn line(
    reading: &mut Reading<'_, '_>,
    tracer: &mut Tracer,
    staff: &StaffNames,
    conflict: ConflictRow,
) -> Result<Option<Difference>, AppError> {
    let number = reading.school.number;
    tracer.about(reading.tx, &conflict.kind, &conflict.of)?;
    let field = conflict.field.clone();
    if conflict.kind == "staff" {
        let Ok(id) = StaffId::parse(&conflict.of) else { return Ok(None) };
        let versions = store::people::staff_versions_of(reading.tx, number, &id)?;
        let history: Vec<(i64, String)> = versions
            .iter()
            .map(|(act, _, version)| (*act, staff::field(&staff::entry_of(version), &field)))
            .collect();
        let stands = history.last().map(|(_, value)| value.clone()).unwrap_or_default();
        let origin = tracer.trace(reading.tx, &field, &history)?;
        let name = Some(staff.name(id.as_str()));
        return Ok(Some(Difference { conflict, field, name, stands, origin }));
    }
    let Ok(id) = StudentId::parse(&conflict.of) else { return Ok(None) };
    let Some(student) = store::people::student(reading.tx, number, &id)? else { return Ok(None) };
    let name = reading.reaches(Permission::SeeStudents, &student).then(|| student.full_name());
    let (field, stands, origin) = if conflict.kind == "mark" {
        let (stands, origin) = of_mark(reading, tracer, &id, &field)?;
        ("mark".to_owned(), stands, origin)
    } else {
        let history = StudentHistory::load(reading.tx, number, &id)?;
        match field.strip_prefix(students::ENROLMENT).map(|first| first.trim().parse::<Date>()) {
            Some(first_day) => {
                let own = first_day.map_or(&[][..], |first_day| history.of_spell(first_day));
                let stands = own.last().map_or_else(
                    || students::NO_SPELL.to_owned(),
                    |(_, spell)| spell.last_day.map(|date| date.to_string()).unwrap_or_default(),
                );
                (students::ENROLMENT.to_owned(), stands, tracer.trace(reading.tx, &field, own)?)
            }
            None => {
                let own = history.of_field(&field);
                let origin = tracer.trace(reading.tx, &field, &own)?;
                (field, students::field(&student, &conflict.field), origin)
            }
        }
    };
    Ok(Some(Difference { conflict, field, name, stands, origin }))
}

fn of_mark(
    reading: &mut Reading<'_, '_>,
    tracer: &mut Tracer,
    id: &StudentId,
    field: &str,
) -> Result<(String, Option<Origin>), AppError> {
    let Some(Ok(date)) = field.split_once(' ').map(|(date, _)| date.parse::<Date>()) else {
        return Ok((String::new(), None));
    };
    let ids = std::slice::from_ref(id);
    let versions = store::mark::of_day(reading.tx, reading.school.number, ids, date)?;
    let own = versions
        .chunk_by(crate::settle::is_same_slot)
        .find(|own| own.last().is_some_and(|mark| marks::field(date, &mark.slot()) == field));
    let Some(own) = own else { return Ok((String::new(), None)) };
    let letter = own.last().and_then(|mark| mark.letter).map(String::from).unwrap_or_default();
    Ok((letter, tracer.mark(reading.tx, own)?))
}

/// The same with its NSNs masked.
fn masked(mut line: Difference) -> Difference {
    if line.field == "nsn" {
        let mask = |text: &str| Nsn::parse(text).map(|nsn| nsn.to_string()).unwrap_or_default();
        line.stands = mask(&line.stands);
        line.conflict.stands = mask(&line.conflict.stands);
        line.conflict.offered = mask(&line.conflict.offered);
    }
    line
}
