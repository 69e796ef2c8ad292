//! Domain values as plain text on the wire.
//!
//! `domain` has no serialisation, so nothing becomes a contract by accident. Here each of its
//! values that may travel is given its one spelling, and every other spelling is refused: a
//! value that reads is written back as the same bytes.

use domain::crossing::Cause;
use domain::{Class, CrossingState, Date, Half, Instant, Nsn, ResponseType};
use domain::{SchoolNumber, Stream, StudentId, TermId, Threshold, Zone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A value with one spelling as text.
pub trait Text: Sized {
    /// What would be right, after "expected".
    const EXPECTED: &'static str;

    /// Reads the text; other spellings of the same value may be read too, [`Plain`] refuses them.
    fn from_text(text: &str) -> Option<Self>;

    /// Its one spelling.
    fn to_text(&self) -> String;

    /// What the JSON Schema says of it.
    fn text_schema() -> Schema;
}

/// A domain value that travels as text: `Plain<Date>` is `"2026-05-04"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain<T>(pub T);

impl<T> From<T> for Plain<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Text> fmt::Display for Plain<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.to_text())
    }
}

impl<T: Text> Serialize for Plain<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_text())
    }
}

impl<'de, T: Text> Deserialize<'de> for Plain<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let value = T::from_text(&text).filter(|value| value.to_text() == text);
        // What was sent is not repeated: a value in the wrong place may be somebody's name.
        value.map(Self).ok_or_else(|| D::Error::custom(format_args!("expected {}", T::EXPECTED)))
    }
}

impl<T: Text> JsonSchema for Plain<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Plain")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        T::text_schema()
    }
}

macro_rules! word {
    ($type:ty, $expected:literal, $all:expr, $read:expr, $write:expr) => {
        impl Text for $type {
            const EXPECTED: &'static str = $expected;

            fn from_text(text: &str) -> Option<Self> {
                $read(text)
            }

            fn to_text(&self) -> String {
                $write(*self)
            }

            fn text_schema() -> Schema {
                let words: Vec<String> = $all.iter().map(Text::to_text).collect();
                json_schema!({ "type": "string", "enum": words })
            }
        }
    };
}

word!(Half, "am or pm", Half::BOTH, Half::parse, |half: Half| half.text().to_owned());
word!(
    Class,
    "P, J or U",
    [Class::Present, Class::Justified, Class::Unjustified],
    Class::parse,
    |class: Class| class.letter().to_string()
);
word!(
    CrossingState,
    "reached or withdrawn",
    [CrossingState::Reached, CrossingState::Withdrawn],
    CrossingState::parse,
    |state: CrossingState| state.text().to_owned()
);
word!(
    Cause,
    "mark, closure, left or time",
    [Cause::Mark, Cause::Calendar, Cause::Enrolment, Cause::Time],
    |text: &str| Cause::parse(text).filter(|cause| *cause != Cause::Codes),
    |cause: Cause| cause.text().to_owned()
);
word!(Stream, "attendance or responses", Stream::ALL, Stream::parse, |stream: Stream| {
    stream.text().to_owned()
});
word!(
    ResponseType,
    "the short name of one of the ten Activity Response Types",
    ResponseType::ALL,
    |text: &str| ResponseType::parse(text).ok(),
    |kind: ResponseType| kind.slug().to_owned()
);

impl Text for Date {
    const EXPECTED: &'static str = "a date as 2026-05-04";

    fn from_text(text: &str) -> Option<Self> {
        (text.len() == 10).then(|| text.parse().ok())?
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn text_schema() -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

impl Text for TermId {
    const EXPECTED: &'static str = "a term as 2026-T2";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn text_schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^2[01][0-9]{2}-T[1-9]$" })
    }
}

impl Text for SchoolNumber {
    const EXPECTED: &'static str = "a school number as 189, without leading zeros";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn text_schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[1-9][0-9]{0,3}$" })
    }
}

