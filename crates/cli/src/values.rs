//! Reads the values of options, with an error that says what would be right.

use domain::{Date, Instant, Zone};

pub(crate) fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text)
}

pub(crate) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date: write it as 2026-05-04"))
}

pub(crate) fn zone(text: &str) -> Result<Zone, String> {
    Zone::parse(text)
        .ok_or_else(|| format!("{text:?} is not a zone: use Pacific/Auckland or Pacific/Chatham"))
}

pub(crate) fn threshold(text: &str) -> Result<domain::Threshold, String> {
    let days = text.parse().ok().and_then(domain::Threshold::ministry);
    days.ok_or_else(|| format!("{text:?} is not a level: use 5, 10 or 15"))
}
