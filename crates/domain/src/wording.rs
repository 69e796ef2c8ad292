//! Whether a Description may be shared: it is free text that the Ministry sees.
//!
//! A full name on the roll, a run of digits like an NSN or a phone number, and an e-mail address
//! are refused; a single word that is also somebody's name is only questioned, so that "School
//! van pick up" is fine at a school with a student called Van. Checked when a Description is
//! saved and again before anything is sent.

/// The longest Description, in characters.
pub const DESCRIPTION_LENGTH: usize = 120;

/// The longest note or reason, in characters.
pub const NOTE_LENGTH: usize = 4_000;

/// Why a Description is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordingError {
    /// Nothing is written.
    #[error("a description needs words: write what the school did")]
    Empty,
    /// Too long.
    #[error("a description has at most {DESCRIPTION_LENGTH} characters: details belong in the notes")]
    TooLong,
    /// A control character or a line break.
    #[error("a description is one line of text: remove line breaks and control characters")]
    Control,
    /// Would run as a formula in a spreadsheet.
    #[error(
        "a description cannot begin with {0:?}: a spreadsheet would run it as a formula; begin with a word"
    )]
    Formula(char),
    /// A full name on the roll.
    #[error(
        "a description is shared with the Ministry and this one holds a student's full name: leave the name out, details belong in the notes"
    )]
    FullName,
    /// Digits like an NSN or a phone number.
    #[error(
        "a description is shared with the Ministry and this one holds a number like an NSN or a phone number: leave it out"
    )]
    Digits,
    /// An e-mail address.
    #[error("a description is shared with the Ministry and this one holds an e-mail address: leave it out")]
    Email,
}

/// Somebody whose name must not be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollName {
    words: Vec<String>,
    given: Vec<String>,
    family: Vec<String>,
}

impl RollName {
    /// A person's given, preferred and family names.
    #[must_use]
    pub fn new(given: &str, preferred: &str, family: &str) -> Self {
        let (given, preferred, family) = (folded_words(given), folded_words(preferred), folded_words(family));
        let words = given.iter().chain(&preferred).chain(&family).cloned().collect();
        let given = given.into_iter().chain(preferred).collect();
        Self { words, given, family }
    }

    /// Whether a given (or preferred) name and the whole family name stand side by side in the text,
    /// in either order.
    fn is_in(&self, text: &[String]) -> bool {
        if self.family.is_empty() {
            return false;
        }
        let at = |start: usize| text.get(start..start + self.family.len()) == Some(self.family.as_slice());
        (0..text.len()).filter(|&start| at(start)).any(|start| {
            let end = start + self.family.len();
            let beside =
                start.checked_sub(1).and_then(|before| text.get(before)).into_iter().chain(text.get(end));
            beside.into_iter().any(|word| self.given.contains(word))
        })
    }
}

/// Whether a text holds the full name of somebody on the roll.
#[must_use]
pub fn names_somebody(text: &str, roll: &[RollName]) -> bool {
    let words = folded_words(text);
    roll.iter().any(|name| name.is_in(&words))
}

/// Checks a Description against the people on the roll. Answers with the single words that are
/// also somebody's name, to be questioned, not refused.
///
/// # Errors
/// [`WordingError`] says why it cannot be shared and what would be right.
pub fn check_description(text: &str, roll: &[RollName]) -> Result<Vec<String>, WordingError> {
    let Some(first) = text.chars().next() else { return Err(WordingError::Empty) };
    if text.trim().is_empty() {
        return Err(WordingError::Empty);
    }
    if text.chars().count() > DESCRIPTION_LENGTH {
        return Err(WordingError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(WordingError::Control);
    }
    if "=+-@＝＋－＠".contains(first) {
        return Err(WordingError::Formula(first));
    }
    if text.contains('@') || text.contains('＠') {
        return Err(WordingError::Email);
    }
    if has_digit_run(text) {
        return Err(WordingError::Digits);
    }
    let words = folded_words(text);
    if roll.iter().any(|name| name.is_in(&words)) {
        return Err(WordingError::FullName);
    }
    let mut questioned: Vec<String> = words
        .into_iter()
        .filter(|word| word.chars().count() > 2 && roll.iter().any(|name| name.words.contains(word)))
        .collect();
    questioned.sort();
    questioned.dedup();
    Ok(questioned)
}

/// Six digits or more, with spaces, dots, dashes and brackets between them allowed.
fn has_digit_run(text: &str) -> bool {
    let mut run = 0;
    for c in text.chars() {
        if c.is_numeric() {
            run += 1;
        } else if !" .-–()/".contains(c) {
            run = 0;
        }
        if run >= 6 {
            return true;
        }
    }
    false
}

/// Lower-case words without macrons and other marks.
fn folded_words(text: &str) -> Vec<String> {
    let fold = |c: char| match c {
        'ā' | 'à' | 'á' | 'â' | 'ä' | 'ã' => 'a',
        'ē' | 'è' | 'é' | 'ê' | 'ë' => 'e',
        'ī' | 'ì' | 'í' | 'î' | 'ï' => 'i',
        'ō' | 'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ū' | 'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    };
    let plain: String =
        text.to_lowercase().chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).map(fold).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roll() -> Vec<RollName> {
        vec![
            RollName::new("Māia", "Mai", "Tāne-Ruru"),
            RollName::new("Van", "", "Hartwell"),
            RollName::new("Josephine Ann", "Josie", "de Wyn"),
        ]
    }

    #[test]
    fn r05_full_names_numbers_and_addresses_are_refused() {
        let refused = [
            "Rang Māia Tāne-Ruru's nan",
            "Rang maia tane ruru",
            "Tāne-Ruru Māia: sent letter",
            "Mai Tāne Ruru",
            "Letter for Josie de Wyn",
            "DE WYN, Josephine",
            "NSN 123456789",
            "Rang 021 555 0199",
            "Rang (09) 555-0199",
            "Wrote to someone@example.nz",
            "=HYPERLINK(\"x\")",
            "+64 rang",
            "two\nlines",
            "",
            "   ",
        ];
        for text in refused {
            assert!(check_description(text, &roll()).is_err(), "{text:?}");
        }
        assert!(check_description(&"x".repeat(121), &roll()).is_err());
    }

    #[test]
    fn r05_a_word_that_is_also_a_name_is_only_questioned() {
        assert_eq!(check_description("School van pick up", &roll()), Ok(vec!["van".to_owned()]));
        assert_eq!(check_description("Sent notification to whānau", &roll()), Ok(Vec::new()));
        assert_eq!(check_description("Check-in every 14 days until 2026", &roll()), Ok(Vec::new()));
    }

    #[test]
    fn a_description_may_be_as_long_as_it_says_and_words_of_two_letters_are_no_names() {
        assert!(check_description(&"x".repeat(DESCRIPTION_LENGTH), &roll()).is_ok());
        let two = vec![RollName::new("An", "Ani", "Sample")];
        assert_eq!(check_description("Sent an ani letter", &two), Ok(vec!["ani".to_owned()]));
    }
}
