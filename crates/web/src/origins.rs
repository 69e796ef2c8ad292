//! Where each value comes from, in words: the system with its time and the privacy notice, or the person
//! who entered it. Used by the pages of a student, of a person on the staff, and of differences.

use crate::when::When;
use crate::words_of::{Said, filled};
use app::views::{Origin, ValueOrigin, Whence};
use domain::Spell;

/// A value and where it comes from.
pub(crate) struct OriginLine {
    pub(crate) field: String,
    pub(crate) value: String,
    pub(crate) from: String,
    pub(crate) at: When,
    pub(crate) notice: Option<String>,
}

/// The lines of a table of origins.
pub(crate) fn lines(said: Said, origins: &[ValueOrigin]) -> Vec<OriginLine> {
    let line = |value: &ValueOrigin| OriginLine {
        field: field(said, value.field),
        value: value.spell.map_or_else(|| value.value.clone(), |spell| spell_text(said, spell)),
        from: from(said, &value.origin),
        at: said.instant(value.origin.at),
        notice: notice(&value.origin),
    };
    origins.iter().map(line).collect()
}

/// The name of a field, which is named as in the contract's files.
pub(crate) fn field(said: Said, name: &str) -> String {
    said.words.get(&format!("origin-field-{}", name.replace('_', "-")))
}

fn spell_text(said: Said, spell: Spell) -> String {
    let first = said.date(spell.first_day);
    match spell.last_day {
        Some(last) if last < spell.first_day => said.words.get("origin-spell-never"),
        Some(last) => {
            let last = said.date(last);
            filled(said.words, "origin-spell-until", &[("first", &first), ("last", &last)])
        }
        None => said.words.one("origin-spell-from", "first", &first),
    }
}

/// Who said it.
pub(crate) fn from(said: Said, origin: &Origin) -> String {
    match &origin.whence {
        Whence::Source(brought) => {
            let door = said.words.get(&format!("origin-door-{}", brought.door));
            let told = [("source", &*brought.source), ("door", &*door), ("name", &*brought.name)];
            let text = filled(said.words, "origin-source", &told);
            match &brought.chosen_by {
                Some(name) => format!("{text}, {}", said.words.one("origin-chosen", "name", name)),
                None => text,
            }
        }
        Whence::Person(name) => name.clone(),
        Whence::Operator => said.words.get("origin-operator"),
        Whence::Unknown => said.words.get("origin-unknown"),
    }
}

/// The version of the privacy notice, where another system said it.
pub(crate) fn notice(origin: &Origin) -> Option<String> {
    match &origin.whence {
        Whence::Source(brought) => Some(brought.notice.clone()),
        _ => None,
    }
}
