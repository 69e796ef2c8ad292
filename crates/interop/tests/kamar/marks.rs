//! Attendance: letters, slots, and what they come to in half-days.

use crate::fixtures::{fixture, push, read};
use domain::period::{PeriodMark, count_day};
use domain::{Class, Date, Half, Time};
use interop::kamar::{self, Kept, SlotMap};
use jiff::civil::{date, time};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MONDAY: &str = "20260504";

fn day(date: &str, codes: Value, alt: Value) -> Kept {
    push(
        "attendance",
        "attendance",
        json!([{"id": 1, "values": [{"date": date, "codes": codes, "alt": alt}]}]),
    )
    .kept
}

/// The letters of the marks in order of their slots: `.` for one that unmarks.
fn letters(kept: &Kept) -> String {
    let marks = kamar::marks(kept, &SlotMap::default(), reference::codes());
    marks.rows.iter().map(|row| row.value.letter.unwrap_or('.')).collect()
}

/// Half-days justified, unjustified and present by the product's own rule.
fn half_days(kept: &Kept, slots: &SlotMap) -> [usize; 3] {
    let codes = reference::codes();
    let mut days: BTreeMap<Date, Vec<PeriodMark>> = BTreeMap::new();
    for row in kamar::marks(kept, slots, codes).rows {
        let mark = row.value;
        let (Some(letter), Some(period)) = (mark.letter, mark.period) else { continue };
        let code = codes.resolve(letter, mark.half_day.date).expect("a code on its date");
        let marks = days.entry(mark.half_day.date).or_default();
        marks.push(PeriodMark { half: period.half(), minutes: period.minutes, code });
    }
    let mut counts = [0; 3];
    for (date, marks) in days {
        for half in count_day(&marks).into_iter().flatten() {
            match codes.class(half.letter, date).expect("a class") {
                Class::Justified => counts[0] += 1,
                Class::Unjustified => counts[1] += 1,
                Class::Present => counts[2] += 1,
            }
        }
    }
    counts
}

#[test]
fn the_captured_week_comes_to_four_half_days_justified_and_six_present() {
    let kept = read(fixture("attendance")).kept;
    for slots in [SlotMap::default(), SlotMap::of_use(&kept), SlotMap::equal(45)] {
        assert_eq!(half_days(&kept, &slots), [4, 0, 6]);
    }
    let totals = kamar::totals(&kept);
    let of_kamar = |of: fn(&kamar::KamarTotals) -> Option<u8>| totals.iter().filter_map(of).sum::<u8>();
    // KAMAR's own count of Friday is unknown, which is not nothing.
    assert_eq!(totals.len(), 4);
    assert_eq!(
        [of_kamar(|day| day.justified), of_kamar(|day| day.unjustified), of_kamar(|day| day.present)],
        [2, 0, 6]
    );
}

#[test]
fn days_of_five_and_of_six_lessons_count_by_the_ministrys_minutes() {
    let week = |days: &[&str]| {
        let values: Vec<Value> = (4..)
            .zip(days)
            .map(|(day, codes)| json!({"date": format!("202605{day:02}"), "codes": codes, "alt": codes}))
            .collect();
        push("attendance", "attendance", json!([{"id": 1, "values": values}])).kept
    };
    // Five lessons of an hour: one missed leaves four hours, two missed leave three.
    let five = week(&["PPP..PP", "PPP..PP", "PPU..PP", "PUU..PP", "PPP..UU", "UUU..UU"]);
    assert_eq!(SlotMap::of_use(&five), SlotMap::equal(60));
    assert_eq!(half_days(&five, &SlotMap::of_use(&five)), [0, 4, 8]);
    // Six of 50 minutes: one missed leaves 250, two missed leave 200.
    let six = week(&["PPP..PPP", "PPP..PPP", "PPP..PPU", "PPP..PUU", "UUU..PPP"]);
    assert_eq!(SlotMap::of_use(&six), SlotMap::equal(50));
    assert_eq!(half_days(&six, &SlotMap::of_use(&six)), [0, 2, 8]);
}

#[test]
fn a_day_wholly_of_one_kind_counts_the_same_whatever_the_minutes() {
    for (codes, expected) in
        [(".PPP.PP.P", [0, 0, 2]), (".JJJ.JJ", [2, 0, 0]), ("EEE..EE", [0, 2, 0]), (".P", [0, 0, 1])]
    {
        for minutes in [1, 20, 45, 60, 100] {
            let kept = day(MONDAY, json!(codes), json!(null));
            assert_eq!(half_days(&kept, &SlotMap::equal(minutes)), expected, "{codes} {minutes}");
        }
    }
}

