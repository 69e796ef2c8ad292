//! Some terms alone: the others stay as they are, and stand in the manifest.

use crate::school::*;
use domain::{Class, CrossingState, Half};
use lake::{LakeError, MANIFEST, Manifest, Step};
use std::ops::ControlFlow;
use wire::Op::{Upsert, Withdraw};

const T2: &str = "attendance/term=2026-T2/school=189/part-0.parquet";
const T3: &str = "attendance/term=2026-T3/school=189/part-0.parquet";
const CROSSINGS: &str = "crossings/term=2026-T2/school=189/part-0.parquet";

fn two_terms() -> Ministry {
    let mut ministry = Ministry::on(testkit::Engine::Sqlite);
    ministry.takes(
        189,
        vec![
            (Upsert, "a", half_day("s1", "2026-05-04", Half::Am, Some('M'), Class::Justified)),
            (Upsert, "b", half_day("s1", "2026-07-20", Half::Am, Some('M'), Class::Justified)),
            (Upsert, "x", crossing("s1", "2026-T2", CrossingState::Reached)),
        ],
    );
    ministry
}

fn listed(ministry: &Ministry) -> Vec<String> {
    let manifest = Manifest::read(&ministry.directory()).expect("read").expect("there");
    assert_eq!(manifest.rows, manifest.files.iter().map(|entry| entry.rows).sum::<u64>());
    manifest.files.into_iter().map(|entry| entry.path).collect()
}

#[test]
fn one_term_alone_leaves_the_others_as_they_are() {
    let mut ministry = two_terms();
    ministry.writes();
    let before = ministry.files();
    ministry.takes(
        189,
        vec![
            (Withdraw, "a", half_day("s1", "2026-05-04", Half::Am, Some('M'), Class::Justified)),
            (Withdraw, "b", half_day("s1", "2026-07-20", Half::Am, Some('M'), Class::Justified)),
        ],
    );
    let summary = ministry.writes_with(&[term("2026-T2")], false).expect("written");
    assert_eq!((summary.files, summary.removed), (1, 1), "the crossing, and away with the half-day");
    assert_eq!(listed(&ministry), [T3, CROSSINGS], "what was not asked for stays");
    assert_eq!(ministry.files()[T3], before[T3]);
    assert!(!ministry.directory().join("attendance/term=2026-T2").exists(), "no empty folder");

    assert_eq!(ministry.writes().removed, 1);
    assert_eq!(listed(&ministry), [CROSSINGS]);
}

#[test]
fn a_term_is_not_written_beside_others_with_other_columns() {
    let ministry = two_terms();
    ministry.writes();
    let refused = ministry.writes_with(&[term("2026-T2")], true);
    assert!(matches!(refused, Err(LakeError::Unlike(_))), "{refused:?}");
    assert_eq!(listed(&ministry), [T2, T3, CROSSINGS]);
    assert!(ministry.writes_with(&[], true).is_ok());
    assert!(ministry.writes_with(&[term("2026-T2")], true).is_ok());
}

#[test]
fn a_term_is_not_written_over_a_run_of_others_that_was_cut_short() {
    let ministry = two_terms();
    let ended = ministry.writes_while(&[], false, &mut |step| match step {
        Step::Named(_) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    assert!(matches!(ended, Err(LakeError::Ended)));
    let refused = ministry.writes_with(&[term("2026-T2")], false);
    assert!(matches!(refused, Err(LakeError::Unlike(_))), "{refused:?}");
    ministry.writes();
    ministry.writes_with(&[term("2026-T2")], false).expect("written");
    assert_eq!(listed(&ministry), [T2, T3, CROSSINGS]);
}

#[test]
fn what_is_not_named_as_our_files_are_is_not_touched() {
    let ministry = two_terms();
    ministry.writes();
    let mine = ["notes.txt", "attendance/readme.md", "attendance/term=2025-T1/school=189/mine.parquet"];
    for name in mine {
        let path = ministry.directory().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, "mine").expect("written");
    }
    let stray = ministry.directory().join("attendance/term=2025-T1/school=189/part-0.parquet");
    std::fs::write(&stray, "old").expect("written");
    assert_eq!(ministry.writes().removed, 1);
    assert!(!stray.exists());
    let names = ministry.names();
    assert!(mine.iter().all(|name| names.contains(&(*name).to_owned())), "{names:?}");
    assert!(names.contains(&MANIFEST.to_owned()));
}

#[test]
fn two_runs_do_not_write_into_one_directory() {
    let ministry = two_terms();
    let mut second = None;
    ministry
        .writes_while(&[], false, &mut |step| {
            if step == Step::Begun && second.is_none() {
                second = Some(ministry.writes_with(&[], false));
            }
            ControlFlow::Continue(())
        })
        .expect("the first is written");
    assert!(matches!(second, Some(Err(LakeError::Busy(_)))), "{second:?}");
    ministry.writes();
}
