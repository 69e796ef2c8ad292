//! Small numbers, hidden so that nobody works them out from the sums they stand in.
//!
//! A report is a set of counts with sums between them: rows and columns of tables, and what stands
//! in several tables at once. A count under five is hidden, 0 excepted: it speaks of nobody. Then,
//! as long as a hidden count could be worked out, another one beside it is hidden too.
//!
//! Whether one can be worked out is decided by showing another report: the same shown counts, the
//! same sums, and this count one more or one less. While such a report exists nobody can tell the
//! two apart, even knowing that every hidden count is at least 1. Where the search finds none in
//! its steps, more is hidden: it errs on that side alone.

/// The smallest count, apart from 0, that is shown.
pub const LEAST: usize = 5;

/// Steps that one search for another report may take.
const STEPS: usize = 20_000;

/// A count within some [`Figures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(usize);

/// Counts that are to be published, and the sums that hold between them.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    counts: Vec<usize>,
    sums: Vec<Sum>,
}

#[derive(Debug, Clone)]
struct Sum {
    total: usize,
    parts: Vec<usize>,
}

/// A count as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// The count.
    Shown(usize),
    /// Hidden: under five, or one that would give such a one away.
    Hidden,
}

impl Count {
    /// The count, unless it is hidden.
    #[must_use]
    pub fn count(self) -> Option<usize> {
        match self {
            Self::Shown(count) => Some(count),
            Self::Hidden => None,
        }
    }
}

/// Counts of which some are hidden.
#[derive(Debug, Clone)]
pub struct Published {
    counts: Vec<usize>,
    hidden: Vec<bool>,
}

impl Published {
    /// A count as it is shown.
    #[must_use]
    pub fn get(&self, id: CellId) -> Count {
        match (self.counts.get(id.0), self.hidden.get(id.0)) {
            (Some(&count), Some(false)) => Count::Shown(count),
            _ => Count::Hidden,
        }
    }

    /// How many counts are hidden.
    #[must_use]
    pub fn hidden_count(&self) -> usize {
        self.hidden.iter().filter(|&&is_hidden| is_hidden).count()
    }
}

impl Figures {
    /// Adds a count.
    pub fn add(&mut self, count: usize) -> CellId {
        self.counts.push(count);
        CellId(self.counts.len() - 1)
    }

    /// Adds the sum of some counts.
    pub fn add_sum(&mut self, parts: &[CellId]) -> CellId {
        let total = self.add(parts.iter().map(|part| self.counts[part.0]).sum());
        self.say_sum(total, parts);
        total
    }

    /// Says that a count is also the sum of these. What is not so is left out, since nobody can
    /// work anything out by it.
    pub fn say_sum(&mut self, total: CellId, parts: &[CellId]) {
        let sum: usize = parts.iter().map(|part| self.counts[part.0]).sum();
        if sum == self.counts[total.0] {
            self.sums.push(Sum { total: total.0, parts: parts.iter().map(|part| part.0).collect() });
        }
    }

    /// Hides what must not be shown.
    #[must_use]
    pub fn publish(self) -> Published {
        let mut hidden: Vec<bool> = self.counts.iter().map(|count| (1..LEAST).contains(count)).collect();
        // Counts about which everything else is hidden already.
        let mut alone = vec![false; hidden.len()];
        while let Some(open) = self.first_open(&hidden, &alone) {
            match self.beside(open, &hidden) {
                Some(next) => hidden[next] = true,
                None => alone[open] = true,
            }
        }
        Published { counts: self.counts, hidden }
    }

    /// The first hidden count for which no other report is found.
    fn first_open(&self, hidden: &[bool], alone: &[bool]) -> Option<usize> {
        let mut is_safe = alone.to_vec();
        for cell in (0..hidden.len()).filter(|&cell| hidden[cell]) {
            if is_safe[cell] {
                continue;
            }
            let mut search = Search { figures: self, hidden, changes: vec![0; hidden.len()], steps: STEPS };
            if !search.change(cell, 1) && !search.change(cell, -1) {
                return Some(cell);
            }
            // The other report tells apart every count that it changes.
            for (is_safe, change) in is_safe.iter_mut().zip(&search.changes) {
                *is_safe |= *change != 0;
            }
        }
        None
    }