impl Text for StudentId {
    const EXPECTED: &'static str = "a student's id at the school, 1 to 64 characters";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn text_schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": 64 })
    }
}

impl Text for Nsn {
    const EXPECTED: &'static str = "a National Student Number, up to 10 digits";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn to_text(&self) -> String {
        self.reveal().to_owned()
    }

    fn text_schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{1,10}$" })
    }
}

/// A moment as the school wrote it, with its offset: `2026-05-04T15:10:00+12:00`.
///
/// The text is kept, since the offset says what the clock on the wall showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetTime {
    text: String,
    instant: Instant,
}

impl OffsetTime {
    /// An instant as a school's zone writes it.
    #[must_use]
    pub fn new(zone: Zone, instant: Instant) -> Self {
        Self { text: zone.text(instant), instant }
    }

    /// The instant itself.
    #[must_use]
    pub fn instant(&self) -> Instant {
        self.instant
    }

    /// The text as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Text for OffsetTime {
    const EXPECTED: &'static str = "a time with its offset, as 2026-05-04T15:10:00+12:00";

    fn from_text(text: &str) -> Option<Self> {
        let plain = (20..=35).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:T.+Z".contains(&byte));
        let instant = plain.then(|| Instant::parse(text).ok())??;
        Some(Self { text: text.to_owned(), instant })
    }

    fn to_text(&self) -> String {
        self.text.clone()
    }

    fn text_schema() -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "maxLength": 35 })
    }
}

/// One of the Ministry's thresholds, as its days: 5, 10 or 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThresholdDays(pub Threshold);

impl From<Threshold> for ThresholdDays {
    fn from(threshold: Threshold) -> Self {
        Self(threshold)
    }
}

impl Serialize for ThresholdDays {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.days())
    }
}

impl<'de> Deserialize<'de> for ThresholdDays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let days = i64::deserialize(deserializer)?;
        Threshold::ministry(days).map(Self).ok_or_else(|| D::Error::custom("expected 5, 10 or 15 days"))
    }
}

impl JsonSchema for ThresholdDays {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("ThresholdDays")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let days: Vec<i64> = Threshold::MINISTRY.iter().map(|threshold| threshold.days()).collect();
        json_schema!({ "type": "integer", "enum": days })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads<T: Text>(text: &str) -> bool {
        serde_json::from_value::<Plain<T>>(serde_json::Value::from(text)).is_ok()
    }

    #[test]
    fn each_value_has_one_spelling() {
        assert!(reads::<Date>("2026-05-04") && !reads::<Date>("20260504") && !reads::<Date>("2026-02-30"));
        assert!(reads::<Half>("am") && !reads::<Half>("AM"));
        assert!(reads::<SchoolNumber>("189") && !reads::<SchoolNumber>("0189"));
        assert!(reads::<StudentId>("a 1") && !reads::<StudentId>(" a 1"));
        assert!(reads::<ResponseType>("other") && !reads::<ResponseType>("Other"));
        assert!(reads::<TermId>("2026-T2") && !reads::<TermId>("2026-T2 "));
        assert!(reads::<Nsn>("0123") && !reads::<Nsn>("12345678901"));
    }

    #[test]
    fn a_time_needs_its_offset_and_keeps_it() {
        for good in ["2026-05-04T15:10:00+12:00", "2026-05-04T03:10:00Z", "2026-05-04T15:55:00.5+12:45"] {
            assert!(reads::<OffsetTime>(good), "{good}");
        }
        for bad in ["2026-05-04T15:10:00", "2026-05-04", "now", "2026-05-04T15:10:00+12:00[Pacific/Auckland]"]
        {
            assert!(!reads::<OffsetTime>(bad), "{bad}");
        }
    }

    #[test]
    fn what_was_sent_is_not_repeated_in_the_error() {
        let value = serde_json::Value::from("Aroha Ngata");
        let error = serde_json::from_value::<Plain<Half>>(value).expect_err("not a half").to_string();
        assert_eq!(error, "expected am or pm");
    }
}
