//! Attendance codes as dated data: which letters exist on a date and what each amounts to.
//!
//! Codes change (26 letters until 26 January 2025, 15 since), so a code is a row with a first
//! and last date, never an enum. The rows themselves live in `reference/`.

use crate::Date;
use crate::count::{Lane, LetterTable};
use crate::period::SEVERAL;
use crate::sheet::{NOT_ENROLLED, UNMARKED};

/// What a code amounts to for a half-day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// `P`: present.
    Present,
    /// `J`: justified absent.
    Justified,
    /// `U`: unjustified absent.
    Unjustified,
}

impl Class {
    /// `P`, `J` or `U`, as in every file.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Present => 'P',
            Self::Justified => 'J',
            Self::Unjustified => 'U',
        }
    }

    /// Reads `P`, `J` or `U`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "P" => Some(Self::Present),
            "J" => Some(Self::Justified),
            "U" => Some(Self::Unjustified),
            _ => None,
        }
    }
}

/// The letter of an unknown, temporary absence. It counts as absent and is named as unknown.
pub const UNKNOWN: char = '?';

/// A code that stands on its date: its letter in today's list and what it amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The letter, after an older letter was mapped.
    pub letter: char,
    /// What it amounts to.
    pub class: Class,
}

impl Code {
    /// Whether this is `?`, which rests on nothing yet.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.letter == UNKNOWN
    }
}

/// One row of the code list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// The letter that is entered.
    pub letter: char,
    /// Its name.
    pub name: String,
    /// What it amounts to.
    pub class: Class,
    /// The first date on which it may be used; from the beginning when empty.
    pub from: Option<Date>,
    /// The last date on which it may be used; still in use when empty.
    pub to: Option<Date>,
    /// The letter of today's list that an older letter counts as; itself when empty.
    pub counts_as: Option<char>,
}

impl CodeRow {
    /// Whether the row is in use on a date.
    #[must_use]
    pub fn in_use(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// The list of codes over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    rows: Vec<CodeRow>,
    /// For each ASCII letter, where its rows stand: counting looks letters up by the million.
    places: Vec<Vec<usize>>,
    /// What a sheet's letters amount to, from each date on which the list changes; the first
    /// holds from the beginning.
    tables: Vec<(Date, LetterTable)>,
}

impl CodeList {
    /// Makes a list; on no date may a letter stand twice.
    ///
    /// # Errors
    /// Names the letter that two rows claim for one date, or that is not a capital letter of the
    /// English alphabet, a digit or `?`.
    pub fn new(rows: Vec<CodeRow>) -> Result<Self, String> {
        for (index, row) in rows.iter().enumerate() {
            let clash = rows[..index].iter().find(|other| other.letter == row.letter && overlap(other, row));
            if clash.is_some() {
                return Err(format!("code {:?} stands twice on one date", row.letter));
            }
        }
        let mut places = vec![Vec::new(); 128];
        for (index, row) in rows.iter().enumerate() {
            for letter in [Some(row.letter), row.counts_as].into_iter().flatten() {
                if !is_plain(letter) {
                    return Err(format!("code {letter:?} is not a capital letter, a digit or ?"));
                }
            }
            places[row.letter as usize].push(index);
        }
        let mut list = Self { rows, places, tables: Vec::new() };
        let after = |row: &CodeRow| row.to.and_then(|to| to.tomorrow().ok());
        let mut changes: Vec<Date> =
            list.rows.iter().flat_map(|row| [row.from, after(row)]).flatten().collect();
        changes.push(Date::MIN);
        changes.sort_unstable();
        changes.dedup();
        list.tables = changes.into_iter().map(|date| (date, list.table_of(date))).collect();
        Ok(list)
    }

    /// The code that a letter means on a date; `None` when it means nothing then.
    #[must_use]
    pub fn resolve(&self, letter: char, date: Date) -> Option<Code> {
        let row = self.row(letter, date)?;
        Some(Code { letter: row.counts_as.unwrap_or(row.letter), class: row.class })
    }

    /// The row of a letter on a date.
    #[must_use]
    pub fn row(&self, letter: char, date: Date) -> Option<&CodeRow> {
        self.rows_of(letter).find(|row| row.in_use(date))
    }

    /// Every row in use on a date, in the list's order.
    pub fn on(&self, date: Date) -> impl Iterator<Item = &CodeRow> {
        self.rows.iter().filter(move |row| row.in_use(date))
    }

    /// Every row there is.
    #[must_use]
    pub fn rows(&self) -> &[CodeRow] {
        &self.rows
    }

    /// The class of a letter of today's list on a date, for counting. A sheet holds letters that
    /// were resolved when they were entered, so a letter that is only known under another date's
    /// list still counts as what it was.
    #[must_use]
    pub fn class(&self, letter: char, date: Date) -> Option<Class> {
        if let Some((_, class)) = SEVERAL.into_iter().find(|(several, _)| *several == letter) {
            return Some(class);
        }
        self.row(letter, date).or_else(|| self.rows_of(letter).next()).map(|row| row.class)
    }

    /// What the letters of a sheet amount to on a date, for counting.
    pub(crate) fn table(&self, date: Date) -> &LetterTable {
        &self.tables[self.place_of_table(date)].1
    }

