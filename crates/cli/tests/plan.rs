//! The plan as a file: checked, drafted, shown and published by the real program, with its exit
//! codes.

mod common;

use common::Place;

#[test]
fn a_plan_is_checked_drafted_shown_and_published() {
    let place = Place::with_school();
    let begin = place.run(&["plan", "show"]);
    assert!(begin.code == 0 && begin.out.contains("title = \"Attendance management plan\""), "{begin:?}");

    let example = place.run(&["plan", "examples", "letter-ladder"]);
    assert_eq!(example.code, 0, "{example:?}");
    let file = place.file("plan.toml", &example.out);
    let checked = place.run(&["plan", "check", &file]);
    // s1 reached 5 days: the contact goes, the first letter comes; nobody is a principal or a leader.
    assert_eq!(
        (checked.code, checked.out.as_str()),
        (0, "opened,closed,kept,without_owner,nobody_holds\n1,1,0,0,\n")
    );
    assert_eq!(place.run(&["plan", "show", "--draft"]).code, 3, "nothing was stored");

    let applied = place.run(&["plan", "apply", &file]);
    assert!(applied.code == 0 && applied.err.starts_with("version 1 is the draft"), "{applied:?}");
    assert_eq!(place.run(&["plan", "show", "--draft"]).out, example.out);
    assert!(!place.run(&["plan", "show"]).out.contains("letter-1"), "a draft is not in force");

    let published = place.run(&["plan", "publish"]);
    assert!(published.code == 0 && published.err.starts_with("version 1 is in force"), "{published:?}");
    assert_eq!(place.run(&["plan", "show"]).out, example.out);
}

#[test]
fn every_problem_of_a_plan_is_told_with_file_and_line_and_exit_code_3() {
    let place = Place::with_school();
    let text = place.run(&["plan", "examples", "default"]).out;
    let wrong = text.replacen("owner = [\"teacher\"", "owner = [\"techer\"", 1).replacen(
        "\"5 school days\"",
        "\"soon\"",
        1,
    );
    let file = place.file("plan.toml", &wrong);
    let line = |needle: &str| 1 + wrong.lines().position(|line| line.contains(needle)).expect("there");
    for verb in ["check", "apply"] {
        let told = place.run(&["plan", verb, &file]);
        let expected = [
            format!(
                "{file}:{}: owner: \"techer\" is no role and none of the plan's duties: did you mean teacher?",
                line("techer")
            ),
            format!(
                "{file}:{}: due: \"soon\" is no stretch of time: write \"5 school days\" or \"2 weeks\"",
                line("\"soon\"")
            ),
        ];
        assert_eq!(
            (told.code, told.err.lines().collect::<Vec<_>>()),
            (3, expected.iter().map(String::as_str).collect())
        );
    }
    // A description that the school does not offer could never be recorded.
    let asks = text.replacen("\"Conversation with whānau\"", "\"Conversation with whānau: Rang home\"", 1);
    let told = place.run(&["plan", "check", &place.file("asks.toml", &asks)]);
    assert!(
        told.code == 3 && told.err.contains("\"Rang home\" is not among the school's descriptions"),
        "{told:?}"
    );
    assert_eq!(place.run(&["plan", "publish"]).code, 3, "there is no draft");
    assert_eq!(place.run(&["plan", "check", "no-such-file.toml"]).code, 2);
    std::fs::write(place.path.join("latin.toml"), b"title = \"a\"\ncontact = \"\xe9\"\n").expect("a file");
    let latin = place.run(&["plan", "check", &place.path.join("latin.toml").display().to_string()]);
    assert!(latin.code == 3 && latin.err.contains("latin.toml:2: file: this is not UTF-8"), "{latin:?}");
}

#[test]
fn the_plans_to_begin_with_are_listed_and_an_unknown_one_is_wrong_usage() {
    let place = Place::with_school();
    let listed = place.run(&["plan", "examples"]);
    assert_eq!(listed.out.lines().count(), 8, "a header and seven plans");
    for line in listed.out.lines().skip(1) {
        let name = line.split(',').next().expect("a name");
        let file = place.file("example.toml", &place.run(&["plan", "examples", name]).out);
        assert_eq!(place.run(&["plan", "check", &file]).code, 0, "{name}");
    }
    let unknown = place.run(&["plan", "examples", "mine"]);
    assert!(unknown.code == 2 && unknown.err.contains("secondary-deans"), "{unknown:?}");
}
