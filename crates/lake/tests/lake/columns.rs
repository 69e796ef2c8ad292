//! The columns of each table, what a file says of itself, and the National Student Number.

use crate::school::*;
use collector::held::Table;
use domain::{Class, Half};
use wire::Op::Upsert;

/// What every reader of the files relies on. A column may be added at the end; a change to one that
/// is here needs another schema version.
const SCHEMA: &str = include_str!("schema.txt");

#[test]
fn the_columns_are_those_that_were_published() {
    let texts: Vec<String> = Table::ALL.iter().map(|table| lake::schema_text(*table, true)).collect();
    let found = format!("version {}\n{}", lake::SCHEMA_VERSION, texts.join(""));
    assert_eq!(found, SCHEMA, "\n{found}");
}

#[test]
fn names_of_columns_are_lower_case_with_underscores() {
    for column in Table::ALL.iter().flat_map(|table| table.columns(true)) {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        assert!(column.name.chars().all(plain), "{}", column.name);
    }
}

#[test]
fn a_file_says_what_it_is_and_how_far_its_school_had_come() {
    let mut ministry = Ministry::on(testkit::Engine::Sqlite);
    ministry.takes(189, vec![(Upsert, "a", day("2026-05-04")), (Upsert, "b", day("2026-05-05"))]);
    ministry.writes();
    let path = ministry.directory().join("days/term=2026-T2/school=189/part-0.parquet");
    let source = format!("starboard.source=starboard {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        said(&path),
        [
            "starboard.schema_version=1",
            &source,
            "starboard.table=days",
            "starboard.school=189",
            "starboard.term=2026-T2",
            "starboard.made_at=2026-08-07T20:00:00+12:00",
            "starboard.epoch=1",
            "starboard.accepted_through=2",
        ]
    );
}

#[test]
fn student_numbers_are_in_the_files_only_where_they_were_asked_for() {
    for mut ministry in Ministry::on_each_engine() {
        ministry.takes(
            189,
            vec![
                (Upsert, "a", half_day("s1", "2026-05-04", Half::Am, Some('M'), Class::Justified)),
                (Upsert, "r", response("s1", None, false)),
                (Upsert, "x", crossing("s1", "2026-T2", domain::CrossingState::Reached)),
            ],
        );
        let holds = |bytes: &[u8]| bytes.windows(NSN.len()).any(|window| window == NSN.as_bytes());
        ministry.writes();
        for (path, bytes) in ministry.files() {
            assert!(!holds(&bytes), "{path}");
            assert!(!ministry.rows(&path).concat().contains(NSN), "{path}");
        }
        ministry.writes_with(&[], true).expect("written");
        assert_eq!(ministry.files().len(), 3);
        for (path, bytes) in ministry.files() {
            assert!(holds(&bytes), "{path}");
            assert!(ministry.rows(&path)[0].contains(&format!("s1 | {NSN} | ")), "{path}");
        }
        // And they go with the files that held them.
        ministry.writes();
        assert!(!ministry.files().values().any(|bytes| holds(bytes)));
    }
}