    /// The table that holds from one date to another; nothing when the list changed in between.
    #[inline]
    pub(crate) fn table_through(&self, first: Date, last: Date) -> Option<&LetterTable> {
        let place = self.place_of_table(last);
        let (from, table) = &self.tables[place];
        (*from <= first).then_some(table)
    }

    #[inline]
    fn place_of_table(&self, date: Date) -> usize {
        // Few lists, and most often the latest; the first is from the first date there is.
        self.tables.iter().rposition(|(from, _)| *from <= date).unwrap_or_default()
    }

    fn table_of(&self, date: Date) -> LetterTable {
        use Lane::{Absent, Enrolled, Present, Unjustified, Unknown};
        LetterTable::new(|byte| match byte {
            NOT_ENROLLED => &[],
            UNMARKED => &[Enrolled],
            _ => match self.class(char::from(byte), date) {
                None => &[Enrolled],
                Some(Class::Present) => &[Enrolled, Present],
                Some(Class::Justified) => &[Enrolled, Absent],
                Some(Class::Unjustified) if char::from(byte) == UNKNOWN => {
                    &[Enrolled, Absent, Unjustified, Unknown]
                }
                Some(Class::Unjustified) => &[Enrolled, Absent, Unjustified],
            },
        })
    }

    fn rows_of(&self, letter: char) -> impl Iterator<Item = &CodeRow> {
        let place = usize::try_from(u32::from(letter)).ok().and_then(|letter| self.places.get(letter));
        place.into_iter().flatten().map(|&index| &self.rows[index])
    }
}

/// Whether a letter may stand in a list: a capital letter from A to Z, a digit or `?`.
#[must_use]
pub fn is_plain(letter: char) -> bool {
    letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == UNKNOWN
}

fn overlap(a: &CodeRow, b: &CodeRow) -> bool {
    let starts_in_time = |from: Option<Date>, to: Option<Date>| match (from, to) {
        (Some(from), Some(to)) => from <= to,
        _ => true,
    };
    starts_in_time(a.from, b.to) && starts_in_time(b.from, a.to)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(letter: char, class: Class) -> CodeRow {
        CodeRow { letter, name: letter.to_string(), class, from: None, to: None, counts_as: None }
    }

    /// A list small enough to read: present, late, medical, truant, unknown.
    pub(crate) fn small_list() -> CodeList {
        let rows = vec![
            row('P', Class::Present),
            row('L', Class::Present),
            row('M', Class::Justified),
            row('J', Class::Justified),
            row('T', Class::Unjustified),
            row('?', Class::Unjustified),
        ];
        CodeList::new(rows).expect("no letter stands twice")
    }

    #[test]
    fn an_older_letter_counts_as_todays_until_its_last_day_and_is_unknown_afterwards() {
        let mut overseas = row('O', Class::Justified);
        overseas.to = Some(date(2025, 1, 26));
        overseas.counts_as = Some('J');
        let list = CodeList::new(vec![overseas, row('J', Class::Justified)]).expect("a list");
        let on_the_last_day = list.resolve('O', date(2025, 1, 26));
        assert_eq!(on_the_last_day, Some(Code { letter: 'J', class: Class::Justified }));
        assert_eq!(list.resolve('O', date(2025, 1, 27)), None);
    }

    #[test]
    fn a_letter_that_two_rows_claim_for_one_date_is_refused() {
        let mut old = row('X', Class::Present);
        old.to = Some(date(2025, 1, 26));
        let mut new = row('X', Class::Justified);
        new.from = Some(date(2025, 1, 26));
        assert!(CodeList::new(vec![old.clone(), new.clone()]).is_err());
        new.from = Some(date(2025, 1, 27));
        assert!(CodeList::new(vec![old, new]).is_ok());
    }

    #[test]
    fn classes_are_read_as_they_are_written() {
        for (text, class) in [("P", Class::Present), ("J", Class::Justified), ("U", Class::Unjustified)] {
            assert_eq!((class.letter().to_string().as_str(), Class::parse(text)), (text, Some(class)));
        }
        assert_eq!(Class::parse("p"), None);
    }

    #[test]
    fn only_the_question_mark_is_unknown() {
        let code = |letter| small_list().resolve(letter, date(2026, 7, 20)).expect("a code");
        assert!(code('?').is_unknown() && !code('T').is_unknown());
    }

    #[test]
    fn a_list_has_the_rows_of_its_date() {
        let mut older = row('O', Class::Justified);
        older.to = Some(date(2025, 1, 26));
        let list = CodeList::new(vec![row('P', Class::Present), older]).expect("a list");
        let letters = |day| list.on(day).map(|row| row.letter).collect::<String>();
        assert_eq!(letters(date(2025, 1, 26)), "PO");
        assert_eq!(letters(date(2025, 1, 27)), "P");
    }

    #[test]
    fn a_letter_is_a_capital_a_digit_or_the_question_mark() {
        assert!("AZ09?".chars().all(is_plain));
        assert!(!"az.- é".chars().any(is_plain));
        assert!(CodeList::new(vec![row('p', Class::Present)]).is_err());
        let lower = CodeRow { counts_as: Some('j'), ..row('O', Class::Justified) };
        assert!(CodeList::new(vec![lower]).is_err());
    }
}
