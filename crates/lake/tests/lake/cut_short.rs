//! A run that ends between any two steps leaves every file whole: as it was, or as it is now.

use crate::school::*;
use domain::{Class, CrossingState, Half};
use lake::{LakeError, Manifest, Step};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use wire::Op::{Upsert, Withdraw};

fn before() -> Ministry {
    let mut ministry = Ministry::on(testkit::Engine::Sqlite);
    for school in [20, 189] {
        ministry.takes(
            school,
            vec![
                (Upsert, "a", half_day("s1", "2026-05-04", Half::Am, Some('M'), Class::Justified)),
                (Upsert, "b", half_day("s1", "2026-07-20", Half::Am, Some('M'), Class::Justified)),
                (Upsert, "x", crossing("s1", "2026-T2", CrossingState::Reached)),
                (Upsert, "c", closure("2026-05-06", "Flood")),
            ],
        );
    }
    ministry
}

/// Changes a file, adds one and takes one away at each school.
fn changes(ministry: &mut Ministry) {
    for school in [20, 189] {
        ministry.takes(
            school,
            vec![
                (Upsert, "a", half_day("s1", "2026-05-04", Half::Am, Some('?'), Class::Unjustified)),
                (Upsert, "r", response("s1", Some("Hui"), false)),
                (Withdraw, "c", closure("2026-05-06", "Flood")),
            ],
        );
    }
}

fn manifest(ministry: &Ministry) -> Option<Manifest> {
    Manifest::read(&ministry.directory()).expect("whole, or none")
}

/// Runs until so many steps were told; answers whether the run came to its end before.
fn run_for(ministry: &Ministry, steps: usize) -> bool {
    let mut told = 0;
    let outcome = ministry.writes_while(&[], false, &mut |_| {
        told += 1;
        if told > steps { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match outcome {
        Ok(_) => true,
        Err(LakeError::Ended) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn wherever_a_run_is_cut_short_each_file_is_old_or_new_and_the_manifest_tells() {
    let whole = |changed: bool| {
        let mut ministry = before();
        ministry.writes();
        if changed {
            changes(&mut ministry);
            ministry.writes();
        }
        (ministry.files(), manifest(&ministry))
    };
    let ((old, old_manifest), (new, new_manifest)) = (whole(false), whole(true));
    assert_ne!(old, new);

    let mut steps = 0;
    loop {
        let mut ministry = before();
        ministry.writes();
        changes(&mut ministry);
        let is_done = run_for(&ministry, steps);
        for (path, bytes) in ministry.files() {
            let is_known = [&old, &new].iter().any(|files| files.get(&path) == Some(&bytes));
            assert!(is_known, "{path} after {steps} steps");
        }
        let found = manifest(&ministry);
        assert!(found == old_manifest || found == new_manifest, "after {steps} steps");
        if found == new_manifest {
            let there = ministry.files();
            assert!(new.iter().all(|(path, bytes)| there.get(path) == Some(bytes)), "after {steps} steps");
        }
        // The next run makes good what this one left.
        ministry.writes();
        assert_eq!((ministry.files(), manifest(&ministry)), (new.clone(), new_manifest.clone()));
        assert!(!ministry.names().iter().any(|name| name.ends_with(".new")), "{:?}", ministry.names());
        if is_done {
            break;
        }
        steps += 1;
    }
    assert!(steps > 25, "{steps}");
}

#[test]
fn a_first_run_that_was_cut_short_leaves_no_manifest() {
    let mut ministry = before();
    changes(&mut ministry);
    assert!(!run_for(&ministry, 22));
    assert!(!ministry.files().is_empty());
    assert_eq!(manifest(&ministry), None);
}

#[test]
fn the_manifest_names_every_file_with_its_digest() {
    use sha2::Digest as _;
    let ministry = before();
    ministry.writes();
    let manifest = manifest(&ministry).expect("a manifest");
    let files = ministry.files();
    let listed: BTreeMap<String, (u64, String)> =
        manifest.files.into_iter().map(|entry| (entry.path, (entry.bytes, entry.sha256))).collect();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let found: BTreeMap<String, (u64, String)> = files
        .iter()
        .map(|(path, bytes)| (path.clone(), (bytes.len() as u64, hex(&sha2::Sha256::digest(bytes)))))
        .collect();
    assert_eq!(listed, found);
    assert_eq!(manifest.bytes, files.values().map(|bytes| bytes.len() as u64).sum::<u64>());
}

#[test]
fn the_same_facts_at_the_same_time_are_the_same_bytes() {
    let ministry = before();
    ministry.writes();
    let first = ministry.files();
    ministry.writes();
    assert_eq!(ministry.files(), first);
}

#[test]
fn files_take_their_names_while_later_schools_are_read() {
    let mut ministry = Ministry::on(testkit::Engine::Sqlite);
    for school in 1..=80 {
        ministry.takes(school, vec![(Upsert, "d", day("2026-05-04"))]);
    }
    let (mut named, mut named_at_the_last_school) = (0, 0);
    ministry
        .writes_while(&[], false, &mut |step| {
            match step {
                Step::Named(_) => named += 1,
                Step::School(_) => named_at_the_last_school = named,
                _ => {}
            }
            ControlFlow::Continue(())
        })
        .expect("written");
    assert_eq!((named_at_the_last_school, named), (64, 80));
    assert_eq!(manifest(&ministry).expect("a manifest").files.len(), 80);
}