    /// The shown count to hide next for the sake of this one: the nearest by way of sums and hidden
    /// counts. Of those as near, one in a sum with a single hidden count, and the smallest.
    fn beside(&self, cell: usize, hidden: &[bool]) -> Option<usize> {
        let mut was_near = vec![false; hidden.len()];
        let mut near = vec![cell];
        while !near.is_empty() {
            near.iter().for_each(|&cell| was_near[cell] = true);
            let around = || self.sums.iter().filter(|sum| sum.cells().any(|cell| near.contains(&cell)));
            let is_single = |sum: &&Sum| sum.cells().filter(|&cell| hidden[cell]).count() == 1;
            let shown = |sum: &Sum| {
                let shown = sum.cells().filter(|&cell| !hidden[cell] && self.counts[cell] > 0);
                shown.min_by_key(|&cell| (self.counts[cell], cell))
            };
            let smallest = |cell: &usize| (self.counts[*cell], *cell);
            let found = around().filter(is_single).filter_map(shown).min_by_key(smallest);
            if let Some(found) = found.or_else(|| around().filter_map(shown).min_by_key(smallest)) {
                return Some(found);
            }
            let next = around().flat_map(Sum::cells).filter(|&cell| hidden[cell] && !was_near[cell]);
            near = next.collect();
        }
        None
    }
}

impl Sum {
    fn cells(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain([self.total])
    }
}

/// The search for another report: hidden counts go up or down by one until every sum holds again.
struct Search<'f> {
    figures: &'f Figures,
    hidden: &'f [bool],
    changes: Vec<i64>,
    steps: usize,
}

impl Search<'_> {
    /// Changes a count and mends what that breaks; takes it back when that cannot be done.
    fn change(&mut self, cell: usize, by: i64) -> bool {
        let would_vanish = by < 0 && self.figures.counts[cell] <= 1;
        if !self.hidden[cell] || self.changes[cell] != 0 || would_vanish || self.steps == 0 {
            return false;
        }
        self.steps -= 1;
        self.changes[cell] = by;
        if self.mend() {
            return true;
        }
        self.changes[cell] = 0;
        false
    }

    fn mend(&mut self) -> bool {
        let figures = self.figures;
        let off = |sum: &Sum| {
            sum.parts.iter().map(|&part| self.changes[part]).sum::<i64>() - self.changes[sum.total]
        };
        let Some((sum, off)) = figures.sums.iter().map(|sum| (sum, off(sum))).find(|(_, off)| *off != 0)
        else {
            return true;
        };
        let back = -off.signum();
        sum.parts.iter().any(|&part| self.change(part, back)) || self.change(sum.total, -back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(counts: &[usize]) -> Vec<Option<usize>> {
        let mut figures = Figures::default();
        let mut cells: Vec<CellId> = counts.iter().map(|&count| figures.add(count)).collect();
        let total = figures.add_sum(&cells);
        cells.push(total);
        let published = figures.publish();
        cells.iter().map(|&cell| published.get(cell).count()).collect()
    }

    #[test]
    fn a_small_number_is_hidden_with_the_smallest_beside_it() {
        assert_eq!(published(&[30, 7, 4]), [Some(30), None, None, Some(41)]);
        assert_eq!(published(&[30, 7, 5]), [Some(30), Some(7), Some(5), Some(42)]);
    }

    #[test]
    fn nothing_is_hidden_for_the_sake_of_a_nought() {
        assert_eq!(published(&[30, 0, 7]), [Some(30), Some(0), Some(7), Some(37)]);
        // The nought stays, and helps nobody to the 3.
        assert_eq!(published(&[30, 0, 3]), [None, Some(0), None, Some(33)]);
        assert_eq!(published(&[0, 0]), [Some(0), Some(0), Some(0)]);
    }

    #[test]
    fn two_ones_would_be_known_from_their_sum_so_a_third_is_hidden() {
        assert_eq!(published(&[18, 1, 1]), [None, None, None, Some(20)]);
        assert_eq!(published(&[18, 2, 1]), [Some(18), None, None, Some(21)]);
    }

    #[test]
    fn a_sum_under_five_is_hidden_like_any_other_count() {
        assert_eq!(published(&[1, 2]), [None, None, None]);
        assert_eq!(published(&[3]), [None, None]);
    }

    #[test]
    fn what_is_no_sum_is_not_taken_for_one() {
        let mut figures = Figures::default();
        let (one, other) = (figures.add(3), figures.add(9));
        figures.say_sum(other, &[one]);
        let published = figures.publish();
        assert_eq!((published.get(one), published.get(other)), (Count::Hidden, Count::Shown(9)));
        assert_eq!(published.hidden_count(), 1);
    }
}
