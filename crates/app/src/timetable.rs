//! Which periods a group is expected to have on a date, from the timetable in force.
//!
//! Counting never asks: a period without a mark is a missing roll, never an absence. It is for
//! rolls to be taken, and for the list of those that are missing.

use crate::AppError;
use domain::{Date, Period, SchoolNumber};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::mark::MarkVersion;
use store::timetable::TimetableRow;

/// Every timetable of a school.
pub(crate) struct Timetables(Vec<TimetableRow>);

impl Timetables {
    pub(crate) fn load(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Self, AppError> {
        Ok(Self(store::timetable::versions(tx, school)?))
    }

    /// Whether the school has none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each timetable as it was imported last: its first day, how many periods a week it has, and
    /// how many groups it names.
    pub(crate) fn summary(&self) -> Vec<(Date, usize, usize)> {
        let of_date = self.0.chunk_by(|a, b| a.from == b.from);
        let last = of_date.filter_map(|rows| rows.chunk_by(|a, b| a.act == b.act).last());
        let line = |rows: &[TimetableRow]| {
            let groups: BTreeSet<&str> = rows.iter().map(|row| row.group.as_str()).collect();
            (rows[0].from, rows.len(), groups.iter().filter(|group| !group.is_empty()).count())
        };
        last.map(line).collect()
    }

    /// The rows of the timetable in force on a date: the latest one that has begun, as it was
    /// imported last.
    fn in_force(&self, date: Date) -> &[TimetableRow] {
        let begun = &self.0[..self.0.partition_point(|row| row.from <= date)];
        let Some(last) = begun.last() else { return &[] };
        let same = |row: &TimetableRow| (row.from, row.act) == (last.from, last.act);
        &begun[begun.iter().rposition(|row| !same(row)).map_or(0, |before| before + 1)..]
    }

    /// A group's periods on a date, in order of their start. Rows without a group are every
    /// group's, unless it has a row of its own for the period.
    pub(crate) fn periods(&self, group: &str, date: Date) -> Vec<Period> {
        let weekday = date.weekday().to_monday_one_offset();
        let mut periods: BTreeMap<&str, &TimetableRow> = BTreeMap::new();
        for row in self.in_force(date).iter().filter(|row| row.weekday == weekday) {
            let is_own = row.group == group;
            if is_own || (row.group.is_empty() && !periods.contains_key(row.period.name.as_str())) {
                periods.insert(&row.period.name, row);
            }
        }
        in_order(periods.into_values().map(|row| row.period.clone()).collect())
    }
}

/// A group's periods on a date: those of the timetable, and any others that its students' marks
/// of that date name.
pub(crate) fn periods_of_roll(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    group: &str,
    date: Date,
    marks: &[MarkVersion],
) -> Result<Vec<Period>, AppError> {
    let mut periods = Timetables::load(tx, school)?.periods(group, date);
    for period in marks.iter().filter_map(|mark| mark.period.as_ref()) {
        if periods.iter().all(|known| known.name != period.name) {
            periods.push(period.clone());
        }
    }
    Ok(in_order(periods))
}

fn in_order(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.name.cmp(&b.name)));
    periods
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::period::parse_start;

    fn row(from: &str, act: i64, group: &str, weekday: i8, name: &str, start: &str) -> TimetableRow {
        let start = parse_start(start).expect("a time");
        let period = Period::new(name, start, 60).expect("a period");
        TimetableRow { from: from.parse().expect("a date"), act, group: group.to_owned(), weekday, period }
    }

    #[test]
    fn the_latest_timetable_that_has_begun_is_in_force_as_it_was_imported_last() {
        let timetables = Timetables(vec![
            row("2026-04-20", 5, "", 1, "1", "09:00"),
            row("2026-04-20", 9, "", 1, "2", "10:00"),
            row("2026-04-20", 9, "9KOW", 1, "2", "10:30"),
            row("2026-04-20", 9, "", 1, "0", "11:00"),
            row("2026-05-04", 7, "", 2, "1", "09:00"),
        ]);
        let names = |group: &str, date: &str| -> Vec<String> {
            let periods = timetables.periods(group, date.parse().expect("a date"));
            periods.iter().map(|period| format!("{} {}", period.name, period.start_text())).collect()
        };
        assert!(names("9KOW", "2026-04-13").is_empty());
        assert_eq!(names("9KOW", "2026-04-27"), ["2 10:30", "0 11:00"]);
        assert_eq!(names("10KOW", "2026-04-27"), ["2 10:00", "0 11:00"]);
        assert!(names("9KOW", "2026-04-28").is_empty());
        assert!(names("9KOW", "2026-05-04").is_empty());
        assert_eq!(names("9KOW", "2026-05-05"), ["1 09:00"]);
    }
}
