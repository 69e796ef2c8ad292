//! Every word on a page, by name, from a Fluent catalogue built into the binary.
//!
//! Templates ask for `frame-today` and get "Today". A second catalogue (`words/mi-NZ.ftl`) needs
//! only a second constructor beside [`Words::en_nz`]: nothing else knows which language it is.
//! Names of response types and descriptions are data, not words, and are not kept here.

use std::borrow::Borrow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

static EN_NZ: LazyLock<Words> = LazyLock::new(|| Words::load("en-NZ", include_str!("../words/en-NZ.ftl")));

/// A value put into a message: `{ $name }` takes text, `{ $count }` a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arg<'a> {
    /// Text, put in as it is. Escaping is the template's work.
    Text(&'a str),
    /// A whole number, by which a message may also choose its plural.
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Arg<'_> {
            fn from(number: $number) -> Self {
                Self::Number(i64::from(number))
            }
        }
        impl From<&$number> for Arg<'_> {
            fn from(number: &$number) -> Self {
                Self::Number(i64::from(*number))
            }
        }
    )*};
}
numbers!(i64, i32, u8, u16, u32);

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<&usize> for Arg<'_> {
    fn from(number: &usize) -> Self {
        Self::from(*number)
    }
}

/// One language's catalogue.
pub struct Words {
    lang: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Words({})", self.lang)
    }
}

impl Words {
    /// New Zealand English, read once and kept for the life of the process.
    pub fn en_nz() -> &'static Self {
        &EN_NZ
    }

    /// The language's tag, for `<html lang>`.
    pub fn lang(&self) -> &'static str {
        self.lang
    }

    /// The message of this name, or the name in ⟦⟧ when the catalogue has none.
    pub fn get(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The message of this name with its values put in.
    ///
    /// A value the message does not use is ignored; one it uses and is not given shows as `{$name}`.
    pub fn with(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|found| found.value()) else {
            return format!("⟦{id}⟧");
        };
        let mut values = FluentArgs::new();
        for &(name, arg) in args {
            values.set(
                name.to_owned(),
                match arg {
                    Arg::Text(text) => FluentValue::from(text.to_owned()),
                    Arg::Number(number) => FluentValue::from(number),
                },
            );
        }
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned()
    }

    /// The message of this name with one value, for templates.
    pub fn one<'a>(&self, id: &str, name: &str, arg: impl Into<Arg<'a>>) -> String {
        self.with(id, &[(name, arg.into())])
    }

    /// The message of this name with `{ $count }`, for templates.
    pub fn count<'a>(&self, id: &str, count: impl Into<Arg<'a>>) -> String {
        self.one(id, "count", count)
    }

    /// Half-days said as days: 23 is "11.5 days", 2 is "1 day", 1 is "0.5 days".
    pub fn days(&self, half_days: impl Borrow<u32>) -> String {
        let half_days = *half_days.borrow();
        let figure = days_figure(half_days);
        let id = if half_days == 2 { "day-one" } else { "days" };
        self.one(id, "figure", figure.as_str())
    }

    /// Why a figure may still change, when some of its half-days rest on `?` or on missing rolls.
    pub fn provisional(&self, half_days: impl Borrow<u32>) -> Option<String> {
        let half_days = *half_days.borrow();
        let days = self.days(half_days);
        (half_days > 0).then(|| self.one("provisional-title", "days", days.as_str()))
    }

    fn load(lang: &'static str, catalogue: &str) -> Self {
        let resource = match FluentResource::try_new(catalogue.to_owned()) {
            Ok(resource) => resource,
            // What can be read is still used; a test holds that all of it can be.
            Err((resource, _)) => resource,
        };
        let tag = lang.parse().expect("a language tag of ours is well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks would show as boxes in letters and break copying; both languages run
        // left to right.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { lang, bundle }
    }
}

/// The figure of days for a count of half-days: 23 is "11.5", 24 is "12".
pub fn days_figure(half_days: u32) -> String {
    if half_days.is_multiple_of(2) { (half_days / 2).to_string() } else { format!("{}.5", half_days / 2) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const CATALOGUE: &str = include_str!("../words/en-NZ.ftl");

    fn ids() -> impl Iterator<Item = &'static str> {
        CATALOGUE
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(id, _)| id)
    }

    #[test]
    fn a_missing_word_shows_its_name_in_brackets() {
        assert_eq!(Words::en_nz().get("no-such-word"), "⟦no-such-word⟧");
        assert_eq!(Words::en_nz().get("frame-today"), "Today");
    }

    #[test]
    fn the_catalogue_has_no_mistake_and_names_nothing_twice() {
        assert!(FluentResource::try_new(CATALOGUE.to_owned()).is_ok());
        let mut seen = BTreeSet::new();
        for id in ids() {
            assert!(seen.insert(id), "{id} is there twice");
        }
        assert!(seen.len() > 50);
    }

    #[test]
    fn values_are_put_in_without_isolation_marks() {
        let words = Words::en_nz();
        assert_eq!(words.one("today-record-for", "name", "Aroha Ngata"), "for Aroha Ngata");
        for id in ids() {
            let text = words.one(id, "name", "Māia");
            assert!(!text.contains(['\u{2068}', '\u{2069}']), "{id}");
        }
    }

    #[test]
    fn a_count_chooses_its_plural() {
        let words = Words::en_nz();
        assert_eq!(words.count("error-summary-title", 1), "There is a problem");
        assert_eq!(words.count("error-summary-title", 3_usize), "There are 3 problems");
    }

    #[test]
    fn half_days_are_said_as_days() {
        let said: Vec<String> =
            [0_u32, 1, 2, 3, 23, 24].into_iter().map(|half_days| Words::en_nz().days(half_days)).collect();
        assert_eq!(said, ["0 days", "0.5 days", "1 day", "1.5 days", "11.5 days", "12 days"]);
    }
}
