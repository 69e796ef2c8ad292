//! People of the Ministry's pages by the program: a link that is shown once, the list, and the end.

mod common;

use common::Place;

#[test]
fn a_person_is_added_listed_given_another_link_and_ended() {
    let place = Place::empty();
    let add = |name: &str, role: &str| {
        let address = "https://collector.example/";
        place.run(&["ministry-person", "add", "--name", name, "--role", role, "--address", address])
    };
    let added = add("Moana Parata", "operator");
    assert_eq!(added.code, 0, "{added:?}");
    let link = added.out.trim();
    let token = link.strip_prefix("https://collector.example/sign-in/").expect("a link");
    assert_eq!((token.len(), added.out.lines().count()), (64, 1), "the link alone stands on standard output");
    assert!(!added.err.contains(token), "and nowhere else");
    assert!(added.err.contains("number 1 (operator)"));
    assert_eq!(add("Hana", "analyst").code, 0);

    let list = place.run(&["ministry-person", "list"]);
    assert!(
        list.out.contains("Moana Parata") && list.out.contains("not signed in") && !list.out.contains(token)
    );
    let json = place.run(&["ministry-person", "list", "--json"]);
    assert!(json.out.contains("\"role\":\"analyst\""), "{json:?}");

    let other = place.run(&["ministry-person", "link", "1"]);
    assert!(other.code == 0 && other.out.starts_with("http://127.0.0.1:4101/sign-in/"), "{other:?}");
    assert_eq!(place.run(&["ministry-person", "end", "1"]).code, 0);
    assert!(place.run(&["ministry-person", "list"]).out.contains("ended 2026-"));
    for wrong in [
        &["ministry-person", "end", "1"][..],
        &["ministry-person", "link", "1"],
        &["ministry-person", "link", "9"],
        &["ministry-person", "add", "--name", " ", "--role", "analyst"],
        &["ministry-person", "add", "--name", "A", "--role", "principal"],
    ] {
        assert_eq!(place.run(wrong).code, 2, "{wrong:?}");
    }
}