#[test]
fn the_schools_own_letter_counts_where_kamars_class_agrees() {
    let read = |codes: &str, alt: &str| letters(&day(MONDAY, json!(codes), json!(alt)));
    // A doctor's appointment is presence, an illness is justified, a holiday is not.
    assert_eq!(read("DMG?LQ", "PJUULP"), "DMG?LQ....");
    // "U" is a stand-down to the Ministry and unjustified to KAMAR: KAMAR's class decides.
    assert_eq!(read("UU", "UJ"), "TU........");
    // Letters of the school's own: KAMAR's class decides. Lower case is no code either.
    assert_eq!(read("RVmzx", "PLJU?"), "PLJT?.....");
    // Only KAMAR's class, and only the school's own code.
    assert_eq!(read("..", "PJ"), "PJ........");
    assert_eq!(read("PM", ".."), "PM........");
}

#[test]
fn a_blank_is_a_slot_like_a_dot_at_the_start_too() {
    for (blank, dot) in [(" PPPJ", ".PPPJ"), ("  J", "..J"), ("\tPPJ", ".PPJ"), ("P PPJ ", "P.PPJ")] {
        let of = |text: &str| letters(&day(MONDAY, json!(text), json!(text)));
        assert_eq!(of(blank), of(dot), "{blank:?}");
    }
}

#[test]
fn a_letter_that_nothing_explains_is_a_problem_of_its_slot_and_never_a_guess() {
    let kept = day(MONDAY, json!("PRPK"), json!("P.PW"));
    let marks = kamar::marks(&kept, &SlotMap::default(), reference::codes());
    assert_eq!(marks.rows.iter().filter(|row| row.value.letter.is_some()).count(), 2);
    let words: Vec<String> = marks.problems.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(words[0].contains("slot 2") && words[0].contains("2025-01-26"), "{words:?}");
    assert!(words[1].contains("slot 4"), "{words:?}");
    assert_eq!(marks.bad_rows.len(), 1);
    // No row takes back what stands there.
    assert_eq!(marks.rows.len(), 8);
}

#[test]
fn an_overseas_letter_counts_as_justified_until_the_codes_changed_and_is_reported_since() {
    assert_eq!(letters(&day("20241202", json!("OO"), json!("OO"))), "OO........");
    assert_eq!(letters(&day("20241202", json!("x"), json!("O"))), "J.........");
    let since = day("20250303", json!("xO"), json!("OO"));
    let marks = kamar::marks(&since, &SlotMap::default(), reference::codes());
    assert!(marks.rows.iter().all(|row| row.value.letter.is_none()));
    assert_eq!(marks.problem_count, 2);
}

#[test]
fn an_older_letter_is_read_by_the_list_of_its_date() {
    assert_eq!(letters(&day("20220214", json!("RSVCF"), json!("PPPPP"))), "RSVCF.....");
}

#[test]
fn dots_unmark_and_an_empty_text_or_none_says_nothing() {
    let (dots, empty) = (json!("......"), json!(""));
    assert_eq!(letters(&day(MONDAY, dots.clone(), dots)), "..........");
    assert_eq!(letters(&day(MONDAY, empty.clone(), empty)), "");
    assert_eq!(letters(&day(MONDAY, json!(null), json!(null))), "");
}

#[test]
fn a_slot_without_instruction_is_passed_over() {
    let mut slots = SlotMap::default();
    slots.set(1, None).expect("a slot");
    slots.set(6, Some((time(11, 30, 0, 0), 60))).expect("a slot");
    let marks = kamar::marks(&day(MONDAY, json!("XP...P"), json!(null)), &slots, reference::codes());
    let found: Vec<(String, Half, u32)> = marks
        .rows
        .into_iter()
        .filter(|row| row.value.letter.is_some())
        .map(|row| row.value.period.map(|period| (period.name.clone(), period.half(), period.minutes)))
        .map(|period| period.expect("a period"))
        .collect();
    assert_eq!(found, [("2".to_owned(), Half::Am, 60), ("6".to_owned(), Half::Am, 60)]);
    let none = SlotMap::parse("").expect("no slots");
    assert_eq!(
        kamar::marks(&day(MONDAY, json!("P"), json!(null)), &none, reference::codes()).problem_count,
        1
    );
}

