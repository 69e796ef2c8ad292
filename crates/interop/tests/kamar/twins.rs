//! XML twins of every fixture, in each of the ways in which lists and members are usually written.

use crate::fixtures::{ALL, exercise, read, try_read};
use interop::kamar::{Sync, Unreadable};
use serde_json::{Map, Value};
use std::fmt::Write as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// An item of a list is an element with the list's name.
    Repeated,
    /// A list is an element around its items.
    Around,
    /// As above, and scalars are attributes.
    Attributes,
}

const STYLES: [Style; 3] = [Style::Repeated, Style::Around, Style::Attributes];

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&#34;")
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(escaped(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_so) => Some(if *is_so { "1" } else { "0" }.to_owned()),
        _ => None,
    }
}

fn element(out: &mut String, name: &str, value: &Value, style: Style) {
    match value {
        Value::Object(members) => object(out, name, members, style, ""),
        Value::Array(items) if style == Style::Repeated && !items.is_empty() => {
            items.iter().for_each(|item| element(out, name, item, style));
        }
        Value::Array(items) => {
            let of_one = name.strip_suffix('s').filter(|_| name != "days").unwrap_or("item");
            let of_one = if name == "days" { "day" } else { of_one };
            let _ = write!(out, "<{name}>");
            items.iter().for_each(|item| element(out, of_one, item, style));
            let _ = writeln!(out, "</{name}>");
        }
        value => {
            let _ = write!(out, "<{name}>{}</{name}>", scalar(value).unwrap_or_default());
        }
    }
}

fn object(out: &mut String, name: &str, members: &Map<String, Value>, style: Style, more: &str) {
    let is_attribute = |value: &Value| style == Style::Attributes && scalar(value).is_some();
    let _ = write!(out, "<{name}{more}");
    for (name, value) in members.iter().filter(|(_, value)| is_attribute(value)) {
        let _ = write!(out, " {name}=\"{}\"", scalar(value).unwrap_or_default());
    }
    out.push('>');
    for (name, value) in members.iter().filter(|(_, value)| !is_attribute(value)) {
        element(out, name, value, style);
    }
    let _ = write!(out, "</{name}> \n ");
}

fn twin(text: &str, style: Style) -> String {
    let body: Value = serde_json::from_str(text).expect("a fixture is JSON");
    let mut members = body["SMSDirectoryData"].as_object().expect("an envelope").clone();
    let sync = members.remove("sync").expect("a kind");
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a comment -->\n".to_owned();
    object(&mut out, "SMSDirectoryData", &members, style, &format!(" sync={sync}"));
    out
}

#[test]
fn every_fixture_says_the_same_in_each_way_of_writing_xml() {
    for (name, text) in ALL {
        let json = read(text);
        for style in STYLES {
            let xml = twin(text, style);
            let push =
                exercise(xml.as_bytes()).unwrap_or_else(|why| panic!("{name} {style:?}: {why}\n{xml}"));
            assert_eq!(
                (&push.sync, &push.datetime, push.version),
                (&json.sync, &json.datetime, json.version)
            );
            assert_eq!((&push.whose, push.is_full_set), (&json.whose, json.is_full_set), "{name} {style:?}");
            let (kept, expected) = (push.kept.to_json(), json.kept.to_json());
            assert_eq!(
                String::from_utf8_lossy(&kept),
                String::from_utf8_lossy(&expected),
                "{name} {style:?}\n{xml}"
            );
            assert_eq!(push.dropped, json.dropped, "{name} {style:?}");
        }
    }
}

#[test]
fn every_twin_that_is_cut_anywhere_is_refused() {
    for (name, text) in ALL.into_iter().filter(|(name, _)| *name != "studenttimetables") {
        for style in STYLES {
            let xml = twin(text, style);
            let xml = xml.trim_end();
            for cut in (1..xml.len()).step_by(1 + xml.len() / 100) {
                let read = try_read(&xml.as_bytes()[..cut]);
                assert!(read.is_err(), "{name} {style:?} cut at {cut}: {read:?}");
            }
        }
    }
}

#[test]
fn one_record_is_read_in_each_place_in_which_xml_may_put_it() {
    let kept = |inner: &str| {
        let body = format!("<SMSDirectoryData sync='attendance'>{inner}</SMSDirectoryData>");
        read(body).kept.attendance.unwrap_or_default()
    };
    let record = "<id>7</id><values><date>20260504</date><codes>.P</codes></values>";
    let expected = kept(&format!("<attendance><data>{record}</data></attendance>"));
    assert_eq!((expected.len(), expected[0].days.len()), (1, 1));
    for inner in [
        format!("<attendance count='1'><data><record>{record}</record></data></attendance>"),
        format!("<attendance><count>1</count><student>{record}</student></attendance>"),
        format!("<attendance><data count='1'><attendance index='1'>{record}</attendance></data></attendance>"),
        "<attendance><data id='7'><values date='20260504' codes='.P'/></data></attendance>".to_owned(),
        "<attendance><data><id>7</id><values><value date='20260504' codes='.P'/></values></data></attendance>".to_owned(),
        "<attendance><data><id type='int'>7</id><values><date>20260504</date><codes><![CDATA[.P]]></codes></values></data></attendance>".to_owned(),
    ] {
        assert_eq!(kept(&inner), expected, "{inner}");
    }
}

#[test]
fn only_the_five_entities_of_xml_and_characters_by_number_are_read() {
    let body = |name: &str| {
        format!(
            "<SMSDirectoryData sync='full'><students><data><id>1</id><lastname>{name}</lastname></data></students></SMSDirectoryData>"
        )
    };
    let name =
        |text: &str| try_read(body(text)).map(|push| push.kept.students.unwrap_or_default()[0].last.clone());
    assert_eq!(name("O&apos;Kea &amp; M&#257;&#x0101;"), Ok("O'Kea & Māā".to_owned()));
    for bad in ["&lol;", "&nbsp;", "&#0;", "&#xD800;", "&#99999999;", "& "] {
        assert!(matches!(name(bad), Err(Unreadable::Malformed(_))), "{bad}: {:?}", name(bad));
    }
}

#[test]
fn a_body_that_declares_a_document_type_is_refused() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]>\
        <SMSDirectoryData sync='full'><students><data><id>&b;</id></data></students></SMSDirectoryData>";
    let outside = "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><SMSDirectoryData sync='check'/>";
    for body in [bomb, outside] {
        let Err(Unreadable::Malformed(words)) = try_read(body) else { panic!("it was read") };
        assert!(words.contains("document type"), "{words}");
    }
    let plain = "<SMSDirectoryData sync='check'/>";
    assert_eq!(read(plain).sync, Sync::Check);
}

/// One of the twins of a fixture, for bodies that are changed at random.
pub fn any_twin(text: &str) -> String {
    twin(text, STYLES[text.len() % STYLES.len()])
}
