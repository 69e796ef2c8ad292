//! Every Activity Response Type reaches the guide and the reference data.

use crate::repository::{files, read};
use crate::{assert_found, assert_none};

/// The names and slugs in `ResponseType`, read from its source, so that an eleventh is noticed.
pub fn types(source: &str) -> Vec<(String, String)> {
    let arms = |function: &str| -> Vec<String> {
        let body = source.split_once(&format!("pub fn {function}(self)")).map_or("", |parts| parts.1);
        let body = body.split_once("\n    }\n").map_or("", |parts| parts.0);
        let quoted = |line: &str| Some(line.split_once("=> \"")?.1.split_once('"')?.0.to_owned());
        body.lines().filter_map(quoted).collect()
    };
    arms("name").into_iter().zip(arms("slug")).collect()
}

fn problems(types: &[(String, String)], guide: &str, data: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (name, slug) in types {
        if !guide.contains(name.as_str()) {
            found.push(format!("{name:?} is not in docs/guide"));
        }
        if !data.lines().any(|line| line.split(',').next() == Some(slug)) {
            found.push(format!("{slug} is not in reference/response-types.csv"));
        }
    }
    found
}

#[test]
fn every_response_type_is_in_the_guide_and_the_reference_data() {
    let types = types(&read("crates/domain/src/response.rs"));
    assert_eq!(types.len(), 10);
    let guide = files(|path| path.starts_with("docs/guide/") && path.ends_with(".md"));
    let guide: String = guide.iter().map(|file| file.text.as_str()).collect();
    assert_none(&problems(&types, &guide, &read("reference/response-types.csv")));
}

#[test]
fn a_type_that_is_nowhere_is_found() {
    let source = "pub fn name(self) -> &str {\n match self {\n Self::A => \"Sang a song\",\n }\n    }\n\
        pub fn slug(self) -> &str {\n match self {\n Self::A => \"sang_a_song\",\n }\n    }\n";
    let types = types(source);
    assert_eq!(types, [("Sang a song".to_owned(), "sang_a_song".to_owned())]);
    assert_found(&problems(&types, "Sang", "sang,x"), &["Sang a song", "sang_a_song"]);
    assert_none(&problems(&types, "Sang a song", "sang_a_song,x"));
}
