//! One student's term as a row of letters: what each open half-day amounts to.
//!
//! A sheet has one cell for each open half-day of a [`TermCalendar`], in order. It is derived:
//! the same marks, calendar and enrolment always give the same sheet, so it can be thrown away
//! and rebuilt. Tallies and crossings are counted from it and from nothing else.

use crate::code::CodeList;
use crate::count::SheetSets;
use crate::{Date, HalfDay, Mark, TermCalendar, period};

/// A stretch of enrolment at this school; the last day is inclusive. One that ends before it begins was
/// taken back: it never was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// First day enrolled.
    pub first_day: Date,
    /// Last day enrolled; still enrolled when empty.
    pub last_day: Option<Date>,
}

impl Spell {
    /// Whether the student was enrolled on a date.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.first_day <= date && self.last_day.is_none_or(|last| date <= last)
    }

    /// Whether any day from `first` to `last` lies in the spell.
    #[must_use]
    pub fn touches(&self, first: Date, last: Date) -> bool {
        let from = self.first_day.max(first);
        from <= last && self.last_day.is_none_or(|own_last| from <= own_last)
    }
}

/// Whether a student was enrolled on a date in any of their spells.
#[must_use]
pub fn is_enrolled(spells: &[Spell], date: Date) -> bool {
    spells.iter().any(|spell| spell.contains(date))
}

/// What one open half-day holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The student was not enrolled that day.
    NotEnrolled,
    /// No mark stands: neither present nor absent, and listed as a missing roll.
    Unmarked,
    /// A mark with this letter of the code list stands; for periods, the letter that decided or
    /// one that [`shown_code`](crate::period::shown_code) shows nothing for.
    Marked(char),
}

pub(crate) const NOT_ENROLLED: u8 = b' ';
pub(crate) const UNMARKED: u8 = b'.';

/// One student's term, a letter a half-day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    // One ASCII byte a half-day: a code's letter, `.` unmarked, a space not enrolled.
    cells: Vec<u8>,
}

impl Sheet {
    /// Lays a student's marks along a term.
    ///
    /// `marks` are those that stand, a date's together. A mark on a closed half or outside the
    /// enrolment has no cell: it stays in the history and does not count.
    pub fn lay(calendar: &TermCalendar, spells: &[Spell], marks: impl IntoIterator<Item = Mark>) -> Self {
        let mut sheet = Self::empty(calendar, spells);
        let open = marks.into_iter().filter(|mark| calendar.position(mark.half_day).is_some());
        period::letters(open, |half_day, letter| {
            if let Some(position) = calendar.position(half_day) {
                sheet.set(position, Some(letter));
            }
        });
        sheet
    }

    /// A sheet on which no mark stands yet.
    #[must_use]
    pub fn empty(calendar: &TermCalendar, spells: &[Spell]) -> Self {
        let cell =
            |half_day: &HalfDay| if is_enrolled(spells, half_day.date) { UNMARKED } else { NOT_ENROLLED };
        Self { cells: calendar.open.iter().map(cell).collect() }
    }

