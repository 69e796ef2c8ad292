//! From what was kept to rows as the product's own files give them: each good row with the number
//! of its record (from 1), each problem with record and member, and which records are refused.

mod days;
mod marks;
mod pastoral;
mod people;
mod slots;
mod timetable;

pub use days::{calendar, terms, week_on};
pub use marks::{KamarTotals, marks, totals};
pub use pastoral::{Candidate, candidates};
pub use people::{named_staff, named_students, staff, staff_who_left, students};
pub use slots::{MOST_SLOTS, SlotMap};
pub use timetable::timetable;

use super::values::date;
use crate::contract::cells::{Cells, clean, shown};
use crate::contract::{Parsed, Problem};
use domain::{Date, StudentId};
use std::borrow::Cow;

/// Reads records one after another. What `row` reports with [`Cells`] refuses the record; what it
/// adds to the second list is reported beside a record that is kept.
fn each<'k, T, const N: usize>(
    parsed: &mut Parsed<T>,
    columns: &[&'static str; N],
    values: impl Iterator<Item = (u64, [&'k str; N])>,
    mut row: impl FnMut(&mut Cells<'_>, &mut Vec<Problem>) -> Option<T>,
) {
    parsed.header = columns.iter().map(|&column| column.to_owned()).collect();
    for (line, values) in values {
        let cells: [Cow<'_, str>; N] =
            values.map(|value| Cow::Owned(clean(Some(&Cow::Borrowed(value))).into_owned()));
        let mut cells = Cells::new(line, columns, &cells);
        let mut beside = Vec::new();
        let value = row(&mut cells, &mut beside);
        crate::contract::keep(parsed, line, value, cells.problems);
        beside.into_iter().for_each(|problem| parsed.report(problem));
    }
}

/// A date as KAMAR writes it, nothing where there is none.
fn optional_date(cells: &mut Cells<'_>, place: usize) -> Option<Option<Date>> {
    let text = cells.raw(place);
    let read = date(text).ok();
    if read.is_none() {
        let right = "a date as year, month and day, such as 20260504";
        cells.refuse(place, format!("{} is not a date", shown(text)), right);
    }
    read
}

/// A student's id; a bad one is a problem of the record.
fn student_id(
    parsed: &mut Parsed<impl Sized>,
    line: u64,
    column: &'static str,
    id: &str,
) -> Option<StudentId> {
    let values = [Cow::Borrowed(id)];
    let mut cells = Cells::new(line, std::slice::from_ref(&column), &values);
    let id = cells.id(0, StudentId::parse);
    if id.is_none() {
        crate::contract::keep(parsed, line, None, cells.problems);
    }
    id
}
