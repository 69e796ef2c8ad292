//! Somebody who holds a report and a pencil: tries to work out what is hidden in it, and must not.
//!
//! Three ways are tried: going through every table of small counts that would look the same;
//! narrowing each hidden count by the sums it stands in until nothing moves; and adding and
//! subtracting whole sums from each other. All of them know that a hidden count is at least 1.

use analysis::{CellId, Figures, Published};
use proptest::prelude::*;

/// Figures with what is public about them: which sums hold, over numbered counts.
#[derive(Debug, Default)]
struct Open {
    figures: Figures,
    truth: Vec<usize>,
    ids: Vec<CellId>,
    /// Total, then its parts.
    sums: Vec<(usize, Vec<usize>)>,
}

impl Open {
    fn add(&mut self, count: usize) -> usize {
        self.ids.push(self.figures.add(count));
        self.truth.push(count);
        self.truth.len() - 1
    }

    fn add_sum(&mut self, parts: &[usize]) -> usize {
        let ids: Vec<CellId> = parts.iter().map(|&part| self.ids[part]).collect();
        self.ids.push(self.figures.add_sum(&ids));
        self.truth.push(parts.iter().map(|&part| self.truth[part]).sum());
        self.sums.push((self.truth.len() - 1, parts.to_vec()));
        self.truth.len() - 1
    }

    fn say_sum(&mut self, total: usize, parts: &[usize]) {
        let ids: Vec<CellId> = parts.iter().map(|&part| self.ids[part]).collect();
        self.figures.say_sum(self.ids[total], &ids);
        if parts.iter().map(|&part| self.truth[part]).sum::<usize>() == self.truth[total] {
            self.sums.push((total, parts.to_vec()));
        }
    }

    /// A table with its row and column sums and the sum of all.
    fn table(&mut self, rows: &[Vec<usize>]) -> usize {
        let cells: Vec<Vec<usize>> =
            rows.iter().map(|row| row.iter().map(|&count| self.add(count)).collect()).collect();
        let row_sums: Vec<usize> = cells.iter().map(|row| self.add_sum(row)).collect();
        let columns: Vec<usize> = (0..rows[0].len())
            .map(|column| self.add_sum(&cells.iter().map(|row| row[column]).collect::<Vec<_>>()))
            .collect();
        let all = self.add_sum(&row_sums);
        self.say_sum(all, &columns);
        all
    }

    /// What the report shows of each count.
    fn shown(&self, published: &Published) -> Vec<Option<usize>> {
        self.ids.iter().map(|&id| published.get(id).count()).collect()
    }
}

/// Narrows every hidden count by the sums; those that come down to one value are known.
fn narrowed(shown: &[Option<usize>], sums: &[(usize, Vec<usize>)]) -> Vec<usize> {
    const MUCH: i64 = 1 << 40;
    let mut ranges: Vec<(i64, i64)> =
        shown.iter().map(|shown| shown.map_or((1, MUCH), |count| (count as i64, count as i64))).collect();
    for _ in 0..200 {
        let before = ranges.clone();
        for (total, parts) in sums {
            let sum = |side: fn(&(i64, i64)) -> i64, but: Option<usize>, ranges: &[(i64, i64)]| {
                let parts = parts.iter().filter(|&&part| Some(part) != but);
                parts.map(|&part| side(&ranges[part])).sum::<i64>()
            };
            let (low, high) = (sum(|range| range.0, None, &ranges), sum(|range| range.1, None, &ranges));
            ranges[*total] = (ranges[*total].0.max(low), ranges[*total].1.min(high));
            for &part in parts {
                let others = |side: fn(&(i64, i64)) -> i64| sum(side, Some(part), &ranges);
                let (low, high) = (others(|range| range.0), others(|range| range.1));
                let (floor, ceiling) = (ranges[*total].0 - high, ranges[*total].1 - low);
                ranges[part] = (ranges[part].0.max(floor), ranges[part].1.min(ceiling));
            }
        }
        if ranges == before {
            break;
        }
    }
    (0..shown.len()).filter(|&cell| shown[cell].is_none() && ranges[cell].0 == ranges[cell].1).collect()
}

fn greatest_common(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { greatest_common(b, a % b) }
}

/// Adds and subtracts sums until each says as little as it can; one that speaks of a single hidden
/// count alone has found it.
fn eliminated(shown: &[Option<usize>], sums: &[(usize, Vec<usize>)]) -> Vec<usize> {
    let mut rows: Vec<Vec<i128>> = sums
        .iter()
        .map(|(total, parts)| {
            let mut row = vec![0; shown.len()];
            parts.iter().filter(|&&part| shown[part].is_none()).for_each(|&part| row[part] += 1);
            row[*total] -= i128::from(shown[*total].is_none());
            row
        })
        .collect();
    let mut done = 0;
    for column in 0..shown.len() {
        let Some(pivot) = (done..rows.len()).find(|&row| rows[row][column] != 0) else { continue };
        rows.swap(done, pivot);
        let lead = rows[done].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(row, _)| *row != done) {
            let (own, by) = (lead[column], row[column]);
            row.iter_mut().zip(&lead).for_each(|(cell, lead)| *cell = *cell * own - lead * by);
            let common = row.iter().fold(0, |common, cell| greatest_common(common, *cell)).max(1);
            row.iter_mut().for_each(|cell| *cell /= common);
        }
        done += 1;
    }
    let alone = |row: &Vec<i128>| {
        let mut named = (0..row.len()).filter(|&cell| row[cell] != 0);
        let first = named.next()?;
        named.next().is_none().then_some(first)
    };
    rows.iter().filter_map(alone).collect()
}

