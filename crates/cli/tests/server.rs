//! The commands on a PostgreSQL server: prepared, used, copied to and from, restored, removed.

mod common;

use common::{Answer, NOW, Place};
use std::process::{Command, Stdio};
use testkit::postgres::Server;

/// Runs a command that is told by its options alone where its data is.
fn run(arguments: &[&str]) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starboard"));
    for variable in ["DATA", "DATABASE", "REPLICA", "CONNECTIONS", "TOKEN_FILE", "TOKEN_DIRECTORY"] {
        command.env_remove(format!("STARBOARD_{variable}"));
    }
    let output = command.args(arguments).args(["--now", NOW]).stdin(Stdio::null()).output();
    common::answer(&output.expect("the program runs"))
}

/// Runs a command that is to be done, and answers what it printed.
fn done(arguments: &[&str]) -> String {
    let answer = run(arguments);
    assert_eq!(answer.code, 0, "{arguments:?}: {answer:?}");
    answer.out
}

#[test]
fn a_school_lives_on_a_server_by_commands_alone() {
    let Some(server) = Server::of_this_run() else { return };
    let database = server.database();
    let (owner, url) = (database.owner_url(), database.url());
    let place = Place::with_school();
    let data = place.data.display().to_string();

    let unprepared = run(&["doctor", "--database", url]);
    assert_eq!(unprepared.code, 1, "{unprepared:?}");
    assert!(unprepared.err.contains("starboard migrate"), "{unprepared:?}");
    done(&["migrate", "--database", owner, "--app-role", &database.application()]);
    let as_owner = run(&["doctor", "--database", owner]);
    assert!(as_owner.code == 1 && as_owner.err.contains("reach around row security"), "{as_owner:?}");

    let copied = done(&["copy", "--from", &data, "--to", url]);
    assert!(copied.lines().count() > 20 && copied.lines().all(|line| line.starts_with("same")), "{copied}");
    let options = ["--database", url, "--replica", url, "--connections", "2"];
    for what in ["half-days", "tallies", "crossings", "responses"] {
        let there = done(&[&["export", what, "--term", "2026-T2"][..], &options].concat());
        assert_eq!(there.lines().collect::<Vec<_>>(), place.export(what), "{what}");
    }

    // What is recorded there is not in the directory.
    let response = ["respond", "--student", "s1", "--threshold", "5", "--by", "teach", "--type"];
    let answer =
        [&response[..], &["Sent written communication", "--done-at", NOW, "--database", url]].concat();
    done(&answer);
    let differing = run(&["copy", "--check", "--from", &data, "--to", url]);
    assert!(differing.code == 1 && differing.out.contains("DIFFERENT  response:"), "{differing:?}");

    done(&["restored", "--database", url]);
    // The tests' server keeps nothing through a power cut, and is told so; all else is well.
    let well = run(&["doctor", "--database", url, "--json"]);
    assert!(well.out.contains("derived rows") && well.out.contains("0 differences"), "{well:?}");
    assert!(well.code == 1 && well.out.contains("fsync"), "{well:?}");

    // It leaves with its data, proven the same, and only by the owner's role.
    let elsewhere = place.path.join("elsewhere").display().to_string();
    let refused = run(&["remove", "--school", "189", "--database", owner, "--copied-to", &data]);
    assert!(refused.code == 1 && refused.err.contains("differs"), "{refused:?}");
    done(&["copy", "--from", url, "--to", &elsewhere]);
    let application = run(&["remove", "--school", "189", "--database", url, "--copied-to", &elsewhere]);
    assert!(application.code == 1 && application.err.contains("owns"), "{application:?}");
    done(&["remove", "--school", "189", "--database", owner, "--copied-to", &elsewhere]);
    let gone = run(&["doctor", "--database", url, "--school", "189"]);
    assert!(!gone.out.contains("school 189"), "{gone:?}");
    let tallies = done(&["export", "tallies", "--term", "2026-T2", "--data", &elsewhere]);
    assert_eq!(tallies.lines().collect::<Vec<_>>(), place.export("tallies"));
}

#[test]
fn a_place_that_cannot_be_meant_is_refused_with_words() {
    let both = run(&["doctor", "--data", "here", "--database", "postgres://app@127.0.0.1/starboard"]);
    assert!(both.code == 2 && both.err.contains("two places"), "{both:?}");
    let strange = run(&["doctor", "--database", "mysql://app@127.0.0.1/starboard"]);
    assert!(strange.code == 2 && strange.err.contains("postgres://"), "{strange:?}");
    let clear = run(&["doctor", "--database", "postgres://app:secret@db.example/starboard?sslmode=disable"]);
    assert!(clear.code == 2 && clear.err.contains("TLS") && !clear.err.contains("secret"), "{clear:?}");
    let nothing = run(&["copy", "--from", "no-such-directory", "--to", "another"]);
    assert!(nothing.code == 2 && nothing.err.contains("holds no Starboard database"), "{nothing:?}");
}
