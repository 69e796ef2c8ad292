//! A killed import leaves the old state or the new one, and nothing in between. Ten kills run always,
//! a thousand with `STARBOARD_LONG=1`.

mod common;

use common::{Place, copy};
use std::time::{Duration, Instant};

/// Marks of sixty students in three weeks.
fn many_marks() -> String {
    let days =
        (20..=24).map(|day| format!("2026-04-{day}")).chain((4..=8).map(|day| format!("2026-05-{day:02}")));
    let mut text = "student_id,date,half,code\n".to_owned();
    for (number, day) in days.enumerate() {
        for student in 0..60 {
            let code = if (student + number) % 4 == 0 { 'P' } else { 'M' };
            text.push_str(&format!("k{student},{day},am,{code}\nk{student},{day},pm,{code}\n"));
        }
    }
    text
}

#[test]
fn r46_an_import_killed_at_any_moment_is_whole_or_not_there() {
    let place = Place::with_school();
    let mut students =
        "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n"
            .to_owned();
    for student in 0..60 {
        students.push_str(&format!("k{student},,Kid,Number{student},,9,9K,2026-01-27,\n"));
    }
    assert_eq!(place.import("students", &students).code, 0);
    let before = place.export("tallies");
    let file = place.file("many.csv", &many_marks());
    let import = ["import", "marks", &file, "--now", common::NOW];

    // Once undisturbed, to know the new state and how long it takes to come to it.
    let whole = Place::empty();
    copy(&place.data, &whole.data);
    let begun = Instant::now();
    assert_eq!(whole.plain(&import).code, 0);
    let takes = begun.elapsed();
    let after = whole.export("tallies");
    assert_ne!(before, after);

    let kills: u64 = if std::env::var_os("STARBOARD_LONG").is_some() { 1_000 } else { 10 };
    let mut olds = 0;
    for kill in 1..=kills {
        let victim = Place::empty();
        copy(&place.data, &victim.data);
        let mut child = victim.start(&import);
        // The moment of a kill is what this test is about: there is nothing to wait for instead.
        std::thread::sleep(Duration::from_micros(takes.as_micros() as u64 * kill / kills));
        let _ = child.kill();
        child.wait().expect("an end");
        let found = victim.export("tallies");
        assert!(found == before || found == after, "kill {kill} left something half-done");
        olds += u64::from(found == before);
        let check = victim.run(&["rebuild", "--check"]);
        assert_eq!((check.code, check.out.as_str()), (0, "0 differences\n"), "kill {kill}");
        // What was cut off can simply be done again.
        assert_eq!(victim.plain(&import).code, 0, "kill {kill}");
        assert_eq!(victim.export("tallies"), after, "kill {kill}");
    }
    println!("{kills} kills: {olds} left the old state, {} the new one", kills - olds);
}
