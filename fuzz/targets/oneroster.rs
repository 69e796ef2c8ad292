//! A OneRoster package, as a zip and as one file of it: read or refused, within its limits.
#![no_main]

use domain::{Date, SchoolNumber, Zone};
use interop::oneroster::{Here, Options, Package, Standing, csv, roster};
use libfuzzer_sys::fuzz_target;

/// A package the whole way: its tables, the roster in them, and the contract's files of it.
fn look(package: &Package) {
    let (tables, findings) = csv::read(package, Zone::Auckland);
    let standing = Standing::default();
    let here = Here {
        school: SchoolNumber::parse("189").expect("a number"),
        today: Date::constant(2026, 5, 8),
        first_day: Date::constant(2026, 4, 20),
        standing: &standing,
    };
    let roster = roster(&tables, findings, &Options::default(), &here);
    assert!(roster.findings.problems.iter().all(|problem| !problem.problem.right.is_empty()));
}

const FILES: [&str; 8] = [
    "manifest.csv",
    "orgs.csv",
    "academicSessions.csv",
    "classes.csv",
    "users.csv",
    "roles.csv",
    "enrollments.csv",
    "courses.csv",
];

fuzz_target!(|bytes: &[u8]| {
    if Package::recognises(bytes)
        && let Ok(package) = Package::unzip(bytes)
    {
        look(&package);
    }
    let Some((&first, rest)) = bytes.split_first() else { return };
    let mut package = Package::default();
    if package.put(FILES[usize::from(first) % FILES.len()], rest.to_vec()).is_ok() {
        look(&package);
    }
});
