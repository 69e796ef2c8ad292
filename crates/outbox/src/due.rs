//! When a school sends by itself.

use domain::{Instant, SchoolNumber, Zone};

/// Whether the daily hour has come: 18:00 at the school, and a few minutes more that differ from
/// school to school. It ends with the day, so that no day is told before its evening.
#[must_use]
pub fn is_due(zone: Zone, number: SchoolNumber, now: Instant) -> bool {
    let spread = number.number() * 7_919 % 600;
    let local = zone.local(now);
    let seconds = [local.hour(), local.minute(), local.second()]
        .into_iter()
        .fold(0, |seconds, part| seconds * 60 + i64::from(part));
    seconds >= 18 * 3_600 + spread
}
