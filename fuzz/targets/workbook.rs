//! A spreadsheet: read or refused, within its limits.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if workbook::is_workbook(bytes) {
        let _ = workbook::read(bytes, None);
    }
    let _ = workbook::looks_like_another(bytes);
});
