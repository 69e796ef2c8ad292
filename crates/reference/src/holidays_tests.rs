//! Works every holiday out again by its rule, over all the years of the lists.

use super::*;
use jiff::Span;
use jiff::civil::{Weekday, date as day};

const YEARS: std::ops::RangeInclusive<i16> = 2020..=2035;

/// The dates that Te Kāhui o Matariki Public Holiday Act 2022, schedule 1, lists.
const MATARIKI: [(i16, i8, i8); 14] = [
    (2022, 6, 24),
    (2023, 7, 14),
    (2024, 6, 28),
    (2025, 6, 20),
    (2026, 7, 10),
    (2027, 6, 25),
    (2028, 7, 14),
    (2029, 7, 6),
    (2030, 6, 21),
    (2031, 7, 11),
    (2032, 7, 2),
    (2033, 6, 24),
    (2034, 7, 7),
    (2035, 6, 29),
];

fn plus(date: Date, days: i64) -> Date {
    date.checked_add(Span::new().days(days)).expect("in range")
}

/// Easter Sunday: the Sunday after the full moon of the church's tables, worked out from the
/// year's place in the 19-year cycle.
fn easter(year: i16) -> Date {
    let y = i64::from(year);
    let century = y / 100;
    let golden = y % 19;
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (y % 100 / 4) - epact - y % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    plus(day(year, 3, 22), epact + to_sunday - 7 * late)
}

