//! Counting half-days twelve at a time: a sheet's letters packed into words of five lanes.
//!
//! Stands between `sheet`, which holds a letter a half-day, and `tally` and `crossing`, which
//! want numbers. A word of 64 bits has five lanes of twelve bits, one lane for each thing that is
//! counted, and bit `n` of every lane speaks of the same half-day:
//!
//! ```text
//! bit  59       48 47       36 35       24 23       12 11        0
//!     |  unknown  |unjustified|  absent   |  present  | enrolled  |
//! ```
//!
//! What a letter amounts to is looked up once in a table whose entry has bit 0 of its lanes set;
//! twelve entries, each shifted one further, make a word. Counting then adds neighbouring bits
//! inside the word, which counts all five lanes in the steps that one would take.
//!
//! Choice: decision 0019.

use crate::HalfDaySet;

/// How many half-days a word holds.
const HALF_DAYS: usize = 12;

/// How many words an ordinary term needs at most: 120 half-days.
const WORDS: usize = 10;

/// Bit 0 of every lane.
const LANES: u64 = 0x001_001_001_001_001;

/// What each byte of a sheet amounts to on the dates of one code list.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct LetterTable([u64; 256]);

impl std::fmt::Debug for LetterTable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("LetterTable")
    }
}

/// One thing that is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lane {
    /// Enrolled, whatever stands there.
    Enrolled,
    /// Present.
    Present,
    /// Absent, justified and unjustified alike.
    Absent,
    /// Unjustified absent, `?` included.
    Unjustified,
    /// Those of the unjustified that are `?`.
    Unknown,
}

impl Lane {
    const fn start(self) -> usize {
        self as usize * HALF_DAYS
    }
}

impl LetterTable {
    /// Makes a table from the lanes in which each byte counts.
    pub(crate) fn new(lanes_of: impl Fn(u8) -> &'static [Lane]) -> Self {
        let mut table = [0; 256];
        for (byte, entry) in (0..=u8::MAX).zip(&mut table) {
            *entry = lanes_of(byte).iter().fold(0, |entry, lane| entry | 1 << lane.start());
        }
        Self(table)
    }

    /// The lanes of one byte.
    #[inline]
    pub(crate) fn entry(&self, byte: u8) -> u64 {
        self.0[usize::from(byte)]
    }

    /// Packs up to twelve bytes, the first into bit 0 of the lanes.
    #[inline]
    fn word(&self, bytes: &[u8]) -> u64 {
        bytes.iter().rev().fold(0, |word, &byte| (word << 1) + self.entry(byte))
    }
}

/// A sheet's half-days by what they amount to, packed for counting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetSets {
    // Words past the sheet's end are zero.
    first: [u64; WORDS],
    rest: Vec<u64>,
}

impl SheetSets {
    /// Packs a sheet whose letters all mean what one table says.
    #[inline]
    pub(crate) fn pack(cells: &[u8], table: &LetterTable) -> Self {
        let mut sets = Self::default();
        let (near, far) = cells.split_at(cells.len().min(WORDS * HALF_DAYS));
        let (whole, left) = near.as_chunks::<HALF_DAYS>();
        for (word, bytes) in sets.first.iter_mut().zip(whole) {
            *word = table.word(bytes);
        }
        if let Some(word) = sets.first.get_mut(whole.len()) {
            *word = table.word(left);
        }
        if !far.is_empty() {
            sets.rest = far.chunks(HALF_DAYS).map(|bytes| table.word(bytes)).collect();
        }
        sets
    }

    /// Packs half-days whose entries were looked up one by one.
    pub(crate) fn pack_entries(entries: &[u64]) -> Self {
        let mut words = entries.chunks(HALF_DAYS).map(|chunk| {
            let word = |word, entry: &u64| (word << 1) + entry;
            chunk.iter().rev().fold(0, word)
        });
        let mut sets = Self::default();
        sets.first.iter_mut().zip(&mut words).for_each(|(place, word)| *place = word);
        sets.rest = words.collect();
        sets
    }

    /// Counts every lane among the first `through` half-days.
    #[inline]
    pub(crate) fn counts(&self, through: usize) -> Counts {
        let mut counts = counts_of(&self.first, through);
        if !self.rest.is_empty() {
            counts.0 += counts_of(&self.rest, through.saturating_sub(WORDS * HALF_DAYS)).0;
        }
        counts
    }

    /// Every absent half-day, justified and unjustified alike.
    ///
    /// Source: the guidance and the Stepped Attendance Response count all absence.
    #[must_use]
    #[inline]
    pub fn absent(&self) -> HalfDaySet {
        self.set(Lane::Absent)
    }

    #[inline]
    fn set(&self, lane: Lane) -> HalfDaySet {
        // Five words are 60 half-days: what can be put together in one register.
        let sixty = |words: &[u64]| {
            words.iter().rev().fold(0, |set, word| set << HALF_DAYS | (word >> lane.start() & LANE))
        };
        let (low, high) = self.first.split_at(WORDS / 2);
        let first = u128::from(sixty(low)) | u128::from(sixty(high)) << (WORDS / 2 * HALF_DAYS);
        let mut set = HalfDaySet::from_first(first);
        if !self.rest.is_empty() {
            self.add_rest(lane, &mut set);
        }
        set
    }

    fn add_rest(&self, lane: Lane, set: &mut HalfDaySet) {
        for (index, word) in self.rest.iter().enumerate() {
            let start = (WORDS + index) * HALF_DAYS;
            let held = (0..HALF_DAYS).filter(|bit| word >> (lane.start() + bit) & 1 == 1);
            held.for_each(|bit| set.insert(start + bit));
        }
    }
}

