//! The classes that KAMAR gives a slot of attendance, as codes of today's list, by date.

use crate::table::{date, rows};
use domain::Date;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../reference/kamar-alt.csv");

static CLASSES: LazyLock<Vec<Row>> =
    LazyLock::new(|| parse(FILE).expect("reference/kamar-alt.csv is read by the tests of this crate"));

struct Row {
    letter: char,
    counts_as: char,
    from: Option<Date>,
    to: Option<Date>,
}

/// The code that KAMAR's own letter for a slot counts as on a date; nothing when it means nothing
/// then.
#[must_use]
pub fn kamar_alt(letter: char, on: Date) -> Option<char> {
    let in_use = |row: &&Row| {
        row.letter == letter && row.from.is_none_or(|from| from <= on) && row.to.is_none_or(|to| on <= to)
    };
    CLASSES.iter().find(in_use).map(|row| row.counts_as)
}

/// Every letter that KAMAR has had for a slot, on whatever date.
pub fn kamar_alt_letters() -> impl Iterator<Item = char> {
    CLASSES.iter().map(|row| row.letter)
}

fn parse(text: &str) -> Result<Vec<Row>, String> {
    rows(text, ["letter", "counts_as", "from", "to"])?.into_iter().map(row).collect()
}

fn row([letter, counts_as, from, to]: [String; 4]) -> Result<Row, String> {
    let optional = |text: &str| if text.is_empty() { Ok(None) } else { date(text).map(Some) };
    let one = |text: &str| {
        let mut letters = text.chars();
        letters
            .next()
            .filter(|_| letters.next().is_none())
            .ok_or_else(|| format!("{text:?} is not one letter"))
    };
    Ok(Row { letter: one(&letter)?, counts_as: one(&counts_as)?, from: optional(&from)?, to: optional(&to)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;
    use domain::Class;
    use jiff::civil::date;

    #[test]
    fn each_class_of_kamars_counts_as_a_code_of_that_class_on_its_dates() {
        let (before, since) = (date(2025, 1, 26), date(2025, 1, 27));
        let class = |letter: char, on: Date| {
            kamar_alt(letter, on).map(|code| codes().resolve(code, on).expect("a code on its date").class)
        };
        for (letter, expected) in [
            ('P', Class::Present),
            ('L', Class::Present),
            ('J', Class::Justified),
            ('U', Class::Unjustified),
            ('?', Class::Unjustified),
        ] {
            assert_eq!([class(letter, before), class(letter, since)], [Some(expected); 2], "{letter}");
        }
        assert_eq!((class('O', before), class('O', since)), (Some(Class::Justified), None));
        assert_eq!(kamar_alt('.', since), None);
        assert_eq!(kamar_alt_letters().count(), 6);
    }

    #[test]
    fn only_an_unknown_absence_is_unknown() {
        let on = date(2026, 5, 4);
        let unknown: Vec<char> =
            kamar_alt_letters().filter(|&letter| kamar_alt(letter, on) == Some('?')).collect();
        assert_eq!(unknown, ['?']);
    }
}
