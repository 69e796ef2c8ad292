//! Envelopes, encodings and the ways in which values are written.

use crate::fixtures::{ALL, exercise, fixture, push, read, school, try_read};
use interop::kamar::{self, Format, MadeAt, Sync, Unreadable, Whose};
use serde_json::json;

#[test]
fn every_fixture_is_read_with_its_kind_and_its_time() {
    let kinds = ["check", "full", "part", "attendance", "pastoral", "results", "calendar"];
    for name in kinds {
        let push = exercise(fixture(name).as_bytes()).expect("it can be read");
        assert_eq!(push.sync.text(), name);
        assert_eq!(push.made_at.map(|made_at| made_at.date.year()), Some(2026), "{name}");
        assert_eq!(push.whose, Whose::Ours { others: 0 }, "{name}");
        assert_eq!(push.dropped.unreadable, 0, "{name}");
        assert_eq!(push.kept.is_empty(), ["check", "results"].contains(&name), "{name}");
    }
    let push = read(fixture("check"));
    let time = MadeAt { date: jiff::civil::date(2026, 5, 4), time: jiff::civil::time(4, 15, 3, 0) };
    assert_eq!((push.made_at, push.version), (Some(time), Some(2674)));
    assert_eq!(push.datetime, "20260504041503");
}

#[test]
fn every_kind_that_kamar_has_is_known_and_any_other_is_kept_by_name_alone() {
    for kind in Sync::KNOWN {
        assert_eq!(Sync::parse(&kind.text().to_ascii_uppercase()), kind);
        let push = push(kind.text(), "something", json!([{"id": 1}]));
        assert_eq!((push.sync, push.kept.is_empty()), (kind, true));
    }
    let push = push("learningplans", "learningplans", json!([{"id": 1, "name": "Private words"}]));
    assert_eq!(push.sync, Sync::Unknown("learningplans".to_owned()));
    assert_eq!((push.kept.is_empty(), push.dropped.not_needed.get("other")), (true, Some(&1)));
}

#[test]
fn what_is_not_needed_is_counted_by_kind() {
    assert_eq!(read(fixture("results")).dropped.not_needed.get("results"), Some(&1));
    assert_eq!(read(fixture("full")).dropped.not_needed.get("subjects"), Some(&2));
    let push = read(fixture("pastoral"));
    assert_eq!((push.dropped.other_pastoral, push.kept.pastoral.map(|kept| kept.len())), (2, Some(1)));
}

#[test]
fn a_list_that_is_not_there_is_told_from_one_that_is_empty() {
    let kept = read(fixture("part")).kept;
    assert_eq!((kept.staff.is_some(), kept.students.map(|list| list.len())), (false, Some(1)));
    let kept = push("full", "students", json!([])).kept;
    assert_eq!((kept.students.map(|list| list.len()), kept.staff.is_some()), (Some(0), false));
}

#[test]
fn nothing_is_told_from_something_that_cannot_be_read() {
    let nothing = [
        "",
        " \r\n",
        "\u{feff}",
        "{}",
        "[]",
        "null",
        "\"\"",
        "{\"SMSDirectoryData\": {}}",
        "{\"SMSDirectoryData\": []}",
        "{\"SMSDirectoryData\": null}",
        "<SMSDirectoryData/>",
        "<SMSDirectoryData></SMSDirectoryData>",
        "<?xml version=\"1.0\"?><SMSDirectoryData />",
    ];
    for body in nothing {
        assert!(matches!(try_read(body), Err(Unreadable::NoData(_))), "{body:?}: {:?}", try_read(body));
    }
    let malformed = [
        "hello",
        "{",
        "[1]",
        "7",
        "{\"a\": 1}",
        "{\"SMSDirectoryData\": {\"sms\": \"KAMAR\"}}",
        "<html><p>no</p></html>",
        "{\"SMSDirectoryData\": {\"sync\": \"check\"}} x",
        "{\"SMSDirectoryData\": {\"sync\": \"check\"}",
        "{\"SMSDirectoryData\": {\"sync\": \"check\",}}",
        "{\"SMSDirectoryData\": {sync: \"check\"}}",
        "<SMSDirectoryData sync=\"check\">",
        "<SMSDirectoryData sync=\"check\"></a>",
        "<SMSDirectoryData sync=\"check\"/><more/>",
        "<SMSDirectoryData sync=\"check\"/>more",
    ];
    for body in malformed {
        assert!(matches!(try_read(body), Err(Unreadable::Malformed(_))), "{body:?}: {:?}", try_read(body));
    }
}

#[test]
fn the_body_says_what_it_is_when_the_request_is_silent_or_wrong() {
    let xml = "<SMSDirectoryData sync=\"check\" datetime=\"20260504041503\"/>";
    for format in [Format::Json, Format::Xml] {
        for body in [fixture("check"), xml] {
            let push = kamar::read(body.as_bytes(), format, school()).expect("it can be read");
            assert_eq!(push.sync, Sync::Check);
        }
    }
}