#[test]
fn a_slot_map_is_written_and_read_again() {
    for map in
        [SlotMap::default(), SlotMap::equal(45), SlotMap::parse("2 08:45 15\n3 9:00 60\n").expect("a map")]
    {
        assert_eq!(SlotMap::parse(&map.text()), Ok(map));
    }
    for bad in ["11 09:00 60", "0 09:00 60", "1 25:00 60", "1 09:00 0", "1 09:00", "x"] {
        assert!(SlotMap::parse(bad).is_err(), "{bad}");
    }
    let halves = |range: std::ops::RangeInclusive<usize>| {
        range.map(|slot| SlotMap::default().period(slot).map(|period| period.half())).collect::<Vec<_>>()
    };
    assert_eq!((halves(1..=5), halves(6..=10)), (vec![Some(Half::Am); 5], vec![Some(Half::Pm); 5]));
    assert_eq!(SlotMap::default().get(1).map(|(start, _): (Time, u32)| start), Some(time(7, 0, 0, 0)));
}

#[test]
fn a_day_that_a_push_names_twice_counts_as_it_is_said_last() {
    let entry = |codes: &str, present: u8| json!({"id": 1, "values": [{"date": MONDAY, "codes": codes, "alt": codes, "hdp": present}]});
    let kept = push("attendance", "attendance", json!([entry("PPP", 1), entry("M.M", 0)])).kept;
    assert_eq!(letters(&kept), "M.M.......");
    assert_eq!(
        kamar::totals(&kept).iter().map(|day| (day.date, day.present)).collect::<Vec<_>>(),
        [(date(2026, 5, 4), Some(0))]
    );
}

#[test]
fn a_date_or_a_student_that_is_none_is_a_problem_of_its_record() {
    let kept = push("attendance", "attendance", json!([
        {"id": 1, "values": [{"date": "20260230", "codes": "P"}, {"date": 20260504, "codes": "P"}, "x", null]},
        {"id": "=x", "values": [{"date": MONDAY, "codes": "P"}]},
        {"id": 3, "values": {"date": MONDAY, "codes": "P"}},
        {"id": 4, "values": null},
    ])).kept;
    let marks = kamar::marks(&kept, &SlotMap::default(), reference::codes());
    let lines: Vec<(u64, &str)> =
        marks.problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
    assert_eq!(lines, [(1, "date"), (2, "id")]);
    let of: Vec<&str> = marks
        .rows
        .iter()
        .filter(|row| row.value.letter.is_some())
        .map(|row| row.value.student_id.as_str())
        .collect();
    assert_eq!(of, ["1", "3"]);
}

#[test]
fn a_long_push_is_cut_into_parts_that_say_the_same() {
    let entries: Vec<Value> = (0..25)
        .map(|id| json!({"id": id, "values": [{"date": MONDAY, "codes": "PM", "alt": "PJ"}]}))
        .collect();
    let kept = push("attendance", "attendance", json!(entries)).kept;
    let parts = kept.clone().in_parts(10);
    assert_eq!(parts.iter().map(Kept::records).collect::<Vec<_>>(), [10, 10, 5]);
    assert!(parts.iter().all(|part| part.sync == kept.sync && part.made_at() == kept.made_at()));
    assert_eq!(parts.iter().map(letters).collect::<String>(), letters(&kept));
}

/// A week of 3,982 records, as one school sent it: read and turned into marks.
#[test]
fn a_week_of_a_large_school_is_read_and_becomes_marks() {
    let days = [4, 5, 6, 7, 8].map(|day| json!({"date": format!("202605{day:02}"), "codes": ".PPP.PP.P", "alt": ".PPP.PP.P", "hdu": 0, "hdj": 0, "hdp": 2}));
    let entries: Vec<Value> =
        (0..3_982).map(|id| json!({"id": id, "nsn": "0012345678", "values": days})).collect();
    let kept = push("attendance", "attendance", json!(entries)).kept;
    assert_eq!(kept.records(), 3_982);
    let marks = kamar::marks(&kept, &SlotMap::default(), reference::codes());
    assert_eq!((marks.rows.len(), marks.problem_count), (3_982 * 5 * 10, 0));
}