fn known(open: &Open, shown: &[Option<usize>]) -> Vec<usize> {
    [narrowed(shown, &open.sums), eliminated(shown, &open.sums)].concat()
}

/// Whatever is shown is true, small numbers are not shown, and nothing hidden can be worked out.
fn hold(open: &Open) -> Vec<Option<usize>> {
    let published = open.figures.clone().publish();
    let shown = open.shown(&published);
    for (&shown, &truth) in shown.iter().zip(&open.truth) {
        assert!(shown.is_none_or(|shown| shown == truth));
        assert!(shown.is_none() == (1..5).contains(&truth) || truth >= 5, "{truth} {shown:?}");
    }
    assert_eq!(known(open, &shown), Vec::<usize>::new(), "{:?} {shown:?}", open.truth);
    assert_eq!(published.hidden_count(), shown.iter().filter(|shown| shown.is_none()).count());
    shown
}

/// The report of a term: bands, levels with what became of them, responses by type and level, and
/// when they were recorded; with every sum that stands between these tables.
fn report(bands: [usize; 4], split: [usize; 3], types: &[Vec<usize>], late: usize) -> Open {
    let mut open = Open::default();
    let own = bands.map(|count| open.add(count));
    open.add_sum(&own);
    let reached = [bands[1] + bands[2] + bands[3], bands[2] + bands[3], bands[3]];
    let levels: Vec<usize> = reached
        .into_iter()
        .map(|reached| {
            let (first, second) = (split[0].min(reached), split[1].min(reached - split[0].min(reached)));
            let parts = [first, second, reached - first - second].map(|count| open.add(count));
            open.add_sum(&parts)
        })
        .collect();
    open.say_sum(levels[2], &[own[3]]);
    open.say_sum(levels[1], &[own[2], levels[2]]);
    open.say_sum(levels[0], &[own[1], levels[1]]);
    let all = open.table(types);
    let count = open.truth[all];
    let parts = [late.min(count), count - late.min(count)].map(|count| open.add(count));
    open.say_sum(all, &parts);
    open
}

fn counts() -> impl Strategy<Value = usize> {
    prop_oneof![2 => Just(0), 4 => 1_usize..5, 3 => 5_usize..12, 2 => 12_usize..80]
}

fn rows(rows: usize, columns: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(prop::collection::vec(counts(), columns), rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_works_out_a_hidden_count_of_a_table(table in (1_usize..7, 1_usize..5).prop_flat_map(|(r, c)| rows(r, c))) {
        let mut open = Open::default();
        open.table(&table);
        hold(&open);
    }

    #[test]
    fn nobody_works_out_a_hidden_count_of_a_report_from_its_other_tables(
        bands in prop::array::uniform4(counts()),
        split in prop::array::uniform3(counts()),
        types in rows(10, 4),
        late in counts(),
    ) {
        hold(&report(bands, split, &types, late));
    }

    /// Every table of counts up to 12 that would look the same is tried: each hidden count takes
    /// at least two values among them.
    #[test]
    fn every_hidden_count_takes_several_values_among_the_tables_that_look_the_same(
        table in prop::collection::vec(prop::collection::vec(0_usize..9, 2), 2)
    ) {
        let mut open = Open::default();
        open.table(&table);
        let shown = hold(&open);
        let mut values = vec![std::collections::BTreeSet::new(); shown.len()];
        for mixed in 0..13_usize.pow(4) {
            let base = [mixed % 13, mixed / 13 % 13, mixed / 169 % 13, mixed / 2197];
            let [a, b, c, d] = base;
            let all = [a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d];
            let fits = |(&shown, &count): (&Option<usize>, &usize)| shown.map_or(count > 0, |shown| shown == count);
            if shown.iter().zip(&all).all(fits) {
                values.iter_mut().zip(all).for_each(|(values, count)| { values.insert(count); });
            }
        }
        for (shown, values) in shown.iter().zip(&values) {
            prop_assert!(shown.is_some() || values.len() > 1, "{:?} {shown:?} {values:?}", open.truth);
        }
    }
}

#[test]
fn hiding_small_counts_alone_would_not_do() {
    let mut open = Open::default();
    open.table(&[vec![20, 3], vec![30, 40]]);
    let small_alone: Vec<Option<usize>> =
        open.truth.iter().map(|&count| (count == 0 || count >= 5).then_some(count)).collect();
    assert_eq!(narrowed(&small_alone, &open.sums), [1]);
    assert_eq!(eliminated(&small_alone, &open.sums), [1]);
    // Two ones in a row are found by narrowing alone.
    let mut row = Open::default();
    row.table(&[vec![1, 1, 20]]);
    let shown = [None, None, Some(20), Some(22), None, None, Some(20), Some(22)];
    assert_eq!(narrowed(&shown, &row.sums), [0, 1, 4, 5]);
    // A level is the sum of the bands above it: the bands give away what the level hides.
    let report = report([50, 20, 9, 3], [2, 1, 0], &[vec![6, 6]], 0);
    let shown = hold(&report);
    assert_eq!((shown[3], shown[2]), (None, None), "red, and orange for its sake");
}

#[test]
fn a_large_table_of_small_counts_is_hidden_in_time_and_keeps_its_great_sums() {
    let table: Vec<Vec<usize>> =
        (0..10).map(|row| (0..4).map(|column| (row * 7 + column * 3) % 9).collect()).collect();
    let mut open = Open::default();
    let all = open.table(&table);
    let shown = hold(&open);
    assert!(shown[all].is_some());
    assert!(shown.iter().filter(|shown| shown.is_some()).count() > 15, "{shown:?}");
}
