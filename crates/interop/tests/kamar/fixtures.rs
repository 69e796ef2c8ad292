//! The fixtures, and everything that can be done with a body.

use domain::{SchoolNumber, StudentId};
use interop::kamar::{self, Format, Kept, Push, SlotMap, Unreadable};
use serde_json::Value;

/// Every fixture by its name.
pub const ALL: [(&str, &str); 9] = [
    ("check", include_str!("fixtures/check.json")),
    ("full", include_str!("fixtures/full.json")),
    ("part", include_str!("fixtures/part.json")),
    ("attendance", include_str!("fixtures/attendance.json")),
    ("pastoral", include_str!("fixtures/pastoral.json")),
    ("results", include_str!("fixtures/results.json")),
    ("calendar", include_str!("fixtures/calendar.json")),
    ("studenttimetables", include_str!("fixtures/studenttimetables.json")),
    ("timetabletexts", include_str!("fixtures/timetabletexts.json")),
];

pub fn fixture(name: &str) -> &'static str {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).expect("a fixture")
}

/// The school of the fixtures, `"0123"` to KAMAR.
pub fn school() -> SchoolNumber {
    SchoolNumber::parse("123").expect("a number")
}

pub fn try_read(body: impl AsRef<[u8]>) -> Result<Push, Unreadable> {
    kamar::read(body.as_ref(), Format::Json, school())
}

pub fn read(body: impl AsRef<[u8]>) -> Push {
    try_read(body).expect("a body that can be read")
}

/// A push of ours with an envelope around one list.
pub fn push(sync: &str, list: &str, data: Value) -> Push {
    let data = serde_json::json!({"SMSDirectoryData": {
        "datetime": 20260508170000_u64,
        "sync": sync,
        "schools": [{"index": 1, "moeCode": "0123"}],
        list: {"count": 1, "data": data},
    }});
    read(data.to_string())
}

/// Reads a body and does everything that can be done with what was kept. Nothing may panic, and
/// what is kept comes back from its JSON.
pub fn exercise(body: &[u8]) -> Result<Push, Unreadable> {
    let read = [Format::Json, Format::Xml].map(|format| kamar::read(body, format, school()));
    for push in read.iter().flatten() {
        let kept = &push.kept;
        assert_eq!(Kept::from_json(&kept.to_json()).as_ref(), Ok(kept));
        let slots = SlotMap::of_use(kept);
        let start = jiff::civil::date(2026, 1, 26);
        let _ = kamar::students(kept, &|_| Some(start));
        let _ = (kamar::staff(kept), kamar::named_students(kept), kamar::named_staff(kept));
        let marks = kamar::marks(kept, &slots, reference::codes());
        for row in &marks.rows {
            let letter = row.value.letter;
            let is_code = |letter| reference::codes().resolve(letter, row.value.half_day.date).is_some();
            assert!(letter.is_none_or(is_code), "{letter:?}");
        }
        let _ = (
            kamar::totals(kept),
            kamar::calendar(kept, &|_| false),
            kamar::terms(kept),
            kamar::candidates(kept),
        );
        let group = |_: &StudentId| Some("9NGA".to_owned());
        let _ = kamar::timetable(kept, &slots, &group, Some(11));
        let parts = kept.clone().in_parts(1);
        assert_eq!(parts.iter().map(Kept::records).sum::<usize>(), kept.records());
    }
    let [read, _] = read;
    read
}
