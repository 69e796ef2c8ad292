//! Days on which schools are closed by law: public holidays, Easter Tuesday, and each region's
//! anniversary day.
//!
//! The lists run from 2020 to 2035; the tests work every date out again by its rule.

use crate::table::{date, rows};
use domain::Date;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const PUBLIC: &str = include_str!("../../../reference/public-holidays.csv");
const REGIONAL: &str = include_str!("../../../reference/regional-anniversaries.csv");

static HOLIDAYS: LazyLock<BTreeMap<Date, String>> = LazyLock::new(|| {
    parse_public(PUBLIC).expect("reference/public-holidays.csv is read by the tests of this crate")
});
static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    parse_regional(REGIONAL).expect("reference/regional-anniversaries.csv is read by the tests of this crate")
});

/// Other names that people use for a region.
const ALSO: [(&str, &str); 4] = [
    ("westland", "West Coast"),
    ("manawatu", "Manawatū-Whanganui"),
    ("whanganui", "Manawatū-Whanganui"),
    ("te tai tokerau", "Northland"),
];

struct Region {
    name: String,
    days: BTreeMap<Date, String>,
}

/// Public holidays and Easter Tuesday, each with its name. A holiday at a weekend that is also
/// kept on a weekday stands on both dates.
#[must_use]
pub fn public_holidays() -> &'static BTreeMap<Date, String> {
    &HOLIDAYS
}

/// The regions that keep an anniversary day.
#[must_use]
pub fn regions() -> Vec<&'static str> {
    REGIONS.iter().map(|region| region.name.as_str()).collect()
}

/// The region's name as [`regions`] has it. Case, macrons, apostrophes and hyphens do not matter.
#[must_use]
pub fn region(name: &str) -> Option<&'static str> {
    let wanted = plain(name);
    let other = ALSO.iter().find(|(also, _)| *also == wanted).map(|(_, name)| plain(name));
    let wanted = other.unwrap_or(wanted);
    REGIONS.iter().map(|region| region.name.as_str()).find(|name| plain(name) == wanted)
}

/// The national holidays and, for a school with a region, that region's anniversary days.
/// Without a region, or with a name that is none, no anniversary day is assumed.
#[must_use]
pub fn holidays_for(region_name: Option<&str>) -> BTreeMap<Date, String> {
    let mut days = public_holidays().clone();
    let Some(wanted) = region_name.and_then(region) else { return days };
    for (&date, name) in REGIONS.iter().filter(|region| region.name == wanted).flat_map(|one| &one.days) {
        // Southland keeps its anniversary on Easter Tuesday: the day then has both names.
        let both = |kept: &mut String| *kept = format!("{kept} and {name}");
        days.entry(date).and_modify(both).or_insert_with(|| name.clone());
    }
    days
}

fn plain(text: &str) -> String {
    let fold = |c: char| match c {
        'ā' => 'a',
        'ē' => 'e',
        'ī' => 'i',
        'ō' => 'o',
        'ū' => 'u',
        '-' | '‑' | '–' => ' ',
        other => other,
    };
    let dropped = |c: &char| !['\'', '’', '‘', 'ʼ', '\u{304}'].contains(c);
    let folded: String = text.to_lowercase().chars().filter(dropped).map(fold).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parse_public(text: &str) -> Result<BTreeMap<Date, String>, String> {
    let mut days = BTreeMap::new();
    for [day, name] in rows(text, ["date", "name"])? {
        if days.insert(date(&day)?, name).is_some() {
            return Err(format!("{day} stands twice"));
        }
    }
    Ok(days)
}

fn parse_regional(text: &str) -> Result<Vec<Region>, String> {
    let mut regions: Vec<Region> = Vec::new();
    for [name, day, holiday] in rows(text, ["region", "date", "name"])? {
        let day = date(&day)?;
        match regions.iter_mut().find(|region| region.name == name) {
            Some(region) => {
                region.days.insert(day, holiday);
            }
            None => regions.push(Region { name, days: BTreeMap::from([(day, holiday)]) }),
        }
    }
    Ok(regions)
}

#[cfg(test)]
#[path = "holidays_tests.rs"]
mod tests;
