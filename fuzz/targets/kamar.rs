//! A KAMAR push: whatever comes is read or refused; what is kept reads back the same; what it becomes
//! breaks nothing.
#![no_main]

use domain::SchoolNumber;
use interop::kamar::{self, Format, Kept, SlotMap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let school = SchoolNumber::parse("189").expect("a number");
    for format in [Format::Json, Format::Xml] {
        let Ok(push) = kamar::read(bytes, format, school) else { continue };
        let again = Kept::from_json(&push.kept.to_json()).expect("what is kept is read");
        assert_eq!(again, push.kept);
        let slots = SlotMap::of_use(&again);
        let _ = kamar::marks(&again, &slots, reference::codes());
        let _ = kamar::totals(&again);
    }
});
