//! Who is known at the school, as a mapping asks: students by their number, and their enrolment.

use crate::AppError;
use crate::settle;
use domain::{Date, SchoolNumber, Spell, StudentId};
use interop::mapping::Roll;
use std::collections::{BTreeMap, HashMap};
use store::{ALWAYS, Tx};

/// The school's students.
pub(super) struct SchoolRoll {
    number: SchoolNumber,
    today: Date,
    /// By National Student Number, without leading zeros.
    by_nsn: HashMap<String, Vec<StudentId>>,
    spells: BTreeMap<StudentId, Vec<Spell>>,
}

impl SchoolRoll {
    pub(super) fn load(tx: &mut Tx<'_>, number: SchoolNumber, today: Date) -> Result<Self, AppError> {
        let mut by_nsn: HashMap<String, Vec<StudentId>> = HashMap::new();
        for student in store::people::students(tx, number)? {
            if let Some(nsn) = &student.nsn {
                by_nsn.entry(bare(nsn.reveal())).or_default().push(student.id);
            }
        }
        let spells = settle::group_spells(store::people::spells(tx, number, ALWAYS)?);
        Ok(Self { number, today, by_nsn, spells })
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

    fn school(&self) -> String {
        self.number.to_string()
    }
}
