//! What is not needed is not kept, not even for a moment longer than its record.

use crate::fixtures::{ALL, read};
use interop::kamar::{self, Attendance, AttendanceDay, Kept, PastoralRecord, Staff, Student, Sync};
use proptest::prelude::*;
use serde_json::Value;

/// Every member of which something is kept, by its path; `#` stands for any place in a list.
const NEEDED: [&str; 61] = [
    "datetime",
    "sync",
    "version",
    "fullsync",
    "schools.#",
    "schools.#.index",
    "schools.#.schoolindex",
    "schools.#.moeCode",
    "students.data.#.id",
    "students.data.#.uuid",
    "students.data.#.nsn",
    "students.data.#.firstname",
    "students.data.#.lastname",
    "students.data.#.firstnamelegal",
    "students.data.#.lastnamelegal",
    "students.data.#.yearlevel",
    "students.data.#.tutor",
    "students.data.#.house",
    "students.data.#.startingdate",
    "students.data.#.leavingdate",
    "students.data.#.schoolindex",
    "staff.data.#.id",
    "staff.data.#.uuid",
    "staff.data.#.firstname",
    "staff.data.#.lastname",
    "staff.data.#.email",
    "staff.data.#.classification",
    "staff.data.#.position",
    "staff.data.#.tutor",
    "staff.data.#.leavingdate",
    "staff.data.#.schoolindex.#",
    "attendance.data.#.id",
    "attendance.data.#.values.#.date",
    "attendance.data.#.values.#.codes",
    "attendance.data.#.values.#.alt",
    "attendance.data.#.values.#.hdu",
    "attendance.data.#.values.#.hdj",
    "attendance.data.#.values.#.hdp",
    "calendars.data.#.date",
    "calendars.data.#.status",
    "calendars.data.#.daytt",
    "calendars.data.#.term",
    "calendars.data.#.week",
    "calendars.data.#.weekyear",
    "timetables.data.#.student",
    "timetables.data.#.timetable",
    "timetables.data.#.timetable.#.week",
    "timetables.data.#.timetable.#.days.#.ttday",
    "pastoral.data.#.id",
    "pastoral.data.#.type",
    "pastoral.data.#.ref",
    "pastoral.data.#.reason",
    "pastoral.data.#.action1",
    "pastoral.data.#.action2",
    "pastoral.data.#.action3",
    "pastoral.data.#.teacher",
    "pastoral.data.#.dateevent",
    "pastoral.data.#.timeevent",
    "pastoral.data.#.datedue",
    "pastoral.data.#.duestatus",
    "pastoral.data.#.term",
];

/// Puts a canary of its own in every member that is not needed.
fn plant(value: &mut Value, path: &str, count: &mut usize) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                plant(value, &below(name), count);
            }
            // One that no version of KAMAR has had yet.
            *count += 1;
            members.insert("freshmember".to_owned(), Value::String(format!("canary-{count}-")));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| plant(item, &below("#"), count)),
        _ if NEEDED.contains(&path) || path == "pastoral.data.#.daysabsent" => {}
        scalar => {
            *count += 1;
            *scalar = Value::String(format!("canary-{count}-"));
        }
    }
}

#[test]
fn r02_no_canary_of_a_member_that_is_not_needed_is_kept() {
    let mut planted = 0;
    for (name, text) in ALL {
        let mut body: Value = serde_json::from_str(text).expect("a fixture is JSON");
        let before = read(body.to_string());
        plant(&mut body["SMSDirectoryData"], "", &mut planted);
        let push = read(body.to_string());
        let kept = String::from_utf8(push.kept.to_json()).expect("JSON is UTF-8");
        assert!(!kept.contains("canary"), "{name}: {kept}");
        assert!(!format!("{push:?}").contains("canary"), "{name}");
        // What is needed is there all the same.
        assert_eq!(push.kept, before.kept, "{name}");
    }
    assert!(planted > 300, "{planted}");
}

#[test]
fn r02_only_pastoral_records_about_attendance_are_kept() {
    let (_, text) = ALL[4];
    let kept = String::from_utf8(read(text).kept.to_json()).expect("JSON is UTF-8");
    for private in ["Offsite", "Detention", "counsellor", "Private words", "\"513\"", "Office"] {
        assert!(!kept.contains(private), "{private}: {kept}");
    }
    assert!(kept.contains("Phone call home"), "{kept}");
}

#[test]
fn r06_neither_names_nor_nsn_are_shown_when_what_was_kept_is_printed() {
    let push = read(ALL[1].1);
    let printed = format!("{push:?} {:?}", kamar::students(&push.kept, &|_| None).problems);
    assert!(printed.contains("Student(20001)"), "{printed}");
    for private in ["Aroha", "Manu", "0012345678", "ngaio", "Rangi"] {
        assert!(!printed.contains(private), "{private}: {printed}");
    }
}

prop_compose! {
    fn kept()(
        texts in prop::collection::vec(any::<String>(), 24),
        numbers in prop::collection::vec(prop::option::of(any::<u8>()), 3),
        has in prop::collection::vec(any::<bool>(), 5),
        sync in "[a-z]{1,12}",
    ) -> Kept {
        let text = |at: usize| texts[at].clone();
        let student = Student {
            id: text(0), uuid: text(1), nsn: text(2), first: text(3), last: text(4), first_legal: text(5),
            last_legal: text(6), year_level: text(7), tutor: text(8), house: text(9), starting: text(10),
            leaving: text(11),
        };
        let staff = Staff {
            id: text(12), uuid: text(13), first: text(14), last: text(15), email: text(16),
            classification: text(17), position: text(18), tutor: text(19), leaving: text(20),
        };
        let day = AttendanceDay {
            date: text(21), codes: has[0].then(|| text(22)), alt: has[1].then(|| text(23)), hdu: numbers[0],
            hdj: numbers[1], hdp: numbers[2],
        };
        let record = PastoralRecord { id: text(0), more: vec![(text(1), text(2))], ..PastoralRecord::default() };
        Kept {
            sync: Sync::parse(&sync),
            datetime: text(3),
            has_other_schools: has[2],
            students: has[3].then(|| vec![student]),
            staff: has[4].then(|| vec![staff]),
            attendance: Some(vec![Attendance { id: text(4), days: vec![day] }]),
            pastoral: has[1].then(|| vec![record]),
            ..Kept::default()
        }
    }
}

proptest! {
    #[test]
    fn what_is_kept_comes_back_from_its_json(kept in kept()) {
        prop_assert_eq!(Kept::from_json(&kept.to_json()), Ok(kept));
    }
}

#[test]
fn what_was_cut_in_storage_is_refused_with_words() {
    let json = read(ALL[3].1).kept.to_json();
    let refused = Kept::from_json(&json[..json.len() - 1]).expect_err("it is cut");
    assert!(refused.contains("cannot be read"), "{refused}");
    assert!(Kept::from_json(b"{}").is_err());
}
