//! `starboard collected parquet`, in a program with the feature and in one without.

mod common;

use common::Place;

#[test]
fn files_are_asked_for_with_a_directory_and_csv_without() {
    let place = Place::empty();
    assert_eq!(place.plain(&["collected", "parquet"]).code, 2, "where to?");
    assert_eq!(place.plain(&["collected", "attendance", "--term", "2026-T2"]).code, 2, "CSV is of all terms");
    let refused = place.plain(&["collected", "attendance", "--to", "facts"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--to"), "{refused:?}");
    assert_eq!(place.plain(&["collected", "attendance"]).code, 0);
}

#[cfg(feature = "parquet")]
#[test]
fn a_collector_with_nothing_leaves_a_manifest() {
    let place = Place::empty();
    let directory = place.path.join("facts");
    let to = directory.display().to_string();
    let written = place.run(&["collected", "parquet", "--to", &to]);
    assert_eq!((written.code, &*written.out), (0, "0 files, 0 rows, 0 bytes; 0 removed\n"), "{written:?}");
    let written = place.run(&["collected", "parquet", "--to", &to, "--term", "2026-T2", "--json"]);
    assert_eq!(written.code, 0, "{written:?}");
    assert_eq!(written.out, "{\"bytes\":0,\"files\":0,\"removed\":0,\"rows\":0}\n");
    assert!(directory.join("_manifest.json").exists());
    let refused = place.run(&["collected", "parquet", "--to", &to, "--term", "2026-T2", "--with-nsn"]);
    assert_eq!(refused.code, 2, "the others have no such column: {refused:?}");
    assert!(refused.err.contains("all terms"), "{refused:?}");
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_it_says_how_to_build_one_that_has_it() {
    let place = Place::empty();
    let refused = place.plain(&["collected", "parquet", "--to", "facts"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--features parquet"), "{refused:?}");
}
