//! Any system's table: read in whatever encoding, guessed at, and made into the contract's files, which
//! the contract reads without losing its header.
#![no_main]

use interop::mapping::{Kind, NoRoll, convert, guess, is_known_name};
use interop::table::{Table, Wanted};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = Table::open(bytes, &Wanted::default(), is_known_name) else { return };
    let _ = table.samples(5);
    for kind in Kind::ALL {
        let mapping = guess(&table, Some(kind));
        if mapping.faults(&table).is_empty() {
            let _ = convert(&table, &mapping, &NoRoll);
        }
    }
});