    /// Reads a sheet from its text, as kept by the store.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self { cells: text.bytes().collect() }
    }

    /// The sheet as text: a letter a half-day, `.` unmarked, a space not enrolled.
    #[must_use]
    pub fn text(&self) -> String {
        self.cells.iter().map(|&cell| char::from(cell)).collect()
    }

    /// How many open half-days the sheet spans.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether the term has no open half-day at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// What stands at a position.
    #[must_use]
    pub fn cell(&self, position: usize) -> Cell {
        match self.cells.get(position) {
            None | Some(&NOT_ENROLLED) => Cell::NotEnrolled,
            Some(&UNMARKED) => Cell::Unmarked,
            Some(&letter) => Cell::Marked(char::from(letter)),
        }
    }

    /// Sets the letter at a position, or unmarks it. Outside the enrolment nothing changes.
    pub fn set(&mut self, position: usize, letter: Option<char>) {
        let Some(cell) = self.cells.get_mut(position) else { return };
        if *cell == NOT_ENROLLED {
            return;
        }
        *cell = match letter {
            Some(letter) => u8::try_from(letter).unwrap_or(UNMARKED),
            None => UNMARKED,
        };
    }

    /// The half-days by what they amount to, packed for counting.
    #[must_use]
    pub fn sets(&self, calendar: &TermCalendar, codes: &CodeList) -> SheetSets {
        let through = self.cells.len().min(calendar.open.len());
        let (cells, open) = (&self.cells[..through], &calendar.open[..through]);
        let (Some(first), Some(last)) = (open.first(), open.last()) else { return SheetSets::default() };
        if let Some(table) = codes.table_through(first.date, last.date) {
            return SheetSets::pack(cells, table);
        }
        // The code list changed during this term.
        let entries = cells.iter().zip(open).map(|(&cell, day)| codes.table(day.date).entry(cell));
        SheetSets::pack_entries(&entries.collect::<Vec<u64>>())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::code::tests::small_list;
    use crate::term::Term;
    use crate::{Calendar, Half, TermId};
    use jiff::civil::date;
    use std::collections::BTreeMap;

    /// A term of that many weeks from Monday 20 July 2026, with no holiday.
    pub(crate) fn weeks(count: i32) -> TermCalendar {
        let first = date(2026, 7, 20);
        let last = first.checked_add(jiff::Span::new().days(count * 7 - 3)).expect("in range");
        let id = TermId::parse("2026-T3").expect("a term");
        let term = Term::new(id, first, last).expect("in order");
        let calendar = Calendar::new(vec![term], BTreeMap::new(), BTreeMap::new());
        calendar.term_calendar(id).expect("known")
    }

    #[test]
    fn a_mark_on_a_closed_half_or_outside_the_enrolment_has_no_cell() {
        let calendar = weeks(1);
        let spells = [Spell { first_day: date(2026, 7, 21), last_day: Some(date(2026, 7, 22)) }];
        let mark = |day, half, letter| {
            let half_day = HalfDay::new(date(2026, 7, day), half);
            let code = small_list().resolve(letter, half_day.date).expect("a code");
            Mark { half_day, code, minutes: None }
        };
        let marks = [mark(20, Half::Am, 'P'), mark(21, Half::Pm, 'M'), mark(25, Half::Am, 'M')];
        let sheet = Sheet::lay(&calendar, &spells, marks);
        assert_eq!(sheet.text(), "  .M..    ");
        assert_eq!(sheet.cell(3), Cell::Marked('M'));
        assert_eq!(Sheet::from_text(&sheet.text()), sheet);
    }

    #[test]
    fn a_returner_is_enrolled_in_each_of_their_spells() {
        let spells = [
            Spell { first_day: date(2026, 7, 20), last_day: Some(date(2026, 7, 20)) },
            Spell { first_day: date(2026, 7, 24), last_day: None },
        ];
        assert_eq!(Sheet::empty(&weeks(1), &spells).text(), "..      ..");
    }

    #[test]
    fn a_spell_touches_the_days_that_it_shares_one_with() {
        let spell = Spell { first_day: date(2026, 7, 22), last_day: Some(date(2026, 7, 24)) };
        let touches = |first, last| spell.touches(date(2026, 7, first), date(2026, 7, last));
        assert!(touches(24, 31) && touches(20, 22) && touches(1, 31) && touches(23, 23));
        assert!(!touches(20, 21) && !touches(25, 31));
        let open = Spell { last_day: None, ..spell };
        assert!(open.touches(date(2027, 1, 1), date(2027, 1, 2)));
        assert!(!open.touches(date(2026, 1, 1), date(2026, 7, 21)));
    }

    #[test]
    fn a_sheet_has_a_cell_for_each_open_half_day() {
        let (none, some) = (Sheet::from_text(""), Sheet::empty(&weeks(1), &[]));
        assert_eq!((none.len(), none.is_empty()), (0, true));
        assert_eq!((some.len(), some.is_empty()), (10, false));
        assert_eq!(some.cell(10), Cell::NotEnrolled);
    }
}