fn nth(year: i16, month: i8, nth: i8, weekday: Weekday) -> Date {
    day(year, month, 1).nth_weekday_of_month(nth, weekday).expect("every month has four")
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn labour_day(year: i16) -> Date {
    nth(year, 10, 4, Weekday::Monday)
}

fn nearest_monday(date: Date) -> Date {
    let after = i64::from(date.weekday().to_monday_zero_offset());
    if after <= 3 { plus(date, -after) } else { plus(date, 7 - after) }
}

/// Every public holiday of a year by its rule.
fn by_rule(year: i16) -> BTreeMap<Date, String> {
    let mut days = BTreeMap::new();
    let pairs = [
        (1, 1, "New Year's Day"),
        (1, 2, "Day after New Year's Day"),
        (12, 25, "Christmas Day"),
        (12, 26, "Boxing Day"),
    ];
    for (month, number, name) in pairs {
        let date = day(year, month, number);
        days.insert(date, name.to_owned());
        if is_weekend(date) {
            days.insert(plus(date, 2), format!("{name} (observed)"));
        }
    }
    for (month, number, name) in [(2, 6, "Waitangi Day"), (4, 25, "ANZAC Day")] {
        let date = day(year, month, number);
        days.insert(date, name.to_owned());
        if is_weekend(date) {
            days.insert(nearest_following_monday(date), format!("{name} (observed)"));
        }
    }
    let sunday = easter(year);
    for (after, name) in [(-2, "Good Friday"), (1, "Easter Monday"), (2, "Easter Tuesday")] {
        days.insert(plus(sunday, after), name.to_owned());
    }
    let sovereign = if year < 2023 { "Queen's Birthday" } else { "King's Birthday" };
    days.insert(nth(year, 6, 1, Weekday::Monday), sovereign.to_owned());
    if let Some(&(year, month, number)) = MATARIKI.iter().find(|listed| listed.0 == year) {
        days.insert(day(year, month, number), "Matariki".to_owned());
    }
    if year == 2022 {
        days.insert(day(2022, 9, 26), "Queen Elizabeth II Memorial Day".to_owned());
    }
    days.insert(labour_day(year), "Labour Day".to_owned());
    days
}

fn nearest_following_monday(date: Date) -> Date {
    plus(date, 7 - i64::from(date.weekday().to_monday_zero_offset()))
}

/// A region's anniversary day in a year by its rule.
fn anniversary(region: &str, year: i16) -> Date {
    let easter_monday = plus(easter(year), 1);
    let near = |month, number| {
        let monday = nearest_monday(day(year, month, number));
        if monday == easter_monday { plus(monday, 1) } else { monday }
    };
    match region {
        "Auckland" | "Northland" | "Waikato" | "Bay of Plenty" | "Gisborne" => near(1, 29),
        "Wellington" | "Manawatū-Whanganui" => near(1, 22),
        "Nelson" | "Tasman" => near(2, 1),
        "Taranaki" => nth(year, 3, 2, Weekday::Monday),
        "Hawke's Bay" => plus(labour_day(year), -3),
        "Marlborough" => plus(labour_day(year), 7),
        "Canterbury" => plus(nth(year, 11, 1, Weekday::Tuesday), 10),
        "South Canterbury" => nth(year, 9, 4, Weekday::Monday),
        "West Coast" => near(12, 1),
        "Otago" => near(3, 23),
        "Southland" => plus(easter_monday, 1),
        "Chatham Islands" => near(11, 30),
        other => panic!("no rule for {other}"),
    }
}

#[test]
fn every_public_holiday_of_sixteen_years_is_where_its_rule_puts_it() {
    for year in YEARS {
        let listed: BTreeMap<_, _> =
            public_holidays().iter().filter(|(date, _)| date.year() == year).collect();
        let worked_out = by_rule(year);
        assert_eq!(listed, worked_out.iter().collect(), "{year}");
    }
    assert!(public_holidays().keys().all(|date| YEARS.contains(&date.year())));
}

#[test]
fn matariki_is_always_a_friday_in_june_or_july() {
    for (year, month, number) in MATARIKI {
        assert_eq!(day(year, month, number).weekday(), Weekday::Friday);
        assert!(month == 6 || month == 7);
    }
}

#[test]
fn the_holidays_that_schools_met_in_2025_and_2026_are_there() {
    let met = [
        ("2025-02-06", "Waitangi Day"),
        ("2026-02-06", "Waitangi Day"),
        ("2025-04-18", "Good Friday"),
        ("2025-04-21", "Easter Monday"),
        ("2025-04-22", "Easter Tuesday"),
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2026-04-07", "Easter Tuesday"),
        ("2025-04-25", "ANZAC Day"),
        ("2026-04-27", "ANZAC Day (observed)"),
        ("2025-06-02", "King's Birthday"),
        ("2026-06-01", "King's Birthday"),
        ("2025-06-20", "Matariki"),
        ("2026-07-10", "Matariki"),
        ("2027-06-25", "Matariki"),
        ("2025-10-27", "Labour Day"),
        ("2026-10-26", "Labour Day"),
    ];
    for (text, name) in met {
        let date = date(text).expect(text);
        assert_eq!(public_holidays().get(&date).map(String::as_str), Some(name), "{text}");
    }
}

#[test]
fn every_regions_anniversary_of_sixteen_years_is_where_its_rule_puts_it() {
    assert_eq!(regions().len(), 18);
    for region in REGIONS.iter() {
        let dates: Vec<_> = region.days.keys().copied().collect();
        let worked_out: Vec<_> = YEARS.map(|year| anniversary(&region.name, year)).collect();
        assert_eq!(dates, worked_out, "{}", region.name);
    }
}

#[test]
fn a_region_is_found_whatever_its_case_macrons_and_apostrophes() {
    for (typed, name) in [
        ("manawatu-whanganui", "Manawatū-Whanganui"),
        ("MANAWATŪ WHANGANUI", "Manawatū-Whanganui"),
        ("manawatu\u{304} whanganui", "Manawatū-Whanganui"),
        ("hawkes bay", "Hawke's Bay"),
        (" Hawke’s Bay ", "Hawke's Bay"),
        ("Westland", "West Coast"),
        ("auckland", "Auckland"),
    ] {
        assert_eq!(region(typed), Some(name), "{typed}");
    }
    assert_eq!(region("Aukland"), None);
    assert_eq!(region(""), None);
    for name in regions() {
        assert_eq!(region(name), Some(name));
    }
}

#[test]
fn a_schools_holidays_are_the_national_ones_and_its_own_regions_alone() {
    let auckland_day = day(2026, 1, 26);
    assert!(!holidays_for(None).contains_key(&auckland_day));
    assert!(!holidays_for(Some("Nowhere")).contains_key(&auckland_day));
    assert!(!holidays_for(Some("Otago")).contains_key(&auckland_day));
    let auckland = holidays_for(Some("auckland"));
    assert_eq!(auckland.get(&auckland_day).map(String::as_str), Some("Auckland Anniversary Day"));
    assert_eq!(auckland.len(), public_holidays().len() + 16);
    let southland = holidays_for(Some("Southland"));
    let easter_tuesday = southland.get(&day(2026, 4, 7)).map(String::as_str);
    assert_eq!(easter_tuesday, Some("Easter Tuesday and Southland Anniversary Day"));
}

/// Terms over whole years, so that nothing but weekends and holidays closes a day.
fn calendar(region: Option<&str>, years: std::ops::RangeInclusive<i16>) -> domain::Calendar {
    let term = |year| {
        let id = domain::TermId::new(year, 1).expect("a year");
        domain::Term::new(id, day(year, 1, 1), day(year, 12, 31)).expect("a year is not too long")
    };
    domain::Calendar::new(years.map(term).collect(), holidays_for(region), BTreeMap::new())
}

#[test]
fn every_day_of_nine_years_is_open_or_closed_as_its_rule_says_in_every_region() {
    const NINE: std::ops::RangeInclusive<i16> = 2024..=2032;
    let national: std::collections::BTreeSet<Date> =
        NINE.flat_map(|year| by_rule(year).into_keys()).collect();
    let places = std::iter::once(None).chain(regions().into_iter().map(Some));
    let (mut days, mut closed_by_law) = (0, 0);
    for place in places {
        let calendar = calendar(place, NINE);
        let mut date = day(2024, 1, 1);
        while date < day(2033, 1, 1) {
            let by_law = national.contains(&date)
                || place.is_some_and(|region| anniversary(region, date.year()) == date);
            for half in domain::Half::BOTH {
                let is_open = calendar.is_open(domain::HalfDay::new(date, half));
                assert_eq!(is_open, !by_law && !is_weekend(date), "{place:?} {date} {half}");
            }
            days += 1;
            closed_by_law += usize::from(by_law && !is_weekend(date));
            date = plus(date, 1);
        }
    }
    // Nine years with three leap days, for a school without a region and in each of the eighteen.
    assert_eq!(days, (9 * 365 + 3) * 19);
    // Twelve weekdays a year by law and an anniversary, but for those of Southland on Easter Tuesday
    // and the few that fall on another holiday.
    assert!(closed_by_law > 12 * 9 * 19, "{closed_by_law}");
}
