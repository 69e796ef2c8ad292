//! Time: every change of clocks from 2026 to 2030 in both zones, and clocks that jump.

use domain::{Date, Instant, SchoolNumber, Zone};
use simulation::start::{CLOCK_CHANGES, date, later};
use simulation::{Shape, run};
use testkit::Scratch;

const ZONES: [Zone; 2] = [Zone::Auckland, Zone::Chatham];

/// Seconds by which a clock jumps: a second, an hour, a day, a year, either way.
const JUMPS: [i64; 4] = [1, 3_600, 86_400, 366 * 86_400];

/// How often a sender looks at the clock, in seconds.
const LOOK: i64 = 600;

fn both_ways() -> impl Iterator<Item = i64> {
    JUMPS.into_iter().flat_map(|seconds| [seconds, -seconds])
}

/// The dates on which a sender finds that it is due, each with the seconds since midnight of the
/// first look that found it so.
fn due(zone: Zone, number: SchoolNumber, from: Instant, until: Instant) -> Vec<(Date, i64)> {
    let mut found: Vec<(Date, i64)> = Vec::new();
    let (mut now, mut was_due) = (from, false);
    while now < until {
        let is_due = outbox::is_due(zone, number, now);
        if is_due && !was_due {
            let local = zone.local(now);
            let seconds = i64::from(local.hour()) * 3_600 + i64::from(local.minute()) * 60;
            found.push((local.date(), seconds));
        }
        was_due = is_due;
        now = now.plus_seconds(LOOK);
    }
    found
}

#[test]
fn r43_the_daily_hour_comes_once_on_each_date_of_five_years() {
    let (first, last) = (date((2026, 1, 1)), date((2030, 12, 31)));
    for (zone, number) in ZONES.into_iter().zip(["189", "9901"]) {
        let number = SchoolNumber::parse(number).expect("a school number");
        let found = due(zone, number, zone.at(first, 0, 0), zone.at(later(last, 1), 0, 0));
        let mut expected = first;
        for (on, seconds) in found {
            assert_eq!(on, expected, "{zone} {number}");
            assert!((64_800..65_400 + LOOK).contains(&seconds), "{zone} {number} {on}: {seconds}");
            expected = later(expected, 1);
        }
        assert_eq!(expected, later(last, 1), "{zone} {number}");
    }
}

#[test]
fn r43_a_term_around_each_change_of_clocks_is_told_day_by_day() {
    for (index, change) in (0_u64..).zip(CLOCK_CHANGES) {
        // Each change in one zone, all of them in both in the long run.
        let turn = usize::try_from(index).expect("a small number") % 2;
        let zones = if testkit::is_long() { &ZONES[..] } else { &ZONES[turn..=turn] };
        for &zone in zones {
            // From the Monday before that Sunday on.
            let first_day = Some(later(date(change), -6));
            let shape = Shape { days: 8, students: 4, zone: Some(zone), first_day, ..Shape::SMALL };
            let scratch = Scratch::in_memory();
            let outcome = run(4_300 + index, &shape, None, scratch.path());
            assert!(outcome.violations.is_empty(), "{zone} {change:?}: {outcome}");
        }
    }
}

#[test]
fn r43_a_clock_that_jumps_neither_skips_a_day_nor_tells_one_twice() {
    for zone in ZONES {
        for jump in both_ways() {
            let shape = Shape { days: 8, students: 4, zone: Some(zone), jump: Some(jump), ..Shape::SMALL };
            let scratch = Scratch::in_memory();
            let outcome = run(4_343, &shape, None, scratch.path());
            assert!(outcome.violations.is_empty(), "{zone} {jump} seconds: {outcome}");
        }
    }
}
