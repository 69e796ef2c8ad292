//! Who is known at the school, as a mapping asks: students by their number, and their enrolment.

use crate::import::{staff, students};
use crate::people::StaffEntry;
use crate::{AppError, settle};
use domain::{Date, SchoolNumber, Spell, StaffId, StudentId};
use interop::mapping::{Kind, Roll};
use std::collections::{BTreeMap, HashMap};
use store::people::StudentRow;
use store::{ALWAYS, Tx};

/// The school's students.
pub(super) struct SchoolRoll {
    number: SchoolNumber,
    today: Date,
    /// By National Student Number, without leading zeros.
    by_nsn: HashMap<String, Vec<StudentId>>,
    spells: BTreeMap<StudentId, Vec<Spell>>,
    students: HashMap<StudentId, StudentRow>,
    staff: HashMap<StaffId, StaffEntry>,
}

impl SchoolRoll {
    pub(super) fn load(tx: &mut Tx<'_>, number: SchoolNumber, today: Date) -> Result<Self, AppError> {
        let mut by_nsn: HashMap<String, Vec<StudentId>> = HashMap::new();
        let mut known = HashMap::new();
        for student in store::people::students(tx, number)? {
            if let Some(nsn) = &student.nsn {
                by_nsn.entry(bare(nsn.reveal())).or_default().push(student.id.clone());
            }
            known.insert(student.id.clone(), student);
        }
        let staff = store::people::staff(tx, number)?;
        let staff = staff.into_iter().map(|one| (one.id.clone(), staff::entry_of(&one))).collect();
        let spells = settle::group_spells(store::people::spells(tx, number, ALWAYS)?);
        Ok(Self { number, today, by_nsn, spells, students: known, staff })
    }
}

/// A number that went through a spreadsheet has lost its leading zeros.
fn bare(nsn: &str) -> String {
    nsn.trim_start_matches('0').to_owned()
}

impl Roll for SchoolRoll {
    fn id_of(&self, nsn: &str) -> Result<Option<String>, String> {
        match self.by_nsn.get(&bare(nsn)).map_or(&[][..], Vec::as_slice) {
            [] => Ok(None),
            [only] => Ok(Some(only.to_string())),
            _ => Err("several students have this National Student Number".to_owned()),
        }
    }

    fn enrolment(&self, student_id: &str) -> Option<(String, String, bool)> {
        let id = StudentId::parse(student_id).ok()?;
        let last = self.spells.get(&id)?.iter().max_by_key(|spell| spell.first_day)?;
        let end = last.last_day.map_or_else(String::new, |day| day.to_string());
        Some((last.first_day.to_string(), end, last.last_day.is_some_and(|day| day < self.today)))
    }

    fn stands(&self, kind: Kind, id: &str, field: &str) -> Option<String> {
        match kind {
            Kind::Students => {
                let student = self.students.get(&StudentId::parse(id).ok()?)?;
                Some(students::field(student, field))
            }
            Kind::Staff => Some(staff::field(self.staff.get(&StaffId::parse(id).ok()?)?, field)),
            _ => None,
        }
    }

    fn school(&self) -> String {
        self.number.to_string()
    }
}
