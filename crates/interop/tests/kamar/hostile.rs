//! Bodies that nobody means well with, and bodies changed at random.

use crate::fixtures::{ALL, exercise, fixture, read, try_read};
use interop::kamar::{DEEPEST, Kept, LARGEST_PUSH, Unreadable};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn r33_nesting_beyond_the_limit_is_refused_and_within_it_read() {
    let wrap = |open: &str, close: &str, depth: usize| {
        let inner = open.repeat(depth) + &close.repeat(depth);
        format!("{{\"SMSDirectoryData\": {{\"sync\": \"check\", \"x\": {inner}}}}}")
    };
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let value = |depth: usize| {
            if open == "[" { wrap(open, close, depth) } else { wrap(open, close, depth).replace(":}", ":1}") }
        };
        assert!(try_read(value(DEEPEST - 2)).is_ok(), "{open}");
        for depth in [DEEPEST - 1, 1_000, 200_000] {
            let Err(Unreadable::Malformed(words)) = try_read(value(depth)) else { panic!("{open} {depth}") };
            assert!(words.contains("nested deeper"), "{words}");
        }
    }
    let xml = |depth: usize| {
        format!(
            "<SMSDirectoryData sync='check'>{}{}</SMSDirectoryData>",
            "<a>".repeat(depth),
            "</a>".repeat(depth)
        )
    };
    assert!(try_read(xml(DEEPEST - 1)).is_ok());
    for depth in [DEEPEST, 1_000, 200_000] {
        assert!(matches!(try_read(xml(depth)), Err(Unreadable::Malformed(_))), "{depth}");
    }
}

#[test]
fn r33_more_than_is_sensible_of_anything_is_refused() {
    assert_eq!(try_read(vec![b' '; LARGEST_PUSH + 1]), Err(Unreadable::TooLarge));
    let many = |list: &str, record: &str, count: usize| {
        let data = vec![record; count].join(",");
        format!("{{\"SMSDirectoryData\": {{\"sync\": \"full\", \"{list}\": {{\"data\": [{data}]}}}}}}")
    };
    for body in [
        many("students", "{\"id\":1}", 100_001),
        many("attendance", &format!("{{\"id\":1,\"values\":[{}]}}", vec!["{}"; 100_000].join(",")), 11),
        many("attendance", &format!("{{\"id\":1,\"values\":[{}]}}", vec!["0"; 200_001].join(",")), 1),
    ] {
        assert!(matches!(try_read(body), Err(Unreadable::Malformed(_))));
    }
    let attributes: String = (0..300).map(|number| format!(" a{number}='1'")).collect();
    let body = format!("<SMSDirectoryData sync='check'{attributes}/>");
    assert!(matches!(try_read(body), Err(Unreadable::Malformed(_))));
}

#[test]
fn numbers_of_any_size_and_odd_characters_cost_nothing_but_their_value() {
    let body = "{\"SMSDirectoryData\": {\"sync\": \"attendance\", \"datetime\": 1e400, \"version\": 99999999999999999999, \
        \"attendance\": {\"count\": -1e999, \"data\": [{\"id\": 123456789012345678901234567890, \"values\": [\
        {\"date\": 20260504, \"codes\": \"P\\u0000P\\ud83d\", \"alt\": null, \"hdu\": 1e400, \"hdj\": -1, \"hdp\": 300}]}]}}}";
    let push = exercise(body.as_bytes()).expect("it can be read");
    assert_eq!((push.made_at, push.version), (None, None));
    let entry = &push.kept.attendance.expect("attendance")[0];
    assert_eq!(entry.id, "123456789012345678901234567890");
    assert_eq!((entry.days[0].hdu, entry.days[0].hdj, entry.days[0].hdp), (None, None, None));
}

#[test]
fn a_member_that_stands_twice_counts_as_it_stands_last() {
    let body = "{\"SMSDirectoryData\": {\"sync\": \"part\", \"sync\": \"full\", \"students\": {\"data\": [\
        {\"id\": 1, \"id\": 2, \"lastname\": \"Kea\"}]}, \"students\": {\"data\": [{\"id\": 3}]}}}";
    let push = read(body);
    let ids: Vec<String> = push.kept.students.unwrap_or_default().into_iter().map(|one| one.id).collect();
    assert_eq!((push.sync.text(), ids.join(" ")), ("full", "2 3".to_owned()));
}

