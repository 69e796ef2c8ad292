//! Response types with their uses, the default descriptions, and reasons for a closed day.

use crate::table::rows;
use domain::ResponseType;
use std::sync::LazyLock;

const TYPES: &str = include_str!("../../../reference/response-types.csv");
const DESCRIPTIONS: &str = include_str!("../../../reference/descriptions.csv");
const CLOSURE_REASONS: &str = include_str!("../../../reference/closure-reasons.csv");

static TYPE_GUIDES: LazyLock<Vec<TypeGuide>> = LazyLock::new(|| {
    parse_types(TYPES).expect("reference/response-types.csv is read by the tests of this crate")
});
static DEFAULT_DESCRIPTIONS: LazyLock<Vec<DefaultDescription>> = LazyLock::new(|| {
    parse_descriptions(DESCRIPTIONS).expect("reference/descriptions.csv is read by the tests of this crate")
});
static REASONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    parse_reasons(CLOSURE_REASONS).expect("reference/closure-reasons.csv is read by the tests of this crate")
});

/// When a response type is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeGuide {
    /// The type.
    pub kind: ResponseType,
    /// Examples of its use, in our own words; at least one.
    pub example_uses: Vec<String>,
}

/// A Description that the Ministry provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultDescription {
    /// The type it belongs to.
    pub kind: ResponseType,
    /// Its wording, exactly as the guidance words it.
    pub wording: String,
    /// When it is used, in our own words.
    pub example_use: String,
}

/// The ten types with examples of their use, in the guidance's order.
#[must_use]
pub fn type_guides() -> &'static [TypeGuide] {
    &TYPE_GUIDES
}

/// The 26 default descriptions, in the guidance's order.
#[must_use]
pub fn default_descriptions() -> &'static [DefaultDescription] {
    &DEFAULT_DESCRIPTIONS
}

/// When a default description is used; `None` for a wording of the school's own.
#[must_use]
pub fn description_example(kind: ResponseType, wording: &str) -> Option<&'static str> {
    let found = default_descriptions().iter().find(|one| one.kind == kind && one.wording == wording);
    found.map(|one| one.example_use.as_str())
}

/// Reasons for a closed day. The Ministry's list is not public, so any other text is accepted too.
#[must_use]
pub fn closure_reasons() -> &'static [String] {
    &REASONS
}

fn parse_types(text: &str) -> Result<Vec<TypeGuide>, String> {
    let mut guides: Vec<TypeGuide> =
        ResponseType::ALL.map(|kind| TypeGuide { kind, example_uses: Vec::new() }).into();
    for [slug, example_use] in rows(text, ["type", "example_use"])? {
        let kind = ResponseType::parse(&slug)?;
        guides.iter_mut().filter(|guide| guide.kind == kind).for_each(|guide| {
            guide.example_uses.push(example_use.clone());
        });
    }
    Ok(guides)
}

fn parse_descriptions(text: &str) -> Result<Vec<DefaultDescription>, String> {
    let read = |[slug, wording, example_use]: [String; 3]| {
        Ok(DefaultDescription { kind: ResponseType::parse(&slug)?, wording, example_use })
    };
    rows(text, ["type", "wording", "example_use"])?.into_iter().map(read).collect()
}

fn parse_reasons(text: &str) -> Result<Vec<String>, String> {
    Ok(rows(text, ["reason"])?.into_iter().map(|[reason]| reason).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::wording::check_description;
    use domain::{Band, Threshold};

    #[test]
    fn each_of_the_ten_types_has_a_guide_in_the_guidances_order() {
        let kinds: Vec<_> = type_guides().iter().map(|guide| guide.kind).collect();
        assert_eq!(kinds, ResponseType::ALL);
        for guide in type_guides() {
            assert!(!guide.example_uses.is_empty(), "{}", guide.kind);
            assert!(guide.example_uses.iter().all(|text| !text.is_empty()), "{}", guide.kind);
        }
    }

    #[test]
    fn there_are_twenty_six_default_descriptions_as_many_under_each_type_as_the_guidance_has() {
        assert_eq!(default_descriptions().len(), 26);
        let under = |kind| default_descriptions().iter().filter(|one| one.kind == kind).count();
        assert_eq!(ResponseType::ALL.map(under), [4, 3, 0, 8, 3, 8, 0, 0, 0, 0]);
        assert!(default_descriptions().is_sorted_by_key(|one| one.kind));
    }

    #[test]
    fn every_default_description_may_be_shared_and_stands_once() {
        for (index, one) in default_descriptions().iter().enumerate() {
            assert_eq!(check_description(&one.wording, &[]), Ok(Vec::new()), "{}", one.wording);
            assert!(!one.example_use.is_empty(), "{}", one.wording);
            let earlier = &default_descriptions()[..index];
            assert!(earlier.iter().all(|other| other.wording != one.wording), "{}", one.wording);
        }
        let example = |kind, wording| description_example(kind, wording).is_some();
        assert!(example(ResponseType::ConversationWithWhanau, "Held whānau hui"));
        assert!(!example(ResponseType::ConversationWithWhanau, "Rang nan"));
        let wordings: Vec<_> = default_descriptions().iter().map(|one| one.wording.as_str()).collect();
        assert!(wordings.contains(&"Referred to alternative education/activity centre"));
    }

    #[test]
    fn the_thresholds_of_the_list_are_those_that_are_counted() {
        let file = include_str!("../../../reference/thresholds.csv");
        let listed = rows(file, ["days", "absent_half_days", "band", "band_name"]).expect("a list");
        assert_eq!(listed.len(), Threshold::MINISTRY.len());
        for (row, threshold) in listed.iter().zip(Threshold::MINISTRY) {
            let half_days = u32::try_from(threshold.half_days()).expect("small");
            let band = Band::of(half_days).text();
            let counted = [threshold.days().to_string(), half_days.to_string(), band.to_owned()];
            assert_eq!(row[..3], counted);
            assert_ne!(Band::of(half_days - 1), Band::of(half_days));
        }
    }

    #[test]
    fn there_are_reasons_for_a_closed_day_and_each_stands_once() {
        let mut reasons = closure_reasons().to_vec();
        reasons.sort();
        reasons.dedup();
        assert_eq!(reasons.len(), closure_reasons().len());
        assert!(reasons.iter().any(|reason| reason == "Teacher-only day"));
    }
}
