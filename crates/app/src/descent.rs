//! To which act a value goes back: the one at which it took its present value, across what was undone and
//! what was taken from a source. Where a value comes from, and whether a person entered it, both follow
//! from this.

use crate::AppError;
use crate::import::students;
use domain::{Date, SchoolNumber, Spell, StudentId};
use std::collections::BTreeMap;
use store::people::StudentRow;
use store::{ALWAYS, Tx};

/// The act since which a value stands, of a history in order: of what was taken back, the act since which
/// it had stood before.
fn since<T: PartialEq>(history: &[(i64, T)], undoing: &BTreeMap<i64, i64>) -> Option<i64> {
    let mut history = history;
    loop {
        let (_, stands) = history.last()?;
        let run = history.iter().rev().take_while(|(_, value)| value == stands).count();
        let act = history[history.len() - run].0;
        let Some(undone) = undoing.get(&act) else { return Some(act) };
        let before = history.partition_point(|(earlier, _)| earlier < undone);
        if before == 0 {
            return Some(act);
        }
        history = &history[..before];
    }
}

/// Follows values back through what was undone and what was taken.
pub(crate) struct Descent {
    number: SchoolNumber,
    /// Acts that undid an import, each with the import.
    undoing: BTreeMap<i64, i64>,
    /// Who is being looked at.
    about: (String, String),
    /// By act and field, the act of the source whose word was taken.
    taken: BTreeMap<(i64, String), i64>,
}

impl Descent {
    pub(crate) fn load(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Self, AppError> {
        let undone = store::import_file::undone(tx, number)?;
        let undoing = undone.into_iter().map(|(act, undo)| (undo, act)).collect();
        Ok(Self { number, undoing, about: Default::default(), taken: BTreeMap::new() })
    }

    /// Makes it somebody's: what was decided about them counts.
    pub(crate) fn about(&mut self, tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<(), AppError> {
        let about = (kind.to_owned(), id.to_owned());
        if self.about != about {
            let taken = store::conflict::taken(tx, self.number, kind, id)?;
            self.taken = taken.into_iter().map(|(act, said, field)| ((act, field), said)).collect();
            self.about = about;
        }
        Ok(())
    }

    /// The act since which a value at the end of a history stands, and the act of the source whose word a
    /// person took with it, if one did.
    pub(crate) fn act<T: PartialEq>(&self, field: &str, history: &[(i64, T)]) -> Option<(i64, Option<i64>)> {
        let act = since(history, &self.undoing)?;
        Some((act, self.taken.get(&(act, field.to_owned())).copied()))
    }

    /// Whether a person entered the value at the end of a history, rather than a file, a push or the
    /// undoing of one.
    pub(crate) fn is_by_person<T: PartialEq>(
        &mut self,
        tx: &mut Tx<'_>,
        (kind, id, field): (&str, &str, &str),
        history: &[(i64, T)],
    ) -> Result<bool, AppError> {
        self.about(tx, kind, id)?;
        let Some((act, said)) = self.act(field, history) else { return Ok(false) };
        let act = said.unwrap_or(act);
        let is_import = store::import_file::of_act(tx, self.number, act)?.is_some();
        Ok(!is_import && !self.undoing.contains_key(&act))
    }
}

/// The histories of a student's fields and spells.
pub(crate) struct StudentHistory {
    versions: Vec<(i64, StudentRow)>,
    spells: BTreeMap<Date, Vec<(i64, Spell)>>,
}

impl StudentHistory {
    pub(crate) fn load(tx: &mut Tx<'_>, number: SchoolNumber, id: &StudentId) -> Result<Self, AppError> {
        let ids = std::slice::from_ref(id);
        let versions = store::people::student_versions_of(tx, number, ids)?;
        let versions = versions.into_iter().map(|(act, version)| (act, version.student)).collect();
        let mut spells: BTreeMap<Date, Vec<(i64, Spell)>> = BTreeMap::new();
        for version in store::people::spells_of(tx, number, ids, ALWAYS)? {
            spells.entry(version.spell.first_day).or_default().push((version.act, version.spell));
        }
        Ok(Self { versions, spells })
    }

    pub(crate) fn of_field(&self, name: &str) -> Vec<(i64, String)> {
        self.versions.iter().map(|(act, student)| (*act, students::field(student, name))).collect()
    }

    pub(crate) fn spells(&self) -> impl Iterator<Item = (&Date, &Vec<(i64, Spell)>)> {
        self.spells.iter()
    }

    pub(crate) fn of_spell(&self, first_day: Date) -> &[(i64, Spell)] {
        self.spells.get(&first_day).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::since;
    use std::collections::BTreeMap;

    #[test]
    fn a_value_stands_since_it_last_became_what_it_is() {
        let none = BTreeMap::new();
        assert_eq!(since::<&str>(&[], &none), None);
        assert_eq!(since(&[(1, "a"), (2, "a"), (3, "a")], &none), Some(1));
        assert_eq!(since(&[(1, "a"), (2, "b"), (3, "a"), (4, "a")], &none), Some(3));
    }

    #[test]
    fn what_was_taken_back_comes_from_where_it_came_before() {
        let undoing = BTreeMap::from([(5, 4), (7, 6)]);
        assert_eq!(since(&[(1, "a"), (4, "b"), (5, "a")], &undoing), Some(1));
        assert_eq!(since(&[(1, "a"), (2, "c"), (4, "b"), (5, "c"), (6, "d"), (7, "c")], &undoing), Some(2));
        // Somebody who was new with what was taken back: nothing came before.
        assert_eq!(since(&[(4, "b"), (5, "c")], &undoing), Some(5));
        // An undoing that changed nothing of this value.
        assert_eq!(since(&[(1, "a"), (5, "a")], &undoing), Some(1));
    }
}
