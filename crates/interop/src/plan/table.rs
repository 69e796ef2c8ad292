//! The tables of a plan's file: their values read one by one, each problem kept with its line.

use super::{MOST_IN_LIST, SENTENCE_LENGTH};
use crate::contract::Problem;
use crate::contract::cells::{is_unseen, shown};
use crate::contract::suggest::closest;
use domain::Date;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

/// A value with where it stands.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// Which tier, and which step of it.
pub(super) type Where = (Option<usize>, Option<usize>);

/// A table of the file.
#[derive(Clone, Copy)]
pub(super) struct Table<'a, 'i> {
    pub values: &'a DeTable<'i>,
    /// The line that a missing key is told of.
    pub line: u64,
}

impl<'a, 'i> Table<'a, 'i> {
    pub fn get(&self, key: &str) -> Option<&'a Value<'i>> {
        self.values.get(key)
    }
}

/// Everything that is wrong so far, and where each key stands.
pub(super) struct Notes {
    /// Where each line begins.
    starts: Vec<usize>,
    pub problems: Vec<Problem>,
    lines: BTreeMap<(Where, String), u64>,
    /// The keys at which something could not be read: their values are not the file's.
    unread: Vec<(Where, String)>,
    /// Which tier and step is being read.
    pub at: Where,
    /// The key of the tier or step that is being read, while a condition below it is.
    pub within: Option<&'static str>,
}

impl Notes {
    pub fn of(text: &str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(after_breaks.map(|(at, _)| at + 1)).collect();
        let (problems, lines, unread) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { starts, problems, lines, unread, at: (None, None), within: None }
    }

    /// The line of a byte, from 1.
    pub fn line(&self, byte: usize) -> u64 {
        self.starts.partition_point(|&start| start <= byte) as u64
    }

    pub fn report(&mut self, line: u64, key: &str, wrong: impl Into<String>, right: impl Into<String>) {
        self.unread.push((self.at, self.within.unwrap_or(key).to_owned()));
        self.problems.push(Problem::new(line, key, wrong, right));
    }

    pub fn report_value(&mut self, value: &Value<'_>, key: &str, wrong: impl Into<String>, right: &str) {
        self.report(self.line(value.span().start), key, wrong, right);
    }

    fn report_kind(&mut self, value: &Value<'_>, key: &str, right: &str) {
        self.report_value(value, key, format!("{} stands there", kind(value.get_ref())), right);
    }

    /// The line of a key of a tier or step, or of the tier or step itself; the first line when
    /// neither is in the file.
    pub fn line_of(&self, at: Where, key: &str) -> u64 {
        let line = |key: &str| self.lines.get(&(at, key.to_owned())).copied();
        line(key).or_else(|| line("")).unwrap_or(1)
    }

    /// Whether what stands at a key could not be read.
    pub fn is_unread(&self, at: Where, key: &str) -> bool {
        self.unread.iter().any(|(place, unread)| *place == at && unread == key)
    }

    /// Keeps the line of the tier or step that is being read.
    pub fn begin(&mut self, at: Where, line: u64) {
        self.at = at;
        self.lines.insert((at, String::new()), line);
    }

    /// Keeps where the keys stand, and refuses those that nobody reads.
    pub fn know(&mut self, table: Table<'_, '_>, keys: &[&'static str]) {
        for name in table.values.keys() {
            let (line, key) = (self.line(name.span().start), name.get_ref().as_ref());
            if !keys.contains(&key) {
                let short = shown(key);
                let near = closest(key, keys.iter().copied()).filter(|near| table.get(near).is_none());
                let right = match near {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("one of {}", keys.join(", ")),
                };
                self.unread.extend(near.map(|near| (self.at, near.to_owned())));
                self.report(line, short.trim_matches('"'), "nothing has this name here", right);
            } else if self.within.is_none() {
                self.lines.insert((self.at, key.to_owned()), line);
            }
        }
    }

    /// The value of a key that must be there.
    pub fn needed<'a, 'i>(
        &mut self,
        table: Table<'a, 'i>,
        key: &'static str,
        right: &str,
    ) -> Option<&'a Value<'i>> {
        let value = table.get(key);
        // One that is there under a misspelt name was told already.
        if value.is_none() && !self.is_unread(self.at, key) {
            self.report(table.line, key, format!("{key} is missing"), right);
        }
        value
    }

    /// Text of at most so many characters; empty when the key is not there.
    pub fn text(&mut self, table: Table<'_, '_>, key: &str, longest: usize) -> String {
        table.get(key).and_then(|value| self.words(value, key, longest)).unwrap_or_default()
    }

    /// The text of a value, trimmed and with its letters put together as everywhere.
    pub fn words(&mut self, value: &Value<'_>, key: &str, longest: usize) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            self.report_kind(value, key, "text in \"quotation marks\"");
            return None;
        };
        let text: String = text.replace("\r\n", "\n").trim().nfc().collect();
        let may_break = longest > SENTENCE_LENGTH;
        if text.chars().any(|c| c.is_control() && !(may_break && c == '\n')) {
            self.report_value(value, key, "a line break or control character", "one line of plain text");
        } else if text.chars().any(is_unseen) {
            let wrong = "an invisible character that turns the writing direction";
            self.report_value(value, key, wrong, "remove it");
        } else if text.contains('\u{fffd}') {
            let wrong = "a letter was lost: it holds the mark \u{fffd}";
            self.report_value(value, key, wrong, "write the letter again and save the file as UTF-8");
        } else if text.chars().count() > longest {
            self.report_value(value, key, format!("longer than {longest} characters"), "shorten it");
        } else {
            return Some(text);
        }
        None
    }

