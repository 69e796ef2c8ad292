//! Many at once, and afterwards: commits shared, backups restored. Requirements R40 and R45.

use app::{App, AppError, ExportKind, RollEntry, TakeRoll};
use std::sync::Barrier;
use testkit::{Scratch, TestSchool, half_day, instant, student_id};

const NOW: &str = "2026-05-11T09:30:00+12:00";

fn roll(group: &str, students: &[&str], letter: char, key: &str) -> TakeRoll {
    let entry = |id: &&str| RollEntry { student_id: student_id(id), letter: Some(letter), seen_version: 0 };
    TakeRoll {
        group: group.to_owned(),
        half_day: half_day("2026-05-11 am"),
        period: None,
        entries: students.iter().map(entry).collect(),
        key: key.to_owned(),
    }
}

#[test]
fn rolls_of_two_groups_at_the_same_moment_are_both_saved() {
    let school = TestSchool::durable();
    let now = instant(NOW);
    let start = Barrier::new(2);
    let rolls = [
        ("teacher", roll("9K", &["101", "102", "103"], 'P', "a")),
        ("other", roll("10B", &["201", "202"], '?', "b")),
    ];
    std::thread::scope(|scope| {
        for (who, roll) in rolls {
            let (handle, actor, start) = (school.school.clone(), school.staff(who), &start);
            scope.spawn(move || {
                start.wait();
                handle.take_roll(&actor, now, roll).expect("saved")
            });
        }
    });
    let marked = school
        .export(now, ExportKind::HalfDays)
        .iter()
        .filter(|row| row.contains("2026-05-11,am,") && !row.ends_with(",,"))
        .count();
    assert_eq!(marked, 5);
    assert!(school.school.check_derived().expect("a check").is_empty());
    // Another opening of the same file sees them: they were on the disk when they were acknowledged.
    let again = App::open(school.scratch.path()).expect("opened").school(None).expect("a school");
    let roll =
        again.roll(&school.staff("other"), now, "10B", half_day("2026-05-11 am"), None).expect("a roll");
    assert!(roll.lines.iter().all(|line| line.version == 1));
}

#[test]
fn two_people_who_save_the_same_roll_never_overwrite_each_other_silently() {
    let rounds = if testkit::is_long() { 1_000 } else { 40 };
    let now = instant(NOW);
    for round in 0..rounds {
        let school = TestSchool::new();
        let start = Barrier::new(2);
        let saved: Vec<Result<usize, AppError>> = std::thread::scope(|scope| {
            let both = [("teacher", 'P'), ("office", '?')].map(|(who, letter)| {
                let (handle, actor, start) = (school.school.clone(), school.staff(who), &start);
                scope.spawn(move || {
                    start.wait();
                    handle.take_roll(&actor, now, roll("9K", &["101", "102", "103"], letter, who))
                })
            });
            both.into_iter().map(|thread| thread.join().expect("a thread")).collect()
        });
        let won = saved.iter().filter(|outcome| matches!(outcome, Ok(3))).count();
        let lost = saved
            .iter()
            .filter(|outcome| matches!(outcome, Err(AppError::Changed(ids)) if ids.len() == 3))
            .count();
        assert_eq!((won, lost), (1, 1), "round {round}: {saved:?}");
        assert!(
            (["101", "102", "103"]).iter().all(|id| school.version(now, id, half_day("2026-05-11 am")) == 1)
        );
    }
}

#[test]
fn the_same_roll_sent_by_many_at_once_is_one_roll() {
    let school = TestSchool::new();
    let now = instant(NOW);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (handle, actor) = (school.school.clone(), school.staff("teacher"));
            scope.spawn(move || {
                let saved = handle.take_roll(&actor, now, roll("9K", &["101", "102"], 'P', "k"));
                assert_eq!(saved.expect("saved"), 2);
            });
        }
    });
    assert_eq!(school.version(now, "101", half_day("2026-05-11 am")), 1);
}

/// A school with a crossing, on the disk.
fn school_with_history() -> TestSchool {
    let school = TestSchool::durable();
    school.mark_days(instant(NOW), "101", ("2026-05", 4, 8), 'T');
    school
}

