//! When an event that was not taken is tried again, and when it is given up.
//!
//! Choice: decision 0049.

use domain::Instant;
use std::time::SystemTime;

/// How long to wait after each try, in seconds; after the last of these as long again.
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// For how long an event is tried, in seconds: three days.
pub(crate) const TRIED_FOR: i64 = 3 * 86_400;

/// The longest pause that a receiver may ask for, in seconds: a day.
const LONGEST_ASKED: i64 = 86_400;

/// When to try again after the `tries`-th try of a round that began at `due_from`; nothing when that was
/// the last. The last try is when the time is up, whatever the pauses say.
pub(crate) fn next(
    (due_from, now): (Instant, Instant),
    tries: i64,
    asked: Option<i64>,
    event_id: &str,
) -> Option<Instant> {
    let last = due_from.plus_seconds(TRIED_FOR);
    if now >= last {
        return None;
    }
    let place = usize::try_from(tries - 1).unwrap_or(0).min(PAUSES.len() - 1);
    // Up to a fifth longer, so that receivers of many schools are not asked by all at once.
    let pause = PAUSES[place] + spread(event_id, tries) * PAUSES[place] / 5_000;
    Some(now.plus_seconds(pause.max(asked.unwrap_or(0))).min(last))
}

/// A number from 0 to 999 that belongs to an event and a try.
fn spread(event_id: &str, tries: i64) -> i64 {
    let bytes = event_id.bytes().chain(tries.to_be_bytes());
    // FNV-1a.
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    i64::try_from(hash % 1_000).unwrap_or(0)
}

/// How long a receiver wants us to wait, in seconds: a number or a date.
///
/// Source: RFC 9110, section 10.2.3.
pub(crate) fn asked(value: &str, now: SystemTime) -> Option<i64> {
    let value = value.trim();
    let seconds = value.parse::<i64>().ok().or_else(|| {
        let at = httpdate::parse_http_date(value).ok()?;
        i64::try_from(at.duration_since(now).unwrap_or_default().as_secs()).ok()
    })?;
    (seconds >= 0).then(|| seconds.min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_event_is_tried_ever_more_rarely_for_three_days_and_once_more_at_their_end() {
        let due_from = testkit::instant("2026-05-04T15:10:00+12:00");
        let (mut now, mut pauses) = (due_from, Vec::new());
        for tries in 1.. {
            let Some(at) = next((due_from, now), tries, None, "event") else { break };
            pauses.push(at.micros_since(now) / 1_000_000);
            now = at;
        }
        assert_eq!(now, due_from.plus_seconds(TRIED_FOR));
        assert!((8..=10).contains(&pauses.len()), "{pauses:?}");
        for (pause, planned) in pauses.iter().zip(PAUSES).take(pauses.len() - 1) {
            assert!((planned..=planned + planned / 5).contains(pause), "{pause} for {planned}");
        }
    }

    #[test]
    fn two_events_do_not_come_back_together_and_one_comes_back_at_the_same_time_again() {
        let due_from = testkit::instant("2026-05-04T15:10:00+12:00");
        let times = (due_from, due_from);
        let at = |event: &str| next(times, 3, None, event).expect("a time");
        assert_eq!(at("one"), at("one"));
        assert_ne!(at("one"), at("two"));
    }

    #[test]
    fn a_receiver_that_asks_for_time_gets_it_but_no_more_than_a_day() {
        let now = testkit::instant("2026-05-04T15:10:00+12:00");
        let at = |asked| next((now, now), 1, asked, "event").expect("a time");
        assert_eq!(at(Some(900)), now.plus_seconds(900));
        assert!(at(Some(0)) >= now.plus_seconds(5));
        let clock = SystemTime::UNIX_EPOCH + Duration::from_secs(1_445_412_000);
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(480)),
            ("Wed, 21 Oct 2015 07:00:00 GMT", Some(0)),
            ("999999999", Some(LONGEST_ASKED)),
            ("-5", None),
            ("soon", None),
        ] {
            assert_eq!(super::asked(value, clock), seconds, "{value}");
        }
    }
}
