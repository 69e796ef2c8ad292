//! Many schools in one database: names given at the command line, and one server for all.

mod common;

use common::{NOW, Place};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

fn init(place: &Place, number: &str, more: &[&str]) -> common::Answer {
    let base = ["init", "--school-number", number, "--name", "Kura", "--zone", "Pacific/Auckland"];
    place.run(&[&base, more].concat())
}

/// A server that runs until the test ends, with the addresses that it printed.
struct Serving {
    child: Child,
    pages: String,
    operator: String,
}

impl Serving {
    fn start(place: &Place) -> Self {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--now", NOW];
        let mut child = place.start(&arguments);
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut line = || lines.next().expect("a line").expect("text");
        let (pages, operator) = (line(), line());
        let address = |line: &str| line.split("http://").nth(1).expect("an address").to_owned();
        Self { child, pages: address(&pages), operator: address(&operator) }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn get(address: &str, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_school_is_given_a_name_that_no_other_has() {
    let place = Place::empty();
    assert!(init(&place, "189", &[]).out.starts_with("http://127.0.0.1:4100/set-up/"));
    let second = init(&place, "12", &["--host-name", "awa.example"]);
    assert!(second.out.starts_with("http://12.localhost:4100/set-up/"), "{second:?}");
    assert!(second.err.contains("starboard host-name --school 189"), "{second:?}");
    let json = init(&place, "13", &["--host-name", "moana.example", "--json"]);
    let made: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(made["host_name"], "moana.example");

    for wrong in ["awa.example", "Kura.example", "https://kura.example", "189.localhost"] {
        let refused = place.run(&["host-name", "--school", "189", wrong]);
        assert_eq!(refused.code, 3, "{refused:?}");
        assert!(refused.err.contains("--host-name: "), "{refused:?}");
        assert_eq!(init(&place, "14", &["--host-name", wrong]).code, 3);
    }
    assert_eq!(place.run(&["host-name", "--school", "189", "kura.example"]).code, 0);
    assert_eq!(place.run(&["host-name", "--school", "189", "--none"]).code, 0);
    assert_eq!(place.run(&["host-name", "--school", "189"]).code, 2);
    assert_eq!(place.run(&["host-name", "--school", "189", "kura.example", "--none"]).code, 2);
    assert_eq!(place.run(&["host-name", "kura.example"]).code, 3, "which of them?");
    assert_eq!(place.run(&["host-name", "--school", "15", "kura.example"]).code, 3);
}

#[test]
fn one_server_answers_for_all_and_the_operator_sees_them() {
    let place = Place::empty();
    assert_eq!(init(&place, "189", &["--host-name", "kura.example"]).code, 0);
    assert_eq!(init(&place, "12", &["--host-name", "awa.example"]).code, 0);
    let serving = Serving::start(&place);
    for host in ["kura.example", "awa.example", "189.localhost"] {
        assert!(get(&serving.pages, host, "/sign-in").starts_with("HTTP/1.1 200"), "{host}");
    }
    assert!(get(&serving.pages, "other.example", "/sign-in").starts_with("HTTP/1.1 404"));
    assert!(get(&serving.pages, "other.example", "/health").starts_with("HTTP/1.1 200"));
    let document = get(&serving.operator, &serving.operator, "/operator.json");
    assert!(document.contains("\"schools\":2"), "{document}");
    assert!(get(&serving.operator, "kura.example", "/operator.json").starts_with("HTTP/1.1 403"));
}

#[test]
fn a_host_may_begin_with_no_school_and_one_school_may_not() {
    let place = Place::empty();
    let serving = Serving::start(&place);
    assert!(get(&serving.operator, &serving.operator, "/").contains("No school is here yet"));
    drop(serving);
    let alone = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(alone.code, 3);
    assert!(alone.err.contains("starboard init"), "{alone:?}");
}

#[test]
fn what_cannot_be_meant_is_said_before_anything_is_served() {
    let place = Place::empty();
    assert_eq!(init(&place, "189", &[]).code, 0);
    assert_eq!(init(&place, "12", &[]).code, 0);
    let token = place.file("token", "secret");
    let serve = |more: &[&str]| place.run(&[&["serve", "--listen", "127.0.0.1:0"], more].concat());
    for (wrong, said) in [
        (vec!["--operator", "0.0.0.0:0"], "loopback"),
        (vec!["--operator", "192.0.2.1:4109"], "loopback"),
        (vec!["--token-file", &token], "--token-directory"),
        (vec!["--token-directory", &token], "no directory"),
        (vec!["--token-directory", ".", "--token-file", &token], "not both"),
    ] {
        let refused = serve(&wrong);
        assert_eq!(refused.code, 2, "{wrong:?} {refused:?}");
        assert!(refused.err.contains(said), "{wrong:?} {refused:?}");
    }
}