/// Values of another kind than the one that stands there.
fn wrong_kinds() -> [Value; 9] {
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5e300),
        json!(""),
        json!("\u{0}\u{202e}x"),
        json!([]),
        json!({}),
        json!([[{"id": [1]}], "x", null]),
    ]
}

/// Puts a value in the place of the one with a number, counted in the order of reading.
fn put(value: &mut Value, place: &mut usize, other: &Value) {
    if *place == 0 {
        *value = other.clone();
        *place = usize::MAX;
        return;
    }
    *place -= 1;
    match value {
        Value::Object(members) => members.values_mut().for_each(|member| put(member, place, other)),
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, place, other)),
        _ => {}
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

#[test]
fn a_value_of_any_other_kind_in_any_place_is_read_or_refused() {
    for (_, text) in ALL.into_iter().filter(|(name, _)| *name != "studenttimetables") {
        let body: Value = serde_json::from_str(text).expect("a fixture is JSON");
        for place in 0..size(&body) {
            for other in wrong_kinds() {
                let mut changed = body.clone();
                put(&mut changed, &mut place.clone(), &other);
                let _ = exercise(changed.to_string().as_bytes());
            }
        }
    }
}

#[test]
fn a_body_cut_at_each_kilobyte_is_refused() {
    let text = fixture("studenttimetables");
    for cut in (1..text.len() - 2).step_by(1024) {
        assert!(try_read(&text.as_bytes()[..cut]).is_err(), "{cut}");
    }
}

/// One change of a body.
#[derive(Debug, Clone)]
enum Change {
    Flip(usize, u8),
    Cut(usize, usize),
    Repeat(usize, usize),
    Insert(usize, &'static str),
}

/// What is put into bodies.
const PIECES: [&str; 19] = [
    "{", "}", "[", "]", "\"", ",", ":", "null", "1e400", "\\ud800", "\0", "<", "</", "&#", "<a>", "]]>",
    "data", "=", "'",
];

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<usize>(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        (any::<usize>(), 1..200_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        (any::<usize>(), prop::sample::select(&PIECES[..])).prop_map(|(at, piece)| Change::Insert(at, piece)),
    ]
}

fn apply(body: &mut Vec<u8>, change: &Change) {
    if body.is_empty() {
        return;
    }
    let length = body.len();
    match *change {
        Change::Flip(at, bit) => body[at % length] ^= 1 << bit,
        Change::Cut(at, count) => drop(body.drain(at % length..(at % length + count).min(length))),
        Change::Repeat(at, count) => {
            let piece = body[at % length..(at % length + count).min(length)].to_vec();
            let at = at % length;
            body.splice(at..at, piece);
        }
        Change::Insert(at, piece) => drop(body.splice(at % length..at % length, piece.bytes())),
    }
}

proptest! {
    #[test]
    fn no_change_of_a_body_makes_reading_fail(
        which in 0..ALL.len(),
        is_xml in any::<bool>(),
        changes in prop::collection::vec(change(), 1..12),
    ) {
        let text = ALL[which].1;
        let mut body = if is_xml { crate::twins::any_twin(text).into_bytes() } else { text.as_bytes().to_vec() };
        body.truncate(4_000);
        changes.iter().for_each(|change| apply(&mut body, change));
        let _ = exercise(&body);
    }

    #[test]
    fn no_bytes_whatever_make_reading_fail(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = exercise(&bytes);
        let _ = exercise(&[b"{\"SMSDirectoryData\":{\"sync\":\"full\",\"students\":".as_slice(), &bytes].concat());
        let _ = exercise(&[b"<SMSDirectoryData sync='full'><students>".as_slice(), &bytes].concat());
    }

    #[test]
    fn whatever_json_is_written_is_read_as_it_was_meant(text in "\\PC{0,20}", number in any::<i64>()) {
        let body = json!({"SMSDirectoryData": {"sync": text, "x": [number, text, {"y": null, text.clone(): []}],
            "students": {"data": [{"id": "1", "lastname": text, "yearlevel": number}]}}});
        let written = [body.to_string(), serde_json::to_string_pretty(&body).expect("JSON")];
        for written in written.iter().filter(|_| !text.trim().is_empty()) {
            let push = try_read(written).map_err(|why| TestCaseError::fail(why.to_string()))?;
            let student = &push.kept.students.as_ref().expect("students")[0];
            prop_assert_eq!(&student.year_level, &number.to_string());
            prop_assert_eq!(student.last.as_str(), text.trim());
            prop_assert_eq!(Kept::from_json(&push.kept.to_json()), Ok(push.kept));
        }
    }
}