/// All bits of the lowest lane.
const LANE: u64 = (1 << HALF_DAYS) - 1;

/// A count for each lane, in the lane's own place. A lane counts to 4,095 half-days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts(u64);

impl Counts {
    /// The count of a lane.
    #[inline]
    pub(crate) fn of(self, lane: Lane) -> u32 {
        u32::try_from(self.0 >> lane.start() & LANE).unwrap_or_default()
    }
}

#[inline]
fn counts_of(words: &[u64], through: usize) -> Counts {
    let (whole, left) = words.split_at((through / HALF_DAYS).min(words.len()));
    let mut counts = 0;
    // Three words give at most 12 to a group of four bits, which a fourth could overflow.
    let (threes, others) = whole.as_chunks::<3>();
    for [a, b, c] in threes {
        counts += by_lane(by_four(*a) + by_four(*b) + by_four(*c));
    }
    let mut fours = others.iter().map(|&word| by_four(word)).sum();
    if let Some(word) = left.first() {
        let before = LANES * ((1 << (through % HALF_DAYS)) - 1);
        fours += by_four(word & before);
    }
    Counts(counts + by_lane(fours))
}

/// How many bits of each group of four are set.
#[inline]
fn by_four(word: u64) -> u64 {
    const ODD: u64 = 0x555_555_555_555_555;
    const LOW: u64 = 0x333_333_333_333_333;
    let by_two = word - (word >> 1 & ODD);
    (by_two & LOW) + (by_two >> 2 & LOW)
}

/// Adds up the three groups of four of each lane.
#[inline]
fn by_lane(fours: u64) -> u64 {
    const GROUP: u64 = 0x00f_00f_00f_00f_00f;
    (fours & GROUP) + (fours >> 4 & GROUP) + (fours >> 8 & GROUP)
}

#[cfg(test)]
mod tests {
    use crate::code::tests::small_list;
    use crate::sheet::tests::weeks;
    use crate::{Cell, Class, CodeList, CodeRow, Sheet, Tally, TermCalendar, Threshold, crossing};
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    /// The small list, with a letter that is present until a date and unjustified afterwards.
    fn list(changes_on: Date) -> CodeList {
        let mut rows = small_list().rows().to_vec();
        let changing = |class, from, to| CodeRow {
            letter: 'X',
            name: "changing".to_owned(),
            class,
            from,
            to,
            counts_as: None,
        };
        rows.push(changing(Class::Present, None, Some(changes_on.yesterday().expect("a day before"))));
        rows.push(changing(Class::Unjustified, Some(changes_on), None));
        CodeList::new(rows).expect("no letter stands twice on one date")
    }

    /// Counts one half-day after the other.
    fn plain(
        sheet: &Sheet,
        calendar: &TermCalendar,
        codes: &CodeList,
        through: usize,
    ) -> (Tally, Vec<usize>) {
        let (mut tally, mut absent) = (Tally::default(), Vec::new());
        for (position, half_day) in calendar.open.iter().enumerate().take(through) {
            let cell = sheet.cell(position);
            tally.open += u32::from(cell != Cell::NotEnrolled);
            let Cell::Marked(letter) = cell else { continue };
            let class = codes.class(letter, half_day.date);
            tally.present += u32::from(class == Some(Class::Present));
            tally.justified += u32::from(class == Some(Class::Justified));
            tally.unjustified += u32::from(class == Some(Class::Unjustified));
            tally.unknown += u32::from(letter == '?');
            if class.is_some_and(|class| class != Class::Present) {
                absent.push(position);
            }
        }
        (tally, absent)
    }

    proptest! {
        #[test]
        fn counting_twelve_at_a_time_agrees_with_counting_one_by_one(
            letters in prop::collection::vec(prop::sample::select(b" .PPLMJT??XXZ".to_vec()), 0..300),
            changes_after in 0i32..220,
            through in 0usize..310,
        ) {
            let text: String = letters.iter().map(|&letter| char::from(letter)).collect();
            let calendar = weeks(i32::try_from(letters.len()).expect("short") / 10 + 1);
            let changes_on = date(2026, 7, 10) + jiff::Span::new().days(changes_after);
            let (sheet, codes) = (Sheet::from_text(&text), list(changes_on));
            let (tally, absent) = plain(&sheet, &calendar, &codes, through);
            let sets = sheet.sets(&calendar, &codes);
            prop_assert_eq!(Tally::of(&sets, through), tally);
            let (_, all) = plain(&sheet, &calendar, &codes, usize::MAX);
            prop_assert_eq!(sets.absent().positions().collect::<Vec<_>>(), all);
            for threshold in Threshold::MINISTRY {
                let expected = absent.get(threshold.half_days() - 1).copied();
                prop_assert_eq!(crossing::position(&sets.absent(), through, threshold), expected);
            }
        }
    }

    #[test]
    fn a_list_that_changes_in_mid_term_counts_by_each_days_own_list() {
        let calendar = weeks(1);
        let count = |changes_on| {
            let tally = Tally::of(&Sheet::from_text("XXXXXXXXXX").sets(&calendar, &list(changes_on)), 10);
            (tally.present, tally.unjustified)
        };
        assert_eq!(count(date(2026, 7, 20)), (0, 10));
        assert_eq!(count(date(2026, 7, 23)), (6, 4));
        assert_eq!(count(date(2026, 7, 25)), (10, 0));
    }
}
