//! One row's cells, cleaned, and the ways to read them. Whatever cannot be read is kept as a
//! problem, so one row can have several.

use super::suggest::closest;
use super::{Problem, TEXT_LENGTH};
use crate::export_text::without_guard;
use domain::{Date, IdError};
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A cell trimmed, in NFC, and without the apostrophe that an export put before a formula.
pub(crate) fn clean<'c>(cell: Option<&'c Cow<'_, str>>) -> Cow<'c, str> {
    let text = cell.map_or("", |cell| without_guard(cell.trim()).trim());
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// One row.
pub(crate) struct Cells<'r> {
    line: u64,
    columns: &'r [&'static str],
    values: &'r [Cow<'r, str>],
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl<'r> Cells<'r> {
    pub(crate) fn new(line: u64, columns: &'r [&'static str], values: &'r [Cow<'r, str>]) -> Self {
        Self { line, columns, values, problems: Vec::new() }
    }

    /// A cell by its place in the layout; empty when the file does not have the column.
    pub(crate) fn raw(&self, place: usize) -> &'r str {
        &self.values[place]
    }

    /// Keeps a problem about a column or `row`.
    pub(crate) fn report(&mut self, column: &str, wrong: impl Into<String>, right: impl Into<String>) {
        self.problems.push(Problem::new(self.line, column, wrong, right));
    }

    /// A problem about one cell, for the caller to keep.
    pub(crate) fn problem(&self, place: usize, wrong: &str, right: &str) -> Problem {
        Problem::new(self.line, self.columns[place], wrong, right)
    }

    /// Keeps a problem about one cell.
    pub(crate) fn refuse(&mut self, place: usize, wrong: impl Into<String>, right: impl Into<String>) {
        self.report(self.columns[place], wrong, right);
    }

    /// Keeps a problem that `domain` words as `what is wrong: what would be right`.
    pub(crate) fn refuse_sentence(&mut self, place: usize, sentence: &str) {
        let (wrong, right) = sentence.rsplit_once(": ").unwrap_or((sentence, "correct it"));
        self.refuse(place, wrong, right);
    }

    /// One line of text, at most `longest` characters.
    pub(crate) fn text(&mut self, place: usize, longest: usize) -> Option<String> {
        let text = self.raw(place);
        if text.chars().any(char::is_control) {
            self.refuse(place, "a line break or control character", "one line of plain text");
        } else if text.chars().any(is_unseen) {
            self.refuse(place, "an invisible character that turns the writing direction", "remove it");
        } else if text.contains('\u{fffd}') {
            let right = "write the letter again and save the file as UTF-8";
            self.refuse(place, "a letter was lost: it holds the mark \u{fffd}", right);
        } else if text.chars().count() > longest {
            self.refuse(place, format!("longer than {longest} characters"), "shorten it");
        } else {
            return Some(text.to_owned());
        }
        None
    }

    /// A name: one line of text, at most [`TEXT_LENGTH`] characters; may be empty.
    pub(crate) fn name(&mut self, place: usize) -> Option<String> {
        self.text(place, TEXT_LENGTH)
    }

    /// A short cell that another reader will explain; refused when it is very long.
    pub(crate) fn short(&mut self, place: usize) -> Option<&'r str> {
        let text = self.raw(place);
        if text.len() > 64 {
            self.refuse(place, "far too long", "shorten it");
            return None;
        }
        Some(text)
    }

    /// An id that `domain` reads.
    pub(crate) fn id<T>(
        &mut self,
        place: usize,
        parse: impl FnOnce(&str) -> Result<T, IdError>,
    ) -> Option<T> {
        let error = match parse(self.raw(place)) {
            Ok(id) => return Some(id),
            Err(error) => error,
        };
        match error {
            IdError::Empty(longest) => {
                self.refuse(place, "nothing is here", format!("an id of 1 to {longest} characters"));
            }
            IdError::TooLong(longest) => {
                let wrong = format!("longer than {longest} characters");
                self.refuse(place, wrong, format!("an id of 1 to {longest} characters"));
            }
            IdError::Character(c) => {
                let right = "letters, digits, spaces and - _ . / @ : + after a letter, digit or _";
                self.refuse(place, format!("{c:?} cannot stand there in an id"), right);
            }
            IdError::Nsn => self.refuse(place, "this is not an NSN", "up to 10 digits, or nothing"),
            IdError::SchoolNumber(_) => {
                self.refuse(place, "this is not a school number", "up to 4 digits, such as 189");
            }
        }
        None
    }

    /// An ISO date that exists.
    pub(crate) fn date(&mut self, place: usize) -> Option<Date> {
        let text = self.raw(place);
        let right = "a date as year-month-day, such as 2026-05-04";
        if text.is_empty() {
            self.refuse(place, "nothing is here", right);
            return None;
        }
        let Some((year, month, day)) = iso(text) else {
            self.refuse(place, format!("{} is not an ISO date", shown(text)), right);
            return None;
        };
        match Date::new(year, month, day) {
            Ok(date) if (1900..2200).contains(&year) => Some(date),
            Ok(_) => {
                self.refuse(place, format!("{text} is in a year that cannot be meant"), "check the year");
                None
            }
            Err(_) => {
                self.refuse(place, format!("{text} is not in the calendar"), "check the day and month");
                None
            }
        }
    }

    /// A date that may be left out: `Some(None)` when the cell is empty.
    pub(crate) fn optional_date(&mut self, place: usize) -> Option<Option<Date>> {
        if self.raw(place).is_empty() { Some(None) } else { self.date(place).map(Some) }
    }

    /// One of a few words, exactly as written.
    pub(crate) fn choice<T: Copy>(&mut self, place: usize, choices: &[(&'static str, T)]) -> Option<T> {
        let text = self.raw(place);
        self.choice_of(place, text, choices)
    }

    /// One of a few words, where a cell may hold several.
    pub(crate) fn choice_of<T: Copy>(
        &mut self,
        place: usize,
        word: &str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let wrong = if word.is_empty() {
            "nothing is here".to_owned()
        } else {
            format!("{} is not known", shown(word))
        };
        let same = |name: &&&str| name.eq_ignore_ascii_case(word);
        let meant = names.iter().find(same).copied().or_else(|| closest(word, names.iter().copied()));
        let right = match meant {
            Some(name) => format!("did you mean {name}?"),
            None => format!("one of {}", names.join(", ")),
        };
        self.refuse(place, wrong, right);
        None
    }
}

/// A value as a problem shows it: quoted, without control characters, not too long.
///
/// A number that may be somebody's National Student Number is not repeated, wherever it stands.
pub(crate) fn shown(text: &str) -> String {
    let plain = text.trim().trim_end_matches(".0");
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let is_number = plain.chars().all(|c| c.is_ascii_digit() || c == ' ' || (c == '-' && digits > 8));
    if (9..=10).contains(&digits) && is_number {
        return format!("a number of {digits} digits");
    }
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(30).filter(|&c| !is_unseen(c)).collect();
    let more = if characters.next().is_some() { "…" } else { "" };
    format!("{:?}", start + more)
}

/// The highest year level.
pub(crate) const MOST_YEARS: u8 = 15;

/// A year level as other systems write it: `09`, `9`, `Year 9` and `Y9` are 9; what is no number stays as
/// it stands.
pub(crate) fn as_year(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let words = ["year", "grade", "yr", "y"];
    let number = words.into_iter().find_map(|word| plain.strip_prefix(word)).unwrap_or(&plain);
    let number = number.strip_suffix(".0").unwrap_or(number);
    match number.parse::<u8>() {
        Ok(number) if number <= MOST_YEARS => number.to_string(),
        _ => text.trim().to_owned(),
    }
}

/// Whether a character turns the writing direction and is not seen.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn iso(text: &str) -> Option<(i16, i8, i8)> {
    let digits = |part: &[u8]| {
        part.iter()
            .try_fold(0_i16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0')))
    };
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let small = |part| digits(part).and_then(|number| i8::try_from(number).ok());
    Some((digits(&bytes[..4])?, small(&bytes[5..7])?, small(&bytes[8..])?))
}
