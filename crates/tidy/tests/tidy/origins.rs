//! Pages ask nobody but our own server (R11): no template, style sheet or script names another
//! origin. The browser journeys hold the same for what is really requested.

use crate::repository::{File, files};
use crate::{assert_found, assert_none};

/// The one address an SVG file has to name; nothing fetches it.
const SVG_NAMESPACE: &str = "xmlns=\"http://www.w3.org/2000/svg\"";

fn is_page_part(path: &str) -> bool {
    let suffix = [".html", ".css", ".js", ".svg"].iter().any(|suffix| path.ends_with(suffix));
    suffix && (path.contains("/templates/") || path.contains("/assets/"))
}

fn problems(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.numbered() {
        let line =
            if file.path.ends_with(".svg") { line.replace(SVG_NAMESPACE, "") } else { line.to_owned() };
        let named = ["http:", "https:", "\"//", "'//", "(//", "ws://", "wss://"]
            .iter()
            .find(|part| line.contains(*part));
        if let Some(part) = named {
            found.push(format!("{}:{number}: {part} names another origin", file.path));
        }
    }
    found
}

#[test]
fn no_page_style_or_script_names_another_origin() {
    let parts = files(is_page_part);
    assert!(parts.len() > 5);
    assert_none(&parts.iter().flat_map(problems).collect::<Vec<_>>());
}

#[test]
fn another_origin_is_found() {
    let planted =
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n<script src=\"//cdn.example/x.js\"></script>\n";
    assert_found(&problems(&File::new("crates/web/templates/x.html", planted)), &["x.html:1", "x.html:2"]);
    assert_found(&problems(&File::new("crates/pages/assets/x.svg", planted)), &["x.svg:2"]);
}
