//! Chance that repeats itself: a small generator whose numbers follow from a seed.
//!
//! It is `splitmix64`: a counter that grows by an odd constant, and a mixing function over it.
//! That is plenty for choosing made-up names and absences, and nothing else: anybody who knows
//! the seed knows every number. Sub-generators ([`Chance::of`]) are named by what they are for,
//! so that one more choice about one student leaves every other student as they were.

/// The step of the counter: 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A generator.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
}

fn mix(state: u64) -> u64 {
    let mut mixed = state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Chance {
    /// A generator of its own for one purpose and one thing, such as the absences of the
    /// seventh student.
    pub(crate) fn of(seed: u64, purpose: &str, thing: usize) -> Self {
        let fold = |state: u64, part: u64| mix(state.wrapping_add(STEP) ^ part);
        let named = purpose.bytes().fold(mix(seed), |state, byte| fold(state, u64::from(byte)));
        Self { state: fold(named, u64::try_from(thing).unwrap_or(u64::MAX)) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number from 0 up to but not including `end`; 0 when there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * u128::try_from(end).unwrap_or(0);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number between two, both included.
    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True that many times in a hundred.
    pub(crate) fn percent(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    /// True that many times in a thousand.
    pub(crate) fn per_mille(&mut self, times: usize) -> bool {
        self.below(1000) < times
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        assert!(!all.is_empty(), "one of none was asked for");
        all[self.below(all.len())]
    }

    /// One of several, as often as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, all: &[(usize, T)]) -> T {
        let total = all.iter().map(|(weight, _)| weight).sum();
        let mut at = self.below(total);
        for &(weight, value) in all {
            if at < weight {
                return value;
            }
            at -= weight;
        }
        all[0].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_purposes_and_things_differ() {
        let first = |seed, purpose, thing| Chance::of(seed, purpose, thing).next();
        assert_eq!(first(7, "names", 3), first(7, "names", 3));
        assert_ne!(first(7, "names", 3), first(8, "names", 3));
        assert_ne!(first(7, "names", 3), first(7, "habits", 3));
        assert_ne!(first(7, "names", 3), first(7, "names", 4));
    }

    #[test]
    fn numbers_stay_in_range_and_come_about_as_often_as_they_should() {
        let mut chance = Chance::of(1, "a test", 0);
        let mut hits = [0_usize; 4];
        for _ in 0..4_000 {
            hits[chance.below(4)] += 1;
            assert!((3..=5).contains(&chance.between(3, 5)));
        }
        assert!(hits.iter().all(|&hit| (850..1_150).contains(&hit)), "{hits:?}");
        assert_eq!(chance.below(0), 0);
        let often = (0..1_000).filter(|_| chance.weighted(&[(9, true), (1, false)])).count();
        assert!((850..950).contains(&often), "{often}");
    }
}
