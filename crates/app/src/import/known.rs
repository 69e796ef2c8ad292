//! What a school knows of its students before a delivery, and what its source said of them.

use super::coming::Coming;
use super::students::ENROLMENT;
use crate::AppError;
use crate::descent::StudentHistory;
use crate::work::Work;
use domain::{Date, Spell, StudentId};
use std::collections::BTreeMap;
use store::ALWAYS;
use store::people::{SpellVersion, StudentRow};
use store::said::{Memory, SaidOf};

/// What the school knows of its students before a delivery.
pub(super) struct Known {
    pub(super) students: BTreeMap<StudentId, StudentRow>,
    pub(super) spells: BTreeMap<StudentId, BTreeMap<Date, SpellVersion>>,
    said: Memory,
    histories: BTreeMap<StudentId, StudentHistory>,
}

impl Known {
    /// `only` names whom a delivery is about, where it is about few.
    pub(super) fn load(
        work: &mut Work<'_, '_>,
        coming: &Coming,
        only: Option<Vec<String>>,
    ) -> Result<Self, AppError> {
        let number = work.school.number;
        let students = store::people::students(work.tx, number)?;
        let mut spells: BTreeMap<StudentId, BTreeMap<Date, SpellVersion>> = BTreeMap::new();
        for version in store::people::spells(work.tx, number, ALWAYS)? {
            let own = spells.entry(version.student_id.clone()).or_default();
            own.insert(version.spell.first_day, version);
        }
        let of_source = (coming.source.as_str(), SaidOf::Student);
        let said = store::said::last(work.tx, number, of_source, only, |act| coming.undone.contains(&act))?;
        let students = students.into_iter().map(|row| (row.id.clone(), row)).collect();
        Ok(Self { students, spells, said, histories: BTreeMap::new() })
    }

    pub(super) fn said(&self, id: &StudentId, field: &str) -> Option<&str> {
        self.said.get(id.as_str())?.get(field).map(String::as_str)
    }

    pub(super) fn spells_of(&self, id: &StudentId) -> Vec<Spell> {
        self.spells.get(id).into_iter().flatten().map(|(_, version)| version.spell).collect()
    }

    /// A student's histories, read when they are asked for.
    pub(super) fn history(
        &mut self,
        work: &mut Work<'_, '_>,
        id: &StudentId,
    ) -> Result<&StudentHistory, AppError> {
        if !self.histories.contains_key(id) {
            let own = StudentHistory::load(work.tx, work.school.number, id)?;
            self.histories.insert(id.clone(), own);
        }
        Ok(&self.histories[id])
    }

    /// The first day of a spell that the source says goes on and that stands as ended.
    pub(super) fn ended_here(&self, id: &StudentId) -> Option<Date> {
        let own = self.spells.get(id)?;
        let mut first_days = self.said_open(id.as_str()).map(|(_, first)| first);
        first_days.find(|first| own.get(first).is_some_and(|version| version.spell.last_day.is_some()))
    }

    /// The spells that a source said go on, with the fields that say so.
    fn said_open<'k>(&'k self, id: &str) -> impl Iterator<Item = (&'k String, Date)> + use<'k> {
        let said = self.said.get(id).into_iter().flatten();
        said.filter(|(_, end)| end.is_empty()).filter_map(|(field, _)| {
            let first_day = field.strip_prefix(ENROLMENT)?.trim().parse().ok()?;
            Some((field, first_day))
        })
    }

    /// Whether the source said of a spell that is not there that it goes on.
    pub(super) fn is_asked_about(&self, id: &StudentId) -> bool {
        let own = self.spells.get(id);
        self.said_open(id.as_str()).any(|(_, first)| own.is_none_or(|own| !own.contains_key(&first)))
    }

    /// Whose enrolment the source said goes on where it does not, each with the fields of the spells.
    pub(super) fn said_to_go_on(&self, today: Date) -> Vec<(StudentId, Vec<String>)> {
        let own = |id: &String| {
            let id_of = StudentId::parse(id).ok()?;
            let spells = self.spells.get(&id_of);
            let is_over = |first: &Date| {
                let stands = spells.and_then(|own| own.get(first));
                stands.is_none_or(|version| version.spell.last_day.is_some_and(|last| last < today))
            };
            let over = self.said_open(id).filter(|(_, first)| is_over(first));
            let fields: Vec<String> = over.map(|(field, _)| field.clone()).collect();
            (!fields.is_empty()).then_some((id_of, fields))
        };
        self.said.keys().filter_map(own).collect()
    }
}
