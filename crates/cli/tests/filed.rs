//! A school without a line hands its batches over as signed files, and gets signed answers back.

mod common;

use common::{Answer, Place, marks};

/// The Ministry's own command in a directory of its own.
fn ministry(place: &Place, arguments: &[&str]) -> Answer {
    let data = place.path.join("ministry").display().to_string();
    let mut all = vec!["--data", &data];
    all.extend(arguments);
    place.run(&all)
}

/// The files in a folder whose name ends so, in order.
fn files(folder: &std::path::Path, end: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries.map(|entry| entry.path().display().to_string()).collect();
    names.retain(|name| name.ends_with(end));
    names.sort();
    names
}

#[test]
fn a_school_without_a_line_is_heard_by_file() {
    let place = Place::with_school();
    assert_eq!(place.run(&["key", "make"]).code, 0);
    let stick = place.path.join("stick");
    let to = format!("file:{}", stick.display());
    let (out, back) = (stick.join("to-the-ministry"), stick.join("from-the-ministry"));

    // The Ministry's key comes with its first answers, or from its page; here it is made beforehand.
    let empty = place.file("empty.jws", "");
    let elsewhere = place.path.join("elsewhere").display().to_string();
    assert_eq!(ministry(&place, &["take", &empty, "--answers", &elsewhere]).code, 0);
    let key = place.path.join("elsewhere/ministry-key.json").display().to_string();
    let share = |place: &Place| place.run(&["share", "--once", "--to", &to, "--ministry-key", &key]);

    let shared = share(&place);
    assert_eq!(shared.code, 0, "{shared:?}");
    assert!(shared.err.contains("1 batches stand in"), "{shared:?}");
    let batches = files(&out, ".jws");
    assert_eq!(batches.len(), 1);

    // Nobody admitted the school: the answer says so, signed, and the school tries again.
    let answers = back.display().to_string();
    let refused = ministry(&place, &["take", &batches[0], "--answers", &answers]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.out.contains("The token is missing"), "{refused:?}");
    let jwk = out.join("189-key.json").display().to_string();
    let admitted = ["admit", "--school-number", "189", "--name", "Kura o te Awa", "--key", &jwk];
    assert_eq!(ministry(&place, &admitted).code, 0);
    let taken = ministry(&place, &["take", &batches[0], "--answers", &answers]);
    assert_eq!((taken.code, taken.out.contains("taken through")), (0, true), "{taken:?}");
    let collected = ministry(&place, &["collected", "attendance"]);
    assert_eq!(collected.out.lines().count(), 11, "{collected:?}");

    // The receipt comes back; what is recorded meanwhile goes with the next file.
    assert_eq!(place.import("marks", &marks("s2", 4..=5, 'P')).code, 0);
    let shared = share(&place);
    assert_eq!(shared.code, 0, "{shared:?}");
    let batches = files(&out, ".jws");
    assert_eq!(batches.len(), 2, "{batches:?}");
    let all: Vec<&str> = ["take"].into_iter().chain(batches.iter().map(String::as_str)).collect();
    let again = ministry(&place, &[&all[..], &["--answers", &answers]].concat());
    assert_eq!(again.code, 0, "what was taken before is answered as it was: {again:?}");
    assert_eq!(ministry(&place, &["collected", "attendance"]).out.lines().count(), 15);
    assert_eq!(share(&place).code, 0);
    let states = place.export("responses");
    assert!(states.is_empty() || !states[0].contains("sealed"));
}

#[test]
fn r41_a_file_that_somebody_changed_or_signed_in_anothers_place_is_not_taken() {
    let place = Place::with_school();
    place.run(&["key", "make"]);
    let stick = place.path.join("stick");
    let to = format!("file:{}", stick.display());
    let empty = place.file("empty.jws", "");
    let elsewhere = place.path.join("elsewhere").display().to_string();
    ministry(&place, &["take", &empty, "--answers", &elsewhere]);
    let key = place.path.join("elsewhere/ministry-key.json").display().to_string();
    place.run(&["share", "--once", "--to", &to, "--ministry-key", &key]);
    let batch = files(&stick.join("to-the-ministry"), ".jws").remove(0);
    let jwk = stick.join("to-the-ministry/189-key.json").display().to_string();
    ministry(&place, &["admit", "--school-number", "189", "--name", "Kura", "--key", &jwk]);

    let line = std::fs::read_to_string(&batch).expect("a batch");
    let parts: Vec<&str> = line.trim().split('.').collect();
    let changed = place.file("changed.jws", &format!("{}.{}A.{}", parts[0], parts[1], parts[2]));
    let garbage = place.file("garbage.jws", "this is no batch\n");
    for file in [&changed, &garbage] {
        let refused = ministry(&place, &["take", file, "--answers", &elsewhere]);
        assert_eq!(refused.code, 3, "{refused:?}");
    }
    assert_eq!(ministry(&place, &["collected", "attendance"]).out.lines().count(), 1);

    // An answer that another Ministry signed is none.
    let other = Place::empty();
    let back = stick.join("from-the-ministry").display().to_string();
    let admitted = ["admit", "--school-number", "189", "--name", "Kura", "--key", &jwk];
    assert_eq!(ministry(&other, &admitted).code, 0);
    assert_eq!(ministry(&other, &["take", &batch, "--answers", &back]).code, 0);
    let shared = place.run(&["share", "--once", "--to", &to, "--ministry-key", &key]);
    assert!(shared.err.contains("1 batches stand in"), "it still waits: {shared:?}");
    let without = place.run(&["share", "--once", "--to", &to]);
    assert_eq!(without.code, 2, "{without:?}");
}
