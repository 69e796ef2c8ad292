//! Every link in every Markdown file resolves: to a file or folder of the repository and, in a
//! Markdown file, to a heading.

use crate::repository::{File, exists, files};
use crate::{assert_found, assert_none};
use std::collections::BTreeMap;

/// The text with fenced blocks and `code` blanked, line for line.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut out = String::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        if !fenced && !fence {
            // Every second part between backticks is code.
            out.extend(line.split('`').step_by(2).map(|part| format!("{part} ")));
        }
        out.push('\n');
    }
    out
}

/// The targets of `[text](target)`, `[name]: target` and `src="target"`, with their lines.
pub fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in prose(text).lines().enumerate() {
        for (mark, end) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            for rest in line.split(mark).skip(1) {
                let target = rest.split(end).next().unwrap_or_default();
                found.push((index + 1, target.split_whitespace().next().unwrap_or_default().to_owned()));
            }
        }
        if let Some((name, target)) = line.split_once("]: ")
            && name.starts_with('[')
        {
            found.push((index + 1, target.trim().to_owned()));
        }
    }
    found
}

/// The anchors of a Markdown file's headings, as hosts of repositories make them.
fn anchors(text: &str) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let title = line.trim_start_matches('#');
        if fenced || title == line || !title.starts_with(' ') {
            continue;
        }
        let kept = title.trim().to_lowercase();
        let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        let anchor: String = kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect();
        let times = seen.entry(anchor.clone()).or_default();
        found.push(if *times == 0 { anchor } else { format!("{anchor}-{times}") });
        *times += 1;
    }
    found
}

/// A target from a file's folder, as a path from the root; nothing when it leaves the root.
pub fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn problems(
    file: &File,
    exists: &dyn Fn(&str) -> bool,
    read: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (line, target) in targets(&file.text) {
        if ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme)) {
            continue;
        }
        let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let path = if path.is_empty() { Some(file.path.clone()) } else { resolve(&file.path, path) };
        let Some(path) = path.filter(|path| exists(path)) else {
            found.push(format!("{}:{line}: {target} leads nowhere", file.path));
            continue;
        };
        let is_heading = |text: String| anchors(&text).iter().any(|known| known == anchor);
        if !anchor.is_empty() && path.ends_with(".md") && !read(&path).is_some_and(is_heading) {
            found.push(format!("{}:{line}: {target} names no heading", file.path));
        }
    }
    found
}

#[test]
fn every_link_leads_somewhere() {
    let pages = files(|path| path.ends_with(".md"));
    let read = |path: &str| pages.iter().find(|page| page.path == path).map(|page| page.text.clone());
    assert_none(&pages.iter().flat_map(|page| problems(page, &exists, &read)).collect::<Vec<_>>());
}

#[test]
fn a_link_to_nowhere_is_found() {
    let text = "# One Two\n[a](b.md) [c](#one-two) `[d](e.md)` [x](https://example.org/)\n\
        ```\n[f](g.md)\n```\n![h](../i.png)\n[j](#k)\n[l]: m.md\n";
    let file = File::new("docs/x.md", text);
    let found = problems(&file, &|path| path == "docs/x.md", &|_| Some(text.to_owned()));
    assert_found(&found, &[":2: b.md", ":6: ../i.png", ":7: #k", ":8: m.md"]);
}

#[test]
fn anchors_keep_macrons_and_count_repeats() {
    assert_eq!(
        anchors("# Te reo Māori!\n## a b\n## A B\n```\n# no\n```\n"),
        ["te-reo-māori", "a-b", "a-b-1"]
    );
    assert_eq!(resolve("docs/a/b.md", "../../x.md").as_deref(), Some("x.md"));
    assert_eq!(resolve("b.md", "../x.md"), None);
}
