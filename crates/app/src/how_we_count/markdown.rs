//! "How we count" as Markdown, for the docs and for `starboard how-we-count`.

use super::{LEGEND, Section};
use std::fmt::Write as _;

/// Writes the page.
pub(super) fn write(sections: &[Section]) -> String {
    let mut text = "# How we count\n".to_owned();
    for section in sections {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {}\n", section.title);
        for paragraph in &section.paragraphs {
            let _ = write!(text, "\n{paragraph}\n");
        }
        if !section.codes.is_empty() {
            text.push_str("\n| code | name | amounts to |\n|---|---|---|\n");
        }
        for group in &section.codes {
            for (letter, name) in &group.codes {
                let _ = writeln!(text, "| {letter} | {name} | {} |", group.class);
            }
        }
        if section.id == "half-days" {
            let _ = write!(text, "\n{LEGEND}\n");
        }
        for example in &section.examples {
            let _ = write!(text, "\n**{}**\n", example.title);
            for (line, found) in example.pairs() {
                let _ = write!(text, "\n```text\n{line}\n```\n\n{found}\n");
            }
        }
    }
    text
}
