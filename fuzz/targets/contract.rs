//! The contract's own files: any bytes are rows and problems, and each problem names a line.
#![no_main]

use interop::contract::{self, Parsed};
use libfuzzer_sys::fuzz_target;

fn look<T>(bytes: &[u8], parsed: &Parsed<T>) {
    assert!(parsed.problems.iter().all(|problem| problem.line > 0 && !problem.right.is_empty()));
    assert!(!parsed.fatal || parsed.rows.is_empty(), "a fatal file has no rows");
    if !parsed.bad_rows.is_empty() {
        // The rows that were left out are a file again, in which none is taken for a good one unseen.
        let _ = contract::rejected_csv(bytes, &parsed.bad_rows);
    }
}

fuzz_target!(|bytes: &[u8]| {
    look(bytes, &contract::marks(bytes, reference::codes()));
    look(bytes, &contract::students(bytes));
    look(bytes, &contract::staff(bytes));
    look(bytes, &contract::calendar(bytes));
    look(bytes, &contract::terms(bytes));
    look(bytes, &contract::timetable(bytes));
    look(bytes, &contract::contacts(bytes));
});
