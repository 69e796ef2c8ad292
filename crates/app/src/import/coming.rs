//! A delivery under way: who says it, whether a person watched, what was said before, and what it
//! changes.
//!
//! A field that a source did not change since it last spoke of it stays as it stands, whoever changed
//! it meanwhile. One that it did change is taken over; only where nobody watches and a person entered
//! what stands, the person is believed unless the school decided otherwise for that field, and the
//! difference is kept as a conflict ([decision 0043](../../../docs/decisions/0043-everything-arrives.md)).

use super::changeset::{Changeset, FieldConflict};
use crate::AppError;
use crate::descent::Descent;
use crate::work::Work;
use domain::{StaffId, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::conflict::ConflictRow;

/// Who says something, and how it is heard.
pub(crate) struct Coming {
    /// The system it comes from.
    pub(crate) source: String,
    /// Whether a person asked for it to stand as it is.
    pub(crate) is_watched: bool,
    /// Acts that were undone: what they said was not said.
    pub(crate) undone: BTreeSet<i64>,
    /// Whom it names besides its good rows.
    pub(crate) named: Named,
    /// What it changes.
    pub(crate) changes: Changeset,
    descent: Descent,
    rules: BTreeMap<String, String>,
    conflicts: Vec<ConflictRow>,
}

/// Whom a whole delivery names, those with problems among them: whoever is named has not left, whatever
/// is wrong with the row.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Whether this is known at all. Where it is not, a list with bad rows lets nobody leave.
    pub(crate) is_known: bool,
    pub(crate) students: BTreeSet<StudentId>,
    pub(crate) staff: BTreeSet<StaffId>,
    /// The staff of whom it says that they have left.
    pub(crate) left: BTreeSet<StaffId>,
}

/// What is to become of a field that a source speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The source says what it said before.
    Unchanged,
    /// It says something new that stands already.
    Stands,
    /// What it says takes effect.
    Take,
    /// It says something else than stands: a person who entered that is believed.
    Conflict,
}

/// A field: the kind of thing it is of, the id, and its name.
pub(crate) type Place<'p> = (&'static str, &'p str, &'p str);

impl Coming {
    pub(crate) fn begin(work: &mut Work<'_, '_>, source: &str, is_watched: bool) -> Result<Self, AppError> {
        let number = work.school.number;
        let undone = store::import_file::undone(work.tx, number)?;
        Ok(Self {
            source: source.to_owned(),
            is_watched,
            descent: Descent::load(work.tx, number)?,
            undone: undone.into_keys().collect(),
            named: Named::default(),
            changes: Changeset::default(),
            rules: store::conflict::rules(work.tx, number)?,
            conflicts: Vec::new(),
        })
    }

    /// Weighs what the source says of a field against what stands. A conflict is one only where a person
    /// entered what stands ([`Coming::is_by_person`]).
    pub(crate) fn weigh(
        &self,
        field: &str,
        earlier: Option<&str>,
        said: &str,
        stands: Option<&str>,
    ) -> Verdict {
        match stands {
            _ if earlier == Some(said) => Verdict::Unchanged,
            None => Verdict::Take,
            Some(stands) if stands == said => Verdict::Stands,
            Some(_) if self.is_watched || self.believes_source(field) => Verdict::Take,
            Some(_) => Verdict::Conflict,
        }
    }

    /// Whether a person entered what stands at the end of a history.
    pub(crate) fn is_by_person<T: PartialEq>(
        &mut self,
        work: &mut Work<'_, '_>,
        place: Place<'_>,
        history: &[(i64, T)],
    ) -> Result<bool, AppError> {
        self.descent.is_by_person(work.tx, place, history)
    }

    fn believes_source(&self, field: &str) -> bool {
        let group = field.split(' ').next().unwrap_or(field);
        self.rules.get(group).is_some_and(|believes| believes == "source")
    }

    /// Keeps a difference for a person to look at.
    pub(crate) fn conflict(
        &mut self,
        work: &mut Work<'_, '_>,
        (kind, id, field): Place<'_>,
        (stands, offered): (&str, &str),
    ) -> Result<(), AppError> {
        let shown = |text: &str| {
            if field == "nsn" { super::changeset::NOT_SHOWN.to_owned() } else { text.to_owned() }
        };
        self.changes.conflicts.add(FieldConflict {
            kind,
            id: id.to_owned(),
            field: field.to_owned(),
            stands: shown(stands),
            offered: shown(offered),
        });
        self.conflicts.push(ConflictRow {
            id: work.entropy.uuid(work.now),
            act: work.act()?,
            recorded_at: work.now,
            kind: kind.to_owned(),
            of: id.to_owned(),
            field: field.to_owned(),
            source: self.source.clone(),
            stands: stands.to_owned(),
            offered: offered.to_owned(),
            decision: None,
        });
        Ok(())
    }

    /// Writes the conflicts that were found, and reads back what became of crossings.
    pub(crate) fn finish(mut self, work: &mut Work<'_, '_>) -> Result<Changeset, AppError> {
        store::conflict::insert(work.tx, work.school.number, &self.conflicts)?;
        let act = work.act()?;
        self.changes.take_crossings(work, act)?;
        Ok(self.changes)
    }
}
