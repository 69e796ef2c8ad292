//! Students: particulars, of which the last row stands, and a spell of enrolment a row.

use crate::work::Work;
use crate::{AppError, settle};
use domain::{Date, Spell, StudentId};
use interop::contract;
use std::collections::{BTreeMap, BTreeSet};
use store::ALWAYS;
use store::people::StudentRow;

pub(super) fn save(work: &mut Work<'_, '_>, rows: Vec<contract::StudentRow>) -> Result<usize, AppError> {
    let number = work.school.number;
    let standing: BTreeMap<StudentId, StudentRow> =
        store::people::students(work.tx, number)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let spells = settle::group_spells(store::people::spells(work.tx, number, ALWAYS)?);
    let act = work.act()?;
    let mut students: BTreeMap<StudentId, StudentRow> = BTreeMap::new();
    let mut entered: BTreeMap<(StudentId, Date), Spell> = BTreeMap::new();
    for row in rows {
        let spell = Spell { first_day: row.start_date, last_day: row.end_date };
        entered.insert((row.student_id.clone(), spell.first_day), spell);
        let house = row.house.or_else(|| standing.get(&row.student_id).map(|known| known.house.clone()));
        let student = StudentRow {
            house: house.unwrap_or_default(),
            id: row.student_id.clone(),
            nsn: row.nsn,
            given_name: row.given_name,
            family_name: row.family_name,
            preferred_name: row.preferred_name,
            year_level: row.year_level,
            group: row.group,
        };
        students.insert(row.student_id, student);
    }
    let mut changed: BTreeSet<StudentId> = BTreeSet::new();
    for (id, student) in students {
        if standing.get(&id) != Some(&student) {
            store::people::insert_student(work.tx, number, act, work.now, &student)?;
            changed.insert(id);
        }
    }
    let mut moved: BTreeSet<StudentId> = BTreeSet::new();
    for ((id, _), spell) in entered {
        if spells.get(&id).is_some_and(|known| known.contains(&spell)) {
            continue;
        }
        store::people::insert_spell(work.tx, number, act, work.now, &id, spell)?;
        if spells.contains_key(&id) {
            moved.insert(id.clone());
        }
        changed.insert(id);
    }
    settle::enrolment(work, &moved)?;
    Ok(changed.len())
}
