//! The attendance codes, by date.

use crate::table::{date, rows};
use domain::{Class, CodeList, CodeRow};
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../reference/codes.csv");

static CODES: LazyLock<CodeList> =
    LazyLock::new(|| parse(FILE).expect("reference/codes.csv is read by the tests of this crate"));

/// The code list: 15 letters since 27 January 2025, 26 until the day before.
#[must_use]
pub fn codes() -> &'static CodeList {
    &CODES
}

fn parse(text: &str) -> Result<CodeList, String> {
    let columns = ["letter", "name", "class", "from", "to", "counts_as"];
    let parsed = rows(text, columns)?.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    CodeList::new(parsed)
}

fn row([letter, name, class, from, to, counts_as]: [String; 6]) -> Result<CodeRow, String> {
    let optional = |text: &str| if text.is_empty() { Ok(None) } else { date(text).map(Some) };
    let mut letters = letter.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        return Err(format!("a code is one letter: {name}"));
    };
    Ok(CodeRow {
        letter,
        class: Class::parse(&class).ok_or_else(|| format!("code {letter} has no class"))?,
        name,
        from: optional(&from)?,
        to: optional(&to)?,
        counts_as: counts_as.chars().next(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const FIRST_DAY_OF_FIFTEEN: domain::Date = date(2025, 1, 27);

    fn letters_on(day: domain::Date) -> String {
        codes().on(day).map(|row| row.letter).collect()
    }

    #[test]
    fn there_are_fifteen_codes_since_27_january_2025_with_these_classes() {
        assert_eq!(letters_on(FIRST_DAY_OF_FIFTEEN), "PLADINQXJMUEGT?");
        for (class, letters) in
            [(Class::Present, "PLADINQX"), (Class::Justified, "JMU"), (Class::Unjustified, "EGT?")]
        {
            for letter in letters.chars() {
                let code = codes().resolve(letter, FIRST_DAY_OF_FIFTEEN).expect("in use");
                assert_eq!((code.letter, code.class), (letter, class));
            }
        }
    }

    #[test]
    fn there_were_twenty_six_letters_until_the_day_before_and_the_older_count_as_todays() {
        let last_day = FIRST_DAY_OF_FIFTEEN.yesterday().expect("in range");
        assert_eq!(codes().on(last_day).count(), 26);
        assert!(letters_on(last_day).contains('?'));
        for (older, todays) in [("C", 'D'), ("FW", 'Q'), ("HKYZ", 'A'), ("SVR", 'P'), ("O", 'J')] {
            for letter in older.chars() {
                let then = codes().resolve(letter, last_day).expect("in use then");
                assert_eq!(Some(then), codes().resolve(todays, last_day), "{letter}");
                assert_eq!(codes().resolve(letter, FIRST_DAY_OF_FIFTEEN), None, "{letter}");
            }
        }
    }

    #[test]
    fn every_code_has_a_name_and_says_how_sure_its_class_is() {
        for [letter, name, confidence] in rows(FILE, ["letter", "name", "confidence"]).expect("a list") {
            assert!(!name.is_empty() && ["C", "L", "U"].contains(&confidence.as_str()), "{letter}");
        }
        for letter in "INUX".chars() {
            let unclear = rows(FILE, ["letter", "confidence"]).expect("a list");
            assert!(unclear.contains(&[letter.to_string(), "U".to_owned()]), "{letter}");
        }
    }
}
