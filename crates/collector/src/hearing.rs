//! Whether a school is heard from, or has gone silent.

use domain::{Date, Instant, Zone};

/// Microseconds in an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;

/// Whether a school is heard from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hearing {
    /// Lately.
    Heard,
    /// Not for 36 hours, a whole school day among them.
    Silent,
    /// Not once.
    Never,
}

/// A school is silent when 36 hours have gone by and a whole school day among them, so that
/// nobody is called silent on a Sunday.
pub(crate) fn hearing(last_heard_at: Option<Instant>, now: Instant) -> Hearing {
    let Some(heard) = last_heard_at else { return Hearing::Never };
    if now.micros_since(heard) <= 36 * HOUR {
        return Hearing::Heard;
    }
    let (mut day, today) = (Zone::Auckland.date(heard), Zone::Auckland.date(now));
    while let Ok(next) = day.tomorrow() {
        day = next;
        if day >= today {
            return Hearing::Heard;
        }
        if is_school_day(day) {
            return Hearing::Silent;
        }
    }
    Hearing::Heard
}

/// Whether most schools are open: a weekday in a national term that is no public holiday. In a
/// year without confirmed terms, any such weekday.
fn is_school_day(day: Date) -> bool {
    let terms = reference::national_terms();
    let is_known = terms.iter().any(|term| term.id.year() == day.year());
    let in_term = terms.iter().any(|term| term.latest_first_day <= day && day <= term.last_day);
    let weekday = day.weekday().to_monday_zero_offset() < 5;
    weekday && (in_term || !is_known) && !reference::public_holidays().contains_key(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("a time")
    }

    #[test]
    fn a_weekend_is_no_silence_and_a_school_day_is() {
        let friday = Some(at("2026-11-20T18:00:00+13:00"));
        let says = |now: &str| hearing(friday, at(now));
        assert!(says("2026-11-22T20:00:00+13:00") == Hearing::Heard);
        assert!(says("2026-11-23T17:00:00+13:00") == Hearing::Heard);
        assert!(says("2026-11-24T09:00:00+13:00") == Hearing::Silent);
        assert!(hearing(None, at("2026-11-24T09:00:00+13:00")) == Hearing::Never);
        let last_day = Some(at("2026-09-25T18:00:00+12:00"));
        assert!(hearing(last_day, at("2026-10-12T17:00:00+13:00")) == Hearing::Heard);
        assert!(hearing(last_day, at("2026-10-13T17:00:00+13:00")) == Hearing::Silent);
    }
}