#[test]
fn a_school_is_ours_by_its_number_with_or_without_zeros_in_front() {
    let of = |schools: serde_json::Value| {
        let body = json!({"SMSDirectoryData": {"sync": "attendance", "schools": schools,
            "attendance": {"data": [{"id": 1, "values": []}]}}});
        let push = read(body.to_string());
        (push.whose, push.kept.attendance.map(|list| list.len()), push.dropped.other_school)
    };
    let ours = (Whose::Ours { others: 0 }, Some(1), 0);
    for schools in [
        json!([{"index": 1, "moeCode": "0123"}]),
        json!([{"moecode": 123}]),
        json!(["0123"]),
        json!(["00123"]),
        json!("0123"),
        json!({"moeCode": "123"}),
    ] {
        assert_eq!(of(schools.clone()), ours, "{schools}");
    }
    for schools in [json!(null), json!([]), json!(["Te Kura o te Awa"]), json!([{"index": 1, "name": "Awa"}])]
    {
        assert_eq!(of(schools.clone()), (Whose::NotListed, Some(1), 0), "{schools}");
    }
    let listed = vec!["7".to_owned(), "8".to_owned()];
    assert_eq!(of(json!([{"moeCode": "0007"}, "0008"])), (Whose::NotOurs { listed }, None, 1));
}

#[test]
fn of_several_schools_in_one_kamar_only_ours_is_kept() {
    let body = json!({"SMSDirectoryData": {"sync": "full",
        "students": {"data": [
            {"id": 1, "schoolindex": 1}, {"id": 2, "schoolindex": 2}, {"id": 3, "schoolindex": "2"}, {"id": 4},
        ]},
        "staff": {"data": [
            {"id": "A", "schoolindex": [1]}, {"id": "B", "schoolindex": [1, 2]}, {"id": "C", "schoolindex": 2},
        ]},
        "schools": [{"schoolindex": 1, "moeCode": "0007"}, {"schoolindex": 2, "moeCode": "0123"}]}});
    let push = read(body.to_string());
    assert_eq!(push.whose, Whose::Ours { others: 1 });
    let students: Vec<String> =
        push.kept.students.unwrap_or_default().into_iter().map(|one| one.id).collect();
    let staff: Vec<String> = push.kept.staff.unwrap_or_default().into_iter().map(|one| one.id).collect();
    assert_eq!((students.join(" "), staff.join(" ")), ("2 3 4".to_owned(), "B C".to_owned()));
    assert_eq!((push.dropped.other_school, push.kept.has_other_schools), (2, true));
}

#[test]
fn values_are_read_however_they_are_written() {
    let body = |datetime: &str, id: &str| {
        format!(
            "{{\"smsdirectorydata\": {{\"SYNC\": \" Full \", \"datetime\": {datetime}, \"Version\": \"2674\", \
             \"fullsync\": true, \"students\": {{\"Data\": [{{\"ID\": {id}, \"FirstName\": \" Aroha\\u000bTe Ao \"}}]}}}}}}"
        )
    };
    for datetime in ["20260504041503", "\"20260504041503\"", "20260504041503.0"] {
        for id in ["20001", "\"20001\"", "\" 20001 \""] {
            let push = read(body(datetime, id));
            assert_eq!((push.sync, push.version, push.is_full_set), (Sync::Full, Some(2674), Some(true)));
            assert_eq!(push.made_at.map(|made_at| made_at.date), Some(jiff::civil::date(2026, 5, 4)));
            let student = push.kept.students.unwrap_or_default().remove(0);
            assert_eq!((student.id.as_str(), student.first.as_str()), ("20001", "Aroha Te Ao"));
        }
    }
    for datetime in ["0", "null", "\"\"", "\"soon\"", "[]", "{}", "99999999999999"] {
        assert_eq!(read(body(datetime, "1")).made_at, None, "{datetime}");
    }
}

#[test]
fn the_bodys_own_encoding_is_read() {
    let text = fixture("full").replace("Aroha", "Āroha");
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(unit).collect() };
    let mark = |mark: &[u8], body: &[u8]| [mark, body].concat();
    let bodies = [
        text.clone().into_bytes(),
        mark(b"\xef\xbb\xbf", text.as_bytes()),
        mark(b"\xff\xfe", &utf16(u16::to_le_bytes)),
        mark(b"\xfe\xff", &utf16(u16::to_be_bytes)),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ];
    for body in bodies {
        assert_eq!(read(&body).kept.students.unwrap_or_default()[0].first, "Āroha", "{:?}", &body[..4]);
    }
    let xml = b"<?xml version=\"1.0\" encoding=\"Windows-1252\"?><SMSDirectoryData sync=\"full\">\
        <students><data><id>1</id><firstname>Ren\xe9e \x80</firstname></data></students></SMSDirectoryData>";
    assert_eq!(read(xml).kept.students.unwrap_or_default()[0].first, "Renée €");
}

#[test]
fn a_letter_that_was_lost_costs_its_record_alone() {
    let body = b"{\"SMSDirectoryData\": {\"sync\": \"full\", \"students\": {\"data\": [\
        {\"id\": 1, \"lastname\": \"M\xffnu\", \"startingdate\": 20260202}, {\"id\": 2, \"lastname\": \"K\\ud800a\", \"startingdate\": 20260202}, \
        {\"id\": 3, \"lastname\": \"Kea\", \"startingdate\": 20260202}]}}}";
    let parsed = kamar::students(&read(body).kept, &|_| None);
    assert_eq!(parsed.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3]);
    assert_eq!(parsed.bad_rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2]);
    assert!(parsed.bad_rows[0].reason.contains("a letter was lost"), "{}", parsed.bad_rows[0].reason);
}

#[test]
fn every_fixture_that_is_cut_anywhere_is_malformed() {
    for (name, text) in ALL {
        let text = text.trim_end();
        for cut in (1..text.len()).step_by(1 + text.len() / 300) {
            let read = try_read(&text.as_bytes()[..cut]);
            assert!(matches!(read, Err(Unreadable::Malformed(_))), "{name} cut at {cut}: {read:?}");
        }
    }
}
