//! Where every choice of a run comes from: one seed, and streams that follow from it.

/// A source of choices that gives the same ones for the same seed.
///
/// Source: splitmix64, Steele and others, "Fast splittable pseudorandom number generators", 2014.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A source for a seed and a purpose: drawing for one purpose moves no other.
    #[must_use]
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mixed = purpose.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |mixed, byte| {
            (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
        });
        let mut random = Self(mixed);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `limit`; 0 when there is no such number.
    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.next() % limit }
    }

    /// The same as an index.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(u64::MAX))).unwrap_or_default()
    }

    /// A whole number of seconds from 0 to below `limit`.
    pub fn seconds(&mut self, limit: i64) -> i64 {
        i64::try_from(self.below(u64::try_from(limit).unwrap_or_default())).unwrap_or_default()
    }

    /// True in so many of a thousand draws.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.index(list.len()))
    }

    /// One of a list in which each has a weight.
    pub fn weighted<T: Copy>(&mut self, list: &[(T, u64)], otherwise: T) -> T {
        let mut draw = self.below(list.iter().map(|(_, weight)| weight).sum());
        for &(one, weight) in list {
            if draw < weight {
                return one;
            }
            draw -= weight;
        }
        otherwise
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_and_a_purpose_always_give_the_same_choices() {
        let draws = |seed, purpose| {
            let mut random = Random::new(seed, purpose);
            std::array::from_fn::<u64, 8, _>(|_| random.below(1_000_000))
        };
        assert_eq!(draws(7, "line"), draws(7, "line"));
        assert_ne!(draws(7, "line"), draws(8, "line"));
        assert_ne!(draws(7, "line"), draws(7, "school"));
    }

    #[test]
    fn a_weight_of_nothing_is_never_drawn_and_every_other_is() {
        let mut random = Random::new(1, "weights");
        let mut seen = [0; 3];
        for _ in 0..1_000 {
            seen[random.weighted(&[(0, 0), (1, 1), (2, 9)], 0)] += 1;
        }
        assert!(seen[0] == 0 && seen[1] > 0 && seen[2] > seen[1]);
    }
}