#[test]
fn a_backup_restored_is_the_same_school_in_a_new_epoch() {
    let school = school_with_history();
    let (now, elsewhere) = (instant(NOW), Scratch::new());
    let before = school.everything(now);
    let file = elsewhere.file("backup.db");
    school.app.back_up(&file).expect("backed up");
    assert!(matches!(school.app.back_up(&file), Err(AppError::Invalid(_))), "a backup is never overwritten");

    // After the backup something else is recorded, which the restored school does not know.
    school.mark(now, "102,2026-05-04,am,T");
    let epoch = |school: &app::School| {
        let sharing = school.sharing(&app::Actor::Operator, now).expect("sharing");
        (sharing.epoch, sharing.waiting)
    };
    assert_eq!(epoch(&school.school).0, 1);
    let TestSchool { app, school: handle, set_up, scratch, database } = school;
    drop((app, handle));
    let kept = App::restore(scratch.path(), &file, now).expect("restored").expect("the old one is kept");
    assert!(kept.exists());
    let app = App::open(scratch.path()).expect("opened");
    let handle = app.school(None).expect("a school");
    let school = TestSchool { app, school: handle, set_up, scratch, database };
    assert_eq!(school.everything(now), before);
    // Everything that holds is said again, and that it is all: ten half-days, a crossing, two snapshots.
    assert_eq!(epoch(&school.school), (2, 13));
    assert!(school.school.check_derived().expect("a check").is_empty());
    let findings = school.app.examine().expect("findings");
    assert!(findings.iter().all(|finding| finding.is_well), "{findings:?}");
}

#[test]
fn a_backup_goes_into_an_empty_place_too() {
    let school = school_with_history();
    let (now, elsewhere) = (instant(NOW), Scratch::new());
    let file = elsewhere.file("backup.db");
    school.app.back_up(&file).expect("backed up");
    let place = elsewhere.file("new");
    assert_eq!(App::restore(&place, &file, now).expect("restored"), None);
    let restored = App::open(&place).expect("opened").school(None).expect("a school");
    assert!(restored.check_derived().expect("a check").is_empty());
}

#[test]
fn a_backup_that_is_not_sound_is_refused_and_nothing_changes() {
    let school = school_with_history();
    let (now, elsewhere) = (instant(NOW), Scratch::new());
    let file = elsewhere.file("backup.db");
    school.app.back_up(&file).expect("backed up");
    let good = std::fs::read(&file).expect("bytes");
    let before = school.everything(now);
    let names = |school: &TestSchool| {
        let mut names: Vec<_> = std::fs::read_dir(school.scratch.path())
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    let (files, half) = (names(&school), good.len() / 2);
    let mut zeroed = good.clone();
    zeroed[half..half + 8_192].fill(0);
    let empty = Scratch::new();
    drop(App::open(empty.path()).expect("a database without a school"));
    let no_school = std::fs::read(empty.file("starboard.db")).expect("bytes");
    for (what, bytes) in [
        ("cut in half", good[..half].to_vec()),
        ("a page of zeros", zeroed),
        ("empty", Vec::new()),
        ("text", b"this is no database at all".to_vec()),
        ("no school", no_school),
    ] {
        let bad = elsewhere.file("bad.db");
        std::fs::write(&bad, bytes).expect("written");
        let refused = App::restore(school.scratch.path(), &bad, now);
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{what}: {refused:?}");
        assert_eq!(names(&school), files, "{what}");
        assert_eq!(school.everything(now), before, "{what}");
    }
    let missing = App::restore(school.scratch.path(), &elsewhere.file("missing.db"), now);
    assert!(matches!(missing, Err(AppError::Invalid(_))));
    assert_eq!(names(&school), files);
}

#[test]
fn a_backup_whose_derived_rows_do_not_follow_from_its_marks_is_refused() {
    let school = school_with_history();
    let (now, elsewhere) = (instant(NOW), Scratch::new());
    // A tally that somebody changed behind the acts' back.
    school
        .app
        .store()
        .write(school.school.number(), |tx| {
            tx.execute("update tally set justified = justified + 1 where school = $1", &[189_i64.into()])?;
            Ok::<_, store::StoreError>(())
        })
        .expect("changed");
    let differences = school.school.check_derived().expect("a check");
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert_eq!(differences[0].table, "tally");
    let file = elsewhere.file("backup.db");
    school.app.back_up(&file).expect("backed up");
    let refused = App::restore(&elsewhere.file("new"), &file, now).expect_err("refused").to_string();
    assert!(refused.contains("derived rows do not follow"), "{refused}");
    assert_eq!(school.school.rebuild().expect("rebuilt").len(), 1);
    assert!(school.school.check_derived().expect("a check").is_empty());
}
