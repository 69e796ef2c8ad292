//! Loss of a request or an answer, repeats and restarts at either end change nothing in the end.

mod common;

use app::{App, ExportKind};
use collector::Export;
use common::{Engine, Line, World, half_day};
use domain::{Half, ResponseType};

/// What the Ministry holds of everything, to compare two worlds.
fn picture(world: &World) -> Vec<String> {
    Export::ALL.into_iter().flat_map(|what| world.collected(what)).collect()
}

/// A few days of a school, sending after each step; the faults come first at each sending.
fn live(world: &mut World, faults: &[Line], restarts: bool) {
    world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
    world.when_it_is_sent(faults);
    if restarts {
        world.when_the_school_restarts();
    }
    world.later(3_600);
    world.when_a_response_is_recorded("s1", 5, ResponseType::SentWrittenCommunication, "");
    world.when_it_is_sent(faults);
    if restarts {
        world.when_the_ministry_restarts();
    }
    world.later(3_600);
    world.when_a_mark_is_corrected("s1", half_day("2026-07-27", Half::Pm), 'P');
    world.when_it_is_sent(faults);
    // The line is good again; the pauses after failures have passed.
    world.later(4 * 3_600);
    let report = world.when_it_is_sent(&[]);
    assert_eq!(report.problem, None);
}

/// Both pictures, without the identities of responses, which differ from world to world.
fn same_picture(engine: Engine, faults: &[Line], restarts: bool) {
    let mut good = World::given_a_school(Engine::Sqlite);
    live(&mut good, &[], false);
    let mut bad = World::given_a_school(engine);
    live(&mut bad, faults, restarts);
    let plain = |world: &World| -> Vec<String> {
        let blank =
            |line: String| line.split(',').filter(|cell| cell.len() != 36).collect::<Vec<_>>().join(",");
        picture(world).into_iter().map(blank).collect()
    };
    // Numbers differ when a day was told once more; everything else is the same.
    let without_versions = |lines: Vec<String>| -> Vec<String> {
        lines
            .into_iter()
            .map(|line| line.rsplit_once(',').map_or(line.clone(), |(head, _)| head.to_owned()))
            .collect()
    };
    assert_eq!(without_versions(plain(&bad)), without_versions(plain(&good)), "{faults:?}");
}

#[test]
fn r41_every_single_fault_is_harmless() {
    use Line::{CutAnswer, ErrorDressedAsSuccess, LoseAnswer, LoseRequest, SayLater, TwiceOver};
    for engine in testkit::engines() {
        for fault in [LoseRequest, LoseAnswer, TwiceOver, CutAnswer, SayLater, ErrorDressedAsSuccess] {
            same_picture(engine, &[fault], true);
            // A server is the same server after a restart of what asks it.
            if engine == Engine::Sqlite {
                same_picture(engine, &[fault], false);
            }
        }
    }
}

#[test]
fn r41_a_lost_answer_with_new_rows_since_is_harmless() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 4, 'M');
        let report = world.when_it_is_sent(&[Line::LoseAnswer]);
        assert!(report.problem.is_some());
        world.when_days_are_marked("s2", "2026-07-27", 1, 'M');
        world.when_a_mark_is_corrected("s1", half_day("2026-07-27", Half::Am), 'P');
        let report = world.when_it_is_sent(&[]);
        assert_eq!((report.problem, report.received), (None, 2), "the sealed batch again, then the new rows");
        let marked =
            world.exported(ExportKind::HalfDays).into_iter().filter(|line| !line.ends_with(",,")).count();
        assert_eq!(world.collected(Export::Attendance).len(), marked);
    }
}

#[test]
fn a_ministry_that_lost_everything_gets_everything_again() {
    for mut world in World::given_a_school_on_each_engine() {
        live(&mut world, &[], false);
        let before = picture(&world);
        world.when_the_ministry_lost_everything();
        world.later(60);
        world.when_days_are_marked("s3", "2026-07-27", 1, 'P');
        let report = world.when_it_is_sent(&[]);
        assert_eq!(report.problem, None);
        assert_eq!(picture(&world).len(), before.len() + 2, "all of it, and the new marks");
    }
}

#[test]
fn a_restored_backup_begins_a_new_epoch_and_its_facts_stand() {
    let mut world = World::given_a_school(Engine::Sqlite);
    world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
    world.when_it_is_sent(&[]);
    let elsewhere = testkit::Scratch::new();
    let backup = elsewhere.file("backup.db");
    world.app.back_up(&backup).expect("a backup");
    world.later(60);
    world.when_a_mark_is_corrected("s1", half_day("2026-07-27", Half::Am), 'P');
    world.when_it_is_sent(&[]);
    assert!(world.collected(Export::Crossings)[0].contains("withdrawn"));

    // The machine dies; yesterday's backup is restored elsewhere.
    let restored = elsewhere.file("restored");
    std::fs::create_dir_all(&restored).expect("a directory");
    App::restore(&restored, &backup, world.now).expect("restored");
    world.app = App::open(&restored).expect("opens");
    world.school = world.app.school(None).expect("the school");
    let report = world.when_it_is_sent(&[]);
    assert_eq!(report.problem, None);
    assert!(world.collected(Export::Crossings)[0].contains(",reached,"), "what the school holds now stands");
    assert!(world.school.check_derived().expect("a rebuild").is_empty());
}
