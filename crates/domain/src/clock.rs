//! Instants, school-local time, and which half-day is current.
//!
//! A school date is a civil date plus a half, never an instant. Nine in the morning in Auckland
//! is the previous day in UTC, so a date is only ever taken from an instant through the
//! school's [`Zone`].

use crate::{Date, Half, HalfDay};
use jiff::tz::TimeZone;
use std::fmt;

/// A moment in time, in whole microseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant that many microseconds after the Unix epoch.
    ///
    /// # Errors
    /// `None` outside the years that a calendar can hold.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(micros).ok().map(|_| Self(micros))
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Reads `2026-05-04T15:10:00+12:00` (any offset, or `Z`).
    ///
    /// # Errors
    /// A sentence that says what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            |_| format!("{text:?} is not a time: write it with its offset, as 2026-05-04T15:10:00+12:00");
        let timestamp: jiff::Timestamp = text.trim().parse().map_err(wrong)?;
        Ok(Self(timestamp.as_microsecond()))
    }

    /// The instant a whole number of seconds later (or earlier).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Real microseconds from `earlier` to this instant, negative when `earlier` is later.
    #[must_use]
    pub fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// The two zones that New Zealand schools keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// `Pacific/Auckland`.
    Auckland,
    /// `Pacific/Chatham`, 45 minutes ahead.
    Chatham,
}

impl Zone {
    /// Reads the zone's name in the tz database.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Auckland, Self::Chatham].into_iter().find(|zone| zone.name() == text)
    }

    /// The zone's name in the tz database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auckland => "Pacific/Auckland",
            Self::Chatham => "Pacific/Chatham",
        }
    }

    fn time_zone(self) -> TimeZone {
        TimeZone::get(self.name()).expect("the tz database is bundled")
    }

    /// Local date, hour and minute.
    #[must_use]
    pub fn local(self, instant: Instant) -> jiff::civil::DateTime {
        self.time_zone().to_datetime(instant.timestamp())
    }

    /// The local date of an instant.
    #[must_use]
    pub fn date(self, instant: Instant) -> Date {
        self.local(instant).date()
    }

    /// The half-day that is current: the morning until 12:00, then the afternoon.
    ///
    /// Source: the contract, "the morning is current until 12:00".
    #[must_use]
    pub fn current_half_day(self, instant: Instant) -> HalfDay {
        let local = self.local(instant);
        let half = if local.hour() < 12 { Half::Am } else { Half::Pm };
        HalfDay::new(local.date(), half)
    }

    /// The instant at which a half-day becomes current: midnight for the morning, noon for the
    /// afternoon.
    #[must_use]
    pub fn start_of(self, half_day: HalfDay) -> Instant {
        let hour = match half_day.half {
            Half::Am => 0,
            Half::Pm => 12,
        };
        self.at(half_day.date, hour, 0)
    }

    /// The instant of a local wall-clock time. A time that a clock change skips is taken as the
    /// next one that exists.
    #[must_use]
    pub fn at(self, date: Date, hour: i8, minute: i8) -> Instant {
        let local = date.at(hour.clamp(0, 23), minute.clamp(0, 59), 0, 0);
        let timestamp = self.time_zone().to_ambiguous_timestamp(local).compatible();
        Instant(timestamp.unwrap_or(jiff::Timestamp::UNIX_EPOCH).as_microsecond())
    }

    /// Writes an instant as the contract does: `2026-05-04T15:10:00+12:00`, in whole seconds.
    #[must_use]
    pub fn text(self, instant: Instant) -> String {
        let zoned = instant.timestamp().to_zoned_datetime(self.time_zone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn instant(text: &str) -> Instant {
        Instant::parse(text).expect(text)
    }

    #[test]
    fn r43_nine_in_the_morning_belongs_to_today_not_to_the_day_in_utc() {
        let nine = instant("2026-05-04T09:00:00+12:00");
        assert_eq!(Zone::Auckland.current_half_day(nine), HalfDay::new(date(2026, 5, 4), Half::Am));
        assert_eq!(Zone::Auckland.text(nine), "2026-05-04T09:00:00+12:00");
        assert_eq!(Zone::Chatham.text(nine), "2026-05-04T09:45:00+12:45");
    }

    #[test]
    fn the_morning_is_current_until_noon_in_the_schools_own_zone() {
        let noon_in_auckland = instant("2026-05-04T12:00:00+12:00");
        let before = noon_in_auckland.plus_seconds(-1);
        assert_eq!(Zone::Auckland.current_half_day(before).half, Half::Am);
        assert_eq!(Zone::Auckland.current_half_day(noon_in_auckland).half, Half::Pm);
        assert_eq!(Zone::Chatham.current_half_day(before).half, Half::Pm);
    }

    #[test]
    fn r43_every_half_day_of_ten_years_starts_when_it_becomes_current() {
        for zone in [Zone::Auckland, Zone::Chatham] {
            let mut day = date(2024, 1, 1);
            while day < date(2034, 1, 1) {
                for half in Half::BOTH {
                    let half_day = HalfDay::new(day, half);
                    let start = zone.start_of(half_day);
                    assert_eq!(zone.current_half_day(start), half_day);
                    assert!(zone.current_half_day(start.plus_seconds(-1)) < half_day);
                }
                day = day.tomorrow().expect("in range");
            }
        }
    }

    #[test]
    fn a_time_without_an_offset_is_refused_with_what_would_be_right() {
        let error = Instant::parse("2026-05-04 15:10").expect_err("no offset");
        assert!(error.contains("2026-05-04T15:10:00+12:00"), "{error}");
    }

    #[test]
    fn an_instant_is_counted_in_microseconds() {
        let one = Instant::from_micros(1_500_000).expect("in range");
        assert_eq!((one.micros(), one.plus_seconds(2).micros()), (1_500_000, 3_500_000));
        assert_eq!(
            (one.plus_seconds(2).micros_since(one), one.micros_since(one.plus_seconds(2))),
            (2_000_000, -2_000_000)
        );
        assert_eq!(Instant::from_micros(i64::MAX), None);
    }

    #[test]
    fn zones_are_read_as_they_are_written() {
        for (name, zone) in [("Pacific/Auckland", Zone::Auckland), ("Pacific/Chatham", Zone::Chatham)] {
            assert_eq!((zone.to_string().as_str(), Zone::parse(name)), (name, Some(zone)));
        }
        assert_eq!(Zone::parse("Pacific/Apia"), None);
        // Half past eleven in the evening in Auckland is the next day in the Chathams.
        let evening = instant("2026-05-04T23:30:00+12:00");
        assert_eq!(
            [Zone::Auckland, Zone::Chatham].map(|zone| zone.date(evening)),
            [date(2026, 5, 4), date(2026, 5, 5)]
        );
    }
}
