//! A killed import leaves the old state or the new one, and nothing in between: one at the command line,
//! and one that came from another system and is worked by the server. Ten kills of each run always, a
//! thousand with `STARBOARD_LONG=1`, as many as `STARBOARD_KILLS` says where it is set.

mod common;

use app::{Actor, App, ArrivalState, Body, Door, FilePart, ImportKind, NewArrival};
use common::{Place, copy};
use std::time::{Duration, Instant};

fn kills() -> u64 {
    let asked = std::env::var("STARBOARD_KILLS").ok().and_then(|kills| kills.parse().ok());
    asked.unwrap_or(if std::env::var_os("STARBOARD_LONG").is_some() { 1_000 } else { 10 })
}

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

/// A school with the students of [`many_marks`].
fn school() -> Place {
    let place = Place::with_school();
    let mut students =
        "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n"
            .to_owned();
    for student in 0..60 {
        students.push_str(&format!("k{student},,Kid,Number{student},,9,9K,2026-01-27,\n"));
    }
    assert_eq!(place.import("students", &students).code, 0);
    place
}

/// A copy of a place in which a command was killed, so far into the time that it takes as the number of the
/// kill is into all of them.
fn killed(place: &Place, command: &[&str], takes: Duration, (kill, kills): (u64, u64)) -> Place {
    let victim = Place::empty();
    copy(&place.data, &victim.data);
    let mut child = victim.start(command);
    // The moment of a kill is what this test is about: there is nothing to wait for instead.
    std::thread::sleep(Duration::from_micros(takes.as_micros() as u64 * kill / kills));
    let _ = child.kill();
    child.wait().expect("an end");
    victim
}

/// Whether everything that is derived stands as it follows from the marks.
fn is_sound(place: &Place, kill: u64) {
    let check = place.run(&["rebuild", "--check"]);
    assert_eq!((check.code, check.out.as_str()), (0, "0 differences\n"), "kill {kill}");
}

#[test]
fn r46_an_import_killed_at_any_moment_is_whole_or_not_there() {
    let place = school();
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

    let kills = kills();
    let mut olds = 0;
    for kill in 1..=kills {
        let victim = killed(&place, &import, takes, (kill, kills));
        let found = victim.export("tallies");
        assert!(found == before || found == after, "kill {kill} left something half-done");
        olds += u64::from(found == before);
        is_sound(&victim, kill);
        // What was cut off can simply be done again.
        assert_eq!(victim.plain(&import).code, 0, "kill {kill}");
        assert_eq!(victim.export("tallies"), after, "kill {kill}");
    }
    println!("{kills} kills: {olds} left the old state, {} the new one", kills - olds);
}

/// How what came stands, and how many imports there were.
fn arrived(place: &Place) -> (ArrivalState, usize) {
    let school = App::open(&place.data).expect("a memory").school(None).expect("a school");
    let now = testkit::instant(common::NOW);
    let arrivals = school.arrivals(&Actor::Operator, now).expect("arrivals");
    (arrivals[0].state, school.imports(&Actor::Operator, now).expect("imports").len())
}

/// Serves until what came is stored; how long that took.
fn serve_until_stored(place: &Place) -> Duration {
    let begun = Instant::now();
    let mut child = place.start(&SERVE);
    while arrived(place).0 != ArrivalState::Stored {
        assert!(begun.elapsed() < Duration::from_secs(120), "what came is never stored");
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = begun.elapsed();
    // Where it was stored already, this server has its look all the same.
    std::thread::sleep(Duration::from_millis(200));
    let _ = child.kill();
    child.wait().expect("an end");
    took
}

const SERVE: [&str; 5] = ["serve", "--listen", "127.0.0.1:0", "--now", common::NOW];

#[test]
fn r46_a_server_killed_while_it_works_what_came_has_worked_it_or_works_it_again() {
    let place = school();
    let before = place.export("tallies");
    let now = testkit::instant(common::NOW);
    let file = FilePart {
        kind: ImportKind::Marks,
        is_whole: false,
        keeps_rights: true,
        csv: many_marks().into_bytes(),
    };
    let arrival = NewArrival {
        door: Door::Kamar,
        source: "kamar".to_owned(),
        name: "tonight".to_owned(),
        digest: String::new(),
        body: Body::Files(vec![file]),
        waits: false,
    };
    let school = App::open(&place.data).expect("a memory").school(None).expect("a school");
    school.receive(&Actor::Operator, now, arrival).expect("received");
    drop(school);

    let whole = Place::empty();
    copy(&place.data, &whole.data);
    let takes = serve_until_stored(&whole);
    let (after, imports) = (whole.export("tallies"), arrived(&whole).1);
    assert_ne!(before, after);

    let kills = kills();
    let mut olds = 0;
    for kill in 1..=kills {
        let victim = killed(&place, &SERVE, takes, (kill, kills));
        let found = victim.export("tallies");
        let expected = match arrived(&victim).0 {
            ArrivalState::Received => &before,
            ArrivalState::Stored => &after,
            other => panic!("kill {kill}: {other:?}"),
        };
        assert!(found == *expected, "kill {kill} left something half-done");
        olds += u64::from(found == before);
        // The next server goes on where that one was killed, and does nothing twice.
        serve_until_stored(&victim);
        assert_eq!((victim.export("tallies"), arrived(&victim).1), (after.clone(), imports), "kill {kill}");
        is_sound(&victim, kill);
    }
    println!("{kills} kills: {olds} left the old state, {} the new one", kills - olds);
}
