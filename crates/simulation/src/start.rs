//! Where and when a run takes place: the zone and the term, often around a change of clocks.

use crate::Shape;
use crate::random::Random;
use domain::{Date, Term, TermId, Zone};

/// The Sundays on which New Zealand's clocks change, 2026 to 2030.
///
/// Source: the first Sunday of April and the last of September (Daylight Time Order 2007).
pub const CLOCK_CHANGES: [(i16, i8, i8); 10] = [
    (2026, 4, 5),
    (2026, 9, 27),
    (2027, 4, 4),
    (2027, 9, 26),
    (2028, 4, 2),
    (2028, 9, 24),
    (2029, 4, 1),
    (2029, 9, 30),
    (2030, 4, 7),
    (2030, 9, 29),
];

/// A date of the list.
#[must_use]
pub fn date((year, month, day): (i16, i8, i8)) -> Date {
    Date::new(year, month, day).expect("a date of the list")
}

/// The date some days later, or earlier.
#[must_use]
pub fn later(from: Date, days: i32) -> Date {
    let step = |date: Date| if days < 0 { date.yesterday() } else { date.tomorrow() };
    (0..days.abs()).fold(from, |date, _| step(date).unwrap_or(date))
}

/// Draws the zone and a term with so many weekdays.
pub(crate) fn of(random: &mut Random, shape: &Shape) -> (Zone, Term) {
    let zone = shape.zone.unwrap_or_else(|| if random.chance(500) { Zone::Auckland } else { Zone::Chatham });
    let sunday = date(CLOCK_CHANGES[random.index(CLOCK_CHANGES.len())]);
    // The Monday after the change, some weeks before it, or anywhere in a year.
    let weeks = if random.chance(600) { -i32::try_from(random.below(3)).unwrap_or(0) } else { -8 };
    let drawn = later(sunday, 1 + 7 * weeks - i32::try_from(random.below(2)).unwrap_or(0) * 7);
    let first_day = shape.first_day.unwrap_or(drawn);
    let weeks = shape.days.div_ceil(5);
    let over = (5 - shape.days % 5) % 5;
    let last_day = later(first_day, i32::try_from(weeks * 7 - 3 - over).unwrap_or(0));
    let quarter = u8::try_from((first_day.month() - 1) / 3 + 1).unwrap_or(1);
    let id = TermId::new(first_day.year(), quarter).expect("a term of four");
    (zone, Term { id, first_day, last_day })
}
