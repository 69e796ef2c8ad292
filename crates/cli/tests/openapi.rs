//! The sender's control address answers what its OpenAPI document says.

mod common;

use common::Place;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Child;

/// A sender that is stopped when the test ends.
struct Sending(Child);

impl Drop for Sending {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks, and answers with the whole text of the answer.
fn ask(address: &str, method: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    let asked = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn the_control_address_answers_the_methods_of_its_document_and_no_other() {
    let school = Place::with_school();
    // Nobody listens there: a send finds no collector, and says so in its answer.
    let sharing = ["share", "--to", "http://127.0.0.1:9", "--control", "127.0.0.1:0", "--now", common::NOW];
    let mut child = school.start(&sharing);
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let _sending = Sending(child);
    let address = line.trim().strip_prefix("http://").expect("an address").to_owned();

    let served = ask(&address, "GET", "/v1/openapi.json");
    let (_, body) = served.split_once("\r\n\r\n").expect("a body");
    let document: Value = serde_json::from_str(body).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let source = include_str!("../src/control.rs");
    for route in source.split(".route(\"").skip(1).filter_map(|rest| rest.split_once('"')) {
        assert!(paths.contains_key(route.0), "{} is not declared", route.0);
    }
    for (path, item) in paths {
        for method in ["get", "put", "post", "delete", "patch"] {
            let answer = ask(&address, &method.to_uppercase(), path);
            let head = answer.to_ascii_lowercase();
            let status = answer.split(' ').nth(1).expect("a status");
            if item[method].is_object() {
                let declared = &item[method]["responses"][status]["content"];
                let kind = head.split("content-type: ").nth(1).and_then(|rest| rest.lines().next());
                assert!(declared[kind.unwrap_or_default()].is_object(), "{method} {path}: {answer}");
            } else {
                let says = status == "405" && head.contains("\r\nallow: ") && head.contains("no-store");
                assert!(says, "{method} {path}: {answer}");
            }
        }
    }
}
