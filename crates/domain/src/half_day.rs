//! The half-day: a civil date and a half, and sets of them.
//!
//! A set of half-days is kept as bits over the open half-days of one term, so a tally is a
//! population count and a crossing is the position of the tenth, twentieth or thirtieth set bit.

use crate::Date;
use std::fmt;

/// Morning or afternoon. A morning comes before the afternoon of the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// The morning.
    Am,
    /// The afternoon.
    Pm,
}

impl Half {
    /// Both halves, in order.
    pub const BOTH: [Self; 2] = [Self::Am, Self::Pm];

    /// `am` or `pm`, as in every file.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Am => "am",
            Self::Pm => "pm",
        }
    }

    /// Reads `am` or `pm`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|half| half.text() == text)
    }
}

impl fmt::Display for Half {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

/// One half of one school day. Never an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HalfDay {
    /// The civil date at the school.
    pub date: Date,
    /// Which half of it.
    pub half: Half,
}

impl HalfDay {
    /// Names a half-day.
    #[must_use]
    pub fn new(date: Date, half: Half) -> Self {
        Self { date, half }
    }
}

impl fmt::Display for HalfDay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.date, self.half)
    }
}

/// A set of positions in a term's open half-days (position 0 is the first).
///
/// An ordinary term fits the first word; a longer one (a semester) continues in `rest`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HalfDaySet {
    first: u128,
    rest: Vec<u128>,
}

const WORD: usize = 128;

impl HalfDaySet {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A set of positions below 128, from their bits.
    #[inline]
    pub(crate) fn from_first(first: u128) -> Self {
        Self { first, rest: Vec::new() }
    }

    /// Adds a position.
    pub fn insert(&mut self, position: usize) {
        let (word, bit) = (position / WORD, position % WORD);
        if word == 0 {
            self.first |= 1 << bit;
            return;
        }
        if self.rest.len() < word {
            self.rest.resize(word, 0);
        }
        self.rest[word - 1] |= 1 << bit;
    }

    /// Whether a position is in the set.
    #[must_use]
    pub fn contains(&self, position: usize) -> bool {
        self.words().nth(position / WORD).is_some_and(|word| word >> (position % WORD) & 1 == 1)
    }

    /// How many half-days are in the set.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words().map(|word| word.count_ones() as usize).sum()
    }

    /// The position of the `n`th half-day in the set, counting from 1.
    #[must_use]
    #[inline]
    pub fn nth(&self, n: usize) -> Option<usize> {
        let mut left = n.checked_sub(1)?;
        for (index, half_word) in self.half_words().enumerate() {
            let held = half_word.count_ones() as usize;
            if left < held {
                // Drop the lowest set bit until the wanted one is the lowest.
                let dropped = (0..left).fold(half_word, |word, _| word & (word - 1));
                return Some(index * WORD / 2 + dropped.trailing_zeros() as usize);
            }
            left -= held;
        }
        None
    }

    /// The positions in order.
    pub fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.words().enumerate().flat_map(|(index, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                Some(index * WORD + bit)
            })
        })
    }

    /// The words in halves, which is what the machine counts at once.
    #[inline]
    fn half_words(&self) -> impl Iterator<Item = u64> + '_ {
        self.words().flat_map(|word| [word as u64, (word >> (WORD / 2)) as u64])
    }

    #[inline]
    fn words(&self) -> impl Iterator<Item = u128> + '_ {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_of_half_days_agrees_with_a_plain_sorted_set(
            left in prop::collection::btree_set(0usize..400, 0..120),
            probe in 0usize..410,
        ) {
            let build = |positions: &BTreeSet<usize>| {
                let mut set = HalfDaySet::new();
                positions.iter().for_each(|&position| set.insert(position));
                set
            };
            let a = build(&left);
            prop_assert_eq!(a.count(), left.len());
            prop_assert_eq!(a.positions().collect::<Vec<_>>(), left.iter().copied().collect::<Vec<_>>());
            for n in 0..=left.len() + 1 {
                let expected = n.checked_sub(1).and_then(|index| left.iter().nth(index).copied());
                prop_assert_eq!(a.nth(n), expected);
            }
            prop_assert_eq!(a.contains(probe), left.contains(&probe));
        }
    }

    #[test]
    fn a_half_day_is_written_as_its_date_and_half() {
        let half_day = HalfDay::new(jiff::civil::date(2026, 7, 20), Half::Pm);
        assert_eq!((half_day.to_string().as_str(), Half::Am.to_string().as_str()), ("2026-07-20 pm", "am"));
        assert_eq!(Half::BOTH.map(|half| Half::parse(half.text())), [Some(Half::Am), Some(Half::Pm)]);
        assert_eq!(Half::parse("AM"), None);
    }
}