    /// The values of a list; none when the key is not there.
    pub fn list<'a, 'i>(&mut self, table: Table<'a, 'i>, key: &str, right: &str) -> &'a [Value<'i>] {
        let Some(value) = table.get(key) else { return &[] };
        let Some(list) = value.get_ref().as_array() else {
            self.report_kind(value, key, right);
            return &[];
        };
        if list.len() > MOST_IN_LIST {
            let wrong = format!("{} in one list", list.len());
            self.report_value(value, key, wrong, &format!("at most {MOST_IN_LIST}"));
        }
        &list[..list.len().min(MOST_IN_LIST)]
    }

    /// A list of texts that are not empty.
    pub fn texts(&mut self, table: Table<'_, '_>, key: &str, longest: usize) -> Vec<String> {
        let mut texts = Vec::new();
        for value in self.list(table, key, "a list: [\"…\", \"…\"]") {
            match self.words(value, key, longest) {
                Some(text) if text.is_empty() => {
                    self.report_value(value, key, "nothing is here", "words, or leave it out");
                }
                text => texts.extend(text),
            }
        }
        texts
    }

    /// `true` or `false`; something else when the key is not there.
    pub fn claim(&mut self, table: Table<'_, '_>, key: &str, otherwise: bool) -> bool {
        let Some(value) = table.get(key) else { return otherwise };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.report_kind(value, key, "true or false, without quotation marks");
            otherwise
        })
    }

    /// A date, if the key is there.
    pub fn date(&mut self, table: Table<'_, '_>, key: &str) -> Option<Date> {
        let right = "a date as year-month-day without quotation marks, such as 2026-02-10";
        let value = table.get(key)?;
        let Some(given) = value.get_ref().as_datetime() else {
            self.report_kind(value, key, right);
            return None;
        };
        let date = given.date.filter(|_| given.time.is_none()).and_then(|date| {
            let year = i16::try_from(date.year).ok().filter(|year| (1900..2200).contains(year))?;
            Date::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
        });
        if date.is_none() {
            self.report_value(value, key, "no date of a plan", right);
        }
        date
    }

    /// A whole number of at most so much, if the key is there.
    pub fn whole(&mut self, table: Table<'_, '_>, key: &str, most: u32) -> Option<u32> {
        let value = table.get(key)?;
        let number = tenths(value.get_ref()).filter(|tenths| tenths % 10 == 0).map(|tenths| tenths / 10);
        self.at_most(value, key, number, (most, "a whole number"))
    }

    /// Days, in half-days.
    pub fn half_days(&mut self, table: Table<'_, '_>, key: &str) -> Option<u32> {
        let value = table.get(key)?;
        let number = tenths(value.get_ref()).filter(|tenths| tenths % 5 == 0).map(|tenths| tenths / 5);
        self.at_most(value, key, number, (400, "days, whole or half, up to 200, such as 5 or 4.5"))
    }

    /// A percentage, in tenths of a percent.
    pub fn percent(&mut self, table: Table<'_, '_>, key: &str) -> Option<u32> {
        let value = table.get(key)?;
        let number = tenths(value.get_ref());
        self.at_most(value, key, number, (1000, "a percentage from 0 to 100, such as 90 or 87.5"))
    }

    fn at_most(
        &mut self,
        value: &Value<'_>,
        key: &str,
        number: Option<u32>,
        (most, right): (u32, &str),
    ) -> Option<u32> {
        let found = number.filter(|number| *number <= most);
        if found.is_none() {
            let wrong = match value.get_ref() {
                DeValue::Integer(number) => number.as_str(),
                DeValue::Float(number) => number.as_str(),
                other => kind(other),
            };
            let wrong = format!("{} stands there", shown(wrong).trim_matches('"'));
            let right = if right == "a whole number" {
                format!("{right} from 0 to {most}")
            } else {
                right.to_owned()
            };
            self.report_value(value, key, wrong, &right);
        }
        found
    }
}

/// A number of at most one decimal, in tenths.
fn tenths(value: &DeValue<'_>) -> Option<u32> {
    let text = match value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => return None,
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let tenth = match decimals.trim_end_matches('0') {
        "" => 0,
        one if one.len() == 1 => one.parse().ok()?,
        _ => return None,
    };
    whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenth)
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
