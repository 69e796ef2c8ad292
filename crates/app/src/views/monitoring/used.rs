//! What was done: responses by level, type and description; descriptions that nobody uses, and
//! those that nearly everybody does.

use super::facts::Facts;
use super::levels::place_or_none;
use domain::ResponseType;
use std::collections::BTreeMap;

/// How many responses of a type there must be before one of its descriptions is called overused.
pub(super) const LEAST_OF_A_TYPE: usize = 10;

/// Responses in a term.
#[derive(Debug, Clone, Default)]
pub struct Used {
    /// Every type, in the guidance's order.
    pub types: Vec<TypeUse>,
    /// At 5, 10, 15 days, and without a level.
    pub totals: [usize; 4],
    /// Descriptions that are offered and were not recorded once.
    pub unused: Vec<(ResponseType, String)>,
    /// Descriptions that more than half of a type's responses have.
    pub overused: Vec<Overused>,
}

/// Responses of one type.
#[derive(Debug, Clone)]
pub struct TypeUse {
    /// Which.
    pub kind: ResponseType,
    /// At 5, 10, 15 days, and without a level.
    pub counts: [usize; 4],
    /// By description, the most used first.
    pub descriptions: Vec<DescriptionUse>,
}

impl TypeUse {
    /// How many in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// Responses of one type with one description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionUse {
    /// The wording as it was recorded; empty for those without one.
    pub wording: String,
    /// At 5, 10, 15 days, and without a level.
    pub counts: [usize; 4],
}

/// A description that says little, since most responses of its type have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overused {
    /// The type it stands under.
    pub kind: ResponseType,
    /// The wording.
    pub wording: String,
    /// How many responses have it.
    pub used: usize,
    /// Of how many of the type.
    pub of: usize,
}

/// Counts the responses of a term.
pub(super) fn of(facts: &Facts) -> Used {
    let mut counted: BTreeMap<ResponseType, BTreeMap<&str, [usize; 4]>> = BTreeMap::new();
    let mut totals = [0; 4];
    for response in &facts.responses {
        let place = place_or_none(response.version.threshold);
        let own = counted.entry(response.version.kind).or_default();
        own.entry(&response.version.description).or_default()[place] += 1;
        totals[place] += 1;
    }
    let types: Vec<TypeUse> = ResponseType::ALL
        .into_iter()
        .map(|kind| {
            let own = counted.remove(&kind).unwrap_or_default();
            let line = |(wording, counts): (&str, [usize; 4])| DescriptionUse {
                wording: wording.to_owned(),
                counts,
            };
            let mut descriptions: Vec<DescriptionUse> = own.into_iter().map(line).collect();
            descriptions.sort_by_key(|line| std::cmp::Reverse(line.counts.iter().sum::<usize>()));
            let mut counts = [0; 4];
            for line in &descriptions {
                counts.iter_mut().zip(line.counts).for_each(|(sum, count)| *sum += count);
            }
            TypeUse { kind, counts, descriptions }
        })
        .collect();
    let offered = || facts.descriptions.iter().filter(|description| !description.retired);
    let unused = offered().filter(|description| {
        let of_kind = types.iter().find(|line| line.kind == description.kind);
        of_kind.is_none_or(|line| line.descriptions.iter().all(|used| used.wording != description.wording))
    });
    let unused = unused.map(|description| (description.kind, description.wording.clone())).collect();
    let overused = types.iter().filter_map(|line| {
        let of = line.total();
        let first = line.descriptions.iter().find(|used| !used.wording.is_empty())?;
        let used = first.counts.iter().sum::<usize>();
        let choices = offered().filter(|description| description.kind == line.kind).count();
        let is_overused = of >= LEAST_OF_A_TYPE && choices > 1 && 2 * used > of;
        is_overused.then(|| Overused { kind: line.kind, wording: first.wording.clone(), used, of })
    });
    let overused = overused.collect();
    Used { types, totals, unused, overused }
}
