//! The middle of some values, and the one below which nine in ten lie.
//!
//! Both are by nearest rank: the smallest of the values that at least so many in a hundred do not
//! exceed. So each is a value that really came up, in whole numbers, and of an even number of
//! values the middle one is the lower of the two.

/// How some values are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// How many values there are.
    pub count: usize,
    /// At least half of them are this or less.
    pub median: i64,
    /// At least nine in ten of them are this or less.
    pub ninetieth: i64,
}

impl Spread {
    /// The spread of some values in any order; nothing when there is none.
    #[must_use]
    pub fn of(mut values: Vec<i64>) -> Option<Self> {
        values.sort_unstable();
        let (median, ninetieth) = (nearest_rank(&values, 50)?, nearest_rank(&values, 90)?);
        Some(Self { count: values.len(), median, ninetieth })
    }
}

/// The smallest of sorted values that at least `percent` in a hundred do not exceed.
fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// A part as whole percent of the whole, rounded down, so that only all of it says 100; nothing
/// when the whole is nothing.
#[must_use]
pub fn whole_percent(part: usize, whole: usize) -> Option<usize> {
    (100 * part).checked_div(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_even_number_is_the_lower_of_the_two() {
        let spread = |values: &[i64]| {
            let spread = Spread::of(values.to_vec()).expect("some values");
            (spread.count, spread.median, spread.ninetieth)
        };
        assert_eq!(spread(&[7]), (1, 7, 7));
        assert_eq!(spread(&[9, 1]), (2, 1, 9));
        assert_eq!(spread(&[3, 1, 2]), (3, 2, 3));
        assert_eq!(spread(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), (10, 5, 9));
        assert_eq!(spread(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 50]), (11, 1, 1));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn a_share_is_rounded_down_so_that_only_all_of_it_is_a_hundred() {
        assert_eq!(
            [(0, 3), (2, 3), (199, 200), (3, 3)].map(|(part, whole)| whole_percent(part, whole)),
            [Some(0), Some(66), Some(99), Some(100)]
        );
        assert_eq!(whole_percent(0, 0), None);
    }
}
